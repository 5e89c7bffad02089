"""Does every engine say the same of every customer, to the 分? DuckDB, pandas, and Spark (Sail in this process, without Java)."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa
import pytest
from besides import all_alike, asked_beside, busy
from postings import OCTOBER, Postings, bank, inputs

from kehujingli.measures import MEASURES, Measured, collected, measure
from kehujingli.measures.counterparties import gather as counterparties
from kehujingli.rules import EXAMPLE, SegmentRules, load_rules
from kehujingli.workspace.engines import Engine, open_engine, spark

HAS_SAIL = all(importlib.util.find_spec(name) for name in ("pysail", "pyspark"))
OTHERS = [
    "pandas",
    pytest.param(
        "sail",
        marks=pytest.mark.skipif(not HAS_SAIL, reason="pysail and pyspark-client are not here: kehujingli[spark]"),
    ),
]

SEVERAL = {"daily sums": "account_id", "notable": "customer_id", "counterparties": "customer_id"}
"""What has several rows of each account or customer."""


@pytest.fixture(scope="module")
def rules() -> SegmentRules:
    found = load_rules(EXAMPLE).rules.segment
    assert found is not None
    return found


@pytest.fixture(scope="module", params=OTHERS)
def other(request: pytest.FixtureRequest) -> Engine:
    return open_engine("spark", "sail") if request.param == "sail" else open_engine(request.param)


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        yield opened


def _alike(left: Measured, right: Measured) -> None:
    pd.testing.assert_frame_equal(left.customers, right.customers)
    pd.testing.assert_frame_equal(left.accounts, right.accounts)
    assert left.findings == right.findings


@pytest.mark.parametrize("accounts", [True, False], ids=["with accounts", "postings alone"])
def test_every_measure_is_the_same_on_every_engine(
    other: Engine, con: duckdb.DuckDBPyConnection, rules: SegmentRules, accounts: bool
) -> None:
    post, pictures = bank()
    relation = post.relation(con)
    ours = measure(inputs(relation, pictures, accounts=accounts), rules, OCTOBER)
    theirs = measure(inputs(other.hold(relation), pictures, accounts=accounts), rules, OCTOBER)
    _alike(ours, theirs)


def test_postings_grouped_in_parts_say_the_same(
    con: duckdb.DuckDBPyConnection, rules: SegmentRules, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hundred million postings do not fit into DuckDB's memory at once; seven at a time leave no customer and no account out, nor tell one twice."""
    post, pictures = bank()
    relation = inputs(post.relation(con), pictures)
    whole = measure(relation, rules, OCTOBER)
    monkeypatch.setattr(collected.parts_of, "__defaults__", (7,))
    _alike(measure(relation, rules, OCTOBER), whole)
    _alike(measure(replace(relation, apart=open_engine().apart), rules, OCTOBER), whole)


def test_the_bank_of_the_comparison_has_a_figure_of_every_measure(
    con: duckdb.DuckDBPyConnection, rules: SegmentRules
) -> None:
    """Two engines that both say nothing would be alike."""
    post, pictures = bank()
    told = measure(inputs(post.relation(con), pictures), rules, OCTOBER).customers.set_index("customer_id")
    parts = {"interest_cost": ["interest_paid"], "demand_share": ["demand_numerator", "demand_denominator"]}
    parts["deposit_cost"] = ["cost_numerator", "cost_denominator"]
    silent = [
        column
        for one in MEASURES
        for column in parts.get(one.name, [one.name])
        if not told[column].replace({0: pd.NA}).notna().any()
    ]
    assert silent == []
    c1 = told.loc["C1"]
    assert (c1["active_months"], c1["transactions"], c1["turnover"], c1["idle_days"]) == (10, 10, 100_000, 21)
    assert told.loc["C6", "deposit_balance"] == 1_000_000_000_000
    assert told.loc["C4", "deposit_balance"] == 7, "170 − 165 stood nearest to 0, and 7 came after"
    assert told.loc["C5", "deposit_balance"] == 164, "100 on the first; 55 and 9 without a balance since"


def test_a_sum_of_whole_numbers_is_exact_beyond_what_a_float_can_tell(
    other: Engine, con: duckdb.DuckDBPyConnection, rules: SegmentRules
) -> None:
    post = Postings()
    for _ in range(3):
        post.add("C1", "2026-10-10", 3_002_399_751_580_331, deposit=False)  # three times this is 2**53 + 1
    told = measure(inputs(other.hold(post.relation(con)), bank()[1], accounts=False), rules, OCTOBER).customers
    assert told.set_index("customer_id").loc["C1", "turnover"] == 2**53 + 1


def test_postings_that_lie_in_parquet_are_read_where_they_are_reckoned(
    other: Engine, con: duckdb.DuckDBPyConnection, rules: SegmentRules, tmp_path: Path
) -> None:
    post, pictures = bank()
    relation = post.relation(con)
    files = [tmp_path / "even.parquet", tmp_path / "odd.parquet"]
    for rest, file in enumerate(files):
        con.sql(f"select * from transactions where row % 2 = {rest}").write_parquet(str(file))
    ours = measure(inputs(relation, pictures), rules, OCTOBER)
    for engine in (open_engine(), other):
        _alike(ours, measure(inputs(engine.scan(files), pictures), rules, OCTOBER))


