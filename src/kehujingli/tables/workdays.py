"""Which days does the bank work? 工作日历 first, then what the State Council published; a year of which neither speaks is unknown, never guessed.

工作日历 holds deviations from Monday to Friday. It tells a whole year once it names that year's 1 January and 1 October; single rows hold for their day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from kehujingli.periods import date_of, day_of

if TYPE_CHECKING:
    import pandas as pd

_FRIDAY = 4
_WHOLE_YEAR = ((1, 1), (10, 1))
"""Month and day of holidays that every year has: who writes down a year's holidays names both."""


@dataclass(frozen=True)
class WorkingDays:
    """``told``: day (since 1970-01-01) → whether the bank works on it; ``years``: those that 工作日历 tells whole."""

    told: Mapping[int, bool] = field(default_factory=dict)
    years: frozenset[int] = frozenset()

    @classmethod
    def of(cls, calendar: pd.DataFrame | None) -> WorkingDays:
        """``calendar``: date (day), day_kind (work, rest) as ``terms`` has 工作日历. A day of which it says both counts as unsaid."""
        if calendar is None:
            return cls()
        said: dict[int, set[bool]] = {}
        for day, kind in zip(calendar["date"], calendar["day_kind"], strict=True):
            said.setdefault(int(day), set()).add(str(kind) == "work")
        told = {day: kinds.pop() for day, kinds in said.items() if len(kinds) == 1}
        named = {date_of(day).year for day in told}
        whole = (year for year in named if all(day_of(date(year, *day)) in told for day in _WHOLE_YEAR))
        return cls(told, frozenset(whole))

    def works(self, day: int) -> bool | None:
        """Whether the bank works on the day; None where that has not been published."""
        if day in self.told:
            return self.told[day]
        when = date_of(day)
        if when.year in self.years:
            return when.weekday() <= _FRIDAY
        return _published(when)

    def between(self, first: int, last: int) -> list[int]:
        """The days known to be worked on from ``first`` to ``last``, both included."""
        return [day for day in range(first, last + 1) if self.works(day)]

    def unpublished(self, first: int, last: int) -> list[int]:
        """The days from ``first`` to ``last`` of which nothing is known."""
        return [day for day in range(first, last + 1) if self.works(day) is None]

    def after(self, day: int, count: int) -> int | None:
        """The ``count``-th working day after ``day`` (``count`` ≥ 0; 0 is the day itself); None once a day on the way is unknown."""
        while count > 0:
            day += 1
            works = self.works(day)
            if works is None:
                return None
            count -= works
        return day


def _published(when: date) -> bool | None:
    """What 国务院办公厅 announced, by the yearly package; None beyond what the installed version knows."""
    import chinese_calendar

    try:
        return bool(chinese_calendar.is_workday(when))
    except NotImplementedError:
        return None
