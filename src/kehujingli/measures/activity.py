"""How often did the customer come? Activity counts only what the customer did: not interest, not pensions, not reversed pairs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import narwhals.stable.v2 as nw

from kehujingli.periods import Period
from kehujingli.terms import BALANCE_ROWS


def pattern(words: Sequence[str]) -> str:
    """What finds one of these words. 年费 in 支付2026年费用 is none: behind a number 年, 月 and 日 belong to it, unless the text ends there."""
    return "|".join(
        rf"(?:^|[^0-9０-９]){word}|{word}(?:$|[^一-龥])" if word.startswith(_OF_DATES) else word
        for word in map(re.escape, words)
    )


_OF_DATES = ("年", "月", "日", "号", "季")
_NO_POSTING = f"^(?:{'|'.join(BALANCE_ROWS)})$"


def matches(words: Sequence[str]) -> nw.Expr:
    """Whether 业务类型 or 摘要 holds one of these words."""
    return _holds(pattern(words)) if words else nw.lit(False)


def nothing_done(exclude: Sequence[str]) -> nw.Expr:
    """What the rules exclude, and rows that only say a balance."""
    return _holds(f"{pattern(exclude)}|{_NO_POSTING}" if exclude else _NO_POSTING)


def _holds(wanted: str) -> nw.Expr:
    kind, memo = (nw.col(column).str.contains(wanted).fill_null(False) for column in ("kind", "memo"))
    return kind | memo


def activity(
    transactions: Any, exclude: Sequence[str], passive: Sequence[str], period: Period, window_months: int
) -> tuple[Any, Any]:
    """Per customer, lazily: what ``came`` and what ``came_passively`` say.

    ``transactions``: a narwhals frame with customer_id, day, month, amount, kind, memo, own, reversed.
    """
    done = doings(transactions, exclude, passive)
    return came(done, period, window_months), came_passively(transactions, exclude, passive, period, window_months)


def doings(transactions: Any, exclude: Sequence[str], passive: Sequence[str]) -> Any:
    """The postings by which a customer did something, lazily: customer_id, day, month, amount."""
    told = _told(transactions, exclude, passive)
    done = told.filter(~nw.col("excluded") & ~nw.col("passive") & ~nw.col("own") & ~nw.col("reversed"))
    return done.select("customer_id", "day", "month", "amount")


def came(done: Any, period: Period, window_months: int) -> Any:
    """Of ``doings`` per customer, lazily: active_months, active_days, transactions, turnover (分) and first_active in the window (a day after the
    period where there is none); last_active ever; leaving_transactions: those of the window's first month, which next month's window has no more."""
    first_month = period.month - window_months + 1
    within, counted = nw.col("month") >= first_month, ("transactions", "turnover", "active_days")
    monthly = (
        _daily(done, first_month)
        .group_by("customer_id", "month")
        .agg(
            nw.col("transactions").sum(),
            nw.col("turnover").sum(),
            nw.len().alias("active_days"),
            nw.col("first_active").min(),
            nw.col("last_active").max(),
        )
        .with_columns(nw.col(name).cast(nw.Int64) for name in ("transactions", "turnover", "active_days"))
    )
    # No join: a whole number beside a blank comes back as a float, which does not hold every one.
    return (
        monthly.with_columns(
            *(nw.when(within).then(nw.col(name)).otherwise(0).alias(name) for name in counted),
            active_months=nw.when(within).then(1).otherwise(0),
            first_active=nw.when(within).then(nw.col("first_active")).otherwise(period.last + 1),
            leaving_transactions=nw.when(nw.col("month") == first_month).then(nw.col("transactions")).otherwise(0),
        )
        .group_by("customer_id")
        .agg(
            nw.col("last_active").max(),
            nw.col("first_active").min(),
            *(nw.col(name).sum() for name in ("active_months", *counted, "leaving_transactions")),
        )
        .with_columns(*(nw.col(name).cast(nw.Int64) for name in ("active_months", *counted, "leaving_transactions")))
    )


def came_passively(
    transactions: Any, exclude: Sequence[str], passive: Sequence[str], period: Period, window_months: int
) -> Any:
    """Per customer, lazily: passive_transactions in the window."""
    first_month = period.month - window_months + 1
    told = _told(transactions, exclude, passive)
    came = told.filter(nw.col("passive") & ~nw.col("excluded") & ~nw.col("reversed") & (nw.col("month") >= first_month))
    return came.group_by("customer_id").agg(nw.len().alias("passive_transactions"))


def _told(transactions: Any, exclude: Sequence[str], passive: Sequence[str]) -> Any:
    return transactions.select(
        "customer_id",
        "day",
        "month",
        "amount",
        "own",
        "reversed",
        excluded=nothing_done(exclude),
        passive=matches(passive),
    )


def _daily(done: Any, first_month: int) -> Any:
    """Per customer and day of the window; of what was before it one row, of month 0. To count different days within a month costs several times as much.

    A day tells its month, so that the month is no part of the key.
    """
    within = nw.col("month") >= first_month
    return (
        done.with_columns(
            size=nw.col("amount").abs(),
            month=nw.when(within).then(nw.col("month")).otherwise(0),
            each=nw.when(within).then(nw.col("day")).otherwise(0),
        )
        .group_by("customer_id", "each")
        .agg(
            nw.col("month").max(),
            nw.len().alias("transactions"),
            nw.col("size").sum().alias("turnover"),
            nw.col("day").min().alias("first_active"),
            nw.col("day").max().alias("last_active"),
        )
    )


def active_months_since(transactions: Any, exclude: Sequence[str], passive: Sequence[str], first_month: int) -> Any:
    """Per customer and month from ``first_month`` on: one row where there was activity. For customers woken."""
    done = doings(transactions.filter(nw.col("month") >= first_month), exclude, passive)
    return done.group_by("customer_id", "month").agg(nw.len().alias("transactions"))
