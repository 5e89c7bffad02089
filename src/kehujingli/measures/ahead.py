"""What would each customer amount to a month from now if nothing happened? The measures of next month from what this month kept: no posting is read.

Balances stay as they are, no customer does anything, what falls due stands on. The window moves on by a month.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from kehujingli.measures.deposits import factors_of, guard
from kehujingli.periods import Period
from kehujingli.tables.averages import products, spans_of
from kehujingli.values import divide_half_up, places

if TYPE_CHECKING:
    import pandas as pd

    from kehujingli.rules import SegmentRules

NEEDS = {"classes": ("leaving_transactions", "average_loan_next"), "accounts": ("product_next", "known_next")}
"""What a month must have kept; one of an older version has not."""


def next_month(classes: pd.DataFrame, accounts: pd.DataFrame, rules: SegmentRules, period: Period) -> pd.DataFrame:
    """One row a customer, as ``measure`` gives them for the month after ``period``: what ``segment`` needs of them.

    ``classes``, ``accounts``: as the month keeps them (money in 分).
    """
    coming = Period.of_month(period.month + 1)
    leaving = classes["leaving_transactions"].fillna(0)
    frame = classes[["customer_id", "last_active", "deposit_balance", "loan_balance"]].assign(
        active_months=classes["active_months"] - (leaving > 0).astype("int64"),
        transactions=classes["transactions"] - leaving,
        idle_days=coming.last - classes["last_active"],
        average_loan=classes["average_loan_next"],
    )
    deposits = _deposits(accounts, rules.deposit_weights, rules.window_months, period)
    at = places(frame["customer_id"], deposits["customer_id"])
    held = deposits.drop(columns="customer_id").take(at.clip(min=0) if len(deposits) else at[:0]).reset_index(drop=True)
    held = held.reindex(range(len(frame))).set_axis(frame.index)
    return frame.assign(**{name: held[name].where(at >= 0, classes[name]) for name in held.columns})


def _deposits(
    accounts: pd.DataFrame, weights: Mapping[str, Decimal], window_months: int, period: Period
) -> pd.DataFrame:
    """customer_id, average_deposit, average_deposit_month, average_deposit_year of next month, missing where an account cannot tell its own."""
    import numpy as np
    import pandas as pd

    coming = Period.of_month(period.month + 1)
    now, then = spans_of(period, window_months), spans_of(coming, window_months)
    balance = accounts["balance"].astype("int64").to_numpy()
    year, known_year = products(accounts, "year", "average_year", now["year"].days)
    begun = coming.year == period.year
    year = year * begun + balance * (then["month"].last - period.last if begun else then["year"].days)
    known_year = known_year | (not begun)
    sure = np.ones(len(accounts), dtype=bool)
    window, known_window = products(accounts, "next", None, then["window"].days)
    figures = {
        "average_deposit": (window, known_window, then["window"].days),
        "average_deposit_month": (balance * then["month"].days, sure, then["month"].days),
        "average_deposit_year": (year, known_year, then["year"].days),
    }
    factor, unit = factors_of(accounts["kind"], weights)
    told = pd.DataFrame({"customer_id": accounts["customer_id"].to_numpy()})
    owner = pd.factorize(accounts["customer_id"])[0]
    for name, (product, known, _) in figures.items():
        guard(product, unit, owner)
        told[name], told[f"lacks_{name}"] = product * factor, ~known
    sums = told.groupby("customer_id", sort=True).sum()
    averages = {
        name: pd.arrays.IntegerArray(
            divide_half_up(sums[name].to_numpy(), days * unit), (sums[f"lacks_{name}"] > 0).to_numpy()
        )
        for name, (_, _, days) in figures.items()
    }
    return pd.DataFrame(averages, index=sums.index).reset_index()
