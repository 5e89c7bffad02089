"""One key, several rows: sub-accounts, shares, joint owners, stints, and rows that only repeat others."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from months import (
    ACCOUNTS,
    CUSTOMERS,
    LONG_AGO,
    MANAGERS,
    TRANSACTIONS,
    codes,
    customer,
    manager,
    post,
    reckon,
    workspace,
)

from kehujingli.month import Month

PERIOD = "2026-10"
OCTOBER = dt.date(2026, 10, 20)


def _month(root: Path, accounts: list[list[Any]], **more: list[list[Any]]) -> Month:
    files: dict[str, list[list[Any]]] = {
        "客户信息_20261031.xlsx": [CUSTOMERS, customer("C1", holder="M01"), customer("C2", holder="M02")],
        "客户经理名册_20261031.xlsx": [MANAGERS, manager("M01"), manager("M02")],
        "存款账户_20261031.xlsx": accounts,
        "交易流水.xlsx": [TRANSACTIONS, post(OCTOBER, "C1", 1000, 30_000, number="1")],
        **{f"{name}.xlsx": grid for name, grid in more.items()},
    }
    month = reckon(workspace(root, files), PERIOD)
    month.measured  # noqa: B018 - everything is linked
    return month


def _balance(month: Month, who: str) -> int:
    people = month.measured.customers.set_index("customer_id")
    return int(people.loc[who, "deposit_balance"])


def test_sub_accounts_of_one_account_are_deposits_of_their_own_and_the_money_adds_up(tmp_path: Path) -> None:
    header = ["账号", "分户号", "客户号", "存款种类", "余额", "开户日期", "到期日"]
    month = _month(
        tmp_path,
        [
            header,
            ["AC1", "1", "C1", "定期", 100_000, LONG_AGO, dt.date(2028, 1, 1)],
            ["AC1", "2", "C1", "活期", 30_000, LONG_AGO, None],
            ["AC2", "1", "C2", "活期", 7_000, LONG_AGO, None],
        ],
    )
    assert sorted(month.tables["accounts"]["account_id"]) == ["AC1-1", "AC1-2", "AC2"]
    assert _balance(month, "C1") == 130_000_00
    assert month.rejected == [0] * len(month.rejected)
    assert "table.sub-accounts" in codes(month)
    assert "table.column-like" not in codes(month)
    # the posting of 1,000 on 20 October to the account alone is the customer's: 130,000 − 1,000 × 19 ÷ 31 over October
    averages = month.measured.customers.set_index("customer_id")["average_deposit_month"]
    assert int(averages["C1"]) == round((130_000_00 * 31 - 1_000_00 * 19) / 31)


def test_shares_of_two_managers_are_one_account_with_attributions(tmp_path: Path) -> None:
    header = ["账号", "客户号", "存款种类", "余额", "上年日均", "年日均", "揽存人", "分成比例"]
    month = _month(
        tmp_path,
        [
            header,
            ["AC1", "C1", "活期", 30_000, 10_000, 30_000, "M01", "60%"],
            ["AC1", "C1", "活期", 30_000, 10_000, 30_000, "M02", "40%"],
        ],
    )
    assert _balance(month, "C1") == 30_000_00
    parts = month.actuals.table()
    assert parts["average_deposit_growth", "year", "M01"][0] == 12_000_00
    assert parts["average_deposit_growth", "year", "M02"][0] == 8_000_00
    assert "table.shared-rows" in codes(month)


def test_a_joint_account_counts_once_for_the_owner_written_first(tmp_path: Path) -> None:
    header = ["账号", "客户号", "存款种类", "余额", "是否联名"]
    rows = [["AC1", "C1", "活期", 30_000, "是"], ["AC1", "C2", "活期", 30_000, "是"]]
    month = _month(tmp_path, [header, *rows])
    assert (_balance(month, "C1"), "table.joint-owners" in codes(month)) == (30_000_00, True)
    assert list(month.tables["accounts"]["customer_id"]) == ["C1"]


def test_two_owners_of_one_account_are_refused_where_nothing_says_joint(tmp_path: Path) -> None:
    rows = [
        ["AC1", "C1", "活期", 30_000, 900, LONG_AGO, None, "M01"],
        ["AC1", "C2", "活期", 30_000, 900, LONG_AGO, None, "M01"],
        ["AC2", "C2", "活期", 5_000, 900, LONG_AGO, None, "M01"],
    ]
    month = _month(tmp_path, [ACCOUNTS, *rows])
    assert sum(month.rejected) == 2


def test_the_stint_of_the_period_counts_and_earlier_ones_are_history(tmp_path: Path) -> None:
    accounts = [ACCOUNTS, ["AC1", "C1", "活期", 30_000, 900, LONG_AGO, None, "M01"]]
    stints = [
        manager("M01", until=dt.date(2024, 6, 30)),
        manager("M01", since=dt.date(2026, 1, 1)),
        manager("M02"),
    ]
    month = _month(tmp_path, accounts, 客户经理名册_20261031=[MANAGERS, *stints])
    people = month.tables["managers"]
    assert list(people["manager_id"]) == ["M01", "M02"]
    assert people["until"].isna().all()
    assert {who.manager_id for who in month.scores.managers} == {"M01", "M02"}
    assert "table.stints" in codes(month)
    assert "intake.duplicate-key" not in codes(month)


def test_a_loan_with_two_guarantors_counts_once_and_its_own_total_agrees(tmp_path: Path) -> None:
    accounts = [ACCOUNTS, ["AC1", "C1", "活期", 30_000, 900, LONG_AGO, None, "M01"]]
    loans = [
        ["借据号", "客户号", "贷款余额", "五级分类", "管户经理", "保证人"],
        ["L1", "C1", 100_000, "正常", "M01", "王某"],
        ["L1", "C1", 100_000, "正常", "M01", "刘某"],
        ["L2", "C2", 50_000, "正常", "M01", None],
        ["合计", None, 150_000, None, None, None],
    ]
    month = _month(tmp_path, accounts, 贷款台账_20261031=loans)
    assert "recon.mismatch" not in codes(month)
    (sheet,) = [sheet for sheet in month.settled if sheet.table == "loans"]
    assert sheet.totals["balance"] == (150_000_00, 0)
    assert sheet.claims["balance"] == (150_000_00, 150_000_00)
    (told,) = [said for said in month.findings if said.code == "intake.duplicate-row"]
    assert "1 行与别的行认识的各列全部相同" in told.message


def test_a_total_that_counts_repeated_rows_each_is_told(tmp_path: Path) -> None:
    accounts = [ACCOUNTS, ["AC1", "C1", "活期", 30_000, 900, LONG_AGO, None, "M01"]]
    loans = [
        ["借据号", "客户号", "贷款余额", "五级分类", "抵押物"],
        ["L1", "C1", 100_000, "正常", "房"],
        ["L1", "C1", 100_000, "正常", "车"],
        ["合计", None, 200_000, None, None],
    ]
    month = _month(tmp_path, accounts, 贷款台账_20261031=loans)
    (told,) = [said for said in month.findings if said.code == "recon.mismatch"]
    assert "重复的行只算一次后逐行合计 100,000.00 元，表内合计 200,000.00 元" in told.message


def test_of_two_columns_for_one_person_the_number_is_read(tmp_path: Path) -> None:
    people = [manager("M01"), manager("M02")]
    for row in people:
        row[1] = "张伟"
    customers = [
        ["客户号", "客户名称", "客户类型", "机构号", "客户经理", "客户经理工号"],
        ["C1", "甲", "个人", "801001", "张伟", "M01"],
        ["C2", "乙", "个人", "801001", "张伟", "M02"],
    ]
    accounts = [
        ["账号", "客户号", "存款种类", "余额", "揽存人", "揽存人工号"],
        ["AC1", "C1", "活期", 100_000, "张伟", "M01"],
        ["AC2", "C2", "活期", 200_000, "张伟", "M02"],
    ]
    month = _month(tmp_path, accounts, 客户信息_20261031=customers, 客户经理名册_20261031=[MANAGERS, *people])
    assert list(month.tables["customers"]["manager_id"]) == ["M01", "M02"]
    assert list(month.tables["accounts"]["manager_id"]) == ["M01", "M02"]


def test_bilingual_headers_are_read(tmp_path: Path) -> None:
    customers = [
        ["客户号 Customer No.", "客户名称 Name", "客户类型 Type", "机构号 Branch", "管户经理 RM"],
        ["C1", "甲", "个人", "801001", "M01"],
    ]
    accounts = [["Account 账号", "客户号/Customer", "余额(万元) Balance"], ["AC1", "C1", 3]]
    month = _month(tmp_path, accounts, 客户信息_20261031=customers)
    assert list(month.tables["customers"]["manager_id"]) == ["M01"]
    assert list(month.tables["accounts"]["balance"]) == [30_000_00]


def test_a_list_beside_the_customer_file_removes_nobody_and_makes_nobody_a_customer(tmp_path: Path) -> None:
    accounts = [ACCOUNTS, ["AC1", "C1", "活期", 100_000, 900, LONG_AGO, None, "M01"]]
    white = [["客户号", "客户名称", "联系电话"], ["C1", "甲某某", "13900000001"], ["P9", "潜在某", "13900000002"]]
    month = _month(tmp_path, accounts, 营销白名单_20261031=white)
    people = month.tables["customers"].set_index("customer_id")
    assert sorted(people.index) == ["C1", "C2"]
    assert people.loc["C1", "phone"] == "13900000001"
    assert people.loc["C1", "name"] == "客户C1"
    (told,) = [said for said in month.findings if said.code == "table.customer-list"]
    assert told.file == "营销白名单_20261031.xlsx"
    assert "1 户只用来补客户信息里空着的栏，另外 1 户没有算作客户，1 处与客户信息不同" in told.message
    assert "intake.duplicate-key" not in codes(month)
