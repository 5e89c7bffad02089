"""How is a whole parted by weights between a least and a most each, so that the parts add up to it exactly?"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from kehujingli.values import share_out


def portions(
    total: int, weights: Sequence[int], least: Sequence[int], most: Sequence[int | None], keys: Sequence[str]
) -> tuple[list[int], bool]:
    """Whole parts of ``total`` (not below zero) and whether all limits are kept; ``None`` is no most. Ties go by key, whatever the order.

    Everybody gets the same multiple of her weight, but no less than her least and no more than her most. Where the limits cannot hold together
    all of them are moved by the same multiple, so that nobody bears what another was spared.
    """
    low, tops = sum(least), [top for top in most if top is not None]
    if low > total:
        return share_out(total, [Fraction(total * bottom, low) for bottom in least], keys), False
    if len(tops) == len(most) and sum(tops) < total:
        by = next((one for one in (tops, weights) if sum(one)), [1] * len(weights))
        return share_out(total, [Fraction(total * top, sum(by)) for top in by], keys), False
    reach = sum(bottom if not weight else top or 0 for weight, bottom, top in zip(weights, least, most, strict=True))
    open_ = any(weight and top is None for weight, top in zip(weights, most, strict=True))
    if reach < total and not open_:
        return _beyond(total, weights, least, most, keys), True
    return share_out(total, _filled(total, weights, least, most), keys), True


def _beyond(
    total: int, weights: Sequence[int], least: Sequence[int], most: Sequence[int | None], keys: Sequence[str]
) -> list[int]:
    """Who has a weight has her most and something is left: it is for those without a weight, alike."""
    found = [top or 0 for top in most]
    idle = [place for place, weight in enumerate(weights) if not weight]
    rest = total - sum(part for part, weight in zip(found, weights, strict=True) if weight)
    picked = ([least[place] for place in idle], [most[place] for place in idle], [keys[place] for place in idle])
    parts, _ = portions(rest, [1] * len(idle), *picked)
    for place, part in zip(idle, parts, strict=True):
        found[place] = part
    return found


def _filled(total: int, weights: Sequence[int], least: Sequence[int], most: Sequence[int | None]) -> list[Fraction]:
    """The one multiple of the weights at which the clipped parts add up to the total, exactly."""
    rows = list(zip(weights, least, most, strict=True))
    turns = {Fraction(bottom, weight) for weight, bottom, _ in rows if weight}
    turns |= {Fraction(top, weight) for weight, _, top in rows if weight and top is not None}
    steps = sorted({Fraction(0), *turns})
    first, last = 0, len(steps)
    while last - first > 1:
        middle = (first + last) // 2
        if sum(_clipped(steps[middle], *row) for row in rows) <= total:
            first = middle
        else:
            last = middle
    at = steps[first]
    moving = [row for row in rows if row[0] and row[1] <= at * row[0] and (row[2] is None or at * row[0] < row[2])]
    gap = total - sum((_clipped(at, *row) for row in rows), Fraction(0))
    if gap and moving:
        at += gap / sum(weight for weight, _, _ in moving)
    return [_clipped(at, *row) for row in rows]


def _clipped(at: Fraction, weight: int, least: int, most: int | None) -> Fraction:
    part = max(at * weight, Fraction(least))
    return part if most is None else min(part, Fraction(most))
