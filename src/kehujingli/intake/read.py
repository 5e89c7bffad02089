"""What is in this file? One file in; for each sheet its table, what was accepted and refused, and what a person should know.

Nothing here depends on the file's folder, nor on its name unless a layout asks for it: the result is cached by content.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kehujingli import terms
from kehujingli.errors import Finding, finding, place
from kehujingli.intake.elsewhere import set_currency, set_row_units
from kehujingli.intake.files.formats import apply_formats
from kehujingli.intake.files.grid import Grid, read_grid
from kehujingli.intake.files.peek import DEPTH, SheetPeek, peek_workbook
from kehujingli.intake.files.raw import RawSheet
from kehujingli.intake.files.scratch import scratch
from kehujingli.intake.files.sniff import FileKind, sniff
from kehujingli.intake.files.unpack import Locked
from kehujingli.intake.fit import fit, lines_below, set_units
from kehujingli.intake.rows.accept import Accepted, accept
from kehujingli.intake.sheets.finder import Finder, Found
from kehujingli.intake.sheets.headers import Match
from kehujingli.intake.sheets.titles import latest_day, title_day
from kehujingli.intake.sheets.told import header_findings
from kehujingli.intake.sheets.wide import numbered, pairs
from kehujingli.intake.unfold import unfold
from kehujingli.intake.unknown import sample_of, tell_unknown

if TYPE_CHECKING:
    from kehujingli.intake.files.stray import Strays

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
    member: str = ""
    """The file inside an archive that the sheet is of."""
    titles: list[str] = field(default_factory=list)
    """The texts above the header."""
    locked: bool = False
    """Whether a password is wanted that was not given."""
    passing: bool = False
    """Whether the machine was at fault and not the file: it may be read another time."""
    negated: list[str] = field(default_factory=list)
    """Amount columns that count the other way round."""
    sample: dict[str, list[str]] = field(default_factory=dict)
    """Header that stands for no column → what a few of its cells say. Where no table was found, every header of the row most like one."""


_ANY = Finder()


def read_file(path: Path, name: str, finder: Finder = _ANY, passwords: Sequence[str] = ()) -> Iterator[SheetResult]:
    """Every sheet of a file, in order. ``name`` is for the findings.

    A file that cannot be opened at all gives one result with the finding ``intake.unreadable`` or ``intake.password``; a file
    without any cell one with ``intake.no-data``.
    """
    yield from _guarded(path, name, finder, passwords, _DEEPEST)


def _guarded(path: Path, name: str, finder: Finder, passwords: Sequence[str], depth: int) -> Iterator[SheetResult]:
    found = False
    try:
        for result in _read(path, name, finder, passwords, depth):
            found = True
            yield result
    except Locked:
        yield SheetResult("", findings=[finding("intake.password", file=name)], locked=True)
    except _OURS as error:
        frame = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{type(error).__name__}，{Path(frame.filename).name}:{frame.lineno}"
        yield SheetResult("", findings=[finding("intake.reader-fault", file=name, detail=where)])
    except Exception as error:
        passing = isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno is not None)
        yield SheetResult("", findings=[finding("intake.unreadable", file=name, detail=_cause(error))], passing=passing)
    else:
        if not found:
            yield SheetResult("", findings=[finding("intake.no-data", file=name)])


_OURS = (AttributeError, TypeError, KeyError, IndexError, AssertionError, NameError, NotImplementedError)
"""What a broken file does not raise by itself: the reader is at fault, and says so."""
_DEEPEST = 3
"""How many archives may stand inside each other."""
_REFUSED: dict[FileKind, str] = {
    "empty": "文件是空的",
    "unknown": "不是工作簿，也不是文本表",
    "biff": "是 Excel 4 或更早的格式",
}


def _cause(error: BaseException) -> str:
    """The first line of what a reader complained of, short enough for a sentence; a library's own words stand in brackets."""
    text = (str(error).strip().split("\n")[0][:120] or type(error).__name__).rstrip(".。")
    return f"文件损坏，或不是合格的工作簿（{text}）" if text.isascii() else text


def _read(path: Path, name: str, finder: Finder, passwords: Sequence[str], depth: int) -> Iterator[SheetResult]:
    kind = sniff(path)
    if kind in _REFUSED:
        raise ValueError(_REFUSED[kind])
    if kind in ("zip", "gzip", "encrypted"):
        if not depth:
            raise ValueError("压缩包套得太深")
        with scratch() as folder:
            yield from _unpacked(path, folder, kind, name, finder, passwords, depth - 1)
    elif kind == "text":
        yield from _read_text(path, name, finder)
    elif kind == "parquet":
        yield from _read_parquet(path, name, finder)
    elif kind in ("html", "xml", "mhtml"):
        yield from _read_markup(path, name, kind, finder)
    else:
        try:
            yield from _read_workbook(path, name, kind, finder)
        except Exception as error:
            if "password" not in str(error).casefold():
                raise
            from kehujingli.intake.files.unpack import decrypt

            with scratch() as folder:
                yield from _read_workbook(decrypt(path, folder, passwords), name, kind, finder)


