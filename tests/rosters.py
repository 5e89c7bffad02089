"""Plans in a line: customers and managers of small counties as ``assign`` takes them."""

from __future__ import annotations

from typing import Any

import pandas as pd

from kehujingli.assign.trials import Given
from kehujingli.rules import EXAMPLE, load_rules
from kehujingli.tables.frames import complete, empty

RULES = load_rules(EXAMPLE).assign
FIRST = 20_000
"""The plan's first day."""


def customers(*rows: tuple[Any, ...]) -> pd.DataFrame:
    """(branch, holder) or (branch, holder, scale) or (…, loan in 分); numbered C0, C1, …"""
    full = [(*row, *("medium", 0)[len(row) - 2 :]) for row in rows]
    return pd.DataFrame(
        [
            {
                "customer_id": f"C{number}",
                "branch_id": branch,
                "village": None,
                "customer_type": "business" if scale == "business" else "person",
                "group": f"frequent/{'large' if scale == 'business' else scale}",
                "scale": "large" if scale == "business" else scale,
                "scale_amount": 10_000_000 + number,
                "average_deposit": 10_000_000,
                "loan_balance": loan,
                "holder_id": holder,
            }
            for number, (branch, holder, scale, loan) in enumerate(full)
        ]
    ).astype({"scale_amount": "Int64", "average_deposit": "Int64", "loan_balance": "Int64"})


def managers(*rows: dict[str, Any]) -> pd.DataFrame:
    """Each with manager_id, branch_id, capacity, and what else the roster may have."""
    table = pd.DataFrame([{"part": 0, "row": number, **row} for number, row in enumerate(rows)])
    return complete("managers", table)


def person(manager: str, branch: str = "801001", capacity: int | None = 100, **more: Any) -> dict[str, Any]:
    return {"manager_id": manager, "name": f"姓名{manager}", "branch_id": branch, "capacity": capacity, **more}


def county(people: pd.DataFrame, staff: pd.DataFrame) -> Given:
    return Given(people, staff, empty("grids"))
