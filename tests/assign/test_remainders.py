"""What do remainders of loads force? By hand, and beside every plan that there is."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pytest

from kehujingli.assign.program import Model, Task
from kehujingli.assign.remainders import forced

Whole = npt.NDArray[np.int64]


def _alone(above: float) -> float:
    return above


def test_twelves_that_cannot_make_up_a_load_of_thirty_cost_what_is_over() -> None:
    """Five who weigh 12 and twenty who weigh 1 are with the first manager, whose share is 30; a twelve costs 6 with the second, a one 2.

    In parts, 50 ÷ 12 twelves go: 25. Whole, four go and 2 stand above the share: 26. With a one at the second as well, 1 is above: 27."""
    task = Task(
        size=np.array([5, 20]),
        cost=np.array([[0.0, 6.0], [0.0, 2.0]]),
        load=np.array([[12.0], [1.0]]),
        capacity=np.array([1_000.0, 1_000.0]),
        unassigned=np.array([500.0, 500.0]),
        share=np.array([30.0, 100.0]),
        imbalance=1.0,
    )
    priced = Model(task).priced()
    found = forced(task, priced, _alone)
    assert priced.floor == pytest.approx(25.0)
    assert found.least == pytest.approx(1.0)
    assert found.pairs[:, :2] == pytest.approx(np.array([[1.0, 1.0], [1.0, 2.0]]))
    assert found.taken.sum() == 0
    assert (found.held.tolist(), found.above.tolist()) == ([True, False], [2, 0])


def test_who_must_be_taken_beside_the_free_is_named() -> None:
    """A limit of 20 that is worth 3 for each unit is filled by one who weighs 12 and eight who weigh 1; nothing else is free to go there.

    Twelves save 36 with the first manager, ones 2: in parts 20 ÷ 12 twelves save 60. Whole, one twelve and eight ones save 52."""
    task = Task(
        size=np.array([5, 20]),
        cost=np.array([[0.0, 36.0], [0.0, 2.0]]),
        load=np.array([[12.0], [1.0]]),
        capacity=np.array([20.0, np.inf]),
        unassigned=np.array([500.0, 500.0]),
    )
    priced = Model(task).priced()
    found = forced(task, priced, _alone)
    assert priced.floor == pytest.approx(5 * 36 + 20 * 2 - 60)
    assert found.least == pytest.approx(8.0)
    assert found.taken.tolist() == [[0, 0, 0], [8, 0, 0]]
    assert (found.held.tolist(), found.above.tolist()) == ([True, False], [0, 0])


def _plans(task: Task) -> Iterator[tuple[Whole, float]]:
    """Every plan within the limits, being left in the last column, and its cost."""
    classes, managers = task.cost.shape
    each = [
        [way for way in itertools.product(range(int(size) + 1), repeat=managers + 1) if sum(way) == size]
        for size in task.size
    ]
    for plan in itertools.product(*each):
        taken = np.array(plan, dtype="int64").reshape(classes, managers + 1)
        carried = (taken[:, :-1] * task.load).sum(axis=0)
        if (carried > task.capacity).any():
            continue
        cost = float((taken * task.ways).sum())
        if task.share is not None:
            cost += task.imbalance * float(np.maximum(carried - task.share, 0).sum())
        yield taken, cost


def _task(seed: int) -> Task:
    draw = np.random.default_rng(seed)
    classes, managers = 3, (2, 3)[seed % 2]
    load = (
        draw.choice([1.0, 2.0, 5.0, 12.0], (classes, 1)) if seed % 5 else draw.integers(1, 7, (classes, managers)) * 1.0
    )
    return Task(
        size=draw.integers(1, 4, classes),
        cost=draw.choice([0.0, 0.3, 1.0, 4.0, 2.5], (classes, managers)),
        load=load,
        capacity=draw.choice([7.0, 11.5, 13.0, np.inf], managers),
        unassigned=draw.choice([3.0, 40.0, 100.0], classes),
        share=draw.integers(1, 12, managers).astype(float) if seed % 3 else None,
        imbalance=1.0 if seed % 3 else 0.0,
    )


def test_no_plan_of_all_that_there_are_costs_less_than_is_forced_nor_does_any_with_a_pair() -> None:
    bites = exact = 0
    for seed in range(60):
        task = _task(seed)
        priced = Model(task).priced()
        found = forced(task, priced, lambda above: above + 1.0)
        best, cheapest = math.inf, np.full(found.pairs.shape, math.inf)
        for taken, cost in _plans(task):
            best = min(best, cost)
            cheapest = np.where(taken > 0, np.minimum(cheapest, cost), cheapest)
        assert found.least <= best - priced.floor + 1e-6, seed
        assert (found.pairs <= cheapest - priced.floor + 1e-6).all(), seed
        bites += found.least > 0.01
        exact += found.least > 0.01 and abs(found.least - (best - priced.floor)) < 1e-6
    assert bites > 15
    assert exact > 5
