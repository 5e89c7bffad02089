"""What would make Excel offer to repair a workbook? The reasons that are known, each looked for in the parts themselves.

From ECMA-376 part 1 and Excel's published limits: order and numbers of elements, what indexes and relations point at, places that recur or
overlap, lengths, numbers that are none, functions that Excel 2007 does not know. Microsoft's own validator is asked as well where it is installed.
"""

from __future__ import annotations

import json
import math
import posixpath
import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Iterator
from pathlib import Path

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
ORDER = [
    "sheetPr",
    "dimension",
    "sheetViews",
    "sheetFormatPr",
    "cols",
    "sheetData",
    "sheetCalcPr",
    "sheetProtection",
    "protectedRanges",
    "scenarios",
    "autoFilter",
    "sortState",
    "dataConsolidate",
    "customSheetViews",
    "mergeCells",
    "phoneticPr",
    "conditionalFormatting",
    "dataValidations",
    "hyperlinks",
    "printOptions",
    "pageMargins",
    "pageSetup",
    "headerFooter",
    "rowBreaks",
    "colBreaks",
    "customProperties",
    "cellWatches",
    "ignoredErrors",
    "smartTags",
    "drawing",
    "legacyDrawing",
    "legacyDrawingHF",
    "picture",
    "oleObjects",
    "controls",
    "webPublishItems",
    "tableParts",
    "extLst",
]
FUNCTIONS = frozenset(
    [
        "ABS",
        "AND",
        "AVERAGE",
        "CEILING",
        "COUNT",
        "COUNTA",
        "COUNTIF",
        "COUNTIFS",
        "DATE",
        "FLOOR",
        "IF",
        "IFERROR",
        "INDEX",
        "INT",
        "LOOKUP",
        "MATCH",
        "MAX",
        "MIN",
        "MOD",
        "MONTH",
        "NOT",
        "OR",
        "POWER",
        "RANK",
        "ROUND",
        "ROUNDDOWN",
        "ROUNDUP",
        "SUBTOTAL",
        "SUM",
        "SUMIF",
        "SUMIFS",
        "SUMPRODUCT",
        "TEXT",
        "VLOOKUP",
        "YEAR",
    ]
)
"""Those of Excel 2007 that a workbook here may use; later ones want a prefix."""
ROWS, COLUMNS, TEXT, FORMULA, PART_OF_PAGE, LINKS = 1_048_576, 16_384, 32_767, 8_192, 255, 65_530
_TEXT = re.compile(r'"(?:[^"]|"")*"')
_PLACE = re.compile(r"^([A-Z]{1,3})([1-9]\d{0,6})$")
_SHEET = re.compile(r"(?:'((?:[^']|'')+)'|([^\s!'\"(),+*/&<>=-]+))!")

Area = tuple[int, int, int, int]


def validator() -> str | None:
    """The command of Microsoft's Open XML SDK validator, or nothing where it is not installed."""
    return shutil.which("ooxml-validator")


def told_by_microsoft(path: Path, command: str, version: str) -> list[str]:
    """What the Open XML SDK's validator says about a workbook for one version of Office."""
    done = subprocess.run(
        [command, str(path), "--officeVersion", version], capture_output=True, timeout=280, check=False
    )
    said = json.loads(done.stdout)
    return [f"{one['path']} {one['xPath']}: {one['description']}" for one in said["errors"]]


def faults(path: Path) -> list[str]:
    """Every known reason for a repair that the workbook gives, as sentences."""
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        if len({name.casefold() for name in names}) < len(names):
            return ["a part of the package is there twice"]
        if archive.testzip():
            return [f"{archive.testzip()} is damaged"]
        parts = {name: archive.read(name) for name in names}
    return list(_Workbook(parts).faults())


def area(text: str) -> Area | None:
    """A1 or A1:B2 as first row, first column, last row, last column; nothing where it is no place."""
    ends = [_PLACE.match(end.replace("$", "")) for end in text.split(":")]
    if len(ends) > 2 or not all(ends):
        return None
    numbers = [(int(end[2]), _column(end[1])) for end in ends if end]
    (top, left), (bottom, right) = numbers[0], numbers[-1]
    return (top, left, bottom, right) if top <= bottom <= ROWS and left <= right <= COLUMNS else None


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _overlap(one: Area, other: Area) -> bool:
    return one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3] and other[1] <= one[3]


