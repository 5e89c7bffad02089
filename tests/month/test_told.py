"""What does a month say of its exports, its rules and its people? Each told where it stands, with what is done about it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from conftest import run_here
from months import (
    ACCOUNTS,
    CUSTOMERS,
    LOANS,
    LONG_AGO,
    MANAGERS,
    TRANSACTIONS,
    customer,
    manager,
    post,
    reckon,
    workspace,
)

from kehujingli.errors import Finding, Problem
from kehujingli.month import Month

LAST = dt.date(2026, 10, 31)


def _files(**more: Any) -> dict[str, Any]:
    """A customer of M1 with an account and a posting; tables put otherwise by their names."""
    files = {
        "客户信息_20261031": [CUSTOMERS, customer("C1", holder="M1")],
        "存款账户_20261031": [ACCOUNTS, ["AC1", "C1", "活期", 100, 0, LONG_AGO, None, None]],
        "名册": [MANAGERS, manager("M1")],
        "流水": [TRANSACTIONS, post(LAST, "C1", 1)],
    }
    return {f"{name}.xlsx": grid for name, grid in (files | more).items() if grid}


def _told(tmp_path: Path, code: str, files: Mapping[str, Any], rules: Mapping[str, str] | None = None) -> Finding:
    """The one finding of this code once everything of the month was asked."""
    month = reckon(workspace(tmp_path, files, rules), "2026-10")
    _ = month.segmented, month.plan, month.scores
    (told,) = [told for told in _all(month) if told.code == code]
    return told


def _all(month: Month) -> dict[Finding, None]:
    return dict.fromkeys([*month.findings, *month.actuals.findings, *month.scores.findings])


@pytest.mark.parametrize(
    ("code", "said", "more"),
    [
        pytest.param(
            "table.owner-differs",
            "1 行流水的客户号与账户表里该账号的客户号不同，按账户表算",
            {
                "客户信息_20261031": [CUSTOMERS, customer("C1", holder="M1"), customer("C2", holder="M1")],
                "流水": [TRANSACTIONS, post(LAST, "C1", 1), [LAST, "C2", "AC1", "贷", 5, None, "转账", None]],
            },
            id="a posting to another's account",
        ),
        pytest.param(
            "table.future",
            "交易流水有 1 行在 2026-10-31 之后，本期不算",
            {"流水": [TRANSACTIONS, post(LAST, "C1", 1), post(dt.date(2026, 11, 1), "C1", 1)]},
            id="a posting of the next month",
        ),
        pytest.param(
            "intake.repeated-transaction",
            "有 1 行是同一流水号重复导出，只计一次",
            {
                "流水": [TRANSACTIONS, post(LAST, "C1", 1, number="N1")],
                "流水2": [TRANSACTIONS, post(LAST, "C1", 1, number="N1"), post(LAST, "C1", 2, number="N2")],
            },
            id="a posting in two files",
        ),
        pytest.param(
            "segment.type-unknown",
            "1 户没有客户类型，按个人定档",
            {"客户信息_20261031": [CUSTOMERS, customer("C1", kind="", holder="M1")]},
            id="a customer of no type",
        ),
        pytest.param("segment.group-unknown", "1 户识别不出客群", {}, id="a person of no occupation"),
        pytest.param(
            "assign.capacity-unknown",
            "名册没有管户上限，1 人按不限户数分配",
            {"名册": [MANAGERS, manager("M1", capacity=None)]},
            id="a manager without a limit",
        ),
        pytest.param(
            "score.duty-unknown",
            "1 人没有任职日期和在岗天数，按全期在岗算",
            {"名册": [MANAGERS, manager("M1", since=None)]},
            id="a manager of no first day",
        ),
        pytest.param(
            "score.outside-roster",
            "揽存人不在名册里（X9），归网点公共，合计 100.00 元",
            {"存款账户_20261031": [ACCOUNTS, ["AC1", "C1", "活期", 100, 0, LONG_AGO, None, "X9"]]},
            id="an account held by somebody outside",
        ),
        pytest.param(
            "score.trial-plan",
            "导出里没有管户经理，也没有已批的方案，本期按方案试算",
            {
                "客户信息_20261031": [CUSTOMERS, customer("C1")],
                "存款账户_20261031": [ACCOUNTS, ["AC1", "C1", "活期", 600_000, 0, LONG_AGO, None, None]],
            },
            id="nobody holds anybody",
        ),
    ],
)
def test_it_is_told_once(tmp_path: Path, code: str, said: str, more: dict[str, Any]) -> None:
    assert said in _told(tmp_path, code, _files(**more)).message


def test_columns_that_no_file_of_a_table_has_are_told_together(tmp_path: Path) -> None:
    month = reckon(workspace(tmp_path, _files()), "2026-10")
    _ = month.segmented
    absent = [told for told in _all(month) if told.code == "table.columns-absent"]
    tables = [told.message.partition("没有这些列：")[0] for told in absent]
    assert len(tables) == len(set(tables)) > 0, "once a table"
    assert any("存款账户" in table for table in tables)


def test_a_branch_that_the_list_of_branches_lacks_is_told(tmp_path: Path) -> None:
    branches = [["机构号", "机构名称"], ["801001", "东关支行"]]
    people = [CUSTOMERS, customer("C1", holder="M1"), customer("C2", holder="M1", branch="西关")]
    told = _told(tmp_path, "intake.name-unknown", _files(机构=branches, 客户信息_20261031=people))
    assert "客户信息的机构号“西关”在《机构》里没有，共 1 处" in told.message
    assert told.cell == "D3"


def test_a_loan_beyond_everybody_s_authority_is_nobody_s(tmp_path: Path) -> None:
    files = _files(
        客户信息_20261031=[CUSTOMERS, customer("C1")],
        名册=[[*MANAGERS, "授信权限"], [*manager("M1"), 100_000]],
        贷款_20261031=[LOANS, ["L1", "C1", LONG_AGO, dt.date(2027, 1, 1), 200_000, "正常", 0, None, None]],
    )
    assert "1 户贷款超过所有在岗客户经理的授信权限，未配" in _told(tmp_path, "assign.no-authority", files).message


def test_figures_typed_in_without_an_approver_are_told_and_stand_beside_the_programs(tmp_path: Path) -> None:
    files = _files(人工填报=[["工号", "考核期间", "存款年日均净增", "来源"], ["M1", "2026-10", 5, "信贷系统"]])
    assert "1 人的人工填报没有审批人（M1" in _told(tmp_path / "a", "score.actual-unapproved", files).message
    told = _told(tmp_path / "b", "score.actual-overridden", files)
    assert told.message == "“存款年日均净增”有 1 人用的是人工填报数，与程序算的并列在“人工填报”。"


def test_a_target_below_nothing_is_told(tmp_path: Path) -> None:
    aims = [["工号", "指标", "任务数", "期间"], ["M1", "存款年日均净增", -5, "2026"]]
    assert "“存款年日均净增”是 -" in _told(tmp_path, "score.target-negative", _files(任务数=aims)).message


@pytest.mark.parametrize(
    ("code", "files"),
    [
        pytest.param("table.missing", {"流水.xlsx": None}, id="no postings"),
        pytest.param(
            "period.none",
            {
                "客户信息_20261031.xlsx": None,
                "存款账户_20261031.xlsx": None,
                "客户信息.xlsx": [CUSTOMERS, customer("C1")],
                "流水.xlsx": [TRANSACTIONS, post(dt.date(2026, 10, 5), "C1", 1)],
            },
            id="no month is whole",
        ),
        pytest.param(
            "table.no-rows", {"客户信息_20261031.xlsx": [CUSTOMERS, [None, "甲", "个人"]]}, id="all were refused"
        ),
        pytest.param(
            "segment.no-accounts",
            {
                "存款账户_20261031.xlsx": None,
                "流水.xlsx": [["交易日期", "账号", "借贷标志", "交易金额"], [LAST, "AC1", "贷", 1]],
            },
            id="nobody knows whose accounts they are",
        ),
    ],
)
def test_without_it_there_are_no_classes(tmp_path: Path, code: str, files: dict[str, Any]) -> None:
    given = {name: grid for name, grid in (_files() | files).items() if grid}
    with pytest.raises(Problem) as stopped:
        _ = reckon(workspace(tmp_path, given)).segmented
    assert [told.code for told in stopped.value.findings] == [code]


def test_a_command_needs_its_section_of_the_rules(tmp_path: Path) -> None:
    place = workspace(tmp_path, _files())
    (path,) = place.rules.glob("*.toml")
    path.write_text(path.read_text(encoding="utf-8").partition("[incentive]")[0], encoding="utf-8")
    ran = run_here("score", "-w", place.root)
    assert ran.code == 3
    assert "rules.section-missing" in ran.err
    assert "没有 [incentive]" in ran.err


@pytest.mark.parametrize("command", [("query", "select 1"), ("owed",), ("diff",), ("diff", "--runs", "1", "2")])
def test_before_the_first_run_there_is_nothing_to_ask(tmp_path: Path, command: tuple[str, ...]) -> None:
    place = workspace(tmp_path, {})
    place.exports.mkdir()
    ran = run_here(*command, "-w", place.root)
    assert ran.code == 4
    assert "period.none-run" in ran.err
