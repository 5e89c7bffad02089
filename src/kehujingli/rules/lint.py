"""Would a supervisor object to this scheme? Checks of a rules file against regulation and against itself, each with its source and place.

``lint`` takes models, no file: the place is the path of the key, which the edge turns into a line. Levels may be changed in ``[lint]``.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from kehujingli import terms
from kehujingli.rules.costs import enough
from kehujingli.rules.models import Rules
from kehujingli.rules.schemes import Deferral, PayRules, SchemeRules
from kehujingli.rules.shapes import Bands, Deduct, KOfN, Ladder
from kehujingli.rules.shapes.base import Item
from kehujingli.rules.shapes.bonus import Bonus
from kehujingli.rules.shapes.peer import Peer
from kehujingli.rules.shapes.penalty import Penalty
from kehujingli.rules.shapes.step_bonus import StepBonus
from kehujingli.rules.shapes.threshold import Threshold
from kehujingli.rules.shapes.violations import Violations
from kehujingli.rules.turned import turned
from kehujingli.values import plain

Path = tuple[str | int, ...]
GUIDE = "《银行业金融机构绩效考评监管指引》（2012）"
PAY_GUIDE = "《商业银行稳健薪酬监管指引》（2010）"
DEVIATION = "存款偏离度管理的通知（2018）"
CLAWBACK = "绩效薪酬追索扣回机制指导意见（2021）"
HOUSE = "办法自身"
_POINT = re.compile(r"时点|期末|(?:月|季|年)(?:末|底)|\d{1,2}\s*月\s*\d{1,2}\s*日")
_AVERAGE = re.compile(r"日均|平均")
_SHARE = re.compile(r"占有率|市场份额|排名|名次|位次")


@dataclass(frozen=True)
class Check:
    """One rule of the lint: code, its usual level, where it comes from."""

    code: str
    level: str
    source: str


CHECKS = {
    check.code: check
    for check in (
        Check("E1", "error", f"{GUIDE}、{DEVIATION}"),
        Check("E2", "warning", GUIDE),
        Check("E3", "error", GUIDE),
        Check("E4", "warning", PAY_GUIDE),
        Check("E5", "warning", PAY_GUIDE),
        Check("E6", "warning", PAY_GUIDE),
        Check("E7", "warning", PAY_GUIDE),
        Check("E8", "error", HOUSE),
        Check("E9", "error", HOUSE),
        Check("E10", "warning", GUIDE),
        Check("E11", "warning", GUIDE),
        Check("E12", "warning", CLAWBACK),
        Check("E13", "warning", HOUSE),
        Check("E14", "warning", HOUSE),
        Check("E15", "error", HOUSE),
        Check("E16", "error", HOUSE),
        Check("E17", "warning", HOUSE),
        Check("E18", "warning", HOUSE),
        Check("E19", "warning", GUIDE),
    )
}
OF_PROBLEMS = {"rules.points-total": "E8", "rules.band-gap": "E9", "rules.band-overlap": "E9"}
"""What reading the file already refuses, by the code of the check."""


@dataclass(frozen=True)
class Remark:
    """What a check found: at which key, and in words."""

    code: str
    level: str
    path: Path
    message: str

    @property
    def source(self) -> str:
        return CHECKS[self.code].source


Found = Iterator[tuple[str, Path, str]]


def lint(rules: Rules) -> list[Remark]:
    """Every remark in the order of the file's schemes and of the checks; those switched off are left out."""
    found = [*_document(rules), *_left_out(rules)]
    if rules.incentive is not None:
        for number, scheme in enumerate(rules.incentive.schemes):
            base: Path = ("incentive", "scheme", number) if rules.incentive.scheme else ("incentive",)
            for check in _SCHEME_CHECKS:
                found += [(code, (*base, *path), message) for code, path, message in check(scheme)]
    levels = {code: check.level for code, check in CHECKS.items()} | rules.lint
    return [Remark(code, levels[code], path, message) for code, path, message in found if levels[code] != "off"]


def _document(rules: Rules) -> Found:
    if not rules.institution.document.strip():
        yield "E10", ("institution",), "没有文号：办法须经批准并有文号，分支机构不得自行制定。"


def _left_out(rules: Rules) -> Found:
    if rules.assign is not None and rules.assign.cost.unassigned < (needed := enough(rules.assign)):
        told = f'未配一折算户只算 {plain(rules.assign.cost.unassigned)}，比换户、岗位不符等便宜：有客户经理管得下的户也会不配。提到 {needed} 才都配上；确要如此的，在 [lint] 写 E17 = "off"。'
        yield "E17", ("assign", "cost", "unassigned"), told


def _named(scheme: SchemeRules) -> Iterator[tuple[int, Item]]:
    yield from enumerate(scheme.item)


