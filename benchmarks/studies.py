"""How fast are studies beside their peers? Natural breaks beside jenkspy, and concentration of a million loans with their guarantees.

    python benchmarks/studies.py [--loans 1000000] [--guarantees 300000] [--values 10000]

jenkspy (``pip install jenkspy``) is the peer: the same Fisher-Jenks breaks by the quadratic recurrence. Processor seconds, the fastest of three rounds.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from kehujingli.periods import Period
from kehujingli.rules import Institution
from kehujingli.studies.classes.breaks import natural_breaks
from kehujingli.studies.concentration import Rules, concentration

OCTOBER = Period.of("2026-10")


def seconds(task: Callable[[], Any], rounds: int = 3) -> tuple[float, Any]:
    """The fastest of some rounds in processor seconds, and what came out."""
    best, result = float("inf"), None
    for _ in range(rounds):
        begun = time.process_time()
        result = task()
        best = min(best, time.process_time() - begun)
    return best, result


def amounts(size: int) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Deposits of a county's customers in 分, drawn lognormal."""
    return (np.random.default_rng(7).lognormal(13, 2, size)).astype("int64")


def squares(values: np.ndarray[Any, np.dtype[np.int64]], edges: list[int]) -> float:
    """The sum of squared deviations within the groups that begin at these edges."""
    parts = np.split(np.sort(values), np.searchsorted(np.sort(values), edges))
    return float(sum(((part - part.mean()) ** 2).sum() for part in parts if len(part)))


def breaks(size: int) -> None:
    import jenkspy

    values = amounts(size)
    own, edges = seconds(lambda: natural_breaks(values, 3))
    peer, theirs = seconds(lambda: jenkspy.jenks_breaks(values, n_classes=3), 1)
    ordered = np.sort(values)
    after = [int(ordered[np.searchsorted(ordered, edge, side="right")]) for edge in theirs[1:-1]]
    print(f"{size:,} values, 3 groups: ours {own:.3f} s, jenkspy {peer:.3f} s ({peer / own:.0f} times)")
    print(f"  squared deviations, ours ÷ jenkspy: {squares(values, edges) / squares(values, after):.12f}")


def alone(size: int) -> None:
    took, _ = seconds(lambda: natural_breaks(amounts(size), 3))
    print(f"{size:,} values, 3 groups: ours alone {took:.2f} s")


def book(loans: int, guarantees: int) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Loans of two thirds as many customers, guarantees among them, mostly in small circles."""
    draw = np.random.default_rng(11)
    people = loans * 2 // 3
    ids = np.array([f"C{n:07d}" for n in range(people)], dtype=object)
    owner = draw.integers(0, people, loans)
    balance = (draw.lognormal(11, 1.5, loans) * 100).astype("int64")
    lent = pd.DataFrame(
        {
            "loan_id": [f"L{n:07d}" for n in range(loans)],
            "contract_id": [f"H{n // 2:07d}" for n in range(loans)],
            "customer_id": ids[owner],
            "branch_id": draw.integers(801001, 801201, loans).astype(str),
            "balance": balance,
            "amount": balance,
            "issued_on": OCTOBER.last - draw.integers(0, 1000, loans),
            "status": None,
        }
    )
    classes = pd.DataFrame({"customer_id": ids, "customer_name": ids, "customer_type": "person"})
    classes = classes.assign(branch_name="城关", manager_name="高娜", connected_group=None)
    chosen = draw.integers(0, loans, guarantees)
    vouched = (owner[chosen] // 5 * 5 + draw.integers(0, 5, guarantees)) % people
    pairs = pd.DataFrame({"loan_id": lent["loan_id"].to_numpy()[chosen], "contract_id": None})
    return lent, classes, pairs.assign(guarantor_id=ids[vouched], guarantor_name="某", guarantee="互保")


def circles(loans: int, guarantees: int) -> None:
    lent, classes, pairs = book(loans, guarantees)
    capital = pd.DataFrame(
        {"date": [OCTOBER.last], "net_capital": [8_000_000_000_00], "tier1_capital": [6_500_000_000_00]}
    )
    took, told = seconds(
        lambda: concentration(
            lent,
            classes,
            capital,
            None,
            None,
            pairs,
            period=OCTOBER,
            institution=Institution(name=""),
            rules=Rules(),
        ),
        2,
    )
    groups = len(told.frames["concentration_groups"])
    print(f"{loans:,} loans, {guarantees:,} guarantees: {took:.2f} s, {groups:,} groups")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--loans", type=int, default=1_000_000)
    parser.add_argument("--guarantees", type=int, default=300_000)
    parser.add_argument("--values", type=int, default=10_000)
    asked = parser.parse_args()
    breaks(asked.values)
    breaks(asked.values * 2)
    alone(1_000_000)
    circles(asked.loans, asked.guarantees)


if __name__ == "__main__":
    main()
