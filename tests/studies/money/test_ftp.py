"""Prices of funds by hand: which price an account has, what counts of its month, and what has none."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from kehujingli.periods import Period, day_of
from kehujingli.studies.money.ftp import deposit_lines, left_within, loan_lines, priced, prices_of, terms_between

JUNE = Period.of("2026-06")


def day(text: str) -> int:
    return day_of(date.fromisoformat(text))


def account(
    kind: str, balance: int, opened: str = "2020-01-01", matures: str | None = None, average: int | None = None
) -> pd.DataFrame:
    """An account at 1 % whose balance stood all June."""
    row = {
        "account_id": "1",
        "customer_id": "A",
        "branch_id": "801",
        "kind": kind,
        "rate": 10_000,
        "opened": day(opened),
        "matures_on": matures and day(matures),
        "balance": balance,
        "average_month": average,
        "product_month": balance * 30,
        "known_month": True,
    }
    return pd.DataFrame([row]).astype({"matures_on": "Int64", "average_month": "Int64"})


def loan(number: str, balance: int, issued: str, status: str | None = None, due: str = "2026-12-31") -> pd.DataFrame:
    row = {"loan_id": number, "customer_id": "C", "branch_id": "801", "product": "农户贷款", "rate": 50_000}
    dates = {"issued_on": day(issued), "due_on": day(due)}
    told = {**row, **dates, "balance": balance, "amount": 100_00, "five_class": "normal", "status": status}
    return pd.DataFrame([told])


def prices(*rows: tuple[str, str, int]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["side", "term", "price"])
    return frame.assign(valid_from=day("2025-01-01"), source_row=range(2, 2 + len(rows)))


def test_a_notice_deposit_has_the_price_of_three_months_and_a_margin_with_a_day_that_of_its_term() -> None:
    """365,000 元 at 1 % in 30 days: over 3 % (≤3月) 600.00, over 2 % (活期) 300.00, over 4 % (≤1年) 900.00."""
    known = prices_of(
        prices(("deposit", "demand", 20_000), ("deposit", "to_3_months", 30_000), ("deposit", "to_1_year", 40_000)),
        JUNE,
    )
    margins = {"notice": 600_00, "demand": 300_00, "margin": 300_00}
    for kind, margin in margins.items():
        (profit,) = priced(deposit_lines(account(kind, 365_000_00), JUNE), known)[0]["profit"]
        assert profit == margin, kind
    due = account("margin", 365_000_00, "2026-01-31", "2027-01-31")
    assert list(priced(deposit_lines(due, JUNE), known)[0]["profit"]) == [900_00]


def test_an_average_that_the_export_brings_goes_before_what_is_reckoned() -> None:
    """146,000 元 in the export's 月日均 where days add up to 365,000: 146,000 × (2 − 1) % × 30 ÷ 365 = 120.00."""
    (line,) = deposit_lines(account("demand", 365_000_00, average=146_000_00), JUNE).itertuples()
    assert (line.average, line.daily) == (146_000_00, 146_000_00 * 30)
    known = prices_of(prices(("deposit", "demand", 20_000)), JUNE)
    told, _ = priced(deposit_lines(account("demand", 365_000_00, average=146_000_00), JUNE), known)
    assert list(told["profit"]) == [120_00]


@pytest.mark.parametrize("status", ["written_off", "swapped", None], ids=["written off", "swapped", "not there"])
def test_a_loan_that_left_the_books_within_the_month_has_half_of_it_and_is_told(status: str | None) -> None:
    """365,000 元 a month ago, nothing now: 182,500 on average, however it left; at 5 − 2 % that is 450.00."""
    opening = loan("L1", 365_000_00, "2026-03-01")
    rest = loan("L2", 0, "2026-03-01")
    now = rest if status is None else pd.concat([loan("L1", 365_000_00, "2026-03-01", status), rest])
    told, _ = priced(loan_lines(now, opening, JUNE), prices_of(prices(("loan", "to_1_year", 20_000)), JUNE))
    assert told[["key", "average", "profit"]].values.tolist() == [["L1", 182_500_00, 450_00]]
    findings = left_within(now, opening, JUNE)
    assert [(one.code, one.count, one.amount) for one in findings] == (
        [] if status is None else [("study.loan-off", 1, 365_000_00)]
    )


def test_a_loan_that_had_left_the_books_before_has_nothing_and_is_not_told_again() -> None:
    gone = loan("L1", 365_000_00, "2026-03-01", "written_off")
    assert loan_lines(gone, gone, JUNE).empty
    assert left_within(gone, gone, JUNE) == []
    assert left_within(gone, None, JUNE) == [], "without the month before nobody knows since when"


@pytest.mark.parametrize(("balance", "status"), [(0, None), (100_00, "written_off")])
def test_a_loan_lent_and_gone_within_the_month_is_told(balance: int, status: str | None) -> None:
    opening = loan("L1", 365_000_00, "2026-03-01")
    now = pd.concat([opening, loan("L2", balance, "2026-06-05", status), loan("L3", 100_00, "2026-06-05")])
    assert list(loan_lines(now, opening, JUNE)["key"]) == ["L1", "L3"]
    (found,) = left_within(now, opening, JUNE)
    assert (found.code, found.count, found.amount) == ("study.loan-brief", 1, 100_00)


def test_what_is_due_before_it_begins_has_no_term_and_is_told() -> None:
    begun, due = pd.Series([day("2026-03-01")] * 2), pd.Series([day("2026-02-01"), day("2026-03-01")])
    assert list(terms_between(begun, due)) == ["", "to_3_months"]
    turned = loan("L1", 365_000_00, "2026-03-01", due="2026-02-01")
    held = account("term", 365_000_00, "2026-03-01", "2026-02-01")
    lines = pd.concat([deposit_lines(held, JUNE), loan_lines(turned, None, JUNE)], ignore_index=True)
    told, findings = priced(lines, prices_of(prices(("loan", "to_3_months", 20_000)), JUNE))
    assert list(told["profit"]) == [0, 0]
    assert [one.code for one in findings] == ["study.ftp-line"] * 2
    assert [one.message.split("，")[0] for one in findings] == [
        "存款有 1 笔到期日早于开户日",
        "贷款有 1 笔到期日早于发放日",
    ]
