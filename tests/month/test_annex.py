"""Does a run that is asked write every study that it can, say what the others lack, and put a line newly crossed first on the page?"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from months import ACCOUNTS, CUSTOMERS, LOANS, LONG_AGO, MANAGERS, TRANSACTIONS, customer, manager, post, workspace

from kehujingli.lists.crossed import crossed_first
from kehujingli.lists.month_page import Change
from kehujingli.month import Request
from kehujingli.month.outputs import MONTHLY
from kehujingli.month.run import Options, Outcome, run
from kehujingli.workspace import Workspace

SEPTEMBER, OCTOBER = dt.date(2026, 9, 30), dt.date(2026, 10, 31)
COLUMNS = ["study", "subject", "line", "cents", "cause"]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Deposits of 1,000,000 元; loans of 200,000 in September, of 900,000 in October: 存贷比 90 %, above the 75 % of the rules."""
    files = {"流水.xlsx": [TRANSACTIONS, post(SEPTEMBER, "C1", 1, 1_000_000), post(OCTOBER, "C1", 1, 1_000_001)]}
    for day, lent in ((SEPTEMBER, 200_000), (OCTOBER, 900_000)):
        files |= {
            f"客户信息_{day:%Y%m%d}.xlsx": [CUSTOMERS, customer("C1", holder="M1"), customer("C2", holder="M1")],
            f"存款账户_{day:%Y%m%d}.xlsx": [
                ACCOUNTS,
                ["AC1", "C1", "活期", 1_000_000, 500_000, LONG_AGO, None, None],
            ],
            f"贷款台账_{day:%Y%m%d}.xlsx": [
                LOANS,
                ["L1", "C2", LONG_AGO, dt.date(2027, 1, 1), lent, "正常", 0, "M1", "M1"],
            ],
            f"名册_{day:%Y%m%d}.xlsx": [MANAGERS, manager("M1")],
        }
    return workspace(tmp_path_factory.mktemp("annex") / "county", files)


def _ran(place: Workspace, period: str, **options: bool) -> Outcome:
    return run(place, Request(workspace=place, period=period), Options(**options))


def _first_change(folder: Path) -> list[str]:
    rows = openpyxl.load_workbook(folder / MONTHLY)["月报"].iter_rows(values_only=True)
    return next([str(row[column]) for column in (1, 3, 6)] for row in rows if row[0] == "1" and row[6])


@pytest.fixture(scope="module")
def october(place: Workspace) -> Outcome:
    _ran(place, "2026-09", studies=True)
    return _ran(place, "2026-10", studies=True)


def test_what_can_be_told_is_a_workbook_and_what_cannot_says_which_export_it_wants(october: Outcome) -> None:
    told = october.record["studies"]
    folder = october.folder / "专题"
    assert {"集中度.xlsx", "展望.xlsx", "RFM.xlsx"} <= {path.name for path in folder.iterdir()}
    assert len(told["written"]) == len(list(folder.iterdir()))
    assert told["left_out"]["contribution"] == "缺《内部资金价格》"
    assert told["left_out"]["allocation"] == "缺《任务数》", "机构汇总 is made by the month itself"
    assert told["left_out"]["select"] == "缺《选拔成绩》"
    (line,) = [line for line in october.lines if line.startswith("专题")]
    assert "投入产出缺《内部资金价格》" in line
    paths = {item["path"] for item in october.record["outputs"]}
    assert {"专题/集中度.xlsx", "data/crossings.parquet"} <= paths, "sealed with the rest at closing"


def test_the_page_leads_to_each_of_them(october: Outcome) -> None:
    book = openpyxl.load_workbook(october.folder / MONTHLY)
    targets = {
        cell.hyperlink.target.replace("\\", "/") for row in book["链接"].iter_rows() for cell in row if cell.hyperlink
    }
    led = {target for target in targets if target.startswith("专题/")}
    assert led == {f"专题/{path.name}" for path in (october.folder / "专题").iterdir()}


def test_a_line_that_was_not_crossed_a_month_ago_comes_first(october: Outcome) -> None:
    who, what, why = _first_change(october.folder)
    assert (who, what, why) == ("全辖", "存贷比 新越线", "90.00%，看 75%")


@pytest.mark.usefixtures("october")
def test_without_being_asked_nothing_is_written_beside_the_month(place: Workspace) -> None:
    plain = _ran(place, "2026-10")
    assert not (plain.folder / "专题").exists()
    assert "studies" not in plain.record
    assert _first_change(plain.folder)[0] != "全辖"


def _changes(*who: str) -> list[Change]:
    return [Change(one, "+1.00 万元", "") for one in who]


def test_a_line_that_stays_crossed_is_no_change() -> None:
    old = ("concentration", "C1", "集中度限额", 5_000_000, "贷款超限")
    new = ("authority", "C2", "授权单笔", 3_000_000, "3 万元，权限 2 万元")
    now, before = pd.DataFrame([old, new], columns=COLUMNS), pd.DataFrame([old], columns=COLUMNS)
    usual = _changes("甲", "乙", "丙")
    told = crossed_first(now, before, usual)
    assert [(one.who, one.amount) for one in told] == [
        ("C2", "授权单笔 新越线 3.00 万元"),
        ("甲", "+1.00 万元"),
        ("乙", "+1.00 万元"),
    ]
    assert crossed_first(now, None, usual) == usual, "nobody asked a month ago: none is known to be new"


def test_more_than_the_page_holds_are_counted() -> None:
    rows = [("authority", f"C{n}", "授权单笔", 9_000_000 - n, "超") for n in range(5)]
    told = crossed_first(pd.DataFrame(rows, columns=COLUMNS), pd.DataFrame(columns=COLUMNS), _changes("甲", "乙", "丙"))
    assert [one.who for one in told] == ["C0", "C1", "C2"]
    assert told[-1].cause == "超；另有 2 处，见专题"
