"""Which day does a fee belong to? Its own, else the last day of the months that its row names, as far as the period goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kehujingli.errors import Finding, finding
from kehujingli.periods import Named, Period, day_of, month_end, named_months

if TYPE_CHECKING:
    import pandas as pd

_SHOWN = 5


def dated(fees: pd.DataFrame, period: Period) -> tuple[pd.Series, list[Finding]]:
    """Days of the rows, missing where neither day nor months are known, which is told. A month under way ends with its ``as_of``."""
    import pandas as pd

    place, texts = pd.factorize(fees["period"])
    last = [_last(named_months(said), period) for said in texts]
    ends = pd.Series(pd.array([*last, None], dtype="Int64")[place], index=fees.index)  # -1, no text, is the last
    day = fees["date"].astype("Int64").fillna(ends)
    lost = fees[day.isna()]
    where = "、".join(str(row) for row in lost["source_row"].head(_SHOWN))
    return day, [finding("study.fee-period", count=len(lost), rows=where)] if len(lost) else []


def _last(months: Named | None, period: Period) -> int | None:
    """The day on which the months that a row names are over, as far as the period goes."""
    if months is None:
        return None
    return period.last if months.last == period.month else day_of(month_end(months.last))
