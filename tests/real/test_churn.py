"""The balance signal on 28,382 real customers of a bank, of whom 5,260 left: chosen on one half of them, reported on the other."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
import pytest
from conftest import real_data

from kehujingli.studies.signs.detected import fall


def auc(score: Any, left: Any) -> float:
    """How often one who left stands above one who stayed; ties count half."""
    ranks = pd.Series(score).rank().to_numpy()
    gone, stayed = int(left.sum()), int((~left).sum())
    return float((ranks[left].sum() - gone * (gone + 1) / 2) / (gone * stayed))


def test_the_balance_signal_tells_who_leaves_better_than_the_one_line_rule() -> None:
    """The fall below the highest of its own averages (last quarter's, last month's, this month's), against the rules that it was chosen from, on
    those whose number hashes to an even byte; the others, who had no part in the choice, are what it is reported on."""
    folder = real_data()
    if folder is None or not (folder / "churn").is_dir():
        pytest.skip("the customers are not here: ../shared/data or $KEHUJINGLI_REAL_DATA")
    rows = pd.read_csv(folder / "churn" / "churn_prediction.csv")
    left = rows["churn"].to_numpy() == 1
    assert (len(rows), int(left.sum())) == (28_382, 5_260)
    chosen = np.array([hashlib.sha256(str(who).encode()).digest()[0] % 2 == 0 for who in rows["customer_id"]])
    balance = rows["current_balance"].to_numpy()
    quarter, month, current = (
        rows[name].to_numpy()
        for name in ("average_monthly_balance_prevQ", "previous_month_balance", "current_month_balance")
    )
    rules: Mapping[str, Callable[[], Any]] = {
        "one line: money below last quarter's": lambda: quarter - balance,
        "share below last quarter's": lambda: fall(balance, [(quarter, 1)]),
        "share below last quarter's or month's": lambda: fall(balance, [(quarter, 1), (month, 1)]),
        "the signal": lambda: fall(balance, [(quarter, 1), (month, 1), (current, 1)]),
    }
    told = {
        name: (auc(score()[chosen], left[chosen]), auc(score()[~chosen], left[~chosen]))
        for name, score in rules.items()
    }
    assert max(told, key=lambda name: told[name][0]) == "the signal"
    assert told["the signal"][1] >= 0.80
    assert told["the signal"][1] > told["one line: money below last quarter's"][1] + 0.02
