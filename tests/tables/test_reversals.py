"""Which postings undo each other? The newest earlier one of the opposite amount, and none that lies more than 31 days back."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from months import CUSTOMERS, customer, reckon, workspace

from kehujingli.tables.reversals import Posting, match_reversals


def _posting(signed: int, day: int, row: int) -> Posting:
    return Posting("A1", signed, day, "", "", 0, row)


@pytest.mark.parametrize(("days", "pairs"), [(31, [(0, 1), (0, 2)]), (32, [])])
def test_a_reversal_reaches_back_31_days(days: int, pairs: list[tuple[int, int]]) -> None:
    assert match_reversals([_posting(-500, 100 + days, 2)], [_posting(500, 100, 1)]) == pairs


def test_a_reversal_takes_the_newest_and_what_is_taken_is_gone() -> None:
    originals = [_posting(500, 100, 1), _posting(500, 110, 2)]
    marks = [_posting(-500, 115, 3), _posting(-500, 116, 4), _posting(-500, 117, 5)]
    assert match_reversals(marks, originals) == [(0, 2), (0, 3), (0, 1), (0, 4)]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param((1, "23:00", "9", 9), (2, "01:00", "1", 1), id="the day"),
        pytest.param((1, "10:00", "9", 9), (1, "10:01", "1", 1), id="then the time"),
        pytest.param((1, "10:00", "99", 9), (1, "10:00", "100", 1), id="then the number, as a number"),
        pytest.param((1, "", "A7", 9), (1, "10:00", "A8", 1), id="a time that one lacks tells nothing"),
        pytest.param((1, "", "B9", 1), (1, "", "A1", 2), id="of two series only the place tells"),
        pytest.param((1, "", "", 1), (1, "", "1", 2), id="a number that one lacks tells nothing"),
    ],
)
def test_of_two_postings_one_came_before(first: tuple[int, str, str, int], second: tuple[int, str, str, int]) -> None:
    one, other = (Posting("A1", 5, day, time, number, 0, place) for day, time, number, place in (first, second))
    assert one.before(other)
    assert not other.before(one)
    assert not one.before(one)


@pytest.mark.parametrize(
    ("memo", "stands"),
    [
        ("撤销", 0),
        ("撤销交易", 0),
        ("冲正 撤销账户转出", 0),
        ("撤销 账户6222的转账", 0),
        ("撤销账户", 2),
        ("验资户撤销转出", 2),
        ("撤销临时存款账户", 2),
        ("撤销代扣协议退款", 2),
        ("转账", 2),
    ],
)
def test_to_cancel_an_account_or_a_contract_undoes_no_posting(tmp_path: Path, memo: str, stands: int) -> None:
    """50,000 came in on the 8th and went out on the 20th, when the account was given up: both happened."""
    files = {
        "客户信息_20261031.xlsx": [CUSTOMERS, customer("C1")],
        "流水.xlsx": [
            ["交易日期", "客户号", "账号", "借贷标志", "交易金额", "摘要"],
            [dt.date(2026, 10, 8), "C1", "AC1", "贷", 50_000, "转账"],
            [dt.date(2026, 10, 20), "C1", "AC1", "借", 50_000, memo],
        ],
    }
    month = reckon(workspace(tmp_path, files), "2026-10")
    assert month.measured.customers["transactions"].tolist() == [stands]
