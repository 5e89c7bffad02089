"""RFM by hand: where a bin ends, who is in which group, and that the groups add up."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from pydantic import ValidationError
from pydantic_core import PydanticCustomError

from kehujingli.errors import Problem
from kehujingli.periods import Period
from kehujingli.rules.messages import explain
from kehujingli.studies.rfm import OTHERS, Rules, Segment, rfm, scores

TEN = pd.Series([10, 20, 30, 40, 50, 60, 70, 80, 90, 101])


def test_a_value_above_the_quantile_is_in_the_next_bin() -> None:
    """Quintiles of the ten: 28, 46, 64, 82."""
    assert scores(TEN, 5, "above").tolist() == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]


def test_or_one_that_is_a_whole_unit_above_it() -> None:
    """The median of 1, 2, 3, 4 is 2.5: 3 is above it, not a whole one above; 2.5 + 0.5 it is."""
    four = pd.Series([1, 2, 3, 4])
    assert scores(four, 2, "above").tolist() == [1, 1, 2, 2]
    assert scores(four, 2, "next").tolist() == [1, 1, 1, 2]
    assert scores(four * 100, 2, "next", 50).tolist() == [1, 1, 2, 2]


def test_equal_values_have_equal_scores() -> None:
    assert set(scores(pd.Series([5] * 9 + [6]), 5, "above")[:9]) == {1}


def _classes(*rows: tuple[str, int | None, int, int, int]) -> pd.DataFrame:
    columns = ["customer_id", "idle_days", "transactions", "turnover", "active_days"]
    names = {"customer_name": "甲", "customer_type": "person", "branch_name": "城关", "manager_name": "王"}
    return pd.DataFrame(rows, columns=columns).assign(**names, deposit_balance=100, loan_balance=0)


def test_the_latest_often_and_largest_are_the_best_and_the_silent_have_no_score() -> None:
    rows = [(f"C{n}", 50 - n * 10, 1 + n * 3, 1_000 * (n + 1), 1) for n in range(5)]
    told = rfm(_classes(*rows, ("silent", None, 0, 0, 0)), period=Period.of("2026-10"), rules=Rules())
    people = told.frames["rfm"].set_index("customer_id")
    assert people.loc["C4", ["rfm", "segment"]].tolist() == ["555", "最佳客户"]
    assert people.loc["C0", ["rfm", "segment"]].tolist() == ["111", "已流失"]
    assert "silent" not in people.index
    groups = told.frames["rfm_segments"]
    assert (groups["customers"].sum(), groups["turnover"].sum()) == (5, 15_000)
    matrix = told.frames["rfm_matrix"].set_index("recency_score")
    assert matrix.loc[5, "frequency_5"] == 1
    assert matrix.sum().sum() == 5


def test_the_first_group_that_fits_is_taken_and_the_rest_are_others() -> None:
    both = {"recency": (1, 5), "frequency": (1, 5)}
    rules = Rules(segments=(Segment(name="大", amount=(5, 5), **both), Segment(name="中", amount=(3, 5), **both)))
    told = rfm(
        _classes(*((f"C{n}", 9, 1, 1_000 * (n + 1), 1) for n in range(5))), period=Period.of("2026-10"), rules=rules
    )
    assert told.frames["rfm"].sort_values("turnover")["segment"].tolist() == [OTHERS, OTHERS, "中", "中", "大"]


def test_nobody_with_business_has_no_score_and_an_older_month_is_run_again() -> None:
    nobody = _classes(("C1", None, 0, 0, 0))
    assert rfm(nobody, period=Period.of("2026-10"), rules=Rules()).frames["rfm"].empty
    with pytest.raises(Problem) as told:
        rfm(nobody.drop(columns="active_days"), period=Period.of("2026-10"), rules=Rules())
    assert told.value.findings[0].code == "study.kept-older"


def _refusal(**section: Any) -> str:
    """What is said of ``[studies.rfm]``, the third line of a file."""
    text = "\n\n[studies.rfm]\nbins = 5\n"
    with pytest.raises(ValidationError) as wrong:
        Rules.model_validate(section)
    error = ValidationError.from_exception_data(
        "", [{**one, "loc": ("studies", "rfm"), "type": _custom(one)} for one in wrong.value.errors()]
    )
    (found,) = explain(error, {"studies": {"rfm": section}}, text, Path("办法.toml"))
    assert (found.code, found.line) == ("rules.bad-value", 3)
    return found.message


def _custom(one: Any) -> PydanticCustomError:
    return PydanticCustomError(one["type"], "{code}", one["ctx"])


def _bounds(low: int, high: int) -> dict[str, Any]:
    return {"name": "大", "recency": (low, high), "frequency": (1, 5), "amount": (1, 5)}


def test_a_range_that_is_turned_round_is_refused() -> None:
    assert _refusal(segments=[_bounds(5, 1)]) == "办法.toml 第 3 行：“segments”是 大，范围是反的：5 到 1。"


def test_a_group_that_asks_for_more_points_than_there_are_is_refused() -> None:
    """Of the ten only 最佳客户 asks for five points; 新近客户, 不能丢 and 有流失风险 for four."""
    assert _refusal(bins=4) == (
        "办法.toml 第 3 行：“bins”是 4，分数最高 4，没写 segments 时的十群里，最佳客户要的分更高，永远没有人；"
        "请写 segments（分数不超过 4），或把 bins 改大。"
    )
    assert "最佳客户、新近客户、不能丢、有流失风险要的分更高" in _refusal(bins=3)
    assert "分数最高 3，大要的分更高" in _refusal(bins=3, segments=[_bounds(4, 5)])
    assert Rules.model_validate({"bins": 3, "segments": [_bounds(3, 5)]}).bins == 3
