"""What does a customer own, and for how long? Closes of days, averages, what cannot be known."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
from months import ACCOUNTS, CUSTOMERS, LOANS, LONG_AGO, TRANSACTIONS, codes, customer, post, reckon, workspace

from kehujingli.measures.day_close import closes
from kehujingli.month import Month
from kehujingli.values import share_out

OCTOBER = dt.date(2026, 10, 31)


def _rows(*rows: tuple[int, int, int]) -> pd.DataFrame:
    return _frame([("A", day, signed, balance, f"{n:04d}", 0, n) for n, (day, signed, balance) in enumerate(rows)])


def _frame(rows: list[tuple[str, int, int, int, str, int, int]]) -> pd.DataFrame:
    import narwhals.stable.v2 as nw

    columns = ["account_id", "day", "signed", "balance", "transaction_id", "part", "row"]
    return nw.from_native(pd.DataFrame(rows, columns=columns))


@pytest.mark.parametrize(
    ("rows", "close"),
    [
        pytest.param([(1, 100, 100), (1, 50, 150)], 150, id="in order"),
        pytest.param([(1, 50, 150), (1, 100, 100)], 150, id="the last row is not the close"),
        pytest.param([(1, -300, 300), (1, 100, 600), (1, 50, 350)], 350, id="what no other row begins with"),
        pytest.param([(1, 100, 100), (2, -100, 0), (2, 100, 100)], 100, id="round in a circle: the day before"),
        pytest.param(
            [(1, 30, 200), (1, 10, 110)], 200, id="several ends: nearest to what stood before plus the day's net"
        ),
    ],
)
def test_the_close_of_a_day(rows: list[tuple[int, int, int]], close: int) -> None:
    assert closes(_rows(*rows))["close"].tolist() == [close]


def test_of_two_ends_equally_near_the_later_number_is_the_close() -> None:
    rows = [("A", 1, 10, 110, "100", 0, 1), ("A", 1, 10, 310, "99", 0, 2)]
    assert closes(_frame(rows))["close"].tolist() == [110]


def _month(tmp_path: Path, *postings: list[object], accounts: list[list[object]] | None = None) -> pd.Series:
    files = {
        "客户信息_20261031.xlsx": [CUSTOMERS, customer("C1"), customer("C2")],
        "流水.xlsx": [TRANSACTIONS, *postings, post(OCTOBER, "C2", 1)],
    }
    if accounts:
        files["存款账户_20261031.xlsx"] = [ACCOUNTS, *accounts]
    return reckon(workspace(tmp_path, files), "2026-10").segmented.customers.set_index("customer_id").loc["C1"]


def test_days_of_business_are_counted_once_a_day_and_in_the_window_only(tmp_path: Path) -> None:
    """Two postings of one day are one day; interest and what lies before the twelve months are none; the month's first day may be its only."""
    days = (dt.date(2025, 10, 31), dt.date(2025, 11, 1), dt.date(2026, 3, 9), dt.date(2026, 3, 9), dt.date(2026, 3, 10))
    rows = [post(day, "C1", 100 + n) for n, day in enumerate(days)]
    who = _month(tmp_path, *rows, post(dt.date(2026, 9, 9), "C1", 10, kind="结息"))
    assert (who["active_days"], who["active_months"], who["transactions"]) == (3, 2, 4)
    first, last = ((dt.date(*day) - dt.date(1970, 1, 1)).days for day in ((2025, 11, 1), (2026, 3, 10)))
    assert (who["first_active"], who["last_active"]) == (first, last)


def test_an_average_is_the_sum_of_daily_balances_over_the_days(tmp_path: Path) -> None:
    who = _month(tmp_path, post(dt.date(2026, 10, 17), "C1", 310, 1_310))
    assert who["average_deposit_month"] == round((16 * 1_000 + 15 * 1_310) / 31 * 100)


def test_days_before_the_export_count_at_the_balance_before_the_first_row(tmp_path: Path) -> None:
    who = _month(tmp_path, post(dt.date(2026, 10, 31), "C1", -500, 500))
    assert who["average_deposit"] == round((364 * 1_000 + 500) / 365 * 100)


def test_without_balances_an_average_is_unknown_never_zero(tmp_path: Path) -> None:
    assert pd.isna(_month(tmp_path, post(dt.date(2026, 10, 17), "C1", 310))["average_deposit"])


def test_days_before_opening_count_zero(tmp_path: Path) -> None:
    opened = dt.date(2026, 10, 22)
    accounts = [["AC1", "C1", "活期", 3_100, 0, opened, None, None]]
    who = _month(tmp_path, post(opened, "C1", 3_100, 3_100), accounts=accounts)
    assert who["average_deposit_month"] == 100_000


def test_margin_counts_three_tenths_and_fiscal_nothing(tmp_path: Path) -> None:
    accounts = [
        [number, "C1", kind, 1_000, 0, LONG_AGO, None, None]
        for number, kind in (("A1", "活期"), ("A2", "保证金"), ("A3", "财政性"))
    ]
    who = _month(tmp_path, accounts=accounts)
    assert who["average_deposit"] == 130_000
    assert who["deposit_balance"] == 300_000


