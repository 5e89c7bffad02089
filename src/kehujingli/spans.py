"""Which months does a text name? 2026, 2026年第四季度, 2026Q4, 2026-10, 202610, Oct-26 and whole dates, which are their month; anything else is no period."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from kehujingli.periods import CYCLES, Period
from kehujingli.values import text_of

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
