"""What a workbook says beside its values: formulas without a stored value, merged ranges, hidden rows, the 1904 system, headers of two rows."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import biff
import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from kehujingli.intake.collect import collect_exports
from kehujingli.intake.files.epoch import LATER, epoch
from kehujingli.intake.files.marks import Marks, Scanning, scan
from kehujingli.intake.files.opendocument import error_cells
from kehujingli.intake.ledger import Ledger
from kehujingli.intake.read import SheetResult, read_file
from kehujingli.periods import day_of

HEADER = ["交易日期", "客户号", "账号", "借贷标志", "交易金额"]
Rows = Sequence[Sequence[Any]]


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., SheetResult]:
    """A workbook as openpyxl writes it, changed by a function, and read."""

    def make(rows: Rows, change: Callable[[Any, Any], object] | None = None) -> SheetResult:
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        if change:
            change(book, book.active)
        book.save(tmp_path / "a.xlsx")
        return next(iter(read_file(tmp_path / "a.xlsx", "a.xlsx")))

    return make


def cells(result: SheetResult) -> list[tuple[str, str]]:
    assert result.accepted is not None
    return [(reject.cell, reject.code) for reject in result.accepted.rejects]


def column(result: SheetResult, key: str) -> list[Any]:
    assert result.accepted is not None
    return list(result.accepted.table[key].to_pylist())


def told(result: SheetResult) -> dict[str, int]:
    return {finding.code: finding.count for finding in result.findings}


def test_a_formula_without_a_stored_value_is_no_blank(read: Callable[..., SheetResult]) -> None:
    result = read(
        [
            HEADER,
            ["2026-10-01", "C1", "A1", "贷", "=1+1"],
            ["2026-10-02", "C1", "=B3", "贷", 5],
            ["2026-10-02", "C1", None, "贷", 6],
        ]
    )
    assert cells(result) == [("E2", "intake.formula-no-value"), ("C3", "intake.formula-no-value")]
    assert column(result, "amount") == [600]


def test_the_text_of_a_formula_keeps_its_zeros_although_its_cell_says_no_type(tmp_path: Path) -> None:
    """Some programs write the text 0100 of a formula like a number; no number is written with a zero before its digits."""
    rows = [["账号", "客户号", "余额"], ["0100", "0007", 5], ["0101", "0008", 6]]
    sheet = "".join(
        f'<row r="{number}">'
        + "".join(
            f'<c r="{letter}{number}" t="inlineStr"><is><t>{value}</t></is></c>'
            if number == 1 or letter == "B"
            else f'<c r="{letter}{number}"><f>1*1</f><v>{value}</v></c>'
            for letter, value in zip("ABC", row, strict=True)
        )
        + "</row>"
        for number, row in enumerate(rows, 1)
    )
    result = read_raw(tmp_path / "a.xlsx", sheet)
    assert column(result, "account_id") == ["0100", "0101"]
    assert column(result, "balance") == [500, 600]


def test_cells_that_do_not_say_where_they_stand_are_counted(tmp_path: Path) -> None:
    """The empty cell between the two is one, a formula without a value is told at its place, and a format counts."""
    head = "".join(f'<c t="inlineStr"><is><t>{name}</t></is></c>' for name in ["账号", "备注", "客户号", "余额"])
    cell = '<c t="inlineStr"><is><t>{}</t></is></c>'
    sheet = f"<row>{head}</row>"
    sheet += f'<row r="3">{cell.format("A1")}<c/><c s="1"><v>123</v></c><c><v>5</v></c></row>'
    sheet += f'<row>{cell.format("A2")}<c/><c s="1"><v>124</v></c><c><f>1+1</f></c></row>'
    result = read_raw(tmp_path / "a.xlsx", sheet, form="00000000")
    assert column(result, "customer_id") == ["00000123"]
    assert column(result, "row") == [3]
    assert cells(result) == [("D4", "intake.formula-no-value")]


def read_raw(path: Path, sheet: str, form: str = "0") -> SheetResult:
    """A workbook of which the markup of the rows is given; style 1 has the format."""
    openpyxl.Workbook().save(path)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    parts["xl/worksheets/sheet1.xml"] = f"<worksheet {space}><sheetData>{sheet}</sheetData></worksheet>".encode()
    parts["xl/styles.xml"] = (
        f'<styleSheet {space}><numFmts count="1"><numFmt numFmtId="164" formatCode="{form}"/></numFmts><cellXfs count="2">'
        '<xf numFmtId="0"/><xf numFmtId="164"/></cellXfs></styleSheet>'
    ).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return next(iter(read_file(path, path.name)))


def test_an_error_of_a_formula_is_no_text(read: Callable[..., SheetResult]) -> None:
    def err(_: Any, sheet: Any) -> None:
        sheet["E2"].value = "#N/A"
        sheet["E2"].data_type = "e"

    result = read([HEADER, ["2026-10-01", "C1", "A1", "贷", 1], ["2026-10-02", "C1", "A1", "贷", 2]], err)
    assert cells(result) == [("E2", "intake.cell-error")]
    assert "#N/A" in result.findings[0].message


def test_merged_cells_say_what_the_range_says_and_amounts_count_once(read: Callable[..., SheetResult]) -> None:
    rows = [
        HEADER,
        ["2026-10-01", "C1", "A1", "贷", 1],
        [None, "C2", "A2", "贷", 2],
        ["2026-10-02", "C1", "A1", "贷", 5],
        ["2026-10-02", "C1", "A1", "贷", None],
    ]
    result = read(rows, lambda _, sheet: (sheet.merge_cells("A2:A3"), sheet.merge_cells("E4:E5")))
    assert column(result, "date") == [day_of(dt.date(2026, 10, 1))] * 2 + [day_of(dt.date(2026, 10, 2))]
    assert column(result, "amount") == [100, 200, 500]
    assert {"intake.merged": 1, "intake.merged-amount": 1}.items() <= told(result).items()


@pytest.mark.parametrize("bare", [(), ("A2",), ("A2", "A3")])
def test_days_counted_from_1904(read: Callable[..., SheetResult], bare: tuple[str, ...]) -> None:
    def change(book: Any, sheet: Any) -> None:
        book.epoch = CALENDAR_MAC_1904
        for name in bare:
            sheet[name].number_format = "General"

    days = [dt.date(2026, 10, 1), dt.date(2026, 10, 2)]
    result = read([HEADER, *([day, "C1", "A1", "贷", 1] for day in days)], change)
    assert column(result, "date") == [day_of(day) for day in days]


def test_hidden_sheets_and_rows_are_read_and_said(read: Callable[..., SheetResult]) -> None:
    def change(_: Any, sheet: Any) -> None:
        sheet.row_dimensions[3].hidden = True

    result = read([HEADER, *(["2026-10-01", "C1", "A1", "贷", n] for n in (1, 2))], change)
    assert column(result, "amount") == [100, 200]
    assert told(result)["intake.hidden-rows"] == 1


@pytest.mark.parametrize(
    ("upper", "lower", "found"),
    [
        (
            ["客户号", "账号", "余额", "日均", None],
            [None, None, None, "本月", "本年"],
            {"average_month": 100, "average_year": 200},
        ),
        (
            ["客户号", "客户名称", "存款", None, None],
            [None, None, "账号", "余额", "年日均"],
            {"balance": 100, "average_year": 200},
        ),
    ],
)
def test_a_header_of_two_rows(
    read: Callable[..., SheetResult], upper: list[Any], lower: list[Any], found: dict[str, int]
) -> None:
    result = read([["存款情况"], upper, lower, ["C1", "A1", "A1" if upper[2] == "存款" else 5, 1, 2]])
    assert (result.table, result.header_row) == ("accounts", 3)
    assert {key: column(result, key)[0] for key in found} == found


def test_an_item_over_its_actual_and_target_is_the_item(read: Callable[..., SheetResult]) -> None:
    result = read(
        [
            ["工号", "考核期间", "存款年日均净增", None, "审批人"],
            [None, None, "实绩", "任务", None],
            ["M1", "2026-10", 11, 12, "王"],
        ]
    )
    assert column(result, "存款年日均净增") == ["11"]
    assert cells(result) == []


def test_a_first_row_of_words_is_no_second_header(read: Callable[..., SheetResult]) -> None:
    result = read([["客户号", "客户名称", None], ["甲", "张三", "备注"], ["乙", None, None]])
    assert column(result, "customer_id") == ["甲", "乙"]


def test_marks_are_found_wherever_the_stream_is_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book = openpyxl.Workbook()
    for number in range(2, 202):
        book.active.append([f"=B{number}", number, "字" * (number % 7)])
        book.active.row_dimensions[number].hidden = number % 10 == 0
    book.active.merge_cells("D1:D3")
    book.save(tmp_path / "a.xlsx")
    whole = scan(tmp_path / "a.xlsx", "xl/worksheets/sheet1.xml")
    assert (len(whole.hollow), len(whole.hidden), whole.merged) == (200, 20, [(0, 3, 2, 3)])
    for size in (97, 1000, 4096):
        monkeypatch.setattr("kehujingli.intake.files.marks._CHUNK", size)
        assert scan(tmp_path / "a.xlsx", "xl/worksheets/sheet1.xml") == whole


def _spoilt(path: Path, member: str) -> Path:
    """A packed part whose first bytes are no deflate stream: zlib complains, not zipfile."""
    text = "".join(f'<row r="{row}"><c r="A{row}"><v>{row * 7919}</v></c></row>' for row in range(1, 3000))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(member, text)
        start = archive.getinfo(member).header_offset + 30 + len(member)
    raw = bytearray(path.read_bytes())
    raw[start : start + 8] = b"\xff" * 8
    path.write_bytes(raw)
    return path


def test_a_spoilt_part_has_no_marks_and_leaves_the_complaint_to_the_reader(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    complaints: list[object] = []
    monkeypatch.setattr("threading.excepthook", complaints.append)
    scanning = Scanning(_spoilt(tmp_path / "a.xlsx", "xl/worksheets/sheet1.xml"), "xl/worksheets/sheet1.xml")
    scanning.start()
    assert (scanning.found(), complaints) == (Marks(), [])
    spoilt = _spoilt(tmp_path / "a.ods", "content.xml")
    assert (error_cells(spoilt), epoch(spoilt, "ods")) == ({}, 0)


DAYS = [day_of(dt.date(2026, 10, 1)), day_of(dt.date(2026, 10, 2))]


@pytest.mark.parametrize("from_1904", [False, True])
@pytest.mark.parametrize("bare", [0, 1, 2])
def test_days_of_an_old_workbook_are_counted_as_it_says(tmp_path: Path, from_1904: bool, bare: int) -> None:
    """Formatted as dates or bare numbers: 44834 is 2026-10-01 where days are counted from 1904."""
    first = 44834 if from_1904 else 46296
    serials = [first, first + 1]
    dates = [serial if place < bare else (serial, "date") for place, serial in enumerate(serials)]
    path = tmp_path / "a.xls"
    path.write_bytes(
        biff.workbook([HEADER, *([day, "C1", "A1", "贷", 1.0] for day in dates)], days_from_1904=from_1904)
    )
    (result,) = read_file(path, "a.xls")
    assert column(result, "date") == DAYS
    assert cells(result) == []


@pytest.mark.parametrize("bare", [False, True])
def test_days_of_an_open_document_counted_from_1904(tmp_path: Path, bare: bool) -> None:
    def cell(value: object) -> str:
        if isinstance(value, dt.date):
            return f'<table:table-cell office:value-type="date" office:date-value="{value}"/>'
        if isinstance(value, int):
            return f'<table:table-cell office:value-type="float" office:value="{value}"/>'
        return f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'

    days = [44834 if bare else dt.date(2026, 10, 1), dt.date(2026, 10, 2)]
    rows = "".join(
        f"<table:table-row>{''.join(map(cell, row))}</table:table-row>"
        for row in [HEADER, *([day, "C1", "A1", "贷", 1] for day in days)]
    )
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    body = f'<table:calculation-settings><table:null-date table:date-value="1904-01-01"/></table:calculation-settings><table:table table:name="流水">{rows}</table:table>'
    with zipfile.ZipFile(tmp_path / "a.ods", "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
        archive.writestr(
            "content.xml",
            f"<office:document-content {spaces}><office:body><office:spreadsheet>{body}</office:spreadsheet></office:body></office:document-content>",
        )
    (result,) = read_file(tmp_path / "a.ods", "a.ods")
    assert column(result, "date") == DAYS


def test_what_is_damaged_counts_from_1900_and_its_reader_tells(tmp_path: Path) -> None:
    whole = biff.workbook([HEADER, [44834.0, "C1", "A1", "贷", 1.0]], days_from_1904=True)
    for cut in (0, 100, 600, 1100):
        (tmp_path / "a.xls").write_bytes(whole[:cut])
        assert epoch(tmp_path / "a.xls", "xls") == 0
    (tmp_path / "a.xls").write_bytes(whole)
    assert epoch(tmp_path / "a.xls", "xls") == LATER
    for kind in ("xlsb", "ods"):
        assert epoch(tmp_path / "a.xls", kind) == 0


def test_a_workbook_with_macros_is_read_and_they_are_not(tmp_path: Path) -> None:
    """What an .xlsm has more than an .xlsx: its own content type, and a part of code that nobody opens."""
    book = openpyxl.Workbook()
    for row in [HEADER, ["2026-10-01", "C1", "A1", "贷", 1]]:
        book.active.append(row)
    book.save(tmp_path / "plain.xlsx")
    with zipfile.ZipFile(tmp_path / "plain.xlsx") as plain, zipfile.ZipFile(tmp_path / "流水.xlsm", "w") as macros:
        for name in plain.namelist():
            part = plain.read(name).replace(
                b"openxmlformats-officedocument.spreadsheetml.sheet.main+xml", b"ms-excel.sheet.macroEnabled.main+xml"
            )
            macros.writestr(name, part)
        macros.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504)
    exports, _, strange = collect_exports([tmp_path / "流水.xlsm"])
    assert strange == []
    (sheet,) = Ledger(tmp_path / "ledger").read(exports)
    assert (sheet.table, sheet.accepted, sheet.totals) == ("transactions", 1, {"amount": (100, 0)})
    assert [told.code for told in sheet.findings] == []
