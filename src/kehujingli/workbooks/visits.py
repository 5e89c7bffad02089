"""What does a manager's plan of visits look like? 走访计划_工号.xlsx: a row a visit by day and village, what came of it to be filled in, one page wide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kehujingli import terms
from kehujingli.periods import date_of
from kehujingli.terms.widths import display_width
from kehujingli.values import listed
from kehujingli.workbooks.house import GREY, HEADER_FILL, RED
from kehujingli.workbooks.paper import set_up

if TYPE_CHECKING:
    import pandas as pd

_SHEET = terms.BY_KEY["visit_plan"].label
_FIRST = 3
"""Rows above the first visit: title, what to do, headers."""
_SPARE = 12
"""Empty rows below, for visits that nobody planned."""
_TABLE = "visit_plan"
_COLUMNS = (
    ("planned_on", "date", 11),
    ("weekday", "text", 6),
    ("village", "text", 14),
    ("customer_id", "text", 15),
    ("customer_name", "text", 16),
    ("group", "text", 19),
    ("way", "text", 7),
    ("minutes", "count", 8),
    ("due_on", "date", 11),
    ("result", "fill", 9),
    ("visited_on", "fill-date", 11),
    ("remark", "fill", 30),
    ("manager_id", "text", 9),
)
"""Key, how it is written, width. What is to be filled in is headed in red."""
_ELSEWHERE = {
    "weekday": "星期",
    "due_on": "应走访日",
    "group": terms.label("group"),
    "minutes": f"{terms.label('minutes', _TABLE)}(分钟)",
}
"""Headers that 走访安排 does not have, or not with their unit: for people."""
_GUIDE = (
    (
        "result",
        f"从下拉里选：{'、'.join(terms.VISIT_RESULTS.values())}。没去的空着；只有“{terms.VISIT_RESULTS['met']}”算走访。",
    ),
    ("visited_on", "和计划同一天的不写；换了天的写实际那天，如 2026-11-03。"),
    ("way", "换了方式的改成实际的。"),
    ("minutes", "分钟；和计划差得多的改成实际的。"),
    ("remark", "要点几个字；不写证件号、手机号。"),
    (
        "planned_on",
        "不改：以后再排时，还没走访的照这一天。计划外走访的在下面空行里写一行，计划日期写走访那天，客户号、工号照写。",
    ),
)


_GUIDE_WIDTHS = (14, 80)


def write_visit_plan(path: Path, plan: pd.DataFrame, facts: Mapping[str, str], ways: Sequence[str]) -> None:
    """``plan``: one manager's rows of 走访排期, names in full. ``facts``: manager, span, institution, footer; ``ways``: what 方式 may be."""
    import xlsxwriter

    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"author": facts["institution"], "created": datetime(2000, 1, 1)})  # noqa: DTZ001
        font = {"font_name": "宋体", "font_size": 10.5, "valign": "vcenter"}
        title = book.add_format({**font, "font_name": "黑体", "font_size": 16, "bold": True})
        grey = book.add_format({**font, "font_color": "#7F7F7F"})
        sheet = book.add_worksheet(_SHEET)
        sheet.hide_gridlines(2)
        sheet.set_row(0, 30)
        sheet.write_string(0, 0, f"{facts['manager']} 走访计划（{facts['span']}）", title)
        sheet.write_string(
            1,
            0,
            f"{facts['institution']}　共 {len(plan):,} 次。红字的列走访后填；怎样写见「{terms.FORM_GUIDE}」。填好发回。",
            grey,
        )
        head = {
            **font,
            "bold": True,
            "bg_color": HEADER_FILL,
            "border": 1,
            "border_color": GREY,
            "align": "center",
            "text_wrap": True,
        }
        heads = {False: book.add_format(head), True: book.add_format({**head, "font_color": RED})}
        for at, (key, kind, width) in enumerate(_COLUMNS):
            sheet.set_column(at, at, width)
            sheet.write_string(_FIRST - 1, at, header_of(key), heads[kind.startswith("fill")])
        _rows(book, sheet, plan, font)
        _choices(sheet, _FIRST + len(plan) + _SPARE - 1, ways)
        widths = [width for *_, width in _COLUMNS]
        sheet.freeze_panes(_FIRST, 5)
        set_up(sheet, widths, _FIRST + len(plan) + _SPARE - 1, repeat=_FIRST - 1)
        sheet.set_footer(f"&L{facts['footer']}&C第 &P 页 共 &N 页&R客户经理：____________　复核：____________")
        guide = book.add_worksheet(terms.FORM_GUIDE)
        _guide(guide, heads[False], book.add_format({**font, "text_wrap": True}))
        set_up(guide, _GUIDE_WIDTHS, len(_GUIDE))