def _unpacked(
    path: Path, folder: Path, kind: str, name: str, finder: Finder, passwords: Sequence[str], depth: int
) -> Iterator[SheetResult]:
    from kehujingli.intake.files.unpack import decrypt, gunzip, unzip

    if kind == "encrypted":
        yield from _read(decrypt(path, folder, passwords), name, finder, passwords, depth)
    elif kind == "gzip":
        yield from _read(gunzip(path, folder), name, finder, passwords, depth)
    else:
        for member, file in unzip(path, folder, passwords):
            for result in _guarded(
                file, name, replace(finder, file=f"{finder.file or name}/{member}"), passwords, depth
            ):
                yield _of_member(result, member)


def _of_member(result: SheetResult, member: str) -> SheetResult:
    """A sheet of an archive's member: 流水/202610.csv, or 台账.xlsx·Sheet1."""
    sheet = f"{member}·{result.sheet}" if result.sheet else member
    result.findings = [
        replace(
            told, sheet=sheet, message=told.message.replace(place(told.file, told.sheet), place(told.file, sheet), 1)
        )
        for told in result.findings
    ]
    result.sheet, result.member = sheet, member
    return result


def _read_text(path: Path, name: str, finder: Finder) -> Iterator[SheetResult]:
    from kehujingli.intake.files.text import decode_most, find_opening, first_records, read_text

    raw = path.read_bytes()
    try:
        text, broken, mixed = decode_most(raw)
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ValueError(f"既不是 UTF-8 也不是 GB18030 编码（第 {line:,} 行）") from None
    del raw
    opening = find_opening(text, finder)
    if opening is None:
        records = first_records(text)
        if records:
            yield _unknown("", name, records, max(1, text.count("\n")), finder)
        return
    read = read_text(text, opening, broken=broken)
    if mixed:
        read.notes.append(("intake.encodings", {}))
    yield _result(read, name, opening.found)


def _read_parquet(path: Path, name: str, finder: Finder) -> Iterator[SheetResult]:
    from kehujingli.intake.files.parquet import columns_of, find_table, read_parquet, unclear

    names, rows = columns_of(path)
    found = find_table(names, finder)
    if found is None:
        yield _unknown("", name, [names], rows + 1, finder)
        return
    told = unclear(path, name, found)
    if told:
        yield SheetResult("", unknown_rows=rows, findings=told)
        return
    yield _result(read_parquet(path, found), name, found)


def _read_markup(path: Path, name: str, kind: str, finder: Finder) -> Iterator[SheetResult]:
    from kehujingli.intake.files import markup

    grids = {"html": markup.html_grids, "xml": markup.xml_grids, "mhtml": markup.mhtml_grids}[kind](path.read_bytes())
    for grid in grids:
        yield _of_grid(grid, name, finder)


def _of_grid(grid: Grid, name: str, finder: Finder) -> SheetResult:
    rows = [cells for _, cells in grid.rows[:DEPTH]]
    found = finder.find(rows, grid.name)
    if found is None:
        return _unknown(grid.name, name, rows, len(grid.rows), finder)
    return _result(read_grid(grid, found.header, found.match), name, found)


def _read_workbook(path: Path, name: str, kind: str, finder: Finder) -> Iterator[SheetResult]:
    if kind != "xlsx":
        yield from _either(path, name, kind, finder)
        return
    from kehujingli.intake.files.stray import without_strays
    from kehujingli.intake.files.unplaced import with_places

    with scratch() as folder:
        near, strays = without_strays(with_places(path, folder), folder)
        yield from _either(near, name, kind, finder, strays)


def _either(
    path: Path, name: str, kind: str, finder: Finder, strays: Mapping[str, Strays] | None = None
) -> Iterator[SheetResult]:
    """Sheets by the quick reader; where that one fails, or aborts, those that it has not given yet cell by cell by the other."""
    given = 0
    try:
        for result in _read_sheets(path, name, kind, finder, strays):
            given += 1
            yield result
    except BaseException as error:
        if isinstance(error, GeneratorExit) or not _of_reader(error) or "password" in str(error).casefold():
            raise
        from kehujingli.intake.files.workbook import formatted_grids

        try:
            grids = list(formatted_grids(path, kind))
        except BaseException as other:
            if not _of_reader(other):
                raise
            raise (error if isinstance(error, Exception) else ValueError(_ABORTED)) from None
        for grid in grids[given:]:
            yield _of_grid(grid, name, finder)


_ABORTED = "读取程序中断"


def _of_reader(error: BaseException) -> bool:
    """Whether it is a reader's own: an error, or the abort that its language makes of one."""
    return isinstance(error, Exception) or type(error).__name__ == "PanicException"


