"""Does one row of a sheet hold several rows of its table? 工号 and 工号2 beside each other, one column a month, one column an item."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from kehujingli import terms
from kehujingli.intake.sheets.headers import Header, Match, match_table, parse_header
from kehujingli.terms import Column

_MONTH = re.compile(r"(?:(20\d\d)[年./-]?)?(1[0-2]|0?[1-9])月?份?(?:任务数?|目标值?)?")
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_NUMBERED = re.compile(r"(.+?)[（(]?([2-9])[)）]?")
_LEAST = 2
"""Columns of one kind beside each other that make a series."""


@dataclass(frozen=True)
class Series:
    """``copies``: for each row that one row of the sheet holds, the positions that stand in place of the first one's.

    ``said``: columns that the header tells: key → what it says of each copy.
    """

    copies: tuple[Mapping[int, int], ...]
    said: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Wide:
    """A header of that kind; ``why`` it cannot be read, where it cannot."""

    match: Match
    series: Series
    why: str = ""


def pairs(match: Match) -> Series | None:
    """Second and third people of one row of 业绩归属: 工号2 and 业绩分配比例2 behind 工号 and 业绩分配比例."""
    if match.table.key != "attributions":
        return None
    base = {column.key: position for position, column in match.columns.items()}
    if not {"manager_id", "share"} <= base.keys():
        return None
    copies = [{base[key]: base[key] for key in ("manager_id", "share")}]
    for number in range(2, 10):
        found = {key: _numbered(match, key, number) for key in ("manager_id", "share")}
        if None in found.values():
            break
        if any(match.headers[base[key]].unit != match.headers[place or 0].unit for key, place in found.items()):
            return None
        copies.append({base[key]: place for key, place in found.items() if place is not None})
    return Series(tuple(copies)) if len(copies) > 1 else None


def numbered(match: Match) -> list[str]:
    """Headers that look like a second one of a column that the table has: 工号2 beside 工号."""
    own = {
        column.key
        for column in match.columns.values()
        if column.kind in ("id", "money", "decimal") and not column.private
    }
    return [
        header.raw.strip()
        for position, header in enumerate(match.headers)
        if position not in match.columns
        and any(_numbered(match, key, number) == position for key in own for number in range(2, 10))
    ]


def _numbered(match: Match, key: str, number: int) -> int | None:
    names = {parse_header(name).name.casefold() for name in match.table.column(key).names}
    for position, header in enumerate(match.headers):
        found = _NUMBERED.fullmatch(header.name)
        if found and int(found[2]) == number and found[1].casefold() in names and position not in match.columns:
            return position
    return None


def find_wide(rows: Sequence[Sequence[str]], sheet: str, forced: str | None) -> tuple[int, Wide] | None:
    """The header of targets with one column a month, or one column an item, and how it reads."""
    if forced not in (None, "targets"):
        return None
    for index, row in enumerate(rows):
        headers = [parse_header(cell) for cell in row]
        above = [cell for line in rows[:index] for cell in line if cell.strip()] + [sheet]
        wide = (
            _doubled(headers, rows[index + 1] if index + 1 < len(rows) else ())
            or _months(headers, above)
            or _items(headers, above, forced)
        )
        if wide is not None:
            return index, wide
    return None


def _doubled(headers: Sequence[Header], under: Sequence[str]) -> Wide | None:
    """Under each item several figures of hers: target and 基数."""
    match = match_table(terms.BY_KEY["targets"], headers)
    words = [cell.strip() for cell in under if cell.strip()]
    if match is None or len(words) < _LEAST or not {*words} <= {*terms.FIGURE_WORDS}:
        return None
    return Wide(match, Series(()), "每项下面又分" + "、".join(dict.fromkeys(words)) + "，请拆成几张表，每张只放一种")


def _months(headers: Sequence[Header], above: Sequence[str]) -> Wide | None:
    """工号, 指标 and the months of a year; the year stands in the header, or above it."""
    found = {
        place: told
        for place, header in enumerate(headers)
        if (told := _MONTH.fullmatch(header.name)) and ("月" in header.name or told[1])
    }
    match = match_table(terms.BY_KEY["targets"], headers)
    if len(found) < _LEAST or match is None or match.missing != (("target",),):
        return None
    years = {year for text in above for year in _YEAR.findall(text)}
    year = years.pop() if len(years) == 1 else ""
    said = tuple(f"{told[1] or year}-{int(told[2]):02d}" for told in found.values())
    why = (
        ""
        if year or all(told[1] for told in found.values())
        else "没有写是哪一年，请在表头上面写一行，例如“2026年度任务”"
    )
    return _wide(match, list(found), {"period": said}, why or _units_differ(headers, list(found)))


def _items(headers: Sequence[Header], above: Sequence[str], forced: str | None) -> Wide | None:
    """工号 and one column an item. That they are targets is said above, or by the person who gave the file."""
    match = match_table(terms.BY_KEY["targets"], headers)
    if match is None or "manager_id" not in {column.key for column in match.columns.values()}:
        return None
    if match.missing != (("item",), ("target",)):
        return None
    people = match_table(terms.BY_KEY["managers"], headers)
    told = {*match.columns, *(people.columns if people else ())}
    places = [
        place
        for place, header in enumerate(headers)
        if place not in told and header.name and header.name not in terms.NO_ITEMS
    ]
    known = [place for place in places if headers[place].name in terms.ITEM_ACTUALS.values()]
    if not places or (forced is None and (not known or _is_other(headers))):
        return None
    text = "".join(above)
    targets = forced or any(word in text for word in terms.TARGET_WORDS)
    why = (
        ""
        if targets
        else "没有写是任务数、实绩还是基数：任务数，请在表头上面写一行“2026年度任务”，或用 --targets；实绩，请加一列“考核期间”，或用 --actuals"
    )
    years = {year for line in above for year in _YEAR.findall(line)}
    said = {"item": tuple(headers[place].name for place in places)}
    if len(years) == 1:
        said["period"] = (years.pop(),) * len(places)
    return _wide(match, places, said, why or _units_differ(headers, places))


def _is_other(headers: Sequence[Header]) -> bool:
    """Whether it is a table of figures and not of targets: it names a period or who approved it."""
    own = match_table(terms.BY_KEY["actuals"], headers)
    return own is not None and not own.missing


def _units_differ(headers: Sequence[Header], places: Sequence[int]) -> str:
    """One unit may stand behind money and another behind a count: those are one column's now, so each is its own."""
    units = {headers[place].unit for place in places if headers[place].unit in terms.UNITS}
    bare = any(not headers[place].unit for place in places)
    return (
        "各列的金额单位不一样，请改成一样的，或在表头上面写一次“单位：万元”"
        if len(units) > 1 or (units and bare)
        else ""
    )


def _wide(match: Match, places: Sequence[int], said: Mapping[str, tuple[str, ...]], why: str) -> Wide:
    first = places[0]
    columns: dict[int, Column] = {**match.columns, first: match.table.column("target")}
    headers = list(match.headers)
    money = next((headers[place].unit for place in places if headers[place].unit in terms.UNITS), "")
    headers[first] = replace(headers[first], unit=money)
    series = Series(tuple({first: place} for place in places), said)
    return Wide(Match(match.table, dict(sorted(columns.items())), headers), series, why)
