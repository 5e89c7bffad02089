"""Does a pack that came back still say what was sent? The rows of every sheet but the one that people fill in, in whatever order they sorted them."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import zip_longest
from typing import Any

from kehujingli.terms.places import cell_name

_Rows = dict[int, tuple[str, ...]]
"""Row (from 0) → its cells as text, empty ones at the end left out; rows without any are not there."""


@dataclass(frozen=True)
class Difference:
    """Where a pack says something else: the sheet, the cell (of what was sent) if it is one, and both texts."""

    sheet: str
    cell: str
    was: str
    now: str


def altered(sent: bytes, back: bytes, but: str) -> Difference | None:
    """The first row of the pack ``sent`` that is not in ``back``; what people added, and the sheet ``but``, are theirs."""
    before, after = _sheets(sent, but), _sheets(back, but)
    for sheet, rows in before.items():
        if sheet not in after:
            return Difference(sheet, "", "这张表", "没有了")
        width = max(map(len, rows.values()), default=0)  # notes right of the list are theirs
        there = {number: _ended(list(row[:width])) for number, row in after[sheet].items()}
        lacking = Counter(rows.values()) - Counter(there.values())
        for number, row in rows.items():
            if lacking[row]:
                return _told(sheet, number, row, there.get(number, ()), set(rows.values()))
    return None


def _told(
    sheet: str, number: int, row: tuple[str, ...], there: tuple[str, ...], known: set[tuple[str, ...]]
) -> Difference:
    """The cell that differs where the row stands in its place; the whole row where another one stands there."""
    pairs = list(enumerate(zip_longest(row, there, fillvalue="")))
    other = [(at, was, now) for at, (was, now) in pairs if was != now]
    if there and there not in known and len(other) < len(row):
        at, was, now = other[0]
        return Difference(sheet, cell_name(number, at), was or "空的", now or "空的")
    return Difference(sheet, cell_name(number, 0), " ".join(filter(None, row[:3])), "这一行没有了")


def _sheets(content: bytes, but: str) -> dict[str, _Rows]:
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    return {sheet.title: dict(_rows(sheet)) for sheet in book.worksheets if sheet.title != but}


def _rows(sheet: Any) -> Iterator[tuple[int, tuple[str, ...]]]:
    for number, values in enumerate(sheet.iter_rows(values_only=True)):
        texts = _ended([_text(value) for value in values])
        if texts:
            yield number, texts


def _ended(texts: list[str]) -> tuple[str, ...]:
    while texts and not texts[-1]:
        texts.pop()
    return tuple(texts)


def _text(value: Any) -> str:
    """What any spreadsheet program leaves of a cell that nobody touched: a number to six places, a day without its hour."""
    match value:
        case bool() | None:
            return "" if value is None else str(value)
        case int() | float():
            return f"{float(value):.6f}"
        case datetime() | date():
            return f"{value:%Y-%m-%d}"
        case _:
            return " ".join(str(value).split())
