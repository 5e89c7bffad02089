"""Customers and what moved of theirs, as a month keeps them for signals, told in 元."""

from __future__ import annotations

from typing import Any

import pandas as pd

_FLOWS = [
    *(f"in_{step}" for step in range(13)),
    *(f"{name}_{step}" for name in ("net", "weighted") for step in range(4)),
    *("end_net", "start_net", "largest_out", "salary", "salary_months"),
]
YUAN = 100


def people(**deposits: Any) -> pd.DataFrame:
    """Customer → deposit in 元, or that and what else differs."""
    rows = []
    for who, said in deposits.items():
        balance, more = said if isinstance(said, tuple) else (said, {})
        rows.append(
            {
                "customer_id": who,
                "customer_name": f"客户{who}",
                "customer_type": "person",
                "customer_group": "resident",
                "branch_id": "801001",
                "branch_name": "东关",
                "holder_id": "M1",
                "manager_name": "张三",
                "frequency": "frequent",
                "scale": "small",
                "group": "frequent/small",
                "deposit_balance": round(balance * YUAN),
                "loan_balance": 0,
                "scale_amount": round(balance * YUAN),
                **more,
            }
        )
    return pd.DataFrame(rows)


def flows(covered: int = 0b1111111111111, **rows: dict[str, float]) -> pd.DataFrame:
    """Customer → what moved, in 元; the rest is nothing."""
    made = [
        {"customer_id": who, **{name: round(told.get(name, 0) * YUAN) for name in _FLOWS}} for who, told in rows.items()
    ]
    frame = pd.DataFrame(made)
    frame["salary_months"] //= YUAN
    return frame.assign(covered=covered)
