"""Does the leader find what he must decide, and does only what he agreed to count?"""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from conftest import run_here
from months import ACCOUNTS, CUSTOMERS, LOANS, LONG_AGO, MANAGERS, TRANSACTIONS, customer, manager, post, workspace

from kehujingli.commands.commit import read_plan
from kehujingli.errors import Problem
from kehujingli.month import Request
from kehujingli.month.outputs import PLAN
from kehujingli.month.run import Options, run

END = dt.date(2026, 10, 31)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """M1 left on 20 October with two borrowers; M2 takes over; a third customer is beyond everybody's room in another branch."""
    leaver, heir = manager("M1", until=dt.date(2026, 10, 20)), manager("M2")
    files = {
        "客户信息_20261031.xlsx": [
            CUSTOMERS,
            customer("C1", holder="M1"),
            customer("C2", holder="M1"),
            customer("C3", branch="801002"),
        ],
        "存款账户_20261031.xlsx": [
            ACCOUNTS,
            ["AC1", "C1", "活期", 600_000, 0, LONG_AGO, None, None],
            ["AC2", "C2", "活期", 80_000, 0, LONG_AGO, None, None],
            ["AC3", "C3", "活期", 700_000, 0, LONG_AGO, None, None],
        ],
        "贷款台账_20261031.xlsx": [
            LOANS,
            ["L1", "C1", LONG_AGO, dt.date(2026, 12, 15), 90_000, "正常", 0, "M1", "M1"],
            ["L2", "C2", LONG_AGO, dt.date(2028, 1, 1), 40_000, "关注", 0, "M1", "M1"],
        ],
        "名册_20261031.xlsx": [
            [*MANAGERS, "授信权限(万元)"],
            [*leaver, 5],
            [*heir, 50],
            [*manager("M3", capacity=1, branch="801002"), 50],
        ],
        "流水.xlsx": [
            TRANSACTIONS,
            *(post(END, who, 1, balance) for who, balance in (("C1", 600_000), ("C2", 80_000), ("C3", 700_000))),
        ],
    }
    place = workspace(tmp_path_factory.mktemp("placements") / "county", files)
    return run(place, Request(workspace=place), Options()).folder / PLAN


@pytest.fixture
def book(written: Path, tmp_path: Path) -> Path:
    """The county with its plan, to be filled in."""
    root = written.parents[2]
    shutil.copytree(root, tmp_path / "county")
    return tmp_path / "county" / written.relative_to(root)


def _cells(path: Path, sheet: str) -> list[list[Any]]:
    return [list(row) for row in openpyxl.load_workbook(path)[sheet].iter_rows(values_only=True)]


def test_moves_stand_in_the_approval_with_from_and_to(book: Path) -> None:
    rows = _cells(book, "变动审批")
    moves = {row[0]: row for row in rows[4:]}
    assert set(moves) == {"C1", "C2"}
    assert moves["C1"][4:6] == ["M1 经理M1", "M2 经理M2"]
    assert rows[3][8:10] == ["同意", "意见"]
    assert moves["C1"][8:10] == [None, None]


def test_a_leavers_accounts_and_loans_are_handed_over_pair_by_pair(book: Path) -> None:
    rows = _cells(book, "移交")
    assert "移交人 M1 经理M1 → 接收人 M2 经理M2：客户 2 户，贷款余额 13.00 万元" in {row[0] for row in rows}
    things = {row[2]: row for row in rows if row[2]}
    assert {"AC1", "L1", "AC2", "L2"} <= set(things)
    assert "90天内到期，已逾期另注" in {row[6] for row in rows}
    assert things["L1"][6] == "是", "due within 90 days"
    assert things["L2"][4] == "关注"
    assert things["L2"][6] is None


