"""Is it the optimum, and is none taken for one where there is none?"""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from kehujingli.assign.solve import Task, solve
from kehujingli.errors import Problem


def _task(room: float) -> Task:
    """Three of a class that weighs 2 with two managers, the first cheaper and with this much room."""
    return Task(np.array([3]), np.array([[1.0, 5.0]]), np.array([[2.0]]), np.array([room, np.inf]), np.array([100.0]))


@pytest.mark.parametrize(("room", "taken", "cost"), [(6, [[3, 0]], 3.0), (5, [[2, 1]], 7.0), (0, [[0, 3]], 15.0)])
def test_the_cheapest_that_the_limits_allow(room: float, taken: list[list[int]], cost: float) -> None:
    found = solve(_task(room))
    assert found.taken.tolist() == taken
    assert (found.objective, found.left.tolist()) == (pytest.approx(cost), [0])
    assert found.bound == pytest.approx(cost)


def test_where_presolve_fails_the_optimum_is_found_without_it() -> None:
    """One with the second manager at 2.5, two with him at nothing, 1.352 above his share; one with the first at 2.5, 1.053 above his.

    HiGHS 1.12 answers with an error, which is not that there is no plan."""
    task = Task(
        size=np.array([1, 2, 1]),
        cost=np.array([[4.0, 2.5, 4.0], [1.0, 0.0, 2.5], [2.5, 1.0, 4.0]]),
        load=np.array([[3.0, 4.0, 6.0], [2.0, 2.0, 6.0], [2.0, 6.0, 2.0]]),
        capacity=np.array([13.0, 13.0, 7.0]),
        unassigned=np.array([100.0, 3.0, 100.0]),
        share=np.array([4.4, 2.2, 7.2]),
        imbalance=1.0,
        weight=np.array([[1.34], [1.106], [5.453]]),
    )
    found = solve(task)
    assert found.taken.tolist() == [[0, 1, 0], [0, 2, 0], [1, 0, 0]]
    assert found.objective == pytest.approx(7.405)
    assert found.bound == pytest.approx(7.405)


def test_limits_that_nothing_can_keep_are_an_error_and_no_plan() -> None:
    with pytest.raises(Problem) as stopped:
        solve(_task(-1))
    assert [told.code for told in stopped.value.findings] == ["assign.no-plan"]


def _best(task: Task) -> float:
    """The cheapest plan of all, by trying every one."""
    classes, managers = task.cost.shape
    ways = [
        [way for way in itertools.product(range(int(size) + 1), repeat=managers) if sum(way) <= size]
        for size in task.size
    ]
    best = math.inf
    for plan in itertools.product(*ways):
        taken = np.array(plan, dtype=float).reshape(classes, managers)
        carried = (taken * task.load).sum(axis=0)
        if (carried > task.capacity).any() or (taken[~np.isfinite(task.cost)] > 0).any():
            continue
        cost = (np.where(np.isfinite(task.cost), task.cost, 0) * taken).sum()
        cost += (task.unassigned * (task.size - taken.sum(axis=1))).sum()
        if task.share is not None:
            cost += task.imbalance * np.maximum(carried - task.share, 0).sum()
        best = min(best, float(cost))
    return best


@pytest.mark.parametrize("seed", range(120))
def test_no_plan_of_all_that_there_are_is_cheaper(seed: int) -> None:
    """Loads that do not go up in limits, costs with decimals, forbidden pairs, leaving out that is dear, cheap or for nothing."""
    draw = np.random.default_rng(seed)
    classes, managers = draw.integers(1, 4), draw.integers(1, 4)
    cost = draw.choice([0.0, 0.3, 1.0, 4.0, 2.5], (classes, managers))
    cost[draw.random(cost.shape) < 0.15] = np.inf
    task = Task(
        size=draw.integers(0, 4, classes),
        cost=cost,
        load=draw.choice([1.0, 2.0, 5.0, 12.0], (classes, 1)),
        capacity=draw.choice([4.0, 7.0, 13.0, np.inf], managers),
        unassigned=draw.choice([0.0, 0.7, 3.0, 100.0], classes),
        share=draw.integers(0, 9, managers).astype(float) if seed % 3 else None,
        imbalance=1.0 if seed % 3 else 0.0,
    )
    found = solve(task)
    assert found.objective == pytest.approx(_best(task), abs=1e-6)
    assert found.bound == pytest.approx(found.objective, abs=1e-6)
    assert (found.taken.sum(axis=1) + found.left == task.size).all()
    assert ((found.taken * task.load).sum(axis=0) <= task.capacity).all()
    assert not found.taken[~np.isfinite(cost)].any()
