"""A workbook of Excel 97, written byte by byte: what no library that is at hand writes."""

from __future__ import annotations

import struct
from collections.abc import Sequence

_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_SECTOR = 512
Value = str | float | tuple[float, str]
"""A text, a number, or a serial number formatted as a date: ``(44834, "date")``."""


def workbook(rows: Sequence[Sequence[Value | None]], *, days_from_1904: bool = False, sheet: str = "Sheet1") -> bytes:
    start = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0x0DBB, 0x07CC, 0, 6))
    start += _record(0x0042, struct.pack("<H", 1200)) + _record(0x0022, struct.pack("<H", days_from_1904))
    for number_format in (0, 14):
        start += _record(0x00E0, struct.pack("<HH16x", 0, number_format))
    name = sheet.encode("utf-16-le")
    length = len(start) + 4 + 8 + len(name) + 4
    start += _record(0x0085, struct.pack("<IHBB", length, 0, len(sheet), 1) + name) + _record(0x000A, b"")
    page = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0x0DBB, 0x07CC, 0, 6))
    for row, cells in enumerate(rows):
        for column, value in enumerate(cells):
            if value is not None:
                page += _cell(row, column, value)
    return _compound(start + page + _record(0x000A, b""))


def _cell(row: int, column: int, value: Value) -> bytes:
    if isinstance(value, str):
        text = value.encode("utf-16-le")
        return _record(0x0204, struct.pack("<HHHHB", row, column, 0, len(text) // 2, 1) + text)
    number, style = (value[0], 1) if isinstance(value, tuple) else (value, 0)
    return _record(0x0203, struct.pack("<HHHd", row, column, style, number))


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
