"""What is told of a refused row? The cell at fault, the reason, the row as it stood; and many of one kind in one finding.

A sheet may refuse a hundred thousand rows: they are columns here, as they are in the ledger, and rows only where one is looked at.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from kehujingli.errors import Finding, Spot, finding
from kehujingli.intake.cells.amounts import number_hint
from kehujingli.intake.cells.columns import Mask, number_text
from kehujingli.intake.cells.dates import date_hint
from kehujingli.intake.files.raw import RawSheet
from kehujingli.terms.places import column_name

SHOWN = 10
_HINTS: Mapping[str, Callable[[str], str]] = {
    "intake.amount-bad": number_hint,
    "intake.number-bad": number_hint,
    "intake.date-bad": date_hint,
}
_TEXT = pa.string()


class Fault(NamedTuple):
    """Why rows are refused: the column at fault, a finding's code and its facts."""

    position: int
    code: str
    facts: Mapping[str, Any]


class Faults:
    """The fault of every row that has one: the first that was found counts."""

    def __init__(self, length: int) -> None:
        self.kinds: list[Fault] = []
        self.of_row = np.full(length, -1, dtype="int32")

    def add(self, rows: Mask, position: int, code: str, facts: Mapping[str, Any] | None = None) -> None:
        new = rows & (self.of_row < 0)
        if new.any():
            self.of_row[new] = len(self.kinds)
            self.kinds.append(Fault(position, code, facts or {}))


@dataclass(frozen=True)
class Reject:
    """One refused row: the cell that is at fault, what it says, why, and the row as it stood."""

    row: int
    cell: str
    code: str
    column: str
    value: str
    facts: Mapping[str, Any]
    original: tuple[str, ...]
    money: Mapping[str, int] = field(default_factory=dict)
    """What the row's amounts would have been, in 分, where they can be read."""


@dataclass(frozen=True)
class Rejects:
    """The refused rows of a sheet as the ledger keeps them: a row each, facts and money as JSON."""

    table: pa.Table

    def __len__(self) -> int:
        return int(self.table.num_rows)

    def __iter__(self) -> Iterator[Reject]:
        yield from self.at(range(len(self)))

    def at(self, places: Sequence[int]) -> list[Reject]:
        rows = self.table.take(pa.array(places, pa.int64())).to_pylist()
        return [
            Reject(
                **{
                    **row,
                    "facts": json.loads(row["facts"]),
                    "original": tuple(row["original"].values()),
                    "money": json.loads(row["money"]),
                }
            )
            for row in rows
        ]


def reject(raw: RawSheet, rows: npt.NDArray[np.int64], faults: Faults, money: Mapping[str, pa.Array]) -> Rejects:
    """The refused ``rows``. ``money``: the amounts of all rows, by column."""
    kinds = faults.of_row[rows]
    texts = [raw.said(position, rows) for position in range(raw.width)]
    numbers = raw.rows.take(pa.array(rows)).cast(pa.int64())
    value = _values(raw, texts, faults, kinds)
    return Rejects(
        pa.table(
            {
                "row": numbers,
                "cell": _cells(raw, rows, numbers, faults, kinds),
                "code": _by_kind(faults, kinds, lambda fault: fault.code),
                "column": _by_kind(faults, kinds, lambda fault: raw.header(fault.position)),
                "value": value,
                "facts": _facts(faults, kinds, value),
                "original": pa.StructArray.from_arrays(texts, [str(position) for position in range(len(texts))]),
                "money": _money({key: cents.take(pa.array(rows)) for key, cents in money.items()}, len(rows)),
            }
        )
    )


def _by_kind(faults: Faults, kinds: npt.NDArray[np.int32], tell: Callable[[Fault], str]) -> pa.Array:
    return pa.array([tell(fault) for fault in faults.kinds], _TEXT).take(pa.array(kinds))


