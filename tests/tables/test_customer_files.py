"""Several files of 客户信息: they complete each other, the odd one is named, and no list removes a customer of the fuller file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from conftest import Ran, write_xlsx
from months import CUSTOMERS, LONG_AGO, MANAGERS, TRANSACTIONS, codes, customer, manager, post, reckon, workspace

from kehujingli.errors import Finding
from kehujingli.month import Month

PERIOD = "2026-10"
ACCOUNTS = ["账号", "客户号", "机构号", "存款种类", "余额", "年日均", "上年日均", "开户日期"]
CREDIT = [
    *("客户号", "核心客户号", "客户名称", "客户类型", "证件号码", "机构号", "居住地址", "客户经理"),
    *("存款账号", "存款余额", "贷款余额", "状态", "业务日期"),
]
MAIN = [CUSTOMERS, customer("C1", holder="M01"), customer("C2", holder="M01"), customer("C3", holder="M02")]


def _files(**more: list[list[Any]]) -> Mapping[str, list[list[Any]]]:
    accounts = [[f"AC{n}", f"C{n}", "801001", "活期", n * 100_000, n * 100_000, 0, LONG_AGO] for n in (1, 2, 3)]
    return {
        "客户信息_20261031.xlsx": MAIN,
        "存款账户_20261031.xlsx": [ACCOUNTS, *accounts],
        "客户经理名册_20261031.xlsx": [MANAGERS, manager("M01"), manager("M02")],
        "交易流水.xlsx": [TRANSACTIONS, post(dt.date(2026, 10, 10), "C1", 100, number="1")],
        **{f"{name}.xlsx": grid for name, grid in more.items()},
    }


def _month(root: Path, **more: list[list[Any]]) -> Month:
    month = reckon(workspace(root, _files(**more)), PERIOD)
    month.segmented  # noqa: B018 - everything is linked
    return month


def _told(month: Month, code: str) -> Finding:
    (told,) = [said for said in month.findings if said.code == code]
    return told


def _person(month: Month, number: str) -> Any:
    return month.tables["customers"].set_index("customer_id").loc[number]


def test_rows_that_contradict_nothing_complete_each_other(tmp_path: Path) -> None:
    more = [
        ["客户号", "机构号", "手机号", "农户标志", "行业", "客户名称"],
        ["C1", "801001", "13900000001", "是", "种植业", None],
        ["C9", "801001", "13900000009", "否", "零售业", "客户C9"],
    ]
    month = _month(tmp_path, 客户补充_20261031=more)
    first = _person(month, "C1")
    assert (first["name"], first["phone"], bool(first["rural"]), first["industry"]) == (
        "客户C1",
        "13900000001",
        True,
        "种植业",
    )
    assert set(month.tables["customers"]["customer_id"]) == {"C1", "C2", "C3", "C9"}
    assert month.rejected == [0] * len(month.rejected)
    assert _told(month, "table.customer-same").count == 1
    assert "table.customer-odd" not in codes(month)


def test_a_contradiction_names_the_odd_file_and_the_fuller_one_stands(tmp_path: Path) -> None:
    other = [
        ["客户号", "客户名称", "客户类型", "机构号", "管户经理", "手机号"],
        ["C2", "客户C2", "对公", "801001", "M02", "13900000002"],
    ]
    month = _month(tmp_path, 另一份_20261031=other)
    second = _person(month, "C2")
    assert (second["customer_type"], second["manager_id"], second["phone"]) == ("person", "M01", "13900000002")
    told = _told(month, "table.customer-odd")
    assert (told.level, told.file, told.value, told.count) == ("warning", "另一份_20261031.xlsx", "C2", 1)
    assert "与《客户信息_20261031.xlsx》说的不同：客户类型（1 户）、管户经理（1 户）" in told.message
    assert month.rejected == [0] * len(month.rejected)
    assert "intake.duplicate-key" not in codes(month)


def test_what_most_files_say_stands_and_the_fullest_may_be_the_odd_one(tmp_path: Path) -> None:
    header = ["客户号", "客户名称", "客户类型", "机构号"]
    month = _month(
        tmp_path,
        甲_20261031=[header, ["C1", "客户C1", "个体", "801001"]],
        乙_20261031=[[*header, "行业"], ["C1", "客户C1", "个体", "801001", "零售业"]],
    )
    assert _person(month, "C1")["customer_type"] == "sole_trader"
    assert _told(month, "table.customer-odd").file == "客户信息_20261031.xlsx"


def test_two_files_as_full_that_contradict_are_asked_about(tmp_path: Path) -> None:
    other = [CUSTOMERS, customer("C1", holder="M02"), customer("C7"), customer("C8")]
    month = _month(tmp_path, 另一份_20261031=other)
    assert _told(month, "intake.duplicate-key").count == 2
    told = _told(month, "table.customer-torn")
    assert (told.level, told.file, told.value, told.count) == ("warning", "另一份_20261031.xlsx", "C1", 1)
    assert "与《客户信息_20261031.xlsx》一样全、算同一天，有 1 户（如 C1）说法不同：管户经理（1 户）" in told.message
    assert "各写明数据日期" in told.cure
    assert "C1" not in set(month.tables["customers"]["customer_id"])
    assert "table.customer-odd" not in codes(month)


def test_of_two_files_as_full_the_one_of_the_later_day_stands(tmp_path: Path) -> None:
    """What the question about two files of one day tells people to write."""
    dated = [
        [["数据日期", *rows[0]], *([day, *row] for row in rows[1:])]
        for day, rows in (
            (dt.date(2026, 10, 30), MAIN),
            (dt.date(2026, 10, 31), [CUSTOMERS, customer("C1", holder="M02"), customer("C2"), customer("C3")]),
        )
    ]
    files = {**_files(), "甲.xlsx": dated[0], "乙.xlsx": dated[1]}
    del files["客户信息_20261031.xlsx"]
    month = reckon(workspace(tmp_path, files), PERIOD)
    assert _person(month, "C1")["manager_id"] == "M02"
    assert not {"table.customer-torn", "intake.duplicate-key"}.intersection(codes(month))


def test_rows_that_contradict_within_one_file_stay_refused(tmp_path: Path) -> None:
    other = [[*CUSTOMERS, "手机号"], [*customer("C1", holder="M02"), "13900000001"], [*customer("C1"), "13900000002"]]
    month = _month(tmp_path, 另一份_20261031=other)
    assert _told(month, "intake.duplicate-key").count == 3


@pytest.mark.parametrize("header", ["协议编号", "产品代码"])
def test_a_list_of_agreements_is_no_customer_file(tmp_path: Path, header: str) -> None:
    listed = [
        ["客户号", "客户名称", "机构号", "客户类型", "手机号", "证件类型", "行业", header],
        ["C1", "甲某", "801001", "个人", "13900000001", "身份证", None, "X1"],
        ["C1", "甲某", "801001", "个人", "13900000001", "身份证", None, "X2"],
        ["P9", "潜在某", "801001", "个人", "13900000009", "身份证", None, "X3"],
    ]
    month = _month(tmp_path, 代发协议_20261031=listed)
    assert set(month.segmented.customers["customer_id"]) == {"C1", "C2", "C3"}
    assert _person(month, "C1")["name"] == "客户C1"
    assert "intake.duplicate-key" not in codes(month)
    assert _told(month, "table.customer-list").file == "代发协议_20261031.xlsx"


def test_a_credit_systems_customer_list_is_no_list_of_accounts(tmp_path: Path, cli: Callable[..., Ran]) -> None:
    """Read as 存款账户 it refused the one true account of C1."""
    credit = [
        CREDIT,
        ["K001", "C1", "客户C1", "个人", None, "801001", "上石桥村", "M02", "AC1", 99_999, 7_000, "正常", "20261031"],
        ["K002", "C2", "客户C2", "个人", None, "801001", "上石桥村", "M02", None, 0, 0, "正常", "20261031"],
    ]
    place = workspace(tmp_path, _files(信贷客户信息=credit))
    told = cli("check", place.root / "exports" / "信贷客户信息.xlsx", "--json").json
    (sheet,) = told["files"]
    assert (sheet["table"], sheet["accepted"], sheet["rejected"]) == ("customers", 2, 0)
    assert "intake.accounts-of-people" in {said["code"] for said in sheet["findings"]}
    assert "“存款账号”、“存款余额”" in str(sheet["findings"])
    record = cli("segment", "-w", place.root, "--period", PERIOD, "-o", tmp_path / "分类.xlsx", "--json").json
    assert record["customers"] == 3
    month = reckon(place, PERIOD)
    classes = month.segmented.customers.set_index("customer_id")
    assert classes["deposit_balance"].to_dict() == {"C1": 100_000_00, "C2": 200_000_00, "C3": 300_000_00}
    assert set(classes["scale"]) == {"medium"}
    assert (classes.loc["C1", "address"], classes.loc["C1", "manager_id"]) == ("上石桥村", "M01")
    assert _told(month, "table.customer-odd").file == "信贷客户信息.xlsx"


@pytest.mark.parametrize(
    "header",
    [
        ["账号", "客户号", "客户名称", "证件号码", "手机号", "地址", "余额"],
        ["客户号", "客户名称", "证件号码", "手机号", "地址", "账号", "余额", "存款种类", "利率"],
        ["客户号", "存款账号", "客户名称", "证件号码", "存款余额", "开户日期"],
    ],
)
def test_a_list_of_accounts_that_names_their_owners_stays_one(
    tmp_path: Path, header: list[str], cli: Callable[..., Ran]
) -> None:
    said = {"余额": 5, "存款余额": 5, "客户号": "C1", "账号": "AC1", "存款账号": "AC1"}
    path = write_xlsx(tmp_path / "存款_20261031.xlsx", [header, [said.get(name) for name in header]])
    (sheet,) = cli("check", path, "--json").json["files"]
    assert sheet["table"] == "accounts"
