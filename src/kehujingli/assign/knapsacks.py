"""What does a plan cost at least where each manager's customers must fit, loads and limits being whole numbers?

Each customer has a price, which whoever takes the customer is paid; each manager alone then takes those that leave him most within his limit,
a knapsack whose optimum is reckoned exactly. What all of them leave, taken from the prices of all customers, is below every plan, and it is nearer
to the optimum than the linear programme, which fills a limit with parts of customers. Being left counts as a manager without a limit.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kehujingli.assign.program import Floats, Task, Whole

__all__ = ["Knapsacks", "Seen", "Yes", "fitting_loads"]

Yes = npt.NDArray[np.bool_]

_STALL = 20
"""Steps without a better bound after which they are halved."""
_CELLS = 20_000_000
"""Cells of the tables of all managers; larger ones are not made."""


@dataclass(frozen=True)
class Seen:
    """What prices show. ``least``: no plan is cheaper; ``taken``: what each manager takes; ``dearer``: what it costs more at least to have the pair."""

    least: float
    taken: Yes
    dearer: Floats


def fitting_loads(task: Task) -> bool:
    """Whether every class is one customer whose load depends on the manager, in whole numbers whose tables are not too large."""
    pairs = np.isfinite(task.cost)
    load = np.broadcast_to(task.load, task.cost.shape)
    alone = bool((task.size == 1).all()) and task.share is None and task.band is None
    whole = alone and bool((load != load[:, :1]).any()) and bool(((load == np.rint(load)) & (load >= 0))[pairs].all())
    return whole and float((_rooms(task, load) + 1).sum()) * (len(load) + 1) <= _CELLS


def _rooms(task: Task, load: Floats) -> Floats:
    """Each manager's limit, which is not more than all that could be his."""
    most: Floats = np.minimum(np.floor(task.capacity), np.where(np.isfinite(task.cost), load, 0.0).sum(axis=0))
    return most


class Knapsacks:
    """The knapsacks of a task's managers, and behind them the one of being left, which takes no room."""

    def __init__(self, task: Task) -> None:
        load = np.broadcast_to(task.load, task.cost.shape)
        self.ways = task.ways
        self.may = np.isfinite(self.ways)
        held = np.where(self.may[:, :-1], load, 0.0)
        self.load: Whole = np.column_stack([held, np.zeros(len(held))]).astype("int64")
        self.room: Whole = np.append(_rooms(task, load), 0).astype("int64")

    def seen(self, prices: Floats) -> Seen:
        """With what each pair costs more."""
        gain = prices[:, None] - self.ways
        taken, dearer = np.zeros(gain.shape, dtype=bool), np.full(gain.shape, np.inf)
        least = float(prices.sum())
        for person, room in enumerate(self.room.tolist()):
            some = np.flatnonzero(self.may[:, person])
            worth, load = gain[some, person], self.load[some, person]
            table = _table(worth, load, room)
            chosen = _chosen(table, load)
            least -= float(table[-1, room])
            taken[some, person] = chosen
            back = _table(worth[::-1], load[::-1], room)[::-1, ::-1]
            dearer[some, person] = _dearer(table, back, worth, load, chosen)
        return Seen(least, taken, dearer)

    def behind(self, prices: Floats, order: Whole) -> list[Floats]:
        """By manager: the most that the customers from each place in the order on leave him within each room."""
        gain = np.where(self.may, prices[:, None] - self.ways, -np.inf)
        back = order[::-1]
        return [
            _table(gain[back, person], self.load[back, person], room)[::-1]
            for person, room in enumerate(self.room.tolist())
        ]

    def raised(self, prices: Floats, above: float, steps: int) -> Floats:
        """The prices of the best bound on ``steps`` of a subgradient from these; ``above``: a cost that is near, from above, to the optimum."""
        best, least, length, stalled = prices, -np.inf, 1.0, 0
        way = np.zeros(len(prices))
        for _ in range(steps):
            bound, missing = self._bound(prices)
            if bound > least:
                best, least, stalled = prices, bound, 0
            else:
                stalled += 1
            if stalled == _STALL:
                length, stalled, prices = length / 2, 0, best
            way = missing + 0.3 * way
            if not missing.any() or not way.any():
                break
            prices = prices + length * max(above - bound, 1e-6) / float(way @ way) * way
        return best

    def _bound(self, prices: Floats) -> tuple[float, Floats]:
        """The bound of these prices, and by customer how many managers too few take her."""
        gain = prices[:, None] - self.ways
        bound, missing = float(prices.sum()), np.ones(len(prices))
        for person, room in enumerate(self.room.tolist()):
            some = np.flatnonzero(gain[:, person] > 0)
            load = self.load[some, person]
            table = _table(gain[some, person], load, room)
            bound -= float(table[-1, room])
            missing[some] -= _chosen(table, load)
        return bound, missing


def _table(worth: Floats, load: Whole, room: int) -> Floats:
    """The most that the first customers leave within each room."""
    table = np.zeros((len(worth) + 1, room + 1))
    for count, (each, weight) in enumerate(zip(worth.tolist(), load.tolist(), strict=True)):
        table[count + 1] = table[count]
        if weight <= room:
            better = table[count + 1, weight:]
            np.maximum(better, table[count, : room + 1 - weight] + each, out=better)
    return table


def _chosen(table: Floats, load: Whole) -> Yes:
    chosen = np.zeros(len(load), dtype=bool)
    room = table.shape[1] - 1
    for count in range(len(load) - 1, -1, -1):
        if table[count + 1, room] != table[count, room]:
            chosen[count] = True
            room -= int(load[count])
    return chosen


def _dearer(table: Floats, back: Floats, worth: Floats, load: Whole, chosen: Yes) -> Floats:
    """What the knapsack loses where it must have each customer: the tables of those before her and of those behind."""
    room = table.shape[1] - 1
    dearer = np.zeros(len(load))
    for count, weight in enumerate(load.tolist()):
        if weight > room:
            dearer[count] = np.inf
        elif not chosen[count]:
            kept = table[count, : room + 1 - weight] + back[count + 1, weight:]
            dearer[count] = table[-1, room] - worth[count] - kept.max()
    return dearer
