"""What does a cell show that it does not hold? Number formats that carry meaning: scaling, a unit, per cent, zeros in front, a currency."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from zipfile import ZipFile

import pyarrow as pa

from kehujingli import terms
from kehujingli.intake.cells.columns import number_text
from kehujingli.intake.files.codes import Meaning, meaning
from kehujingli.intake.files.inflate import DAMAGED, pieces
from kehujingli.intake.files.raw import RawSheet
from kehujingli.terms import Column

_CHUNK = 1 << 20
_GIVEN = r"""(?:[^>"']|"[^"]*"|'[^']*')*"""
_CLASH, _UNCLEAR = "intake.format-unclear", "intake.format-unknown"
_UNIT_BEHIND = re.compile(r"^[-+\d.,]+")
BUILT_IN = {9: "0%", 10: "0.00%"}
"""Formats that are known by number alone and say something."""
_REFERENCE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_TYPED = re.compile(rb'\bt="(?!n")')


Shown = dict[int, dict[int, Meaning]]
"""By position and data row."""


def meanings(path: Path) -> Mapping[int, Meaning]:
    """The styles of an .xlsx whose format says something, by number; none where there are no styles that can be read."""
    try:
        with ZipFile(path) as archive:
            name = next((name for name in archive.namelist() if name.casefold().endswith("xl/styles.xml")), "")
            styles = archive.read(name).decode("utf-8", "replace") if name else ""
    except DAMAGED:
        return {}
    codes = dict(BUILT_IN)
    for tag in re.findall(rf"<(?:\w+:)?numFmt\b({_GIVEN})>", styles):
        given = {name: one or two for name, one, two in re.findall(r"""(\w+)=(?:"([^"]*)"|'([^']*)')""", tag)}
        if given.get("numFmtId", "").isdigit():
            codes[int(given["numFmtId"])] = _unescaped(given.get("formatCode", ""))
    cells = re.search(r"<(?:\w+:)?cellXfs\b.*?</(?:\w+:)?cellXfs>", styles, re.DOTALL)
    found = {}
    for style, tag in enumerate(re.findall(r"<(?:\w+:)?xf\b([^>]*)>", cells[0]) if cells else ()):
        number = re.search(r'numFmtId="(\d+)"', tag)
        told = meaning(codes.get(int(number[1]), "")) if number else None
        if told:
            found[style] = told
    return found


def _unescaped(text: str) -> str:
    from html import unescape

    return unescape(text)


def shown_cells(path: Path, member: str, styles: Mapping[int, Meaning], first: int, length: int) -> Shown:
    """The numbers of a sheet that bear one of these styles. ``first``: the first data row, from 0."""
    found: Shown = {}
    if not styles:
        return found
    wanted = b"|".join(str(style).encode() for style in sorted(styles))
    cell = re.compile(rb'<(?:\w+:)?c\b([^>]*\bs="(' + wanted + rb')"[^>]*)>')
    rest = b""
    for chunk in _whole(path, member):
        piece = rest + chunk
        cut = piece.rfind(b"<")
        for tag in cell.finditer(piece, 0, cut):
            place = _REFERENCE.search(tag[1])
            if place and not _TYPED.search(tag[1]) and 0 <= int(place[2]) - 1 - first < length:
                rows = found.setdefault(_column(place[1]), {})
                rows[int(place[2]) - 1 - first] = styles[int(tag[2])]
        rest = piece[cut:]
    return found


def _whole(path: Path, member: str) -> Iterator[bytes]:
    try:
        yield from pieces(path, member, _CHUNK)
    except DAMAGED:
        return


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def apply_formats(raw: RawSheet, shown: Mapping[int, Mapping[int, Meaning]]) -> None:
    """Cells that show something else than they hold say what they show; where that contradicts the header, or is not understood, the row is asked about."""
    for position, rows in shown.items():
        column, array = raw.match.columns.get(position), raw.columns.get(position)
        if column is None or array is None or column.kind not in ("money", "rate", "decimal", "id"):
            continue
        told = None
        count = 0
        header, patches = raw.match.headers[position].unit, raw.patches.get(position, {})
        values = array.take(pa.array(list(rows))).to_pylist()
        for (row, format_), value in zip(rows.items(), values, strict=True):
            number = _number(value)
            unit = _UNIT_BEHIND.sub("", patches[row]) if row in patches else header
            if number is None or (row in patches and (unit not in terms.UNITS or column.kind == "id")):
                continue
            says = format_.of(number)
            text, why = _said(column, unit, says, number)
            if why:
                raw.clashes.setdefault(why, {}).setdefault(position, {})[row] = text
            elif text:
                raw.patches.setdefault(position, {})[row] = text
                if not says.foreign:
                    told, count = told or (number, text), count + 1
        if told:
            facts = {"column": raw.header(position), "count": count, "stored": f"{told[0]:f}", "shown": told[1]}
            raw.notes.append(("intake.format-shown", facts))


def _number(value: object) -> Decimal | None:
    if isinstance(value, float):
        return Decimal(number_text(value)) if value == value and abs(value) < 1e15 else None
    return Decimal(value) if isinstance(value, str) and re.fullmatch(r"-?\d+(\.\d+)?", value) else None


def _said(column: Column, unit: str, says: Meaning, number: Decimal) -> tuple[str, str]:
    """What a cell shows, as a text that says its own unit (empty where it shows what it holds), and the finding where it cannot be read.

    ``unit``: the header's, or the row's.
    """
    if column.kind == "id":
        worded = (says.pad or says.front) and number == int(number) >= 0
        return (says.front + f"{number:f}".zfill(says.pad) if worded else ""), ""
    if says.percent:
        percent = f"{(number * 100).normalize():f}%"
        return percent, _CLASH if column.kind == "money" else ""
    if says.foreign:
        return (f"{says.foreign}{number:f}" if column.kind == "money" or column.bears_unit else ""), ""
    if (column.kind == "decimal" and not column.bears_unit) or not number:
        return "", ""
    if says.unclear:
        return says.unclear, _UNCLEAR
    if column.kind == "rate":
        clash = says.scale > 1 or (says.rate and unit in terms.RATE_UNITS and unit != says.rate)
        return (_shows(says, number), _CLASH) if clash else (_shows(says, number) if says.rate else "", "")
    return _money(unit, says, number)


def _shows(says: Meaning, number: Decimal) -> str:
    return f"{number / says.scale:f}{says.unit or says.rate}"


def _money(header: str, says: Meaning, number: Decimal) -> tuple[str, str]:
    """What is shown divided is stored in 元, or in the header's unit, or it is asked about; what is not divided is what is shown."""
    unit, yuan = says.unit or header, terms.UNITS["元"]
    if unit not in terms.UNITS:
        known = says.scale == 1 or (says.scale * yuan in terms.UNITS.values() and says.scale >= 1000)
        return ("", "") if known else (_shows(says, number), _CLASH)
    own = terms.UNITS.get(header, yuan)
    worth = Decimal(terms.UNITS[unit]) / says.scale
    if says.scale > 1 and worth not in (yuan, own):
        return _shows(says, number), _CLASH
    return ("" if worth == own else f"{number * worth / yuan:f}元"), ""
