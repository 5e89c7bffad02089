"""How is an export read whose headers are not ours? By a layout: a small TOML file that says which of its columns is which of ours.

A layout of the workspace's ``layouts/`` is tried before anything else; the shipped ones (statements of well-known banks and
wallets) only where no table is recognised. Which words a layout may use: docs/layouts.md.
"""

from __future__ import annotations

import fnmatch
import functools
import hashlib
import json
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from kehujingli import terms
from kehujingli.errors import Problem, problem
from kehujingli.errors.toml_lines import key_lines, line_of, parse_toml
from kehujingli.intake.sheets.headers import Also, Header, Match, parse_header
from kehujingli.terms import Column, Table

SHIPPED = Path(__file__).parent / "shipped"
_TOP = {"name", "table", "file", "sheet", "spent_positive", "columns", "also", "leave_out"}
_SOURCES = ("header", "position", "title", "value", "product")
_HOW = {"take", "format", "words"}


@dataclass(frozen=True)
class Source:
    """Where a column comes from, one of: ``headers`` (the first that stands there), ``position`` (from 0), a pattern in the lines
    above the header, a constant, or the product of two columns; and how its cells are read."""

    headers: tuple[str, ...] = ()
    position: int | None = None
    title: str = ""
    value: str = ""
    product: tuple[str, ...] = ()
    take: str = ""
    """Only what this pattern's bracket holds is the value."""
    format: str = ""
    """How dates are written, as in strptime: %d/%m/%Y. Without a year it is the title's."""
    negate: bool = False


@dataclass(frozen=True)
class Layout:
    """One kind of export. ``columns`` pairs each canonical column with its source."""

    name: str
    table: Table
    columns: tuple[tuple[Column, Source], ...]
    file: str = ""
    sheet: str = ""
    leave_out: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Header → words: rows with such a word are no postings, and are left out and counted."""
    also: tuple[tuple[Column, Source], ...] = ()
    """More headers of a column, read where one of them stands and the column has no other. Without ``columns`` the layout adds
    them to the spellings that every table has."""

    @property
    def names_only(self) -> bool:
        """Whether it only says which table the files or sheets of a name are, and leaves the columns to their headers."""
        return not self.columns and not self.also

    @property
    def headerless(self) -> bool:
        return bool(self.columns) and all(not source.headers and not source.product for _, source in self.columns)

    def fits(self, file: str, sheet: str) -> bool:
        """Whether the names of file and sheet are such as the layout asks for; ``file`` with its folders and archives before it.

        A layout that names folders or an archive too is for what lies there; one that does not, for every file of the name.
        """
        parts = self.file.count("/") + 1
        name = "/".join(file.split("/")[-parts:])
        return _named(name.casefold(), self.file.casefold()) and _named(sheet, self.sheet)

    def match(self, cells: Sequence[str]) -> Fitted | None:
        """This row as the layout's header; ``None`` where one of the headers it names is not there."""
        headers = [parse_header(cell) for cell in cells]
        by_name: dict[str, int] = {}
        for position, header in enumerate(headers):
            for name in (_folded(header.raw), header.name.casefold()):
                by_name.setdefault(name, position)

        def find(names: Sequence[str]) -> int | None:
            return next((by_name[name] for name in map(_folded, names) if name in by_name), None)

        places: list[tuple[Column, Source, tuple[int, ...]]] = []
        for column, source in self.columns:
            wanted = [source.headers] if source.headers else [(name,) for name in source.product]
            found: list[int | None] = [find(names) for names in wanted]
            if source.position is not None:
                found = [source.position]
            if any(position is None for position in found):
                return None
            places.append((column, source, tuple(place for place in found if place is not None)))
        taken, given = {place for _, _, at in places for place in at}, {column.key for column, _, _ in places}
        for column, source in self.also:
            stands = find(source.headers)
            if stands is not None and stands not in taken and column.key not in given:
                places.append((column, source, (stands,)))
        left_out = {at: words for name, words in self.leave_out.items() if (at := find([name])) is not None}
        return Fitted(self, headers, tuple(places), left_out)

    def open(self, width: int) -> Fitted:
        """The layout of a table without a header: its columns are told by their places."""
        fitted = self.match([""] * width)
        assert fitted is not None
        headers = list(fitted.headers)
        for column, _, positions in fitted.places:
            for position in positions:
                if position >= len(headers):
                    headers += [Header("", "")] * (position + 1 - len(headers))
                headers[position] = parse_header(column.label)
        return replace(fitted, headers=headers)


