"""What came in and went out, customer by customer and month by month? And which postings of the month would one look at?

From the linked postings, once a run: a signal is judged on a row a customer, never on postings.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kehujingli.measures.activity import pattern
from kehujingli.periods import day_of, month_start
from kehujingli.tables.repeats import exists

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

    from kehujingli.periods import Period

YEAR_BACK = 12
"""Months before the period's own that are looked at: the same month last year is the last."""
QUARTER = 3
"""Months before the period's own whose average balances are told."""
SHOWN = 3
"""Postings of one sort that are kept of a customer, the largest first."""
_FIRST_DAYS = 7
"""The oldest month of an export counts where its postings begin within so many days: no holiday is longer."""


def gather(
    con: duckdb.DuckDBPyConnection, period: Period, salary: Sequence[str], end_days: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """``flows`` and ``notable`` of the deposit postings that were not reversed; money in 分. ``salary``: words of 代发工资; ``end_days``: how many days are a month's end, and its beginning.

    flows, one row a customer: in_0 … in_12 (came in, this month and 1 … 12 before; own transfers left out), net_0 … net_3 (all that moved),
    weighted_1 … weighted_3 and weighted_0 (Σ signed × days to the month's end, that day too), end_net (of the last days of the month before),
    start_net (of the first days of this one), largest_out (this month's
    largest single posting out), salary (this month's), salary_months and covered (bits, the lowest this month; covered: months of
    which the export has postings, the same in every row).
    notable, up to ``SHOWN`` a customer and sort (out, salary, bank, end, start): sort, customer_id, account_id, transaction_id, day, signed,
    counterparty_bank, source_part, source_row.
    """
    postings = f"from transactions where deposit and not reversed and month >= {period.month - YEAR_BACK}"
    words = pattern(salary) if salary else "$^"
    paid = "signed > 0 and not own and (regexp_matches(coalesce(kind, ''), $words) or regexp_matches(coalesce(memo, ''), $words))"
    start = day_of(month_start(period.month))
    back, given = f"({period.month} - month)", {"words": words}
    ends = " ".join(f"when {step} then {_end(period, step)}" for step in range(QUARTER + 1))
    con.execute(
        f"""
        create or replace temp table month_flows as
        select customer_id, {back} as back, sum(case when signed > 0 and not own then signed end) as came, sum(signed) as net,
               max(case when not own then -signed end) as most,
               sum(signed * (case {back} {ends} end - day + 1)) as weighted,
               sum(case when day between {start - end_days} and {start - 1} then signed end) as end_net,
               sum(case when day between {start} and {start + end_days - 1} then signed end) as start_net,
               sum(case when {back} <= {QUARTER} and {paid} then signed end) as salary, min(day) as first_day
        {postings} group by 1, 2
        """,
        given,
    )
    fields = [
        *(_of("came", step, f"in_{step}") for step in range(YEAR_BACK + 1)),
        *(_of("net", step, f"net_{step}") for step in range(QUARTER + 1)),
        *(_of("weighted", step, f"weighted_{step}") for step in range(QUARTER + 1)),
        *(f"coalesce(sum({name}), 0)::bigint as {name}" for name in ("end_net", "start_net")),
        _of("salary", 0, "salary"),
        _of("most", 0, "largest_out"),
        "coalesce(bit_or(case when salary > 0 then 1::bigint << back end), 0) as salary_months",
    ]
    flows = con.sql(
        f"select customer_id, {', '.join(fields)}, {_covered(con, period)}::bigint as covered from month_flows group by 1 order by 1"
    ).df()
    return flows, _notable(con, period, paid, end_days, given)


def _end(period: Period, back: int) -> int:
    """The last day of a month that many before."""
    return day_of(month_start(period.month - back + 1)) - 1 if back else period.last


def _of(column: str, back: int, name: str) -> str:
    return f"coalesce(sum(case when back = {back} then {column} end), 0)::bigint as {name}"


def _covered(con: duckdb.DuckDBPyConnection, period: Period) -> int:
    """Months of which there are postings, as bits; the oldest only where it is not cut off at its beginning."""
    told = con.execute("select back, min(first_day) from month_flows group by 1 order by 1 desc").fetchall()
    older = con.execute(f"select count(*) from transactions where month < {period.month - YEAR_BACK}").fetchall()[0][0]
    bits: int = sum(1 << int(back) for back, _ in told)
    if told and not older:
        back, first = told[0]
        if first - day_of(month_start(period.month - back)) >= _FIRST_DAYS:
            bits -= 1 << int(back)
    return bits


def _notable(
    con: duckdb.DuckDBPyConnection, period: Period, paid: str, end_days: int, given: dict[str, str]
) -> pd.DataFrame:
    start = day_of(month_start(period.month))
    there = {row[0] for row in con.execute("describe transactions").fetchall()}
    bank = "counterparty_bank" if "counterparty_bank" in there else "null::varchar"
    ours = "select account_id from owners" if exists(con, "owners") else "select distinct account_id from transactions"
    away = f"and counterparty_account not in ({ours})" if "counterparty_account" in there else ""
    sorts = {
        "out": f"month = {period.month} and signed < 0 and not own",
        "salary": f"month = {period.month} and {paid}",
        "end": f"day between {start - end_days} and {start - 1} and signed > 0",
        "start": f"day between {start} and {start + end_days - 1} and signed < 0",
    }
    if bank == "counterparty_bank":
        sorts["bank"] = f"month = {period.month} and signed < 0 and not own and {bank} is not null {away}"
    parts = [
        f"""
        select '{sort}' as sort, customer_id, account_id, transaction_id, day, signed, {bank} as counterparty_bank,
               part as source_part, row as source_row
        from transactions where deposit and not reversed and {test}
        qualify row_number() over (partition by customer_id order by abs(signed) desc, day, part, row) <= {SHOWN}
        """
        for sort, test in sorts.items()
    ]
    whole = " union all ".join(parts)
    order = "sort, customer_id, abs(signed) desc, day, source_part, source_row"
    return con.execute(f"select * from ({whole}) order by {order}", given).df()
