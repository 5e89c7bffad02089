"""Is what a branch is told to do about too little room really enough?"""

from __future__ import annotations

import random
import re

import pandas as pd
import pytest

from kehujingli.assign import Plan, assign
from kehujingli.rules import EXAMPLE, load_rules
from kehujingli.tables.frames import complete, empty


def _plan(
    loads: list[str], capacities: list[int], branches: list[str | None] | None = None, home: str | None = "801001"
) -> Plan:
    """``loads`` are scales of persons, or "business"; one branch where no ``branches`` are given."""
    customers = pd.DataFrame(
        {
            "customer_id": [f"C{number:03d}" for number in range(len(loads))],
            "branch_id": branches or "801001",
            "village": None,
            "customer_type": ["business" if load == "business" else "person" for load in loads],
            "group": [f"frequent/{'large' if load == 'business' else load}" for load in loads],
            "scale": ["large" if load == "business" else load for load in loads],
            "scale_amount": pd.array([10_000_000 + number for number in range(len(loads))], dtype="Int64"),
            "average_deposit": pd.array([10_000_000] * len(loads), dtype="Int64"),
            "loan_balance": pd.array([0] * len(loads), dtype="Int64"),
            "holder_id": None,
        }
    )
    managers = complete(
        "managers",
        pd.DataFrame(
            {
                "manager_id": [f"M{number}" for number in range(len(capacities))],
                "branch_id": home,
                "capacity": pd.array(capacities, dtype="Int64"),
                "part": 0,
                "row": range(len(capacities)),
            }
        ),
    )
    rules = load_rules(EXAMPLE).assign
    return assign(customers, managers, empty("grids"), rules, 20_000, {})


@pytest.mark.parametrize("seed", range(12))
def test_the_told_capacity_serves_everybody(seed: int) -> None:
    draw = random.Random(seed)
    loads = [draw.choice(["medium", "large", "business"]) for _ in range(draw.randint(8, 30))]
    capacities = [draw.randint(12, 20) for _ in range(draw.randint(1, 3))]
    told = [finding for finding in _plan(loads, capacities).findings if finding.code == "assign.no-capacity"]
    assert told, "the draw leaves somebody out"
    raised = re.search(r"上限提到 (\d+)", told[0].cure)
    assert raised is not None
    enough = [max(capacity, int(raised[1])) for capacity in capacities]
    assert not [finding for finding in _plan(loads, enough).findings if finding.code == "assign.no-capacity"]
    added = re.search(r"加 (\d+) 人（各 (\d+) 折算户）", told[0].cure)
    if added:
        more = capacities + [int(added[2])] * int(added[1])
        assert not [finding for finding in _plan(loads, more).findings if finding.code == "assign.no-capacity"]


def test_customers_without_a_branch_are_a_line_of_their_own() -> None:
    plan = _plan(["large", "medium", "medium", "large"], [50], ["801001", None, "801001", None])
    assert dict(zip(plan.branches["branch_id"], plan.branches["due"], strict=True)) == {"": 2, "801001": 2}
    assert dict(zip(plan.branches["branch_id"], plan.branches["unassigned"], strict=True)) == {"": 2, "801001": 0}
    assert [told.message for told in plan.findings if told.code == "assign.no-manager"] != []


def test_a_bank_without_branches_is_one_branch() -> None:
    customers = ["large", "medium", "medium"]
    plan = _plan(customers, [50], [None] * 3, home=None)
    assert plan.branches[["branch_id", "assigned", "managers"]].to_numpy().tolist() == [["", 3, 1]]
