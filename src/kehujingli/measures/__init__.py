"""What does each customer amount to? Transactions, accounts and loans → one row a customer.

One code for DuckDB, pandas and Spark: the group-bys over transactions are narwhals expressions, everything after them is whole-number
arithmetic on one row an account or customer. Definitions: ``measures.catalogue``. What the exports cannot support is missing, not zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw

from kehujingli.errors import Finding, finding
from kehujingli.measures.activity import came, came_passively, doings
from kehujingli.measures.catalogue import MEASURES, Measure
from kehujingli.measures.collected import Apart, by_reading, in_parts, parts_of, to_pandas
from kehujingli.measures.deposits import (
    account_figures,
    customer_figures,
    differing_officials,
    interest_paid,
)
from kehujingli.measures.loans import loan_figures
from kehujingli.periods import Period
from kehujingli.tables.averages import spans_of
from kehujingli.tables.groups import Groups
from kehujingli.values import among

if TYPE_CHECKING:
    import pandas as pd

    from kehujingli.rules import SegmentRules

__all__ = ["MEASURES", "Inputs", "Measure", "Measured", "active", "measure"]


_COUNTS = (
    "active_months",
    "active_days",
    "transactions",
    "turnover",
    "passive_transactions",
    "leaving_transactions",
)


@dataclass(frozen=True)
class Inputs:
    """What is measured. ``transactions`` is a frame of any engine (``engines``: a DuckDB relation, a pandas or a Spark frame) with the columns of ``tables.transactions``.

    ``accounts``, ``loans``: the snapshots in use, or ``None`` where the exports have none; ``…_history``: all of them, with ``snapshot``.
    """

    customers: pd.DataFrame
    transactions: Any
    accounts: pd.DataFrame | None
    account_history: pd.DataFrame | None
    loans: pd.DataFrame | None
    loan_history: pd.DataFrame | None
    apart: Apart = by_reading
    """Who parts the transactions where they are too many to be grouped at once (``engines``)."""
    groups: Groups = field(default_factory=Groups)
    """What has been asked of the transactions before."""


@dataclass(frozen=True)
class Measured:
    """``customers``: one row a customer, sorted by customer_id; ``accounts``: one row a deposit account, sorted by account_id."""

    customers: pd.DataFrame
    accounts: pd.DataFrame
    point_in_time_loans: bool
    findings: tuple[Finding, ...] = ()


def measure(inputs: Inputs, rules: SegmentRules, period: Period) -> Measured:
    """All measures of every customer for the period. Money is 分 (Int64), days count from 1970."""
    import pandas as pd

    transactions = nw.from_native(inputs.transactions)
    done = active(transactions, rules, period, inputs.apart, inputs.groups)
    result = (
        inputs.customers[["customer_id"]]
        .sort_values("customer_id", ignore_index=True)
        .merge(done, on="customer_id", how="left")
    )
    for column in _COUNTS:
        result[column] = result[column].fillna(0).astype("Int64")
    for column in ("first_active", "last_active"):
        result[column] = result[column].astype("Int64")
    result["first_active"] = result["first_active"].where(result["first_active"] <= period.last)
    result["idle_days"] = period.last - result["last_active"]
    spans = spans_of(period, rules.window_months)
    accounts = inputs.accounts if inputs.accounts is not None else _no_accounts()
    postings = transactions.filter(nw.col("deposit"))
    figures, left = account_figures(
        postings, accounts, inputs.account_history, period, spans, inputs.apart, inputs.groups
    )
    deposits = customer_figures(figures, rules.deposit_weights, spans)
    result = result.merge(deposits, on="customer_id", how="left")
    if inputs.accounts is not None:
        # With an accounts table, a customer without an account has no deposits; without one, nobody can say.
        there = among(result["customer_id"], deposits["customer_id"])
        money = [column for column in deposits.columns if column != "customer_id"]
        result.loc[~there, money] = 0
    paid = interest_paid(postings, rules.activity.interest, period, inputs.groups)
    told = result["customer_id"].map(paid).fillna(0) if paid is not None else None
    result["interest_paid"] = pd.array([pd.NA] * len(result) if told is None else told, "Int64")
    lent, point_in_time = _loans(inputs, period, rules.window_months)
    result = result.merge(lent, on="customer_id", how="left")
    if inputs.loans is not None:
        lent_columns = ["loan_balance", "average_loan", "average_loan_next", "loans"]
        result[lent_columns] = result[lent_columns].fillna(0)
    findings = []
    count, worst = differing_officials(figures, spans)
    if count:
        findings.append(finding("table.official-differs", count=count, amount=worst))
    if left:
        findings.append(finding("table.account-gone", count=len(left), amount=sum(map(abs, left))))
    result["worst_class"] = result["worst_class"].astype("object")
    return Measured(result, figures, point_in_time, tuple(findings))


def active(
    transactions: Any,
    rules: SegmentRules,
    period: Period,
    apart: Apart = by_reading,
    groups: Groups | None = None,
) -> pd.DataFrame:
    """One row a customer who came, or for whom something came: counts, sums and days of ``measures.activity``. ``transactions``: a narwhals frame."""
    words, window, parts = rules.activity, rules.window_months, parts_of(transactions)
    groups = groups or Groups()

    def actively(some: Any) -> pd.DataFrame:
        done = doings(some, words.exclude, words.passive)
        return _whole(in_parts(done, "customer_id", lambda few: came(few, period, window), parts, apart))

    def passively(some: Any) -> pd.DataFrame:
        return _whole(to_pandas(came_passively(some, words.exclude, words.passive, period, window)))

    what = tuple(words.exclude), tuple(words.passive), period, window
    return groups.of(("came", *what), "customer_id", transactions, actively).merge(
        groups.of(("came passively", *what), "customer_id", transactions, passively), on="customer_id", how="outer"
    )


def _whole(counts: pd.DataFrame) -> pd.DataFrame:
    """A customer's counts and sums as whole numbers that can be missing."""
    return counts.astype({name: "Int64" for name in counts.columns if name != "customer_id"})


def _loans(inputs: Inputs, period: Period, window_months: int) -> tuple[pd.DataFrame, bool]:
    import pandas as pd

    if inputs.loans is None:
        columns: Mapping[str, str] = {
            "customer_id": "str",
            "loan_balance": "Int64",
            "average_loan": "Int64",
            "average_loan_next": "Int64",
            "loans": "Int64",
            "worst_class": "object",
        }
        return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in columns.items()}), False
    history = inputs.loan_history if inputs.loan_history is not None else inputs.loans
    return loan_figures(inputs.loans, history, period, window_months)


def _no_accounts() -> pd.DataFrame:
    from kehujingli.tables.frames import empty

    return empty("accounts").assign(snapshot=[])
