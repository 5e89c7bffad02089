"""Does findings list what needs a person by consequence, each kind once, with places and cures; and does a run say what will be missing?"""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from conftest import run_here

pytestmark = pytest.mark.slow  # on two months of the example county, run once for all such tests


def test_what_keeps_people_from_a_score_stands_first_with_its_cure(two_months: Path) -> None:
    listed = run_here("findings", "2026-09", "-w", two_months)
    assert listed.code == 0
    assert "未计分" in listed.out.splitlines()[2]
    assert "任务数表缺 2026-09 的走访计划户数" in listed.out
    assert listed.out.index("【不能计分】") < listed.out.index("【得分、绩效或管户受影响】")
    assert "怎么办：请补导所缺的表或列。" in listed.out


def test_a_kind_stands_once_and_the_json_names_the_people(two_months: Path) -> None:
    told = run_here("findings", "2026-09", "-w", two_months, "--json").json
    codes = [one["code"] for one in told["findings"]]
    assert len(codes) == len(set(codes))
    plan = next(cause for cause in told["withheld"] if "走访计划户数" in cause["cause"])
    scored = run_here("query", "select count(*) n from scores", "-w", two_months, "--period", "2026-09", "--json").json
    assert len(plan["managers"]) == scored[0]["n"]


def test_as_csv_there_is_a_row_a_kind_notes_only_where_asked(two_months: Path) -> None:
    def rows(*more: str) -> list[dict[str, str]]:
        said = run_here("findings", "-w", two_months, "--format", "csv", *more).out
        return list(csv.DictReader(io.StringIO(said)))

    assert {row["后果"] for row in rows("--notes")} - {row["后果"] for row in rows()} == {"提示"}
    assert all(row["是什么"] and row["怎么办"] for row in rows())


def test_a_run_says_first_what_will_be_missing_and_ends_with_4_where_it_was_required(two_months: Path) -> None:
    trial = run_here("run", "-w", two_months, "--period", "2026-09", "--dry-run")
    assert trial.err.startswith("将缺  任务数表没有 2026-09 的走访计划户数")
    assert "kehujingli findings" not in trial.out  # nothing was kept that could be listed
    held = run_here("run", "-w", two_months, "--period", "2026-09", "--require", "任务数,走访计划")
    assert held.code == 4
    assert held.err.count("run.required-missing") == 1
    assert "走访计划户数" in held.err
