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
    """``total`` in whole numbers close to ``parts`` that add up to it: largest remainder, ties by key, whatever the order of the parts.

    What the parts leave of the total, or exceed it by, first goes with them in proportion to their size, in equal shares where all are nothing:
    a difference of any size is borne as the figure itself is, and only the last unit each is a matter of rounding.
    """
    gap, size = total - sum(parts, Fraction(0)), sum(map(abs, parts), Fraction(0))
    if gap:
        parts = [part + gap * (abs(part) / size if size else Fraction(1, len(parts))) for part in parts]
    floors = [part.numerator // part.denominator for part in parts]
    order = sorted(range(len(parts)), key=lambda index: (floors[index] - parts[index], keys[index]))
    for index in order[: total - sum(floors)]:
        floors[index] += 1
    return floors
