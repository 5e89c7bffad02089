"""Who serves a branch whose customers are more than its own people may hold? The first sheet of the plan says it beside the figure."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl
import pytest
from conftest import run_here
from months import ACCOUNTS, CUSTOMERS, LONG_AGO, TRANSACTIONS, customer, post, workspace

ROSTER = ["工号", "姓名", "机构号", "管户上限", "服务范围"]


@pytest.mark.parametrize(
    ("serves", "said"),
    [
        (
            "801;802",
            "东关 应配占本机构人员管户上限 150%：另有 西河 乙（M2）管 2 户 4 折算户，都已配上。",
        ),
        ("802", "东关 应配占本机构人员管户上限 150%：没有别的机构的人来管，未配 2 户。"),
    ],
)
def test_a_branch_beyond_its_own_people_says_who_else_serves_it(tmp_path: Path, serves: str, said: str) -> None:
    """Six customers of middle size in 801 weigh 2 each: 12 where 甲 may hold 8. 乙 of 802 holds the other two, or may not."""
    people = [f"C{n}" for n in range(6)]
    files = {
        "客户信息.xlsx": [CUSTOMERS, *(customer(who, branch="801") for who in people)],
        "存款账户_20261031.xlsx": [
            ACCOUNTS,
            *([f"A{who}", who, "活期", 100_000, 0, LONG_AGO, None, None] for who in people),
        ],
        "机构_20261031.xlsx": [["机构号", "机构名称"], ["801", "东关"], ["802", "西河"]],
        "客户经理名册_20261031.xlsx": [ROSTER, ["M1", "甲", "801", 8, None], ["M2", "乙", "802", 4, serves]],
        "流水.xlsx": [TRANSACTIONS, *(post(dt.date(2026, 10, 31), who, 1, 100_000) for who in people)],
    }
    root = workspace(tmp_path, files).root
    run_here("assign", "-o", root / "方案.xlsx", cwd=root)
    cells = [cell for row in openpyxl.load_workbook(root / "方案.xlsx")["首页"].values for cell in row]
    assert said in cells, [cell for cell in cells if isinstance(cell, str) and "应配占" in cell]
