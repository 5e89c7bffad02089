"""Which table does a sheet hold, and which of its columns is which? Told by the header alone."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kehujingli import terms
from kehujingli.intake.sheets.foreign import Doubt, doubt
from kehujingli.intake.sheets.people import accounts_beside
from kehujingli.terms import Column, Table

SPACES = re.compile(r"[\s\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]+")
BRACKETED = re.compile(r"[(\[【〔]([^()\[\]【】〔〕]*)[)\]】〕]")
"""What a header says in brackets; and ``SPACES``, all that is blank or cannot be seen."""


_MONEY_BEHIND = "百万元|千元|万元|亿元"
_BEHIND = re.compile(rf"(.+?)[-/,、_:]?(?:人民币)?(?:({_MONEY_BEHIND})|(?<=[-/,、_:])(元)|([%‰]))")
"""A unit behind the name: 余额,万元 年日均/元 余额 万元. A bare 元 needs its mark, for there are 美元 and 单元."""


@dataclass(frozen=True)
class Header:
    """A header cell taken apart: its name without spaces and units, and the unit that stood in brackets."""

    raw: str
    name: str
    unit: str = ""


_HALVES = re.compile(
    r"(?P<before>[A-Za-z][A-Za-z.,'/_-]{3,}?)?[-/_|:.]*(?P<chinese>[\u4e00-\u9fff][^A-Za-z]*?)[-/_|:]*(?(before)|[A-Za-z][A-Za-z.,'/_-]+)"
)
"""A Chinese name with an English one behind it or before it: 客户号 Customer No."""


@functools.cache
def _spelt() -> frozenset[str]:
    """Every spelling of every column, without spaces."""
    return frozenset(
        SPACES.sub("", name).casefold() for table in terms.TABLES for column in table.columns for name in column.names
    )


def _of_two_tongues(name: str) -> str:
    """The Chinese half of a bilingual name where that half is known; else the name as it stands."""
    halves = _HALVES.fullmatch(name) if name.casefold() not in _spelt() else None
    if halves is None or (halves["before"] or "").strip("-_/.,'").casefold() in terms.NARROWING:
        return name
    return halves["chinese"] if halves["chinese"].casefold() in _spelt() else name


@functools.lru_cache(1 << 14)
def parse_header(raw: str) -> Header:
    """``贷款余额（万元）`` → name 贷款余额, unit 万元. A bracket that holds no unit stays part of the name."""
    text = SPACES.sub("", unicodedata.normalize("NFKC", raw)).strip("*:'\"")
    unit = ""

    def take(match: re.Match[str]) -> str:
        nonlocal unit
        inner = unit_of(match.group(1))
        unit = inner or unit
        return "" if inner else match.group(0)

    name = BRACKETED.sub(take, text)
    behind = None if unit else _BEHIND.fullmatch(name)
    if behind:
        name, unit = behind[1], behind[2] or behind[3] or behind[4]
    return Header(raw, _of_two_tongues(name), unit)


def unit_of(text: str) -> str:
    """The unit that a few characters are: 万元, 单位:万元, 人民币万元, 万; nothing where they are none."""
    said = text.removeprefix(terms.UNIT_WORD).removeprefix(":")
    bare = said.removeprefix("人民币").removesuffix("人民币").strip("/:")
    unit = terms.SHORT_UNITS.get(bare, bare) or ("元" if said else "")
    return unit if unit in terms.UNITS or unit in terms.RATE_UNITS or unit in terms.PLAIN_UNITS else ""


_LOOKUP: Mapping[str, Mapping[str, Column]] = {
    table.key: {
        parse_header(name).name.casefold(): column for column in table.columns for name in (*column.names, column.key)
    }
    for table in terms.TABLES
}


Also = Mapping[str, Mapping[str, Column]]
"""Table → a header's name → the column that it is too: what layouts say beside the spellings that every table has."""
NO_MORE: Also = {}


