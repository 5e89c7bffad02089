"""Does a sheet only speak of our customers, accounts or people while it is about something else? Told by the columns that the table does not know."""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kehujingli import terms
from kehujingli.terms import Column, Table

_CHINESE = re.compile(r"[\u4e00-\u9fff]{2,}")
_BEHIND = re.compile(r"[\s:：,，(（\[0-9].*")
"""What stands behind a header's name: an explanation of its codes, a number."""
_DIGITS = re.compile(r"\d+")
_LONGEST = 14
"""A header longer than this is a sentence, and repeats words by chance."""
_SEVERAL = 2
"""Columns that speak of one other thing, or of something done, from which on a sheet is doubtful."""

_MANY = 3
"""Columns of what a full table carries too, from which on a sheet may be of that."""
_SHARE = 10
"""Of so many unknown columns one must speak of the other thing: a master table of two hundred columns repeats any word."""


@dataclass(frozen=True)
class Doubt:
    """What else the sheet speaks of, and the headers that do. Without ``about``: it has nothing of the table but whom it speaks of."""

    about: str
    headers: tuple[str, ...]


def doubt(table: Table, columns: Mapping[int, Column], names: Sequence[str]) -> Doubt | None:
    """Why a sheet that has all a table must have may be of something else; ``None`` where nothing says so.

    ``columns``: the table's columns by position; ``names``: every header without its unit. Three laws:
    more is said of something that a full table carries in a column or two than of its own;
    several columns that are not the table's speak of one other thing (黑名单类型, 黑名单级别), and are at least half as many as
    its own or stand before them; or the table's columns only say whom the sheet speaks of, and others say what was done.
    """
    loaded = any(name in terms.LOADED for name in names)
    passed = {*terms.LOADED, *(terms.LOADED_DAYS if loaded else ()), *_of_a_returned_list(names)}
    spare = [
        (position, name)
        for position, name in enumerate(names)
        if position not in columns
        and _CHINESE.search(name)
        and name not in passed
        and name not in _who_and_where()
        and len(name) <= _LONGEST
    ]
    own = {
        position: column
        for position, column in columns.items()
        if not column.common and column.key != "data_date" and names[position] not in terms.BARE_HEADERS
    }
    carried = _carried(table, own, [name for _, name in spare])
    if carried or table.key not in terms.OWN_MATTERS:
        return carried
    first = min(own, default=len(names))
    for about, found in _matters(table, spare):
        counted = sum(2 if alone else 1 for _, _, alone in found)
        many = 2 * counted >= _weight(table, own, spare) and counted * _SHARE >= len(spare)
        if counted >= _SEVERAL and (found[0][0] < first or many):
            headers = tuple(name for _, name, _ in found)
            return Doubt(about if found[0][2] else _whole_word(about, headers), headers)
    return _only_referred(table, own, [name for _, name in spare])


def _of_a_returned_list(names: Sequence[str]) -> tuple[str, ...]:
    """What 退回清单 says of each row beside the row itself; nothing where the sheet is none."""
    whole = set(terms.REJECT_SOURCE) <= set(names)
    return (*terms.REJECT_SOURCE, *terms.REJECT_TOLD, terms.REJECT_CODE) if whole else ()


def _carried(table: Table, own: Mapping[int, Column], spare: Sequence[str]) -> Doubt | None:
    """More is said of what a full table carries in a column or two (抵押物, 计提) than of the table's own, and half of what is not known."""
    said = sum(column.key not in terms.WHERE_AND_WHOSE for column in own.values())
    for about, words in terms.CARRIED_MATTERS.get(table.key, {}).items():
        found = [name for name in spare if any(word in name for word in words) and not _asks(name)]
        several = len({_span().sub("", name) for name in found}) >= _MANY  # of 本季积数、上季积数 the first
        weighs = len(found) * terms.CARRIED_WEIGHT.get(about, 1) > said
        if several and weighs and 2 * len(found) >= len(spare):
            return Doubt(about, tuple(found))
    return None


def _weight(table: Table, own: Mapping[int, Column], spare: Sequence[tuple[int, str]]) -> int:
    """How much of a sheet is the table's: the columns that it knows; of branches, of which it knows few, those that speak of them too."""
    more = sum(bool(_matter(table.key).search(name)) for _, name in spare) if table.key in terms.BRIEF else 0
    return len(own) + more


