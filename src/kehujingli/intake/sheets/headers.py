"""Which table does a sheet hold, and which of its columns is which? Told by the header alone."""

from __future__ import annotations

import functools
import itertools
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from kehujingli import terms
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
_NOTHING: Also = {}


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


def match_table(table: Table, headers: Sequence[Header], also: Also = _NOTHING) -> Match | None:
    """How this header reads as this table; ``None`` where nothing fits or a forbidden column stands there."""
    found: dict[str, tuple[tuple[bool, int], int]] = {}
    more = also.get(table.key, {})
    for position, header in enumerate(headers):
        name = header.name.casefold()
        column = more.get(name) or _LOOKUP[table.key].get(name)
        if column is None or not name:
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


def recognise(headers: Sequence[Header], forced: str | None = None, also: Also = _NOTHING) -> Match | None:
    """The table this header holds: all that must be there is there, and no other table explains more of the columns.

    ``forced`` names the table that a person said it is. Of 人工填报 工号 is enough then: of no period it is this one's, and nobody approved it.
    """
    if forced:
        match = match_table(terms.BY_KEY[forced], headers, also)
        needed = match.table.requires[:1] if match and forced == "actuals" else match.table.requires if match else ()
        return match if match and not set(needed).intersection(match.missing) else None
    matches = [match for table in terms.TABLES if (match := match_table(table, headers, also)) and not match.missing]
    matches = [match for match in matches if match.score >= 2 or len(headers) == 1]
    best = max(matches, key=lambda match: match.score, default=None)
    if best is not None and _better_known(best, headers, also):
        return None
    return best


def _better_known(best: Match, headers: Sequence[Header], also: Also) -> bool:
    """Whether another table knows more of the columns and only lacks one that it must have: a 贷款台账 whose 借据编号 is gone is no 客户信息."""
    said = {best.columns[position].key for position in best.mapped}
    if any(said.intersection(group) for group in best.table.requires):
        return False  # somebody wrote that this is what the table must have
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


def nearly(headers: Sequence[Header], forced: str | None = None, also: Also = _NOTHING) -> Match | None:
    """The table this header would hold if one required column were not missing; for the message, never for reading."""
    if forced:
        return match_table(terms.BY_KEY[forced], headers, also)
    found = (match_table(table, headers, also) for table in terms.TABLES)
    matches = [match for match in found if match and len(match.missing) == 1]
    matches = [match for match in matches if match.score >= 3 or (match.score == 2 and len(match.table.requires) == 3)]
    return max(matches, key=lambda match: (match.score, -len(match.table.columns)), default=None)


def find_header(
    rows: Sequence[Sequence[str]], forced: str | None = None, also: Also = _NOTHING
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
    return name in _KNOWN or any(name in more for more in also.values())


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
        known = next((name for name in names if parse_header(name).name.casefold() in _KNOWN), "")
        unit = parse_header(above).unit
        if known == bottom and unit and not parse_header(bottom).unit:
            known = f"{bottom}({unit})"
        joined.append(known or (above if bottom in terms.ACTUAL_WORDS else above + bottom))
    return joined


_KNOWN = frozenset(name for lookup in _LOOKUP.values() for name in lookup)