def _computed(scheme: SchemeRules) -> Found:
    """An actual that the program is said to reckon, and does not: every month would wait for it in vain."""
    named = [(("item", number), item.label, item.actual) for number, item in _named(scheme)]
    named += [(("metric", number), metric.label, metric.actual) for number, metric in enumerate(scheme.metric)]
    for path, label, actual in named:
        if actual is not None and actual not in terms.ITEM_ACTUALS:
            near = difflib.get_close_matches(actual, terms.ITEM_ACTUALS, 1)
            meant = f"，是不是 {near[0]}？" if near else "。"
            yield "E15", (*path, "actual"), f"“{label}”的实绩 {actual} 程序不会算{meant}人工填报的不写 actual。"


def _point_in_time(scheme: SchemeRules) -> Found:
    for number, item in _named(scheme):
        if _POINT.search(item.label) and not _AVERAGE.search(item.label):
            yield "E1", ("item", number, "label"), f"“{item.label}”是时点指标，不得考核；请改用日均。"


def _heaviest(scheme: SchemeRules) -> Found:
    if not scheme.counts_points:
        return
    weights: dict[str, Decimal] = {}
    for item in scheme.item:
        if item.is_counted == "points":
            key = "合规与风险" if item.category in ("compliance", "risk") else item.category
            weights[key] = weights.get(key, Decimal(0)) + item.points
    own = weights.pop("合规与风险", Decimal(0))
    if own <= max(weights.values(), default=Decimal(0)):
        told = f"合规、风险合计 {plain(own)} 分，不高于其他类（最高 {plain(max(weights.values()))} 分），应明显高于其他类。"
        yield "E2", ("item",), told


def _share_without_target(scheme: SchemeRules) -> Found:
    for number, item in _named(scheme):
        if _SHARE.search(item.label) and not item.needs_target:
            yield "E3", ("item", number, "label"), f"“{item.label}”只看份额或排名，没有具体目标值。"


def _guaranteed(scheme: SchemeRules) -> Found:
    if scheme.pay and scheme.pay.floor is not None:
        yield "E4", ("pay", "floor"), "人人保底：保底只可给新聘人员的第一年，请改用 first_year_floor。"


def _deferred(scheme: SchemeRules) -> Found:
    pay = scheme.pay
    if pay is None:
        return
    if pay.deferral is None:
        yield "E5", ("pay",), "没有延期支付：对风险有重要影响的岗位，应延期 40% 以上、不少于 3 年。"
        return
    if pay.deferral.rate < Decimal("0.4") or pay.deferral.years < 3:
        told = f"延期 {plain(pay.deferral.rate * 100)}%、{pay.deferral.years} 年，应在 40% 以上、不少于 3 年。"
        yield "E5", ("pay", "deferral"), told
    yield from _front_loaded(pay.deferral)
    if pay.deferral.rate + pay.advance > 1 and pay.deferral.settle == "year":
        total = plain((pay.deferral.rate + pay.advance) * 100)
        yield "E14", ("pay", "advance"), f"预发与延期合计 {total}%，超过应发，年终要倒扣。"


def _front_loaded(deferral: Deferral) -> Found:
    parts = deferral.parts
    if parts is None or len(set(parts)) == 1:
        return
    told = "、".join(plain(part) for part in parts)
    heavy = "前重后轻" if list(parts) == sorted(parts, reverse=True) else "不是等分"
    yield "E6", ("pay", "deferral"), f"延期分期 {told}，{heavy}：应等分，不得前重后轻。"


def _base_pay(scheme: SchemeRules) -> Found:
    pay = scheme.pay
    if pay is None or pay.base is None or pay.standard is None:
        return
    for grade in _grades(pay):
        base, standard = _of(pay.base, grade), _of(pay.standard, grade)
        if base and standard and base / (base + standard) > Decimal("0.35"):
            share = plain(round(base / (base + standard) * 100, 2))
            yield "E7", ("pay", "base"), f"{grade or '人人'}底薪占 {share}%，超过 35%。"


def _grades(pay: PayRules) -> list[str]:
    both = [list(amounts) for amounts in (pay.base, pay.standard) if isinstance(amounts, dict)]
    return list(dict.fromkeys(grade for grades in both for grade in grades)) or [""]


def _of(amounts: Decimal | dict[str, Decimal], grade: str) -> Decimal | None:
    return amounts.get(grade) if isinstance(amounts, dict) else amounts


def _outside(scheme: SchemeRules) -> Found:
    if not scheme.counts_points:
        return
    for number, item in _named(scheme):
        if item.is_counted == "pay" and scheme.pay is not None and scheme.pay.modes == ("score",):
            yield "E11", ("item", number), f"“{item.label}”算出了钱，但 mode 只按得分，这一项不会发。"
        elif item.is_counted == "pay":
            yield "E11", ("item", number), f"“{item.label}”是得分以外的单项奖励，不得在考评体系外设单项、临时性指标。"


