"""What interest did each kind of deposit bear within twelve months? By the records of the accounts that bore it, wherever it was paid into.

Interest of a deposit for a term is mostly paid into an account on demand: a posting of it does not say whose it is, 《账户利息》 does.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from kehujingli.errors import Finding, finding, yuan_grouped
from kehujingli.periods import Period, day_of, month_end, month_name, month_start
from kehujingli.tables.averages import spans_of
from kehujingli.values import nearest

if TYPE_CHECKING:
    import pandas as pd

YEAR = 12
_QUARTER = 3
"""Deposits on demand bear interest to the 20th of the last month of a quarter: a month of these without a record was not exported."""
_PLACE = ("source_part", "source_row")


def interest_by_kind(
    records: pd.DataFrame, accounts: pd.DataFrame, period: Period, window_months: int
) -> tuple[pd.DataFrame, int | None, list[Finding]]:
    """``interest_paid`` and ``average_deposit_full`` (分) by kind (index), of kinds of which there is a record and of accounts whose average is known;
    what all records of the twelve months come to, nothing where months lack; and what is to be told.

    ``records``: 《账户利息》 as kept; ``accounts``: with products of the window, which has to be twelve months.
    """
    import pandas as pd

    nothing = pd.DataFrame({"interest_paid": [], "average_deposit_full": []}, dtype="int64")
    if window_months != YEAR:
        return nothing, None, [finding("study.interest-window", months=window_months)]
    span = spans_of(period, YEAR)["window"]
    ours = records[records["paid_on"].between(span.first, span.last) & records["interest"].notna()]
    lacking = _lacking(ours["paid_on"], period)
    if lacking:
        return nothing, None, [finding("study.interest-missing", months="、".join(lacking))]
    once, told = _once(ours)
    known = accounts[accounts["known_window"].fillna(False).astype(bool) & accounts["product_window"].notna()]
    paid = once.groupby("account_id")["interest"].sum()
    lost = paid[~paid.index.isin(known["account_id"])]
    if len(lost):
        told.append(finding("study.interest-unknown", count=len(lost), sum=yuan_grouped(int(lost.sum()))))
    rows = known.assign(paid=known["account_id"].map(paid))
    by_kind = rows.groupby(rows["kind"].fillna(""))
    sums = by_kind[["paid", "product_window"]].sum()[by_kind["paid"].count() > 0]
    averages = [nearest(Fraction(int(product), span.days)) for product in sums["product_window"]]
    found = pd.DataFrame({"interest_paid": sums["paid"].astype("int64"), "average_deposit_full": averages}, sums.index)
    return found, int(once["interest"].sum()), told


def _lacking(days: pd.Series, period: Period) -> list[str]:
    """Months of the twelve that end a quarter and of which no interest is told, as 2026-03."""
    ends = [month for month in range(period.month - YEAR + 1, period.month + 1) if month % _QUARTER == _QUARTER - 1]
    over = [month for month in ends if day_of(month_end(month)) <= period.last]
    return [
        month_name(month)
        for month in over
        if not days.between(day_of(month_start(month)), day_of(month_end(month))).any()
    ]


def _once(rows: pd.DataFrame) -> tuple[pd.DataFrame, list[Finding]]:
    """The same record of two exports counts once; as often as one export has it, it is meant."""
    said = [name for name in rows.columns if name not in _PLACE]
    nth = rows.groupby([*said, "source_part"], dropna=False, sort=False).cumcount()
    once = rows[~rows.assign(nth=nth).duplicated([*said, "nth"])]
    more = len(rows) - len(once)
    return once, [finding("study.interest-again", count=more)] if more else []
