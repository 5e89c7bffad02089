"""Workbooks of Excel 97 and binary ones of 2007, written byte by byte: what no library that is at hand writes."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Sequence

_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_SECTOR = 512
_CUSTOM = 164
Value = str | float | tuple[float, str]
"""A text, a number, or a number with its format: ``(44834, "date")``, ``(1.5, '0.00"万元"')``."""


def workbook(rows: Sequence[Sequence[Value | None]], *, days_from_1904: bool = False, sheet: str = "Sheet1") -> bytes:
    start = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0x0DBB, 0x07CC, 0, 6))
    start += _record(0x0042, struct.pack("<H", 1200)) + _record(0x0022, struct.pack("<H", days_from_1904))
    codes = _codes(rows)
    for number, code in enumerate(codes):
        text = code.encode("utf-16-le")
        start += _record(0x041E, struct.pack("<HHB", _CUSTOM + number, len(code), 1) + text)
    for number_format in (0, 14, *range(_CUSTOM, _CUSTOM + len(codes))):
        start += _record(0x00E0, struct.pack("<HH16x", 0, number_format))
    name = sheet.encode("utf-16-le")
    length = len(start) + 4 + 8 + len(name) + 4
    start += _record(0x0085, struct.pack("<IHBB", length, 0, len(sheet), 1) + name) + _record(0x000A, b"")
    page = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0x0DBB, 0x07CC, 0, 6))
    for row, cells in enumerate(rows):
        for column, value in enumerate(cells):
            if value is not None:
                page += _cell(row, column, value, codes)
    return _compound(start + page + _record(0x000A, b""))


def _codes(rows: Sequence[Sequence[Value | None]]) -> list[str]:
    """The formats of the cells, each once."""
    return list(dict.fromkeys(cell[1] for row in rows for cell in row if isinstance(cell, tuple) and cell[1] != "date"))


def _cell(row: int, column: int, value: Value, codes: Sequence[str]) -> bytes:
    if isinstance(value, str):
        text = value.encode("utf-16-le")
        return _record(0x0204, struct.pack("<HHHHB", row, column, 0, len(text) // 2, 1) + text)
    number, style = _styled(value, codes)
    return _record(0x0203, struct.pack("<HHHd", row, column, style, number))


def _styled(value: float | tuple[float, str], codes: Sequence[str]) -> tuple[float, int]:
    if not isinstance(value, tuple):
        return value, 0
    return value[0], 1 if value[1] == "date" else 2 + codes.index(value[1])


def _record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _compound(stream: bytes) -> bytes:
    """One stream in an OLE file: a sector of allocation, one of directory, then the stream."""
    stream = stream.ljust(4096, b"\0")
    stream += b"\0" * (-len(stream) % _SECTOR)
    count = len(stream) // _SECTOR
    assert count + 2 <= 128
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        0x3E,
        3,
        0xFFFE,
        9,
        6,
        0,
        1,
        1,
        0,
        4096,
        _END,
        0,
        _END,
        0,
        0,
    )
    header += struct.pack("<108I", *[_FREE] * 108)
    chain = [_FAT, _END, *range(3, count + 2), _END]
    table = struct.pack("<128I", *chain, *[_FREE] * (128 - len(chain)))
    entries = _entry("Root Entry", 5, 1, _END, 0) + _entry("Workbook", 2, _FREE, 2, len(stream))
    return header + table + entries.ljust(_SECTOR, b"\0") + stream


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    text = name.encode("utf-16-le")
    return struct.pack("<64sHBBIII16xI8x8xIQ", text, len(text) + 2, kind, 1, _FREE, _FREE, child, 0, start, size)


def binary(rows: Sequence[Sequence[Value | None]], *, sheet: str = "Sheet1") -> bytes:
    """The same as an .xlsb."""
    codes = _codes(rows)
    styles = _binary(278, b"") + _binary(615, struct.pack("<I", len(codes)))
    for number, code in enumerate(codes):
        styles += _binary(44, struct.pack("<H", _CUSTOM + number) + _text(code))
    styles += _binary(616, b"") + _binary(617, struct.pack("<I", 2 + len(codes)))
    for number_format in (0, 14, *range(_CUSTOM, _CUSTOM + len(codes))):
        styles += _binary(47, struct.pack("<HH12x", 0, number_format))
    styles += _binary(618, b"")
    last = struct.pack("<IIII", 0, len(rows) - 1, 0, max(map(len, rows)) - 1)
    page = _binary(129, b"") + _binary(148, last) + _binary(145, b"")
    for row, cells in enumerate(rows):
        page += _binary(0, struct.pack("<I13x", row))
        for column, value in enumerate(cells):
            if isinstance(value, str):
                page += _binary(6, struct.pack("<II", column, 0) + _text(value))
            elif value is not None:
                number, style = _styled(value, codes)
                page += _binary(5, struct.pack("<IId", column, style, number))
    page += _binary(146, b"") + _binary(130, b"")
    book = _binary(131, b"") + _binary(153, struct.pack("<III", 0, 0, 0)) + _binary(143, b"")
    book += (
        _binary(156, struct.pack("<II", 0, 1) + _text("rId1") + _text(sheet)) + _binary(144, b"") + _binary(132, b"")
    )
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w") as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        archive.writestr("_rels/.rels", _LINKS.format("rId1", "officeDocument", "xl/workbook.bin"))
        archive.writestr("xl/_rels/workbook.bin.rels", _LINKS.format("rId1", "worksheet", "worksheets/sheet1.bin"))
        for name, part in (("workbook", book), ("styles", styles), ("worksheets/sheet1", page)):
            archive.writestr(f"xl/{name}.bin", part)
    return stored.getvalue()


_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Override PartName="/xl/workbook.bin" ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/></Types>'
)
_LINKS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="{}" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{}" Target="{}"/></Relationships>'
)


def _binary(kind: int, body: bytes) -> bytes:
    return _sevens(kind) + _sevens(len(body)) + body


def _sevens(number: int) -> bytes:
    """Seven bits a byte, lowest first."""
    out = b""
    while number >= 0x80:
        out, number = out + bytes([number & 0x7F | 0x80]), number >> 7
    return out + bytes([number])


def _text(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")
