"""Do Berka's standing orders come out as counted by hand? 6,446 counterparties at 13 banks, 21,228,993.60 in all."""

from __future__ import annotations

import duckdb
import pandas as pd
import pytest
from conftest import real_data

from kehujingli.measures.counterparties import gather
from kehujingli.periods import Period
from kehujingli.rules.models import Institution
from kehujingli.studies.customers.strangers import Rules
from kehujingli.studies.leads import leads
from kehujingli.workspace.engines import open_engine

FOLDER = real_data()
ORDERS = FOLDER / "berka" / "original" / "order.asc" if FOLDER is not None else None
pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(
        ORDERS is None or not ORDERS.exists(),
        reason="the Berka orders are not here: ../shared/data or $KEHUJINGLI_REAL_DATA",
    ),
]
MARCH = Period.of("1994-03")


def test_every_counterparty_of_a_standing_order_is_a_lead() -> None:
    """Accounts of eight digits without a name: each counts with its bank. Of every account's owner the orders know only the account."""
    con = duckdb.connect()
    con.execute(f"""
        create table transactions as
        select account_id::varchar as customer_id, 'A' || account_id as account_id, {MARCH.month} as month,
               -round(amount * 100)::bigint as signed, false as reversed, false as own, null::varchar as counterparty_name,
               account_to as counterparty_account, bank_to as counterparty_bank
        from read_csv('{ORDERS}', delim = ';', header = true, types = {{'account_to': 'VARCHAR', 'amount': 'DECIMAL(12, 2)'}})
    """)
    sides = gather(con.table("transactions"), None, MARCH, 12, open_engine().named)
    assert sides is not None
    owners = sorted(set(sides["customer_id"]))
    people = pd.DataFrame({"customer_id": owners, "customer_name": None, "customer_type": "person", "village": None})
    blank = ("branch_id", "branch_name", "holder_id", "manager_name", "id_number", "opened_on")
    people = people.assign(**dict.fromkeys(blank), deposit_balance=0)
    rules = Rules(months=1, least=0, most=100_000)
    told = leads(people, sides, period=MARCH, institution=Institution(name="示例"), rules=rules)
    found = told.frames["leads_counterparties"]
    assert (len(found), found["counterparty_bank"].nunique(), int(found["money"].sum())) == (6_446, 13, 2_122_899_360)
    assert int(found["postings"].sum()) == 6_471
