"""Is every figure read of a sheet in which one row holds several rows of its table, or is it said exactly what cannot be read?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from conftest import write_xlsx
from months import ACCOUNTS, CUSTOMERS, LONG_AGO, MANAGERS, TRANSACTIONS, customer, manager, monthly, reckon, workspace

from kehujingli.intake.read import SheetResult, read_file
from kehujingli.intake.sheets.finder import Finder

ITEMS = ["工号", "姓名", "存款年日均净增", "贷款户数净增", "中间业务收入"]
MONTHS = [f"{month}月" for month in range(1, 13)]


def _read(tmp_path: Path, *rows: Sequence[Any], forced: str | None = None) -> SheetResult:
    path = write_xlsx(tmp_path / "表.xlsx", rows)
    return next(iter(read_file(path, path.name, Finder(forced=forced))))


def _rows(result: SheetResult, *keys: str) -> list[tuple[Any, ...]]:
    assert result.accepted is not None, result.findings
    return [tuple(row.get(key) for key in keys) for row in result.accepted.table.to_pylist()]


def _codes(result: SheetResult) -> list[str]:
    return [told.code for told in result.findings]


def test_a_second_pair_in_a_row_is_a_claim_of_its_own(tmp_path: Path) -> None:
    result = _read(
        tmp_path,
        ["客户号", "条线", "工号", "业绩分配比例", "工号2", "业绩分配比例2", "生效日期"],
        ["C1", "存款", "M01", "60%", "M02", "40%", "2026-01-01"],
        ["C2", "存款", "M01", 0.5, None, None, "2026-01-01"],
    )
    assert _rows(result, "customer_id", "manager_id", "share", "row") == [
        ("C1", "M01", "0.6", 2),
        ("C1", "M02", "0.4", 2),
        ("C2", "M01", "0.5", 3),
    ]
    assert _codes(result) == ["intake.unfolded"]


def test_what_is_wrong_in_a_second_pair_is_told_at_its_own_cell(tmp_path: Path) -> None:
    result = _read(
        tmp_path,
        ["客户号", "条线", "工号", "业绩分配比例", "工号2", "业绩分配比例2"],
        ["C1", "存款", "M01", 0.6, "M02", "四成"],
    )
    assert result.accepted is not None
    assert result.accepted.rows == 2
    assert [row["cell"] for row in result.accepted.rejects.table.to_pylist()] == ["F2"]


def test_deposits_of_two_people_in_one_row_are_shared_as_it_says(tmp_path: Path) -> None:
    """C1 has 100,000, C2 200,000, both in M01's hands, and 40 % of C1 are M02's."""
    files: dict[str, Any] = {
        "客户信息.xlsx": [CUSTOMERS, customer("C1", holder="M01"), customer("C2", holder="M01")],
        "名册.xlsx": [MANAGERS, manager("M01"), manager("M02")],
        "流水.xlsx": [TRANSACTIONS, *monthly("C1", LONG_AGO.replace(year=2025, month=11), 12)],
        "账户.xlsx": [ACCOUNTS, ["A1", "C1", "活期", 100_000, 0, LONG_AGO, None, None]],
        "归属.xlsx": [
            ["客户号", "条线", "工号", "业绩分配比例", "工号2", "业绩分配比例2"],
            ["C1", "存款", "M01", "60%", "M02", "40%"],
        ],
    }
    shares = reckon(workspace(tmp_path, files), "2026-10").tables["attributions"]
    assert dict(zip(shares["manager_id"], shares["share"], strict=True)) == {"M01": "0.6", "M02": "0.4"}


def test_one_column_an_item_under_a_title_of_targets_is_one_target_a_cell(tmp_path: Path) -> None:
    result = _read(
        tmp_path,
        ["2026年度任务分解表（单位：万元、户）"],
        ITEMS,
        ["M01", "赵一", 10, 5, 1],
        ["M02", "钱二", 20, None, 1.5],
    )
    assert result.table == "targets"
    assert _rows(result, "manager_id", "item", "target", "unit", "period") == [
        ("M01", "存款年日均净增", "10", "万元", "2026"),
        ("M01", "贷款户数净增", "5", "万元", "2026"),
        ("M01", "中间业务收入", "1", "万元", "2026"),
        ("M02", "存款年日均净增", "20", "万元", "2026"),
        ("M02", "中间业务收入", "1.5", "万元", "2026"),
    ]


def test_a_person_may_say_that_they_are_targets(tmp_path: Path) -> None:
    result = _read(tmp_path, ["工号", "拓户数"], ["M01", 12], forced="targets")
    assert _rows(result, "manager_id", "item", "target") == [("M01", "拓户数", "12")]


def test_the_months_of_a_year_are_one_target_each(tmp_path: Path) -> None:
    result = _read(tmp_path, ["2026年分月任务"], ["工号", "指标", *MONTHS], ["M01", "存款年日均净增", *range(1, 13)])
    found = _rows(result, "manager_id", "item", "target", "period")
    assert found[0] == ("M01", "存款年日均净增", "1", "2026-01")
    assert found[9] == ("M01", "存款年日均净增", "10", "2026-10")
    assert len(found) == 12


def test_months_that_say_their_year_need_no_title(tmp_path: Path) -> None:
    result = _read(tmp_path, ["工号", "指标", "2026年9月(万元)", "2026年10月(万元)"], ["M01", "存款年日均净增", 3, 4])
    assert _rows(result, "target", "period", "unit") == [("3", "2026-09", "万元"), ("4", "2026-10", "万元")]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([ITEMS, ["M01", "赵一", 10, 5, 1]], "没有写是任务数、实绩还是基数"),
        ([["工号", "指标", *MONTHS], ["M01", "存款年日均净增", *range(12)]], "没有写是哪一年"),
        (
            [
                ["工号", "姓名", "存款年日均净增", None, "贷款户数净增", None],
                [None, None, "任务", "基数", "任务", "基数"],
                ["M01", "赵一", 10, 5, 1, 2],
            ],
            "每项下面又分任务、基数，请拆成几张表",
        ),
        (
            [["任务"], ["工号", "存款年日均净增(万元)", "中间业务收入(元)"], ["M01", 10, 5]],
            "各列的金额单位不一样",
        ),
    ],
)
def test_what_cannot_be_read_is_said_exactly(tmp_path: Path, rows: list[list[Any]], said: str) -> None:
    result = _read(tmp_path, *rows)
    (told,) = result.findings
    assert told.code == "intake.wide"
    assert said in told.message
    assert "1 行未读" in told.message or "2 行未读" in told.message


def test_a_second_amount_in_a_row_of_another_table_is_told(tmp_path: Path) -> None:
    result = _read(
        tmp_path, ["日期", "客户号", "产品", "金额", "金额2", "工号"], ["2026-10-01", "C1", "保险", 10, 20, "M01"]
    )
    assert "intake.numbered" in _codes(result)


def test_typed_figures_that_name_their_period_are_no_targets(tmp_path: Path) -> None:
    result = _read(tmp_path, ["任务完成情况"], ["工号", "考核期间", "中间业务收入"], ["M01", "2026-10", 80])
    assert result.table == "actuals"
