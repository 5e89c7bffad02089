"""关怀 reckoned by hand: the days after 31 October 2026, and the end of a February."""

from __future__ import annotations

import sys
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest

from kehujingli.periods import Period, date_of, day_of
from kehujingli.studies.care import Rules, care
from kehujingli.studies.customers.lunar import Lunar
from kehujingli.studies.study import Answer

OCTOBER, JANUARY = Period.of("2026-10"), Period.of("2027-01")


def day(text: str | None) -> int | None:
    return None if text is None else day_of(date.fromisoformat(text))


def classes(*rows: tuple[str, str, str | None, str | None]) -> pd.DataFrame:
    """``rows``: customer, type, born, opened."""
    made = [
        (who, f"客户{who}", kind, "801001", "东关", "M1", "张三", "frequent/small", day(born), day(opened))
        for who, kind, born, opened in rows
    ]
    columns = "customer_id customer_name customer_type branch_id branch_name holder_id manager_name group birth_date opened_on"
    frame = pd.DataFrame(made, columns=columns.split())
    return frame.astype({"birth_date": "Int64", "opened_on": "Int64"})


def ask(people: pd.DataFrame, period: Period = OCTOBER, rules: Rules | None = None, **given: Any) -> Answer:
    return care(people, period=period, rules=rules or Rules(), **given)


def coming(told: Answer, matter: str) -> list[tuple[str, str]]:
    rows = told.frames["care"]
    rows = rows[rows["matter"] == matter]
    return [(who, str(date_of(on))) for who, on in zip(rows["customer_id"], rows["day"], strict=True)]


def test_birthdays_of_adults_of_the_next_days_in_their_order() -> None:
    """Thirty days from 1 to 30 November. C turns 18 on the 20th and is listed, D turns 17 and is not; a firm has no birthday."""
    told = ask(
        classes(
            ("A", "person", "1980-11-30", None),
            ("B", "sole_trader", "1980-11-01", None),
            ("C", "person", "2008-11-20", None),
            ("D", "person", "2009-11-20", None),
            ("E", "person", "1980-10-31", None),
            ("F", "person", "1980-12-01", None),
            ("G", "business", "1980-11-10", None),
        )
    )
    assert coming(told, "birthday") == [("B", "2026-11-01"), ("C", "2026-11-20"), ("A", "2026-11-30")]
    assert told.frames["care_managers"]["birthday"].tolist() == [3]


def test_who_was_born_on_29_february_has_a_birthday_every_year() -> None:
    people = classes(("A", "person", "1988-02-29", None))
    assert coming(ask(people, JANUARY), "birthday") == [("A", "2027-02-28")]
    assert coming(ask(people, JANUARY, Rules(leap_day="03-01")), "birthday") == [("A", "2027-03-01")]
    assert coming(ask(people, Period.of("2028-01")), "birthday") == [("A", "2028-02-29")]


def test_over_the_new_year_and_for_as_many_days_as_are_asked() -> None:
    people = classes(("A", "person", "1980-01-03", "2020-12-31"))
    assert coming(ask(people, Period.of("2026-12"), days=3), "birthday") == [("A", "2027-01-03")]
    assert coming(ask(people, Period.of("2026-12"), days=2), "birthday") == []
    assert coming(ask(people, Period.of("2026-12"), days=365), "anniversary") == [("A", "2027-12-31")]


def test_anniversaries_are_of_whole_years_and_every_so_many() -> None:
    people = classes(
        ("A", "business", None, "2016-11-05"), ("B", "person", None, "2021-11-06"), ("C", "person", None, "2026-10-05")
    )
    told = ask(people, days=400)
    rows = told.frames["care"].set_index("customer_id")
    assert rows.loc["A", "years"].tolist() == [10, 11]
    assert coming(ask(people), "anniversary") == [("A", "2026-11-05"), ("B", "2026-11-06")]
    assert coming(ask(people, rules=Rules(every=10)), "anniversary") == [("A", "2026-11-05")]


def test_what_matures_stands_apart_from_what_is_past_due() -> None:
    people = classes(("A", "person", None, None))
    accounts = pd.DataFrame(
        [
            ("D1", "A", "2026-11-10", 100),
            ("D2", "A", "2026-10-31", 200),
            ("D3", "A", "2026-11-10", 0),
            ("D4", "X", "2026-11-10", 5),
        ],
        columns=["account_id", "customer_id", "matures_on", "balance"],
    )
    loans = pd.DataFrame(
        [
            ("L1", "A", "2026-11-09", 300, "on_book", 0),
            ("L2", "A", "2026-09-30", 400, None, None),
            ("L3", "A", "2026-11-09", 500, "written_off", 0),
            ("L4", "A", "2030-01-01", 600, "on_book", 5),
        ],
        columns=["loan_id", "customer_id", "due_on", "balance", "status", "overdue_days"],
    )
    accounts["matures_on"] = pd.array([day(on) for on in accounts["matures_on"]], "Int64")
    loans["overdue_days"] = loans["overdue_days"].astype("Int64")
    loans["due_on"] = pd.array([day(on) for on in loans["due_on"]], "Int64")
    told = ask(people, accounts=accounts, loans=loans)
    assert told.frames["care"]["number"].tolist() == ["L1", "D1"], (
        "X is no customer of the month, L3 is written off, D3 is empty"
    )
    past = told.frames["care_past"]
    assert list(zip(past["matter"], past["number"], past["amount"], strict=True)) == [
        ("loan_past", "L2", 400),
        ("deposit_past", "D2", 200),
        ("loan_past", "L4", 600),
    ]
    assert told.lines[1] == "以前的：存款已过到期日 1 笔，贷款已逾期 2 笔"


