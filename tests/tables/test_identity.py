"""One person or firm under several numbers is one customer: by a valid id number or a ruling, never by name."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from months import LONG_AGO, post, reckon, workspace

from kehujingli.intake.cells.idnumbers import is_credit_code, organisation_code, valid_number, wrong_check_digits

ZHANG, ZHANG_OLD = "11010519491231002X", "110105491231002"
"""The example of GB 11643-1999, and the same person's number before 1999."""
FIRM = "91350100M000100Y43"
"""The example of GB 32100-2015."""
HEADER = ["客户号", "客户名称", "客户类型", "机构号", "开户日期", "证件号码", "管户经理"]


def person(number: str, id_number: str | None, opened: dt.date = LONG_AGO, **more: Any) -> list[Any]:
    return [
        number,
        more.get("name", "张三"),
        more.get("kind", "个人"),
        more.get("branch", "801001"),
        opened,
        id_number,
        more.get("holder"),
    ]


def rows(*people: list[Any]) -> list[list[Any]]:
    return [HEADER, *people]


POSTINGS = [
    ["交易日期", "客户号", "账号", "借贷标志", "交易金额", "账户余额", "业务类型", "流水号"],
    post(dt.date(2026, 10, 5), "C1", 1000),
    post(dt.date(2026, 10, 6), "C2", 200),
    post(dt.date(2026, 10, 7), "C3", 30),
    post(dt.date(2026, 10, 31), "C9", 5),
]


def month(root: Path, *people: list[Any], **files: Any) -> Any:
    others = person("C3", None), person("C9", None)
    return reckon(workspace(root, {"客户信息.xlsx": rows(*people, *others), "流水.xlsx": POSTINGS, **files}), "2026-10")


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        (ZHANG, ZHANG),
        (ZHANG.lower(), ZHANG),
        (ZHANG_OLD, ZHANG),
        (FIRM, FIRM),
        ("440524188001010014", "440524188001010014"),
        ("110105194912310021", None),
        ("110105194902310028", None),
        ("91350100M000100Y44", None),
        ("123456789012345", None),
        ("C1", None),
        ("", None),
    ],
)
def test_only_numbers_whose_check_holds_are_valid(text: str, valid: str | None) -> None:
    assert valid_number(text) == valid


def test_fifteen_digits_of_a_firm_are_no_person() -> None:
    assert valid_number(ZHANG_OLD, person=False) is None


def test_wrong_check_digits_are_found_and_credit_codes_are_none_of_them() -> None:
    numbers = pa.array([ZHANG, "110105194912310021", None, "110105194902310028", "C1", FIRM])
    assert wrong_check_digits(numbers).tolist() == [1, 3]
    assert is_credit_code(FIRM)


def test_one_person_under_two_numbers_is_one_customer_in_every_measure(tmp_path: Path) -> None:
    found = month(
        tmp_path,
        person("C2", ZHANG_OLD, dt.date(2020, 1, 1), branch="801002", holder="M1"),
        person("C1", ZHANG, LONG_AGO),
    )
    people = found.measured.customers.set_index("customer_id")
    assert people.loc["C1", "transactions"] == 2
    assert people.loc["C1", "turnover"] == 120_000
    assert "C2" not in people.index
    assert found.tables["customers"].set_index("customer_id").loc["C1", ["branch_id", "manager_id"]].tolist() == [
        "801001",
        "M1",
    ]
    told = {told.code: told for told in found.findings}
    assert (told["customer.merged"].count, told["customer.merged"].level) == (1, "note")
    assert told["customer.merged"].spots[0].cell == "C2"


def test_accounts_loans_and_products_follow(tmp_path: Path) -> None:
    found = month(
        tmp_path,
        person("C1", FIRM, kind="对公"),
        person("C2", FIRM, dt.date(2020, 1, 1), kind="对公"),
        **{
            "账户_20261031.xlsx": [["账号", "客户号", "余额"], ["AC1", "C1", 100], ["AC2", "C2", 50]],
            "贷款_20261031.xlsx": [["借据编号", "客户号", "贷款余额"], ["L1", "C2", 70]],
            "签约_20261031.xlsx": [["客户号", "产品", "签约日期"], ["C2", "手机银行", "2020-01-01"]],
        },
    )
    people = found.segmented.customers.set_index("customer_id")
    assert people.loc["C1", ["deposit_balance", "loan_balance"]].tolist() == [15_000, 7_000]
    assert found.tables["holdings"]["customer_id"].tolist() == ["C1"]


