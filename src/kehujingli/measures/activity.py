"""How often did the customer come? Activity counts only what the customer did: not interest, not pensions, not reversed pairs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import narwhals.stable.v2 as nw

from kehujingli.periods import Period


def matches(words: Sequence[str]) -> nw.Expr:
    """Whether 业务类型 or 摘要 holds one of these words."""
    if not words:
        return nw.lit(False)
    pattern = "|".join(re.escape(word) for word in words)
    kind, memo = (nw.col(column).str.contains(pattern).fill_null(False) for column in ("kind", "memo"))
    return kind | memo


def activity(
    transactions: Any, exclude: Sequence[str], passive: Sequence[str], period: Period, window_months: int
) -> Any:
    """Per customer, lazily: active_months, transactions, turnover (分) in the window; last_active (day) ever; passive_transactions.

    ``transactions``: a narwhals frame with customer_id, day, month, amount, kind, memo, own, reversed.
    """
    first_month = period.month - window_months + 1
    told = transactions.select(
        "customer_id", "day", "month", "amount", "own", "reversed", excluded=matches(exclude), passive=matches(passive)
    )
    done = told.filter(~nw.col("excluded") & ~nw.col("passive") & ~nw.col("own") & ~nw.col("reversed"))
    monthly = (
        done.with_columns(size=nw.col("amount").abs())
        .group_by("customer_id", "month")
        .agg(
            nw.len().alias("transactions"),
            nw.col("size").sum().alias("turnover"),
            nw.col("day").max().alias("last_active"),
        )
        .with_columns(nw.col("transactions").cast(nw.Int64), nw.col("turnover").cast(nw.Int64))
    )
    ever = monthly.group_by("customer_id").agg(nw.col("last_active").max())
    window = (
        monthly.filter(nw.col("month") >= first_month)
        .group_by("customer_id")
        .agg(nw.len().alias("active_months"), nw.col("transactions").sum(), nw.col("turnover").sum())
    )
    came = told.filter(nw.col("passive") & ~nw.col("excluded") & ~nw.col("reversed") & (nw.col("month") >= first_month))
    passively = came.group_by("customer_id").agg(nw.len().alias("passive_transactions"))
    joined = ever.join(window, on="customer_id", how="left")
    return joined, passively


def active_months_since(transactions: Any, exclude: Sequence[str], passive: Sequence[str], first_month: int) -> Any:
    """Per customer and month from ``first_month`` on: one row where there was activity. For customers woken."""
    told = transactions.filter(nw.col("month") >= first_month).select(
        "customer_id", "month", "own", "reversed", excluded=matches(exclude), passive=matches(passive)
    )
    done = told.filter(~nw.col("excluded") & ~nw.col("passive") & ~nw.col("own") & ~nw.col("reversed"))
    return done.group_by("customer_id", "month").agg(nw.len().alias("transactions"))
