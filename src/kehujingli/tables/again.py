"""Is an event told twice, by two exports or by two equal rows of one? Events add up over files, so a file exported again with one change counts twice: it is told, with what it changes.

A 单号 settles it: the same one is one event, two of them are two. Targets, 基数 and typed-in figures do not add up; what two of them say differently is told where they are read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import combinations
from typing import TYPE_CHECKING, Any

from kehujingli import terms
from kehujingli.errors import Finding, Spot, finding, yuan_grouped
from kehujingli.intake.ledger import Sheet
from kehujingli.periods import Period, date_of, last_month, month_of
from kehujingli.tables.duplicates import refuse_duplicates
from kehujingli.tables.refusals import Refusals
from kehujingli.values import missing, plain, text_of

if TYPE_CHECKING:
    import pandas as pd

EVENTS = ("adjustments", "attributions", "grids", "fees", "costs", "visits")
"""Tables whose rows add up over files."""
NUMBERED = ("fees", "costs", "visits")
"""Those whose rows a 单号 may tell apart; a 依据文号 covers many rows."""
SAME = ("adjustments", "costs", "fees")
"""Those of which two equal rows of one sheet are two sums of money or points."""
_BOOKKEEPING = ("entered_by", "approved_by", "approved_on", "agreed")
"""Columns that say who wrote a row, and not what happened."""
_SPOTS = 10


def told_again(frames: Mapping[str, pd.DataFrame], sheets: Sequence[Sheet], period: Period | None) -> Iterator[Finding]:
    """Rows of two exports that are the same, or the same but for an amount; and exports most of whose rows another has.

    Of a period what counts in it; without one, everything.
    """
    for table in EVENTS:
        frame = frames[table]
        if frame["part"].nunique() < 2:
            continue
        frame = frame if period is None else frame[_counting(table, frame, period)]
        for (first, second), pairs in sorted(_between(table, frame).items()):
            told = _tell(table, frame, sheets, first, second, pairs)
            if told is not None:
                yield told


def told_same(frames: Mapping[str, pd.DataFrame], sheets: Sequence[Sheet], period: Period | None) -> Iterator[Finding]:
    """Rows without a 单号 that stand twice in one sheet, each a sum of its own: they count, and are told with what they come to."""
    for table in SAME:
        frame = frames[table]
        frame = frame if period is None or frame.empty else frame[_counting(table, frame, period)]
        frame = frame[frame["document"].isna()] if table in NUMBERED else frame
        amounts, identity = _columns(table)
        more = frame[frame.duplicated(["part", *identity, *amounts])]
        for part, rows in more.groupby("part"):
            sheet = sheets[int(part)]
            yield finding(
                "table.event-same",
                file=sheet.export.name,
                sheet=sheet.sheet,
                count=len(rows),
                sum=_said(table, rows) or "0",
                spots=[
                    Spot(sheet.cell(_told(table, row), int(row["row"])), _said(table, rows.loc[[label]]))
                    for label, row in rows.head(_SPOTS).iterrows()
                ],
            )


def one_number_once(
    table: str, frame: pd.DataFrame, sheets: Sequence[Sheet]
) -> tuple[pd.DataFrame, list[Finding], Refusals]:
    """Rows of two exports with the same 单号: equal ones count once, those that differ in an amount are refused in both."""
    return refuse_duplicates(table, frame, sheets, once=_numbered_once, key="document")


def _numbered_once(
    table: str, frame: pd.DataFrame, sheets: Sequence[Sheet]
) -> tuple[pd.DataFrame, pd.DataFrame, list[Finding]]:
    numbered = frame[frame["document"].notna()]
    pairs = [pair for found in _between(table, numbered).values() for pair in found] if len(numbered) else []
    wrong = {row for first, second, equal in pairs if not equal for row in (first, second)}
    extra = {second for _, second, equal in pairs if equal} - wrong
    findings = [
        finding(
            "intake.repeated-event",
            file=sheets[int(part)].export.name,
            sheet=sheets[int(part)].sheet,
            count=len(group),
        )
        for part, group in frame.loc[sorted(extra)].groupby("part")
    ]
    return frame.drop(index=[*extra, *wrong]), frame.loc[sorted(wrong)], findings


Pair = tuple[int, int, bool]
"""Index labels of two rows of two parts that tell one event, and whether their amounts are equal too."""


def _between(table: str, frame: pd.DataFrame) -> dict[tuple[int, int], list[Pair]]:
    """(part, later part) → their pairs of rows. Every row is paired with the nearest part before and after that has its like."""
    amounts, identity = _columns(table)
    there = frame.groupby("part")[identity].count() > 0
    kinds: dict[tuple[str, ...], list[int]] = {}
    for part, *columns in there.itertuples():
        kinds.setdefault(tuple(c for c, has in zip(identity, columns, strict=True) if has), []).append(int(part))
    found: dict[tuple[int, int], list[Pair]] = {}
    for columns, parts in kinds.items():
        rows = frame[frame["part"].isin(parts)]
        if len(parts) > 1:
            _join(rows, list(columns), amounts, found)
    for (some, own), (others, more) in combinations(kinds.items(), 2):
        common = [column for column in some if column in others]
        if _tells(table, common):
            across: dict[tuple[int, int], list[Pair]] = {}
            _join(frame[frame["part"].isin([*own, *more])], common, amounts, across, equal_only=True)
            for parts_of, pairs in across.items():
                if (parts_of[0] in own) != (parts_of[1] in own) and _mostly(frame, parts_of, pairs):
                    found.setdefault(parts_of, pairs)
    return found


def _columns(table: str) -> tuple[list[str], list[str]]:
    """The columns that add up, and those that say what happened."""
    columns = terms.BY_KEY[table].columns
    amounts = [column.key for column in columns if column.kind in ("money", "decimal")]
    return amounts, [c.key for c in columns if c.key not in amounts and c.key not in _BOOKKEEPING]


def _tells(table: str, columns: Sequence[str]) -> bool:
    """Whether these columns say what every row of the table must say, amounts apart."""
    amounts, _ = _columns(table)
    return all(set(group).intersection([*columns, *amounts]) for group in terms.BY_KEY[table].requires)


def _join(
    frame: pd.DataFrame,
    identity: list[str],
    amounts: list[str],
    found: dict[tuple[int, int], list[Pair]],
    *,
    equal_only: bool = False,
) -> None:
    """Pairs of rows of consecutive parts: first those that are equal, then of the others those that differ in amounts alone."""
    rows = frame[["part", "row"]].astype("int64")
    rows["event"] = _number(frame, identity)
    rows = rows[rows["event"].isin(_shared(rows, "event"))]
    if rows.empty:
        return
    rows["same"] = _number(frame.loc[rows.index], [*identity, *amounts])
    rows["label"] = rows.index
    rows = rows.sort_values(["part", "row"])
    rows["nth"] = rows.groupby(["same", "part"]).cumcount()
    like = rows.sort_values(["same", "nth", "part"], kind="stable").groupby(["same", "nth"])
    rows["next"], rows["before"] = like["label"].shift(-1), like["label"].shift(1)
    parts = rows["part"]
    for first, second in rows.loc[rows["next"].notna(), ["label", "next"]].astype("int64").itertuples(index=False):
        found.setdefault((int(parts[first]), int(parts[second])), []).append((first, second, True))
    if equal_only or not amounts:
        return
    left, right = rows[rows["next"].isna()].copy(), rows[rows["before"].isna()].copy()
    order = rows.drop_duplicates(["event", "part"]).sort_values(["event", "part"])
    order["after"] = order.groupby("event")["part"].shift(-1)
    left = left.merge(order[["event", "part", "after"]], on=["event", "part"])
    left["nth"] = left.groupby(["event", "part"]).cumcount()
    right["nth"] = right.groupby(["event", "part"]).cumcount()
    both = left.merge(right, left_on=["event", "after", "nth"], right_on=["event", "part", "nth"])
    for first, second in both[["label_x", "label_y"]].itertuples(index=False):
        found.setdefault((int(parts[first]), int(parts[second])), []).append((int(first), int(second), False))


def _number(frame: pd.DataFrame, columns: list[str]) -> pd.Series[int]:
    """A number for each different row."""
    return frame.groupby(columns, dropna=False, sort=False).ngroup()


def _shared(rows: pd.DataFrame, key: str) -> pd.Series[int]:
    """What more than one part has."""
    once = rows.drop_duplicates([key, "part"])[key]
    return once[once.duplicated()]


def _mostly(frame: pd.DataFrame, parts: tuple[int, int], pairs: Sequence[Pair]) -> bool:
    """Whether more than half of the shorter one's rows stand in the other too."""
    counts = frame["part"].value_counts()
    return 2 * sum(equal for _, _, equal in pairs) > min(int(counts[part]) for part in parts)


