"""How near to the optimum is a plan where what is cheap is heavy, and in how many processor seconds? Instances of type D, drawn by seed.

python benchmarks/fits.py [--customers 100] [--managers 10] [--seeds 1 2 3 4 5]

Costs, limits and the gap are reckoned here, from what each customer's manager is, and not taken from the solution.
"""

from __future__ import annotations

import argparse
import time

import numpy as np

from kehujingli.assign.solve import Task, solve


def instance(customers: int, managers: int, seed: int) -> Task:
    """Loads of 1 to 100 by pair, costs 111 less the load and up to 10 either way, limits four fifths of an even share of all loads."""
    draw = np.random.default_rng(seed)
    load = draw.integers(1, 101, (customers, managers)).astype(float)
    cost = 111 - load + draw.integers(-10, 11, load.shape)
    room = np.floor(0.8 * load.sum(axis=0) / managers)
    return Task(np.ones(customers, dtype="int64"), cost, load, room, np.full(customers, 2.0 * cost.max(axis=1).sum()))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--customers", type=int, default=100)
    parser.add_argument("--managers", type=int, default=10)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3, 4, 5])
    asked = parser.parse_args()
    for seed in asked.seeds:
        task = instance(asked.customers, asked.managers, seed)
        start = time.process_time()
        found = solve(task)
        spent = time.process_time() - start
        people = [int(row.argmax()) for row in found.taken]
        if not (found.taken.sum(axis=1) == 1).all():
            raise SystemExit(f"seed {seed}: somebody is left, or stands twice")
        held = [0.0] * asked.managers
        for customer, person in enumerate(people):
            held[person] += float(task.load[customer, person])
        if any(one > limit for one, limit in zip(held, task.capacity.tolist(), strict=True)):
            raise SystemExit(f"seed {seed}: a limit is broken")
        cost = sum(float(task.cost[customer, person]) for customer, person in enumerate(people))
        gap = 100 * (cost - found.bound) / cost
        print(f"seed {seed}: cost {cost:g}, bound {found.bound:g}, gap {gap:.3f} %, {spent:.1f} s", flush=True)


if __name__ == "__main__":
    main()
