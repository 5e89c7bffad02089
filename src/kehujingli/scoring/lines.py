"""Into which lines does a pay fall? Paid on account, settled after the year, deferred: they add up to it.

A line is never changed: what is paid, stopped or taken back later is a line of its own, linked to the period whose pay it is about.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from kehujingli.periods import month_name
from kehujingli.scoring.owed import COLUMNS, YEAR_END

if TYPE_CHECKING:
    import pandas as pd

    from kehujingli.periods import Period
    from kehujingli.scoring.model import ManagerScore, Scores

_MONTH = re.compile(r"(?<!\d)((?:19|20)\d\d)\s*(?:-|年|\.|/)?\s*(\d{1,2})(?!\d|\s*号)")
"""A number that is followed by 号 is a document's, not a month."""


def pay_lines(scores: Scores, period: Period) -> list[dict[str, Any]]:
    """For every post: paid + settled + Σ deferred = pay, to the 分."""
    return [line for manager in scores.managers for line in _of_pay(manager, period)]


def _of_pay(manager: ManagerScore, period: Period) -> Iterator[dict[str, Any]]:
    if manager.pay is None:
        return
    rules = manager.scheme.pay if manager.scheme else None
    deferral = rules.deferral if rules else None
    settled_in = settlement_month(period, rules.settle_month if rules else YEAR_END)
    deferred = sum((part for _, part in manager.deferral), Decimal(0))
    amounts = [
        ("paid", period.name, manager.advance),
        ("settled", settled_in, manager.pay - manager.advance - deferred),
    ]
    paid_in = deferral.pay_month if deferral else YEAR_END
    amounts += [("deferred", f"{year}-{paid_in:02d}", part) for year, part in manager.deferral]
    for kind, due, amount in amounts:
        if amount:
            yield line(period.name, (manager.manager_id, manager.name, manager.branch_id), kind, due, amount)


def settlement_month(period: Period, month: int) -> str:
    """In which month the year of a period is settled: its own December, or a month of the next year."""
    year = period.year if month == YEAR_END else period.year + 1
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
