"""Which lines are crossed that were not a month ago? They come first among the three changes of the month's page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from kehujingli.lists.month_page import Change

if TYPE_CHECKING:
    import pandas as pd

_WAN = 1_000_000


def crossed_first(now: pd.DataFrame, before: pd.DataFrame | None, changes: Sequence[Change]) -> list[Change]:
    """The three with lines that were not crossed a month ago in front; ``now``, ``before``: study, subject, line, cents, cause, those by most first.

    Where nobody asked a month ago none is new.
    """
    if before is None:
        return list(changes)
    old = set(zip(before["study"], before["subject"], before["line"], strict=True))
    fresh = [row for row in now.itertuples() if (row.study, row.subject, row.line) not in old]
    first = [
        Change(
            str(row.subject), f"{row.line} 新越线" + (f" {row.cents / _WAN:,.2f} 万元" if row.cents else ""), row.cause
        )
        for row in fresh[: len(changes)]
    ]
    if len(fresh) > len(first):
        first[-1] = replace(first[-1], cause=f"{first[-1].cause}；另有 {len(fresh) - len(first)} 处，见专题")
    return [*first, *changes][: len(changes)]
