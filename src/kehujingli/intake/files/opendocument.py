"""Which cells of an .ods are formula errors? LibreOffice keeps them as empty texts, and a reader of values takes them for blanks.

The content is searched as bytes; only where an error stands in it are the cells counted.
"""

from __future__ import annotations

import itertools
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO
from xml.parsers import expat

from kehujingli.intake.files.inflate import DAMAGED

_CHUNK = 1 << 20
_MOST = 200_000
"""Cells of one repeated error that are kept: a range may be repeated to the end of the sheet."""
_MARK = b'value-type="error"'

Mistake = tuple[int, int, str]
"""Row and column (from 0) of a cell, and its error as it shows: #REF!, Err:502."""


def error_cells(path: Path) -> dict[int, list[Mistake]]:
    """The formula errors of each sheet by its number; what is damaged has none, and the reader tells the damage."""
    try:
        with zipfile.ZipFile(path) as archive:
            with archive.open("content.xml") as stream:
                if not _any(stream):
                    return {}
            with archive.open("content.xml") as stream:
                counter = _Counter()
                counter.read(stream)
                return counter.found
    except (*DAMAGED, expat.ExpatError):
        return {}


def _any(stream: IO[bytes]) -> bool:
    rest = b""
    for chunk in _chunks(stream):
        if _MARK in rest + chunk:
            return True
        rest = chunk[-len(_MARK) :]
    return False


def _chunks(stream: IO[bytes]) -> Iterator[bytes]:
    while chunk := stream.read(_CHUNK):
        yield chunk


class _Counter:
    """Rows and cells counted as they come; repeated ones are written once with their number."""

    def __init__(self) -> None:
        self.found: dict[int, list[Mistake]] = {}
        self._sheet, self._row, self._column = -1, 0, 0
        self._repeated = self._width = 1
        self._error = False
        self._text: list[str] = []

    def read(self, stream: IO[bytes]) -> None:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._data
        for chunk in _chunks(stream):
            parser.Parse(chunk)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        match tag:
            case "table:table":
                self._sheet, self._row = self._sheet + 1, 0
            case "table:table-row":
                self._column = 0
                self._repeated = int(attributes.get("table:number-rows-repeated", "1"))
            case "table:table-cell" | "table:covered-table-cell":
                self._error = attributes.get("calcext:value-type") == "error"
                self._text = []
                self._width = int(attributes.get("table:number-columns-repeated", "1"))

    def _data(self, text: str) -> None:
        if self._error:
            self._text.append(text)

    def _end(self, tag: str) -> None:
        match tag:
            case "table:table-row":
                self._row += self._repeated
            case "table:table-cell" | "table:covered-table-cell":
                if self._error:
                    said = "".join(self._text).strip() or "#N/A"
                    places = self.found.setdefault(self._sheet, [])
                    rows = range(self._row, self._row + self._repeated)
                    columns = range(self._column, self._column + self._width)
                    places += itertools.islice(((row, column, said) for row in rows for column in columns), _MOST)
                self._error = False
                self._column += self._width
