"""By what are managers to be evenly loaded, where not by 折算户? A measure of each customer, in the 折算户 that it stands for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from kehujingli.assign.interchangeable import Due

if TYPE_CHECKING:
    import pandas as pd

MEASURES = {"customers": "户数", "deposits": "存款", "loans": "贷款", "villages": "村"}
_STEP = 1.25
"""Two customers whose amounts differ by less than this are of one band, and weigh the mean of its customers: so they stay interchangeable."""


def amounts(frame: pd.DataFrame, measure: str) -> pd.Series:
    """What each customer counts: 1; 分; or her share of the customers of her village that are due, so that a whole village is 1."""
    match measure:
        case "customers":
            return frame["load"] * 0.0 + 1
        case "deposits":
            return frame["average_deposit"].fillna(0).astype("float64")
        case "loans":
            return frame["exposure"].astype("float64")
    place = [frame["branch_id"], frame["village"].fillna("")]
    each = 1 / frame.groupby(place)["load"].transform("size")
    return each.where(frame["village"].notna(), 0.0)


def weighed(due: Due, measure: str) -> Due:
    """The customers with ``weight``: the measure as 折算户, all together as many as the customers' loads; in bands where it is an amount."""
    counted = amounts(due.frame, measure)
    if measure in ("deposits", "loans"):
        bands = np.floor(np.log(counted.where(counted > 0)) / np.log(_STEP)).fillna(-1)
        counted = counted.groupby(bands).transform("mean")
    whole = float(counted.sum())
    scale = float(due.frame["load"].sum()) / whole if whole else 0.0
    return replace(due, frame=due.frame.assign(weight=(counted * scale).round(3)))


def held(due: Due, customers: pd.DataFrame, loads: pd.DataFrame, measure: str) -> dict[str, float]:
    """Manager on duty → what she has of the measure by a plan (its ``customers`` and ``loads``): customers, 分, villages."""
    frame = due.frame.assign(amount=amounts(due.frame, measure))
    taken = customers[["customer_id", "assigned_manager"]].merge(frame[["customer_id", "amount"]], on="customer_id")
    sums = taken.groupby("assigned_manager")["amount"].sum()
    there = loads[loads["capacity"].isna() | (loads["capacity"] > 0)]
    return {str(manager): float(sums.get(manager, 0.0)) for manager in there["manager_id"]}
