"""What do a threshold, the best of a group, a price by completion and a condition on an item come to, from papers to pay?"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from filled import LOANS, rules, scored
from pydantic import ValidationError

from kehujingli.incentive import ManagerScore

D = Decimal
REST = {"id": "rest", "label": "其余", "category": "benefit", "points": 70, "shape": "linear", "slope": 1, "base": 0}
INTEREST = {"id": "interest", "label": "利息回收", "category": "risk", "points": 30}
CARDS = {"id": "cards", "label": "两卡", "category": "growth", "shape": "unit_price", "price": 5}
RATE = {"id": "rate", "label": "电子办贷率", "style": "ratio"}
BY_PRICE = {"mode": "unit_price"}


def _points(manager: ManagerScore, key: str) -> Decimal | None:
    return next(item.points for item in manager.items if item.item.id == key)


@pytest.mark.parametrize(("done", "points"), [("110", "31.00"), ("90", "0.00"), ("100", "30.00"), ("160", "35.00")])
def test_below_the_plan_nothing_and_above_it_thirty_and_ten_times_the_excess(done: str, points: str) -> None:
    """Below the plan 0, else 30 + 10 × what is beyond it, at most 35: 110 of 100 are 30 + 10 × 10 %."""
    plan = INTEREST | {"shape": "threshold", "bonus_points": 10, "bonus_max": 5}
    typed = [{"item": "利息回收", "value": done}, {"item": "其余", "value": "1"}]
    (manager,) = scored(rules(plan, REST), typed, [{"item": "利息回收", "target": "100"}]).managers
    assert _points(manager, "interest") == D(points)


def test_the_best_has_full_marks_and_everybody_else_in_proportion_to_him() -> None:
    best = INTEREST | {"shape": "best", "min": 0}
    done = {"M1": "300000", "M2": "200000", "M3": "-40000"}
    typed = [{"manager_id": who, "item": "利息回收", "value": value} for who, value in done.items()]
    typed += [{"manager_id": who, "item": "其余", "value": "70"} for who in done]
    posts = tuple({"manager_id": who} for who in done)
    found = scored(rules(best, REST), typed, [], posts=posts).managers
    assert [manager.score for manager in found] == [D("100.00"), D("90.00"), D("70.00")]


def test_the_best_is_the_best_of_the_own_branch() -> None:
    best = INTEREST | {"shape": "best", "peers": "branch_id"}
    done = {"M1": "50", "M2": "100"}
    typed = [{"manager_id": who, "item": "利息回收", "value": value} for who, value in done.items()]
    typed += [{"manager_id": who, "item": "其余", "value": "0"} for who in done]
    posts = ({"manager_id": "M1", "branch_id": "801"}, {"manager_id": "M2", "branch_id": "802"})
    assert [manager.score for manager in scored(rules(best, REST), typed, [], posts=posts).managers] == [D(30), D(30)]


@pytest.mark.parametrize(("target", "pay"), [("125", "300.00"), ("124", "500.00"), ("100", "800.00"), ("99", "800.00")])
def test_a_price_goes_by_how_much_of_the_own_target_was_done(target: str, pay: str) -> None:
    """100 done: at 3 yuan up to four fifths of the target, that end included, at 5 below the target, at 8 from it on."""
    tiers = [[0, D("0.8"), 3], [D("0.8"), D("0.9999"), 5], [D("0.9999"), D("Infinity"), 8]]
    item = CARDS | {"shape": "flat_tiers", "by_target": True, "closed": "high", "tiers": tiers}
    del item["price"]
    typed, aims = [{"item": "两卡", "value": "100"}], [{"item": "两卡", "target": target}]
    (manager,) = scored(rules(item, pay=BY_PRICE), typed, aims).managers
    assert manager.pay == D(pay)


def test_a_price_by_completion_needs_a_target() -> None:
    item = CARDS | {"shape": "marginal_tiers", "by_target": True, "tiers": [[0, D("Infinity"), 3]]}
    del item["price"]
    (manager,) = scored(rules(item, pay=BY_PRICE), [{"item": "两卡", "value": "100"}], []).managers
    assert manager.withheld == ("两卡：没有任务数，未计分",)


@pytest.mark.parametrize(("rate", "pay"), [("0.35", "50.00"), ("0.3499", "0.00")])
def test_an_item_of_pay_may_have_its_own_condition(rate: str, pay: str) -> None:
    item = CARDS | {"only_when": [{"of": "rate", "at_least": D("0.35")}]}
    typed = [{"item": "两卡", "value": "10"}, {"item": "电子办贷率", "value": rate}]
    (manager,) = scored(rules(item, metric=[RATE], pay=BY_PRICE), typed, []).managers
    assert manager.pay == D(pay)
    assert ("门槛未到：电子办贷率 34.99%（要 ≥35.00%），不计" in manager.items[0].working) == (rate == "0.3499")


def test_a_condition_of_which_nothing_is_known_is_not_taken_for_met() -> None:
    item = CARDS | {"only_when": [{"of": "rate", "at_least": D("0.35")}]}
    (manager,) = scored(rules(item, metric=[RATE], pay=BY_PRICE), [{"item": "两卡", "value": "10"}], []).managers
    assert manager.withheld == ("两卡：没有电子办贷率，未计分",)


def _few(**more: Any) -> ManagerScore:
    charges = [{"of": "made", "each": 1, "below": 5}, {"of": "complaints", "each": 2}]
    item = {"id": "few", "label": "放款不足", "category": "growth", "shape": "penalty", "charges": charges}
    typed = [{"item": name, "value": value} for name, value in more.items()] + [{"item": "其余", "value": "70"}]
    metric = [{"id": "made", "label": "放款笔数"}, {"id": "complaints", "label": "投诉"}]
    full = REST | {"points": 100}
    (manager,) = scored(rules(full, item, metric=metric, missing_actual="zero"), typed, []).managers
    return manager


def test_a_count_that_is_left_blank_is_no_better_than_none() -> None:
    """Five short of five loans cost five points, whether somebody wrote 0 or nothing; the complaint counts in both."""
    assert _few(放款笔数="0", 投诉="1").score == _few(投诉="1").score == D("63.00")
    assert _few(放款笔数="3").score == D("68.00")


def test_the_blank_is_told() -> None:
    charges = [{"of": "made", "each": 1, "below": 5}]
    item = {"id": "few", "label": "放款不足", "category": "growth", "shape": "penalty", "charges": charges}
    scheme = rules(LOANS | {"points": 100}, item, metric=[{"id": "made", "label": "放款笔数"}], missing_actual="zero")
    told = [finding.message for finding in scored(scheme).findings if finding.code == "score.no-actual"]
    assert told == ['“放款不足”算不出：没有放款笔数。按办法 missing_actual = "zero"，没填的数按 0 计。']


POINTS = {"id": "work", "label": "工作", "category": "duty", "points": 100, "shape": "linear", "slope": 1, "base": 0}
STEPS = [[D("-Infinity"), 60, D("0.5")], [60, 90, 1], [90, D("Infinity"), D("1.2")]]


@pytest.mark.parametrize(
    ("keys", "score", "pay", "worth"),
    [
        ({"times_score": True}, "85.5", "1455.00", "10.00"),  # 600 + 1,000 × 85.5 % = 1,455; a point is 10
        ({"times_score": True}, "-3", "600.00", "0.00"),
        ({"score_factor": STEPS}, "59.99", "1100.00", "500.00"),  # one point more is the next band: 1,000 × 0.5 more
        ({"score_factor": STEPS}, "60", "1600.00", "0.00"),
        ({"score_factor": STEPS}, "90", "1800.00", "0.00"),
        ({"times_score": True, "score_factor": STEPS}, "90", "1680.00", "12.00"),  # 1,000 × 90 % × 1.2
        ({"times_score": True, "cap": 1460}, "85.5", "1455.00", "5.00"),
    ],
)
def test_what_is_earned_by_prices_is_paid_by_the_score(keys: dict[str, Any], score: str, pay: str, worth: str) -> None:
    """A base of 600 and 200 cards at 5 yuan, times what the score says."""
    typed = [{"item": "两卡", "value": "200"}, {"item": "工作", "value": score}]
    (manager,) = scored(rules(CARDS, POINTS, pay=BY_PRICE | {"base": 600} | keys), typed, []).managers
    assert manager.pay == D(pay)
    assert sum(amount for _, amount in manager.parts) == manager.pay
    assert manager.point_worth == D(worth)


@pytest.mark.parametrize(
    ("items", "pay", "said"),
    [
        ((CARDS,), {"times_score": True}, "没有得分可乘"),
        ((CARDS,), {"score_factor": STEPS}, "没有得分可乘"),
        ((CARDS, POINTS), {"mode": "score", "standard": 1, "times_score": True}, "再乘就是两次"),
    ],
)
def test_a_factor_by_a_score_that_is_not_there_or_counts_already_is_refused(
    items: tuple[dict[str, Any], ...], pay: dict[str, Any], said: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        rules(*items, pay=BY_PRICE | pay)
    assert said in str(refused.value.errors()[0]["ctx"]["detail"])
