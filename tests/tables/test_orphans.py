"""Rows that point nowhere are told with the cure that helps: another spelling, asterisks, a half that was refused."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from months import ACCOUNTS, CUSTOMERS, LONG_AGO, TRANSACTIONS, customer, post, reckon, workspace

from kehujingli.errors import Finding

TENTH = dt.date(2026, 10, 10)


def account(number: str, owner: str) -> list[Any]:
    return [number, owner, "活期", 100, None, LONG_AGO, None, None]


def orphans(root: Path, customers: list[list[Any]], accounts: list[list[Any]], rows: list[list[Any]]) -> list[Finding]:
    files = {
        "客户信息_20261031.xlsx": [CUSTOMERS, *customers],
        "存款账户_20261031.xlsx": [ACCOUNTS, *accounts],
        "流水.xlsx": [TRANSACTIONS, *rows],
    }
    month = reckon(workspace(root, files), "2026-10")
    _ = month.tables
    return [told for told in month.findings if told.code == "intake.orphan"]


def test_noughts_that_one_export_lost_are_named_by_both_spellings(tmp_path: Path) -> None:
    told = orphans(tmp_path, [customer("000801"), customer("C9")], [account("A801", "801")], [])
    assert "“801”" in told[0].message
    assert "“000801”" in told[0].message
    assert "文本" in told[0].cure


def test_numbers_with_asterisks_are_told_as_such(tmp_path: Path) -> None:
    row = [TENTH, None, "62****01", "贷", 5, None, "转账", None]
    told = orphans(tmp_path, [customer("C1")], [account("62100001", "C1")], [row])
    assert "星号" in told[0].text


def test_a_customer_that_was_refused_is_not_called_left_out(tmp_path: Path) -> None:
    torn = [customer("C1"), customer("C1", branch="801002"), customer("C2")]
    accounts, postings = orphans(tmp_path, torn, [account("AC1", "C1")], [post(TENTH, "C1", 5)])
    assert "客户信息有 2 行退回" in accounts.cure
    assert "账号所属客户号在客户信息里找不到" in postings.message


def test_who_is_simply_not_there_is_looked_for(tmp_path: Path) -> None:
    (told,) = orphans(tmp_path, [customer("C1")], [account("AC1", "C1")], [post(TENTH, "C7", 5)])
    assert told.cure == "请核对存款账户是否漏导。"
