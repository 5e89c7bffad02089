"""Would a supervisor object to this scheme? Checks of a rules file against regulation and against itself, each with its source and place.

``lint`` takes models, no file: the place is the path of the key, which the edge turns into a line. Levels may be changed in ``[lint]``.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from kehujingli import terms
from kehujingli.rules.code_words import code_word
from kehujingli.rules.costs import enough
from kehujingli.rules.left_out import left_out
from kehujingli.rules.models import Rules
from kehujingli.rules.reach import crossed, shadowed, unreachable
from kehujingli.rules.schemes import Deferral, PayRules, SchemeRules
from kehujingli.rules.shapes import Pool
from kehujingli.rules.shapes.base import Item
from kehujingli.rules.shapes.best import Best
from kehujingli.rules.shapes.peer import Peer
from kehujingli.rules.tended import tended
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
_CAREFUL = "合规、风险"
_CAREFUL_KINDS = frozenset({"compliance", "risk"})
_SHARE = re.compile(r"占有率|市占|份额|排名|名次|位次")


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
        Check("E20", "warning", HOUSE),
        Check("E21", "warning", HOUSE),
        Check("E22", "error", HOUSE),
        Check("E23", "warning", HOUSE),
        Check("E24", "warning", HOUSE),
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
    found = [
        *_document(rules),
        *_cheap(rules),
        *_unrotated(rules),
        *_weights(rules),
        *tended(rules),
        *left_out(rules.incentive),
    ]
    if rules.incentive is not None:
        for number, scheme in enumerate(rules.incentive.schemes):
            base: Path = ("incentive", "scheme", number) if rules.incentive.scheme else ("incentive",)
            for check in _SCHEME_CHECKS:
                found += [(code, (*base, *path), message) for code, path, message in check(scheme)]
    levels = {code: check.level for code, check in CHECKS.items()} | rules.lint
    return [Remark(code, levels[code], path, message) for code, path, message in found if levels[code] != "off"]


def worse(before: Rules, after: Rules) -> list[Remark]:
    """What the lint finds in ``after`` and did not in ``before``."""
    known = {(remark.code, remark.path) for remark in lint(before)}
    return [remark for remark in lint(after) if (remark.code, remark.path) not in known]


def _document(rules: Rules) -> Found:
    if not rules.institution.document.strip():
        yield "E10", ("institution", "document"), "没有文号：办法须经批准并有文号，分支机构不得自行制定。"


def _unrotated(rules: Rules) -> Found:
    if rules.assign is not None and rules.assign.rotate_most is not None and not rules.assign.rotate_years:
        yield "E24", ("assign", "rotate_most"), "写了 rotate_most，没有写 rotate_years：不轮岗，限额不起作用。"


def _cheap(rules: Rules) -> Found:
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
        yield from _heaviest_in_pay(scheme)
        return
    weights = _weighed((item, item.points) for item in scheme.item if item.is_counted == "points")
    own, most = weights.pop(_CAREFUL, Decimal(0)), max(weights.values(), default=Decimal(0))
    if own <= most:
        told = f"{_CAREFUL}合计 {plain(own)} 分，不高于其他类（最高 {plain(most)} 分），应明显高于其他类。"
        first = max(scheme.item, key=lambda item: item.points if item.category not in _CAREFUL_KINDS else Decimal(-1))
        yield "E2", ("item", scheme.item.index(first), "points"), told


def _heaviest_in_pay(scheme: SchemeRules) -> Found:
    """Of a scheme that pays by prices nobody knows the weights; but one in which nothing holds back, or whose pools say it, is known."""
    pools = [item for item in scheme.item if isinstance(item, Pool)]
    if pools and len(pools) == len(scheme.item):
        weights = _weighed((item, item.weight) for item in pools)
        own, most = weights.pop(_CAREFUL, Decimal(0)), max(weights.values(), default=Decimal(0))
        if own <= most:
            first = max(pools, key=lambda item: item.weight if item.category not in _CAREFUL_KINDS else Decimal(-1))
            told = f"{_CAREFUL}合计占总额 {plain(own)}%，不高于其他类（最高 {plain(most)}%），应明显高于其他类。"
            yield "E2", ("item", scheme.item.index(first), "weight"), told
    elif scheme.item and not scheme.gate and all(item.category not in _CAREFUL_KINDS for item in scheme.item):
        told = f"全部按业务量计酬，{_CAREFUL}一项也没有，也没有封顶、否决：应有，且明显高于其他类。"
        yield "E2", ("item", 0, "category"), told


def _weighed(parts: Iterable[tuple[Item, Decimal]]) -> dict[str, Decimal]:
    """Weights by category, compliance and risk together."""
    weights: dict[str, Decimal] = {}
    for item, weight in parts:
        key = _CAREFUL if item.category in _CAREFUL_KINDS else item.category
        weights[key] = weights.get(key, Decimal(0)) + weight
    return weights


def _weights(rules: Rules) -> Found:
    """E20 of the document: a yuan that counts for more than one, which a 30 for 30 % would be."""
    for kind, weight in rules.segment.deposit_weights.items() if rules.segment is not None else ():
        if weight > 1:
            name = terms.DEPOSIT_KINDS.get(kind, kind)
            told = f"“{name}”的折算系数是 {plain(weight)}，一元算成一元以上；百分数写小数（30% 写 0.3）。"
            yield "E20", ("segment", "deposit_weights", name), told


def _over_one(scheme: SchemeRules) -> Found:
    """E20 of a scheme: shares of one whole that are more than it."""
    pools: dict[tuple[str, str], Decimal] = {}
    for number, item in _named(scheme):
        share = getattr(item, "share", Decimal(1))
        if share > 1:
            yield "E20", ("item", number, "share"), f"“{item.label}”计价后再乘 {plain(share)}，发得比单价还多。"
        if isinstance(item, Pool):
            key = (str(item.pool), item.peers)
            before = pools.get(key, Decimal(0))
            pools[key] = before + item.weight
            if before <= 100 < pools[key]:
                told = f"到“{item.label}”，同一总额的权重合计 {plain(pools[key])}%，分出去的比总额多。"
                yield "E20", ("item", number, "weight"), told


def _share_without_target(scheme: SchemeRules) -> Found:
    for number, item in _named(scheme):
        if _SHARE.search(item.label) and not item.needs_target:
            yield "E3", ("item", number, "label"), f"“{item.label}”只看份额或排名，没有具体目标值。"
        elif isinstance(item, (Best, Peer)):
            told = f"“{item.label}”只和{code_word('peers', item.peers)}比，没有具体目标值，等于排名。"
            yield "E3", ("item", number, "shape"), told


def _guaranteed(scheme: SchemeRules) -> Found:
    if scheme.pay and scheme.pay.floor is not None:
        yield "E4", ("pay", "floor"), "人人保底：保底只可给新聘人员的第一年，请改用 first_year_floor。"


def _deferred(scheme: SchemeRules) -> Found:
    pay = scheme.pay
    if pay is None:
        return
    if pay.deferral is None:
        yield "E5", ("pay", "deferral"), "没有延期支付：对风险有重要影响的岗位，应延期 40% 以上、不少于 3 年。"
        return
    if pay.deferral.rate < Decimal("0.4") or pay.deferral.years < 3:
        told = f"延期 {plain(pay.deferral.rate * 100)}%、{pay.deferral.years} 年，应在 40% 以上、不少于 3 年。"
        yield "E5", ("pay", "deferral", "rate" if pay.deferral.rate < Decimal("0.4") else "years"), told
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
    yield "E6", ("pay", "deferral", "parts"), f"延期分期 {told}，{heavy}：应等分，不得前重后轻。"


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
            yield "E11", ("item", number, "counts"), f"“{item.label}”算出了钱，但 mode 只按得分，这一项不会发。"
        elif item.is_counted == "pay":
            yield (
                "E11",
                ("item", number, "counts"),
                f"“{item.label}”是得分以外的单项奖励，不得在考评体系外设单项、临时性指标。",
            )


def _disputes(scheme: SchemeRules) -> Found:
    if scheme.pay is not None and not scheme.pay.disputes.strip():
        yield "E12", ("pay", "disputes"), "没有争议处理：请在 disputes 写明向谁、几日内提出、几日内答复。"


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
    unreachable,
    shadowed,
    crossed,
    _over_one,
    turned,
)
