"""How is an exact number kept, rounded and said? Points, pay and actuals: decimal throughout, rounded only where we say so."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Literal

EXACT = Context(prec=60, rounding=ROUND_HALF_UP)
"""Wide enough that a quotient of amounts is only ever rounded where we say so."""
_QUANTA = tuple(Decimal(1).scaleb(-digits) for digits in range(11))
_INNER = _QUANTA[10]

Style = Literal["money", "ratio", "count", "number"]
"""How a quantity is said: money in 万元, a ratio in %, a count, or a bare number."""


def round_half_up(value: Decimal, digits: int) -> Decimal:
    """Half away from zero, the one rounding of points and pay."""
    return value.quantize(_QUANTA[digits], ROUND_HALF_UP, EXACT)


def inner(value: Decimal) -> Decimal:
    """Ten digits: what ``ROUND(…,10)`` leaves in the sheet 计分复核, so that both ways agree."""
    return value.quantize(_INNER, ROUND_HALF_UP, EXACT)


def divide(numerator: Decimal, denominator: Decimal) -> Decimal:
    return EXACT.divide(numerator, denominator)


def plain(value: Decimal) -> str:
    """1.500 → 1.5, 1E+2 → 100: a number as it stands in a sentence."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def say(value: Decimal, style: Style) -> str:
    """A quantity as a person reads it: 86.40万, 2.35%, 12."""
    match style:
        case "money":
            return f"{round_half_up(value / 10_000, 2)}万"
        case "ratio":
            return f"{round_half_up(value * 100, 2)}%"
        case "count":
            return plain(round_half_up(value, 2))
        case _:
            return plain(round_half_up(value, 4))


@dataclass(frozen=True, slots=True)
class Quantity:
    """An actual as numerator ÷ denominator, so that ratios roll up and are divided once."""

    numerator: Decimal
    denominator: Decimal = Decimal(1)

    @property
    def value(self) -> Decimal:
        return self.numerator if self.denominator == 1 else divide(self.numerator, self.denominator)
