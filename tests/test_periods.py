from datetime import date

from kehujingli.periods import Period, date_of, day_of, month_end, month_name, parse_month, shortest_span


def test_a_window_is_whole_calendar_months_that_end_with_the_period() -> None:
    assert date_of(Period.of("2026-10").window_first(12)) == date(2025, 11, 1)
    assert date_of(Period.of("2026-04").window_first(6)) == date(2025, 11, 1)


def test_the_last_day_of_february_knows_leap_years() -> None:
    assert month_end(parse_month("2028-02")) == date(2028, 2, 29)
    assert Period.of("2026-02").as_of == date(2026, 2, 28)


def test_going_back_crosses_the_year() -> None:
    assert Period.of("2026-01").back(2).name == "2025-11"
    assert month_name(parse_month("2025-12")) == "2025-12"


def test_the_shortest_runs_of_months() -> None:
    assert (shortest_span(1), shortest_span(3), shortest_span(12)) == (28, 89, 365)


def test_days_count_from_1970() -> None:
    assert day_of(date(1970, 1, 2)) == 1
