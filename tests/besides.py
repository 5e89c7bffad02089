"""What does a month ask of postings beside the measures? A bank that has something of everything, and all of it asked of one engine."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import duckdb
import narwhals.stable.v2 as nw
import pandas as pd
import pyarrow as pa
from postings import OCTOBER, Postings, bank

from kehujingli.lists.branches import daily_averages, inflow_of
from kehujingli.measures import collected
from kehujingli.measures.activity import active_months_since
from kehujingli.measures.channels import channels
from kehujingli.measures.counterparties import gather as counterparties
from kehujingli.measures.flows import daily_sums
from kehujingli.measures.flows import gather as flows
from kehujingli.rules import SegmentRules
from kehujingli.workspace.engines import Engine


def busy() -> tuple[Postings, dict[str, Any]]:
    """The bank with wages, payments to others and channels: what signals, leads and 替代率 are made of."""
    post, pictures = bank()
    shop, lodger = ("6200000000009999", "河东粮油店", "他行"), ("77", "张三", None)
    post.add("C1", "2026-10-11", -40_000, other=shop, channel="手机银行")
    post.add("C1", "2026-10-12", -40_000, other=shop, channel="手机银行")
    post.add("C1", "2026-10-13", -50_000, other=("6200000000009999", "河东粮油店", "又一行"), channel="柜面")
    post.add("C1", "2026-10-14", -10, other=shop)  # the fourth in size: not shown
    post.add("C1", "2026-08-14", 3_000, other=shop)
    post.add("C1", "2025-10-31", -1, other=shop)  # a day before the window
    post.add("C1", "2026-10-15", -60_000, other=("AC2", "李四", "本行"), channel="ATM")  # an account of ours
    post.add("C2", "2026-10-15", 500_000, memo="代发工资", other=("88", "县财政局", "他行"))
    post.add(
        "C2", "2026-09-15", 500_000, memo="代发工资", other=("88", "县财政局", "农商行")
    )  # a short number counts with its bank
    post.add("C2", "2026-09-28", -7_000, other=lodger, channel="柜面")
    post.add("C2", "2026-10-03", -9_000, other=(None, "张三", None), reversed=True)
    post.add("C2", "2026-10-04", -9_000_000_000_000_011, other=lodger)  # beyond what a float can tell
    return post, pictures


def asked_beside(
    engine: Engine, con: duckdb.DuckDBPyConnection, rules: SegmentRules, *, accounts: bool
) -> dict[str, Any]:
    """What the month asks of postings beside the measures, by name."""
    held = engine.hold(con.table("transactions"))
    owners = engine.beside(con, pa.table({"account_id": ["AC2", "AC3", "AC0"]})) if accounts else None
    told = flows(held, owners, OCTOBER, ("代发工资",), 5)
    words = tuple(rules.activity.exclude), tuple(rules.activity.passive)
    awake = collected.to_pandas(active_months_since(nw.from_native(held), *words, OCTOBER.month - 5))
    through = channels(held, rules.activity, rules.channels, OCTOBER)
    kinds = pd.DataFrame({"account_id": ["AC1", "AC3"], "kind": ["demand", "margin"], "balance": [200_000, 777]})
    weights = {"margin": Decimal("0.3")}
    return {
        "flows": told[0],
        "notable": told[1],
        "counterparties": counterparties(held, owners, OCTOBER, 12, engine.named),
        "daily sums": pa.concat_tables(daily_sums(held)).to_pandas(),
        "woken": awake.sort_values(["customer_id", "month"], ignore_index=True),
        "channels": through.customers,
        "inflow": pd.Series(inflow_of(held, OCTOBER.first)).sort_index(),
        "history": daily_averages(held, lambda table: engine.beside(con, table), kinds, weights, OCTOBER),
    }


def all_alike(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> None:
    for name, frame in ours.items():
        if isinstance(frame, pd.DataFrame):
            pd.testing.assert_frame_equal(frame, theirs[name], obj=name)
        elif isinstance(frame, pd.Series):
            pd.testing.assert_series_equal(frame, theirs[name], obj=name)
        else:
            assert frame == theirs[name], name
