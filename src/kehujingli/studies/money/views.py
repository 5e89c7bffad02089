"""How does one set of exact rows become every view? Each account, loan, fee and share of a cost goes to one customer or to nobody; every view is a sum of those.

So customers, groups, managers and branches add up to the institution, and products do as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from math import floor
from typing import TYPE_CHECKING, Any

import kehujingli.terms as house
from kehujingli.studies.money.costs import NO_DRIVER, Shared
from kehujingli.studies.words import words_of

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

MEASURES = (
    "deposits",
    "loans",
    "deposit_profit",
    "loan_profit",
    "fees",
    "expected_loss",
    "cost",
    "loan_cost",
    "unpriced",
    "bare_loans",
)
"""Whole 分, all of which add up; ``loan_cost`` is the part of ``cost`` that 贷款余额 drives, ``bare_loans`` that of ``unpriced`` that is loans."""
NOBODY = "没有分到户"
_NO_BRANCH = "没有机构"
_DRIVEN = {**house.DRIVERS, NO_DRIVER: "没写动因"}
_Amounts = Mapping[str, Any]


@dataclass(frozen=True)
class Whole:
    """``units``: ``customer_id``, ``group``, ``branch``, ``manager`` in words and ``MEASURES`` of each customer that has any, then of what is nobody's.

    ``products``: part, customers and ``MEASURES``. ``driven``: (group, driver) → cost, and the kinds that it is of.
    """

    units: pd.DataFrame
    products: pd.DataFrame
    driven: Mapping[tuple[str, str], tuple[int, tuple[str, ...]]]


def whole_of(lines: pd.DataFrame, income: pd.DataFrame, spent: Shared | None, people: pd.DataFrame) -> Whole:
    """``people``: one row a customer; ``at`` of the others is its place there, -1 for nobody's, which keep ``branch_id`` and ``holder_id``."""
    import numpy as np
    import pandas as pd

    sums = {key: np.zeros(len(people) + 1, dtype="int64") for key in MEASURES}
    any_ = np.zeros(len(people) + 1, dtype=bool)
    products, nobody = [], []
    for rows, at, prefix, part, amounts in _sources(lines, income, spent):
        any_[at] = True
        for key, values in amounts.items():
            np.add.at(sums[key], at, values)
        products.append(_products(at, prefix, part, amounts))
        bare = np.flatnonzero(at < 0)
        if len(bare):
            places = rows.iloc[bare].reindex(columns=["branch_id", "holder_id"]).astype("object").reset_index(drop=True)
            nobody.append(places.assign(**{key: values[bare] for key, values in amounts.items()}))
    own = np.flatnonzero(any_[:-1])
    units = pd.DataFrame({key: values[own] for key, values in sums.items()})
    kept = people.iloc[own].reset_index(drop=True)
    units = pd.concat([kept[["customer_id", "group", "branch_id", "holder_id"]], units], axis=1)
    units = pd.concat([units, *nobody], ignore_index=True)
    measures = units[list(MEASURES)].fillna(0).astype("int64")
    parts = pd.concat(products, ignore_index=True)
    return Whole(_named(units, people).assign(**measures), _filled(parts), _driven(spent, people))


def _sources(
    lines: pd.DataFrame, income: pd.DataFrame, spent: Shared | None
) -> Iterator[tuple[pd.DataFrame, npt.NDArray[np.int64], str, pd.Series, _Amounts]]:
    """Rows, whose they are, which product, and their amounts: deposits, loans, fees, costs, costs that nobody bears."""
    import numpy as np

    for side in house.PRICED:
        rows = lines[lines["side"] == side]
        average, profit = rows["average"].to_numpy(dtype="int64"), rows["profit"].to_numpy(dtype="int64")
        unpriced = np.where((rows["lacks"] == "").to_numpy(dtype=bool), 0, average)
        amounts = {f"{side}s": average, f"{side}_profit": profit, "unpriced": unpriced}
        if side == "loan":
            amounts |= {"expected_loss": rows["loss"].to_numpy(dtype="int64"), "bare_loans": unpriced}
        yield rows, rows["at"].to_numpy(dtype="int64"), f"{house.PRICED[side]} ", rows["what"], amounts
    yield income, income["at"].to_numpy(dtype="int64"), "中收 ", income["what"], {"fees": income["fees"].to_numpy()}
    for rows in (spent.parts, spent.lost) if spent is not None else ():
        cost = rows["cost"].to_numpy(dtype="int64")
        lent = np.where((rows["driver"] == "loans").to_numpy(dtype=bool), cost, 0)
        at = rows["at"].to_numpy(dtype="int64")
        yield rows, at, "费用 ", rows["driver"], {"cost": cost, "loan_cost": lent}


