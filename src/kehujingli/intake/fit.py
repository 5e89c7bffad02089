"""What do a layout and the lines above the header add to a sheet that has been read? Columns made of others, or said once for all rows; units."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime

import numpy as np
import pyarrow as pa

from kehujingli.intake.files.raw import RawSheet
from kehujingli.intake.sheets.headers import Header, Match, parse_header
from kehujingli.intake.sheets.layout import Fitted, Source
from kehujingli.intake.sheets.units import units_in_titles
from kehujingli.periods import date_of, month_end, month_of
from kehujingli.terms import Column

_LAST, _FEW = 10, 3
"""Rows at the end of a sheet that may be its foot, and the most cells of a line that is one."""


def fit(raw: RawSheet, fitted: Fitted, title_day: int | None) -> None:
    """Complete a sheet by its layout: every canonical column gets a position, those not in the sheet a new one behind its last."""
    columns = dict(raw.columns)
    headers = list(fitted.headers)
    known: dict[int, Column] = {}
    plain = fitted.plain().columns
    free = max([raw.width, len(headers)])
    headers += [Header("", "")] * (free - len(headers))
    for column, source, positions in fitted.places:
        if len(positions) == 1 and plain.get(positions[0]) is column:
            known[positions[0]] = column
            if source.negate:
                raw.negated.add(positions[0])
            continue
        known[free] = column
        raw.origin[free] = positions[0] if positions else -1
        if source.negate:
            raw.negated.add(free)
        headers.append(headers[positions[0]] if positions else parse_header(column.label))
        if source.product:
            raw.products[free] = (positions[0], positions[1])
        elif positions:
            columns[free] = _retold(raw, positions[0], source, title_day)
        else:
            columns[free] = pa.array([_said(raw, source)] * len(raw), pa.string())
        free += 1
    raw.columns = columns
    raw.left_out = fitted.left_out
    raw.match = Match(fitted.layout.table, dict(sorted(known.items())), headers)
    raw.layout = fitted.layout.name


def set_units(raw: RawSheet) -> None:
    """Amounts whose own header names no unit are in the one that the lines above or below, or the sheet's name, give for the whole table; it is told.

    Two units there leave it open: nothing is taken, and that is told. 分 may be points where a table has other numbers than money.
    """
    match = raw.match
    bare = [
        position
        for position, column in match.columns.items()
        if (column.kind == "money" or (column.kind == "decimal" and match.table.has("unit")))
        and not match.headers[position].unit
        and position not in raw.products
    ]
    if not bare:
        return
    units = units_in_titles([*(title for title in raw.titles if title not in match.upper), raw.name, *lines_below(raw)])
    if any(column.kind == "decimal" for column in match.table.columns):
        units = tuple(unit for unit in units if unit != "分")
    if not units:
        _usual_units(raw, bare)
    if not units or units == ("元",):
        return
    columns = "”、“".join(raw.header(position) for position in bare)
    if len(units) > 1:
        raw.notes.append(("intake.unit-unclear", {"columns": columns, "units": "、".join(units)}))
        return
    headers = list(match.headers)
    for position in bare:
        headers[position] = replace(headers[position], unit=units[0])
    raw.match = replace(match, headers=headers)
    raw.notes.append(("intake.unit-above", {"columns": columns, "unit": units[0]}))


def _usual_units(raw: RawSheet, bare: Sequence[int]) -> None:
    """Columns that nobody writes in 元 are in their usual unit where none is named; it is told."""
    match = raw.match
    headers = list(match.headers)
    for position in bare:
        unit = match.columns[position].unit
        if unit:
            headers[position] = replace(headers[position], unit=unit)
            raw.notes.append(("intake.unit-usual", {"columns": raw.header(position), "unit": unit}))
    raw.match = replace(match, headers=headers)


_UNIT_SAID = re.compile(r"单位|币种|金额|[百千万亿]元")


def lines_below(raw: RawSheet) -> list[str]:
    """The texts of the last rows that say little else: 单位：万元 below the data."""
    rows = np.arange(max(0, len(raw) - _LAST), len(raw))
    cells = [raw.said(position, rows).to_pylist() for position in sorted(raw.columns) if position not in raw.origin]
    lines = [[text for text in line if text] for line in zip(*cells, strict=True)]
    return [text for line in lines if len(line) <= _FEW and any(map(_UNIT_SAID.search, line)) for text in line]


def _said(raw: RawSheet, source: Source) -> str | None:
    if source.value:
        return source.value
    found = re.search(source.title, "\n".join(raw.titles))
    return found[1].strip() if found else None


def _retold(raw: RawSheet, position: int, source: Source, title_day: int | None) -> pa.Array:
    """A column's cells as text, each told as the layout says; what its pattern does not fit stays as it stands."""
    texts: Sequence[str] = raw.said(position, np.arange(len(raw))).to_pylist()
    if source.take:
        pattern = re.compile(source.take)
        texts = _each(texts, lambda text: found[1] if (found := pattern.search(text)) else text)
    if source.format:
        texts = _each(texts, lambda text: _dated(text, source.format, title_day))
    return pa.array(texts, pa.string())


def _each(texts: Sequence[str], tell: Callable[[str], str]) -> list[str]:
    told = {text: tell(text) for text in set(texts)}
    return [told[text] for text in texts]


def _dated(text: str, form: str, title_day: int | None) -> str:
    """A date in the layout's form as 2026-01-31. Without a year it is the last such day not after the title's."""
    try:
        if "%Y" in form or "%y" in form:
            return datetime.strptime(text, form).date().isoformat()  # noqa: DTZ007
        if title_day is None:
            return text
        last = date_of(title_day)
        last = month_end(month_of(last))
        day = datetime.strptime(f"2000 {text}", f"%Y {form}").date()  # noqa: DTZ007
        return max(
            found for year in (last.year - 1, last.year) if (found := _replace(day, year)) and found <= last
        ).isoformat()
    except ValueError:
        return text


def _replace(day: date, year: int) -> date | None:
    try:
        return day.replace(year=year)
    except ValueError:
        return None
