"""Another unit than last month's, the year's sheet beside the months', a file whose name says another day: told, never in silence."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from conftest import write_xlsx
from months import ACCOUNTS, CUSTOMERS, LONG_AGO, TRANSACTIONS, codes, customer, monthly, reckon, workspace

from kehujingli.intake.read import read_file
from kehujingli.month import Month

PEOPLE = ["C1", "C2", "C3"]


def accounts(worth: float, head: str = "余额") -> list[list[Any]]:
    header = [head if name == "余额" else name for name in ACCOUNTS]
    return [
        header,
        *(
            [f"A{who}", who, "活期", round(rank * worth, 2), None, LONG_AGO, None, None]
            for rank, who in enumerate(PEOPLE, 1)
        ),
    ]


def county(root: Path, **more: Any) -> Month:
    files = {"客户信息_20261031.xlsx": [CUSTOMERS, *map(customer, PEOPLE)]}
    return reckon(workspace(root, files | {f"{name}.xlsx": grid for name, grid in more.items()}), "2026-10")


@pytest.mark.parametrize(
    ("worth", "head", "told"), [(251.37, "余额", True), (251.37, "余额(万元)", False), (2_600_000, "余额", False)]
)
def test_balances_ten_thousand_times_smaller_than_last_months_are_told(
    tmp_path: Path, worth: float, head: str, told: bool
) -> None:
    month = county(tmp_path, 存款账户_20260930=accounts(2_513_700), 存款账户_20261031=accounts(worth, head))
    _ = month.tables
    jumps = [finding for finding in month.findings if finding.code == "table.unit-jump"]
    assert bool(jumps) == told
    assert all("约 1/10,000" in finding.message and "存款账户_20260930" in finding.message for finding in jumps)


def test_balances_of_less_than_a_cent_are_of_another_unit(tmp_path: Path) -> None:
    rows = [["账号", "客户号", "余额"], *([f"A{number}", f"C{number}", number + 0.2515] for number in range(4))]
    (sheet,) = read_file(write_xlsx(tmp_path / "存款.xlsx", rows), "存款.xlsx")
    assert {told.code for told in sheet.findings} == {"intake.sub-cent", "intake.unit-doubtful"}


def test_noise_of_a_sum_is_no_other_unit(tmp_path: Path) -> None:
    rows = [
        ["账号", "客户号", "余额"],
        *([f"A{number}", f"C{number}", 0.1 + 0.2 + number * 100] for number in range(4)),
    ]
    (sheet,) = read_file(write_xlsx(tmp_path / "存款.xlsx", rows), "存款.xlsx")
    assert "intake.unit-doubtful" not in {told.code for told in sheet.findings}


def test_a_sheet_of_the_whole_year_beside_the_months_counts_once(tmp_path: Path) -> None:
    rows = [row[:-1] for who in PEOPLE for row in monthly(who, dt.date(2026, 9, 1), 2)]
    pages = {f"{month}月": [TRANSACTIONS[:-1], *(row for row in rows if row[0].month == month)] for month in (9, 10)}
    place = workspace(
        tmp_path,
        {"客户信息_20261031.xlsx": [CUSTOMERS, *map(customer, PEOPLE)], "存款账户_20261031.xlsx": accounts(1_000)},
    )
    write_xlsx(tmp_path / "exports" / "流水.xlsx", [TRANSACTIONS[:-1], *rows], sheet="全年", more=pages)
    month = reckon(place, "2026-10")
    assert month.measured.customers["transactions"].tolist() == [2, 2, 2]
    assert {told.count for told in month.findings if told.code == "intake.overlap"} == {3}
    assert any("「全年」" in told.message for told in month.findings)


def test_pages_of_one_list_that_share_a_row_are_business(tmp_path: Path) -> None:
    day = dt.date(2026, 10, 10)
    pages = {
        "二": [
            TRANSACTIONS[:-1],
            *([day, "C1", "AC1", "贷", 100, None, "转账"] for _ in range(2)),
            [day, "C2", "AC2", "贷", 7, None, "转账"],
        ]
    }
    place = workspace(
        tmp_path,
        {"客户信息_20261031.xlsx": [CUSTOMERS, *map(customer, PEOPLE)], "存款账户_20261031.xlsx": accounts(1_000)},
    )
    first = [
        TRANSACTIONS[:-1],
        *([day, "C3", "AC3", "贷", amount, None, "转账"] for amount in (1, 2, 3)),
        [day, "C1", "AC1", "贷", 100, None, "转账"],
    ]
    write_xlsx(tmp_path / "exports" / "流水.xlsx", first, sheet="一", more=pages)
    month = reckon(place, "2026-10")
    assert month.measured.customers["transactions"].tolist() == [3, 1, 3]


def test_a_name_that_says_another_months_end_is_told(tmp_path: Path) -> None:
    dated = [[*row, "数据日期" if place == 0 else dt.date(2026, 9, 30)] for place, row in enumerate(accounts(1_000))]
    month = county(tmp_path, 存款账户_20261031=dated)
    _ = month.tables
    assert "table.day-torn" in codes(month)
