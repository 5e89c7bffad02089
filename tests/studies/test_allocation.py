"""目标分解 on targets reckoned by hand: weights, limits, exact sums, what is wrong with the bank's rows, and what is given already."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pandas as pd
import pytest
from pydantic import ValidationError

from kehujingli.errors import Problem
from kehujingli.periods import Period
from kehujingli.studies.allocation import Rules, allocation
from kehujingli.studies.study import Answer

DEPOSIT, CARDS, RATIO = "存款净增", "发卡", "收回率"
STYLES = {DEPOSIT: "money", CARDS: "count", RATIO: "ratio"}
BY_BASE = Rules(base=Decimal(1), potential=Decimal(0))


def targets(*rows: tuple[Any, ...]) -> pd.DataFrame:
    """(工号, 机构号, 指标, 任务数, 单位, 期间)"""
    frame = pd.DataFrame(rows, columns=["manager_id", "branch_id", "item", "target", "unit", "period"], dtype="object")
    return frame.assign(source_row=range(2, 2 + len(frame)))


def whole(item: str, target: str, unit: str | None = "万元", period: str | None = "2027") -> tuple[Any, ...]:
    return (None, None, item, target, unit if item == DEPOSIT else None, period)


def items(**actuals: dict[str, Any]) -> pd.DataFrame:
    """Manager → item → actual; money in 元."""
    rows = [
        {"manager_id": who, "item": item, "item_id": f"id-{item}", "style": STYLES[item], "actual": value}
        for who, mine in actuals.items()
        for item, value in mine.items()
    ]
    return pd.DataFrame(rows).assign(target_span="year")


PEOPLE = items(
    M1={DEPOSIT: Decimal(1_000_000), CARDS: Decimal(60)},
    M2={DEPOSIT: Decimal(3_000_000), CARDS: Decimal(30)},
    M3={DEPOSIT: None, CARDS: Decimal(10)},
)
SCORES = pd.DataFrame({"manager_id": ["M1", "M2", "M3"], "branch_id": ["A", "A", "B"], "duty_days": [31, 31, 31]})
BRANCHES = pd.DataFrame({"branch_id": ["A", "B"], "branch_name": ["城关", "东关"]})
LOADS = pd.DataFrame({"manager_id": ["M1", "M2", "M3"], "load_after": [100.0, 100.0, 200.0]})


def ask(given: pd.DataFrame, rules: Rules = BY_BASE, loads: pd.DataFrame | None = LOADS, **more: Any) -> Answer:
    asked = {"items": PEOPLE, "scores": SCORES, "branches": BRANCHES, "period": Period.of("2026-12")} | more
    return allocation(given, loads=loads, rules=rules, **asked)


def parts(answer: Answer) -> dict[str, Decimal]:
    rows = answer.frames["allocation_targets"]
    return dict(zip(rows["manager_id"], rows["target"], strict=True))


def codes(answer: Answer) -> list[str]:
    return [one.code for one in answer.findings]


def test_weights_are_base_and_potential() -> None:
    """M1: 0.5 × 1/4 + 0.5 × 1/4; M2: 0.5 × 3/4 + 0.5 × 1/4; M3: 0.5 × 2/4."""
    rules = Rules(base=Decimal("0.5"), potential=Decimal("0.5"), cap=Decimal(9), floor=Decimal(1))
    answer = ask(targets(whole(DEPOSIT, "400")), rules)
    assert parts(answer) == {"M1": 100, "M2": 200, "M3": 100}
    assert list(answer.frames["allocation_managers"]["weight"]) == [0.25, 0.5, 0.25]
    assert codes(answer) == []


def test_nobody_gets_more_or_less_than_the_rules_say_of_last_year() -> None:
    """By potential alone 100 : 100 : 200 of 400; M1 had 100 (70 to 130), M2 had 300 (210 to 390): M2's 210 is off the rest, 190 go 1 : 2."""
    answer = ask(targets(whole(DEPOSIT, "400")), Rules(base=Decimal(0), potential=Decimal(1)))
    assert parts(answer) == {"M1": 70, "M2": 210, "M3": 120}
    rows = answer.frames["allocation_managers"]
    assert list(rows["held"]) == ["保底", "保底", ""]
    assert rows["grown"][0] == pytest.approx(-0.3)


def test_managers_add_up_to_branches_and_branches_to_the_bank() -> None:
    answer = ask(targets(whole(CARDS, "101"), whole(DEPOSIT, "401")), Rules())
    for frame in ("allocation_targets", "allocation_managers", "allocation_branches", "allocation_items"):
        rows = answer.frames[frame]
        assert rows.groupby("item")["target"].sum().to_dict() == {CARDS: 101, DEPOSIT: 401}
    cards = answer.frames["allocation_branches"].query("item == @CARDS")
    mine = answer.frames["allocation_managers"].query("item == @CARDS").groupby("branch_id")["target"].sum()
    assert dict(zip(cards["branch_id"], cards["target"], strict=True)) == mine.to_dict()


def test_the_order_of_the_rows_does_not_matter() -> None:
    given = targets(whole(CARDS, "101"), whole(DEPOSIT, "401"))
    turned = ask(given[::-1], items=PEOPLE[::-1], scores=SCORES[::-1], loads=LOADS[::-1])
    for name, frame in ask(given).frames.items():
        pd.testing.assert_frame_equal(frame, turned.frames[name])


