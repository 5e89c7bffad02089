"""Is an older picture history, or another part of the newest? Branches export their own files, not all on the same day."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING

from kehujingli import terms
from kehujingli.errors import Finding, finding
from kehujingli.intake.ledger import Sheet
from kehujingli.periods import date_of, month_of

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

EXACT = ("accounts", "loans")
"""Tables read of the period's own last day; an older one is rolled forward and told."""


def unused(
    table: str, history: pd.DataFrame, sheets: Sequence[Sheet], used: int, but: Collection[int] = ()
) -> Iterator[Finding]:
    """Sheets of an earlier day most of whose keys no later picture has, those of ``but`` apart: passed over, and told.

    Accounts and loans are opened and closed, so that only those of the same month as the picture in use are looked at.
    """
    key = _told_by(table)
    older = [int(day) for day in sorted(history["snapshot"].unique(), reverse=True) if day < used]
    if table in EXACT:
        older = [day for day in older if month_of(date_of(day)) == month_of(date_of(used))]
    for day in older:
        picture = history[history["snapshot"] == day]
        newer = history["snapshot"] > day
        for part, rows in picture.groupby("part"):
            lost = int(_absent(rows[key], history.loc[history["snapshot"] == used, key]).sum())
            if part in but or 2 * lost <= len(rows):
                continue
            if 2 * _absent(rows[key], history.loc[newer, key]).sum() > len(rows):
                yield _passed_over(table, sheets[int(part)], len(rows), lost, day, used)


def left_out(
    table: str, history: pd.DataFrame, sheets: Sequence[Sheet], used: int
) -> tuple[pd.DataFrame, list[Finding]]:
    """What stands for branches that the picture in use lacks altogether: their own newest picture before it.

    Deposits of it count, rolled forward by the postings since; loans cannot be rolled and are only told.
    """
    import pandas as pd

    label = terms.BY_KEY[table].label
    found = list(_of_others(table, history, used))
    findings = []
    for (part, day), rows in pd.concat(found).groupby(["part", "snapshot"]) if found else ():
        sheet = sheets[int(part)]
        if table == "accounts":
            branches = list(rows["branch_id"].dropna().unique())
            named = "、".join(branches[:5]) + (f"等 {len(branches)} 个机构" if len(branches) > 5 else "")
            findings.append(
                finding(
                    "table.snapshot-part",
                    file=sheet.export.name,
                    sheet=sheet.sheet,
                    day=date_of(day),
                    used=date_of(used),
                    table=label,
                    whose=f"机构 {named}" if named else "这些客户",
                    count=len(rows),
                )
            )
        else:
            findings.append(_passed_over(table, sheet, len(rows), len(rows), int(day), used))
    rows = pd.concat(found) if found else history.iloc[0:0]
    findings += unused(table, history, sheets, used, but=set(rows["part"]))
    return (rows if table == "accounts" else history.iloc[0:0]), findings


def _of_others(table: str, history: pd.DataFrame, used: int) -> Iterator[pd.DataFrame]:
    """A branch's rows, or where no branch is written a sheet's, whose keys are in no later picture: most of them, else they have only moved."""
    key = terms.BY_KEY[table].keys[0]
    now, older = history[history["snapshot"] == used], history[history["snapshot"] < used]
    here = list(now["branch_id"].dropna().unique())
    told = older["branch_id"].notna() if here else older["branch_id"].isna() & False
    elsewhere = older[told & ~older["branch_id"].isin(here)]
    groups = [rows for _, rows in elsewhere.groupby("branch_id")]
    groups += [
        rows
        for _, rows in older[~told].groupby("part")
        if 2 * _absent(rows["customer_id"], now["customer_id"]).sum() > len(rows)
    ]
    for rows in groups:
        newest = rows[rows["snapshot"] == rows["snapshot"].max()]
        later = history.loc[history["snapshot"] > newest["snapshot"].iloc[0], key]
        lost = _absent(newest[key], later)
        if 2 * lost.sum() > len(newest):
            yield newest[lost]


def _told_by(table: str) -> str:
    """The column that tells rows apart; of a table without one of its own (the villagers of a roster) what each row must say first."""
    known = terms.BY_KEY[table]
    return known.keys[0] if known.keys else known.requires[0][0]


def _passed_over(table: str, sheet: Sheet, count: int, lost: int, day: int, used: int) -> Finding:
    column = terms.BY_KEY[table].column(_told_by(table)).label
    return finding(
        "table.snapshot-unused",
        file=sheet.export.name,
        sheet=sheet.sheet,
        day=date_of(day),
        used=date_of(used),
        table=terms.BY_KEY[table].label,
        column=column,
        lost=f"{lost:,}",
        count=count,
    )


def _absent(keys: pd.Series, others: pd.Series) -> npt.NDArray[np.bool_]:
    """Which keys are not among the others."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    found = pc.is_in(pa.array(keys, pa.string(), from_pandas=True), pa.array(others, pa.string(), from_pandas=True))
    return ~np.asarray(found.to_numpy(zero_copy_only=False), dtype=bool)
