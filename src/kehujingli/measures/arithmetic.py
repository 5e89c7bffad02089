"""How is a figure rounded, and how do parts add up? Whole numbers only, half away from zero, the largest remainder first."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


def divide_half_up(numerator: npt.NDArray[np.int64], denominator: int) -> npt.NDArray[np.int64]:
    """Whole-number quotient, half away from zero: the one rounding of money measures."""
    import numpy as np

    magnitude = (2 * np.abs(numerator) + denominator) // (2 * denominator)
    return np.asarray(np.sign(numerator) * magnitude)


def round_half_up(value: Fraction) -> int:
    """A fraction to a whole number, half away from zero."""
    magnitude = (2 * abs(value.numerator) + value.denominator) // (2 * value.denominator)
    return magnitude if value >= 0 else -magnitude


def share_out(total: int, parts: Sequence[Fraction], keys: Sequence[Any]) -> list[int]:
    """``total`` in whole numbers close to ``parts`` that add up to it (largest remainder, ties by key).

    Where the parts do not add up to the total, the difference goes with them in proportion to nothing: the remainders decide.
    """
    floors = [part.numerator // part.denominator for part in parts]
    rest = total - sum(floors)
    order = sorted(range(len(parts)), key=lambda index: (floors[index] - parts[index], keys[index]))
    for step in range(abs(rest)):
        floors[order[step % len(order)]] += 1 if rest > 0 else -1
    return floors
