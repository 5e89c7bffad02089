"""Who is due, what is planned and why not, and the rates of visits, by hand on a few customers."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest
from pydantic import ValidationError

from kehujingli.periods import Period, day_of
from kehujingli.rules.strategy import Tended
from kehujingli.studies.study import Answer
from kehujingli.studies.visits import Rules, visits

OCTOBER = Period.of("2026-10")
LAST = OCTOBER.last
CELL = {"offer": ("授信",), "aim": "keep"}
STRATEGY = {
    "frequent/large": Tended(who="manager", visit_days=30, channel=("上门", "电话"), **CELL),
    "mobile/medium": Tended(who="manager", visit_days=60, channel=("电话",), **CELL),
    "dormant/small": Tended(who="remote", visit_days=365, channel=("短信",), **CELL),
}
NOTHING: dict[str, Any] = {"visits": None, "holdings": None}


def day(month: int, of_month: int) -> int:
    return day_of(date(2026, month, of_month))


def customer(
    who: str,
    group: str = "frequent/large",
    holder: str | None = "M1",
    stake: int = 100,
    opened: int = 0,
    village: str = "",
) -> dict[str, Any]:
    return {
        "customer_id": who,
        "customer_name": f"甲{who}",
        "customer_type": "person",
        "branch_id": "801001",
        "branch_name": "城关",
        "village": village or None,
        "group": group,
        "holder_id": holder,
        "manager_name": holder and f"经理{holder}",
        "scale_amount": stake,
        "opened_on": opened,
    }


def went(*rows: tuple[str, int, str], planned: bool | None = None) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["customer_id", "date", "way"]).assign(manager_id="M1", planned=planned)
    return frame.astype({"date": "Int64", "planned": "boolean"})


def roster(*who: str, until: int | None = None) -> pd.DataFrame:
    frame = pd.DataFrame({"manager_id": list(who), "name": "甲", "since": 0, "until": until, "status": None})
    return frame.astype({"since": "Int64", "until": "Int64"})


def filed(*rows: tuple[str, int, str | None]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["customer_id", "planned_on", "result"]).assign(manager_id="M1")
    return frame.astype({"planned_on": "Int64", "result": "str"})


def asked(*customers: dict[str, Any], strategy: Any = STRATEGY, rules: Rules | None = None, **tables: Any) -> Answer:
    classes = pd.DataFrame(list(customers)).astype({"opened_on": "Int64", "scale_amount": "Int64"})
    for key in ("village", "holder_id", "manager_name"):
        classes[key] = classes[key].astype("str")
    return visits(classes, **tables, period=OCTOBER, rules=rules or Rules(), strategy=strategy)


def told(answer: Answer, key: str, *columns: str) -> list[tuple[Any, ...]]:
    frame = answer.frames[key][list(columns)].astype("object")
    return [tuple(row) for row in frame.where(frame.notna(), None).itertuples(index=False, name=None)]


def test_due_is_the_last_visit_and_the_cadence_of_the_cell() -> None:
    """30 days after 20 September is 20 October, 11 days before the 31st; 60 after 1 October is 30 November, after the four weeks."""
    some = [customer("A"), customer("B", "mobile/medium"), customer("C", "mobile/medium")]
    record = went(
        ("A", day(9, 1), "上门"), ("A", day(9, 20), "电话"), ("B", day(10, 1), "电话"), ("C", day(9, 15), "电话")
    )
    found = told(asked(*some, visits=record), "visits_due", "customer_id", "due_on", "overdue", "way", "basis")
    assert found == [
        ("A", day(10, 20), 11, "上门", "最近走访"),
        ("C", day(11, 14), None, "电话", "最近走访"),
    ]


def test_who_was_never_visited_is_due_from_his_opening_where_the_record_reaches_back_that_far() -> None:
    """The record begins on 1 September: opened on the 20th, due 30 days later; opened before, nobody knows, due now."""
    some = [customer("A", opened=day(9, 20)), customer("B", opened=day(8, 1)), customer("C")]
    answer = asked(*some, visits=went(("C", day(9, 1), "上门")))
    assert told(answer, "visits_due", "customer_id", "due_on", "overdue", "basis")[:2] == [
        ("A", day(10, 20), 11, "开户"),
        ("B", LAST, None, "没有走访记录"),
    ]


def test_a_visit_after_the_period_is_not_known_yet() -> None:
    later = asked(customer("A"), visits=went(("A", day(9, 20), "上门"), ("A", day(11, 5), "上门")))
    assert told(later, "visits_due", "visited_on", "due_on") == [(day(9, 20), day(10, 20))]


def test_whoever_is_not_planned_is_told_with_the_reason() -> None:
    """One hour on each of the five days of a week: of seven, two have no hour left."""
    some = [customer(f"A{n}", stake=100 + n) for n in range(7)]
    some += [
        customer("B", holder=None),
        customer("C", "dormant/small"),
        customer("D", "dormant/large"),
        customer("E", holder="M9"),
    ]
    rules = Rules(weeks=1, hours=1)
    answer = asked(*some, rules=rules, managers=roster("M1"))
    assert [row[0] for row in told(answer, "visits_plan", "customer_id")] == ["A6", "A5", "A4", "A3", "A2"]
    left = told(answer, "visits_left", "manager_id", "reason", "customers", "hours")
    assert sorted(left, key=str) == [
        ("M1", "cell", 1, None),
        ("M1", "hours", 2, 2.0),
        ("M1", "way", 1, None),
        ("M9", "gone", 1, None),
        (None, "nobody", 1, None),
    ]
    assert any(line.startswith("没有排上：人手不够 2 户，约差 2 小时") for line in answer.lines)


def test_who_finds_no_room_misses_every_visit_of_his_cadence() -> None:
    """Three that want a visit a week for four weeks, an hour each: twelve hours, and one manager has one hour on each of 20 days."""
    weekly = {"frequent/large": STRATEGY["frequent/large"].model_copy(update={"visit_days": 7})}
    some = [customer(f"A{n}", stake=100 - n) for n in range(8)]
    answer = asked(*some, strategy=weekly, rules=Rules(weeks=4, hours=1), managers=roster("M1"))
    placed = len(answer.frames["visits_plan"])
    ((visits_lacking, hours),) = told(answer, "visits_left", "visits", "hours")
    assert (placed, placed + visits_lacking, hours) == (20, 8 * 4, float(visits_lacking))


def test_a_manager_who_leaves_is_planned_to_his_last_day() -> None:
    some = [customer(f"A{n}") for n in range(5)]
    answer = asked(*some, rules=Rules(weeks=1, hours=1), managers=roster("M1", until=day(11, 3)))
    assert [row[0] for row in told(answer, "visits_plan", "planned_on")] == [day(11, 2), day(11, 3)]


def test_the_bank_s_calendar_and_an_unpublished_year() -> None:
    """Five weeks from 30 November 2098 reach into a year of which nothing is known, as the first does; what the bank wrote holds."""
    period = Period.of("2098-11")
    calendar = pd.DataFrame({"date": [period.last + 3], "day_kind": ["work"]})
    classes = pd.DataFrame([customer("A"), customer("B")]).astype({"opened_on": "Int64", "village": "str"})
    answer = visits(classes, calendar=calendar, period=period, rules=Rules(weeks=1), strategy=STRATEGY)
    assert set(answer.frames["visits_plan"]["planned_on"]) == {period.last + 3}
    (found,) = answer.findings
    assert found.code == "study.visits-unpublished"
    assert "2098 年的放假安排未公布，从 2098-12-01 起的 6 天没有排" in found.text


def test_where_no_day_is_known_to_be_worked_it_is_no_lack_of_people() -> None:
    classes = pd.DataFrame([customer("A")]).astype({"opened_on": "Int64", "village": "str"})
    answer = visits(classes, period=Period.of("2098-11"), rules=Rules(), strategy=STRATEGY)
    assert told(answer, "visits_left", "reason", "customers", "hours") == [("days", 1, None)]
    assert [one.code for one in answer.findings] == ["study.visits-unpublished"]


def test_what_was_filed_keeps_its_day_and_what_has_come_back_is_not_planned_again() -> None:
    """B is due last and was filed for the first day; C was filed and has been visited since: 60 days from 30 October."""
    some = [customer("A", stake=9), customer("B", stake=1), customer("C", "mobile/medium")]
    plan = filed(("B", day(11, 2), None), ("C", day(11, 3), None), ("C", day(10, 30), "met"), ("A", day(10, 9), None))
    answer = asked(*some, rules=Rules(weeks=1, hours=1), visit_plan=plan, visits=went(("C", day(10, 30), "电话")))
    found = told(answer, "visits_plan", "customer_id", "planned_on", "kept")
    assert found[0] == ("B", day(11, 2), "沿用")
    assert ("A", day(11, 3), "新排") in found
    assert [one.code for one in answer.findings] == ["study.visits-silent"]


def test_a_copy_of_the_form_that_came_back_settles_the_empty_one() -> None:
    plan = filed(
        ("A", day(11, 9), None), ("A", day(11, 9), None), ("B", day(11, 10), None), ("B", day(11, 10), "postponed")
    )
    answer = asked(customer("A"), customer("B"), visit_plan=plan)
    kept = {row[0]: row[1:] for row in told(answer, "visits_plan", "customer_id", "planned_on", "kept")}
    assert kept["A"] == (day(11, 9), "沿用")
    assert kept["B"][1] == "新排"
    assert any("以前排的 1 次里沿用 1 次" in line for line in answer.lines)


def test_the_order_of_rows_changes_nothing() -> None:
    some = [customer(f"A{n}", stake=n % 3, village="东西南"[n % 3], holder=f"M{n % 2}") for n in range(20)]
    record = went(*((f"A{n}", day(10, 1 + n), "上门") for n in range(20)))
    one = asked(*some, visits=record, rules=Rules(hours=2))
    other = asked(*reversed(some), visits=record.iloc[::-1], rules=Rules(hours=2))
    for key, frame in one.frames.items():
        pd.testing.assert_frame_equal(frame.reset_index(drop=True), other.frames[key].reset_index(drop=True))


def test_without_a_strategy_nothing_is_planned_and_it_is_said() -> None:
    answer = asked(customer("A"), strategy=None, visits=went(("A", day(10, 20), "上门")))
    assert answer.frames["visits_plan"].empty
    assert [one.code for one in answer.findings] == ["study.visits-no-strategy"]
    assert told(answer, "visits_ways", "way", "visits") == [("上门", 1)]


def test_a_visit_longer_than_the_day_is_refused_in_the_rules() -> None:
    with pytest.raises(ValidationError, match="minutes"):
        Rules(hours=1, minutes={"上门": 90})


def test_the_share_of_active_visits_leaves_out_who_came_himself_and_what_nobody_wrote() -> None:
    """October: 上门 2, 电话 1, 到店 1, one without a way; September's is not the month's. Active 3 of the 4 that say."""
    rows = [("A", "上门"), ("B", "上门"), ("C", "电话"), ("D", "到店"), ("E", "")]
    record = pd.concat(
        [
            went(*((who, day(10, 5), way) for who, way in rows[:2]), planned=True),
            went(*((who, day(10, 6), way) for who, way in rows[2:])),
            went(("A", day(9, 6), "上门")),
        ]
    )
    answer = asked(*(customer(who) for who, _ in rows), visits=record)
    found = told(answer, "visits_ways", "way", "active", "visits", "planned", "unplanned", "unsaid")
    assert set(found) == {
        ("上门", True, 2, 2, 0, 0),
        ("电话", True, 1, 0, 0, 1),
        ("到店", False, 1, 0, 0, 1),
        (None, False, 1, 0, 0, 1),
    }
    assert "本月走访 5 次，主动走访率 75.00%（3 ÷ 4）" in answer.lines


def test_coverage_is_of_customers_held_by_manager_and_cell() -> None:
    """Of M1's three large ones A was visited in October, B 31 days before the month's end (more than 30), C never; M2 holds one."""
    some = [
        customer("A"),
        customer("B"),
        customer("C"),
        customer("D", "mobile/medium", "M2"),
        customer("E", holder=None),
    ]
    record = went(
        ("A", day(10, 20), "上门"), ("A", day(10, 21), "上门"), ("B", day(9, 30), "上门"), ("D", day(9, 30), "电话")
    )
    answer = asked(*some, visits=record)
    columns = ("manager_id", "group", "held", "visited", "in_cadence")
    assert told(answer, "visits_coverage", *columns) == [
        ("M1", "frequent/large", 3, 1, 1),
        ("M2", "mobile/medium", 1, 0, 1),
    ]


def test_what_was_signed_after_visits_against_who_was_not_visited() -> None:
    """Visits on 1 and 11 September (30 days are over); A signed on the 30th day after, B on the 31st. Of the two never visited, C signed on
    5 September: within 30 days after 1 September, before the 11th. So 1 of 2 against the mean of 1 of 2 and 0 of 2."""
    some = [customer(who) for who in "ABCD"]
    record = went(("A", day(9, 1), "上门"), ("B", day(9, 11), "上门"), ("B", day(10, 20), "上门"))
    signed = pd.DataFrame(
        {"customer_id": ["A", "B", "C", "C"], "signed_on": [day(9, 1) + 30, day(9, 11) + 31, day(9, 5), day(9, 6)]}
    ).astype({"signed_on": "Int64"})
    answer = asked(*some, visits=record, holdings=signed)
    columns = ("group", "visits", "signed", "rate", "unvisited", "base", "lift")
    found = {row[0]: row[1:] for row in told(answer, "visits_signing", *columns)}
    assert found["frequent/large"] == found["合计"] == (2, 1, 0.5, 2, 0.25, 0.25)
    assert found["dormant/small"] == (0, 0, None, 0, None, None)