def header_of(key: str) -> str:
    """What the sheet calls a column."""
    return _ELSEWHERE.get(key) or terms.label(key, _TABLE)


def _rows(book: Any, sheet: Any, plan: pd.DataFrame, font: Mapping[str, Any]) -> None:
    """A line above each new day; empty rows at the end."""
    styles: dict[tuple[str, bool], Any] = {}
    for kind, pattern, align in (
        ("text", "@", "left"),
        ("date", "yyyy-mm-dd", "center"),
        ("count", "0", "right"),
        ("fill", "@", "left"),
        ("fill-date", "yyyy-mm-dd", "center"),
    ):
        for new in (False, True):
            look = {**font, "num_format": pattern, "align": align, "border": 1, "border_color": GREY, "shrink": True}
            look |= {"top": 2, "top_color": "#7F7F7F"} if new else {}
            styles[kind, new] = book.add_format(look)
    told: dict[str, list[Any]] = {key: listed(plan[key]) if key in plan else [None] * len(plan) for key, *_ in _COLUMNS}
    told["group"] = [terms.GROUPS.get(one, one) for one in told["group"]]
    before = None
    for row in range(len(plan) + _SPARE):
        day = told["planned_on"][row] if row < len(plan) else None
        new, before = day is not None and day != before, day if day is not None else before
        for at, (key, kind, _) in enumerate(_COLUMNS):
            value = told[key][row] if row < len(plan) else None
            style = styles[kind, new]
            if value is None:
                sheet.write_blank(_FIRST + row, at, None, style)
            elif kind == "date":
                sheet.write_datetime(_FIRST + row, at, datetime.combine(date_of(value), time()), style)
            elif kind == "count":
                sheet.write_number(_FIRST + row, at, int(value), style)
            else:
                sheet.write_string(_FIRST + row, at, str(value), style)


def _choices(sheet: Any, last: int, ways: Sequence[str]) -> None:
    places = {key: at for at, (key, *_) in enumerate(_COLUMNS)}
    for key, words in (("result", list(terms.VISIT_RESULTS.values())), ("way", list(ways))):
        sheet.data_validation(_FIRST, places[key], last, places[key], {"validate": "list", "source": words})
    rule = {
        "validate": "date",
        "criteria": ">=",
        "value": date(2000, 1, 1),
        "error_message": "请写日期，如 2026-11-03",
    }
    for key in ("planned_on", "visited_on"):
        sheet.data_validation(_FIRST, places[key], last, places[key], rule)


def _guide(sheet: Any, header: Any, plain: Any) -> None:
    for at, (word, width) in enumerate(zip(("列", "怎样写"), _GUIDE_WIDTHS, strict=True)):
        sheet.write_string(0, at, word, header)
        sheet.set_column(at, at, width)
    for row, (key, how) in enumerate(_GUIDE, 1):
        sheet.set_row(row, 16 * (1 + int(display_width(how)) // _GUIDE_WIDTHS[1]))
        sheet.write_string(row, 0, header_of(key), plain)
        sheet.write_string(row, 1, how, plain)
