"""What is known of a sheet while its rows are judged? Its columns as they were read, the fault of every row that has one, what is to be told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kehujingli.errors import Finding, finding
from kehujingli.intake import cells
from kehujingli.intake.cells.columns import Mask, Parsed, bools, none_bad
from kehujingli.intake.files.raw import RawSheet
from kehujingli.intake.rows.data import data_rows
from kehujingli.intake.rows.rejects import Faults
from kehujingli.terms import Column


class Judging:
    """One sheet under judgement. ``parsed``: canonical key → position and values; ``file`` is for the findings only."""

    def __init__(self, raw: RawSheet, file: str) -> None:
        self.raw, self.file = raw, file
        self.table = raw.match.table
        self.rows = data_rows(raw)
        self.faults = Faults(len(raw))
        self.findings: list[Finding] = []
        self.parsed: dict[str, tuple[int, Parsed]] = {}

    @property
    def sound(self) -> Mask:
        """Data rows of which nothing wrong is known yet."""
        return self.rows.kept & (self.faults.of_row < 0)

    def say(self, code: str, **facts: Any) -> None:
        self.findings.append(finding(code, file=self.file, sheet=self.raw.name, **facts))

    def fault(self, rows: Mask, position: int, code: str, facts: Mapping[str, Any] | None = None) -> None:
        self.faults.add(rows & self.rows.kept, position, code, facts)

    def mask(self, rows: Iterable[int]) -> Mask:
        mask = none_bad(len(self.raw))
        mask[list(rows)] = True
        return mask

    def valid(self, key: str) -> Mask:
        return bools(pc.is_valid(self.parsed[key][1].values))

    def patch(self, position: int, column: Column, parsed: Parsed) -> None:
        """Cells that are not of their column's type, read one by one into ``parsed``."""
        patches = self.raw.patches.get(position, {}) if column.kind != "rate" else {}
        rows = sorted(row for row in patches if column.kind != "id" or self.rows.kept[row])
        if not rows:
            return
        again = cells.parse(
            pa.array([patches[row] for row in rows], pa.string()),
            column,
            self.raw.match.headers[position],
            self.raw.epoch,
        )
        where = np.full(len(self.raw), -1, dtype="int64")
        where[rows] = np.arange(len(rows))
        taken = again.values.take(pa.array(where, mask=where < 0))
        parsed.values = pc.if_else(pa.array(where >= 0), taken, parsed.values)
        parsed.bad[rows] = again.bad
        if again.foreign is not None:
            parsed.foreign = none_bad(len(self.raw)) if parsed.foreign is None else parsed.foreign
            parsed.foreign[rows] = again.foreign
        if again.units is not None:
            parsed.units = again.units.take(pa.array(where, mask=where < 0))
        parsed.cleaned += again.cleaned
        parsed.sub_cent += again.sub_cent
        parsed.why = parsed.why or again.why
        parsed.facts = parsed.facts or again.facts
