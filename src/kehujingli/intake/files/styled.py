"""Which numbers of a binary or an open-document workbook bear a format that says something? Of an .xlsx ``formats`` tells it."""

from __future__ import annotations

import re
import struct
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from kehujingli.intake.files.codes import Meaning, meaning
from kehujingli.intake.files.formats import BUILT_IN, Shown, meanings, shown_cells
from kehujingli.intake.files.inflate import DAMAGED
from kehujingli.intake.files.odformats import styled_cells
from kehujingli.intake.files.records import EOF, open_xls, xls_records, xlsb_records

_FORMAT, _STYLE, _SHEET, _BEGIN = 0x041E, 0x00E0, 0x0085, 0x0809
_NUMBER, _SHORT, _SHORTS, _FORMULA = 0x0203, 0x027E, 0x00BD, 0x0006
_B_ROW, _B_NUMBERS, _B_SHEET, _B_FORMAT, _B_STYLE, _B_STYLES = 0, (2, 5, 9), 156, 44, 47, (617, 618)
_SPOILT = (*DAMAGED, IndexError, struct.error, UnicodeDecodeError)

Cells = Mapping[int, Mapping[int, Meaning]]
"""By column, then row, both from 0."""


class Formats:
    """What number formats say of the cells of one workbook, sheet by sheet; of a damaged one nothing: its reader tells."""

    def __init__(self, path: Path, kind: str) -> None:
        self._path, self._kind = path, kind
        self._styles: Mapping[int, Meaning] | None = None
        self._sheets: Mapping[int, Cells] | None = None

    def of(self, index: int, member: str, first: int, length: int) -> Shown:
        """``index`` counts the workbook's sheets, ``member`` is its part of an .xlsx; ``first``: the first data row, from 0."""
        if self._kind == "xlsx" and member:
            self._styles = meanings(self._path) if self._styles is None else self._styles
            return shown_cells(self._path, member, self._styles, first, length)
        if self._sheets is None:
            try:
                self._sheets = _READERS[self._kind](self._path) if self._kind in _READERS else {}
            except _SPOILT:
                self._sheets = {}
        below = {
            column: {row - first: says for row, says in rows.items() if 0 <= row - first < length}
            for column, rows in self._sheets.get(index, {}).items()
        }
        return {column: rows for column, rows in below.items() if rows}


def _gathered(cells: Iterator[tuple[int, int, int]], styles: Mapping[int, Meaning]) -> Cells:
    """``cells``: row, column and style of each number."""
    found: dict[int, dict[int, Meaning]] = {}
    for row, column, style in cells:
        if style in styles:
            found.setdefault(column, {})[row] = styles[style]
    return found


def _said(styles: list[int], codes: Mapping[int, str]) -> dict[int, Meaning]:
    """The styles whose format says something. ``styles``: the format of each."""
    told = {number: meaning(codes.get(number, "")) for number in set(styles)}
    return {style: said for style, number in enumerate(styles) if (said := told[number]) is not None}


def _xls(path: Path) -> dict[int, Cells]:
    stream = open_xls(path)
    codes, styles, sheets = dict(BUILT_IN), list[int](), list[int]()
    wide = True
    for kind, body in xls_records(stream):
        if kind == _BEGIN:
            wide = struct.unpack_from("<H", body)[0] >= 0x0600
        elif kind == _FORMAT:
            codes[struct.unpack_from("<H", body)[0]] = _xls_text(body, wide)
        elif kind == _STYLE:
            styles.append(struct.unpack_from("<HH", body)[1])
        elif kind == _SHEET:
            sheets.append(struct.unpack_from("<I", body)[0])
        elif kind == EOF:
            break
    said = _said(styles, codes)
    return {index: _gathered(_xls_cells(stream, at), said) for index, at in enumerate(sheets)} if said else {}


def _xls_text(body: bytes, wide: bool) -> str:
    if not wide:
        return body[3 : 3 + body[2]].decode("gb18030", "replace")
    (length,) = struct.unpack_from("<H", body, 2)
    return (
        body[5 : 5 + 2 * length].decode("utf-16-le", "replace")
        if body[4] & 1
        else body[5 : 5 + length].decode("latin-1")
    )


def _xls_cells(stream: bytes, at: int) -> Iterator[tuple[int, int, int]]:
    depth = 0
    for kind, body in xls_records(stream, at):
        if kind == _BEGIN:
            depth += 1
        elif kind == EOF:
            depth -= 1
            if depth <= 0:
                return
        elif depth > 1:  # a chart on the sheet
            continue
        elif kind in (_NUMBER, _SHORT) or (kind == _FORMULA and body[12:14] != b"\xff\xff"):
            yield struct.unpack_from("<HHH", body)
        elif kind == _SHORTS:
            row, first = struct.unpack_from("<HH", body)
            for step in range((len(body) - 6) // 6):
                yield row, first + step, struct.unpack_from("<H", body, 4 + 6 * step)[0]


def _xlsb(path: Path) -> dict[int, Cells]:
    with zipfile.ZipFile(path) as archive:
        names = {name.casefold(): name for name in archive.namelist()}
        codes, styles, within = dict(BUILT_IN), list[int](), False
        for kind, body in xlsb_records(archive.read(names["xl/styles.bin"])):
            if kind == _B_FORMAT:
                (length,) = struct.unpack_from("<I", body, 2)
                codes[struct.unpack_from("<H", body)[0]] = body[6 : 6 + 2 * length].decode("utf-16-le")
            elif kind in _B_STYLES:
                within = kind == _B_STYLES[0]
            elif kind == _B_STYLE and within:
                styles.append(struct.unpack_from("<HH", body)[1])
        said = _said(styles, codes)
        if not said:
            return {}
        links = archive.read(names["xl/_rels/workbook.bin.rels"]).decode("utf-8", "replace")
        targets = {}
        for tag in re.findall(r"<Relationship\b([^>]*)>", links):
            given = dict(re.findall(r'(\w+)="([^"]*)"', tag))
            targets[given.get("Id", "")] = given.get("Target", "").removeprefix("/xl/").casefold()
        found: dict[int, Cells] = {}
        sheets = (body for kind, body in xlsb_records(archive.read(names["xl/workbook.bin"])) if kind == _B_SHEET)
        for index, body in enumerate(sheets):
            (length,) = struct.unpack_from("<I", body, 8)
            name = names.get("xl/" + targets.get(body[12 : 12 + 2 * length].decode("utf-16-le"), ""))
            if name:
                found[index] = _gathered(_xlsb_cells(archive.read(name)), said)
        return found


def _xlsb_cells(stream: bytes) -> Iterator[tuple[int, int, int]]:
    row = 0
    for kind, body in xlsb_records(stream):
        if kind == _B_ROW:
            (row,) = struct.unpack_from("<I", body)
        elif kind in _B_NUMBERS:
            column, style = struct.unpack_from("<II", body)
            yield row, column, style & 0xFFFFFF


_READERS: Mapping[str, Callable[[Path], Mapping[int, Cells]]] = {"xls": _xls, "xlsb": _xlsb, "ods": styled_cells}
