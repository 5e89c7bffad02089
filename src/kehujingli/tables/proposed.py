"""Which rows of 业绩归属 are only proposed, and which does a proposal end? In a sheet with a column 同意 a row counts once it says 是 and names who approved it; other sheets count as they stand."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from kehujingli import terms
from kehujingli.errors import Finding, Spot, finding
from kehujingli.values import text_of

if TYPE_CHECKING:
    import pandas as pd

    from kehujingli.intake.ledger import Sheet

_YES = {terms.AGREED[0], terms.label("agreed"), "Y", "y", "√"}
_SPOTS = 10
_NEVER = 10**7
"""Later than any day."""


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


_SAME = ("customer_id", "account_id", "loan_id", "line", "manager_id")


def ended(attributions: pd.DataFrame, sheets: Sequence[Sheet]) -> tuple[pd.DataFrame, list[Finding]]:
    """The claims without those that an agreed proposal repeats with an earlier 失效日期: what it says of the end holds. Told sheet by sheet."""
    asking = [
        part for part, sheet in enumerate(sheets) if sheet.table == "attributions" and sheet.columns.get("agreed")
    ]
    last = attributions["valid_to"].fillna(_NEVER).astype("int64")
    ending = attributions["part"].isin(asking).to_numpy() & (last < _NEVER).to_numpy()
    if not ending.any():
        return attributions, []
    share = [Decimal(text) if (text := text_of(said)) else Decimal(1) for said in attributions["share"]]
    keyed = attributions[list(_SAME)].fillna("").assign(share=share, first=attributions["valid_from"].fillna(-_NEVER))
    by = [*_SAME, "share", "first"]
    until = keyed.assign(last=last)[ending].groupby(by)["last"].min().rename("until")
    gone = (keyed.join(until, on=by)["until"] < last).fillna(False).to_numpy(dtype=bool)
    told = []
    for part, rows in attributions[gone].groupby("part"):
        if part < 0:
            continue
        sheet = sheets[int(part)]
        cells = [sheet.cell("valid_to", int(row)) or f"第 {int(row)} 行" for row in rows["row"]]
        who = [text_of(one) or "" for one in rows["manager_id"]]
        told.append(
            finding(
                "table.claim-ended",
                file=sheet.export.name,
                sheet=sheet.sheet,
                cell=cells[0],
                count=len(rows),
                manager=who[0],
                spots=[Spot(cell, manager) for cell, manager in zip(cells[:_SPOTS], who, strict=False)],
            )
        )
    return attributions[~gone], told


def _lacks(agreed: str | None, approver: str | None) -> str:
    """The column that keeps a row from counting; empty where it counts."""
    if agreed not in _YES:
        return "agreed"
    return "" if approver else "approved_by"
