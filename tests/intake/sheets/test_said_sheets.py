"""The lines that a question names settle it: written as they stand, the asked sheet is read, and no other sheet of its name."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from kehujingli import terms
from kehujingli.errors.findings import Finding, at
from kehujingli.intake.read import SheetResult, read_file
from kehujingli.intake.sheets.finder import Finder
from kehujingli.intake.sheets.layout import Layout, load_folder

HEADER = ["客户号", "客户名称", "黑名单类型", "黑名单日期"]


def book(path: Path, sheet: str = "Sheet1", rows: int = 2) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(path) as made:
        page = made.add_worksheet(sheet)
        page.write_row(0, 0, HEADER)
        for row in range(1, rows + 1):
            page.write_row(row, 0, [f"C{row}", "张三", "失信", "2026-01-01"])
    return path


def archive(path: Path, *members: str) -> Path:
    inside = book(path.parent / "inside.xlsx")
    with zipfile.ZipFile(path, "w") as made:
        for member in members:
            made.write(inside, member)
    inside.unlink()
    return path


def sheets(path: Path, name: str, layouts: tuple[Layout, ...] = ()) -> dict[str, SheetResult]:
    return {result.sheet: result for result in read_file(path, name, Finder(name, layouts=layouts))}


def asked(result: SheetResult) -> Finding:
    (told,) = result.findings
    assert told.code == "intake.table-doubtful"
    return told


def written(folder: Path, told: Finding) -> tuple[Layout, ...]:
    """The layout that the cure says to write."""
    folder.mkdir()
    lines = re.findall(r'\w+ = "(?:[^"\\]|\\.)*"', told.cure)
    (folder / "是.toml").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return tuple(load_folder(folder))


@pytest.mark.parametrize("name", ["名单.xlsx", "名单[1].xlsx", "名单 (2).xlsx", "东关/名单.xlsx"])
def test_the_asked_file_s_sheet_is_read_and_another_file_s_is_not(tmp_path: Path, name: str) -> None:
    path = book(tmp_path / name)
    layouts = written(tmp_path / "layouts", asked(sheets(path, name)["Sheet1"]))
    assert sheets(path, name, layouts)["Sheet1"].table == "customers"
    for other in ("别的.xlsx", "名单1.xlsx", "名单[2].xlsx", "西关/名单.xlsx"):
        if other.rpartition("/")[2] != name:
            asked(sheets(path, other, layouts)["Sheet1"])


@pytest.mark.parametrize("sheet", ["Sheet1 (2)", '说"是"的', "a,b", "甲，乙"])
def test_names_of_sheets_are_written_as_they_are(tmp_path: Path, sheet: str) -> None:
    path = book(tmp_path / "名单.xlsx", sheet)
    layouts = written(tmp_path / "layouts", asked(sheets(path, "名单.xlsx")[sheet]))
    assert sheets(path, "名单.xlsx", layouts)[sheet].table == "customers"
    other = book(tmp_path / "另.xlsx", "Sheet1")
    asked(sheets(other, "名单.xlsx", layouts)["Sheet1"])


def test_brackets_in_the_name_of_a_sheet_are_brackets() -> None:
    layout = Layout("", load_table(), (), "名单.xlsx", "余额[元]")
    assert layout.fits("名单.xlsx", "余额[元]")
    assert not layout.fits("名单.xlsx", "余额元")
    assert Layout("", load_table(), (), "名单*.xlsx").fits("十月/名单2.xlsx", "")


def load_table() -> terms.Table:
    return terms.BY_KEY["customers"]


def test_a_member_of_an_archive_is_named_with_its_archive(tmp_path: Path) -> None:
    path = archive(tmp_path / "十月.zip", "东关/名单.xlsx", "西关/名单.xlsx", "总.xlsx")
    found = sheets(path, "十月.zip")
    assert len(found) == 3
    layouts = written(tmp_path / "layouts", asked(found["东关/名单.xlsx·Sheet1"]))
    again = sheets(path, "十月.zip", layouts)
    assert {sheet: result.table for sheet, result in again.items() if result.table} == {
        "东关/名单.xlsx·Sheet1": "customers"
    }
    for result in sheets(path, "十一月.zip", layouts).values():
        asked(result)


def test_a_text_file_has_no_sheet_to_name(tmp_path: Path) -> None:
    path = tmp_path / "名单.csv"
    path.write_text(",".join(HEADER) + "\nC1,张三,失信,2026-01-01\n", encoding="utf-8")
    told = asked(sheets(path, "名单.csv")[""])
    assert "sheet" not in told.cure
    assert sheets(path, "名单.csv", written(tmp_path / "layouts", told))[""].table == "customers"


def test_a_copy_under_another_name_is_told_its_own_line(tmp_path: Path) -> None:
    """What was kept of a file is told again of its copy."""
    told = at(asked(sheets(book(tmp_path / "名单.xlsx"), "名单.xlsx")["Sheet1"]), "十月/新名单.xlsx")
    assert 'file = "十月/新名单.xlsx"' in told.cure
    assert "《十月/新名单.xlsx》" in told.message
