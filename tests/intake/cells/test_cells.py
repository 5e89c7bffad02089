from __future__ import annotations

import datetime as dt
from typing import Any

import pyarrow as pa
import pytest

from kehujingli.intake import cells
from kehujingli.intake.cells import amounts, dates
from kehujingli.intake.cells.columns import Parsed
from kehujingli.intake.sheets.headers import parse_header
from kehujingli.periods import day_of
from kehujingli.terms import BY_KEY


def money(values: list, header: str = "金额") -> Parsed:
    kind = pa.float64() if any(isinstance(value, float) for value in values) else pa.string()
    return amounts.parse_money(pa.array(values, kind), parse_header(header))


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("1,234.50", 123450),
        ("￥1,234.5元", 123450),
        ("(12.00)", -1200),
        ("（负）12", -1200),
        ("-", 0),
        ("１２.３", 1230),
        ("-0.01", -1),
        ("1e3", 100000),
        ("12-", -1200),
        ("999999999999.99", 99999999999999),
        ("人民币100", 10000),
        (" 5 ", 500),
        ("100元整", 10000),
        ("\u2212100", -10000),
        ("1,234.50CR", 123450),
        ("1.2万元整", 1200000),
    ],
)
def test_amounts_as_people_write_them(text: str, cents: int) -> None:
    parsed = money([text])
    assert parsed.values.to_pylist() == [cents]
    assert not parsed.bad.any()


@pytest.mark.parametrize(
    "text",
    [
        "1,2O0.00",
        "abc",
        "1.2.3",
        "元整",
        "--5",
        "100.00DR",
        "CR",
        "-5CR",
        "1.234,56",
        "12,34",
        "1,00,0",
        "1,0000",
        "1234,567",
        "１２，３４",
    ],
)
def test_what_is_no_amount_is_bad_not_zero(text: str) -> None:
    parsed = money([text])
    assert parsed.bad.tolist() == [True]
    assert parsed.values.to_pylist() == [None]


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("1,234,567.8", 123456780),
        ("１，２３４", 123400),
        ("-1,234", -123400),
        ("1.2万", 1200000),
        ("1,234.5万元", 1234500000),
    ],
)
def test_commas_stand_between_groups_of_three(text: str, cents: int) -> None:
    assert money([text]).values.to_pylist() == [cents]


def test_a_comma_elsewhere_is_pointed_at() -> None:
    assert amounts.number_hint("1.234,56") == "，逗号不在千分位上"
    assert amounts.number_hint("1,234.5x") == ""


@pytest.mark.parametrize("text", ["$1,200.50", "＄5", "US$ 5", "HKD100", "100美元", "€3"])
def test_an_amount_with_the_sign_of_another_currency_is_foreign(text: str) -> None:
    parsed = money([text, "¥5"])
    assert parsed.foreign is not None
    assert (parsed.bad.tolist(), parsed.foreign.tolist()) == ([True, False], [True, False])


def test_a_dash_is_no_amount_of_something_that_happened() -> None:
    column = BY_KEY["transactions"].column("amount")
    parsed = cells.parse(pa.array(["-", "5"]), column, parse_header("交易金额"))
    assert (parsed.values.to_pylist(), parsed.bad.tolist()) == ([None, 500], [True, False])


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("1899-12-31", "，年份不在 1950 至 2100 之间"),
        ("0026-01-01", "，年份不在 1950 至 2100 之间"),
        ("9999-12-31", "，是“没有日期”的写法，这里要有发生的那一天"),
        ("2026-13-01", ""),
    ],
)
def test_something_happened_on_a_day_that_can_be(text: str, hint: str) -> None:
    column = BY_KEY["transactions"].column("date")
    parsed = cells.parse(pa.array([text, "2026-01-31", None]), column, parse_header("交易日期"))
    assert parsed.bad.tolist() == [True, False, False]
    assert parsed.values.to_pylist() == [None, day_of(dt.date(2026, 1, 31)), None]
    assert dates.date_hint(text) == hint


