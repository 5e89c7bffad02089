"""Which days does a period hold? Calendar months and days as integers; no clock anywhere.

A month is ``year * 12 + month - 1``, a day is the number of days since 1970-01-01.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from kehujingli.values import text_of

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


Span = Literal["year", "quarter", "month"]
_YEAR = re.compile(r"((?:19|20)\d\d)(?:\.0)?\s*(?:年度?|年?全年)?")
_QUARTER = re.compile(r"((?:19|20)\d\d)\s*(?:年度?|[-./])?\s*(?:Q([1-4])|第?\s*([1-4一二三四])\s*季度?)", re.IGNORECASE)
_MONTH = re.compile(r"((?:19|20)\d\d)(?:\s*[-./年]\s*(\d{1,2})|(\d\d))(?:\.0)?\s*(?:月份?)?")
_MONTH_WORDS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_WORD = re.compile(rf"({'|'.join(_MONTH_WORDS)})[a-z]*-(\d\d)", re.IGNORECASE)
"""What a spreadsheet makes of 2026-10: Oct-26."""
_DAY = re.compile(
    r"((?:19|20)\d\d)(?:(\d\d)(\d\d)|\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?)(?:[ T]\d{1,2}:\d\d(?::\d\d(?:\.0+)?)?)?"
)


@dataclass(frozen=True, slots=True)
class Named:
    """The months that a text names, as in ``periods``; both are included."""

    span: Span
    first: int
    last: int

    def holds(self, month: int) -> bool:
        return self.first <= month <= self.last


def named_months(text: object) -> Named | None:
    """The year, quarter or month that a text names, or nothing."""
    said = unicodedata.normalize("NFKC", text_of(text) or "").strip()
    if found := _YEAR.fullmatch(said):
        return _months("year", int(found[1]) * 12)
    if found := _QUARTER.fullmatch(said):
        quarter = int(found[2] or "一二三四".find(found[3]) + 1 or found[3])
        return _months("quarter", int(found[1]) * 12 + 3 * (quarter - 1))
    if found := _DAY.fullmatch(said):
        month, day = int(found[2] or found[4]), int(found[3] or found[5])
        return _months("month", int(found[1]) * 12 + month - 1) if 1 <= month <= 12 and 1 <= day <= 31 else None
    if found := _MONTH.fullmatch(said):
        month = int(found[2] or found[3])
        return _months("month", int(found[1]) * 12 + month - 1) if 1 <= month <= 12 else None
    if found := _MONTH_WORD.fullmatch(said):
        return _months("month", (2000 + int(found[2])) * 12 + _MONTH_WORDS.index(found[1].lower()))
    return None


def _months(span: Span, first: int) -> Named:
    return Named(span, first, first + CYCLES[span] - 1)


def named_month(text: object) -> int | None:
    """The month that a text names (2026-10, 202610, 2026年10月, 2026-10-31), or nothing."""
    found = named_months(text)
    return found.first if found is not None and found.span == "month" else None


def last_month(text: object) -> int | None:
    """The month with which what a text names is over: the one in which a line that names it may count."""
    found = named_months(text)
    return found.last if found is not None else None


def cycle_of(period: Period, cycle: Span) -> Named:
    """The month, quarter or year of assessment that the period lies in."""
    return _months(cycle, period.month - period.month % CYCLES[cycle])


def in_force(found: Named, period: Period, cycle: Span) -> bool:
    """Whether a line that names these months counts in the period: its own month, or with the last month of a cycle the whole of it."""
    whole = cycle_of(period, cycle)
    return found == _months("month", period.month) or (found == whole and period.month == whole.last)


def misses(found: Named, period: Period, cycle: Span) -> bool:
    """Whether a line is meant for the period but counts in none: a span of another length, or a month inside the cycle that ends now."""
    whole = cycle_of(period, cycle)
    if in_force(found, period, cycle) or found == whole:
        return False
    return found.holds(period.month) or (
        period.month == whole.last and whole.first <= found.first <= found.last <= whole.last
    )
