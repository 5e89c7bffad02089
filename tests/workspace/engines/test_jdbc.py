"""Does a cluster read linked postings from a database? Derby, which comes with PySpark; a server's address, login and driver behave alike by JDBC."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path

import pandas as pd
import pytest
from linked import OCTOBER, county
from months import reckon

from kehujingli.errors import Problem
from kehujingli.measures.given import LINKED
from kehujingli.workspace.engines import open_engine
from kehujingli.workspace.engines.jdbc import told
from kehujingli.workspace.engines.source import PASSWORD, USER, source_of

WHOLE_SPARK = importlib.util.find_spec("py4j") is not None and shutil.which("java") is not None


@pytest.mark.slow
@pytest.mark.skipif(not WHOLE_SPARK, reason="PySpark or Java is not here: kehujingli[cluster]")
def test_a_table_of_a_database_says_what_the_exports_say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(USER, "bank")
    monkeypatch.setenv(PASSWORD, "secret")
    monkeypatch.chdir(tmp_path)  # Derby writes its log where the session begins
    place = county(tmp_path / "county")
    month = reckon(place, OCTOBER)
    postings = month.tables.con.sql(f"select {', '.join(LINKED)} from transactions").to_arrow_table()
    session = open_engine("spark", "local[2]").session  # type: ignore[attr-defined]
    session.conf.set("spark.sql.shuffle.partitions", "2")
    try:
        url = f"jdbc:derby:{tmp_path / 'database'}"
        frame = session.createDataFrame(postings)
        login = {"user": "bank", "password": "secret"}
        frame.write.jdbc(f"{url};create=true", "linked", properties=login)
        frame.withColumn("signed", frame["signed"] / 100).write.jdbc(url, "in_yuan", properties=login)

        def of(table: str) -> object:
            return reckon(place, OCTOBER, source=f"{url}#{table}", engine="spark", master="local[2]")

        other = of("linked")
        pd.testing.assert_frame_equal(month.measured.customers, other.measured.customers)  # type: ignore[attr-defined]
        pd.testing.assert_frame_equal(month.measured.accounts, other.measured.accounts)  # type: ignore[attr-defined]
        for table, code in (("in_yuan", "source.column-type"), ("nothing", "source.unreadable")):
            with pytest.raises(Problem) as refused:
                of(table)
            (found,) = refused.value.findings
            assert found.code == code
            assert "secret" not in found.text
    finally:
        session.stop()


@pytest.mark.parametrize(
    ("said", "in_a_line", "helps"),
    [
        (
            "An error occurred while calling o1.load.\n: org.postgresql.util.PSQLException: Connection to 10.1.1.1:5432 refused. Check that it runs.\n\tat org",
            "Connection to 10.1.1.1:5432 refused",
            "端口",
        ),
        (
            "x\n: org.postgresql.util.PSQLException: FATAL: password authentication failed for user",
            "password authentication failed",
            PASSWORD,
        ),
        ('x\n: org.postgresql.util.PSQLException: ERROR: relation "t" does not exist\n', "does not exist", "表名"),
        ("x\n: java.sql.SQLException: No suitable driver\n\tat java", "No suitable driver", "jars"),
        ("x\n: java.lang.ClassNotFoundException: org.postgresql.Driver", "x", "jars"),
        ("[INTERNAL_ERROR] connectorX is required for the JDBC data source", "connectorX", "sail"),
    ],
)
def test_what_a_database_answers_is_told_in_a_line_with_what_helps(said: str, in_a_line: str, helps: str) -> None:
    line, cure = told(RuntimeError(said))
    assert in_a_line in line
    assert "\n" not in line
    assert helps in cure


@pytest.mark.skipif(
    WHOLE_SPARK or not all(map(importlib.util.find_spec, ("pysail", "pyspark"))),
    reason="pysail and pyspark-client are not here, or not alone: no two kinds of session in one process",
)
def test_sail_reads_no_database_and_says_so() -> None:
    source = source_of("jdbc:postgresql://127.0.0.1:1/db#t", "spark")
    assert source is not None
    with pytest.raises(Problem) as refused:
        open_engine("spark", "sail").read(source)
    assert refused.value.findings[0].code == "source.unreadable"
    assert "sail" in refused.value.findings[0].cure
