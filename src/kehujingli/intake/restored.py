"""What did a row say that was accepted? Written back under the headers of its export, so that read again it says the same.

The ledger keeps what was read, not what stood there: 1.5 under 余额(万元) comes back as 1.5, 20260131 as 2026-01-31, D as 借.
"""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from kehujingli import terms
from kehujingli.intake.cells import choices
from kehujingli.intake.sheets.headers import Header, parse_header
from kehujingli.periods import date_of

if TYPE_CHECKING:
    from kehujingli.intake.ledger import Sheet


def restored(sheet: Sheet, rows: Collection[int]) -> dict[int, list[str]]:
    """Row → its cells, in the order of the sheet's headers."""
    if sheet.parquet is None or not rows:
        return {}
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    table = pq.read_table(sheet.parquet)
    table = table.filter(pc.is_in(table["row"], pa.array(sorted(rows), table["row"].type)))
    names = [_column(sheet, place, table.column_names) for place in range(len(sheet.headers))]
    return {
        record["row"]: [_said(sheet, name, header, record) for name, header in zip(names, sheet.headers, strict=True)]
        for record in table.to_pylist()
    }


def _column(sheet: Sheet, place: int, there: Collection[str]) -> str:
    """The name in the Parquet of what stands under a header: a canonical column, else the header, which may stand twice."""
    header = sheet.headers[place]
    known = {said: key for key, said in sheet.columns.items()}
    names = (known.get(header, ""), f"{header}_{place + 1}", header)
    return next((name for name in names if name and name in there), "")


def _said(sheet: Sheet, name: str, header: str, record: dict[str, Any]) -> str:
    value = record.get(name)
    if value is None:
        return ""
    if name not in sheet.columns:
        return str(value)
    if name in sheet.negated:
        value = -value
    return _cell(value, terms.BY_KEY[sheet.table].column(name), parse_header(header))


def _cell(value: Any, column: terms.Column, header: Header) -> str:
    match column.kind:
        case "money":
            return _plain(Decimal(value) / terms.UNITS.get(header.unit, terms.UNITS["元"]))
        case "rate":
            return _rate(value, header)
        case "date":
            return date_of(value).isoformat()
        case "flag":
            return "是" if value else "否"
        case "code":
            return next((word for word in choices(column) if column.codes[word] == value), str(value))
        case _:
            return str(value)


def _rate(millionths: int, header: Header) -> str:
    """A rate under a header without a unit bears its own: nobody has to guess what 3.85 is."""
    monthly = Decimal(millionths) / (12 if "月利率" in header.name else 1)
    unit = terms.RATE_UNITS.get(header.unit)
    said = _plain((monthly / (unit or terms.RATE_UNITS["%"])).quantize(Decimal("1e-9")))
    return said if unit else f"{said}%"


def _plain(value: Decimal) -> str:
    text = format(value, "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"