class _Workbook:
    def __init__(self, parts: dict[str, bytes]) -> None:
        self.parts = parts
        self.trees = {
            name: ET.fromstring(content) for name, content in parts.items() if name.endswith((".xml", ".rels", ".vml"))
        }
        self.book = self.trees["xl/workbook.xml"]
        self.sheets = [sheet.get("name", "") for sheet in self.book.iter(f"{MAIN}sheet")]
        styles = self.trees["xl/styles.xml"]
        self.looks = {
            kind: len(list(styles.find(f"{MAIN}{kind}") or ()))
            for kind in ("cellXfs", "dxfs", "fonts", "fills", "borders")
        }
        self.texts = len(list(self.trees.get("xl/sharedStrings.xml", ET.Element("none"))))

    def faults(self) -> Iterator[str]:
        yield from self._package()
        yield from self._names()
        yield from self._styles()
        for name, tree in self.trees.items():
            if tree.tag == f"{MAIN}worksheet":
                for fault in self._sheet(tree):
                    yield f"{name}: {fault}"
            elif name.startswith("xl/charts/chart"):
                for formula in tree.iter("{http://schemas.openxmlformats.org/drawingml/2006/chart}f"):
                    for fault in self._pointing(formula.text or ""):
                        yield f"{name}: {fault}"

    def _package(self) -> Iterator[str]:
        types = self.trees["[Content_Types].xml"]
        endings = {one.get("Extension", "").casefold() for one in types if one.tag.endswith("}Default")}
        named = [one.get("PartName", "").lstrip("/") for one in types if one.tag.endswith("}Override")]
        yield from (f"{name} has a content type and is not there" for name in named if name not in self.parts)
        for name in self.parts:
            ending = name.rpartition(".")[2].casefold()
            if name not in named and name != "[Content_Types].xml" and (ending == "xml" or ending not in endings):
                yield f"{name} has no content type"
        for name, tree in self.trees.items():
            if name.endswith(".rels"):
                yield from self._relations(name, tree)

    def _relations(self, name: str, tree: ET.Element) -> Iterator[str]:
        folder, _, file = name.rpartition("/")
        home = posixpath.dirname(folder)
        known = [one.get("Id", "") for one in tree]
        if len(set(known)) < len(known):
            yield f"{name}: an Id recurs"
        for one in tree:
            target = one.get("Target", "")
            whole = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(home, target))
            if one.get("TargetMode") != "External" and whole not in self.parts:
                yield f"{name}: {target} is not there"
        owner = self.trees.get(posixpath.join(home, file.removesuffix(".rels")))
        for element in owner.iter() if owner is not None else ():
            for key in ("id", "embed", "link"):
                wanted = element.get(f"{RELATION}{key}")
                if wanted is not None and wanted not in known:
                    yield f"{name}: {wanted} is wanted and not there"

    def _names(self) -> Iterator[str]:
        folded = [name.casefold() for name in self.sheets]
        if len(set(folded)) < len(folded):
            yield "two sheets have one name"
        for name in self.sheets:
            if not 0 < len(name) <= 31 or re.search(r"[\[\]:*?/\\]", name) or name[0] == "'" or name[-1] == "'":
                yield f"{name} is no name for a sheet"
        seen: set[tuple[str, str | None]] = set()
        for defined in self.book.iter(f"{MAIN}definedName"):
            key = (defined.get("name", "").casefold(), defined.get("localSheetId"))
            if key in seen:
                yield f"the name {key[0]} is defined twice"
            seen.add(key)
            if key[1] is not None and int(key[1]) >= len(self.sheets):
                yield f"the name {key[0]} belongs to a sheet that is not there"
            yield from self._pointing(defined.text or "")

    def _pointing(self, formula: str) -> Iterator[str]:
        """Sheets that a formula names and the workbook has not."""
        for quoted, plain in _SHEET.findall(_TEXT.sub('""', formula)):
            if (quoted.replace("''", "'") or plain) not in self.sheets:
                yield f"{formula} points at a sheet that is not there"

    def _styles(self) -> Iterator[str]:
        styles = self.trees["xl/styles.xml"]
        for look in styles.find(f"{MAIN}cellXfs") or ():
            for key, kind in (("fontId", "fonts"), ("fillId", "fills"), ("borderId", "borders")):
                if int(look.get(key, "0")) >= self.looks[kind]:
                    yield f"styles: {key} {look.get(key)} is not there"
        for shown in styles.iter(f"{MAIN}numFmt"):
            if not 0 < len(shown.get("formatCode", "")) <= 255:
                yield f"styles: {shown.get('formatCode')} is no format"

    def _sheet(self, tree: ET.Element) -> Iterator[str]:
        tags = [child.tag.removeprefix(MAIN) for child in tree]
        places = [ORDER.index(tag) if tag in ORDER else -1 for tag in tags]
        if -1 in places or places != sorted(places):
            yield f"its elements do not stand in order: {' '.join(tags)}"
        yield from self._cells(tree)
        yield from _columns(tree)
        yield from self._conditions(tree)
        yield from _lists(tree)
        merged = [area(one.get("ref", "")) for one in tree.iter(f"{MAIN}mergeCell")]
        whole = sorted(one for one in merged if one)
        if len(whole) < len(merged) or any(
            _overlap(one, other) for n, one in enumerate(whole) for other in whole[n + 1 :]
        ):
            yield "merged ranges are no ranges, or overlap"
        for kind in ("autoFilter", "dimension", "ignoredError", "hyperlink", "selection"):
            for one in tree.iter(f"{MAIN}{kind}"):
                for place in (one.get("ref") or one.get("sqref") or "A1").split():
                    if area(place) is None:
                        yield f"{kind}: {place} is no place"
        links = list(tree.iter(f"{MAIN}hyperlink"))
        if len(links) > LINKS:
            yield f"{len(links)} links"
        for link in links:
            if link.get(f"{RELATION}id") is None:  # else the place is in another file
                yield from self._pointing(link.get("location") or "")
        for words in tree.find(f"{MAIN}headerFooter") or ():
            if len(words.text or "") > PART_OF_PAGE:
                yield f"a header or footer of {len(words.text or '')} characters"
        for page in tree.iter(f"{MAIN}pageSetup"):
            if not 10 <= int(page.get("scale", "100")) <= 400:
                yield f"a scale of {page.get('scale')}"

    def _cells(self, tree: ET.Element) -> Iterator[str]:
        above = 0
        for row in tree.iter(f"{MAIN}row"):
            number = int(row.get("r", above + 1))
            if not above < number <= ROWS:
                yield f"row {number} stands after row {above}"
            above, before = number, 0
            for cell in row:
                place = _PLACE.match(cell.get("r", ""))
                if place is None or int(place[2]) != number or not before < _column(place[1]) <= COLUMNS:
                    yield f"{cell.get('r')} stands in row {number} after column {before}"
                before = _column(place[1]) if place else before + 1
                if int(cell.get("s", "0")) >= self.looks["cellXfs"]:
                    yield f"{cell.get('r')}: style {cell.get('s')} is not there"
                for fault in self._value(cell):
                    yield f"{cell.get('r')}: {fault}"

    def _value(self, cell: ET.Element) -> Iterator[str]:
        kind, stored, formula = cell.get("t", "n"), cell.findtext(f"{MAIN}v"), cell.findtext(f"{MAIN}f")
        words = "".join(text.text or "" for text in cell.iter(f"{MAIN}t")) if kind == "inlineStr" else stored or ""
        if kind == "n" and stored is not None and not _number(stored):
            yield f"{stored} is no number"
        elif kind == "s" and not ((stored or "").isdigit() and int(stored or "") < self.texts):
            yield f"text {stored} is not there"
        elif kind == "b" and stored not in ("0", "1"):
            yield f"{stored} is neither true nor false"
        elif kind not in ("n", "s", "b", "str", "inlineStr", "e"):
            yield f"{kind} is no kind of cell"
        if len(words) > TEXT:
            yield f"a text of {len(words)} characters"
        if formula is not None:
            yield from self._formula(formula)

    def _formula(self, formula: str) -> Iterator[str]:
        plain = _TEXT.sub('""', formula)
        depth = 0
        for letter in plain:
            depth += {"(": 1, ")": -1}.get(letter, 0)
            if depth < 0:
                break
        if depth or plain.count('"') % 2 or not plain or len(formula) > FORMULA:
            yield f"{formula[:60]} is no formula"
        for name in re.findall(r"([A-Z][A-Z0-9.]*)\(", plain):
            if name not in FUNCTIONS:
                yield f"{name} is no function that every Excel knows"
        yield from self._pointing(formula)

    def _conditions(self, tree: ET.Element) -> Iterator[str]:
        for rule in tree.iter(f"{MAIN}cfRule"):
            if rule.get("dxfId") is not None and int(rule.get("dxfId", "0")) >= self.looks["dxfs"]:
                yield f"conditional look {rule.get('dxfId')} is not there"
            if int(rule.get("priority", "0")) < 1:
                yield "a conditional format without a priority"
            for formula in rule.findall(f"{MAIN}formula"):
                yield from self._formula(formula.text or "")


