"""Which day of the farmers' calendar is it? Days since 1970 to 农历 and back, many at once; leap months stand apart.

``lunar_python`` knows on which day each month begins; it takes milliseconds a date, so that it is asked by the year.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Whole = npt.NDArray[np.int64]

LeapMonth = Literal["month", "leap"]
_EPOCH = 2_440_588
"""The Julian day of 1970-01-01."""
_MONTHS = "正二三四五六七八九十冬腊"
_TENS, _ONES = ("初", "十", "廿", "三"), "十一二三四五六七八九"


@dataclass(frozen=True)
class Lunar:
    """Months one after the other, each year's whole: the ``first`` day (since 1970), ``year``, ``month`` (1 to 12, a leap month below 0) and how many ``days``."""

    first: Whole
    year: Whole
    month: Whole
    days: Whole

    @classmethod
    def of(cls, years: Iterable[int]) -> Lunar | None:
        """Of these years; nothing where the package is not installed."""
        import numpy as np

        try:
            known = importlib.import_module("lunar_python").LunarYear
        except ModuleNotFoundError:
            return None
        rows = [
            (int(month.getFirstJulianDay()) - _EPOCH, year, month.getMonth(), month.getDayCount())
            for year in sorted(set(years))
            for month in known.fromYear(year).getMonthsInYear()
        ]
        return cls(*np.array(rows, dtype="int64").reshape(-1, 4).T)

    def told(self, days: Whole) -> tuple[Whole, Whole, Whole]:
        """Year, month and day of each of these days, all of years that are known."""
        import numpy as np

        at = np.searchsorted(self.first, days, side="right") - 1
        return self.year[at], self.month[at], days - self.first[at] + 1

    def on(self, year: int, month: Whole, day: Whole, leap_month: LeapMonth) -> Whole:
        """The days in a year of dates of birth: who is of a leap month has it where the year has that month and ``leap_month`` says so, else
        in the month of the number; the 30th of a month of 29 days is its last."""
        import numpy as np

        own = self.year == year
        first, length = np.zeros(26, dtype="int64"), np.zeros(26, dtype="int64")
        place = self.month[own] + 13
        first[place], length[place] = self.first[own], self.days[own]
        wanted = np.where((month < 0) & ((leap_month == "month") | (length[month + 13] == 0)), -month, month) + 13
        return np.asarray(first[wanted] + np.minimum(day, length[wanted]) - 1, dtype="int64")

    def says(self, day: int) -> str | None:
        """A day in words: 十月初三, 闰六月三十; nothing of a year that was not asked for."""
        import numpy as np

        at = int(np.searchsorted(self.first, day, side="right")) - 1
        number = day - int(self.first[at]) + 1
        return said(int(self.month[at]), number) if at >= 0 and number <= self.days[at] else None


def said(month: int, day: int) -> str:
    tens = {10: "初十", 20: "二十", 30: "三十"}
    return (
        f"{'闰' if month < 0 else ''}{_MONTHS[abs(month) - 1]}月{tens.get(day) or _TENS[day // 10] + _ONES[day % 10]}"
    )
