"""Where does the table begin, and whose is it? The first rows of a sheet against the workspace's layouts, our own headers, the shipped layouts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kehujingli.intake.sheets.header_rows import find_header
from kehujingli.intake.sheets.headers import Also, Match
from kehujingli.intake.sheets.layout import Fitted, Layout, shipped, spellings_of
from kehujingli.intake.sheets.wide import Series, find_wide

_LONGEST = 120
"""Characters of a cell that are looked at: no header is longer, and a bomb may be."""


@dataclass(frozen=True)
class Found:
    """The header's place among the rows looked at (-1: there is none, the first row is data), and how it reads."""

    header: int
    match: Match
    fitted: Fitted | None = None
    series: Series | None = None
    """Where one row of the sheet holds several rows of the table."""
    said: bool = False
    """Whether a layout says which table it is."""

    @property
    def score(self) -> int:
        return len(self.fitted.places) if self.fitted else self.match.score


@dataclass(frozen=True)
class Finder:
    """What is known before a file is opened. ``forced`` is the table that a person said it is."""

    file: str = ""
    forced: str | None = None
    layouts: tuple[Layout, ...] = ()

    def find(self, rows: Sequence[Sequence[str]], sheet: str = "") -> Found | None:
        rows = [[cell[:_LONGEST] for cell in row] for row in rows]
        own = self._fit(self.layouts, rows, sheet)
        if own is not None:
            return own
        table = self.table_of(sheet)
        found = find_header(rows, table, self.also(sheet))
        if found is not None:
            return Found(*found, said=not self.forced and table is not None)
        shown = None if table else self._fit(shipped(), rows, sheet)
        wide = find_wide(rows, sheet, table) if shown is None else None
        return Found(wide[0], wide[1].match, series=wide[1].series) if wide and not wide[1].why else shown

    def table_of(self, sheet: str = "") -> str | None:
        """The table that a person said a sheet of this name is: for this reading, or in a layout that says nothing else."""
        said = (layout.table.key for layout in self.layouts if layout.names_only and layout.fits(self.file, sheet))
        return self.forced or next(said, None)

    def also(self, sheet: str = "") -> Also:
        """The headers that the workspace's layouts add to those that every table has, for a sheet of this name."""
        return spellings_of([layout for layout in self.layouts if layout.fits(self.file, sheet)])

    def _fit(self, layouts: Sequence[Layout], rows: Sequence[Sequence[str]], sheet: str) -> Found | None:
        best: Found | None = None
        for layout in layouts:
            if (self.forced and layout.table.key != self.forced) or not layout.fits(self.file, sheet):
                continue
            if not layout.columns:
                continue
            found = _fitted(layout, rows)
            if found is not None and (best is None or found.score > best.score):
                best = found
        return best


def _fitted(layout: Layout, rows: Sequence[Sequence[str]]) -> Found | None:
    if layout.headerless:
        width = max((len(row) for row in rows), default=0)
        needed = max((position for _, _, positions in layout.open(width).places for position in positions), default=0)
        if width <= needed:
            return None
        fitted = layout.open(width)
        return Found(-1, fitted.plain(), fitted)
    for index, row in enumerate(rows):
        fit = layout.match(row)
        if fit is not None:
            return Found(index, fit.plain(), fit)
    return None
