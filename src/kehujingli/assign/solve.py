"""How many of each class does each manager take? The optimum of the cost under the limits, with its proof.

Classes of interchangeable customers × managers: whole numbers x[class, manager] and unassigned[class]. Minimises

    Σ cost·x + Σ unassigned·u + imbalance·Σ overload,   Σ_m x = size − u,   Σ_c load·x ≤ capacity,   overload_m ≥ Σ_c weight·x − share_m.

Three steps, each only where the one before it has not settled the matter: the linear programme (whole by itself where all loads are equal, as a
flow is); the whole-number programme with nobody left out, ended as soon as what is open is less than the smallest step two costs can differ by,
and the linear programme of leaving somebody out, which shows that none is better; the whole-number programme without any of this.
Variables stand in the order of classes and managers and HiGHS runs on one thread without randomness: equal inputs give equal plans.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from kehujingli.errors import problem

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

_NEAR = 1e-6
"""HiGHS's own tolerance: what is nearer to a whole number is one."""
_PLACES = 6
"""Costs of more decimals than this have no step that is worth a proof."""


@dataclass(frozen=True)
class Task:
    """One component. ``cost[c, m]`` is infinite where a manager may not have the class; ``load`` broadcasts to the same shape."""

    size: Whole
    cost: Floats
    load: Floats
    capacity: Floats
    """Infinite where there is no limit."""
    unassigned: Floats
    """Cost of leaving one of the class."""
    share: Floats | None = None
    """The load that each manager may have before it counts as imbalance."""
    imbalance: float = 0.0
    weight: Floats | None = None
    """What each class weighs against ``share``, where that is not its load."""

    @property
    def weighed(self) -> Floats:
        return self.load if self.weight is None else self.weight


@dataclass(frozen=True)
class Solution:
    taken: Whole
    left: Whole
    objective: float
    bound: float


def solve(task: Task) -> Solution:
    """The optimum of a component. Raises ``assign.no-plan`` where HiGHS finds none or cannot prove it."""
    classes, managers = task.cost.shape
    model = _Model(task)
    if not classes or not model.pairs:
        dear = float((task.unassigned * task.size).sum())
        return Solution(np.zeros((classes, managers), dtype="int64"), task.size.copy(), dear, dear)
    relaxed = model.run(whole=False)
    if model.settled(relaxed):
        return model.solution(relaxed, relaxed.fun)
    served = _all_served(model, relaxed)
    return served if served is not None else _whole(model)


def _all_served(model: _Model, relaxed: Any) -> Solution | None:
    """The optimum with nobody left out, where leaving somebody out is shown to be no better; else nothing."""
    if relaxed.status != 0 or not model.step or model.left(relaxed).sum() > _NEAR:
        return None
    found = model.run(upper=model.nobody, gap=0.999 * model.step / max(abs(relaxed.fun), model.step))
    if found.x is None or found.status != 0:
        return None
    bound = math.ceil(found.mip_dual_bound / model.step - _NEAR) * model.step
    near = _NEAR * max(1.0, abs(found.fun))
    if bound < found.fun - near or model.run(whole=False, least_left=1).fun < found.fun - near:
        return None
    return model.solution(found, found.fun)


def _whole(model: _Model) -> Solution:
    found = model.run()
    if found.x is None or found.status != 0:
        raise problem("assign.no-plan", detail=str(found.message).strip().rstrip("."))
    return model.solution(found, found.fun if found.mip_dual_bound is None else found.mip_dual_bound)


