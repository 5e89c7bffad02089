"""Units, currencies and meanings that a sheet says elsewhere than in its headers: honoured and told, refused, or asked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from kehujingli.intake.files.codes import Meaning, meaning
from kehujingli.intake.read import SheetResult, read_file

ACCOUNTS = ["账号", "客户号", "余额"]


def read(path: Path) -> SheetResult:
    (sheet,) = read_file(path, path.name)
    return sheet


def made(path: Path, rows: list[list[Any]], *, sheet: str = "Sheet1", form: str = "", column: int = 2) -> SheetResult:
    """A workbook whose numbers in one column bear a number format."""
    with xlsxwriter.Workbook(path) as book:
        page, style = book.add_worksheet(sheet), book.add_format({"num_format": form} if form else {})
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                if form and place == column and isinstance(cell, int | float):
                    page.write_number(number, place, cell, style)
                elif cell is not None:
                    page.write(number, place, cell)
    return read(path)


def cells(sheet: SheetResult, key: str) -> list[Any]:
    assert sheet.accepted is not None
    found: list[Any] = sheet.accepted.table[key].to_pylist()
    return found


def codes(sheet: SheetResult) -> set[str]:
    return {told.code for told in sheet.findings}


@pytest.mark.parametrize(
    ("code", "wanted"),
    [
        ("0!.0,", Meaning(scale=10_000)),
        ("0\\.0,", Meaning(scale=10_000)),
        ('0"."0000,', Meaning(scale=10_000_000)),
        ("#,##0,", Meaning(scale=1_000)),
        ("#,##0.00,,", Meaning(scale=1_000_000)),
        ('0.00"万元"', Meaning(unit="万元")),
        ('0!.0,"万"', Meaning(scale=10_000, unit="万元")),
        ("[$USD] #,##0.00", Meaning(foreign="USD")),
        ("[$$-409]#,##0.00", Meaning(foreign="$")),
        ("0.00%", Meaning(percent=True)),
        ("00000000", Meaning(pad=8)),
        ('"KH"00000', Meaning(pad=5, front="KH")),
        ('"约"0', None),
        ("#,##0.00", None),
        ("General", None),
        ("[$-804]yyyy年m月d日", None),
        ("[$¥-804]#,##0.00", None),
        ("#,##0.00;[Red]-#,##0.00", None),
        ("0.00E+00", None),
    ],
)
def test_what_a_number_format_says(code: str, wanted: Meaning | None) -> None:
    assert meaning(code) == wanted


def test_yuan_shown_in_ten_thousands_under_ten_thousands_are_yuan(tmp_path: Path) -> None:
    rows = [["账号", "客户号", "余额(万元)"], ["A1", "C1", 1234567], ["A2", "C2", 345678]]
    sheet = made(tmp_path / "a.xlsx", rows, form="0!.0,")
    assert cells(sheet, "balance") == [123456700, 34567800]
    assert codes(sheet) == {"intake.format-shown"}


def test_a_scale_that_contradicts_the_header_is_asked(tmp_path: Path) -> None:
    sheet = made(tmp_path / "a.xlsx", [["账号", "客户号", "余额(万元)"], ["A1", "C1", 1234567]], form="#,##0,")
    assert codes(sheet) == {"intake.format-unclear", "intake.empty"} or codes(sheet) == {"intake.format-unclear"}
    assert "1234.567" in sheet.findings[0].message


def test_a_unit_in_the_format_is_the_amount_s(tmp_path: Path) -> None:
    assert cells(made(tmp_path / "a.xlsx", [ACCOUNTS, ["A1", "C1", 1.5]], form='0.00"万元"'), "balance") == [1500000]


def test_a_currency_in_the_format_refuses_the_row(tmp_path: Path) -> None:
    sheet = made(tmp_path / "a.xlsx", [ACCOUNTS, ["A1", "C1", 1.5]], form="[$USD] #,##0.00")
    assert "intake.currency" in codes(sheet)


def test_zeros_in_front_belong_to_the_number(tmp_path: Path) -> None:
    rows = [["客户号", "客户名称"], [123, "甲"], [4567, "乙"], ["00000089", "丙"]]
    sheet = made(tmp_path / "a.xlsx", rows, form="00000000", column=0)
    assert cells(sheet, "customer_id") == ["00000123", "00004567", "00000089"]


def test_per_cent_cells_under_a_per_cent_header_are_per_cent_once(tmp_path: Path) -> None:
    rows = [[*ACCOUNTS, "利率(%)"], ["A1", "C1", 1, 0.015], ["A2", "C2", 1, 0.02]]
    assert cells(made(tmp_path / "a.xlsx", rows, form="0.00%", column=3), "rate") == [15000, 20000]


@pytest.mark.parametrize(
    ("header", "values", "rates"),
    [
        ("利率", [0.2, 1.5, 2.75], [2000, 15000, 27500]),
        ("利率", [0.002, 0.015, 0.0275], [2000, 15000, 27500]),
        ("利率", [0.06], [None]),
        ("利率", [27.5], [None]),
        ("利率(%)", [0.015, 0.02], [None, None]),
        ("利率(%)", [0.05, 0.2], [500, 2000]),
        ("利率(%)", [275], [None]),
        ("利率", [0], [0]),
    ],
)
def test_deposit_rates_are_told_by_what_can_be(
    tmp_path: Path, header: str, values: list[float], rates: list[Any]
) -> None:
    rows = [[*ACCOUNTS, header], *([f"A{place}", "C1", 1, value] for place, value in enumerate(values))]
    sheet = made(tmp_path / "a.xlsx", rows)
    assert cells(sheet, "rate") == rates
    told = [found.message for found in sheet.findings if found.code in ("intake.rate-unclear", "intake.rate-odd")]
    assert ["0.05% 至 8% 之间" in message for message in told] == [True] * (None in rates)


@pytest.mark.parametrize(
    ("header", "values", "rates"),
    [
        ("利率", [4.35, 0.5], [43500, 5000]),
        ("利率", [0.0435], [43500]),
        ("利率", [0.5], [None]),
        ("月利率", [4.35, 5.1], [52200, 61200]),
        ("月利率", [0.4], [48000]),
        ("月利率", [0.00435], [52200]),
    ],
)
def test_loan_rates_likewise_and_by_the_month(
    tmp_path: Path, header: str, values: list[float], rates: list[Any]
) -> None:
    rows = [
        ["借据编号", "客户号", "贷款余额", header],
        *([f"L{place}", "C1", 1, value] for place, value in enumerate(values)),
    ]
    sheet = made(tmp_path / "a.xlsx", rows)
    assert cells(sheet, "rate") == rates
    assert ("intake.rate-permille" in codes(sheet)) == (values == [4.35, 5.1])


@pytest.mark.parametrize(
    "title", [["单位：美元"], ["金额单位：万美元"], ["币种：美元"], ["币种", "美元"], ["存款明细(港币)"], ["USD"]]
)
def test_another_currency_in_a_title_refuses_the_rows(tmp_path: Path, title: list[str]) -> None:
    sheet = made(tmp_path / "a.xlsx", [title, ACCOUNTS, ["A1", "C1", 1.5]])
    assert cells(sheet, "balance") == []
    assert "intake.currency-sheet" in codes(sheet)


def test_another_currency_in_the_sheet_s_name_too_but_not_where_it_is_converted(tmp_path: Path) -> None:
    assert "intake.currency-sheet" in codes(made(tmp_path / "a.xlsx", [ACCOUNTS, ["A1", "C1", 1.5]], sheet="美元"))
    converted = made(tmp_path / "b.xlsx", [ACCOUNTS, ["A1", "C1", 1.5]], sheet="美元折人民币")
    assert cells(converted, "balance") == [150]


@pytest.mark.parametrize(
    "line", ["注：以上金额单位为万元", "备注：本表金额以万元计", "单位：万元", "说明：金额均为万元", "以万元为单位"]
)
def test_a_unit_below_the_table_is_its_unit(tmp_path: Path, line: str) -> None:
    sheet = made(tmp_path / "a.xlsx", [ACCOUNTS, ["A1", "C1", 1.5], [line]])
    assert cells(sheet, "balance") == [1500000]
    assert "intake.unit-above" in codes(sheet)


def test_a_unit_row_by_row(tmp_path: Path) -> None:
    rows = [[*ACCOUNTS, "单位"], ["A1", "C1", 1.23456, "万元"], ["A2", "C2", 200, "元"], ["A3", "C3", 5, "美元"]]
    sheet = made(tmp_path / "a.xlsx", rows)
    assert cells(sheet, "balance") == [1234560, 20000]
    assert {"intake.unit-rows", "intake.currency"} <= codes(sheet)
    business = made(tmp_path / "b.xlsx", [[*ACCOUNTS, "单位"], ["A1", "C1", 5, "东关农资公司"]])
    assert cells(business, "balance") == [500]


@pytest.mark.parametrize("amount", ["1 2 3", "1\n2", "②", "100 00", "5²"])
def test_two_numbers_in_a_cell_are_no_amount(tmp_path: Path, amount: str) -> None:
    assert "intake.amount-bad" in codes(
        made(tmp_path / "a.xlsx", [ACCOUNTS, ["A1", "C1", amount], ["A2", "C1", "12 345.6"]])
    )


@pytest.mark.parametrize(
    "word",
    [
        "【合计】",
        "机构合计(101)",
        "总数",
        "Sum",
        "Grand Total",
        "合 　计",
        "合计数",
        "[小计]",
        "合计：",
        "东关社小计（3户）",
    ],
)
def test_totals_in_the_account_s_column_are_left_out(tmp_path: Path, word: str) -> None:
    rows = [["客户号", "账号", "余额"], ["C1", "A1", 100], ["C1", "A2", 200]]
    for first in (word, "C1", None):
        sheet = made(tmp_path / "a.xlsx", [*rows, [first, word, 300]])
        assert sheet.accepted is not None
        assert (sheet.accepted.rows, sheet.accepted.footers) == (2, 1), first


def test_an_error_that_became_a_text_is_an_error_still(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("账号,客户号,余额\n#N/A,C1,4\nA1,C1,1\n", encoding="utf-8")
    assert codes(read(path)) == {"intake.cell-error"}


@pytest.mark.parametrize("word", ["\\N", "NULL", "(空白)", "null"])
def test_words_that_stand_for_nothing_are_nothing(tmp_path: Path, word: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        f"客户号,客户名称,管户经理,开户日期\nC1,甲,{word},{word}\n{word},乙,M1,2020-01-01\n", encoding="utf-8"
    )
    sheet = read(path)
    assert cells(sheet, "manager_id") == [None]
    assert cells(sheet, "opened_on") == [None]
    assert codes(sheet) == {"intake.id-missing"}


def test_marks_that_cannot_be_seen_are_no_part_of_a_header_or_a_number(tmp_path: Path) -> None:
    rows = [["\u202a账号\u202c", "\u202b客户号\u202c", "余\xa0额"], ["\u200eA1\u200f", "C1\u2060", "\u202a200\u202c"]]
    sheet = made(tmp_path / "a.xlsx", rows)
    assert (cells(sheet, "account_id"), cells(sheet, "customer_id"), cells(sheet, "balance")) == (
        ["A1"],
        ["C1"],
        [20000],
    )


def test_true_time_cells_are_times(tmp_path: Path) -> None:
    rows = [["客户号", "交易日期", "交易金额", "交易时间"], ["C1", "2026-10-05", -1, 34201 / 86400]]
    assert cells(made(tmp_path / "a.xlsx", rows, form="h:mm:ss", column=3), "time") == ["09:30:01"]


@pytest.mark.parametrize(
    ("header", "shares", "wanted"),
    [("业绩分配比例(%)", [60, 40], ["0.6", "0.4"]), ("业绩分配比例", ["60%", 0.4], ["0.6", "0.4"])],
)
def test_a_share_under_per_cent_is_per_cent(tmp_path: Path, header: str, shares: list[Any], wanted: list[str]) -> None:
    rows = [
        ["客户号", "条线", "工号", header],
        *(["C1", "存款", f"M{place}", share] for place, share in enumerate(shares)),
    ]
    assert cells(made(tmp_path / "a.xlsx", rows), "share") == wanted


def test_two_names_of_one_amount_that_differ_are_asked(tmp_path: Path) -> None:
    sheet = made(tmp_path / "a.xlsx", [[*ACCOUNTS, "账户余额"], ["A1", "C1", 100, 7], ["A2", "C2", 200, 200]])
    assert (cells(sheet, "balance"), codes(sheet)) == ([10000, 20000], {"intake.amount-two"})
    same = made(tmp_path / "b.xlsx", [[*ACCOUNTS, "账户余额"], ["A1", "C1", 100, 100]])
    assert codes(same) == set()


def test_letters_that_a_format_puts_before_an_identifier_are_of_it(tmp_path: Path) -> None:
    sheet = made(tmp_path / "a.xlsx", [["账号", "客户号", "余额"], ["A1", 12, 100]], form='"KH"00000', column=1)
    assert cells(sheet, "customer_id") == ["KH00012"]
    assert codes(sheet) == {"intake.format-shown"}
