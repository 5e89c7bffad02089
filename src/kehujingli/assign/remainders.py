"""What does a plan of whole customers cost at least, where the linear programme has parts of them? What remainders of loads force.

A manager whose load costs something unless it is just what the linear programme says can have that load only from customers who cost nothing beyond
it, and theirs may not come to it: with customers who weigh 12 nobody has 20. Then something else must be taken as well. All that free changes can do
to the loads is a lattice; whatever else is taken must bring what is left to a point of it, and the cheapest way there is a shortest path among the
remainders (Gomory's group relaxation). That nobody has fewer than no customers of a class is left out, so that this is a bound and not yet a plan.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from kehujingli.assign.program import Floats, Priced, Task, Whole, Yes

__all__ = ["Forced", "forced"]

_FREE = 1e-7
"""What costs no more than this beyond the linear programme costs nothing."""
_MOST = 20_000
"""So many remainders are looked at; managers of whom there would be more are held to no load."""
_PEOPLE = 100
"""Where more are held to their loads, nobody is."""
_AT_ONCE = 200


@dataclass(frozen=True)
class Forced:
    """What every plan costs above the floor of the linear programme at least; and every plan with so much as one of a class with a manager.
    ``taken``: how many of which class with whom it takes to come to ``least``, beside those who cost nothing beyond the linear programme; who is
    ``held`` to a load then has so much ``above`` it."""

    least: float
    pairs: Floats
    taken: Whole
    free: Yes
    held: Yes
    above: Whole


def forced(task: Task, priced: Priced, up: Callable[[float], float]) -> Forced:
    """``up``: the costs above the floor to which, ``least`` being given, pairs are told apart."""
    count = task.cost.shape[1]
    nothing = Forced(
        0.0,
        priced.reduced,
        np.zeros(priced.reduced.shape, dtype="int64"),
        priced.reduced <= _FREE,
        np.zeros(count, dtype=bool),
        np.zeros(count, dtype="int64"),
    )
    held = _Held.of(task, priced)
    if not 0 < len(held.people) <= _PEOPLE:
        return nothing
    home = priced.reduced.argmin(axis=1)
    rows, columns = np.nonzero(np.isfinite(priced.reduced))
    cost = priced.reduced[rows, columns]
    # one of a class with one manager changes loads as any other does who weighs as much there
    kinds, kind = np.unique(np.column_stack([columns, held.weighs[rows, columns]]), axis=0, return_inverse=True)
    loads = np.zeros((len(kinds), held.weighs.shape[1]), dtype="int64")
    loads[np.arange(len(kinds)), kinds[:, 0]] = kinds[:, 1]
    loads = loads[:, held.people]
    here = np.empty(priced.reduced.shape, dtype="int64")
    here[rows, columns] = kind.ravel()
    there, was = here[rows, columns], here[rows, home[rows]]
    free = (cost <= _FREE) & (columns != home[rows])
    moves = np.unique(np.column_stack([there, was])[free], axis=0)
    lattice = _Lattice(loads[moves[:, 0]] - loads[moves[:, 1]], len(held.people))
    if lattice.count == 1:
        return nothing
    at = lattice.remainders(loads)
    changes = lattice.less(at[there], at[was])
    wanted = lattice.remainders((held.point - task.size @ loads[here[np.arange(len(home)), home]])[None])
    unit = np.eye(len(held.people), dtype="int64")
    steps = np.concatenate(
        [lattice.numbers(each) for each in (changes, lattice.remainders(unit), lattice.remainders(-unit))]
    )
    costs = np.concatenate([cost, held.below, held.above])
    cheapest = np.full(lattice.count, np.inf)
    np.minimum.at(cheapest, steps, costs)
    least, ways = _shortest(lattice, cheapest, int(lattice.numbers(wanted)[0]), up)
    if not np.isfinite(least):
        return nothing
    pairs = np.full(priced.reduced.shape, np.inf)
    pairs[rows, columns] = cost + ways[lattice.numbers(lattice.less(wanted, changes))]
    taken, above = nothing.taken.copy(), nothing.above.copy()
    people = len(held.people)
    for step in _way(lattice, cheapest, ways, wanted[0]):
        chosen = int(((steps == step) & (costs == cheapest[step])).argmax())
        if chosen < len(cost):
            taken[rows[chosen], columns[chosen]] += 1
        else:
            above[held.people[(chosen - len(cost)) % people]] += -1 if chosen < len(cost) + people else 1
    stands = np.isin(np.arange(count), held.people)
    return Forced(least, pairs, taken, nothing.free, stands, above)


@dataclass(frozen=True)
class _Held:
    """The managers whose loads are to be whole numbers, each just so much, where another costs something. ``weighs``: by class and manager,
    being left last, what one of the class is of that load; nothing of who is not held."""

    people: Whole
    point: Whole
    above: Floats
    below: Floats
    weighs: Whole

    @classmethod
    def of(cls, task: Task, priced: Priced) -> _Held:
        full = priced.room > _FREE
        shared = task.share is not None and bool(task.imbalance)
        share = task.share if shared and task.share is not None else np.zeros(len(full))
        point = np.where(full, np.floor(task.capacity), share)
        above = np.where(full, np.inf, priced.over if shared else 0.0)
        below = np.where(full, priced.room, priced.short if shared else 0.0)
        may = np.isfinite(task.cost)
        load, weight = (np.where(may, each, 0.0) for each in (task.load, task.weighed))
        weighs = np.where(full, load, weight)
        whole = (weighs == np.rint(weighs)).all(axis=0) & np.isfinite(point) & (point == np.rint(point))
        held = whole & (above > _FREE) & (below > _FREE)
        people = np.flatnonzero(held)
        counted = np.column_stack([np.where(held, weighs, 0.0), np.zeros(len(weighs))]).astype("int64")
        return cls(people, point[people].astype("int64"), above[people], below[people], counted)


class _Lattice:
    """Vectors of whole numbers that differ by what free changes come to are of one remainder; ``count`` remainders in all."""

    def __init__(self, changes: Whole, people: int) -> None:
        rows: list[list[int] | None] = [None] * people
        for change in changes.tolist():
            _insert(rows, change)
        units = np.eye(people, dtype="int64").tolist()
        for at, row in enumerate(rows):
            if row is None:
                _insert(rows, units[at])
        self.rows = [row for row in rows if row is not None]
        while self._sizes().prod(dtype="float64") > _MOST:
            _insert(rows, units[int(self._sizes().argmax())])
            self.rows = [row for row in rows if row is not None]
        sizes = self._sizes()
        self.count = int(sizes.prod())
        self.kept = np.flatnonzero(sizes > 1)
        self.sizes = sizes[self.kept]
        self.small = (
            np.array([self.rows[at] for at in self.kept], dtype="int64")[:, self.kept]
            if len(self.kept)
            else np.zeros((0, 0), dtype="int64")
        )
        self.radix = np.append(np.cumprod(self.sizes[::-1])[::-1][1:], 1)

    def _sizes(self) -> Whole:
        return np.array([row[at] for at, row in enumerate(self.rows)], dtype="int64")

    def remainders(self, vectors: Whole) -> Whole:
        """Only of those coordinates in which a remainder can be another than 0."""
        left = vectors.copy()
        for at, row in enumerate(self.rows):
            left -= (left[:, at] // row[at])[:, None] * np.array(row, dtype="int64")
        return left[:, self.kept]

    def _again(self, left: Whole) -> Whole:
        for at, row in enumerate(self.small):
            times = left[..., at] // row[at]
            left -= times[..., None] * row
        return left

    def less(self, one: Whole, other: Whole) -> Whole:
        return self._again(one - other)

    def sums(self, some: Whole, others: Whole) -> Whole:
        """The remainders' numbers of each of ``some`` and each of ``others`` together."""
        return self.numbers(self._again(some[:, None, :] + others[None, :, :]))

    def numbers(self, remainders: Whole) -> Whole:
        return np.asarray(remainders @ self.radix)

    def every(self) -> Whole:
        return np.stack(np.unravel_index(np.arange(self.count), self.sizes), axis=1)