def _number(text: str) -> bool:
    try:
        return math.isfinite(float(text)) and "_" not in text
    except ValueError:
        return False


def _columns(tree: ET.Element) -> Iterator[str]:
    before = 0
    for column in tree.iter(f"{MAIN}col"):
        first, last = int(column.get("min", "0")), int(column.get("max", "0"))
        if not before < first <= last <= COLUMNS:
            yield f"columns {first} to {last} after {before}"
        before = last
        if not 0 <= float(column.get("width", "8")) <= 255:
            yield f"a column {column.get('width')} wide"


def _lists(tree: ET.Element) -> Iterator[str]:
    """Choices for a cell: their list, its prompts."""
    for choice in tree.iter(f"{MAIN}dataValidation"):
        for key, most in (("promptTitle", 32), ("errorTitle", 32), ("prompt", 255), ("error", 255)):
            if len(choice.get(key, "")) > most:
                yield f"a {key} of {len(choice.get(key, ''))} characters"
        for name in ("formula1", "formula2"):
            if len(choice.findtext(f"{MAIN}{name}") or "") > PART_OF_PAGE:
                yield "a list of choices longer than 255 characters"
        if any(area(place) is None for place in choice.get("sqref", "").split()):
            yield f"choices for {choice.get('sqref')}"
