"""What is told of a refused row? The cell at fault, the reason, the row as it stood; and many of one kind in one finding."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from kehujingli.errors import Finding, Spot, finding
from kehujingli.intake.raw import RawSheet

SHOWN = 10


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


def summarise(rejects: Iterable[Reject], file: str, raw: RawSheet) -> list[Finding]:
    """One finding for each kind of fault in each column, with the first ten places."""
    groups: dict[tuple[str, str], list[Reject]] = {}
    for reject in rejects:
        groups.setdefault((reject.code, reject.column), []).append(reject)
    found = []
    for (code, column), group in groups.items():
        first = group[0]
        spots = [Spot(reject.cell, mask_value(raw, column, reject.value)) for reject in group[:SHOWN]]
        found.append(
            finding(
                code, file=file, sheet=raw.name, cell=first.cell, column=column, value=spots[0].value, count=len(group), spots=spots, **first.facts,
            )
        )  # fmt: skip
    return found


def mask_value(raw: RawSheet, header: str, value: str) -> str:
    """A finding never shows a phone or an id number in full."""
    from kehujingli.masks import mask

    for position, column in raw.match.columns.items():
        if raw.match.headers[position].raw.strip() == header:
            return mask(value, column.private)
    return value


def rejects_table(rejects: Sequence[Reject]) -> pa.Table:
    """Refused rows as the ledger keeps them: facts and money as JSON."""
    texts = pa.string()
    return pa.table({
        "row": pa.array([reject.row for reject in rejects], pa.int64()),
        **{name: pa.array([getattr(reject, name) for reject in rejects], texts) for name in ("cell", "code", "column", "value")},
        "facts": pa.array([json.dumps(dict(reject.facts), ensure_ascii=False) if reject.facts else "{}" for reject in rejects], texts),
        "original": pa.array([reject.original for reject in rejects], pa.list_(texts)),
        "money": pa.array(["{" + ", ".join(f'"{key}": {cents}' for key, cents in reject.money.items()) + "}" for reject in rejects], texts),
    })  # fmt: skip
