"""Of what does the difference of two scores, or of two pays, consist? Parts by cause that add up to it exactly.

An item's points are laid at rules, data, holders, 基数 and targets one after the other, by reckoning it with each input in turn, under the later
month's rules; where an item cannot be reckoned alone (peers, events, other figures), its whole difference bears the causes joined. What items do
not explain is adjustments, the scaling of skipped items, gates and caps.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise
from typing import Any

from kehujingli.actuals import quantity
from kehujingli.actuals.ways import bare
from kehujingli.answers.diff.causes import ITEM_CAUSES, RULES
from kehujingli.rules.shapes.base import Item, Question
from kehujingli.values import EXACT, Quantity, Style, round_half_up

Row = Mapping[str, Any]
ADJUSTMENTS, SCALING, GATES, STANDARD, DUTY, REST = "adjustments", "scaling", "gates", "standard", "duty", "rest"
_ORDER = (RULES, "data", "holders", "baseline", "target")
_WHOLE = (Decimal(1), Decimal(1))
_CENT = Decimal("0.01")


@dataclass(frozen=True)
class Part:
    """``amount``: points, or 元 of a pay; ``item``: its label, empty where it is of no item; ``cause``: keys of ``ITEM_CAUSES``, joined by +."""

    cause: str
    item: str
    amount: Decimal

    @property
    def said(self) -> str:
        causes = "、".join(ITEM_CAUSES[one] for one in self.cause.split("+"))
        sign = "−" if self.amount < 0 else "+"
        return (
            f"{self.item}：{causes} {sign}{abs(self.amount):,.2f}"
            if self.item
            else f"{causes} {sign}{abs(self.amount):,.2f}"
        )


@dataclass(frozen=True)
class Movement:
    """How the parts of one manager's actual moved: sums before, then what is left after the data, the holders and the 基数 changed, one after the other."""

    before: tuple[int, int]
    data: tuple[int, int]
    holders: tuple[int, int]
    baseline: tuple[int, int]


MOVED = """
with o as (select {thing}, sum(numerator)::bigint as n, sum(denominator)::bigint as d, sum(coalesce(baseline, 0))::bigint as b from {before} group by all),
     a as (select {thing}, sum(numerator)::bigint as n, sum(denominator)::bigint as d, sum(coalesce(baseline, 0))::bigint as b from {after} group by all),
     was as (select actual, span, customer, entity, list_sort(list(holder)) as people from o group by all),
     now as (select actual, span, customer, entity, list_sort(list(holder)) as people from a group by all),
     both_sides as (
       select holder, actual, span, coalesce(o.n, 0) as n, coalesce(o.d, 0) as d, coalesce(a.n, 0) - coalesce(o.n, 0) as dn,
              coalesce(a.d, 0) - coalesce(o.d, 0) as dd, coalesce(was.people <> now.people, false) as handed,
              case when o.n is null or a.n is null then 0 else o.b - a.b end as base
       from o full join a using (holder, actual, span, customer, entity)
       left join was using (actual, span, customer, entity) left join now using (actual, span, customer, entity))
select holder, actual, span, sum(n), sum(d), sum(case when handed then 0 else dn - base end), sum(case when handed then 0 else dd end),
       sum(case when handed then dn else 0 end), sum(case when handed then dd else 0 end), sum(case when handed then 0 else base end)
from both_sides group by all
"""
"""Rows for ``movements``; ``before`` and ``after`` are kept contributions. A thing's change is its holders' where other people hold it than before; else
the data's, less what its 基数 moved."""
THING = "holder, actual, span, coalesce(customer_id, '') as customer, coalesce(entity, '') as entity"


def movements(rows: Iterable[Sequence[Any]]) -> dict[tuple[str, str], list[Movement]]:
    """(manager, actual) → how it moved, one a span."""
    found: dict[tuple[str, str], list[Movement]] = {}
    for holder, actual, _, n, d, data, data_d, handed, handed_d, base in rows:
        steps = [(n, d), (data, data_d), (handed, handed_d), (base, 0)]
        sums = [
            (int(sum(top for top, _ in steps[: k + 1])), int(sum(low for _, low in steps[: k + 1]))) for k in range(4)
        ]
        found.setdefault((holder, actual), []).append(Movement(*sums))
    return found


def item_parts(
    before: Row | None, after: Row | None, model: Item | None, moved: Sequence[Movement], changed: bool
) -> list[Part]:
    """The parts of one item of one manager, in points (元 where it is pay). ``changed``: whether its rules are others than before."""
    known = after or before
    assert known is not None
    label = str(known["item"])
    points = [
        Decimal(0) if row is None or row["item_points"] is None else Decimal(row["item_points"])
        for row in (before, after)
    ]
    if points[0] == points[1]:
        return []
    causes = _causes(before, after, changed)
    if len(causes) > 1 or causes[0] == "data":
        steps = _steps(before, after, model, moved)
        if steps is not None:
            reached = [points[0], *steps]
            pairs = zip(_ORDER, pairwise(reached), strict=True)
            return [Part(cause, label, new - old) for cause, (old, new) in pairs if new != old]
    return [Part("+".join(causes), label, points[1] - points[0])]


