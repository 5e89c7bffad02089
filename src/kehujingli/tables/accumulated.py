"""What was the average, where an export tells only 积数? The sum of daily balances over the days it was summed."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from kehujingli.periods import date_of

if TYPE_CHECKING:
    import pandas as pd

AVERAGES = {"average_month": "accumulated_month", "average_year": "accumulated_year"}
"""An average, and the 积数 (分 × days) that gives it."""


def with_averages(frame: pd.DataFrame) -> pd.DataFrame:
    """Averages of pictures (``snapshot``: their day) that have none, from 积数 over the days of the month or the year so far."""
    for average, accumulated in AVERAGES.items():
        if accumulated not in frame or not frame[accumulated].notna().any():
            continue
        days = frame["snapshot"].map(
            {int(day): _length(average, date_of(int(day))) for day in frame["snapshot"].dropna().unique()}
        )
        told = frame[accumulated]
        whole = (2 * told.abs() + days) // (2 * days)  # half away from zero
        found = whole.where(told >= 0, -whole).astype("Int64")
        frame = frame.assign(**{average: frame[average].fillna(found)})
    return frame


def _length(average: str, day: date) -> int:
    return day.day if average == "average_month" else day.timetuple().tm_yday
