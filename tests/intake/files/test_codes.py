"""Amounts under number formats as Chinese Excel writes them: what a person reads in the cell is what is taken, in 元, or it is asked.

The values are what Excel shows of them: 1234560000 under ``0!.0,"万元"`` is 123456.0万元, which is 1,234,560,000 元.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from kehujingli.intake.files import workbook
from kehujingli.intake.files.codes import meaning
from kehujingli.intake.read import SheetResult, read_file

TEN_THOUSANDS = [
    '#!.0,"万元"',
    '#\\.0,"万"',
    "#!.0,万",
    '##!.0,"万元"',
    '0!.#,"万元"',
    '?!.?,"万元"',
    '#!.0000"万元"',
    '#\\.0000"万元"',
    '#,##0!.0000"万元"',
    '0"."0,"万元"',
    "[红色]0!.0,[$万元-804]",
    '"约"0!.0,"(万元)"',
    '[Red]#!.0,"万元";[蓝色]-#!.0,"万元";"-"',
    '[<0]-0!.0,"万";0!.0,"万"',
    '[>=100000000]0!.00,,"亿";[>=10000]0!.0,"万";0',
    '[<10000]0;0!.0,"万"',
    '0!.00,,"亿元"',
    '0.0,"千元"',
    '0.00,"K"',
    '0.00,,"M"',
    '0!.0,"W"',
    '0"万"0000"元"',
    "0万0000",
    '0"亿"0000"万"0000"元"',
    '#,##0.00"元"',
    '"人民币"General"元整"',
    "[DBNum2][$-804]General",
    "#!,####",
    '_ ¥* #,##0.00_ ;_ ¥* -#,##0.00_ ;_ ¥* "-"??_ ;_ @_ ',
    "0!.0,",
    "#,##0,",
]
"""What holds 元, however it is shown."""

BY_UNIT = {
    '0.00"万元"': 12_500_000_00,
    '0.00"万元";[Red]-0.00"万元"': 12_500_000_00,
    'General"万元"': 12_500_000_00,
    'G/通用格式"万元"': 12_500_000_00,
    '"余额"0"万元"': 12_500_000_00,
    "0.00[$万元-804]": 12_500_000_00,
    '0"亿"0000"万"': 12_500_000_00,
    '0"千元"': 1_250_000_00,
    '0"W"': 12_500_000_00,
    "0!元00!分": 12_50,
}
"""What 1250 is, in 分, where the format names a unit and divides by nothing."""

ASKED = [
    '0.00,,"亿"',
    '0.00,"万元"',
    '0!.00"元"',
    "0!.0",
    '0!.0!.0,"万元"',
    '0!.00.00"万元"',
    '0,!.0"万元"',
    '0"万",',
    '0"万"000"元"',
    '0"千万"',
    '0"000"',
    '0"万元"0"元"0',
    '[<0]0.00"万元";0.00',
]
"""What is shown is not a unit of what is held, or the format is not understood: nothing is guessed."""


def read(path: Path, header: str, cells: list[tuple[float, str]]) -> SheetResult:
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["账号", "客户号", header])
        for row, (value, code) in enumerate(cells, 1):
            page.write_row(row, 0, [f"A{row}", f"C{row}"])
            page.write_number(row, 2, value, book.add_format({"num_format": code}))
    (sheet,) = read_file(path, path.name)
    return sheet


def balances(sheet: SheetResult) -> dict[str, int]:
    assert sheet.accepted is not None
    told = sheet.accepted.table.select(["account_id", "balance"]).to_pydict()
    return dict(zip(told["account_id"], told["balance"], strict=True))


@pytest.fixture(params=["quick", "other"])
def reader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "other":
        monkeypatch.setattr(workbook, "read_sheet", _unread)
    return str(request.param)


def _unread(*_: Any) -> Any:
    raise ValueError("no such record")


@pytest.mark.usefixtures("reader")
@pytest.mark.parametrize("value", [1_234_560_000, 15_000, -15_000, 500, 0])
def test_what_holds_yuan_is_yuan_however_it_is_shown(tmp_path: Path, value: int) -> None:
    sheet = read(tmp_path / "a.xlsx", "余额", [(value, code) for code in TEN_THOUSANDS])
    amounts = balances(sheet)
    wrong = [code for row, code in enumerate(TEN_THOUSANDS, 1) if amounts.get(f"A{row}") != value * 100]
    assert wrong == []


@pytest.mark.usefixtures("reader")
def test_a_unit_in_a_format_that_divides_by_nothing_is_the_amount_s(tmp_path: Path) -> None:
    sheet = read(tmp_path / "a.xlsx", "余额", [(1250, code) for code in BY_UNIT])
    assert list(balances(sheet).values()) == list(BY_UNIT.values())
    assert "intake.format-shown" in {found.code for found in sheet.findings}


@pytest.mark.usefixtures("reader")
def test_what_is_not_understood_is_asked_and_nought_is_nought(tmp_path: Path) -> None:
    sheet = read(tmp_path / "a.xlsx", "余额", [(value, code) for code in ASKED for value in (1250, 0)])
    assert set(balances(sheet).values()) == {0}
    assert sheet.accepted is not None
    codes = [reject.code for reject in sheet.accepted.rejects]
    assert len(codes) == len(ASKED)
    assert set(codes) == {"intake.format-unclear", "intake.format-unknown"}


def test_a_section_without_the_unit_of_the_other_is_asked(tmp_path: Path) -> None:
    sheet = read(tmp_path / "a.xlsx", "余额", [(value, '0.00"万元";-0.00') for value in (1250, -1250)])
    assert balances(sheet) == {"A1": 12_500_000_00}


def test_the_rows_below_the_line_are_of_the_same_unit_as_those_above_it(tmp_path: Path) -> None:
    """Under 余额(万元) 15,000 shows as 1.5万 and 500 as 500: both hold 元."""
    sheet = read(tmp_path / "a.xlsx", "余额(万元)", [(15_000, '[>=10000]0!.0,"万";0'), (500, '[>=10000]0!.0,"万";0')])
    assert balances(sheet) == {"A1": 15_000_00, "A2": 500_00}


def test_a_unit_beside_the_row_is_the_unit_of_what_it_shows(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        page, style = book.add_worksheet(), book.add_format({"num_format": "0!.0,"})
        page.write_row(0, 0, ["账号", "客户号", "余额", "单位"])
        page.write_row(1, 0, ["A1", "C1", None, "万元"])
        page.write_row(2, 0, ["A2", "C2", None, "美元"])
        page.write_number(1, 2, 15_000, style)
        page.write_number(2, 2, 15_000, book.add_format({"num_format": '0!.0,"万元"'}))
    (sheet,) = read_file(path, path.name)
    assert balances(sheet) == {"A1": 15_000_00}
    assert sheet.accepted is not None
    assert [reject.code for reject in sheet.accepted.rejects] == ["intake.currency"]


@pytest.mark.parametrize(
    ("code", "shown"),
    [('0.0000"%"', "%"), ("0.00‰", "‰"), ("0.00!%", "%")],
)
def test_a_sign_that_does_not_multiply_is_the_rate_s(code: str, shown: str) -> None:
    says = meaning(code)
    assert says is not None
    assert (says.rate, says.percent, says.scale) == (shown, False, 1)


def test_a_rate_with_its_sign_in_the_format_is_not_guessed(tmp_path: Path) -> None:
    """0.015 shown as 0.0150% is 150 millionths; without the format it would be 1.5%."""
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["账号", "客户号", "余额", "利率"])
        page.write_row(1, 0, ["A1", "C1", 1])
        page.write_number(1, 3, 0.015, book.add_format({"num_format": '0.0000"%"'}))
    (sheet,) = read_file(path, path.name)
    assert sheet.accepted is not None
    assert sheet.accepted.table["rate"].to_pylist() == [150]


@pytest.mark.parametrize("code", ["yyyy-mm-dd", "mm:ss.0", "@", "# ?/?", "0.00E+00", ";;;", '0"户"', "0000-00"])
def test_what_names_no_unit_says_nothing(code: str) -> None:
    says = meaning(code)
    assert says is None or (says.of(Decimal(5)).unit, says.of(Decimal(5)).scale) == ("", 1)
