"""What does a list say that we keep and people may have had open? A spreadsheet saves GB18030, 2026/11/9 for a day, Oct-26 for a month, 3.3E+17 for a number.

Every such list is read here: appeals, corrections, committed plans, the register of what was sent.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from kehujingli.errors import Problem, problem
from kehujingli.periods import date_of, month_name, named_month
from kehujingli.values import unguarded
from kehujingli.workspace.files import read_kept

_ROUNDED = re.compile(r"\d(\.\d+)?[eE]\+\d+")
"""An identifier that a spreadsheet took for a number."""


@dataclass(frozen=True)
class Kept:
    """One line of a list. Each reader of a cell raises ``list.cell-bad``, with the line."""

    file: str
    line: int
    cells: dict[str, str]

    def text(self, column: str) -> str:
        return self.cells[column]

    def day(self, column: str) -> date:
        """A day however it is written; a spreadsheet writes 2026/11/9."""
        from kehujingli.intake.cells.dates import date_of_text

        try:
            day = date_of_text(self.cells[column])
        except ValueError:
            day = None
        if day is None:
            raise self._bad(column, "不是日期", "请写成 2026-11-09 这样。")
        return date_of(day)

    def month(self, column: str) -> str:
        """A month as we name it; a spreadsheet writes Oct-26."""
        month = named_month(self.cells[column])
        if month is None:
            raise self._bad(column, "不是月份", "请写成 2026-10 这样。")
        return month_name(month)

    def identifier(self, column: str) -> str:
        value = self.cells[column]
        if _ROUNDED.fullmatch(value):
            raise self._bad(column, "是被电子表格改成数字、丢了位数的编号", "请从备份找回这个文件，或照原编号改回。")
        return value

    def number(self, column: str) -> int:
        value = self.cells[column]
        if not value.isdecimal():
            raise self._bad(column, "不是编号", "请照原编号改回。")
        return int(value)

    def _bad(self, column: str, detail: str, cure: str) -> Problem:
        value = self.cells[column]
        return problem(
            "list.cell-bad", file=self.file, line=self.line, column=column, value=value, detail=detail, cure=cure
        )


def rows_of(path: Path, columns: Sequence[str]) -> list[Kept]:
    """The lines of a list, blank ones left out; none where there is no such file. Raises ``output.unreadable``, ``list.no-column``."""
    reader = csv.reader(io.StringIO(read_kept(path), newline=""))
    names = [name.strip() for name in next(reader, [])]
    lacking = [column for column in columns if column not in names]
    if names and lacking:
        raise problem("list.no-column", file=path.name, columns="、".join(lacking))
    rows = []
    for cells in reader:
        said = dict(zip(names, (unguarded(cell.strip()) for cell in cells), strict=False))
        if any(said.values()):
            rows.append(Kept(path.name, reader.line_num, dict.fromkeys(columns, "") | said))
    return rows