@pytest.mark.parametrize("number", ["", "110105194912310021", "无"])
def test_names_and_invalid_numbers_never_merge(tmp_path: Path, number: str) -> None:
    found = month(tmp_path, person("C1", number), person("C2", number))
    assert found.tables.merges.into == {}
    assert len(found.measured.customers) == 4


def test_two_names_on_one_number_are_merged_and_asked_about(tmp_path: Path) -> None:
    found = month(tmp_path, person("C1", ZHANG), person("C2", ZHANG, dt.date(2020, 1, 1), name="李四"))
    assert found.tables.merges.into == {"C2": "C1"}
    assert "customer.merged-names" in {told.code for told in found.findings}


def test_a_ruling_keeps_apart_and_puts_together(tmp_path: Path) -> None:
    ruled = {
        "同一客户认定.xlsx": [
            ["客户号", "主客户号", "事由"],
            ["C2", "不合并", "同名同号系录错"],
            ["C3", "C9", "本人申明"],
            ["C8", "C1", ""],
        ]
    }
    found = month(tmp_path, person("C1", ZHANG), person("C2", ZHANG, dt.date(2020, 1, 1)), **ruled)
    assert found.tables.merges.into == {"C3": "C9"}
    told = {told.code: told for told in found.findings}
    assert told["customer.ruling-unknown"].value == "C8"


def test_an_own_transfer_between_two_numbers_of_one_person_is_no_activity(tmp_path: Path) -> None:
    header = ["交易日期", "账号", "借贷标志", "交易金额", "对方账号"]
    files = {
        "流水.xlsx": [header, ["2026-10-05", "AC1", "借", 10, "AC2"], ["2026-10-31", "AC9", "贷", 1, None]],
        "账户_20261031.xlsx": [["账号", "客户号", "余额"], ["AC1", "C1", 100], ["AC2", "C2", 50], ["AC9", "C9", 1]],
    }
    people = rows(person("C1", ZHANG), person("C2", ZHANG), person("C9", None))
    found = reckon(workspace(tmp_path, {"客户信息.xlsx": people, **files}), "2026-10")
    assert found.measured.customers.set_index("customer_id").loc["C1", "transactions"] == 0


def test_what_was_ruled_of_both_numbers_counts_once(tmp_path: Path) -> None:
    files = {
        "归属.xlsx": [["客户号", "条线", "工号", "业绩分配比例"], ["C1", "存款", "M1", "1"], ["C2", "存款", "M2", "1"]],
        "基数.xlsx": [
            ["客户号", "指标", "基数", "年度"],
            ["C1", "存款年日均净增", "100", "2026"],
            ["C2", "存款年日均净增", "50.5", "2026"],
        ],
    }
    found = month(tmp_path, person("C1", ZHANG), person("C2", ZHANG, dt.date(2020, 1, 1)), **files)
    assert found.tables["attributions"][["customer_id", "manager_id"]].to_numpy().tolist() == [["C1", "M1"]]
    assert found.tables["baselines"][["customer_id", "baseline"]].to_numpy().tolist() == [["C1", "150.5"]]


@pytest.mark.parametrize("number", ["123456788", "12345678-8"])
def test_an_organisation_code_is_the_firm_whose_credit_code_holds_it(tmp_path: Path, number: str) -> None:
    tables = month(
        tmp_path,
        person("C1", "91330102123456788D", kind="对公", name="甲公司"),
        person("C2", number, kind="对公", name="甲公司", opened=dt.date(2018, 1, 1)),
    ).tables
    assert dict(tables.merges.into) == {"C2": "C1"}


def test_an_organisation_code_with_a_wrong_check_character_merges_nothing(tmp_path: Path) -> None:
    people = person("C1", "91330102123456788D", kind="对公"), person("C2", "123456789", kind="对公")
    assert not month(tmp_path, *people).tables.merges.into


def test_the_standards_own_example_of_an_organisation_code_is_valid() -> None:
    assert organisation_code("D2143569-X") == "D2143569X"
    assert organisation_code("D2143569-1") is None
