"""How many processor seconds does the rhythm of a million customers take? BG/NBD of `kehujingli.studies.activity.rhythm` beside `lifetimes` on the same customers, in turns.

python benchmarks/rhythm.py --customers 1000000 --rounds 3   (the peer: pip install lifetimes; without it our own times alone are told)
"""

from __future__ import annotations

import argparse
import importlib.util
import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import scipy.optimize  # noqa: F401  both sides import it: its time is nobody's

from kehujingli.studies.activity.rhythm import TRIPLE, distinct, fit

CDNOW = (0.243, 4.414, 0.793, 2.426)


def drawn(customers: int, parameters: tuple[float, float, float, float], span: int, spread: float) -> pd.DataFrame:
    """Customers as BG/NBD tells them, at most one coming a unit; first met within the last ``spread`` of ``span``."""
    r, alpha, a, b = parameters
    rng = np.random.default_rng(0)
    rate, leaves = rng.gamma(r, 1 / alpha, customers), rng.beta(a, b, customers)
    age = rng.integers(int(span * (1 - spread)), span + 1, customers)
    times, last, now = np.zeros(customers, int), np.zeros(customers), np.zeros(customers)
    on = np.arange(customers)
    while len(on):
        now[on] += rng.exponential(1 / rate[on])
        on = on[now[on] <= age[on]]
        unit = np.floor(now[on])
        times[on] += unit > last[on]
        last[on] = np.maximum(last[on], unit)
        on = on[rng.random(len(on)) >= leaves[on]]
    return pd.DataFrame({"repeats": times, "recency": last.astype(int), "age": age})


def theirs(rows: pd.DataFrame) -> Any:
    """The peer as its users call it."""
    from lifetimes import BetaGeoFitter

    fitted = BetaGeoFitter().fit(*(rows[name] for name in TRIPLE))
    return fitted.params_


def _timed(work: Callable[[pd.DataFrame], Any], rows: pd.DataFrame) -> tuple[float, Any]:
    start = time.process_time()
    told = work(rows)
    return time.process_time() - start, told


def main() -> None:
    given = argparse.ArgumentParser()
    given.add_argument("--customers", type=int, default=1_000_000)
    given.add_argument("--rounds", type=int, default=3)
    asked = given.parse_args()
    n = asked.customers
    week = (CDNOW[0], CDNOW[1] * 7, *CDNOW[2:])
    cases = {
        "weeks, triples repeat": drawn(n, CDNOW, 78, 1),
        "days, first met within a quarter": drawn(n, week, 273, 0.31),
        "days of a bank over a year": drawn(n, (0.8, 15, 0.3, 4), 365, 1),
    }
    peer = importlib.util.find_spec("lifetimes") is not None
    for name, rows in cases.items():
        ours, other = [], []
        for _ in range(asked.rounds):
            spent, told = _timed(fit, rows)
            ours.append(spent)
            if peer:
                spent, params = _timed(theirs, rows)
                other.append(spent)
        print(f"{name}: {n:,} customers, {len(distinct(rows)):,} triples; ours {statistics.median(ours):.2f} s", end="")
        if peer:
            ratio = statistics.median(other) / statistics.median(ours)
            print(f", lifetimes {statistics.median(other):.2f} s, {ratio:.1f} times", end="")
            print(f"\n  theirs {' '.join(f'{value:.4f}' for value in params)}", end="")
        print(f"\n  ours   {told.r:.4f} {told.alpha:.4f} {told.a:.4f} {told.b:.4f}")


if __name__ == "__main__":
    main()
