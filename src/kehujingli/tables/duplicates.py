"""Does a key stand twice in one snapshot? Equal rows count once; different ones are all refused, for nobody can say which is right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kehujingli import terms
from kehujingli.errors import Finding, Spot, finding
from kehujingli.ledger import Sheet
from kehujingli.tables.refusals import Refusals

if TYPE_CHECKING:
    import pandas as pd

_SHOWN = 10


def refuse_duplicates(
    table: str, frame: pd.DataFrame, sheets: Sequence[Sheet]
) -> tuple[pd.DataFrame, list[Finding], Refusals]:
    """The frame with one row a key; findings; and what was refused."""
    keys = [key for key in terms.BY_KEY[table].keys if key in frame]
    refused = Refusals()
    if not keys or frame.empty:
        return frame, [], refused
    keys = [*keys, "snapshot"] if "snapshot" in frame else keys
    repeated = frame.duplicated(keys, keep=False)
    if not bool(repeated.any()):
        return frame, [], refused
    doubtful = frame[repeated].sort_values(["part", "row"])
    values = [name for name in frame.columns if name not in ("part", "row", "data_date")]
    # A key whose rows are all equal has one different row; any other key is doubtful in all of its rows.
    different = (
        doubtful.drop_duplicates(values)
        .groupby(keys, dropna=False)[values[0]]
        .size()
        .rename("_different")
        .reset_index()
    )
    harmless = (doubtful[keys].merge(different, on=keys, how="left")["_different"] == 1).to_numpy()
    findings = []
    extra = doubtful[harmless & doubtful.duplicated(keys, keep="first").to_numpy()]
    for part, group in extra.groupby("part"):
        sheet = sheets[int(part)]
        findings.append(finding("intake.duplicate-row", file=sheet.export.name, sheet=sheet.sheet, count=len(group)))
    wrong = doubtful[~harmless]
    findings += tell_different(table, wrong, sheets, keys[0])
    amounts = [column.key for column in terms.BY_KEY[table].columns if column.kind == "money"]
    for part, group in wrong.groupby("part"):
        refused.add(int(part), len(group), {key: int(group[key].fillna(0).sum()) for key in amounts})
    return frame.drop(index=extra.index.append(wrong.index)), findings, refused


def tell_different(table: str, wrong: pd.DataFrame, sheets: Sequence[Sheet], key: str) -> list[Finding]:
    """``wrong``: the rows that bear a key more than once, with part and row."""
    findings = []
    label = terms.BY_KEY[table].column(key).label
    for part, group in wrong.groupby(wrong.groupby(key)["part"].transform("min")):
        sheet = sheets[int(part)]
        first = group[key].iloc[0]
        rows = "、".join(
            _where(sheets, sheet, int(p), int(r))
            for p, r in group.loc[group[key] == first, ["part", "row"]].itertuples(index=False)
        )
        spots = [
            Spot(f"第 {row:,} 行", str(value))
            for row, value in zip(group["row"][:_SHOWN], group[key][:_SHOWN], strict=True)
        ]
        findings.append(
            finding(
                "intake.duplicate-key",
                file=sheet.export.name,
                sheet=sheet.sheet,
                column=label,
                value=first,
                rows=rows,
                count=len(group),
                spots=spots,
            )
        )
    return findings


def _where(sheets: Sequence[Sheet], home: Sheet, part: int, row: int) -> str:
    other = sheets[part]
    return f"第 {row:,} 行" if other is home else f"《{other.export.name}》第 {row:,} 行"
