"""How is a sheet read? By fastexcel, once, with a type for every column that the first rows suggest; nothing coerced in silence.

An identifier column that looks like text, or like numbers, is left for the reader to type over all rows: what is uniform is kept,
and anything else is read again as text, for a text 00123 read as a number has lost its zeros. A number of 16 digits that a text column would hide is found by reading that column once more.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kehujingli.intake.cells.columns import Mask, bools, each_value, mask_out
from kehujingli.intake.files.grid import Grid
from kehujingli.intake.files.marks import Marks
from kehujingli.intake.files.peek import Cell, SheetPeek, cell_of, peek_workbook
from kehujingli.intake.files.raw import RawSheet
from kehujingli.intake.sheets.headers import Match
from kehujingli.terms import Column

_DETAIL = re.compile(r"^Expected \w+ but got '(\w+)(?:\((.*)\))?'$", re.DOTALL)
_ERROR_NAMES = {
    "NA": "#N/A",
    "Div0": "#DIV/0!",
    "Ref": "#REF!",
    "Name": "#NAME?",
    "Null": "#NULL!",
    "Num": "#NUM!",
    "Value": "#VALUE!",
    "GettingData": "#GETTING_DATA",
}
_ESCAPE = re.compile(r"\\(u\{([0-9a-f]+)\}|.)")
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "0": "\0"}


@dataclass(frozen=True)
class Place:
    """Where the data of a sheet begin: the header's row (from 0), or the first data row where the sheet has none."""

    sheet: int
    header_row: int | None
    first_data_row: int


def open_workbook(path: Path) -> Any:
    """A fastexcel reader. Raises its error where the file cannot be opened."""
    import fastexcel

    for name in ("fastexcel", "_fastexcel", "fastexcel.types"):
        logging.getLogger(name).setLevel(logging.ERROR)
    return fastexcel.read_excel(str(path))


def cell_grids(path: Path) -> Iterator[Grid]:
    """The sheets with cells of a workbook, cell by cell: slow, for what the quick reader does not read."""
    from python_calamine import CalamineWorkbook, SheetTypeEnum

    workbook = CalamineWorkbook.from_path(str(path))
    for index, meta in enumerate(workbook.sheets_metadata):
        if meta.typ != SheetTypeEnum.WorkSheet:
            continue
        grid = Grid(meta.name, index=index)
        for number, row in enumerate(workbook.get_sheet_by_index(index).to_python(skip_empty_area=False)):
            cells = [cell_of(value) if value != "" else None for value in row]
            if any(cells):
                grid.rows.append((number, [_text_of(cell) if cell else "" for cell in cells]))
                grid.numbers.update(
                    (number, place) for place, cell in enumerate(cells) if cell and cell.kind == "number"
                )
        if grid.rows:
            yield grid


def formatted_grids(path: Path, kind: str) -> Iterator[Grid]:
    """The same, with what the quick reader is told beside a sheet's values: its number formats, and from when its days are counted."""
    from kehujingli.intake.files.styled import Formats

    try:
        peeks = {peek.index: peek for peek in peek_workbook(path, kind)}
    except (
        Exception
    ):  # of a part that cannot be looked at: the values are still there, and their formats where those can be read
        peeks = {}
    formats = Formats(path, kind)
    for grid in cell_grids(path):
        peek = peeks.get(grid.index)
        last = grid.rows[-1][0] + 1
        shown = formats.of(grid.index, peek.member if peek else "", 0, last)
        grid.shown = {column: dict(rows) for column, rows in shown.items()}
        grid.epoch = peek.epoch if peek else 0
        yield grid


def _text_of(cell: Cell) -> str:
    return cell.text.lower() if cell.kind == "bool" else cell.text


