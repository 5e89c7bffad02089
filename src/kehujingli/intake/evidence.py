"""Can these cells be that column? Dates, amounts, code words and numbers of people told from a few of them, with a reason in words."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import pyarrow as pa

from kehujingli import terms
from kehujingli.intake.cells import parse
from kehujingli.intake.cells.dates import date_of_text
from kehujingli.intake.ledger import Sheet
from kehujingli.intake.sheets.headers import parse_header
from kehujingli.terms import Column, Table

Verdict = Literal["fits", "plain", "empty", "doubtful", "against"]
"""Whether cells speak for a column, not against it, nothing at all, hardly for it, or against it."""
EMPTY = "没有值可以核对"
_MOST, _HALF = 0.9, 0.5
"""Shares of the cells: that must be such as the column has, for a footer may be among them; from which on they may be another's."""
_FEW = 3
"""So few known numbers, or cells, tell nothing by what is not among them."""
_SAME = 10
"""Cells of an identifier from which on it is odd that all are the same."""
_LONG = 15
"""Digits of a whole number that is an identifier and no amount."""

_FAMILIES: Mapping[str, tuple[str, ...]] = {
    "customer_id": ("customer_id", "main_id"),
    "account_id": ("account_id",),
    "loan_id": ("loan_id",),
    "manager_id": ("manager_id", "responsible_id"),
    "branch_id": ("branch_id", "merged_into"),
}
"""Whose numbers a column holds: the columns that hold the same."""
_NAMED = {"manager_id": "managers", "branch_id": "branches"}
"""Numbers in whose place a name may stand, and the table that has both."""
_PHONE = re.compile(r"(?:\+?86)?1\d{10}|(?:0\d{2,3}-?)?\d{7,8}")
_POINT = re.compile(r"[-+]?[\d,]*\d\.\d{1,6}")
_WHOLE = re.compile(r"\d+")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_NUMBERS = ("money", "decimal", "count", "rate")
_SAID = {
    "money": terms.label("amount"),
    "decimal": "数",
    "count": "整数",
    "rate": "比率",
    "date": "日期",
    "time": terms.label("at"),
    "flag": "是或否",
}


@dataclass(frozen=True)
class Fit:
    """``strong``: nothing else has such cells; any day could be any date."""

    verdict: Verdict
    reason: str = ""
    strong: bool = False


def known_numbers(sheets: Sequence[Sheet]) -> dict[str, frozenset[str]]:
    """Family → the numbers that the tables read so far have of it, with the names that may stand in their place."""
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    found: dict[str, set[str]] = {family: set() for family in _FAMILIES}
    for sheet in sheets:
        for family, keys in _FAMILIES.items():
            wanted = [*keys, *(["name"] if sheet.table == _NAMED.get(family) else [])]
            there = [key for key in wanted if key in sheet.columns]
            if sheet.parquet is not None and there:
                table = pq.read_table(sheet.parquet, columns=there)
                for key in there:
                    found[family].update(value for value in pc.unique(table[key]).to_pylist() if value)
    return {family: frozenset(values) for family, values in found.items()}


def fit(table: Table, column: Column, header: str, texts: Sequence[str], known: Mapping[str, Collection[str]]) -> Fit:
    """What a few cells of a header say of its being that column. ``known``: ``known_numbers``."""
    if not texts:
        return Fit("empty", EMPTY)
    family = next((name for name, keys in _FAMILIES.items() if column.key in keys), "")
    if family:
        return _of_family(table, column, family, texts, known.get(family, ()))
    if column.kind == "id":
        return _identifier(column, texts)
    if column.kind == "text":
        dated, pointed = _count(texts, _is_date), _count(texts, _POINT.fullmatch)
        odd = "日期" if dated >= _HALF * len(texts) else _SAID["money"] if pointed >= _HALF * len(texts) else ""
        strange = _others(texts, known) or (f"{len(texts)} 个值像是{odd}" if odd else "")
        return Fit("against", strange) if strange else Fit("plain")
    return _of_kind(column, header, texts, known)


def _count(texts: Iterable[str], such: Callable[[str], object]) -> int:
    return sum(bool(such(text)) for text in texts)


def _is_date(text: str) -> bool:
    """A day as people write it; of eight digits one of these days."""
    whole = _WHOLE.fullmatch(text)
    if _POINT.fullmatch(text) or (whole and not (len(text) == 8 and text[:2] in ("19", "20"))):
        return False
    try:
        return date_of_text(text) is not None
    except ValueError:
        return False


