"""What does ``allocation`` give from the bank's rows of 任务数, and does scoring read back what it wrote?"""

from __future__ import annotations

import datetime as dt
import json
import shutil
from pathlib import Path

import openpyxl
from conftest import run_here
from months import ACCOUNTS, CUSTOMERS, LONG_AGO, MANAGERS, TRANSACTIONS, customer, manager, monthly, workspace

ITEM = "存款年日均净增"
HEAD = ["工号", "机构号", "指标", "任务数", "单位", "期间"]


def test_the_workbook_is_read_back_as_everybodys_target(tmp_path: Path) -> None:
    """The bank's 100 万元 is nobody's until it is parted; what the workbook says is each one's target then."""
    root = tmp_path / "county"
    bank = [None, None, ITEM, 100, "万元", "2026"]
    people = ("M1", "M2", "M3")
    files = {
        "客户信息.xlsx": [CUSTOMERS, *(customer(f"C{who}", holder=who) for who in people)],
        "存款账户.xlsx": [
            ACCOUNTS,
            *([f"AC{who}", f"C{who}", "活期", 90_000, 100, LONG_AGO, None, who] for who in people),
        ],
        "客户经理.xlsx": [MANAGERS, manager("M1"), manager("M2"), manager("M3", branch="801002")],
        "流水.xlsx": [TRANSACTIONS, *(row for who in people for row in monthly(f"C{who}", dt.date(2025, 11, 1), 12))],
        "任务数.xlsx": [HEAD, bank],
    }
    workspace(root, files)
    said = run_here("run", "-w", root, "--period", "2026-10", "--json")
    assert said.code in (0, 1), said.err
    assert "退回 0 行" in json.loads(said.out)["summary"]
    query = f"select manager_id, whole_target from items where item = '{ITEM}' order by 1"
    before = json.loads(run_here("query", query, "-w", root, "--format", "json").out)
    assert [row["whole_target"] for row in before] == [None] * 3, "the bank's target is nobody's"

    book = tmp_path / "目标分解.xlsx"
    said = run_here("目标分解", "-w", root, "--json", "-o", book)
    assert said.code in (0, 1), said.err
    told = json.loads(said.out)["allocation_targets"]
    assert sum(float(row["target"]) for row in told) == 100
    sheet = openpyxl.load_workbook(book)["目标分解任务数"]
    assert ["工号", "指标", "任务数", "单位", "期间"] in [
        [cell.value for cell in row] for row in sheet.iter_rows(max_row=6)
    ]

    shutil.copy(book, root / "exports" / "目标分解.xlsx")
    said = run_here("run", "-w", root, "--period", "2026-10", "--json")
    assert said.code in (0, 1), said.err
    after = json.loads(run_here("query", query, "-w", root, "--format", "json").out)
    assert {row["manager_id"]: float(row["whole_target"]) for row in after} == {
        row["manager_id"]: float(row["target"]) * 10_000 for row in told
    }
