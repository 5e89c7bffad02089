"""What a saved page shows rounded or divided is not what it holds: the number in its tag counts."""

from __future__ import annotations

from pathlib import Path

import pytest

from kehujingli.intake.files.stored import held
from kehujingli.intake.read import SheetResult, read_file


def page(path: Path, header: str, cells: list[tuple[str, str]]) -> SheetResult:
    rows = "".join(
        f"<tr><td>A{number}</td><td>C{number}</td><td {tag}>{text}</td></tr>"
        for number, (tag, text) in enumerate(cells, 1)
    )
    head = f"<tr><td>账号</td><td>客户号</td><td>{header}</td></tr>"
    path.write_text(f"<html><meta charset='utf-8'><table>{head}{rows}</table></html>", encoding="utf-8")
    (sheet,) = read_file(path, path.name)
    return sheet


def balances(sheet: SheetResult) -> list[int]:
    assert sheet.accepted is not None
    found: list[int] = sheet.accepted.table["balance"].to_pylist()
    return found


@pytest.mark.parametrize("tag", ['x:num="1234567.89"', 'sdval="1234567.89" sdnum="2052;0;#,##0"'])
def test_an_amount_shown_without_its_cents_keeps_them(tmp_path: Path, tag: str) -> None:
    assert balances(page(tmp_path / "a.xls", "余额", [(tag, "1,234,568")])) == [123_456_789]


def test_an_amount_shown_in_ten_thousands_is_what_is_held(tmp_path: Path) -> None:
    cells = [('x:num="12345.67"', "1.2万"), ('x:num="400"', "0.0万")]
    assert balances(page(tmp_path / "a.xls", "余额", cells)) == [1_234_567, 40_000]


def test_a_number_shown_divided_under_ten_thousands_is_yuan(tmp_path: Path) -> None:
    sheet = page(tmp_path / "a.xls", "余额(万元)", [('x:num="1234567"', "123.5"), ('x:num="50000"', "5.0")])
    assert balances(sheet) == [123_456_700, 5_000_000]


def test_an_identifier_with_noughts_and_a_day_stay_what_is_shown() -> None:
    assert held("000123", "123") == ("000123", None)
    assert held("2026-10-31", "46326") == ("2026-10-31", None)
    assert held("5%", "0.0475") == ("4.7500%", None)
    assert held("12.5", "x") == ("12.5", None)