def _cells(
    raw: RawSheet, rows: npt.NDArray[np.int64], numbers: pa.Array, faults: Faults, kinds: npt.NDArray[np.int32]
) -> pa.Array:
    if raw.text_file:
        return pa.array([f"第 {number:,} 行" for number in numbers.to_pylist()], _TEXT)
    if raw.places:  # one row of the sheet holds several: each has cells of its own
        at_fault = [faults.kinds[kind].position for kind in kinds.tolist()]
        return pa.array([raw.cell(row, place) for row, place in zip(rows.tolist(), at_fault, strict=True)], _TEXT)
    letters = _by_kind(faults, kinds, lambda fault: column_name(max(0, raw.source(fault.position))))
    return pc.binary_join_element_wise(letters, numbers.cast(_TEXT), "")


def _values(raw: RawSheet, texts: Sequence[pa.Array], faults: Faults, kinds: npt.NDArray[np.int32]) -> pa.Array:
    """What the cell at fault says; an identifier that lost digits as the number it was."""
    value = pa.array([""] * len(kinds), _TEXT)
    for kind in np.unique(kinds):
        fault, own = faults.kinds[kind], kinds == kind
        position = raw.source(fault.position)
        if not 0 <= position < len(texts):
            continue
        said = texts[position]
        if fault.code == "intake.id-lost-digits":
            said = pa.array([number_text(float(text)) if text.isdigit() else text for text in said.to_pylist()], _TEXT)
        value = pc.if_else(pa.array(own), said, value)
    return value


def _facts(faults: Faults, kinds: npt.NDArray[np.int32], value: pa.Array) -> pa.Array:
    """As JSON; of a number or a day that is none what keeps it from being one."""
    facts = _by_kind(faults, kinds, lambda fault: json.dumps(dict(fault.facts), ensure_ascii=False))
    for kind, fault in enumerate(faults.kinds):
        own = kinds == kind
        hint = _HINTS.get(fault.code)
        if hint is not None and own.any():
            told = [
                json.dumps({**fault.facts, "hint": hint(text)}, ensure_ascii=False)
                for text in value.filter(pa.array(own)).to_pylist()
            ]
            facts = pc.replace_with_mask(facts, pa.array(own), pa.array(told, _TEXT))
    return facts


def _money(money: Mapping[str, pa.Array], length: int) -> pa.Array:
    """As JSON, amounts of nothing left out."""
    inner = pa.array([""] * length, _TEXT)
    for key, cents in money.items():
        told = pc.binary_join_element_wise(f'"{key}": ', cents.cast(_TEXT), ", ", "")
        there = pc.fill_null(pc.not_equal(cents, 0), False)
        inner = pc.binary_join_element_wise(inner, pc.if_else(there, told, ""), "")
    return pc.binary_join_element_wise("{", pc.utf8_rtrim(inner, ", "), "}", "")


def summarise(rejects: Rejects, file: str, raw: RawSheet) -> list[Finding]:
    """One finding for each kind of fault in each column, with the first ten places."""
    kind = pc.binary_join_element_wise(rejects.table["code"], rejects.table["column"], "\n").combine_chunks()
    kinds = kind.dictionary_encode()
    of_row = kinds.indices.to_numpy()
    found = []
    for index in range(len(kinds.dictionary)):
        places = np.flatnonzero(of_row == index)
        shown = rejects.at(places[:SHOWN].tolist())
        first = shown[0]
        spots = [Spot(reject.cell, mask_value(raw, first.column, reject.value)) for reject in shown]
        found.append(
            finding(
                first.code,
                file=file,
                sheet=raw.name,
                cell=first.cell,
                column=first.column,
                value=spots[0].value,
                count=len(places),
                spots=spots,
                **first.facts,
            )
        )
    return found


def mask_value(raw: RawSheet, header: str, value: str) -> str:
    """A finding never shows a phone or an id number in full."""
    from kehujingli.terms.masks import mask

    for position, column in raw.match.columns.items():
        if raw.header(position) == header:
            return mask(value, column.private)
    return value