def _insert(rows: list[list[int] | None], vector: list[int]) -> None:
    """A vector more among those that rows in steps generate."""
    for at in range(len(rows)):
        row = rows[at]
        if not vector[at]:
            continue
        if row is None:
            rows[at] = vector if vector[at] > 0 else [-value for value in vector]
            return
        while vector[at]:
            times = row[at] // vector[at]
            row, vector = vector, [value - times * other for value, other in zip(row, vector, strict=True)]
        rows[at] = row if row[at] > 0 else [-value for value in row]


def _shortest(lattice: _Lattice, cheapest: Floats, wanted: int, up: Callable[[float], float]) -> tuple[float, Floats]:
    """What it costs to come to the remainder that is wanted, and at least to each: exact up to ``up`` of the former."""
    every = lattice.every()
    steps = np.flatnonzero(np.isfinite(cheapest) & (np.arange(lattice.count) > 0))
    steps = steps[np.argsort(cheapest[steps], kind="stable")]
    costs = cheapest[steps]
    ways, open_to = np.full(lattice.count, np.inf), np.ones(lattice.count, dtype=bool)
    ways[0] = 0.0
    limit = np.inf
    while True:
        left = np.where(open_to, ways, np.inf)
        nearest = left.min()
        if not np.isfinite(nearest) or nearest > limit:
            break
        now = np.flatnonzero(left < nearest + costs[0])[:_AT_ONCE] if len(costs) else np.flatnonzero(left == nearest)
        open_to[now] = False
        near = int(np.searchsorted(costs, limit - nearest, side="right"))
        there = lattice.sums(every[now], every[steps[:near]])
        np.minimum.at(ways, there.ravel(), (ways[now][:, None] + costs[None, :near]).ravel())
        if np.isfinite(ways[wanted]):
            limit = up(float(ways[wanted]))
    return float(ways[wanted]), np.where(open_to, limit, ways)


def _way(lattice: _Lattice, cheapest: Floats, ways: Floats, wanted: Whole) -> Iterator[int]:
    """The steps of a shortest way to a remainder, the dearest first."""
    steps = np.flatnonzero(np.isfinite(cheapest) & (np.arange(lattice.count) > 0))
    steps = steps[np.argsort(-cheapest[steps], kind="stable")]
    every = lattice.every()[steps]
    while wanted.any():
        before = lattice.less(wanted[None], every)
        goes = ways[lattice.numbers(before)] + cheapest[steps] - ways[lattice.numbers(wanted[None])[0]]
        first = int((goes <= _FREE).argmax())
        yield int(steps[first])
        wanted = before[first]
