"""Does a cell stand far away from its table? One at XFD1048576 makes a reader hold sixteen thousand columns: the table is read without it, and it is told.

Looked for only where a sheet says that it is far larger than its bytes can fill, so that others cost nothing.
"""

from __future__ import annotations

import contextlib
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kehujingli.intake.files.inflate import DAMAGED

_SHEET = re.compile(r"/?xl/worksheets/[^/]+\.xml", re.IGNORECASE)
_EXTENT = re.compile(rb'<dimension\s+ref="[A-Z]+\d+:([A-Z]+)(\d+)"')
_DIMENSION = re.compile(rb"<dimension\b[^>]*/>")
_CELL = re.compile(rb'<c\s+(?:[^>]*?\s)?r="([A-Z]{1,3})(\d+)"[^>]*?(?:/>|>(.*?)</c>)', re.DOTALL)
_HEAD = 4096
_LEAST = 20
"""Bytes that a cell takes in a sheet's XML, at the very least."""
_SPARSE = 40
"""A sheet that says it has so many times the cells that its bytes can hold is looked through."""
_FEW = 40_000
"""Cells that any sheet may say it has."""
_LARGEST = 256 << 20
"""Bytes of a sheet's XML that are looked through in one piece."""
_FAR_COLUMNS, _FAR_ROWS = 100, 20_000
"""Blank columns, or rows, beyond which nothing belongs to the table before them."""
_LONE = 20
"""Cells beyond so many blank rows that are a slip; more of them are a table of their own."""


@dataclass(frozen=True)
class Strays:
    """``first`` names a cell, ``count`` how many that say something were left out."""

    first: str
    count: int


def without_strays(path: Path, folder: Path) -> tuple[Path, Mapping[str, Strays]]:
    """The workbook without the cells that stand far from everything else, and by part of the archive what was left out.

    ``path`` itself where there are none, or where it is not as a workbook should be: then its reader says so.
    """
    changed: dict[str, bytes] = {}
    found: dict[str, Strays] = {}
    with contextlib.suppress(*DAMAGED), zipfile.ZipFile(path) as archive:
        for part in archive.infolist():
            if not _SHEET.fullmatch(part.filename) or part.file_size > _LARGEST or not _sparse(archive, part):
                continue
            text = archive.read(part)
            cut, strays = _cut(text)
            if cut != text:
                changed[part.filename] = cut
                if strays.count:
                    found[part.filename] = strays
        if changed:
            copy = folder / path.name
            with zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target:
                for part in archive.infolist():
                    target.writestr(part.filename, changed.get(part.filename) or archive.read(part))
            return copy, found
    return path, {}


def _sparse(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """Whether the sheet says that it reaches further than its bytes can."""
    with archive.open(part) as stream:
        extent = _EXTENT.search(stream.read(_HEAD))
    if extent is None:
        return False
    area = _number(extent[1]) * int(extent[2])
    return area > _FEW and area > _SPARSE * part.file_size // _LEAST


def _cut(text: bytes) -> tuple[bytes, Strays]:
    cells = [(_number(cell[1]), int(cell[2]), cell) for cell in _CELL.finditer(text)]
    full = [(column, row) for column, row, cell in cells if cell[3]]
    if not full:
        return text, Strays("", 0)
    last_column = _end([column for column, _ in full], _FAR_COLUMNS, len(full))
    last_row = _end([row for column, row in full if column <= last_column], _FAR_ROWS, _LONE)
    pieces, at, count, first = [], 0, 0, ""
    for column, row, cell in cells:
        if column <= last_column and row <= last_row:
            continue
        pieces.append(text[at : cell.start()])
        at = cell.end()
        if cell[3]:
            count += 1
            first = first or (cell[1] + cell[2]).decode("ascii")
    if not pieces:
        return text, Strays("", 0)
    return _DIMENSION.sub(b"", b"".join([*pieces, text[at:]]), count=1), Strays(first, count)


def _end(places: list[int], gap: int, most: int) -> int:
    """The last of the places before so long a gap with at most so many of them beyond it."""
    order = sorted(places)
    for number in range(1, len(order)):
        if order[number] - order[number - 1] > gap and len(order) - number <= most:
            return order[number - 1]
    return order[-1]


def _number(letters: bytes) -> int:
    """A → 1, XFD → 16384."""
    number = 0
    for letter in letters:
        number = 26 * number + letter - 64
    return number