def read_sheet(
    reader: Any, peek: SheetPeek, place: Place, match: Match, factors: AbstractSet[int] = frozenset()
) -> RawSheet:
    """All data rows of one sheet below its header. ``factors`` are positions that a layout multiplies."""
    import fastexcel

    offset = min((column for row in peek.rows.values() for column in row), default=0)
    plan = _plan(match, peek, place, factors)
    try:
        batch, errors, columns = _load(reader, place, plan, offset)
    except fastexcel.UnsupportedColumnTypeCombinationError:
        plan = {position: kind or "string" for position, kind in plan.items()}
        batch, errors, columns = _load(reader, place, plan, offset)
    raw = RawSheet(
        peek.name,
        match,
        {
            position: _shown(batch.column(index)) if position in factors else batch.column(index)
            for index, position in columns.items()
        },
        pa.array(np.arange(batch.num_rows, dtype="int32") + place.first_data_row + 1),
        header_row=(place.header_row or 0) + 1,
        hidden=peek.hidden,
    )
    for error in errors:
        row, index = error.offset_position
        _note(raw, columns[index], row, error.detail)
    _find_lost(reader, place, raw, plan, columns)
    _set_apart(reader, place, raw, plan, columns)
    for number, position, said in peek.errors:
        if number >= place.first_data_row and position in raw.columns:
            raw.errors.setdefault(position, {})[number - place.first_data_row] = said
    raw.epoch = peek.epoch
    return raw


def mark(raw: RawSheet, marks: Marks, first: int) -> None:
    """Tell of a sheet what its values do not say. ``first``: the first data row, from 0."""
    for row, position in marks.hollow:
        if first <= row < first + len(raw):
            raw.hollow.setdefault(position, set()).add(row - first)
    for row, position, text in marks.spelt:
        column = raw.match.columns.get(position)
        if column is not None and column.kind in ("id", "text", "code") and first <= row < first + len(raw):
            raw.patches.setdefault(position, {})[row - first] = text
    for top, left, bottom, _ in marks.merged:
        rows = range(max(top + 1, first), min(bottom + 1, first + len(raw)))
        if top >= first and rows and left in raw.columns:
            (said,) = raw.said(left, np.array([top - first])).to_pylist()
            if said:
                raw.filled.setdefault(left, {}).update({row - first: said for row in rows})
    hidden = [row for row in marks.hidden if first <= row < first + len(raw)]
    if hidden:
        raw.notes.append(("intake.hidden-rows", {"count": len(hidden), "row": f"{hidden[0] + 1:,}"}))


def _shown(array: pa.Array) -> pa.Array:
    """Numbers as the texts that the reader makes of them elsewhere, each different one once: it takes long over every cell."""
    if not pa.types.is_floating(array.type):
        return array

    def show(numbers: pa.Array) -> pa.Array:
        return pa.array([f"{number:.9f}".rstrip("0").rstrip(".") for number in numbers.to_pylist()], pa.string())

    return each_value(array, show)


def _plan(match: Match, peek: SheetPeek, place: Place, factors: AbstractSet[int]) -> dict[int, str | None]:
    """A reader's type for each position; ``None`` leaves it to the reader, over all rows and strictly."""
    below = [row for number, row in peek.rows.items() if number >= place.first_data_row]
    plan: dict[int, str | None] = {}
    width = max([len(match.headers), *(1 + max(row, default=0) for row in below)])
    for position in range(width):
        kinds = {row[position].kind for row in below if position in row}
        column = match.columns.get(position)
        if column is None and position in factors and kinds == {"number"}:
            plan[position] = None
        else:
            plan[position] = _type_for(column, kinds, serials=bool(peek.epoch))
    return plan


def _type_for(column: Column | None, kinds: AbstractSet[str], *, serials: bool) -> str | None:
    """``serials``: dates are read as the numbers they are kept as, for the reader counts bare ones from 1900."""
    if column is None:
        return "string"
    numbers = "number" in kinds
    match column.kind:
        case "money" | "rate" | "count" | "decimal":
            return "float" if numbers else "string"
        case "date":
            return ("float" if serials else None) if numbers or "date" in kinds else "string"
        case "id":
            return None if kinds <= {"text"} or kinds == {"number"} else "string"
        case _:
            return "string"


