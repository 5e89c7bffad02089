"""Customers who must fit whole, each unlike the others: is what the search says of its plan true, and is it the best plan there is?"""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kehujingli.assign.knapsacks import Knapsacks, fitting_loads
from kehujingli.assign.program import Floats
from kehujingli.assign.solve import Solution, Task, solve
from kehujingli.errors import Problem


def _inverse(customers: int, managers: int, seed: int) -> Task:
    """What is cheap is heavy, and limits are four fifths of an even share of all loads: the hardest kind there is."""
    draw = np.random.default_rng(seed)
    load = draw.integers(1, 101, (customers, managers)).astype(float)
    cost = 111 - load + draw.integers(-10, 11, load.shape)
    room = np.floor(0.8 * load.sum(axis=0) / managers)
    return Task(np.ones(customers, dtype="int64"), cost, load, room, np.full(customers, 2.0 * cost.max(axis=1).sum()))


def _checked(task: Task, found: Solution) -> float:
    """The cost by the plan alone, after limits and that everybody is somewhere once."""
    assert ((found.taken >= 0) & (found.left >= 0)[:, None]).all()
    assert (found.taken.sum(axis=1) + found.left == 1).all()
    assert ((found.taken * task.load).sum(axis=0) <= task.capacity).all()
    cost = np.where(np.isfinite(task.cost), task.cost, 0.0)
    assert not (found.taken.astype(bool) & ~np.isfinite(task.cost)).any()
    told = float((cost * found.taken).sum() + np.where(found.left > 0, task.unassigned, 0.0).sum())
    assert told == pytest.approx(found.objective, abs=1e-9)
    return told


def _best(task: Task) -> float:
    """Of all ways to give every customer to a manager, or to leave her, the cheapest within the limits."""
    customers, managers = task.cost.shape
    load, ways = np.broadcast_to(task.load, task.cost.shape), task.ways
    best = math.inf
    for people in itertools.product(range(managers + 1), repeat=customers):
        held = [sum(load[who, at] for who in range(customers) if people[who] == at) for at in range(managers)]
        if all(one <= limit for one, limit in zip(held, task.capacity, strict=True)):
            best = min(best, sum(ways[who, at] for who, at in enumerate(people)))
    return best


@st.composite
def _tasks(draw: st.DrawFn) -> Task:
    """Up to five customers and three managers; barred pairs, limits that bind or are not there, costs in whole numbers and in quarters, below
    nothing too; who may be left and who may not."""
    customers, managers = draw(st.integers(2, 5)), draw(st.integers(2, 3))
    grid = st.lists(st.integers(-9, 30), min_size=customers * managers, max_size=customers * managers)
    cost = np.array(draw(grid), dtype=float).reshape(customers, managers) * draw(st.sampled_from([1.0, 0.25]))
    load = np.abs(np.array(draw(grid), dtype=float)).reshape(customers, managers)
    barred = draw(st.sets(st.integers(0, customers * managers - 1), max_size=3))
    cost.ravel()[list(barred)] = np.inf
    limits = st.one_of(st.integers(0, 60).map(float), st.just(math.inf))
    room = np.array(draw(st.lists(limits, min_size=managers, max_size=managers)))
    left = st.one_of(st.integers(0, 90).map(float), st.just(math.inf))
    unassigned = np.array(draw(st.lists(left, min_size=customers, max_size=customers)))
    return Task(np.ones(customers, dtype="int64"), cost, load, room, unassigned)


def _nothing_costs(load: Floats, room: list[float]) -> Task:
    """Of two the second may not be left."""
    return Task(np.ones(2, dtype="int64"), np.zeros((2, 2)), load, np.array(room), np.array([0.0, math.inf]))


@settings(max_examples=50, deadline=None)
@given(_tasks())
@example(_nothing_costs(np.array([[0.0, 0.0], [2.0, 0.0]]), [1.0, math.inf]))
@example(_nothing_costs(np.array([[0.0, 0.0], [3.0, 2.0]]), [2.0, 1.0]))
def test_the_plan_is_the_cheapest_of_all_that_there_are(task: Task) -> None:
    best = _best(task)
    if math.isinf(best):
        with pytest.raises(Problem) as told:
            solve(task)
        assert told.value.findings[0].code == "assign.no-plan"
        return
    found = solve(task)
    assert _checked(task, found) == pytest.approx(best, abs=1e-9)
    assert found.bound == pytest.approx(best, abs=1e-6)


@settings(max_examples=30, deadline=None)
@given(_tasks(), st.integers(0, 10_000))
def test_no_prices_put_the_bound_above_the_cheapest_plan(task: Task, seed: int) -> None:
    """And no pair adds less than is said: the cheapest plan with it costs at least the bound and that."""
    prices = np.random.default_rng(seed).normal(10, 20, len(task.size))
    seen, best = Knapsacks(task).seen(prices), _best(task)
    assert seen.least <= best + 1e-9
    who, at = seed % len(task.size), seed % task.cost.shape[1]
    cost, unassigned = task.cost.copy(), task.unassigned.copy()
    cost[who, [one for one in range(cost.shape[1]) if one != at]] = np.inf
    unassigned[who] = np.inf
    with_her = _best(Task(task.size, cost, task.load, task.capacity, unassigned))
    assert seen.least + seen.dearer[who, at] <= with_her + 1e-9


def test_what_is_cheap_and_heavy_is_settled() -> None:
    task = _inverse(30, 4, 1)
    found = solve(task)
    assert fitting_loads(task)
    assert _checked(task, found) == found.bound


def test_equal_questions_have_equal_answers() -> None:
    one, other = (solve(_inverse(40, 6, 2)) for _ in range(2))
    assert (one.taken == other.taken).all()
    assert one.bound == other.bound


def test_a_search_that_keeps_little_says_how_far_off_it_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    """One begun plan kept at each customer: a plan within the limits, and a bound that the whole search shows to hold."""
    task = _inverse(40, 5, 3)
    best = solve(task)
    assert best.bound == best.objective
    monkeypatch.setattr("kehujingli.assign.stages._WIDTHS", (3, 30))
    short = solve(task)
    assert _checked(task, short) > short.bound
    assert short.bound <= best.objective <= short.objective


def test_who_has_nobody_who_may_have_her_is_left_and_the_others_are_not() -> None:
    task = Task(
        size=np.ones(3, dtype="int64"),
        cost=np.array([[4.0, 1.0], [np.inf, np.inf], [2.0, 3.0]]),
        load=np.array([[2.0, 5.0], [1.0, 1.0], [3.0, 2.0]]),
        capacity=np.array([5.0, 4.0]),
        unassigned=np.array([50.0, 50.0, 50.0]),
    )
    found = solve(task)
    assert found.left.tolist() == [0, 1, 0]
    assert _checked(task, found) == found.bound == 56.0


@pytest.mark.slow
@pytest.mark.parametrize("managers", [5, 10])
@pytest.mark.parametrize("seed", range(1, 6))
def test_a_hundred_that_are_cheap_and_heavy_are_within_a_thousandth(managers: int, seed: int) -> None:
    task = _inverse(100, managers, seed)
    found = solve(task)
    assert _checked(task, found) - found.bound <= 0.001 * found.objective
