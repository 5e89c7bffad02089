"""What do rows that only repeat others of their sheet take from its sums? Their money counts once, and the sheet's own 合计 is compared after that."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kehujingli import terms
from kehujingli.errors import Finding, mismatch, place
from kehujingli.intake.ledger import Sheet
from kehujingli.tables.refusals import Refusals, money_of
from kehujingli.values import among

if TYPE_CHECKING:
    import pandas as pd


def count_once(table: str, before: pd.DataFrame, kept: pd.DataFrame, refused: Refusals) -> None:
    """Note the money of rows that are kept no more and were not refused: rows of a sheet that still has their key."""
    dropped = before.loc[before.index.difference(kept.index)]
    if dropped.empty:
        return
    key = terms.BY_KEY[table].keys[0]
    for part, rows in dropped.groupby("part"):
        here = int(part)
        out = [*refused.reasons.get(here, ()), *refused.taken.get(here, ())]
        again = rows[~rows["row"].isin(out) & among(rows[key], kept.loc[kept["part"] == part, key])]
        if len(again):
            refused.count_once(here, money_of(table, again))


def own_totals(sheets: Sequence[Sheet], refused: Refusals) -> tuple[list[Finding], list[Finding]]:
    """What was told of a sheet's own 合计 and holds no more, and what is to be told now that repeated rows count once."""
    withdrawn: list[Finding] = []
    told: list[Finding] = []
    for part, once in refused.once_money.items():
        sheet = sheets[part]
        for key, (claimed, read) in sheet.claims.items():
            if not once.get(key, 0):
                continue
            label, now = sheet.columns[key], read - once[key]
            if read != claimed:
                withdrawn += [
                    said for said in sheet.findings if said.code == "recon.mismatch" and f"“{label}”" in said.message
                ]
            if now != claimed:
                told.append(
                    mismatch(
                        f"{place(sheet.export.name, sheet.sheet)}：“{label}”重复的行只算一次后逐行合计",
                        now,
                        "表内合计",
                        claimed,
                        file=sheet.export.name,
                        sheet=sheet.sheet,
                        cure="请核对这些行是不是各算各的。",
                    )
                )
    return withdrawn, told
