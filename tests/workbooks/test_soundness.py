"""Do the studies that a run writes stand where they are looked for? 三性 behind 月报, 迁徙 in 客户分类.xlsx, and what they lack in 链接."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import openpyxl
import pandas as pd
from months import CUSTOMERS, MANAGERS, TRANSACTIONS, customer, manager, post, reckon, workspace

from kehujingli.month.outputs import write_monthly_book
from kehujingli.month.studies import standings
from kehujingli.periods import Period, day_of, month_of
from kehujingli.studies.soundness import Rules, soundness
from kehujingli.workbooks.house import Book, Meta
from kehujingli.workbooks.soundness import write_soundness

Line = tuple[Any, ...]
SEGMENT: Any = (None, SimpleNamespace(window_months=12))


def lines(path: Path, sheet: str) -> Iterator[Line]:
    for row in openpyxl.load_workbook(path)[sheet].iter_rows(values_only=True):
        yield tuple(value for value in row if value is not None)


def test_the_second_page_of_the_report_is_soundness(two_months: Path) -> None:
    """What the page says of deposits is what its four tables come to; names are masked; it is one upright page."""
    book = openpyxl.load_workbook(two_months / "periods" / "2026-10" / "月报.xlsx")
    assert book.sheetnames[:3] == ["月报", "三性", "链接"]
    sheet = book["三性"]
    assert (sheet.page_setup.orientation, sheet.sheet_properties.pageSetUpPr.fitToPage) == ("portrait", True)
    told = list(lines(two_months / "periods" / "2026-10" / "月报.xlsx", "三性"))
    ratio = next(line for line in told if "存贷比" in line)
    due = told.index(next(line for line in told if line and line[0] == "到期"))
    spans = told[due + 1 : due + 7]
    assert round(sum(line[1] for line in spans), 2) == round(ratio[4], 2)
    assert ratio[2] == ratio[3] / ratio[4]
    largest = told.index(next(line for line in told if line and line[0] == "序"))
    people = told[largest + 1 : largest + 11]
    assert [line[0] for line in people] == list(range(1, 11))
    assert all(line[2].endswith("*") for line in people)


def test_a_ratio_that_cannot_be_had_is_lacking_and_says_why(tmp_path: Path) -> None:
    """One account without an average of the month: no 偏离度, and no nought in its place."""
    day = day_of(pd.Timestamp(2026, 10, 31).date())
    accounts = pd.DataFrame(
        {
            "customer_id": ["C1"],
            "account_id": ["A1"],
            "kind": ["demand"],
            "balance": [100_00],
            "rate": [3_500],
            "matures_on": [None],
            "average_month": [None],
            "product_month": [0],
            "known_month": [False],
        }
    )
    loans = pd.DataFrame(
        {
            "balance": [50_00],
            "five_class": ["normal"],
            "overdue_days": [0],
            "rate": [60_000],
            "due_on": [day + 40],
            "status": [None],
        }
    )
    people = pd.DataFrame(
        [("C1", "张三", "person", None, None, "东关")],
        columns=["customer_id", "customer_name", "customer_type", "holder_id", "manager_name", "branch_name"],
    )
    period = Period(month_of(pd.Timestamp(2026, 10, 31).date()), pd.Timestamp(2026, 10, 31).date())
    book = Book(Meta("示例", "2026年10月", "2026-10-31", ""))
    write_soundness(book, soundness(accounts, loans, people, period=period, segment=SEGMENT, rules=Rules()))
    book.save(tmp_path / "三性.xlsx")
    told = {line[1]: line for line in lines(tmp_path / "三性.xlsx", "三性") if len(line) > 2}
    assert told["月末存款偏离度"][2:] == ("缺", 0.04, "有账户算不出月日均")
    assert told["存贷比"][2] == 0.5


def test_without_accounts_and_loans_the_page_is_left_out_and_it_is_said_what_is_lacking(tmp_path: Path) -> None:
    import datetime as dt

    files = {
        "客户信息.xlsx": [CUSTOMERS, customer("C1")],
        "名册.xlsx": [MANAGERS, manager("M1")],
        "流水.xlsx": [TRANSACTIONS, post(dt.date(2026, 10, 31), "C1", 1, 1)],
    }
    month = reckon(workspace(tmp_path, files), "2026-10")
    write_monthly_book(month, tmp_path / "月报.xlsx")
    assert "三性" not in openpyxl.load_workbook(tmp_path / "月报.xlsx").sheetnames
    told = {line[0]: line for line in lines(tmp_path / "月报.xlsx", "链接") if line}
    assert told["三性"][1] == "kehujingli soundness"
    assert "缺《存款账户》、《贷款台账》" in told["三性"][2]
    assert {one.key: one.lacks for one in standings(month)}["movement"] == ("上期客户分类",)


def test_the_months_workbook_has_the_heat_map_where_the_month_before_was_kept(two_months: Path) -> None:
    """Each row adds up to who was in the class before, all rows to everybody; September has no month before it."""
    folder = two_months / "periods"
    assert "迁徙" not in openpyxl.load_workbook(folder / "2026-09" / "客户分类.xlsx").sheetnames
    sheet = openpyxl.load_workbook(folder / "2026-10" / "客户分类.xlsx")["迁徙"]
    totals, head, *rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3)]
    assert head[-1] == "合计"
    assert all(sum(row[1:-1]) == row[-1] for row in rows)
    assert totals[-1] == sum(row[-1] for row in rows) >= 200
    assert [rule.type for part in sheet.conditional_formatting for rule in part.rules].count("colorScale") == 1
