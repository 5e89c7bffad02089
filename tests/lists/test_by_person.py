"""人均 and the month's cost in 机构汇总, reckoned by hand: 甲社 has 4 people, 乙社 3, June 2026."""

from __future__ import annotations

from typing import Any

import pandas as pd

from kehujingli.lists.branches import PER_HEAD, by_person
from kehujingli.periods import Period
from kehujingli.tables.frames import complete, empty

JUNE = Period.of("2026-06")
SUMS = pd.DataFrame(
    [("A", "", 10, 100_00, 40_00), ("A", "managers", 6, 60_00, 0), ("B", "", 5, 10_00, None)],
    columns=["branch_id", "held_by", "customers", "deposit_balance", "loan_balance"],
).astype({"deposit_balance": "Int64", "loan_balance": "Int64"})
COSTS = pd.DataFrame(
    [("2026-06", "A", None, 7_00), ("2026-06", None, "M1", 2_00), ("2026-07", "B", None, 99_00)],
    columns=["period", "branch_id", "manager_id", "amount"],
).assign(kind="人员", driver="customers", source_row=range(2, 5))


def branches(*staff: int | None) -> pd.DataFrame:
    frame = pd.DataFrame(
        {"branch_id": ["A", "B"], "name": ["甲社", "乙社"], "staff": pd.array(staff, "Int64"), "part": 0, "row": [2, 3]}
    )
    return complete("branches", frame.assign(profit=pd.array([8_00, 6_00], "Int64")))


def roster() -> pd.DataFrame:
    people = empty("managers")
    people.loc[0, ["manager_id", "name", "branch_id"]] = ["M1", "李敏", "B"]
    return people


def told(*staff: int | None, costs: pd.DataFrame | None = COSTS) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    frame, county = by_person(SUMS, branches(*staff), costs, roster(), JUNE)
    rows = frame[list(PER_HEAD)].astype("object").to_dict("records")
    return [{key: None if pd.isna(value) else value for key, value in row.items()} for row in rows], county


def test_each_branch_by_its_people_and_nothing_of_whose_it_is() -> None:
    (first, side, second), county = told(4, 3)
    assert first == {
        "staff": 4,
        "each_customers": 2.5,
        "each_deposit": 25_00,
        "each_loan": 10_00,
        "each_profit": 2_00,
        "branch_cost": 7_00,
    }
    assert set(side.values()) == {None}
    assert (second["each_deposit"], second["each_loan"], second["branch_cost"]) == (3_33, None, 2_00)
    assert (county["staff"], county["each_deposit"], county["branch_cost"]) == (7, 15_71, 9_00)
    assert county["each_loan"] is None, "乙社 has no loans that are known"


def test_the_county_has_none_where_a_branch_has_none() -> None:
    (first, _, second), county = told(4, None)
    assert (first["each_deposit"], second["each_deposit"], county["each_deposit"], county["staff"]) == (
        25_00,
        None,
        None,
        None,
    )
    assert told(4, 3, costs=None)[1]["branch_cost"] is None
