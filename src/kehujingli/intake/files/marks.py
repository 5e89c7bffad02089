"""What does a sheet's XML say that a reader of values passes over? Formulas without a stored value, or whose text looks like a number; merged ranges, hidden rows.

The part is streamed and searched as bytes, beside the reading proper: a million rows cost no memory, and little time where a core is free.
"""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass, field
from pathlib import Path

from kehujingli.intake.files.inflate import DAMAGED, pieces

_CHUNK = 1 << 20
_HOLLOW = re.compile(
    rb"<(?:\w+:)?c\b([^>]*)>\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*(0\d+)?</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
"""A cell with a formula and nothing stored, or digits behind a zero, which no number is stored with; its attributes, and the digits."""
_TYPED = re.compile(rb'\bt="(?!n")')
_REFERENCE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_HIDDEN = re.compile(rb"<(?:\w+:)?row\b([^>]*\bhidden=\"(?:1|true)\"[^>]*)>")
_ROW = re.compile(rb'\br="(\d{1,7})"')
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*\bref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
_LONGEST = 1 << 16
_MOST = 200_000
"""Places of one kind that are kept: more tell nothing new."""

Area = tuple[int, int, int, int]
"""First row, first column, last row, last column, from 0."""


@dataclass
class Marks:
    """``hollow``: row and column (from 0) of formulas without a stored value; ``spelt``: of those that gave a text of digits
    and do not say that it is one, with the text.
    """

    hollow: list[tuple[int, int]] = field(default_factory=list)
    spelt: list[tuple[int, int, str]] = field(default_factory=list)
    merged: list[Area] = field(default_factory=list)
    hidden: list[int] = field(default_factory=list)

    def rows(self, piece: bytes, formula: bytes) -> None:
        """Look at whole rows or cells; ``formula`` begins a formula in this part."""
        if b"f" in piece and formula in piece:  # one byte is looked for many times faster than two
            for found in _HOLLOW.finditer(piece):
                place = _REFERENCE.search(found[1])
                if place and found[2]:
                    if not _TYPED.search(found[1]):
                        self.spelt.append((int(place[2]) - 1, _column(place[1]), found[2].decode("ascii")))
                elif place and len(self.hollow) < _MOST:
                    self.hollow.append((int(place[2]) - 1, _column(place[1])))
        if b"h" in piece and b"hidden=" in piece:
            for found in _HIDDEN.finditer(piece):
                row = _ROW.search(found[1])
                if row and len(self.hidden) < _MOST:
                    self.hidden.append(int(row[1]) - 1)

    def tail(self, piece: bytes) -> None:
        """Look at what stands behind the rows."""
        for found in _MERGED.finditer(piece):
            if len(self.merged) < _MOST:
                self.merged.append((int(found[2]) - 1, _column(found[1]), int(found[4]) - 1, _column(found[3])))


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def scan(path: Path, member: str) -> Marks:
    """The marks of one sheet part of an .xlsx. Raises one of ``DAMAGED`` where the part is damaged."""
    marks = Marks()
    rest, behind, formula = b"", False, b""
    for chunk in pieces(path, member, _CHUNK):
        piece = rest + chunk
        formula = formula or (b"<f" if b"<worksheet" in piece else b":f")
        if not behind:
            cut = _whole_rows(piece)
            marks.rows(piece[:cut], formula)
            rest = piece[cut:]
            behind = b"/sheetData" in rest
        if behind:
            cut = piece.rfind(b">") + 1
            marks.tail(piece[:cut])
            rest = piece[cut:]
    if not behind:
        marks.rows(rest, formula)
    return marks


def _whole_rows(piece: bytes) -> int:
    """Where the last row or cell of a piece ends: none is cut in two, unless it is longer than any should be."""
    row = piece.rfind(b"/row>")
    cut = row + 5 if row >= 0 else piece.rfind(b"/c>") + 3
    return cut if cut > 3 else max(0, len(piece) - _LONGEST)


class Scanning(threading.Thread):
    """A scan beside the reading. ``found`` waits for it; what is damaged has no marks, and the reader tells the damage."""

    def __init__(self, path: Path, member: str) -> None:
        super().__init__(daemon=True)
        self._path, self._member, self._marks = path, member, Marks()

    def run(self) -> None:
        try:
            self._marks = scan(self._path, self._member)
        except DAMAGED:
            return

    def found(self) -> Marks:
        self.join()
        return self._marks