def test_true_dates_of_a_slipped_year_are_bad_too() -> None:
    array = pa.array([dt.datetime(1926, 1, 5), dt.datetime(2026, 1, 5)], pa.timestamp("ms"))  # noqa: DTZ001
    assert dates.parse_date(array, event=True).bad.tolist() == [True, False]
    assert dates.parse_date(array).bad.tolist() == [False, False]


def test_a_blank_amount_is_missing_not_bad() -> None:
    parsed = money(["", None, "  "])
    assert parsed.values.to_pylist() == [None, None, None]
    assert not parsed.bad.any()


def test_units_in_the_header_are_exact() -> None:
    assert money(["0.015", "1.23"], "余额(万元)").values.to_pylist() == [15000, 1230000]
    assert money([0.1 + 0.2, 1.1], "余额(亿元)").values.to_pylist() == [3_000_000_000, 11_000_000_000]


def test_a_unit_in_the_cell_wins_over_the_header_s() -> None:
    parsed = money(["5万元", "50000元", "5万", "￥50,000.00 元", "5", "-1元", "五元"], "余额(万元)")
    assert parsed.values.to_pylist() == [5_000_000] * 5 + [-100, None]
    assert parsed.bad.tolist() == [False] * 6 + [True]
    assert money(["5元", "5"], "余额(分)").values.to_pylist() == [500, 5]


def test_doubles_are_whole_cents_however_large() -> None:
    values = [0.07, 1.1, 4.35, 1234567890.12, -0.29]
    assert money(values).values.to_pylist() == [7, 110, 435, 123456789012, -29]


def test_below_a_cent_is_rounded_half_away_from_zero_and_counted() -> None:
    parsed = money(["1.005", "-1.005", "2.675", "1.00"])
    assert parsed.values.to_pylist() == [101, -101, 268, 100]
    assert parsed.sub_cent == 3


def test_credit_is_the_customer_s_money_and_no_loan() -> None:
    said = pa.array(["100.00CR", "100.00"])
    loan = cells.parse(said, BY_KEY["loans"].column("balance"), parse_header("贷款余额"))
    deposit = cells.parse(said, BY_KEY["accounts"].column("balance"), parse_header("余额"))
    assert (loan.bad.tolist(), deposit.values.to_pylist()) == ([True, False], [10000, 10000])
    assert amounts.number_hint("100.00DR") == "，CR、DR 是贷方和借方，请改成带正负号的数"


def test_a_letter_in_an_amount_is_pointed_at() -> None:
    assert amounts.number_hint("1,2O0.00") == "，里面有字母 O"


@pytest.mark.parametrize(
    "text",
    [
        "20260131",
        "2026/1/31",
        "2026年1月31日",
        "2026-01-31",
        "2026.1.31",
        "2026-01-31 12:30:00",
        "20260131093000",
        "20260131 09:30:00",
        "20260131 9:30",
        "２０２６-01-31",
        "46053",
    ],
)
def test_dates_as_exports_write_them(text: str) -> None:
    assert dates.parse_date(pa.array([text])).values.to_pylist() == [day_of(dt.date(2026, 1, 31))]


@pytest.mark.parametrize("number", [20260131.0, 46053.0])
def test_dates_as_numbers(number: float) -> None:
    assert dates.parse_date(pa.array([number])).values.to_pylist() == [day_of(dt.date(2026, 1, 31))]


def test_a_bare_number_among_true_dates_is_the_date_it_spells() -> None:
    serial, spelled = ((number - 25569) * 86_400_000 for number in (46053, 20260131))
    array = pa.array([serial, spelled], pa.timestamp("ms"))
    assert dates.parse_date(array).values.to_pylist() == [day_of(dt.date(2026, 1, 31))] * 2


@pytest.mark.parametrize("text", ["00000000", "99991231", "0", "-", "无"])
def test_words_for_no_date_are_missing(text: str) -> None:
    parsed = dates.parse_date(pa.array([text]))
    assert parsed.values.to_pylist() == [None]
    assert not parsed.bad.any()


@pytest.mark.parametrize("text", ["20260231", "2026-13-01", "昨天", "31/01/2026"])
def test_what_is_no_date_is_bad(text: str) -> None:
    assert dates.parse_date(pa.array([text])).bad.tolist() == [True]