def _load(
    reader: Any, place: Place, plan: Mapping[int, str | None], offset: int
) -> tuple[pa.RecordBatch, Sequence[Any], dict[int, int]]:
    """The batch, its cell errors, and the sheet's column behind each of its columns."""
    for _ in range(2):
        dtypes = {position - offset: kind for position, kind in plan.items() if kind and position >= offset}
        options: dict[str, Any] = {"dtypes": dtypes, "dtype_coercion": "strict", "schema_sample_rows": None}
        if place.header_row is None:
            sheet = reader.load_sheet(place.sheet, header_row=None, skip_rows=place.first_data_row, **options)
        else:
            sheet = reader.load_sheet(place.sheet, header_row=place.header_row, **options)
        available = sheet.available_columns()
        found = available[0].absolute_index if available else offset
        if found == offset:
            batch, errors = sheet.to_arrow_with_errors()
            return (
                batch,
                errors.errors if errors else (),
                {index: column.absolute_index for index, column in enumerate(available)},
            )
        offset = found  # a stray cell far below stands further left than anything in the first rows
    raise AssertionError("the first column of a sheet does not move")


def _note(raw: RawSheet, position: int, row: int, detail: str) -> None:
    match = _DETAIL.match(detail)
    if not match:
        raw.patches.setdefault(position, {})[row] = detail
        return
    kind, inner = match.group(1), match.group(2) or ""
    if kind == "Error":
        raw.errors.setdefault(position, {})[row] = _ERROR_NAMES.get(inner, f"#{inner}")
    else:
        raw.patches.setdefault(position, {})[row] = _said(kind, inner)


def _said(kind: str, inner: str) -> str:
    """What a cell of another type says: a text, a number, or a date as its serial number."""
    if kind in ("String", "DateTimeIso", "DurationIso"):
        return _ESCAPE.sub(
            lambda found: chr(int(found[2], 16)) if found[2] else _ESCAPED.get(found[1], found[1]), inner[1:-1]
        )
    if kind == "DateTime":
        serial = re.search(r"value: ([-\d.e]+)", inner)
        return serial[1].removesuffix(".0") if serial else inner
    return inner


def _set_apart(
    reader: Any, place: Place, raw: RawSheet, plan: Mapping[int, str | None], columns: Mapping[int, int]
) -> None:
    """Cells that say NaN or inf among numbers: the reader takes them for numbers, here they are texts like any other."""
    odd = {
        position: ~finite
        for position, array in raw.columns.items()
        if pa.types.is_floating(array.type) and not (finite := _finite(array)).all()
    }
    if not odd:
        return
    batch, _, _ = _load(reader, place, {**plan, **dict.fromkeys(odd, "string")}, columns[0])
    by_position = {position: index for index, position in columns.items()}
    kept = dict(raw.columns)
    for position, cells in odd.items():
        texts = batch.column(by_position[position])
        rows = np.flatnonzero(cells).tolist()
        raw.patches.setdefault(position, {}).update({row: texts[row].as_py() or "NaN" for row in rows})
        kept[position] = mask_out(kept[position], cells)
    raw.columns = kept


def _finite(array: pa.Array) -> Mask:
    """Blank cells are nothing, and no strange number."""
    return bools(pc.fill_null(pc.is_finite(array), True))


def _find_lost(
    reader: Any, place: Place, raw: RawSheet, plan: Mapping[int, str | None], columns: Mapping[int, int]
) -> None:
    """Numbers of 16 digits or more among the texts of an identifier column: read as text both look alike, read as truth values
    a number is one and a text is none (as numbers, texts of digits would be numbers too).
    """
    suspects = []
    for position, column in raw.match.columns.items():
        array = raw.columns.get(position)
        if (
            column.kind == "id"
            and plan.get(position) == "string"
            and array is not None
            and pa.types.is_string(array.type)
        ):
            long = pc.fill_null(pc.match_substring_regex(array, r"^\d{16,}$"), False)
            if pc.any(long).as_py():
                suspects.append((position, np.asarray(long.to_numpy(zero_copy_only=False), dtype=bool)))
    if not suspects:
        return
    offset = columns[0]
    batch, _, _ = _load(reader, place, {**plan, **{position: "boolean" for position, _ in suspects}}, offset)
    by_position = {position: index for index, position in columns.items()}
    for position, long in suspects:
        numeric = np.asarray(
            pc.is_valid(batch.column(by_position[position])).to_numpy(zero_copy_only=False), dtype=bool
        )
        raw.lost[position] = {int(row) for row in np.flatnonzero(long & numeric)}
