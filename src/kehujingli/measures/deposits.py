"""How much is deposited, on the day and on average? Per account first, then per customer, in whole 分.

Average = opening + Σ signed × (end − day + 1) ÷ days, opening = close − Σ signed: no window function, one group-by on any engine.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw

from kehujingli.measures.arithmetic import divide_half_up
from kehujingli.measures.closing import closes
from kehujingli.periods import Period

if TYPE_CHECKING:
    import pandas as pd

WEIGHT = 10_000
"""Deposit weights as whole numbers: four decimals (the rules allow no more)."""


@dataclass(frozen=True)
class Spans:
    """First days of the three averages; all end on the period's last day."""

    window: int
    year: int
    month: int
    last: int

    @classmethod
    def of(cls, period: Period, window_months: int) -> Spans:
        return cls(period.window_first(window_months), period.year_first, period.first, period.last)

    def items(self) -> list[tuple[str, int]]:
        return [("window", self.window), ("year", self.year), ("month", self.month)]

    def days(self, name: str) -> int:
        first: int = getattr(self, name)
        return self.last - first + 1


def flows(transactions: Any, spans: Spans, since: int | None) -> pd.DataFrame:
    """Per account: first day, customer, and for each span Σ signed and Σ signed × (end − day + 1); ``after``: Σ signed after ``since``."""
    day, signed = nw.col("day"), nw.col("signed")
    columns: dict[str, Any] = {}
    for name, first in spans.items():
        inside = nw.when(day >= first).then(signed).otherwise(0)
        columns[f"sum_{name}"] = inside
        columns[f"days_{name}"] = inside * (spans.last - day + 1)
    columns["after"] = nw.when(day > (spans.last if since is None else since)).then(signed).otherwise(0)
    ready = transactions.select("account_id", "customer_id", "day", "signed", **columns)
    sums = [nw.col(name).sum() for name in columns]
    grouped = ready.group_by("account_id").agg(
        nw.col("customer_id").max(),
        nw.col("day").min().alias("first_day"),
        nw.col("signed").sum().alias("sum_all"),
        *sums,
    )
    whole = grouped.with_columns(*(nw.col(name).cast(nw.Int64) for name in ["first_day", "sum_all", *columns]))
    collected = whole.collect("pandas") if isinstance(whole, nw.LazyFrame) else whole
    native: pd.DataFrame = collected.to_native()
    return native.sort_values("account_id", ignore_index=True)


def account_figures(
    transactions: Any, accounts: pd.DataFrame, snapshot_day: int | None, period: Period, window_months: int
) -> pd.DataFrame:
    """One row an account: balance on the last day, and for each span the sum over its days of the balance at day's end.

    ``transactions``: deposit postings up to the last day (narwhals). ``accounts``: the snapshot in use, of ``snapshot_day``.
    Columns: account_id, customer_id, branch_id, kind, rate, manager_id, opened, closed, balance, product_window, product_year,
    product_month (分·days), known (averages can be told), average_month, average_year, average_last_year (official, 分).
    """
    import numpy as np
    import pandas as pd

    spans = Spans.of(period, window_months)
    moved = flows(transactions, spans, snapshot_day)
    told = accounts[(accounts["opened_on"].isna()) | (accounts["opened_on"] <= period.last)]
    figures = told[
        [
            "account_id",
            "customer_id",
            "branch_id",
            "kind",
            "rate",
            "manager_id",
            "opened_on",
            "closed_on",
            "matures_on",
            "balance",
            "average_month",
            "average_year",
            "average_last_year",
        ]
    ].merge(moved.rename(columns={"customer_id": "mover"}), on="account_id", how="outer")
    figures["customer_id"] = figures["customer_id"].where(figures["customer_id"].notna(), figures["mover"])
    sums = [column for column in moved.columns if column.startswith(("sum_", "days_", "after"))]
    figures[sums] = figures[sums].fillna(0).astype("int64")
    snapshot = figures["balance"] + figures["after"]
    if snapshot.isna().any():
        lacking = figures.loc[snapshot.isna() & figures["first_day"].notna(), "account_id"]
        ends = closes(transactions) if len(lacking) else pd.DataFrame({"account_id": [], "close": [], "close_day": []})
        figures = _with_closes(figures, ends, transactions)
    else:
        figures["closing"] = pd.Series(pd.NA, index=figures.index, dtype="Int64")
    coverage = int(moved["first_day"].min()) if len(moved) else period.last + 1
    balance = snapshot.reset_index(drop=True).fillna(figures["closing"])
    # An account opened inside the export began at zero: its postings alone tell its balance.
    begun = (figures["opened_on"] >= coverage).fillna(False)
    figures["known"] = (balance.notna() | begun).to_numpy(dtype=bool)
    figures["balance"] = balance.fillna(figures["sum_all"]).astype("int64")
    opened = np.minimum(
        figures["opened_on"].fillna(-(2**31)).astype("int64"), figures["first_day"].fillna(2**31).astype("int64")
    )
    opened = np.where(figures["opened_on"].isna(), -(2**31), opened)
    closed = figures["closed_on"].fillna(2**31).astype("int64").to_numpy()
    for name, first in spans.items():
        opening = (figures["balance"] - figures[f"sum_{name}"]).to_numpy()
        days_open = np.clip(period.last - np.maximum(first, opened) + 1, 0, None)
        days_gone = np.clip(period.last - np.maximum(closed, first - 1), 0, None)
        figures[f"product_{name}"] = (
            opening * days_open + figures[f"days_{name}"].to_numpy() - figures["balance"].to_numpy() * days_gone
        )
    figures["opened"], figures["closed"] = opened, closed
    if snapshot_day != period.last:
        # Official averages of another day are averages of another window.
        figures[["average_month", "average_year"]] = pd.NA
    kept = [
        "account_id",
        "customer_id",
        "branch_id",
        "kind",
        "rate",
        "manager_id",
        "opened",
        "closed",
        "matures_on",
        "balance",
        "known",
    ]
    averages = ["product_window", "product_year", "product_month", "average_month", "average_year", "average_last_year"]
    return figures[[*kept, *averages]].sort_values("account_id", ignore_index=True)


