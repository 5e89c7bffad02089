"""Which days does a period hold? Calendar months and days as integers; no clock anywhere.

A month is ``year * 12 + month - 1``, a day is the number of days since 1970-01-01.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

EPOCH = date(1970, 1, 1)
PLAUSIBLE_YEARS = (1950, 2100)
"""A business day outside of these is a slip of the pen."""
CYCLES = {"month": 1, "quarter": 3, "year": 12}
"""How many months a cycle of assessment has."""


def day_of(value: date) -> int:
    return (value - EPOCH).days


def date_of(day: int) -> date:
    return EPOCH + timedelta(days=int(day))


def month_of(value: date) -> int:
    return value.year * 12 + value.month - 1


def month_of_day(day: int) -> int:
    return month_of(date_of(day))


def month_start(month: int) -> date:
    return date(month // 12, month % 12 + 1, 1)


def month_end(month: int) -> date:
    return month_start(month + 1) - timedelta(days=1)


def month_name(month: int) -> str:
    return f"{month // 12:04d}-{month % 12 + 1:02d}"


def parse_month(text: str) -> int:
    """``2026-10`` → month. Raises ``ValueError``."""
    year, _, month = text.partition("-")
    if len(year) != 4 or len(month) != 2:
        raise ValueError(text)
    return month_of(date(int(year), int(month), 1))


def shortest_span(months: int) -> int:
    """The fewest days that so many calendar months in a row can have."""
    first = 2023 * 12  # from here, eight years hold every run of months with and without a leap day
    return min((month_start(start + months) - month_start(start)).days for start in range(first, first + 96))


@dataclass(frozen=True)
class Period:
    """A month under assessment. ``as_of`` is its last day, or an earlier one when the month is still under way."""

    month: int
    as_of: date

    @classmethod
    def of(cls, text: str) -> Period:
        return cls.of_month(parse_month(text))

    @classmethod
    def of_month(cls, month: int) -> Period:
        return cls(month, month_end(month))

    @property
    def name(self) -> str:
        return month_name(self.month)

    @property
    def label(self) -> str:
        return f"{self.month // 12}年{self.month % 12 + 1}月"

    @property
    def partial(self) -> bool:
        return self.as_of != month_end(self.month)

    @property
    def last(self) -> int:
        """``as_of`` as a day."""
        return day_of(self.as_of)

    @property
    def first(self) -> int:
        return day_of(month_start(self.month))

    @property
    def year_first(self) -> int:
        return day_of(date(self.as_of.year, 1, 1))

    @property
    def year(self) -> int:
        return self.as_of.year

    def window_first(self, months: int) -> int:
        """The first day of the window of so many calendar months that ends with this one."""
        return day_of(month_start(self.month - months + 1))

    def back(self, months: int) -> Period:
        """The whole month so many months earlier."""
        return Period.of_month(self.month - months)
