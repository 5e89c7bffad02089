"""What does one row of an export say? As it was read, under the export's own headers, with what is private masked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from kehujingli import terms
from kehujingli.errors import yuan_grouped
from kehujingli.periods import date_of
from kehujingli.terms.masks import mask, mask_id_number
from kehujingli.values import missing, plain

if TYPE_CHECKING:
    from kehujingli.intake.ledger import Sheet
    from kehujingli.terms import Column

_LONG = re.compile(r"\d{11,}[\dXx]?")
"""Digits in a free text that may be a phone, an id number or an account."""


def records_of(sheet: Sheet, row: int) -> list[dict[str, Any]]:
    """What the ledger keeps of a row that was accepted, by canonical column; several where it holds one a month or an item."""
    if sheet.parquet is None:
        return []
    import pyarrow.parquet as pq

    found: list[dict[str, Any]] = pq.read_table(sheet.parquet, filters=[("row", "==", row)]).to_pylist()
    return found


def said(sheet: Sheet, record: dict[str, Any], *, unmask: bool) -> Iterator[tuple[str, str]]:
    """Header and value of what a row says."""
    table, kind = terms.BY_KEY[sheet.table], record.get("customer_type") or "person"
    for key, header in sheet.columns.items():
        value = record.get(key)
        if missing(value) or not table.has(key):
            continue
        column = table.column(key)
        text = _value(column, sheet.table, value)
        yield header, text if unmask else _hidden(text, column, kind)
    known = set(sheet.columns.values())
    for header in sheet.headers:
        value = None if header in known else record.get(header)
        if not missing(value) and str(value):
            yield header, str(value) if unmask else _free(str(value))


def cells(sheet: Sheet, original: Sequence[object], *, unmask: bool) -> Iterator[tuple[str, str]]:
    """Header and text of a refused row, as it stands in the export."""
    keys, table = {header: key for key, header in sheet.columns.items()}, terms.BY_KEY[sheet.table]
    for header, value in zip(sheet.headers, original, strict=False):
        text = "" if missing(value) else str(value)
        key = keys.get(header, "")
        if text:
            hidden = _hidden(text, table.column(key), "person") if table.has(key) else _free(text)
            yield header, text if unmask else hidden


def _hidden(text: str, column: Column, customer_type: str) -> str:
    if column.private:
        return mask(text, column.private, customer_type)
    return _free(text) if column.kind == "text" else text


def _free(text: str) -> str:
    return _LONG.sub(lambda found: mask_id_number(found[0]), text)


def _value(column: Column, table: str, value: Any) -> str:
    match column.kind:
        case "money":
            return f"{yuan_grouped(int(value))} 元"
        case "rate":
            return f"{value / 10_000:g}%"
        case "date":
            return date_of(int(value)).isoformat()
        case "flag":
            return "是" if value else "否"
        case "code":
            return terms.term(column.key, table).codes.get(value, str(value))
        case "decimal":
            return plain(value) if hasattr(value, "as_tuple") else str(value)
        case _:
            return str(value)
