"""How is a Parquet file of a data warehouse read? By its columns' own names, Chinese or the contract's; numbers exactly as they are stored.

Money is DECIMAL or DOUBLE in 元, or text. What the file does not say is refused, file by file, before a figure is wrong: whether whole numbers
are 元 or 分, what a FLOAT was before it lost its last digits, on which day an unmarked moment was.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kehujingli import terms
from kehujingli.errors import Finding, finding
from kehujingli.intake.cells.columns import bools, mask_out
from kehujingli.intake.files.instants import Clock, clocks_of, in_china, later_days
from kehujingli.intake.files.raw import RawSheet
from kehujingli.intake.sheets.finder import Finder, Found
from kehujingli.terms import Column

_MILLISECONDS = "ms"
"""In nanoseconds a moment after 2262 wraps round to 1816: a loan without an end is due 9999-12-31."""


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


def unclear(path: Path, name: str, found: Found) -> list[Finding]:
    """Why the file cannot be read rightly, by its types: nothing of it is read then. ``name`` is for the findings."""
    import pyarrow.parquet as pq

    with pq.ParquetFile(path, coerce_int96_timestamp_unit=_MILLISECONDS) as file:
        types = {position: field.type for position, field in enumerate(file.schema_arrow)}
        rows = file.metadata.num_rows
        known = {position: column for position, column in _read_as(found).items() if position in types}
        told = []
        whole = [at for at, column in known.items() if column.kind == "money" and pa.types.is_integer(types[at])]
        narrow = [at for at, column in known.items() if _narrow(types[at], column)]
        for code, places in (("intake.whole-money", whole), ("intake.narrow-number", narrow)):
            if places:
                labels = [file.schema_arrow.names[at] for at in places]
                told.append(finding(code, file=name, columns="”、“".join(labels), first=labels[0], count=rows))
        return told + _of_no_day(file, name, known)


def _read_as(found: Found) -> dict[int, Column]:
    """Position → what is read from it: by its header, or alone by a layout."""
    known = dict(found.match.columns)
    for column, _, positions in found.fitted.places if found.fitted else ():
        if len(positions) == 1:
            known[positions[0]] = column
    return dict(sorted(known.items()))


def _narrow(kind: Any, column: Column) -> bool:
    """Whether digits were lost on the way: seven are enough for a rate or a count, not for money, a number of people's or a day."""
    kind = kind.value_type if pa.types.is_dictionary(kind) else kind
    return bool(
        pa.types.is_float16(kind)
        or (pa.types.is_float32(kind) and column.kind not in ("rate", "decimal", "count", "flag"))
    )


def _of_no_day(file: Any, name: str, known: dict[int, Column]) -> list[Finding]:
    """Days that hang on a clock of which the file says nothing."""
    told, clocks = [], clocks_of(file)
    for position, column in known.items():
        label = file.schema_arrow.names[position]
        if column.kind != "date" or clocks.get(label) != "unsaid":
            continue
        later = later_days(_milliseconds(_whole(file.read([label]).column(0))))
        if later.any():
            facts = {"column": label, "row": f"{int(later.argmax()) + 1:,}", "differing": f"{int(later.sum()):,}"}
            writer = file.metadata.created_by or "没有写"
            told.append(finding("intake.clock-unsaid", file=name, writer=writer, count=len(later), **facts))
    return told


def read_parquet(path: Path, found: Found) -> RawSheet:
    """Every row, by the number in which it stands in the file. Call it where nothing is ``unclear``."""
    import pyarrow.parquet as pq

    with pq.ParquetFile(path, coerce_int96_timestamp_unit=_MILLISECONDS) as file:
        clocks, table = clocks_of(file), file.read(use_threads=False)
    rows = pa.array(np.arange(1, table.num_rows + 1, dtype="int32"))
    raw = RawSheet("", found.match, {}, rows, text_file=True)
    known = _read_as(found)
    columns: dict[int, Any] = {}
    for position, label in enumerate(table.column_names):
        array, clock = _whole(table.column(position)), clocks.get(label)
        columns[position] = _plain(array, clock)
        if pa.types.is_floating(columns[position].type):
            _set_apart(raw, position, columns)
        elif clock == "moment" and position in known and known[position].kind == "date":
            later = int(later_days(_milliseconds(array)).sum())
            if later:
                raw.notes.append(("intake.date-moment", {"column": label, "count": later}))
    raw.columns = columns
    return raw


def _set_apart(raw: RawSheet, position: int, columns: dict[int, Any]) -> None:
    """NaN and infinity are no numbers: each is what its cell says."""
    array = columns[position]
    odd = ~bools(pc.is_finite(array)) & bools(pc.is_valid(array))
    if odd.any():
        places = np.flatnonzero(odd).tolist()
        said = [
            "NaN" if value != value else "Infinity" if value > 0 else "-Infinity"
            for value in array.to_numpy(zero_copy_only=False)[odd]
        ]
        raw.patches[position] = dict(zip(places, said, strict=True))
        columns[position] = mask_out(array, odd)


def _whole(array: Any) -> Any:
    """One array of a column's pieces, each cell standing for itself."""
    if isinstance(array, pa.ChunkedArray):
        array = pa.concat_arrays(array.chunks) if array.num_chunks else pa.array([], array.type)
    return array.dictionary_decode() if pa.types.is_dictionary(array.type) else array


def _milliseconds(array: Any) -> Any:
    """As the file stores them, of no zone."""
    return array.cast(pa.timestamp("ms", array.type.tz), safe=False).cast(pa.timestamp("ms"))


def _plain(array: Any, clock: Clock | None) -> Any:
    """As a reader hands over: text, double, timestamp or boolean. Whole numbers, decimals and short floats are the text of their digits."""
    kind = array.type
    if pa.types.is_float64(kind) or pa.types.is_boolean(kind) or pa.types.is_string(kind):
        return array
    if pa.types.is_timestamp(kind):
        wall = _milliseconds(array)
        return in_china(wall) if clock == "moment" else wall
    if pa.types.is_date(kind):
        return array.cast(pa.timestamp("ms"))
    if pa.types.is_nested(kind):
        return pa.array([None if value is None else str(value) for value in array.to_pylist()], pa.string())
    return array.cast(pa.string())
