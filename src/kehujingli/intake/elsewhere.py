"""What do a sheet's lines, its name or a column beside say of all its money? Another currency, and a unit row by row."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

import numpy as np
import pyarrow.compute as pc

from kehujingli import terms
from kehujingli.intake.cells.columns import bools, clean_text, is_text
from kehujingli.intake.files.raw import RawSheet
from kehujingli.intake.sheets.headers import unit_of

_UNIT_COLUMNS = (terms.UNIT_WORD, "金额单位", "计量单位", "货币单位")
_CONVERTED = re.compile(r"折|人民币|本外币|不含|除外|RMB|CNY", re.IGNORECASE)
_NAMED = re.compile(r"(?:单位|币种|币别|货币)\s*[:为是]?\s*(\S+)")


def set_currency(raw: RawSheet, below: Sequence[str]) -> None:
    """The other currency that a title, a line below, or the sheet's name says the money is in: its rows are refused, as by a column 币种."""
    match = raw.match
    if any(column.key == "currency" for column in match.columns.values()):
        return
    if not any(column.kind == "money" for column in match.columns.values()):
        return
    titles = [title for title in raw.titles if title not in match.upper]
    text = unicodedata.normalize("NFKC", "\n".join([*titles, *below]))
    said = [*_NAMED.findall(text), *(line for line in (*titles, raw.name) if len(line) <= _SHORT)]
    for words in said:
        foreign = next((name for name in terms.FOREIGN_NAMES if name in words.upper()), "")
        if foreign and not _CONVERTED.search(words):
            raw.currency = foreign
            return


_SHORT = 30
"""A longer line tells of something, and names no currency of the whole sheet."""


def set_row_units(raw: RawSheet) -> None:
    """A column 单位 that says the unit of each row's money: an amount without a unit of its own is in it; it is told.

    A currency there refuses the row. Elsewhere 单位 is a business, and says nothing.
    """
    match = raw.match
    if match.table.has("unit"):
        return
    position = next((at for at, header in enumerate(match.headers) if header.name in _UNIT_COLUMNS), -1)
    array = raw.columns.get(position)
    if array is None or position in match.columns or not is_text(array):
        return
    encoded = clean_text(array).dictionary_encode()
    units = {text: _unit(text) for text in encoded.dictionary.to_pylist() if text}
    known = {text for text, unit in units.items() if unit}
    if not known or any(text not in known for text in units):
        return
    money = [at for at, column in match.columns.items() if column.kind == "money" and not match.headers[at].unit]
    texts = clean_text(array)
    for text, unit in units.items():
        if unit == "元":
            continue
        rows = np.flatnonzero(bools(pc.equal(texts, text)))
        for at in money:
            said = raw.said(at, rows).to_pylist()
            bare = {row: f"{amount}{unit}" for row, amount in zip(rows.tolist(), said, strict=True) if _bare(amount)}
            raw.patches[at] = {**raw.patches.get(at, {}), **bare}
    if money and set(units.values()) != {"元"}:
        columns = "”、“".join(raw.header(at) for at in money)
        facts = {"columns": columns, "column": raw.header(position), "units": "、".join(dict.fromkeys(units.values()))}
        raw.notes.append(("intake.unit-rows", facts))


def _unit(text: str) -> str:
    """万元, or another currency; nothing where it is neither."""
    plain = unicodedata.normalize("NFKC", text).strip()
    unit = unit_of(plain)
    if unit in terms.UNITS:
        return unit
    return next((name for name in terms.FOREIGN_NAMES if name in plain.upper()), "")


def _bare(amount: str) -> bool:
    return bool(re.fullmatch(r"[-+(]?[\d,.]+\)?", unicodedata.normalize("NFKC", amount)))
