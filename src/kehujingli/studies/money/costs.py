"""Whom does a cost belong to? The rows of 费用 that the month bears, shared out by driver among the customers of their branch or manager, exact to the 分."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import kehujingli.terms as house
from kehujingli.errors import Finding, finding
from kehujingli.periods import Named, Period, named_months
from kehujingli.studies.words import rows_of
from kehujingli.values import listed, places, text_of, times, whole_parts

if TYPE_CHECKING:
    import pandas as pd

_SHOWN = 5
NO_DRIVER = ""
"""Of a cost that says no driver."""


@dataclass(frozen=True)
class Shared:
    """``parts``: at (the customer's place among the people), driver, cost in 分, pool. ``lost``: branch_id, holder_id, driver, cost, pool of what no
    customer can be charged with, at = -1. ``kinds``: kind, driver, cost, shared: what the month bore, and how much of it came to customers.
    ``pools``: the kinds of each pool (what one branch or manager bears by one driver), by its number."""

    parts: pd.DataFrame
    lost: pd.DataFrame
    kinds: pd.DataFrame
    pools: Sequence[tuple[str, ...]]
    findings: list[Finding]


def borne(costs: pd.DataFrame, period: Period) -> tuple[pd.DataFrame, list[Finding]]:
    """branch_id, holder_id, kind, driver, cost (分), source_row of the rows that the month bears: its own, and its part of a quarter's or a year's."""
    import pandas as pd

    texts = {said: named_months(said) for said in costs["period"].dropna().unique()}
    strange = [said for said, months in texts.items() if months is None]
    rows, bare, told = [], [], []
    columns = ("period", "branch_id", "manager_id", "kind", "driver", "amount", "source_row")
    for said, branch, manager, kind, driver, amount, row in zip(
        *(listed(costs[name]) for name in columns), strict=True
    ):
        months = texts.get(said)
        if months is None or not months.holds(period.month) or amount is None:
            continue
        part = _part(int(amount), months, period)
        rows.append((branch or "", manager or "", kind or "没写", driver or NO_DRIVER, part, row))
        if not driver:
            bare.append((row, part))
    if strange:
        lost = costs[costs["period"].isin(strange)]
        told.append(
            finding("study.cost-period", count=len(lost), rows=_rows(lost["source_row"]), value=text_of(strange[0]))
        )
    if bare:
        amount = sum(part for _, part in bare)
        told.append(finding("study.cost-driver", count=len(bare), rows=_rows(row for row, _ in bare), amount=amount))
    return pd.DataFrame(rows, columns=["branch_id", "holder_id", "kind", "driver", "cost", "source_row"]), told


def _rows(rows: Iterable[int]) -> str:
    """Rows of the sheet, the first few of them."""
    return "、".join(str(row) for row in list(rows)[:_SHOWN])


def _part(amount: int, months: Named, period: Period) -> int:
    """The month's part of a cost of several months: they add up to it, the first bear the odd 分."""
    each, odd = divmod(amount, months.last - months.first + 1)
    return each + (period.month - months.first < odd)


def weights_of(people: pd.DataFrame, lines: pd.DataFrame, went: pd.DataFrame) -> pd.DataFrame:
    """What each driver weighs of each of the ``people``. ``lines``: side, average and ``at``, a place among them; ``went``: as ``visited.visits_of``."""
    import numpy as np
    import pandas as pd

    average = np.zeros(len(people) + 1, dtype="int64")  # the last is nobody's
    held = lines[lines["side"] == "deposit"]
    np.add.at(average, held["at"].to_numpy(), held["average"].to_numpy(dtype="int64"))
    place = places(people["customer_id"], went.index.to_series())
    visited = np.append(went["visits"].to_numpy(dtype="int64"), 0)[place]
    return pd.DataFrame(
        {
            "branch_id": people["branch_id"].fillna(""),
            "holder_id": people["holder_id"].fillna(""),
            "customers": 1,
            "transactions": people["transactions"].fillna(0).astype("int64"),
            "visits": visited,
            "deposits": average[:-1],
            "loans": people["loan_balance"].fillna(0).astype("int64"),
        }
    )


def shared(rows: pd.DataFrame, people: pd.DataFrame) -> Shared:
    """``rows`` as ``borne`` has them; ``people``: branch_id, holder_id and a column of whole weights for each of ``terms.DRIVERS``, in the order of their numbers."""
    import numpy as np
    import pandas as pd

    where, numbers, parts, lost = [], [], [], []
    by = rows.groupby(["branch_id", "holder_id", "driver"], sort=True)
    pools = by["cost"].sum()
    kinds = [tuple(sorted(set(own))) for own in by["kind"].agg(list)]
    homes = {key: people.groupby(key, sort=False).indices for key in ("branch_id", "holder_id")}
    weights = {key: people[key].to_numpy(dtype="int64") for key in house.DRIVERS}
    for number, ((branch, manager, driver), amount) in enumerate(pools.items()):
        known = homes["holder_id"].get(manager) if manager else homes["branch_id"].get(branch) if branch else None
        own = weights[driver][known].clip(min=0) if known is not None and driver else np.zeros(0, dtype="int64")
        whole = sum(own.tolist())
        if known is None or not whole:
            lost.append((-1, branch, manager, driver, int(amount), number))
            continue
        cost = whole_parts(times(own, int(amount)), whole)
        where.append(known[cost != 0])
        parts.append(cost[cost != 0])
        numbers.append(np.full(len(parts[-1]), number))
    none = np.zeros(0, dtype="int64")
    pool = np.concatenate([none, *numbers])
    drivers = np.array(
        [list(house.DRIVERS).index(driver) if driver else -1 for *_, driver in pools.index], dtype="int8"
    )
    parted = pd.DataFrame(
        {
            "at": np.concatenate([none, *where]),
            "driver": pd.Categorical.from_codes(drivers[pool], list(house.DRIVERS)),
            "cost": np.concatenate([none, *parts]),
            "pool": pool,
        }
    )
    left = pd.DataFrame(lost, columns=["at", "branch_id", "holder_id", "driver", "cost", "pool"])
    left = left.astype(dict.fromkeys(("at", "cost", "pool"), "int64"))
    return Shared(parted, left, _kinds(rows, left), kinds, _nothing(rows, left))


def _kinds(rows: pd.DataFrame, lost: pd.DataFrame) -> pd.DataFrame:
    gone = set(zip(lost["branch_id"], lost["holder_id"], lost["driver"], strict=True))
    keys = zip(rows["branch_id"], rows["holder_id"], rows["driver"], strict=True)
    reached = rows["cost"].where([key not in gone for key in keys], 0).astype("int64")
    return rows.assign(shared=reached).groupby(["kind", "driver"], sort=True)[["cost", "shared"]].sum().reset_index()


def _nothing(rows: pd.DataFrame, lost: pd.DataFrame) -> list[Finding]:
    """Costs whose driver adds up to nothing where they fell, one finding a driver; and those that say no place."""
    told = []
    for driver, own in lost[lost["driver"] != NO_DRIVER].groupby("driver", sort=True):
        nowhere = (own["branch_id"] == "") & (own["holder_id"] == "")
        for code, pools in (("study.cost-nothing", own[~nowhere]), ("study.cost-whose", own[nowhere])):
            if pools.empty:
                continue
            gone = set(zip(pools["branch_id"], pools["holder_id"], strict=True))
            keys = zip(rows["branch_id"], rows["holder_id"], rows["driver"], strict=True)
            where = rows_of(rows[[(branch, holder) in gone and by == driver for branch, holder, by in keys]])
            whose = [
                f"工号 {holder}" if holder else f"机构 {branch}"
                for branch, holder in zip(pools["branch_id"], pools["holder_id"], strict=True)
            ]
            more = " 等" if len(whose) > _SHOWN else ""
            told.append(
                finding(
                    code,
                    count=len(pools),
                    rows=where,
                    whose="、".join(whose[:_SHOWN]) + more,
                    driver=house.DRIVERS[str(driver)],
                    amount=int(pools["cost"].sum()),
                )
            )
    return told
