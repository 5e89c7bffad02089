"""How much is lent, how well does it stand? On the day and on average, 表内 only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kehujingli.periods import Period, month_of_day
from kehujingli.tables.frames import on_book
from kehujingli.values import divide_half_up

if TYPE_CHECKING:
    import pandas as pd

SEVERITY = ("normal", "special_mention", "substandard", "doubtful", "loss")


def monthly_snapshots(days: Sequence[int], period: Period, window_months: int) -> list[int]:
    """The last snapshot of every month of the window, or nothing where a month has none."""
    by_month = {month_of_day(day): day for day in sorted(days)}
    months = range(period.month - window_months + 1, period.month + 1)
    return [by_month[month] for month in months] if all(month in by_month for month in months) else []


def loan_figures(
    loans: pd.DataFrame, history: pd.DataFrame, period: Period, window_months: int
) -> tuple[pd.DataFrame, bool]:
    """One row a borrower: loan_balance, average_loan (分), worst_class, loans; and whether the average is only the balance of the day (时点).

    ``average_loan_next``: the average of next month where this month's picture is next month's too.
    """
    import pandas as pd

    book = on_book(loans)
    grouped = book.groupby("customer_id")
    result = pd.DataFrame({"loan_balance": grouped["balance"].sum().astype("Int64")})
    live = book[book["balance"] > 0]
    result["loans"] = live.groupby("customer_id").size().astype("Int64")
    rank = live["five_class"].map({name: index for index, name in enumerate(SEVERITY)})
    worst = rank.groupby(live["customer_id"]).max()
    result["worst_class"] = worst.map(lambda index: None if pd.isna(index) else SEVERITY[int(index)])
    pictured = [int(day) for day in history["snapshot"].dropna().unique()]
    days = monthly_snapshots(pictured, period, window_months)
    coming = Period.of_month(period.month + 1)
    ahead = monthly_snapshots([*pictured, coming.last], coming, window_months)
    for name, used, again in (("average_loan", days, None), ("average_loan_next", ahead[:-1], book)):
        if not used:
            result[name] = result["loan_balance"]
            continue
        pictures = on_book(history[history["snapshot"].isin(used)])
        if again is not None:
            pictures = pd.concat([pictures[["customer_id", "balance"]], again[["customer_id", "balance"]]])
        sums = pictures.groupby("customer_id")["balance"].sum()
        counted = len(used) + (again is not None)
        averages = pd.Series(divide_half_up(sums.astype("int64").to_numpy(), counted), index=sums.index, dtype="Int64")
        result = result.join(averages.rename(name), how="outer")
    result["loans"] = result["loans"].fillna(0)
    result["loan_balance"] = result["loan_balance"].fillna(0)
    return result.rename_axis("customer_id").reset_index(), not days
