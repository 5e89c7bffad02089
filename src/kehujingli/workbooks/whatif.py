"""What does 试算.xlsx show? A month under the rules in force and under proposed ones: 首页 with classes, loads and pay, then each list; the curve where a number was varied."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kehujingli import terms
from kehujingli.studies.classes.followed import BRANCHES, GROUPS, MANAGERS, Beside
from kehujingli.terms.widths import wrapped
from kehujingli.values import round_half_up
from kehujingli.workbooks.house import RED, Book, Highlight, Look, Meta, Plot, labelled
from kehujingli.workbooks.looks import sheet_columns
from kehujingli.workbooks.paper import pixels

if TYPE_CHECKING:
    import pandas as pd

    from kehujingli.rules.changes import Change
    from kehujingli.studies.pay.inequality import Spread

_PEOPLE = [
    labelled("manager_id", width=9),
    labelled("name", width=10),
    labelled("old_score", width=10, table="trial_people"),
    labelled("new_score", width=10, table="trial_people"),
    labelled("old_pay", width=14, table="trial_people", total=True),
    labelled("new_pay", width=14, table="trial_people", total=True),
    labelled("difference", width=13, total=True, called="more_or_less"),
    labelled("old_grade", width=10, table="trial_people"),
    labelled("new_grade", width=10, table="trial_people"),
]
_CURVE = [
    labelled("value", width=12),
    labelled("total", width=15, called="total_pay"),
    labelled("gain", width=9, called="gainers"),
    labelled("lose", width=9, called="losers"),
    labelled("highest_lowest", width=11),
    labelled("p90_p10", width=11),
    labelled("gini", width=11, table="trial_curve"),
]
_ENDS = [column.header for column in _PEOPLE[2:6]]
_COVER = (20, 13, 13, 13, 13, 13, 13)
_MOST = 8
"""As many branches, and as many people on either end, are shown on 首页."""
_CHANGES = 6
"""As many differences of the rules are told on 首页."""
_THREE = "0.000"
"""Of what is no money and no count: as many decimals as the sentence has."""
_LINE = 108
"""Characters of a line on 首页."""

Cells = Sequence[tuple[Any, Look]]


@dataclass(frozen=True)
class Trial:
    """``rules``: from which to which; ``changes``: what they say differently; ``lines``: sentences; ``people``: rows of 得失 (money as text of 元); ``spreads``: of pay, now and then; ``curve``: its points."""

    rules: str
    changes: Sequence[Change]
    lines: Sequence[str]
    people: Sequence[Mapping[str, Any]]
    spreads: tuple[Spread, Spread]
    beside: Beside
    curve: Sequence[Mapping[str, Any]]


def write_whatif(target: Path, meta: Meta, trial: Trial) -> str:
    """Sheets 首页, 户群, 机构负荷, 经理负荷 where there are classes and a plan, 得失, and 逐点试算 where there is a curve. Returns the workbook's hash."""
    import pandas as pd

    book, beside = Book(meta), trial.beside
    people = _people(trial.people)
    _cover(book, trial, people)
    if beside.groups is not None:
        groups = beside.groups.assign(group=beside.groups["group"].map(terms.GROUPS))
        book.list(
            terms.label("group"),
            "现行办法与试算办法的户群对照",
            "户",
            sheet_columns(GROUPS),
            groups,
            freeze=1,
            one_page=True,
        )
    if beside.branches is not None:
        over = [Highlight("$I5>1", RED, "rate_then")]
        title = "各机构应配折算户与管户上限对照"
        book.list("机构负荷", title, "户、折算户", sheet_columns(BRANCHES), beside.branches, freeze=2, highlights=over)
        title = "客户经理负荷、得分、应发对照"
        book.list("经理负荷", title, "折算户、分、元", sheet_columns(MANAGERS), beside.managers, freeze=4)
    graded = people[["old_grade", "new_grade"]].notna().to_numpy().any()
    book.list(
        "得失",
        "现行办法与试算办法逐人对照",
        "元",
        _PEOPLE if graded else _PEOPLE[:-2],
        people,
        freeze=2,
        highlights=[Highlight("$G5<0", RED, "difference")],
    )
    if trial.curve:
        points = pd.DataFrame(trial.curve, columns=[column.key for column in _CURVE]).astype({"total": "object"})
        book.list("逐点试算", "改一个数，逐点试算", "", _CURVE, points, freeze=1)
    return book.save(target)


