"""Which 口径 is an average? Every one says it, both stand side by side, and a chart uses the same as its table."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from conftest import run_here
from months import ACCOUNTS, CUSTOMERS, LONG_AGO, MANAGERS, TRANSACTIONS, customer, manager, workspace


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """C1 has had 20,000 元 on demand and 10,000 元 of 保证金, which counts by 0.3, for years: 全口径 30,000, 考核口径 23,000; the year before 18,000 and 10,000."""
    files = {
        "客户信息.xlsx": [CUSTOMERS, customer("C1", holder="M1")],
        "存款账户_20261031.xlsx": [
            ACCOUNTS,
            ["AC1", "C1", "活期", 20_000, 18_000, LONG_AGO, None, None],
            ["AC2", "C1", "保证金", 10_000, 10_000, LONG_AGO, None, None],
        ],
        "名册.xlsx": [MANAGERS, manager("M1")],
        "流水.xlsx": [
            TRANSACTIONS,
            [dt.date(2026, 9, 1), "C1", "AC2", "贷", 5, None, "转账", "1"],
            [dt.date(2026, 9, 1), "C1", "AC2", "借", 5, 10_000, "转账", "2"],
            [dt.date(2026, 10, 31), "C1", "AC1", "贷", 5, 20_005, "转账", "3"],
            [dt.date(2026, 10, 31), "C1", "AC1", "借", 5, 20_000, "转账", "4"],
        ],
    }
    root = workspace(tmp_path_factory.mktemp("bases") / "county", files).root
    run_here("run", "--quiet", cwd=root)
    return root


def _sheet(root: Path, book: str, name: str) -> list[list[Any]]:
    sheet = openpyxl.load_workbook(root / "periods" / "2026-10" / book)[name]
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def test_the_page_and_its_chart_tell_the_same(county: Path) -> None:
    rows = _sheet(county, "月报.xlsx", "月报")
    line = next(row for row in rows if row[1] == "存款年日均（考核口径）")
    assert line[3] == pytest.approx(2.3)
    assert line[8] == "较上年日均 +0.20 万元；全口径 3.00 万元，未乘折算系数"
    drawn = _sheet(county, "月报.xlsx", "图表数据")
    shown = {row[0]: row[2] for row in drawn if re.fullmatch(r"\d\d-\d\d", str(row[0]))}
    assert shown["26-09"] == shown["26-10"] == pytest.approx(2.3)


def test_a_branch_has_both(county: Path) -> None:
    rows = _sheet(county, "客户分类.xlsx", "机构汇总")
    branch = next(dict(zip(rows[3], row, strict=True)) for row in rows[4:] if row[2] == "机构合计")
    assert branch["年日均（全口径）"] == pytest.approx(3)
    assert branch["年日均（考核口径）"] == pytest.approx(2.3)
    assert branch["较上年日均（考核口径）"] == pytest.approx(0.2)
    told = json.loads(run_here("segment", "--dry-run", "--json", cwd=county).out)["branches"]
    whole = next(row for row in told if row["branch_id"] == "801001" and not row["held_by"])
    assert (whole["average_deposit_year_full"], whole["average_deposit_year"]) == ("30000.00", "23000.00")


@pytest.mark.parametrize(
    "asked",
    [
        ("show", "customer", "C1"),
        ("explain", "customer", "C1"),
        ("balance", "C1"),
        ("top", "customers", "--by", "年日均"),
    ],
)
def test_no_average_is_without_its_name_on_the_terminal(county: Path, asked: tuple[str, ...]) -> None:
    said = run_here(*asked, cwd=county).out
    told = re.findall(r"(?:年|月|个月)日均(.{6})", said)
    assert told
    assert set(told) == {"（考核口径）"}


def test_every_average_of_a_workbook_says_which_it_is(county: Path) -> None:
    heads = [
        str(cell)
        for book, name in (("客户分类.xlsx", "机构汇总"), ("客户分类.xlsx", "客户分类"), ("管户分配.xlsx", "负荷"))
        for cell in _sheet(county, book, name)[3]
        if "日均" in str(cell)
    ]
    assert heads
    assert all(re.search("（(全|考核)口径）$", head) for head in heads)


def test_sql_asks_by_the_short_names(county: Path) -> None:
    said = run_here("query", "select 年日均, 全口径年日均 from 客户分类", "--format", "csv", cwd=county).out
    assert said.splitlines()[1] == "23000.00,30000.00"
