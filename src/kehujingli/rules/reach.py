"""What can no score ever reach? Caps above what items give, gates and grades beyond it, floors above the cap."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from kehujingli.rules.schemes import SchemeRules
from kehujingli.rules.shapes import Bands, Deduct, KOfN, Ladder
from kehujingli.rules.shapes.base import Item
from kehujingli.rules.shapes.best import Best
from kehujingli.rules.shapes.bonus import Bonus
from kehujingli.rules.shapes.peer import Peer
from kehujingli.rules.shapes.penalty import Penalty
from kehujingli.rules.shapes.step_bonus import StepBonus
from kehujingli.rules.shapes.threshold import Threshold
from kehujingli.rules.shapes.violations import Violations
from kehujingli.values import plain

Found = Iterator[tuple[str, tuple[str | int, ...], str]]


def unreachable(scheme: SchemeRules) -> Found:
    """What no score can ever reach: caps, gates and grades above it."""
    for number, item in enumerate(scheme.item):
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
            yield "E13", ("gate", number, "score_at_most"), told
    for number, grade in enumerate(scheme.grade):
        if grade.at_least > top:
            told = f"“{grade.name}”要 {plain(grade.at_least)} 分，{why} {plain(top)} 分，永远评不上。"
            yield "E13", ("grade", number, "at_least"), told


def shadowed(scheme: SchemeRules) -> Found:
    """A grade below one that asks for as much, and for nothing else."""
    for number, (above, grade) in enumerate(pairwise(scheme.grade), 1):
        if grade.at_least == above.at_least and not above.when:
            told = f"“{grade.name}”和“{above.name}”都是 {plain(grade.at_least)} 分，够的都评了“{above.name}”，永远评不到它。"
            yield "E13", ("grade", number, "at_least"), told


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
        case Best():
            return item.points
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


def crossed(scheme: SchemeRules) -> Found:
    """A floor above the cap: the cap holds, and everybody is paid just that."""
    pay = scheme.pay
    if pay is None or pay.cap is None:
        return
    for key, word, amounts in (("floor", "保底", pay.floor), ("first_year_floor", "第一年保底", pay.first_year_floor)):
        most = max(amounts.values(), default=Decimal(0)) if isinstance(amounts, dict) else amounts
        if most is not None and most > pay.cap:
            told = f"{word} {plain(most)} 元高于封顶 {plain(pay.cap)} 元：按封顶发，够得上{word}的人人都是 {plain(pay.cap)} 元。"
            yield "E16", ("pay", key), told
