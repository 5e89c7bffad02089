"""Which is the best plan where customers must fit whole and each is unlike the others? Begun plans, carried on customer by customer.

A begun plan says who has the first customers, and what room that leaves each manager; the most that the others can leave within that room, knapsack
by knapsack (``knapsacks``), says what it will cost at least. At each customer every begun plan is carried on with each manager who may have her, those
that would come above the cost asked for are dropped, and of the rest the cheapest so many are kept. What was dropped for their number is what the
bound is: no plan is cheaper than the cheapest of it, or than the plan found. So one search gives plan and proof. It is repeated in several orders of the
customers, with more kept each time; how much is searched is limited by the begun plans in all, never by time.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from kehujingli.assign.knapsacks import Knapsacks
from kehujingli.assign.program import Floats, Task, Whole

__all__ = ["Settled", "settled"]

_STEPS = 400
"""Steps of the subgradient before the search."""
_ABOVE = 3e-3
"""The part of the cost by which the optimum may be above the linear programme, as the subgradient takes it."""
_ORDERS = (1, 2, 3, 6)
"""Customers of whom few managers are within reach come first: by what so many managers more than the cheapest would add, taken together."""
_WIDTHS = (2_000, 50_000, 200_000)
"""Begun plans kept at each customer, of one search and the next."""
_KEPT = 20_000_000
"""Begun plans that a search may keep over all its customers."""
_WORK = 400_000_000
"""Begun plans that are looked at in all."""
_REACH = 2e-3
"""The part of the cost by which plans may at first be above the bound."""


@dataclass(frozen=True)
class Settled:
    """A plan by customer and manager, the last being left, if one was found; ``bound``: no plan is cheaper."""

    taken: Whole | None
    bound: float


@dataclass(frozen=True)
class _Reached:
    """What one search found: the manager of each customer; the cheapest of what was dropped for its number."""

    people: Whole | None
    dropped: float


def settled(task: Task, prices: Floats, floor: float, step: float, up: Callable[[float], float]) -> Settled:
    """The optimum, or what the work found. ``prices``, ``floor``: of the linear programme; ``up``: to a cost that plans, ``step`` apart, can have."""
    return _Search(Knapsacks(task), prices, floor, step, up).settled()


class _Search:
    def __init__(
        self, sacks: Knapsacks, prices: Floats, floor: float, step: float, up: Callable[[float], float]
    ) -> None:
        self.sacks, self.step, self.up, self.work = sacks, step, up, 0
        self.prices = sacks.raised(prices, floor + max(_ABOVE * abs(floor), step), _STEPS)
        seen = sacks.seen(self.prices)
        self.least, self.dearer = seen.least, seen.dearer
        self.bound = up(max(seen.least, floor))
        self.best: Whole | None = None
        self.cost = math.inf
        self._dearest = float(np.where(sacks.may, sacks.ways, -math.inf).max(axis=1).sum())

    def settled(self) -> Settled:
        """Wider and wider; until a plan is found, further and further away."""
        reach, widest = max(_REACH * abs(self.bound), self.step), max(_KEPT // len(self.prices), 1)
        for width in _WIDTHS:
            for count in _ORDERS:
                order, again = self._order(count), True
                while again and not self._proven and self.work < _WORK and self.bound <= self._dearest:
                    again = self._asked(order, min(self.bound + reach, self.cost - self.step), min(width, widest))
                    reach = 2 * reach if self.best is None else reach
        if self.best is None:
            return Settled(None, self.bound)
        taken = np.zeros(self.dearer.shape, dtype="int64")
        taken[np.arange(len(taken)), self.best] = 1
        return Settled(taken, self.bound)

    @property
    def _proven(self) -> bool:
        return self.cost <= self.bound + self.step / 2

    def _order(self, count: int) -> Whole:
        near = np.sort(np.where(np.isfinite(self.dearer), self.dearer, 1e9), axis=1)
        return np.argsort(-near[:, 1 : 1 + count].sum(axis=1), kind="stable")

    def _asked(self, order: Whole, top: float, width: int) -> bool:
        """Searches plans of at most the cost ``top``. Whether it is to be asked again of costs above, as none is cheaper and none was dropped."""
        asked = top + self.step / 2
        reached = self._reached(order, asked, width)
        if reached.people is not None:
            self.best = reached.people
            self.cost = float(self.sacks.ways[np.arange(len(order)), self.best].sum())
        self.bound = min(max(self.bound, self.up(min(reached.dropped, asked))), self.cost)
        return self.best is None and not math.isfinite(reached.dropped)

    def _reached(self, order: Whole, top: float, width: int) -> _Reached:
        sacks, prices = self.sacks, self.prices
        cost, room = np.zeros(1), sacks.room[:, None].copy()
        tables = sacks.behind(prices, order)
        ahead = np.append(np.cumsum(prices[order][::-1])[::-1], 0.0)
        dropped = math.inf
        steps: list[tuple[Whole, Whole]] = []
        for place, customer in enumerate(order.tolist()):
            people = np.flatnonzero(self.dearer[customer] <= top - self.least)
            rest = [table[place + 1] for table in tables]
            now = np.array([each[left] for each, left in zip(rest, room, strict=True)])
            least = cost + ahead[place + 1] - now.sum(axis=0)
            found = []
            for person in people.tolist():
                left = room[person] - sacks.load[customer, person]
                fits = np.flatnonzero(left >= 0)
                each = least[fits] + sacks.ways[customer, person] + now[person, fits] - rest[person][left[fits]]
                within = each <= top
                found.append((fits[within], np.full(int(within.sum()), person), each[within]))
            before, chosen, bounds = (np.concatenate(part) for part in zip(*found, strict=True)) if found else _NONE
            self.work += len(bounds)
            if not len(bounds):
                return _Reached(None, dropped)
            kept, cheapest = _cheapest(bounds, width)
            dropped = min(dropped, cheapest)
            before, chosen = before[kept], chosen[kept]
            room = room[:, before]
            room[chosen, np.arange(len(chosen))] -= sacks.load[customer, chosen]
            cost = cost[before] + sacks.ways[customer, chosen]
            steps.append((before.astype("int32"), chosen.astype("int16")))
        answer = np.zeros(len(order), dtype="int64")
        answer[order] = _traced(steps, int(np.argmin(cost)))
        return _Reached(answer, dropped)


_NONE = (np.zeros(0, dtype="int64"), np.zeros(0, dtype="int64"), np.zeros(0))


def _cheapest(bounds: Floats, width: int) -> tuple[Whole, float]:
    """The places of the ``width`` least, of equal ones the first, and the least of the others."""
    if len(bounds) <= width:
        return np.arange(len(bounds)), math.inf
    parted = np.partition(bounds, width)
    last = float(parted[:width].max())
    below, equal = np.flatnonzero(bounds < last), np.flatnonzero(bounds == last)
    return np.sort(np.concatenate([below, equal[: width - len(below)]])), float(parted[width])


def _traced(steps: list[tuple[Whole, Whole]], at: int) -> Whole:
    """The managers of the customers in their order, back from a plan that is carried through."""
    people = np.zeros(len(steps), dtype="int64")
    for place, (before, chosen) in reversed([*enumerate(steps)]):
        people[place] = chosen[at]
        at = int(before[at])
    return people
