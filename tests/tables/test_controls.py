"""Control totals: 对账 in the folder and the exports' own 合计 rows agree, or it is said by how much they do not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from conftest import Ran
from months import LOANS, customer, post, reckon, workspace

from kehujingli.month.summary import read_line

ACCOUNTS = [
    ["账号", "客户号", "机构号", "余额"],
    ["A1", "C1", "801001", 100.5],
    ["A2", "C2", "801002", 200],
    ["A3", "C3", "801002", "3O.00"],
]
FILES = {
    "客户信息.xlsx": [
        ["客户号", "客户名称", "客户类型", "机构号", "开户日期", "管户经理"],
        *(customer(f"C{n}") for n in (1, 2, 3)),
    ],
    "存款账户_20261031.xlsx": ACCOUNTS,
    "交易流水.xlsx": [
        ["交易日期", "客户号", "账号", "借贷标志", "交易金额", "账户余额", "业务类型", "流水号"],
        post(dt.date(2026, 9, 5), "C1", 5),
        post(dt.date(2026, 10, 5), "C1", 10),
        post(dt.date(2026, 10, 31), "C2", -20),
    ],
}


def month(root: Path, controls: Sequence[Sequence[Any]], name: str = "对账.xlsx", **files: Any) -> Any:
    found = reckon(workspace(root, {**FILES, name: controls, **files}), "2026-10")
    return found, [(c.label, c.column, c.claimed, c.read, c.branches) for c in found.tables.controls]


def test_what_agrees_is_said_in_the_second_line(tmp_path: Path) -> None:
    found, controls = month(tmp_path, [["表名", "行数", "合计"], ["客户信息", 3, None], ["存款余额", 2, 300.5]])
    assert [claimed == read for *_, claimed, read, _ in controls] == [True] * 3
    assert read_line(found).endswith("；与总账相符")
    assert "recon.mismatch" not in {told.code for told in found.findings}


def test_by_how_much_and_in_which_branch(tmp_path: Path) -> None:
    grid = [["表名", "机构号", "合计（元）"], ["存款账户", "801001", 100.5], ["存款账户", "801002", "3,260.00"]]
    found, controls = month(tmp_path, grid)
    assert controls == [("存款账户", "余额", 336_050, 30_050, ("801002",))]
    (told,) = [told for told in found.findings if told.code == "recon.mismatch"]
    assert told.message == "存款账户“余额”合计 300.50 元，总账 3,360.50 元，少 3,060.00 元（91.0579%）。差在 801002。"
    assert read_line(found).endswith("；与总账不符 1 处，存款账户少 3,060.00 元")


def test_refused_rows_that_make_up_the_difference_are_named(tmp_path: Path) -> None:
    found, _ = month(tmp_path, [["表名", "行数"], ["存款账户", 3]])
    (told,) = [told for told in found.findings if told.code == "recon.mismatch"]
    assert "少 1 行" in told.message
    assert "正是退回的行" in told.message


@pytest.mark.parametrize(
    ("line", "read"),
    [
        (["交易流水", "2026-10", None, 2, 30], [2, 3_000]),
        (["交易流水", "", None, 3, 35], [3, 3_500]),
        (["流水", "202610", "借方发生额", None, 20], [2_000]),
        (["交易流水.xlsx", "", None, 3, 35], [3, 3_500]),
    ],
)
def test_postings_by_month_by_side_and_by_file(tmp_path: Path, line: list[Any], read: list[int]) -> None:
    _, controls = month(tmp_path, [["表名", "期间", "列名", "笔数", "合计"], line])
    assert [figure for *_, figure, _ in controls] == read
    assert all(claimed == figure for *_, claimed, figure, _ in controls)


def test_a_line_of_another_month_is_left_to_that_month(tmp_path: Path) -> None:
    assert month(tmp_path, [["表名", "合计", "数据日期"], ["存款账户", 1, "2026-09-30"]])[1] == []
    assert month(tmp_path, [["表名", "合计"], ["存款账户", 1]], name="202609/对账.xlsx")[1] == []


def test_a_table_nobody_knows_is_told(tmp_path: Path) -> None:
    found, controls = month(tmp_path, [["表名", "合计"], ["理财", 1], ["存款账户", 300.5]])
    assert len(controls) == 1
    (told,) = [told for told in found.findings if told.code == "recon.unknown"]
    assert told.value == "理财"


def test_two_numbers_of_one_customer_are_two_rows_of_the_export(tmp_path: Path) -> None:
    grid = [["客户号", "客户名称", "证件号码"], *([f"C{n}", "张三", "11010519491231002X"] for n in (1, 2, 3))]
    found, controls = month(tmp_path, [["表名", "行数"], ["客户信息", 3]], **{"客户信息.xlsx": grid})
    assert controls == [("客户信息", "", 3, 3, ())]
    assert len(found.tables["customers"]) == 1


OWN = [*LOANS[:2], "贷款余额"]


@pytest.mark.parametrize(
    ("total", "code"),
    [(["合计", None, 30.1], 0), (["总 计：", None, "30.10"], 0), (["合计", None, 31.1], 1), (["合计", None, None], 0)],
)
def test_the_own_total_row_of_an_export(
    xlsx: Callable[..., Path], cli: Callable[..., Ran], total: list[Any], code: int
) -> None:
    ran = cli("check", "--json", xlsx("台账.xlsx", [OWN, ["L1", "C1", 10], ["L2", "C1", 20.1], total]))
    told = [told["message"] for told in ran.json["findings"] if told["code"] == "recon.mismatch"]
    assert len(told) == code
    assert not told or told[0].startswith(
        "《台账.xlsx》「Sheet1」C4：“贷款余额”逐行合计 30.10 元，表内合计 31.10 元，少 1.00 元"
    )


def test_a_total_under_each_part_is_the_part_s(xlsx: Callable[..., Path], cli: Callable[..., Ran]) -> None:
    rows = [OWN, ["L1", "C1", 10], ["合计", None, 10], ["L2", "C1", 20], ["合计", None, 20]]
    assert cli("check", "--json", xlsx("台账.xlsx", rows)).json["files"][0]["claims"] == {
        "balance": {"claimed": "20.00", "read": "20.00"}
    }


@pytest.mark.parametrize("total", [30, 37])
def test_refused_rows_may_or_may_not_be_in_the_total(
    xlsx: Callable[..., Path], cli: Callable[..., Ran], total: int
) -> None:
    """全县 is not known as a total and refused: the 合计 of the data is no mismatch, with or without it."""
    rows = [OWN, ["L1", "C1", 10], ["L2", "C1", 20], ["全县", None, 7], ["合计", None, total]]
    ran = cli("check", "--json", xlsx("台账.xlsx", rows))
    assert [told["code"] for told in ran.json["findings"]] == ["intake.id-missing"]
    assert ran.json["files"][0]["claims"] == {"balance": {"claimed": f"{total}.00", "read": f"{total}.00"}}


def test_check_shows_what_was_compared(xlsx: Callable[..., Path], cli: Callable[..., Ran]) -> None:
    book = xlsx("存款账户_20261031.xlsx", ACCOUNTS[:3])
    ran = cli("check", book, xlsx("对账.xlsx", [["表名", "合计"], ["存款账户", 300]]))
    assert ran.code == 1
    assert "多 0.50 元" in ran.out
    assert "recon.mismatch" in ran.err
