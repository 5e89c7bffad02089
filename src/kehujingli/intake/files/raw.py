"""What does a reader hand over? One sheet's data rows as typed columns, before anything is accepted or refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from kehujingli.intake.cells.columns import as_text
from kehujingli.intake.sheets.headers import Match
from kehujingli.terms.places import cell_name


@dataclass
class RawSheet:
    """Data rows of one sheet.

    ``columns`` are text, double, timestamp or boolean arrays by position in the sheet. ``patches`` hold the cells that are
    not of their column's type, by position and data row: what they say as text. ``errors`` likewise hold ``#N/A`` and its kin.
    """

    name: str
    match: Match
    columns: Mapping[int, pa.Array]
    rows: pa.Array
    """The row number in the file of every data row, from 1."""
    patches: dict[int, dict[int, str]] = field(default_factory=dict)
    errors: dict[int, dict[int, str]] = field(default_factory=dict)
    header_row: int = 0
    titles: tuple[str, ...] = ()
    hidden: bool = False
    text_file: bool = False
    whole: bool = True
    """Whether the sheet is a table of its own; one that goes on from the sheet before has totals of both."""
    lost: dict[int, set[int]] = field(default_factory=dict)
    """Data rows, by position, whose identifier was a number of 16 digits or more although the column holds text too."""
    hollow: dict[int, set[int]] = field(default_factory=dict)
    """Formulas without a stored value, by position and data row."""
    epoch: int = 0
    """Days by which the workbook's serial dates begin later than 1900's: 1462 in a workbook of the 1904 system."""
    filled: dict[int, dict[int, str]] = field(default_factory=dict)
    """Blank cells, by position and data row, inside a merged range: what the range says."""
    origin: dict[int, int] = field(default_factory=dict)
    """Positions that a layout made, and the one in the sheet that each was made from."""
    products: dict[int, tuple[int, int]] = field(default_factory=dict)
    """Positions that are the product of two others."""
    negated: set[int] = field(default_factory=set)
    """Positions whose amounts count the other way round."""
    left_out: Mapping[int, Sequence[str]] = field(default_factory=dict)
    """Position → words: rows that bear one are no data."""
    shown: Mapping[int, Mapping[int, Any]] = field(default_factory=dict)
    """What number formats say of cells, by position and data row (``files.formats``)."""
    clashes: dict[str, dict[int, dict[int, str]]] = field(default_factory=dict)
    """What cells show, by finding, position and data row, whose number format contradicts the header or is not understood."""
    currency: str = ""
    """Another currency that the sheet says, outside its columns, its money is in."""
    uneven: dict[int, int] = field(default_factory=dict)
    """Data rows of a text table that have not as many cells as its header (``wanted``), and how many they have."""
    wanted: int = 0
    broken: set[int] = field(default_factory=set)
    """Data rows of a text table with bytes that are no text."""
    places: dict[int, npt.NDArray[np.int64]] = field(default_factory=dict)
    """Position → where each row's cell of it stood in the sheet, in which one row holds several."""
    layout: str = ""
    """The name of the layout it was read by."""
    notes: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    """What the reader has to tell: a finding's code and its facts."""

    @property
    def width(self) -> int:
        """How many columns stand in the sheet itself."""
        return max([-1, *(position for position in self.columns if position not in self.origin)]) + 1

    def __len__(self) -> int:
        return len(self.rows)

    def column(self, position: int) -> pa.Array:
        """A column as it was read; blank where the sheet has none there."""
        array = self.columns.get(position)
        return array if array is not None else pa.nulls(len(self), pa.string())

    def header(self, position: int) -> str:
        return self.match.headers[position].raw.strip()

    def source(self, position: int) -> int:
        """The position in the sheet that a column was made from; −1 where a layout says it without one."""
        return self.origin.get(position, position)

    def cell(self, row: int, position: int) -> str:
        """What people call a cell: G624; of a text file its line."""
        number = self.rows[row].as_py()
        stood = int(self.places[position][row]) if position in self.places else self.source(position)
        return f"第 {number:,} 行" if self.text_file else cell_name(number - 1, max(0, stood))

    def said(self, position: int, rows: npt.NDArray[np.int64]) -> pa.Array:
        """What the cells of a column say in these rows, whatever their type; blank is empty."""
        array = self.column(position)
        taken = array if len(rows) == len(array) else array.take(pa.array(rows))
        said = pc.fill_null(pc.utf8_trim_whitespace(as_text(taken)), "")
        notes = {**self.patches.get(position, {}), **self.errors.get(position, {})}
        noted = np.isin(rows, list(notes)) if notes else None
        if noted is None or not noted.any():
            return said
        return pc.replace_with_mask(said, pa.array(noted), pa.array([notes[row] for row in rows[noted]], pa.string()))