def test_a_bank_of_three_hundred_yi_is_measured_where_kinds_are_weighted(tmp_path: Path) -> None:
    """Ten customers of 30 亿元, one of them margin at three tenths: no sum of one customer leaves 64 bits, only theirs together would."""
    yi = 3_000_000_000
    accounts = [[f"AC{n}", f"C{n}", "保证金" if n == 0 else "活期", yi, None, LONG_AGO, None, None] for n in range(10)]
    postings = [post(dt.date(2026, 10, 9), f"C{n}", 1, yi) for n in range(10)]
    files = {"客户.xlsx": [CUSTOMERS, *(customer(f"C{n}", "对公") for n in range(10))]}
    files |= {"流水.xlsx": [TRANSACTIONS, *postings], "账户_20261031.xlsx": [ACCOUNTS, *accounts]}
    told = reckon(workspace(tmp_path, files)).measured.customers.set_index("customer_id")["average_deposit"]
    mean = Decimal(yi * 365 - 342) / 365  # 1 元 came on 9 October, the 343rd day
    assert told["C1"] == round(mean * 100)
    assert told["C0"] == round(mean * 30)


def test_an_official_average_wins_and_the_difference_is_told(tmp_path: Path) -> None:
    header = [*ACCOUNTS, "年日均"]
    files = {
        "客户信息_20261031.xlsx": [CUSTOMERS, customer("C1")],
        "存款账户_20261031.xlsx": [header, ["AC1", "C1", "活期", 1_000, 0, LONG_AGO, None, None, 1_234.56]],
        "流水.xlsx": [TRANSACTIONS, post(OCTOBER, "C1", 1, 1_000)],
    }
    month = reckon(workspace(tmp_path, files), "2026-10")
    assert month.segmented.customers.iloc[0]["average_deposit_year"] == 123_456
    (told,) = [told for told in month.findings if told.code == "table.official-differs"]
    assert told.count == 1
    assert "235.56" in told.message, "1,234.56 against the 999.00 of every day but the last"


def test_an_official_average_that_is_a_yuan_off_is_not_told(tmp_path: Path) -> None:
    header = [*ACCOUNTS, "年日均"]
    files = {
        "客户信息_20261031.xlsx": [CUSTOMERS, customer("C1")],
        "存款账户_20261031.xlsx": [header, ["AC1", "C1", "活期", 1_000, 0, LONG_AGO, None, None, 1_001]],
        "流水.xlsx": [TRANSACTIONS, post(dt.date(2025, 1, 1), "C1", 1, 1_000)],
    }
    assert "table.official-differs" not in codes(reckon(workspace(tmp_path, files), "2026-10"))


def test_a_borrower_who_has_paid_all_back_owes_nothing_and_has_an_average(tmp_path: Path) -> None:
    """1,200 at the end of each of eleven months, nothing at the end of the twelfth."""
    loan = ["L1", "C1", LONG_AGO, dt.date(2027, 1, 1), 1_200, "正常", 0, None, None]
    ends = [(dt.date(2025, 12, 1) + pd.DateOffset(months=n) - pd.DateOffset(days=1)).date() for n in range(11)]
    files = {
        "客户信息_20261031.xlsx": [CUSTOMERS, customer("C1"), customer("C2")],
        "流水.xlsx": [TRANSACTIONS, post(OCTOBER, "C2", 1)],
        "贷款台账_20261031.xlsx": [LOANS, ["L2", "C2", *loan[2:]]],
        **{f"贷款台账_{end:%Y%m%d}.xlsx": [LOANS, [*loan[:6], late, *loan[7:]]] for late, end in enumerate(ends)},
    }
    told = reckon(workspace(tmp_path, files), "2026-10").segmented.customers.set_index("customer_id").loc["C1"]
    assert (told["loan_balance"], told["average_loan"], told["loans"]) == (0, 110_000, 0)


@pytest.mark.parametrize(("begins", "known"), [(dt.date(2025, 1, 1), True), (dt.date(2025, 1, 2), False)])
def test_last_years_average_is_known_where_the_export_reaches_back_to_its_first_day(
    tmp_path: Path, begins: dt.date, known: bool
) -> None:
    """People are paid by it: an account of long ago stood at 1,000 less the 400 that came this year, all through the last."""
    accounts = [["AC1", "C1", "活期", 1_000, None, LONG_AGO, None, None]]
    who = _month(tmp_path, post(begins, "C2", 1), post(dt.date(2026, 3, 1), "C1", 400), accounts=accounts)
    told = who["average_deposit_last_year"]
    assert told == 60_000 if known else pd.isna(told)


def _two_books(tmp_path: Path, older: list[list[object]], newer: list[list[object]], *postings: list[object]) -> Month:
    """September's account book and October's, and postings without balances since last year."""
    files = {
        "客户信息_20261031.xlsx": [CUSTOMERS, customer("C1"), customer("C2"), customer("C3")],
        "存款账户_20260930.xlsx": [[*ACCOUNTS, "机构号"], *older],
        "存款账户_20261031.xlsx": [[*ACCOUNTS, "机构号"], *newer],
        "流水.xlsx": [TRANSACTIONS, post(dt.date(2025, 10, 1), "C3", 1), *postings, post(OCTOBER, "C3", 1)],
    }
    return reckon(workspace(tmp_path, files), "2026-10")


