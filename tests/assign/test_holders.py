"""Is the holder whom the plan and the lists name the one who holds the customer?"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from months import (
    ACCOUNTS,
    CUSTOMERS,
    MANAGERS,
    TRANSACTIONS,
    codes,
    customer,
    manager,
    monthly,
    reckon,
    workspace,
)

from kehujingli.answers.explain.owners import owners
from kehujingli.month import Month

CLAIMS = ["客户号", "条线", "工号", "业绩分配比例", "生效日期", "失效日期", "审批人"]
OCTOBER, NOVEMBER = dt.date(2026, 10, 1), dt.date(2026, 11, 1)


def _october(root: Path, *claims: list[Any], holder: str | None = "A") -> Month:
    """One customer of 600,000, in the export with ``holder``; managers A, B and C."""
    files = {
        "客户信息_20261031.xlsx": [CUSTOMERS, customer("C1", holder=holder)],
        "存款账户_20261031.xlsx": [ACCOUNTS, ["AC1", "C1", "活期", 600_000, 0, dt.date(2015, 1, 1), None, None]],
        "客户经理名册_20261031.xlsx": [MANAGERS, *(manager(number) for number in "ABC")],
        "交易流水.xlsx": [TRANSACTIONS, *monthly("C1", dt.date(2025, 11, 1), 12)],
        "业绩归属.xlsx": [CLAIMS, *claims],
    }
    return reckon(workspace(root, files), "2026-10")


def _claim(
    manager: str, share: float, first: dt.date | None, last: dt.date | None = None, line: str = "全部"
) -> list[Any]:
    return ["C1", line, manager, share, first, last, "乙"]


def _planned(month: Month) -> tuple[Any, ...]:
    return tuple(month.plan.customers[["previous_manager", "assigned_manager", "move"]].iloc[0])


def test_who_is_claimed_to_hold_is_who_keeps(tmp_path: Path) -> None:
    month = _october(tmp_path, _claim("B", 1, OCTOBER))
    assert owners(month.tables, [], [], "C1", month.period.last, month.period.last)[0].holder == "B"
    assert month.holders == {"C1": "B"}
    assert _planned(month) == ("B", "B", "kept")


def test_a_claim_from_the_plans_first_day_counts_for_the_plan_and_not_for_the_month(tmp_path: Path) -> None:
    month = _october(tmp_path, _claim("B", 1, NOVEMBER))
    assert month.holders == {"C1": "A"}
    assert _planned(month) == ("B", "B", "kept")


def test_a_claim_that_has_ended_is_no_claim(tmp_path: Path) -> None:
    month = _october(tmp_path, _claim("B", 1, dt.date(2026, 1, 1), dt.date(2026, 10, 31)))
    assert month.holders == {"C1": "B"}
    assert _planned(month) == ("A", "A", "kept")


def test_a_line_of_deposits_is_not_the_customer(tmp_path: Path) -> None:
    month = _october(tmp_path, _claim("B", 1, OCTOBER, line="存款"))
    assert _planned(month) == ("A", "A", "kept")
    assert "assign.holder-shared" not in codes(month)


@pytest.mark.parametrize(
    ("shares", "holder"),
    [
        ({"B": 0.3}, "A"),
        ({"B": 0.7}, "B"),
        ({"B": 0.5}, "A"),
        ({"B": 0.5, "C": 0.5}, "B"),
        ({"C": 0.6, "B": 0.4}, "C"),
        ({"B": 0.7, "C": 0.6}, "A"),
    ],
)
def test_of_several_the_largest_share_looks_after_and_it_is_told(
    tmp_path: Path, shares: dict[str, float], holder: str
) -> None:
    month = _october(tmp_path, *(_claim(who, share, OCTOBER) for who, share in shares.items()))
    assert _planned(month)[:2] == (holder, holder)
    assert "assign.holder-shared" in codes(month)


def test_a_share_is_nearer_than_nobody(tmp_path: Path) -> None:
    assert _planned(_october(tmp_path, _claim("B", 0.3, OCTOBER), holder=None))[:2] == ("B", "B")


def test_it_is_told_that_a_plan_outlives_a_claim_with_an_end(tmp_path: Path) -> None:
    month = _october(tmp_path, _claim("B", 1, OCTOBER, dt.date(2026, 12, 31)))
    assert _planned(month)[:2] == ("B", "B")
    assert "assign.holder-until" in codes(month)
