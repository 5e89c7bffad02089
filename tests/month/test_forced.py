"""What must a file bear that a person says is 人工填报 or 任务数? Of 人工填报 工号 alone; what is missing is said in a sentence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import run_cli, run_here, write_xlsx


def test_a_file_of_numbers_and_one_column_an_item_is_scored(tmp_path: Path) -> None:
    grid = [["工号", "中间业务收入(元)", "责任不良贷款率(%)"], ["M01", 800_000, 1.5], ["M02", 500_000, "0.8"]]
    path = write_xlsx(tmp_path / "填报.xlsx", grid)
    ran = run_cli("score", "--actuals", path, "--period", "2026-10", "--json", "-o", tmp_path, cwd=tmp_path)
    assert ran.code == 1, ran.err
    record = json.loads(ran.out)
    figures = {
        (manager["manager_id"], item["id"]): item["actual"] for manager in record["scores"] for item in manager["items"]
    }
    assert (float(figures["M01", "fees"]), float(figures["M02", "fees"])) == (800_000, 500_000)
    assert (float(figures["M01", "npl"]), float(figures["M02", "npl"])) == (0.015, 0.008)


@pytest.mark.parametrize(
    ("option", "header", "said"),
    [
        ("--actuals", ["姓名", "中间业务收入"], "缺“工号”"),
        ("--targets", ["工号", "指标"], "缺“任务数”"),
        ("--targets", ["工号", "任务数"], "缺“指标”"),
        ("--targets", ["指标", "任务数"], "缺“工号”或“机构号”"),
    ],
)
def test_what_is_missing_is_a_sentence(tmp_path: Path, option: str, header: list[str], said: str) -> None:
    path = write_xlsx(tmp_path / "表.xlsx", [header, ["M01", 80]])
    ran = run_here("score", option, path, "--period", "2026-10", cwd=tmp_path)
    assert ran.code == 4
    assert said in ran.err
    assert "intake.column-missing" in ran.err


def test_where_nothing_says_which_period_it_is_the_option_is_named(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "填报.xlsx", [["工号", "中间业务收入"], ["M01", 80]])
    ran = run_here("score", "--actuals", path, cwd=tmp_path)
    assert ran.code == 4
    assert "period.unnamed" in ran.err
    assert "--period 2026-10" in ran.err
