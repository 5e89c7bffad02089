"""What stands in the first rows of each sheet? Looked at before anything is read, so that a sheet is parsed once, and only if it is wanted.

An .xlsx is streamed: a million-row sheet costs no more than a short one. Other workbooks are opened by calamine.
"""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Literal
from xml.parsers import expat

from kehujingli.intake.files.epoch import LATER, epoch
from kehujingli.intake.files.marks import Area
from kehujingli.intake.files.opendocument import Mistake, error_cells

CellKind = Literal["text", "number", "date", "bool", "error", "blank"]
DEPTH = 120
"""How many rows are looked at: titles, header, and enough data to see what a column holds."""
_CHUNK = 1 << 16


@dataclass(frozen=True)
class Cell:
    kind: CellKind
    text: str = ""


@dataclass
class SheetPeek:
    """The first rows of a sheet. ``rows`` maps a row number (from 0) to its cells by column (from 0)."""

    name: str
    index: int
    hidden: bool = False
    member: str = ""
    """The part of an .xlsx that holds the sheet."""
    epoch: int = 0
    """1462 in a workbook whose days are counted from 1904."""
    merged: list[Area] = field(default_factory=list)
    """Merged ranges, where they are told without reading the sheet's XML."""
    rows: dict[int, dict[int, Cell]] = field(default_factory=dict)
    last_row: int | None = None
    """The last row the sheet declares, where it declares one."""
    errors: list[Mistake] = field(default_factory=list)
    """Formula errors that the reader does not tell: of an .ods it makes blanks."""

    def grid(self) -> list[tuple[int, list[str]]]:
        """Row number and texts, padded to the width of what was seen."""
        width = 1 + max((column for row in self.rows.values() for column in row), default=-1)
        return [
            (number, [row[c].text if c in row else "" for c in range(width)])
            for number, row in sorted(self.rows.items())
        ]


def peek_workbook(path: Path, kind: str) -> list[SheetPeek]:
    """The sheets of a workbook in order. Raises whatever the container raises where it is broken."""
    if kind == "xlsx":
        try:
            return list(_peek_xlsx(path))
        except (KeyError, ValueError, IndexError, expat.ExpatError):
            pass  # odd but perhaps readable: calamine decides
    peeks = list(_peek_calamine(path, epoch(path, kind)))
    if kind == "ods":
        mistakes = error_cells(path)
        for peek in peeks:
            peek.errors = mistakes.get(peek.index, [])
    return peeks


def _peek_calamine(path: Path, later: int) -> Iterator[SheetPeek]:
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    workbook = CalamineWorkbook.from_path(str(path))
    for index, meta in enumerate(workbook.sheets_metadata):
        if meta.typ != SheetTypeEnum.WorkSheet:
            continue
        sheet = workbook.get_sheet_by_index(index)
        found = SheetPeek(meta.name, index, meta.visible != SheetVisibleEnum.Visible, epoch=later)
        if sheet.start is not None:
            found.last_row = sheet.end[0] if sheet.end else None
            found.merged = [(*first, *last) for first, last in sheet.merged_cell_ranges or ()]
            for number, row in enumerate(sheet.to_python(skip_empty_area=False, nrows=sheet.start[0] + DEPTH)):
                cells = {column: cell_of(value) for column, value in enumerate(row) if value != ""}
                if cells:
                    found.rows[number] = cells
        yield found


def cell_of(value: object) -> Cell:
    if isinstance(value, bool):
        return Cell("bool", str(value))
    if isinstance(value, int | float):
        return Cell("number", str(int(value)) if value == int(value) else str(value))
    if isinstance(value, str):
        return Cell("text", value)
    return Cell("date", str(value))


def _peek_xlsx(path: Path) -> Iterator[SheetPeek]:
    with zipfile.ZipFile(path) as archive:
        names = {name.casefold().lstrip("/"): name for name in archive.namelist()}
        workbook, shared = _relations(archive, names)
        sheets = _sheets(archive, workbook)
        old = any(
            attributes.get("date1904", "0") in ("1", "true", "on")
            for attributes in _attributes(archive, workbook, "workbookPr")
        )
        targets = _targets(archive, names, workbook)
        found: list[tuple[SheetPeek, dict[int, dict[int, Cell | int]]]] = []
        for index, (name, relation, hidden) in enumerate(sheets):
            target = targets.get(relation, "")
            member = names.get(target.casefold())
            peek = SheetPeek(name, index, hidden, member or "", LATER if old else 0)
            if member is None or "chartsheet" in target or "dialogsheet" in target:
                continue
            with archive.open(member) as stream:
                reader = _SheetReader()
                reader.read(stream)
            peek.last_row = reader.last_row
            found.append((peek, reader.rows))
        wanted = {cell for _, rows in found for row in rows.values() for cell in row.values() if isinstance(cell, int)}
        strings = _shared_strings(archive, names, shared, max(wanted, default=-1))
        for peek, rows in found:
            for number, row in rows.items():
                peek.rows[number] = {
                    c: Cell("text", strings.get(cell, "")) if isinstance(cell, int) else cell for c, cell in row.items()
                }
            yield peek


