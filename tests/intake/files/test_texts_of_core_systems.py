"""Text exports as core systems write them: strange delimiters, an end mark, ruled lines, two encodings in one file."""

from __future__ import annotations

from pathlib import Path

import pytest

from kehujingli.intake.read import SheetResult, read_file

HEADER = ["账号", "客户号", "余额", "开户日期"]
ROWS = [["A1", "C1", "100.50", "2020-01-01"], ["A2", "C2", "200", ""]]


def read(path: Path, raw: bytes) -> SheetResult:
    path.write_bytes(raw)
    (sheet,) = read_file(path, path.name)
    return sheet


def balances(sheet: SheetResult) -> list[int]:
    assert sheet.accepted is not None
    found: list[int] = sheet.accepted.table["balance"].to_pylist()
    return found


def codes(sheet: SheetResult) -> list[str]:
    return [told.code for told in sheet.findings]


def lines(delimiter: str, end: str = "\r\n", last: str = "") -> str:
    return "".join(delimiter.join(row) + last + end for row in [HEADER, *ROWS])


@pytest.mark.parametrize("delimiter", ["|!", "^", "\x1b", "@|@", "~", "\x1f", "\x02", "$$", "|@|"])
def test_any_sign_between_known_columns_parts_them(tmp_path: Path, delimiter: str) -> None:
    sheet = read(tmp_path / "a.txt", lines(delimiter).encode("gb18030"))
    assert balances(sheet) == [10_050, 20_000]


def test_a_strange_delimiter_behind_the_last_cell_too(tmp_path: Path) -> None:
    assert balances(read(tmp_path / "a.del", lines("|!", last="|!").encode("gb18030"))) == [10_050, 20_000]


def test_the_end_mark_of_an_old_system_is_no_row(tmp_path: Path) -> None:
    sheet = read(tmp_path / "a.csv", lines(",").encode("gb18030") + b"\x1a")
    assert balances(sheet) == [10_050, 20_000]
    assert sheet.accepted is not None
    assert not len(sheet.accepted.rejects)


def test_ruled_lines_are_no_rows(tmp_path: Path) -> None:
    rule = "+------+------+\n"
    text = rule + "".join("|" + "|".join(row) + "|\n" + rule for row in [HEADER, *ROWS])
    sheet = read(tmp_path / "a.txt", text.encode())
    assert balances(sheet) == [10_050, 20_000]
    assert sheet.accepted is not None
    assert not len(sheet.accepted.rejects)


def test_lines_of_two_encodings_are_each_what_they_are(tmp_path: Path) -> None:
    header, first, second = (
        ",".join([*row, name]) for row, name in zip([HEADER, *ROWS], ["摘要", "甲", "乙"], strict=True)
    )
    sheet = read(tmp_path / "a.csv", f"{header}\n{first}\n".encode() + f"{second}\n".encode("gb18030"))
    assert balances(sheet) == [10_050, 20_000]
    assert "intake.encodings" in codes(sheet)


def test_columns_that_blanks_align_are_told_as_such(tmp_path: Path) -> None:
    text = "".join("  ".join(cell.ljust(12) for cell in row) + "\n" for row in [HEADER, *ROWS])
    sheet = read(tmp_path / "a.txt", text.encode("gb18030"))
    assert codes(sheet) == ["intake.aligned"]
    assert "账号、客户号、余额" in sheet.findings[0].message