@dataclass(frozen=True)
class Fitted:
    """A layout laid on a header: where each of its columns stands."""

    layout: Layout
    headers: Sequence[Header]
    places: tuple[tuple[Column, Source, tuple[int, ...]], ...]
    left_out: Mapping[int, tuple[str, ...]] = field(default_factory=dict)

    def plain(self) -> Match:
        """The columns that are read where they stand; what is made of others or said elsewhere is added after reading."""
        columns: dict[int, Column] = {}
        for column, source, positions in self.places:
            if len(positions) == 1 and not source.take and not source.format:
                columns.setdefault(positions[0], column)
        return Match(self.layout.table, dict(sorted(columns.items())), self.headers)

    def factors(self) -> frozenset[int]:
        """Where the columns stand that are multiplied: quantities and prices."""
        return frozenset(position for _, source, positions in self.places if source.product for position in positions)


def spellings_of(layouts: Sequence[Layout]) -> Also:
    """What layouts without columns of their own add to the spellings of their tables; of two that differ the first."""
    found: dict[str, dict[str, Column]] = {}
    for layout in layouts:
        for column, source in () if layout.columns else layout.also:
            more = found.setdefault(layout.table.key, {})
            for name in source.headers:
                more.setdefault(parse_header(name).name.casefold(), column)
    return found


def _named(name: str, wanted: str) -> bool:
    """By the very name, or by a pattern where * or ? stands in it: brackets of a name without them are brackets."""
    return not wanted or name == wanted or (bool(set("*?") & set(wanted)) and fnmatch.fnmatchcase(name, wanted))


def line_for(table: Table, file: str, sheet: str) -> tuple[str, ...]:
    """The lines of a layout that say that this sheet of this file is a table."""
    said = {"table": table.label, "file": file, "sheet": sheet}
    return tuple(f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in said.items() if value)


def _folded(name: str) -> str:
    return re.sub(r"[\s\u200b\ufeff]+", "", name).strip("\"'=").casefold()


def load_folder(folder: Path) -> list[Layout]:
    """The layouts of a folder in the order of their files. Raises ``layout.bad``."""
    return [load_layout(path) for path in sorted(folder.glob("*.toml"))]


@functools.cache
def shipped() -> tuple[Layout, ...]:
    """The layouts that come with the program."""
    return tuple(load_folder(SHIPPED))


def digest(paths: Sequence[Path], file: str) -> str:
    """Changes with what these layouts say, and with the file's name where one of them asks for a name."""
    sums = hashlib.sha256()
    for path in paths:
        said = path.read_bytes()
        sums.update(said)
        if re.search(rb"^\s*file\s*=", said, re.MULTILINE):
            sums.update(file.encode())
    return sums.hexdigest()[:12]


