"""Do the days behind an average add up on a real bank's postings?"""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from kehujingli.answers.explain.balance import accounts_of, history
from kehujingli.commands.history import moves_of
from kehujingli.intake.ledger import Ledger
from kehujingli.measures.flows import daily_sums
from kehujingli.month import Request, open_month
from kehujingli.tables.averages import spans_of

MEASURES = (("window", "average_deposit"), ("year", "average_deposit_year"), ("month", "average_deposit_month"))


@pytest.mark.slow
def test_the_days_of_every_customer_add_up_to_its_averages(berka: Path, tmp_path: Path) -> None:
    month = open_month(Request((berka,)), Ledger(tmp_path))
    figures = month.measured.accounts
    kept = month.measured.customers.set_index("customer_id")
    con = month.tables.con.register("sums", pa.concat_tables(daily_sums(month.postings)))
    moves = moves_of(con, "sums", figures["account_id"].tolist())
    spans = spans_of(month.period, 12)
    compared = 0
    for customer, rows in figures.groupby("customer_id"):
        held = accounts_of(rows.to_dict("records"), {}, moves)
        for span, measure in MEASURES:
            assert history(held, spans[span].first, spans[span].last).average == kept.loc[customer, measure]
            compared += 1
    assert compared == 3 * 1_229
