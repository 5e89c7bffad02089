"""What does a cell show that it does not hold? Number formats that carry meaning: scaling, a unit, per cent, zeros in front, a currency."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from zipfile import ZipFile

import pyarrow as pa

from kehujingli import terms
from kehujingli.intake.cells.columns import number_text
from kehujingli.intake.files.inflate import DAMAGED, pieces
from kehujingli.intake.files.raw import RawSheet
from kehujingli.intake.sheets.headers import Header, unit_of
from kehujingli.terms import Column

_CHUNK = 1 << 20
BUILT_IN = {9: "0%", 10: "0.00%"}
"""Formats that are known by number alone and say something."""
_QUOTED = re.compile(r'"([^"]*)"|[\\!](.)')
_PASSED = re.compile(r'"[^"]*"|[\\!_*].')
_SCALED = re.compile(r"[0#?](,+)(?![0#?,])")
_SHIFTED = re.compile(r'0(?:[\\!]\.|"\.")(0+)')
_DATE = re.compile(r"[ymdhs年月日]|general", re.IGNORECASE)
_CURRENCY = re.compile(r"\[\$([^\]-]*)(?:-[^\]]*)?\]")
_REFERENCE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_TYPED = re.compile(rb'\bt="(?!n")')


@dataclass(frozen=True)
class Meaning:
    """What a format says of a number: it is shown divided by ``scale``, in ``unit``, as per cent, ``pad`` digits long, in another currency."""

    scale: int = 1
    unit: str = ""
    percent: bool = False
    pad: int = 0
    foreign: str = ""


Shown = dict[int, dict[int, Meaning]]
"""By position and data row."""


def meaning(code: str) -> Meaning | None:
    """What a format code says beyond digits; ``None`` where it says nothing."""
    section = re.split(r';(?=(?:[^"]*"[^"]*")*[^"]*$)', code)[0]
    signs = "".join(_CURRENCY.findall(section))
    text = re.sub(r"\[[^\]]*\]", "", section)
    literal = "".join(found[1] or found[2] for found in _QUOTED.finditer(text))
    bare = _PASSED.sub("", text)
    if _DATE.search(bare):
        return None
    said = signs + literal + re.sub(r"[0#?.,%\s()+-]", "", bare)
    foreign = next((sign for sign in terms.FOREIGN_SIGNS if sign in said.upper()), "")
    unit = unit_of(re.sub(r"[\s()（）.¥￥]", "", literal + "".join(re.findall(r"[一-龥]+", bare)))) if said else ""
    scaled, shifted = _SCALED.search(bare), _SHIFTED.search(text)
    scale = 1000 ** len(scaled[1]) if scaled else 1
    scale *= 10 ** len(shifted[1]) if shifted else 1
    pad = len(bare) if re.fullmatch(r"0{2,}", bare) and not said else 0
    found = Meaning(scale, unit if unit in terms.UNITS else "", "%" in bare, pad, foreign)
    return None if found == Meaning() else found


def meanings(path: Path) -> Mapping[int, Meaning]:
    """The styles of an .xlsx whose format says something, by number; none where there are no styles that can be read."""
    try:
        with ZipFile(path) as archive:
            name = next((name for name in archive.namelist() if name.casefold().endswith("xl/styles.xml")), "")
            styles = archive.read(name).decode("utf-8", "replace") if name else ""
    except DAMAGED:
        return {}
    codes = dict(BUILT_IN)
    for tag in re.findall(r"<(?:\w+:)?numFmt\b([^>]*)>", styles):
        given = dict(re.findall(r'(\w+)="([^"]*)"', tag))
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
    """Cells that show something else than they hold say what they show; where that contradicts the header the row cannot be read."""
    for position, rows in shown.items():
        column, array = raw.match.columns.get(position), raw.columns.get(position)
        if column is None or array is None or column.kind not in ("money", "rate", "decimal", "id"):
            continue
        told = None
        count = 0
        values = array.take(pa.array(list(rows))).to_pylist()
        for (row, says), value in zip(rows.items(), values, strict=True):
            number = _number(value)
            if number is None or row in raw.patches.get(position, {}):
                continue
            text, clash = _said(column, raw.match.headers[position], says, number)
            if clash:
                raw.clashes.setdefault(position, {})[row] = text
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


def _said(column: Column, header: Header, says: Meaning, number: Decimal) -> tuple[str, bool]:
    """What a cell shows, as a text that says its own unit (empty where it shows what it holds), and whether it contradicts the header."""
    if column.kind == "id":
        return (f"{number:f}".zfill(says.pad) if says.pad and number == int(number) >= 0 else ""), False
    if says.percent:
        percent = f"{(number * 100).normalize():f}%"
        return percent, column.kind == "money"
    if column.kind == "rate" or (column.kind == "decimal" and not column.bears_unit):
        return "", False
    if says.foreign:
        return f"{says.foreign}{number:f}", False
    unit = says.unit or header.unit
    if unit not in terms.UNITS:
        return "", False
    if not says.unit and says.scale > 1 and terms.UNITS[unit] != says.scale * terms.UNITS["元"]:
        return f"{number / says.scale:f}", True
    yuan = number * terms.UNITS[unit] / says.scale / terms.UNITS["元"]
    plain = terms.UNITS.get(header.unit, terms.UNITS["元"]) * says.scale == terms.UNITS[unit]
    return ("" if plain else f"{yuan:f}元"), False
