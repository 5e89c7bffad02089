"""Where are postings reckoned? In DuckDB inside this process, in pandas, or in a Spark session; the measures are the same code on each.

An engine holds the postings, narwhals speaks to it, and what comes back is one row an account or customer; where there are
several of each, no more at a time than there are accounts. Everything after that is the same whole-number arithmetic in pandas, whoever held the postings.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from kehujingli.errors import problem

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

    from kehujingli.workspace.engines.source import Source

ENGINES = ("duckdb", "pandas", "spark")


class Engine(Protocol):
    """What the measures ask of a place to reckon in."""

    name: str

    def hold(self, postings: duckdb.DuckDBPyRelation) -> Any:
        """These postings as a native frame of the engine, which narwhals takes."""

    def scan(self, files: Sequence[Path]) -> Any:
        """The rows of Parquet files, unread, as a native frame of the engine."""

    def read(self, source: Source) -> Any:
        """The rows of a source, unread: a relation of DuckDB, or a frame of the cluster. Raises ``source.unreadable``."""

    def beside(self, con: duckdb.DuckDBPyConnection, table: pa.Table) -> Any:
        """A small table as a native frame that held postings can be joined with; ``con``: where those of DuckDB are held."""

    def named(self, names: pa.ChunkedArray) -> pa.ChunkedArray:
        """The names of counterparties, of what came back in their place."""

    def apart(self, postings: Any, key: str, parts: int) -> Iterator[Any]:
        """A native frame in so many parts by the hash of ``key``, each to be read before the next; whole where the engine groups any number."""


def open_engine(name: str = "duckdb", master: str | None = None) -> Engine:
    """The engine of this name; ``master``: where Spark is. Raises ``option.bad``, ``engine.missing``, ``engine.unreachable``."""
    if name not in ENGINES:
        raise problem(
            "option.bad",
            option="--engine",
            value=name,
            detail="没有这个引擎",
            cure=f"请写 {'、'.join(ENGINES)} 中的一个；不写就是 duckdb。",
        )
    if name == "spark":
        from kehujingli.workspace.engines.spark import Spark

        return Spark.at(master)
    if master is not None:
        raise problem(
            "option.bad",
            option="--master",
            value=master,
            detail="只有 Spark 才有集群地址",
            cure="请同时写 --engine spark，或不写 --master。",
        )
    from kehujingli.workspace.engines.local import Duck, Pandas

    return Duck() if name == "duckdb" else Pandas()
