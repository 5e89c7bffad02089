"""Is everybody placed once, and nobody given more than she can carry, without authority, or whom she must avoid, whatever the branch looks like?"""

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

VILLAGES = ["李家村", "王家村"]
CONFLICT = st.tuples(
    st.sampled_from(["M0", "M1", "M2"]),
    st.one_of(st.integers(0, 5), st.sampled_from(VILLAGES)),
    st.sampled_from([(None, None), (20_000, 20_000), (20_001, None), (None, 19_999)]),
)
"""Manager, number of the customer or village, first and last day; the plan begins on day 20000."""

Customer = tuple[str, str, str, int, str | None]
Manager = tuple[str, int, int | None, str | None]
Conflict = tuple[str, int | str, tuple[int | None, int | None]]


def _avoid(rows: list[Conflict]) -> pd.DataFrame:
    return complete(
        "conflicts",
        pd.DataFrame(
            [
                {
                    "manager_id": who,
                    "customer_id": f"C{what:03d}" if isinstance(what, int) else None,
                    "village": what if isinstance(what, str) else None,
                    "reason": f"事由{number}",
                    "valid_from": first,
                    "valid_to": last,
                    "part": 0,
                    "row": number,
                }
                for number, (who, what, (first, last)) in enumerate(rows)
            ]
        ).astype({"customer_id": "str", "village": "str", "valid_from": "Int64", "valid_to": "Int64"}),
    )


def _plan(
    people: list[Customer],
    staff: list[Manager],
    moves: str,
    *,
    backwards: bool = False,
    avoid: list[Conflict] | None = None,
    since: list[int] | None = None,
    own_line: bool = False,
) -> Plan:
    """``since``: the days on which customers began to be held, in turn; then who was held for three years goes, two of a manager at most."""
    customers = pd.DataFrame(
        [
            {
                "customer_id": f"C{number:03d}",
                "branch_id": branch,
                "village": VILLAGES[number % 2],
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
    if since:
        days = pd.array([since[number % len(since)] for number in range(len(people))], dtype="Int64")
        customers = customers.assign(held_since=days)
    if backwards:
        customers, managers = (frame.iloc[::-1].reset_index(drop=True) for frame in (customers, managers))
    rotation = {"rotate_years": 3 if since else 0, "rotate_most": 2}
    rules = RULES.model_copy(update={"moves": moves, "own_line": own_line, **rotation})
    conflicts = _avoid(avoid).iloc[:: -1 if backwards else 1] if avoid else None
    return assign(customers, complete("managers", managers), empty("grids"), rules, 20_000, {}, conflicts=conflicts)


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


def _broken(
    plan: Plan, people: list[Customer], staff: list[Manager], avoid: list[Conflict], own_line: bool
) -> list[str]:
    """Every limit that a plan breaks, reckoned from the raw lists alone: who may have whom, and how much each carries."""
    weigh = {"small": 1, "medium": 2, "large": 5}
    carried: dict[str, int] = {}
    broken = []
    rows = plan.customers[plan.customers["move"] != "unassigned"]
    for customer, who in zip(rows["customer_id"], rows["assigned_manager"], strict=True):
        at = int(customer[1:])
        branch, kind, scale, loan, _ = people[at]
        home, _, authority, post = staff[int(who[1:])]
        carried[who] = carried.get(who, 0) + (12 if kind == "business" else weigh[scale])
        if home != branch or (authority is not None and loan > authority):
            broken.append(f"{customer} {who}")
        if own_line and post not in (None, "asset" if loan >= 1_000 else "liability"):
            broken.append(f"{customer} {who} 岗位")
        for manager, what, (first, last) in avoid:
            holds = (first is None or first <= 20_000) and (last is None or last >= 20_000)
            if manager == who and holds and what in (at, VILLAGES[at % 2]):
                broken.append(f"{customer} {who} 回避")
    return broken + [who for who, load in carried.items() if load > staff[int(who[1:])][1]]


@settings(max_examples=20, deadline=None)
@given(
    st.lists(CUSTOMER, min_size=1, max_size=20),
    st.lists(MANAGER, min_size=1, max_size=4),
    st.lists(CONFLICT, min_size=1, max_size=5),
    st.lists(st.integers(18_000, 20_000), max_size=6),
    st.sampled_from(["forced", "rebalance"]),
    st.booleans(),
)
def test_no_limit_is_broken_and_the_order_of_rows_does_not_matter(
    people: list[Customer],
    staff: list[Manager],
    avoid: list[Conflict],
    since: list[int],
    moves: str,
    own_line: bool,
) -> None:
    plan, again = (
        _plan(people, staff, moves, backwards=way, avoid=avoid, since=since, own_line=own_line) for way in (False, True)
    )
    turned = plan.customers[plan.customers["reason"].str.contains("轮岗（")]
    assert (turned["assigned_manager"] != turned["previous_manager"]).all()
    assert (turned["previous_manager"].value_counts() <= 2).all()
    assert _broken(plan, people, staff, avoid, own_line) == []
    pd.testing.assert_frame_equal(plan.customers, again.customers)


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
