"""What of a month reaches scoring? Whose money is 未挂户: of customers that a manager is due."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from months import (
    ACCOUNTS,
    CUSTOMERS,
    LOANS,
    LONG_AGO,
    MANAGERS,
    TRANSACTIONS,
    customer,
    manager,
    post,
    reckon,
    workspace,
)

from kehujingli import terms


@pytest.mark.parametrize(
    ("rules", "whose"),
    [({}, terms.UNHELD), ({"borrowers = true": "borrowers = false"}, terms.PUBLIC)],
)
def test_a_borrower_without_a_manager_is_unheld_however_small(
    tmp_path: Path, rules: dict[str, str], whose: str
) -> None:
    """Two small customers whom nobody holds: the one with a loan is due a manager where the rules say that borrowers are."""
    files = {
        "客户信息.xlsx": [CUSTOMERS, customer("C1"), customer("C2"), customer("C3", holder="M1")],
        "存款账户_20261031.xlsx": [
            ACCOUNTS,
            *([f"A{who}", who, "活期", 100, 0, LONG_AGO, None, None] for who in ("C1", "C2", "C3")),
        ],
        "贷款_20261031.xlsx": [LOANS, ["L1", "C1", LONG_AGO, dt.date(2027, 1, 1), 200, "正常", 0, None, None]],
        "名册.xlsx": [MANAGERS, manager("M1")],
        "流水.xlsx": [TRANSACTIONS, *(post(dt.date(2026, 10, day), "C9", 1) for day in (1, 31))],
    }
    parts = reckon(workspace(tmp_path, files, rules), "2026-10").actuals.contributions
    deposits = parts[parts["actual"] == "average_deposit_growth"]
    assert dict(zip(deposits["customer_id"], deposits["holder"], strict=True)) == {
        "C1": whose,
        "C2": terms.PUBLIC,
        "C3": "M1",
    }
