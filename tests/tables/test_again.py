"""Does an event that two exports tell count twice? Only where it is told, with what it changes; a 单号 settles it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from months import CUSTOMERS, MANAGERS, TRANSACTIONS, customer, manager, monthly, reckon, workspace

from kehujingli.errors import Finding, needs_person
from kehujingli.month import Month

DAY = dt.date(2026, 10, 5)
FEES = ["收费日期", "客户号", "收费项目", "收费金额", "工号"]
POINTS = ["工号", "考核期间", "指标", "加减分", "金额", "事由", "依据文号", "审批人"]
VISITS = ["走访日期", "客户号", "工号", "走访方式"]
SHARES = ["客户号", "条线", "工号", "业绩分配比例"]


def _month(tmp_path: Path, files: Mapping[str, Sequence[Sequence[Any]]]) -> Month:
    usual: dict[str, Any] = {
        "客户信息.xlsx": [CUSTOMERS, customer("C1", holder="M01"), customer("C2", holder="M02")],
        "名册.xlsx": [MANAGERS, manager("M01"), manager("M02")],
        "流水.xlsx": [TRANSACTIONS, *monthly("C1", dt.date(2025, 11, 1), 12)],
    }
    return reckon(workspace(tmp_path, usual | dict(files)), "2026-10")


def _again(month: Month) -> list[Finding]:
    month.tables  # noqa: B018 - read
    return [told for told in month.findings if told.code.endswith("-again")]


def _fee(amount: float, who: str = "C1", *more: Any) -> list[Any]:
    return [DAY, who, "代理保险", amount, "M01", *more]


def test_fees_exported_again_with_one_change_are_told_with_what_they_count_too_much(tmp_path: Path) -> None:
    month = _month(tmp_path, {"中收.xlsx": [FEES, _fee(80)], "中收更正.xlsx": [FEES, _fee(81)]})
    (told,) = _again(month)
    assert "1 行只有数不同" in told.message
    assert "多算了中收.xlsx「Sheet1」的金额 80.00 元，或这里的金额 81.00 元" in told.message
    assert told.level == "warning"
    assert month.tables["fees"]["amount"].sum() == 16_100


def test_fees_of_a_month_and_of_the_year_so_far_are_told(tmp_path: Path) -> None:
    month = _month(
        tmp_path,
        {"中收10月.xlsx": [FEES, _fee(80), _fee(20, "C2")], "中收全年.xlsx": [FEES, _fee(80), _fee(20, "C2"), _fee(5)]},
    )
    (told,) = _again(month)
    assert "2 行完全相同" in told.message
    assert "0 行只在《中收10月.xlsx》里，1 行只在这里" in told.message
    assert "金额 100.00 元" in told.message


def test_equal_rows_of_one_file_are_business(tmp_path: Path) -> None:
    month = _month(tmp_path, {"中收.xlsx": [FEES, _fee(80), _fee(80), _fee(81)]})
    assert _again(month) == []
    assert month.tables["fees"]["amount"].sum() == 24_100
    (told,) = [told for told in month.findings if told.code == "table.event-same"]
    assert "1 行和前面的行完全相同，都算了，共金额 80.00 元" in told.message
    assert [(spot.cell, spot.value) for spot in told.spots] == [("D3", "金额 80.00 元")]


def test_equal_rows_of_one_file_with_numbers_of_their_own_are_not_told(tmp_path: Path) -> None:
    month = _month(tmp_path, {"中收.xlsx": [[*FEES, "单号"], _fee(80, "C1", "S1"), _fee(80, "C1", "S2")]})
    month.tables  # noqa: B018 - read
    assert "table.event-same" not in {told.code for told in month.findings}


def test_rows_with_numbers_of_their_own_are_two_events(tmp_path: Path) -> None:
    fees = [*FEES, "单号"]
    month = _month(tmp_path, {"甲.xlsx": [fees, _fee(80, "C1", "S1")], "乙.xlsx": [fees, _fee(80, "C1", "S2")]})
    assert _again(month) == []
    assert month.tables["fees"]["amount"].sum() == 16_000


def test_one_number_is_one_event(tmp_path: Path) -> None:
    fees = [*FEES, "流水号"]
    month = _month(
        tmp_path,
        {"甲.xlsx": [fees, _fee(80, "C1", "S1")], "乙.xlsx": [fees, _fee(80, "C1", "S1"), _fee(7, "C1", "S2")]},
    )
    assert _again(month) == []
    assert month.tables["fees"]["amount"].sum() == 8_700
    assert {told.code for told in month.findings} >= {"intake.repeated-event"}


def test_one_number_with_two_amounts_is_refused_in_both(tmp_path: Path) -> None:
    fees = [*FEES, "单号"]
    month = _month(tmp_path, {"甲.xlsx": [fees, _fee(80, "C1", "S1")], "乙.xlsx": [fees, _fee(81, "C1", "S1")]})
    assert month.tables["fees"].empty
    (told,) = [told for told in month.findings if told.code == "intake.duplicate-key"]
    assert told.count == 2
    assert [sheet.rejected for sheet in month.settled if sheet.table == "fees"] == [1, 1]


@pytest.mark.parametrize(
    ("old", "new", "over", "under"),
    [
        ((-2, None), (-3, None), "加减分 -2", "加减分 -3"),
        ((None, 100), (None, 105), "金额 100.00 元", "金额 105.00 元"),
    ],
)
def test_adjustments_exported_again_are_told(
    tmp_path: Path, old: tuple[Any, Any], new: tuple[Any, Any], over: str, under: str
) -> None:
    def line(points: Any, amount: Any, paper: str = "示联发〔2026〕8号") -> list[Any]:
        return ["M01", "2026-10", "" if points else "扣回", points, amount, "档案不全", paper, "刘主任"]

    month = _month(tmp_path, {"加减分.xlsx": [POINTS, line(*old)], "加减分2.xlsx": [POINTS, line(*new)]})
    (told,) = _again(month)
    assert f"多算了加减分.xlsx「Sheet1」的{over}，或这里的{under}" in told.message
    assert needs_person([told])
    assert not needs_person([told], ["table.event-again 加减分2.xlsx"])
    settled = _month(
        tmp_path / "settled",
        {"加减分.xlsx": [POINTS, line(*old)], "加减分2.xlsx": [POINTS, line(*new, "示联发〔2026〕9号")]},
    )
    assert _again(settled) == []


def test_shares_exported_again_are_told(tmp_path: Path) -> None:
    month = _month(
        tmp_path,
        {"归属.xlsx": [SHARES, ["C1", "存款", "M02", 0.6]], "归属2.xlsx": [SHARES, ["C1", "存款", "M02", 0.4]]},
    )
    (told,) = _again(month)
    assert "业绩分配比例 0.6，或这里的业绩分配比例 0.4" in told.message


def test_visits_exported_again_with_another_customer_are_told(tmp_path: Path) -> None:
    rows = [[DAY + dt.timedelta(days=day), "C1", "M01", "上门"] for day in range(5)]
    wrong, right = [DAY, "C2", "M01", "上门"], [DAY, "C3", "M01", "上门"]
    month = _month(tmp_path, {"走访.xlsx": [VISITS, *rows, wrong], "走访2.xlsx": [VISITS, *rows, right]})
    (told,) = _again(month)
    assert told.code == "table.export-again"
    assert "又有 1 行只在这里，1 行只在那里" in told.message


def test_visits_of_the_year_so_far_hold_those_of_the_month_and_nothing_is_told(tmp_path: Path) -> None:
    rows = [[DAY + dt.timedelta(days=day), "C1", "M01", "上门"] for day in range(5)]
    month = _month(tmp_path, {"走访.xlsx": [VISITS, *rows[:4]], "走访全年.xlsx": [VISITS, *rows]})
    assert _again(month) == []


def test_an_export_with_one_column_more_is_still_the_same(tmp_path: Path) -> None:
    """The second bears the branch too: what both say is compared."""
    rows = [_fee(80), _fee(20, "C2"), _fee(30, "C2")]
    month = _month(
        tmp_path, {"中收.xlsx": [FEES, *rows], "中收2.xlsx": [[*FEES, "机构号"], *([*row, "801001"] for row in rows)]}
    )
    (told,) = _again(month)
    assert "3 行完全相同" in told.message


def test_months_of_their_own_are_not_the_same(tmp_path: Path) -> None:
    files = {
        f"中收{month}月.xlsx": [FEES, [dt.date(2026, month, 5), "C1", "短信费", 2, "M01"]] for month in range(1, 11)
    }
    month = _month(tmp_path, files)
    assert _again(month) == []
    assert month.tables["fees"]["amount"].sum() == 2_000


def test_three_exports_are_told_one_after_the_other(tmp_path: Path) -> None:
    """Each against the one before: what is told adds up to what counts too much."""
    month = _month(tmp_path, {f"中收{n}.xlsx": [FEES, _fee(80 + n)] for n in range(3)})
    told = _again(month)
    assert [("80.00" in found.message, "82.00" in found.message) for found in told] == [(True, False), (False, True)]


def test_what_happened_in_another_year_is_not_told_in_this_period(tmp_path: Path) -> None:
    old = [dt.date(2025, 3, 1), "C1", "代理保险", 80, "M01"]
    month = _month(tmp_path, {"甲.xlsx": [FEES, old], "乙.xlsx": [FEES, [*old[:3], 81, "M01"]]})
    assert _again(month) == []
