"""What does a file's name say that its sheets do not? A unit of money is told and not used: what is read depends on content alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from kehujingli import terms
from kehujingli.errors import Finding, finding
from kehujingli.intake.ledger import Sheet
from kehujingli.intake.sheets.headers import parse_header
from kehujingli.intake.sheets.units import units_in_titles

_UNITS_TOLD = ("intake.unit-above", "intake.unit-unclear")


def units_in_names(sheets: Iterable[Sheet]) -> Iterator[Finding]:
    """存款余额（万元）.xlsx, whose amounts have no unit anywhere in the sheet."""
    for sheet in sheets:
        units = [unit for unit in units_in_titles([Path(sheet.export.name).stem]) if unit != "元"]
        if not units or any(told.code in _UNITS_TOLD for told in sheet.findings):
            continue
        table = terms.BY_KEY.get(sheet.table)
        money = {column.key for column in table.columns if column.kind == "money"} if table else set()
        bare = [name for key, name in sheet.columns.items() if key in money and name and not parse_header(name).unit]
        if bare:
            yield finding(
                "intake.unit-in-name",
                file=sheet.export.name,
                sheet=sheet.sheet,
                unit=units[0],
                columns="”、“".join(bare),
            )
