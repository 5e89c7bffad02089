"""A loan written off, swapped, sold or settled is on the books no more, whichever column says so; what contradicts itself is told."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from months import CUSTOMERS, customer, reckon, workspace

from kehujingli.month import Month

HEAD = ["借据编号", "客户号", "发放日期", "贷款余额", "五级分类"]


def loans(root: Path, header: list[str], *said: list[Any]) -> Month:
    rows = [
        [f"L{number}", "C1", dt.date(2026, 1, 5), 100 * number, "正常", *cells] for number, cells in enumerate(said, 1)
    ]
    files = {"客户信息_20261031.xlsx": [CUSTOMERS, customer("C1")], "贷款台账_20261031.xlsx": [[*HEAD, *header], *rows]}
    return reckon(workspace(root, files), "2026-10")


def on_books(month: Month) -> int:
    from kehujingli.tables.frames import on_book

    return int(on_book(month.tables["loans"])["balance"].sum())


@pytest.mark.parametrize("word", ["已转让", "30-核销"])
def test_what_has_left_the_books_is_not_on_them(tmp_path: Path, word: str) -> None:
    month = loans(tmp_path, ["状态"], [word], ["正常"])
    assert on_books(month) == 20_000
    assert not {told.code for told in month.findings} & {"intake.code-unknown", "loan.settled-owing"}


@pytest.mark.parametrize(
    ("header", "yes", "no"),
    [("是否核销", "是", "否"), ("转让标志", 1, 0)],
)
def test_a_column_of_its_own_says_so_beside_the_status(tmp_path: Path, header: str, yes: Any, no: Any) -> None:
    month = loans(tmp_path, ["状态", header], ["逾期", yes], ["正常", no], [None, yes])
    assert on_books(month) == 20_000


def test_a_settled_loan_that_still_owes_is_told_with_its_money(tmp_path: Path) -> None:
    month = loans(tmp_path, ["状态"], ["结清"], ["正常"])
    assert on_books(month) == 20_000
    (told,) = [told for told in month.findings if told.code == "loan.settled-owing"]
    assert (told.count, told.amount, told.value) == (1, 10_000, "L1")


def test_the_flag_that_a_month_lost_is_named(tmp_path: Path) -> None:
    rows = [["L1", "C1", dt.date(2026, 1, 5), 100, "正常", "逾期"]]
    files = {
        "客户信息_20261031.xlsx": [CUSTOMERS, customer("C1")],
        "贷款台账_20260930.xlsx": [[*HEAD, "状态", "核销标志"], [*rows[0], "是"]],
        "贷款台账_20261031.xlsx": [[*HEAD, "状态"], *rows],
    }
    month = reckon(workspace(tmp_path, files), "2026-10")
    _ = month.tables
    assert any(told.code == "table.column-gone" and "核销标志" in told.message for told in month.findings)
