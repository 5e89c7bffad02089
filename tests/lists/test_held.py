"""Whose is what a branch comes to? Managers + 公共 + 未挂户 = branch, where people look: workbooks and ``--json``."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from conftest import run_here
from months import ACCOUNTS, CUSTOMERS, LOANS, LONG_AGO, MANAGERS, TRANSACTIONS, customer, manager, post, workspace

TOLD = {"managers": "客户经理", "public": "公共", "unheld": "未挂户"}


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Deposits that stand still. In 801001: C1 of M1 grew by 1,000 元, C2 of nobody by 500, the borrower C3 of nobody fell by 100, C4 of M3, who left in June,
    grew by 365; in 801002 C5 of M1 grew by 7."""
    balances = {"C1": (3_000, 2_000), "C2": (5_000, 4_500), "C3": (900, 1_000), "C4": (400, 35), "C5": (10, 3)}
    held = {"C1": "M1", "C4": "M3", "C5": "M1"}
    root = tmp_path_factory.mktemp("held") / "county"
    gone = manager("M3", until=dt.date(2026, 6, 30))
    files = {
        "客户信息.xlsx": [
            CUSTOMERS,
            *(customer(who, holder=held.get(who), branch="801002" if who == "C5" else "801001") for who in balances),
        ],
        "存款账户_20261031.xlsx": [
            ACCOUNTS,
            *([f"A{who}", who, "活期", now, old, LONG_AGO, None, None] for who, (now, old) in balances.items()),
        ],
        "贷款台账_20261031.xlsx": [LOANS, ["L3", "C3", LONG_AGO, dt.date(2027, 1, 1), 50, "正常", 0, None, None]],
        "名册.xlsx": [MANAGERS, manager("M1"), gone],
        "流水.xlsx": [TRANSACTIONS, *(post(dt.date(2026, 10, day), "C9", 1) for day in (1, 31))],
    }
    workspace(root, files)
    return root


def _asked(root: Path, command: str) -> dict[tuple[str, str], dict[str, Any]]:
    told = json.loads(run_here(command, "--json", "-o", root / f"{command}.xlsx", cwd=root).out)
    return {(row["branch_id"], row["held_by"]): row for row in told["branches"]}


def _sheet(path: Path) -> list[dict[str, Any]]:
    rows = list(openpyxl.load_workbook(path)["机构汇总"].iter_rows(min_row=4, values_only=True))
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def test_the_growth_of_a_branch_is_its_managers_and_what_nobody_holds(county: Path) -> None:
    """M3 held C4 for 181 of 304 days: 365 × 181 ÷ 304 = 217.32, the rest, 147.68, is 公共 with the 500 of C2."""
    found = _asked(county, "score")
    growth = {key: row["actuals"]["average_deposit_growth"] for key, row in found.items()}
    assert {side: growth["801001", side] for side in ("", *TOLD)} == {
        "": "1765.00",
        "managers": "1217.32",
        "public": "647.68",
        "unheld": "-100.00",
    }
    assert growth["801002", "managers"] == growth["801002", ""] == "7.00"
    assert {side: growth["", side] for side in ("", *TOLD)} == {
        "": "1772.00",
        "managers": "1224.32",
        "public": "647.68",
        "unheld": "-100.00",
    }


def test_the_customers_of_a_branch_are_its_managers_and_nobodys(county: Path) -> None:
    """On the last day: C1 is a manager's; C2 is nobody's and needs none, C4's manager has left; C3 borrows and has nobody."""
    found = _asked(county, "segment")
    counts = {side: found["801001", side]["customers"] for side in ("", *TOLD)}
    assert counts == {"": 4, "managers": 1, "public": 2, "unheld": 1}
    assert found["801001", "public"]["deposit_growth"] == "865.00"
    assert found["", "managers"]["deposit_balance"] == "3010.00"


@pytest.mark.parametrize(
    ("command", "header"), [("score", "存款年日均净增实绩"), ("segment", "存款余额"), ("segment", "客户数")]
)
def test_the_three_lines_below_a_branch_add_up_to_it(county: Path, command: str, header: str) -> None:
    _asked(county, command)
    rows = _sheet(county / f"{command}.xlsx")
    for branch in ("801001", "801002"):
        here = {row["名下"]: round((row[header] or 0) * 1e6) for row in rows if row["机构号"] == branch}
        assert list(here) == ["机构合计", *TOLD.values()]
        assert here["机构合计"] == sum(here[side] for side in TOLD.values()) != 0


def test_where_nobody_holds_anything_there_is_nothing_to_part(tmp_path: Path) -> None:
    files = {
        "客户信息.xlsx": [CUSTOMERS, customer("C1")],
        "流水.xlsx": [TRANSACTIONS, post(dt.date(2026, 10, 31), "C1", 1, 1)],
    }
    root = workspace(tmp_path, files).root
    assert list(_asked(root, "segment")) == [("801001", "")]
    assert "名下" not in _sheet(root / "segment.xlsx")[0]


def test_the_card_of_a_branch_shows_the_three_beside_it(county: Path, tmp_path: Path) -> None:
    root = tmp_path / "county"
    shutil.copytree(county, root)
    assert run_here("run", "--period", "2026-10", "--quiet", cwd=root).code in (0, 1)
    told = json.loads(run_here("show", "branch", "801001", "--json", cwd=root).out)["side_list"]
    lines = {row.pop("item"): tuple(row.values()) for row in told}
    assert lines["客户数"] == ("1", "2", "1", "4")
    assert lines["存款年日均净增"] == ("1217.32", "647.68", "-100.00", "1765.00")
    shown = run_here("show", "branch", "801001", cwd=root).out
    head = next(line.split() for line in shown.splitlines() if line.startswith("指标"))
    assert head == ["指标", *TOLD.values(), "机构合计"]
    line = next(line.split() for line in shown.splitlines() if line.startswith("存款年日均净增"))
    assert line[1:] == ["1,217.32", "647.68", "-100.00", "1,765.00"]
