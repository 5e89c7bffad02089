"""A posting that another column says never happened counts, and that is told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kehujingli.intake.read import read_file

Make = Callable[..., Path]


def told(xlsx: Make, header: str, *states: str) -> list[str]:
    rows = [
        ["交易日期", "账号", "借贷标志", "交易金额", "账户余额", header],
        *[["2026-10-05", f"A{place}", "贷", 100, 100, state] for place, state in enumerate(states)],
    ]
    (sheet,) = read_file(xlsx("a.xlsx", rows), "a.xlsx")
    assert sheet.accepted is not None
    assert sheet.accepted.rows == len(states), "nothing is taken out unasked"
    return [one.text for one in sheet.findings if one.code == "intake.state-unread"]


@pytest.mark.parametrize(
    ("header", "stands", "not_"),
    [
        ("交易状态", "成功", "失败"),
        ("交易状态", "正常", "已撤销"),
        ("记账状态", "已记账", "未记账"),
        ("冲正标志", "否", "是"),
        ("冲正标志", "0", "1"),
        ("有效标志", "是", "否"),
        ("交易状态", "00", "99"),
        ("冲正流水号", "", "T0000012"),
    ],
)
def test_what_does_not_stand_is_counted_and_told(xlsx: Make, header: str, stands: str, not_: str) -> None:
    (text,) = told(xlsx, header, stands, stands, not_)
    assert header in text
    assert f"{not_} 1 行" in text
    if header != "交易状态" or not stands.isascii():
        assert "这 1 行照样算了，合计 100.00 元" in text


@pytest.mark.parametrize(
    ("header", "states"),
    [
        ("交易状态", ("成功", "成功")),
        ("交易状态", ("1", "1")),
        ("冲正标志", ("否", "否")),
        ("冲正标志", ("未冲正", "未冲正")),
        ("账户状态", ("冻结", "正常")),
        ("客户状态", ("无效", "正常")),
        ("备注", ("失败", "")),
        ("凭证有效日期", ("20271231", "20281231")),
        ("有效期", ("20271231", "20281231")),
        ("状态时间", ("101500", "101600")),
        ("原冲正流水号", ("0", "")),
    ],
)
def test_what_stands_or_speaks_of_something_else_is_not_told(xlsx: Make, header: str, states: tuple[str, ...]) -> None:
    assert told(xlsx, header, *states) == []


def test_the_amount_is_told_where_debit_and_credit_have_a_column_each(xlsx: Make) -> None:
    head = ["交易日期", "账号", "借方发生额", "贷方发生额", "账户余额", "交易状态"]
    rows = [
        head,
        ["2026-10-05", "A1", 100, None, 100, "失败"],
        ["2026-10-05", "A2", 0, 50.5, 100, "失败"],
        ["2026-10-05", "A3", None, 7, 100, "成功"],
    ]
    (sheet,) = read_file(xlsx("a.xlsx", rows), "a.xlsx")
    (text,) = [one.text for one in sheet.findings if one.code == "intake.state-unread"]
    assert "失败 2 行，这 2 行照样算了，合计 150.50 元" in text
