"""How much is deposited, on the day and on average? Per account first, then per customer, in whole 分.

Average = opening + Σ signed × (end − day + 1) ÷ days, opening = close − Σ signed: no window function, one group-by on any engine.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw

from kehujingli.measures.activity import matches
from kehujingli.measures.closed_accounts import TOLD_FROM, left_of, vanished
from kehujingli.measures.collected import Apart, by_reading, in_parts, parts_of, to_pandas
from kehujingli.measures.day_close import closes, silent_after
from kehujingli.periods import Period
from kehujingli.tables.averages import WEIGHT, Span, products, weights_of
from kehujingli.tables.groups import Groups
from kehujingli.values import divide_half_up

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd


def flows(transactions: Any, spans: Mapping[str, Span], since: Iterable[int]) -> Any:
    """Per account, lazily: first and last day, customer, for each span Σ signed from its first day on and Σ signed × (its end − day + 1) within it.

    ``after_…``: Σ signed after each day of ``since``, to roll an older snapshot forward.
    """
    day, signed = nw.col("day"), nw.col("signed")
    ends = {span.last + 1 for span in spans.values()} | {start + 1 for start in since}
    cuts = sorted({span.first for span in spans.values()} | ends)
    stretch = {cut: number for number, cut in enumerate(cuts, 1)}
    base = cuts[-1]  # near the days that count: products stay small
    ready = transactions.select(
        "account_id",
        "customer_id",
        "day",
        "signed",
        stretch=sum((nw.when(day >= cut).then(1).otherwise(0) for cut in cuts), nw.lit(0)),
        product=signed * (day - base),
    )
    # First by stretch of days between two cuts, then from these what each span wants: a sum a span over every posting costs three times as much.
    parts = (
        ready.group_by("account_id", "stretch")
        .agg(
            nw.col("customer_id").max(),
            nw.col("day").min().alias("first_day"),
            nw.col("day").max().alias("last_day"),
            nw.col("signed").sum(),
            nw.col("product").sum(),
        )
        .with_columns(nw.col(name).cast(nw.Int64) for name in ("signed", "product"))
    )
    columns: dict[str, Any] = {}
    for name, span in spans.items():
        since_first, until = nw.col("stretch") >= stretch[span.first], nw.col("stretch") < stretch[span.last + 1]
        weighted = signed * (span.last + 1 - base) - nw.col("product")
        columns[f"sum_{name}"] = nw.when(since_first).then(signed).otherwise(0)
        columns[f"days_{name}"] = nw.when(since_first & until).then(weighted).otherwise(0)
    columns |= {
        f"after_{start}": nw.when(nw.col("stretch") >= stretch[start + 1]).then(signed).otherwise(0) for start in since
    }
    grouped = (
        parts.with_columns(**columns)
        .group_by("account_id")
        .agg(
            nw.col("customer_id").max(),
            nw.col("first_day").min(),
            nw.col("last_day").max(),
            nw.col("signed").sum().alias("sum_all"),
            *(nw.col(name).sum() for name in columns),
        )
    )
    return grouped.with_columns(
        *(nw.col(name).cast(nw.Int64) for name in ["first_day", "last_day", "sum_all", *columns])
    )


def account_figures(
    transactions: Any,
    accounts: pd.DataFrame,
    history: pd.DataFrame | None,
    period: Period,
    spans: Mapping[str, Span],
    apart: Apart = by_reading,
    groups: Groups | None = None,
) -> tuple[pd.DataFrame, list[int]]:
    """One row an account: balance on the last day, and for each span the sum over its days of the balance at day's end.

    ``transactions``: deposit postings up to the last day (narwhals). ``accounts``: the picture in use, each row with its day in ``snapshot``;
    ``history``: older ones too. Beside the rows: what is left unexplained of the last balance of accounts that vanished within the window (分).
    Columns: account_id, customer_id, branch_id, kind, rate, manager_id, opened, closed, matures_on, balance, opening_year; for each span
    ``product_…`` (分·days) and ``known_…`` (whether it can be told); average_month, average_year, average_last_year (official, 分).
    """
    # Long: one reckoning over the columns of one frame; in parts, each would carry all of them.
    import numpy as np
    import pandas as pd

    last = period.last
    told = accounts.assign(gone=pd.Series(pd.NA, index=accounts.index, dtype="Int64"))
    told = told[told["opened_on"].isna() | (told["opened_on"] <= last)]
    told = pd.concat([told, vanished(history, accounts, period)])[_TOLD].astype({"snapshot": "Int64", "gone": "Int64"})
    used = int(accounts["snapshot"].max()) if len(accounts) else last
    since = sorted({used, *map(int, told["snapshot"].unique())})
    parts = parts_of(transactions)

    def moving(some: Any) -> pd.DataFrame:
        fields = some.select("account_id", "customer_id", "day", "signed")
        return in_parts(fields, "account_id", lambda few: flows(few, spans, since), parts, apart)

    what = ("flows", tuple(spans.items()), tuple(since))
    moved = (groups or Groups()).of(what, "account_id", transactions, moving)
    moved = moved.sort_values("account_id", ignore_index=True)
    figures = told.merge(moved.rename(columns={"customer_id": "mover"}), on="account_id", how="outer")
    figures["customer_id"] = figures["customer_id"].where(figures["customer_id"].notna(), figures["mover"])
    sums = [column for column in moved.columns if column.startswith(("sum_", "days_", "after"))]
    figures[sums] = figures[sums].fillna(0).astype("int64")
    figures["after"] = _since(figures)
    coverage = int(moved["first_day"].min()) if len(moved) else last + 1
    left, silent = left_of(figures, used, coverage)
    figures = figures[figures["gone"].isna() | figures["first_day"].notna() | silent]
    left, silent = left[figures.index], silent[figures.index]
    gone = figures["gone"].notna()
    balance = (figures["balance"] + figures["after"]).mask(gone)
    lacking = balance.isna() & figures["first_day"].notna()
    if bool(lacking.any()):
        balance = balance.fillna(_closing(figures, lacking, transactions))
    balance = balance.mask(balance.isna() & gone, figures[f"after_{used}"])
    # An account opened inside the export began at zero: its postings alone tell its balance.
    begun = (figures["opened_on"] >= coverage).fillna(False).to_numpy(dtype=bool)
    known = balance.notna().to_numpy() | begun
    figures["balance"] = balance.fillna(figures["sum_all"]).astype("int64")
    first_day = figures["first_day"].fillna(2**31).astype("int64").to_numpy()
    opened = np.where(
        figures["opened_on"].isna(), -(2**31), np.minimum(figures["opened_on"].fillna(0).astype("int64"), first_day)
    )
    closed = figures["closed_on"].fillna(2**31).astype("int64").to_numpy()
    holding = figures["balance"].to_numpy()
    for name, span in spans.items():
        opening = holding - figures[f"sum_{name}"].to_numpy()
        days_open = np.clip(span.last - np.maximum(span.first, opened) + 1, 0, None)
        days_gone = np.clip(span.last - np.maximum(closed, span.first - 1), 0, None)
        figures[f"product_{name}"] = opening * days_open + figures[f"days_{name}"].to_numpy() - holding * days_gone
        # Last year's average is a base that people are paid by: told only where the export reaches back, or nothing was there before.
        reaches = (coverage <= span.first) | begun if name in ("last_year", "same_period") else True
        figures[f"known_{name}"] = known & reaches & ~_in_doubt(figures, silent, span.first)
    figures["opening_year"] = holding - figures["sum_year"].to_numpy()
    figures["opened"], figures["closed"], figures["known_opening"] = (
        opened,
        closed,
        known & ((coverage < spans["year"].first) | begun) & ~_in_doubt(figures, silent, spans["year"].first),
    )
    # Official averages of another day are averages of another window; those of another year are of another last year.
    figures[["average_month", "average_year"]] = figures[["average_month", "average_year"]].where(
        figures["snapshot"] == last
    )
    figures["average_last_year"] = figures["average_last_year"].where(figures["snapshot"] >= period.year_first)
    asked = left[(left.abs() > TOLD_FROM) & (figures["gone"] > spans["window"].first).fillna(False)]
    kept = [
        column
        for column in figures.columns
        if not column.startswith(("sum_", "days_", "after"))
        and column not in ("mover", "first_day", "last_day", "opened_on", "closed_on", "snapshot", "gone")
    ]
    return figures[kept].sort_values("account_id", ignore_index=True), asked.tolist()


def _since(figures: pd.DataFrame) -> pd.Series:
    """Σ signed after the day of each row's picture; nothing where it is in none."""
    after = figures["balance"] * 0
    for day in figures["snapshot"].dropna().unique():
        after = after.mask((figures["snapshot"] == day).fillna(False), figures[f"after_{day}"])
    return after


