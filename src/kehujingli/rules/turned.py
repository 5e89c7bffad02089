"""Does a scheme reward what it means to? Directions that are turned round, steps and limits that do nothing, curves that do not end."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from kehujingli import terms
from kehujingli.rules.schemes import SchemeRules
from kehujingli.rules.shapes import Bands, Completion, Deduct, Ladder, Lots
from kehujingli.rules.shapes.base import Item
from kehujingli.rules.shapes.best import Best
from kehujingli.rules.shapes.bonus import Bonus
from kehujingli.rules.shapes.carry import Carry
from kehujingli.rules.shapes.flat_tiers import FlatTiers
from kehujingli.rules.shapes.linear import Linear
from kehujingli.rules.shapes.peer import Peer
from kehujingli.rules.shapes.step_bonus import StepBonus
from kehujingli.rules.shapes.threshold import Threshold
from kehujingli.rules.shapes.unit_price import UnitPrice
from kehujingli.values import plain, say

Found = Iterator[tuple[str, tuple[str | int, ...], str]]
GROWING = frozenset(
    {
        "average_deposit_growth",
        "average_loan_growth",
        "loan_customers_growth",
        "due_collection_ratio",
        "interest_collection_ratio",
        "demand_share",
        "fee_income",
        "customers_woken",
        "visits_done_ratio",
    }
)
"""The program's actuals of which more is better; of the others less is."""
_RISKS = frozenset(
    {"npl_ratio", "new_npl_since_tenure", "due_collection_ratio", "interest_collection_ratio", "new_overdue"}
)


def turned(scheme: SchemeRules) -> Found:
    """E18, E19 and E13: item by item, then gates, the curve and deferral."""
    for number, item in enumerate(scheme.item):
        for code, key, told in (*_direction(item), *_inside(item), *_category(item), *_idle(item)):
            yield code, ("item", number, key), f"“{item.label}”{told}"
    known = {metric.id: metric.actual for metric in scheme.metric} | {item.id: item.actual for item in scheme.item}
    for number, gate in enumerate(scheme.gate):
        actual = known.get(gate.actual or "", gate.actual)
        more = _more_is_better(actual)
        key = "above" if gate.above is not None else "below"
        if more is not None and gate.event is None and more == (key == "above"):
            name = terms.ITEM_ACTUALS[actual or ""]
            side = "高" if more else "低"
            yield (
                "E18",
                ("gate", number, key),
                f"“{gate.reason}”在{name}{side}的时候封顶，方向反了：{name}越{side}越好。",
            )
        if gate.score_at_most is not None and gate.score_at_most < 0:
            told = f"“{gate.reason}”封在 {plain(gate.score_at_most)} 分，低于零：封顶成了倒扣，要否决写 0。"
            yield "E18", ("gate", number, "score_at_most"), told
    if scheme.curve is not None and scheme.curve[-1] != 1:
        yield "E18", ("curve",), f"进度曲线到 12 月是 {plain(scheme.curve[-1])}，不到 1：全年任务折不足。"
    yield from _nobody_deferred(scheme)


def _more_is_better(actual: str | None) -> bool | None:
    return None if actual not in terms.ITEM_ACTUALS else actual in GROWING


def _direction(item: Item) -> Iterator[tuple[str, str, str]]:
    more = _more_is_better(item.actual)
    if more is None:
        return
    name = terms.ITEM_ACTUALS[item.actual or ""]
    said = "越多" if more else "越少"
    if isinstance(item, Deduct) and more == (item.when == "above"):
        yield "E18", "when", f"{name}{said}越好，这里却{said}扣得越多。"
    if more is False and isinstance(item, Completion | Threshold | StepBonus | Best | Peer | Carry | Bonus):
        yield "E18", "shape", f"{name}{said}越好，这个形状却越多得分越高。"
    rise = _rise(item)
    if rise is not None and rise[1] != 0 and more == (rise[1] < 0):
        yield "E18", rise[0], f"{name}{said}越好，这里却{said}得得越少。"
    if isinstance(item, Bands):
        steps = [after[2] - before[2] for before, after in pairwise(item.bands)]
        if any(step < 0 if more else step > 0 for step in steps):
            yield "E18", "bands", f"{name}{said}越好，这里有一档{said}反而得分少。"


def _rise(item: Item) -> tuple[str, Decimal] | None:
    """The key that says whether more brings more, and its number."""
    match item:
        case Linear():
            return "slope", item.slope
        case UnitPrice():
            return "price", item.price
        case Lots():
            return "per_lot", item.per_lot
        case _:
            return None


def _inside(item: Item) -> Iterator[tuple[str, str, str]]:
    """What earns less the further it goes, whatever the actual."""
    match item:
        case FlatTiers():
            for (_, high, price), (_, _, after) in pairwise(item.tiers):
                if price > max(after, Decimal(0)):
                    edge = f"任务的 {say(high, 'ratio')}" if item.by_target else plain(high)
                    told = f"过了 {edge} 单价从 {plain(price)} 降到 {plain(after)}，全额累进：多做反而少得；要平缓的用 marginal_tiers。"
                    yield "E18", "tiers", told
        case UnitPrice() if item.price > 0 and item.negative_price < 0:
            yield "E18", "negative_price", "实绩为负时单价也是负的，越降得越多；负增长要扣的写正数。"
        case Threshold() if item.missed > item.points:
            yield "E18", "missed", f"不达标得 {plain(item.missed)}，比达标的 {plain(item.points)} 还多。"
        case Ladder():
            for above, rung in pairwise(item.rungs):
                if rung.points > above.points:
                    told = f"“{rung.grade}”得 {plain(rung.points)}，比更高的“{above.grade}”还多。"
                    yield "E18", "rungs", told


def _category(item: Item) -> Iterator[tuple[str, str, str]]:
    if item.actual in _RISKS and item.category not in ("risk", "compliance"):
        name = terms.ITEM_ACTUALS[item.actual or ""]
        yield "E19", "category", f"的实绩是{name}，属风险，却列在{terms.CATEGORIES[item.category]}类。"


def _idle(item: Item) -> Iterator[tuple[str, str, str]]:
    for key in ("per_step", "per_lot", "each", "slope", "price"):
        if getattr(item, key, None) == 0 and not getattr(item, "negative_price", 0):
            yield "E13", key, f"每一{'档' if key == 'per_step' else '份'}是 0，永远不起作用。"
    if any(charge.each == 0 for charge in getattr(item, "charges", ())):
        yield "E13", "charges", "有一种扣法每次扣 0，永远不起作用。"
    if item.max is not None and item.max < 0:
        yield "E18", "max", f"最高 {plain(item.max)} 分，低于零：做得再好也倒扣。"


def _nobody_deferred(scheme: SchemeRules) -> Found:
    pay = scheme.pay
    if pay is None or pay.deferral is None or not pay.deferral.grades:
        return
    amounts = [one for one in (pay.standard, pay.base) if isinstance(one, dict)]
    known = {grade for one in amounts for grade in one} | set(pay.grade_factor)
    for grade in pay.deferral.grades if known else ():
        if grade not in known:
            told = f"延期写了“{grade}”，绩效标准里没有这个等级（有 {'、'.join(sorted(known))}）：这一条延不到任何人。"
            yield "E13", ("pay", "deferral", "grades"), told
