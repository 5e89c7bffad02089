"""Which rows have lost a cell, or got one too many? Rows whose cells are counted from the left: text, and tables of a page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

Record = tuple[int, list[str]]
"""The line, or row, a record stands on, and its cells."""


def width(record: Sequence[str]) -> int:
    """Cells up to the last one that holds something: empty ones at the end say nothing."""
    return next((place for place in range(len(record), 0, -1) if record[place - 1].strip()), 0)


def usual(records: Sequence[Sequence[str]], wanted: int) -> int:
    """How many cells most rows have, blank ones behind the last name too; of two numbers the greater. ``wanted``: as many as the header has."""
    return max(_most(len(record) for record in records if len(record) <= wanted or width(record) <= wanted), wanted)


def usual_without_header(records: Sequence[Sequence[str]]) -> tuple[int, int]:
    """How many cells most rows have up to the last one that holds something, and how many with the blank ones behind it."""
    length = _most(len(record) for record in records)
    return _most(width(record) for record in records if len(record) == length), length


def _most(numbers: Iterable[int]) -> int:
    return max(((count, number) for number, count in Counter(numbers).items()), default=(0, 0))[1]


def uneven(batch: Sequence[Record], wanted: int, least: int, before: int = 0, *, header: bool = True) -> dict[int, int]:
    """Data rows (the first of the batch is ``before``) with more or fewer cells than the header has, and how many.

    ``least``: with the blank cells at the end, where other rows have them too: a row without has lost a delimiter elsewhere.
    Without a ``header`` a row of that many is right, however many of them hold something.
    """
    found = {}
    for row, (_, record) in enumerate(batch, before):
        count = len(record)
        if count == least and not header:
            continue
        filled = width(record) if count > wanted else count
        if filled > wanted or count < least:
            found[row] = filled if filled > wanted else count - (least - wanted)
    return found