def test_a_birth_that_cannot_be_is_told_and_left_out() -> None:
    told = ask(classes(("A", "person", "1900-11-10", None), ("B", "person", "2027-11-10", None)))
    (found,) = told.findings
    assert (found.code, found.count) == ("study.care-birth", 2)
    assert not len(told.frames["care"])


def test_the_farmers_new_year_is_turned_into_its_day_by_the_package() -> None:
    """In 2027 it is 6 February, 元宵节 two weeks later."""
    pytest.importorskip("lunar_python")
    told = ask(classes(), JANUARY, Rules(festivals=("元宵节", "春节", "中秋节")))
    feasts = told.frames["care_festivals"]
    assert list(zip(feasts["festival"], map(date_of, feasts["day"]), strict=True)) == [
        ("春节", date(2027, 2, 6)),
        ("元宵节", date(2027, 2, 20)),
    ]


FARMERS = Rules(lunar=("farmer",))


def farmers(*born: str) -> pd.DataFrame:
    people = classes(
        *((f"F{place}", "person", day, None) for place, day in enumerate(born)), ("T", "person", born[0], None)
    )
    return people.assign(customer_group=["farmer"] * len(born) + ["resident"])


def test_whom_the_rules_name_has_his_birthday_by_the_farmers_calendar() -> None:
    """17 November 1980 was 十月初十, in 2026 18 November; 25 November 1984 was 闰十月初三, 2026 has no such month, and 十月初三 is 11 November. Of a
    townsman the month and day of the sun count."""
    pytest.importorskip("lunar_python")
    told = ask(farmers("1980-11-17", "1984-11-25"), rules=FARMERS)
    assert coming(told, "birthday") == [("F1", "2026-11-11"), ("T", "2026-11-17"), ("F0", "2026-11-18")]
    assert told.frames["care"]["lunar"].tolist() == ["十月初三", "十月初九", "十月初十"]
    assert not told.findings


@pytest.mark.parametrize(
    ("leap_month", "months", "on"), [("month", "2025-05", "2025-06-29"), ("leap", "2025-06", "2025-07-29")]
)
def test_who_is_of_a_leap_month_has_it_where_the_rules_say(leap_month: Any, months: str, on: str) -> None:
    """30 July 1987 was 闰六月初五. In 2025 六月 began on 25 June and 闰六月 on 25 July."""
    pytest.importorskip("lunar_python")
    rules = Rules(lunar=("farmer",), leap_month=leap_month)
    found = {
        month: coming(ask(farmers("1987-07-30"), Period.of(month), rules), "birthday")
        for month in ("2025-05", "2025-06")
    }
    assert [("F0", on) in found[month] for month in found] == [month == months for month in found]


def test_the_last_of_a_long_month_is_the_last_of_a_short_one_and_age_goes_by_the_sun() -> None:
    """24 January 1982 was 腊月三十, the day before the new year; 腊月 of 2025 has 29 days and ends on 16 February 2026. 18 are over by the sun alone."""
    pytest.importorskip("lunar_python")
    told = ask(farmers("1982-01-24"), Period.of("2026-01"), FARMERS)
    assert coming(told, "birthday") == [("F0", "2026-02-16")]
    young = farmers("2008-03-20")  # 二月十三: on 31 March 2026, eleven days after her eighteenth birthday
    assert ("F0", "2026-03-31") in coming(
        ask(young, Period.of("2026-02"), Rules(lunar=("farmer",), days=31)), "birthday"
    )
    younger = farmers("2008-04-20")  # 三月十五: on 1 May 2026; in 2025, a year too early, on 12 April
    assert ("F0", "2025-04-12") not in coming(ask(younger, Period.of("2025-03"), FARMERS), "birthday")


def test_months_and_days_of_the_farmers_calendar_are_those_of_the_package_day_by_day() -> None:
    solar = pytest.importorskip("lunar_python").Solar
    calendar = Lunar.of(range(1949, 2028))
    assert calendar is not None
    for day in range(-7000, 20_000, 397):
        when = date_of(day)
        lunar = solar.fromYmd(when.year, when.month, when.day).getLunar()
        (year,), (month,), (number,) = calendar.told(np.array([day]))
        assert (year, month, number) == (lunar.getYear(), lunar.getMonth(), lunar.getDay())
        assert calendar.says(day) == f"{lunar.getMonthInChinese()}月{lunar.getDayInChinese()}"


def test_without_the_package_it_is_said_and_only_where_the_rules_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "lunar_python", None)
    assert ask(classes(), JANUARY).findings == []
    (found,) = ask(classes(), JANUARY, Rules(festivals=("春节",))).findings
    assert found.code == "study.care-no-lunar"
    assert "春节" in found.message
    told = ask(farmers("1980-11-17"), rules=FARMERS)
    assert "农历生日" in told.findings[0].message
    assert coming(told, "birthday") == [("F0", "2026-11-17"), ("T", "2026-11-17")]
