"""How far apart are incomes? Highest ÷ lowest, P90 ÷ P10 (linear between neighbours), Gini; exact, ties and order do not matter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any


@dataclass(frozen=True)
class Spread:
    """Of ``count`` incomes in 元. A ratio is missing where what it divides by is not above zero."""

    count: int
    total: Decimal
    mean: Decimal | None
    highest: Decimal | None
    lowest: Decimal | None
    highest_lowest: Decimal | None
    p90_p10: Decimal | None
    gini: Decimal | None

    def record(self) -> dict[str, Any]:
        """As JSON has it: money with two decimals, ratios with four."""
        money = {key: _text(getattr(self, key), 2) for key in ("total", "mean", "highest", "lowest")}
        ratios = {key: _text(getattr(self, key), 4) for key in ("highest_lowest", "p90_p10", "gini")}
        return {"count": self.count, **money, **ratios}


def spread(incomes: Iterable[Decimal]) -> Spread:
    """The spread of incomes in 元."""
    values = sorted(incomes)
    total = sum(values, Decimal(0))
    if not values:
        return Spread(0, total, None, None, None, None, None, None)
    count = len(values)
    ranked = sum(((2 * place - count - 1) * value for place, value in enumerate(values, 1)), Decimal(0))
    gini = ranked / (count * total) if total > 0 and values[0] >= 0 else None
    return Spread(
        count,
        total,
        total / count,
        values[-1],
        values[0],
        _ratio(values[-1], values[0]),
        _ratio(quantile(values, Decimal("0.9")), quantile(values, Decimal("0.1"))),
        gini,
    )


def quantile(ordered: Sequence[Decimal], share: Decimal) -> Decimal:
    """Of values in order, linear between the two neighbours (Hyndman and Fan's type 7)."""
    position = share * (len(ordered) - 1)
    below = int(position)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (position - below)


def _ratio(top: Decimal, bottom: Decimal) -> Decimal | None:
    return top / bottom if bottom > 0 else None


def _text(value: Decimal | None, digits: int) -> str | None:
    from kehujingli.values import round_half_up

    return None if value is None else f"{round_half_up(value, digits):.{digits}f}"
