"""How is a value of a list said? By its column's kind, for the terminal, for CSV and for JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from kehujingli.terms.column import ListColumn
from kehujingli.values import missing

Form = Literal["table", "csv", "json"]


def cells(row: Sequence[Any], columns: Sequence[ListColumn], form: Form) -> list[Any]:
    """The values of a row, each by its column."""
    return [_cell(value, column, form) for value, column in zip(row, columns, strict=True)]


def shown_cell(value: Any, column: ListColumn) -> Any:
    """As a person reads it: 1,234.00, 12.50%, 2026-10-31."""
    return _cell(value, column, "table")


def plain_cell(value: Any, column: ListColumn) -> Any:
    """As a program reads it: money and numbers as text, counts as numbers."""
    return _cell(value, column, "json")


def _cell(value: Any, column: ListColumn, form: Form) -> Any:
    """Money with two decimals, rates in % on the terminal, dates as 2026-10-31."""
    from decimal import Decimal

    from kehujingli.periods import date_of
    from kehujingli.values import round_half_up

    if missing(value):
        return None
    grouped = "," if form == "table" else ""
    match column.kind:
        case "yuan" | "wan":
            return format(Decimal(int(value)) / 100, f"{grouped}.2f")
        case "amount":
            return format(Decimal(str(value)), f"{grouped}.2f")
        case "rate":
            return f"{float(value):.2%}" if form == "table" else f"{float(value):.6f}"
        case "points" | "number":
            return format(round_half_up(Decimal(str(value)), 4 if form == "json" else 2), f"{grouped}f")
        case "date":
            return date_of(int(value)).isoformat()
        case "count" | "change":
            return f"{int(value):,}" if form == "table" else int(value)
        case _:
            return value
