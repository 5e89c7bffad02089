"""What does every sheet look like? The house style, in one place: title, 期间, 文号, unit, totals, header, widths, print set-up, signatures.

Row 1 title across the printed columns, never merged; row 2 period, document and unit; row 3 totals; row 4 header; data from row 5.
宋体 10.5, header bold on D9E1F2, thin grey borders, red and amber only beside a word. A later sheet is written with ``Book`` alone.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from kehujingli.values import missing
from kehujingli.widths import display_width
from kehujingli.workbooks.bulk import CellKind, Rows, splice

if TYPE_CHECKING:
    import pandas as pd

Look = Literal["text", "id", "yuan", "wan", "amount", "count", "rate", "points", "date", "number"]
"""How a column looks. yuan and wan are fed 分, amount 元; rate a fraction; points, number Decimal or float; date days since 1970."""

_CELLS: Mapping[Look, CellKind] = {
    "text": "text", "id": "text", "yuan": "cents", "wan": "wan", "amount": "number", "count": "count", "rate": "number", "points": "number", "date": "date", "number": "number",
}  # fmt: skip
_FORMATS: Mapping[Look, str] = {
    "text": "@", "id": "@", "yuan": '#,##0.00;[Red]-#,##0.00;"-"', "wan": '#,##0.00;[Red]-#,##0.00;"-"', "amount": '#,##0.00;[Red]-#,##0.00;"-"', "count": "#,##0", "rate": "0.00%",
    "points": "0.00", "date": "yyyy-mm-dd", "number": "#,##0.00##",
}  # fmt: skip
HEADER_FILL = "#D9E1F2"
AMBER = "#FFF2CC"
GREY = "#BFBFBF"
RED = "#C00000"
_CM = 1 / 2.54
_A4_CHARACTERS = 180
"""Printed widths beyond this many characters go on A3; fitted to one page wide, A4 then stays above 65 % zoom."""
MAX_ROWS = 1_048_571


@dataclass(frozen=True)
class Meta:
    """What stands on every sheet: institution, period, the day of the data, the document, who signs, draft or not."""

    institution: str
    period: str
    as_of: str
    document: str
    prepared: str = ""
    reviewed: str = ""
    approved: str = ""
    status: str = "试算稿"
    """Printed in red until the period is closed; empty once it is."""

    @property
    def left(self) -> str:
        return f"期间：{self.period}　数据截至：{self.as_of}"

    @property
    def middle(self) -> str:
        return f"依据：{self.document}" if self.document else ""

    @property
    def signatures(self) -> str:
        return f"制表：{self.prepared}　复核：{self.reviewed}　审批：{self.approved}"


@dataclass(frozen=True)
class Column:
    """One column of a list: its key in the frame, its header, its look, its width in characters, whether it is printed and summed."""

    key: str
    header: str
    look: Look = "text"
    width: float = 0
    printed: bool = True
    total: bool = False
    centre: bool = False
    choices: tuple[str, ...] = ()
    """What may be filled in, as a drop-down; the cells are empty."""


@dataclass(frozen=True)
class Highlight:
    """A conditional format: cells of ``column`` (or whole rows) where ``formula`` holds. ``formula`` is written for the first data row."""

    formula: str
    colour: str
    column: str | None = None
    fill: bool = False


@dataclass
class Book:
    """A workbook in the making. ``save`` writes it; lists are spliced in last."""

    meta: Meta
    _folder: tempfile.TemporaryDirectory[str] = field(init=False)
    _book: Any = field(init=False)
    _lists: list[Rows] = field(default_factory=list)
    _formats: dict[tuple[tuple[str, Any], ...], Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        import xlsxwriter

        self._folder = tempfile.TemporaryDirectory(prefix="kehujingli-")
        self._book = xlsxwriter.Workbook(
            str(Path(self._folder.name) / "book.xlsx"),
            {"strings_to_formulas": False, "strings_to_urls": False, "nan_inf_to_errors": False},
        )
        self._book.set_calc_mode("auto")
        # A constant in place of the time: equal months are equal bytes.
        properties = {
            "author": self.meta.institution,
            "company": self.meta.institution,
            "created": datetime(2000, 1, 1, tzinfo=UTC),
        }
        self._book.set_properties(properties)

    def format(self, **properties: Any) -> Any:
        """A cell format in the house's font; equal ones are made once."""
        full = {"font_name": "宋体", "font_size": 10.5, "valign": "vcenter", **properties}
        key = tuple(sorted(full.items()))
        if key not in self._formats:
            self._formats[key] = self._book.add_format(full)
        return self._formats[key]

    def cell(self, look: Look, **properties: Any) -> Any:
        """The format of a data cell."""
        align = {"text": "left", "id": "left", "date": "center"}.get(look, "right")
        return self.format(
            **{"num_format": _FORMATS[look], "border": 1, "border_color": GREY, "align": align, **properties}
        )

    @property
    def header(self) -> Any:
        return self.format(bold=True, bg_color=HEADER_FILL, border=1, border_color=GREY, align="center", text_wrap=True)

    def sheet(self, name: str) -> Any:
        """A bare sheet with the house's defaults."""
        sheet = self._book.add_worksheet(name)
        sheet.hide_gridlines(2)
        sheet.set_default_row(18)
        sheet.set_zoom(100)
        return sheet

    def heading(self, sheet: Any, title: str, width: int, unit: str) -> None:
        """Rows 1 and 2 across ``width`` columns."""
        sheet.set_row(0, 30)
        across = self.format(font_name="黑体", font_size=16, bold=True, align="center_across")
        sheet.write_string(0, 0, title, across)
        for column in range(1, width):
            sheet.write_blank(0, column, None, across)
        plain = self.format()
        sheet.write_string(1, 0, self.meta.left, plain)
        if self.meta.middle and width > 4:
            sheet.write_string(1, max(3, width // 2 - 1), self.meta.middle, plain)
        if self.meta.status and width > 6:
            sheet.write_string(1, max(5, width * 3 // 4 - 1), self.meta.status, self.format(font_color=RED, bold=True))
        elif self.meta.status:
            sheet.write_string(1, 0, f"{self.meta.left}　{self.meta.status}", plain)
        sheet.write_string(1, width - 1, f"单位：{unit}" if unit else "", self.format(align="right"))

    def page(
        self,
        sheet: Any,
        last_row: int,
        columns: int,
        characters: float,
        *,
        landscape: bool = True,
        one_page: bool = False,
        repeat: int | None = None,
    ) -> None:
        """Paper, margins, print area, repeated rows and the footer of every page."""
        sheet.set_paper(9 if characters <= _A4_CHARACTERS or not landscape else 8)
        sheet.set_landscape() if landscape else sheet.set_portrait()
        sheet.set_margins(left=1.8 * _CM, right=1.8 * _CM, top=2.0 * _CM, bottom=1.8 * _CM)
        sheet.center_horizontally()
        sheet.print_area(0, 0, last_row, columns - 1)
        sheet.fit_to_pages(1, 1 if one_page else 0)
        if repeat is not None:
            sheet.repeat_rows(0, repeat)
        sheet.set_footer(f"&L{_footer(self.meta.document)}&C第 &P 页 共 &N 页&R{_footer(self.meta.signatures)}")

    def list(
        self,
        name: str,
        title: str,
        unit: str,
        columns: Sequence[Column],
        frame: pd.DataFrame,
        *,
        freeze: int = 4,
        highlights: Sequence[Highlight] = (),
        signed: bool = False,
        totals: Mapping[str, Any] | None = None,
        one_page: bool = False,
    ) -> list[str]:
        """A list in the house style; more rows than a sheet holds go on in ``name(2)``. Returns the sheets written."""
        names = []
        for number, start in enumerate(range(0, max(len(frame), 1), MAX_ROWS), 1):
            sheet_name = name if number == 1 else f"{name}({number})"
            self._list(
                sheet_name,
                title,
                unit,
                columns,
                frame.iloc[start : start + MAX_ROWS],
                frame,
                freeze,
                highlights,
                signed,
                totals or {},
                one_page,
            )
            names.append(sheet_name)
        return names

    def _list(
        self, name: str, title: str, unit: str, columns: Sequence[Column], part: pd.DataFrame, whole: pd.DataFrame, freeze: int,
        highlights: Sequence[Highlight], signed: bool, totals: Mapping[str, Any], one_page: bool,
    ) -> None:  # fmt: skip
        sheet = self.sheet(name)
        printed = max((index + 1 for index, column in enumerate(columns) if column.printed), default=len(columns))
        self.heading(sheet, title, printed, unit)
        widths = [column.width or natural_width(column, part) for column in columns]
        count = len(part)
        last = 3 + max(count, 1)
        for index, (column, width) in enumerate(zip(columns, widths, strict=True)):
            sheet.set_column(index, index, width)
            sheet.write_string(3, index, column.header, self.header)
            sheet.write_blank(4, index, None, self.cell(column.look, **({"align": "center"} if column.centre else {})))
        sheet.set_row(3, 30)
        self._totals(sheet, columns, whole, totals)
        sheet.freeze_panes(4, freeze)
        sheet.autofilter(3, 0, last, len(columns) - 1)
        ids = [_range(2, index, last, index) for index, column in enumerate(columns) if column.look in ("id", "text")]
        if ids:
            sheet.ignore_errors({"number_stored_as_text": " ".join(ids)})
        for index, column in enumerate(columns):
            if column.choices:
                sheet.data_validation(4, index, last, index, {"validate": "list", "source": list(column.choices)})
        for highlight in highlights:
            self._highlight(sheet, highlight, columns, last)
        if signed:
            sheet.write_string(last + 1, 0, self.meta.signatures, self.format())
        self.page(sheet, last + (1 if signed else 0), printed, sum(widths[:printed]), one_page=one_page, repeat=3)
        if count:
            self._lists.append(Rows(name, 5, arrow_rows(part, columns), [_CELLS[column.look] for column in columns]))

    def _totals(self, sheet: Any, columns: Sequence[Column], frame: pd.DataFrame, given: Mapping[str, Any]) -> None:
        sheet.write_string(2, 0, "合计", self.format(bold=True, border=1, border_color=GREY, align="center"))
        for index, column in enumerate(columns[1:], 1):
            look = self.cell(column.look, bold=True)
            if column.key in given:
                self.write(sheet, 2, index, given[column.key], column.look, bold=True)
            elif column.total:
                value = (
                    int(frame[column.key].fillna(0).sum())
                    if column.look in ("yuan", "wan", "count")
                    else frame[column.key].dropna().sum()
                )
                self.write(sheet, 2, index, value, column.look, bold=True)
            else:
                sheet.write_blank(2, index, None, look)

    def _highlight(self, sheet: Any, highlight: Highlight, columns: Sequence[Column], last: int) -> None:
        index = next((i for i, column in enumerate(columns) if column.key == highlight.column), None)
        first_column, last_column = (0, len(columns) - 1) if index is None else (index, index)
        self.highlight(
            sheet, (4, first_column, last, last_column), highlight.formula, highlight.colour, fill=highlight.fill
        )

    def highlight(
        self, sheet: Any, cells: tuple[int, int, int, int], formula: str, colour: str, *, fill: bool = False
    ) -> None:
        """Colour the cells (first row and column, last row and column) for which ``formula``, written for the first, holds."""
        style = self._book.add_format({"bg_color": colour} if fill else {"font_color": colour})
        sheet.conditional_format(*cells, {"type": "formula", "criteria": formula, "format": style})

    def bars(self, name: str, cells: tuple[int, int, int, int]) -> None:
        """Bars behind the figures of a column: grey, so that they print; the figure's sign says the rest."""
        options = {"type": "data_bar", "bar_color": GREY}
        self._book.get_worksheet_by_name(name).conditional_format(*cells, options)

    def write(self, sheet: Any, row: int, column: int, value: Any, look: Look = "text", **properties: Any) -> None:
        """One cell, by its look: money from 分, a missing value as an empty cell."""
        style = self.cell(look, **properties)
        if missing(value):
            sheet.write_blank(row, column, None, style)
        elif look in ("text", "id"):
            sheet.write_string(row, column, str(value), style)
        elif look == "yuan":
            sheet.write_number(row, column, float(value) / 100, style)
        elif look == "wan":
            sheet.write_number(row, column, float(value) / 1_000_000, style)
        elif look == "date":
            sheet.write_number(row, column, int(value) + 25569, style)
        else:
            sheet.write_number(row, column, float(value), style)

    def chart(self, kind: str, options: Mapping[str, Any], title: str) -> Any:
        """A native 2-D chart whose title says the finding."""
        chart = self._book.add_chart({"type": kind, **options})
        font = {"name": "宋体", "size": 10}
        chart.set_title({"name": title, "name_font": {"name": "黑体", "size": 12, "bold": False}, "overlay": False})
        for axis in (chart.set_x_axis, chart.set_y_axis):
            axis({"num_font": font, "name_font": {**font, "bold": False}, "major_gridlines": {"visible": False}})
        chart.set_legend({"position": "bottom", "font": font})
        return chart

    def save(self, target: Path) -> str:
        """Write the workbook to ``target``: first sheet active, all rows in place. Returns its hash (see ``bulk.splice``)."""
        next(iter(self._book.sheetnames.values())).activate()
        self._book.close()
        digest = splice(Path(self._folder.name) / "book.xlsx", target, self._lists)
        self._folder.cleanup()
        return digest


def arrow_rows(frame: pd.DataFrame, columns: Sequence[Column]) -> Any:
    """The frame's columns in sheet order as Arrow, each of the type its look is written from."""
    import pyarrow as pa

    arrays = []
    for column in columns:
        values = frame[column.key]
        match _CELLS[column.look]:
            case "text":
                if str(values.dtype) != "str":
                    values = (
                        values.astype("object")
                        .where(values.notna(), None)
                        .map(lambda value: None if value is None else str(value))
                    )
                array = pa.array(values, pa.string(), from_pandas=True)
            case "number":
                array = pa.array(
                    [None if missing(value) else str(value) for value in values],
                    pa.string(),
                )
            case _:
                array = pa.array(values, pa.int64(), from_pandas=True)
        arrays.append(array)
    return pa.table(arrays, names=[str(index) for index in range(len(columns))])


def natural_width(column: Column, frame: pd.DataFrame) -> float:
    """Wide enough for the header and for what the first rows say."""
    texts = [column.header, *(str(value) for value in frame[column.key].head(200) if value is not None)]
    least = {"yuan": 15, "wan": 13, "date": 11, "rate": 8, "points": 8, "count": 8}.get(column.look, 6)
    widest = (
        max(display_width(texts[0]) + 2, *(display_width(text) for text in texts[1:]), 0)
        if column.look in ("text", "id")
        else display_width(texts[0]) + 2
    )
    return float(min(max(widest + 1, least), 60))


def _footer(text: str) -> str:
    return text.replace("&", "&&")


def _range(first_row: int, first_column: int, last_row: int, last_column: int) -> str:
    from kehujingli.places import cell_name

    return f"{cell_name(first_row, first_column)}:{cell_name(last_row, last_column)}"