def test_the_handover_is_the_one_that_the_command_lists(book: Path) -> None:
    listed = run_here("handover", "-w", book.parents[2], "--dry-run", "--json", "--unmask").json["list"]
    header = _cells(book, "移交")[4]
    at = {name: number for number, name in enumerate(header)}
    sheet = {row[2]: row for row in _cells(book, "移交")[5:] if row[2]}
    assert {row["entity"] for row in listed} == set(sheet) == {"AC1", "AC2", "L1", "L2"}
    for row in listed:
        assert f"{sheet[row['entity']][at['余额']]:.2f}" == row["balance"]


@pytest.mark.parametrize(("study", "sheet"), [("authority", "授权核对"), ("headcount", "编制测算")])
def test_a_study_of_the_plan_stands_there_with_the_same_figures(book: Path, study: str, sheet: str) -> None:
    """授权核对: M1 may lend 5 万元 and has lent 9. 编制测算: two branches without 岗位."""
    from kehujingli.studies import declared

    told = run_here(study, "-w", book.parents[2], "--json").json
    columns = declared(study).lists[0].columns
    rows = _cells(book, sheet)
    assert rows[3] == [column.header for column in columns]
    found = [row for row in rows[4:] if row[0] is not None]
    assert len(found) == len(told[study]) == {"authority": 1, "headcount": 2}[study]
    for row, expected in zip(found, told[study], strict=True):
        for value, column in zip(row, columns, strict=True):
            if column.kind in ("yuan", "count", "points") and value is not None:
                assert float(value) == pytest.approx(float(expected[column.key]), abs=0.005), column.key


def test_who_has_nobody_is_told_what_would_help(book: Path) -> None:
    row = _cells(book, "未分配")[4]
    assert row[2] == "C3"
    assert "容量" in row[7]
    assert "上限提到" in row[8]
    assert row[9] == "加 1 人（上限 1 折算户）也配不上", "C3 weighs 5, and a colleague of M3 has M3's limit"


def test_loads_before_and_after(book: Path) -> None:
    loads = {row[2]: row for row in _cells(book, "负荷")[4:] if row[2]}
    assert loads["M1"][8] > 0
    assert loads["M1"][9] == 0
    assert loads["M2"][8] == 0
    assert loads["M2"][9] == loads["M1"][8]
    assert (loads["M1"][18], loads["M2"][19]) == (2, 2)


def test_leavers_have_no_room_and_no_load_rate(book: Path) -> None:
    """M2 takes 5 + 2 of her 200; what M1 could have had before he left counts in no sum and no least rate."""
    header, total = _cells(book, "负荷")[3], _cells(book, "负荷")[2]
    at = {name: number for number, name in enumerate(header)}
    loads = {row[2]: row for row in _cells(book, "负荷")[4:] if row[2]}
    assert loads["M1"][at["负荷率"]] is None
    assert total[at["管户上限"]] == 201
    assert total[at["负荷率"]] == pytest.approx(loads["M2"][at["调整后折算户"]] / 201)
    cover = _cells(book, "首页")
    columns = {name: number for number, name in enumerate(cover[3])}
    branch = next(row for row in cover[4:] if row[0] == "801001")
    assert branch[columns["最低负荷率"]] == branch[columns["最高负荷率"]] > 0


def test_only_what_was_agreed_counts(book: Path) -> None:
    whole = openpyxl.load_workbook(book)
    sheet = whole["变动审批"]
    row = next(cell.row for cell in sheet["A"] if cell.value == "C1")
    sheet.cell(row, 9).value = "是"
    whole.save(book)
    plan = read_plan(book)
    kept = {approval.customer_id: approval.manager_id for approval in plan.approvals}
    assert (kept["C1"], kept["C2"]) == ("M2", "M1")
    assert plan.refused == 1
    assert plan.effective == dt.date(2026, 11, 1)


def _filled(book: Path, answers: dict[tuple[str, str], str]) -> None:
    """(sheet, who) → what is written under 同意 in the row of who."""
    whole = openpyxl.load_workbook(book)
    for (name, who), word in answers.items():
        sheet = whole[name]
        header = next(row for row in sheet.iter_rows() if "同意" in [cell.value for cell in row])
        column = next(cell.column for cell in header if cell.value == "同意")
        sheet.cell(next(cell.row for cell in sheet["A"] if cell.value == who), column).value = word
    whole.save(book)


