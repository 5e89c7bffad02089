"""付息率（实付） by kind of a bank of three accounts, reckoned by hand: on demand 365 元 on average and interest of a term deposit paid into it."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from kehujingli.periods import Period, day_of
from kehujingli.studies.money.interest import interest_by_kind
from kehujingli.studies.soundness import Rules, soundness

OCTOBER = Period.of("2026-10")
QUARTERS = ("2025-12-21", "2026-03-21", "2026-06-21", "2026-09-21")
DAYS = 365


def accounts() -> pd.DataFrame:
    """On demand 400.00 on average, for a term 10,000.00, and a margin of 100.00; of a fourth account nobody knows the average."""
    frame = pd.DataFrame(
        {
            "account_id": ["A1", "B1", "C1", "D1"],
            "customer_id": ["A", "B", "C", "D"],
            "kind": ["demand", "term", "margin", "demand"],
            "balance": [400_00, 10_000_00, 100_00, 0],
            "rate": [2_000, 20_000, 3_000, 2_000],
            "matures_on": None,
            "average_month": [400_00, 10_000_00, 100_00, 0],
            "product_month": 0,
            "known_month": False,
            "product_window": [400_00 * DAYS, 10_000_00 * DAYS, 100_00 * DAYS, None],
            "known_window": [True, True, True, False],
        }
    )
    return frame.astype(dict.fromkeys(("matures_on", "average_month", "product_window"), "Int64"))


def records(*more: tuple[str, str, int], days: tuple[str, ...] = QUARTERS, part: int = 7) -> pd.DataFrame:
    """20 分 a quarter on A1; ``more``: account, day, 分."""
    rows = [*(("A1", day, 20) for day in days), *more]
    return pd.DataFrame(
        {
            "account_id": [account for account, _, _ in rows],
            "interest": [cents for _, _, cents in rows],
            "paid_into": "A1",
            "paid_on": [day_of(date.fromisoformat(day)) for _, day, _ in rows],
            "source_part": part,
            "source_row": range(2, 2 + len(rows)),
        }
    )


def told(found: pd.DataFrame, months: int = 12) -> tuple[dict[str, list[int]], int | None, dict[str, str]]:
    kinds, whole, findings = interest_by_kind(found, accounts(), OCTOBER, months)
    return kinds.T.to_dict("list"), whole, {one.code: one.message for one in findings}


def test_interest_is_of_the_account_that_bore_it_wherever_it_was_paid_into() -> None:
    """185 元 of the term deposit went into A1; what was paid a year and a day ago, or in November, is of other months."""
    found = records(("B1", "2026-05-08", 185_00), ("B1", "2025-10-31", 9_00), ("B1", "2026-11-01", 9_00))
    assert told(found) == ({"demand": [80, 400_00], "term": [185_00, 10_000_00]}, 185_80, {}), "保证金一笔也没有"


@pytest.mark.parametrize(("days", "months"), [(QUARTERS[1:], "2025-12"), (QUARTERS[:1], "2026-03、2026-06、2026-09")])
def test_a_quarter_without_a_record_was_not_exported(days: tuple[str, ...], months: str) -> None:
    kinds, whole, said = told(records(days=days))
    assert (kinds, whole) == ({}, None)
    assert f"没有 {months} 的结息" in said["study.interest-missing"]


def test_the_same_record_of_two_exports_counts_once_and_twice_in_one_export_twice() -> None:
    twice = records(("B1", "2026-05-08", 1_00), ("B1", "2026-05-08", 1_00))
    again = records(("B1", "2026-05-08", 1_00), ("B1", "2026-05-09", 1_00), days=QUARTERS[3:], part=8)
    kinds, _, said = told(pd.concat([twice, again], ignore_index=True))
    assert kinds == {"demand": [80, 400_00], "term": [3_00, 10_000_00]}
    assert "2 行" in said["study.interest-again"]


def test_accounts_whose_average_nobody_knows_are_told_with_their_interest() -> None:
    kinds, whole, said = told(records(("D1", "2026-05-08", 5_00), ("Z9", "2026-05-08", 1_234_56)))
    assert (kinds, whole) == ({"demand": [80, 400_00]}, 80 + 5_00 + 1_234_56)
    assert "2 个账户" in said["study.interest-unknown"]
    assert "1,239.56 元" in said["study.interest-unknown"]


def test_another_window_has_no_average_of_twelve_months() -> None:
    kinds, whole, said = told(records(), months=6)
    assert (kinds, whole) == ({}, None)
    assert "6 个月" in said["study.interest-window"]


def _sound(classes: pd.DataFrame) -> Any:
    loans = pd.DataFrame(
        columns=["customer_id", "balance", "rate", "five_class", "overdue_days", "due_on", "status"]
    ).astype({"balance": "int64"})
    segment: Any = (None, SimpleNamespace(window_months=12))
    found = records(("B1", "2026-05-08", 185_00))
    return soundness(accounts(), loans, classes, found, period=OCTOBER, segment=segment, rules=Rules())


@pytest.mark.parametrize(("posted", "said"), [(185_80, []), (185_00, ["study.interest-differs"])])
def test_the_kinds_stand_beside_branches_and_what_postings_say_otherwise_is_told(posted: int, said: list[str]) -> None:
    people = pd.DataFrame(
        {
            "customer_id": ["A", "B", "C", "D"],
            "customer_name": "甲",
            "customer_type": "person",
            "branch_name": "城关",
            "holder_id": None,
            "manager_name": None,
            "interest_paid": [posted - 5, 0, 0, 5],
            "average_deposit_full": pd.array([400_00, 10_000_00, 100_00, None], "Int64"),
        }
    )
    answer = _sound(people)
    rates = answer.frames["soundness_rates"].set_index(["by", "part"])
    assert rates.loc[("种类", "定期"), ["interest_paid", "interest_cost"]].tolist() == [185_00, 0.0185]
    assert rates.loc[("种类", "活期"), ["interest_paid", "interest_cost"]].tolist() == [80, 0.002]
    assert pd.isna(rates.loc[("种类", "保证金"), "interest_cost"])
    assert [one.code for one in answer.findings] == said
    if said:
        assert "185.80 元" in answer.findings[0].message
        assert "差 0.80 元" in answer.findings[0].message
