"""What is a sheet that is no known table, and what do columns hold that stand for nothing? Told as it is, with a few cells of each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from kehujingli import terms
from kehujingli.errors import Finding, finding
from kehujingli.intake.files.raw import RawSheet
from kehujingli.intake.sheets.finder import Finder
from kehujingli.intake.sheets.headers import Header, Match, doubt_of, doubted, match_table, nearly, parse_header
from kehujingli.intake.sheets.layout import line_for
from kehujingli.intake.sheets.likeness import nearest_header
from kehujingli.intake.sheets.wide import find_wide

_SHOWN = 60
"""Characters of a cell that a sentence quotes."""
_LOOKED_AT, _KEPT = 400, 40
"""Rows, spread over the sheet, of which a column's sample is taken, and how many cells of it are kept."""
_DEEP = 30
"""Rows among which the header of a sheet that is no known table is looked for."""
_NAMED = 6
"""Headers that a question names."""
_KNOWN = 2
"""Columns that a row must have of some table to be looked at as its header."""


@dataclass(frozen=True)
class Unread:
    """How many rows are not read, why, and the cells of the row most like a header: header → what a few cells below it say."""

    rows: int
    finding: Finding
    sample: dict[str, list[str]] = field(default_factory=dict)


def tell_unknown(sheet: str, name: str, rows: list[list[str]], count: int, finder: Finder) -> Unread:
    """No known table here: say which column is missing where one table almost fits, else what was found."""
    best: Match | None = None
    rows = [[cell[:_SHOWN] for cell in row] for row in rows]
    above = 0
    table = finder.table_of(sheet)
    wide = find_wide(rows, sheet, table)
    if wide is not None and wide[1].why:
        said = finding("intake.wide", file=name, sheet=sheet, why=wide[1].why, rows=f"{count - wide[0] - 1:,}")
        return Unread(max(0, count - wide[0] - 1), said)
    asked = None if table else _asked(sheet, name, rows, count, finder)
    if asked is not None:
        return asked
    for index, row in enumerate(rows):
        match = nearly([parse_header(cell) for cell in row], table, finder.also(sheet))
        if match and (best is None or match.score > best.score):
            best, above = match, index + 1
    if best is not None and best.missing and (table or not doubt_of(best)):
        group = best.missing[0]
        spare = [header for position, header in enumerate(best.headers) if position not in best.columns]
        nearest = nearest_header(best.table, group, spare)
        said = finding(
            "intake.column-missing",
            file=name,
            sheet=sheet,
            table=best.table.label,
            missing="”或“".join(best.table.column(key).label for key in group),
            found=_listed(best.headers),
            nearest=f"最像的是“{nearest}”。" if nearest else "",
        )
        return Unread(max(0, count - above), said, _below(rows, above - 1))
    texts = [
        cell.strip()
        for cell in next((row for row in rows if sum(bool(cell.strip()) for cell in row) >= 2), rows[0] if rows else [])
        if cell.strip()
    ]
    if not sheet and len(texts) > 2 and 2 * sum(map(_is_figure, texts)) > len(texts):
        return Unread(count, finding("intake.no-header", file=name, rows=f"{count:,}"))
    aligned = next((parts for row in rows[:_DEEP] if (parts := _aligned(row, finder))), None)
    if not sheet and aligned:
        names = "、".join(aligned[:_NAMED])
        return Unread(count, finding("intake.aligned", file=name, rows=f"{count:,}", found=names))
    found = "、".join(texts[:6]) or "空白"
    told = finding("intake.table-unknown", file=name, sheet=sheet, found=found, rows=f"{count:,}")
    known, header = max(((_known(row, finder), -index) for index, row in enumerate(rows[:_DEEP])), default=(0, 0))
    return Unread(count, told, _below(rows, -header) if known >= _KNOWN else {})


def _asked(sheet: str, name: str, rows: list[list[str]], count: int, finder: Finder) -> Unread | None:
    """Where a row has all that a table must have and yet speaks of something else: what it could be, and how to say that it is it."""
    found = [
        (index, told)
        for index, row in enumerate(rows[:_DEEP])
        if (told := doubted([parse_header(cell) for cell in row], finder.also(sheet))) is not None
    ]
    if not found:
        return None
    index, (match, why) = max(found, key=lambda one: (one[1][0].score, -one[0]))
    columns = "”、“".join(why.headers[:_NAMED])
    more = f"等 {len(why.headers)} 列" if len(why.headers) > _NAMED else ""
    said = f"“{columns}”{more}说的是" + (
        f"另一件事（{why.about}）" if why.about else f"别的事，{match.table.label}自己的内容很少"
    )
    question = finding(
        "intake.table-doubtful",
        file=name,
        sheet=sheet,
        table=match.table.label,
        why=said,
        rows=f"{max(0, count - index - 1):,}",
        line="，".join(line_for(match.table, finder.file or name, sheet)),
    )
    return Unread(max(0, count - index - 1), question)


def _aligned(row: Sequence[str], finder: Finder) -> list[str]:
    """The columns that blanks alone part in a line that is one cell; none where no table knows two of them."""
    parts = row[0].split() if sum(bool(cell.strip()) for cell in row) == 1 and row[0].strip() else []
    return parts if len(parts) > _KNOWN and _known(parts, finder) >= _KNOWN else []


def _known(row: Sequence[str], finder: Finder) -> int:
    """The most columns that some table knows of a row."""
    headers, also = [parse_header(cell) for cell in row], finder.also()
    return max(
        (match.score for table in terms.TABLES if (match := match_table(table, headers, also)) is not None), default=0
    )


def _below(rows: Sequence[Sequence[str]], header: int) -> dict[str, list[str]]:
    """Header → the cells below it that say something, those of the first of two that are called alike."""
    found: dict[str, list[str]] = {}
    for position, cell in enumerate(rows[header]):
        below = (row[position].strip() for row in rows[header + 1 :] if position < len(row))
        if cell.strip():
            found.setdefault(cell.strip(), [text for text in below if text][:_KEPT])
    return found


def sample_of(raw: RawSheet) -> dict[str, list[str]]:
    """The same of the columns of a sheet that has been read which stand for nothing."""
    found: dict[str, list[str]] = {}
    rows = np.unique(np.linspace(0, len(raw) - 1, _LOOKED_AT).astype(np.int64)) if len(raw) else np.array([], np.int64)
    for position, header in enumerate(raw.match.headers[: raw.width]):
        name = header.raw.strip()
        if name and position not in raw.match.columns and name not in found:
            texts = raw.said(position, rows).to_pylist()
            found[name] = [text[:_SHOWN] for text in texts if text][:_KEPT]
    return found


def _is_figure(text: str) -> bool:
    """A number, an account or a date: what a column name is not."""
    return bool(re.fullmatch(r"[\d\s.,:：年月日/%¥￥+-]*\d[\d\s.,:：年月日/%¥￥+-]*", text))


def _listed(headers: Sequence[Header]) -> str:
    names = [header.raw.strip() for header in headers if header.raw.strip()]
    return "、".join(names[:12]) + ("……" if len(names) > 12 else "")
