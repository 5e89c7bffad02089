"""The same measures on both engines."""

from __future__ import annotations

from kehujingli.measures import Inputs, Measured, measure
from kehujingli.month import Month


def measured_both(month: Month) -> tuple[Measured, Measured]:
    """Measures of a month by DuckDB and by pandas."""
    tables = month.tables
    assert month.rules.rules.segment is not None

    def on(transactions: object) -> Measured:
        accounts = tables["accounts"] if tables.has("accounts") else None
        loans = tables["loans"] if tables.has("loans") else None
        inputs = Inputs(tables["customers"], transactions, accounts, tables.account_history, loans, tables.loan_history)
        return measure(inputs, month.rules.rules.segment, month.period)  # type: ignore[arg-type]

    return on(month.tables.con.table("transactions")), on(month.tables.con.table("transactions").df())