@dataclass(frozen=True)
class Match:
    """A table recognised in a header: canonical column by position; ``missing`` names the groups that no header serves.

    ``twins``: position of a column → the positions of others with the very same header.
    """

    table: Table
    columns: Mapping[int, Column]
    headers: Sequence[Header]
    missing: tuple[tuple[str, ...], ...] = ()
    twins: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    upper: tuple[str, ...] = ()
    """The first row of a header of two: no title, although it stands above."""
    beside: tuple[tuple[int, Table], ...] = ()
    """Other tables in the same row behind a blank column, and where each begins."""
    above: tuple[tuple[Table, str, int], ...] = ()
    """Other tables above the header: what their header says, and how many rows they have among the first ones."""
    mapped: tuple[int, ...] = ()
    """Where the columns stand whose header a layout says."""
    carried: tuple[int, ...] = ()
    """Columns of 存款账户 in a list of customers that says of each which account is hers: carried along."""

    @property
    def unused(self) -> list[Header]:
        """Headers that look like an amount which the table wants and no column of it gives: 存款结余 is not told, 可用余额 is."""
        given = {column.key for column in self.columns.values()}
        spare = [header for position, header in enumerate(self.headers) if position not in self.columns]
        return [
            header
            for word, keys in terms.WANTED_AMOUNTS.get(self.table.key, {}).items()
            if not given.intersection(keys)
            for header in spare
            if word in header.name and header.name not in terms.AMBIGUOUS_HEADERS
        ]

    @property
    def score(self) -> int:
        """How many columns tell that it is this table."""
        return sum(not column.common for column in self.columns.values())


def match_table(table: Table, headers: Sequence[Header], also: Also = NO_MORE) -> Match | None:
    """How this header reads as this table; ``None`` where nothing fits or a forbidden column stands there."""
    found: dict[str, tuple[tuple[bool, int], int]] = {}
    more = also.get(table.key, {})
    loaded = any(header.name in terms.LOADED for header in headers)
    for position, header in enumerate(headers):
        name = header.name.casefold()
        column = more.get(name) or _LOOKUP[table.key].get(name)
        if column is None or not name or (loaded and column.event and name in terms.LOADED_DAYS):
            continue
        rank = _rank(column, header)
        if column.key not in found or rank < found[column.key][0]:
            found[column.key] = (rank, position)
    if not found:
        return None
    places = {key: position for key, (_, position) in found.items()}
    beside = accounts_beside(table, places, [header.name for header in headers], _LOOKUP["accounts"])
    if _forbidden(table, headers, also, beside):
        return None
    columns = {position: table.column(key) for key, (_, position) in found.items()}
    missing = tuple(group for group in table.requires if not any(key in found for key in group))
    mapped = tuple(sorted(position for position in columns if headers[position].name.casefold() in more))
    twins = _twins(columns, headers)
    return Match(table, dict(sorted(columns.items())), headers, missing, twins, mapped=mapped, carried=beside)


def _twins(columns: Mapping[int, Column], headers: Sequence[Header]) -> dict[int, tuple[int, ...]]:
    alike: dict[str, list[int]] = {}
    for position, header in enumerate(headers):
        alike.setdefault(header.name.casefold(), []).append(position)
    groups = {position: alike[headers[position].name.casefold()] for position in columns}
    return {position: tuple(p for p in group if p != position) for position, group in groups.items() if len(group) > 1}


_OF_NUMBER = re.compile(r"号|代码|编码|[a-z]id$|_id$|no$|code$")


def _rank(column: Column, header: Header) -> tuple[bool, int]:
    """Two headers may spell one column: of identifiers the number is taken before the name (揽存人工号, 揽存人), and then the core
    system's (核心客户号), then the more usual spelling (归属机构号, 开户机构号); the other is carried along. What only a layout says comes last."""
    name = header.name.casefold()
    spellings = [parse_header(said).name.casefold() for said in (*column.names, column.key)]
    if name not in spellings:
        return True, len(spellings)
    usual = spellings.index(name) if not name.startswith(terms.CORE) else -1
    return column.kind == "id" and not _OF_NUMBER.search(name), usual


def _forbidden(table: Table, headers: Sequence[Header], also: Also, beside: Sequence[int] = ()) -> bool:
    names = {header.name.casefold() for position, header in enumerate(headers) if position not in beside}
    said = {column.key for more in also.values() for name, column in more.items() if name in names}
    return any(key in said or names & _FORBIDDING[key] for key in table.forbids)


