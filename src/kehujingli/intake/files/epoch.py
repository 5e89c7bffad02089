"""From which day does a workbook count its days? Most from 1900; those of the first Macs, and what was made from them, from 1904.

Readers of .xls, .xlsb and .ods turn dates that are formatted as such by it, but a bare serial number is four years early.
"""

from __future__ import annotations

import re
import struct
import zipfile
from pathlib import Path

from kehujingli.intake.files.inflate import DAMAGED
from kehujingli.intake.files.records import EOF, open_xls, xls_records, xlsb_records

LATER = 1462
"""Days between the two."""
_DATEMODE = 0x0022
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
    for kind, body in xls_records(open_xls(path)):
        if kind == _DATEMODE:
            return body[:1] == b"\x01"
        if kind == EOF:
            break
    return False


def _xlsb(path: Path) -> bool:
    with zipfile.ZipFile(path) as archive:
        name = next((name for name in archive.namelist() if name.casefold().endswith("workbook.bin")), "")
        with archive.open(name) as part:
            stream = part.read(_HEAD)
    return next((bool(body[0] & 1) for kind, body in xlsb_records(stream) if kind == _WORKBOOK_PROPERTIES), False)


def _ods(path: Path) -> bool:
    with zipfile.ZipFile(path) as archive, archive.open("content.xml") as part:
        head = part.read(_HEAD)
    return bool(_NULL_DATE.search(head))
