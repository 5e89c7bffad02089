"""Where a target comes from: the whole one, how much of it is due by now, the rows that count and no others, the rule that stands in for one."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from conftest import run_here
from months import CUSTOMERS, MANAGERS, TRANSACTIONS, customer, manager, post, workspace

FEES = ["日期", "客户号", "产品", "金额", "工号"]
TARGETS = ["工号", "指标", "任务数", "期间"]
OCTOBER = dt.date(2026, 10, 12)


def _lines(root: Path, rows: list[list[Any]], item: str = "中间业务收入", rules: dict[str, str] | None = None) -> str:
    place = workspace(
        root,
        {
            "客户信息.xlsx": [CUSTOMERS, customer("C1", holder="M1")],
            "名册.xlsx": [MANAGERS, manager("M1")],
            "流水.xlsx": [TRANSACTIONS, post(OCTOBER, "C1", 100, number="T1"), post(OCTOBER.replace(day=31), "C1", 1)],
            "中间业务收入.xlsx": [FEES, [OCTOBER, "C1", "短信费", 20, "M1"]],
            "任务数.xlsx": [TARGETS, *rows],
            "走访记录.xlsx": [["日期", "客户号", "工号", "方式"], [OCTOBER, "C1", "M1", "上门"]],
        },
        rules,
    )
    assert run_here("run", "-w", place.root).code in (0, 1)
    done = run_here("explain", "manager", "M1", item, "-w", place.root)
    assert done.code == 0, done.err
    return done.out


YEAR = ["M1", "中间业务收入", 25, "2026"]


def test_a_prorated_target_is_derived_from_the_row_that_counts(tmp_path: Path) -> None:
    said = _lines(tmp_path, [["M1", "中间业务收入", 31, "2025"], YEAR])
    assert "任务 22.50万 = 全年任务数 25.00万 × 90%（到 2026-10 的进度）" in said
    assert "任务数 2026 25，《任务数.xlsx》「Sheet1」第 3 行" in said
    assert "第 2 行" not in said.partition("实绩")[0], "last year's row does not count"


def test_the_month_s_own_target_stands_before_the_year_s(tmp_path: Path) -> None:
    said = _lines(tmp_path, [YEAR, ["M1", "中间业务收入", 3, "2026-10"]])
    assert "任务 3.00万：本月任务数" in said
    assert "第 3 行" in said
    assert "第 2 行" not in said.partition("实绩")[0]


def test_a_target_by_months_is_told_as_twelfths(tmp_path: Path) -> None:
    said = _lines(tmp_path, [YEAR], rules={'proration = "curve"': 'proration = "target"'})
    assert "任务 20.83万 = 全年任务数 25.00万 × 5/6（到 2026-10 的进度）" in said


def test_a_target_that_the_rules_fix_is_no_row_s(tmp_path: Path) -> None:
    said = _lines(
        tmp_path, [["M1", "走访计划完成率", 0.5, "2026"], ["M1", "走访计划户数", 4, "2026-10"]], "走访计划完成率"
    )
    assert "任务数表里的不用" in said
    assert "《任务数.xlsx》「Sheet1」第 2 行" not in said


@pytest.mark.parametrize(
    ("rules", "decided"),
    [
        ({}, '总则 missing_target = "withhold"'),
        ({'id = "fees"\n': 'id = "fees"\nmissing_target = "zero"\n'}, '本项 missing_target = "zero"'),
    ],
)
def test_the_rule_that_stands_in_for_a_missing_target_is_named(
    tmp_path: Path, rules: dict[str, str], decided: str
) -> None:
    assert f"没有任务数，怎么办由办法定：{decided}" in _lines(
        tmp_path, [["M1", "中间业务收入", 31, "2025"]], rules=rules
    )


def test_rows_that_contradict_each_other_are_both_named(tmp_path: Path) -> None:
    said = _lines(tmp_path, [YEAR, ["M1", "中间业务收入", 26, "2026"]])
    assert "任务数没有采用" in said
    assert "第 2 行" in said
    assert "第 3 行" in said