_FORBIDDING: Mapping[str, frozenset[str]] = {
    key: frozenset(
        parse_header(name).name.casefold()
        for table in terms.TABLES
        if table.has(key)
        for name in (*table.column(key).names, key)
        # The name of a scored item is a column of 人工填报, whatever else it may be.
        if not (key == "amount" and table.key == "loans") and name not in terms.ITEM_ACTUALS.values()
    )
    for key in {key for table in terms.TABLES for key in table.forbids}
}


def recognise(headers: Sequence[Header], forced: str | None = None, also: Also = NO_MORE) -> Match | None:
    """The table this header holds: all that must be there is there, and no other table explains more of the columns.

    ``forced`` names the table that a person said it is. Of 人工填报 工号 is enough then: of no period it is this one's, and nobody approved it.
    """
    if forced:
        match = match_table(terms.BY_KEY[forced], headers, also)
        needed = match.table.requires[:1] if match and forced == "actuals" else match.table.requires if match else ()
        return match if match and not set(needed).intersection(match.missing) else None
    best = _best(headers, also)
    if best is None or not (why := doubt_of(best)):
        return best
    others = [match for match in _whole(headers, also) if match.table is not best.table and not doubt_of(match)]
    theirs = [match for match in others if any(match.headers[at].name in why.headers for at in match.columns)]
    return max(theirs, key=lambda match: match.score, default=None)


def doubted(headers: Sequence[Header], also: Also = NO_MORE) -> tuple[Match, Doubt] | None:
    """The table that a header has all columns of, and why the sheet may be of something else; for asking, never for reading."""
    best = _best(headers, also)
    why = doubt_of(best) if best else None
    return (best, why) if best and why else None


def doubt_of(match: Match) -> Doubt | None:
    """Why the sheet may be of something else than this table, unless somebody wrote that it is this."""
    return None if _is_said(match) else doubt(match.table, match.columns, [header.name for header in match.headers])


def _whole(headers: Sequence[Header], also: Also) -> list[Match]:
    matches = [match for table in terms.TABLES if (match := match_table(table, headers, also)) and not match.missing]
    return [match for match in matches if match.score >= 2 or len(headers) == 1]


def _best(headers: Sequence[Header], also: Also) -> Match | None:
    best = max(_whole(headers, also), key=lambda match: match.score, default=None)
    return None if best is not None and _better_known(best, headers, also) else best


def _is_said(match: Match) -> bool:
    """Whether somebody wrote that this is what the table must have."""
    said = {match.columns[position].key for position in match.mapped}
    return any(said.intersection(group) for group in match.table.requires)


def _better_known(best: Match, headers: Sequence[Header], also: Also) -> bool:
    """Whether another table knows more of the columns and only lacks one that it must have: a 贷款台账 whose 借据编号 is gone is no 客户信息."""
    if _is_said(best):
        return False
    near = nearly(headers, also=also)
    items = (
        terms.ITEM_ACTUALS.values() if best.table.key == "actuals" else ()
    )  # columns of 人工填报, whatever else they may be
    known = best.score + sum(header.name in items for header in headers)
    if near is not None and near.score > known:
        return True
    others = (match_table(table, headers, also) for table in terms.TABLES)
    return any(match and len(match.missing) == _LACKING and match.score >= known + _LACKING for match in others)


_LACKING = 2
"""Columns that a table may lack of those it must have and still be told by the others, where it knows as many more than any whole one."""


def nearly(headers: Sequence[Header], forced: str | None = None, also: Also = NO_MORE) -> Match | None:
    """The table this header would hold if one required column were not missing; for the message, never for reading."""
    if forced:
        return match_table(terms.BY_KEY[forced], headers, also)
    found = (match_table(table, headers, also) for table in terms.TABLES)
    matches = [match for match in found if match and len(match.missing) == 1]
    matches = [match for match in matches if match.score >= 3 or (match.score == 2 and len(match.table.requires) == 3)]
    return max(matches, key=lambda match: (match.score, -len(match.table.columns)), default=None)


KNOWN = frozenset(name for lookup in _LOOKUP.values() for name in lookup)
"""Every name that is a column of some table."""
