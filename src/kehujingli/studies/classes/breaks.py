"""Where could a bound be drawn through one column of figures? Quantiles, Pareto shares, and natural breaks: exact one-dimensional k-means.

Natural breaks: the groups of neighbours with the least sum of squared deviations from their means (Fisher 1958, Jenks). Dynamic programming over
prefixes; the best cut moves only to the right as the prefix grows (Grønlund et al. 2017, arXiv:1701.07204), so that each level of halving looks at
every value about once.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.floating]
    Ints = npt.NDArray[np.int64]


def quantiles(values: Ints, shares: Sequence[Decimal]) -> list[int]:
    """The value from which on at most 1 − share of all values lie, for each share; one of the values."""
    import numpy as np

    ordered = np.sort(values)
    return [int(ordered[min(int(share * len(ordered)), len(ordered) - 1)]) for share in shares]


def pareto(values: Ints, shares: Sequence[Decimal]) -> list[int]:
    """The smallest of the largest values that together make this share of the sum, for each share (values ≥ 0)."""
    import numpy as np

    ordered = np.sort(values)[::-1]
    sums = np.cumsum(ordered)
    total = int(sums[-1])
    return [int(ordered[np.searchsorted(sums, int(-(-share * total // 1)), side="left")]) for share in shares]


def natural_breaks(values: Ints, groups: int) -> list[int]:
    """The least value of every group but the first, ascending; fewer where there are fewer values than groups."""
    import numpy as np

    found, weight = np.unique(values, return_counts=True)
    groups = min(groups, len(found))
    if groups < 2:
        return []
    costs = _Costs(found, weight)
    ends = np.arange(len(found))
    best = costs.of(np.zeros_like(ends), ends)
    cuts: list[Ints] = []
    for group in range(1, groups):
        wanted = ends[-1:] if group == groups - 1 else ends
        best, cut = _next(best, costs, wanted, group)
        cuts.append(cut)
    edges = []
    end = len(found) - 1
    for cut in reversed(cuts):
        start = int(cut[end] if len(cut) == len(found) else cut[0])
        edges.append(int(found[start]))
        end = start - 1
    return edges[::-1]


class _Costs:
    """The sum of squared deviations of values ``first`` to ``last`` (both included), in constant time.

    Sums of squares are exact as far as the widest float of the machine holds whole numbers; beyond, they differ in its last digit.
    """

    def __init__(self, values: Ints, weight: Ints) -> None:
        import numpy as np

        wide = values.astype(np.longdouble)
        zero = np.zeros(1, dtype=np.longdouble)
        self.count = np.concatenate([zero, np.cumsum(weight.astype(np.longdouble))])
        self.sums = np.concatenate([zero, np.cumsum(wide * weight)])
        self.squares = np.concatenate([zero, np.cumsum(wide * wide * weight)])

    def of(self, first: Ints, last: Ints) -> Floats:
        import numpy as np

        count = self.count[last + 1] - self.count[first]
        total = self.sums[last + 1] - self.sums[first]
        cost = self.squares[last + 1] - self.squares[first] - total * total / count
        found: Floats = np.where(first == last, 0, np.maximum(cost, 0))
        return found


def _next(best: Floats, costs: _Costs, wanted: Ints, least: int) -> tuple[Floats, Ints]:
    """One group more: for each wanted last value the least cost, and where its last group begins. ``best``: of all prefixes with a group less.

    Halving: the middle of every open stretch is answered at once, within the cuts of its neighbours.
    """
    import numpy as np

    size = len(wanted)
    answer = np.full(size, np.inf, dtype=np.longdouble)
    cut = np.full(size, least, dtype="int64")
    low, high = np.array([0]), np.array([size - 1])
    from_, to = np.array([least]), np.array([int(wanted[-1])])
    while len(low):
        middle = (low + high) // 2
        first = np.minimum(from_, wanted[middle])
        last = np.maximum(np.minimum(to, wanted[middle]), first)
        lengths = last - first + 1
        starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
        tried = np.repeat(first - starts, lengths) + np.arange(int(lengths.sum()))
        ends = np.repeat(wanted[middle], lengths)
        sums = np.where(tried >= least, best[np.maximum(tried - 1, 0)] + costs.of(tried, ends), np.inf)
        lowest = np.minimum.reduceat(sums, starts)
        hits = np.flatnonzero(sums == np.repeat(lowest, lengths))
        owner = np.repeat(np.arange(len(middle)), lengths)[hits]
        chosen = tried[hits[np.searchsorted(owner, np.arange(len(middle)))]]
        answer[middle], cut[middle] = lowest, chosen
        left, right = middle > low, middle < high
        low, high, from_, to = (
            np.concatenate([low[left], middle[right] + 1]),
            np.concatenate([middle[left] - 1, high[right]]),
            np.concatenate([from_[left], chosen[right]]),
            np.concatenate([chosen[left], to[right]]),
        )
    return answer, cut


def rounded(value: int, digits: int) -> int:
    """To so many significant digits, down, so that who is at the bound stays above it; 0: as it is."""
    unit = 10 ** max(len(str(value)) - digits, 0) if digits and value > 0 else 1
    return value // unit * unit
