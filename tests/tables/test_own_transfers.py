"""A transfer between a customer's own accounts is no activity, whichever of its two legs says so."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from months import CUSTOMERS, LONG_AGO, customer, reckon, workspace

HEAD = ["交易日期", "账号", "借贷标志", "交易金额", "流水号", "对方账号"]
FIFTH, SIXTH = dt.date(2026, 10, 5), dt.date(2026, 10, 6)
CASES: list[tuple[list[tuple[str | None, float, dt.date]], int]] = [
    ([("own", 500, FIFTH)], 0),
    ([(None, 500, FIFTH)], 0),
    ([(None, 500, FIFTH), (None, 500, FIFTH)], 1),
    ([("own", 500, FIFTH), (None, 500, FIFTH)], 1),
    ([(None, 499, FIFTH)], 1),
    ([(None, 500, SIXTH)], 1),
    ([("B9", 500, FIFTH)], 1),
]
"""What comes in on the second account after 500 went there from the first on the fifth, and how much of it is activity."""


def test_each_leg_takes_one_other_leg_of_its_day_and_amount(tmp_path: Path) -> None:
    out: list[list[Any]] = []
    came: list[list[Any]] = []
    for case, (legs, _) in enumerate(CASES):
        out.append([FIFTH, f"A{case}", "借", 500, f"S{case}", f"B{case}0"])
        came += [
            [day, f"B{case}0", "贷", amount, f"S{case}{place}", f"A{case}" if other == "own" else other]
            for place, (other, amount, day) in enumerate(legs)
        ]
    accounts = [
        [number, f"C{case}", "活期", 500, LONG_AGO]
        for case in range(len(CASES))
        for number in (f"A{case}", f"B{case}0")
    ]
    files = {
        "客户信息_20261031.xlsx": [CUSTOMERS, *(customer(f"C{case}") for case in range(len(CASES)))],
        "存款账户_20261031.xlsx": [["账号", "客户号", "存款种类", "余额", "开户日期"], *accounts],
        "流水一.xlsx": [HEAD, *out],
        "流水二.xlsx": [HEAD, *came],
    }
    month = reckon(workspace(tmp_path, files), "2026-10")
    assert month.measured.customers["transactions"].tolist() == [counted for _, counted in CASES]
