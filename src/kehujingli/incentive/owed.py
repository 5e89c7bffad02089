"""What is owed to whom, and when? Every pay as lines that add up to it: paid on account, settled after the year, deferred; and what was paid of it since.

A line is never changed: what is paid, stopped or taken back later is a line of its own, linked to the period whose pay it is about.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from kehujingli import terms
from kehujingli.periods import month_name
from kehujingli.values import text_of

if TYPE_CHECKING:
    import pandas as pd

    from kehujingli.incentive.model import ManagerScore, Scores
    from kehujingli.periods import Period

COLUMNS = ["period", "manager_id", "name", "branch_id", "kind", "due", "amount", "linked", "document"]
"""due: the month in which it is to be paid, as 2026-12; amount 元, signed; linked: the period whose pay the line is about, where it is another's."""
KINDS = terms.OWED
"""A period's pay is its paid, settled and deferred lines; a ``clawback`` was taken from that period's pay, a ``clawback_owed`` found nothing to be taken from."""
PAYMENTS = {"settled": "settled_paid", "deferred": "deferred_paid", "clawback_owed": "clawback_taken"}
"""What is owed → the line that pays it."""
_PAID_KINDS = {paid: kind for kind, paid in PAYMENTS.items()}
_MONTH = re.compile(r"(?<!\d)((?:19|20)\d\d)\s*(?:-|年|\.|/)?\s*(\d{1,2})(?!\d|\s*号)")
"""A number that is followed by 号 is a document's, not a month."""
_YEAR_END = 12


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


def pay_lines(scores: Scores, period: Period) -> list[dict[str, Any]]:
    """For every post: paid + settled + Σ deferred = pay, to the 分."""
    return [line for manager in scores.managers for line in _of_pay(manager, period)]


def _of_pay(manager: ManagerScore, period: Period) -> Iterator[dict[str, Any]]:
    if manager.pay is None:
        return
    rules = manager.scheme.pay if manager.scheme else None
    deferral = rules.deferral if rules else None
    settled_in = settlement_month(period, rules.settle_month if rules else _YEAR_END)
    deferred = sum((part for _, part in manager.deferral), Decimal(0))
    amounts = [
        ("paid", period.name, manager.advance),
        ("settled", settled_in, manager.pay - manager.advance - deferred),
    ]
    paid_in = deferral.pay_month if deferral else _YEAR_END
    amounts += [("deferred", f"{year}-{paid_in:02d}", part) for year, part in manager.deferral]
    for kind, due, amount in amounts:
        if amount:
            yield line(period.name, (manager.manager_id, manager.name, manager.branch_id), kind, due, amount)


def settlement_month(period: Period, month: int) -> str:
    """In which month the year of a period is settled: its own December, or a month of the next year."""
    year = period.year if month == _YEAR_END else period.year + 1
    return month_name(year * 12 + month - 1)


def line(
    period: str, who: tuple[str, str, str], kind: str, due: str, amount: Decimal, linked: str = "", document: str = ""
) -> dict[str, Any]:
    """``who``: manager's id and name, and the branch."""
    return dict(zip(COLUMNS, (period, *who, kind, due, amount, linked, document), strict=True))


def period_in(*texts: str) -> str:
    """The first month that a document or reason names, as 2026-03."""
    for text in texts:
        found = _MONTH.search(text)
        if found and 1 <= int(found[2]) <= 12:
            return f"{found[1]}-{int(found[2]):02d}"
    return ""


def frame_of(lines: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(list(lines), columns=COLUMNS)


def outstanding(lines: pd.DataFrame) -> list[Debt]:
    """What is left to pay of the lines of all periods, by manager and month. A stop cuts what falls due first, and nothing below zero."""
    known = _summed(lines)
    left: dict[tuple[str, str, str, str, str], int] = {}
    for (period, manager, branch, kind, due), cents in known.items():
        debt = (period, manager, branch, _PAID_KINDS.get(kind, kind), due)
        left[debt] = left.get(debt, 0) + (cents if kind in PAYMENTS else -cents)
    people = lines[["manager_id", "name"]].drop_duplicates("manager_id", keep="last")
    names = {str(who): text_of(name) or "" for who, name in people.itertuples(index=False)}
    debts = [
        Debt(period, manager, names[manager], branch, kind, due, Decimal(cents) / 100)
        for (period, manager, branch, kind, due), cents in sorted(left.items(), key=lambda one: (one[0][1], one[0][4], one[0][0], one[0][2], one[0][3]))
    ]  # fmt: skip
    return [debt for debt in _stopped(debts, stops(lines)) if debt.left]


def _summed(lines: pd.DataFrame) -> dict[tuple[str, str, str, str, str], int]:
    """(period that it is about, manager, branch, kind, due) → 分."""
    found: dict[tuple[str, str, str, str, str], int] = {}
    wanted = lines[lines["kind"].isin([*PAYMENTS, *PAYMENTS.values()])]
    columns = [
        wanted[name].tolist() for name in ("period", "manager_id", "branch_id", "kind", "due", "amount", "linked")
    ]
    for period, manager, branch, kind, due, amount, linked in zip(*columns, strict=True):
        # What an earlier program deferred bears its year alone: it is paid at that year's end.
        month = due if len(due) == 7 else f"{due}-{_YEAR_END}"
        key = (period if kind in PAYMENTS else linked, str(manager), str(branch), kind, month)
        found[key] = found.get(key, 0) + int(Decimal(str(amount)) * 100)
    return found


def stops(lines: pd.DataFrame) -> dict[tuple[str, str], Decimal]:
    """(manager, the period whose deferred pay is stopped, or nothing for any) → 元."""
    found: dict[tuple[str, str], Decimal] = {}
    for row in lines[lines["kind"] == "stopped"].itertuples():
        key = (str(row.manager_id), str(row.linked))
        found[key] = found.get(key, Decimal(0)) - Decimal(str(row.amount))
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


def owed(lines: pd.DataFrame, year: int | None = None) -> pd.DataFrame:
    """What is still to be paid: settlements and deferred parts by manager and month, and clawbacks that could not be taken; ``year`` picks when due."""
    import pandas as pd

    sums: dict[tuple[str, str, str], Decimal] = {}
    names: dict[str, tuple[str, str]] = {}
    for debt in outstanding(lines):
        if year is None or debt.due.startswith(str(year)):
            key = (debt.manager_id, debt.due, debt.kind)
            sums[key] = sums.get(key, Decimal(0)) + debt.left
            names[debt.manager_id] = (debt.name, debt.branch_id)
    rows = [(who, *names[who], when, kind, amount) for (who, when, kind), amount in sorted(sums.items()) if amount]
    return pd.DataFrame(rows, columns=["manager_id", "name", "branch_id", "due", "kind", "amount"])
