"""What is in this file? One file in; for each sheet its table, what was accepted and refused, and what a person should know.

Nothing here depends on the file's name or folder: the result is cached by content.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from kehujingli import terms
from kehujingli.errors import Finding, finding
from kehujingli.intake.accept import Accepted, accept
from kehujingli.intake.headers import Header, Match, find_header, nearest_header, nearly, parse_header
from kehujingli.intake.peek import SheetPeek, peek_workbook
from kehujingli.intake.raw import RawSheet
from kehujingli.intake.sniff import sniff
from kehujingli.periods import date_of, day_of, month_end, month_of

FULL = (65_536, 1_048_576)
"""Rows at which .xls and .xlsx end; a sheet that long goes on in the next one, or was cut off."""


@dataclass
class SheetResult:
    """One sheet as read. ``table`` is empty where no known table was found."""

    sheet: str
    table: str = ""
    header_row: int = 0
    day: int | None = None
    """The snapshot's day where the sheet itself tells it: its title."""
    columns: dict[str, str] = field(default_factory=dict)
    """Canonical key → the header it was read from."""
    headers: list[str] = field(default_factory=list)
    """Every header as it stands, in order."""
    unknown_rows: int = 0
    accepted: Accepted | None = None
    findings: list[Finding] = field(default_factory=list)


def read_file(path: Path, name: str, forced: str | None = None) -> Iterator[SheetResult]:
    """Every sheet of a file, in order. ``name`` is for the findings; ``forced`` reads every sheet as that table.

    A file that cannot be opened at all gives one result with the finding ``intake.unreadable`` or ``intake.password``.
    """
    try:
        kind = sniff(path)
        match kind:
            case "empty":
                yield SheetResult("", findings=[finding("intake.unreadable", file=name, detail="文件是空的")])
            case "encrypted":
                yield SheetResult("", findings=[finding("intake.password", file=name)])
            case "unknown" | "zip":
                yield SheetResult(
                    "", findings=[finding("intake.unreadable", file=name, detail="压缩包损坏或不是工作簿")]
                )
            case "text":
                yield from _read_text(path, name, forced)
            case _:
                yield from _read_workbook(path, name, kind, forced)
    except _OURS as error:
        frame = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{type(error).__name__}，{Path(frame.filename).name}:{frame.lineno}"
        yield SheetResult("", findings=[finding("intake.reader-fault", file=name, detail=where)])
    except Exception as error:
        yield SheetResult("", findings=[finding("intake.unreadable", file=name, detail=_cause(error))])


_OURS = (AttributeError, TypeError, KeyError, IndexError, AssertionError, NameError, NotImplementedError)
"""What a broken file does not raise by itself: the reader is at fault, and says so."""


def _cause(error: BaseException) -> str:
    """The first line of what a reader complained of, short enough for a sentence."""
    text = str(error).strip().split("\n")[0]
    return (text[:120] or type(error).__name__).rstrip(".。")


def _read_text(path: Path, name: str, forced: str | None) -> Iterator[SheetResult]:
    from kehujingli.intake.text import decode, find_opening, first_records, read_text

    try:
        text = decode(path.read_bytes())
    except UnicodeDecodeError:
        yield SheetResult(
            "", findings=[finding("intake.unreadable", file=name, detail="既不是 UTF-8 也不是 GB18030 编码")]
        )
        return
    opening = find_opening(text, forced)
    if opening is None:
        records = first_records(text)
        yield _unknown("", name, records, max(0, text.count("\n")))
        return
    yield _result(read_text(text, opening), name)


def _read_workbook(path: Path, name: str, kind: str, forced: str | None) -> Iterator[SheetResult]:
    from kehujingli.intake.workbook import Place, open_workbook, read_sheet

    peeks = peek_workbook(path, kind)
    reader = None
    before: tuple[SheetPeek, Match] | None = None  # the sheet before, where it is full and may go on in this one
    for peek in peeks:
        if not peek.rows:
            continue
        grid = peek.grid()
        found = find_header([row for _, row in grid], forced)
        place, match = None, None
        if found:
            place, match = Place(peek.index, grid[found[0]][0], grid[found[0]][0] + 1), found[1]
        elif before and _continues(before[1], grid):
            place, match = Place(peek.index, None, 0), before[1]
        full = peek.last_row is not None and peek.last_row + 1 in FULL
        if place is None or match is None:
            yield _unknown(peek.name, name, [row for _, row in grid], (peek.last_row or len(grid)) + 1)
            continue
        reader = reader or open_workbook(path)
        raw = read_sheet(reader, peek, place, match)
        raw.titles = tuple(
            text
            for number, row in grid
            if place.header_row is not None and number < place.header_row
            for text in row
            if text.strip()
        )
        result = _result(raw, name)
        del raw
        if full and not _has_next(peeks, peek, match):
            result.findings.append(
                finding("intake.truncated", file=name, sheet=peek.name, rows=f"{(peek.last_row or 0) + 1:,}")
            )
        before = (peek, match) if full else None
        yield result