def _in_doubt(figures: pd.DataFrame, silent: pd.Series, first: int) -> npt.NDArray[np.bool_]:
    """Accounts that went, nobody knows when, after a span's first day."""
    doubt: npt.NDArray[np.bool_] = (silent & (figures["gone"] > first).fillna(False)).to_numpy(dtype=bool)
    return doubt


_TOLD = [
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
    "snapshot",
    "gone",
]


def _closing(figures: pd.DataFrame, lacking: pd.Series, transactions: Any) -> pd.Series:
    """The close of the last day that has one, plus what rows without a balance moved after it; asked of the accounts that lack a balance.

    Of a vanished account only one that is newer than its last picture.
    """
    asked = figures.loc[lacking, "account_id"]
    if len(asked) <= _FEW:
        transactions = transactions.filter(nw.col("account_id").is_in(asked.tolist()))
    ends = closes(transactions).set_index("account_id")
    closing = figures["account_id"].map(ends["close"]).astype("Int64")
    old = figures["account_id"].map(ends["close_day"]).astype("Int64") <= figures["snapshot"]
    closing = closing.mask(figures["gone"].notna() & old.fillna(False))
    late = silent_after(transactions, ends)
    return closing + figures["account_id"].map(late).fillna(0).astype("int64") if len(late) else closing


