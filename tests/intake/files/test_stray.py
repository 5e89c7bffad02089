"""Does one stray cell at the edge of a sheet cost the table? It is told and not read, and nothing near is taken for it."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from kehujingli.intake.files.stray import without_strays
from kehujingli.intake.read import SheetResult, read_file

ROWS = [["账号", "客户号", "余额"], *([f"A{n}", f"C{n}", n] for n in range(30))]


def _book(tmp_path: Path, cells: Sequence[tuple[str, Any]], rows: Sequence[Sequence[Any]] = ROWS) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for place, value in cells:
        book.active[place] = value
    book.save(tmp_path / "账户.xlsx")
    return tmp_path / "账户.xlsx"


def _read(path: Path) -> SheetResult:
    (result,) = read_file(path, path.name)
    return result


@pytest.mark.parametrize("place", ["XFD1048576", "XFD3", "ZZ200000", "A1048576", "XFD1"])
def test_the_table_is_read_and_the_stray_cell_told(tmp_path: Path, place: str) -> None:
    result = _read(_book(tmp_path, [(place, "x")]))
    assert result.accepted is not None
    assert (result.accepted.rows, result.accepted.table.num_rows) == (30, 30)
    assert result.accepted.totals["balance"] == (43_500, 0)
    (told,) = result.findings
    assert told.code == "intake.stray"
    assert f"{place}等 1 格离表很远" in told.message


def test_a_column_of_stray_cells_is_told_with_their_number(tmp_path: Path) -> None:
    result = _read(_book(tmp_path, [(f"XFD{row}", "x") for row in range(2, 20)]))
    (told,) = result.findings
    assert "18 格" in told.message


def test_a_cell_of_a_format_alone_is_nothing_to_tell(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(_book(tmp_path, []))
    book.active["XFD5"].number_format = "0.00"
    book.save(tmp_path / "账户.xlsx")
    result = _read(tmp_path / "账户.xlsx")
    assert result.accepted is not None
    assert result.accepted.rows == 30
    assert result.findings == []


def test_a_second_block_far_below_is_a_table_and_stays(tmp_path: Path) -> None:
    path = _book(tmp_path, [(f"{letter}{60_000 + row}", "x") for row in range(20) for letter in "ABC"])
    near, strays = without_strays(path, tmp_path / "elsewhere")
    assert (near, dict(strays)) == (path, {})


def test_a_sheet_without_a_stray_cell_is_not_rewritten(tmp_path: Path) -> None:
    path = _book(tmp_path, [])
    near, _ = without_strays(path, tmp_path / "elsewhere")
    assert near == path


def test_what_is_no_archive_is_left_to_its_reader(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"PK\x03\x04 cut off")
    assert without_strays(path, tmp_path)[0] == path
    with zipfile.ZipFile(tmp_path / "b.xlsx", "w") as archive:
        archive.writestr("xl/worksheets/sheet1.xml", "<worksheet>")
    assert without_strays(tmp_path / "b.xlsx", tmp_path)[0] == tmp_path / "b.xlsx"
