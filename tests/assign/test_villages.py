"""Whose is a village of which two branches have one by the same name?"""

from __future__ import annotations

import pandas as pd
import pytest

from kehujingli.assign import assign
from kehujingli.rules import EXAMPLE, load_rules
from kehujingli.tables.frames import complete

RULES = load_rules(EXAMPLE).assign.model_copy(update={"territory": "grid"})
HOME = {"M0": "802", "M1": "801", "M2": "801"}


@pytest.mark.parametrize(
    ("grids", "manager"),
    [
        ([("李家村", "M1", "801"), ("李家村", "M0", "802")], "M1"),
        ([("李家村", "M0", "802"), ("李家村", "M2", None)], "M2"),
        ([("李家村", "M1", "801"), ("李家村", "M2", None)], "M1"),
        ([("李家村", "M0", None)], "M0"),
        ([("李家村", "M0", "801")], "M0"),
    ],
)
def test_the_branch_says_whose_village_is_meant(grids: list[tuple[str, str, str | None]], manager: str) -> None:
    customer = pd.DataFrame(
        {
            "customer_id": ["C1"],
            "branch_id": "801",
            "village": "李家村",
            "customer_type": "person",
            "group": "mobile/medium",
            "scale": "medium",
            "scale_amount": 1_000,
            "average_deposit": 1_000,
            "loan_balance": 0,
            "holder_id": None,
        }
    ).astype({"scale_amount": "Int64", "average_deposit": "Int64", "loan_balance": "Int64"})
    roster = pd.DataFrame(
        {
            "manager_id": list(HOME),
            "branch_id": list(HOME.values()),
            "serves": ["全辖", None, None],
            "capacity": pd.array([80] * 3, dtype="Int64"),
            "part": 0,
            "row": range(3),
        }
    )
    rows = pd.DataFrame(grids, columns=["village", "manager_id", "branch_id"]).assign(part=0, row=range(len(grids)))
    villages = complete("grids", rows)
    plan = assign(customer, complete("managers", roster), villages, RULES, 20_000, {})
    assert plan.customers["assigned_manager"].tolist() == [manager]
    assert "包村客户经理" in plan.customers["reason"].iloc[0]
