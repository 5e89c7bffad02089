"""Can every workbook be sent on? No merged cells, text stays text, ids without green corners, one printed page in front."""

from __future__ import annotations

import re
import shutil
import zipfile
from pathlib import Path

import openpyxl
import pytest
from conftest import COUNTY, write_xlsx
from months import ACCOUNTS, CUSTOMERS, LONG_AGO, MANAGERS, TRANSACTIONS, manager, post
from openable import faults
from python_calamine import CalamineWorkbook

from kehujingli.month import Request
from kehujingli.month.run import Options, run
from kehujingli.workspace import Workspace

EVIL = ["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "<b>&amp;</b>", "_x0041_", "a\x01b"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A month of customers whose names would be formulas, markup and escapes."""
    root = tmp_path_factory.mktemp("evil")
    shutil.copytree(COUNTY / "rules", root / "rules")
    people = [[f"C{n}", name, "个人", "801001", LONG_AGO, "M1"] for n, name in enumerate(EVIL) if "\x01" not in name]
    boss = manager("M1")
    boss[1] = "=HYPERLINK(1)"
    files = {
        "客户信息_20261031.xlsx": [CUSTOMERS, *people],
        "存款账户_20261031.xlsx": [
            ACCOUNTS,
            *([f"AC{n}", f"C{n}", "活期", 600_000, 0, LONG_AGO, None, None] for n in range(len(people))),
        ],
        "名册_20261031.xlsx": [MANAGERS, boss],
        "流水.xlsx": [
            TRANSACTIONS,
            *(post(LONG_AGO.replace(year=2026, month=10, day=31), f"C{n}", 1, 600_000) for n in range(len(people))),
        ],
    }
    for name, grid in files.items():
        write_xlsx(root / "exports" / name, grid)
    workspace = Workspace(root)
    return run(workspace, Request(workspace=workspace), Options(unmask=True)).folder


def _books(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.xlsx"))


def test_no_input_becomes_a_formula(folder: Path) -> None:
    for path in _books(folder):
        for sheet in openpyxl.load_workbook(path):
            for row in sheet.iter_rows():
                for cell in row:
                    if cell.data_type == "f":
                        assert sheet.title == "计分复核", f"{path.name} {sheet.title} {cell.coordinate}"
                        assert not any(evil in str(cell.value) for evil in EVIL)


def test_nothing_asks_for_a_repair(folder: Path) -> None:
    assert {path.name: told for path in _books(folder) if (told := faults(path))} == {}


def test_text_comes_back_as_it_was(folder: Path) -> None:
    rows = CalamineWorkbook.from_path(folder / "客户分类.xlsx").get_sheet_by_name("客户分类").to_python()
    seen = {cell for row in rows for cell in row}
    assert {name for name in EVIL if "\x01" not in name} <= seen


def test_lists_have_no_merged_cells_a_filter_and_a_frozen_header(folder: Path) -> None:
    for path, name in (
        ("客户分类", "客户分类"),
        ("管户分配", "管户分配"),
        ("考核得分", "考核得分"),
        ("考核得分", "计分明细"),
    ):
        sheet = openpyxl.load_workbook(folder / f"{path}.xlsx")[name]
        assert not sheet.merged_cells.ranges
        assert sheet.auto_filter.ref
        assert sheet.freeze_panes
        assert sheet.print_title_rows
        assert sheet.page_setup.fitToHeight == 0


def test_ids_have_no_green_corners(folder: Path) -> None:
    with zipfile.ZipFile(folder / "客户分类.xlsx") as archive:
        sheets = [
            archive.read(name).decode() for name in archive.namelist() if re.match(r"xl/worksheets/sheet\d+\.xml", name)
        ]
    assert any("numberStoredAsText" in sheet for sheet in sheets)


def test_every_workbook_begins_with_its_page_and_ends_with_its_definitions(folder: Path) -> None:
    for path in _books(folder):
        book = openpyxl.load_workbook(path)
        if "首页" in book.sheetnames:
            assert book.sheetnames[0] == "首页"
            assert book["首页"].sheet_properties.pageSetUpPr.fitToPage
            assert book["首页"].page_setup.fitToHeight in (None, 1), "one page high unless said otherwise"
        assert book.sheetnames[-1] == "口径"
        assert all(sheet.sheet_state == "visible" for sheet in book)


def test_the_grid_is_followed_by_how_each_cell_is_looked_after(folder: Path) -> None:
    sheet = openpyxl.load_workbook(folder / "客户分类.xlsx")["首页"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(max_col=9)]
    at = next(number for number, row in enumerate(rows) if row[0] == "四、户群策略")
    assert len({(row[0], row[1]) for row in rows[at + 2 : at + 11]}) == 9
    wanted = ["休眠户", "大型客户", "客户经理", "唤", "15 天", None, "上门", None, "存款回流、定期存款"]
    assert wanted in rows[at + 2 : at + 11]