_FEW = 1_000
"""So many accounts are named in a question; of more, all are asked for."""


def interest_paid(
    postings: Any, words: Sequence[str], period: Period, groups: Groups | None = None
) -> pd.Series | None:
    """Customer → 分 of interest that the bank paid in the last twelve months: what came in under these words; nothing where none did, or
    where the postings do not reach back so far.

    ``postings``: those of deposit accounts (narwhals), of every month that was exported.
    """
    first = period.month - 11
    reach = to_pandas(postings.select(nw.col("month").min()))
    if not len(reach) or reach["month"].isna().all() or int(reach["month"].min()) > first:
        return None
    what = ("interest", tuple(words), first)
    sums = (groups or Groups()).of(what, "customer_id", postings, lambda some: to_pandas(interest(some, words, first)))
    paid: pd.Series = sums.set_index("customer_id")["signed"]
    return paid if len(paid) else None


def interest(postings: Any, words: Sequence[str], first_month: int) -> Any:
    """Per customer, lazily: Σ signed (分) that came in under these words from a month on."""
    return (
        postings.filter(
            (nw.col("month") >= first_month) & (nw.col("signed") > 0) & ~nw.col("reversed") & matches(words)
        )
        .group_by("customer_id")
        .agg(nw.col("signed").sum())
        .with_columns(nw.col("signed").cast(nw.Int64))
    )


_AVERAGES = (
    ("window", None, "average_deposit"),
    ("year", "average_year", "average_deposit_year"),
    ("month", "average_month", "average_deposit_month"),
    ("last_year", "average_last_year", "average_deposit_last_year"),
    ("same_period", None, "average_deposit_same_period"),
)
_FULL = ("window", "year", "last_year")
"""Averages that are told without weights too."""


