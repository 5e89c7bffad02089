"""How does a question stand in another warehouse's SQL? DuckDB writes what it was asked; sqlglot turns it into a dialect."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from kehujingli.errors import problem
from kehujingli.workspace.sql import connect

if TYPE_CHECKING:
    import duckdb

TRIED, UNTRIED = ("duckdb", "spark"), ("hive", "trino", "postgres")
"""Dialects in which a test has run every statement and compared its rows, and those whose regular expressions mean the same by their manuals."""


@contextmanager
def empty_table(columns: Mapping[str, str]) -> Iterator[duckdb.DuckDBPyRelation]:
    """The table ``transactions`` without a row, to ask questions of. ``columns``: name → DuckDB's type."""
    with connect() as con:
        con.execute(f"create table transactions ({', '.join(f'{name} {kind}' for name, kind in columns.items())})")
        yield con.table("transactions")


def known(dialect: str) -> None:
    """Raises ``option.bad`` where nobody knows that the words would be sought alike there."""
    if dialect not in (*TRIED, *UNTRIED):
        raise problem(
            "option.bad",
            option="--dialect",
            value=dialect,
            detail="不知道它的正则表达式是否同样认字，不写",
            cure=f"请写 {'、'.join((*TRIED, *UNTRIED))} 中的一种，再照着改。",
        )


def translated(statements: Iterable[str], dialect: str) -> list[str]:
    """DuckDB's statements in a dialect. Raises ``engine.missing`` where sqlglot is wanted and not here."""
    if dialect == "duckdb":
        return list(statements)
    try:
        import sqlglot
        from sqlglot import exp
    except ImportError:
        raise problem("engine.missing", package="sqlglot", extra="sql") from None
    told = []
    for text in statements:
        (tree,) = sqlglot.parse(text, read="duckdb")
        assert tree is not None
        for part in tree.find_all(exp.CTE):
            part.set("materialized", None)
        for count in tree.find_all(exp.Count):
            count.set("this", count.this or exp.Star())
        told.append(tree.sql(dialect=dialect, pretty=True))
    return told
