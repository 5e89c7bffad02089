"""Which picture of a table belongs to a period? A snapshot never adds to another, and a later one never changes an earlier month."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from kehujingli import terms
from kehujingli.errors import Finding, Spot, finding
from kehujingli.intake.days import name_day, sheet_day
from kehujingli.intake.ledger import Refusal, Sheet
from kehujingli.periods import Period, date_of, day_of
from kehujingli.tables.parts import EXACT, unused
from kehujingli.tables.refusals import Refusals, brought_back, money_of

if TYPE_CHECKING:
    import pandas as pd

_SHOWN = 10


@dataclass(frozen=True)
class Chosen:
    """The rows of one table for a period; ``day`` is their snapshot's, ``history`` all snapshots not after the period."""

    frame: pd.DataFrame
    day: int | None
    history: pd.DataFrame
    findings: tuple[Finding, ...] = ()


def date_rows(
    table: str, frame: pd.DataFrame, sheets: Sequence[Sheet], as_of: int | None
) -> tuple[pd.DataFrame, list[Finding], Refusals]:
    """The rows with their snapshot's day: the column 数据日期, else the sheet's day; missing where nothing in the sheet is dated.

    A blank cell among dated rows is of the one day that they name, never a picture of its own; where they name several,
    it is of the sheet's day if that is one of them, else refused.
    """
    import pandas as pd

    days = {int(part): sheet_day(sheets[part], as_of) for part in frame["part"].unique()}
    blank = frame["data_date"].isna()
    torn = [part for part in frame.loc[blank, "part"].unique() if sheets[part].data_days]
    findings: list[Finding] = []
    refused = Refusals()
    lost = pd.Index([])
    for part in map(int, torn):
        rows = frame[blank & (frame["part"] == part)]
        named = {day_of(date.fromisoformat(day)) for day in sheets[part].data_days}
        if len(named) == 1:
            days[part] = next(iter(named))
        elif days[part] not in named:
            days[part] = None
            lost = lost.append(rows.index)
            rows = _refuse(table, part, rows, sheets, refused)
        if len(rows):
            findings.append(_tell_blank(table, sheets[part], rows, days[part]))
    day = frame["data_date"].astype("Int64").fillna(frame["part"].map(days).astype("Int64"))
    return frame.assign(snapshot=day).drop(index=lost), [*findings, *refused.told_taken(sheets)], refused


def _refuse(table: str, part: int, rows: pd.DataFrame, sheets: Sequence[Sheet], refused: Refusals) -> pd.DataFrame:
    """The rows that are refused: those that came back with their day in a 退回清单 have their place there."""
    sources = {row for home, row in brought_back(table, sheets).values() if home == part}
    back = rows["row"].isin(sources)
    if back.any():
        refused.take(part, rows.loc[back, "row"].tolist(), money_of(table, rows[back]))
    rows = rows[~back]
    reason = Refusal("table.day-missing", "data_date", {"days": _listed(sheets[part])})
    refused.add(part, dict.fromkeys(rows["row"].tolist(), reason), money_of(table, rows))
    return rows


def _listed(sheet: Sheet) -> str:
    return "、".join(sheet.data_days[:3]) + ("等" if len(sheet.data_days) > 3 else "")


def _tell_blank(table: str, sheet: Sheet, rows: pd.DataFrame, day: int | None) -> Finding:
    spots = [Spot(sheet.cell("data_date", int(row)), "") for row in rows["row"][:_SHOWN]]
    facts: dict[str, Any] = {
        "file": sheet.export.name,
        "sheet": sheet.sheet,
        "cell": spots[0].cell,
        "count": len(rows),
        "spots": spots,
    }
    column = terms.BY_KEY[table].column("data_date").label
    if day is None:
        return finding("table.day-missing", column=column, days=_listed(sheet), **facts)
    return finding("table.day-blank", column=column, day=date_of(day), **facts)


def torn_days(sheets: Sequence[Sheet]) -> Iterator[Finding]:
    """Files whose name says the end of another month than the sheet: the sheet's day counts."""
    for sheet in sheets:
        named = name_day(sheet)
        if named is None or sheet.table not in terms.BY_KEY or not terms.BY_KEY[sheet.table].snapshot:
            continue
        said = {day_of(date.fromisoformat(day)) for day in sheet.data_days} or {sheet.title_day or named}
        end = (date_of(named) + timedelta(days=1)).day == 1
        if end and all(date_of(day).replace(day=1) != date_of(named).replace(day=1) for day in said):
            yield finding(
                "table.day-torn",
                file=sheet.export.name,
                sheet=sheet.sheet,
                named=date_of(named),
                day="、".join(str(date_of(day)) for day in sorted(said)[:_SHOWN]),
            )


def choose(table: str, frame: pd.DataFrame, sheets: Sequence[Sheet], period: Period) -> Chosen:
    """The snapshot of ``table`` that counts for the period. ``frame`` has ``snapshot`` and ``part``.

    Undated rows count as of the period's last day, and that is told.
    """
    label = terms.BY_KEY[table].label
    findings = []
    last = period.last
    undated = frame["snapshot"].isna()
    names = list(dict.fromkeys(sheets[part].export.name for part in sorted(frame.loc[undated, "part"].unique())))
    if names:
        files = "、".join(f"《{name}》" for name in names[:3]) + (f"等 {len(names)} 个文件" if len(names) > 3 else "")
        findings.append(
            finding(
                "table.snapshot-undated", file=names[0], files=files, table=label, day=period.as_of, count=len(names)
            )
        )
    day = frame["snapshot"].fillna(last)
    known = sorted(day[day <= last].unique())
    if not known:
        later = "、".join(str(date_of(int(value))) for value in sorted(day.unique()))
        findings.append(finding("table.snapshot-later", day=period.as_of, table=label, days=later))
        empty = frame.iloc[0:0]
        return Chosen(empty, None, empty, tuple(findings))
    used = int(known[-1])
    if table in EXACT and used != last:
        rolled = "存款余额按其后的流水滚动到期末" if table == "accounts" else "余额没有滚动"
        findings.append(
            finding("table.snapshot-older", day=period.as_of, used=date_of(used), table=label, rolled=rolled)
        )
    history = frame.assign(snapshot=day.astype("int64"))[day <= last]
    if table not in EXACT:  # the others are looked at when their branches are known
        findings += unused(table, history, sheets, used)
    return Chosen(history[history["snapshot"] == used], used, history, tuple(findings))
