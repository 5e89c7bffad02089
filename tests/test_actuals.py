"""Who achieved what? Figures of one or two customers, small enough to be reckoned by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from months import (
    ACCOUNTS,
    CUSTOMERS,
    LOANS,
    LONG_AGO,
    MANAGERS,
    TRANSACTIONS,
    codes,
    customer,
    manager,
    post,
    reckon,
    workspace,
)

from kehujingli.batch import Month

CLAIMS = ["客户号", "账号", "条线", "工号", "业绩分配比例", "生效日期", "失效日期", "审批人"]
BASES = ["客户号", "工号", "指标", "基数", "年度", "审批人"]
GROWTH = "average_deposit_growth"


def _deposits(balances: Mapping[str, tuple[float, float | None]], holders: Mapping[str, str]) -> dict[str, list[Any]]:
    """Accounts that stand still: customer → balance (so the year's average) and last year's average."""
    return {
        "客户信息.xlsx": [CUSTOMERS, *(customer(who, holder=holders.get(who)) for who in balances)],
        "存款账户_20261031.xlsx": [
            ACCOUNTS,
            *([f"A{who}", who, "活期", now, old, LONG_AGO, None, None] for who, (now, old) in balances.items()),
        ],
        "名册.xlsx": [MANAGERS, manager("M1"), manager("M2")],
        "流水.xlsx": [TRANSACTIONS, *(post(dt.date(2026, 10, day), "C9", 1) for day in (1, 31))],
    }


def _held(month: Month, actual: str = GROWTH) -> dict[str, Decimal]:
    """Holder → figure in 元."""
    parts = month.actuals.contributions
    sums = parts[(parts["actual"] == actual) & (parts["span"] == "year")].groupby("holder")["numerator"].sum()
    return {str(holder): Decimal(int(cents)) / 100 for holder, cents in sums.items()}


def _loan(number: str, who: str, balance: float, held: str = "M1", **more: Any) -> list[Any]:
    return [number, who, LONG_AGO, dt.date(2027, 1, 1), balance, "正常", 0, held, held, *more.values()]


@pytest.mark.parametrize("line", ["全部", "存款"])
def test_a_claim_on_a_customer_counts_once(tmp_path: Path, line: str) -> None:
    """M1 holds C1, grown by 1,000 元; M2 claims 60 %: 400 and 600, whatever the line of the claim."""
    files = _deposits({"C1": (3_000, 2_000)}, {"C1": "M1"})
    files["业绩归属.xlsx"] = [CLAIMS, ["C1", None, line, "M2", 0.6, dt.date(2025, 1, 1), None, "乙"]]
    assert _held(reckon(workspace(tmp_path, files), "2026-10")) == {"M1": 400, "M2": 600}


def test_a_claim_on_an_account_leaves_the_rest_to_the_claims_on_its_customer(tmp_path: Path) -> None:
    """Half of the account is M2's; of the other half M2 has 60 % by a claim on the customer, and M1 the rest: 80 and 20 %."""
    files = _deposits({"C1": (3_000, 2_000)}, {"C1": "M1"})
    files["业绩归属.xlsx"] = [
        CLAIMS,
        ["C1", None, "全部", "M2", 0.6, dt.date(2025, 1, 1), None, "乙"],
        [None, "AC1", "存款", "M2", 0.5, dt.date(2025, 1, 1), None, "乙"],
    ]
    assert _held(reckon(workspace(tmp_path, files), "2026-10")) == {"M1": 200, "M2": 800}
