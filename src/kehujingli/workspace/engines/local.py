"""How are postings held in this process? As DuckDB's own relation, which goes to disk where memory is short, or as a pandas frame in memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kehujingli.intake.files.scratch import scratch
from kehujingli.workspace.sql import connect, quoted

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

    from kehujingli.workspace.engines.source import Source

SCAN_LIMIT = "1200MB"
"""What DuckDB may take over Parquet that stays where it is: groups of a hundred million postings want that much beside what goes to disk."""

_WAITING = 50_000
"""Rows of a part that wait in memory to be written: every part has as many."""


class Duck:
    """The default: what the tables were put together in, held no second time."""

    name = "duckdb"

    def hold(self, postings: duckdb.DuckDBPyRelation) -> Any:
        return postings

    def scan(self, files: Sequence[Path]) -> Any:
        return self._con.read_parquet([str(file) for file in files])

    def read(self, source: Source) -> Any:
        import duckdb

        from kehujingli.workspace.engines.source import first_line, unreadable

        files = source.files()
        parted = any("=" in part for file in files for part in file.relative_to(source.where).parts)
        names = [str(file) for file in files]
        try:
            return self._con.read_parquet(names, union_by_name=True, hive_partitioning=parted)
        except duckdb.Error as error:
            raise unreadable(source, first_line(error), "请看这些文件写完了没有，是不是 Parquet。") from None

    def beside(self, con: duckdb.DuckDBPyConnection, table: pa.Table) -> Any:
        return con.from_arrow(table)

    def named(self, names: pa.ChunkedArray) -> pa.ChunkedArray:
        return names

    def apart(self, postings: Any, key: str, parts: int) -> Iterator[Any]:
        """Each part is written once and read once: time grows as the postings do."""
        with scratch() as folder:
            postings.project(f"*, hash({key}) % {parts} as part_of_key").to_parquet(
                folder, partition_by=["part_of_key"], row_group_size=_WAITING
            )
            for part in sorted(folder.iterdir()):
                files = quoted(f"{part.as_posix()}/*.parquet")
                yield postings.query("postings", f"from read_parquet({files}, hive_partitioning = false)")

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

    def read(self, source: Source) -> Any:
        return Duck().read(source)

    def beside(self, con: duckdb.DuckDBPyConnection, table: pa.Table) -> Any:
        return table.to_pandas()

    def named(self, names: pa.ChunkedArray) -> pa.ChunkedArray:
        return names

    def apart(self, postings: Any, key: str, parts: int) -> Iterator[Any]:
        return iter((postings,))
