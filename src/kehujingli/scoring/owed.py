"""What is left to pay? A period's pay as lines that are never changed; what was paid, stopped or taken back since is a line of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from kehujingli.values import in_yuan, text_of

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ["period", "manager_id", "name", "branch_id", "kind", "due", "amount", "linked", "document"]
"""due: the month in which it is to be paid, as 2026-12; amount 元, signed; linked: the period whose pay the line is about, where it is another's."""
PAYMENTS = {
    "settled": "settled_paid",
    "deferred": "deferred_paid",
    "clawback_owed": "clawback_taken",
    "overpaid": "overpaid_taken",
}
OWED_BY_MANAGER = ("overpaid", "clawback_owed")
"""What the manager owes, in the order in which it is taken: below zero until it is."""

"""What is owed → the line that pays it."""
_PAID_KINDS = {paid: kind for kind, paid in PAYMENTS.items()}
YEAR_END = 12

Lines = Mapping[str, Sequence[Any]]
"""Lines by column: ``COLUMNS``."""


@dataclass(frozen=True, slots=True)
class Debt:
    """What is left to pay of one period's lines of one kind and month; below zero where more was advanced than earned, or is to be taken back."""

    period: str
    manager_id: str
    name: str
    branch_id: str
    kind: str
    due: str
    left: Decimal


class Due(NamedTuple):
    """What a manager is to be paid in one month, 元: a settlement, deferred parts, or below zero what the manager owes: more advanced than earned, or a clawback that could not be taken."""

    manager_id: str
    name: str
    branch_id: str
    due: str
    kind: str
    amount: Decimal


def columns_of(frame: pd.DataFrame) -> Lines:
    return {name: frame[name].tolist() for name in COLUMNS}


def outstanding(lines: Lines) -> list[Debt]:
    """What is left to pay of the lines of all periods, by manager and month. A stop cuts what falls due first, and nothing below zero."""
    left: dict[tuple[str, str, str, str, str], int] = {}
    for (period, manager, branch, kind, due), cents in _summed(lines).items():
        debt = (period, manager, branch, _PAID_KINDS.get(kind, kind), due)
        left[debt] = left.get(debt, 0) + (cents if kind in PAYMENTS else -cents)
    names = {str(who): text_of(name) or "" for who, name in zip(lines["manager_id"], lines["name"], strict=True)}
    debts = [
        Debt(period, manager, names[manager], branch, kind, due, in_yuan(cents))
        for (period, manager, branch, kind, due), cents in sorted(
            left.items(), key=lambda one: (one[0][1], one[0][4], one[0][0], one[0][2], one[0][3])
        )
    ]
    return [debt for debt in _stopped(debts, stops(lines)) if debt.left]


def _summed(lines: Lines) -> dict[tuple[str, str, str, str, str], int]:
    """(period that it is about, manager, branch, kind, due) → 分."""
    found: dict[tuple[str, str, str, str, str], int] = {}
    wanted = {*PAYMENTS, *_PAID_KINDS}
    columns = [lines[name] for name in ("period", "manager_id", "branch_id", "kind", "due", "amount", "linked")]
    for period, manager, branch, kind, due, amount, linked in zip(*columns, strict=True):
        if kind in wanted:
            # What an earlier program deferred bears its year alone: it is paid at that year's end.
            month = due if len(due) == 7 else f"{due}-{YEAR_END}"
            key = (period if kind in PAYMENTS else linked, str(manager), str(branch), kind, month)
            found[key] = found.get(key, 0) + int(Decimal(str(amount)) * 100)
    return found


def stops(lines: Lines) -> dict[tuple[str, str], Decimal]:
    """(manager, the period whose deferred pay is stopped, or nothing for any) → 元."""
    found: dict[tuple[str, str], Decimal] = {}
    columns = (lines[name] for name in ("manager_id", "linked", "kind", "amount"))
    for manager, linked, kind, amount in zip(*columns, strict=True):
        if kind == "stopped":
            key = (str(manager), str(linked))
            found[key] = found.get(key, Decimal(0)) - Decimal(str(amount))
    return found


def _stopped(debts: Sequence[Debt], stopped: Mapping[tuple[str, str], Decimal]) -> list[Debt]:
    """Each stop off its period's deferred parts, in the order in which they fall due; one that names no period off any, after the others."""
    rest = list(debts)
    for (manager, linked), amount in sorted(stopped.items(), key=lambda one: (one[0][1] == "", one[0])):
        for place, debt in enumerate(rest):
            if debt.manager_id == manager and debt.kind == "deferred" and linked in ("", debt.period) and debt.left > 0:
                cut = min(debt.left, amount)
                rest[place], amount = replace(debt, left=debt.left - cut), amount - cut
    return rest


def owed(lines: Lines, year: int | None = None) -> list[Due]:
    """What is still to be paid, by manager and month; ``year`` picks when due."""
    sums: dict[tuple[str, str, str], Decimal] = {}
    names: dict[str, tuple[str, str]] = {}
    for debt in outstanding(lines):
        if year is None or debt.due.startswith(str(year)):
            key = (debt.manager_id, debt.due, debt.kind)
            sums[key] = sums.get(key, Decimal(0)) + debt.left
            names[debt.manager_id] = (debt.name, debt.branch_id)
    return [Due(who, *names[who], when, kind, amount) for (who, when, kind), amount in sorted(sums.items()) if amount]
