"""Habits of those who export: numbers that went through other programs, codes with their dictionary's number, words around an amount."""

from __future__ import annotations

import pyarrow as pa
import pytest

from kehujingli import terms
from kehujingli.intake.cells import parse_code, parse_id
from kehujingli.intake.cells.amounts import number_hint, parse_money
from kehujingli.intake.cells.dates import parse_date
from kehujingli.intake.cells.idnumbers import is_credit_code, organisation_code, valid_number
from kehujingli.intake.sheets.headers import parse_header
from kehujingli.periods import date_of

DIRECTION = terms.BY_KEY["transactions"].column("direction")
FIVE_CLASS = terms.BY_KEY["loans"].column("five_class")
STATUS = terms.BY_KEY["loans"].column("status")


def test_a_number_that_became_a_float_elsewhere_is_the_number() -> None:
    parsed = parse_id(pa.array(["800000001.0", "800000002.0", None]))
    assert parsed.values.to_pylist() == ["800000001", "800000002", None]
    assert parsed.cleaned == 2


def test_a_float_of_sixteen_digits_has_lost_some() -> None:
    parsed = parse_id(pa.array(["6228480000000000.0", "800000002.0"]))
    assert parsed.bad.tolist() == [True, False]


def test_a_point_that_means_something_stays() -> None:
    assert parse_id(pa.array(["1.0", "1.1"])).values.to_pylist() == ["1.0", "1.1"]


@pytest.mark.parametrize(
    ("column", "word", "code"),
    [
        (FIVE_CLASS, "30-次级", "substandard"),
        (FIVE_CLASS, "[03]次级类", "substandard"),
        (FIVE_CLASS, "次级3", "substandard"),
        (FIVE_CLASS, "次级（3）", "substandard"),
        (FIVE_CLASS, "非次级", None),
        (DIRECTION, "借 方", "debit"),
        (DIRECTION, "D-借", "debit"),
        (STATUS, "未结清", "on_book"),
        (STATUS, "已转让", "transferred"),
        (STATUS, "结清", "settled"),
    ],
)
def test_a_word_with_its_code_or_blanks_is_the_word(column: terms.Column, word: str, code: str | None) -> None:
    assert parse_code(pa.array([word]), column).values.to_pylist() == [code]


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("CNY 1,000.25", 100_025),
        ("RMB1000.25", 100_025),
        ("1000.25CNY", 100_025),
        ("贷1000.25", 100_025),
        ("1,000.25贷", 100_025),
        ("借1000.25", None),
        ("USD 1000.25", None),
    ],
)
def test_our_money_by_its_letters_and_the_customers_side(text: str, cents: int | None) -> None:
    assert parse_money(pa.array([text]), parse_header("余额")).values.to_pylist() == [cents]


def test_a_bank_is_told_what_a_side_in_an_amount_is() -> None:
    assert "余额方向" in number_hint("借1000.25")


@pytest.mark.parametrize("number", ["000000000000000000", "0" * 9, "00000000-0", "1" * 9])
def test_what_fills_a_field_is_nobodys_number(number: str) -> None:
    assert valid_number(number) is None
    assert not is_credit_code(number)
    assert organisation_code(number) is None


def test_the_last_second_of_a_month_is_that_month() -> None:
    ends = parse_date(pa.array(["2026-10-31 23:59:59", "2026-09-30 23:59:59"]))
    assert [str(date_of(day)) for day in ends.values.to_pylist()] == ["2026-10-31", "2026-09-30"]
    assert not ends.told
