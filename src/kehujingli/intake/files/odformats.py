"""Which numbers of an .ods bear a format that says something? Its formats are markup: each is put as the code that other workbooks have for it."""

from __future__ import annotations

import itertools
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import IO
from xml.parsers import expat

from kehujingli.intake.files.codes import Meaning, meaning

_CHUNK = 1 << 20
_MOST = 200_000
"""Cells of one repeated number that are kept: a range may be repeated to the end of the sheet."""
_NUMBERS = ("number:number-style", "number:percentage-style", "number:currency-style")
_VALUES = ("float", "percentage", "currency")

Cells = dict[int, dict[int, Meaning]]
"""By column, then row, both from 0."""


def styled_cells(path: Path) -> dict[int, Cells]:
    """The numbers whose format says something, by the sheet's number. Raises what reading a damaged file raises."""
    styles = _Styles()
    try:
        with zipfile.ZipFile(path) as archive:
            for name in ("styles.xml", "content.xml"):
                with archive.open(name) as stream:
                    styles.read(stream)
            said = styles.said()
            if not said:
                return {}
            counter = _Counter(said)
            with archive.open("content.xml") as stream:
                counter.read(stream)
            return counter.found
    except expat.ExpatError as error:
        raise ValueError(str(error)) from None


class _Enough(Exception):
    pass


class _Styles:
    """The formats of numbers as codes, and the cell styles that use them; the sheets behind are not read."""

    def __init__(self) -> None:
        self._codes: dict[str, str] = {}
        self._maps: dict[str, list[tuple[str, str]]] = {}
        self._used: dict[str, tuple[str, str]] = {}
        self._name = ""
        self._text: list[str] | None = None
        self._number: dict[str, str] | None = None
        self._inside: dict[int, str] = {}
        self._place = 0

    def read(self, stream: IO[bytes]) -> None:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._data
        try:
            while chunk := stream.read(_CHUNK):
                parser.Parse(chunk)
        except _Enough:
            pass

    def said(self) -> dict[str, Meaning]:
        """Cell style → what its format says."""
        found = {}
        for style in self._used:
            said = meaning(self._sections(self._data_style(style)))
            if said:
                found[style] = said
        return found

    def _data_style(self, style: str) -> str:
        for _ in range(9):
            data, parent = self._used.get(style, ("", ""))
            if data or not parent:
                return data
            style = parent
        return ""

    def _sections(self, data: str) -> str:
        """The code of a format with those that it maps numbers to."""
        mapped = [f"[{condition}]{self._codes.get(name, '')}" for condition, name in self._maps.get(data, ())]
        return ";".join([*mapped, self._codes.get(data, "")])

    def _start(self, tag: str, given: dict[str, str]) -> None:
        match tag:
            case "office:body":
                raise _Enough
            case "style:style" if given.get("style:family") == "table-cell":
                data, parent = given.get("style:data-style-name", ""), given.get("style:parent-style-name", "")
                self._used[given.get("style:name", "")] = data, parent
            case "style:map" if self._name:
                condition = given.get("style:condition", "").removeprefix("value()").replace("!=", "<>")
                self._maps.setdefault(self._name, []).append((condition, given.get("style:apply-style-name", "")))
            case "number:number" if self._name:
                self._number, self._inside = given, {}
            case "number:embedded-text":
                self._place, self._text = int(given.get("number:position", "0")), []
            case "number:text" | "number:currency-symbol":
                self._text = []
            case _ if tag in _NUMBERS:
                self._name = given.get("style:name", "")
                self._codes[self._name] = ""

    def _data(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)

    def _end(self, tag: str) -> None:
        text = "".join(self._text or ())
        match tag:
            case "number:embedded-text":
                self._inside[self._place] = text
            case "number:text" if self._name:
                bare = text.strip() == "%"
                self._codes[self._name] += "%" if bare else f'"{text}"' if text else ""
            case "number:currency-symbol" if self._name:
                self._codes[self._name] += f"[${text}]"
            case "number:number" if self._number is not None:
                self._codes[self._name] += _code(self._number, self._inside)
                self._number = None
            case _ if tag in _NUMBERS:
                self._name = ""
        if tag in ("number:embedded-text", "number:text", "number:currency-symbol"):
            self._text = None


def _code(given: Mapping[str, str], inside: Mapping[int, str]) -> str:
    """0.00 with as many digits, and a comma for each thousand that it is divided by."""
    digits = "0" * max(1, int(given.get("number:min-integer-digits", "1")))
    digits = digits.rjust(max(inside, default=0) + 1, "#")
    places = range(len(digits), 0, -1)
    digits = "".join((f'"{inside[place]}"' if place in inside else "") + digits[-place] for place in places)
    decimals = int(given.get("number:decimal-places", "0"))
    factor, commas = int(float(given.get("number:display-factor", "1"))), ""
    while factor >= 1000:
        factor, commas = factor // 1000, commas + ","
    return digits + ("." + "0" * decimals if decimals else "") + commas


class _Counter:
    """Rows and cells counted as they come; repeated ones are written once with their number."""

    def __init__(self, said: Mapping[str, Meaning]) -> None:
        self.found: dict[int, Cells] = {}
        self._said = said
        self._sheet, self._row, self._column = -1, 0, 0
        self._repeated = 1
        self._of_row = ""
        self._of_columns: list[tuple[int, str]] = []

    def read(self, stream: IO[bytes]) -> None:
        parser = expat.ParserCreate()
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        while chunk := stream.read(_CHUNK):
            parser.Parse(chunk)

    def _start(self, tag: str, given: dict[str, str]) -> None:
        match tag:
            case "table:table":
                self._sheet, self._row, self._of_columns = self._sheet + 1, 0, []
            case "table:table-column":
                width = int(given.get("table:number-columns-repeated", "1"))
                before = self._of_columns[-1][0] if self._of_columns else 0
                self._of_columns.append((before + width, given.get("table:default-cell-style-name", "")))
            case "table:table-row":
                self._column, self._of_row = 0, given.get("table:default-cell-style-name", "")
                self._repeated = int(given.get("table:number-rows-repeated", "1"))
            case "table:table-cell" | "table:covered-table-cell":
                width = int(given.get("table:number-columns-repeated", "1"))
                if given.get("office:value-type") in _VALUES:
                    self._note(given.get("table:style-name") or self._of_row, width)
                self._column += width

    def _note(self, style: str, width: int) -> None:
        for column in range(self._column, self._column + width):
            own = style or next((name for end, name in self._of_columns if column < end), "")
            if own in self._said:
                rows: Iterable[int] = range(self._row, self._row + self._repeated)
                cells = self.found.setdefault(self._sheet, {}).setdefault(column, {})
                cells.update(dict.fromkeys(itertools.islice(rows, _MOST), self._said[own]))

    def _end(self, tag: str) -> None:
        if tag == "table:table-row":
            self._row += self._repeated
