"""关怀 reckoned by hand: the days after 31 October 2026, and the end of a February."""

from __future__ import annotations

import sys
from datetime import date
from typing import Any

import pandas as pd
import pytest

from kehujingli.periods import Period, date_of, day_of
from kehujingli.studies.care import Rules, care
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


def test_without_the_package_it_is_said_and_only_where_the_rules_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "lunar_python", None)
    assert ask(classes(), JANUARY).findings == []
    (found,) = ask(classes(), JANUARY, Rules(festivals=("春节",))).findings
    assert found.code == "study.care-no-lunar"
    assert "春节" in found.message
