"""Is what one more is worth the difference that solving again with one more makes?"""

from __future__ import annotations

import random
from decimal import Decimal

import pandas as pd
import pytest
from rosters import FIRST, RULES, county, customers, managers, person

from kehujingli.assign import Plan, assign
from kehujingli.assign.prices import prices
from kehujingli.assign.sentences import Hired, Limited
from kehujingli.assign.trials import Given, changed

OWN = RULES.model_copy(update={"cost": RULES.cost.model_copy(update={"imbalance": Decimal(0)})})


def test_a_household_and_a_manager_more_reckoned_by_hand() -> None:
    """A has room for 5 折算户 and three customers of 2: one is out. One more of room serves her: 1,000 × 2 less. B's limit helps nobody,
    she is of another branch; nor does a second manager in her branch. A colleague of A (limit 5) serves the third customer too, and takes her from A, which costs a move."""
    given = county(
        customers(*[("801001", "A")] * 3, ("801002", "B")), managers(person("A", capacity=5), person("B", "801002"))
    )
    rules = OWN.model_copy(update={"moves": "rebalance"})
    saved = 2 * rules.cost.unassigned
    found = [(one.branch, one.manager, one.served, one.load, one.cost) for one in prices(given, rules, FIRST)]
    assert found == [
        ("801001", "A", 1, 2, saved),
        ("801001", None, 1, 2, saved - rules.cost.move.medium),
        ("801002", "B", 0, 0, 0),
        ("801002", None, 0, 0, 0),
    ]


def test_who_has_no_limit_has_no_price_and_only_what_is_asked_is_solved() -> None:
    people = customers(("801001", None), ("801002", None))
    given = county(people, managers(person("A", capacity=None), person("B", "801002", capacity=1)))
    assert [(one.branch, one.manager) for one in prices(given, RULES, FIRST)] == [
        ("801001", None),
        ("801002", "B"),
        ("801002", None),
    ]
    assert {one.branch for one in prices(given, RULES, FIRST, {"801002"})} == {"801002"}


def _solved(given: Given, moves: str) -> Plan:
    rules = RULES.model_copy(update={"moves": moves})
    return assign(given.customers, given.managers, given.grids, rules, FIRST)


def _sums(plan: Plan) -> tuple[int, Decimal, Decimal]:
    served = plan.customers[plan.customers["move"] != "unassigned"]
    return len(served), Decimal(str(float(served["load"].sum()))), plan.objective


@pytest.mark.parametrize("moves", ["forced", "rebalance"])
@pytest.mark.parametrize("seed", range(2))
def test_every_price_is_the_difference_of_two_solutions(seed: int, moves: str) -> None:
    """Two branches that one manager serves together, a third alone; too little room everywhere; each price against the whole county solved again."""
    draw = random.Random(seed)
    rows = [
        (
            draw.choice(["801001", "801002", "801003"]),
            draw.choice([None, "A", "B", "C", "D"]),
            draw.choice(["medium", "large", "business"]),
            draw.choice([0, 0, 40_000_000]),
        )
        for _ in range(draw.randint(12, 24))
    ]
    staff = managers(
        person("A", capacity=draw.randint(3, 14), specialism="asset"),
        person("B", capacity=draw.randint(3, 14), serves="801002"),
        person("C", "801002", capacity=draw.randint(3, 14), authority=30_000_000),
        person("D", "801003", capacity=draw.randint(3, 20)),
    )
    given = county(customers(*rows), staff)
    rules = RULES.model_copy(update={"moves": moves})
    before = _sums(_solved(given, moves))
    limits = staff.set_index("manager_id")["capacity"]
    told = prices(given, rules, FIRST)
    assert [(one.branch, one.manager) for one in told] == [
        ("801001", "A"),
        ("801001", "B"),
        ("801001", None),
        ("801002", "C"),
        ("801002", None),
        ("801003", "D"),
        ("801003", None),
    ]
    for one in told:
        change = Hired(1, one.branch) if one.manager is None else Limited(one.manager, int(limits[one.manager]) + 1)
        other, _ = changed(given, [change], FIRST)
        after = _sums(_solved(other, moves))
        assert (one.served, one.load, one.cost) == (
            after[0] - before[0],
            after[1] - before[1],
            before[2] - after[2],
        ), (one.branch, one.manager)


@pytest.mark.parametrize(("moves", "borrowers"), [("forced", 0), ("rebalance", 1)])
def test_the_room_of_one_more_goes_to_whom_the_rules_give_it(moves: str, borrowers: int) -> None:
    """Room for nobody, and of one more for one: her own customer where only what must be is moved, else the borrower who has nobody."""
    given = county(customers(("801001", None, "medium", 1_000_000), ("801001", "A")), managers(person("A", capacity=1)))
    (manager, hired) = prices(given, OWN.model_copy(update={"moves": moves}), FIRST)
    assert (manager.served, manager.borrowers) == (1, borrowers)
    assert (hired.served, hired.hired.capacity if hired.hired else None) == (0, 1), (
        "her limit is A's, too small as well"
    )


@pytest.mark.parametrize("post", ["asset", "liability", "intermediary"])
def test_whoever_is_hired_keeps_to_her_line_and_is_rotated_to(post: str) -> None:
    """A lends and has room for one of her three borrowers and two depositors. One of the borrowers she has had for six years: nobody
    else may have it, until another of 资产 comes."""
    people = customers(*[("801001", "A", "medium", 40_000_000)] * 3, ("801001", None), ("801001", None))
    people = people.assign(held_since=pd.array([FIRST - 2_300, *[None] * 4], dtype="Int64"))
    given = county(people, managers(person("A", capacity=2, specialism="asset")))
    rules = RULES.model_copy(update={"own_line": True, "rotate_years": 5})

    def solved(of: Given) -> tuple[int, Decimal, Decimal]:
        return _sums(assign(of.customers, of.managers, of.grids, rules, FIRST))

    (price,) = prices(given, rules, FIRST, limits=False, posts=[post])
    other, _ = changed(given, [Hired(1, "801001", post)], FIRST)
    before, after = solved(given), solved(other)
    assert (price.served, price.load, price.cost) == (after[0] - before[0], after[1] - before[1], before[2] - after[2])
    assert price.served == (post != "intermediary")
