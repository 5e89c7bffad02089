"""Does a key stand twice in one snapshot? Equal rows count once; different ones are all refused, for nobody can say which is right."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from kehujingli import terms
from kehujingli.errors import Finding, Spot, finding
from kehujingli.intake.ledger import Refusal, Sheet
from kehujingli.tables.refusals import Refusals, Row, brought_back, money_of, stale
from kehujingli.values import listed

if TYPE_CHECKING:
    import pandas as pd

_SHOWN = 10


Once = Callable[[str, "pd.DataFrame", Sequence[Sheet]], tuple["pd.DataFrame", "pd.DataFrame", list[Finding]]]
"""What counts, what stands for several things, and what is told of rows that only repeat others."""


def refuse_duplicates(
    table: str,
    frame: pd.DataFrame,
    sheets: Sequence[Sheet],
    gone: Collection[Row] = (),
    once: Once | None = None,
    key: str | None = None,
) -> tuple[pd.DataFrame, list[Finding], Refusals]:
    """The frame with one row a key; findings; and what was refused. ``gone``: rows refused for something else that came back put right.

    ``once`` says otherwise what stands twice, ``key`` the column by which it is told; else the table's own keys.

    Rows that came back put right are looked at apart: first what was refused without them, then how they fit into what is left.
    """
    back = brought_back(table, sheets)
    refused = Refusals()
    once = once or _once
    keys = [key] if key else terms.BY_KEY[table].keys
    if not back:
        kept, wrong, findings = once(table, frame, sheets)
        return kept, [*findings, *_refuse(table, wrong, sheets, refused, keys)], refused
    came = among(frame, back)
    kept, wrong, findings = once(table, frame[~came], sheets)
    sources = {*zip(wrong["part"].tolist(), wrong["row"].tolist(), strict=True), *gone} & {*back.values()}
    old = among(frame, [row for row, source in back.items() if source not in sources])
    if old.any():
        _add(table, frame[old], refused, {row: stale(sheets, source) for row, source in back.items()})
        findings += _tell_stale(frame[old], sheets, back)
    taken = among(wrong, sources)
    findings += _refuse(table, wrong, sheets, refused, keys, taken=taken)
    whole = frame.loc[frame.index.isin(kept.index) | (came & ~old)]
    kept, wrong, told = once(table, whole, sheets)
    told += _refuse(table, wrong, sheets, refused, keys)
    return kept, [*findings, *told, *refused.told_taken(sheets)], refused


def _once(table: str, frame: pd.DataFrame, sheets: Sequence[Sheet]) -> tuple[pd.DataFrame, pd.DataFrame, list[Finding]]:
    """What counts, what bears a key that stands for several things, and what is told of rows that only repeat others."""
    keys = [key for key in terms.BY_KEY[table].keys if key in frame]
    if not keys or frame.empty:
        return frame, frame.iloc[0:0], []
    keys = [*keys, "snapshot"] if "snapshot" in frame else keys
    repeated = frame.duplicated(keys, keep=False)
    if not bool(repeated.any()):
        return frame, frame.iloc[0:0], []
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
    extra = doubtful[harmless & doubtful.duplicated(keys, keep="first").to_numpy()]
    findings = [
        finding(
            "intake.duplicate-row", file=sheets[int(part)].export.name, sheet=sheets[int(part)].sheet, count=len(group)
        )
        for part, group in extra.groupby("part")
    ]
    wrong = doubtful[~harmless]
    return frame.drop(index=extra.index.append(wrong.index)), wrong, findings


def _refuse(
    table: str,
    wrong: pd.DataFrame,
    sheets: Sequence[Sheet],
    refused: Refusals,
    keys: Sequence[str],
    *,
    taken: pd.Series[bool] | None = None,
) -> list[Finding]:
    """``taken``: rows of ``wrong`` that came back put right."""
    if wrong.empty:
        return []
    keys = [*keys, *(["snapshot"] if "snapshot" in wrong else [])]
    reasons = dict(why_refused(wrong, sheets, keys))
    if taken is not None:
        for part, group in wrong[taken].groupby("part"):
            refused.take(int(part), group["row"].tolist(), money_of(table, group))
        wrong = wrong[~taken]
    _add(table, wrong, refused, reasons)
    return tell_different(table, wrong, sheets, keys[0], reasons)


def _add(table: str, rows: pd.DataFrame, refused: Refusals, reasons: Mapping[Row, Refusal]) -> None:
    for part, group in rows.groupby("part"):
        refused.add(int(part), {row: reasons[int(part), row] for row in group["row"].tolist()}, money_of(table, group))


def among(frame: pd.DataFrame, rows: Iterable[Row]) -> pd.Series[bool]:
    """Which rows of a frame with part and row are these."""
    import pandas as pd

    wanted = set(rows)
    found = [place in wanted for place in zip(frame["part"].tolist(), frame["row"].tolist(), strict=True)]
    return pd.Series(found, index=frame.index, dtype="bool")


def _tell_stale(rows: pd.DataFrame, sheets: Sequence[Sheet], back: Mapping[Row, Row]) -> Iterator[Finding]:
    for part, group in rows.groupby("part"):
        yield told_stale(sheets, int(part), group["row"].tolist(), back)


def told_stale(sheets: Sequence[Sheet], part: int, rows: Sequence[int], back: Mapping[Row, Row]) -> Finding:
    """Rows of a 退回清单 that stand for rows which are refused no longer."""
    source = sheets[back[part, rows[0]][0]].export.name
    return finding(
        "intake.corrected-stale",
        file=sheets[part].export.name,
        sheet=sheets[part].sheet,
        count=len(rows),
        source=source,
    )


def why_refused(wrong: pd.DataFrame, sheets: Sequence[Sheet], keys: Sequence[str]) -> Iterator[tuple[Row, Refusal]]:
    """Of every row that bears a key more than once: the key, and where it stands. ``wrong`` has part and row."""
    groups: dict[tuple[object, ...], list[Row]] = {}
    keyed = zip(*(listed(wrong[key]) for key in keys), strict=True)
    for named, part, row in zip(keyed, wrong["part"].tolist(), wrong["row"].tolist(), strict=True):
        groups.setdefault(named, []).append((part, row))
    for (value, *_), places in groups.items():
        for part in dict.fromkeys(part for part, _ in places):
            said = "、".join(_where(sheets, sheets[part], *place) for place in places[:_SHOWN])
            more = f"等 {len(places):,} 行" if len(places) > _SHOWN else ""
            reason = Refusal("intake.duplicate-key", keys[0], {"value": str(value), "rows": said + more})
            for place in places:
                if place[0] == part:
                    yield place, reason


def tell_different(
    table: str, wrong: pd.DataFrame, sheets: Sequence[Sheet], key: str, reasons: Mapping[Row, Refusal]
) -> list[Finding]:
    """``wrong``: the rows that bear a key more than once, with part and row, and why each is refused."""
    findings = []
    label = terms.BY_KEY[table].column(key).label
    for part, group in wrong.groupby(wrong.groupby(key)["part"].transform("min")):
        sheet = sheets[int(part)]
        first = group.iloc[0]
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
                value=first[key],
                rows=reasons[int(first["part"]), int(first["row"])].facts["rows"],
                count=len(group),
                spots=spots,
            )
        )
    return findings


def _where(sheets: Sequence[Sheet], home: Sheet, part: int, row: int) -> str:
    other = sheets[part]
    if other is home:
        return f"第 {row:,} 行"
    hidden = any(told.code == "intake.hidden" for told in other.findings)
    same = other.export == home.export
    sheet = f"「{other.sheet}」{'（隐藏的工作表）' if hidden else ''}" if other.sheet and (same or hidden) else ""
    return f"{'' if same and sheet else f'《{other.export.name}》'}{sheet}第 {row:,} 行"