def test_who_moved_within_the_month_bears_the_target_where_most_days_were() -> None:
    """M3 was at 东关 for 20 days and at 城关 for 11, whichever row comes first; it is told."""
    posts = pd.DataFrame(
        {"manager_id": ["M1", "M2", "M3", "M3"], "branch_id": ["A", "A", "B", "A"], "duty_days": [31, 31, 20, 11]}
    )
    for scores in (posts, posts[::-1]):
        answer = ask(targets(whole(CARDS, "100")), scores=scores)
        rows = answer.frames["allocation_branches"].set_index("branch_id")
        assert rows.loc["B", "target"] == 10
        assert [(one.code, "M3" in one.message) for one in answer.findings] == [("study.allocation-posts", True)]


def test_limits_that_cannot_hold_are_told_and_moved_alike() -> None:
    """60 + 30 + 10 may be at most 78 + 39 + 13 = 130 of 200."""
    answer = ask(targets(whole(CARDS, "200")))
    assert parts(answer) == {"M1": 120, "M2": 60, "M3": 20}
    (told,) = answer.findings
    assert (told.code, "下限合计 70，上限合计 130" in told.message) == ("study.allocation-limits", True)


def test_a_target_that_is_no_multiple_of_the_step_is_parted_all_the_same() -> None:
    answer = ask(targets(whole(DEPOSIT, "400.5")))
    assert sum(parts(answer).values()) == Decimal("400.5")
    assert codes(answer) == ["study.allocation-step"]


def test_yuan_and_wan_mean_the_same() -> None:
    assert parts(ask(targets(whole(DEPOSIT, "4000000", "元")))) == parts(ask(targets(whole(DEPOSIT, "400"))))


def test_the_months_end_with_the_whole_and_follow_the_season() -> None:
    rules = BY_BASE.model_copy(update={"season": (Decimal(6), *(Decimal(0),) * 10, Decimal(4))})
    answer = ask(targets(whole(CARDS, "100")), rules)
    rows = answer.frames["allocation_months"].set_index("manager_id")
    assert list(rows.loc["M1", ["by_1", "by_11", "by_12"]]) == [36, 36, 60]


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([whole(DEPOSIT, "400"), whole(DEPOSIT, "500")], "study.allocation-twice"),
        ([whole("没有的指标", "400")], "study.allocation-unknown"),
        ([whole(RATIO, "0.98")], "study.allocation-ratio"),
        ([whole(DEPOSIT, "-400")], "study.allocation-odd"),
        ([whole(DEPOSIT, "四百")], "study.allocation-odd"),
        ([whole(DEPOSIT, "400", None)], "study.allocation-unit"),
        ([whole(DEPOSIT, "400", period="2027Q1")], "study.allocation-span"),
        ([("M1", "A", CARDS, "10", None, "2027")], "study.allocation-none"),
    ],
)
def test_a_row_of_the_bank_that_cannot_be_parted_is_told_and_not_parted(rows: list[Any], code: str) -> None:
    people = pd.concat([PEOPLE, items(M1={RATIO: Decimal("0.9")})], ignore_index=True)
    answer = ask(targets(*rows), items=people)
    assert codes(answer) == [code]
    assert parts(answer) == {}


def test_the_same_row_twice_is_one_target() -> None:
    answer = ask(targets(whole(CARDS, "100"), whole(CARDS, "100.0")))
    assert (sum(parts(answer).values()), codes(answer)) == (100, [])


def test_an_item_whose_target_the_rules_fix_is_not_parted() -> None:
    answer = ask(targets(whole(CARDS, "100")), items=PEOPLE.assign(target_span="fixed"))
    assert codes(answer) == ["study.allocation-unknown"]


def test_a_branch_without_managers_is_told() -> None:
    more = pd.DataFrame({"branch_id": ["A", "B", "C"], "branch_name": ["城关", "东关", "西河"]})
    answer = ask(targets(whole(CARDS, "100")), branches=more)
    (told,) = answer.findings
    assert (told.code, "西河" in told.message) == ("study.allocation-branch-empty", True)
    assert sum(parts(answer).values()) == 100


def test_what_was_given_beyond_the_banks_target_is_told() -> None:
    given = targets(
        whole(CARDS, "100"), ("M1", "A", CARDS, "70", None, "2027"), (None, "A", CARDS, "101", None, "2027")
    )
    answer = ask(given)
    assert codes(answer) == ["study.allocation-markup", "study.allocation-given"]
    assert "发卡各机构合计 101，全行 100" in answer.findings[0].message
    assert answer.frames["allocation_items"]["given"][0] == 70
    assert answer.frames["allocation_branches"]["own"][0] == 101


def test_the_last_year_counts_unless_another_is_named() -> None:
    given = targets(whole(CARDS, "90", period="2026"), whole(CARDS, "100"))
    last = ask(given)
    assert (sum(parts(last).values()), codes(last)) == (100, ["study.allocation-years"])
    named = ask(given, year=2026)
    assert (sum(parts(named).values()), codes(named)) == (90, ["study.allocation-part"])
    with pytest.raises(Problem, match="不是年份"):
        ask(given, year=27)


def test_who_has_neither_base_nor_potential_is_one_of_equals() -> None:
    nothing = items(M1={CARDS: None}, M2={CARDS: Decimal(0)}, M3={CARDS: Decimal(-5)})
    assert parts(ask(targets(whole(CARDS, "10")), items=nothing, loads=None)) == {"M1": 4, "M2": 3, "M3": 3}


@pytest.mark.parametrize("wrong", [{"base": 0, "potential": 0}, {"season": [1, 2]}, {"season": [0] * 12}, {"floor": 2}])
def test_rules_that_do_not_fit_together_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Rules.model_validate(wrong)