def customer_figures(figures: pd.DataFrame, weights: Mapping[str, Decimal], spans: Mapping[str, Span]) -> pd.DataFrame:
    """One row a customer: deposit_balance, the three averages and last year's (分, weighted, rounded once), cost and demand parts;
    ``…_full``: 全口径, without weights.

    An average is missing where any of the customer's accounts cannot tell its own.
    """
    import pandas as pd

    factor, unit = factors_of(figures["kind"], weights)
    ready = pd.DataFrame({"customer_id": figures["customer_id"], "deposit_balance": figures["balance"]})
    owner = pd.factorize(figures["customer_id"])[0]
    for name, official, _ in _AVERAGES:
        product, known = products(figures, name, official, spans[name].days)
        guard(product, unit, owner)
        ready[f"product_{name}"], ready[f"unknown_{name}"] = product * factor, ~known
        if name in _FULL:
            ready[f"full_{name}"] = product
    ready["opening"], ready["unknown_opening"] = figures["opening_year"] * factor, ~figures["known_opening"]
    rate, balance = figures["rate"], figures["balance"]
    ready["cost_numerator"] = (rate * balance).fillna(0).astype("int64")
    ready["cost_denominator"] = balance.where(rate.notna(), 0).astype("int64")
    ready["demand_numerator"] = balance.where(figures["kind"] == "demand", 0).astype("int64")
    ready["demand_denominator"] = balance.where(figures["kind"].notna(), 0).astype("int64")
    sums = ready.groupby("customer_id", sort=True).sum()
    result = sums[
        ["deposit_balance", "cost_numerator", "cost_denominator", "demand_numerator", "demand_denominator"]
    ].astype("Int64")
    for name, _, measure in _AVERAGES:
        values = divide_half_up(sums[f"product_{name}"].to_numpy(), spans[name].days * unit)
        unknown = (sums[f"unknown_{name}"] > 0).to_numpy()
        result[measure] = pd.arrays.IntegerArray(values, unknown)
        if name in _FULL:
            whole = divide_half_up(sums[f"full_{name}"].to_numpy(), spans[name].days)
            result[f"{measure}_full"] = pd.arrays.IntegerArray(whole, unknown)
    opening = divide_half_up(sums["opening"].to_numpy(), unit)
    result["deposit_year_opening"] = pd.arrays.IntegerArray(opening, (sums["unknown_opening"] > 0).to_numpy())
    return result.reset_index()


def factors_of(kinds: pd.Series, weights: Mapping[str, Decimal]) -> tuple[Any, int]:
    """The weight of every account as a whole number, and of what unit: 1 where nothing is weighted."""
    weight = weights_of(kinds, weights)
    unit = 1 if bool((weight == WEIGHT).all()) else WEIGHT
    return weight // (WEIGHT // unit), unit


def guard(product: Any, unit: int, owner: Any) -> None:
    """Whole numbers of 64 bits hold 120 亿元 of one customer over a year where kinds are weighted; beyond, an answer would be wrong in silence.

    ``owner``: whose each product is, as whole numbers from 0 (−1: nobody's). Nothing here is added up over customers.
    """
    import numpy as np

    sums = np.bincount(owner + 1, np.abs(product.astype("float64")))[1:]
    if float(sums.max(initial=0)) * unit > _WIDEST:
        raise OverflowError("deposits of a customer are too large for 64-bit sums")


_WIDEST = 4.5e18
"""Rounding doubles a product once more."""


def differing_officials(figures: pd.DataFrame, spans: Mapping[str, Span]) -> tuple[int, int]:
    """Customers whose official 月日均 or 年日均 differs by more than 1 元 from the computed one, and the worst difference (分)."""
    import numpy as np

    customers: set[str] = set()
    worst = 0
    for name, official in (("year", "average_year"), ("month", "average_month")):
        given = (figures[official].notna() & figures[f"known_{name}"]).to_numpy(dtype=bool)
        if not given.any():
            continue
        computed = divide_half_up(figures.loc[given, f"product_{name}"].to_numpy(), spans[name].days)
        gap = np.abs(figures.loc[given, official].astype("int64").to_numpy() - computed)
        customers |= set(figures.loc[given, "customer_id"][gap > 100])
        worst = max(worst, int(gap.max(initial=0)))
    return len(customers), worst
