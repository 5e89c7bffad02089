"""Who borrows, and how well is it paid back? Loans with two month-ends: classes, arrears, principal due and collected."""

from __future__ import annotations

import numpy as np
import pandas as pd

from kehujingli.demo.county import Calendar
from kehujingli.periods import day_of, month_start

_NPL_SHARE = 0.03


def make_loans(rng: np.random.Generator, customers: pd.DataFrame, calendar: Calendar) -> pd.DataFrame:
    """One row a loan that stands on the books at the last or the last but one month-end."""
    kind = customers["customer_type"].to_numpy()
    chance = np.where(
        kind == "business", 0.35, np.where(kind == "sole_trader", 0.3, np.where(kind == "public", 0.0, 0.1))
    )
    old = customers["opened_on"].to_numpy() < calendar.before - 60
    owner = np.flatnonzero((rng.random(len(customers)) < chance) & old)
    count = len(owner)
    scale = np.where(
        kind[owner] == "business", 90_000_000, np.where(kind[owner] == "sole_trader", 15_000_000, 5_000_000)
    )
    amount = (np.exp(rng.normal(0, 0.8, count)) * scale).astype("int64") // 100_000 * 100_000 + 500_000
    years = rng.choice([1, 2, 3], count, p=[0.5, 0.2, 0.3])
    # Loans due before the month began are off the books.
    month = calendar.last - calendar.before
    issued = calendar.last - (rng.random(count) * (years * 365 + month)).astype("int64")
    issued = np.minimum(issued, calendar.last - 3)
    frame = pd.DataFrame(
        {
            "owner": owner,
            "customer_id": customers["customer_id"].to_numpy()[owner],
            "branch_id": customers["branch_id"].to_numpy()[owner],
            "loan_id": [f"L{number:08d}" for number in range(1, count + 1)],
            "contract_id": [f"HT{calendar.year}{number:06d}" for number in range(1, count + 1)],
            "product": np.where(
                kind[owner] == "business",
                "流动资金贷款",
                np.where(customers["rural"].to_numpy()[owner], "农户小额贷款", "个人经营贷款"),
            ),
            "guarantee": rng.choice(["信用", "保证", "抵押"], count, p=[0.35, 0.4, 0.25]),
            "issued_on": issued,
            "due_on": issued + years * 365,
            "amount": amount,
            "rate": np.round(rng.uniform(0.0435, 0.078, count), 4),
        }
    )
    return _quality(rng, frame, calendar)


def _quality(rng: np.random.Generator, loans: pd.DataFrame, calendar: Calendar) -> pd.DataFrame:
    """Non-performing loans up to three in a hundred of the balance; a few overdue ones that are still classed too well."""
    count = len(loans)
    order = rng.permutation(count)
    running = np.cumsum(loans["amount"].to_numpy()[order])
    bad = np.zeros(count, dtype=bool)
    bad[order[running <= running[-1] * _NPL_SHARE]] = True
    five = np.where(rng.random(count) < 0.03, "special_mention", "normal").astype(object)
    overdue = np.where(five == "special_mention", rng.integers(0, 60, count), 0)
    overdue[bad] = rng.integers(95, 500, int(bad.sum()))
    five[bad] = np.select([overdue[bad] > 360, overdue[bad] > 270], ["loss", "doubtful"], default="substandard")
    kind = rng.choice(np.flatnonzero(~bad), min(4, int((~bad).sum())), replace=False)
    five[kind], overdue[kind] = "special_mention", rng.integers(95, 140, len(kind))
    month_first = day_of(month_start(calendar.last_month))
    due = (loans["due_on"].to_numpy() >= month_first) & (loans["due_on"].to_numpy() <= calendar.last)
    paid = due & ~bad & (rng.random(count) < 0.94)
    off = np.flatnonzero(bad)[:2]
    return loans.assign(
        five_class=five,
        overdue_days=overdue,
        due_now=due,
        repaid=paid,
        bad=bad,
        written_off=np.isin(np.arange(count), off),
    )


def loan_table(
    rng: np.random.Generator,
    loans: pd.DataFrame,
    holders: pd.Series,
    responsible: pd.Series,
    calendar: Calendar,
    day: int,
) -> pd.DataFrame:
    """The loan book of a month-end: what was issued by then and not repaid before."""
    last = day == calendar.last
    here = loans["issued_on"] <= day
    late = (loans["overdue_days"] - (calendar.last - day)).clip(lower=0)
    balance = loans["amount"].where(~(loans["repaid"] & last), 0)
    monthly = (balance * loans["rate"] / 12).astype("int64")
    paying = ~loans["bad"]
    steps = (late / 31).clip(upper=3).astype("int64")
    table = pd.DataFrame(
        {
            "loan_id": loans["loan_id"],
            "customer_id": loans["customer_id"],
            "contract_id": loans["contract_id"],
            "product": loans["product"],
            "guarantee": loans["guarantee"],
            "issued_on": loans["issued_on"],
            "due_on": loans["due_on"],
            "amount": loans["amount"],
            "balance": balance,
            "rate": loans["rate"],
            "five_class": loans["five_class"],
            "overdue_days": late,
            "status": np.where(loans["written_off"], "written_off", "on_book"),
            "interest_received": (
                monthly * np.where(paying, rng.choice([1.0, 0.97, 0.0], len(loans), p=[0.9, 0.07, 0.03]), 0.1)
            ).astype("int64"),
            "arrears_on_book": np.where(late > 0, monthly * np.minimum(steps, 3), 0),
            "arrears_off_book": np.where(late > 90, monthly * (late // 31 - 2).clip(lower=0), 0),
            "due_principal": np.where(loans["due_now"] & last, loans["amount"], 0),
            "due_collected": np.where(loans["repaid"] & last, loans["amount"], 0),
            "manager_id": holders.to_numpy(),
            "responsible_id": responsible.to_numpy(),
            "branch_id": loans["branch_id"],
        }
    )
    return table[here.to_numpy()].reset_index(drop=True)
