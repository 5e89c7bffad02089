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
    """The one multiple of the weights at which the clipped parts add up to the total, exactly. A multiple is a pair of whole numbers, above and below
    the line: fractions would be made shorter at every step."""
    rows = list(zip(weights, least, most, strict=True))
    steps = _turns(rows)
    first, last = 0, len(steps)
    while last - first > 1:
        middle = (first + last) // 2
        if sum(_clipped(steps[middle], rows)) <= total * steps[middle][1]:
            first = middle
        else:
            last = middle
    above, below = at = steps[first]
    moving = [
        weight
        for weight, bottom, top in rows
        if weight and bottom * below <= above * weight and (top is None or above * weight < top * below)
    ]
    gap = total * below - sum(_clipped(at, rows))
    if gap and moving:
        at = (above * sum(moving) + gap, below * sum(moving))
    return [Fraction(part, at[1]) for part in _clipped(at, rows)]


def _turns(rows: Sequence[tuple[int, int, int | None]]) -> list[tuple[int, int]]:
    """The multiples at which somebody comes off her least or to her most, in order; the first is nothing."""
    fine = (
        2 * max((weight for weight, *_ in rows), default=0).bit_length() + 1
    )  # so many bits tell any two of them apart
    found = {0: (0, 1)}
    for weight, *limits in rows:
        for limit in limits:
            if weight and limit is not None:
                found[(limit << fine) // weight] = (limit, weight)
    return [found[place] for place in sorted(found)]


def _clipped(at: tuple[int, int], rows: Sequence[tuple[int, int, int | None]]) -> list[int]:
    """The parts at a multiple, times what stands below its line."""
    above, below = at
    return [
        max(above * weight, bottom * below) if top is None else min(max(above * weight, bottom * below), top * below)
        for weight, bottom, top in rows
    ]
