"""Of which day is a picture? The titles tell, and the day on which somebody printed the list is none."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from months import CUSTOMERS, TRANSACTIONS, codes, customer, post, reckon, workspace

from kehujingli.intake.sheets.titles import in_figures, title_day
from kehujingli.periods import day_of

OCTOBER = dt.date(2026, 10, 31)


@pytest.mark.parametrize(
    "titles",
    [
        ["截至2026年10月31日"],
        ["制表日期 2026-11-05 数据日期 2026-10-31"],
        ["数据日期：20261031", "导出时间：2026-11-05 14:03"],
        ["打印日期：", "2026-11-03", "报表日期：", "2026-10"],
        ["日期：2026年10月31日 打印日期：2026年11月3日"],
        ["2026年10月存款余额表", "打印日期：2026年11月3日"],
        ["2026年10月31日存款表　制表：张三 2026年11月5日"],
        ["2026-10-31", "2026-11-03打印"],
        ["截至2026年10月31日 制表日期：2026年11月5日"],
        ["统计期间：2026年1月1日至2026年10月31日"],
        ["统计日期：2026-01-01至2026-10-31 编制日期：2026-11-05"],
        ["查询日期：2026-10-01至2026-10-31"],
        ["某农商行导出报表 2026年10月31日", "打印人：李四"],
        ["截至二〇二六年十月三十一日"],
        ["二○二六年十月存款余额表", "打印日期：二〇二六年十一月三日"],
    ],
)
def test_the_day_of_a_picture_is_the_one_it_states(titles: list[str]) -> None:
    assert title_day(titles) == day_of(OCTOBER)


@pytest.mark.parametrize("word", ["打印日期", "制表日期", "编制日期", "导出时间", "填报日期"])
def test_the_day_on_which_a_list_was_made_is_never_the_picture_s(word: str) -> None:
    assert title_day([f"{word}：2026年11月3日"]) is None


@pytest.mark.parametrize(
    ("written", "figures"),
    [
        ("二〇二〇年二月二十九日", "2020年2月29日"),
        ("二零一九年十二月十日", "2019年12月10日"),
        ("二〇二六年", "2026年"),
        ("十月三日", "十月三日"),
    ],
)
def test_days_written_in_words(written: str, figures: str) -> None:
    assert in_figures(written) == figures


def test_a_book_printed_later_is_the_period_s_own(tmp_path: Path) -> None:
    titles = [["客户信息表"], ["打印日期：2026-11-03"]]
    files = {
        "客户_20261031.xlsx": [*titles, CUSTOMERS, customer("C1")],
        "流水.xlsx": [TRANSACTIONS, post(OCTOBER, "C1", 1)],
    }
    month = reckon(workspace(tmp_path, files), "2026-10")
    assert list(month.tables["customers"]["customer_id"]) == ["C1"]
    assert codes(month) & {"table.snapshot-later", "table.snapshot-undated"} == set()
