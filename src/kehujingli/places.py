"""Where is it? Cells of a sheet by the names people give them."""

from __future__ import annotations


def cell_name(row: int, column: int) -> str:
    """(0, 0) → A1."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"
