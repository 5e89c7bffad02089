"""How does a column look, and how wide is it? Looks of cells, what they are written from, and the columns of lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from kehujingli import terms
from kehujingli.terms.column import ListColumn
from kehujingli.terms.widths import display_width
from kehujingli.values import missing
from kehujingli.workbooks.bulk import CellKind

if TYPE_CHECKING:
    import pandas as pd

Look = Literal["text", "id", "yuan", "wan", "amount", "count", "rate", "points", "date", "number", "change"]
"""How a column looks. yuan and wan are fed 分, amount 元; rate a fraction; points, number Decimal or float; date days since 1970."""

CELLS: Mapping[Look, CellKind] = {
    "text": "text",
    "id": "text",
    "yuan": "cents",
    "wan": "wan",
    "amount": "number",
    "count": "count",
    "rate": "number",
    "points": "number",
    "date": "date",
    "number": "number",
    "change": "count",
}
FORMATS: Mapping[Look, str] = {
    "text": "@",
    "id": "@",
    "yuan": '#,##0.00;[Red]-#,##0.00;"-"',
    "wan": '#,##0.00;[Red]-#,##0.00;"-"',
    "amount": '#,##0.00;[Red]-#,##0.00;"-"',
    "count": "#,##0",
    "rate": "0.00%",
    "points": "0.00",
    "date": "yyyy-mm-dd",
    "number": "#,##0.00##",
    "change": '"▲"#,##0;"▼"#,##0;"平"',
}
_WIDEST = 70
"""No column is wider; longer text shrinks in its cell."""


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


def labelled(
    key: str, look: Look | Literal[""] = "", width: float = 0, *, called: str = "", table: str = "", **more: Any
) -> Column:
    """A column as the house declares it, or what it is ``called``, or what it is in this ``table``; ``look`` where this sheet has another."""
    term = terms.term(called or key, table)
    own: Look = "text" if term.kind == "flag" else term.kind
    return Column(key, term.said, look or own, width, **more)


def sheet_columns(columns: Sequence[ListColumn]) -> list[Column]:
    """The columns of a list as a sheet has them."""
    return [
        Column(
            column.key,
            column.header,
            "text" if column.kind == "flag" else column.kind,
            column.width,
            printed=column.printed,
            total=column.total,
        )
        for column in columns
    ]


def arrow_rows(frame: pd.DataFrame, columns: Sequence[Column]) -> Any:
    """The frame's columns in sheet order as Arrow, each of the type its look is written from."""
    import pyarrow as pa

    arrays = []
    for column in columns:
        values = frame[column.key]
        match CELLS[column.look]:
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


def shown_width(column: Column, values: Any) -> float:
    """At least the width asked for, and wide enough for the header's two lines and for what the column says, up to a limit."""
    import pyarrow as pa
    import pyarrow.compute as pc

    header = -(-display_width(column.header) // 2) + 1
    widest = 0.0
    if len(values) > values.null_count:
        if pa.types.is_string(values.type):  # a character of three bytes is two columns wide
            sizes = pc.add(pc.binary_length(values), pc.utf8_length(values))
            widest = pc.max(sizes).as_py() / 2 + 2
            if CELLS[column.look] == "number":
                widest *= 4 / 3
        elif column.look != "date":
            ends = pc.min_max(values).as_py()
            most = max(abs(ends["min"]), abs(ends["max"]), abs(pc.sum(values).as_py()) if column.total else 0)
            scale = {"yuan": 100, "wan": 1_000_000}.get(column.look)
            widest = len(f"{most / scale:,.2f}" if scale else f"{most:,}") + 2
    if CELLS[column.look] == "number":
        widest = min(widest, {"amount": 15, "number": 13}.get(column.look, 9))
    return max(column.width, header, min(widest, _WIDEST))
