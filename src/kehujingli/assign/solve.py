"""How many of each class does each manager take? The optimum of the cost under the limits, proved by HiGHS.

Classes of interchangeable customers × managers: whole numbers x[class, manager] and unassigned[class]. Minimises

    Σ cost·x + Σ unassigned·u + imbalance·Σ overload,   Σ_m x = size − u,   Σ_c load·x ≤ capacity,   overload_m ≥ Σ_c load·x − share_m.

Variables stand in the order of classes and managers and HiGHS runs on one thread without randomness: equal inputs give equal plans.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kehujingli.errors import problem

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]


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


@dataclass(frozen=True)
class Solution:
    taken: Whole
    left: Whole
    objective: float
    bound: float


def solve(task: Task) -> Solution:
    """The optimum of a component. Raises ``assign.no-plan`` where HiGHS finds none or cannot prove it."""
    classes, managers = task.cost.shape
    rows, columns = np.nonzero(np.isfinite(task.cost))
    if not classes or not len(rows):
        return Solution(np.zeros((classes, managers), dtype="int64"), task.size.copy(), 0.0, 0.0)
    load = np.broadcast_to(task.load, task.cost.shape)[rows, columns]
    return _milp(task, rows, columns, load)


def _milp(task: Task, rows: npt.NDArray[np.intp], columns: npt.NDArray[np.intp], load: Floats) -> Solution:
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array, hstack, vstack

    classes, managers = task.cost.shape
    pairs = len(rows)
    over = managers if task.share is not None and task.imbalance else 0
    cost = np.concatenate([task.cost[rows, columns], task.unassigned, np.full(over, task.imbalance)])
    upper = np.concatenate([task.size[rows].astype(float), task.size.astype(float), np.full(over, np.inf)])
    ones = np.ones(pairs)
    whole = hstack(
        [
            csr_array((ones, (rows, np.arange(pairs))), shape=(classes, pairs)),
            csr_array(np.eye(classes)),
            csr_array((classes, over)),
        ]
    )
    loads = csr_array((load, (columns, np.arange(pairs))), shape=(managers, pairs))
    limited = np.isfinite(task.capacity)
    parts = [whole]
    lower_bounds, upper_bounds = [task.size.astype(float)], [task.size.astype(float)]
    if limited.any():
        parts.append(hstack([loads, csr_array((managers, classes)), csr_array((managers, over))])[limited])
        lower_bounds.append(np.full(int(limited.sum()), -np.inf))
        upper_bounds.append(task.capacity[limited])
    if over and task.share is not None:
        parts.append(hstack([loads, csr_array((managers, classes)), csr_array(-np.eye(managers))]))
        lower_bounds.append(np.full(managers, -np.inf))
        upper_bounds.append(task.share)
    result = milp(
        cost,
        integrality=np.concatenate([np.ones(pairs + classes), np.zeros(over)]),
        bounds=Bounds(np.zeros(len(cost)), upper),
        constraints=LinearConstraint(vstack(parts).tocsc(), np.concatenate(lower_bounds), np.concatenate(upper_bounds)),
        options={"mip_rel_gap": 0.0},
    )
    if result.x is None or result.status != 0:
        raise problem("assign.no-plan", detail=str(result.message).strip().rstrip("."))
    taken = np.zeros((classes, managers), dtype="int64")
    taken[rows, columns] = np.rint(result.x[:pairs]).astype("int64")
    left = np.rint(result.x[pairs : pairs + classes]).astype("int64")
    bound = result.mip_dual_bound if result.mip_dual_bound is not None else result.fun
    return Solution(taken, left, float(result.fun), float(bound))
