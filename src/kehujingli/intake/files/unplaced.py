"""Do the cells of an .xlsx say where they stand? Some programs leave it out: then the place is counted and written in, so that whoever searches the part finds it.

Only the head of a sheet is looked at, so that others cost nothing.
"""

from __future__ import annotations

import contextlib
import re
import zipfile
from pathlib import Path

from kehujingli.intake.files.inflate import DAMAGED
from kehujingli.terms.places import column_name

_SHEET = re.compile(r"/?xl/worksheets/[^/]+\.xml", re.IGNORECASE)
_TAG = re.compile(rb"<((?:\w+:)?)(row|c)\b([^>]*)>")
_PLACE = re.compile(rb'\sr="([A-Z]*)(\d+)"')
_HEAD = 1 << 16
_CHUNK = 1 << 20


def with_places(path: Path, folder: Path) -> Path:
    """A copy in which every cell says its place; ``path`` itself where they do, or where it is no workbook: then its reader says so."""
    with contextlib.suppress(*DAMAGED), zipfile.ZipFile(path) as archive:
        bare = {
            part.filename for part in archive.infolist() if _SHEET.fullmatch(part.filename) and _bare(archive, part)
        }
        if not bare:
            return path
        copy = folder / f"places-{path.name}"
        with zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target:
            for part in archive.infolist():
                if part.filename in bare:
                    _copied(archive, part, target)
                else:
                    target.writestr(part.filename, archive.read(part))
        return copy
    return path


def _bare(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    with archive.open(part) as stream:
        head = stream.read(_HEAD)
    cell = next((tag for tag in _TAG.finditer(head) if tag[2] == b"c"), None)
    return cell is not None and _PLACE.search(cell[3]) is None


def _copied(archive: zipfile.ZipFile, part: zipfile.ZipInfo, target: zipfile.ZipFile) -> None:
    row, column = 0, -1

    def placed(tag: re.Match[bytes]) -> bytes:
        nonlocal row, column
        said = _PLACE.search(tag[3])
        if tag[2] == b"row":
            row, column = int(said[2]) if said else row + 1, -1
            return tag[0] if said else b'<%brow r="%d"%b>' % (tag[1], row, tag[3])
        column = _number(said[1]) if said else column + 1
        return tag[0] if said else b'<%bc r="%b%d"%b>' % (tag[1], column_name(column).encode("ascii"), row, tag[3])

    rest = b""
    with archive.open(part) as stream, target.open(part.filename, "w") as out:
        while chunk := stream.read(_CHUNK):
            piece = rest + chunk
            cut = piece.rfind(b"<")
            out.write(_TAG.sub(placed, piece[:cut]))
            rest = piece[cut:]
        out.write(_TAG.sub(placed, rest))


def _number(letters: bytes) -> int:
    """A → 0."""
    number = 0
    for letter in letters:
        number = 26 * number + letter - 64
    return number - 1
