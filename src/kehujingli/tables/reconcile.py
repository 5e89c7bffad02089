"""What should have been read? Rows of 对账 found again in the period's tables: counts of rows, sums of an amount column, by branch where told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kehujingli import terms
from kehujingli.errors import Finding, Spot, finding
from kehujingli.intake.days import sheet_day
from kehujingli.intake.ledger import Sheet
from kehujingli.periods import Period, date_of, month_of, parse_month
from kehujingli.tables.controls import Control, tell

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

Read = tuple[int, int, int, int]
"""Rows, 分, refused rows, refused 分."""


@dataclass(frozen=True)
class _Line:
    """One row of 对账: what it claims, of which branch, and where it stands."""

    branch: str | None
    part: int
    rows: int | None
    cents: int | None
    number: int


class Tables:
    """What the control totals are compared with: the frames of the period before customers are merged, and the postings."""

    def __init__(
        self, con: duckdb.DuckDBPyConnection, sheets: Sequence[Sheet], frames: Mapping[str, pd.DataFrame], postings: str
    ) -> None:
        """``postings``: the view of all postings, repeated exports counted once; empty where there are none."""
        self.con, self.sheets, self.frames, self.postings = con, sheets, frames, postings

    def read(self, table: str, column: str, branch: str | None, month: int | None) -> Read:
        if table == "transactions":
            return self._postings(column, branch, month)
        frame = self.frames[table]
        refused = (
            self._refused(sorted({int(part) for part in frame["part"].unique()}), column) if branch is None else (0, 0)
        )
        if branch is not None:
            frame = frame[frame["branch_id"] == branch] if "branch_id" in frame else frame.iloc[:0]
        if month is not None and not terms.BY_KEY[table].snapshot and "date" in frame:
            frame = frame[
                frame["date"].map(lambda day: month_of(date_of(int(day))) == month, na_action="ignore").fillna(False)
            ]
        return len(frame), int(frame[column].fillna(0).sum()) if column else 0, *refused

    def _postings(self, column: str, branch: str | None, month: int | None) -> Read:
        if not self.postings:
            return 0, 0, 0, 0
        money = {
            "debit_amount": "case when signed < 0 then -signed end",
            "credit_amount": "case when signed > 0 then signed end",
        }
        tests = [f"month = {month}"] if month is not None else []
        values = [branch] if branch is not None else []
        where = " and ".join([*tests, *(["branch_id = ?"] if values else [])]) or "true"
        (row,) = self.con.execute(
            f"select count(*), coalesce(sum({money.get(column, 'amount')}), 0) from {self.postings} where {where}",
            values,
        ).fetchall()
        parts = [part for part, sheet in enumerate(self.sheets) if sheet.table == "transactions"]
        return int(row[0]), int(row[1]), *(self._refused(parts, column) if branch is None else (0, 0))

    def of_file(self, name: str, column: str) -> tuple[str, str, Read] | None:
        """The table, the amount column and the figures of a file called so."""
        wanted = name.casefold()
        parts = [
            part
            for part, sheet in enumerate(self.sheets)
            if sheet.table
            and wanted
            in (
                sheet.export.name.casefold(),
                (base := sheet.export.name.rpartition("/")[2].casefold()),
                base.rpartition(".")[0],
            )
        ]
        if not parts:
            return None
        table = self.sheets[parts[0]].table
        column = _column(table, column)
        rows = sum(self.sheets[part].accepted for part in parts)
        cents = sum(self.sheets[part].totals.get(column, (0, 0))[0] for part in parts)
        return table, column, (rows, cents, *self._refused(parts, column))

    def _refused(self, parts: Sequence[int], column: str) -> tuple[int, int]:
        return (
            sum(self.sheets[part].rejected for part in parts),
            sum(self.sheets[part].totals.get(column, (0, 0))[1] for part in parts),
        )


def without_postings(controls: pd.DataFrame) -> tuple[pd.DataFrame, list[Finding]]:
    """The lines of 对账 that speak of anything but postings, where these were not read here; and that the others were not compared."""
    tables = controls["table"].map(lambda name: terms.table_named(str(name)), na_action="ignore")
    ours = tables == "transactions"
    count = int(ours.sum())
    return controls[~ours], [finding("source.no-controls", count=count)] if count else []


def reconcile(tables: Tables, controls: pd.DataFrame, period: Period) -> tuple[list[Control], list[Finding]]:
    """Every line of 对账 that speaks of this period, compared. Lines of one table by branch are one line, with the branches that differ."""
    groups: dict[tuple[str, str, int | None], list[_Line]] = {}
    unknown: list[Spot] = []
    compared: list[Control] = []
    days = {part: sheet_day(tables.sheets[part], None) for part in controls["part"].unique()}
    for row in controls.to_dict("records"):
        name, column, part, number = str(row["table"]), _text(row["column"]), int(row["part"]), int(row["row"])
        month = _month(row, days[part])
        rows, cents = _whole(row["rows"]), _whole(row["total"])
        table = terms.table_named(name)
        found = None if table else tables.of_file(name, column)
        if found:
            key, used, read = found
            compared += _lines(tables.sheets[part], number, f"《{name}》", key, used, rows, cents, read, ())
        elif table is None or (cents is not None and not _column(table, column)):
            unknown.append(Spot(f"第 {number:,} 行", name if table is None else f"{name} {column}".strip()))
        elif month is None or month == period.month:
            line = _Line(_text(row["branch_id"]) or None, part, rows, cents, number)
            groups.setdefault((table, _column(table, column), month), []).append(line)
    for (table, column, month), lines in groups.items():
        compared += _group(tables, table, column, month, lines)
    told = tell(compared)
    if unknown:
        sheet = tables.sheets[int(controls["part"].iloc[0])]
        told.append(
            finding(
                "recon.unknown",
                file=sheet.export.name,
                sheet=sheet.sheet,
                cell=unknown[0].cell,
                value=unknown[0].value,
                count=len(unknown),
                spots=unknown[:10],
            )
        )
    return compared, told


def _group(tables: Tables, table: str, column: str, month: int | None, lines: Sequence[_Line]) -> list[Control]:
    read = {line.branch: tables.read(table, column, line.branch, month) for line in lines}
    whole = next((line for line in lines if line.branch is None), None)
    differing = tuple(
        line.branch
        for line in lines
        if line.branch is not None
        and any(
            said is not None and said != figure
            for said, figure in zip((line.rows, line.cents), read[line.branch], strict=False)
        )
    )
    if whole is not None:
        rows, cents, figures = whole.rows, whole.cents, read[None]
    else:
        rows, cents = _added([line.rows for line in lines]), _added([line.cents for line in lines])
        figures = (sum(each[0] for each in read.values()), sum(each[1] for each in read.values()), 0, 0)
    first = whole or lines[0]
    sheet = tables.sheets[first.part]
    return _lines(sheet, first.number, terms.BY_KEY[table].label, table, column, rows, cents, figures, differing)


def _added(values: Sequence[int | None]) -> int | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def _lines(
    sheet: Sheet,
    number: int,
    label: str,
    table: str,
    column: str,
    rows: int | None,
    cents: int | None,
    read: Read,
    branches: tuple[str, ...],
) -> list[Control]:
    found = []
    if rows is not None:
        found.append(Control(sheet.export.name, sheet.sheet, number, label, "", rows, read[0], branches, read[2]))
    if cents is not None:
        title = terms.BY_KEY[table].column(column).label if column else ""
        found.append(Control(sheet.export.name, sheet.sheet, number, label, title, cents, read[1], branches, read[3]))
    return found


def _column(table: str, said: str) -> str:
    """The amount column that is meant: the one named, else the table's main one; empty where it has none."""
    money = [column for column in terms.BY_KEY[table].columns if column.kind == "money"]
    if said:
        return next((column.key for column in money if said in (*column.names, column.key)), "")
    return next(
        (
            column.key
            for key in ("balance", "amount")
            for column in money
            if column.key == key and (key == "amount" or table != "transactions")
        ),
        "",
    )


def _month(row: Mapping[str, object], day: int | None) -> int | None:
    """The month that a line speaks of: its date, its period, else its sheet's."""
    stated = row["data_date"]
    if isinstance(stated, int):
        return month_of(date_of(stated))
    try:
        return parse_month(_text(row["period"]))
    except ValueError:
        return None if day is None else month_of(date_of(day))


def _whole(value: object) -> int | None:
    return int(value) if isinstance(value, int) else None


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""
