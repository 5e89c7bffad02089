"""What came in and went out, customer by customer and month by month? And which postings of the month would one look at?

From the linked postings, once a run, by whichever engine holds them: a signal is judged on a row a customer, never on postings.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw

from kehujingli.measures.activity import matches
from kehujingli.measures.collected import in_ranges, to_pandas
from kehujingli.periods import day_of, month_start

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from kehujingli.periods import Period

YEAR_BACK = 12
"""Months before the period's own that are looked at: the same month last year is the last."""
QUARTER = 3
"""Months before the period's own whose average balances are told."""
SHOWN = 3
"""Postings of one sort that are kept of a customer, the largest first."""
_FIRST_DAYS = 7
"""The oldest month of an export counts where its postings begin within so many days: no holiday is longer."""
_NONE = -(2**62)
"""Below every amount: a whole number beside a blank comes back as a float, which does not hold every one."""
_NEVER = 2**31 - 1


def gather(
    postings: Any, owners: Any, period: Period, salary: Sequence[str], end_days: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """``flows`` and ``notable`` of the deposit postings that were not reversed; money in 分. ``postings``: a frame of any engine; ``owners``: one
    beside it with every account of ours as ``account_id``, or nothing where the exports have no accounts; ``salary``: words of 代发工资;
    ``end_days``: how many days are a month's end, and its beginning.

    flows, one row a customer: in_0 … in_12 (came in, this month and 1 … 12 before; own transfers left out), net_0 … net_3 (all that moved),
    weighted_1 … weighted_3 and weighted_0 (Σ signed × days to the month's end, that day too), end_net (of the last days of the month before),
    start_net (of the first days of this one), largest_out (this month's
    largest single posting out), salary (this month's), salary_months and covered (bits, the lowest this month; covered: months of
    which the export has postings, the same in every row).
    notable, up to ``SHOWN`` a customer and sort (out, salary, bank, end, start): sort, customer_id, account_id, transaction_id, day, signed,
    counterparty_bank, source_part, source_row.
    """
    every = nw.from_native(postings)
    counted = every.filter(nw.col("deposit") & ~nw.col("reversed"))
    paid = (nw.col("signed") > 0) & ~nw.col("own") & matches(salary)
    start = day_of(month_start(period.month))
    late = (nw.col("day") >= start - end_days) & (nw.col("day") < start)
    early = (nw.col("day") >= start) & (nw.col("day") < start + end_days)
    flows = _by_customer(_by_month(counted, period, paid, late, early)).assign(covered=_covered(every, period))
    kinds = {name: "str" if name == "customer_id" else "int64" for name in flows.columns}
    return flows.astype(kinds), _notable(every, counted, owners, period, {"paid": paid, "late": late, "early": early})


def daily_sums(postings: Any) -> Iterator[pa.Table]:
    """What moved on each deposit account on each day on which anything did: account_id, day, signed (分), in that order, some accounts at a time."""
    import pyarrow as pa

    moved = nw.from_native(postings).filter(nw.col("deposit") & ~nw.col("account_id").is_null())

    def ask(some: Any) -> Any:
        sums = some.group_by("account_id", "day").agg(nw.col("signed").sum())
        return sums.sort("account_id", "day").select("account_id", "day", nw.col("signed").cast(nw.Int64))

    kinds = {"account_id": pa.string(), "day": pa.int32(), "signed": pa.int64()}
    for found in in_ranges(moved.select(*kinds), "account_id", ask):
        yield pa.table({name: found[name].cast(kind) for name, kind in kinds.items()})


def _by_month(counted: Any, period: Period, paid: nw.Expr, late: nw.Expr, early: nw.Expr) -> Any:
    """Per customer and month, lazily: what all that is told of her is added up from."""
    signed, back = nw.col("signed"), nw.col("back")
    into = (signed > 0) & ~nw.col("own")
    days: Any = nw.lit(0)
    for step in range(QUARTER + 1):
        days = nw.when(back == step).then(_end(period, step) + 1 - nw.col("day")).otherwise(days)
    ready = (
        counted.filter(nw.col("month") >= period.month - YEAR_BACK)
        .with_columns(back=period.month - nw.col("month"))
        .select(
            "customer_id",
            "back",
            net=signed,
            came=nw.when(into).then(signed).otherwise(0),
            most=nw.when(~nw.col("own")).then(0 - signed).otherwise(_NONE),
            weighted=signed * days,
            end_net=nw.when(late).then(signed).otherwise(0),
            start_net=nw.when(early).then(signed).otherwise(0),
            salary=nw.when(paid & (back <= QUARTER)).then(signed).otherwise(0),
        )
    )
    sums = ("net", "came", "weighted", "end_net", "start_net", "salary")
    return (
        ready.group_by("customer_id", "back")
        .agg(*(nw.col(name).sum() for name in sums), nw.col("most").max())
        .with_columns(nw.col(name).cast(nw.Int64) for name in sums)
    )


def _by_customer(monthly: Any) -> pd.DataFrame:
    back = nw.col("back")
    parts = {f"in_{step}": ("came", step) for step in range(YEAR_BACK + 1)}
    parts |= {f"{name}_{step}": (name, step) for name in ("net", "weighted") for step in range(QUARTER + 1)}
    columns: dict[str, Any] = {
        name: nw.when(back == step).then(nw.col(of)).otherwise(0) for name, (of, step) in parts.items()
    }
    columns |= {"end_net": nw.col("end_net"), "start_net": nw.col("start_net")}
    paid = nw.col("salary")
    columns["this_salary"] = nw.when(back == 0).then(paid).otherwise(0)
    columns["salary_months"] = sum(
        (nw.when((back == step) & (paid > 0)).then(1 << step).otherwise(0) for step in range(1, QUARTER + 1)),
        nw.when((back == 0) & (paid > 0)).then(1).otherwise(0),
    )
    told = (
        monthly.select("customer_id", largest_out=nw.when(back == 0).then(nw.col("most")).otherwise(_NONE), **columns)
        .group_by("customer_id")
        .agg(*(nw.col(name).sum() for name in columns), nw.col("largest_out").max())
        .with_columns(nw.col(name).cast(nw.Int64) for name in columns)
        .with_columns(largest_out=nw.when(nw.col("largest_out") != _NONE).then(nw.col("largest_out")).otherwise(0))
        .rename({"this_salary": "salary"})
    )
    order = [*parts, "end_net", "start_net", "salary", "largest_out", "salary_months"]
    found: pd.DataFrame = to_pandas(told.select("customer_id", *order).sort("customer_id"))
    return found.reset_index(drop=True)


def _end(period: Period, back: int) -> int:
    """The last day of a month that many before."""
    return day_of(month_start(period.month - back + 1)) - 1 if back else period.last


def _covered(every: Any, period: Period) -> int:
    """Months of which there are postings, as bits; the oldest only where it is not cut off at its beginning. One row a month is asked for."""
    counts = nw.when(nw.col("deposit") & ~nw.col("reversed")).then(nw.col("day")).otherwise(_NEVER)
    rows = to_pandas(every.select("month", counts=counts).group_by("month").agg(nw.col("counts").min()))
    told = {period.month - int(month): int(first) for month, first in zip(rows["month"], rows["counts"], strict=True)}
    older = any(back > YEAR_BACK for back in told)
    first_days = {back: first for back, first in told.items() if back <= YEAR_BACK and first != _NEVER}
    bits: int = sum(1 << back for back in first_days)
    if first_days and not older:
        back = max(first_days)
        if first_days[back] - day_of(month_start(period.month - back)) >= _FIRST_DAYS:
            bits -= 1 << back
    return bits


_NOTED = ("customer_id", "account_id", "transaction_id", "day", "signed")
_ORDER = ("size", "day", "source_part", "source_row")


def _notable(every: Any, counted: Any, owners: Any, period: Period, tests: dict[str, nw.Expr]) -> pd.DataFrame:
    import pyarrow as pa

    this = nw.col("month") == period.month
    near = counted.filter(this | tests["late"] | tests["early"])

    def ask(some: Any) -> Any:
        sorts = _sorts(some, every, owners, this, tests)
        return nw.concat([_largest(rows, sort) for sort, rows in sorts.items()]).sort("sort", "customer_id", *_ORDER)

    found = pa.concat_tables(in_ranges(near, "customer_id", ask)).to_pandas().sort_values("sort", kind="stable")
    fields = ("sort", *_NOTED, "counterparty_bank", "source_part", "source_row")
    text = ("sort", "customer_id", "account_id", "transaction_id", "counterparty_bank")
    return found[list(fields)].astype(dict.fromkeys(text, "str")).reset_index(drop=True)


def _sorts(some: Any, every: Any, owners: Any, this: nw.Expr, tests: dict[str, nw.Expr]) -> dict[str, Any]:
    """Sort → the postings that are of it, lazily."""
    there, out = some.collect_schema().names(), (nw.col("signed") < 0) & ~nw.col("own")
    sorts = {
        "end": some.filter(tests["late"] & (nw.col("signed") > 0)),
        "out": some.filter(this & out),
        "salary": some.filter(this & tests["paid"]),
        "start": some.filter(tests["early"] & (nw.col("signed") < 0)),
    }
    if "counterparty_bank" in there:
        named = some.filter(this & out & ~nw.col("counterparty_bank").is_null())
        if "counterparty_account" in there:
            ours = every if owners is None else nw.from_native(owners)
            others = named.filter(~nw.col("counterparty_account").is_null())
            named = others.join(
                ours.select("account_id").unique(), left_on="counterparty_account", right_on="account_id", how="anti"
            )
        sorts["bank"] = named
    return sorts


def _largest(rows: Any, sort: str) -> Any:
    """Up to ``SHOWN`` of each customer."""
    bank = (
        nw.col("counterparty_bank") if "counterparty_bank" in rows.collect_schema().names() else nw.lit(None, nw.String)
    )
    told = rows.select(
        *_NOTED,
        counterparty_bank=bank,
        source_part=nw.col("part"),
        source_row=nw.col("row"),
        size=0 - nw.col("signed").abs(),
        sort=nw.lit(sort),
    )
    return told.with_columns(nth=nw.col("sort").cum_count().over("customer_id", order_by=_ORDER)).filter(
        nw.col("nth") <= SHOWN
    )