def _with_closes(figures: pd.DataFrame, ends: pd.DataFrame, transactions: Any) -> pd.DataFrame:
    """The close of the last day that has one, plus what rows without a balance moved after it."""
    figures = figures.merge(ends, on="account_id", how="left")
    silent = transactions.filter(nw.col("balance").is_null()).select("account_id", "day", "signed")
    collected = silent.collect("pandas") if isinstance(silent, nw.LazyFrame) else silent
    rows: pd.DataFrame = collected.to_native()
    closing = figures["close"].astype("Int64")
    if len(rows):
        late = rows.merge(ends[["account_id", "close_day"]], on="account_id")
        late = late[late["day"] > late["close_day"]].groupby("account_id")["signed"].sum()
        closing = closing + figures["account_id"].map(late).fillna(0).astype("int64")
    return figures.drop(columns=["close", "close_day"]).assign(closing=closing)


def weights_of(kinds: pd.Series, weights: Mapping[str, Decimal]) -> Any:
    """The deposit weight of every account as a whole number of 1/10000."""
    whole = {kind: int(weight * WEIGHT) for kind, weight in weights.items()}
    return kinds.map(lambda kind: whole.get(kind, WEIGHT)).fillna(WEIGHT).astype("int64").to_numpy()


def customer_figures(figures: pd.DataFrame, weights: Mapping[str, Decimal], spans: Spans) -> pd.DataFrame:
    """One row a customer: deposit_balance, the three averages and last year's (分, weighted, rounded once), cost and demand parts.

    An average is missing where any of the customer's accounts cannot tell its own.
    """
    import numpy as np
    import pandas as pd

    weight = weights_of(figures["kind"], weights)
    unit = 1 if bool((weight == WEIGHT).all()) else WEIGHT
    factor = weight // (WEIGHT // unit)
    ready = pd.DataFrame({"customer_id": figures["customer_id"], "deposit_balance": figures["balance"]})
    for name, official in (("window", None), ("year", "average_year"), ("month", "average_month")):
        product = figures[f"product_{name}"].to_numpy()
        known = figures["known"].to_numpy()
        if official:
            given = figures[official].notna().to_numpy()
            product = np.where(
                given, figures[official].fillna(0).astype("int64").to_numpy() * spans.days(name), product
            )
            known = known | given
        _guard(product, unit)
        ready[f"product_{name}"], ready[f"unknown_{name}"] = product * factor, ~known
    ready["last_year"] = figures["average_last_year"].fillna(0).astype("int64") * factor
    ready["no_last_year"] = figures["average_last_year"].isna().to_numpy()
    rate, balance = figures["rate"], figures["balance"]
    ready["cost_numerator"] = (rate * balance).fillna(0).astype("int64")
    ready["cost_denominator"] = balance.where(rate.notna(), 0).astype("int64")
    ready["demand_numerator"] = balance.where(figures["kind"] == "demand", 0).astype("int64")
    ready["demand_denominator"] = balance.where(figures["kind"].notna(), 0).astype("int64")
    sums = ready.groupby("customer_id", sort=True).sum()
    result = sums[
        ["deposit_balance", "cost_numerator", "cost_denominator", "demand_numerator", "demand_denominator"]
    ].astype("Int64")
    for name, measure in (
        ("window", "average_deposit"),
        ("year", "average_deposit_year"),
        ("month", "average_deposit_month"),
    ):
        values = divide_half_up(sums[f"product_{name}"].to_numpy(), spans.days(name) * unit)
        result[measure] = pd.arrays.IntegerArray(values, (sums[f"unknown_{name}"] > 0).to_numpy())
    last_year = divide_half_up(sums["last_year"].to_numpy(), unit)
    result["average_deposit_last_year"] = pd.arrays.IntegerArray(last_year, (sums["no_last_year"] > 0).to_numpy())
    return result.reset_index()


def _guard(product: Any, unit: int) -> None:
    """Whole numbers of 64 bits hold ten thousand 亿元·days; beyond that an answer would be wrong in silence."""
    import numpy as np

    if len(product) and float(np.abs(product.astype("float64")).sum()) * unit > 9e18:
        raise OverflowError("deposits are too large for 64-bit sums")


def differing_officials(figures: pd.DataFrame, spans: Spans) -> tuple[int, int]:
    """Customers whose official 月日均 or 年日均 differs by more than 1 元 from the computed one, and the worst difference (分)."""
    import numpy as np

    customers: set[str] = set()
    worst = 0
    for name, official in (("year", "average_year"), ("month", "average_month")):
        given = (figures[official].notna() & figures["known"]).to_numpy()
        if not given.any():
            continue
        computed = divide_half_up(figures.loc[given, f"product_{name}"].to_numpy(), spans.days(name))
        gap = np.abs(figures.loc[given, official].astype("int64").to_numpy() - computed)
        customers |= set(figures.loc[given, "customer_id"][gap > 100])
        worst = max(worst, int(gap.max(initial=0)))
    return len(customers), worst
