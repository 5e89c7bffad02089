"""What does every sheet look like? The house style, in one place: title, 期间, 文号, unit, totals, header, widths, print set-up, signatures.

Row 1 title across the printed columns, never merged; row 2 period, document and unit; row 3 totals; row 4 header; data from row 5.
宋体 10.5, header bold on D9E1F2, thin grey borders, red and amber only beside a word. A later sheet is written with ``Book`` alone.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kehujingli.terms.places import cell_name
from kehujingli.values import missing
from kehujingli.workbooks.bulk import Rows, splice
from kehujingli.workbooks.looks import CELLS, FORMATS, Column, Look, arrow_rows, labelled, shown_width, sum_of
from kehujingli.workbooks.paper import BESIDE, GREY, RED, ROW, chart_row, fitting, pixels, places, set_up, widened
from kehujingli.workbooks.plots import NUMBERS, Numbers, Plot, draw, write_numbers

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

__all__ = [
    "AMBER",
    "GREY",
    "HEADER_FILL",
    "RED",
    "Book",
    "Column",
    "Highlight",
    "Look",
    "Meta",
    "Plot",
    "labelled",
    "pixels",
]

HEADER_FILL = "#D9E1F2"
AMBER = "#FFF2CC"
HEAT = "#8EA9DB"
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
    _made: io.BytesIO = field(default_factory=io.BytesIO)
    _book: Any = field(init=False)
    numbers: Numbers = field(default_factory=Numbers)
    lists: list[Rows] = field(default_factory=list)
    _widths: dict[str, Sequence[float]] = field(default_factory=dict)
    _formats: dict[tuple[tuple[str, Any], ...], Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        import xlsxwriter

        told = {"strings_to_formulas": False, "strings_to_urls": False, "nan_inf_to_errors": False}
        self._book = xlsxwriter.Workbook(self._made, told | {"in_memory": True})
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
        given = {"num_format": FORMATS[look], "border": 1, "border_color": GREY, "align": align, "shrink": True}
        if (properties.get("align") or align) == "left":
            given["indent"] = 1
        return self.format(**given | properties)

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

    def columns(self, sheet: Any, widths: Sequence[float]) -> None:
        """The widths of a sheet's first columns, in characters."""
        for index, width in enumerate(widths):
            sheet.set_column(index, index, width)
        self._widths[sheet.name] = widths

    def heading(self, sheet: Any, title: str, width: int, unit: str) -> None:
        """Rows 1 and 2 across ``width`` columns (their widths told before by ``columns``): each part of row 2 where there is room."""
        sheet.set_row(0, 30)
        across = self.format(font_name="黑体", font_size=16, bold=True, align="center_across")
        sheet.write_string(0, 0, title, across)
        for column in range(1, width):
            sheet.write_blank(0, column, None, across)
        parts = [(self.meta.left, self.format())]
        parts += [(self.meta.middle, self.format())] if self.meta.middle else []
        parts += [(self.meta.status, self.format(font_color=RED, bold=True))] if self.meta.status else []
        right = f"单位：{unit}" if unit else ""
        self.columns(sheet, widened(self._widths[sheet.name], width, [text for text, _ in parts], right))
        widths = self._widths[sheet.name][:width]
        starts = places([text for text, _ in parts], widths, right)
        if starts is not None:
            for (text, style), column in zip(parts, starts, strict=True):
                sheet.write_string(1, column, text, style)
        elif len(parts) > 1:
            runs = [
                piece for index, (text, style) in enumerate(parts) for piece in (style, f"　{text}" if index else text)
            ]
            sheet.write_rich_string(1, 0, *runs, self.format())
        else:
            sheet.write_string(1, 0, *parts[0])
        if unit:
            sheet.write_string(1, width - 1, right, self.format(align="right"))

    def page(self, sheet: Any, last_row: int, columns: int, **more: Any) -> None:
        """Paper and print area (``paper.set_up`` says what ``more`` may be), and the footer of every page."""
        set_up(sheet, self._widths[sheet.name][:columns], last_row, **more)
        sheet.set_footer(f"&L{_footer(self.meta.document)}&C第 &P 页 共 &N 页&R{_footer(self.meta.signatures)}")

    def list(
        self,
        name: str,
        title: str,
        unit: str,
        columns: Sequence[Column],
        frame: pd.DataFrame | pa.Table,
        *,
        freeze: int = 4,
        highlights: Sequence[Highlight] = (),
        signed: bool | str = False,
        totals: Mapping[str, Any] | None = None,
        one_page: bool = False,
        plot: Plot | None = None,
        nothing: str = "",
    ) -> list[str]:
        """A list in the house style, with ``totals`` by column (``""`` names the row where it is no 合计), ``nothing`` where it has no row, the signatures of the month or those of ``signed`` below; more rows than a sheet holds go on in ``name(2)``. Returns the sheets written."""
        names = []
        for number, start in enumerate(range(0, max(len(frame), 1), MAX_ROWS), 1):
            sheet_name = name if number == 1 else f"{name}({number})"
            self._list(
                sheet_name,
                title,
                unit,
                columns,
                frame[start : start + MAX_ROWS],
                frame,
                freeze,
                highlights,
                signed,
                totals or {},
                one_page,
                plot if number == 1 else None,
                nothing,
            )
            names.append(sheet_name)
        return names

    def _list(
        self,
        name: str,
        title: str,
        unit: str,
        columns: Sequence[Column],
        part: pd.DataFrame | pa.Table,
        whole: pd.DataFrame | pa.Table,
        freeze: int,
        highlights: Sequence[Highlight],
        signed: bool | str,
        totals: Mapping[str, Any],
        one_page: bool,
        plot: Plot | None,
        nothing: str,
    ) -> None:
        sheet = self.sheet(name)
        count = len(part)
        rows = arrow_rows(part, columns)
        self.columns(sheet, [shown_width(column, rows.column(index)) for index, column in enumerate(columns)])
        printed = max((index + 1 for index, column in enumerate(columns) if column.printed), default=len(columns))
        beside = plot is not None and plot.beside and fitting([*self._widths[name], *BESIDE]) > len(columns)
        if beside:
            self.columns(sheet, [*self._widths[name], *BESIDE])
            printed = len(columns) + len(BESIDE)
        printed = fitting(self._widths[name][:printed])
        self.heading(sheet, title, printed, unit)
        last = 3 + max(count, 1)
        for index, column in enumerate(columns):
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
        end = last
        if not count:
            end += 1
            sheet.write_string(end, 0, nothing or "本期没有。", self.format())
        if plot is not None and beside:
            end = max(end, self.plot(sheet, plot, (3, len(columns)), pixels(BESIDE)) - 1)
        elif plot is not None:
            shown = self._widths[name][:printed]
            tall = -(-plot.height * 3 // (4 * ROW)) + 1
            start = last + 2 if one_page else chart_row(shown, count, tall)
            end = self.plot(sheet, plot, (start, 0), pixels(shown))
        if signed:
            end += 1
            sheet.write_string(end, 0, signed if isinstance(signed, str) else self.meta.signatures, self.format())
        self.page(sheet, end, printed, one_page=one_page, repeat=3)
        if count:
            self.lists.append(Rows(name, 5, rows, [CELLS[column.look] for column in columns]))

    def _totals(
        self, sheet: Any, columns: Sequence[Column], frame: pd.DataFrame | pa.Table, given: Mapping[str, Any]
    ) -> None:
        if not given and not any(column.total for column in columns):
            sheet.set_row(2, 6)
            return
        sheet.write_string(
            2, 0, str(given.get("", "合计")), self.format(bold=True, border=1, border_color=GREY, align="center")
        )
        for index, column in enumerate(columns[1:], 1):
            look = self.cell(column.look, bold=True)
            if column.key in given:
                self.write(sheet, 2, index, given[column.key], column.look, bold=True)
            elif column.total:
                self.write(sheet, 2, index, sum_of(frame, column, index), column.look, bold=True)
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

    def bars(self, name: str, cells: tuple[int, int, int, int], top: float | None = None) -> None:
        """Bars behind the figures of a column: grey, so that they print; the figure's sign says the rest. ``top``: what a full bar is, from 0."""
        options: dict[str, Any] = {"type": "data_bar", "bar_color": GREY}
        if top is not None:
            options |= {"min_type": "num", "min_value": 0, "max_type": "num", "max_value": top}
        self._book.get_worksheet_by_name(name).conditional_format(*cells, options)

    def heat(self, name: str, first: int, rows: int, columns: Sequence[int], *, diagonal: bool) -> None:
        """Colours behind the figures, the more the darker, one scale for all; nothing is written in grey. With ``diagonal`` cell n of row n is
        grey and outside of the scale. ``first``: the first of so many ``rows`` (from 0)."""
        sheet = self._book.get_worksheet_by_name(name)
        last = first + rows - 1
        apart = {first + index: column for index, column in enumerate(columns) if index < rows} if diagonal else {}
        for row, column in apart.items():
            self.highlight(sheet, (row, column, row, column), "TRUE", GREY, fill=True)
        self.highlight(sheet, (first, columns[0], last, columns[-1]), f"{cell_name(first, columns[0])}=0", GREY)
        ranges = [
            _range(row, part[0], row, part[-1])
            for row in range(first, last + 1)
            for part in _parted(columns, apart.get(row))
        ]
        options = {"type": "2_color_scale", "min_type": "num", "min_value": 0, "min_color": "#FFFFFF"}
        sheet.conditional_format(
            first, columns[0], last, columns[-1], options | {"max_color": HEAT, "multi_range": " ".join(ranges)}
        )

    def write(self, sheet: Any, row: int, column: int, value: Any, look: Look = "text", **properties: Any) -> None:
        """One cell, by its look: money from 分, a missing value as an empty cell."""
        style = self.cell(look, **properties)
        if missing(value):
            sheet.write_blank(row, column, None, style)
        elif look in ("text", "id"):
            sheet.write_string(row, column, str(value), style)
        else:
            sheet.write_number(row, column, fed(look, value), style)

    def plot(self, sheet: Any, plot: Plot, at: tuple[int, int], width: float) -> int:
        """A chart at a cell. Returns the first row below it."""
        return draw(self.chart, self.numbers, sheet, plot, at, width)

    def chart_numbers(self) -> None:
        """The sheet of the charts' numbers, where there are charts; to be written once all of them are drawn."""
        if self.numbers.blocks and NUMBERS not in self._book.sheetnames:
            write_numbers(self, self.numbers)

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
        return splice(self.laid_out(), target, self.lists)

    def laid_out(self) -> io.BytesIO:
        """The workbook as XlsxWriter ends it, first sheet active: each list with one sample row in place of its rows."""
        self.chart_numbers()
        next(iter(self._book.sheetnames.values())).activate()
        self._book.close()
        return self._made


def fed(look: Look, value: Any) -> float:
    """The number that a cell of this look is given: 元 from 分, days as Excel counts them."""
    match look:
        case "yuan":
            return float(value) / 100
        case "wan":
            return float(value) / 1_000_000
        case "date":
            return float(int(value) + 25569)
        case _:
            return float(value)


def _footer(text: str) -> str:
    return text.replace("&", "&&")


def _parted(columns: Sequence[int], but: int | None) -> list[list[int]]:
    """The neighbours to the left and to the right of one column."""
    left = [column for column in columns if but is None or column < but]
    right = [column for column in columns if but is not None and column > but]
    return [part for part in (left, right) if part]


def _range(first_row: int, first_column: int, last_row: int, last_column: int) -> str:
    return f"{cell_name(first_row, first_column)}:{cell_name(last_row, last_column)}"
