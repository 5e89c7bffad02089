"""How does the institution's own template become the first sheets of 考核得分.xlsx? Named cells and tables are filled; our sheets follow.

The workbook is written as always and then read back: what stands in its 首页 and lists is what goes into the template, so that the two
cannot differ. openpyxl keeps the template's styles but writes formulas without results; results are put back into the XML here.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, unescape

from kehujingli import terms
from kehujingli.workbooks.bulk import repack
from kehujingli.workbooks.formulas import evaluate

if TYPE_CHECKING:
    from kehujingli.workbooks.house import Meta

_COVER = "首页"
_HEADER_ROW = 4
_FIGURES = {
    terms.label("best", "branch_scores"): "最高分",
    terms.label("worst", "branch_scores"): "最低分",
    "封顶/否决人数": "封顶人数",
    terms.label("total", "spread"): terms.label("total_pay"),
}
"""Headings of our 首页 that a name cannot be called by."""
Results = dict[tuple[str, str], float | str]
"""(sheet, cell) → what a formula comes to."""


@dataclass
class Filled:
    """``digest`` of the workbook; ``empty``: cells whose formulas could not be reckoned and were left empty."""

    digest: str = ""
    empty: list[str] = field(default_factory=list)


def fill_template(template: Path, ours: Path, target: Path, meta: Meta) -> Filled:
    """Write ``target``: the template's sheets, filled, then those of ``ours``. Raises what openpyxl raises for a template that it cannot read."""
    import openpyxl

    book = openpyxl.load_workbook(template)
    source, values = openpyxl.load_workbook(ours, rich_text=True), openpyxl.load_workbook(ours, data_only=True)
    first = list(book.sheetnames)
    _fill_names(book, _named(values, meta))
    _fill_tables(book, values)
    filled = Filled()
    results = _reckoned(book, filled)
    ids: dict[str, str] = {}
    for sheet in source:
        if sheet.title == _COVER and _COVER in first:
            continue
        title = sheet.title if sheet.title not in first else f"{sheet.title}(2)"
        copied = book.create_sheet(title)
        _copy(sheet, copied)
        ids[title] = _id_columns(copied)
        results |= _stored(sheet, values[sheet.title], title)
    book.properties.creator = meta.institution
    packed = io.BytesIO()
    book.save(packed)
    filled.digest = _finish(packed, target, results, ids)
    return filled


def _named(values: Any, meta: Meta) -> dict[str, Any]:
    """Name → value: what stands at the head of every sheet, and the figures of our 首页."""
    cover = values[_COVER]
    found: dict[str, Any] = {
        "机构": meta.institution,
        terms.label("period"): meta.period,
        terms.label("as_of"): meta.as_of,
        terms.label("document_number"): meta.document,
        "制表": meta.prepared,
        "复核": meta.reviewed,
        "审批": meta.approved,
        terms.label("status"): meta.status,
    }
    for heading, cell in zip(cover[_HEADER_ROW], cover[_HEADER_ROW + 1], strict=False):
        if heading.value:
            found[_FIGURES.get(heading.value, heading.value)] = cell
    for row in cover.iter_rows(min_col=1, max_col=1, values_only=True):
        if str(row[0] or "").startswith("复核结果："):
            found["复核结果"] = str(row[0]).partition("：")[2]
    return found


def _places(book: Any, name: str) -> list[tuple[Any, str]]:
    """Where a defined name points: sheet and range."""
    defined = [book.defined_names.get(name), *(sheet.defined_names.get(name) for sheet in book)]
    return [
        (book[title], area.replace("$", ""))
        for one in defined
        if one is not None
        for title, area in one.destinations
        if title in book.sheetnames
    ]


def _fill_names(book: Any, named: Mapping[str, Any]) -> None:
    for name, value in named.items():
        for sheet, area in _places(book, name):
            _put(sheet[area.split(":")[0]], value)


def _put(target: Any, value: Any) -> None:
    """A value, or a cell of ours: its number format too, where the template has none."""
    if hasattr(value, "number_format"):
        if target.number_format == "General":
            target.number_format = value.number_format
        value = value.value
    target.value = value
    if isinstance(value, str):
        target.data_type = "s"  # never a formula, whatever it begins with


