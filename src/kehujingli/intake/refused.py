"""Which rows of a sheet were refused? By themselves, as the ledger keeps them, and beside others, written back from what was read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from kehujingli.errors import Finding, finding
from kehujingli.intake.ledger import Sheet
from kehujingli.intake.restored import restored


def rejected_rows(sheet: Sheet) -> list[dict[str, Any]]:
    """The refused rows of a sheet: row, cell, code, column, value, facts and the original cells."""
    rows: list[dict[str, Any]] = []
    if sheet.rejects is not None:
        import pyarrow.parquet as pq

        rows = pq.read_table(sheet.rejects).to_pylist()
    found = [row | {"original": list(row["original"].values())} for row in rows if row["row"] not in sheet.settled]
    return sorted([*found, *_refused_beside(sheet)], key=lambda row: int(row["row"])) if sheet.refusals else found


def told_of(sheet: Sheet, row: Mapping[str, Any], value: str) -> Finding:
    """What was told of a refused row; ``value`` as it may be shown."""
    return finding(
        row["code"],
        file=sheet.export.name,
        sheet=sheet.sheet,
        cell=row["cell"],
        column=row["column"],
        value=value,
        **json.loads(row["facts"]),
    )


def _refused_beside(sheet: Sheet) -> Iterator[dict[str, Any]]:
    """Rows that were accepted by themselves, in the same form: what they say is written back from what was read."""
    for row, original in restored(sheet, sheet.refusals).items():
        why = sheet.refusals[row]
        facts = {name: said for name, said in why.facts.items() if name != "value"}
        yield {
            "row": row,
            "cell": sheet.cell(why.column, row),
            "code": why.code,
            "column": sheet.columns.get(why.column, ""),
            "value": why.facts.get("value", ""),
            "facts": json.dumps(facts, ensure_ascii=False),
            "original": original,
            "money": "{}",
        }
