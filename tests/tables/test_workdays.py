"""Which days are worked on: the bank's own calendar, then the published one, and nothing where neither speaks."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from months import CUSTOMERS, TRANSACTIONS, customer, post, reckon, workspace

from kehujingli.periods import day_of
from kehujingli.tables.workdays import WorkingDays

UNKNOWN = 2099
"""A year that nobody will have published for long."""


def told(*rows: tuple[date, str]) -> WorkingDays:
    return WorkingDays.of(pd.DataFrame([(day_of(day), kind) for day, kind in rows], columns=["date", "day_kind"]))


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 10, 9), True),  # a Friday
        (date(2026, 10, 7), False),  # a Wednesday of 国庆
        (date(2026, 10, 10), True),  # a Saturday worked for it
        (date(2026, 10, 11), False),  # a Sunday
        (date(UNKNOWN, 3, 2), None),  # a Monday of which nobody has spoken
    ],
)
def test_the_published_calendar_and_nothing_beyond(day: date, works: bool | None) -> None:
    assert WorkingDays().works(day_of(day)) is works


def test_the_bank_s_own_calendar_wins_and_holds_for_its_day_only() -> None:
    own = told((date(2026, 10, 9), "rest"), (date(2026, 10, 11), "work"), (date(UNKNOWN, 3, 2), "work"))
    assert own.works(day_of(date(2026, 10, 9))) is False
    assert own.works(day_of(date(2026, 10, 11))) is True
    assert own.works(day_of(date(2026, 10, 8))) is True
    assert own.works(day_of(date(UNKNOWN, 3, 2))) is True
    assert own.works(day_of(date(UNKNOWN, 3, 3))) is None


def test_a_year_written_down_is_monday_to_friday_but_for_its_rows() -> None:
    whole = told((date(UNKNOWN, 1, 1), "rest"), (date(UNKNOWN, 10, 1), "rest"), (date(UNKNOWN, 3, 7), "work"))
    assert [whole.works(day_of(date(UNKNOWN, 3, day))) for day in (6, 7, 8, 9)] == [True, True, False, True]
    assert whole.unpublished(day_of(date(UNKNOWN, 12, 30)), day_of(date(UNKNOWN + 1, 1, 2))) == [
        day_of(date(UNKNOWN + 1, 1, day)) for day in (1, 2)
    ]


def test_a_day_of_which_it_says_both_is_left_to_the_published_one() -> None:
    both = told((date(2026, 10, 7), "rest"), (date(2026, 10, 7), "work"))
    assert both.works(day_of(date(2026, 10, 7))) is False


def test_seven_working_days_over_the_national_day() -> None:
    """2026: 30 September is a Wednesday; 8, 9, 10 (Saturday), 12, 13, 14, 15 October are worked on."""
    assert WorkingDays().after(day_of(date(2026, 9, 30)), 7) == day_of(date(2026, 10, 15))
    assert WorkingDays().after(day_of(date(2026, 10, 3)), 0) == day_of(date(2026, 10, 3))
    assert WorkingDays().after(day_of(date(UNKNOWN, 1, 5)), 1) is None


def test_a_day_told_twice_otherwise_is_told_by_its_cell(tmp_path: Path) -> None:
    calendar = [["日期", "类别", "说明"], [date(2026, 10, 9), "休息日", ""], [date(2026, 10, 9), "上班", ""]]
    files = {
        "客户信息.xlsx": [CUSTOMERS, customer("C1")],
        "流水.xlsx": [TRANSACTIONS, post(date(2026, 10, 31), "C1", 1)],
        "工作日历.xlsx": calendar,
    }
    month = reckon(workspace(tmp_path, files), "2026-10")
    assert list(month.tables["calendar"]["day_kind"]) == ["rest", "work"]
    (found,) = [one for one in month.findings if one.code == "table.day-twice"]
    assert (found.file, found.cell, found.count) == ("工作日历.xlsx", "B2", 2)