def _tell(
    table: str, frame: pd.DataFrame, sheets: Sequence[Sheet], first: int, second: int, pairs: Sequence[Pair]
) -> Finding | None:
    amounts, _ = _columns(table)
    one, other = (frame.loc[[pair[place] for pair in pairs]] for place in (0, 1))
    left = [len(frame[frame["part"] == part]) - len(pairs) for part in (first, second)]
    here, there = sheets[second], sheets[first]
    facts: dict[str, Any] = {
        "file": here.export.name,
        "sheet": here.sheet,
        "other": there.place,
        "table": terms.BY_KEY[table].label,
    }
    again = _mostly(frame, (first, second), pairs)
    if not amounts:
        if not again or not all(left):
            return None
        return finding("table.export-again", **facts, count=len(pairs), only=f"{left[1]:,}", there=f"{left[0]:,}")
    changed = [(a, b) for a, b, equal in pairs if not equal]
    how = [f"{len(pairs) - len(changed):,} 行完全相同"] if len(changed) < len(pairs) else []
    how += [f"{len(changed):,} 行只有数不同（{_example(table, frame, sheets, *changed[0])}）"] if changed else []
    if again and any(left):
        how.append(f"另有 {left[0]:,} 行只在《{there.export.name}》里，{left[1]:,} 行只在这里")
    spots = [
        Spot(here.cell(_told(table, frame.loc[b]), int(frame.loc[b, "row"])), _said(table, frame.loc[[b]]))
        for a, b in changed[:_SPOTS]
    ]
    return finding(
        "table.event-again",
        **facts,
        count=len(pairs),
        how="，".join(how),
        over=_said(table, one) or "0",
        under=_said(table, other) or "0",
        spots=spots,
    )


