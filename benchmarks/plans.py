"""How many processor seconds does a plan take, from frames to `Plan`? A million customers of 200 branches with 2,000 managers, everything may move.

python benchmarks/plans.py [--customers 1000000] [--branches 200] [--managers 10] [--loads unit|weighted] [--profile]
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
import time
from decimal import Decimal

import numpy as np
import pandas as pd

from kehujingli.assign import assign
from kehujingli.rules.models import AssignRules

WEIGHTS = {"unit": (1, 1, 1, 1), "weighted": (1, 2, 5, 12)}


def rules_of(loads: str) -> AssignRules:
    small, medium, large, business = WEIGHTS[loads]
    return AssignRules.model_validate(
        {
            "managed": [
                f"{often}/{scale}"
                for often in ("frequent", "mobile", "dormant")
                for scale in ("large", "medium", "small")
            ],
            "moves": "rebalance",
            "workload": {"small": small, "medium": medium, "large": large},
            "business_factor": Decimal(business),
            "cost": {
                "move": {"small": 1, "medium": 2, "large": 5, "business": 8, "borrower": 6},
                "wrong_specialism": 3,
                "imbalance": 1,
                "unassigned": 100,
            },
        }
    )


def county(
    customers: int, branches: int, managers: int, load: float, seed: int = 7
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Customers and roster. Capacities lie about ``load`` above what there is to do, unevenly."""
    draw = np.random.default_rng(seed)
    branch = draw.integers(0, branches, customers)
    scale = draw.choice(["small", "medium", "large"], customers, p=[0.8, 0.15, 0.05])
    often = draw.choice(["frequent", "mobile", "dormant"], customers, p=[0.3, 0.3, 0.4])
    lent = np.where(draw.random(customers) < 0.15, draw.integers(1, 40_000_000, customers), 0)
    kept = draw.integers(0, 50_000_000, customers)
    holder = branch * managers + np.minimum(draw.geometric(0.25, customers) - 1, managers - 1)
    frame = pd.DataFrame(
        {
            "customer_id": [f"C{n:08d}" for n in range(customers)],
            "branch_id": np.char.mod("B%04d", branch),
            "village": None,
            "customer_type": np.where(draw.random(customers) < 0.05, "business", "farmer"),
            "group": np.char.add(np.char.add(often, "/"), scale),
            "scale": scale,
            "scale_amount": kept + lent,
            "average_deposit": kept,
            "loan_balance": lent,
            "holder_id": np.where(draw.random(customers) < 0.9, np.char.mod("M%05d", holder), None),
        }
    )
    number = np.arange(branches * managers)
    each = customers / (branches * managers)
    roster = pd.DataFrame(
        {
            "manager_id": np.char.mod("M%05d", number),
            "branch_id": np.char.mod("B%04d", number // managers),
            "specialism": np.array(["asset", "liability", None, None], dtype=object)[number % 4],
            "capacity": np.floor(each * load * (0.7 + 0.6 * (number % managers) / max(1, managers - 1))),
            "authority": np.where(number % 3 == 0, 30_000_000.0, np.nan),
            "since": 0,
            "until": np.nan,
            "status": None,
            "serves": None,
        }
    )
    return frame, roster


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--branches", type=int, default=200)
    parser.add_argument("--managers", type=int, default=10, help="in each branch")
    parser.add_argument("--loads", choices=[*WEIGHTS], default="unit")
    parser.add_argument("--room", type=float, default=1.05, help="room ÷ work")
    parser.add_argument("--profile", action="store_true")
    asked = parser.parse_args()
    rules = rules_of(asked.loads)
    mean = {"unit": 1.0, "weighted": 0.95 * (0.8 + 0.3 + 0.25) + 0.05 * 12}[asked.loads]
    frame, roster = county(asked.customers, asked.branches, asked.managers, asked.room * mean)
    grids = pd.DataFrame(columns=["branch_id", "village", "manager_id", "valid_from", "valid_to"])
    profile = cProfile.Profile()
    start, wall = time.process_time(), time.perf_counter()
    if asked.profile:
        profile.enable()
    plan = assign(frame, roster, grids, rules, 20_000)
    profile.disable()
    spent = time.process_time() - start
    print(
        f"{asked.loads}: {spent:.1f} s of processor, {time.perf_counter() - wall:.1f} s; {plan.branches['assigned'].sum()} assigned"
    )
    print(f"objective {plan.objective}, bound {plan.bound}, moved {plan.branches['moved'].sum()}")
    if asked.profile:
        pstats.Stats(profile).sort_stats("cumulative").print_stats(28)


if __name__ == "__main__":
    main()
