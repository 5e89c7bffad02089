"""A row of 业绩归属 that is only proposed counts for nobody until it is agreed to and somebody approved it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from months import ACCOUNTS, CUSTOMERS, LONG_AGO, MANAGERS, TRANSACTIONS, customer, manager, post, reckon, workspace

from kehujingli.month import Month

PLAIN = ["客户号", "条线", "工号", "生效日期", "审批人"]
ROW = ["C1", "全部", "M2", dt.date(2026, 10, 1)]


def _month(root: Path, header: list[str], *rows: list[Any]) -> Month:
    files = {
        "客户信息.xlsx": [CUSTOMERS, customer("C1", holder="M1")],
        "存款账户_20261031.xlsx": [ACCOUNTS, ["AC1", "C1", "活期", 300, 100, LONG_AGO, None, None]],
        "名册.xlsx": [MANAGERS, manager("M1"), manager("M2")],
        "流水.xlsx": [TRANSACTIONS, post(dt.date(2026, 10, 31), "C9", 1)],
        "业绩归属.xlsx": [header, *rows],
    }
    return reckon(workspace(root, files), "2026-10")


@pytest.mark.parametrize(
    ("agreed", "approver", "holder", "cell"),
    [("是", "刘主任", "M2", None), ("", "刘主任", "M1", "F2"), ("否", "刘主任", "M1", "F2"), ("是", "", "M1", "E2")],
)
def test_a_row_counts_once_it_is_agreed_and_approved(
    tmp_path: Path, agreed: str, approver: str, holder: str, cell: str | None
) -> None:
    month = _month(tmp_path, [*PLAIN, "同意"], [*ROW, approver or None, agreed or None])
    assert month.holders == {"C1": holder}
    told = [one for one in month.findings if one.code == "table.attribution-proposed"]
    assert bool(told) == (cell is not None)
    assert all(f"{cell} 起有 1 行" in one.text for one in told)


def test_a_sheet_that_does_not_ask_counts_as_it_stands(tmp_path: Path) -> None:
    month = _month(tmp_path, PLAIN, [*ROW, None])
    assert month.holders == {"C1": "M2"}
