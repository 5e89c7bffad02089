"""How do lists of kept results stand on a terminal, in a CSV, in JSON? Money, dates and codes in each form; customers' names masked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from kehujingli import terms
from kehujingli.commands.console import say_csv, say_json, say_table
from kehujingli.commands.query import plain
from kehujingli.periods import date_of
from kehujingli.values import round_half_up

Row = Mapping[str, Any]


_WORDS: Mapping[str, Mapping[str, str]] = {
    "customer_type": terms.CUSTOMER_TYPES,
    "customer_group": terms.CUSTOMER_GROUPS,
    "frequency": terms.FREQUENCIES,
    "scale": terms.SCALES,
    "change": terms.CHANGES,
    "worst_class": terms.FIVE_CLASSES,
    "five_class": terms.FIVE_CLASSES,
    "specialism": terms.SPECIALISMS,
    "kind": terms.DEPOSIT_KINDS,
}


def said(key: str, value: Any) -> str:
    if value is None:
        return ""
    if key in _WORDS:
        return _WORDS[key].get(value, str(value))
    if key in ("group", "previous_group"):
        frequency, _, scale = str(value).partition("/")
        return f"{terms.FREQUENCIES.get(frequency, frequency)}·{terms.SCALES.get(scale, scale)}"
    if key in terms.PER_YUAN:
        return f"{yuan_of(key, value):,.2f} 元"
    if key in terms.DAYS:
        return date_of(int(value)).isoformat()
    if isinstance(value, int | float):
        return f"{value:,.0f}" if value == int(value) else f"{value:,.2f}"
    return str(value)


def say_rows(rows: Sequence[Row], labels: Mapping[str, str], style: str, *, unmask: bool) -> None:
    """``labels``: the keys to show, in order, with their Chinese names. JSON has every key; ``customer_type`` only serves the mask."""
    from kehujingli.terms.masks import mask_name

    if not unmask:
        rows = [
            {**row, "customer_name": mask_name(row["customer_name"] or "", row.get("customer_type"))}
            if "customer_name" in row
            else row
            for row in rows
        ]
    if style == "json":
        say_json([{key: jsonable(key, value) for key, value in row.items() if key != "customer_type"} for row in rows])
    elif style == "csv":
        say_csv(list(labels.values()), [[_cell(key, row.get(key)) for key in labels] for row in rows])
    else:
        say_table(list(labels.values()), [[_text(key, row.get(key)) for key in labels] for row in rows])


def yuan_of(key: str, value: int) -> Decimal:
    """What is kept of a column of money, in 元 with two decimals."""
    return round_half_up(Decimal(int(value)) / terms.PER_YUAN[key], 2)


def jsonable(key: str, value: Any) -> Any:
    """Money as text with two decimals, days as 2026-10-31, codes as they are."""
    if value is None:
        return None
    if key in terms.PER_YUAN:
        return f"{yuan_of(key, value):.2f}"
    if key in terms.DAYS:
        return date_of(int(value)).isoformat()
    return plain(value)


def _cell(key: str, value: Any) -> Any:
    return jsonable(key, value) if key in terms.PER_YUAN or key in terms.DAYS else said(key, value)


def _text(key: str, value: Any) -> Any:
    if value is not None and key in terms.PER_YUAN:
        return f"{yuan_of(key, value):,.2f}"
    return _cell(key, value)