def load_layout(path: Path) -> Layout:
    """One layout. Raises ``layout.bad``, with the line where it can be told."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        data = parse_toml(text)
    except OSError as error:
        raise problem("place.unreadable", path=path, detail=error.strerror or error) from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise problem("layout.bad", place=path.name, detail=f"不是合格的 TOML：{error}") from None
    lines = key_lines(text)

    def bad(detail: str, *where: str) -> Problem:
        line = line_of(lines, where)
        return problem("layout.bad", place=f"{path.name} 第 {line} 行" if line else path.name, detail=detail)

    for key in data:
        if key not in _TOP:
            raise bad(f"不认识“{key}”，可以写的有 {'、'.join(sorted(_TOP))}", key)
    table = terms.BY_KEY.get(str(data.get("table"))) or terms.BY_LABEL.get(str(data.get("table")))
    if table is None:
        raise bad(f"table 是“{data.get('table', '')}”，应为 {'、'.join(terms.BY_LABEL)} 之一", "table")
    columns, also = _columns(table, data, bad), _also(table, data, bad)
    if not columns and not also and not (data.get("file") or data.get("sheet")):
        raise bad("没有 [columns]，也没有 [also]，不知道哪一列是什么；只说是哪张表的，要写 file 或 sheet", "columns")
    there = {column.key for column, _ in columns}
    for group in table.requires if columns else ():
        if not there & set(group):
            missing = "”或“".join(table.column(key).label for key in group)
            raise bad(f"[columns] 里缺“{missing}”", "columns")
    leave_out = {
        key: tuple([said] if isinstance(said, str) else said) for key, said in dict(data.get("leave_out") or {}).items()
    }
    layout = Layout(
        str(data.get("name") or path.stem),
        table,
        tuple(columns),
        str(data.get("file") or ""),
        str(data.get("sheet") or ""),
        leave_out,
        also,
    )
    if layout.headerless and not (layout.file or layout.sheet):
        raise bad("没有表头的，要写 file 或 sheet，说明用于哪些文件", "columns")
    return layout


_Bad = Callable[..., Problem]


def _columns(table: Table, data: Mapping[str, Any], bad: _Bad) -> tuple[tuple[Column, Source], ...]:
    found = []
    for name, said in dict(data.get("columns") or {}).items():
        column = _column(table, name, bad, "columns")
        try:
            found.append(_source(column, said, bool(data.get("spent_positive"))))
        except (ValueError, TypeError, re.error) as error:
            raise bad(f"“{name}”：{error}", "columns", name) from None
    return tuple(found)


def _also(table: Table, data: Mapping[str, Any], bad: _Bad) -> tuple[tuple[Column, Source], ...]:
    found = []
    for name, said in dict(data.get("also") or {}).items():
        column = _column(table, name, bad, "also")
        headers = [said] if isinstance(said, str) else said
        if not isinstance(headers, list) or not headers or not all(isinstance(one, str) and one for one in headers):
            raise bad(f"“{name}”：[also] 的右边写表头，有几个的写在方括号里", "also", name)
        found.append(_source(column, headers, bool(data.get("spent_positive"))))
    return tuple(found)


def _column(table: Table, name: str, bad: _Bad, section: str) -> Column:
    for column in table.columns:
        if name == column.key or name in column.names:
            return column
    known = "、".join(column.label for column in table.columns)
    raise bad(f"{table.label}没有“{name}”这一列，可以写的有 {known}", section, name)


def _source(column: Column, said: Any, spent_positive: bool) -> tuple[Column, Source]:
    """A column and its source as the file says it: a header, several, a position from 1, or a table of particulars."""
    if isinstance(said, str | int | list):
        said = {"position" if isinstance(said, int) else "header": said}
    if not isinstance(said, dict):
        raise ValueError("应写列名、第几列，或花括号里的说明")
    kinds = [key for key in _SOURCES if key in said]
    strange = set(said) - set(_SOURCES) - _HOW
    if len(kinds) != 1 or strange:
        raise ValueError(f"花括号里要有 {'、'.join(_SOURCES)} 之一，另可写 {'、'.join(sorted(_HOW))}")
    given = said[kinds[0]]
    source = Source(take=str(said.get("take", "")), format=str(said.get("format", "")))
    match kinds[0]:
        case "header":
            source = replace(source, headers=(given,) if isinstance(given, str) else tuple(given))
        case "position":
            if int(given) < 1:
                raise ValueError("第几列从 1 数起")
            source = replace(source, position=int(given) - 1)
        case "title":
            source = replace(source, title=str(given))
        case "value":
            source = replace(source, value=str(given))
        case _:
            if len(given) != 2 or column.kind != "money":
                raise ValueError("product 要写两个列名，只用于金额")
            source = replace(source, product=tuple(given))
    for pattern in (source.take, source.title):
        if pattern and re.compile(pattern).groups != 1:
            raise ValueError("式子里要有一对圆括号，括住要取的部分")
    words = said.get("words")
    if words:
        codes = dict(column.codes)
        unknown = [word for word in words.values() if word not in codes]
        if column.kind != "code" or unknown:
            raise ValueError(f"words 右边要写 {'、'.join(list(codes)[:6])} 之一")
        column = replace(column, codes={**codes, **{word: codes[meaning] for word, meaning in words.items()}})
    negate = spent_positive and column.key == "amount"
    return column, replace(source, negate=negate)