def test_an_identifier_keeps_its_zeros_and_loses_its_dirt() -> None:
    parsed = cells.parse_id(pa.array(["\t00123 ", "'00123", "６２２８", "6222 0012", "\u200b12", '="0012"', "A-1", ""]))
    assert parsed.values.to_pylist() == ["00123", "00123", "6228", "62220012", "12", "0012", "A-1", None]


@pytest.mark.parametrize("value", [6.22848e18, 330102199001011234.0, 1e15])
def test_a_number_of_sixteen_digits_has_lost_digits(value: float) -> None:
    parsed = cells.parse_id(pa.array([value]))
    assert parsed.bad.tolist() == [True]
    assert parsed.why == "intake.id-lost-digits"


def test_e_notation_as_text_has_lost_digits_too() -> None:
    assert cells.parse_id(pa.array(["6.22848E+18"])).bad.tolist() == [True]


def test_nineteen_digits_as_text_are_whole() -> None:
    parsed = cells.parse_id(pa.array(["6228000000000002378"]))
    assert parsed.values.to_pylist() == ["6228000000000002378"]
    assert not parsed.bad.any()


def test_a_short_number_is_an_identifier() -> None:
    assert cells.parse_id(pa.array([8001.0, None])).values.to_pylist() == ["8001", None]


def test_a_direction_nobody_knows_is_refused_a_class_nobody_knows_is_left_empty() -> None:
    direction = cells.parse_code(pa.array(["借", "贷方", "D", "往来"]), BY_KEY["transactions"].column("direction"))
    assert direction.values.to_pylist() == ["debit", "credit", "debit", None]
    assert direction.bad.tolist() == [False, False, False, True]
    five = cells.parse_code(pa.array(["正常", "逾期"]), BY_KEY["loans"].column("five_class"))
    assert five.values.to_pylist() == ["normal", None]
    assert not five.bad.any()
    assert five.unknown == {"逾期": 1}


@pytest.mark.parametrize(
    ("values", "header", "millionths"),
    [
        (["3.85"], "利率(%)", 38500),
        (["0.0385"], "利率", 38500),
        (["3.85%"], "利率", 38500),
        (["3.2"], "月利率(‰)", 38400),
        (["3.85", "1.55"], "利率", 38500),
    ],
)
def test_rates_in_every_unit(values: list[str], header: str, millionths: int) -> None:
    assert cells.parse_rate(pa.array(values), parse_header(header)).values.to_pylist()[0] == millionths


def test_a_column_of_bare_per_cents_is_told() -> None:
    assert cells.parse_rate(pa.array(["3.85", "1.55"]), parse_header("利率")).percent_guessed


def test_exact_decimals_never_pass_through_a_binary_fraction() -> None:
    assert cells.parse_decimal(pa.array(["0.1", "1,000", "60%"])).values.to_pylist() == ["0.1", "1000", "0.6"]


def test_counts_are_whole() -> None:
    parsed = cells.parse_count(pa.array(["12", "12.0", "1.5"]))
    assert parsed.values.to_pylist() == [12, 12, None]
    assert parsed.bad.tolist() == [False, False, True]


def test_times_sort_as_text() -> None:
    assert dates.parse_time(pa.array(["9:05", "90500", "23:59:01"])).values.to_pylist() == [
        "09:05:00",
        "09:05:00",
        "23:59:01",
    ]


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("0.0000005万元", 1),
        ("-0.0000005万", -1),
        ("0.0000025万元", 3),
        ("-0.0000025万元", -3),
        ("0.0000024万元", 2),
        ("0.00000000015亿元", 2),
    ],
)
def test_half_a_cent_of_an_amount_with_its_own_unit_goes_away_from_zero(text: str, cents: int) -> None:
    parsed = money([text, "1万元"])
    assert parsed.values.to_pylist() == [cents, 1_000_000]
    assert parsed.sub_cent == 1


def _days(values: list[Any]) -> tuple[list[Any], list[str]]:
    array = pa.array(values, pa.timestamp("ms")) if isinstance(values[0], dt.datetime) else pa.array(values)
    parsed = dates.parse_date(array, event=True)
    told = [
        None if day is None else (dt.date(1970, 1, 1) + dt.timedelta(day)).isoformat()
        for day in parsed.values.to_pylist()
    ]
    return told, [code for code, _ in parsed.told]


