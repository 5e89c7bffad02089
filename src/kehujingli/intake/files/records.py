"""How are the binary workbooks cut into records? Those of .xls, a kind and a length of two bytes each, and those of .xlsb, of seven bits a byte."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

EOF = 0x000A
"""The record that ends a part of an .xls."""


def xls_records(stream: bytes, at: int = 0) -> Iterator[tuple[int, bytes]]:
    """Kind and body, from a place of the stream on."""
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        yield kind, stream[at + 4 : at + 4 + length]
        at += 4 + length


def xlsb_records(stream: bytes) -> Iterator[tuple[int, bytes]]:
    """Kind and body. Raises ``IndexError`` where the stream is cut off."""
    at = 0
    while at < len(stream):
        kind, at = _number(stream, at, 2)
        length, at = _number(stream, at, 4)
        yield kind, stream[at : at + length]
        at += length


def _number(stream: bytes, at: int, longest: int) -> tuple[int, int]:
    """A number of seven bits a byte, lowest first, and where it ends."""
    value = 0
    for place in range(longest):
        byte = stream[at + place]
        value |= (byte & 0x7F) << 7 * place
        if byte < 0x80:
            return value, at + place + 1
    return value, at + longest


def open_xls(path: Path) -> bytes:
    """The workbook's stream of an .xls."""
    import olefile

    with olefile.OleFileIO(path) as file:
        stream: bytes = file.openstream("Workbook" if file.exists("Workbook") else "Book").read()
    return stream
