"""Who stands on the other side of a month's postings? One row a customer and counterparty, our own accounts left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kehujingli.tables.repeats import exists
from kehujingli.tables.transactions import OTHER_SIDE

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

    from kehujingli.periods import Period

_WHOLE_NUMBER = 12
"""Digits from which an account's number says of itself which bank it is at; a shorter one counts with its bank."""


def gather(con: duckdb.DuckDBPyConnection, period: Period, months: int) -> pd.DataFrame | None:
    """From the linked postings of the ``months`` up to the period's; nothing where no posting says who is on the other side.

    customer_id, counterparty_name, counterparty_account, counterparty_bank; postings; money_in and money_out (分, of the customer); posting_months
    and paying_months: the months with any, and with money going out, as bits, the lowest the period's own. Reversed postings and those between a
    customer's own accounts are left out, and so is every counterparty with an account of ours. The order is always the same, and says nothing: the
    texts' own would take as long as the sums.
    """
    import pyarrow.compute as pc

    there = {row[0] for row in con.execute("describe transactions").fetchall()}
    if not there.issuperset(OTHER_SIDE):
        return None
    ours = "select account_id from owners union " if exists(con, "owners") else ""
    bit = f"1::bigint << ({period.month} - month)"
    whole = f"length(counterparty_account) >= {_WHOLE_NUMBER}"
    found = con.sql(f"""
        with sides as (
            select customer_id, counterparty_name, counterparty_account, case when {whole} then null else counterparty_bank end as place,
                   max(counterparty_bank) as counterparty_bank, count(*) as postings,
                   sum(greatest(signed, 0))::bigint as money_in, sum(greatest(-signed, 0))::bigint as money_out,
                   bit_or({bit}) as posting_months, bit_or(case when signed < 0 then {bit} else 0 end) as paying_months
            from transactions
            where (counterparty_name is not null or counterparty_account is not null) and not reversed and not own
              and month between {period.month - months + 1} and {period.month}
            group by customer_id, counterparty_name, counterparty_account, place
        )
        select s.* exclude (place), hash(customer_id, counterparty_account, counterparty_name, counterparty_bank) as place from sides s
        anti join ({ours}select distinct account_id from transactions) o on o.account_id = s.counterparty_account
    """).to_arrow_table()
    return found.take(pc.sort_indices(found["place"])).drop_columns(["place"]).to_pandas()
