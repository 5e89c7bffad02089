"""What does HiGHS say of a component? Its linear programme with prices, and its whole-number programme.

Classes of interchangeable customers × managers: whole numbers x[class, manager], being left counted as a manager behind all others. Minimises

    Σ cost·x + imbalance·Σ overload,   Σ_m x = size,   Σ_c load·x ≤ capacity,   overload_m ≥ Σ_c weight·x − share_m,

and, where there is a ``Band``, its two rows a manager and the one of who is left. Variables stand in the order of classes and managers and HiGHS runs on one thread without randomness: equal inputs give equal plans.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from kehujingli.errors import problem

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Yes = npt.NDArray[np.bool_]

_NEAR = 1e-6
"""HiGHS's own tolerance: what is nearer to a whole number is one."""
_CUT_SHORT, _FAILED = 1, 4
"""What scipy says of a search that came to its limit, and of one that says nothing of what there is. HiGHS's presolve fails of some small
programmes that have a plan; without it they are settled."""


@dataclass(frozen=True)
class Band:
    """What part each manager is to have of another measure than the load, of all that is served: no less than ``least``, no more than ``most``."""

    weight: Floats
    """Of one customer of each class."""
    base: Floats
    """What each manager has already."""
    total: float
    """Of all customers, served or left, with what managers have already."""
    least: Floats
    most: Floats
    """Infinite for who is held to no part."""
    left: Floats
    """What leaving one of each class counts, and how much of it there may be."""
    allowed: float

    def after(self, taken: Whole) -> Band:
        """For the others, once so many of each class are with each manager, the last column being left."""
        held = self.weight @ taken
        allowed = self.allowed - float(self.left @ taken[:, -1])
        return replace(self, base=self.base + held[:-1], total=self.total - float(held[-1]), allowed=allowed)

    def holds(self, taken: Whole) -> bool:
        """Whether a plan, its last column being left, keeps to it."""
        then = self.after(taken)
        near = _NEAR * max(1.0, float(self.weight.max(initial=0.0)))
        inside = (then.base >= self.least * then.total - near) & (then.base <= self.most * then.total + near)
        return bool(inside[np.isfinite(self.most)].all()) and then.allowed >= -_NEAR * max(1.0, self.allowed)

    def rows(self, classes: Whole, columns: Whole) -> tuple[tuple[Floats, Whole, Whole], Floats]:
        """Entries (value, row, pair) of what is not to exceed the second answer; ``classes``, ``columns``: of the pairs."""
        held = np.flatnonzero(np.isfinite(self.most))
        gone = np.flatnonzero(columns == len(self.base))
        place = np.full(len(self.base) + 1, -1)
        place[held] = np.arange(len(held))
        own = np.flatnonzero(place[columns] >= 0)
        here, there = place[columns[own]], np.repeat(np.arange(len(held)), len(gone))
        weight, lost, count = self.weight[classes[own]], self.weight[classes[gone]], len(held)
        most, least = self.most[held], self.least[held]
        all_gone = np.tile(gone, count)
        entries = (
            np.concatenate(
                [
                    weight,
                    np.outer(most, lost).ravel(),
                    -weight,
                    -np.outer(least, lost).ravel(),
                    self.left[classes[gone]],
                ]
            ),
            np.concatenate([here, there, count + here, count + there, np.full(len(gone), 2 * count)]),
            np.concatenate([own, all_gone, own, all_gone, gone]),
        )
        base = self.base[held]
        return entries, np.concatenate([most * self.total - base, base - least * self.total, [self.allowed]])


@dataclass(frozen=True)
class Task:
    """One component. ``cost[c, m]`` is infinite where a manager may not have the class; ``load`` broadcasts to the same shape."""

    size: Whole
    cost: Floats
    load: Floats
    capacity: Floats
    """Infinite where there is no limit."""
    unassigned: Floats
    """Cost of leaving one of the class; infinite where that may not be."""
    share: Floats | None = None
    """The load that each manager may have before it counts as imbalance."""
    imbalance: float = 0.0
    weight: Floats | None = None
    """What each class weighs against ``share``, where that is not its load."""
    band: Band | None = None

    @property
    def weighed(self) -> Floats:
        return self.load if self.weight is None else self.weight

    @property
    def even(self) -> bool:
        """Whether overloads are whole numbers."""
        return self.share is not None and all(
            bool((each == np.rint(each)).all()) for each in (self.weighed, self.share)
        )

    @property
    def ways(self) -> Floats:
        """The costs with that of being left as the last column."""
        return np.column_stack([self.cost, self.unassigned])


@dataclass(frozen=True)
class Priced:
    """What the linear programme says. ``reduced``: by class and manager, the last column being left: a plan costs at least ``floor``
    and this for each customer who stands so; likewise ``over`` for each unit of a manager's overload, ``short`` of what his share is more than his
    load, ``room`` of what his limit is more."""

    taken: Floats
    floor: float
    reduced: Floats
    over: Floats
    short: Floats
    room: Floats
    prices: Floats
    """Of one customer of each class."""

    @property
    def whole(self) -> bool:
        return bool((np.abs(self.taken - np.rint(self.taken)) < _NEAR).all())


@dataclass(frozen=True)
class Found:
    """What a search found, if anything, by class and manager; ``bound``: no plan of those searched is cheaper."""

    taken: Whole | None
    bound: float
    cut_short: bool


