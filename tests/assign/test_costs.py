"""Is whoever can be served served, and where the rules would rather not, is that said?"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest
from rosters import FIRST, customers, managers, person

from kehujingli.assign import Plan, assign
from kehujingli.rules import EXAMPLE, AssignRules, load_rules
from kehujingli.rules.costs import enough
from kehujingli.rules.lint import lint
from kehujingli.tables.frames import complete, empty

RULES = load_rules(EXAMPLE).assign
DEPOSITOR, BORROWER = ("medium", 0), ("small", 10_000)


def _rules(unassigned: str = "1000", **more: Any) -> AssignRules:
    cost = RULES.cost.model_copy(update={"unassigned": Decimal(unassigned)})
    return RULES.model_copy(update={"moves": "rebalance", "cost": cost, **more})


def _plan(
    customers: list[tuple[str, int]], managers: list[tuple[str | None, int, int | None]], rules: AssignRules
) -> Plan:
    """Customers are scale (or "business") and loan, managers specialism, limit and authority."""
    scales = ["large" if scale == "business" else scale for scale, _ in customers]
    people = pd.DataFrame(
        {
            "customer_id": [f"C{number}" for number in range(len(customers))],
            "branch_id": "801",
            "village": None,
            "customer_type": ["business" if scale == "business" else "person" for scale, _ in customers],
            "group": [f"mobile/{scale}" for scale in scales],
            "scale": scales,
            "scale_amount": 1_000,
            "average_deposit": 1_000,
            "loan_balance": [loan for _, loan in customers],
            "holder_id": None,
        }
    ).astype({"scale_amount": "Int64", "average_deposit": "Int64", "loan_balance": "Int64"})
    roster = pd.DataFrame(
        {
            "manager_id": [f"M{number}" for number in range(len(managers))],
            "branch_id": "801",
            "specialism": [specialism for specialism, _, _ in managers],
            "capacity": pd.array([room for _, room, _ in managers], dtype="Int64"),
            "authority": pd.array([most for _, _, most in managers], dtype="Int64"),
            "part": 0,
            "row": range(len(managers)),
        }
    )
    return assign(people, complete("managers", roster), empty("grids"), rules, 20_000, {})


def test_who_weighs_nothing_is_served() -> None:
    workload = RULES.workload.model_copy(update={"small": Decimal(0)})
    plan = _plan([DEPOSITOR, BORROWER], [("liability", 2, None)], _rules(workload=workload))
    assert plan.customers["assigned_manager"].tolist() == ["M0", "M0"]
    assert plan.objective == RULES.cost.wrong_specialism, "an asset customer with a manager of deposits"


def test_left_out_for_the_cost_is_not_told_as_a_shortage() -> None:
    plan = _plan([DEPOSITOR], [("asset", 80, None)], _rules("1"))
    assert plan.customers["missing"].tolist() == ["cost"]
    assert "unassigned = 1" in plan.customers["reason"].iloc[0]
    assert "wrong_specialism = 5" in plan.customers["reason"].iloc[0]
    assert plan.branches["short"].tolist() == [0]
    told = {finding.code: finding for finding in plan.findings}
    assert "assign.no-capacity" not in told
    assert f"提到 {enough(_rules('1'))}" in told["assign.left-by-cost"].cure


def test_what_is_told_to_be_enough_is_enough() -> None:
    plan = _plan([DEPOSITOR], [("asset", 80, None)], _rules(str(enough(_rules("1")))))
    assert plan.customers["assigned_manager"].tolist() == ["M0"]


def test_no_room_stays_a_shortage() -> None:
    plan = _plan([DEPOSITOR, DEPOSITOR], [("asset", 3, None)], _rules())
    assert sorted(plan.customers["missing"].fillna("")) == ["", "capacity"]


@pytest.mark.parametrize("moves", ["forced", "rebalance"])
def test_who_finds_no_room_is_not_in_the_average(moves: str) -> None:
    """12 households fit nobody. Of the 5 of the person, her share at 5/18 is 3 with a limit of 8 and 2 with one of 5."""
    plan = _plan(
        [("business", 0), ("large", 0)], [(None, 8, None), (None, 5, None), (None, 5, None)], _rules(moves=moves)
    )
    assert plan.customers["assigned_manager"].dropna().tolist() == ["M0"]
    assert plan.objective == plan.bound == 12_002


def test_whom_nothing_is_open_for_counts_in_the_average_of_those_who_share_a_branch_with_him() -> None:
    """B, who keeps 20 折算户 of 802, serves with C, who serves 801 too: of 28 in all a share is 10, so that C may have all 8 that are open.

    Of A and C alone it would be 4, and two of the four would go to A, whose 岗位 is another, at 1 each."""
    rules = _rules(moves="forced")
    rules = rules.model_copy(update={"cost": rules.cost.model_copy(update={"wrong_specialism": Decimal(1)})})
    people = customers(*[("802", "B")] * 10, *[("801", None)] * 4)
    staff = managers(
        person("A", "801", 20, specialism="asset"), person("B", "802", 20), person("C", "802", 20, serves="801")
    )
    plan = assign(people, staff, empty("grids"), rules, FIRST)
    assert plan.customers["assigned_manager"].value_counts().to_dict() == {"B": 10, "C": 4}
    assert plan.objective == plan.bound == 10, "what B has above his share"


def test_nobody_is_told_to_add_no_manager() -> None:
    """Only one of two may lend; the room is the other's."""
    plan = _plan([BORROWER, BORROWER, BORROWER], [(None, 1, None), (None, 80, 0)], _rules())
    cure = next(finding.cure for finding in plan.findings if finding.code == "assign.no-capacity")
    assert "授信权限" in cure
    assert not re.search(r"加 -?\d+ 人", cure)


@pytest.mark.parametrize("moves", ["forced", "rebalance"])
def test_the_lint_tells_a_cost_under_which_people_are_left_out(moves: str) -> None:
    rules = load_rules(EXAMPLE).rules
    cheap = rules.model_copy(update={"assign": _rules("1", moves=moves)})
    assert [remark.code for remark in lint(cheap)] == ["E17"]
    sound = rules.model_copy(update={"assign": _rules(str(enough(_rules("1", moves=moves))), moves=moves)})
    assert lint(sound) == []
