"""Which header looks most like a column that is not there? By its letters alone: what a person is told, never what is read."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from kehujingli.intake.sheets.headers import Header
from kehujingli.terms import Column, Table

NEAR = 0.5
"""From here on a header is said to be like a column."""
_HOLDS = 0.3
"""What it adds that the header holds the whole spelling: 账面余额 holds 余额."""


def likeness(column: Column, name: str) -> float:
    """How much a header's name is like the spelling of the column that it is most like: 0 to 1, more where it holds one."""
    return max(
        difflib.SequenceMatcher(None, spelling, name).ratio() + (_HOLDS if spelling in name else 0)
        for spelling in column.names
    )


def nearest_header(table: Table, group: Sequence[str], headers: Sequence[Header]) -> str:
    """The header that looks most like a missing column, or nothing."""
    best, best_score = "", 0.0
    for key in group:
        for name in (header.raw.strip() for header in headers if header.name):
            score = likeness(table.column(key), name)
            if score > best_score:
                best, best_score = name, score
    return best if best_score >= NEAR else ""