class Model:
    """The matrices of a task."""

    def __init__(self, task: Task) -> None:
        self.task = task
        ways = task.ways
        self.rows, self.columns = np.nonzero(np.isfinite(ways))
        self.pairs = len(self.rows)
        self.classes, self.managers = task.cost.shape
        self.over = self.managers if task.share is not None and task.imbalance else 0
        self.costs = np.concatenate([ways[self.rows, self.columns], np.full(self.over, task.imbalance)])

    @cached_property
    def _matrix(self) -> tuple[Any, Floats, Floats]:
        """The classes' rows, which are equations, then those of limits, of a band and of shares, which are not to be exceeded."""
        from scipy.sparse import csr_array

        task, pairs, size = self.task, self.pairs, self.task.cost.shape
        held = np.flatnonzero(self.columns < self.managers)
        load, weight = (
            np.broadcast_to(each, size)[self.rows[held], self.columns[held]] for each in (task.load, task.weighed)
        )
        limited = np.flatnonzero(np.isfinite(task.capacity))
        place = np.full(self.managers, -1)
        place[limited] = self.classes + np.arange(len(limited))
        row = place[self.columns[held]]
        parts = [(np.ones(pairs), self.rows, np.arange(pairs)), (load[row >= 0], row[row >= 0], held[row >= 0])]
        most = [task.size.astype(float), task.capacity[limited]]
        count = self.classes + len(limited)
        if task.band is not None:
            (values, rows, columns), sides = task.band.rows(self.rows, self.columns)
            parts.append((values, count + rows, columns))
            most.append(sides)
            count += len(sides)
        if self.over and task.share is not None:
            people = np.arange(self.managers)
            parts.append((weight, count + self.columns[held], held))
            parts.append((-np.ones(self.managers), count + people, pairs + people))
            most.append(task.share)
            count += self.managers
        values, rows, columns = (np.concatenate(part) for part in zip(*parts, strict=True))
        return csr_array((values, (rows, columns)), shape=(count, len(self.costs))), *self._sides(np.concatenate(most))

    def _sides(self, most: Floats) -> tuple[Floats, Floats]:
        return np.where(np.arange(len(most)) < self.classes, most, -np.inf), most

    def priced(self) -> Priced:
        """Raises ``assign.no-plan`` where there is none even in parts of customers."""
        from scipy.optimize import linprog

        matrix, _, most = self._matrix
        split = self.classes
        limits: dict[str, Any] = {"A_ub": matrix[split:], "b_ub": most[split:]} if len(most) > split else {}
        equal = {"A_eq": matrix[:split], "b_eq": most[:split]}
        answer = linprog(self.costs, **equal, options={"presolve": False}, **limits)
        if answer.status == _FAILED:
            answer = linprog(self.costs, **equal, **limits)
        if answer.status != 0:
            raise problem("assign.no-plan", detail=str(answer.message).strip().rstrip("."))
        prices = np.concatenate([answer.eqlin.marginals, np.minimum(answer.ineqlin.marginals, 0)])
        if self.over:
            prices[-self.over :] = np.maximum(prices[-self.over :], -self.task.imbalance)
        reduced = self.costs - matrix.T @ prices
        pairs = self.pairs
        floor = float(most @ prices + np.minimum(reduced[:pairs], 0) @ self.task.size[self.rows])
        room = np.zeros(self.managers)
        limited = np.isfinite(self.task.capacity)
        room[limited] = -prices[split : split + limited.sum()]
        return Priced(
            self._spread(answer.x, 0.0),
            floor,
            self._spread(np.maximum(reduced, 0), math.inf),
            over=reduced[pairs:],
            short=-prices[len(prices) - self.over :],
            room=room,
            prices=prices[:split],
        )

    def _spread(self, values: Floats, rest: float) -> Floats:
        spread = np.full((self.classes, self.managers + 1), rest)
        spread[self.rows, self.columns] = values[: self.pairs]
        return spread

    def searched(self, most: Floats, over: Floats, gap: float, nodes: int) -> Found:
        """The best plan with at most so many of each class with each manager, and so much overload; to within ``gap`` of the cost."""
        from scipy.optimize import Bounds, LinearConstraint, milp

        task = self.task
        matrix, least, upper = self._matrix
        kind = np.ones(len(self.costs))
        kind[self.pairs :] = task.even
        limits = np.concatenate([most[self.rows, self.columns], over[: self.over]])

        def run(*, presolve: bool) -> Any:
            return milp(
                self.costs,
                integrality=kind,
                bounds=Bounds(np.zeros(len(self.costs)), limits),
                constraints=[LinearConstraint(matrix, least, upper)],
                options={"mip_rel_gap": gap, "node_limit": nodes, "presolve": presolve},
            )

        # of parts of households presolve makes what HiGHS then cannot make good, and says so in the midst of what is told
        whole = task.band is None and (task.share is None or task.even)
        answer = run(presolve=whole)
        if answer.status == _FAILED:
            answer = run(presolve=False)
        cut = answer.status in (_CUT_SHORT, _FAILED)
        bound = -math.inf if answer.mip_dual_bound is None else float(answer.mip_dual_bound)
        if answer.x is None:
            return Found(None, bound if cut else math.inf, cut)
        return Found(np.rint(self._spread(answer.x, 0.0)).astype("int64"), bound, cut)
