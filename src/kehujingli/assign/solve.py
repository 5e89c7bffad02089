"""How many of each class does each manager take? The optimum of the cost under the limits, with its proof.

Classes of interchangeable customers × managers: whole numbers x[class, manager] and unassigned[class]. Minimises

    Σ cost·x + Σ unassigned·u + imbalance·Σ overload,   Σ_m x = size − u,   Σ_c load·x ≤ capacity,   overload_m ≥ Σ_c weight·x − share_m.

Steps, each only where the one before it has not settled the matter: the linear programme (whole by itself where all loads are equal, as a
flow is); where there are many pairs, the whole-number programme of those whose reduced cost is small (``_cheap``); that with nobody left out,
ended as soon as what is open is less than the smallest step two costs can differ by, and the linear programme of leaving somebody out, which
shows that none is better; the whole-number programme without any of this. How much is searched is limited by what there is to search, never by
time: where that is not enough, the bound says how far the plan may be from the optimum.
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
_MANY = 20_000
"""Pairs of a class and a manager from which on most are left out by their prices first."""
_NODES = 2_000_000
"""Pairs × nodes of a search."""
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
    """The optimum of a component, or what the search found, with its bound. Raises ``assign.no-plan`` where HiGHS finds none."""
    classes, managers = task.cost.shape
    model = _Model(task)
    if not classes or not model.pairs:
        dear = float((task.unassigned * task.size).sum())
        return Solution(np.zeros((classes, managers), dtype="int64"), task.size.copy(), dear, dear)
    if model.pairs >= _MANY:
        relaxed, reduced, floor = model.priced()
        if model.settled(relaxed):
            return model.solution(relaxed, relaxed.fun)
        cheap = _cheap(model, reduced, floor) if relaxed.status == 0 else None
        if cheap is not None:
            return cheap
    else:
        relaxed = model.run(whole=False)
        if model.settled(relaxed):
            return model.solution(relaxed, relaxed.fun)
    served = _all_served(model, relaxed)
    return served if served is not None else _whole(model)


def _cheap(model: _Model, reduced: Floats, floor: float) -> Solution | None:
    """The optimum, found among the pairs of small reduced cost: a plan with any other costs at least ``floor`` and that pair's reduced cost.

    First two or three pairs a class; then all that could be in a plan better than the one found. Nothing where either takes too long.
    """
    pairs, rest = reduced[: model.pairs], np.arange(model.pairs, len(reduced))
    kept = min(len(pairs), 2 * model.classes + 10 * model.managers)
    most = float(np.partition(pairs, kept - 1)[kept - 1])
    for _ in range(2):
        inside = pairs <= most
        found = model.run(keep=np.concatenate([np.flatnonzero(inside), rest]))
        if found.x is None or found.status != 0:
            return None
        near = _NEAR * max(1.0, abs(found.fun))
        others = floor + float(pairs[~inside].min(initial=math.inf))
        if others >= found.fun - near:
            return model.solution(found, min(found.mip_dual_bound, found.fun))
        most = found.fun - floor
    return None


def _all_served(model: _Model, relaxed: Any) -> Solution | None:
    """The optimum with nobody left out, where leaving somebody out is shown to be no better; else nothing."""
    if relaxed.status != 0 or not model.step or model.left(relaxed).sum() > _NEAR:
        return None
    found = model.run(upper=model.nobody, gap=0.999 * model.step / max(abs(relaxed.fun), model.step))
    if found.x is None:
        return None
    if found.status != 0:
        # the search was long enough: nobody left out, and as far from the optimum as either way may be
        least = min(found.mip_dual_bound or -math.inf, model.run(whole=False, least_left=1).fun)
        return model.solution(found, min(found.fun, max(relaxed.fun, least)))
    bound = math.ceil(found.mip_dual_bound / model.step - _NEAR) * model.step
    near = _NEAR * max(1.0, abs(found.fun))
    if bound < found.fun - near or model.run(whole=False, least_left=1).fun < found.fun - near:
        return None
    return model.solution(found, found.fun)


def _whole(model: _Model) -> Solution:
    found = model.run()
    if found.x is None:
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

    def priced(self) -> tuple[Any, Floats, float]:
        """The linear programme, the reduced cost of every variable, and the bound that these prices prove."""
        from scipy.optimize import linprog

        matrix, _, most = self._matrix
        split = self.classes
        rows = matrix.tocsr()
        answer = linprog(
            self.costs,
            A_ub=rows[split:] if rows.shape[0] > split else None,
            b_ub=most[split:] if rows.shape[0] > split else None,
            A_eq=rows[:split],
            b_eq=most[:split],
            bounds=np.stack([np.zeros(len(self.costs)), self.upper], axis=1),
            method="highs",
        )
        if answer.status != 0:
            return answer, self.costs, -math.inf
        prices = np.concatenate([answer.eqlin.marginals, np.minimum(answer.ineqlin.marginals, 0)])
        reduced = self.costs - rows.T @ prices
        finite = np.isfinite(self.upper)
        floor = float(most @ prices + (np.minimum(reduced, 0) * np.where(finite, self.upper, 0)).sum())
        return answer, np.asarray(reduced), floor

    def run(
        self,
        *,
        whole: bool = True,
        upper: Floats | None = None,
        gap: float = 0.0,
        least_left: int = 0,
        keep: Whole | None = None,
    ) -> Any:
        """What HiGHS says. ``least_left``: at least so many customers are left out; ``keep``: the variables that are not nought."""
        from scipy.optimize import Bounds, LinearConstraint, milp

        matrix, least, most = self._matrix
        asked = [LinearConstraint(matrix, least, most)]
        if least_left:
            left = np.zeros(len(self.costs))
            left[self.pairs : self.pairs + self.classes] = 1
            asked.append(LinearConstraint(left[None, :], least_left, np.inf))
        kind = np.zeros(len(self.costs))
        kind[: self.pairs + self.classes] = whole
        upper = self.upper if upper is None else upper
        costs = self.costs
        if keep is not None:
            costs, kind, upper = costs[keep], kind[keep], upper[keep]
            asked = [LinearConstraint(matrix[:, keep], least, most)]
        answer = milp(
            costs,
            integrality=kind,
            bounds=Bounds(np.zeros(len(costs)), upper),
            constraints=asked,
            options={"mip_rel_gap": gap, "node_limit": _NODES // len(costs) + 1},
        )
        if keep is not None and answer.x is not None:
            spread = np.zeros(len(self.costs))
            spread[keep] = answer.x
            answer.x = spread
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
