"""Is a column gone that this table had? Exports drift from month to month: a header renamed, a column left out in one file.

What is gone is told with the nearest header and with what it costs; a figure that needs it is missing, never nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kehujingli import terms
from kehujingli.errors import Finding, finding
from kehujingli.intake.ledger import Sheet
from kehujingli.intake.sheets.headers import parse_header
from kehujingli.intake.sheets.likeness import nearest_header

if TYPE_CHECKING:
    import pandas as pd

EVENT = 0
"""In place of a snapshot's day where a table has none."""
_OF_HISTORY = {
    "loans": (
        "balance",
        "customer_id",
        "five_class",
        "status",
        "written_off",
        "transferred",
        "arrears_on_book",
        "arrears_off_book",
        "manager_id",
    ),
    "accounts": ("customer_id",),
}
"""What is read of earlier pictures too."""


@dataclass(frozen=True)
class Drift:
    """``gone``: table, column, day of the picture that lost it; ``findings``: each of them told, and what was never there."""

    gone: frozenset[tuple[str, str, int]] = frozenset()
    findings: list[Finding] = field(default_factory=list)


def find_drift(
    sheets: Sequence[Sheet],
    chosen: Mapping[str, pd.DataFrame],
    history: Mapping[str, pd.DataFrame],
    days: Mapping[str, int | None],
) -> Drift:
    """``chosen``: the period's rows by table, and ``history`` those of all pictures up to it, with ``part`` and ``snapshot``.

    Only sheets that count for the period are looked at and compared: what a later file has never changes an earlier month.
    """
    gone: set[tuple[str, str, int]] = set()
    findings: list[Finding] = []
    for table in terms.TABLES:
        day_of_part = _days(table.key, sheets, chosen, history, days)
        had = {
            key: part for part in sorted(day_of_part, reverse=True) for key in sheets[part].columns if table.has(key)
        }
        for part, (day, present) in sorted(day_of_part.items()):
            for key in _lost(table.key, sheets[part], had, present):
                gone.add((table.key, key, day))
                findings.append(_tell(table, key, sheets[part], sheets[had[key]]))
        findings += _never_there(table, [sheets[part] for part, (_, present) in day_of_part.items() if present], had)
    return Drift(frozenset(gone), findings)


def _days(
    table: str,
    sheets: Sequence[Sheet],
    chosen: Mapping[str, pd.DataFrame],
    history: Mapping[str, pd.DataFrame],
    days: Mapping[str, int | None],
) -> dict[int, tuple[int, bool]]:
    """Part → the newest day of its rows up to the period's end, and whether it is of the period's own picture."""
    if not terms.BY_KEY[table].snapshot:
        return {part: (EVENT, True) for part, sheet in enumerate(sheets) if sheet.table == table and sheet.accepted}
    used = days.get(table)
    if used is None:
        return {}
    present = {int(part) for part in chosen[table]["part"].unique()}
    rows = history[table]
    last = rows.groupby("part")["snapshot"].max() if len(rows) else {}
    return {int(part): (int(day), int(part) in present) for part, day in last.items()}


def _lost(table: str, sheet: Sheet, had: Mapping[str, int], present: bool) -> Iterator[str]:
    """The columns that other sheets of the table have and this one lacks, of those that something reads."""
    read, snapshot = terms.USES.get(table, {}), terms.BY_KEY[table].snapshot
    for key in had:
        use = read.get(key)
        if use is None or key in sheet.columns or not use.cost or any(other in sheet.columns for other in use.instead):
            continue
        # Of papers that people write one may well say what another need not.
        if (key in _OF_HISTORY.get(table, ()) or present) if snapshot else (table == "transactions" or not use.seldom):
            yield key


def _tell(table: terms.Table, key: str, sheet: Sheet, other: Sheet) -> Finding:
    return finding(
        "table.column-gone",
        file=sheet.export.name,
        sheet=sheet.sheet,
        table=table.label,
        column=other.columns[key] or table.column(key).label,
        other=other.export.name,
        nearest=_nearest(table, key, sheet),
        cost=terms.USES[table.key][key].cost,
    )


def _nearest(table: terms.Table, key: str, sheet: Sheet) -> str:
    found = nearest_spare(table, key, sheet)
    return f"最像的是“{found}”，没有采用。" if found else ""


def nearest_spare(table: terms.Table, key: str, sheet: Sheet) -> str:
    """Of the headers that stand for nothing known the one most like a column, or nothing."""
    known = set(sheet.columns.values())
    spare = [parse_header(header) for header in sheet.headers if header and header not in known]
    return nearest_header(table, [key], spare)


def _holds(table: terms.Table, key: str, header: str) -> bool:
    """Whether a header holds a spelling of the column: without a file that had it, being alike is not enough."""
    return any(len(name) > 1 and name in header for name in table.column(key).names)


def _never_there(table: terms.Table, sheets: Sequence[Sheet], had: Mapping[str, int]) -> Iterator[Finding]:
    """Columns that no file of the table has: told one by one where a header looks like one, the others together."""
    if not sheets:
        return
    read = terms.USES.get(table.key, {})
    lacking = {
        key: use
        for key, use in read.items()
        if key not in had and use.cost and not any(other in had for other in use.instead)
    }
    plain = []
    for key, use in lacking.items():
        near = ((sheet, nearest_spare(table, key, sheet)) for sheet in sheets)
        like = next(((sheet, header) for sheet, header in near if _holds(table, key, header)), None)
        if like is not None:
            sheet, header = like
            yield finding(
                "table.column-like",
                file=sheet.export.name,
                sheet=sheet.sheet,
                table=table.label,
                column=table.column(key).label,
                nearest=header,
                cost=use.cost,
            )
        elif not use.seldom:
            plain.append((table.column(key).label, use.cost))
    if plain:
        yield finding(
            "table.columns-absent",
            file=sheets[0].export.name,
            sheet=sheets[0].sheet,
            table=table.label,
            columns="；".join(f"“{label}”（{cost}）" for label, cost in plain),
            count=len(plain),
        )
