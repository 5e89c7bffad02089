"""Of which day is a sheet? The column 数据日期, its title, its file's name, its folder's, or the day that was said for all."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from kehujingli import terms
from kehujingli.intake.ledger import Sheet
from kehujingli.intake.sheets.titles import day_in_text
from kehujingli.periods import day_of


def sheet_day(sheet: Sheet, as_of: int | None) -> int | None:
    """The day of an undated sheet's rows: its title, else its file's name, else its folder's, else ``--as-of``."""
    if sheet.title_day is not None:
        return sheet.title_day
    own = name_day(sheet)
    days = [own] if own is not None else [day_in_text(name) for name in reversed(sheet.export.folders)]
    return next((day for day in days if day is not None), as_of)


def name_day(sheet: Sheet) -> int | None:
    """The day that the file's own name says."""
    names = (sheet.member, sheet.export.name.rpartition("/")[2])
    return next((day for name in names if (day := day_in_text(name)) is not None), None)


def snapshot_days(sheets: Iterable[Sheet], as_of: int | None) -> set[int]:
    """Every day that a snapshot among these sheets is a picture of."""
    days = set()
    for sheet in sheets:
        if sheet.table in terms.BY_KEY and terms.BY_KEY[sheet.table].snapshot and sheet.accepted:
            if sheet.data_days:
                days |= {day_of(date.fromisoformat(day)) for day in sheet.data_days}
            else:
                day = sheet_day(sheet, as_of)
                if day is not None:
                    days.add(day)
    return days
