"""Is the institution's own template kept and filled, and does what follows stay what it was?"""

from __future__ import annotations

import re
import shutil
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from conftest import copied
from openable import faults, told_by_microsoft, validator
from openpyxl.styles import Font, PatternFill
from openpyxl.workbook.defined_name import DefinedName
from python_calamine import CalamineWorkbook

from kehujingli.month import Request
from kehujingli.month.run import Options, Outcome, run
from kehujingli.workspace import Workspace

pytestmark = pytest.mark.slow  # each runs whole months; the quick run has a month of its own

FIRST = "考核&通报"


def _template(path: Path) -> None:
    """A letterhead, named cells, a table with a row of the wished style, a sum of our figures, a signature below."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = FIRST
    sheet["A1"] = "示例县联社文件"
    sheet["A1"].font = Font(name="方正小标宋", size=26, color="C00000")
    for row, (label, name) in enumerate(
        (("期间", "期间"), ("文号", "文号"), ("人数", "参评人数"), ("平均", "平均分")), 3
    ):
        sheet.cell(row, 1, label)
        book.defined_names[name] = DefinedName(name, attr_text=f"'{FIRST}'!$B${row}")
    sheet["C5"] = "=B5*2"
    sheet["C6"] = "=VLOOKUP(A1,A1:B9,2)"
    for column, head in enumerate(("名次", "姓名", "得分", "领导意见"), 1):
        sheet.cell(8, column, head)
        sheet.cell(9, column).fill = PatternFill("solid", fgColor="FFEEDD")
    sheet["A10"] = "签发人："
    sheet.merge_cells("A10:D10")
    sheet.print_area = "A1:D10"
    book.defined_names["考核得分"] = DefinedName("考核得分", attr_text=f"'{FIRST}'!$A$8:$D$8")
    path.parent.mkdir()
    book.save(path)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    root = copied(tmp_path_factory.mktemp("template") / "county")
    _template(root / "templates" / "考核得分.xlsx")
    return Workspace(root)


@pytest.fixture(scope="module")
def done(place: Workspace) -> Outcome:
    return run(place, Request(workspace=place), Options())


@pytest.fixture(scope="module")
def book(done: Outcome) -> Any:
    return openpyxl.load_workbook(done.folder / "考核得分.xlsx", data_only=True)


def test_the_templates_sheets_come_first_with_their_styles(book: Any) -> None:
    assert book.sheetnames[0] == FIRST
    assert book.sheetnames[1:3] == ["首页", "考核得分"]
    assert book.sheetnames[-1] == "口径"
    head = book[FIRST]["A1"]
    assert (head.value, head.font.name, head.font.size) == ("示例县联社文件", "方正小标宋", 26)


def test_named_cells_hold_the_figures_of_our_first_page(book: Any) -> None:
    sheet, cover = book[FIRST], book["首页"]
    figures = {head.value: value.value for head, value in zip(cover[4], cover[5], strict=True)}
    assert [sheet.cell(row, 2).value for row in (3, 4, 5, 6)] == [
        "2026年10月",
        "示联发〔2026〕1号",
        figures["参评人数"],
        figures["平均分"],
    ]
    assert sheet["C5"].value == 2 * figures["参评人数"], "a formula of the template has its result"


def test_a_table_is_filled_in_the_templates_style_and_what_is_below_moves(book: Any) -> None:
    sheet, ours = book[FIRST], book["考核得分"]
    people = [row for row in ours.iter_rows(min_row=5, values_only=True) if row[3]]
    head = [cell.value for cell in ours[4]]
    for offset, row in enumerate(people):
        got = [sheet.cell(9 + offset, column).value for column in (1, 2, 3, 4)]
        assert got == [row[head.index("名次")], row[head.index("姓名")], row[head.index("得分")], None]
        assert sheet.cell(9 + offset, 4).fill.fgColor.rgb == "00FFEEDD"
    end = 9 + len(people)
    assert sheet.cell(end, 1).value == "签发人："
    assert [str(merged) for merged in sheet.merged_cells.ranges] == [f"A{end}:D{end}"]
    assert sheet.print_area.endswith(f"$D${end}")


def test_no_formula_is_without_its_result_and_lists_are_as_they_were(done: Outcome, book: Any) -> None:
    path = done.folder / "考核得分.xlsx"
    for sheet in openpyxl.load_workbook(path):
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    assert book[sheet.title][cell.coordinate].value is not None, f"{sheet.title} {cell.coordinate}"
    assert book[FIRST]["C6"].value is None, "what cannot be reckoned is empty, and it is said"
    assert "output.template-formula" in {told["code"] for told in done.record["findings"]}
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if re.match(r"xl/worksheets/sheet\d+\.xml", name)]
        assert any("numberStoredAsText" in archive.read(name).decode() for name in names)
        assert any(name.startswith("xl/charts/") for name in archive.namelist())
    assert CalamineWorkbook.from_path(path).sheet_names == book.sheetnames


def test_equal_months_are_equal_bytes(place: Workspace, done: Outcome) -> None:
    before = {path.name: path.read_bytes() for path in done.folder.glob("*.xlsx")}
    shutil.rmtree(place.cache)
    again = run(place, Request(workspace=place), Options())
    hashes = {item["path"]: item["sha256"] for item in done.record["outputs"]}
    assert {item["path"]: item["sha256"] for item in again.record["outputs"]} == hashes
    assert set(before) == {path.name for path in again.folder.glob("*.xlsx")}


def test_nothing_asks_for_a_repair(done: Outcome) -> None:
    assert faults(done.folder / "考核得分.xlsx") == []
    if command := validator():
        assert told_by_microsoft(done.folder / "考核得分.xlsx", command, "Office2007") == []


def test_a_template_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    root = copied(tmp_path / "county")
    (root / "templates").mkdir()
    (root / "templates" / "考核得分.xlsx").write_bytes(b"no workbook")
    place = Workspace(root)
    done = run(place, Request(workspace=place), Options())
    assert "output.template-bad" in {told["code"] for told in done.record["findings"]}
    assert openpyxl.load_workbook(done.folder / "考核得分.xlsx").sheetnames[0] == "首页"
    for name, told in (("月报", True), ("客户分类", False), ("管户分配", False)):
        codes = {cell.value for cell in openpyxl.load_workbook(done.folder / f"{name}.xlsx")["口径"]["A"]}
        assert ("output.template-bad" in codes) == told, "the report waits for the template, the others never do"
