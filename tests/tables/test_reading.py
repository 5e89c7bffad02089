"""Does a month without a row, which shares what it can, come out as a month of exports that never had the row?"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest
from months import ACCOUNTS, CUSTOMERS, LOANS, LONG_AGO, MANAGERS, customer, manager, reckon, workspace

from kehujingli.month import Month
from kehujingli.month.trial import remembering, without

pytestmark = pytest.mark.slow  # some ninety small months

HEAD = ["交易日期", "账号", "借贷标志", "交易金额", "账户余额", "业务类型", "摘要", "流水号", "对方账号"]


def _day(day: int) -> dt.date:
    return dt.date(2026, 10, day)


def _posted(day: int, account: str, amount: float, number: str | None = None, **more: Any) -> list[Any]:
    side = "贷" if amount >= 0 else "借"
    kind, memo = more.get("kind", "转账"), more.get("memo")
    return [_day(day), account, side, abs(amount), more.get("balance"), kind, memo, number, more.get("other")]


POSTED = [
    _posted(2, "A1", 300, "S01"),
    _posted(3, "A1", -100, "S02"),  # undone by S05; so might S03 have been
    _posted(4, "A1", -100, "S03"),
    _posted(5, "A1", -100, "S04"),
    _posted(6, "A1", 100, "S05", kind="冲正"),
    _posted(7, "A2", -500, "S06", other="B2"),
    _posted(7, "B2", 500, "S07"),  # of a transfer between her own accounts
    _posted(7, "B2", 500, "S08"),
    _posted(8, "A3", 40, "S09"),
    _posted(8, "A3", 40, "S09"),  # one 流水号 twice
    _posted(9, "A3", 60),
    _posted(9, "A3", 60),
    _posted(10, "A4", 70, "S10", memo="结息"),
    _posted(11, "X9", 80, "S11"),  # of nobody
    _posted(12, "A4", 90, "S12"),
]
AGAIN = [
    _posted(28, "A5", 30, "S21"),
    _posted(20, "A5", -30, "S22"),
    _posted(20, "A5", 30, "S23", kind="冲正"),
    _posted(9, "A3", 60),
    _posted(8, "A1", 15, "S24"),
]
"""The newest first: S23 undoes what stands above it."""


def _accounts(balance: int) -> list[list[Any]]:
    return [
        [f"{kind}{number}", f"C{number}", "活期", balance * number, 100, LONG_AGO, None, None]
        for number in range(1, 6)
        for kind in ("AB" if number == 2 else "A")
    ]


def _month(root: Path) -> Month:
    loans = [
        [f"L{number}", f"C{number}", LONG_AGO, dt.date(2027, 1, 1), 5000 * number, "正常", 0, "M1", "M2"]
        for number in (1, 2)
    ]
    files = {
        "客户信息_20260930.xlsx": [CUSTOMERS, *(customer(f"C{number}") for number in range(1, 5))],
        "客户信息_20261031.xlsx": [CUSTOMERS, *(customer(f"C{number}", holder="M1") for number in range(1, 6))],
        "存款账户_20260930.xlsx": [ACCOUNTS, *_accounts(900)],
        "存款账户_20261031.xlsx": [ACCOUNTS, *_accounts(1000)],
        "贷款台账_20260930.xlsx": [LOANS, *loans],
        "贷款台账_20261031.xlsx": [LOANS, *loans],
        "客户经理名册_20261031.xlsx": [MANAGERS, manager("M1"), manager("M2", until=_day(20))],
        "机构_20261031.xlsx": [["机构号", "机构名称"], ["801001", "东关"]],
        "流水一.xlsx": [HEAD, *POSTED],
        "流水二.xlsx": [HEAD, *AGAIN],
        "中间业务收入.xlsx": [
            ["日期", "客户号", "产品", "金额", "机构号"],
            [_day(3), "C1", "手机银行", 8, "801001"],
            [_day(4), "C2", "手机银行", 9, "801001"],
        ],
        "业绩归属.xlsx": [
            ["客户号", "账号", "条线", "客户经理", "业绩分配比例"],
            ["C3", None, "存款", "M2", 0.5],
            [None, "A4", "存款", "M2", 1],
        ],
    }
    return reckon(workspace(root, files), "2026-10")


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Month:
    return remembering(_month(tmp_path_factory.mktemp("county")))


def _less(month: Month, part: int, row: int, folder: Path) -> Month:
    """A month of its own, whose one sheet lacks a row."""
    sheet, target = month.sheets[part], folder / f"{part}-{row}.parquet"
    duckdb.execute(f"copy (select * from '{sheet.parquet}' where row <> {row}) to '{target}' (format parquet)")
    sheets = list(month.sheets)
    sheets[part] = dataclasses.replace(sheet, parquet=target, accepted=sheet.accepted - 1)
    return Month(sheets, month.period, month.rules, month.workspace)


def _rows(month: Month) -> Iterator[tuple[int, int]]:
    """Every posting, and two rows of each other sheet."""
    for part, sheet in enumerate(month.sheets):
        if sheet.table and sheet.accepted:
            rows = duckdb.execute(f"select distinct row from '{sheet.parquet}' order by row").fetchall()
            yield from ((part, row) for (row,) in (rows if sheet.table == "transactions" else rows[:2]))


def _frames(month: Month) -> dict[str, pd.DataFrame]:
    """All that stands before plan and scores: tables, postings, measures, actuals, each in an order of its own."""
    tables = month.tables
    found = {key: frame.reset_index(drop=True) for key, frame in tables.frames.items()}
    found["accounts of all days"] = tables.account_history.reset_index(drop=True)
    found["loans of all days"] = tables.loan_history.reset_index(drop=True)
    if tables.has("transactions"):
        found["transactions"] = tables.con.execute("select * from transactions order by part, row, signed").df()
    found["customers measured"], found["accounts measured"] = month.measured.customers, month.measured.accounts
    found["actuals"] = month.actuals.contributions
    return found


def test_the_same_as_of_exports_without_the_row_whichever_row_it_is(month: Month, tmp_path: Path) -> None:
    having, shared, wrong = _frames(month), 0, []
    differing = 0
    for part, row in _rows(month):
        whole = _frames(_less(month, part, row, tmp_path))
        with without(month, {part: [row]}) as other:
            told = _frames(other)
            shared += other.tables.groups.before is not None
        assert told.keys() == whole.keys()
        wrong += [(month.sheets[part].export.name, row, key) for key in whole if not told[key].equals(whole[key])]
        differing += any(not having[key].equals(whole[key]) for key in whole)
    assert wrong == []
    assert shared == 4, "S02, S03, S08, S10"
    assert differing > 30
