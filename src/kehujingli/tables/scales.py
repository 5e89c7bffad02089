"""Was a picture written in another unit than the one before it? The same accounts a hundred or ten thousand times as large or as small are no business."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from kehujingli import terms
from kehujingli.errors import Finding, finding
from kehujingli.intake.ledger import Sheet
from kehujingli.periods import date_of

if TYPE_CHECKING:
    import pandas as pd

_KEYS = {"accounts": "account_id", "loans": "loan_id"}
_UNITS = (100, 1_000, 10_000, 1_000_000, 100_000_000)
"""分, 千元, 万元, 万元 to 分, 亿元 beside 元."""
_SEVERAL = 3
"""Accounts that both pictures have, at the least."""


def unit_jumps(
    chosen: Mapping[str, pd.DataFrame],
    history: Mapping[str, pd.DataFrame],
    days: Mapping[str, int | None],
    sheets: Sequence[Sheet],
) -> Iterator[Finding]:
    """Files whose balances are by a unit of money larger or smaller than those of the same accounts in the picture before.

    ``chosen``: the period's rows by table, ``history`` those of all pictures up to it, with ``part`` and ``snapshot``; balances in 分.
    """
    for table, key in _KEYS.items():
        rows, day = history[table], days.get(table)
        earlier = rows[(rows["snapshot"] < day).fillna(False)] if day is not None and len(rows) else rows.iloc[:0]
        if earlier.empty:
            continue
        before = earlier[earlier["snapshot"] == earlier["snapshot"].max()]
        both = chosen[table][["part", key, "balance"]].merge(
            before[["part", "snapshot", key, "balance"]], on=key, suffixes=("", "_before")
        )
        both = both[(both["balance"].fillna(0) != 0) & (both["balance_before"].fillna(0) != 0)]
        for part, group in both.groupby("part"):
            told = _jump(group)
            if told and len(group) >= _SEVERAL:
                sheet, other = sheets[int(part)], sheets[int(group["part_before"].iloc[0])]
                yield finding(
                    "table.unit-jump",
                    file=sheet.export.name,
                    sheet=sheet.sheet,
                    table=terms.BY_KEY[table].label,
                    column=sheet.columns.get("balance") or terms.BY_KEY[table].column("balance").label,
                    other=other.export.name,
                    day=date_of(int(group["snapshot"].iloc[0])),
                    how=told,
                    count=len(group),
                )


def _jump(both: pd.DataFrame) -> str:
    """约 10,000 倍, 约 1/10,000, or nothing: by the median of what each balance is of the one before."""
    ratio = float((both["balance"].astype(float) / both["balance_before"].astype(float)).abs().median())
    for unit in _UNITS:
        if unit / 2 < ratio < unit * 2:
            return f"约 {unit:,} 倍"
        if unit / 2 < 1 / ratio < unit * 2:
            return f"约 1/{unit:,}"
    return ""
