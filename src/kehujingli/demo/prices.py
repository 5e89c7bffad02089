"""What do funds and services cost the county? Prices of funds by term, and what each branch spends a month, with what drives it."""

from __future__ import annotations

import pandas as pd

from kehujingli.demo.books import Books
from kehujingli.demo.county import Calendar
from kehujingli.periods import date_of, day_of, month_name, month_of, month_start

_PRICES = {
    "deposit": {
        "demand": 9_000,
        "to_3_months": 15_500,
        "to_1_year": 19_500,
        "to_3_years": 23_500,
        "over_3_years": 25_500,
    },
    "loan": {"to_3_months": 17_500, "to_1_year": 20_500, "to_3_years": 24_000, "over_3_years": 27_000},
}
"""Millionths a year, as of today; before that a tenth of a per cent more."""
_KINDS = {
    "人员工资": ("customers", 45_00),
    "柜面运营": ("transactions", 18_00),
    "走访交通": ("visits", 6_00),
    "揽储宣传": ("deposits", 5_00),
    "贷后管理": ("loans", 4_00),
}
"""What is spent → what drives it, and 分 a customer of the branch and month."""


def make_ftp(calendar: Calendar) -> pd.DataFrame:
    """Two lists: one in force before the first posting, one since this January."""
    days = (day_of(month_start(calendar.last_month - calendar.months)), day_of(month_start(calendar.year * 12)))
    rows = [
        (side, term, (price + more) / 1_000_000, day)
        for day, more in zip(days, (1_000, 0), strict=True)
        for side, terms in _PRICES.items()
        for term, price in terms.items()
    ]
    return pd.DataFrame(rows, columns=["side", "term", "price", "valid_from"])


def make_costs(people: pd.DataFrame, calendar: Calendar) -> pd.DataFrame:
    """Every kind for every branch in the last two months."""
    counts = people.groupby("branch_id").size()
    rows = [
        (month_name(month), branch, kind, int(count) * each, driver)
        for month in (calendar.last_month - 1, calendar.last_month)
        for branch, count in counts.items()
        for kind, (driver, each) in _KINDS.items()
    ]
    return pd.DataFrame(rows, columns=["period", "branch_id", "kind", "amount", "driver"])


def make_interest(books: Books, calendar: Calendar) -> pd.DataFrame:
    """What accounts on demand bore in the last twelve months, as it was paid into them; nothing else bears interest in this county."""
    paid = books.postings[(books.postings["kind"] == "结息") & (books.postings["signed"] > 0)]
    paid = paid[paid["day"] >= day_of(month_start(calendar.last_month - 11))]
    number = books.accounts["account_id"].to_numpy()[paid["account"]]
    starts = [day_of(month_start(month_of(date_of(int(day))) - 3)) + 20 for day in paid["day"]]
    return pd.DataFrame(
        {
            "account_id": number,
            "interest_from": starts,
            "interest_to": paid["day"].to_numpy() - 1,
            "interest": paid["signed"].to_numpy(),
            "paid_into": number,
            "paid_on": paid["day"].to_numpy(),
        }
    )
