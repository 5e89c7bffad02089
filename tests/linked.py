"""A county whose exports have everything that linking does, to be linked and handed over as a source."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from months import (
    ACCOUNTS,
    CUSTOMERS,
    LOANS,
    LONG_AGO,
    MANAGERS,
    TRANSACTIONS,
    customer,
    manager,
    monthly,
    post,
    workspace,
)

from kehujingli.workspace import Workspace

OCTOBER = "2026-10"
SAVED = dt.date(2026, 10, 12)


def county(root: Path) -> Workspace:
    """Six customers with everything that linking does: a repeat, a reversal, two numbers of one person, own accounts, a loan, a stranger."""
    postings = [
        *monthly("C1", dt.date(2025, 12, 1), 11),
        *monthly("C2", dt.date(2025, 12, 1), 3, 250, "养老金"),
        post(dt.date(2026, 10, 5), "C3", -700, number="7"),
        post(dt.date(2026, 10, 6), "C3", 700, kind="冲正", number="8"),
        post(SAVED, "C1", 33.33, number="9"),
        post(SAVED, "C1", 33.33, number="9"),
        [dt.date(2026, 10, 20), "C4", "L4", "借", 1_200, None, "贷款还款", "10"],
        post(dt.date(2026, 10, 21), "C9", 5, number="11"),
        post(dt.date(2026, 11, 2), "C1", 88, number="12"),
    ]
    accounts = [[f"AC{n}", f"C{n}", "活期", 10_000 + n, None, LONG_AGO, None, None] for n in (1, 2, 3)]
    files = {
        "客户信息_20261031.xlsx": [CUSTOMERS, *(customer(f"C{n}", holder="M1") for n in (1, 2, 3, 4))],
        "存款账户_20261031.xlsx": [ACCOUNTS, *accounts],
        "贷款台账_20261031.xlsx": [LOANS, ["L4", "C4", LONG_AGO, dt.date(2030, 1, 1), 90_000, "正常", 0, "M1", "M1"]],
        "客户经理名册_20261031.xlsx": [MANAGERS, manager("M1")],
        "交易流水.xlsx": [TRANSACTIONS, *postings],
    }
    return workspace(root, files)
