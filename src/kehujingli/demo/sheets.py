"""How does an export look? Frames under the usual Chinese headers, as .xlsx that the core system might have written."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from kehujingli import terms
from kehujingli.terms.widths import display_width
from kehujingli.values import missing
from kehujingli.workbooks.bulk import Rows, splice
from kehujingli.workbooks.few import CellKind

if TYPE_CHECKING:
    import pandas as pd

_CREATED = datetime(2000, 1, 1, tzinfo=UTC)
"""Equal counties are equal bytes: no file knows when it was made."""
_FORMATS = {"cents": "0.00", "wan": "0.000000", "count": "0", "date": "yyyy-mm-dd", "number": "General", "text": "@"}
_KINDS: dict[terms.Kind, CellKind] = {"money": "cents", "count": "count", "date": "date", "decimal": "number"}


@dataclass(frozen=True)
class Export:
    """One table of one file. ``frame``: canonical columns; money in 分, dates as days since 1970, codes in English."""

    path: str
    sheet: str
    table: str
    frame: pd.DataFrame


@dataclass(frozen=True)
class Page:
    """A sheet as it will stand: header texts, the kind and values of each column, lines above and below."""

    path: str
    sheet: str
    headers: Sequence[str]
    kinds: Sequence[CellKind]
    columns: Sequence[Sequence[object]]
    above: Sequence[str] = field(default_factory=tuple)
    below: Sequence[Sequence[object]] = field(default_factory=tuple)
    """Whole rows after the last, a value or ``None`` for each column."""


def page_of(export: Export) -> Page:
    """Labels for keys, words for codes, percent for rates."""
    table = terms.BY_KEY[export.table]
    headers, kinds, columns = [], [], []
    for key in export.frame.columns:
        column = table.column(key)
        values: list[object] = [None if missing(value) else value for value in export.frame[key].astype(object)]
        header, kind = column.label, _KINDS.get(column.kind, "text")
        if column.unit == "万元":
            header, kind = f"{header}({column.unit})", "wan"
        match column.kind:
            case "code":
                words: dict[str, str] = {}
                for word, code in column.codes.items():
                    words.setdefault(code, word)
                values = [None if value is None else words[str(value)] for value in values]
            case "flag":
                values = ["是" if value else "否" for value in values]
            case "rate":
                header, kind = f"{header}(%)", "number"
                values = [None if value is None else round(float(str(value)) * 100, 4) for value in values]
            case "date" | "money" | "count":  # A column with gaps may have become one of floats.
                values = [None if value is None else round(float(str(value))) for value in values]
            case "decimal":
                values = [None if value is None else float(str(value)) for value in values]
        headers.append(header)
        kinds.append(kind)
        columns.append(values)
    return Page(export.path, export.sheet, headers, kinds, columns)


def write_pages(folder: Path, pages: Sequence[Page]) -> None:
    """One workbook a path, a sheet a page."""
    by_path: dict[str, list[Page]] = {}
    for page in pages:
        by_path.setdefault(page.path, []).append(page)
    for path, group in by_path.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        _write(target, group)


def _write(target: Path, pages: Sequence[Page]) -> None:
    import pyarrow as pa
    import xlsxwriter

    lists = []
    with tempfile.TemporaryDirectory() as folder:
        laid_out = Path(folder) / "laid-out.xlsx"
        with xlsxwriter.Workbook(str(laid_out)) as book:
            book.set_properties({"created": _CREATED})
            header = book.add_format({"bold": True})
            styles = {kind: book.add_format({"num_format": pattern}) for kind, pattern in _FORMATS.items()}
            for page in pages:
                sheet = book.add_worksheet(page.sheet)
                for row, line in enumerate(page.above):
                    sheet.write_string(row, 0, line)
                top = len(page.above)
                for index, (name, kind) in enumerate(zip(page.headers, page.kinds, strict=True)):
                    sheet.write_string(top, index, name, header)
                    sheet.set_column(index, index, max(10, display_width(name) + 2))
                    sheet.write_blank(top + 1, index, None, styles[kind])
                arrays = [
                    _array(pa, [*values, *(row[index] for row in page.below)], kind)
                    for index, (kind, values) in enumerate(zip(page.kinds, page.columns, strict=True))
                ]
                lists.append(Rows(page.sheet, top + 2, pa.table(arrays, names=list(page.headers)), page.kinds))
        splice(laid_out, target, lists)


def _array(pa: object, values: Sequence[object], kind: CellKind) -> object:
    if kind == "text":
        return pa.array([None if value is None else str(value) for value in values], pa.string())  # type: ignore[attr-defined]
    if kind == "number":
        return pa.array([None if value is None else float(str(value)) for value in values], pa.float64())  # type: ignore[attr-defined]
    return pa.array([None if value is None else int(str(value)) for value in values], pa.int64())  # type: ignore[attr-defined]
