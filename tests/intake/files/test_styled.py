"""What a cell shows it says in every kind of workbook: a unit, a scale, per cent, zeros in front, another currency."""

from __future__ import annotations

import zipfile
from html import escape
from pathlib import Path
from typing import Any

import biff
import pytest

from kehujingli.intake.files import workbook
from kehujingli.intake.read import SheetResult, read_file

HEADER = ["账号", "客户号", "余额(万元)", "利率(%)"]


def write_ods(path: Path, rows: list[list[Any]]) -> None:
    """The formats as markup: what LibreOffice makes of these codes."""
    formats = {
        '0.00"万元"': ("number-style", '<number:number number:decimal-places="2"/><number:text>万元</number:text>'),
        "0\\.0,": (
            "number-style",
            '<number:number number:min-integer-digits="2" number:display-factor="1000">'
            '<number:embedded-text number:position="1">.</number:embedded-text></number:number>',
        ),
        "0.00%": ("percentage-style", '<number:number number:decimal-places="2"/><number:text>%</number:text>'),
        "00000000": ("number-style", '<number:number number:min-integer-digits="8"/>'),
        "[$USD] 0.00": (
            "currency-style",
            "<number:currency-symbol>USD</number:currency-symbol><number:number number:decimal-places='2'/>",
        ),
        '#!.0,"万"': (
            "number-style",
            '<number:number number:min-integer-digits="1" number:display-factor="1000">'
            '<number:embedded-text number:position="1">.</number:embedded-text></number:number>'
            "<number:text>万</number:text>",
        ),
        '[>=10000]#!.0,"万";0': (
            "number-style",
            '<number:number number:min-integer-digits="1"/>'
            '<style:map style:condition="value()&gt;=10000" style:apply-style-name="N5"/>',
        ),
    }
    styles, cells = "", ""
    for number, (kind, body) in enumerate(formats.values()):
        styles += f'<number:{kind} style:name="N{number}">{body}</number:{kind}>'
        styles += f'<style:style style:name="c{number}" style:family="table-cell" style:data-style-name="N{number}"/>'
    for row in rows:
        cells += "<table:table-row>"
        for cell in row:
            value, code = cell if isinstance(cell, tuple) else (cell, "")
            style = f' table:style-name="c{list(formats).index(code)}"' if code else ""
            if isinstance(value, str):
                cells += f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'
            else:
                cells += f'<table:table-cell{style} office:value-type="float" office:value="{value}"/>'
        cells += "</table:table-row>"
    names = "".join(
        f' xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{full}:1.0"'
        for short, full in [("office", "office"), ("table", "table"), ("text", "text"), ("style", "style")]
    )
    names += ' xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0"'
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<m/>")
        archive.writestr("styles.xml", f"<office:document-styles{names}/>")
        archive.writestr(
            "content.xml",
            f"<office:document-content{names}><office:automatic-styles>{styles}</office:automatic-styles><office:body>"
            f'<office:spreadsheet><table:table table:name="Sheet1">{cells}</table:table></office:spreadsheet>'
            "</office:body></office:document-content>",
        )


def spreadsheet_xml(rows: list[list[Any]]) -> str:
    """The markup that Excel called XML in 2003."""
    codes = list(dict.fromkeys(cell[1] for row in rows for cell in row if isinstance(cell, tuple)))
    styles = "".join(
        f'<Style ss:ID="s{number}"><NumberFormat ss:Format="{escape(code, quote=True)}"/></Style>'
        for number, code in enumerate(codes)
    )
    body = ""
    for row in rows:
        body += "<Row>"
        for cell in row:
            value, code = cell if isinstance(cell, tuple) else (cell, "")
            style = f' ss:StyleID="s{codes.index(code)}"' if code else ""
            kind = "String" if isinstance(value, str) else "Number"
            body += f'<Cell{style}><Data ss:Type="{kind}">{value}</Data></Cell>'
        body += "</Row>"
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    return (
        f'<?xml version="1.0"?><Workbook xmlns="{space}" xmlns:ss="{space}"><Styles>{styles}</Styles>'
        f'<Worksheet ss:Name="Sheet1"><Table>{body}</Table></Worksheet></Workbook>'
    )