@pytest.mark.parametrize("accounts", [True, False], ids=["with accounts", "postings alone"])
def test_whatever_else_the_month_asks_of_postings_is_the_same_on_every_engine(
    other: Engine, con: duckdb.DuckDBPyConnection, rules: SegmentRules, accounts: bool
) -> None:
    busy()[0].relation(con)
    ours, theirs = (asked_beside(engine, con, rules, accounts=accounts) for engine in (open_engine(), other))
    all_alike(ours, theirs)


def test_what_says_several_things_of_an_account_comes_back_in_goes_of_no_more_rows_than_there_are_accounts(
    other: Engine, con: duckdb.DuckDBPyConnection, rules: SegmentRules, monkeypatch: pytest.MonkeyPatch
) -> None:
    post, pictures = busy()
    relation = post.relation(con)
    ours = asked_beside(open_engine(), con, rules, accounts=True)
    measured = measure(inputs(relation, pictures, accounts=False), rules, OCTOBER)
    fetched: list[int] = []

    def noted(frame: Any) -> pa.Table:
        told = to_arrow(frame)
        fetched.append(len(told))
        return told

    to_arrow = collected.to_arrow
    monkeypatch.setattr(collected, "to_arrow", noted)
    monkeypatch.setattr(collected.in_ranges, "__defaults__", (1,))
    all_alike(ours, asked_beside(other, con, rules, accounts=True))
    _alike(measured, measure(inputs(other.hold(relation), pictures, accounts=False), rules, OCTOBER))
    of_one = max(ours[name].groupby(key).size().max() for name, key in SEVERAL.items())
    assert len(fetched) > 3 * len(SEVERAL)
    assert max(fetched) <= max(of_one, ours["daily sums"]["account_id"].nunique())


def test_what_else_the_month_asks_is_what_one_adds_up_by_hand(
    con: duckdb.DuckDBPyConnection, rules: SegmentRules
) -> None:
    busy()[0].relation(con)
    told = asked_beside(open_engine(), con, rules, accounts=True)
    flow = told["flows"].set_index("customer_id")
    assert flow.loc["C1", ["in_0", "in_2", "in_12", "largest_out"]].tolist() == [10_000, 13_000, 0, 60_000]
    assert flow.loc["C2", "largest_out"] == 9_000_000_000_000_011
    assert (flow.loc["C2", "salary"], flow.loc["C2", "salary_months"]) == (500_000, 0b11)
    shown = told["notable"][told["notable"]["sort"] == "bank"]
    assert shown[["customer_id", "signed"]].to_numpy().tolist() == [["C1", -50_000], ["C1", -40_000], ["C1", -40_000]]
    sides = told["counterparties"]
    fields = [
        "counterparty_name",
        "counterparty_bank",
        "postings",
        "money_in",
        "money_out",
        "posting_months",
        "paying_months",
    ]
    assert sorted(map(tuple, sides[fields].fillna("").to_numpy().tolist())) == [
        ("县财政局", "他行", 1, 500_000, 0, 0b1, 0),
        ("县财政局", "农商行", 1, 500_000, 0, 0b10, 0),
        ("张三", "", 2, 0, 9_000_000_000_007_011, 0b11, 0b11),
        ("河东粮油店", "又一行", 5, 3_000, 130_010, 0b101, 0b1),
    ]
    day = told["daily sums"]
    assert day.loc[(day["account_id"] == "AC4"), "signed"].tolist() == [-165, 7]
    assert told["channels"].loc["C1"].tolist() == [3, 1, True]
    assert len(sides) <= len(sides.drop_duplicates(["customer_id", "counterparty_account", "counterparty_name"])) + 1
    assert told["notable"].groupby(["sort", "customer_id"]).size().max() == 3


@pytest.mark.skipif(not HAS_SAIL, reason="pysail and pyspark-client are not here: kehujingli[spark]")
def test_names_of_counterparties_do_not_leave_and_postings_held_later_keep_theirs(
    con: duckdb.DuckDBPyConnection,
) -> None:
    first, later = Postings(), Postings()
    first.add("C1", "2026-10-11", -1, other=("1", "张三", None))
    later.add("C1", "2026-10-11", -1, other=("1", "李四", None))
    later.add("C1", "2026-10-12", -1, other=("2", "张三", None))
    engine = open_engine("spark", "sail")
    held = engine.hold(first.relation(con))
    con.execute("drop table transactions")
    again = engine.hold(later.relation(con))
    assert dict(held.dtypes)["counterparty_name"] == dict(again.dtypes)["counterparty_name"] == "bigint"
    named = [
        sorted(counterparties(each, None, OCTOBER, 12, engine.named)["counterparty_name"]) for each in (held, again)
    ]
    assert named == [["张三"], ["张三", "李四"]]


@pytest.mark.skipif(not HAS_SAIL, reason="pysail and pyspark-client are not here: kehujingli[spark]")
def test_postings_too_many_for_a_message_are_sent_in_several(
    con: duckdb.DuckDBPyConnection, rules: SegmentRules, monkeypatch: pytest.MonkeyPatch
) -> None:
    post, pictures = bank()
    relation = post.relation(con)
    ours = measure(inputs(relation, pictures), rules, OCTOBER)
    monkeypatch.setattr(spark, "_AT_ONCE", 1_500)
    _alike(ours, measure(inputs(open_engine("spark", "sail").hold(relation), pictures), rules, OCTOBER))