def _relations(archive: zipfile.ZipFile, names: Mapping[str, str]) -> tuple[str, str]:
    """The workbook part, and where its shared strings are (strict and transitional workbooks alike)."""
    root = _attributes(archive, names["_rels/.rels"], "Relationship")
    main = next(a["Target"].lstrip("/") for a in root if a.get("Type", "").endswith("/officeDocument"))
    member = names[main.casefold()]
    parts = _attributes(archive, names[_rels_of(member).casefold()], "Relationship")
    shared = next((a["Target"] for a in parts if a.get("Type", "").endswith("/sharedStrings")), "")
    return member, _resolve(member, shared) if shared else ""


def _rels_of(member: str) -> str:
    folder, name = posixpath.split(member)
    return posixpath.join(folder, "_rels", name + ".rels")


def _resolve(member: str, target: str) -> str:
    if target.startswith("/"):
        return target.lstrip("/")
    return posixpath.normpath(posixpath.join(posixpath.dirname(member), target))


def _sheets(archive: zipfile.ZipFile, workbook: str) -> list[tuple[str, str, bool]]:
    sheets = []
    for attributes in _attributes(archive, workbook, "sheet"):
        relation = next((value for key, value in attributes.items() if key.rpartition(":")[2] == "id"), "")
        sheets.append((attributes.get("name", ""), relation, attributes.get("state", "visible") != "visible"))
    return sheets


def _targets(archive: zipfile.ZipFile, names: Mapping[str, str], workbook: str) -> dict[str, str]:
    relations = _attributes(archive, names[_rels_of(workbook).casefold()], "Relationship")
    return {a["Id"]: _resolve(workbook, a["Target"]) for a in relations if "Id" in a and "Target" in a}


def _local(tag: str) -> str:
    return tag.rpartition(":")[2]


def _attributes(archive: zipfile.ZipFile, member: str, element: str) -> list[dict[str, str]]:
    """The attributes of every element of that name in a small part."""
    found: list[dict[str, str]] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        if _local(tag) == element:
            found.append(attributes)

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.Parse(archive.read(member), True)
    return found


class _Enough(Exception):
    pass


class _SheetReader:
    """Rows from the head of a sheet part. A shared string is kept as its index until the strings are looked up."""

    def __init__(self) -> None:
        self.rows: dict[int, dict[int, Cell | int]] = {}
        self.last_row: int | None = None
        self._row = -1
        self._column = -1
        self._type = ""
        self._text: list[str] | None = None
        self._value = ""
        self._formula = False

    def read(self, stream: IO[bytes]) -> None:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._data
        try:
            while chunk := stream.read(_CHUNK):
                parser.Parse(chunk)
        except _Enough:
            pass

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        match _local(tag):
            case "dimension":
                digits = "".join(ch for ch in attributes.get("ref", "").rpartition(":")[2] if ch.isdigit())
                self.last_row = int(digits) - 1 if digits else None
            case "row":
                self._row = int(attributes["r"]) - 1 if "r" in attributes else self._row + 1
                self._column = -1
                if len(self.rows) >= DEPTH:
                    raise _Enough
            case "c":
                letters = "".join(ch for ch in attributes.get("r", "") if ch.isalpha())
                self._column = _column_number(letters) if letters else self._column + 1
                self._type, self._value, self._formula = attributes.get("t", "n"), "", False
            case "v" | "t":
                self._text = []
            case "f":
                self._formula = True

    def _data(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)

    def _end(self, tag: str) -> None:
        match _local(tag):
            case "v" | "t":
                self._value += "".join(self._text or ())
                self._text = None
            case "c":
                cell = self._cell()
                if cell is not None:
                    self.rows.setdefault(self._row, {})[self._column] = cell
            case "sheetData":
                raise _Enough

    def _cell(self) -> Cell | int | None:
        if self._value == "":
            return None
        match self._type:
            case "s":
                return int(self._value)
            case "inlineStr" | "str":
                return Cell("text", self._value)
            case "b":
                return Cell("bool", self._value)
            case "e":
                return Cell("error", self._value)
            case "d":
                return Cell("date", self._value)
            case _:
                value = float(self._value)
                return Cell("number", str(int(value)) if value == int(value) else self._value)


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


def _shared_strings(archive: zipfile.ZipFile, names: Mapping[str, str], member: str, last: int) -> dict[int, str]:
    """The shared strings up to the last one wanted; phonetic runs are no part of a text."""
    strings: dict[int, str] = {}
    if last < 0 or member.casefold() not in names:
        return strings
    state = {"index": -1, "phonetic": 0}
    text: list[str] = []
    inside = False

    def start(tag: str, _: dict[str, str]) -> None:
        nonlocal inside
        match _local(tag):
            case "si":
                state["index"] += 1
                text.clear()
            case "rPh":
                state["phonetic"] += 1
            case "t":
                inside = not state["phonetic"]

    def end(tag: str) -> None:
        nonlocal inside
        match _local(tag):
            case "si":
                strings[state["index"]] = "".join(text)
                if state["index"] >= last:
                    raise _Enough
            case "rPh":
                state["phonetic"] -= 1
            case "t":
                inside = False

    def data(chunk: str) -> None:
        if inside:
            text.append(chunk)

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, data
    try:
        with archive.open(names[member.casefold()]) as stream:
            while chunk := stream.read(_CHUNK):
                parser.Parse(chunk)
    except _Enough:
        pass
    return strings
