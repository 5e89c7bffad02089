"""What does a reader hand over? One sheet's data rows as typed columns, before anything is accepted or refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from kehujingli.intake.headers import Match


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
