"""Do the emitted statements say in another warehouse what the measures say here?"""

from __future__ import annotations

import importlib.util
import json
from typing import Any

import duckdb
import narwhals.stable.v2 as nw
import pandas as pd
import pytest
from conftest import ROOT, run_here
from postings import OCTOBER, bank

from kehujingli.commands.emit_sql import statements
from kehujingli.errors import Problem
from kehujingli.measures.collected import to_pandas
from kehujingli.measures.given import LINKED
from kehujingli.measures.questions import POSTING, questions
from kehujingli.rules import EXAMPLE, SegmentRules, load_rules
from kehujingli.workspace.engines import open_engine
from kehujingli.workspace.engines.warehouse import known, translated

HAS_SAIL = all(importlib.util.find_spec(name) for name in ("pysail", "pyspark"))
HAS_SQLGLOT = importlib.util.find_spec("sqlglot") is not None


@pytest.fixture(scope="module")
def rules() -> SegmentRules:
    """Words with a mark that regular expressions know."""
    found = load_rules(EXAMPLE).rules.segment
    assert found is not None
    words = found.activity.model_copy(update={"exclude": (*found.activity.exclude, "A.B费", r"C\D")})
    return found.model_copy(update={"activity": words})


def _sorted(frame: Any) -> pd.DataFrame:
    plain = frame.astype({name: "int64" for name in frame.columns if name not in ("customer_id", "account_id")})
    return plain.sort_values(frame.columns[0], ignore_index=True)


def _expected(con: duckdb.DuckDBPyConnection, rules: SegmentRules) -> dict[str, pd.DataFrame]:
    post, _ = bank()
    for kind, memo in (("A.B费", None), ("AXB费", None), (None, r"C\D")):
        post.add("C9", "2026-01-01", 1, None, kind, memo=memo)
    asked = questions(nw.from_native(post.relation(con)), rules, OCTOBER)
    return {one.name: _sorted(to_pandas(one.frame)) for one in asked}


def _alike(expected: dict[str, pd.DataFrame], found: dict[str, pd.DataFrame]) -> None:
    assert expected.keys() == found.keys()
    for name, frame in expected.items():
        assert len(frame)
        pd.testing.assert_frame_equal(frame, _sorted(found[name]), check_dtype=False)


def test_duckdb_runs_them_by_their_text_alone(rules: SegmentRules) -> None:
    with duckdb.connect() as con:
        expected = _expected(con, rules)
        assert expected["activity"].set_index("customer_id").loc["C9", "transactions"] == 3, "two at home, and AXB费"
        con.execute(f"create or replace table transactions as select {', '.join(POSTING)} from transactions")
        _alike(expected, {name: con.sql(sql).df() for name, _, sql in statements(rules, OCTOBER, "duckdb")})


@pytest.mark.skipif(not HAS_SAIL or not HAS_SQLGLOT, reason="pysail, pyspark-client or sqlglot is not here")
def test_spark_runs_them_in_its_own_dialect(rules: SegmentRules) -> None:
    session = open_engine("spark", "sail").session  # type: ignore[attr-defined]
    with duckdb.connect() as con:
        expected = _expected(con, rules)
        table = con.sql(f"select {', '.join(POSTING)} from transactions").to_arrow_table()
    session.createDataFrame(table).createOrReplaceTempView("transactions")
    told = statements(rules, OCTOBER, "spark")
    _alike(expected, {name: session.sql(sql).toArrow().to_pandas() for name, _, sql in told})


def test_a_warehouse_whose_patterns_nobody_knows_is_refused() -> None:
    with pytest.raises(Problem) as told:
        known("oracle")
    assert told.value.findings[0].code == "option.bad"


def test_without_sqlglot_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "sqlglot", None)
    with pytest.raises(Problem) as told:
        translated(["select 1"], "hive")
    assert "kehujingli[sql]" in told.value.findings[0].text


def test_the_page_tells_every_column_that_the_statements_and_a_source_have() -> None:
    page = (ROOT / "docs" / "cluster.md").read_text(encoding="utf-8")
    assert [name for name, (kind, said) in LINKED.items() if f"| {name} | {kind} | {said} |" not in page] == []


def test_the_command_prints_one_statement_a_question() -> None:
    ran = run_here("emit-sql", "--period", "2026-10", "--json")
    assert ran.code == 0
    assert [one["name"] for one in json.loads(ran.out)] == ["activity", "passive", "accounts", "interest"]
    assert run_here("emit-sql").code == 2
