"""How do lists of kept results stand on a terminal, in a CSV, in JSON? Money, dates and codes in each form; customers' names masked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from kehujingli import terms
from kehujingli.commands.console import CSV, say_csv, say_json, say_table
from kehujingli.commands.query import plain
from kehujingli.periods import date_of
from kehujingli.terms.masks import mask
from kehujingli.values import round_half_up

Row = Mapping[str, Any]
NUMBER = re.compile(r"-?\d+(\.\d+)?")
"""An exact figure as it is kept."""


def said(key: str, value: Any) -> str:
    """A value as a card says it: codes in Chinese, money in 元, days as 2026-10-31."""
    if value is None:
        return ""
    term = terms.known(key)
    if term and term.codes:
        return term.codes.get(value, str(value))
    if term and term.kind == "yuan":
        return f"{yuan_of(key, value):,.2f} 元"
    if term and term.kind == "amount" and isinstance(value, str) and NUMBER.fullmatch(value):
        return f"{Decimal(value):,.2f} 元"
    if term and term.kind == "date":
        return date_of(int(value)).isoformat()
    if term and term.kind == "number" and isinstance(value, str) and NUMBER.fullmatch(value):
        return f"{Decimal(value):,f}"
    if isinstance(value, int | float):
        return f"{value:,.0f}" if value == int(value) else f"{value:,.2f}"
    return str(value)


def say_rows(rows: Sequence[Row], labels: Mapping[str, str], style: str, *, unmask: bool) -> None:
    """``labels``: the keys to show, in order, with their Chinese names. JSON has every key; ``customer_type`` only serves the mask."""
    if not unmask:
        rows = [hidden(row) for row in rows]
    if style == "json":
        say_json([{key: jsonable(key, value) for key, value in row.items() if key != "customer_type"} for row in rows])
    elif style in CSV:
        say_csv(list(labels.values()), [[_cell(key, row.get(key)) for key in labels] for row in rows], style)
    else:
        heads = [with_unit(label, kind_of(key)) for key, label in labels.items()]
        say_table(heads, [[_text(key, row.get(key)) for key in labels] for row in rows])


def with_unit(header: str, kind: str) -> str:
    """A head that says in what its money is: 余额（元）. What a sheet shows in 万元 is told in 元 here, as in CSV and JSON."""
    unit = {"yuan": "元", "wan": "元", "amount": "元"}.get(kind)
    return header if unit is None or unit in header else f"{header}（{unit}）"


def hidden(row: Row) -> Row:
    """The row with what is private as it may stand on a terminal."""
    return {
        key: mask(value, term.private, row.get("customer_type"))
        if value and (term := terms.known(key)) and term.private
        else value
        for key, value in row.items()
    }


def kind_of(key: str) -> str:
    """What the values of a column are; text where nobody declared it."""
    term = terms.known(key)
    return term.kind if term else "text"


def yuan_of(key: str, value: int) -> Decimal:
    """What is kept of a column of money, in 元 with two decimals."""
    return round_half_up(Decimal(int(value)) / terms.term(key).per, 2)


def jsonable(key: str, value: Any) -> Any:
    """Money as text with two decimals, days as 2026-10-31, codes as they are."""
    if value is None:
        return None
    kind = kind_of(key)
    if kind == "yuan":
        return f"{yuan_of(key, value):.2f}"
    if kind == "date":
        return date_of(int(value)).isoformat()
    return plain(value)


def _cell(key: str, value: Any) -> Any:
    return jsonable(key, value) if kind_of(key) in ("yuan", "date") else said(key, value)


def _text(key: str, value: Any) -> Any:
    if value is not None and kind_of(key) == "yuan":
        return f"{yuan_of(key, value):,.2f}"
    return _cell(key, value)
