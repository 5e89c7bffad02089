"""Who may serve whom on the plan's first day? On duty and of the village that day, the bounds included."""

from __future__ import annotations

import pandas as pd
import pytest

from kehujingli.assign.feasible import grid_managers, read_managers
from kehujingli.tables.frames import complete

FIRST = 20_000
"""The plan's first day."""


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
    managers = read_managers(_roster(**post), {"801"}, FIRST)
    assert managers.on_duty.tolist() == [here]
    assert managers.serves["801"].tolist() == ([0] if here else [])


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
