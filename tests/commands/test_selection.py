"""What does ``select`` give from the three forms of a round? The same in every form, from exports and from the kept month."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import openpyxl
import pytest
from conftest import run_cli
from months import ACCOUNTS, CUSTOMERS, LONG_AGO, MANAGERS, TRANSACTIONS, customer, manager, monthly, workspace

from kehujingli.studies import titles_named

ROUND = "2026年第1轮"
SHEETS = ["首页", "选拔结果", "选拔落聘", "选拔为什么没录到", "选拔岗位", "选拔得分", "口径"]


def marks(who: str, *scores: object) -> list[list[object]]:
    parts = zip(("理论", "业绩", "技能"), scores, strict=True)
    return [[ROUND, who, f"经理{who}", part, score, 100, "主任"] for part, score in parts]


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """M1 scores 83.8, M2 82.5, M3 68 with theory below 70; one post for 资产 at 801001, one at 801002."""
    root = tmp_path_factory.mktemp("county")
    files = {
        "客户信息.xlsx": [CUSTOMERS, customer("C1", holder="M1")],
        "存款账户.xlsx": [ACCOUNTS, ["AC1", "C1", "活期", 1000, 900, LONG_AGO, None, "M1"]],
        "客户经理.xlsx": [MANAGERS, manager("M1"), manager("M2"), manager("M3", branch="801002")],
        "流水.xlsx": [TRANSACTIONS, *monthly("C1", dt.date(2025, 11, 1), 12)],
        "选拔成绩.xlsx": [
            ["轮次", "工号", "姓名", "科目", "得分", "满分", "审批人"],
            *marks("M1", 82, 90, 76),
            *marks("M2", 80, 85, 90),
            *marks("M3", 69, 70, 60),
        ],
        "岗位名额.xlsx": [["轮次", "机构号", "岗位", "名额", "最低分"], [ROUND, "801001", "资产", 1, 75]],
        "双向选择志愿.xlsx": [
            ["轮次", "填报方", "工号", "机构号", "岗位", "志愿序", "填报日期"],
            [ROUND, "本人", "M1", "801001", "资产", 1, dt.date(2026, 10, 9)],
            [ROUND, "本人", "M2", "801001", None, 1, dt.date(2026, 10, 9)],
            [ROUND, "本人", "M2", "809999", None, 2, dt.date(2026, 10, 9)],
        ],
    }
    workspace(root, files)
    said = run_cli("run", "-w", root, "--period", "2026-10", "--quiet")
    assert said.code in (0, 1), said.err
    return root


def test_the_kept_month_answers_in_every_form(county: Path, tmp_path: Path) -> None:
    book = tmp_path / "选拔.xlsx"
    said = run_cli("选拔", "-w", county, "--json", "-o", book)
    assert said.code == 1, said.err
    told = json.loads(said.out)
    found = [(row["applicant_id"], row["total"], row["outcome"], row["branch_id"]) for row in told["select_results"]]
    assert found == [
        ("M1", "83.8000", "录取", "801001"),
        ("M2", "82.5000", "落聘", None),
        ("M3", "68.4000", "未上线", None),
    ]
    assert [one["code"] for one in told["findings"]] == ["study.select-post-unknown", "study.select-quota-short"]
    assert "第 4 行 M2 → 809999" in told["findings"][0]["message"]
    assert openpyxl.load_workbook(book, read_only=True).sheetnames == SHEETS
    asked = run_cli("query", 'select 工号, 综合要到几分 as n from "选拔为什么没录到"', "-w", county, "--format", "csv")
    assert "M2,83.81" in asked.out.replace("\r", "")
    assert run_cli("select", "-w", county, "--round", "第9轮").code == 2


def test_the_forms_are_read_back_as_they_were_written(tmp_path: Path) -> None:
    assert run_cli("forms", "选拔成绩", "岗位名额", "双向选择志愿", "-o", tmp_path).code == 0
    said = json.loads(run_cli("check", *tmp_path.glob("*.xlsx"), "--json").out)
    assert {one["table"] for one in said["files"]} == {"exam", "quotas", "preferences"}


def test_the_word_that_begins_every_query_names_no_list() -> None:
    assert [title.key for title in titles_named("select 工号 from 客户经理名册")] == []
    assert [title.key for title in titles_named("SELECT * FROM select_left")] == ["select"]
    assert [title.key for title in titles_named('select * from "选拔落聘"')] == ["select"]
    assert [title.key for title in titles_named("select * from rfm")] == ["rfm"]
