"""What comes back in a form of planned visits is a visit once it says so, and never twice."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from months import CUSTOMERS, MANAGERS, TRANSACTIONS, customer, manager, post, reckon, workspace

from kehujingli.month import Month
from kehujingli.periods import date_of

PLAN = ["计划日期", "客户号", "客户名称", "工号", "网格", "方式", "时长", "结果", "走访日期", "走访情况"]
VISITS = ["日期", "客户号", "工号", "走访方式"]
DAY = date(2026, 10, 12)


def slip(customer: str, result: str | None = None, when: date | None = None, planned: date = DAY) -> list[Any]:
    return [planned, customer, "甲", "M1", "东关村", "上门", 60, result, when, None]


def month_of(root: Path, *plans: list[list[Any]], visits: list[list[Any]] = []) -> Month:  # noqa: B006
    files = {
        "客户信息.xlsx": [CUSTOMERS, *(customer(f"C{n}", holder="M1") for n in range(1, 5))],
        "名册.xlsx": [MANAGERS, manager("M1")],
        "流水.xlsx": [TRANSACTIONS, post(date(2026, 10, 31), "C1", 1)],
    }
    files |= {f"走访计划_{n}.xlsx": [PLAN, *rows] for n, rows in enumerate(plans)}
    files |= {"走访记录.xlsx": [VISITS, *visits]} if visits else {}
    return reckon(workspace(root, files), "2026-10")


def made(month: Month) -> list[tuple[str, str, bool]]:
    rows = month.tables["visits"].sort_values("customer_id")
    return [
        (one.customer_id, date_of(one.date).isoformat(), one.planned is True)
        for one in rows.astype("object").itertuples()
    ]


def test_only_what_was_made_is_a_visit_on_its_own_day_or_the_planned_one(tmp_path: Path) -> None:
    rows = [slip("C1", "已走访"), slip("C2", "已走访", date(2026, 10, 14)), slip("C3", "没遇上"), slip("C4")]
    month = month_of(tmp_path, rows)
    assert made(month) == [("C1", "2026-10-12", True), ("C2", "2026-10-14", True)]
    one = month.tables["visits"].iloc[0]
    assert (one["village"], one["minutes"], one["way"], one["row"]) == ("东关村", 60, "上门", 2)
    assert list(month.tables["visits"]["result"]) == ["已走访", "已走访"], "none is still open"
    assert month.tables.has("visits")
    assert len(month.tables["visit_plan"]) == 4


def test_a_plan_that_nobody_filled_in_is_no_visit_record(tmp_path: Path) -> None:
    month = month_of(tmp_path, [slip("C1"), slip("C2")])
    assert made(month) == []
    assert not month.tables.has("visits")


def test_an_empty_copy_and_a_visit_that_the_record_has_too_count_once(tmp_path: Path) -> None:
    filled = [slip("C1", "已走访"), slip("C2", "已走访")]
    month = month_of(tmp_path, [slip("C1"), slip("C2")], filled, visits=[[DAY, "C1", "M1", "上门"]])
    assert made(month) == [("C1", "2026-10-12", True), ("C2", "2026-10-12", True)]


@pytest.mark.parametrize(
    ("code", "plans", "cell"),
    [
        ("table.visit-no-result", [[slip("C1"), slip("C2", None, DAY)]], "H3"),
        ("table.visit-twice", [[slip("C1", "已走访")], [slip("C1", "没遇上")]], "H2"),
    ],
)
def test_what_cannot_be_told_is_no_visit_and_its_cell_is_named(
    tmp_path: Path, code: str, plans: list[list[list[Any]]], cell: str
) -> None:
    month = month_of(tmp_path, *plans)
    assert made(month) == []
    assert {one.cell for one in month.findings if one.code == code} == {cell}


def test_a_word_that_is_no_result_is_refused_by_its_cell(tmp_path: Path) -> None:
    month = month_of(tmp_path, [slip("C1", "去了"), slip("C2", "已走访")])
    assert made(month) == [("C2", "2026-10-12", True)]
    (sheet,) = (one for one in month.sheets if one.table == "visit_plan")
    assert (sheet.accepted, sheet.rejected) == (1, 1)
    assert ("H2", "去了") in {(one.cell, one.value) for one in sheet.findings}


def test_a_visit_that_two_exports_tell_is_one_and_two_of_one_export_are_two(tmp_path: Path) -> None:
    """The month's export has C1 twice on one day and C2; the year's has the same and C3; by telephone the same day is another visit."""
    month_s = [[DAY, "C1", "M1", "上门"], [DAY, "C1", "M1", "上门"], [DAY, "C2", "M1", "上门"]]
    year_s = [*month_s, [DAY, "C3", "M1", "上门"], [DAY, "C2", "M1", "电话"]]
    files = {
        "客户信息.xlsx": [CUSTOMERS, *(customer(f"C{n}", holder="M1") for n in range(1, 5))],
        "名册.xlsx": [MANAGERS, manager("M1")],
        "流水.xlsx": [TRANSACTIONS, post(date(2026, 10, 31), "C1", 1)],
        "走访十月.xlsx": [VISITS, *month_s],
        "走访全年.xlsx": [VISITS, *year_s],
    }
    month = reckon(workspace(tmp_path, files), "2026-10")
    assert [who for who, _, _ in made(month)] == ["C1", "C1", "C2", "C2", "C3"]
    (told,) = [one for one in month.findings if one.code == "table.visit-repeated"]
    assert (told.count, told.level) == (3, "note")
