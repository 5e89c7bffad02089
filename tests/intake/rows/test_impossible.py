"""What cannot be? Numbers outside of what a column can hold, amounts in dollars, two columns of one name."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from conftest import write_xlsx
from months import LOANS, MANAGERS, TRANSACTIONS, manager, post

from kehujingli.errors import Finding
from kehujingli.intake.read import SheetResult, read_file

DAY = dt.date(2026, 10, 20)


def read(path: Path, *rows: list[Any]) -> SheetResult:
    (result,) = read_file(write_xlsx(path, rows), path.name)
    return result


def refused(result: SheetResult) -> dict[str, Finding]:
    return {told.code: told for told in result.findings if told.level == "refused"}


@pytest.mark.parametrize("days", [45, -2])
def test_nobody_is_on_duty_for_so_many_days_of_a_month(tmp_path: Path, days: int) -> None:
    result = read(tmp_path / "名册.xlsx", MANAGERS, manager("M1", duty_days=days), manager("M2", duty_days=31))
    told = refused(result)["intake.number-outside"]
    assert (told.cell, told.value, told.count) == ("I2", str(days), 1)
    assert "不小于 0、不大于 31" in told.message
    assert told.cure == "请问清填表的人，改正 I2 后再放进来。"
    assert result.accepted is not None
    assert result.accepted.table["manager_id"].to_pylist() == ["M2"]


@pytest.mark.parametrize(("column", "value"), [("管户上限", -5)])
def test_nobody_looks_after_less_than_none(tmp_path: Path, column: str, value: int) -> None:
    told = refused(read(tmp_path / "名册.xlsx", MANAGERS, manager("M1", value)))["intake.number-outside"]
    assert column in told.message


@pytest.mark.parametrize(("balance", "days", "cell"), [(-100, 0, "E2"), (100, -3, "G2")])
def test_a_loan_is_not_below_nothing_nor_late_by_less(tmp_path: Path, balance: int, days: int, cell: str) -> None:
    loan = ["L1", "C1", DAY, DAY, balance, "正常", days, None, None]
    result = read(tmp_path / "台账.xlsx", LOANS, loan)
    told = refused(result)["intake.number-outside"]
    assert (told.cell, told.cure) == (cell, f"请在原系统核对，改正 {cell} 后再放进来。")
    assert result.accepted is not None
    assert result.accepted.totals["balance"] == (0, balance * 100)


def test_dollars_are_refused_as_another_currency(tmp_path: Path) -> None:
    row = post(DAY, "C1", 5)
    row[4] = "$1,200.50"
    told = refused(read(tmp_path / "流水.xlsx", TRANSACTIONS, row, post(DAY, "C1", 5)))["intake.currency"]
    assert (told.cell, told.value) == ("E2", "$1,200.50")
    assert "不是人民币" in told.message


def test_what_may_stand_for_a_side_is_told_in_words(tmp_path: Path) -> None:
    row = post(DAY, "C1", 5)
    row[3] = "X"
    told = refused(read(tmp_path / "流水.xlsx", TRANSACTIONS, row))["intake.code-bad"]
    assert "不在 借、贷 之内" in told.message


ACCOUNTS = ["账号", "客户号", "余额", "余额"]


def test_two_columns_of_one_name_that_say_the_same_are_told(tmp_path: Path) -> None:
    result = read(tmp_path / "账户.xlsx", ACCOUNTS, ["A1", "C1", 5, 5.0], ["A2", "C2", "1,000", 1000])
    (told,) = [told for told in result.findings if told.code == "intake.column-twice"]
    assert "C 列和 D 列" in told.message
    assert not refused(result)


def test_where_two_columns_of_one_name_differ_nothing_is_guessed(tmp_path: Path) -> None:
    result = read(tmp_path / "账户.xlsx", ACCOUNTS, ["A1", "C1", 5, 6], ["A2", "C2", 7, 7], ["A3", "C3", 8, None])
    told = refused(result)["intake.column-ambiguous"]
    assert [spot.cell for spot in told.spots] == ["C2", "C4"]
    assert "C 列和 D 列" in told.message
    assert result.accepted is not None
    assert result.accepted.table["account_id"].to_pylist() == ["A2"]
    assert result.accepted.totals["balance"] == (700, 1300)


def test_a_blank_column_of_the_same_name_is_no_matter(tmp_path: Path) -> None:
    result = read(tmp_path / "账户.xlsx", ACCOUNTS, ["A1", "C1", 5, None])
    assert not {"intake.column-twice", "intake.column-ambiguous"} & {told.code for told in result.findings}


def test_the_header_of_a_sheet_that_lacks_a_column_is_no_row(tmp_path: Path) -> None:
    rows = [["存款账户"], ["账号", "客户代号", "余额", "开户日期"], *[[f"A{n}", "C1", n, DAY] for n in range(4)]]
    result = read(tmp_path / "账户.xlsx", *rows)
    assert [told.code for told in result.findings] == ["intake.column-missing"]
    assert result.unknown_rows == 4


@pytest.mark.parametrize("text", ["NaN", "inf", "-inf", "nan "])
def test_what_computers_call_a_number_is_an_amount_that_is_refused_in_its_place(tmp_path: Path, text: str) -> None:
    rows = [["A1", "C1", 5], ["A2", "C2", text], ["A3", "C3", None], ["A4", "C4", 7]]
    result = read(tmp_path / "账户.xlsx", ACCOUNTS[:3], *rows)
    told = refused(result)["intake.amount-bad"]
    assert (told.cell, told.value, told.count) == ("C3", text, 1)
    assert result.accepted is not None
    assert result.accepted.totals["balance"] == (1200, 0)


def test_neither_days_nor_rates_are_nan(tmp_path: Path) -> None:
    loans = ["借据号", "客户号", "贷款余额", "逾期天数", "利率(%)"]
    rows = [["L1", "C1", 5, 0, 4.5], ["L2", "C1", 5, "NaN", 4.5], ["L3", "C1", 5, 0, "inf"]]
    found = read(tmp_path / "台账.xlsx", loans, *rows).findings
    assert [(told.cell, told.value) for told in found if told.code == "intake.number-bad"] == [
        ("D3", "NaN"),
        ("E4", "inf"),
    ]


def test_a_corrected_list_of_refused_rows_is_read_although_a_cell_says_inf(tmp_path: Path) -> None:
    rows = [["A1", "C1", 5, "2026"], ["A2", "C2", "inf", "2026"], ["A3", "C3", 6, "2026"]]
    result = read(tmp_path / "退回清单.xlsx", [*ACCOUNTS[:3], "备注"], *rows)
    assert result.accepted is not None
    assert (result.accepted.rows, len(result.accepted.rejects)) == (3, 1)
