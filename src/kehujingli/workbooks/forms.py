"""What does an empty form look like? Title, headers with their units, drop-downs, set up for paper, and a sheet that says how each column is written.

The example stands on that sheet and never among the rows: what somebody forgot to write over would be read.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kehujingli import terms
from kehujingli.terms.widths import display_width

if TYPE_CHECKING:
    from kehujingli.lists.forms import Field, Form

_SPARE = 500
"""Rows that have drop-downs below those begun."""
_OPEN = 20
"""Open rows below those begun where a sheet is protected."""
_FIRST = 3
_PATTERNS = {"date": "yyyy-mm-dd", "money": "#,##0.00", "decimal": "General", "count": "0"}
_GUIDE = ("列", "必填", terms.UNIT_WORD, "怎样写", "例子")
_LONGEST_LIST = 255
"""Characters of a drop-down that spreadsheets take without a range."""


def write_form(path: Path, form: Form) -> Path:
    import xlsxwriter

    from kehujingli.workbooks.house import HEADER_FILL
    from kehujingli.workbooks.paper import paper_for

    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        font = {"font_name": "宋体", "font_size": 10.5}
        title = book.add_format({**font, "font_name": "黑体", "font_size": 16, "bold": True})
        plain, grey = book.add_format(font), book.add_format({**font, "font_color": "#7F7F7F"})
        head = {**font, "bold": True, "bg_color": HEADER_FILL, "border": 1, "align": "center", "text_wrap": True}
        header, needed = book.add_format(head), book.add_format({**head, "font_color": "#C00000"})
        sheet, guide = book.add_worksheet(form.label), book.add_worksheet(terms.FORM_GUIDE)
        sheet.write_string(0, 0, form.label, title)
        sheet.write_string(1, 0, f"红字的列必填；怎样写见「{terms.FORM_GUIDE}」。填好留在 表单/ 里即可。", grey)
        last = _FIRST + len(form.rows) + _SPARE
        if form.fixed:
            sheet.protect("", {"format_columns": True, "autofilter": True, "sort": True})
        widths = []
        for at, column in enumerate(form.fields):
            looks = {**font, "border": 1, "num_format": _PATTERNS.get(column.kind, "@")}
            style = book.add_format({**looks, **({"bg_color": "#F2F2F2"} if form.fixed else {})})
            open_ = book.add_format({**looks, "locked": False}) if form.fixed else style
            sheet.write_string(2, at, column.said, needed if column.must else header)
            said = [column.said, column.example, *(row.get(column.header, "") for row in form.rows)]
            widths.append(min(40, max(10, 2 + max(map(display_width, said)))))
            sheet.set_column(at, at, widths[-1], plain)
            for row in range(_FIRST, _FIRST + max(len(form.rows) + (_OPEN if form.fixed else 0), 20)):
                begun = form.rows[row - _FIRST].get(column.header, "") if row - _FIRST < len(form.rows) else ""
                look = style if column.header in form.fixed and row < _FIRST + len(form.rows) else open_
                (sheet.write_string if begun else sheet.write_blank)(row, at, begun, look)
            _check(sheet, at, last, column)
        sheet.freeze_panes(_FIRST, min(2, len(form.fields)))
        sheet.set_landscape()
        for page, across in ((sheet, widths), (guide, [])):
            page.set_paper(paper_for(across, 0, portrait=False)[0])
            page.fit_to_pages(1, 0)
            page.set_footer(f"&L{form.label}&R第 &P 页，共 &N 页")
        sheet.repeat_rows(2)
        _explain(guide, form, header, book.add_format({**font, "text_wrap": True, "valign": "top"}))
    return path


def _explain(guide: Any, form: Form, header: Any, plain: Any) -> None:
    for at, (word, width) in enumerate(zip(_GUIDE, (22, 6, 8, 44, 24), strict=True)):
        guide.write_string(0, at, word, header)
        guide.set_column(at, at, width, plain)
    for row, column in enumerate(form.fields, 1):
        choices = f"{'、'.join(column.choices[:8])}{'……' if len(column.choices) > 8 else ''}" if column.choices else ""
        how = "；".join(filter(None, [column.how, choices and f"可选：{choices}"]))
        lines = max(display_width(text) // room for text, room in ((how, 44), (column.example, 24))) + 1
        guide.set_row(row, 15 * lines)
        for at, text in enumerate((column.header, "是" if column.must else "", column.unit, how, column.example)):
            guide.write_string(row, at, text, plain)


def _check(sheet: Any, at: int, last: int, column: Field) -> None:
    """What may be typed, and a word of help where the cell is chosen."""
    rule: dict[str, Any] = {"validate": "any"}
    if column.choices and len(",".join(column.choices)) <= _LONGEST_LIST:
        rule = {"validate": "list", "source": list(column.choices)}
        rule |= {"error_type": "warning"} if column.free else {}
    elif column.kind == "date":
        rule = {"validate": "date", "criteria": ">=", "value": date(2000, 1, 1)}
        rule |= {"error_message": "请写日期，如 2026-10-31"}
    help_: Mapping[str, str] = {"input_title": column.header[:32], "input_message": _help(column)}
    if rule["validate"] != "any" or help_["input_message"]:
        sheet.data_validation(_FIRST, at, last, at, {**rule, **(help_ if help_["input_message"] else {})})


def _help(column: Field) -> str:
    said = [column.how, f"例：{column.example}" if column.example else ""]
    return "\n".join(filter(None, said))[:255]
