"""From which day does a workbook count its days? Most from 1900; those of the first Macs, and what was made from them, from 1904.

Readers of .xls, .xlsb and .ods turn dates that are formatted as such by it, but a bare serial number is four years early.
"""

from __future__ import annotations

import re
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path

from kehujingli.intake.files.inflate import DAMAGED

LATER = 1462
"""Days between the two."""
_DATEMODE, _EOF = 0x0022, 0x000A
_WORKBOOK_PROPERTIES = 153
_HEAD = 1 << 20
_NULL_DATE = re.compile(rb"<table:null-date\b[^>]*\btable:date-value=[\"']1904-01-01")
_DAMAGED = (*DAMAGED, IndexError, struct.error)


def epoch(path: Path, kind: str) -> int:
    """1462 where the workbook's days begin in 1904, else 0; of a damaged one the reader tells."""
    tell = {"xls": _xls, "xlsb": _xlsb, "ods": _ods}.get(kind)
    try:
        return LATER if tell and tell(path) else 0
    except _DAMAGED:
        return 0


def _xls(path: Path) -> bool:
    import olefile

    with olefile.OleFileIO(path) as file:
        stream = file.openstream("Workbook" if file.exists("Workbook") else "Book").read()
    for kind, body in _records(stream):
        if kind == _DATEMODE:
            return body[:1] == b"\x01"
        if kind == _EOF:
            break
    return False


def _records(stream: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        yield kind, stream[at + 4 : at + 4 + length]
        at += 4 + length


def _xlsb(path: Path) -> bool:
    with zipfile.ZipFile(path) as archive:
        name = next((name for name in archive.namelist() if name.casefold().endswith("workbook.bin")), "")
        with archive.open(name) as part:
            stream = part.read(_HEAD)
    at = 0
    while at < len(stream):
        kind, at = _number(stream, at, 2)
        length, at = _number(stream, at, 4)
        if kind == _WORKBOOK_PROPERTIES:
            return bool(stream[at] & 1)
        at += length
    return False


def _number(stream: bytes, at: int, longest: int) -> tuple[int, int]:
    """A number of seven bits a byte, lowest first, and where it ends."""
    value = 0
    for place in range(longest):
        byte = stream[at + place]
        value |= (byte & 0x7F) << 7 * place
        if byte < 0x80:
            return value, at + place + 1
    return value, at + longest


def _ods(path: Path) -> bool:
    with zipfile.ZipFile(path) as archive, archive.open("content.xml") as part:
        head = part.read(_HEAD)
    return bool(_NULL_DATE.search(head))
