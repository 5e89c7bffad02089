"""How does a list look that another system reads? One bare sheet or CSV: header in the first row, data below, nothing else."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from kehujingli.values import guarded

if TYPE_CHECKING:
    from kehujingli.studies.pay.payroll import Payroll, Rules

Cell = str | Decimal | None


def write_payroll(path: Path, told: Payroll, rules: Rules) -> None:
    """As .csv or .xlsx, by the name of ``path``. Amounts are numbers with two digits, all else is text, 0 before a 工号 stays."""
    if path.suffix == ".csv":
        with path.open("w", encoding=rules.encoding, newline="", errors="strict") as file:
            writer = csv.writer(file)
            writer.writerows([_plain(cell) for cell in row] for row in (told.headers, *told.rows))
        return
    import xlsxwriter

    settings = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), settings) as book:
        book.set_properties({"created": datetime(2000, 1, 1, tzinfo=UTC)})
        sheet = book.add_worksheet(rules.sheet)
        text, amount = book.add_format({"num_format": "@"}), book.add_format({"num_format": "0.00"})
        for number, row in enumerate((told.headers, *told.rows)):
            for column, cell in enumerate(row):
                if isinstance(cell, Decimal):
                    sheet.write_number(number, column, float(cell), amount)
                elif cell:
                    sheet.write_string(number, column, cell, text)
        sheet.set_column(0, len(told.headers) - 1, 14)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)


def _plain(cell: Cell) -> str:
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    return guarded(cell) if cell else ""


def written_sum(path: Path, rules: Rules) -> Decimal:
    """What the file that was written pays in all, 元: read back from it."""
    return sum((_number(row[rules.paid_at]) for row in _read(path, rules)), Decimal(0))


def _number(cell: object) -> Decimal:
    """A cell of a workbook is a binary fraction: its shortest text is the amount."""
    return Decimal(str(cell))


def _read(path: Path, rules: Rules) -> Sequence[Sequence[object]]:
    if path.suffix == ".csv":
        with path.open(encoding=rules.encoding, newline="") as file:
            return list(csv.reader(file))[1:]
    import openpyxl

    sheet = openpyxl.load_workbook(path, read_only=True, data_only=True).worksheets[0]
    return list(sheet.iter_rows(min_row=2, values_only=True))
