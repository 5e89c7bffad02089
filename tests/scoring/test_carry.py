"""What was not reached is owed in the month after (F18): taken from the month before as it was kept, month by month, and never zero in silence."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path
from typing import Any

import pytest
from conftest import run_here, write_xlsx
from months import CUSTOMERS, MANAGERS, TRANSACTIONS, customer, manager, monthly, post

from kehujingli.rules import EXAMPLE

pytestmark = pytest.mark.slow  # each runs whole months

DONE = {"2026-09": 90, "2026-10": 99, "2026-11": 130, "2026-12": 100}
RULES = """
[incentive]
total = 20
missing_actual = "withhold"
[[incentive.item]]
id = "lending"
label = "放款"
category = "growth"
style = "count"
points = 20
target = 100
shape = "carry"
starts = "2026-09"
"""


def county(root: Path, rules: str = RULES) -> Path:
    (root / "rules").mkdir(parents=True)
    text = EXAMPLE.read_text(encoding="utf-8").partition("[incentive]")[0] + rules
    (root / "rules" / "2000-01-01.toml").write_text(text, encoding="utf-8")
    files = {
        "客户信息.xlsx": [CUSTOMERS, customer("C1", holder="M1")],
        "名册.xlsx": [MANAGERS, manager("M1"), manager("M2", since=dt.date(2026, 10, 5))],
        "流水.xlsx": [TRANSACTIONS, *monthly("C1", dt.date(2026, 1, 1), 12), post(dt.date(2026, 12, 31), "C1", 1)],
        "人工填报.xlsx": [
            ["工号", "考核期间", "放款", "来源", "审批人"],
            *([who, month, done, "系统", "乙"] for month, done in DONE.items() for who in ("M1", "M2")),
        ],
    }
    for name, grid in files.items():
        write_xlsx(root / "exports" / name, grid)
    return root


def scores(root: Path, month: str) -> dict[str, dict[str, Any]]:
    found = run_here("score", "--period", month, "--dry-run", "--json", cwd=root).json
    return {row["manager_id"]: row["items"][0] | {"score": row["score"]} for row in found["scores"]}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = county(tmp_path_factory.mktemp("carry") / "county")
    for month in DONE:
        run_here("run", "--period", month, "--quiet", cwd=root)
    return root


def test_a_shortfall_is_added_to_the_next_months_target_and_what_is_over_is_not(place: Path) -> None:
    first, second, third, fourth = (scores(place, month)["M1"] for month in DONE)
    assert (first["points"], first["working"]) == ("18.00", "20 × 90 ÷ (100 + 2026-09 起结转，上期欠 0) = 18.00")
    assert (second["points"], second["working"]) == ("18.00", "20 × 99 ÷ (100 + 2026-09 欠 10) = 18.00")
    assert (third["points"], third["working"]) == ("23.42", "20 × 130 ÷ (100 + 2026-10 欠 11) = 23.42")
    assert (fourth["points"], fourth["working"]) == ("20.00", "20 × 100 ÷ (100 + 2026-11 欠 0) = 20.00")


def test_who_was_not_there_the_month_before_owes_nothing_and_it_is_said(place: Path) -> None:
    assert scores(place, "2026-10")["M2"]["working"] == "20 × 99 ÷ (100 + 2026-09 没有此项，欠 0) = 19.80"


def test_the_spreadsheet_reckons_with_what_was_carried(place: Path) -> None:
    import openpyxl

    sheet = openpyxl.load_workbook(place / "periods" / "2026-11" / "考核得分.xlsx", data_only=True)["计分复核"]
    rows = [row for row in sheet.iter_rows(values_only=True) if row[2] == "放款"]
    assert [(row[0], row[11], row[-3], row[-1]) for row in rows] == [
        ("M1", 11, 23.42, "一致"),
        ("M2", 1, 25.74, "一致"),
    ]


def test_a_month_before_that_was_not_run_is_told_and_the_item_withheld(place: Path, tmp_path: Path) -> None:
    root = tmp_path / "county"
    shutil.copytree(place, root)
    shutil.rmtree(root / "periods" / "2026-10")
    told = run_here("score", "--period", "2026-11", "--dry-run", cwd=root)
    assert told.code == 1
    assert "score.carry-unknown" in told.out + told.err
    assert "“放款”有 2 人不知道 2026-10 欠多少任务：那一期没有跑过" in told.out + told.err
    found = scores(root, "2026-11")["M1"]
    assert (found["score"], found["working"]) == (None, "不知道 2026-10 所欠，未计分")


def test_a_typed_figure_is_taken_as_before(tmp_path: Path) -> None:
    metric = '[[incentive.metric]]\nid = "before"\nlabel = "上月所欠"\nmissing = 25\n'
    root = county(tmp_path / "county", RULES.replace('starts = "2026-09"', 'owed = "before"') + metric)
    assert scores(root, "2026-11")["M1"]["working"] == "20 × 130 ÷ (100 + 上期欠 25) = 20.80"
