"""How do the measures grow from 1 to 100 million postings in Parquet on DuckDB, and what do they cost beside plain SQL?

python benchmarks/engines.py [MILLIONS ...]   (1 and 10 without; 100 wants 2 GB of disk for the postings, 5 for what memory does not hold, and some minutes).
Ratios and exponents are of processor seconds. More than ten million are only asked what they say, as two million customers' accounts want their own gigabytes;
"apart" asks ten million and fewer as more are asked: written apart in ten, each part read once.
"""

from __future__ import annotations

import itertools
import json
import math
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

POSTINGS_OF_ONE = 50
WAYS = ("asked", "apart", "measures", "whole", "plain")
MOST = 10
"""Millions up to which every way is tried."""
SAME = ("active_months", "transactions", "turnover", "last_active", "passive_transactions", "interest_paid")
SAME_DEPOSITS = ("deposit_balance", "average_deposit")
MORE = ("active_days", "first_active", "leaving_transactions")
"""Figures that both ways are summed by: of either statement, and of the whole one only."""
DAYS = """count(distinct day) filter (month >= {first}) as active_days, min(day) filter (month >= {first}) as first_active,
         count(*) filter (month = {first}) as leaving_transactions, """
PLAIN = """
with told as (
  select *, coalesce(regexp_matches(kind, '{exclude}'), false) or coalesce(regexp_matches(memo, '{exclude}'), false) as excluded,
         coalesce(regexp_matches(kind, '{passive}'), false) or coalesce(regexp_matches(memo, '{passive}'), false) as passive
  from read_parquet('{files}')),
done as (
  select customer_id, count(distinct month) filter (month >= {first}) as active_months, {days}count(*) filter (month >= {first}) as transactions,
         sum(abs(amount)) filter (month >= {first}) as turnover, max(day) as last_active
  from told where not (excluded or passive or own or reversed) group by customer_id),
came as (
  select customer_id, count(*) as passive_transactions from told
  where passive and not excluded and not reversed and month >= {first} group by customer_id),
moved as (
  select account_id, {sums} from read_parquet('{files}') where deposit group by account_id),
paid as (
  select customer_id, sum(signed) as interest_paid from told
  where deposit and signed > 0 and not reversed and month >= {first} and coalesce(regexp_matches(kind, '结息'), false) group by customer_id),
held as (
  select customer_id, sum(balance) as deposit_balance, {averages} from accounts left join moved using (account_id) group by customer_id)
select * from customers left join done using (customer_id) left join came using (customer_id) left join held using (customer_id)
left join paid using (customer_id) order by customer_id
"""


def make(folder: Path, millions: int) -> None:
    """Postings as linked, in as many files as millions; two accounts a customer, one posting in a hundred interest."""
    import duckdb

    customers = millions * 1_000_000 // POSTINGS_OF_ONE
    con = duckdb.connect(config={"memory_limit": "1GB"})
    for part in range(millions):
        con.execute(f"""copy (
            select 'C' || lpad(w::varchar, 8, '0') as customer_id, 'A' || lpad((w * 2 + i % 2)::varchar, 9, '0') as account_id, day,
                   (year(d) * 12 + month(d) - 1)::integer as month, signed, abs(signed) as amount, null::bigint as balance, kind,
                   null::varchar as memo, null::varchar as transaction_id, {part} as part, i as row, true as deposit, false as own, false as reversed
            from (select i, (hash(i + {part} * 1000000) % {customers})::bigint as w, (20089 + hash(i * 7 + {part}) % 668)::integer as day,
                         date '1970-01-01' + day as d, (hash(i * 3 + {part}) % 2000000)::bigint - 900000 as signed,
                         case when i % 100 = 0 then '结息' when i % 20 = 0 then '养老金' else '转账' end as kind
                  from range(1000000) r(i))) to '{folder}/{part:03}.parquet' (compression zstd)""")


