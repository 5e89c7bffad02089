"""Is everybody placed once, and nobody given more than she can carry, whatever the branch looks like?"""

from __future__ import annotations

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from kehujingli.assign import Plan, assign
from kehujingli.rules import EXAMPLE, load_rules
from kehujingli.tables.frames import complete, empty

RULES = load_rules(EXAMPLE).assign
BRANCHES = ["801001", "801002"]
CUSTOMER = st.tuples(
    st.sampled_from(BRANCHES),
    st.sampled_from(["person", "sole_trader", "business"]),
    st.sampled_from(["large", "medium", "small"]),
    st.sampled_from([0, 0, 50_000_000]),
    st.sampled_from([None, "M0", "M1", "M9"]),
)
MANAGER = st.tuples(
    st.sampled_from(BRANCHES),
    st.integers(0, 60),
    st.sampled_from([None, 10_000_000, 100_000_000]),
    st.sampled_from([None, "asset", "liability"]),
)

Customer = tuple[str, str, str, int, str | None]
Manager = tuple[str, int, int | None, str | None]


def _plan(people: list[Customer], staff: list[Manager], moves: str, *, backwards: bool = False) -> Plan:
    customers = pd.DataFrame(
        [
            {
                "customer_id": f"C{number:03d}",
                "branch_id": branch,
                "village": None,
                "customer_type": kind,
                "group": f"mobile/{scale}",
                "scale": scale,
                "scale_amount": 1_000 + number,
                "average_deposit": 1_000,
                "loan_balance": loan,
                "holder_id": holder,
            }
            for number, (branch, kind, scale, loan, holder) in enumerate(people)
        ]
    ).astype({"scale_amount": "Int64", "average_deposit": "Int64", "loan_balance": "Int64"})
    managers = pd.DataFrame(
        [
            {
                "manager_id": f"M{number}",
                "branch_id": branch,
                "capacity": room,
                "authority": authority,
                "specialism": specialism,
                "part": 0,
                "row": number,
            }
            for number, (branch, room, authority, specialism) in enumerate(staff)
        ]
    ).astype({"capacity": "Int64", "authority": "Int64"})
    if backwards:
        managers = managers.iloc[::-1].reset_index(drop=True)
    rules = RULES.model_copy(update={"moves": moves})
    return assign(customers, complete("managers", managers), empty("grids"), rules, 20_000, {})


@settings(max_examples=35, deadline=None)
@given(
    st.lists(CUSTOMER, min_size=1, max_size=25),
    st.lists(MANAGER, min_size=1, max_size=4),
    st.sampled_from(["forced", "rebalance"]),
)
def test_everybody_once_and_nobody_overloaded(people: list[Customer], staff: list[Manager], moves: str) -> None:
    plan = _plan(people, staff, moves)
    customers = plan.customers
    due = [f"C{n:03d}" for n, (_, _, scale, loan, _) in enumerate(people) if scale != "small" or loan]
    assert sorted(customers["customer_id"]) == due
    assert plan.pool == len(people) - len(due)
    placed = customers[customers["move"] != "unassigned"]
    assert customers.loc[customers["move"] == "unassigned", "assigned_manager"].isna().all()
    carried = placed.groupby("assigned_manager")["load"].sum().astype(float)
    for who, load in carried.items():
        branch, room, _, _ = staff[int(str(who)[1:])]
        assert load <= room
        assert set(placed.loc[placed["assigned_manager"] == who, "branch_id"]) == {branch}
    assert (placed["reason"] != "").all()
    assert (customers["reason"] != "").all()


@settings(max_examples=20, deadline=None)
@given(st.lists(CUSTOMER, min_size=2, max_size=20), st.lists(MANAGER, min_size=1, max_size=3))
def test_the_order_of_the_roster_does_not_matter(people: list[Customer], staff: list[Manager]) -> None:
    plan, again = (_plan(people, staff, "rebalance", backwards=way) for way in (False, True))
    assert plan.customers.equals(again.customers)
    assert plan.bound <= plan.objective == again.objective


@settings(max_examples=15, deadline=None)
@given(
    st.lists(CUSTOMER, min_size=1, max_size=12),
    st.lists(MANAGER, min_size=1, max_size=3),
    st.sampled_from(["forced", "rebalance"]),
)
def test_a_plan_that_was_approved_is_proposed_again(people: list[Customer], staff: list[Manager], moves: str) -> None:
    """Nothing has changed since: who holds a customer by the last plan keeps her, and nobody is moved."""
    first = _plan(people, staff, moves).customers.set_index("customer_id")["assigned_manager"]
    held = [
        (branch, kind, scale, loan, first.get(f"C{number:03d}"))
        for number, (branch, kind, scale, loan, _) in enumerate(people)
    ]
    held = [(*row[:4], row[4] if isinstance(row[4], str) else None) for row in held]
    again = _plan(held, staff, moves).customers
    assert set(again["move"]) <= {"kept", "unassigned"}
