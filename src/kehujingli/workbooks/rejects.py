"""What does 退回清单.xlsx show? What was refused and how it is put right. One sheet a source sheet: row, cell, reason and cure, and beside them the row as it stood."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from kehujingli import terms
from kehujingli.errors import KINDS
from kehujingli.intake.ledger import Sheet
from kehujingli.intake.refused import rejected_rows, told_of
from kehujingli.workbooks.house import HEADER_FILL
from kehujingli.workbooks.paper import RED


def write_rejects(target: Path, sheets: Sequence[Sheet]) -> int:
    """The workbook of all refused rows; returns how many. Titles and header stand as in the export, so that it can be corrected and read like one."""
    import xlsxwriter

    book = xlsxwriter.Workbook(
        str(target), {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    styles = _Styles(
        book.add_format({"bold": True, "bg_color": HEADER_FILL, "border": 1, "text_wrap": True, "valign": "top"}),
        book.add_format({"num_format": "@", "border": 1, "valign": "top"}),
        book.add_format({"num_format": "@", "border": 1, "valign": "top", "font_color": RED, "bold": True}),
        book.add_format({"font_color": RED, "border": 1, "text_wrap": True, "valign": "top"}),
        book.add_format({"num_format": _COVERED, "border": 1, "valign": "top"}),
    )
    count = 0
    for sheet in sheets:
        rows = rejected_rows(sheet)
        if rows:
            page = book.add_worksheet(_sheet_name(sheet, [existing.name for existing in book.worksheets()]))
            _write_page(page, sheet, rows, styles)
            count += len(rows)
    if not count:
        book.add_worksheet("没有退回").write_string(0, 0, "没有退回的行。")
    book.close()
    return count


_COVERED = ";".join(['"***"'] * 4)
"""Shows *** whatever stands in the cell: the row comes back whole."""
_NOT_NEEDED = ("name", "phone", "address")
"""What nobody needs to see to put another cell of the row right; ids are what a row is found by."""


class _Styles(NamedTuple):
    header: Any
    text: Any
    fault: Any
    note: Any
    covered: Any


def _write_page(page: Any, sheet: Sheet, rows: Sequence[Mapping[str, Any]], styles: _Styles) -> None:
    """What is wrong comes first, then the row as it stood; behind it where it comes from, which the program reads.

    A sheet without a header is read by the places of its columns: there the row comes first. A row of an earlier list keeps the source that it was made from.
    """
    every = [*sheet.headers, *[""] * (max(len(row["original"]) for row in rows) - len(sheet.headers))]
    source = [every.index(name) for name in terms.REJECT_SOURCE] if set(terms.REJECT_SOURCE) <= set(every) else []
    own = {*terms.REJECT_SOURCE, *terms.REJECT_TOLD, terms.REJECT_CODE} if source else set()
    places = [place for place, name in enumerate(every) if name not in own]
    headers = [every[place] for place in places]
    told = [terms.REJECT_SOURCE[-1], *terms.REJECT_TOLD]
    behind = [*terms.REJECT_SOURCE[:-1], terms.REJECT_CODE]
    first, at = (0, len(told)) if sheet.header_row else (len(headers), 0)
    last = len(told) + len(headers)
    for line, title in enumerate(sheet.titles):
        page.write_string(line, 0, title)
    top = len(sheet.titles)
    private = {
        header for key, header in sheet.columns.items() if terms.BY_KEY[sheet.table].column(key).private in _NOT_NEEDED
    }
    for place, names in ((first, told), (at, headers), (last, behind)):
        for column, name in enumerate(names, place):
            page.write_string(top, column, name, styles.header)
            page.set_column(column, column, _WIDTHS.get(name, 14))
    for line, row in enumerate(rows, top + 1):
        said = told_of(sheet, row, row["value"])
        cells = [*row["original"], *[""] * (len(every) - len(row["original"]))]
        file, name, number = (
            [cells[place] for place in source] if source else (sheet.export.name, sheet.sheet, str(row["row"]))
        )
        why = (number, row["cell"], said.message, said.cure or KINDS[row["code"]].cure)
        for column, value in enumerate(why, first):
            page.write_string(line, column, value, styles.note)
        for column, place in enumerate(places, at):
            style = styles.covered if every[place] in private else styles.text
            page.write_string(
                line, column, cells[place] or "", styles.fault if every[place] == row["column"] else style
            )
        for column, value in enumerate((file, name, row["code"]), last):
            page.write_string(line, column, value, styles.text)
    page.freeze_panes(top + 1, len(told) if sheet.header_row else 0)
    page.repeat_rows(top)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.set_footer(f"&L{page.get_name()}&R第 &P 页，共 &N 页")


_WIDTHS = {terms.REJECT_SOURCE[-1]: 8, terms.REJECT_TOLD[0]: 10, terms.REJECT_TOLD[1]: 40, terms.REJECT_TOLD[2]: 32}


def _sheet_name(sheet: Sheet, taken: Sequence[str]) -> str:
    stem = re.sub(r"[\[\]:*?/\\']", "", f"{Path(sheet.export.name).stem}-{sheet.sheet}".strip("-"))[:28] or "退回"
    name, number = stem, 2
    while name in taken:
        name, number = f"{stem}{number}", number + 1
    return name
