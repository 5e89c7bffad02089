"""What followed a visit? For each group of customers, how the month's FTP profit moved with the visits of the month before: an association, never a cause."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import kehujingli.terms as house
from kehujingli.values import places

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    from kehujingli.periods import Period

_WENT = ("visits", "minutes", "timed")
_COLUMNS = (
    "group",
    "customers",
    "visited",
    "visits",
    "per_visit",
    "low",
    "high",
    "per_hour",
    "per_yuan",
    "said",
)
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


def lacking(
    visits: pd.DataFrame | None, accounts: pd.DataFrame | None, loans: pd.DataFrame | None, before: Period
) -> str:
    """What is not there to say what followed the visits of the month ``before``; "" where all is."""
    tables = (("accounts", accounts), ("loans", loans))
    kept = "".join(f"《{house.BY_KEY[key].label}》" for key, frame in tables if frame is None)
    if visits is None:
        return f"没有《{house.BY_KEY['visits'].label}》"
    if kept:
        return f"{before.name} 没有留下{kept}：那个月没有跑过，或没有这些导出"
    if not visits["date"].between(before.first, before.last).fillna(False).any():
        return f"《{house.BY_KEY['visits'].label}》里没有 {before.name} 的走访"
    return ""


def unknown(lacks: str) -> pd.DataFrame:
    """As ``followed``, where nothing is known of any group."""
    return _framed([(group, *[None] * (len(_COLUMNS) - 2), f"缺：{lacks}") for group in house.GROUPS])


def followed(
    classes: pd.DataFrame, went: pd.DataFrame, moved: npt.ArrayLike, cost: int | None, least: int
) -> pd.DataFrame:
    """One row a group of the month before: the slope of ``moved`` (分 a month of each row of ``classes``, missing where a line of hers has no price:
    she is left out, which is said) on the visits of ``went``, with its 95 % interval.

    ``cost``: 分 of the month's costs that visits drove. A group with fewer than ``least`` visited or unvisited customers has no slope, and says so.
    """
    import numpy as np
    import pandas as pd

    own = pd.DataFrame({"group": classes["previous_group"].fillna(classes["group"])})
    own["moved"] = np.asarray(moved, dtype="float64")
    at = places(classes["customer_id"], went.index.to_series())
    for key in _WENT:
        own[key] = np.append(went[key].to_numpy(dtype="int64"), 0)[at]
    bare = own.loc[own["moved"].isna(), "group"].value_counts()
    own = own.dropna()
    each = None if cost is None else cost / int(went["visits"].sum())
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
        if left := int(bare.get(group, 0)):
            said += f"；{left:,} 户有存贷款没有价，没有算"
        yuan = None if slope is None or not each else slope / each
        visits = int(some["visits"].sum())
        rows.append((group, count, visited, visits, *(_cents(one) for one in (slope, low, high, hour)), yuan, said))
    return _framed(rows)


def _framed(rows: list[tuple[Any, ...]]) -> pd.DataFrame:
    import pandas as pd

    frame = pd.DataFrame(rows, columns=list(_COLUMNS))
    return frame.astype({**dict.fromkeys(_COLUMNS[1:-2], "Int64"), "per_yuan": "Float64"})


def _cents(value: float | None) -> int | None:
    return None if value is None else round(value)