def _causes(before: Row | None, after: Row | None, changed: bool) -> list[str]:
    if before is None or after is None:
        return [RULES]
    found = [RULES] if changed else []
    found += [cause for key, cause in (("actual", "data"), ("target", "target")) if before[key] != after[key]]
    if before["actual"] == after["actual"] and before["baseline"] != after["baseline"]:
        found.append("baseline")
    return found or [RULES if before["status"] == after["status"] else "data"]


def _steps(
    before: Row | None, after: Row | None, model: Item | None, moved: Sequence[Movement]
) -> list[Decimal] | None:
    """Points after rules, data, holders, 基数 and target changed one after the other; nothing where the item cannot be reckoned so."""
    if model is None or before is None or after is None or before["status"] != "scored" or after["status"] != "scored":
        return None
    if not model.needs_actual or model.needs_peers or model.named():
        return None
    style: Style = after["style"]
    actuals = _quantities(before, after, moved)
    targets = [None if row["target"] is None else Decimal(row["target"]) for row in (before, after)]
    if actuals is None or (model.needs_target and None in targets):
        return None
    asked = [Question(actual, targets[0], _WHOLE, style) for actual in actuals]
    reached = [_points(model, question, after) for question in [*asked, replace(asked[-1], target=targets[1])]]
    return reached if reached[-1] == Decimal(after["item_points"]) else None


def _quantities(before: Row, after: Row, moved: Sequence[Movement]) -> list[Quantity] | None:
    """The actual before, then with the data's, the holders' and the 基数's change."""
    ends = [Quantity(Decimal(row["actual"])) for row in (before, after)]
    name = after["actual_name"]
    typed = after["source"] != before["source"] or after["source"] != "系统"
    whole = [ends[0], ends[1], ends[1], ends[1]]
    if name is None or typed:
        return whole
    for one in moved:
        made = [quantity(bare(name), *sums) for sums in (one.before, one.data, one.holders, one.baseline)]
        known = [step for step in made if step is not None]
        if len(known) == len(made) and _near(known[0], ends[0]) and _near(known[-1], ends[1]):
            return known
    return whole


def _near(one: Quantity, other: Quantity) -> bool:
    return round_half_up(one.value, 10) == round_half_up(other.value, 10)


def _points(model: Item, question: Question, after: Row) -> Decimal:
    digits = -int(Decimal(after["item_points"]).as_tuple().exponent)
    return round_half_up(model.clamp(model.figure(question).points, model.min), digits)


def score_parts(before: Row, after: Row, items: Sequence[Part]) -> list[Part]:
    """All parts of a score's difference. ``before`` and ``after`` are kept scores; ``items``: the parts of its items that count in points."""
    adjustment, whole = (Decimal(after[key] or 0) - Decimal(before[key] or 0) for key in ("adjustment", "score"))
    left = whole - adjustment - sum((part.amount for part in items), Decimal(0))
    rest = [(ADJUSTMENTS, adjustment)]
    if before.get("raw_score") is None or after.get("raw_score") is None:
        rest.append((f"{SCALING}+{GATES}", left))  # results of an earlier version do not tell the two apart
    else:
        gates = whole - (Decimal(after["raw_score"]) - Decimal(before["raw_score"]))
        rest += [(SCALING, left - gates), (GATES, gates)]
    return [*items, *(Part(cause, "", amount) for cause, amount in rest if amount)]


def pay_parts(before: Sequence[Row], after: Sequence[Row], score: Sequence[Part], money: Sequence[Part]) -> list[Part]:
    """All parts of a pay's difference, 元. ``before``, ``after``: the kept pays of all posts; ``score``: the parts of the score; ``money``: of items that are pay."""
    old, new = (sum((Decimal(row["pay"] or 0) for row in rows), Decimal(0)) for rows in (before, after))
    parts: list[Part] = []
    if len(before) == len(after) == 1:
        had, has = before[0], after[0]
        figures = [_by_score(had)]
        for key in ("score", "standard", "duty_share"):
            had = {**had, key: has[key]}
            figures.append(_by_score(had))
        steps = [new - old for old, new in pairwise(figures)]
        parts = [*_spread(score, steps[0]), Part(STANDARD, "", steps[1]), Part(DUTY, "", steps[2])]
    parts += money
    rest = new - old - sum((part.amount for part in parts), Decimal(0))
    return [part for part in [*parts, Part(REST, "", rest)] if part.amount]


def _by_score(pay: Row) -> Decimal:
    """standard × score ÷ 100 × duty days ÷ days, to the 分; nothing where the pay does not rest on a score."""
    if pay["standard"] is None or pay["score"] is None:
        return Decimal(0)
    days, _, all_days = str(pay["duty_share"] or "1/1").partition("/")
    exact = Decimal(pay["standard"]) * Decimal(pay["score"]) * Decimal(days)
    return round_half_up(EXACT.divide(exact, 100 * Decimal(all_days or 1)), 2)


def _spread(parts: Sequence[Part], amount: Decimal) -> list[Part]:
    """``amount`` 元 in proportion to the parts' points, by running sums, so that they add up to it."""
    whole = sum((part.amount for part in parts), Decimal(0))
    if not whole:
        return [Part(REST, "", amount)] if amount else []
    spread, points, given = [], Decimal(0), Decimal(0)
    for part in parts:
        points += part.amount
        reached = round_half_up(EXACT.divide(amount * points, whole), 2)
        spread.append(replace(part, amount=reached - given))
        given = reached
    return spread
