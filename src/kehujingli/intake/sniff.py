"""What is this file, whatever its name says? Told by the first bytes."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Literal

FileKind = Literal["xlsx", "xlsb", "xls", "ods", "encrypted", "text", "zip", "unknown", "empty"]

SUFFIXES = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".csv", ".tsv", ".txt")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")


def sniff(path: Path) -> FileKind:
    """The kind of a file by its content. Raises ``OSError`` where it cannot be opened."""
    with path.open("rb") as file:
        head = file.read(8)
        if not head:
            return "empty"
        if head.startswith(_OLE):
            file.seek(0)
            return "encrypted" if _ENCRYPTED_STREAM in file.read(1 << 20) else "xls"
    if head.startswith(b"PK"):
        return _zip_kind(path)
    if head[:2] in (b"\x09\x08", b"\x09\x04", b"\x09\x02", b"\x09\x00") and head[2:4] in (
        b"\x10\x00",
        b"\x08\x00",
        b"\x06\x00",
        b"\x04\x00",
    ):
        return "xls"  # a BIFF stream without its OLE wrapping
    return "text"


def _zip_kind(path: Path) -> FileKind:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError):
        return "unknown"
    if any(name.endswith("workbook.bin") for name in names):
        return "xlsb"
    if "[Content_Types].xml" in names:
        return "xlsx"
    if "content.xml" in names:
        return "ods"
    return "zip"
