"""Customers who have closed everything are in no class, and what they brought or took away stays with who held them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from conftest import Ran
from months import ACCOUNTS, CUSTOMERS, LOANS, LONG_AGO, MANAGERS, TRANSACTIONS, codes, customer, manager, post, reckon
from months import workspace as made

from kehujingli.month import Month
from kehujingli.workspace import Workspace

PERIOD = "2026-10"
DEPOSITS = ["账号", "客户号", "存款种类", "余额", "年日均", "上年日均", "开户日期", "揽存人"]


def _county(
    root: Path,
    *said: str | None,
    header: str = "状态",
    balances: tuple[int, ...] = (),
    rules: dict[str, str] | None = None,
    **more: list[list[Any]],
) -> Workspace:
    """Customers C1, C2 … of M01, whose 状态 is what is said in turn, with 10,000 on average last year and 2,000 in this one."""
    people = [[*customer(f"C{n}", holder="M01"), word] for n, word in enumerate(said, 1)]
    money = dict(enumerate(balances, 1))
    accounts = [
        [f"AC{n}", f"C{n}", "活期", money.get(n, 0), 2_000, 10_000, LONG_AGO, "M01"] for n in range(1, len(said) + 1)
    ]
    files = {
        "客户信息_20261031.xlsx": [[*CUSTOMERS, header], *people],
        "存款账户_20261031.xlsx": [DEPOSITS, *accounts],
        "客户经理名册_20261031.xlsx": [MANAGERS, manager("M01")],
        "交易流水.xlsx": [TRANSACTIONS, post(dt.date(2026, 10, 10), "C1", 100, number="1")],
        **{f"{name}.xlsx": grid for name, grid in more.items()},
    }
    return made(root, files, rules)


def _classed(month: Month) -> set[str]:
    return set(month.segmented.customers["customer_id"])


def _told(month: Month, code: str) -> str:
    return next(told.text for told in month.findings if told.code == code)


def test_a_closed_customer_is_in_no_class_and_in_no_plan(tmp_path: Path) -> None:
    month = reckon(_county(tmp_path, "正常", "已销户", "注销", "2-已销户", "0-正常", "未销户", "冻结", None), PERIOD)
    assert _classed(month) == {"C1", "C5", "C6", "C7", "C8"}
    assert set(month.plan.customers["customer_id"]) <= _classed(month)
    assert "3 户" in _told(month, "segment.closed")
    assert "segment.status-unknown" not in codes(month)


def test_what_a_closed_customer_took_away_stays_with_who_held_her(tmp_path: Path) -> None:
    month = reckon(_county(tmp_path, "正常", "已销户"), PERIOD)
    # 2,000 − 10,000 of C1 and the same of C2
    assert month.actuals.table()["average_deposit_growth", "year", "M01"][0] == -16_000_00
    page = {figure.key: figure for figure in month.figures}
    assert (page["customers"].value, page["deposits"].value) == (1, 4_000_00)
    assert "-1.60 万元" in page["deposits"].note.replace("−", "-")


def test_a_closed_customer_with_a_balance_or_a_loan_stays_and_is_told(tmp_path: Path) -> None:
    loan = ["L3", "C3", dt.date(2026, 1, 10), dt.date(2028, 1, 10), 50_000, "正常", 0, "M01", "M01"]
    place = _county(tmp_path, "正常", "已销户", "已销户", "销户", balances=(0, 300), 贷款台账_20261031=[LOANS, loan])
    month = reckon(place, PERIOD)
    assert _classed(month) == {"C1", "C2", "C3"}
    told = next(told for told in month.findings if told.code == "segment.closed-with-money")
    assert (told.level, told.count, told.amount) == ("warning", 2, 50_300_00)
    assert [spot.cell for spot in told.spots] == ["C3", "C2"]
    assert "存款 300.00 元、贷款 50,000.00 元" in told.message


def test_a_word_that_nobody_knows_is_told_and_the_rules_may_say_it(tmp_path: Path) -> None:
    month = reckon(_county(tmp_path / "a", "正常", "9", "X类"), PERIOD)
    assert _classed(month) == {"C1", "C2", "C3"}
    assert "“9”（1 户）" in _told(month, "segment.status-unknown")
    rules = {'closed_status = ["销户", ': 'closed_status = ["9", '}
    month = reckon(_county(tmp_path / "b", "正常", "9", "正常", rules=rules), PERIOD)
    assert _classed(month) == {"C1", "C3"}
    assert "“9”" in _told(month, "segment.closed")


@pytest.mark.parametrize(("yes", "no"), [("是", "否"), ("1", "0"), ("Y", "N"), ("已销户", "正常")])
def test_a_flag_under_a_header_that_says_closed(tmp_path: Path, yes: str, no: str) -> None:
    month = reckon(_county(tmp_path, no, yes, header="销户标志"), PERIOD)
    assert _classed(month) == {"C1"}
    assert "segment.status-unknown" not in codes(month)


@pytest.mark.parametrize(("second", "stays"), [("正常", True), ("销户", False)])
def test_a_customer_with_an_open_number_is_not_closed(tmp_path: Path, second: str, stays: bool) -> None:
    """Two numbers of one person by the same id number: the older, main one is closed."""
    header = [*CUSTOMERS, "证件号码", "状态"]
    number = "110101199003070097"
    other = [*customer("C2", holder="M01"), number, second]
    other[4] = dt.date(2020, 1, 1)
    files = {
        "客户信息_20261031.xlsx": [
            header,
            [*customer("C1", holder="M01"), number, "销户"],
            other,
            [*customer("C3"), None, "正常"],
        ],
        "存款账户_20261031.xlsx": [ACCOUNTS, ["AC3", "C3", "活期", 100, 0, LONG_AGO, None, "M01"]],
        "交易流水.xlsx": [TRANSACTIONS, post(dt.date(2026, 10, 10), "C3", 100, number="1")],
    }
    month = reckon(made(tmp_path, files), PERIOD)
    assert ("C1" in _classed(month)) is stays
    assert "customer.merged" in codes(month)


def test_the_commands_tell_how_many_have_left(tmp_path: Path, cli: Callable[..., Ran]) -> None:
    place = _county(tmp_path, "正常", "已销户", "注销")
    book = tmp_path / "分类.xlsx"
    done = cli("segment", "-w", place.root, "--period", PERIOD, "-o", book)
    assert "分类  1 户（已销户 2 户不分类）" in done.out
    cover = [str(cell.value) for row in openpyxl.load_workbook(book)["首页"] for cell in row if cell.value]
    assert any("客户总数 1 户（另有已销户 2 户不分类）" in text for text in cover)
    assert any(
        "2 户" in str(row[1]) for row in openpyxl.load_workbook(book)["口径"].values if row and row[0] == "已销户"
    )
    record = cli("segment", "-w", place.root, "--period", PERIOD, "-o", book, "--json").json
    assert (record["customers"], record["closed"]) == (1, 2)
    cli("run", "-w", place.root, "--period", PERIOD, "--quiet")
    shown = cli("show", "customer", "C2", "-w", place.root)
    assert (shown.code, "show.closed C2 在 2026-10 已经销户" in shown.err) == (4, True)
    rows = cli("query", "select 客户号, 状态 from 已销户客户", "-w", place.root, "--format", "csv").out
    assert rows.split() == ["客户号,状态", "C2,已销户", "C3,注销"]
