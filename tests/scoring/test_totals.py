"""What do the items add up to where some are left out, and who has been in office less than a year?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from filled import DEPOSITS, rules, scored

from kehujingli.incentive import Scores
from kehujingli.periods import day_of

D = Decimal
EXTRA = {
    "id": "violations",
    "label": "违规",
    "category": "compliance",
    "shape": "penalty",
    "charges": [{"of": "caught", "each": 5}],
}
CAUGHT = {"id": "caught", "label": "违规次数", "missing": 0}
LOST = {"id": "lost", "label": "丢失"}
WORK = {"id": "work", "label": "工作", "category": "duty", "points": 50, "shape": "linear", "slope": 1, "base": 0}


def _scored(*items: dict[str, Any], **typed: str) -> Scores:
    scheme = rules(*items, metric=[CAUGHT, LOST], missing_actual="skip")
    return scored(scheme, [{"item": item, "value": value} for item, value in typed.items()], [])


def test_what_is_taken_off_is_not_scaled_with_what_is_left() -> None:
    """50 of 50 is a hundred once half of the marks could not be told; a violation costs five, not ten."""
    half = DEPOSITS | {"points": 50}
    (manager,) = _scored(WORK, half, EXTRA, 工作="50", 违规次数="1").managers
    assert manager.score == D("95.00")
    assert manager.scaled == (D(50), D(100))


def test_a_bonus_and_an_item_that_only_takes_off_stay_as_they_are() -> None:
    bonus = {"id": "gift", "label": "加分", "category": "growth", "shape": "bonus", "each": 1, "most": 9}
    duty = WORK | {"id": "duty", "label": "纪律", "points": 10, "max": 0}
    items = (WORK | {"points": 45}, DEPOSITS | {"points": 45}, duty, bonus)
    (manager,) = _scored(*items, 工作="22", 纪律="-4", 加分="3").managers
    assert manager.scaled == (D(55), D(100))
    assert manager.score == D("40.00") - 4 + 3


def test_an_extra_that_is_left_out_scales_nothing() -> None:
    (manager,) = _scored(WORK | {"points": 100}, EXTRA | {"charges": [{"of": "lost", "each": 5}]}, 工作="70").managers
    assert (manager.score, manager.scaled) == (D("70.00"), None)


def test_somebody_of_whom_nothing_can_be_told_has_no_score() -> None:
    (manager,) = _scored(WORK, DEPOSITS | {"points": 50}, EXTRA).managers
    assert manager.score is None
    assert manager.withheld == ("各项都不计，没有可计分的指标",)


def _pay(since: date, period: str) -> Decimal | None:
    scheme = rules(WORK | {"points": 100}, pay={"standard": 1000, "first_year_floor": 800})
    typed = [{"item": "工作", "value": "10"}]
    (manager,) = scored(scheme, typed, [], period=period, posts=({"since": day_of(since)},)).managers
    return manager.pay


def test_the_first_year_is_a_year_whatever_its_days() -> None:
    """From 1 March 2023 to 29 February 2024 are 366 days, and still the first year."""
    assert _pay(date(2023, 3, 1), "2024-02") == D("800.00")
    assert _pay(date(2023, 3, 1), "2024-03") == D("100.00")
    assert _pay(date(2024, 3, 1), "2025-02") == D("800.00")
    assert _pay(date(2023, 2, 28), "2024-02") == D("100.00")
