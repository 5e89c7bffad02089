"""What followed a visit? For each group of customers, how the month's FTP profit moved with the visits of the month before: an association, never a cause."""

from __future__ import annotations

from typing import TYPE_CHECKING

import kehujingli.terms as house

if TYPE_CHECKING:
    import pandas as pd

    from kehujingli.periods import Period

_WENT = ("visits", "minutes", "timed")
_NORMAL = 1.96
"""The 95 % interval of a slope from many customers."""


def visits_of(visits: pd.DataFrame | None, period: Period) -> pd.DataFrame:
    """customer_id → visits, minutes and timed (how many of the visits say their minutes) in the month."""
    import pandas as pd

    if visits is None:
        return pd.DataFrame(columns=["visits", "minutes", "timed"], dtype="int64")
    rows = visits[visits["date"].between(period.first, period.last).fillna(False)]
    minutes = rows["minutes"] if "minutes" in rows else pd.Series(pd.NA, index=rows.index, dtype="Int64")
    told = rows.assign(visits=1, minutes=minutes.fillna(0), timed=minutes.notna())
    return told.groupby("customer_id")[["visits", "minutes", "timed"]].sum().astype("int64")


def followed(classes: pd.DataFrame, went: pd.DataFrame, moved: pd.Series, cost: int | None, least: int) -> pd.DataFrame:
    """One row a group of the month before: the slope of ``moved`` (customer_id → 分 a month) on the visits of ``went``, with its 95 % interval.

    ``cost``: 分 of the month's costs that visits drove. A group with fewer than ``least`` visited or unvisited customers has no slope, and says so.
    """
    import numpy as np
    import pandas as pd

    own = pd.DataFrame({"group": classes["previous_group"].fillna(classes["group"]), "moved": 0.0})
    own[list(_WENT)] = 0
    if len(went):
        own["moved"] = classes["customer_id"].map(moved)
        for key in _WENT:
            own[key] = classes["customer_id"].map(went[key]).fillna(0).astype("int64")
        own = own.dropna()
    each = None if cost is None or not len(went) else cost / int(went["visits"].sum())
    rows = []
    for group in house.GROUPS:
        some = own[own["group"] == group]
        count, visited = len(some), int((some["visits"] > 0).sum())
        slope = low = high = hour = None
        said = "相关，不是因果"
        if min(visited, count - visited) < least:
            said = f"缺：上月走访过的或没走访过的不到 {least} 户"
        else:
            x, y = some["visits"].to_numpy(dtype="float64"), some["moved"].to_numpy(dtype="float64")
            spread = float(((x - x.mean()) ** 2).sum())
            slope = float(((x - x.mean()) * (y - y.mean())).sum()) / spread
            rest = y - y.mean() - slope * (x - x.mean())
            error = float(np.sqrt((rest**2).sum() / (count - 2) / spread))
            low, high = slope - _NORMAL * error, slope + _NORMAL * error
            said += "；分不出有没有" if low < 0 < high else ""
            minutes, timed = int(some["minutes"].sum()), int(some["timed"].sum())
            hour = slope / (minutes / timed / 60) if minutes else None
        yuan = None if slope is None or not each else slope / each
        visits = int(some["visits"].sum())
        rows.append((group, count, visited, visits, *(_cents(one) for one in (slope, low, high, hour)), yuan, said))
    columns = ["group", "customers", "visited", "visits", "per_visit", "low", "high", "per_hour", "per_yuan", "said"]
    frame = pd.DataFrame(rows, columns=columns)
    money = ["per_visit", "low", "high", "per_hour"]
    return frame.astype({**dict.fromkeys(money, "Int64"), "per_yuan": "Float64"})


def _cents(value: float | None) -> int | None:
    return None if value is None else round(value)