def read(path: Path, rows: list[list[Any]]) -> SheetResult:
    match path.suffix:
        case ".xls":
            path.write_bytes(biff.workbook(rows))
        case ".xlsb":
            path.write_bytes(biff.binary(rows))
        case ".xml":
            path.write_text(spreadsheet_xml(rows), encoding="utf-8")
        case _:
            write_ods(path, rows)
    (sheet,) = read_file(path, path.name)
    return sheet


@pytest.fixture(params=["xls", "xlsb", "ods", "xml"])
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return tmp_path / f"账户.{request.param}"


def test_what_a_format_says_is_read(path: Path) -> None:
    """15,000 元 shown as 1.5 under 万元; 1.5 with 万元 in its format; 0.015 shown as 1.50% under %; 123 shown as 00000123."""
    rows = [
        HEADER,
        ["A1", (123, "00000000"), (15_000, "0\\.0,"), (0.015, "0.00%")],
        ["A2", (124, "00000000"), (1.5, '0.00"万元"'), (0.02, "0.00%")],
    ]
    sheet = read(path, rows)
    assert sheet.accepted is not None
    told = sheet.accepted.table.select(["customer_id", "balance", "rate"]).to_pydict()
    assert told == {
        "customer_id": ["00000123", "00000124"],
        "balance": [15_000_00, 15_000_00],
        "rate": [15_000, 20_000],
    }
    assert "intake.format-shown" in {found.code for found in sheet.findings}


def test_a_literal_point_is_no_decimal_point_and_a_number_has_the_section_that_it_falls_in(path: Path) -> None:
    """15,000 元 shown as 1.5万; under the condition 15,000 as 1.5万 and 500 as 500."""
    code = '[>=10000]#!.0,"万";0'
    cells = [(15_000, '#!.0,"万"'), (15_000, code), (500, code)]
    sheet = read(path, [["账号", "客户号", "余额"], *([f"A{row}", "C1", cell] for row, cell in enumerate(cells))])
    assert sheet.accepted is not None
    assert sheet.accepted.table["balance"].to_pylist() == [15_000_00, 15_000_00, 500_00]
    under = read(path, [["账号", "客户号", "余额(万元)"], *([f"A{row}", "C1", cell] for row, cell in enumerate(cells))])
    assert under.accepted is not None
    assert under.accepted.table["balance"].to_pylist() == [15_000_00, 15_000_00, 500_00]


def test_another_currency_in_a_format_refuses_the_row(path: Path) -> None:
    sheet = read(path, [["账号", "客户号", "余额"], ["A1", "C1", (5, "[$USD] 0.00")], ["A2", "C2", 6]])
    assert sheet.accepted is not None
    assert sheet.accepted.totals["balance"][0] == 6_00
    assert [reject.code for reject in sheet.accepted.rejects] == ["intake.currency"]


def test_a_number_without_a_format_is_what_it_is(path: Path) -> None:
    sheet = read(path, [["账号", "客户号", "余额(万元)"], ["A1", "C1", 1.5]])
    assert sheet.accepted is not None
    assert sheet.accepted.totals["balance"][0] == 15_000_00
    assert not [found for found in sheet.findings if found.code.startswith("intake.format")]


def test_the_other_reader_gives_the_same_of_every_kind_of_workbook(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [
        HEADER,
        ["A1", (123, "00000000"), (15_000, "0\\.0,"), (0.015, "0.00%")],
        ["A2", (124, "00000000"), (1.5, '0.00"万元"'), (0.02, "0.00%")],
    ]
    before = read(path, rows)
    monkeypatch.setattr(workbook, "read_sheet", _unread)
    (after,) = read_file(path, path.name)
    assert before.accepted is not None
    assert after.accepted is not None
    assert after.accepted.table.equals(before.accepted.table)
    assert after.findings == before.findings


def _unread(*_: Any) -> Any:
    raise ValueError("no such record")