def _disputes(scheme: SchemeRules) -> Found:
    if scheme.pay is not None and not scheme.pay.disputes.strip():
        yield "E12", ("pay",), "没有争议处理：请在 disputes 写明向谁、几日内提出、几日内答复。"


def _unreachable(scheme: SchemeRules) -> Found:
    """What no score can ever reach: caps, gates and grades above it."""
    for number, item in _named(scheme):
        most = _shape_top(item)
        if most is not None and item.max is not None and item.max > most:
            yield "E13", ("item", number, "max"), f"“{item.label}”最多得 {plain(most)}，到不了封顶 {plain(item.max)}。"
    if not scheme.counts_points:
        return
    top, why = _reach(scheme)
    cap = scheme.pay.score_cap if scheme.pay else None
    if top is not None and cap is not None and cap > top:
        yield "E13", ("pay", "score_cap"), f"{why} {plain(top)} 分，永远到不了封顶 {plain(cap)} 分。"
    if cap is not None and (top is None or cap < top):
        top, why = cap, "计发得分封顶"
    if top is None:
        return
    for number, gate in enumerate(scheme.gate):
        if gate.score_at_most is not None and gate.score_at_most >= top:
            told = f"“{gate.reason}”封在 {plain(gate.score_at_most)} 分，{why} {plain(top)} 分，永远不起作用。"
            yield "E13", ("gate", number), told
    for number, grade in enumerate(scheme.grade):
        if grade.at_least > top:
            told = f"“{grade.name}”要 {plain(grade.at_least)} 分，{why} {plain(top)} 分，永远评不上。"
            yield "E13", ("grade", number), told


def _shadowed(scheme: SchemeRules) -> Found:
    """A grade below one that asks for as much, and for nothing else."""
    for number, (above, grade) in enumerate(pairwise(scheme.grade), 1):
        if grade.at_least == above.at_least and not above.when:
            told = f"“{grade.name}”和“{above.name}”都是 {plain(grade.at_least)} 分，够的都评了“{above.name}”，永远评不到它。"
            yield "E13", ("grade", number), told


def _reach(scheme: SchemeRules) -> tuple[Decimal | None, str]:
    """The most that the items can add up to, where that is known, and in words what it is."""
    tops = [_top(item, scheme) for item in scheme.item if item.is_counted != "pay"]
    known = [top for top in tops if top is not None]
    return (sum(known, Decimal(0)) if len(known) == len(tops) else None), "各项最高合计才"


def _top(item: Item, scheme: SchemeRules) -> Decimal | None:
    """The most points that an item can bring, where that is known."""
    most = _shape_top(item)
    if item.max is not None:
        most = item.max if most is None else min(most, item.max)
    if most is None:
        return None
    least = [minimum.points for minimum in item.minimum] + [item.min or most]
    if item.empty_ratio == "full" or (item.missing_target or scheme.missing_target) in ("full", "max"):
        least.append(item.points)
    return max(most, *least)


def _shape_top(item: Item) -> Decimal | None:
    """The most that a shape itself can give; nothing where that grows with the actual, or with what people enter."""
    match item:
        case Bands() | Violations():
            return max(points for _, _, points in item.bands)
        case Deduct():
            return item.points
        case StepBonus():
            return item.points + (item.points if item.bonus_max is None else item.bonus_max)
        case Threshold() if not item.bonus or item.bonus_max is not None:
            more = item.bonus_max if item.bonus and item.bonus_max is not None else Decimal(0)
            return max(item.points + more, item.missed)
        case Peer():
            return item.points + item.most
        case Ladder():
            return max(item.otherwise, *(rung.points for rung in item.rungs))
        case KOfN():
            return max(Decimal(0), *(level.points for level in item.levels))
        case Bonus():
            return item.most
        case Penalty():
            return Decimal(0)
        case _:
            return None


def _crossed(scheme: SchemeRules) -> Found:
    """A floor above the cap: the cap holds, and everybody is paid just that."""
    pay = scheme.pay
    if pay is None or pay.cap is None:
        return
    for key, word, amounts in (("floor", "保底", pay.floor), ("first_year_floor", "第一年保底", pay.first_year_floor)):
        most = max(amounts.values(), default=Decimal(0)) if isinstance(amounts, dict) else amounts
        if most is not None and most > pay.cap:
            told = f"{word} {plain(most)} 元高于封顶 {plain(pay.cap)} 元：按封顶发，够得上{word}的人人都是 {plain(pay.cap)} 元。"
            yield "E16", ("pay", key), told


_SCHEME_CHECKS: tuple[Callable[[SchemeRules], Found], ...] = (
    _computed,
    _point_in_time,
    _heaviest,
    _share_without_target,
    _guaranteed,
    _deferred,
    _base_pay,
    _outside,
    _disputes,
    _unreachable,
    _shadowed,
    _crossed,
    turned,
)
