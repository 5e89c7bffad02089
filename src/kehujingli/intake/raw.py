"""What does a reader hand over? One sheet's data rows as typed columns, before anything is accepted or refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

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
    lost: dict[int, set[int]] = field(default_factory=dict)
    """Data rows, by position, whose identifier was a number of 16 digits or more although the column holds text too."""

    def __len__(self) -> int:
        return len(self.rows)
