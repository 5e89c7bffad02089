"""Who has looked after a customer for so many years gives her up where somebody else can take her, and it is said of those who stay."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from rosters import FIRST, RULES, county, customers, managers, person

from kehujingli.assign import Plan, assign
from kehujingli.periods import date_of, day_of
from kehujingli.rules import AssignRules
from kehujingli.tables.frames import complete
from kehujingli.tables.tenure import Plan as Committed
from kehujingli.tables.tenure import held_since

FIVE = RULES.model_copy(update={"rotate_years": 5})
BEGINS = date_of(FIRST)
LONG = day_of(BEGINS.replace(year=BEGINS.year - 5))
"""Five years before the plan's first day, to the day."""
TWO = managers(person("A"), person("B"))


def _plan(people: pd.DataFrame, staff: pd.DataFrame, since: list[int | None], rules: AssignRules = FIVE) -> Plan:
    given = county(people.assign(held_since=pd.array(since, dtype="Int64")), staff)
    return assign(given.customers, given.managers, given.grids, rules, FIRST)


def _who(plan: Plan) -> list[str]:
    return list(plan.customers["assigned_manager"])


def _told(plan: Plan) -> dict[str, int]:
    return {one.code: one.count for one in plan.findings}


@pytest.mark.parametrize("moves", ["forced", "rebalance"])
def test_after_five_years_to_the_day_she_is_given_to_another(moves: str) -> None:
    plan = _plan(
        customers(("801001", "A"), ("801001", "A")), TWO, [LONG, LONG + 1], FIVE.model_copy(update={"moves": moves})
    )
    assert plan.customers["reason"].iloc[0] == "调整，原管户经理 A 轮岗（已管 5 年）：本社在岗、负荷合适"
    assert _who(plan) == ["B", "A"]
    assert plan.customers["undo_cost"].tolist() == [0, 0]
    assert (plan.objective, plan.bound) == (0, 0)


def test_nobody_is_rotated_where_the_rules_do_not_say_so() -> None:
    assert _who(_plan(customers(("801001", "A")), TWO, [LONG], RULES)) == ["A"]


def test_who_finds_no_room_elsewhere_stays_and_is_told() -> None:
    """A medium customer is two households: B is full with her own."""
    plan = _plan(
        customers(("801001", "A"), ("801001", "B")), managers(person("A"), person("B", capacity=2)), [LONG, FIRST]
    )
    assert _who(plan) == ["A", "B"]
    assert plan.customers["reason"].iloc[0] == "已管 5 年该轮岗，没有别人接得下，原管户经理继续管户"
    assert _told(plan) == {"assign.rotate-kept": 1}


def test_two_who_are_full_change_places() -> None:
    staff = managers(person("A", capacity=2), person("B", capacity=2))
    assert _who(_plan(customers(("801001", "A"), ("801001", "B")), staff, [LONG, LONG])) == ["B", "A"]


def test_a_customer_without_a_manager_comes_before_rotation() -> None:
    """B has room for one. The loan of the new one is above A's authority, so B takes her, and A's stays."""
    staff = managers(person("A", authority=100_00), person("B", capacity=2))
    people = customers(("801001", "A"), ("801001", None, "medium", 500_000_00))
    assert _who(_plan(people, staff, [LONG, None])) == ["A", "B"]


def test_the_longest_go_first_and_of_equal_ones_the_first_number_so_many_of_a_manager() -> None:
    plan = _plan(
        customers(*[("801001", "A")] * 4),
        TWO,
        [LONG, LONG - 400, LONG, LONG],
        FIVE.model_copy(update={"rotate_most": 2}),
    )
    assert _who(plan) == ["B", "B", "A", "A"]
    assert "已管 6 年" in plan.customers["reason"].iloc[1]
    assert _told(plan) == {"assign.rotate-later": 2}


def test_whom_nobody_else_may_have_takes_no_place_from_those_who_can_go() -> None:
    """The loan is above B's authority: she stays for ever, and the limit of one is the other's."""
    staff = managers(person("A"), person("B", authority=100_00))
    people = customers(("801001", "A", "medium", 500_000_00), ("801001", "A"))
    plan = _plan(people, staff, [LONG - 400, LONG], FIVE.model_copy(update={"rotate_most": 1}))
    assert _who(plan) == ["A", "B"]
    assert _told(plan) == {"assign.rotate-kept": 1}


def test_without_a_date_nobody_is_forced_and_it_is_said() -> None:
    plan = _plan(customers(("801001", "A"), ("801001", None)), TWO, [None, None])
    assert plan.customers["move"].tolist() == ["kept", "new"]
    assert _told(plan) == {"assign.rotate-unknown": 1}


def _claims(*rows: tuple[str, int | None, int | None]) -> pd.DataFrame:
    table = pd.DataFrame(
        [
            {
                "customer_id": "C0",
                "line": "all",
                "manager_id": who,
                "valid_from": first,
                "valid_to": last,
                "part": 0,
                "row": n,
            }
            for n, (who, first, last) in enumerate(rows)
        ],
        columns=["customer_id", "line", "manager_id", "valid_from", "valid_to", "part", "row"],
    )
    return complete("attributions", table.astype({"valid_from": "Int64", "valid_to": "Int64"}))


@pytest.mark.parametrize(
    ("rows", "since"),
    [
        ([("A", 100, None)], 100),
        ([("A", 100, 199), ("A", 200, None)], 100),
        ([("A", 100, 198), ("A", 200, None)], 200),
        ([("B", 100, 199), ("A", 200, None)], 200),
        ([("A", None, None)], None),
        ([("A", 100, 150)], None),
        ([], None),
    ],
)
def test_a_holder_is_known_to_have_her_since_the_first_of_the_rows_without_a_gap(
    rows: list[tuple[str, int | None, int | None]], since: int | None
) -> None:
    assert held_since({"C0": "A"}, _claims(*rows), [], 300).get("C0") == since


def test_a_plan_says_since_when_and_one_that_keeps_her_is_no_new_beginning() -> None:
    plans = [Committed(100, {"C0": "B"}), Committed(200, {"C0": "A"}), Committed(250, {"C0": "A"})]
    assert held_since({"C0": "A"}, _claims(), plans, 300) == {"C0": 200}
    assert held_since({"C0": "B"}, _claims(), plans, 300) == {}
    assert dt.date(1970, 1, 1).toordinal() + LONG == dt.date(2019, 10, 4).toordinal()
