"""What must a person know of a plan? Only of people who are there."""

from __future__ import annotations

import pandas as pd

from kehujingli.assign import assign
from kehujingli.rules import EXAMPLE, load_rules
from kehujingli.tables.frames import complete, empty

FIRST = 20_000


def test_a_limit_is_asked_of_who_is_on_duty_and_has_none() -> None:
    """M0 has none, M1 has one, M2 has none and has left."""
    people = pd.DataFrame(
        {
            "customer_id": ["C1"],
            "branch_id": "801",
            "village": None,
            "customer_type": "person",
            "group": "mobile/medium",
            "scale": "medium",
            "scale_amount": 1_000,
            "average_deposit": 1_000,
            "loan_balance": 0,
            "holder_id": None,
        }
    ).astype({"scale_amount": "Int64", "average_deposit": "Int64", "loan_balance": "Int64"})
    rows = {
        "manager_id": ["M0", "M1", "M2"],
        "branch_id": "801",
        "capacity": pd.array([None, 80, None], dtype="Int64"),
        "until": pd.array([None, None, FIRST - 1], dtype="Int64"),
        "part": 0,
        "row": range(3),
    }
    roster = complete("managers", pd.DataFrame(rows))
    plan = assign(people, roster, empty("grids"), load_rules(EXAMPLE).assign, FIRST, {})
    (told,) = [told for told in plan.findings if told.code == "assign.capacity-unknown"]
    assert told.count == 1