@pytest.mark.parametrize("time", ["23:59:17", "23:54:17", "23:59:59"])
def test_a_midnight_some_minutes_off_is_the_next_day(time: str) -> None:
    texts = [f"2026-09-30 {time}", f"2026-10-14 {time}", "2026-10-20 00:00:00"]
    wanted = (["2026-10-01", "2026-10-15", "2026-10-20"], ["intake.date-midnight"])
    assert _days(texts) == wanted
    assert _days([dt.datetime.fromisoformat(text) for text in texts]) == wanted
    serials = [float((dt.datetime.fromisoformat(text) - dt.datetime(1899, 12, 30)) / dt.timedelta(1)) for text in texts]  # noqa: DTZ001
    assert _days(serials) == wanted


def test_a_time_of_day_is_no_midnight() -> None:
    assert _days(["2026-09-30 23:59:17", "2026-10-14 10:00:00"]) == (["2026-09-30", "2026-10-14"], [])
    assert _days(["2026-09-30 09:00:00", "2026-10-14 09:00:00"]) == (["2026-09-30", "2026-10-14"], [])


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-09-30T16:00:00.000Z", "2026-10-01"),
        ("2026-09-30T15:59:59Z", "2026-09-30"),
        ("2026-09-30T16:00:00+00:00", "2026-10-01"),
        ("2026-10-01T00:00:00+08:00", "2026-10-01"),
        ("2026-10-01T00:00:00+0900", "2026-09-30"),
    ],
)
def test_a_time_with_its_zone_is_the_day_in_beijing(text: str, day: str) -> None:
    assert _days([text]) == ([day], ["intake.date-zone"])


def test_sixteen_hours_everywhere_may_be_midnight_in_beijing_and_is_asked() -> None:
    assert _days(["2026-09-30 16:00:00", "2026-10-14 16:00:00"]) == (["2026-09-30", "2026-10-14"], ["intake.date-utc"])


def test_times_around_midnight_that_differ_are_asked() -> None:
    told = ["intake.date-night"]
    assert _days(["2026-09-30 23:59:17", "2026-10-15 00:00:04"]) == (["2026-09-30", "2026-10-15"], told)
    assert _days(["2026-10-01 00:00:03", "2026-10-15 00:00:04"]) == (["2026-10-01", "2026-10-15"], [])


def test_midnight_in_the_years_of_summer_time_is_the_next_day() -> None:
    wanted = ["1988-06-01", "1990-12-01"]
    assert _days(["1988-05-31 23:00:00", "1990-12-01 00:00:00"]) == (wanted, ["intake.date-midnight"])
    assert _days(["2026-09-30 23:00:00", "2026-10-14 23:00:00"]) == (["2026-09-30", "2026-10-14"], [])


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("31-10月-26", "2026-10-31"),
        ("05-1月 -2026", "2026-01-05"),
        ("31-OCT-26", "2026-10-31"),
        ("1-Jun-99 09.30.00", "1999-06-01"),
    ],
)
def test_a_database_writes_the_day_first_and_it_is_told(text: str, day: str) -> None:
    assert _days([text]) == ([day], ["intake.date-day-first"])


@pytest.mark.parametrize(
    "text",
    [
        "2026-10-31-23.59.59.000000",
        "20261031 235959",
        "20261031235959123",
        "2026/10/31 下午 3:20:11",
        "2026年10月31日 星期六",
    ],
)
def test_times_and_weekdays_as_mainframes_and_offices_write_them_are_left_out(text: str) -> None:
    assert _days([text]) == (["2026-10-31"], [])


def test_there_is_no_thirteenth_month_nor_a_thirtieth_of_february() -> None:
    assert _days(["31-13月-26", "30-FEB-26"]) == ([None, None], [])


@pytest.mark.parametrize("text", ["2026年10月31日 15时30分", "2026年10月31日15时30分08秒", "2026年10月31日 8点"])
def test_hours_and_minutes_may_stand_in_words(text: str) -> None:
    assert _days([text]) == (["2026-10-31"], [])
