"""What stands in files and rows of later days is no matter of a month that is run now or again: it is counted apart, and check has it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import Ran
from months import CUSTOMERS, LONG_AGO, MANAGERS, TRANSACTIONS, codes, customer, manager, post, reckon, workspace

from kehujingli.workspace import Workspace

ACCOUNTS = ["账号", "客户号", "存款种类", "余额", "开户日期"]
VISITS = ["走访日期", "客户号", "工号", "方式"]
OCTOBER = "2026-10"


def _day(month: int, day: int) -> dt.date:
    return dt.date(2026, month, day)


def _bad(day: dt.date, number: str) -> list[Any]:
    return [day, "C1", "AC1", "贷", "坏", None, "转账", number]


def _county(root: Path, **more: list[list[Any]]) -> Workspace:
    return workspace(
        root,
        {
            "202610/客户信息_20261031.xlsx": [CUSTOMERS, customer("C1", holder="M01"), customer("C2", holder="M01")],
            "202610/客户经理名册_20261031.xlsx": [MANAGERS, manager("M01")],
            "202610/存款账户_20261031.xlsx": [ACCOUNTS, ["AC1", "C1", "活期", 100, LONG_AGO]],
            "202610/流水_202610.xlsx": [
                TRANSACTIONS,
                post(_day(10, 1), "C1", 100, number="1"),
                post(_day(10, 31), "C1", 1, number="2"),
            ],
            **{f"{name.replace('_in_', '/')}.xlsx": grid for name, grid in more.items()},
        },
    )


NOVEMBER = {
    "流水_202611": [
        TRANSACTIONS,
        post(_day(11, 10), "C1", 1, number="3"),
        _bad(_day(11, 11), "4"),
        _bad(_day(11, 12), "5"),
    ],
    "存款账户_20261130": [ACCOUNTS, ["AC1", "C1", "活期", "坏", LONG_AGO], ["AC2", "C2", "活期", 1, LONG_AGO]],
    "走访记录": [VISITS, [_day(11, 5), "C1", "M01", "上门"], [_day(11, 5), None, "M01", "上门"]],
}


def test_the_summary_of_october_says_nothing_of_novembers_bad_rows(tmp_path: Path, cli: Callable[..., Ran]) -> None:
    alone, both = _county(tmp_path / "a"), _county(tmp_path / "b", **{f"202611_in_{k}": v for k, v in NOVEMBER.items()})
    said = [cli("run", "-w", place.root, "--period", OCTOBER).out.splitlines() for place in (alone, both)]
    look = [next((line for line in lines if line.startswith("请人看")), "") for lines in said]
    assert look[0] == look[1]
    assert "退回 0 行，以后各期的另有 4 行" in said[1][1]
    told = cli("findings", OCTOBER, "-w", both.root, "--notes", "--json").out
    assert "period.later-findings" in told
    assert "intake.amount-bad" not in told
    checked = cli("check", "-w", both.root, "--json").out
    assert checked.count("intake.amount-bad") >= 3
    november = cli("run", "-w", both.root, "--period", "2026-11")
    assert "退回 4 行" in november.out
    assert "个金额不对" in november.out


def test_a_bad_row_of_the_month_in_a_file_of_the_next_one_is_told(tmp_path: Path) -> None:
    """A late posting of October came with November's file, and its amount is no number."""
    late = [TRANSACTIONS, post(_day(11, 10), "C1", 1, number="3"), _bad(_day(10, 30), "4"), _bad(_day(11, 2), "5")]
    month = reckon(_county(tmp_path, **{"202611_in_流水_202611": late}), OCTOBER)
    (told,) = [said for said in month.findings if said.code == "intake.amount-bad"]
    assert told.file == "202611/流水_202611.xlsx"


@pytest.mark.parametrize(("day", "told"), [(_day(11, 2), False), (_day(10, 2), True), (_day(9, 2), True)])
def test_a_file_of_several_months_is_told_by_its_rows(tmp_path: Path, day: dt.date, told: bool) -> None:
    grid = [
        TRANSACTIONS,
        post(_day(9, 10), "C1", 1, number="3"),
        post(_day(11, 10), "C1", 1, number="4"),
        _bad(day, "5"),
    ]
    month = reckon(_county(tmp_path, 流水=grid), OCTOBER)
    assert ("intake.amount-bad" in codes(month)) is told


def test_a_table_that_bears_no_day_counts_for_any_month(tmp_path: Path) -> None:
    targets = [["工号", "指标", "任务数"], ["M01", "存款年日均净增", "坏"]]
    month = reckon(_county(tmp_path, **{"202611_in_任务数": targets}), OCTOBER)
    assert any(told.file == "202611/任务数.xlsx" and told.level == "refused" for told in month.findings)
