"""Who may serve whom on the plan's first day? On duty and of the village that day, the bounds included."""

from __future__ import annotations

import pandas as pd
import pytest
from rosters import FIRST, RULES, customers, managers, person

from kehujingli.assign import assign
from kehujingli.assign.feasible import grid_managers, read_managers
from kehujingli.tables.frames import complete, empty


def _roster(**columns: object) -> pd.DataFrame:
    row = {"manager_id": ["M1"], "branch_id": ["801"], "part": 0, "row": 0}
    return complete("managers", pd.DataFrame(row).assign(**columns).astype(dict.fromkeys(columns, "Int64")))


@pytest.mark.parametrize(
    ("post", "here"),
    [
        ({"since": FIRST}, True),
        ({"since": FIRST + 1}, False),
        ({"until": FIRST}, True),
        ({"until": FIRST - 1}, False),
    ],
)
def test_who_begins_or_ends_on_the_plans_first_day_is_on_duty(post: dict[str, int], here: bool) -> None:
    roster = read_managers(_roster(**post), {"801"}, FIRST)
    assert roster.on_duty.tolist() == [here]
    assert roster.serves["801"].tolist() == ([0] if here else [])


@pytest.mark.parametrize("turned", [False, True])
def test_of_two_posts_of_one_branch_the_narrower_limits_count_in_whichever_order_they_stand(turned: bool) -> None:
    """Two branches that became one: the sheet still has a row for each. One of the day before is no post any more."""
    rows = managers(
        person("A", capacity=80, authority=50_000_000),
        person("A", capacity=20, authority=30_000_000),
        person("A", capacity=5, until=FIRST - 1),
        person("B", capacity=9),
    )
    roster = read_managers(rows.iloc[::-1] if turned else rows, {"801001"}, FIRST)
    assert (roster.capacity.tolist(), roster.authority.tolist()) == ([20, 9], [30_000_000, float("inf")])
    assert list(roster.unlike) == [0]


def test_posts_with_other_limits_are_told_with_those_that_count() -> None:
    staff = managers(
        person("A", capacity=80, since=1), person("A", "801002", capacity=20, since=2), person("B", "801002")
    )
    plan = assign(customers(("801001", "A")), staff, empty("grids"), RULES, FIRST)
    told = {one.code: one.message for one in plan.findings}
    assert "A（第 0、1 行，上限 80，权限 不限）" in told["assign.posts-unlike"]


@pytest.mark.parametrize(
    ("days", "held"),
    [
        ({"valid_to": FIRST}, True),
        ({"valid_to": FIRST - 1}, False),
        ({"valid_from": FIRST}, True),
        ({"valid_from": FIRST + 1}, False),
        ({}, True),
    ],
)
def test_a_village_is_held_from_its_first_day_to_its_last(days: dict[str, int], held: bool) -> None:
    rows = pd.DataFrame({"village": ["李家村"], "manager_id": "M1", "branch_id": "801", "part": 0, "row": 0})
    grids = complete("grids", rows.assign(**days).astype(dict.fromkeys(days, "Int64")))
    found = grid_managers(grids, read_managers(_roster(), {"801"}, FIRST), FIRST)
    assert found == ({("801", "李家村"): (0,)} if held else {})
