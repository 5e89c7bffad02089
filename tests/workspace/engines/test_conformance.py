"""Does every engine say the same of every customer, to the 分? DuckDB, pandas, and Spark (Sail in this process, without Java)."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from postings import OCTOBER, Postings, bank, inputs

from kehujingli.measures import MEASURES, Measured, collected, measure
from kehujingli.rules import EXAMPLE, SegmentRules, load_rules
from kehujingli.workspace.engines import Engine, open_engine

HAS_SAIL = all(importlib.util.find_spec(name) for name in ("pysail", "pyspark"))
OTHERS = [
    "pandas",
    pytest.param(
        "sail",
        marks=pytest.mark.skipif(not HAS_SAIL, reason="pysail and pyspark-client are not here: kehujingli[spark]"),
    ),
]


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
