"""Which way did the money go? Told by a column, a sign, the running balance, or asked; never taken in for out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kehujingli.intake.read import SheetResult, read_file

Make = Callable[..., Path]


def read(path: Path) -> SheetResult:
    (sheet,) = read_file(path, path.name)
    return sheet


def signed(sheet: SheetResult) -> list[Any]:
    assert sheet.accepted is not None
    found: list[Any] = sheet.accepted.table["signed"].to_pylist()
    return found


def codes(sheet: SheetResult) -> set[str]:
    return {told.code for told in sheet.findings}


@pytest.mark.parametrize("header", ["借方/贷方代码", "存取标志", "交易方向", "收付方向", "借贷代码", "收支类型"])
@pytest.mark.parametrize(
    ("into", "out"), [("贷", "借"), ("C", "D"), ("存", "取"), ("收", "付"), ("+", "-"), ("D", "J")]
)
def test_headers_and_words_of_a_direction(xlsx: Make, header: str, into: str, out: str) -> None:
    rows = [["交易日期", "账号", header, "交易金额"], ["20261001", "A1", into, 5000], ["20261002", "A1", out, 5000]]
    sheet = read(xlsx("a.xlsx", rows))
    assert signed(sheet) == [500000, -500000]


def test_a_column_that_can_only_be_a_direction_is_taken_and_told(xlsx: Make) -> None:
    rows = [["交易日期", "账号", "标记", "交易金额"], ["20261001", "A1", "贷", 5], ["20261002", "A1", "借", 2]]
    sheet = read(xlsx("a.xlsx", rows))
    assert signed(sheet) == [500, -200]
    assert codes(sheet) == {"intake.direction-taken"}


def test_of_two_that_could_be_and_differ_neither_is_taken(xlsx: Make) -> None:
    rows = [
        ["交易日期", "账号", "标记", "标识", "交易金额"],
        ["20261001", "A1", "贷", "借", 5],
        ["20261002", "A1", "借", "贷", 2],
    ]
    (told,) = [told for told in read(xlsx("a.xlsx", rows)).findings if told.code == "intake.direction-two"]
    assert told.level == "warning"
    assert "标记" in told.message
    assert "标识" in told.message


def test_the_side_of_a_balance_is_no_direction(xlsx: Make) -> None:
    rows = [
        ["交易日期", "账号", "余额方向", "交易金额", "余额"],
        ["20261001", "A1", "贷", -5, 95],
        ["20261002", "A1", "借", -100, 5],
    ]
    sheet = read(xlsx("a.xlsx", rows))
    assert signed(sheet) == [-500, -10000]
    assert sheet.accepted is not None
    assert sheet.accepted.table["balance"].to_pylist() == [9500, -500]


def test_without_direction_or_sign_the_balance_decides(xlsx: Make) -> None:
    rows = [
        ["交易日期", "账号", "交易金额", "账户余额"],
        ["20261001", "A1", 100, 1000],
        ["20261001", "A2", 50, 70],
        ["20261002", "A1", 300, 700],
        ["20261003", "A1", 20, 720],
        ["20261003", "A2", 10, 60],
    ]
    sheet = read(xlsx("a.xlsx", rows))
    assert signed(sheet) == [-30000, 2000, -1000]
    assert "intake.direction-balance" in codes(sheet)
    assert sheet.accepted is not None
    assert [reject.code for reject in sheet.accepted.rejects] == ["intake.direction-untold"] * 2
    backward = read(xlsx("b.xlsx", [rows[0], *rows[:0:-1]]))
    assert sorted(signed(backward)) == [-30000, -1000, 2000]


def test_where_nothing_tells_it_is_asked(xlsx: Make) -> None:
    sheet = read(xlsx("a.xlsx", [["交易日期", "账号", "交易金额"], ["20261001", "A1", 100], ["20261002", "A1", 50]]))
    assert [told.level for told in sheet.findings if told.code == "intake.direction-none"] == ["warning"]
    sheet = read(xlsx("b.xlsx", [["交易日期", "账号", "交易金额"], ["20261001", "A1", 100], ["20261002", "A1", -50]]))
    assert codes(sheet) == set()


def test_expenses_below_nothing_are_expenses(xlsx: Make) -> None:
    header = ["交易日期", "账号", "收入", "支出", "余额"]
    rows = [header, ["20261001", "A1", 100, None, 1100], ["20261002", "A1", None, -300, 800]]
    sheet = read(xlsx("a.xlsx", rows))
    assert signed(sheet) == [10000, -30000]
    assert codes(sheet) == {"intake.debit-negative-proven"}
    sheet = read(xlsx("b.xlsx", [row[:4] for row in rows]))
    assert (signed(sheet), codes(sheet)) == ([10000, -30000], {"intake.debit-negative"})
    sheet = read(xlsx("c.xlsx", [header, rows[1], ["20261002", "A1", None, -300, 1400]]))
    assert (signed(sheet), codes(sheet)) == ([10000, 30000], set())


def test_red_ink_stays_red_ink(xlsx: Make) -> None:
    header = ["交易日期", "账号", "借方发生额", "贷方发生额", "摘要"]
    sheet = read(xlsx("a.xlsx", [header, ["20261001", "A1", 50, None, "取款"], ["20261002", "A1", -50, None, "取款"]]))
    assert signed(sheet) == [-5000, 5000]
    sheet = read(xlsx("b.xlsx", [header, ["20261002", "A1", -50, None, "红字冲正"]]))
    assert signed(sheet) == [5000]


def test_a_sign_beside_the_direction_says_it_once(xlsx: Make) -> None:
    rows = [
        ["交易日期", "账号", "借贷标志", "金额", "余额"],
        ["20261001", "A1", "贷", 100, 500],
        ["20261002", "A1", "借", -30, 470],
    ]
    assert signed(read(xlsx("a.xlsx", rows))) == [10000, -3000]


def test_a_balance_on_the_debit_side_is_an_overdraft(xlsx: Make) -> None:
    rows = [
        ["账号", "客户号", "余额", "借贷方向"],
        ["A1", "C1", 100, "借"],
        ["A2", "C2", 200, "贷"],
        ["A3", "C3", -7, "借"],
    ]
    sheet = read(xlsx("a.xlsx", rows))
    assert sheet.accepted is not None
    assert sheet.accepted.table["balance"].to_pylist() == [-10000, 20000, -700]
    assert codes(sheet) == {"intake.overdraft"}
