"""Which day does a fee belong to? Its own, else the last day of the months that its row names, as far as the period goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kehujingli.errors import Finding, finding
from kehujingli.periods import Period, day_of, month_end, named_months

if TYPE_CHECKING:
    import pandas as pd

_SHOWN = 5


def dated(fees: pd.DataFrame, period: Period) -> tuple[pd.Series, list[Finding]]:
    """Days of the rows, missing where neither day nor months are known, which is told. A month under way ends with its ``as_of``."""
    texts = {said: named_months(said) for said in fees["period"].dropna().unique()}
    last = {
        said: period.last if months.last == period.month else day_of(month_end(months.last))
        for said, months in texts.items()
        if months is not None
    }
    day = fees["date"].astype("Int64").fillna(fees["period"].map(last).astype("Int64"))
    lost = fees[day.isna()]
    where = "、".join(str(row) for row in lost["source_row"].head(_SHOWN))
    return day, [finding("study.fee-period", count=len(lost), rows=where)] if len(lost) else []