def _people(people: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    import pandas as pd

    amounts = ("old_score", "new_score", "old_pay", "new_pay", "difference")
    rows = [{**person, **{key: person[key] and Decimal(person[key]) for key in amounts}} for person in people]
    return pd.DataFrame(rows, columns=[column.key for column in _PEOPLE], dtype="object")


def _cover(book: Book, trial: Trial, people: pd.DataFrame) -> None:
    """One upright page: what is compared, pay, classes, loads with a chart, who gains and who loses, signatures."""
    sheet = book.sheet("首页")
    book.columns(sheet, _COVER)
    width = len(_COVER)
    book.heading(sheet, f"{book.meta.institution}办法试算", width, "户、折算户、元")
    row = 3
    told = [f"比较  {trial.rules}；只是试算，已有的结果没有动。", *_changed_rules(trial.changes), *trial.lines]
    for line in (piece for text in told for piece in wrapped(text, _LINE)):
        sheet.write_string(row, 0, line, book.format())
        row += 1
    branches, ends = trial.beside.branches, list(_ends(people))
    shown = f"（变化最大的 {_MOST} 家，全部见「机构负荷」）" if branches is not None and len(branches) > _MOST else ""
    few = f"（多得、少得最多的各 {_MOST} 人，全部见「得失」）" if len(ends) < _touched(people) else ""
    loads = (
        "机构",
        terms.label("capacity", "loads"),
        "现行折算户",
        "试算折算户",
        "现行占上限",
        "试算占上限",
        "试算未配",
    )
    parts = [
        ("一、应发", ("", "现行", "试算", "试算减现行"), list(_pay(trial))),
        ("二、户群", _header_of_groups(), list(_groups(trial.beside))),
        (f"三、负荷{shown}", loads, list(_loads(trial.beside))),
        (f"四、得失{few}", ("工号 姓名", *_ENDS, "多得或少得"), ends),
    ]
    for title, header, rows in parts:
        if rows:
            row = _table(book, sheet, row + 1, title, header, rows)
    plot = _plot(trial.beside)
    if plot is not None:
        row = book.plot(sheet, plot, (row + 1, 0), pixels(_COVER))
    row += 1
    sheet.write_string(row, 0, book.meta.signatures, book.format())
    book.page(sheet, row, width, portrait=True, one_page=True)


def _changed_rules(changes: Sequence[Change]) -> Iterator[str]:
    """What the rules say differently, the first of them."""
    for change in changes[:_CHANGES]:
        yield change.text
    if len(changes) > _CHANGES:
        yield f"另有 {len(changes) - _CHANGES} 处不同：kehujingli rules diff 说全。"


def _table(book: Book, sheet: Any, row: int, title: str, header: Sequence[str], rows: Sequence[Cells]) -> int:
    """A small table under its title; returns the first row below."""
    sheet.write_string(row, 0, title, book.format(bold=True))
    for column, text in enumerate(header):
        sheet.write_string(row + 1, column, text, book.header)
    for place, cells in enumerate(rows, row + 2):
        for column, (value, look) in enumerate(cells):
            ratio = {"num_format": _THREE} if isinstance(value, Decimal) and look == "number" else {}
            book.write(sheet, place, column, value, look, **ratio)
    return row + 2 + len(rows)


def _pay(trial: Trial) -> Iterator[Cells]:
    old, new = trial.spreads
    if old.count or new.count:
        yield (
            (terms.label("total_pay"), "text"),
            (old.total, "amount"),
            (new.total, "amount"),
            (new.total - old.total, "amount"),
        )
    for key, label in terms.headers("highest_lowest", "p90_p10", "gini").items():
        pair = getattr(old, key), getattr(new, key)
        if None not in pair:
            yield (label, "text"), *((round_half_up(value, 3), "number") for value in (*pair, pair[1] - pair[0]))


def _header_of_groups() -> tuple[str, ...]:
    return (
        terms.label("frequency"),
        *(f"{side}{scale}" for scale in terms.SCALES.values() for side in ("现行", "试算")),
    )


def _groups(beside: Beside) -> Iterator[Cells]:
    """One row a frequency, and the sum: customers of each scale on either side."""
    if beside.groups is None:
        return
    counts = beside.groups.set_index("group")[["customers_now", "customers_then"]]
    sides = ("customers_now", "customers_then")
    for frequency, word in terms.FREQUENCIES.items():
        cells = [int(counts.at[f"{frequency}/{scale}", side]) for scale in terms.SCALES for side in sides]
        yield (word, "text"), *((count, "count") for count in cells)
    sums = [
        sum(int(counts.at[f"{f}/{scale}", side]) for f in terms.FREQUENCIES) for scale in terms.SCALES for side in sides
    ]
    yield ("合计", "text"), *((count, "count") for count in sums)


def _changed(branches: pd.DataFrame) -> pd.DataFrame:
    """The branches whose loads change most first, all where none does; never more than 首页 shows."""
    size = (branches["load_due_then"] - branches["load_due_now"]).abs()
    return branches.assign(size=size).sort_values(["size", "branch_id"], ascending=[False, True]).head(_MOST)


def _loads(beside: Beside) -> Iterator[Cells]:
    if beside.branches is None:
        return
    for branch in _changed(beside.branches).itertuples():
        yield (
            (branch.branch_name or branch.branch_id, "text"),
            (branch.capacity, "number"),
            (branch.load_due_now, "number"),
            (branch.load_due_then, "number"),
            (branch.rate_now, "rate"),
            (branch.rate_then, "rate"),
            (branch.unassigned_then, "count"),
        )
    whole = beside.branches[["capacity", "load_due_now", "load_due_then", "unassigned_then"]]
    capacity = None if whole["capacity"].isna().any() else float(whole["capacity"].sum())
    now, then = (float(whole[f"load_due_{side}"].sum()) for side in ("now", "then"))
    rates = [load / capacity if capacity else None for load in (now, then)]
    yield (
        (f"全辖 {len(whole)} 家", "text"),
        *((value, "number") for value in (capacity, now, then)),
        *((rate, "rate") for rate in rates),
        (int(whole["unassigned_then"].sum()), "count"),
    )


def _touched(people: pd.DataFrame) -> int:
    return int(people["difference"].map(bool).sum())


def _ends(people: pd.DataFrame) -> Iterator[Cells]:
    """Who gains most, then who loses most."""
    size = people["difference"].map(lambda value: value or 0).astype("float64")
    gain, lose = people[size > 0], people[size < 0]
    for person in [*gain.head(_MOST).itertuples(), *lose.tail(_MOST).iloc[::-1].itertuples()]:
        yield (
            (f"{person.manager_id} {person.name}", "text"),
            (person.old_score, "points"),
            (person.new_score, "points"),
            (person.old_pay, "amount"),
            (person.new_pay, "amount"),
            (person.difference, "amount"),
        )


def _plot(beside: Beside) -> Plot | None:
    """The loads of the branches against their limits on either side, where any changes."""
    if beside.branches is None or beside.row["load_difference"] in (None, 0):
        return None
    rows = _changed(beside.branches)
    rows = rows[rows["rate_now"].notna() & rows["rate_then"].notna()]
    if rows.empty:
        return None
    every = beside.branches["rate_then"].dropna()
    some = f"（图上是变化最大的 {len(rows)} 家，占上限）" if len(rows) < len(every) else "（占上限）"
    title = f"试算后应配折算户超过本机构管户上限的：{len(every)} 家里 {int((every > 1).sum())} 家{some}"
    series = {
        "现行": [float(value) for value in rows["rate_now"]],
        "试算": [float(value) for value in rows["rate_then"]],
    }
    names = [str(name or branch) for name, branch in zip(rows["branch_name"], rows["branch_id"], strict=True)]
    return Plot("column", title, names, series, number="0%", height=220)
