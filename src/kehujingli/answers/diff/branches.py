"""Of what does the difference of a branch consist? Of its mean score and its pay by cause and person, of its deposits and loans by customer; parts add up to it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from kehujingli.answers.diff.split import Part
from kehujingli.values import EXACT, in_yuan, round_half_up
from kehujingli.workspace.results import Row

PEOPLE, CAME, LEFT, MOVED, FIGURES = "people", "came", "left", "moved", "figures"
MONEY = ("average_deposit", "loan_balance")
"""Sums of customers that are taken apart."""


def of_people(rows: Sequence[Row], before: Decimal | None, after: Decimal | None) -> Row:
    """``rows``: a branch's managers; ``before``, ``after``: its mean scores. Who is scored or paid on one side only is 人员进出."""
    scored = [row for row in rows if row["score_after"] is not None]
    told: Row = {"parts": [], **{f"pay_{word}": _sum(rows, f"pay_{word}") for word in ("before", "after")}}
    if before is not None and after is not None:
        both = [row for row in scored if row["score_before"] is not None]
        exact = {
            cause: EXACT.divide(points, Decimal(len(scored)))
            for cause, points in _by_cause(part for row in both for part in row["parts"]).items()
        }
        same = len(both) == len(scored) == sum(row["score_before"] is not None for row in rows)
        told["parts"] = _fitted(exact, after - before, rest=not same)
    money = _by_cause(part for row in rows for part in row["pay_parts"])
    whole = told["pay_after"] - told["pay_before"]
    rest = whole - sum(money.values(), Decimal(0))
    told["pay_parts"] = [Part(cause, "", amount) for cause, amount in [*money.items(), (PEOPLE, rest)] if amount]
    return told


def _sum(rows: Iterable[Row], key: str) -> Decimal:
    return sum((row[key] or Decimal(0) for row in rows), Decimal(0))


def _by_cause(parts: Iterable[Part]) -> dict[str, Decimal]:
    """Cause → what its parts come to, in the order in which they are met; those that cancel out are left out."""
    found: dict[str, Decimal] = {}
    for part in parts:
        found[part.cause] = found.get(part.cause, Decimal(0)) + part.amount
    return {cause: amount for cause, amount in found.items() if amount}


def _fitted(exact: dict[str, Decimal], whole: Decimal, *, rest: bool) -> list[Part]:
    """Parts to two digits that add up to ``whole``: what is left is people's who came or left, or the largest part's where nobody did."""
    rounded = {cause: round_half_up(amount, 2) for cause, amount in exact.items()}
    left = whole - sum(rounded.values(), Decimal(0))
    if left:
        bearer = PEOPLE if rest or not rounded else max(rounded, key=lambda cause: abs(rounded[cause]))
        rounded[bearer] = rounded.get(bearer, Decimal(0)) + left
    return [Part(cause, "", amount) for cause, amount in rounded.items() if amount]


def customers_sql(before: str, after: str) -> str:
    """One row a branch and cause, with what ``MONEY`` became more by, 分: customers who came, left, or stand at another branch; the others' own figures."""
    sums = {
        word: ", ".join(f"sum({sign}coalesce({side}.{name}, 0))::bigint as {name}" for name in MONEY)
        for word, sign, side in (("in", "", "a"), ("out", "-", "b"))
    }
    stayed = ", ".join(f"sum(coalesce(a.{name}, 0) - coalesce(b.{name}, 0))::bigint as {name}" for name in MONEY)
    own, other = "a.branch_id is not distinct from b.branch_id", "a.branch_id is distinct from b.branch_id"
    both = f"{before} b join {after} a using (customer_id)"
    return f"""
        select coalesce(a.branch_id, '') as branch, '{CAME}' as cause, {sums["in"]} from {after} a anti join {before} b using (customer_id) group by 1
        union all select coalesce(b.branch_id, ''), '{LEFT}', {sums["out"]} from {before} b anti join {after} a using (customer_id) group by 1
        union all select coalesce(a.branch_id, ''), '{MOVED}', {sums["in"]} from {both} where {other} group by 1
        union all select coalesce(b.branch_id, ''), '{MOVED}', {sums["out"]} from {both} where {other} group by 1
        union all select coalesce(a.branch_id, ''), '{FIGURES}', {stayed} from {both} where {own} group by 1
        order by 1, 2"""


def of_customers(rows: Iterable[Row]) -> dict[str, dict[str, list[Part]]]:
    """Branch → deposit_parts and loan_parts, 元, of the rows of ``customers_sql``."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for row in rows:
        for name in MONEY:
            sums = found.setdefault(row["branch"], {}).setdefault(f"{name}_parts", {})
            sums[row["cause"]] = sums.get(row["cause"], 0) + row[name]
    return {
        branch: {
            key: [Part(cause, "", round_half_up(in_yuan(cents), 2)) for cause, cents in sums.items() if cents]
            for key, sums in parts.items()
        }
        for branch, parts in found.items()
    }
