"""What is rolled up of customers: averages of the county, and who is close to the next scale."""

from __future__ import annotations

import duckdb

from kehujingli.periods import Period
from kehujingli.rollup import daily_averages


def test_an_average_of_half_a_fen_is_rounded_away_from_zero() -> None:
    """2 分 on fourteen days of February, 3 分 on the other fourteen: 2.5, so 3."""
    con = duckdb.connect()
    period = Period.of("2026-02")
    rows = [(period.first, 2), (period.first + 14, 1)]
    con.execute("create table transactions (day integer, signed bigint, deposit boolean)")
    con.executemany("insert into transactions values (?, ?, true)", rows)
    assert daily_averages(con, 3, period) == [(period.month, 3)]
