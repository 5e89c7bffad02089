"""Is a pack that was filled into a mould the workbook that XlsxWriter would have laid out for it alone?"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from kehujingli.answers.packs import earlier_of, packs_of
from kehujingli.lists.packs import By
from kehujingli.workbooks.house import Book, Meta
from kehujingli.workbooks.mould import MARKS
from kehujingli.workbooks.pack_lists import lists_of
from kehujingli.workbooks.packs import _cover_cells, _figures, lay_out, write_packs
from kehujingli.workspace.results import Results

META = Meta("示联社", "2026年10月", "2026-10-31", "示联发〔2026〕1号", "甲", "乙", "丙")
TOLD = [("办法", "示例")]
_SHEET = ("freeze_panes", "print_area", "print_title_rows", "dimensions")
_PAPER = ("paperSize", "orientation", "fitToHeight", "fitToWidth")


def cells(path: Path) -> Iterator[tuple[Any, ...]]:
    """Everything that a reader sees, or a printer: cell by cell, then the sheet."""
    for sheet in openpyxl.load_workbook(path):
        for row in sheet.iter_rows():
            for cell in row:
                look = (cell.number_format, cell.font, cell.fill, cell.border, cell.alignment)
                yield sheet.title, cell.coordinate, cell.value, *map(repr, look)
        yield sheet.title, *(str(getattr(sheet, name)) for name in _SHEET), sheet.auto_filter.ref
        yield sheet.title, *(getattr(sheet.page_setup, name) for name in _PAPER), sheet.oddFooter.left.text
        yield sheet.title, *((name, one.width) for name, one in sheet.column_dimensions.items())
        yield sheet.title, *((one.sqref, one.formula1) for one in sheet.data_validations.dataValidation)
        rules = [(str(one.sqref), [rule.formula for rule in one.rules]) for one in sheet.conditional_formatting]
        yield sheet.title, rules, sheet.sheet_view.showGridLines, sheet.sheet_view.tabSelected


@pytest.mark.parametrize("by", ["branch", "manager"])
@pytest.mark.parametrize("few", [10**9, 0], ids=["few rows", "many rows"])
def test_a_pack_is_what_would_have_been_laid_out_for_it_alone(
    by: By, few: int, two_months: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Widths aside: those are of the widest pack in all, so that packs look alike."""
    monkeypatch.setattr("kehujingli.workbooks.bulk._FEW", few)
    kept = Results(two_months / "periods" / "2026-10")
    packs = packs_of(kept, earlier_of(kept), by, 90)
    lists = lists_of(packs, {"item:deposit": "存款"} if by == "branch" else {})
    targets = [tmp_path / f"{place}.xlsx" for place in range(len(packs.each))]
    numbers = list(write_packs(packs.each, lists, META, 90, TOLD, targets))
    assert len(set(numbers)) == len(numbers) > 2
    empty = 0
    for place, (pack, number) in enumerate(zip(packs.each, numbers, strict=True)):
        book, own = Book(META), {name: (parted.columns, parted.rows(place)) for name, parted in lists.items()}
        empty += sum(not len(rows) for _, rows in own.values())
        first = list(_cover_cells(pack, _figures(pack), 90, META.signatures))
        lay_out(book, pack, own, first, 90, TOLD, number)
        book.save(tmp_path / "alone.xlsx")
        assert list(cells(targets[place])) == list(cells(tmp_path / "alone.xlsx"))
        with zipfile.ZipFile(targets[place]) as archive:
            assert archive.testzip() is None
            assert not any(
                mark.encode() in archive.read(name) for name in archive.namelist() for mark in (*MARKS, "\0")
            )
    assert empty, "some list of some pack is empty"
