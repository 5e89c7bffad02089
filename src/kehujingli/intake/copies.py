"""Is a file that equals another one a copy? Not where it is a picture and bears another day: nothing changed between the two, or the wrong one was saved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from kehujingli import terms
from kehujingli.errors import Finding, finding
from kehujingli.intake.days import sheet_day
from kehujingli.intake.ledger import Export, Sheet
from kehujingli.periods import date_of

_NEVER_STILL = ("accounts", "loans")
"""Tables of which two days never look alike."""


def pictures_of_other_days(
    copies: Iterable[tuple[Export, str]], sheets: Sequence[Sheet]
) -> tuple[list[Sheet], list[tuple[Export, str]]]:
    """Of ``copies`` (export, name of its original) the sheets that are pictures of a day of their own, and the copies that are none.

    The day is the name's or the folder's: what a title or a column says is the same in both.
    """
    found: list[Sheet] = []
    plain: list[tuple[Export, str]] = []
    days: dict[str, set[int | None]] = {}
    for copy, original in copies:
        own = [sheet for sheet in sheets if sheet.export.name == original and _is_picture(sheet)]
        known = days.setdefault(original, {sheet_day(sheet, None) for sheet in own})
        again = [replace(sheet, export=copy, findings=()) for sheet in own]
        day = {sheet_day(sheet, None) for sheet in again}
        if again and not day & {*known, None}:
            known |= day
            found += again
        else:
            plain.append((copy, original))
    return found, plain


def same_pictures(pictures: Iterable[Sheet], sheets: Iterable[Sheet]) -> Iterator[Finding]:
    """A warning for each of ``pictures`` in which something should have moved."""
    originals = {sheet.export.sha256: sheet for sheet in reversed([*sheets])}
    for sheet in pictures:
        if sheet.table in _NEVER_STILL and sheet.accepted:
            other = originals[sheet.export.sha256]
            days = [date_of(day).isoformat() for day in (sheet_day(other, None), sheet_day(sheet, None)) if day]
            yield finding(
                "intake.same-picture",
                file=sheet.export.name,
                sheet=sheet.sheet,
                table=terms.BY_KEY[sheet.table].label,
                other=other.export.name,
                days="、".join(days),
            )


def _is_picture(sheet: Sheet) -> bool:
    """Whether its day stands nowhere but in the file's name."""
    table = terms.BY_KEY.get(sheet.table)
    return table is not None and table.snapshot and not sheet.data_days and sheet.title_day is None and not sheet.member