def _only_referred(table: Table, own: Mapping[int, Column], spare: Sequence[str]) -> Doubt | None:
    """Nothing here says more of the table's own than whom the sheet speaks of, and other columns say something else."""
    keys = {column.key for column in own.values()}
    if len(keys) < _SEVERAL and spare:
        return Doubt("", tuple(spare))
    unnamed = table.key == "customers" and "name" not in keys
    if not unnamed and keys.difference(terms.REFERRED.get(table.key, ())):
        return None
    if any(word in name for word in terms.WANTED_AMOUNTS.get(table.key, {}) for name in spare):
        return None  # an amount that is only called otherwise: told as such
    if unnamed or table.key in terms.EVERY_COLUMN_TELLS:
        rest = list(spare)
    else:
        acts = [name for name in spare if name.endswith(terms.ACT_ENDS) and not (_asks(name) or _of_a_span(name))]
        rest = [name for name in acts if _core(table.key, name)]
        if len(rest) <= sum(bool(_matter(table.key).search(name)) for name in spare if name not in rest):
            return None  # as much again speaks of the table's own matter, in words that it has no column for
    return Doubt("", tuple(rest)) if len(rest) >= _SEVERAL else None


def _matters(table: Table, spare: Sequence[tuple[int, str]]) -> list[tuple[str, list[tuple[int, str, bool]]]]:
    """Other things that the unknown headers speak of, the most spoken of first: what they are, and (position, header, told by one)."""
    told: dict[str, list[tuple[int, str, bool]]] = {}
    seen: set[tuple[str, str]] = set()  # of 签署人1、签署人2 the first
    for position, name in spare:
        alone = next((about for about, words in terms.FOREIGN_MATTERS.items() if _bears(name, words)), "")
        core = "" if _asks(name) or _of_a_span(name) else _core(table.key, name)
        for about in (alone,) if alone else _pairs(core):
            bare = _DIGITS.sub("", name)
            if (about, bare) not in seen:
                seen.add((about, bare))
                told.setdefault(about, []).append((position, name, bool(alone)))
    return sorted(told.items(), key=lambda pair: (-sum(2 if alone else 1 for *_, alone in pair[1]), pair[1][0][0]))


@functools.cache
def _who_and_where() -> frozenset[str]:
    """Headers that only say whose and where a row is, whatever it is of."""
    columns = [terms.BY_KEY[table].column(key) for table in ("customers", "branches") for key in terms.REFERRED[table]]
    return frozenset(name for column in columns for name in column.names) - frozenset(terms.BARE_HEADERS)


def _bears(name: str, words: Sequence[str]) -> bool:
    """Whether a header says one of the words of itself: 是否黑名单 and 黑名单标志 only ask."""
    return not _asks(name) and not _of_a_span(name) and any(word in name.casefold() for word in words)


def _asks(name: str) -> bool:
    return name.startswith(terms.ASKS_BEFORE) or name.endswith(terms.ASKS_BEHIND)


def _of_a_span(name: str) -> bool:
    """Whether a header says when a figure is of, or what it is compared with: 昨日余额, 较上月, 下期应还本金, 近三月交易笔数."""
    return bool(_span().match(name))


@functools.cache
def _span() -> re.Pattern[str]:
    spans = sorted(terms.SPANS, key=len, reverse=True)
    return re.compile(rf"(?:{'|'.join(terms.COMPARED)})?(?:{terms.LATELY}|{'|'.join(map(re.escape, spans))}|[较比])")


@functools.lru_cache(1 << 12)
def _core(key: str, name: str) -> str:
    """What a header says beside words of the table's own matter, of bookkeeping and of its ends; the parts with a blank between."""
    return " ".join(_CHINESE.findall(_cut(key).sub(" ", _BEHIND.sub("", name))))


@functools.cache
def _cut(key: str) -> re.Pattern[str]:
    words = sorted({*terms.OWN_MATTERS[key], *terms.NOTHING_SAID, *terms.SPANS}, key=len, reverse=True)
    return re.compile("|".join([_span().pattern, *map(re.escape, words)]))


@functools.cache
def _matter(key: str) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, terms.OWN_MATTERS[key])))


def _whole_word(pair: str, headers: Sequence[str]) -> str:
    """As much around two characters as all headers have: 约健 of 健康卡签约健康 is 签约健康."""
    halves = [header.partition(pair) for header in headers]
    return _alike([before[::-1] for before, _, _ in halves])[::-1] + pair + _alike([behind for _, _, behind in halves])


def _alike(texts: Sequence[str]) -> str:
    """What all begin with."""
    same = itertools.takewhile(lambda letters: len(set(letters)) == 1, zip(*texts, strict=False))
    return "".join(letters[0] for letters in same)


def _pairs(core: str) -> list[str]:
    """Every two characters that stand together, once."""
    parts = (part for part in core.split(" ") if part)
    return list(dict.fromkeys(part[at : at + 2] for part in parts for at in range(len(part) - 1)))
