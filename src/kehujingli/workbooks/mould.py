"""How are hundreds of workbooks of one shape written? XlsxWriter lays out one with nothing in it; the others are that one with their rows and texts.

What no workbook changes is deflated once. What each has of its own: the rows of a list with its totals and the ranges that end with its last row, and
the texts that bear a mark. So a list that is empty looks as it was laid out.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from kehujingli.workbooks.bulk import Packed, ZipWriter, sheet_members
from kehujingli.workbooks.few import escaped

if TYPE_CHECKING:
    from kehujingli.workbooks.house import Book

MARKS = (chr(0x10FFFC), chr(0x10FFFD))
"""What stands in the layout for texts of each workbook: characters that no name has."""
_ROW = re.compile(r'<row r="(\d+)"[^>]*?(?:/>|>.*?</row>)', re.DOTALL)
_RANGE = re.compile(r"([A-Z]+)(\d+)(?::([A-Z]+)(\d+))?")
_OWN = "\x00"
"""Parts a text from what is another in each workbook: no XML holds it."""
_STRINGS, _NAMES = "xl/sharedStrings.xml", "xl/workbook.xml"


@dataclass(frozen=True)
class Fill:
    """What a sheet gets in place of the rows that were laid out: ``rows``, the ``last`` row of its list, the last printed one (``end``), and totals by
    column letter."""

    rows: bytes
    last: int
    end: int
    totals: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Text:
    """A text in pieces; between two of them stands what is a workbook's own, by name, with what was laid out there."""

    pieces: Sequence[str]
    names: Sequence[str]
    laid: Sequence[str]

    @classmethod
    def of(cls, marked: str) -> _Text:
        """``marked``: each own part as name, = and what was laid out, between two ``_OWN``."""
        parts = marked.split(_OWN)
        own = [part.partition("=") for part in parts[1::2]]
        return cls(parts[::2], [name for name, _, _ in own], [laid for _, _, laid in own])

    def filled(self, values: Mapping[str, str]) -> str:
        told = [self.pieces[0]]
        for name, laid, piece in zip(self.names, self.laid, self.pieces[1:], strict=True):
            told += (values.get(name, laid), piece)
        return "".join(told)


@dataclass(frozen=True)
class _Sheet:
    """A sheet up to the rows that each workbook has of its own, those that were laid out, and what follows."""

    head: _Text
    rows: str
    tail: _Text

    @classmethod
    def of(cls, xml: str, first: int, through: int) -> _Sheet:
        """``first`` to ``through``: the sheet's rows that are another in each workbook."""
        rows = [row for row in _ROW.finditer(xml) if first <= int(row[1]) <= through]
        start, stop = rows[0].start(), rows[-1].end()
        head = re.sub(r'(<dimension ref="[A-Z]+\d+:[A-Z]+)(\d+)"', rf"\1{_OWN}end=\2{_OWN}" + '"', xml[:start])
        head = re.sub(r'(<c r="([A-Z]+)3" s="\d+"><v>)([^<]*)', rf"\1{_OWN}\2=\3{_OWN}", head)
        tail = re.sub(r'((?:ref|sqref)=")([^"]*)', lambda found: found[1] + _RANGE.sub(_to_last, found[2]), xml[stop:])
        return cls(_Text.of(head), xml[start:stop], _Text.of(tail))

    def filled(self, fill: Fill | None) -> bytes:
        if fill is None:
            return f"{self.head.filled({})}{self.rows}{self.tail.filled({})}".encode()
        own = {"end": str(fill.end), "last": str(fill.last), **fill.totals}
        return b"".join((self.head.filled(own).encode(), fill.rows, self.tail.filled(own).encode()))


def _to_last(found: re.Match[str]) -> str:
    """A range of the list, with its last row for each workbook to say."""
    return f"{found[1]}{found[2]}:{found[3] or found[1]}{_OWN}last={found[4] or found[2]}{_OWN}"


class Mould:
    """A workbook laid out, for many like it."""

    def __init__(self, book: Book, own: Mapping[str, tuple[int, int]]) -> None:
        """``own``: sheet → its first and last row (from 1) of those that are another in each workbook; the rest of it changes in no figure."""
        with zipfile.ZipFile(book.laid_out()) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
            places = sheet_members(archive)
        self._order = list(parts)
        self._sheets = {places[name]: _Sheet.of(parts[places[name]].decode(), *rows) for name, rows in own.items()}
        self._named = {places[name]: name for name in own}
        self._places = {name: place for place, name in enumerate(places)}
        texts = re.sub(rf"<t>(?=[^<]*[{''.join(MARKS)}])", '<t xml:space="preserve">', parts[_STRINGS].decode())
        for place, mark in enumerate(MARKS):
            texts = texts.replace(mark, f"{_OWN}{place}={_OWN}")
        self._texts, self._names = _Text.of(texts), _Text.of(_ranges(parts[_NAMES].decode()))
        changed = {*self._sheets, _STRINGS, _NAMES}
        self._kept = {name: Packed.of(content) for name, content in parts.items() if name not in changed}
        self._parts = parts

    def styles(self, sheet: str) -> dict[str, str]:
        """Cell of what was laid out → the number of its style."""
        xml = self._parts[next(name for name, own in self._named.items() if own == sheet)].decode()
        return dict(re.findall(r'<c r="([A-Z]+\d+)" s="(\d+)"', xml))

    def write(self, target: Path, fills: Mapping[str, Fill], texts: Sequence[str]) -> None:
        """``fills``: by sheet, where it is not as laid out; ``texts``: for the ``MARKS``."""
        named = {f"{place}": escaped(text) for place, text in enumerate(texts)}
        ends = {
            f"{self._places[sheet]}.{name}": str(value)
            for sheet, fill in fills.items()
            for name, value in (("last", fill.last), ("end", fill.end))
        }
        with target.open("wb") as out:
            writer = ZipWriter(out)
            for name in self._order:
                writer.put(name, self._kept.get(name) or Packed.of(self._content(name, fills, named, ends)))
            writer.close()

    def _content(
        self, name: str, fills: Mapping[str, Fill], texts: Mapping[str, str], ends: Mapping[str, str]
    ) -> bytes:
        match name:
            case _ if name == _STRINGS:
                return self._texts.filled(texts).encode()
            case _ if name == _NAMES:
                return self._names.filled(ends).encode()
            case _:
                return self._sheets[name].filled(fills.get(self._named[name]))


def _ranges(xml: str) -> str:
    """The workbook's names of filters and print areas: their last row is the sheet's own."""
    for name, row in (("_FilterDatabase", "last"), ("Print_Area", "end")):
        xml = re.sub(
            rf'(<definedName name="_xlnm\.{name}" localSheetId="(\d+)"[^>]*>[^<]*\$)(\d+)(?=</definedName>)',
            rf"\g<1>{_OWN}\g<2>.{row}=\g<3>{_OWN}",
            xml,
        )
    return xml
