"""Lines among postings that are none: sums are left out, balances count as balances."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kehujingli.intake.read import SheetResult, read_file

Make = Callable[..., Path]


def read(path: Path) -> SheetResult:
    (sheet,) = read_file(path, path.name)
    return sheet


@pytest.mark.parametrize("word", ["本月合计", "本年累计", "本日合计", "合计", "合计数", " 本月合计 "])
def test_a_sum_with_a_day_and_an_account_is_no_posting(xlsx: Make, word: str) -> None:
    rows = [
        ["交易日期", "账号", "摘要", "借方发生额", "贷方发生额", "账户余额"],
        ["2026-10-05", "A1", "转入", None, 500, 100200],
        *[["2026-10-20", "A1", f"支取{place}", 1, None, 100000] for place in range(80)],
        ["2026-10-31", "A1", word, 200, 500, 100000],
        *[["2026-10-31", "A1", f"支取{place}", 1, None, 100000] for place in range(80)],
    ]
    sheet = read(xlsx("a.xlsx", rows))
    assert sheet.accepted is not None
    assert (sheet.accepted.rows, sheet.accepted.footers) == (161, 1)
    assert sheet.accepted.totals["credit_amount"] == (50000, 0)
    assert [told.code for told in sheet.findings] == ["intake.no-posting"]


@pytest.mark.parametrize("amount", [0, None, "-"])
@pytest.mark.parametrize("word", ["期初余额", "承前余额", "上年结转"])
def test_an_opening_balance_moves_no_money(xlsx: Make, word: str, amount: object) -> None:
    rows = [
        ["交易日期", "账号", "借贷标志", "交易金额", "账户余额", "摘要"],
        ["2026-10-01", "A1", None, amount, 100000, word],
        ["2026-10-05", "A2", "贷", 10, 200000, "货款"],
    ]
    sheet = read(xlsx("a.xlsx", rows))
    assert sheet.accepted is not None
    assert not sheet.accepted.rejects
    assert "intake.balance-row" in {told.code for told in sheet.findings}
    assert sheet.accepted.table["signed"].to_pylist() == [0, 1000]
    assert sheet.accepted.table["balance"].to_pylist() == [10000000, 20000000]


def test_an_opening_balance_in_the_column_of_amounts_is_a_balance(xlsx: Make) -> None:
    rows = [
        ["交易日期", "账号", "金额", "余额", "摘要"],
        ["2026-10-01", "A1", 500, None, "期初余额"],
        ["2026-10-02", "A1", -5, 495, "取"],
    ]
    sheet = read(xlsx("a.xlsx", rows))
    assert sheet.accepted is not None
    assert sheet.accepted.table["signed"].to_pylist() == [0, -500]
    assert sheet.accepted.table["balance"].to_pylist() == [50000, 49500]


def test_an_opening_balance_of_no_day_is_left_out(xlsx: Make) -> None:
    rows = [
        ["交易日期", "账号", "金额", "余额", "摘要"],
        [None, "A1", None, 500, "期初余额"],
        ["2026-10-02", "A1", -5, 495, "取"],
    ]
    sheet = read(xlsx("a.xlsx", rows))
    assert sheet.accepted is not None
    assert (sheet.accepted.rows, sheet.accepted.footers, len(sheet.accepted.rejects)) == (1, 1, 0)
