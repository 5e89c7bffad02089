"""How do a few hundred rows get into a sheet? Their XML is put together here: for so few a database takes longer to open than to answer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Literal

from kehujingli.terms.places import column_name

if TYPE_CHECKING:
    import pyarrow as pa

CellKind = Literal["text", "cents", "wan", "count", "date", "number"]
"""cents: 分 → 元; wan: 分 → 万元; count: whole number; date: days since 1970; number: any decimal text or float."""

_MARKUP = re.compile(r"[&<>]")
_ODD = re.compile("[\x00-\x1f\ufffe\uffff]|_x")
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_LIKE_ESCAPE = re.compile(r"_(x[0-9A-Fa-f]{4}_)")


def rows_xml(table: pa.Table, kinds: Sequence[CellKind], styles: Sequence[str], first: int) -> bytes:
    """The sheet's rows from row ``first`` on, byte for byte as ``bulk`` has them made. ``styles``: of each column."""
    numbers = range(first, first + len(table))
    columns = [
        _cells(column.to_pylist(), kind, column_name(index), style, numbers)
        for index, (column, kind, style) in enumerate(zip(table.columns, kinds, styles, strict=True))
    ]
    rows = zip(numbers, *columns, strict=True)
    return "".join([f'<row r="{number}">{"".join(cells)}</row>' for number, *cells in rows]).encode()


def cell_xml(name: str, style: str, value: str | None, *, text: bool) -> str:
    """One cell: a text, or a number as it is written; a missing value as an empty cell."""
    if value is None:
        return f'<c r="{name}" s="{style}"/>'
    if text:
        return f'<c r="{name}" s="{style}" t="inlineStr"><is><t>{escaped(value)}</t></is></c>'
    return f'<c r="{name}" s="{style}"><v>{value}</v></c>'


def number_xml(value: int, kind: CellKind) -> str:
    """A whole number as a cell of the kind is given it."""
    return next(iter(_said([value], kind))) or ""


def _cells(values: list[Any], kind: CellKind, letter: str, style: str, numbers: Iterable[int]) -> Iterator[str]:
    """Each cell of a column; a missing value is an empty cell that keeps its borders."""
    opening, text = f'<c r="{letter}', kind == "text"
    filled = f'" s="{style}" t="inlineStr"><is><t>' if text else f'" s="{style}"><v>'
    ending, bare = "</t></is></c>" if text else "</v></c>", f'" s="{style}"/>'
    for number, said in zip(numbers, _said(values, kind), strict=True):
        yield f"{opening}{number}{bare}" if said is None else f"{opening}{number}{filled}{said}{ending}"


def _said(values: list[Any], kind: CellKind) -> Iterable[str | None]:
    match kind:
        case "text":
            plain = not any(value and (_MARKUP.search(value) or _ODD.search(value)) for value in values)
            return values if plain else [None if value is None else escaped(value) for value in values]
        case "cents":
            return [None if value is None else _point(value, 2) for value in values]
        case "wan":
            return [None if value is None else _point(value, 6) for value in values]
        case "date":
            return [None if value is None else str(value + 25569) for value in values]
        case _:
            return [None if value is None else str(value) for value in values]


def _point(value: int, places: int) -> str:
    """A whole number with its decimal point so many places from the end: exact."""
    digits = str(abs(value)).rjust(places + 1, "0")
    return f"{'-' if value < 0 else ''}{digits[:-places]}.{digits[-places:]}"


def escaped(value: str) -> str:
    """Text as XML: markup escaped, control characters gone, and ``_x0041_`` kept from being read as an escape."""
    text = value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _LIKE_ESCAPE.sub(r"_x005F_\1", _UNWRITABLE.sub("", text)) if _ODD.search(value) else text
