"""How is a small table of texts read? Rows of cells as markup holds them → the columns that every reader hands over."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from kehujingli.intake.files.raw import RawSheet
from kehujingli.intake.files.width import uneven, usual, usual_without_header, width
from kehujingli.intake.sheets.headers import Match


@dataclass
class Grid:
    """One sheet of texts: row number (from 0) and its cells. ``numbers`` are the cells whose markup says that they are numbers."""

    name: str
    rows: list[tuple[int, list[str]]] = field(default_factory=list)
    numbers: set[tuple[int, int]] = field(default_factory=set)
    filled: set[tuple[int, int]] = field(default_factory=set)
    """Cells that were filled from the range they are merged into."""
    shown: dict[int, dict[int, Any]] = field(default_factory=dict)
    """What number formats say of cells, by column and row (``files.formats``)."""
    index: int = 0
    """Which sheet of its workbook it is."""
    epoch: int = 0
    """As ``RawSheet.epoch``."""
    counted: bool = False
    """Whether a cell's place is counted from the left: then a cell too few or too many shifts those behind it."""


def read_grid(grid: Grid, header: int, match: Match) -> RawSheet:
    """All rows below the header, which is the ``header``-th row of the grid; −1: there is none."""
    body = grid.rows[header + 1 :]
    widest = max([len(match.headers), *(len(cells) for _, cells in body)])
    columns = {
        position: pa.array(
            [
                cells[position] if position < len(cells) and (number, position) not in grid.filled else None
                for number, cells in body
            ],
            pa.string(),
        )
        for position in range(widest)
    }
    raw = RawSheet(
        grid.name,
        match,
        columns,
        pa.array([number + 1 for number, _ in body], pa.int32()),
        header_row=grid.rows[header][0] + 1 if header >= 0 else 0,
        titles=tuple(cell for _, cells in grid.rows[: max(0, header)] for cell in cells if cell.strip()),
        epoch=grid.epoch,
    )
    if grid.counted:
        records = [cells for _, cells in body]
        raw.wanted = width([header.raw for header in match.headers])
        least = usual(records, raw.wanted)
        if header < 0:
            raw.wanted, least = usual_without_header(records)
        raw.uneven = uneven(body, raw.wanted, least, header=header >= 0)
    rows = {number: row for row, (number, _) in enumerate(body)}
    raw.shown = {
        position: {rows[number]: says for number, says in told.items() if number in rows}
        for position, told in grid.shown.items()
    }
    for number, position in grid.filled:
        if number in rows:
            raw.filled.setdefault(position, {})[rows[number]] = body[rows[number]][1][position]
    for number, position in grid.numbers:
        column = match.columns.get(position)
        if number not in rows or column is None or column.kind != "id":
            continue
        if sum(ch.isdigit() for ch in body[rows[number]][1][position]) >= 16:
            raw.lost.setdefault(position, set()).add(rows[number])
    return raw
