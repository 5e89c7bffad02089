"""What does the second page of 月报.xlsx show? 三性 on one A4 page: ratios, maturities, the largest depositors, rates and demand deposits by kind, branch and manager."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from kehujingli import terms
from kehujingli.studies import declared as study_of
from kehujingli.studies.study import Answer, StudyList
from kehujingli.values import missing
from kehujingli.workbooks.house import RED, Book, Look
from kehujingli.workbooks.study import shown

if TYPE_CHECKING:
    import pandas as pd

_WIDTHS = (12, 13, 9, 9) * 3
_PARTS = 18
"""Branches and managers on the page; the rest are counted."""
_OF_PART = ("part", "deposits", "accrued_rate", "demand_part")
_SPANS = {
    "soundness": ((0, 0), (1, 3), (4, 4), (5, 6), (7, 8), (9, 9), (10, 11)),
    "soundness_terms": ((0, 2), (3, 4), (5, 6), (7, 8), (9, 11)),
    "soundness_depositors": ((0, 0), (1, 2), (3, 4), None, (5, 6), (7, 8), (9, 10), (11, 11)),
}
"""List → the page's columns (first, last) that each of its own takes; None for one that is left out."""


def write_soundness(book: Book, answer: Answer) -> None:
    """The sheet 三性; customers' names masked, money in 万元."""
    lists = {one.key: one for one in study_of("soundness").lists}
    sheet = book.sheet("三性")
    book.columns(sheet, _WIDTHS)
    book.heading(sheet, f"{book.meta.institution}安全性、流动性、效益性", len(_WIDTHS), "万元")
    row = 3
    for number, (key, title) in enumerate(
        (("soundness", terms.label("item")), ("soundness_terms", "期限"), ("soundness_depositors", "存款大户"))
    ):
        frame = shown(answer.frames[key], lists[key].columns, unmask=False)
        row = _table(book, sheet, row, f"{'一二三'[number]}、{title}", lists[key], frame)
    row = _rates(book, sheet, row, lists["soundness_rates"], answer.frames["soundness_rates"])
    sheet.write_string(row, 0, book.meta.signatures, book.format())
    book.page(sheet, row, len(_WIDTHS), portrait=True, one_page=True)


def _table(book: Book, sheet: Any, row: int, title: str, one: StudyList, frame: pd.DataFrame) -> int:
    sheet.write_string(row, 0, title, book.format(bold=True))
    row += 1
    placed = [(column, span) for column, span in zip(one.columns, _SPANS[one.key], strict=True) if span is not None]
    for column, span in placed:
        _cell(book, sheet, row, span, column.header, None)
    for record in frame.to_dict("records"):
        row += 1
        for column, span in placed:
            value = record[column.key]
            look: Look = {"yuan": "wan"}.get(column.kind, column.kind)  # type: ignore[assignment]
            if column.key == "value" and missing(value):
                _cell(book, sheet, row, span, "缺", "text", font_color=RED, align="right")
            else:
                red = {"font_color": RED} if value == "超过" else {}
                _cell(book, sheet, row, span, value, look, **red)
    return row + 2


def _rates(book: Book, sheet: Any, row: int, one: StudyList, frame: pd.DataFrame) -> int:
    """Three tables beside each other: by kind, branch, manager, the largest first."""
    sheet.write_string(row, 0, "四、付息率和活期占比", book.format(bold=True))
    by_key = {column.key: column for column in one.columns}
    columns = [by_key[key] for key in _OF_PART]
    end = row
    for block, by in enumerate(dict.fromkeys(frame["by"])):
        part = frame[frame["by"] == by]
        for place, column in enumerate(columns, 4 * block):
            sheet.write_string(row + 1, place, by if column.key == "part" else column.header, book.header)
        sheet.set_row(row + 1, 30)
        line = row + 1
        for record in part.head(_PARTS).to_dict("records"):
            line += 1
            for place, column in enumerate(columns, 4 * block):
                look: Look = {"yuan": "wan"}.get(column.kind, column.kind)  # type: ignore[assignment]
                book.write(sheet, line, place, record[column.key], look)
        if len(part) > _PARTS:
            line += 1
            sheet.write_string(line, 4 * block, f"共 {len(part)}，列存款最多的 {_PARTS}", book.format(font_size=9))
        end = max(end, line)
    return end + 2


def _cell(
    book: Book, sheet: Any, row: int, span: Sequence[int], value: Any, look: Look | None, **properties: Any
) -> None:
    """A cell over the page's columns ``span``: this page is a form, no list. Without a look it is a heading."""
    first, last = span
    if first < last:
        style = book.header if look is None else book.cell(look, **properties)
        sheet.merge_range(row, first, row, last, "", style)
    if look is None:
        sheet.write_string(row, first, value, book.header)
    else:
        book.write(sheet, row, first, value, look, **properties)