def _told(table: str, row: pd.Series) -> str:
    """The amount that a row has."""
    amounts, _ = _columns(table)
    return next((key for key in amounts if not missing(row[key])), amounts[0])


def _example(table: str, frame: pd.DataFrame, sheets: Sequence[Sheet], first: int, second: int) -> str:
    said = []
    for label in (first, second):
        sheet = sheets[int(frame.loc[label, "part"])]
        said.append(f"《{sheet.export.name}》第 {int(frame.loc[label, 'row']):,} 行 {_said(table, frame.loc[[label]])}")
    return "，".join(said)


def _said(table: str, rows: pd.DataFrame) -> str:
    """What rows add up to: 金额 80.00 元, 加减分 -2."""
    said = []
    for key in _columns(table)[0]:
        column = terms.BY_KEY[table].column(key)
        if column.kind == "money":
            cents = int(rows[key].fillna(0).sum())
            said += [f"{column.label} {yuan_grouped(cents)} 元"] if cents else []
        else:
            total = sum((Decimal(text) for value in rows[key] if (text := text_of(value))), Decimal(0))
            said += [f"{column.label} {plain(total)}"] if total else []
    return "、".join(said)


def _counting(table: str, frame: pd.DataFrame, period: Period) -> pd.Series[bool]:
    """Rows of the period's year up to its end; of adjustments those of the period. What bears no day counts."""
    import pandas as pd

    keep = pd.Series(data=True, index=frame.index)
    if "date" in frame:
        keep &= frame["date"].between(period.year_first, period.last).fillna(True)
    if "period" in frame:
        named = {text: last_month(text) for text in frame["period"].dropna().unique()}
        months = frame["period"].map(named)
        least = period.month if table == "adjustments" else month_of(date_of(period.year_first))
        keep &= months.between(least, period.month) | months.isna()
    return keep