_TIME = re.compile(r"(?:\d{4}\D\d{1,2}\D\d{1,2}\D?)?\s*(?:[01]?\d|2[0-3])(?::?[0-5]\d){1,2}(?:\.\d+)?")
_RATE = re.compile(r"(\d{1,2}(?:\.\d+)?)[%‰]?")
_HIGHEST = 40
"""No rate in per cent, per mille or by itself is written with a greater number."""


def _is_rate(text: str) -> bool:
    found = _RATE.fullmatch(text)
    return found is not None and float(found[1]) <= _HIGHEST


def _of_kind(column: Column, header: str, texts: Sequence[str], known: Mapping[str, Collection[str]]) -> Fit:
    """A column whose cells are dates, amounts or code words: as many of them can be read as it."""
    said = _SAID.get(column.kind) or f"{column.label}的词"
    strange = _others(texts, known) or (_no_number(texts) if column.kind in _NUMBERS else "")
    if strange:
        return Fit("against", strange)
    shapes: Mapping[str, Callable[[str], object]] = {"rate": _is_rate, "time": _TIME.fullmatch}
    shaped = shapes.get(column.kind)
    if shaped is not None:  # a rate's unit may be open, and any text is taken for a time
        good = _count(texts, shaped)
    else:
        values = parse(pa.array(texts, pa.string()), column, parse_header(header)).values
        good = len(values) - values.null_count
    if good >= _MOST * len(texts):
        return Fit("fits", f"{len(texts)} 个值{'都' if good == len(texts) else f'里 {good} 个'}是{said}")
    return Fit("against", f"{len(texts)} 个值里 {len(texts) - good} 个不是{said}")


def _others(texts: Sequence[str], known: Mapping[str, Collection[str]]) -> str:
    """Whose numbers the cells are, where most are such."""
    for family, numbers in known.items():
        there = [text for text in texts if text in numbers and any(map(str.isdigit, text))]
        if len(there) > _FEW and len(there) >= _MOST * len(texts):
            return f"{len(texts)} 个值是已有的{terms.label(family)}"
    return ""


def _no_number(texts: Sequence[str]) -> str:
    """Why cells that can be read as numbers are none: days, or what somebody or something goes by."""
    if _count(texts, _is_date) >= _MOST * len(texts):
        return f"{len(texts)} 个值像是日期"
    whole = [text for text in texts if _WHOLE.fullmatch(text)]
    if len(whole) < _MOST * len(texts):
        return ""
    if _count(whole, lambda text: len(text) >= _LONG) >= _HALF * len(texts):
        return f"{len(texts)} 个值像是编号"
    return ""


def _of_family(table: Table, column: Column, family: str, texts: Sequence[str], known: Collection[str]) -> Fit:
    """Numbers that other tables have too: how many of them are known; without any, whether they look like numbers at all."""
    whose = terms.label(family)
    there = _count(texts, known.__contains__)
    different = len(set(texts))
    if table.keys == (column.key,) and len(texts) > _FEW and different < _HALF * len(texts):
        return Fit("against", f"{len(texts)} 个值只有 {different} 种，不能一行一个")
    if there >= _MOST * len(texts):
        return Fit("fits", f"{len(texts)} 个值{'都' if there == len(texts) else f'里 {there} 个'}是已有的{whose}", True)
    shaped = _identifier(column, texts)
    if shaped.verdict != "plain":
        return shaped
    if family not in _NAMED and _count(texts, _CHINESE.search) >= _HALF * len(texts):
        return Fit("against", f"{len(texts)} 个值是汉字，不是{whose}")
    if not there and min(len(known), len(texts)) > _FEW and table.keys[:1] != (column.key,):
        return Fit("against", f"{len(texts)} 个值没有一个是已有的{whose}")
    return shaped


def _identifier(column: Column, texts: Sequence[str]) -> Fit:
    """A number of something: no day and no amount; not the same in every row."""
    if _count(texts, _is_date) >= _MOST * len(texts):
        return Fit("against", f"{len(texts)} 个值像是日期")
    if _count(texts, _POINT.fullmatch) >= _HALF * len(texts):
        return Fit("against", f"{len(texts)} 个值像是金额")
    if column.private == "phone":
        good = _count(texts, _PHONE.fullmatch)
        odd = Fit("against", f"{len(texts)} 个值里 {len(texts) - good} 个不像电话")
        return Fit("fits", f"{len(texts)} 个值里 {good} 个像电话") if good >= _HALF * len(texts) else odd
    if len(texts) >= _SAME and len(set(texts)) == 1:
        return Fit("doubtful", f"{len(texts)} 个值都一样")
    return Fit("plain")
