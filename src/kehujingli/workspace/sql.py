"""How is DuckDB opened, and how does a file or a text stand in its SQL?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

MEMORY_LIMIT = "600MB"
"""What DuckDB may take before it goes to disk."""


def connect(**config: str) -> duckdb.DuckDBPyConnection:
    """A database in memory; ``config``: DuckDB's own settings."""
    import duckdb

    return duckdb.connect(config=config)


def quoted(text: str) -> str:
    """A text between quotes: O'Brien → 'O''Brien'."""
    return "'" + text.replace("'", "''") + "'"


def parquet(path: Path | None) -> str:
    """A Parquet file as SQL reads it."""
    return f"read_parquet({quoted(str(path))})"