def _fill_tables(book: Any, values: Any) -> None:
    """A name that is called like one of our lists and points to a header row: the list's rows go below it."""
    for sheet in values:
        header = [_plain(cell.value) for cell in sheet[_HEADER_ROW]]
        if not sheet.auto_filter.ref:
            continue
        last = int(re.findall(r"\d+", sheet.auto_filter.ref)[-1])
        rows = [row for row in sheet.iter_rows(_HEADER_ROW + 1, last) if any(cell.value is not None for cell in row)]
        for target, area in _places(book, sheet.title):
            _fill_table(target, area, header, rows)


def _plain(text: Any) -> str:
    """A header as templates may write it: without blanks, and without the points of an item."""
    return re.sub(r"\s|[(（][\d.]+[)）]$", "", str(text or ""))


def _fill_table(sheet: Any, area: str, header: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Rows below the header at ``area``, each styled as the one that stands there; what is below moves down."""
    cells = sheet[area][0] if ":" in area else (sheet[area],)
    top = cells[0].row + 1
    _move_down(sheet, top + 1, len(rows) - 1)
    height = sheet.row_dimensions[top].height
    for offset, row in enumerate(rows):
        sheet.row_dimensions[top + offset].height = height
        for cell in cells:
            target, model = sheet.cell(top + offset, cell.column), sheet.cell(top, cell.column)
            target._style = copy(model._style)
            name = _plain(cell.value)
            if name in header:
                _put(target, row[header.index(name)])


def _move_down(sheet: Any, start: int, by: int) -> None:
    """Everything from row ``start`` on, merged cells, heights and print area included."""
    if by <= 0 or sheet.max_row < start:
        return
    from openpyxl.utils import get_column_letter

    heights = {
        row: sheet.row_dimensions[row].height for row in range(start, sheet.max_row + 1) if row in sheet.row_dimensions
    }
    merged = [one for one in sheet.merged_cells.ranges if one.min_row >= start]
    for one in merged:
        sheet.unmerge_cells(str(one))
    sheet.move_range(f"A{start}:{get_column_letter(sheet.max_column)}{sheet.max_row}", rows=by, translate=True)
    for row in sorted(heights, reverse=True):
        sheet.row_dimensions[row + by].height = heights[row]
        sheet.row_dimensions[row].height = None
    for one in merged:
        one.shift(row_shift=by)
        sheet.merge_cells(str(one))
    area = re.match(r".*\$([A-Z]+)\$(\d+):\$([A-Z]+)\$(\d+)$", str(sheet.print_area or ""))
    if area and int(area[4]) >= start - 1:
        sheet.print_area = f"{area[1]}{area[2]}:{area[3]}{int(area[4]) + by}"


def _reckoned(book: Any, filled: Filled) -> Results:
    """What the template's own formulas come to, now that it is filled; those that cannot be reckoned here are left empty."""
    results: Results = {}
    for sheet in book:
        cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
        known = {
            cell.coordinate: float(cell.value)
            for cell in cells
            if cell.data_type == "n" and isinstance(cell.value, int | float)
        }
        waiting = [cell for cell in cells if cell.data_type == "f"]
        before = -1
        while waiting and len(waiting) != before:
            before = len(waiting)
            waiting = [cell for cell in waiting if not _reckon(cell, known)]
        results |= {
            (sheet.title, cell.coordinate): known[cell.coordinate]
            for cell in cells
            if cell.data_type == "f" and cell.coordinate in known
        }
        for cell in waiting:
            filled.empty.append(f"{sheet.title} {cell.coordinate}")
            cell.value = None
    return results


def _reckon(cell: Any, known: dict[str, float]) -> bool:
    try:
        known[cell.coordinate] = evaluate(str(cell.value).lstrip("=").replace("$", ""), known)
    except (KeyError, ValueError, SyntaxError, TypeError, ArithmeticError):
        return False
    return True


def _copy(source: Any, target: Any) -> None:
    """One of our sheets into another workbook: cells, styles, widths, print set-up, conditional formats, charts."""
    styles: dict[int, Any] = {}
    for row in source.iter_rows():
        for cell in row:
            if cell.value is None and not cell.has_style:
                continue
            other = target.cell(cell.row, cell.column)
            other.value, other.data_type = cell.value, cell.data_type
            if cell.style_id not in styles:
                for part in ("font", "fill", "border", "alignment", "protection"):
                    setattr(other, part, copy(getattr(cell, part)))
                other.number_format = cell.number_format
                styles[cell.style_id] = other._style
            else:
                other._style = copy(styles[cell.style_id])
    for letter, width in source.column_dimensions.items():
        other_width = target.column_dimensions[letter]
        other_width.width, other_width.min, other_width.max = width.width, width.min, width.max
    for number, height in source.row_dimensions.items():
        target.row_dimensions[number].height = height.height
    target.sheet_format, target.sheet_properties = copy(source.sheet_format), copy(source.sheet_properties)
    target.sheet_view.showGridLines = False
    target.freeze_panes, target.auto_filter.ref = source.freeze_panes, source.auto_filter.ref
    target.page_setup, target.page_margins = copy(source.page_setup), copy(source.page_margins)
    target.page_setup._parent = target
    target.print_options.horizontalCentered = True
    target.print_area, target.print_title_rows = _area(source.print_area), source.print_title_rows
    for side in ("left", "center", "right"):
        getattr(target.oddFooter, side).text = getattr(source.oddFooter, side).text
    for ranges in source.conditional_formatting:
        for rule in ranges.rules:
            target.conditional_formatting.add(str(ranges.sqref), rule)
    for chart in source._charts:
        for part in chart._charts:
            for series in part.series:
                if series.dLbls is not None:  # what is not said openpyxl leaves open, and some programs then show it
                    for shown in ("showSerName", "showCatName", "showLegendKey", "showPercent", "showBubbleSize"):
                        setattr(series.dLbls, shown, False)
        target.add_chart(chart)


def _area(text: Any) -> str | None:
    return re.sub(r"^.*!", "", str(text)).replace("$", "") if text else None


def _id_columns(sheet: Any) -> str:
    """The range of a list's cells that hold numbers as text."""
    return str(sheet.auto_filter.ref or "")


def _stored(formulas: Any, values: Any, title: str) -> Results:
    return {
        (title, cell.coordinate): values[cell.coordinate].value
        for row in formulas.iter_rows()
        for cell in row
        if cell.data_type == "f" and values[cell.coordinate].value is not None
    }


_FORMULA = re.compile(r'<c r="([A-Z]+\d+)"((?: s="\d+")?)[^>]*><f>(.*?)</f><v\s*/?>(?:</v>)?</c>')

_FONT = re.compile(r"(<font>)(.*?)(</font>)", re.DOTALL)
_FONT_ORDER = [
    "b",
    "i",
    "strike",
    "condense",
    "extend",
    "outline",
    "shadow",
    "u",
    "vertAlign",
    "sz",
    "color",
    "name",
    "family",
    "charset",
    "scheme",
]
_QUOTE = {"&quot;": '"'}


def _in_order(font: re.Match[str]) -> str:
    """A font's parts in the order of the standard (ECMA-376, CT_Font): openpyxl begins with the name."""
    parts = re.findall(r"<(\w+)[^>]*/>", font[2])
    whole = re.findall(r"<\w+[^>]*/>", font[2])
    placed = sorted(zip(parts, whole, strict=True), key=lambda part: _FONT_ORDER.index(part[0]))
    return font[1] + "".join(text for _, text in placed) + font[3]


def _finish(packed: io.BytesIO, target: Path, results: Results, ids: Mapping[str, str]) -> str:
    """Results beside formulas, no green corners on ids, no times in the zip. Returns the hash."""
    with zipfile.ZipFile(packed) as archive:
        workbook = archive.read("xl/workbook.xml").decode("utf-8")
        titles = re.findall(r'<sheet [^>]*?name="([^"]*)"', workbook)
        sheets = {f"xl/worksheets/sheet{number}.xml": unescape(title, _QUOTE) for number, title in enumerate(titles, 1)}
        members = []
        for name in archive.namelist():
            content = archive.read(name)
            if name == "xl/styles.xml":
                content = _FONT.sub(_in_order, content.decode("utf-8")).encode("utf-8")
            elif name in sheets:
                content = _patched(content.decode("utf-8"), sheets[name], results, ids).encode("utf-8")
            members.append((name, content))
    return repack(target, members)


def _patched(xml: str, title: str, results: Results, ids: Mapping[str, str]) -> str:
    def result(match: re.Match[str]) -> str:
        value = results[title, match[1]]
        kind = ' t="str"' if isinstance(value, str) else ""
        return f'<c r="{match[1]}"{match[2]}{kind}><f>{match[3]}</f><v>{escape(str(value))}</v></c>'

    xml = _FORMULA.sub(result, xml)
    if ids.get(title):
        told = f'<ignoredErrors><ignoredError sqref="{ids[title]}" numberStoredAsText="1"/></ignoredErrors>'
        after = next(mark for mark in ("<drawing ", "<legacyDrawing ", "<tableParts", "</worksheet>") if mark in xml)
        xml = xml.replace(after, told + after, 1)
    return xml
