"""Which studies have sheets of 月报 itself? 项目储备, 岗位职责, 对标 behind 三性 where their tables are there; none on the wall, none without them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from conftest import reading_here
from months import CUSTOMERS, MANAGERS, TRANSACTIONS, customer, manager, post, workspace

from kehujingli.month import Request
from kehujingli.month.run import Options, run
from kehujingli.workspace import Workspace

MONTH = {
    "客户信息.xlsx": [CUSTOMERS, customer("C1")],
    "名册.xlsx": [MANAGERS, manager("M1", specialism="资产"), manager("M2", specialism="负债")],
    "流水.xlsx": [TRANSACTIONS, post(dt.date(2026, 10, 31), "C1", 1, 1)],
}
OWN = {
    "项目储备.xlsx": [
        ["项目编号", "客户号", "项目名称", "阶段", "进入日期", "预计金额（万元）", "工号"],
        ["X1", "C1", "东关粮油扩建", "线索", dt.date(2026, 10, 1), 300, "M1"],
        ["X2", "C1", "西关冷库", "线索", dt.date(2026, 10, 2), 100, "M1"],
        ["X2", "C1", "西关冷库", "调查", dt.date(2026, 10, 12), 100, "M1"],
        ["X2", "C1", "西关冷库", "落地", dt.date(2026, 11, 1), 100, "M1"],
    ],
    "岗位职责.xlsx": [
        ["岗位", "职责", "分工"],
        ["资产", "贷后检查", "主责"],
        ["负债", "存款营销", "协办"],
    ],
    "对标.xlsx": [["期间", "对标机构", "指标", "数值", "单位"], ["2026-10", "全市农商行", "客户总数", 11, "户"]],
}
SHEETS = ["项目储备漏斗", "岗位职责对照", "岗位职责岗位", "对标差距"]


def _records(sheet: Any) -> list[dict[str, Any]]:
    rows = list(sheet.iter_rows(min_row=4, values_only=True))
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def _run(place: Workspace, **more: Any) -> tuple[Any, dict[str, str]]:
    """月报 of a run, opened, and what every output's bytes come to."""
    with reading_here():
        outcome = run(place, Request(workspace=place, period="2026-10"), Options(**more))
    told = {item["path"]: item["sha256"] for item in outcome.record["outputs"]}
    return openpyxl.load_workbook(outcome.folder / "月报.xlsx"), told


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> list[Workspace]:
    return [workspace(tmp_path_factory.mktemp("beside"), MONTH | OWN) for _ in range(2)]


def test_each_table_that_is_there_has_its_sheets_the_same_whenever_it_is_run(places: list[Workspace]) -> None:
    """Two projects came to 线索, one went on to 调查, on day 10; 落地 is of November. Nobody has the main part in 存款营销, and 负债 none at all; the bank has 1 customer, the others 11."""
    (book, first), (_, again) = (_run(place) for place in places)
    assert first == again
    place = book.sheetnames.index(SHEETS[0])
    assert book.sheetnames[place : place + 5] == [*SHEETS, "链接"]
    funnel = {row["阶段"]: row for row in _records(book[SHEETS[0]])}
    heads = ("到过的项目", "现在在这一步", "平均走几天")
    assert [funnel["线索"][head] for head in heads] == [2, 1, 10]
    assert [funnel["调查"][head] for head in heads] == [1, 1, None]
    assert funnel["落地"]["到过的项目"] == 0
    duties = {row["职责"]: row for row in _records(book[SHEETS[1]])}
    assert (duties["存款营销"]["要看什么"], duties["贷后检查"]["主责"]) == ("没有岗位主责", "资产")
    posts = {row["岗位"]: (row["名册里几人"], row["要看什么"]) for row in _records(book[SHEETS[2]])}
    assert posts == {"资产": (1, ""), "负债": (1, "一项也不主责")}
    gaps = {row["对标机构"]: row for row in _records(book[SHEETS[3]]) if row["对标机构"]}
    assert gaps["全市农商行"]["本行比他行"] == -10
    led = {row[0].value: row[1] for row in book["链接"].iter_rows() if row[0].value}
    assert (led["项目储备"].value, led["项目储备"].hyperlink.location) == ("本簿 项目储备漏斗", "'项目储备漏斗'!A1")
    told = {row[0]: row[1] for row in book["口径"].iter_rows(values_only=True)}
    assert told["项目储备：到过的项目"] == "到过这一步或更远"


def test_beside_the_studies_of_a_run_too_where_they_are_asked_once(places: list[Workspace]) -> None:
    book, told = _run(places[0], studies=True)
    assert {*SHEETS} <= {*book.sheetnames}
    assert "专题/项目储备.xlsx" in told


def test_none_hangs_on_the_wall(places: list[Workspace]) -> None:
    assert not {*SHEETS} & {*_run(places[0], public=True)[0].sheetnames}


def test_none_stands_without_its_table_and_the_table_is_named(tmp_path: Path) -> None:
    book, _ = _run(workspace(tmp_path, MONTH))
    assert not {*SHEETS} & {*book.sheetnames}
    led = {row[0]: row[2] for row in book["链接"].iter_rows(values_only=True) if row[0]}
    assert [led[study].partition("；")[2] for study in ("项目储备", "岗位职责", "对标")] == [
        "缺《项目储备》",
        "缺《岗位职责》",
        "缺《对标》",
    ]