def test_agreeing_at_once_has_a_row_for_all_and_one_a_receiver(book: Path) -> None:
    rows = _cells(book, "一并同意")
    assert rows[3] == ["工号", "姓名", "客户数", "贷款户", "业务规模", "贷款余额", "同意", "意见"]
    assert [row[:4] for row in rows[4:6]] == [["全部同意", None, 2, 2], ["M2", "经理M2", 2, 2]]
    assert [row[5:8] for row in rows[4:6]] == [[130_000, None, None]] * 2
    assert rows[4][4] == rows[5][4] == sum(row[2] for row in _cells(book, "变动审批")[4:])


@pytest.mark.parametrize(
    ("answers", "holders", "refused", "pending"),
    [
        ({}, ("M1", "M1"), 2, 2),
        ({("一并同意", "全部同意"): "是"}, ("M2", "M2"), 0, 0),
        ({("一并同意", "M2"): "是"}, ("M2", "M2"), 0, 0),
        ({("一并同意", "全部同意"): "是", ("变动审批", "C1"): "否"}, ("M1", "M2"), 1, 0),
        ({("一并同意", "M2"): "是", ("变动审批", "C2"): "不同意"}, ("M2", "M1"), 1, 0),
        ({("一并同意", "全部同意"): "是", ("一并同意", "M2"): "否"}, ("M1", "M1"), 2, 0),
        ({("一并同意", "全部同意"): "否", ("变动审批", "C1"): "是"}, ("M2", "M1"), 1, 0),
        ({("变动审批", "C1"): "否"}, ("M1", "M1"), 2, 1),
    ],
)
def test_the_nearest_word_decides_and_blank_is_pending(
    book: Path, answers: dict[tuple[str, str], str], holders: tuple[str, str], refused: int, pending: int
) -> None:
    _filled(book, answers)
    plan = read_plan(book)
    kept = {approval.customer_id: approval.manager_id for approval in plan.approvals}
    assert (kept["C1"], kept["C2"]) == holders
    assert (plan.refused, plan.pending) == (refused, pending)


def test_whose_row_was_taken_out_is_not_agreed_to_with_all(book: Path) -> None:
    _filled(book, {("一并同意", "全部同意"): "是"})
    whole = openpyxl.load_workbook(book)
    sheet = whole["变动审批"]
    sheet.delete_rows(next(cell.row for cell in sheet["A"] if cell.value == "C1"))
    whole.save(book)
    kept = {approval.customer_id: approval.manager_id for approval in read_plan(book).approvals}
    assert (kept["C1"], kept["C2"]) == ("M1", "M2")


def test_a_word_that_is_neither_yes_nor_no_is_refused(book: Path) -> None:
    _filled(book, {("变动审批", "C1"): "再议"})
    with pytest.raises(Problem, match="“再议”看不懂（写“是”或“否”）") as stopped:
        read_plan(book)
    assert [told.code for told in stopped.value.findings] == ["assign.commit-unknown"]


def test_an_approval_of_nobody_on_the_list_is_refused_with_its_row(book: Path) -> None:
    whole = openpyxl.load_workbook(book)
    sheet = whole["变动审批"]
    row = next(cell.row for cell in sheet["A"] if cell.value == "C1")
    sheet.cell(row, 1).value, sheet.cell(row, 9).value = "C11", "是"
    whole.save(book)
    with pytest.raises(Problem) as stopped:
        read_plan(book)
    (told,) = stopped.value.findings
    assert told.code == "assign.commit-unknown"
    assert f"「变动审批」第 {row} 行" in told.message
    assert "C11" in told.message


def test_a_trial_of_a_commitment_says_that_nothing_was_written(book: Path) -> None:
    root = book.parents[2]
    tried = run_here("assign", "-w", root, "--commit", book, "--dry-run")
    assert "没有写" in tried.out
    assert not list((root / "plans").glob("*.csv"))
    assert "没有写" not in run_here("assign", "-w", root, "--commit", book).out
