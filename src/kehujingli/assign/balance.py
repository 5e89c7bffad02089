"""By what are managers to be evenly loaded, where not by 折算户? A measure of each customer, in the 折算户 that it stands for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from kehujingli import terms
from kehujingli.assign.feasible import Managers
from kehujingli.assign.interchangeable import Due, components
from kehujingli.assign.within import parts

if TYPE_CHECKING:
    import pandas as pd

MEASURES = {"customers": "户数", "deposits": "存款", "loans": "贷款", "villages": "村"}
LIMITS = {**MEASURES, "load": terms.label("load")}
"""By which managers may be kept near one another while another measure is evened out."""
MONEY = ("deposits", "loans")
_STEP = 1.25
"""Two customers whose amounts differ by less than this are of one band, and weigh the mean of its customers: so they stay interchangeable."""


def amounts(frame: pd.DataFrame, measure: str) -> pd.Series:
    """What each customer counts: 1; 分; 折算户 (in parts of them); or her share of the customers of her village that are due, so that a whole village is 1."""
    match measure:
        case "load":
            return frame["load"].astype("float64")
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
    if measure in MONEY:
        bands = np.floor(np.log(counted.where(counted > 0)) / np.log(_STEP)).fillna(-1)
        counted = counted.groupby(bands).transform("mean")
    whole = float(counted.sum())
    scale = float(due.frame["load"].sum()) / whole if whole else 0.0
    return replace(due, frame=due.frame.assign(weight=(counted * scale).round(3)))


def limited(due: Due, measure: str) -> Due:
    """The customers with ``other``: exactly what each counts of the measure by which managers are kept near one another; money in the mean of it."""
    counted = amounts(due.frame, measure)
    mean = float(counted.mean()) if measure in MONEY and len(counted) else 1.0
    return replace(due, frame=due.frame.assign(other=counted / (mean or 1.0)))


def held(due: Due, customers: pd.DataFrame, loads: pd.DataFrame, measure: str) -> dict[str, float]:
    """Manager on duty → what she has of the measure by a plan (its ``customers`` and ``loads``): customers, 分, villages."""
    frame = due.frame.assign(amount=amounts(due.frame, measure))
    taken = customers[["customer_id", "assigned_manager"]].merge(frame[["customer_id", "amount"]], on="customer_id")
    sums = taken.groupby("assigned_manager")["amount"].sum()
    there = loads[loads["capacity"].isna() | (loads["capacity"] > 0)]
    return {str(manager): float(sums.get(manager, 0.0)) for manager in there["manager_id"]}


def against_share(
    due: Due, managers: Managers, customers: pd.DataFrame, measure: str
) -> dict[str, tuple[float, float]]:
    """Manager on duty with room for anybody → what she has of the measure by a plan, and her part by limits of what her branches' managers have."""
    frame = due.frame.assign(amount=amounts(due.frame, measure) / (due.unit if measure == "load" else 1))
    number = managers.number()
    taken = customers[["customer_id", "assigned_manager"]].merge(frame[["customer_id", "amount"]], on="customer_id")
    taken = taken[taken["assigned_manager"].notna()]
    at = taken["assigned_manager"].map(number).to_numpy(dtype="int64")
    sums = np.bincount(at, weights=taken["amount"].to_numpy(dtype=float), minlength=len(managers.ids))
    found: dict[str, tuple[float, float]] = {}
    for branches in components(frame[["branch_id"]], managers):
        people = np.unique(np.concatenate([_NOBODY, *(managers.serves.get(branch, _NOBODY) for branch in branches)]))
        part = parts(managers.capacity[people])
        for person, own, share in zip(people, sums[people], part * sums[people].sum(), strict=True):
            if managers.capacity[person] > 0:
                found[managers.ids[person]] = float(own), float(share)
    return found


_NOBODY = np.array([], dtype="int64")
