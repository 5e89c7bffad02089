"""Is nobody given a customer, or a village, that she is to avoid on the plan's first day, and is it said why?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
from rosters import FIRST, RULES, county, customers, managers, person

from kehujingli.assign import Plan, assign
from kehujingli.assign.prices import prices
from kehujingli.rules import AssignRules
from kehujingli.tables.frames import complete

HOME = RULES.model_copy(update={"home_village": True})


def _conflicts(*rows: dict[str, Any]) -> pd.DataFrame:
    table = pd.DataFrame([{"part": 0, "row": number, "reason": "配偶", **row} for number, row in enumerate(rows)])
    return complete("conflicts", table)


def _plan(people: pd.DataFrame, staff: pd.DataFrame, rows: pd.DataFrame | None, rules: AssignRules = RULES) -> Plan:
    given = county(people, staff)
    return assign(given.customers, given.managers, given.grids, rules, FIRST, conflicts=rows)


def _told(plan: Plan) -> list[tuple[str | None, str]]:
    return list(zip(plan.customers["assigned_manager"], plan.customers["reason"], strict=True))


TWO = managers(person("A"), person("B"))


def test_a_holder_who_is_to_avoid_a_customer_gives_her_up_with_the_reason() -> None:
    plan = _plan(customers(("801001", "A"), ("801001", "A")), TWO, _conflicts({"manager_id": "A", "customer_id": "C0"}))
    assert _told(plan) == [
        ("B", "调整，原管户经理 A 回避：配偶：本社在岗、负荷合适"),
        ("A", "原管户经理继续管户"),
    ]
    assert plan.customers["undo_cost"].tolist() == [0, 0]


def test_a_new_customer_is_given_to_nobody_who_is_to_avoid_her_however_much_room_there_is() -> None:
    staff = managers(person("A", capacity=100), person("B", capacity=2))
    plan = _plan(customers(("801001", None)), staff, _conflicts({"manager_id": "A", "customer_id": "C0"}))
    assert plan.customers["assigned_manager"].tolist() == ["B"]


@pytest.mark.parametrize(
    ("days", "who"),
    [
        ({"valid_from": FIRST, "valid_to": FIRST}, "B"),
        ({"valid_from": FIRST + 1}, "A"),
        ({"valid_to": FIRST - 1}, "A"),
        ({}, "B"),
    ],
)
def test_a_conflict_holds_from_its_first_day_to_its_last(days: dict[str, int], who: str) -> None:
    rows = _conflicts({"manager_id": "A", "customer_id": "C0"}).assign(**days).astype(dict.fromkeys(days, "Int64"))
    assert _plan(customers(("801001", "A")), TWO, rows).customers["assigned_manager"].tolist() == [who]


def test_a_village_is_avoided_as_a_whole_and_a_named_customer_alone() -> None:
    people = customers(*[("801001", "A")] * 3).assign(village=["李家村", "李家村", "王家村"])
    village = _conflicts({"manager_id": "A", "village": "李家村", "reason": "籍贯"})
    assert _plan(people, TWO, village).customers["assigned_manager"].tolist() == ["B", "B", "A"]
    one = _conflicts({"manager_id": "A", "village": "李家村", "customer_id": "C0"})
    assert _plan(people, TWO, one).customers["assigned_manager"].tolist() == ["B", "A", "A"]


def test_where_everybody_is_to_avoid_her_she_is_left_and_it_is_said_why() -> None:
    rows = _conflicts(
        {"manager_id": "A", "customer_id": "C0"}, {"manager_id": "B", "customer_id": "C0", "reason": "父子"}
    )
    plan = _plan(customers(("801001", "A", "medium", 500_000_00)), TWO, rows)
    assert plan.customers[["move", "missing"]].to_numpy().tolist() == [["unassigned", "conflict"]]
    assert _told(plan) == [(None, "回避：A 配偶、B 父子")]
    assert [found.code for found in plan.findings] == ["assign.all-avoid", "assign.borrower-unmanaged"]


def test_a_manager_without_the_authority_is_not_among_those_who_avoid() -> None:
    staff = managers(person("A", authority=900_000_00), person("B", authority=100_00))
    rows = _conflicts(
        {"manager_id": "A", "customer_id": "C0"}, {"manager_id": "B", "customer_id": "C0", "reason": "父子"}
    )
    plan = _plan(customers(("801001", "A", "medium", 500_000_00)), staff, rows)
    assert _told(plan) == [(None, "回避：A 配偶")]


def test_the_home_village_is_avoided_only_where_the_rules_say_so() -> None:
    people = customers(("801001", "A"), ("801001", "A")).assign(village=["李家村", "王家村"])
    staff = managers(person("A", village_home="李家村"), person("B"))
    assert _plan(people, staff, None).customers["assigned_manager"].tolist() == ["A", "A"]
    assert _told(_plan(people, staff, None, HOME)) == [
        ("B", "调整，原管户经理 A 回避：籍贯村：本社在岗、负荷合适"),
        ("A", "原管户经理继续管户"),
    ]


def test_freezing_a_customer_to_a_manager_who_is_to_avoid_her_is_refused() -> None:
    given = county(customers(("801001", "B")), TWO)
    rows = _conflicts({"manager_id": "A", "customer_id": "C0"})
    plan = assign(given.customers, given.managers, given.grids, RULES, FIRST, frozen={"C0": "A"}, conflicts=rows)
    assert plan.customers["assigned_manager"].tolist() == ["B"]
    assert plan.findings[0].message.startswith("客户 C0 冻结给 A 做不到：回避：配偶。")


def test_room_that_only_who_is_to_avoid_her_has_is_worth_nothing() -> None:
    """B is full with one; A has room, but is to avoid C0. One more for A serves nobody, one more for B serves one."""
    staff = managers(person("A", capacity=5), person("B", capacity=2))
    people = customers(("801001", "B"), ("801001", None))
    rows = _conflicts(*[{"manager_id": "A", "customer_id": who} for who in ("C0", "C1")])
    given = replace(county(people, staff), conflicts=rows)
    served = {one.manager: one.served for one in prices(given, RULES, FIRST) if one.manager}
    assert served == {"A": 0, "B": 0}
    tight = replace(given, managers=managers(person("A", capacity=5), person("B", capacity=3)))
    assert {one.manager: one.served for one in prices(tight, RULES, FIRST) if one.manager} == {"A": 0, "B": 1}


def test_a_home_that_is_no_village_of_a_customer_is_told_where_it_counts() -> None:
    """A's is a customer's village, B's is a province, C has none, and D is not on duty."""
    people = customers(("801001", "B")).assign(village=["李家村"])
    staff = managers(
        person("A", village_home="李家村"),
        person("B", village_home="河南"),
        person("C"),
        person("D", until=FIRST - 1),
    )
    found = {one.code: one.count for one in _plan(people, staff, None, HOME).findings}
    assert found == {"assign.home-unknown": 2}
    assert _plan(people, staff, None).findings == ()
    bare = staff.drop(columns="village_home")
    assert {one.code: one.count for one in _plan(people, bare, None, HOME).findings} == {"assign.home-unknown": 3}