class _Model:
    """The matrices of a task. Variables: x of the pairs that may be, who is left of each class, overload of each manager."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self.rows, self.columns = np.nonzero(np.isfinite(task.cost))
        self.pairs = len(self.rows)
        self.classes, self.managers = task.cost.shape
        self.over = self.managers if task.share is not None and task.imbalance else 0
        self.costs = np.concatenate(
            [task.cost[self.rows, self.columns], task.unassigned, np.full(self.over, task.imbalance)]
        )
        self.upper = np.concatenate([task.size[self.rows], task.size, np.full(self.over, np.inf)]).astype(float)

    @cached_property
    def nobody(self) -> Floats:
        """The upper bounds with nobody left out."""
        upper = self.upper.copy()
        upper[self.pairs : self.pairs + self.classes] = 0
        return upper

    @cached_property
    def step(self) -> float:
        """The smallest difference that two plans with nobody left out can have in cost; 0 where there is none worth the name."""
        told = [self.costs[: self.pairs]]
        if self.over and self.task.share is not None:
            load, share = self.task.weighed[np.isfinite(self.task.weighed)], self.task.share
            if (load != np.rint(load)).any() or (share != np.rint(share)).any():
                return 0.0
            told.append(np.array([self.task.imbalance]))
        values = [Decimal(str(round(float(value), 9))) for value in np.unique(np.abs(np.concatenate(told))) if value]
        places = max((-int(value.normalize().as_tuple().exponent) for value in values), default=0)
        if not values or places > _PLACES:
            return 0.0
        scale: int = 10 ** max(0, places)
        return math.gcd(*(int(value * scale) for value in values)) / scale

    @cached_property
    def _matrix(self) -> tuple[Any, Floats, Floats]:
        from scipy.sparse import coo_array

        task, pairs, classes = self.task, self.pairs, self.classes
        load = np.broadcast_to(task.load, task.cost.shape)[self.rows, self.columns]
        limited = np.flatnonzero(np.isfinite(task.capacity))
        place = np.full(self.managers, -1)
        place[limited] = classes + np.arange(len(limited))
        bound = place[self.columns] >= 0
        parts = [
            (np.ones(pairs), self.rows, np.arange(pairs)),
            (np.ones(classes), np.arange(classes), pairs + np.arange(classes)),
            (load[bound], place[self.columns][bound], np.flatnonzero(bound)),
        ]
        count = classes + len(limited)
        lower = [task.size.astype(float), np.full(len(limited), -np.inf)]
        upper = [task.size.astype(float), task.capacity[limited]]
        if self.over and task.share is not None:
            people = np.arange(self.managers)
            weight = np.broadcast_to(task.weighed, task.cost.shape)[self.rows, self.columns]
            parts.append((weight, count + self.columns, np.arange(pairs)))
            parts.append((-np.ones(self.managers), count + people, pairs + classes + people))
            lower.append(np.full(self.managers, -np.inf))
            upper.append(task.share)
            count += self.managers
        values, rows, columns = (np.concatenate(part) for part in zip(*parts, strict=True))
        matrix = coo_array((values, (rows, columns)), shape=(count, len(self.costs))).tocsc()
        return matrix, np.concatenate(lower), np.concatenate(upper)

    def run(self, *, whole: bool = True, upper: Floats | None = None, gap: float = 0.0, least_left: int = 0) -> Any:
        """What HiGHS says. ``least_left``: at least so many customers are left out."""
        from scipy.optimize import Bounds, LinearConstraint, milp

        matrix, least, most = self._matrix
        asked = [LinearConstraint(matrix, least, most)]
        if least_left:
            left = np.zeros(len(self.costs))
            left[self.pairs : self.pairs + self.classes] = 1
            asked.append(LinearConstraint(left[None, :], least_left, np.inf))
        kind = np.zeros(len(self.costs))
        kind[: self.pairs + self.classes] = whole
        answer = milp(
            self.costs,
            integrality=kind,
            bounds=Bounds(np.zeros(len(self.costs)), self.upper if upper is None else upper),
            constraints=asked,
            options={"mip_rel_gap": gap},
        )
        if answer.fun is None:
            answer.fun = math.inf
        return answer

    def left(self, answer: Any) -> Floats:
        return np.asarray(answer.x[self.pairs : self.pairs + self.classes])

    def settled(self, answer: Any) -> bool:
        """Whether a linear programme's answer is whole by itself."""
        if answer.status != 0:
            return False
        told = answer.x[: self.pairs + self.classes]
        return bool((np.abs(told - np.rint(told)) < _NEAR).all())

    def solution(self, answer: Any, bound: float) -> Solution:
        taken = np.zeros((self.classes, self.managers), dtype="int64")
        taken[self.rows, self.columns] = np.rint(answer.x[: self.pairs]).astype("int64")
        return Solution(taken, np.rint(self.left(answer)).astype("int64"), float(answer.fun), float(bound))
