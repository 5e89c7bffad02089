"""Which approved lines of 加减分 name a month that is closed already? They are counted nowhere, and said so once the next month is run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kehujingli.closing import closed_periods
from kehujingli.errors import Finding, finding
from kehujingli.incentive import last_month
from kehujingli.periods import parse_month
from kehujingli.values import in_yuan, text_of
from kehujingli.workspace.results import Results

if TYPE_CHECKING:
    import pandas as pd

    from kehujingli.workspace import Workspace

_SAME = ["manager_id", "item", "points", "amount", "reason"]


def late_lines(workspace: Workspace, period: str, lines: pd.DataFrame) -> Iterator[Finding]:
    """Findings of ``lines`` of 加减分 that came after the closing of the month they name; those that were sealed with it are not told, nor those of ``period``."""
    if lines.empty:
        return
    for closed in closed_periods(workspace):
        if closed.period == period:
            continue
        number = parse_month(closed.period)
        named = lines[lines["period"].map(lambda text, number=number: last_month(text) == number)]
        sealed = _sealed(workspace, closed.period)
        if sealed is None:
            continue
        for row in named.itertuples():
            key = tuple(_plain(getattr(row, name)) for name in _SAME)
            if key in sealed:
                sealed.remove(key)
            elif text_of(row.reason) and text_of(row.approved_by):
                amount = f"{in_yuan(row.amount):+.2f} 元" if text_of(row.amount) else text_of(row.item) or ""
                points = f"{row.points} 分" if text_of(row.points) else amount
                yield finding(
                    "score.adjustment-closed", row=row.row, who=row.manager_id, points=points, period=closed.period
                )


def _sealed(workspace: Workspace, period: str) -> list[tuple[str, ...]] | None:
    """The lines that a closed month counted; nothing where an older program kept none."""
    frame = Results.of(workspace, period).frame("adjustments")
    if frame is None:
        return None
    return [tuple(map(_plain, row)) for row in frame[_SAME].itertuples(index=False)]


def _plain(value: object) -> str:
    """As text: a line read afresh and one that was kept are the same where their texts are."""
    text = text_of(value) or ""
    return text.removesuffix(".0")
