"""What does a chart show? Native 2-D columns, bars and lines; their numbers stand on a sheet of their own, so that every program draws them and nobody
wonders what they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from kehujingli.workbooks.paper import GREY, RED, ROW

_CROWDED = 32
"""Beyond so many bars the figures on them run into each other."""


@dataclass(frozen=True)
class Plot:
    """A chart with the numbers it shows: a native 2-D column, bar or line chart whose title says the finding."""

    kind: Literal["column", "bar", "line"]
    title: str
    categories: Sequence[str]
    series: Mapping[str, Sequence[float]]
    """One to three, each as long as ``categories``."""
    line: str | None = None
    """The series that is drawn as a line over columns."""
    number: str = "#,##0"
    height: int = 280
    """In pixels."""
    beside: bool = False
    """Whether it stands right of its list, where paper is wide enough; below it otherwise."""


Charts = Callable[[str, Mapping[str, Any], str], Any]
"""Makes a chart of a kind, with options and a title: ``Book.chart``."""


NUMBERS = "图表数据"
"""The sheet of the charts' numbers."""
_FIRST = 3


@dataclass
class Numbers:
    """The numbers of a workbook's charts, one block a chart under another: title, names of the series, a row a category."""

    blocks: list[tuple[str, Sequence[str], Mapping[str, Sequence[float | None]], str]] = field(default_factory=list)
    _next: int = _FIRST

    def take(
        self,
        title: str,
        categories: Sequence[str],
        series: Mapping[str, Sequence[float | None]],
        number: str = "#,##0.00",
    ) -> list[dict[str, Any]]:
        """Keep a block. Returns where each series has its name, categories and values, as ``add_series`` wants it."""
        head, last = self._next + 1, self._next + 1 + len(categories)
        self.blocks.append((title, categories, series, number))
        self._next = last + 2
        return [
            {
                "name": [NUMBERS, head, column],
                "categories": [NUMBERS, head + 1, 0, last, 0],
                "values": [NUMBERS, head + 1, column, last, column],
            }
            for column in range(1, len(series) + 1)
        ]


def write_numbers(book: Any, numbers: Numbers) -> None:
    """The sheet 图表数据 of a ``Book``."""
    sheet = book.sheet(NUMBERS)
    width = max(4, *(1 + len(series) for _, _, series, _ in numbers.blocks))
    book.columns(sheet, [24, *[22] * (width - 1)])
    book.heading(sheet, "各图的数", width, "")
    row = _FIRST
    for title, categories, series, number in numbers.blocks:
        sheet.write_string(row, 0, title, book.format(bold=True))
        for column, name in enumerate(["", *series]):
            sheet.write_string(row + 1, column, name, book.header)
        for line, category in enumerate(categories, row + 2):
            book.write(sheet, line, 0, category)
        for column, values in enumerate(series.values(), 1):
            for line, value in enumerate(values, row + 2):
                book.write(sheet, line, column, value, "number", num_format=number)
        row += len(categories) + 3
    sheet.ignore_errors({"number_stored_as_text": f"A1:A{row}"})
    book.page(sheet, row - 2, width, portrait=True, repeat=1)


def draw(make: Charts, numbers: Numbers, sheet: Any, plot: Plot, at: tuple[int, int], width: float) -> int:
    """A chart at a cell. Returns the first row below it."""
    chart = make(plot.kind, {}, plot.title)
    colours = iter(("#1F3864", "#8EA9DB", GREY) if len(plot.series) > 1 else ("#1F3864",))
    places = numbers.take(f"{sheet.name}：{plot.title}", plot.categories, plot.series, plot.number)
    for name, about in zip(plot.series, places, strict=True):
        if name == plot.line or plot.kind == "line":
            over = make("line", {}, "") if plot.kind != "line" else chart
            over.add_series(about | {"line": {"color": RED if plot.line else "#1F3864", "width": 1.5}})
            if over is not chart:
                chart.combine(over)
            continue
        labels = {"value": True, "num_format": plot.number, "font": {"name": "宋体", "size": 8}}
        crowded = len(plot.categories) > _CROWDED
        chart.add_series(
            about | {"fill": {"color": next(colours)}, "gap": 50, "data_labels": {} if crowded else labels}
        )
    if len(plot.series) == 1:
        chart.set_legend({"none": True})
    value, category = (
        (chart.set_x_axis, chart.set_y_axis) if plot.kind == "bar" else (chart.set_y_axis, chart.set_x_axis)
    )
    font = {"name": "宋体", "size": 9}
    value(
        {
            "num_format": plot.number.rstrip("%").split(".")[0] + ("%" if plot.number.endswith("%") else ""),
            "num_font": font,
            "major_gridlines": {"visible": False},
            "min": 0 if _no_negative(plot) else None,
            "visible": plot.kind != "bar" or len(plot.categories) > _CROWDED,
        }
    )
    category(
        {
            "num_font": font,
            "reverse": plot.kind == "bar",
            "label_position": "low",
            "major_gridlines": {"visible": False},
        }
    )
    chart.set_size({"width": width - 10, "height": plot.height})
    sheet.insert_chart(*at, chart, {"object_position": 1, "x_offset": 2})
    return at[0] + -(-plot.height * 3 // (4 * ROW)) + 1


def _no_negative(plot: Plot) -> bool:
    return all(value >= 0 for values in plot.series.values() for value in values)
