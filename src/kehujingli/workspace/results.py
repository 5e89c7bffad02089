"""What has a period come to? Its kept results as tables (in SQL or as frames), its manifest, and the sheets that were read for it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kehujingli.errors import problem
from kehujingli.workspace import MANIFEST, Workspace
from kehujingli.workspace.kept import damage, read_manifest
from kehujingli.workspace.sql import connect, parquet

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

    from kehujingli.intake.ledger import Sheet

DATA = "data"
"""The folder of a period's kept results, one Parquet a table."""
Row = dict[str, Any]


def rows_of(con: duckdb.DuckDBPyConnection, sql: str, *values: Any) -> list[Row]:
    """What a query comes to, one mapping a row."""
    cursor = con.execute(sql, list(values))
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


class Results:
    """The kept results of one run: a folder with the manifest, and one Parquet a table in ``data/``."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.folder = home / DATA

    @classmethod
    def of(cls, workspace: Workspace, period: str) -> Results:
        """A period's, whether it has been run or not: one that has not holds nothing."""
        return cls(workspace.period(period))

    @property
    def period(self) -> str:
        return self.home.name

    @cached_property
    def manifest(self) -> Mapping[str, Any]:
        """What the run was made of; empty where there is none."""
        return read_manifest(self.home) or {}

    def path(self, name: str) -> Path:
        return self.folder / f"{name}.parquet"

    def has(self, name: str) -> bool:
        return self.path(name).exists()

    def source(self, name: str) -> str:
        """A table as SQL reads it."""
        return parquet(self.path(name))

    def frame(self, name: str, columns: Sequence[str] | None = None) -> pd.DataFrame | None:
        """A table as its run left it, or nothing where it has none."""
        if not self.has(name):
            return None
        import pandas as pd

        found: pd.DataFrame = pd.read_parquet(self.path(name), columns=None if columns is None else list(columns))
        return found

    @cached_property
    def con(self) -> duckdb.DuckDBPyConnection:
        return connect()

    def rows(self, sql: str, *values: Any) -> list[Row]:
        """Rows of a query in which ``{name}`` stands for a kept table."""
        return rows_of(self.con, re.sub(r"\{(\w+)\}", lambda match: self.source(match[1]), sql), *values)

    def columns(self, name: str) -> dict[str, str]:
        """Column → DuckDB's type."""
        return {row["column_name"]: row["column_type"] for row in self.rows(f"describe select * from {{{name}}}")}


def results_of(workspace: Workspace, period: str | None) -> Results:
    """The results of a period that has been run; the newest by default. Raises ``period.none-run``, ``period.no-result``, ``period.damaged``."""
    names = workspace.period_names()
    if period is None:
        if not names:
            raise problem("period.none-run")
        period = names[-1]
    found = Results.of(workspace, period)
    told = damage(found.home, found.manifest or None)
    if told is not None:
        raise told
    if period not in names or not found.folder.is_dir():
        raise problem("period.no-result", period=period, option=f" --period {period}")
    return found


def sheets_read(workspace: Workspace, manifest: Mapping[str, Any], table: str) -> Iterator[tuple[int, Sheet]]:
    """Each sheet of a table that a run accepted rows of, as the ledger's cache still holds it: its part among the inputs, and the sheet."""
    from kehujingli.intake.ledger import Export

    for part, source in enumerate(manifest.get("inputs", [])):
        if source["table"] == table and source["accepted"]:
            stored = workspace.ledger.stored(Export(Path(source["path"]), source["path"], source["sha256"], 0))
            sheet = next((sheet for sheet in stored if sheet.sheet == source["sheet"]), None)
            if sheet is not None and sheet.parquet is not None:
                yield part, sheet


def changed_since(workspace: Workspace, results: Results) -> list[str]:
    """Exports that lie where the run read them and are not what it read, by name. One no younger than the run's manifest is taken as it was."""
    from kehujingli.intake.ledger import hash_file

    known = {
        workspace.root / source["place"]: (source["path"], source["sha256"])
        for source in results.manifest.get("inputs", [])
        if source.get("place")
    }
    run = (results.home / MANIFEST).stat().st_mtime_ns
    young = [path for path in known if path.is_file() and path.stat().st_mtime_ns > run]
    return [known[path][0] for path in young if hash_file(path) != known[path][1]]