def _continues(match: Match, grid: list[tuple[int, list[str]]]) -> bool:
    """A sheet without a header, as wide as the full one before it."""
    first = grid[0][1] if grid else []
    return len(first) >= max(match.columns, default=0) and sum(1 for cell in first if cell.strip()) >= 2


def _has_next(peeks: list[SheetPeek], peek: SheetPeek, match: Match) -> bool:
    later = [other for other in peeks if other.index > peek.index and other.rows]
    if not later:
        return False
    grid = later[0].grid()
    found = find_header([row for _, row in grid])
    return found[1].table.key == match.table.key if found else _continues(match, grid)


def _result(raw: RawSheet, name: str) -> SheetResult:
    match = raw.match
    accepted = accept(raw, name)
    columns = {column.key: match.headers[position].raw.strip() for position, column in match.columns.items()}
    headers = [header.raw.strip() for header in match.headers]
    result = SheetResult(
        raw.name, match.table.key, raw.header_row, title_day(raw.titles), columns, headers, accepted=accepted
    )
    result.findings += accepted.findings + list(_header_findings(match, name, raw.name))
    if raw.hidden:
        result.findings.append(finding("intake.hidden", file=name, sheet=raw.name))
    if accepted.rows == 0:
        result.findings.append(finding("intake.empty", file=name, sheet=raw.name, table=match.table.label))
    return result


def _header_findings(match: Match, name: str, sheet: str) -> Iterator[Finding]:
    for header in match.headers:
        if header.name in terms.AMBIGUOUS_HEADERS and match.table.key in ("accounts", "loans"):
            yield finding(
                "intake.average-ambiguous",
                file=name,
                sheet=sheet,
                header=header.raw.strip(),
                choices="、".join(terms.AMBIGUOUS_HEADERS[header.name]),
            )


def _unknown(sheet: str, name: str, rows: list[list[str]], count: int) -> SheetResult:
    """No known table here: say which column is missing where one table almost fits, else what was found."""
    best: Match | None = None
    for row in rows:
        match = nearly([parse_header(cell) for cell in row])
        if match and (best is None or match.score > best.score):
            best = match
    if best is not None:
        group = best.missing[0]
        nearest = nearest_header(best.table, group, best.headers)
        said = finding(
            "intake.column-missing", file=name, sheet=sheet, table=best.table.label, missing="”或“".join(best.table.column(key).label for key in group),
            found=_listed(best.headers), nearest=f"最像的是“{nearest}”。" if nearest else "",
        )  # fmt: skip
        return SheetResult(sheet, unknown_rows=count, findings=[said])
    texts = [
        cell.strip()
        for cell in next((row for row in rows if sum(bool(cell.strip()) for cell in row) >= 2), rows[0] if rows else [])
        if cell.strip()
    ]
    found = "、".join(texts[:6]) or "空白"
    return SheetResult(
        sheet,
        unknown_rows=count,
        findings=[finding("intake.table-unknown", file=name, sheet=sheet, found=found, rows=f"{count:,}")],
    )


def _listed(headers: Sequence[Header]) -> str:
    names = [header.raw.strip() for header in headers if header.raw.strip()]
    return "、".join(names[:12]) + ("……" if len(names) > 12 else "")


_FULL_DATE = re.compile(
    r"(\d{4})\s*[-年./]\s*(\d{1,2})\s*[-月./]\s*(\d{1,2})|(?<!\d)((?:19|20)\d{2})(\d{2})(\d{2})(?!\d)"
)
_MONTH = re.compile(r"(\d{4})\s*[-年./]\s*(\d{1,2})(?!\d)\s*月?|(?<!\d)((?:19|20)\d{2})(0[1-9]|1[0-2])(?!\d)")


def day_in_text(text: str) -> int | None:
    """The last day that a text names: 截至2026年10月31日, 20261031; a month means its last day: 202610, 2026年10月."""
    days: list[date] = []
    for match in _FULL_DATE.finditer(text):
        groups = [group for group in match.groups() if group]
        _append_date(days, lambda groups=groups: date(*(int(group) for group in groups)))  # type: ignore[misc]
    if not days:
        for match in _MONTH.finditer(text):
            year, month = (int(group) for group in match.groups() if group)
            _append_date(days, lambda year=year, month=month: month_end(month_of(date(year, month, 1))))  # type: ignore[misc]
    return day_of(max(days)) if days else None


def _append_date(days: list[date], make: Callable[[], date]) -> None:
    try:
        found = make()
    except ValueError:
        return
    if 1950 <= found.year <= 2100:
        days.append(found)


def title_day(titles: tuple[str, ...]) -> int | None:
    """The day of a snapshot as its title rows tell it."""
    days = [day for title in titles if (day := day_in_text(title)) is not None]
    return max(days) if days else None


def column_days(table: pa.Table) -> list[date]:
    """The days that a column 数据日期 names."""
    if "data_date" not in table.column_names:
        return []
    return [date_of(day) for day in pc.unique(table["data_date"]).to_pylist() if day is not None]
