"""Which rows of 业绩归属 are only proposed? In a sheet with a column 同意 a row counts once it says 是 and names who approved it; other sheets count as they stand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kehujingli import terms
from kehujingli.errors import Finding, Spot, finding
from kehujingli.values import text_of

if TYPE_CHECKING:
    import pandas as pd

    from kehujingli.intake.ledger import Sheet

_YES = {terms.AGREED[0], terms.label("agreed"), "Y", "y", "√"}
_SPOTS = 10


def parted(attributions: pd.DataFrame, sheets: Sequence[Sheet]) -> tuple[pd.DataFrame, list[Finding]]:
    """The rows that count, and what is told of the others, sheet by sheet with their cells."""
    asking = {
        part for part in attributions["part"].unique().tolist() if part >= 0 and sheets[int(part)].columns.get("agreed")
    }
    if not asking:
        return attributions, []
    lacks = [
        _lacks(text_of(said), text_of(by))
        for said, by in zip(attributions["agreed"], attributions["approved_by"], strict=True)
    ]
    proposed = attributions["part"].isin(asking).to_numpy() & [bool(one) for one in lacks]
    waiting = attributions[proposed].assign(lacks=[one for one, out in zip(lacks, proposed, strict=True) if out])
    told = []
    for part, rows in waiting.groupby("part"):
        sheet = sheets[int(part)]
        cells = [sheet.cell(lack, int(row)) for lack, row in zip(rows["lacks"], rows["row"], strict=True)]
        first = rows.iloc[0]
        told.append(
            finding(
                "table.attribution-proposed",
                file=sheet.export.name,
                sheet=sheet.sheet,
                cell=cells[0],
                count=len(rows),
                manager=text_of(first["manager_id"]),
                spots=[
                    Spot(cell, text_of(who) or "")
                    for cell, who in zip(cells[:_SPOTS], rows["manager_id"], strict=False)
                ],
            )
        )
    return attributions[~proposed], told


def _lacks(agreed: str | None, approver: str | None) -> str:
    """The column that keeps a row from counting; empty where it counts."""
    if agreed not in _YES:
        return "agreed"
    return "" if approver else "approved_by"
