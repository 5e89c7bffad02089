"""How fresh is what each branch sent? Of every table that is a picture of a day, the newest 数据日期 that a branch's rows have, not after the period."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kehujingli.periods import Period

if TYPE_CHECKING:
    import pandas as pd

    from kehujingli.terms import Table

WHOLE = ""
"""In place of a branch where the rows name none."""


def newest_days(table: Table, frame: pd.DataFrame, period: Period) -> dict[str, int | None]:
    """Branch as its rows write it → its newest day; nothing for one whose rows bear no day at all. ``frame`` has ``snapshot``."""
    known = frame["snapshot"]
    frame = frame[(known.isna() | (known <= period.last)).fillna(True)]
    if "branch_id" not in {column.key for column in table.columns} or frame["branch_id"].isna().all():
        days = frame["snapshot"].dropna()
        return {WHOLE: int(days.max()) if len(days) else None} if len(frame) else {}
    found = frame.groupby("branch_id", sort=True)["snapshot"].max()
    return {
        str(branch): None if gone else int(day)
        for branch, day, gone in zip(found.index, found, found.isna(), strict=True)
    }
