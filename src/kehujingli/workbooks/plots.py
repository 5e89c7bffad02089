"""What does a chart show? Native 2-D columns, bars and lines with their numbers in cells outside the print area, so that every program draws them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
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


Charts = Callable[[str, Mapping[str, Any], str], Any]
"""Makes a chart of a kind, with options and a title: ``Book.chart``."""


def draw(make: Charts, sheet: Any, plot: Plot, at: tuple[int, int], numbers: tuple[int, int], width: float) -> int:
    """A chart at a cell, its numbers at another outside the print area. Returns the first row below the chart."""
    row, column = numbers
    last = row + len(plot.categories)
    for index, text in enumerate(plot.categories, row + 1):
        sheet.write_string(index, column, text)
    chart = make(plot.kind, {}, plot.title)
    colours = iter(("#1F3864", "#8EA9DB", GREY) if len(plot.series) > 1 else ("#1F3864",))
    for offset, (name, values) in enumerate(plot.series.items(), column + 1):
        sheet.write_string(row, offset, name)
        sheet.write_column(row + 1, offset, values)
        about = {
            "name": [sheet.name, row, offset],
            "categories": [sheet.name, row + 1, column, last, column],
            "values": [sheet.name, row + 1, offset, last, offset],
        }
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
    chart.set_size({"width": width - 4, "height": plot.height})
    sheet.insert_chart(*at, chart, {"object_position": 1, "x_offset": 2})
    return at[0] + -(-plot.height * 3 // (4 * ROW)) + 1


def _no_negative(plot: Plot) -> bool:
    return all(value >= 0 for values in plot.series.values() for value in values)