def _read_sheets(
    path: Path, name: str, kind: str, finder: Finder, strays: Mapping[str, Strays] | None = None
) -> Iterator[SheetResult]:
    from kehujingli.intake.files.marks import Marks, Scanning
    from kehujingli.intake.files.styled import Formats
    from kehujingli.intake.files.workbook import Place, mark, open_workbook, read_sheet

    peeks = peek_workbook(path, kind)
    reader = None
    formats = Formats(path, kind)
    before: tuple[SheetPeek, Found] | None = None  # the sheet before, where it is full and may go on in this one
    for peek in peeks:
        if not peek.rows or (peek.name == terms.FORM_GUIDE and len(peeks) > 1):
            continue
        grid = peek.grid()
        found = finder.find([row for _, row in grid], peek.name)
        continued = False
        if found is None and before and _continues(before[1].match, grid):
            found = replace(before[1], header=-1)
            continued = True
        full = peek.last_row is not None and peek.last_row + 1 in FULL
        if found is None:
            yield _unknown(peek.name, name, [row for _, row in grid], (peek.last_row or len(grid)) + 1, finder)
            continue
        header = grid[found.header][0] if found.header >= 0 else None
        reader = reader or open_workbook(path)
        place = Place(peek.index, header, 0 if header is None else header + 1)
        scanning = Scanning(path, peek.member) if peek.member else None
        if scanning:
            scanning.start()
        raw = read_sheet(reader, peek, place, found.match, found.fitted.factors() if found.fitted else frozenset())
        mark(raw, scanning.found() if scanning else Marks(merged=peek.merged), place.first_data_row)
        raw.shown = formats.of(peek.index, peek.member, place.first_data_row, len(raw))
        raw.titles = tuple(
            text for number, row in grid if header is not None and number < header for text in row if text.strip()
        )
        raw.whole = not continued
        far = (strays or {}).get(peek.member)
        if far is not None:
            raw.notes.append(("intake.stray", {"cell": far.first, "count": far.count}))
        result = _result(raw, name, found)
        del raw
        if full and not _has_next(peeks, peek, found.match, finder):
            result.findings.append(
                finding("intake.truncated", file=name, sheet=peek.name, rows=f"{(peek.last_row or 0) + 1:,}")
            )
        before = (peek, found) if full else None
        yield result


def _continues(match: Match, grid: list[tuple[int, list[str]]]) -> bool:
    """A sheet without a header, as wide as the full one before it."""
    first = grid[0][1] if grid else []
    return len(first) >= max(match.columns, default=0) and sum(1 for cell in first if cell.strip()) >= 2


def _has_next(peeks: list[SheetPeek], peek: SheetPeek, match: Match, finder: Finder) -> bool:
    later = [other for other in peeks if other.index > peek.index and other.rows]
    if not later:
        return False
    grid = later[0].grid()
    found = finder.find([row for _, row in grid], later[0].name)
    return found.match.table.key == match.table.key if found else _continues(match, grid)


def _result(raw: RawSheet, name: str, found: Found) -> SheetResult:
    day = title_day(raw.titles)
    series = found.series or pairs(raw.match)
    second = [] if series else numbered(raw.match)
    if series is not None:
        raw = unfold(raw, series)
    if found.fitted is not None:
        fit(raw, found.fitted, latest_day(raw.titles) if day is None else day)
    set_currency(raw, lines_below(raw))
    set_units(raw)
    set_row_units(raw)
    apply_formats(raw, raw.shown)
    match = raw.match
    accepted = accept(raw, name)
    columns = {column.key: match.headers[position].raw.strip() for position, column in match.columns.items()}
    headers = [header.raw.strip() for header in match.headers[: raw.width]]
    result = SheetResult(raw.name, match.table.key, raw.header_row, day, columns, headers, accepted=accepted)
    result.titles = list(raw.titles)
    result.sample = sample_of(raw)
    result.negated = [match.columns[position].key for position in raw.negated if position in match.columns]
    result.findings += accepted.findings + list(header_findings(match, name, raw.name))
    where: dict[str, Any] = {"file": name, "sheet": raw.name}
    result.findings += [finding(code, **where, **facts) for code, facts in raw.notes]
    if second:
        result.findings.append(finding("intake.numbered", **where, columns="”、“".join(second)))
    if found.match.mapped:
        said = "、".join(
            f"“{match.headers[at].raw.strip()}”是{match.columns[at].label}"
            for at in found.match.mapped
            if at in match.columns
        )
        result.findings.append(finding("intake.mapped", **where, table=match.table.label, columns=said))
    if found.said:
        result.findings.append(finding("intake.table-said", **where, table=match.table.label))
    if raw.layout:
        result.findings.append(finding("intake.layout", **where, table=match.table.label, layout=raw.layout))
    if raw.hidden:
        result.findings.append(finding("intake.hidden", file=name, sheet=raw.name))
    if accepted.rows == 0:
        result.findings.append(finding("intake.empty", file=name, sheet=raw.name, table=match.table.label))
    return result


def _unknown(sheet: str, name: str, rows: list[list[str]], count: int, finder: Finder) -> SheetResult:
    unread = tell_unknown(sheet, name, rows, count, finder)
    return SheetResult(sheet, unknown_rows=unread.rows, findings=[unread.finding], sample=unread.sample)
