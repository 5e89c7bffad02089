"""Where is it? Cells of a sheet by the names people give them."""

from __future__ import annotations

import functools


def cell_name(row: int, column: int) -> str:
    """(0, 0) → A1."""
    return f"{column_name(column)}{row + 1}"


@functools.cache
def column_name(column: int) -> str:
    """0 → A, 26 → AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
