"""Over which days is an average told, what do an account's daily balances add up to over them, and with what weight do they count?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from kehujingli.periods import Period, day_of

if TYPE_CHECKING:
    import pandas as pd

WEIGHT = 10_000
"""Deposit weights as whole numbers: four decimals (the rules allow no more)."""


@dataclass(frozen=True)
class Span:
    """The days of one average, both included."""

    first: int
    last: int

    @property
    def days(self) -> int:
        return self.last - self.first + 1


def spans_of(period: Period, window_months: int) -> dict[str, Span]:
    """The averages that are told: of the window, the year so far, the month, last calendar year, the same days of last year; and of the window
    that ends with the next month, over which what stands now goes on."""
    year, coming = period.year, Period.of_month(period.month + 1)
    return {
        "window": Span(period.window_first(window_months), period.last),
        "year": Span(period.year_first, period.last),
        "month": Span(period.first, period.last),
        "last_year": Span(day_of(date(year - 1, 1, 1)), day_of(date(year - 1, 12, 31))),
        "same_period": Span(day_of(date(year - 1, 1, 1)), day_of(_year_before(period.as_of))),
        "next": Span(coming.window_first(window_months), coming.last),
    }


def _year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=day.year - 1)


def weights_of(kinds: pd.Series, weights: Mapping[str, Decimal]) -> Any:
    """The deposit weight of every account as a whole number of 1/10000."""
    whole = {kind: int(weight * WEIGHT) for kind, weight in weights.items()}
    return kinds.map(whole).fillna(WEIGHT).astype("int64").to_numpy()


def products(figures: pd.DataFrame, name: str, official: str | None, days: int) -> tuple[Any, Any]:
    """Σ of daily balances of a span (分·days) and whether it is known; an official average wins over the computed one."""
    import numpy as np

    product, known = figures[f"product_{name}"].to_numpy(), figures[f"known_{name}"].to_numpy(dtype=bool)
    if official is None:
        return product, known
    given = figures[official].notna().to_numpy()
    return np.where(given, figures[official].fillna(0).astype("int64").to_numpy() * days, product), known | given
