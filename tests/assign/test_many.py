"""A branch of many customers, each unlike the others: is the plan checked by somebody else the plan that was said, and the bound one that holds?"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import numpy as np
import numpy.typing as npt
import pytest
from rosters import FIRST, RULES, county, customers, managers, person
from scipy.optimize import LinearConstraint, linprog, milp
from scipy.sparse import csr_array, hstack, kron

from kehujingli.assign import assign
from kehujingli.assign.solve import Solution, Task, solve

Floats = npt.NDArray[np.float64]


def _branch(customers: int, managers: int, room: float, seed: int) -> Task:
    """Loads 1, 2, 5, 12; costs of 0 to 50; uneven limits that together are ``room`` times the work."""
    draw = np.random.default_rng(seed)
    load = draw.choice([1.0, 2.0, 5.0, 12.0], customers, p=[0.6, 0.25, 0.1, 0.05])
    uneven = 0.7 + 0.6 * np.arange(managers) / (managers - 1)
    return Task(
        size=np.ones(customers, dtype="int64"),
        cost=draw.integers(0, 51, (customers, managers)).astype(float),
        load=load[:, None],
        capacity=np.floor(load.sum() / managers * room * uneven),
        unassigned=load * 1_000,
    )


def _checked(task: Task, found: Solution) -> float:
    """The cost by the plan alone, after capacity and that everybody is somewhere once."""
    assert ((found.taken >= 0) & (found.left >= 0)[:, None]).all()
    assert (found.taken.sum(axis=1) + found.left == task.size).all()
    assert ((found.taken * task.load).sum(axis=0) <= task.capacity).all()
    return float((found.taken * task.cost).sum() + (found.left * task.unassigned).sum())


def _relaxed(task: Task) -> float:
    """What no plan can be cheaper than: the linear programme, put together in another way."""
    customers, managers = task.cost.shape
    each = kron(csr_array(np.eye(customers)), np.ones((1, managers)))
    room = kron(task.load.T, csr_array(np.eye(managers)))
    found = linprog(
        np.concatenate([task.cost.ravel(), task.unassigned]),
        A_eq=hstack([each, csr_array(np.eye(customers))]),
        b_eq=task.size,
        A_ub=hstack([csr_array(room), csr_array((managers, customers))]),
        b_ub=task.capacity,
    )
    return float(found.fun)


def test_a_branch_of_many_is_proven_and_stands_before_a_check_of_its_own() -> None:
    task = _branch(400, 10, 0.98, 2)
    found = solve(task)
    assert _checked(task, found) == pytest.approx(found.objective, abs=1e-6)
    assert found.bound == pytest.approx(found.objective, abs=1e-6)
    least = _relaxed(task)
    assert least - 1e-6 <= found.objective <= least * 1.002
    assert found.left.sum() > 0


def _at_once(task: Task) -> float:
    """The optimum of the whole-number programme as it stands, put together in another way, with everything in it."""
    customers, managers = task.cost.shape
    over = np.ones((1, 1)) if task.share is not None else np.zeros((1, 0))
    people = np.eye(managers)
    sums = hstack([csr_array(kron(csr_array(task.load.T), csr_array(people))), csr_array((managers, customers))])
    one = hstack([kron(csr_array(np.eye(customers)), np.ones((1, managers))), csr_array(np.eye(customers))])
    wide = csr_array(kron(over, people))
    limits = [
        LinearConstraint(hstack([one, csr_array((customers, wide.shape[1]))]), task.size, task.size),
        LinearConstraint(hstack([sums, csr_array(wide.shape)]), -np.inf, task.capacity),
    ]
    if task.share is not None:
        limits.append(LinearConstraint(hstack([sums, -wide]), -np.inf, task.share))
    costs = np.concatenate([task.cost.ravel(), task.unassigned, np.full(wide.shape[1], task.imbalance)])
    whole = np.arange(len(costs)) < customers * (managers + 1)
    found = milp(costs, integrality=whole, constraints=limits, options={"mip_rel_gap": 0.0})
    return float(found.fun)


@pytest.mark.parametrize("seed", range(12))
def test_what_prices_leave_out_is_in_no_better_plan(seed: int) -> None:
    """Room for all and not, uneven loads counted or not, classes of one customer and of several, costs in whole numbers and in tenths."""
    task = _branch((60, 25)[seed % 3 == 2], 5, (1.01, 0.97)[seed % 2], seed)
    if seed % 3 == 2:
        size = np.arange(len(task.size)) % 7 + 1
        room = np.floor(task.capacity * (size * task.load[:, 0]).sum() / task.load.sum())
        task = replace(task, size=size, capacity=room, cost=np.round(task.cost * 0.1, 1))
    if seed % 4 > 1:
        task = replace(task, share=np.floor(task.capacity * 0.9), imbalance=1.0)
    found = solve(task)
    assert found.objective == pytest.approx(_at_once(task), abs=1e-6)
    assert found.bound == pytest.approx(found.objective, abs=1e-6)
    assert task.imbalance or _checked(task, found) == pytest.approx(found.objective, abs=1e-6)


def test_classes_whose_costs_differ_by_the_same_with_everybody_are_parted_again() -> None:
    """One class costs 3 more than the other wherever its customers are; together they are 5, the cheaper manager has room for 4 of load 2."""
    task = Task(
        size=np.array([2, 3]),
        cost=np.array([[0.0, 1.0], [3.0, 4.0]]),
        load=np.array([[2.0], [2.0]]),
        capacity=np.array([9.0, 100.0]),
        unassigned=np.array([50.0, 53.0]),
    )
    found = solve(task)
    assert found.taken.sum(axis=0).tolist() == [4, 1]
    assert _checked(task, found) == found.objective == found.bound == 10.0


def test_a_search_that_is_not_to_the_end_says_how_far_off_the_plan_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    """Costs that fall as loads rise and limits of four fifths: the hardest kind there is. Cut short, the plan keeps the limits and its
    bound holds; the whole search shows that."""
    draw = np.random.default_rng(3)
    load = draw.integers(1, 101, (16, 3)).astype(float)
    cost = 111 - load + draw.integers(-10, 11, load.shape)
    room = np.floor(0.8 * load.sum(axis=0) / 3)
    task = Task(np.ones(16, dtype="int64"), cost, load, room, np.full(16, 5_000.0))
    best = solve(task)
    monkeypatch.setattr("kehujingli.assign.solve.fitting_loads", lambda _: False)  # else it is settled by begun plans
    monkeypatch.setattr("kehujingli.assign.solve._nodes", lambda _: 1)
    short = solve(task)
    assert _checked(task, short) == pytest.approx(short.objective, abs=1e-6)
    assert short.bound <= best.objective + 1e-6 <= short.objective + 2e-6
    assert short.bound < short.objective


def test_a_plan_that_is_not_proven_is_told_with_what_it_may_be_off_by(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the search leaves open is what the bound is below the cost."""
    given = county(customers(("801001", "A")), managers(person("A")))
    monkeypatch.setattr("kehujingli.assign.deal._proved", lambda found: (found.taken, 0.5))
    plan = assign(given.customers, given.managers, given.grids, RULES.model_copy(update={"moves": "rebalance"}), FIRST)
    assert [one.message for one in plan.findings if one.code == "assign.not-proven"] == [
        "方案没有算到证明是最优：照办法的代价，离最优至多差 0.5。"
    ]
    assert plan.objective - plan.bound == Decimal("0.5")
