"""What does 试算.xlsx show? A month under the rules in force and under proposed ones, person by person; the curve where a number was varied."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from kehujingli.workbooks.house import RED, Book, Highlight, Meta, labelled

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


def write_whatif(
    target: Path,
    meta: Meta,
    lines: Sequence[str],
    people: Sequence[Mapping[str, Any]],
    curve: Sequence[Mapping[str, Any]],
) -> str:
    """Sheets 首页, 得失, and 逐点试算 where there is a curve. Returns the workbook's hash."""
    import pandas as pd

    book = Book(meta)
    sheet = book.sheet("首页")
    book.columns(sheet, [13] * 8)
    book.heading(sheet, f"{meta.institution}绩效办法试算（{meta.period}）", 8, "")
    for row, line in enumerate(lines, 3):
        sheet.write_string(row, 0, line, book.format())
    book.page(sheet, len(lines) + 3, 8, portrait=True, one_page=True)
    amounts = ("old_score", "new_score", "old_pay", "new_pay", "difference")
    rows = [{**person, **{key: person[key] and Decimal(person[key]) for key in amounts}} for person in people]
    frame = pd.DataFrame(rows, columns=[column.key for column in _PEOPLE], dtype="object")
    book.list(
        "得失",
        "现行办法与试算办法逐人对照",
        "元",
        _PEOPLE,
        frame,
        freeze=2,
        highlights=[Highlight("$G5<0", RED, "difference")],
    )
    if curve:
        points = pd.DataFrame(curve, columns=[column.key for column in _CURVE]).astype({"total": "object"})
        book.list("逐点试算", "改一个数，逐点试算", "", _CURVE, points, freeze=1)
    return book.save(target)