def _account(who: str, balance: float, branch: str | None = "801001", number: str | None = None) -> list[object]:
    return [number or f"A{who}", who, "活期", balance, 0, LONG_AGO, None, None, branch]


def _figures(month: Month, who: str) -> list[object]:
    names = ["deposit_balance", "average_deposit_month", "average_deposit"]
    row = month.segmented.customers.set_index("customer_id").loc[who, names]
    return [None if pd.isna(value) else int(value) for value in row]


def test_an_account_that_was_closed_is_no_debt_where_the_newest_book_leaves_it_out(tmp_path: Path) -> None:
    """As its twin gets that the book still lists with nothing on it."""
    drawn = [post(dt.date(2026, 10, 10), who, -1_000) for who in ("C1", "C2")]
    older = [_account("C1", 1_000), _account("C2", 1_000), _account("C3", 9)]
    month = _two_books(tmp_path, older, [_account("C2", 0), _account("C3", 10)], *drawn)
    assert _figures(month, "C1") == _figures(month, "C2") == [0, 29_032, 93_973]
    assert not codes(month) & {"table.account-gone", "table.snapshot-part"}


def test_a_balance_that_vanished_without_a_posting_is_unknown_and_told(tmp_path: Path) -> None:
    older = [_account("C1", 500), _account("C3", 9)]
    month = _two_books(tmp_path, older, [_account("C3", 10)])
    assert _figures(month, "C1") == [0, None, None]
    (told,) = [told for told in month.findings if told.code == "table.account-gone"]
    assert (told.level, told.count) == ("warning", 1)
    assert "差 500.00 元" in told.message


def test_a_branch_that_the_newest_book_lacks_has_its_own_older_one_rolled_forward(tmp_path: Path) -> None:
    """Written by branch, or where no branch is written, told by the customers."""
    for branches in (("801001", "801002"), (None, None)):
        here, there = branches
        month = _two_books(
            tmp_path / str(here),
            [_account("C1", 1_000, here)],
            [_account("C3", 10, there)],
            post(dt.date(2026, 10, 16), "C1", 620),
        )
        assert _figures(month, "C1")[:2] == [162_000, 132_000]
        (told,) = [told for told in month.findings if told.code == "table.snapshot-part"]
        assert (told.level, told.file, told.count) == ("warning", "存款账户_20260930.xlsx", 1)


def test_accounts_under_new_numbers_do_not_count_twice(tmp_path: Path) -> None:
    older = [_account("C1", 1_000), _account("C2", 1_000)]
    newer = [_account("C1", 1_000, number="N1"), _account("C2", 1_000, number="N2"), _account("C3", 10)]
    month = _two_books(tmp_path, older, newer)
    assert _figures(month, "C1")[0] == 100_000
    (told,) = [told for told in month.findings if told.code == "table.account-gone"]
    assert told.count == 2


def test_shares_add_up_to_the_whole() -> None:
    from fractions import Fraction

    parts = share_out(100, [Fraction(100, 3)] * 3, ["a", "b", "c"])
    assert sum(parts) == 100
    assert parts == [34, 33, 33]


@pytest.mark.parametrize(("begins", "known"), [(dt.date(2025, 12, 31), True), (dt.date(2026, 1, 1), False)])
def test_the_years_opening_is_known_where_the_export_reaches_into_the_year_before(
    tmp_path: Path, begins: dt.date, known: bool
) -> None:
    """It is the balance on 31 December: 1,000 at the end of October less the 400 that came since."""
    accounts = [["AC1", "C1", "活期", 1_000, 0, LONG_AGO, None, None]]
    who = _month(tmp_path, post(begins, "C2", 1), post(dt.date(2026, 3, 1), "C1", 400), accounts=accounts)
    assert (who["deposit_year_opening"] == 60_000) if known else pd.isna(who["deposit_year_opening"])


def test_what_only_came_in_is_counted_apart_in_the_window_without_interest_and_what_was_taken_back(
    tmp_path: Path,
) -> None:
    who = _month(
        tmp_path,
        post(dt.date(2026, 10, 5), "C1", 3_000, kind="代发工资"),
        post(dt.date(2026, 9, 5), "C1", 3_000, kind="代发工资"),
        post(dt.date(2026, 9, 21), "C1", 2, kind="代发工资户结息"),
        post(dt.date(2026, 8, 5), "C1", 3_000, kind="代发工资"),
        post(dt.date(2026, 8, 5), "C1", -3_000, kind="代发工资冲正"),
        post(dt.date(2025, 10, 31), "C1", 3_000, kind="代发工资"),
        post(dt.date(2026, 10, 8), "C1", 500, kind="柜面存入"),
    )
    assert who["passive_transactions"] == 2
    assert (who["transactions"], who["active_months"]) == (1, 1)
