"""Which row of a sheet is the header? Below titles, of one row or two, beside other tables."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from kehujingli import terms
from kehujingli.intake.sheets.headers import (
    KNOWN,
    NO_MORE,
    SPACES,
    Also,
    Header,
    Match,
    parse_header,
    recognise,
    unit_of,
)
from kehujingli.terms import Table


def find_header(
    rows: Sequence[Sequence[str]], forced: str | None = None, also: Also = NO_MORE
) -> tuple[int, Match] | None:
    """The row that reads as a known table's header, below whatever titles: the best of the first rows.

    A header of two rows (日均 over 月 and 年) is told by its lower row.
    """
    best: tuple[int, Match] | None = None
    whole: list[tuple[int, Match]] = []
    for index, row in enumerate(rows):
        if sum(1 for cell in row if cell.strip()) < 2:
            continue
        match = _main(row, forced, also)
        whole += [(index, match)] if match else []
        # A full header below a line that only looks like its first half (单位：万元 …… 截至2026年10月31日) is better alone.
        if match and (
            best is None or match.score > best[1].score or (best[0] == index and match.score == best[1].score)
        ):
            best = (index, match)
        joined = _both(row, rows[index + 1]) if index + 1 < len(rows) else None
        if joined:
            both = _main(joined, forced, also)
            if both and (
                best is None or both.score > best[1].score or (both.score == best[1].score and best[0] == index)
            ):
                best = (index + 1, replace(both, upper=tuple(row)))
    return (best[0], replace(best[1], above=_above(rows, whole, *best))) if best and len(whole) > 1 else best


def _above(
    rows: Sequence[Sequence[str]], whole: Sequence[tuple[int, Match]], header: int, main: Match
) -> tuple[tuple[Table, str, int], ...]:
    """Tables of two rows and more above the header. One row is the head of a statement: whose account it is."""
    ends = [index for index, _ in whole if index < header - bool(main.upper)]
    found = []
    for (start, match), end in zip(whole, [*ends[1:], header - bool(main.upper)], strict=False):
        count = sum(_fills(row, match) for row in rows[start + 1 : end])
        if count > 1:
            found.append((match.table, "、".join(cell.strip() for cell in rows[start] if cell.strip()), count))
    return tuple(found)


def _fills(row: Sequence[str], match: Match) -> bool:
    """Whether a row has what every row of that table must have."""
    there = {column.key for position, column in match.columns.items() if position < len(row) and row[position].strip()}
    return all(there.intersection(group) for group in match.table.requires)


def _is_known(name: str, also: Also) -> bool:
    return name in KNOWN or any(name in more for more in also.values())


_BESIDE = 8
"""Runs of names in one row that are still looked at one by one: nobody lays more tables beside each other, and a bomb would."""


def _main(row: Sequence[str], forced: str | None, also: Also) -> Match | None:
    """The table of a header row; of several whole tables beside each other the one that explains most, the others told."""
    headers = [parse_header(cell) for cell in row]
    if not any(_is_known(header.name.casefold(), also) for header in headers):
        return None
    blocks = _blocks(row)
    found = [
        (block, recognise(headers[block.start : block.stop], forced, also))
        for block in blocks
        if 1 < len(blocks) <= _BESIDE
    ]
    whole = [(block, match) for block, match in found if match]
    if len(whole) < 2:
        return recognise(headers, forced, also)
    best, _ = max(whole, key=lambda pair: pair[1].score)
    alone = [header if position in best else Header("", "") for position, header in enumerate(headers)]
    main = recognise(alone, forced, also)
    others = tuple((block.start, match.table) for block, match in whole if block != best)
    return replace(main, beside=others) if main else None


def _blocks(row: Sequence[str]) -> list[range]:
    """Runs of two cells and more that hold something."""
    ends = [-1, *(position for position, cell in enumerate(row) if not cell.strip()), len(row)]
    return [range(left + 1, right) for left, right in itertools.pairwise(ends) if right - left > 2]


def _both(upper: Sequence[str], lower: Sequence[str]) -> list[str] | None:
    """One header from two rows, where the lower one goes on what the upper began: with units, or with the second half of names."""
    if _are_units(lower):
        padded = [*lower, *[""] * (len(upper) - len(lower))]
        return [
            f"{name.strip()}({unit_of(_bare(unit))})" if unit.strip() and name.strip() else name
            for name, unit in zip(upper, padded, strict=False)
        ]
    return _joined(upper, lower) if _goes_on(upper, lower) else None


def _are_units(row: Sequence[str]) -> bool:
    """Whether a row holds nothing but units, one of money or a rate among them: (万元) under 余额."""
    units = [unit_of(_bare(cell)) for cell in row if cell.strip()]
    return bool(units) and all(units) and any(unit not in terms.PLAIN_UNITS for unit in units)


def _bare(cell: str) -> str:
    return SPACES.sub("", unicodedata.normalize("NFKC", cell)).strip("()[]【】〔〕")


def _goes_on(upper: Sequence[str], lower: Sequence[str]) -> bool:
    """Whether the lower row is the upper one's second half: words only, and some under a cell that spans."""
    if any(re.search(r"\d", cell) for cell in lower):
        return False
    under = [bool(cell.strip()) for cell in lower]
    first = next((place for place, cell in enumerate(upper) if cell.strip()), len(upper))
    spanned = any(
        there and place > first and not cell.strip()
        for place, (cell, there) in enumerate(zip(upper, under, strict=False))
    )
    alone = any(cell.strip() and not there for cell, there in zip(upper, under, strict=False))
    return spanned and alone


def _joined(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    """One header from two rows: of the words above and below, joined either way or alone, what some table knows; else both."""
    joined: list[str] = []
    above = ""
    for top, bottom in zip(upper, lower, strict=False):
        top, bottom = top.strip(), bottom.strip()
        above = top or (above if bottom else "")
        if not bottom or not above:
            joined.append(bottom or above)
            continue
        names = (above + bottom, bottom + above, bottom)
        known = next((name for name in names if parse_header(name).name.casefold() in KNOWN), "")
        unit = parse_header(above).unit
        if known == bottom and unit and not parse_header(bottom).unit:
            known = f"{bottom}({unit})"
        joined.append(known or (above if bottom in terms.ACTUAL_WORDS else above + bottom))
    return joined
