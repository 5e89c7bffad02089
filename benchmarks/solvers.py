"""How many processor seconds do others take for the same plan, and is it as cheap? One branch as a flow (OR-Tools), customer by customer (HiGHS), a round of posts (`matching`).

python benchmarks/solvers.py [--customers 5000] [--managers 10] [--rounds 3] [--limit 300]   (the peers: pip install ortools matching; who is not there is said)
"""

from __future__ import annotations

import argparse
import importlib.util
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import selection

from kehujingli.assign.solve import Task, solve

Whole = npt.NDArray[np.int64]
IMBALANCE, WRONG, LEFT = 1, 3, 100
WEIGHTS = {"unit": (1, 1, 1, 1), "weighted": (1, 2, 5, 12)}


@dataclass(frozen=True)
class Branch:
    """What each customer costs with each manager, weighs, and costs where nobody has her; limits, and the shares above which loads cost."""

    cost: Whole
    load: Whole
    left: Whole
    room: Whole
    share: Whole


def branch(customers: int, managers: int, loads: str, seed: int = 7) -> Branch:
    draw = np.random.default_rng(seed)
    scale = draw.choice(3, customers, p=[0.8, 0.15, 0.05])
    business, borrower = draw.random(customers) < 0.05, draw.random(customers) < 0.15
    holder = np.minimum(draw.geometric(0.25, customers) - 1, managers - 1)
    move = np.maximum(np.array([1, 2, 5])[scale], np.maximum(8 * business, 6 * borrower))
    person = np.arange(managers)
    wrong = (person % 4 < 2)[None, :] & ((person % 2 == 0)[None, :] != borrower[:, None])
    load = np.array(WEIGHTS[loads])[np.where(business, 3, scale)]
    room = np.floor(load.sum() / managers * 1.05 * (0.7 + 0.6 * person / max(1, managers - 1))).astype("int64")
    share = np.ceil(load.sum() * room / room.sum()).astype("int64")
    cost = move[:, None] * (holder[:, None] != person) + WRONG * wrong
    return Branch(cost, load, LEFT * load * np.where(borrower, 30, 1), room, share)


def ours(of: Branch) -> float:
    """From the costs of all customers: who is alike, and how many of each kind each manager takes."""
    kinds, size = np.unique(np.column_stack([of.cost, of.load, of.left]), axis=0, return_counts=True)
    cost, load, left = kinds[:, :-2].astype(float), kinds[:, -2:-1].astype(float), kinds[:, -1].astype(float)
    found = solve(Task(size, cost, load, of.room.astype(float), left, of.share.astype(float), float(IMBALANCE)))
    if found.bound < found.objective:
        raise SystemExit(f"not proven: {found.objective}, {found.bound}")
    return found.objective


def flow(of: Branch) -> float:
    """OR-Tools' minimum cost flow, an arc for each customer and manager; only where all weigh one."""
    from ortools.graph.python import min_cost_flow  # type: ignore[import-not-found]

    customers, managers = of.cost.shape
    person, sink = customers + np.arange(managers), customers + managers
    who = np.arange(customers)
    tails = np.concatenate([np.repeat(who, managers), who, person, person])
    heads = np.concatenate([np.tile(person, customers), np.full(customers + 2 * managers, sink)])
    within = np.minimum(of.share, of.room)
    most = np.concatenate([np.ones(customers * (managers + 1), dtype="int64"), within, of.room - within])
    costs = np.concatenate([of.cost.ravel(), of.left, np.zeros(managers, dtype="int64"), np.full(managers, IMBALANCE)])
    network = min_cost_flow.SimpleMinCostFlow()
    network.add_arcs_with_capacity_and_unit_cost(tails, heads, most, costs)
    network.set_nodes_supplies(
        np.arange(sink + 1), np.append(np.append(np.ones(customers), np.zeros(managers)), -customers).astype("int64")
    )
    if network.solve() != network.OPTIMAL:
        raise SystemExit("OR-Tools found no flow")
    return float(network.optimal_cost())


def arcs(of: Branch, limit: float) -> tuple[float, float]:
    """HiGHS with a number for each customer and manager, and its bound."""
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import coo_array

    customers, managers = of.cost.shape
    pairs, wide = customers * managers, customers * (managers + 1) + managers
    who, whom = np.divmod(np.arange(pairs), managers)
    everyone = np.arange(customers)
    rows = np.concatenate(
        [who, everyone, customers + whom, customers + managers + whom, customers + managers + np.arange(managers)]
    )
    columns = np.concatenate(
        [np.arange(pairs), pairs + everyone, np.arange(pairs), np.arange(pairs), wide - managers + np.arange(managers)]
    )
    values = np.concatenate([np.ones(pairs + customers), of.load[who], of.load[who], -np.ones(managers)])
    matrix = coo_array((values, (rows, columns)), shape=(customers + 2 * managers, wide)).tocsr()
    most = np.concatenate([np.ones(customers), of.room, of.share])
    least = np.concatenate([np.ones(customers), np.full(2 * managers, -np.inf)])
    found = milp(
        np.concatenate([of.cost.ravel(), of.left, np.full(managers, IMBALANCE)]),
        integrality=np.ones(wide),
        bounds=Bounds(np.zeros(wide), np.append(np.ones(wide - managers), np.full(managers, np.inf))),
        constraints=[LinearConstraint(matrix, least, most)],
        options={"mip_rel_gap": 0.0, "time_limit": limit},
    )
    return (np.inf if found.x is None else float(found.fun)), float(found.mip_dual_bound or -np.inf)


def timed(what: Callable[[], object], rounds: int) -> tuple[float, object]:
    taken, answer = [], None
    for _ in range(rounds):
        start = time.process_time()
        answer = what()
        taken.append(time.process_time() - start)
    return statistics.median(taken), answer


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--customers", type=int, default=5000)
    parser.add_argument("--managers", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--limit", type=float, default=300, help="seconds by the clock that HiGHS has for one plan")
    asked = parser.parse_args()
    for loads in WEIGHTS:
        given = branch(asked.customers, asked.managers, loads)
        solve(Task(np.array([1]), np.ones((1, 1)), np.ones((1, 1)), np.ones(1), np.ones(1)))  # what is imported once
        spent, cost = timed(lambda given=given: ours(given), asked.rounds)
        print(f"{loads}, {asked.customers:,} × {asked.managers}: ours {spent:.3f} s, cost {cost:.0f}, proven")
        if loads == "unit" and importlib.util.find_spec("ortools"):
            theirs, found = timed(lambda given=given: flow(given), asked.rounds)
            print(f"  OR-Tools' flow {theirs:.3f} s, cost {found:.0f}")
        elif loads == "unit":
            print("  OR-Tools is not installed: no flow beside it")
        theirs, (found, bound) = timed(lambda given=given: arcs(given, asked.limit), 1)
        print(f"  HiGHS on arcs {theirs:.3f} s, cost {found:.0f}, bound {bound:.2f}")
    if not importlib.util.find_spec("matching"):
        print("matching is not installed: no round of posts beside it")
    selection.told(asked.rounds)


if __name__ == "__main__":
    main()
