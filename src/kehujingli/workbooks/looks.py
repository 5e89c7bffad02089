"""How does a column look, and how wide is it? Looks of cells, what they are written from, how they read as text, and the columns of lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal, cast

from kehujingli import terms
from kehujingli.periods import date_of
from kehujingli.terms.column import ListColumn
from kehujingli.terms.widths import display_width
from kehujingli.values import missing, round_half_up
from kehujingli.workbooks.few import CellKind

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

Look = Literal["text", "id", "yuan", "wan", "amount", "count", "rate", "points", "date", "number", "mean", "change"]
"""How a column looks. yuan and wan are fed 分, amount 元; rate a fraction; points, number, mean Decimal or float; date days since 1970."""

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
    "mean": "number",
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
    "mean": "#,##0.00",
    "change": '"▲"#,##0;"▼"#,##0;"平"',
}
_CENTS = {"yuan": 100, "wan": 1_000_000}
_DAY = 11.0
"""What a day needs; a narrower cell shows ####."""
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
    """The columns of a list as a sheet has them: numbers to two decimals, as the terminal tells them."""
    looks: dict[str, Look] = {"flag": "text", "number": "mean"}
    return [
        Column(
            column.key,
            column.header,
            looks.get(column.kind) or cast("Look", column.kind),
            column.width,
            printed=column.printed,
            total=column.total,
        )
        for column in columns
    ]


def text_of(look: Look, value: Any) -> str:
    """A value as its cell shows it: what ``FORMATS`` makes of it, half away from zero; nothing where there is none."""
    if missing(value) or value == "":
        return ""
    match look:
        case "text" | "id":
            return str(value)
        case "date":
            return date_of(int(value)).isoformat()
        case "count":
            return f"{round_half_up(Decimal(str(value)), 0):,f}"
        case "change":
            steps = int(value)
            return f"{'▲' if steps > 0 else '▼'}{abs(steps):,}" if steps else "平"
        case "rate":
            return f"{round_half_up(Decimal(str(value)) * 100, 2):f}%"
        case "points":
            return f"{round_half_up(Decimal(str(value)), 2):f}"
        case "mean":
            return f"{round_half_up(Decimal(str(value)), 2):,f}"
        case "number":
            whole, _, rest = f"{round_half_up(Decimal(str(value)), 4):,f}".partition(".")
            return f"{whole}.{rest[:2]}{rest[2:].rstrip('0')}"
        case _:
            amount = Decimal(str(value)) / _CENTS.get(look, 1)
            return f"{round_half_up(amount, 2):,f}" if amount else "-"


def less_as_shown(look: Look, value: float, before: float) -> Decimal:
    """By how much a figure is more than it was, as whoever takes one from the other on paper finds it: 万元, percentage points, points, counts."""
    now, then = (_as_shown(look, each) for each in (value, before))
    return now - then


def _as_shown(look: Look, value: float) -> Decimal:
    """A number rounded as its cell shows it, in the unit that the cell shows."""
    exact = Decimal(str(value))
    unit = exact * 100 if look == "rate" else exact / _CENTS.get(look, 1)
    return round_half_up(unit, 0 if look == "count" else 2)


def arrow_rows(frame: pd.DataFrame | pa.Table, columns: Sequence[Column]) -> pa.Table:
    """The frame's columns in sheet order as Arrow, each of the type its look is written from; what is so already stays."""
    import pyarrow as pa

    if isinstance(frame, pa.Table):
        return frame
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


def sum_of(frame: pd.DataFrame | pa.Table, column: Column, index: int) -> Any:
    """What a column adds up to: in what its look is fed; ``index``: its place in the sheet."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if isinstance(frame, pa.Table):
        return pc.sum(frame.column(index)).as_py() or 0
    values = frame[column.key]
    return int(values.fillna(0).sum()) if column.look in ("yuan", "wan", "count") else values.dropna().sum()


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
        elif column.look == "date":
            widest = _DAY
        else:
            ends = pc.min_max(values).as_py()
            most = max(abs(ends["min"]), abs(ends["max"]), abs(pc.sum(values).as_py()) if column.total else 0)
            scale = _CENTS.get(column.look)
            widest = len(f"{most / scale:,.2f}" if scale else f"{most:,}") + 2
    if CELLS[column.look] == "number":
        widest = min(widest, {"amount": 15, "number": 13, "mean": 13}.get(column.look, 9))
    return max(column.width, header, min(widest, _WIDEST))