def inputs_of(folder: Path, millions: int) -> Any:
    import pandas as pd

    from kehujingli.measures import Inputs
    from kehujingli.tables.frames import complete
    from kehujingli.workspace.engines import open_engine

    customers = millions * 1_000_000 // POSTINGS_OF_ONE
    ids = pd.Series(range(customers)).astype(str).str.zfill(8)
    numbers = pd.Series(range(2 * customers))
    accounts = pd.DataFrame(
        {
            "account_id": "A" + numbers.astype(str).str.zfill(9),
            "customer_id": "C" + (numbers // 2).astype(str).str.zfill(8),
            "balance": 10_000_000 + numbers % 1_000,
            "part": 0,
            "row": numbers,
            "snapshot": 20_757,
        }
    )
    engine = open_engine()
    ours, pictures = pd.DataFrame({"customer_id": "C" + ids}), complete("accounts", accounts)
    return Inputs(ours, engine.scan(_files(folder)), pictures, None, None, None, engine.apart)


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.parquet"))


def run(folder: Path, millions: int, way: str) -> dict[str, Any]:
    """One way in this process: seconds, processor seconds, peak memory, and a checksum of what came out."""
    import duckdb  # noqa: F401 - what is imported is not counted
    import pandas as pd  # noqa: F401

    from kehujingli.measures import measure
    from kehujingli.periods import Period
    from kehujingli.rules import EXAMPLE, load_rules

    rules, period = load_rules(EXAMPLE).rules.segment, Period.of("2026-10")
    assert rules is not None
    inputs = inputs_of(folder, millions) if way not in ("asked", "apart") else None
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start, used = time.perf_counter(), time.process_time()
    if way == "measures":
        found = measure(inputs, rules, period).customers
    elif way in ("asked", "apart"):
        found = _asked(folder, rules, period, apart=way == "apart")
    else:
        found = _plain(folder, inputs, rules, period, whole=way == "whole")
    names = [name for name in (*SAME, *SAME_DEPOSITS, *MORE) if name in found]
    sums = {name: int(found[name].fillna(0).sum()) for name in names}
    return {
        "seconds": round(time.perf_counter() - start, 2),
        "processor": round(time.process_time() - used, 2),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "before_mb": before // 1024,
        "sums": sums,
    }


def _asked(folder: Path, rules: Any, period: Any, *, apart: bool) -> Any:
    """What the measures ask of whoever holds the postings, and one row an account or customer of what it says; no picture of accounts beside it."""
    import narwhals.stable.v2 as nw
    import pandas as pd

    from kehujingli.measures import active
    from kehujingli.measures.collected import in_parts, parts_of
    from kehujingli.measures.deposits import flows, interest_paid
    from kehujingli.tables.averages import spans_of
    from kehujingli.workspace.engines import open_engine

    engine = open_engine()
    if apart:
        parts_of.__defaults__ = (len(_files(folder)) * 100_000,)
    postings = nw.from_native(engine.scan(_files(folder)))
    deposits, spans = postings.filter(nw.col("deposit")), spans_of(period, rules.window_months)
    moving = deposits.select("account_id", "customer_id", "day", "signed")
    moved = in_parts(
        moving, "account_id", lambda some: flows(some, spans, [period.last]), parts_of(deposits), engine.apart
    )
    done = active(postings, rules, period, engine.apart)
    done["interest_paid"] = done["customer_id"].map(interest_paid(deposits, rules.activity.interest, period))
    sums = {name: int(done[name].fillna(0).sum()) for name in (*SAME, *MORE) if name != "first_active"}
    return pd.DataFrame({name: [value] for name, value in {**sums, "sum_all": int(moved["sum_all"].sum())}.items()})


def _plain(folder: Path, inputs: Any, rules: Any, period: Any, *, whole: bool) -> Any:
    """What a person would write who has one database: of every figure that ``measure`` asks the postings for (``whole``), or of the first ones only."""
    from kehujingli.tables.averages import spans_of
    from kehujingli.workspace.engines.local import SCAN_LIMIT
    from kehujingli.workspace.sql import connect

    con = connect(memory_limit=SCAN_LIMIT)
    con.register("customers", inputs.customers)
    con.register("accounts", inputs.accounts[["account_id", "customer_id", "balance"]])
    spans = {name: span for name, span in spans_of(period, rules.window_months).items() if whole or name != "next"}
    sums = ", ".join(
        f"sum(signed) filter (day >= {s.first}) as sum_{n}, sum(signed * ({s.last} - day + 1)) filter (day between {s.first} and {s.last}) as days_{n}"
        for n, s in spans.items()
    )
    called = {"window": "average_deposit"}
    averages = ", ".join(
        f"round(sum((balance - coalesce(sum_{n}, 0)) * {s.days} + coalesce(days_{n}, 0))::decimal(38, 2) / {s.days})::bigint as {called.get(n, n)}"
        for n, s in spans.items()
    )
    words, first = rules.activity, period.month - rules.window_months + 1
    return con.execute(
        PLAIN.format(
            files=f"{folder}/*.parquet",
            exclude="|".join(words.exclude),
            passive="|".join(words.passive),
            first=first,
            days=DAYS.format(first=first) if whole else "",
            sums=sums,
            averages=averages,
        )
    ).df()


def main() -> None:
    told: dict[int, dict[str, dict[str, Any]]] = {}
    for millions in [int(text) for text in sys.argv[1:]] or [1, 10]:
        with tempfile.TemporaryDirectory(prefix="kehujingli-bench-") as folder:
            make(Path(folder), millions)
            for way in WAYS if millions <= MOST else ("asked",):
                command = [sys.executable, str(Path(__file__).resolve()), "--one", folder, str(millions), way]
                ran = subprocess.run(command, capture_output=True, text=True, check=True, cwd=folder)
                told.setdefault(millions, {})[way] = json.loads(ran.stdout)
        ways = told[millions]
        if millions > MOST:
            print(millions, json.dumps(ways), flush=True)
            continue
        of_whole, of_plain = (ways["measures"]["processor"] / ways[way]["processor"] for way in ("whole", "plain"))
        print(
            millions, json.dumps(ways), f"ratio {of_whole:.2f} (of the first figures only {of_plain:.2f})", flush=True
        )
        for way in ("asked", "apart", "whole", "plain"):
            assert ways[way]["sums"].items() <= ways["measures"]["sums"].items(), way
    sizes = sorted(told)
    for less, more in itertools.pairwise(sizes):
        pairs = (
            [("asked", "asked"), ("apart", "asked")] if more > MOST else [("asked", "asked"), ("measures", "measures")]
        )
        for before, way in pairs:
            if before not in told[less]:
                continue
            growth = told[more][way]["processor"] / told[less][before]["processor"]
            print(f"{before} {less} → {way} {more}: exponent {math.log(growth) / math.log(more / less):.2f}")


if __name__ == "__main__":
    if "--one" in sys.argv:
        _, _, where, size, wanted = sys.argv
        print(json.dumps(run(Path(where), int(size), wanted)))
    else:
        main()
