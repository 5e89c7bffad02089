"""What does a printer make of it? Every workbook through LibreOffice: one page in front, nothing cut, nothing as ###."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import openpyxl
import pyarrow as pa
import pytest
from conftest import copied
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineWorkbook

from kehujingli.month import Request
from kehujingli.month.run import Options, run
from kehujingli.terms.widths import display_width
from kehujingli.workbooks.looks import Column, shown_width
from kehujingli.workbooks.paper import ZOOM, fitting, pixels
from kehujingli.workspace import Workspace

pytestmark = pytest.mark.slow  # whole months, or many processes; the quick run has a month of its own

TOOLS = ("soffice", "pdftoppm", "pdftotext", "pdfinfo")
BOOKS = ("客户分类", "管户分配", "考核得分", "月报")
_ROOM = {("9", "landscape"): 29.7, ("9", "portrait"): 21.0, ("8", "landscape"): 42.0, ("8", "portrait"): 29.7}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two months of a county, the later one's workbooks."""
    root = copied(tmp_path_factory.mktemp("print") / "county")
    place = Workspace(root)
    return run(place, Request(workspace=place), Options()).folder


@pytest.fixture(scope="module")
def printed(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workbooks as PDF."""
    lacking = [tool for tool in TOOLS if shutil.which(tool) is None]
    if lacking:
        pytest.skip(f"not here: {', '.join(lacking)}")
    target = tmp_path_factory.mktemp("pdf")
    profile = tmp_path_factory.mktemp("profile")
    command = [
        "soffice",
        f"-env:UserInstallation={profile.as_uri()}",
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        target,
    ]
    subprocess.run(
        [*map(str, command), *(str(folder / f"{name}.xlsx") for name in BOOKS)],
        check=True,
        capture_output=True,
        timeout=280,
    )
    return target


def _text(pdf: Path, first: int, last: int) -> str:
    done = subprocess.run(
        ["pdftotext", "-layout", "-f", str(first), "-l", str(last), str(pdf), "-"], check=True, capture_output=True
    )
    return done.stdout.decode("utf-8")


def _pages(pdf: Path) -> list[str]:
    told = subprocess.run(["pdfinfo", str(pdf)], check=True, capture_output=True, text=True).stdout
    count = int(re.search(r"Pages:\s+(\d+)", told)[1])  # type: ignore[index]
    return [_text(pdf, page, page) for page in range(1, count + 1)]


def _squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


@pytest.mark.slow
@pytest.mark.parametrize("name", BOOKS)
def test_the_first_sheet_is_one_page_and_no_figure_is_cut(printed: Path, folder: Path, name: str) -> None:
    pages = _pages(printed / f"{name}.pdf")
    book = openpyxl.load_workbook(folder / f"{name}.xlsx")
    second = _squeezed(str(book.worksheets[1]["A1"].value))
    assert second in _squeezed(pages[1]), "the second sheet begins on page 2"
    assert not [page for page in pages if "###" in page]
    assert all(re.search(rf"第\s*{number}\s*页", page) for number, page in enumerate(pages, 1)), "a footer on each"


@pytest.mark.slow
@pytest.mark.parametrize("name", BOOKS)
def test_the_texts_of_printed_columns_are_whole(printed: Path, folder: Path, name: str) -> None:
    whole = _squeezed(_text(printed / f"{name}.pdf", 1, 10_000))
    for sheet in openpyxl.load_workbook(folder / f"{name}.xlsx"):
        for row in sheet[_area(sheet)]:
            for cell in row:
                if isinstance(cell.value, str) and cell.data_type == "s" and not cell.alignment.wrap_text:
                    assert _squeezed(cell.value) in whole, f"{sheet.title} {cell.coordinate}"


@pytest.mark.slow
def test_headers_stand_on_every_page_of_a_list(printed: Path) -> None:
    pages = [page for page in _pages(printed / "客户分类.pdf") if "客户分类情况表" in page]
    assert len(pages) > 1
    assert all("近12个月日均" in page and "试算稿" in page for page in pages)


def _area(sheet: Worksheet) -> str:
    return re.sub(r"^.*!|\$", "", str(sheet.print_area))


def _sheets(folder: Path) -> list[tuple[str, Worksheet]]:
    return [(name, sheet) for name in BOOKS for sheet in openpyxl.load_workbook(folder / f"{name}.xlsx")]


def test_nothing_is_printed_below_65_percent(folder: Path) -> None:
    for name, sheet in _sheets(folder):
        letters = re.match(r"A1:([A-Z]+)\d+", _area(sheet))
        assert letters, f"{name} {sheet.title} has a print area from A1"
        last = openpyxl.utils.column_index_from_string(letters[1])
        widths = [
            sheet.column_dimensions[openpyxl.utils.get_column_letter(_group(sheet, index))].width - 0.71
            for index in range(1, last + 1)
        ]
        room = (_ROOM[str(sheet.page_setup.paperSize), sheet.page_setup.orientation] - 3.6) / 2.54 * 96
        assert room / pixels(widths) >= ZOOM, f"{name} {sheet.title}"


def _group(sheet: Worksheet, index: int) -> int:
    """The column under which openpyxl keeps the width of this one: equal neighbours are kept as one."""
    for letter, found in sheet.column_dimensions.items():
        if found.min <= index <= found.max:
            return openpyxl.utils.column_index_from_string(letter)
    raise AssertionError(index)


def test_columns_that_do_not_fit_stand_right_of_the_print_area() -> None:
    assert fitting([20] * 40) < 40
    assert pixels([20] * fitting([20] * 40)) <= (42.0 - 3.6) / 2.54 * 96 / ZOOM


def test_lists_are_not_merged_and_ids_have_no_green_corners(folder: Path) -> None:
    """T11. The page of the month is a form and may merge."""
    for name in BOOKS:
        with zipfile.ZipFile(folder / f"{name}.xlsx") as archive:
            book = openpyxl.load_workbook(folder / f"{name}.xlsx")
            for number, sheet in enumerate(book, 1):
                xml = archive.read(f"xl/worksheets/sheet{number}.xml").decode()
                if sheet.auto_filter.ref:
                    assert not sheet.merged_cells.ranges, f"{name} {sheet.title}"
                    assert "numberStoredAsText" in xml, f"{name} {sheet.title}"
                    assert sheet.print_title_rows, f"{name} {sheet.title}"


def test_every_reader_reads_every_sheet_and_every_formula_has_its_result(folder: Path) -> None:
    """T11: stored results before any recalculation."""
    for name in BOOKS:
        path = folder / f"{name}.xlsx"
        formulas, values = openpyxl.load_workbook(path), openpyxl.load_workbook(path, data_only=True)
        other = CalamineWorkbook.from_path(path)
        assert other.sheet_names == formulas.sheetnames
        for sheet in formulas:
            grid = other.get_sheet_by_name(sheet.title).to_python(skip_empty_area=False)
            for row in sheet.iter_rows():
                for cell in row:
                    if cell.data_type == "f":
                        assert values[sheet.title][cell.coordinate].value is not None, (
                            f"{sheet.title} {cell.coordinate}"
                        )
                        assert grid[cell.row - 1][cell.column - 1] not in ("", None)


@pytest.mark.slow
def test_a_spreadsheet_that_recalculates_agrees(folder: Path, tmp_path: Path) -> None:
    """T11: LibreOffice opens and saves; what it makes of our formulas is what we stored."""
    if shutil.which("soffice") is None:
        pytest.skip("not here: soffice")
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    subprocess.run(
        [
            "soffice",
            profile,
            "--headless",
            "--convert-to",
            "xlsx",
            "--outdir",
            str(tmp_path),
            str(folder / "考核得分.xlsx"),
        ],
        check=True,
        capture_output=True,
        timeout=280,
    )
    ours = openpyxl.load_workbook(folder / "考核得分.xlsx", data_only=True)["计分复核"]
    theirs = openpyxl.load_workbook(tmp_path / "考核得分.xlsx", data_only=True)["计分复核"]
    for row in ours.iter_rows(min_row=5):
        for cell in row:
            if cell.value is not None:
                assert theirs[cell.coordinate].value == pytest.approx(cell.value), cell.coordinate


def test_texts_have_room_or_shrink_or_wrap(folder: Path) -> None:
    """Nothing runs into its neighbour or off the page: titles, units and the word 试算稿 included."""
    for name, sheet in _sheets(folder):
        rows = sheet[_area(sheet)]
        widths = [
            sheet.column_dimensions[openpyxl.utils.get_column_letter(_group(sheet, index))].width - 0.71
            for index in range(1, len(rows[0]) + 1)
        ]
        merged = {cell for part in sheet.merged_cells.ranges for line in part.cells for cell in [line]}
        for row in rows:
            for cell in row:
                look = cell.alignment
                if not isinstance(cell.value, str) or look.wrap_text or look.shrink_to_fit or cell.data_type == "f":
                    continue
                if (cell.row, cell.column) in merged:
                    continue
                others = [other.column for other in row if other.value is not None and other is not cell]
                if look.horizontal == "right":
                    room = widths[max((n for n in others if n < cell.column), default=0) : cell.column]
                elif look.horizontal == "centerContinuous":
                    room = widths
                else:
                    room = widths[
                        cell.column - 1 : min((n for n in others if n > cell.column), default=len(widths) + 1) - 1
                    ]
                assert display_width(cell.value) <= sum(room) + 0.5, (
                    f"{name} {sheet.title} {cell.coordinate}: {cell.value}"
                )


def test_a_day_has_room_however_short_its_header() -> None:
    days = pa.array([20_757, None], pa.int64())
    assert shown_width(Column("newest_on", "最近采集", "date"), days) >= len("2026-10-31")
    assert shown_width(Column("day", "日", "date", width=14), days) == 14
