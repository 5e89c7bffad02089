"""An average where an export tells only 积数: over the days of the year or the month so far."""

from __future__ import annotations

import pandas as pd

from kehujingli.periods import day_of
from kehujingli.tables import frames
from kehujingli.tables.accumulated import with_averages

OCTOBER, JANUARY = (day_of(pd.Timestamp(day).date()) for day in ("2026-10-31", "2026-01-31"))


def accounts(**columns: list[int | None]) -> pd.DataFrame:
    length = len(next(iter(columns.values())))
    return frames.complete("accounts", pd.DataFrame({"part": [0] * length, "row": range(length), **columns}))


def test_the_sum_of_the_year_is_divided_by_its_days() -> None:
    """30,400,000.00 by the 304th day are 100,000.00 a day; by the 31st 980,645.16."""
    told = with_averages(
        accounts(accumulated_year=[3_040_000_000, 3_040_000_000, None], snapshot=[OCTOBER, JANUARY, OCTOBER])
    )
    assert told["average_year"].tolist() == [10_000_000, 98_064_516, pd.NA]


def test_the_sum_of_the_month_by_the_days_of_the_month() -> None:
    told = with_averages(accounts(accumulated_month=[620_000_000, -310], snapshot=[OCTOBER, OCTOBER]))
    assert told["average_month"].tolist() == [20_000_000, -10]


def test_an_average_that_is_exported_stands() -> None:
    told = with_averages(accounts(accumulated_year=[3_040_000_000], average_year=[7], snapshot=[OCTOBER]))
    assert told["average_year"].tolist() == [7]


def test_half_a_cent_goes_away_from_zero() -> None:
    assert with_averages(accounts(accumulated_year=[152, -152], snapshot=[OCTOBER, OCTOBER]))[
        "average_year"
    ].tolist() == [
        1,
        -1,
    ]
