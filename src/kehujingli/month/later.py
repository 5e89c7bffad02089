"""Which of what was found when the exports were read is no matter of this month? What stands in files, or in refused rows, of later days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from kehujingli import terms
from kehujingli.errors import Finding, finding
from kehujingli.intake.days import sheet_day
from kehujingli.intake.ledger import Sheet
from kehujingli.intake.refused import rejected_rows
from kehujingli.periods import Period, day_of, month_of_day, named_month

_NAMED = 3


@dataclass(frozen=True)
class Parted:
    """``findings``: those of the month, and that there are others; ``refused``: how many rows of later days were refused."""

    findings: tuple[Finding, ...]
    refused: int = 0


def of_this_month(findings: Sequence[Finding], sheets: Sequence[Sheet], period: Period) -> Parted:
    """Without what was told of sheets that begin after the period, or only of their rows of later days."""
    places: dict[tuple[str, str], list[Sheet]] = {}
    for sheet in sheets:
        places.setdefault((sheet.export.name, sheet.sheet), []).append(sheet)
    kept: list[Finding] = []
    left: list[Finding] = []
    looked: dict[int, _Later] = {}
    for told in findings:
        here = places.get((told.file, told.sheet), []) if told.file else []
        for sheet in here:
            looked.setdefault(id(sheet), _Later.of(sheet, period))
        later = bool(here) and all(looked[id(sheet)].holds(told) for sheet in here)
        (left if later else kept).append(told)
    if left:
        files = list(dict.fromkeys(told.file for told in left))
        said = "、".join(f"《{name}》" for name in files[:_NAMED]) + ("等" if len(files) > _NAMED else "")
        kept.append(finding("period.later-findings", count=len(left), files=said, period=period.name))
    refused = sum(looked[id(sheet)].refused for sheet in sheets if id(sheet) in looked)
    return Parted(tuple(kept), refused)


@dataclass(frozen=True)
class _Later:
    """What of a sheet is later than the period: all of it, or these codes, all of whose refused rows are; ``refused``: how many rows."""

    whole: bool
    codes: frozenset[str]
    refused: int

    @classmethod
    def of(cls, sheet: Sheet, period: Period) -> _Later:
        begins = _begins_later(sheet, period)
        if not sheet.rejected or sheet.table not in terms.BY_KEY:
            return cls(begins, frozenset(), sheet.rejected if begins else 0)
        # A refused row whose day cannot be read is of the days of its sheet.
        rows = [(row["code"], _is_later(sheet, row, period)) for row in rejected_rows(sheet)]
        told = [(code, begins if later is None else later) for code, later in rows]
        mine = {code for code, later in told if not later}
        return cls(begins and not mine, frozenset(code for code, _ in told) - mine, sum(later for _, later in told))

    def holds(self, told: Finding) -> bool:
        return self.whole or (told.level == "refused" and told.code in self.codes)


def _begins_later(sheet: Sheet, period: Period) -> bool:
    """Whether the sheet's first day is after the period's last. What bears no day may count for any month."""
    table = terms.BY_KEY.get(sheet.table)
    named = sheet_day(sheet, None)
    if table is None:
        return named is not None and named > period.last
    if table.snapshot:
        days: list[int | None] = [day_of(date.fromisoformat(day)) for day in sheet.data_days]
        return all(day is not None and day > period.last for day in days or [named])
    if not table.has("date"):
        return _months_later(sheet, period)
    first = _least(sheet, "date")
    if first is None and "date" not in sheet.columns:
        return _months_later(sheet, period)
    day = first if first is not None else named
    return day is not None and day > period.last


def _months_later(sheet: Sheet, period: Period) -> bool:
    """Of a table whose rows name their month: whether all of them name later ones."""
    if "period" not in sheet.columns or sheet.parquet is None or not sheet.accepted:
        return False
    import pyarrow.parquet as pq

    months = [
        named_month(said) for said in pq.read_table(sheet.parquet, columns=["period"])["period"].unique().to_pylist()
    ]
    return all(month is not None and month > period.month for month in months)


def _least(sheet: Sheet, key: str) -> int | None:
    """The first day of the accepted rows; nothing where there are none."""
    if sheet.parquet is None or not sheet.accepted or key not in sheet.columns:
        return None
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    found = pc.min(pq.read_table(sheet.parquet, columns=[key])[key]).as_py()
    return None if found is None else int(found)


def _is_later(sheet: Sheet, row: Mapping[str, Any], period: Period) -> bool | None:
    """Whether a refused row says a day, or a month, after the period; nothing where it says none that can be read."""
    for key in ("date", "data_date", "period"):
        header = sheet.columns.get(key)
        if header is None or header not in sheet.headers:
            continue
        place = sheet.headers.index(header)
        text = row["original"][place] if place < len(row["original"]) else None
        if not text:
            return None
        day = None if key == "period" else _day(text)
        month = named_month(text) if key == "period" else None if day is None else month_of_day(day)
        return None if month is None else month > period.month
    return None


def _day(text: str) -> int | None:
    from kehujingli.intake.cells.dates import date_of_text

    try:
        return date_of_text(text)
    except ValueError:
        return None
