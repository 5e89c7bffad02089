"""How is a Parquet file of a data warehouse read? By its columns' own names, Chinese or the contract's; numbers exactly as they are stored.

Money is DECIMAL or DOUBLE in 元, or text. A whole-number type says neither 元 nor 分 and is refused, file by file, before a figure is a hundred times too small.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kehujingli import terms
from kehujingli.intake.files.raw import RawSheet
from kehujingli.intake.sheets.finder import Finder, Found

_BEIJING = pa.scalar(8 * 3_600_000, pa.duration("ms"))
"""What an instant is ahead of Greenwich: a cluster stores days as Greenwich's of Beijing's midnight."""


def columns_of(path: Path) -> tuple[list[str], int]:
    """The names of a file's columns, in order, and its number of rows."""
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as file:
        return list(file.schema_arrow.names), file.metadata.num_rows


def find_table(names: Sequence[str], finder: Finder) -> Found | None:
    """The table whose header these names are; where they are canonical keys, the one that knows most of them and lacks none that it must have."""
    best: Found | None = None
    for table in terms.TABLES:
        labels = {column.key: column.label for column in table.columns}
        if sum(name in labels for name in names) * 2 <= len(names):
            continue
        found = finder.find([[labels.get(name, name) for name in names]])
        if found is None or found.match.table.key != table.key or found.match.missing:
            continue
        if best is None or len(found.match.columns) > len(best.match.columns):
            best = found
    return best or finder.find([list(names)])


def whole_money(path: Path, found: Found) -> list[str]:
    """The columns that hold money in a whole-number type."""
    import pyarrow.parquet as pq

    schema = pq.read_schema(path)
    money = (position for position, column in sorted(found.match.columns.items()) if column.kind == "money")
    return [schema.field(at).name for at in money if pa.types.is_integer(schema.field(at).type)]


def read_parquet(path: Path, found: Found) -> RawSheet:
    """Every row, by the number in which it stands in the file."""
    import pyarrow.parquet as pq

    table = pq.read_table(path, use_threads=False)
    columns = {position: _plain(table.column(position).combine_chunks()) for position in range(table.num_columns)}
    rows = pa.array(np.arange(1, table.num_rows + 1, dtype="int32"))
    return RawSheet("", found.match, columns, rows, text_file=True)


def _plain(array: Any) -> Any:
    """As a reader hands over: text, double, timestamp or boolean. Whole numbers and decimals are the text of all their digits."""
    if isinstance(array, pa.ChunkedArray):
        array = pa.concat_arrays(array.chunks) if array.num_chunks else pa.array([], array.type)
    kind = array.type
    if pa.types.is_dictionary(kind):
        return _plain(array.dictionary_decode())
    if pa.types.is_floating(kind):
        return array.cast(pa.float64())
    if pa.types.is_boolean(kind) or pa.types.is_string(kind):
        return array
    if pa.types.is_timestamp(kind):
        wall = array.cast(pa.timestamp("ms", kind.tz), safe=False)
        return pc.add(wall.cast(pa.timestamp("ms")), _BEIJING) if kind.tz else wall
    if pa.types.is_date(kind):
        return array.cast(pa.timestamp("ms"))
    if pa.types.is_nested(kind):
        return pa.array([None if value is None else str(value) for value in array.to_pylist()], pa.string())
    return array.cast(pa.string())
