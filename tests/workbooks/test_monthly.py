"""Does the page tell the month as it was, and say what it lacks?"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from months import ACCOUNTS, CUSTOMERS, LOANS, LONG_AGO, MANAGERS, TRANSACTIONS, customer, manager, post, workspace

from kehujingli.month import Request
from kehujingli.month.outputs import MONTHLY
from kehujingli.month.run import Options, run
from kehujingli.workspace import Workspace

SEPTEMBER, OCTOBER = dt.date(2026, 9, 30), dt.date(2026, 10, 31)


def _month(day: dt.date, balance: int, overdue: str) -> dict[str, Any]:
    stamp = f"{day:%Y%m%d}"
    return {
        f"客户信息_{stamp}.xlsx": [
            CUSTOMERS,
            customer("C1", holder="M1"),
            customer("C2", holder="M1"),
            *([customer("C3")] if day == OCTOBER else []),
        ],
        f"存款账户_{stamp}.xlsx": [
            ACCOUNTS,
            ["AC1", "C1", "活期", balance, 500_000, LONG_AGO, None, None],
            ["AC2", "C2", "活期", 80_000, 80_000, LONG_AGO, None, None],
        ],
        f"贷款台账_{stamp}.xlsx": [
            LOANS,
            ["L1", "C1", LONG_AGO, dt.date(2027, 1, 1), 90_000, "正常", 0, "M1", "M1"],
            ["L2", "C2", LONG_AGO, dt.date(2027, 1, 1), 10_000, overdue, 0, "M1", "M1"],
        ],
        f"名册_{stamp}.xlsx": [MANAGERS, manager("M1")],
    }


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    rows = [post(SEPTEMBER, "C1", 1, 600_000), post(SEPTEMBER, "C2", 1, 80_000), post(OCTOBER, "C1", 200_000, 800_000)]
    files = _month(SEPTEMBER, 600_000, "正常") | _month(OCTOBER, 800_000, "次级") | {"流水.xlsx": [TRANSACTIONS, *rows]}
    return workspace(tmp_path_factory.mktemp("monthly") / "county", files)


def _page(place: Workspace, period: str, **options: Any) -> list[list[Any]]:
    folder = run(place, Request(workspace=place, period=period), Options(**options)).folder
    sheet = openpyxl.load_workbook(folder / MONTHLY)["月报"]
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def _figures(rows: list[list[Any]]) -> dict[str, list[Any]]:
    return {row[1]: row for row in rows[5:15]}


def test_a_month_with_nothing_before_it_says_what_is_lacking(place: Workspace) -> None:
    found = _figures(_page(place, "2026-09"))
    assert len(found) == 10
    assert found["客户总数"][3:8] == [2, "缺：需2026-08", "缺：需2026-08", "缺：需2025-09", "缺：需2025-12"]
    assert found["走访计划完成率"][3] == "缺：需走访记录"


def test_the_next_month_stands_beside_it(place: Workspace) -> None:
    _page(place, "2026-09")
    rows = _page(place, "2026-10")
    found = _figures(rows)
    assert found["客户总数"][3:6] == [3, 2, 1]
    assert found["不良率"][3] == pytest.approx(0.1)
    assert found["不良率"][5] == pytest.approx(10.0), "in percentage points"
    changes = {row[1]: row for row in rows if row[0] in ("1", "2", "3")}
    assert "C1" in changes["801001"][6], "the customer behind the branch's change"
    assert "客户C1" not in str(rows), "customers' names are masked"


def test_the_number_of_the_report_and_the_day_of_signing(place: Workspace) -> None:
    rows = _page(place, "2026-10", signed_on=dt.date(2026, 11, 5))
    assert rows[1][0] == "2026年第10期"
    assert rows[1][3] == "示联客〔2026〕10号"
    assert rows[2][8] == "试算稿"
    assert rows[-1][8] == "2026年11月5日"
    assert _page(place, "2026-10")[-1][8].replace("　", "") == "年月日"


def test_links_are_relative_and_the_page_is_one(place: Workspace) -> None:
    folder: Path = run(place, Request(workspace=place, period="2026-10"), Options()).folder
    book = openpyxl.load_workbook(folder / MONTHLY)
    assert book.sheetnames == ["月报", "三性", "链接", "图表数据", "口径"]
    targets = {cell.hyperlink.target for row in book["链接"].iter_rows() for cell in row if cell.hyperlink}
    assert targets
    assert all("/" not in target.split("#")[0] and (folder / target.split("#")[0]).exists() for target in targets)
    setup = book["月报"].page_setup
    assert (setup.orientation, setup.paperSize, setup.fitToHeight) == ("portrait", 9, None)
