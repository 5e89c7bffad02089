"""What becomes of each customer by a plan, and what does that come to for each manager and each branch?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from kehujingli.assign.feasible import Managers

if TYPE_CHECKING:
    import pandas as pd

Whole = npt.NDArray[np.int64]

MOVES = ("unassigned", "kept", "moved", "new")
OUT, KEPT, MOVED, NEW = range(4)


def how_of(frame: pd.DataFrame) -> Whole:
    """The number in ``MOVES`` of what becomes of each customer."""
    placed, named = frame["placed"].to_numpy(), frame["named"].to_numpy()
    had = frame["holder_id"].notna().to_numpy()
    return np.where(placed < 0, OUT, np.where(had, np.where(placed == named, KEPT, MOVED), NEW))


def worded(words: Sequence[str], code: Whole) -> Any:
    """The word of each number, nothing where it is −1: each is made into text once."""
    import pandas as pd

    if not (code >= 0).any():
        return np.full(len(code), None, dtype=object)
    return pd.array(list(words), dtype="str").take(code, allow_fill=True)


def loads_of(frame: pd.DataFrame, managers: Managers, unit: int) -> pd.DataFrame:
    import pandas as pd

    count = len(managers.ids)
    named, placed, load = frame["named"].to_numpy(), frame["placed"].to_numpy(), frame["load"].to_numpy()
    how = frame["how"].to_numpy()

    def tally(
        people: Whole, rows: npt.NDArray[np.bool_], weights: npt.NDArray[np.float64] | None = None
    ) -> npt.NDArray[np.float64]:
        chosen = rows & (people >= 0)
        return np.bincount(
            people[chosen], weights=None if weights is None else weights[chosen], minlength=count
        ).astype(float)

    everyone = np.ones(len(frame), dtype=bool)
    columns: dict[str, object] = {
        "manager_id": managers.ids,
        "branch_id": managers.home,
        "specialism": managers.specialism,
        # who is not on duty has room for nobody, whatever the roster says
        "capacity": np.where(managers.on_duty, np.where(np.isfinite(managers.capacity), managers.capacity, np.nan), 0),
        "load_before": tally(named, everyone, load.astype(float)) / unit,
        "load_after": tally(placed, everyone, load.astype(float)) / unit,
    }
    business = frame["business"].to_numpy(dtype=bool)
    for scale in ("large", "medium", "small"):
        columns[scale] = tally(placed, (frame["scale"] == scale).to_numpy() & ~business).astype("int64")
    columns |= {
        "business": tally(placed, business).astype("int64"),
        "borrowers": tally(placed, frame["borrower"].to_numpy(dtype=bool)).astype("int64"),
        "moved_in": tally(placed, (how == MOVED) | (how == NEW)).astype("int64"),
        "moved_out": tally(named, (placed != named) & (named >= 0)).astype("int64"),
        "on_duty": managers.on_duty,
    }
    table = pd.DataFrame(columns)
    return table[table["on_duty"] | (table["load_before"] > 0)].drop(columns="on_duty").reset_index(drop=True)


def branches_of(frame: pd.DataFrame, managers: Managers, unit: int) -> pd.DataFrame:
    """One line a branch; people and their limits stand under their home branch."""
    import pandas as pd

    code, names = pd.factorize(frame["branch_id"], sort=True)
    how, load, lent = (frame[name].to_numpy() for name in ("how", "load", "borrower"))
    out, gone = how == OUT, how == MOVED
    short = (frame["missing"] == "capacity").to_numpy(dtype=bool)

    def tally(rows: npt.NDArray[np.bool_], weights: npt.NDArray[np.int64] | None = None) -> npt.NDArray[np.float64]:
        return np.bincount(code[rows], None if weights is None else weights[rows], len(names)).astype(float)

    everyone = np.ones(len(frame), dtype=bool)
    table = pd.DataFrame(
        {
            "due": tally(everyone),
            "unassigned": tally(out),
            "unassigned_borrowers": tally(out & lent),
            "moved": tally(gone),
            "moved_borrowers": tally(gone & lent),
            "load_due": tally(everyone, load) / unit,
            "load_assigned": tally(~out, load) / unit,
            "short": tally(short, load) / unit,
        },
        index=names,
    )
    home = pd.DataFrame({"branch_id": managers.home, "capacity": managers.capacity, "on": managers.on_duty})
    home = home[home["on"]].groupby("branch_id")["capacity"].agg(["size", "sum"])
    table = (
        table.join(home.rename(columns={"size": "managers", "sum": "capacity"}), how="outer")
        .rename_axis("branch_id")
        .reset_index()
    )
    whole = ["due", "unassigned", "unassigned_borrowers", "moved", "moved_borrowers", "managers"]
    table[whole] = table[whole].fillna(0).astype("int64")
    table[["load_due", "load_assigned", "short"]] = table[["load_due", "load_assigned", "short"]].fillna(0.0)
    table["capacity"] = table["capacity"].replace(np.inf, np.nan)
    table["assigned"] = table["due"] - table["unassigned"]
    return table.sort_values("branch_id", ignore_index=True)
