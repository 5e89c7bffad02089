"""What is this file, whatever its name says? Told by its first bytes."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import Literal

FileKind = Literal[
    "xlsx",
    "xlsb",
    "xls",
    "ods",
    "encrypted",
    "html",
    "xml",
    "mhtml",
    "text",
    "zip",
    "gzip",
    "biff",
    "parquet",
    "unknown",
    "empty",
]

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_BIFF = re.compile(rb"\x09[\x00\x02\x04\x08](\x04|\x06|\x08|\x10)\x00")
"""A BIFF stream without its OLE wrapping: Excel 2 to 4."""
_HEAD = 4096
_MARKS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig"))
_CONTROL = re.compile(rb"[\x02-\x08\x0e-\x1a\x1c-\x1f]")


def sniff(path: Path) -> FileKind:
    """The kind of a file by its content. Raises ``OSError`` where it cannot be opened."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
        if head.startswith(_OLE):
            file.seek(0)
            return "encrypted" if _ENCRYPTED_STREAM in file.read(1 << 20) else "xls"
    if not head:
        return "empty"
    if head.startswith(b"PK"):
        return _zip_kind(path)
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"\x1f\x8b"):
        return "gzip"
    if _BIFF.match(head):
        return "biff"
    return _text_kind(head)


def _text_kind(head: bytes) -> FileKind:
    """HTML, SpreadsheetML 2003 and MHTML are texts that say so at their beginning; other bytes are a text unless they cannot be one."""
    start = plain_head(head).lstrip().casefold()
    if re.match(r"[\w-]+:", start) and re.search(r"^mime-version:", start, re.MULTILINE):
        return "mhtml"
    if "urn:schemas-microsoft-com:office:spreadsheet" in start and start.startswith(
        ("<?xml", "<workbook", "<ss:workbook")
    ):
        return "xml"
    if start.startswith("<") and re.search(r"<(!doctype html|html|table|head|body|meta|style|div|tr)\b", start):
        return "html"
    strange = set(_CONTROL.findall(head.rstrip(b"\x1a")))
    if start.startswith("%pdf-") or (b"\x00" not in head and len(strange) > 1):  # one may part the cells
        return "unknown"
    return "text"


def plain_head(head: bytes) -> str:
    """The first characters, for looking at tags: an encoding is named where it is marked, else one byte is one character."""
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return head.decode(encoding, "replace")
    if head[1:2] == b"\x00":
        return head.decode("utf-16-le", "replace")
    return head.decode("latin-1")


def _zip_kind(path: Path) -> FileKind:
    try:
        with zipfile.ZipFile(path) as archive:
            names = {name.replace("\\", "/").casefold().lstrip("/") for name in archive.namelist()}
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return "unknown"
    if any(name.endswith("workbook.bin") for name in names):
        return "xlsb"
    if "[content_types].xml" in names:
        return "xlsx" if any(name.startswith("xl/") or "workbook" in name for name in names) else "unknown"
    return "ods" if "content.xml" in names else "zip"
