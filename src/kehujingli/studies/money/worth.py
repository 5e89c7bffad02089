"""What do a customer's deposits, loans and fees bring in a year, and in the year ahead? One row an account, loan or fee, whole 分 that add up.

Ahead a term deposit and a loan are contracts: they bring until they are due and nothing after it. A current balance goes on as it went, and fees go
with the business that she is expected to do.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

import kehujingli.terms as house
from kehujingli.periods import Period
from kehujingli.studies.money.fees import dated
from kehujingli.studies.money.ftp import YEAR_DAYS, Prices, deposit_lines, left_within, loan_lines, priced, prices_of
from kehujingli.studies.money.loss import losses
from kehujingli.tables.averages import spans_of
from kehujingli.values import divide_half_up

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

    from kehujingli.errors import Finding

PARTS = (
    "now_deposits",
    "now_loans",
    "now_loss",
    "now_fees",
    "next_current",
    "next_term",
    "next_loans",
    "next_loss",
    "next_fees",
)
"""Whole 分 of a year; losses are positive and come off."""
YEAR_MONTHS = 12


def margins(
    accounts: pd.DataFrame,
    loans: pd.DataFrame,
    opening: pd.DataFrame | None,
    ftp: pd.DataFrame,
    rates: Mapping[str, Decimal],
    period: Period,
    window_months: int,
) -> tuple[pd.DataFrame, list[Finding]]:
    """customer_id, product and ``PARTS`` of every account and loan. ``opening``: the loans of the month before; ``rates``: a year's loss by class;
    ``window_months``: those that the kept averages of the window span.

    ``now_…`` is the month's profit × 365 ÷ its days.
    """
    import pandas as pd

    prices = prices_of(ftp, period)
    deposits, lent = deposit_lines(accounts, period), loan_lines(loans, opening, period)
    month = pd.concat([deposits, lent], ignore_index=True)
    _, told = priced(month, prices)
    now, _ = priced(
        month.assign(daily=month["daily"] * YEAR_DAYS), prices
    )  # before the rounding, which a year would multiply
    year = {"profit": now["profit"], "loss": pd.Series(losses(now, rates), index=now.index)}
    yearly = {name: divide_half_up(part.to_numpy(), prices.days) for name, part in year.items()}
    of_deposits = (now["side"] == "deposit").to_numpy(dtype=bool)
    past = _rows(now).assign(
        now_deposits=yearly["profit"] * of_deposits, now_loans=yearly["profit"] * ~of_deposits, now_loss=yearly["loss"]
    )
    coming = [
        _deposits_ahead(deposits, accounts, prices, period, window_months),
        _loans_ahead(loans, prices, rates, period),
    ]
    return _whole(pd.concat([past, *coming], ignore_index=True)), [*told, *left_within(loans, opening, period)]


def _rows(lines: pd.DataFrame) -> pd.DataFrame:
    product = lines["side"].map(house.PRICED) + " " + lines["what"].astype("str")
    return lines[["customer_id"]].assign(product=product)


def _whole(rows: pd.DataFrame) -> pd.DataFrame:
    for name in PARTS:
        rows[name] = rows[name].fillna(0).astype("int64") if name in rows else 0
    return rows


def _deposits_ahead(
    lines: pd.DataFrame, accounts: pd.DataFrame, prices: Prices, period: Period, months: int
) -> pd.DataFrame:
    """A term deposit's balance until it is due; another's 月日均 and once more what it is above the window's average, not below 0."""
    import numpy as np

    own = accounts.drop_duplicates("account_id").set_index("account_id").loc[lines["key"]]
    term = (own["kind"] == "term").to_numpy(dtype=bool)
    average = lines["average"].to_numpy(dtype="int64")
    ahead = np.where(
        term,
        own["balance"].fillna(0).to_numpy(dtype="int64") * _left(own["matures_on"], period),
        np.maximum(average + _trend(own, period, months), 0) * YEAR_DAYS,
    )
    told, _ = priced(lines.assign(daily=ahead), prices)
    return _rows(told).assign(next_current=told["profit"] * ~term, next_term=told["profit"] * term)


def _trend(accounts: pd.DataFrame, period: Period, months: int) -> npt.NDArray[np.int64]:
    """How much the month's average is above the window's; 0 where either is not known or the account is younger than the window."""
    import numpy as np

    spans = spans_of(period, months)
    known = accounts["known_month"].fillna(False) & accounts["known_window"].fillna(False)
    known &= accounts["opened"] <= period.window_first(months)
    month, window = (
        divide_half_up(accounts[f"product_{name}"].fillna(0).to_numpy(dtype="int64"), spans[name].days)
        for name in ("month", "window")
    )
    return np.asarray(np.where(known.to_numpy(dtype=bool), month - window, 0))


def _left(due: pd.Series, period: Period) -> npt.NDArray[np.int64]:
    """Days of the coming year until it is due; 0 where that is not known."""
    import numpy as np

    days = due.astype("float64").to_numpy() - period.last
    return np.asarray(np.nan_to_num(np.clip(days, 0, YEAR_DAYS), nan=0)).astype("int64")


def _loans_ahead(loans: pd.DataFrame, prices: Prices, rates: Mapping[str, Decimal], period: Period) -> pd.DataFrame:
    """The balance until it is due; what is past due earns nothing more and may be lost all year."""
    import numpy as np

    lines = loan_lines(loans, None, period)
    own = loans.drop_duplicates("loan_id").set_index("loan_id").loc[lines["key"]]
    balance = own["balance"].fillna(0).to_numpy(dtype="int64")
    days = _left(own["due_on"], period)
    past = (own["due_on"].astype("float64") <= period.last).to_numpy(dtype=bool)
    told, _ = priced(lines.assign(daily=balance * days), prices)
    exposed = told.assign(daily=balance * np.where(past, YEAR_DAYS, days))
    return _rows(told).assign(next_loans=told["profit"], next_loss=losses(exposed, rates))


def fee_rows(fees: pd.DataFrame, period: Period) -> tuple[pd.DataFrame, list[Finding]]:
    """customer_id, product and ``PARTS`` of the fees of the twelve months."""
    day, told = dated(fees, period)
    own = fees[day.between(period.window_first(YEAR_MONTHS), period.last).fillna(False)]
    rows = own[["customer_id"]].assign(
        product="中收 " + own["product"].fillna("没写产品").astype("str"), now_fees=own["amount"].fillna(0)
    )
    return _whole(rows.reset_index(drop=True)), told
