"""Which picture of a table belongs to a period? A snapshot never adds to another, and a later one never changes an earlier month."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kehujingli import terms
from kehujingli.errors import Finding, finding
from kehujingli.intake.read import day_in_text
from kehujingli.ledger import Sheet
from kehujingli.periods import Period, date_of

if TYPE_CHECKING:
    import pandas as pd

EXACT = ("accounts", "loans")
"""Tables read of the period's own last day; an older one is rolled forward and told."""


@dataclass(frozen=True)
class Chosen:
    """The rows of one table for a period; ``day`` is their snapshot's, ``history`` all snapshots not after the period."""

    frame: pd.DataFrame
    day: int | None
    history: pd.DataFrame
    findings: tuple[Finding, ...] = ()


def sheet_day(sheet: Sheet, as_of: int | None) -> int | None:
    """The day of an undated sheet's rows: its title, else its file's name, else its folder's, else ``--as-of``."""
    if sheet.title_day is not None:
        return sheet.title_day
    for name in (sheet.member, sheet.export.name.rpartition("/")[2], *reversed(sheet.export.folders)):
        day = day_in_text(name)
        if day is not None:
            return day
    return as_of


def snapshot_days(sheets: Iterable[Sheet], as_of: int | None) -> set[int]:
    """Every day that a snapshot among these sheets is a picture of."""
    from datetime import date

    from kehujingli.periods import day_of

    days = set()
    for sheet in sheets:
        if sheet.table in terms.BY_KEY and terms.BY_KEY[sheet.table].snapshot and sheet.accepted:
            if sheet.data_days:
                days |= {day_of(date.fromisoformat(day)) for day in sheet.data_days}
            else:
                day = sheet_day(sheet, as_of)
                if day is not None:
                    days.add(day)
    return days


def with_days(frame: pd.DataFrame, sheets: Sequence[Sheet], as_of: int | None) -> pd.DataFrame:
    """The rows with their snapshot's day: the column 数据日期, else the sheet's day; missing where undated."""
    days = {part: sheet_day(sheets[part], as_of) for part in frame["part"].unique()}
    day = frame["part"].map(days).astype("Int64")
    if "data_date" in frame:
        day = frame["data_date"].astype("Int64").fillna(day)
    return frame.assign(snapshot=day)


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
    return Chosen(history[history["snapshot"] == used], used, history, tuple(findings))
