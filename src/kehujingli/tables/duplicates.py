"""Does a key stand twice in one snapshot? Equal rows count once; different ones are all refused, for nobody can say which is right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kehujingli import terms
from kehujingli.errors import Finding, Spot, finding
from kehujingli.ledger import Sheet
from kehujingli.tables import frames
from kehujingli.tables.snapshots import with_days

if TYPE_CHECKING:
    import pandas as pd

_SHOWN = 10


def refuse_duplicates(
    table: str, frame: pd.DataFrame, sheets: Sequence[Sheet]
) -> tuple[pd.DataFrame, list[Finding], dict[int, int]]:
    """The frame with one row a key; findings; and how many rows of each part were refused."""
    keys = [key for key in terms.BY_KEY[table].keys if key in frame]
    if not keys or frame.empty:
        return frame, [], {}
    keys = [*keys, "snapshot"] if "snapshot" in frame else keys
    repeated = frame.duplicated(keys, keep=False)
    if not bool(repeated.any()):
        return frame, [], {}
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
    findings += _tell(table, wrong, sheets, keys[0])
    refused = {int(part): int(count) for part, count in wrong["part"].value_counts().items()}
    return frame.drop(index=extra.index.append(wrong.index)), findings, refused


def repeated(sheets: Sequence[Sheet]) -> tuple[list[Finding], dict[int, int]]:
    """Repeated keys where no month can be told, so that no table is put together: findings, and how many rows of each part were refused."""
    findings: list[Finding] = []
    refused: dict[int, int] = {}
    for table in terms.TABLES:
        if table.snapshot:
            frame = with_days(frames.load(table.key, sheets), sheets, None)
            _, told, counts = refuse_duplicates(table.key, frame, sheets)
            findings += told
            refused |= {part: refused.get(part, 0) + count for part, count in counts.items()}
    return findings, refused


def _tell(table: str, wrong: pd.DataFrame, sheets: Sequence[Sheet], key: str) -> list[Finding]:
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
