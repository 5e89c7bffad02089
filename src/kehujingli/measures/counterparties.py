"""Who stands on the other side of a month's postings? One row a customer and counterparty, our own accounts left out."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw

from kehujingli.measures.collected import in_ranges

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from kehujingli.periods import Period

_SIDE = ("counterparty_name", "counterparty_account", "counterparty_bank")
_WHOLE_NUMBER = 12
"""Digits from which an account's number says of itself which bank it is at; a shorter one counts with its bank."""
_NUMBERS = ("postings", "money_in", "money_out", "posting_months", "paying_months")


def gather(
    postings: Any, owners: Any, period: Period, months: int, named: Callable[[pa.ChunkedArray], pa.ChunkedArray]
) -> pd.DataFrame | None:
    """From the linked postings of the ``months`` up to the period's; nothing where no posting says who is on the other side.

    ``postings``: a frame of any engine; ``owners``: one beside it with every account of ours as ``account_id``, where the exports have accounts;
    ``named``: the names of counterparties, where the engine holds numbers in their place.

    customer_id, counterparty_name, counterparty_account, counterparty_bank; postings; money_in and money_out (分, of the customer); posting_months
    and paying_months: the months with any, and with money going out, as bits, the lowest the period's own. Reversed postings and those between a
    customer's own accounts are left out, and so is every counterparty with an account of ours. The order is always the same, and says nothing: the
    texts' own would take as long as the sums.
    """
    import pyarrow as pa

    every = nw.from_native(postings)
    if not set(every.collect_schema().names()).issuperset(_SIDE):
        return None
    known = (every, *([] if owners is None else [nw.from_native(owners)]))

    def ask(some: Any) -> Any:
        sides = _sides(some)
        for ours in known:
            sides = sides.join(
                ours.select("account_id").unique(), left_on="counterparty_account", right_on="account_id", how="anti"
            )
        return sides.select("customer_id", *_SIDE, *_NUMBERS)

    found = pa.concat_tables(in_ranges(_said(every, period, months), "customer_id", ask))
    columns = {name: named(found[name]) if name == "counterparty_name" else found[name] for name in found.column_names}
    kinds = {name: pa.int64() if name in _NUMBERS else pa.string() for name in columns}
    return _ordered(pa.table({name: values.cast(kinds[name]) for name, values in columns.items()}))


def _said(every: Any, period: Period, months: int) -> Any:
    """The postings that say who is on the other side, lazily, with the month as one bit."""
    month = nw.col("month")
    said = ~nw.col("counterparty_name").is_null() | ~nw.col("counterparty_account").is_null()
    within = (month > period.month - months) & (month <= period.month)
    bit: Any = nw.lit(0)
    for back in range(months):
        bit = nw.when(month == period.month - back).then(1 << back).otherwise(bit)
    told = every.filter(said & within & ~nw.col("reversed") & ~nw.col("own"))
    return told.select("customer_id", *_SIDE, "signed", bit=bit)


def _sides(said: Any) -> Any:
    """Per customer and counterparty, lazily, from sums a month: a month is one bit, however often it came."""
    signed, keys = nw.col("signed"), ("customer_id", "counterparty_name", "counterparty_account", "place")
    whole = nw.col("counterparty_account").str.len_chars() >= _WHOLE_NUMBER
    sums = ("postings", "money_in", "money_out")
    monthly = (
        said.select(
            "customer_id",
            *_SIDE,
            "bit",
            place=nw.when(~whole.fill_null(False)).then(nw.col("counterparty_bank")),
            money_in=nw.when(signed > 0).then(signed).otherwise(0),
            money_out=nw.when(signed < 0).then(0 - signed).otherwise(0),
        )
        .group_by(*keys, "bit")
        .agg(
            nw.col("counterparty_bank").max(),
            nw.len().alias("postings"),
            nw.col("money_in").sum(),
            nw.col("money_out").sum(),
        )
        .with_columns(*(nw.col(name).cast(nw.Int64) for name in sums))
        .with_columns(paying=nw.when(nw.col("money_out") > 0).then(nw.col("bit")).otherwise(0))
    )
    added = monthly.group_by(*keys).agg(
        nw.col("counterparty_bank").max(),
        *(nw.col(name).sum() for name in sums),
        nw.col("bit").sum().alias("posting_months"),
        nw.col("paying").sum().alias("paying_months"),
    )
    return added.with_columns(nw.col(name).cast(nw.Int64) for name in _NUMBERS)


def _ordered(found: pa.Table) -> pd.DataFrame:
    import duckdb
    import pyarrow.compute as pc

    with duckdb.connect() as con:
        key = "hash(customer_id, counterparty_account, counterparty_name, counterparty_bank) as place"
        place = con.from_arrow(found).project(key).to_arrow_table()["place"]
    return found.take(pc.sort_indices(place)).to_pandas()
