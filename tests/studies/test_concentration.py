"""防垒大户 on a book reckoned by hand: capital of 80,000 万, so that one borrower may owe 8,000 万."""

from __future__ import annotations

import pandas as pd

from kehujingli.periods import Period, day_of
from kehujingli.rules import Institution
from kehujingli.studies.concentration import Rules, concentration

WAN = 1_000_000
PEOPLE = ["customer_id", "customer_name", "customer_type", "branch_name", "manager_name"]


def test_one_borrower_above_a_tenth_of_capital_is_told() -> None:
    loans = pd.DataFrame(
        {"customer_id": ["A", "A", "B", "C"], "balance": [5000 * WAN, 3001 * WAN, 1499 * WAN, 500 * WAN]}
    )
    classes = pd.DataFrame([(who, who, "business", "城关", "高娜") for who in "ABC"], columns=PEOPLE)
    days = pd.to_datetime(["2026-09-30", "2026-11-30"]).map(lambda day: day_of(day.date()))
    capital = pd.DataFrame({"date": days, "net_capital": [80_000 * WAN, 1 * WAN], "tier1_capital": None})
    facts = {"period": Period.of("2026-10"), "institution": Institution(name=""), "rules": Rules()}
    told = concentration(loans.assign(status=None), classes, capital, **facts)
    listed, measures = told.frames["concentration"], told.frames["concentration_measures"].set_index("measure")
    assert list(zip(listed["customer_id"], listed["room"], listed["verdict"], strict=True)) == [
        ("A", -1 * WAN, "超限"),
        ("B", 6501 * WAN, ""),
        ("C", 7500 * WAN, ""),
    ]
    assert measures.loc["单户 500 万元以下", "share"] == 0.05
    assert "HHI 6,651.3" in told.lines[0], "6,401.6001 + 224.7001 + 25"
