"""What does 退回清单.xlsx show? What was refused and how it is put right. One sheet a source sheet: the row as it stood, and beside it cell, reason, cure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from kehujingli import terms
from kehujingli.errors import KINDS
from kehujingli.intake.ledger import Sheet
from kehujingli.intake.refused import rejected_rows, told_of


def write_rejects(target: Path, sheets: Sequence[Sheet]) -> int:
    """The workbook of all refused rows; returns how many. Titles and header stand as in the export, so that it can be corrected and read like one."""
    import xlsxwriter

    book = xlsxwriter.Workbook(
        str(target), {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    header, text, note = (
        book.add_format({"bold": True, "bg_color": "#D9E1F2", "border": 1}),
        book.add_format({"num_format": "@", "border": 1}),
        book.add_format({"font_color": "#C00000", "border": 1, "text_wrap": True}),
    )
    count = 0
    for sheet in sheets:
        rows = rejected_rows(sheet)
        if not rows:
            continue
        page = book.add_worksheet(_sheet_name(sheet, [existing.name for existing in book.worksheets()]))
        headers = [*sheet.headers, *[""] * (max(len(row["original"]) for row in rows) - len(sheet.headers))]
        for line, title in enumerate(sheet.titles):
            page.write_string(line, 0, title)
        top = len(sheet.titles)
        for column, name in enumerate([*headers, *terms.REJECT_TOLD, *terms.REJECT_SOURCE, terms.REJECT_CODE]):
            page.write_string(top, column, name, header)
            page.set_column(column, column, 40 if name in terms.REJECT_TOLD[1:] else 16)
        for line, row in enumerate(rows, top + 1):
            told = told_of(sheet, row, row["value"])
            for column, value in enumerate(row["original"]):
                page.write_string(line, column, value or "", text)
            width = len(headers)
            page.write_string(line, width, row["cell"], note)
            page.write_string(line, width + 1, told.message, note)
            page.write_string(line, width + 2, told.cure or KINDS[row["code"]].cure, note)
            for offset, value in enumerate(
                (sheet.export.name, sheet.sheet, str(row["row"]), row["code"]), width + len(terms.REJECT_TOLD)
            ):
                page.write_string(line, offset, value, note)
        page.freeze_panes(top + 1, 0)
        count += len(rows)
    if not count:
        book.add_worksheet("没有退回").write_string(0, 0, "没有退回的行。")
    book.close()
    return count


def _sheet_name(sheet: Sheet, taken: Sequence[str]) -> str:
    stem = re.sub(r"[\[\]:*?/\\']", "", f"{Path(sheet.export.name).stem}-{sheet.sheet}".strip("-"))[:28] or "退回"
    name, number = stem, 2
    while name in taken:
        name, number = f"{stem}{number}", number + 1
    return name
