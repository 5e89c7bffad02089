"""What followed a visit, by hand: the slope and its interval, who is left out, and what is lacking where nothing is said."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from kehujingli.periods import Period, day_of
from kehujingli.studies.money.visited import followed, lacking, unknown

MAY = Period.of("2026-05")
EMPTY = pd.DataFrame()


def people(count: int) -> pd.DataFrame:
    ids = [f"C{n}" for n in range(count)]
    return pd.DataFrame({"customer_id": ids, "group": "frequent/large", "previous_group": None})


def once(*who: str) -> pd.DataFrame:
    return pd.DataFrame({"visits": 1, "minutes": 30, "timed": 1}, index=pd.Index(who, name="customer_id"))


def test_the_interval_is_that_of_a_slope_with_two_parameters() -> None:
    """C0, C1 unvisited 0 and 20 元, C2, C3 visited once 100 and 140: slope 110, residuals ±10, ±20, Σ² = 1,000.

    The slope's error is √(1,000 ÷ (4 − 2) ÷ 1) = 22.36, and 1.96 of it 43.83.
    """
    moved = pd.Series([0.0, 20_00, 100_00, 140_00])
    row = followed(people(4), once("C2", "C3"), moved, 20_00, 2).iloc[0]
    assert (row["per_visit"], row["low"], row["high"]) == (110_00, 66_17, 153_83)
    assert row["said"] == "相关，不是因果"
    assert float(row["per_yuan"]) == pytest.approx(11), "20 元 of costs, two visits"
    assert row["per_hour"] == 220_00


def test_who_has_no_price_is_left_out_and_said() -> None:
    moved = pd.Series([0.0, 20_00, 100_00, 140_00, None, None])
    row = followed(people(6), once("C2", "C3", "C4"), moved, None, 2).iloc[0]
    assert (row["customers"], row["visited"], row["visits"], row["per_visit"]) == (4, 2, 2, 110_00)
    assert row["said"] == "相关，不是因果；2 户有存贷款没有价，没有算"
    few = followed(people(6), once("C4", "C5"), moved, None, 2).iloc[0]
    assert few["said"] == "缺：上月走访过的或没走访过的不到 2 户；2 户有存贷款没有价，没有算"


@pytest.mark.parametrize(
    ("visits", "accounts", "loans", "said"),
    [
        (None, EMPTY, EMPTY, "没有《走访记录》"),
        ("2026-05-03", EMPTY, None, "2026-05 没有留下《贷款台账》：那个月没有跑过，或没有这些导出"),
        ("2026-05-03", None, None, "2026-05 没有留下《存款账户》《贷款台账》：那个月没有跑过，或没有这些导出"),
        ("2026-06-03", EMPTY, EMPTY, "《走访记录》里没有 2026-05 的走访"),
        ("2026-05-31", EMPTY, EMPTY, ""),
    ],
)
def test_it_says_what_is_lacking(
    visits: str | None, accounts: pd.DataFrame | None, loans: pd.DataFrame | None, said: str
) -> None:
    went = None if visits is None else pd.DataFrame({"date": [day_of(date.fromisoformat(visits))]})
    assert lacking(went, accounts, loans, MAY) == said


def test_what_is_lacking_is_no_zero() -> None:
    told = unknown("没有《走访记录》")
    assert len(told) == 9
    assert told.drop(columns=["group", "said"]).isna().all(axis=None)
    assert set(told["said"]) == {"缺：没有《走访记录》"}
