"""Are managers evenly loaded by what is asked, within their limits, and nobody left out for it?"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pandas as pd
import pytest
from rosters import FIRST, RULES, customers, managers, person

from kehujingli.assign import assign
from kehujingli.tables.frames import empty

FREE = RULES.model_copy(update={"moves": "rebalance", "borrowers": True})


def _of(people: pd.DataFrame, balance: str | None, limits: Mapping[str, int] | None = None) -> dict[str, list[str]]:
    """Manager → her customers."""
    staff = managers(*(person(who, capacity=limit) for who, limit in (limits or {"A": 50, "B": 50}).items()))
    plan = assign(people, staff, empty("grids"), FREE, FIRST, None, None, balance)
    assert (plan.customers["move"] != "unassigned").all()
    return {str(who): sorted(rows) for who, rows in plan.customers.groupby("assigned_manager")["customer_id"]}


def test_households_are_halved_where_loads_would_set_one_against_three() -> None:
    """5 and 2, 2, 2 折算户: by load 5 and 6, by households two each."""
    people = customers(("801001", None, "large"), *[("801001", None)] * 3)
    assert sorted(map(len, _of(people, None).values())) == [1, 3]
    assert sorted(map(len, _of(people, "customers").values())) == [2, 2]


@pytest.mark.parametrize(("measure", "column"), [("deposits", "average_deposit"), ("loans", "loan_balance")])
def test_money_is_halved(measure: str, column: str) -> None:
    """100 and 60, 40 of six customers of one load: whoever has the 100 has neither of the others."""
    people = customers(*[("801001", None)] * 6)
    cents = pd.Series([100, 60, 40, 0, 0, 0], dtype="Int64") * 1_000_000
    people = people.assign(average_deposit=pd.array([0] * 6, "Int64")).assign(**{column: cents})
    held = _of(people, measure)
    by = people.set_index("customer_id")[column]
    assert [sum(by[who] for who in held[one]) for one in "AB"] == [100_000_000] * 2


def test_a_whole_village_counts_one_however_many_live_there() -> None:
    people = customers(*[("801001", None)] * 4).assign(village=["东村", "东村", "东村", "西村"])
    assert sorted(_of(people, "villages").values()) == [["C0", "C1", "C2"], ["C3"]]


def test_limits_stay_those_of_the_roster_and_the_rich_are_not_left_out() -> None:
    """C0 has all the deposits there are: she is served though she alone sets the balance off, and A, with room for one, has one."""
    people = customers(*[("801001", None)] * 4)
    people["average_deposit"] = pd.array([10**12, 0, 0, 0], "Int64")
    held = _of(people, "deposits", {"A": 2, "B": 6})
    assert (len(held["A"]), len(held["B"])) == (1, 3)


def test_who_takes_no_room_is_served_however_rich() -> None:
    rules = FREE.model_copy(update={"workload": FREE.workload.model_copy(update={"medium": Decimal(0)})})
    people = customers(("801001", None), ("801001", None, "large"))
    people["average_deposit"] = pd.array([10**12, 0], "Int64")
    plan = assign(people, managers(person("A"), person("B")), empty("grids"), rules, FIRST, None, None, "deposits")
    assert plan.customers["move"].tolist() == ["new", "new"]


def test_without_a_balance_of_its_own_the_plan_is_what_it_was() -> None:
    people = customers(*[("801001", "A")] * 5, ("801001", None, "large"))
    staff = managers(person("A"), person("B"))
    plain, asked = (assign(people, staff, empty("grids"), FREE, FIRST, None, None, one) for one in (None, "customers"))
    assert plain.objective <= asked.objective
    assert isinstance(plain.objective, Decimal)
