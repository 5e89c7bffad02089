"""What do the items add up to? Sum, adjustments, gates and cap; then the grade that the score reaches."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from decimal import Decimal
from typing import TYPE_CHECKING

from kehujingli import terms
from kehujingli.rules.shapes import Ladder
from kehujingli.values import divide, plain, round_half_up

if TYPE_CHECKING:
    from kehujingli.rules.schemes import Gate, SchemeRules
    from kehujingli.scoring.items import ItemScoring
    from kehujingli.scoring.model import ManagerScore


def total(manager: ManagerScore, scoring: ItemScoring) -> None:
    """Fill in score, gates and grade. A manager with a withheld item, or without any that counts, gets none."""
    rules = scoring.rules
    events = scoring.read.events.get(manager.manager_id, ())
    of_items = {item.id for item in rules.item if not item.needs_actual}
    manager.adjustment = sum((points for key, points in events if key not in of_items and key != "veto"), Decimal(0))
    manager.withheld = tuple(
        f"{item.item.label}：{item.working}" for item in manager.items if item.status == "withheld"
    )
    if not manager.withheld and _nothing_left(manager, scoring.full):
        manager.withheld = ("各项都不计，没有可计分的指标",)
    if manager.withheld:
        return
    manager.raw_score = _points(manager, scoring) + manager.adjustment
    held, told = _held(manager, manager.raw_score, scoring)
    manager.vetoed = any(gate.is_veto for gate in gates_hit(manager, scoring))
    cap = rules.pay.score_cap if rules.pay else None
    manager.score_limit, manager.limited_by = _lowest(manager, cap, scoring)
    if cap is not None and held > cap:
        told.append(f"封顶 {plain(cap)}")
        held = cap
    manager.score = round_half_up(held, rules.rounding.points)
    manager.gates = tuple(told)
    _grade(manager, scoring)


def _nothing_left(manager: ManagerScore, of_full: AbstractSet[str]) -> bool:
    """Whether all of the full marks, or every item of a scheme without them, is left out."""
    full = [item for item in manager.items if item.item.id in of_full] or manager.items
    return bool(full) and all(item.status == "skipped" for item in full)


def _points(manager: ManagerScore, scoring: ItemScoring) -> Decimal:
    """The sum of the items. Where some are left out the other full marks are scaled up; what comes on top or is taken off stays as it is."""
    rules, standard, others, skipped = scoring.rules, Decimal(0), Decimal(0), Decimal(0)
    for item in manager.items:
        of_full = item.item.id in scoring.full
        if item.status == "skipped" and of_full:
            skipped += item.item.points
        if item.points is None or item.item.id in scoring.of_pay:
            continue
        if of_full:
            standard += item.points
        else:
            others += item.points
    if skipped:
        left = rules.total - skipped
        manager.scaled = (left, rules.total)
        standard = round_half_up(divide(standard * rules.total, left), rules.rounding.points)
    return standard + others


def gates_hit(manager: ManagerScore, scoring: ItemScoring) -> list[Gate]:
    """The gates of the scheme that close for a manager."""
    events = {key for key, _ in scoring.read.events.get(manager.manager_id, ())}
    return [gate for gate in scoring.rules.gate if _hit(gate, manager.manager_id, events, scoring)]


def _hit(gate: Gate, manager: str, events: set[str], scoring: ItemScoring) -> bool:
    if gate.event is not None:
        return gate.event in events or (gate.event in terms.VETO_ITEMS and "veto" in events)
    fact = scoring.fact(manager, gate.actual or "")
    if fact is None:
        return False
    return (gate.above is not None and fact.value > gate.above) or (gate.below is not None and fact.value < gate.below)


def _held(manager: ManagerScore, raw: Decimal, scoring: ItemScoring) -> tuple[Decimal, list[str]]:
    held, told = raw, []
    for gate in gates_hit(manager, scoring):
        if gate.score_at_most is not None and held > gate.score_at_most:
            held = gate.score_at_most
            told.append(gate.reason)
        elif gate.pay_at_most is not None:
            told.append(gate.reason)
    return held, told


def _lowest(manager: ManagerScore, cap: Decimal | None, scoring: ItemScoring) -> tuple[Decimal | None, str]:
    """The lowest limit of the score in force, and what sets it."""
    limits = [
        (gate.score_at_most, gate.reason) for gate in gates_hit(manager, scoring) if gate.score_at_most is not None
    ]
    limits += [(cap, "计发封顶")] if cap is not None else []
    return min(limits, key=lambda pair: pair[0], default=(None, ""))


def _grade(manager: ManagerScore, scoring: ItemScoring) -> None:
    """The grade of a ladder item, or the first of the scheme's grades whose score and conditions are reached; none after a veto."""
    rules = scoring.rules
    if manager.vetoed:
        manager.blocked = "一票否决，本期不评级"
        return
    for item in manager.items:
        if item.figure is not None and item.figure.grade:
            manager.reached = item.figure.grade
        if isinstance(item.item, Ladder):
            manager.blocked = item.next_step
    lacking = ""
    for grade in rules.grade:
        short = _short(manager, grade.at_least, rules)
        for condition in grade.when:
            fact = scoring.fact(manager.manager_id, condition.of)
            if fact is None or not condition.holds(fact.value):
                short.append(condition.said(fact) if fact else f"没有{condition.of}")
        if not short:
            manager.reached, manager.blocked = grade.name, lacking
            return
        lacking = f"{grade.name}差：{'；'.join(short)}"
    if rules.grade:
        manager.blocked = lacking


def _short(manager: ManagerScore, at_least: Decimal, rules: SchemeRules) -> list[str]:
    assert manager.score is not None
    gap = at_least - manager.score
    return (
        [f"得分 {manager.score}（要 ≥{plain(at_least)}，差 {plain(round_half_up(gap, rules.rounding.points))}）"]
        if gap > 0
        else []
    )