def _products(at: npt.NDArray[np.int64], prefix: str, part: pd.Series, amounts: _Amounts) -> pd.DataFrame:
    """part, customers and the amounts, one row a product of one source."""
    import numpy as np
    import pandas as pd

    codes, names = pd.factorize(part.array)
    sums = {key: np.zeros(len(names), dtype="int64") for key in amounts}
    for key, values in amounts.items():
        np.add.at(sums[key], codes, values)
    seen = np.zeros((len(names), int(at.max(initial=-1)) + 2), dtype=bool)  # the last place is nobody's
    seen[codes, at] = True
    counts = seen[:, :-1].sum(axis=1)
    said = [prefix + _DRIVEN.get(str(name), str(name)) for name in names]
    return pd.DataFrame({"part": said, "customers": counts, **sums})


def _filled(parts: pd.DataFrame) -> pd.DataFrame:
    """Every measure there; the same driver of what somebody and what nobody bears in one row."""
    told = parts.reindex(columns=["part", "customers", *MEASURES])
    return told.fillna(dict.fromkeys(MEASURES, 0)).groupby("part", sort=True).sum().astype("int64").reset_index()


def _named(units: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    """Branches, managers and groups in words; what is nobody's has a line of its own."""
    called = words_of(people["branch_id"], people["branch_name"], _NO_BRANCH)
    branches = dict(zip(people["branch_id"], called, strict=True))
    held = people.dropna(subset=["holder_id"]).drop_duplicates("holder_id")
    names = dict(zip(held["holder_id"], held["manager_name"].fillna("") + " " + held["holder_id"], strict=True))
    branch, holder = (units[key].astype("object").replace("", None) for key in ("branch_id", "holder_id"))
    manager = holder.map(names).fillna(holder).str.strip()
    return units.assign(
        known=units["customer_id"].notna(),
        customer_id=units["customer_id"].fillna(NOBODY),
        group=units["group"].fillna(NOBODY),
        branch=branch.map(branches).fillna(branch).fillna(_NO_BRANCH),
        manager=manager.fillna(house.UNHELD),
    )


def _driven(spent: Shared | None, people: pd.DataFrame) -> dict[tuple[str, str], tuple[int, tuple[str, ...]]]:
    if spent is None:
        return {}
    groups = people["group"].fillna(NOBODY).astype("category")
    rows = spent.parts[["driver", "pool", "cost"]].assign(group=groups.array[spent.parts["at"].to_numpy()])
    lost = spent.lost[["driver", "pool", "cost"]].assign(group=NOBODY)
    found: dict[tuple[str, str], tuple[int, tuple[str, ...]]] = {}
    for part in (rows, lost):
        for (group, driver, pool), cost in (
            part.groupby(["group", "driver", "pool"], observed=True)["cost"].sum().items()
        ):
            sum_, kinds = found.get((group, driver), (0, ()))
            found[group, driver] = sum_ + int(cost), tuple(sorted({*kinds, *spent.pools[pool]}))
    return found


def view(rows: pd.DataFrame, by: str, days: int, month: int, capital: Decimal) -> pd.DataFrame:
    """``rows``: units, or products with ``by`` = part. ``part``, customers, ``MEASURES``, output, contribution, per_cost, raroc, priced; the largest contribution first.

    ``raroc`` is of the loans that have a price, which bear their share of the costs; ``priced``: what share of the loans they are.

    ``days``: of profit and loss, ``month``: of costs, which a month bears as a whole.
    """
    counted = rows if "customers" in rows else rows.assign(customers=rows["known"].astype("int64"))
    share = ((rows["loans"] - rows["bare_loans"]) / rows["loans"]).where(rows["loans"] > 0, 1.0)
    counted = counted.assign(borne=rows["loan_cost"] * share)
    sums = counted.groupby(by, sort=True)[["customers", *MEASURES, "borne"]].sum()
    output = sums["deposit_profit"] + sums["loan_profit"] + sums["fees"] - sums["expected_loss"]
    priced = (sums["loans"] - sums["bare_loans"]).astype("float64")
    lent = (sums["loan_profit"] - sums["expected_loss"]) / days - sums["borne"] / month
    stake = priced * float(capital)
    told = (
        sums.drop(columns="borne")
        .assign(
            output=output,
            contribution=output - sums["cost"],
            per_cost=(output / sums["cost"]).where(sums["cost"] > 0).round(2),
            raroc=(lent * 365 / stake).where(stake > 0),
            priced=(priced / sums["loans"]).where(sums["loans"] > 0),
        )
        .reset_index()
    )
    told["part"] = told[by]
    return told.sort_values(["contribution", by], ascending=[False, True], kind="stable", ignore_index=True)


def floored(share: float) -> str:
    """As per cent; a share that is not all never reads 100%."""
    return f"{floor(share * 10_000) / 100:.2f}%"
