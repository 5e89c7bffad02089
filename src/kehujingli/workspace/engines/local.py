"""How are postings held in this process? As DuckDB's own relation, which goes to disk where memory is short, or as a pandas frame in memory."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kehujingli.workspace.sql import connect

if TYPE_CHECKING:
    import duckdb

SCAN_LIMIT = "1200MB"
"""What DuckDB may take over Parquet that stays where it is: groups of a hundred million postings want that much beside what goes to disk."""


class Duck:
    """The default: what the tables were put together in, held no second time."""

    name = "duckdb"

    def hold(self, postings: duckdb.DuckDBPyRelation) -> Any:
        return postings

    def scan(self, files: Sequence[Path]) -> Any:
        return self._con.read_parquet([str(file) for file in files])

    @cached_property
    def _con(self) -> duckdb.DuckDBPyConnection:
        return connect(memory_limit=SCAN_LIMIT, preserve_insertion_order="false")


class Pandas:
    """For a look at the same figures by another hand: every posting in memory."""

    name = "pandas"

    def hold(self, postings: duckdb.DuckDBPyRelation) -> Any:
        return postings.df()

    def scan(self, files: Sequence[Path]) -> Any:
        return Duck().scan(files).df()
