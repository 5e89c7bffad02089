"""What is owed to whom, and when? Every pay as lines that add up to it: paid on account, settled at the year's end, deferred by year, clawed back.

A clawback is a line of its own below zero, linked to the period whose pay it takes back; the paid line is never changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from kehujingli.values import text_of

if TYPE_CHECKING:
    import pandas as pd

    from kehujingli.incentive.model import ManagerScore, Scores
    from kehujingli.periods import Period

COLUMNS = ["period", "manager_id", "name", "branch_id", "kind", "due", "amount", "linked", "document"]
"""kind: paid, settled, deferred, clawback; due: a month, or a year for what is deferred; amount 元, signed; linked: the period taken back from."""
KINDS = {"paid": "预发", "settled": "年终清算", "deferred": "延期支付", "clawback": "追索扣回"}
_MONTH = re.compile(r"(\d{4})\s*(?:-|年|\.|/)?\s*(\d{1,2})(?!\d)")


def ledger(scores: Scores, period: Period) -> pd.DataFrame:
    """The period's lines, ``COLUMNS``. For every post: paid + settled + Σ deferred = pay, to the 分."""
    import pandas as pd

    lines = [line for manager in scores.managers for line in _of_pay(manager, period)]
    names = {manager.manager_id: manager for manager in reversed(scores.managers)}
    for row in scores.adjustments.itertuples():
        cents = int(row.amount) if text_of(row.amount) else 0
        if cents < 0:
            manager = names.get(str(row.manager_id))
            document = text_of(row.document) or ""
            linked = _period_in(document) or _period_in(text_of(row.reason) or "")
            lines.append({
                "period": period.name, "manager_id": str(row.manager_id), "name": manager.name if manager else "", "branch_id": manager.branch_id if manager else "",
                "kind": "clawback", "due": period.name, "amount": Decimal(cents) / 100, "linked": linked, "document": document or (text_of(row.reason) or ""),
            })  # fmt: skip
    return pd.DataFrame(lines, columns=COLUMNS)


def _of_pay(manager: ManagerScore, period: Period) -> Iterable[dict[str, Any]]:
    if manager.pay is None:
        return
    deferred = sum((part for _, part in manager.deferral), Decimal(0))
    amounts = [
        ("paid", period.name, manager.advance),
        ("settled", f"{period.year}-12", manager.pay - manager.advance - deferred),
    ]
    amounts += [("deferred", str(year), part) for year, part in manager.deferral]
    for kind, due, amount in amounts:
        if amount:
            yield {
                "period": period.name, "manager_id": manager.manager_id, "name": manager.name, "branch_id": manager.branch_id,
                "kind": kind, "due": due, "amount": amount, "linked": "", "document": "",
            }  # fmt: skip


def _period_in(text: str) -> str:
    """The month that a document or reason names, as 2026-03."""
    found = _MONTH.search(text)
    return f"{found[1]}-{int(found[2]):02d}" if found and 1 <= int(found[2]) <= 12 else ""


def owed(lines: pd.DataFrame, year: int | None = None) -> pd.DataFrame:
    """What is still to be paid: settlements and deferred parts by manager and due date, clawbacks against them; ``year`` picks when due."""
    import pandas as pd

    due = lines[lines["kind"] != "paid"]
    if year is not None:
        due = due[due["due"].str.startswith(str(year))]
    amounts = due.assign(amount=[Decimal(str(amount)) for amount in due["amount"]])
    sums: dict[tuple[str, str, str], Decimal] = {}
    names: dict[str, tuple[str, str]] = {}
    for row in amounts.itertuples():
        key = (str(row.manager_id), str(row.due), str(row.kind))
        sums[key] = sums.get(key, Decimal(0)) + row.amount
        names[str(row.manager_id)] = (row.name, row.branch_id)
    rows = [(who, *names[who], when, kind, amount) for (who, when, kind), amount in sorted(sums.items())]
    return pd.DataFrame(rows, columns=["manager_id", "name", "branch_id", "due", "kind", "amount"])
