"""A line of a text table that has lost a cell, or got one too many, is refused; a byte that is no text costs its own line."""

from __future__ import annotations

from pathlib import Path

import pytest

from kehujingli.intake.read import SheetResult, read_file
from kehujingli.intake.sheets.finder import Finder
from kehujingli.intake.sheets.layout import load_layout


def read(path: Path, content: str | bytes) -> SheetResult:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    (sheet,) = read_file(path, path.name)
    return sheet


def faults(sheet: SheetResult) -> list[tuple[int, str]]:
    assert sheet.accepted is not None
    return [(reject.row, reject.code) for reject in sheet.accepted.rejects]


def test_a_comma_inside_an_amount_does_not_shift_the_row(tmp_path: Path) -> None:
    sheet = read(tmp_path / "a.csv", "账号,客户号,余额\nA1,C1,1,234.50\nA2,C1,200\n")
    assert sheet.accepted is not None
    assert sheet.accepted.totals["balance"][0] == 20000
    assert faults(sheet) == [(2, "intake.row-width")]
    (told,) = sheet.findings
    assert "第 2 行有 4 格，表头有 3 列" in told.message


def test_a_cell_that_is_missing_shifts_nothing_either(tmp_path: Path) -> None:
    sheet = read(tmp_path / "a.csv", "账号,客户号,余额,年日均\nA1,C1,50\nA2,C1,200,100\n")
    assert faults(sheet) == [(2, "intake.row-width")]


@pytest.mark.parametrize(
    "content",
    [
        "账号|客户号|余额|\nA1|C1|5|\nA2|C1|6|\n",
        "账号,客户号,余额,,\nA1,C1,5\nA2,C1,6\n",
        "账号,客户号,余额\nA1,C1,5,,\nA2,C1,6,,\n",
    ],
)
def test_delimiters_at_the_end_say_nothing(tmp_path: Path, content: str) -> None:
    sheet = read(tmp_path / "a.txt", content)
    assert faults(sheet) == []
    assert sheet.accepted is not None
    assert sheet.accepted.totals["balance"] == (1100, 0)


def test_totals_and_signatures_may_be_shorter(tmp_path: Path) -> None:
    sheet = read(tmp_path / "a.csv", "账号,客户号,余额,备注\nA1,C1,5,\n合计,,5\n制表人：张三\n")
    assert sheet.accepted is not None
    assert (sheet.accepted.rows, sheet.accepted.footers, faults(sheet)) == (1, 2, [])


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_one_bad_byte_costs_one_row(tmp_path: Path, encoding: str) -> None:
    lines = ["账号,客户号,产品,余额", "A1,C1,活期,5", "A2,C2,?,6", "A3,C3,定期,7"]
    content = "\n".join(lines).encode(encoding).replace(b"?", b"\xff")
    sheet = read(tmp_path / "a.csv", content)
    assert faults(sheet) == [(3, "intake.bytes-bad")]
    assert sheet.accepted is not None
    assert sheet.accepted.totals["balance"] == (1200, 600)


def test_half_a_character_before_a_bar_swallows_no_delimiter(tmp_path: Path) -> None:
    content = "账号|客户号|产品|余额\nA1|C1|?|100|\nA2|C2|定期|7|\n".encode("gb18030").replace(b"?", b"\xb0")
    assert faults(read(tmp_path / "a.txt", content)) == [(2, "intake.row-width")]


def test_a_file_of_another_encoding_is_refused_whole(tmp_path: Path) -> None:
    sheet = read(tmp_path / "a.csv", b"\n".join([b"a,b,c", *[b"\xff\xff,1,2"] * 50]))
    assert [told.code for told in sheet.findings] == ["intake.unreadable"]


LAYOUT = 'table = "accounts"\nfile = "下传*"\n[columns]\naccount_id = 1\ncustomer_id = 2\nbalance = 4\n'


@pytest.mark.parametrize(
    ("lines", "refused", "cents"),
    [
        (["A1|C1|活期|5|", "A2|C2|活期|6|", "A3|C3|定|期|7|", "A4|C4|8|"], [3, 4], 1100),
        (["A1|C1|活期|5", "A2|C2|活期|6|||", "A3|C3|活期|7"], [], 1800),
        (["A1|C1|活期|5|", "A2|C2|活期|6|", "A3|C3|活期|7|备注"], [], 1800),
    ],
)
def test_without_a_header_a_row_has_as_many_cells_as_most(
    tmp_path: Path, lines: list[str], refused: list[int], cents: int
) -> None:
    path = tmp_path / "下传.txt"
    path.write_text("\n".join(lines), encoding="utf-8")
    (tmp_path / "核心.toml").write_text(LAYOUT, encoding="utf-8")
    (sheet,) = read_file(path, path.name, Finder(path.name, layouts=(load_layout(tmp_path / "核心.toml"),)))
    assert faults(sheet) == [(line, "intake.row-width-bare") for line in refused]
    assert sheet.accepted is not None
    assert sheet.accepted.totals["balance"][0] == cents


def test_a_row_of_a_page_has_as_many_cells_as_its_header(tmp_path: Path) -> None:
    """Cells of a page are counted from the left: one that is left out moves all behind it. Spans count as what they cover."""
    rows = [
        ["账号", "客户号", "产品", "余额"],
        ["A1", "C1", "活期", "5"],
        ["A2", "C2", "6"],
        ["A3", "C3", "定", "期", "7"],
        ["A4", "C4", "活期", "8", ""],
    ]
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    body += "<tr><td>A5</td><td>C5</td><td rowspan=2>定期</td><td>9</td></tr><tr><td>A6</td><td>C6</td><td>10</td></tr>"
    body += "<tr><td colspan=3>合计</td><td>32</td></tr>"
    sheet = read(tmp_path / "a.xls", f"<html><table>{body}</table></html>")
    assert faults(sheet) == [(3, "intake.row-width"), (4, "intake.row-width")]
    assert sheet.accepted is not None
    assert sheet.accepted.totals["balance"][0] == 3200
    told = [found for found in sheet.findings if found.code == "intake.row-width"]
    assert "有 3 格，表头有 4 列" in told[0].message
