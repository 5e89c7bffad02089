"""How many days before the period's last day was each export taken, and which branch's is older? What 口径 says of it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl
from months import CUSTOMERS, LOANS, LONG_AGO, MANAGERS, TRANSACTIONS, customer, manager, post, reckon, workspace

from kehujingli.lists.ages import ages_told
from kehujingli.month.outputs import write_monthly_book
from kehujingli.periods import Period, day_of

OCTOBER = Period.of("2026-10")


def _day(month: int, day: int) -> int:
    return day_of(dt.date(2026, month, day))


def test_the_sheet_names_the_branch_whose_export_is_older(tmp_path: Path) -> None:
    """801002 sent its customers on the 20th, eleven days before the 31st; loans are of the 31st; the roster bears no day."""
    old, end = dt.date(2026, 10, 20), dt.date(2026, 10, 31)
    heads = [*CUSTOMERS, "数据日期"]
    files = {
        "客户信息.xlsx": [heads, [*customer("C1"), end], [*customer("C3", branch="801003"), end]],
        "客户信息_东关.xlsx": [heads, [*customer("C2", branch="801002"), old]],
        "客户信息_下月.xlsx": [heads, [*customer("C2", branch="801002"), dt.date(2026, 11, 30)]],
        "贷款台账.xlsx": [
            [*LOANS, "数据日期"],
            ["L1", "C1", LONG_AGO, dt.date(2027, 1, 1), 900, "正常", 0, None, None, end],
        ],
        "名册.xlsx": [MANAGERS, manager("M1")],
        "流水.xlsx": [TRANSACTIONS, post(dt.date(2026, 10, 5), "C1", 1, 1)],
    }
    write_monthly_book(reckon(workspace(tmp_path, files), "2026-10"), tmp_path / "月报.xlsx")
    rows = [row[:2] for row in openpyxl.load_workbook(tmp_path / "月报.xlsx")["口径"].iter_rows(values_only=True)]
    start = next(number for number, row in enumerate(rows) if str(row[0]).endswith("、数据离期末几天"))
    told = dict(rows[start + 1 : start + 4])
    assert told["客户信息"] == "801002 11 天（2026-10-20）；其余 2 个机构 0 天（2026-10-31）"
    assert told["贷款台账"] == "0 天（2026-10-31）"
    assert told["客户经理名册"] == "没有数据日期，按期末算"


def test_a_branch_that_went_into_another_is_as_old_as_that_one() -> None:
    newest = {"customers": {"B1": _day(10, 31), "B2": _day(9, 30), "南坪社": _day(10, 30)}}
    branches = {"B1": "东关社", "B2": "西关社", "B3": "南坪社"}
    [(table, said)] = ages_told(newest, OCTOBER, branches, {"B2": "B1"})
    assert (table, said) == ("客户信息", "南坪社 1 天（2026-10-30）；其余 1 个机构 0 天（2026-10-31）")
    [(_, apart)] = ages_told({"customers": {"B1": _day(10, 31), "B2": None}}, OCTOBER, branches, {})
    assert apart == "西关社没有数据日期，按期末算；其余 1 个机构 0 天（2026-10-31）"
