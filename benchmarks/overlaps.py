"""Do thousands of small exports without 流水号 cost in step with their number? Processor seconds of the whole comparison, 50 postings a file.

python benchmarks/overlaps.py
"""

from __future__ import annotations

import time
from pathlib import Path

import duckdb

from kehujingli.intake.ledger import Export, Sheet
from kehujingli.tables.repeats import count_once

ROWS = 50


def spent(files: int) -> float:
    con = duckdb.connect()
    con.execute("set threads = 1")
    con.execute(f"""
        create table raw as select i // {ROWS} as part, i as row, date '2026-01-01' + ((i // {ROWS}) % 28)::int as date,
            'A' || (i * 7919 % 500) as account_id, 'C' as customer_id, i % 977 as amount, i % 977 as signed,
            null::varchar as transaction_id, i % 1009 as balance
        from range({files * ROWS}) numbers(i)
    """)
    sheets = []
    for number in range(files):
        sheet = Sheet.__new__(Sheet)
        sheet.__dict__.update(
            export=Export(Path(f"{number}.csv"), f"{number}.csv", str(number), 1),
            table="transactions",
            columns={"balance": "账户余额"},
            sheet="",
            replaces={},
        )
        sheets.append(sheet)
    start = time.process_time()
    count_once(con, sheets, "raw")
    return time.process_time() - start


if __name__ == "__main__":
    for files in (1_000, 2_000, 4_000):
        print(f"{files:,} files: {spent(files):.2f} s")
