"""What did people fill in, and what becomes of lines that nobody can read? Units, numbers, periods, unknown items, lines that differ."""

from __future__ import annotations

from decimal import Decimal

import pytest
from filled import DEPOSITS, LOANS, rules, scored

from kehujingli.errors import brief
from kehujingli.incentive import ItemScore, Scores
from kehujingli.periods import month_name, named_months
from kehujingli.rules import IncentiveRules

D = Decimal


def item_of(scores: Scores, item: str) -> ItemScore:
    return next(one for one in scores.managers[0].items if one.item.id == item)


def told(scores: Scores, code: str) -> list[str]:
    return [finding.text for finding in scores.findings if finding.code == code]


def test_what_is_filled_in_whole_is_scored_without_a_word() -> None:
    scores = scored()
    assert scores.managers[0].score == D("80.00")
    assert scores.findings == []


@pytest.mark.parametrize("value", ["nan", "NaN", "inf", "-Infinity", "sNaN", "1e99", "约80万"])
def test_what_is_no_number_is_told_and_left_out(value: str) -> None:
    scores = scored(typed=[{"item": "存款", "value": value}, {"item": "贷款户数", "value": "8"}])
    assert item_of(scores, "deposits").status == "withheld"
    assert told(scores, "score.actual-bad") == [
        f"人工填报第 2 行：M1 甲的“存款”是“{value}”，不是数，不予采用。请改正后再放进来。"
    ]


def test_targets_and_adjustments_are_numbers_too() -> None:
    scores = scored(
        targets=[{"item": "存款", "target": "NaN"}, {"item": "贷款户数", "target": "10"}],
        adjustments=[{"points": "Infinity"}, {"points": "-2"}],
    )
    assert item_of(scores, "deposits").status == "withheld"
    assert scores.managers[0].adjustment == D(-2)
    assert [text.split("：")[0] for text in told(scores, "score.actual-bad")] == ["任务数第 2 行", "加减分第 2 行"]


@pytest.mark.parametrize(("unit", "target"), [("万元", "100"), ("元", "1000000"), (None, "1000000")])
def test_the_unit_in_the_header_holds_for_what_is_money(unit: str | None, target: str) -> None:
    """100 in a column 任务数(万元) is a million 元; the borrowers in the same column stay ten."""
    scores = scored(
        targets=[{"item": "存款", "target": target, "unit": unit}, {"item": "贷款户数", "target": "10", "unit": unit}]
    )
    assert (item_of(scores, "deposits").points, item_of(scores, "loans").points) == (D("48.00"), D("32.00"))


def test_without_a_unit_in_the_header_the_items_own_holds() -> None:
    scheme = rules(DEPOSITS | {"unit": 10_000}, LOANS)
    targets = [{"item": "存款", "target": "100"}, {"item": "贷款户数", "target": "10"}]
    typed = [{"item": "存款", "value": "80"}, {"item": "贷款户数", "value": "8"}]
    assert scored(scheme, typed, targets).managers[0].score == D("80.00")
    in_yuan = [{"item": "存款", "target": "1000000", "unit": "元"}, targets[1]]
    assert scored(scheme, typed, in_yuan).managers[0].score == D("80.00")


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026", "2026-01", "2026-12"),
        ("2026年度", "2026-01", "2026-12"),
        ("2026.0", "2026-01", "2026-12"),
        ("2026Q4", "2026-10", "2026-12"),
        ("2026年第四季度", "2026-10", "2026-12"),
        ("2026-2季度", "2026-04", "2026-06"),
        ("2026-10", "2026-10", "2026-10"),
        ("202610", "2026-10", "2026-10"),
        ("2026年10月份", "2026-10", "2026-10"),
        ("20261031", "2026-10", "2026-10"),
        ("2026-10-31 00:00:00", "2026-10", "2026-10"),
        ("2026年1月5日", "2026-01", "2026-01"),
    ],
)
def test_a_period_is_a_year_a_quarter_a_month_or_a_day_of_it(text: str, first: str, last: str) -> None:
    found = named_months(text)
    assert found is not None
    assert (month_name(found.first), month_name(found.last)) == (first, last)


@pytest.mark.parametrize("text", ["2026-13", "2026年上半年", "20261", "20261331", "10月", "2026-10至2026-12", "全年"])
def test_what_is_no_period_is_told_wherever_it_stands(text: str) -> None:
    assert named_months(text) is None
    scores = scored(
        typed=[{"item": "存款", "value": "1", "period": text}, {"item": "贷款户数", "value": "8"}],
        targets=[{"item": "存款", "target": "1", "period": text}, {"item": "贷款户数", "target": "10"}],
        adjustments=[{"points": "-2", "period": text}],
    )
    tables = [line.split("第")[0] for line in told(scores, "score.period-unknown")]
    assert tables == ["任务数", "加减分", "人工填报"]
    assert scores.managers[0].adjustment == 0
    assert told(scores, "score.period-unfit") == [], (
        "what is no period is not told a second time as one of another length"
    )


def test_an_adjustment_of_a_day_counts_in_its_month_and_one_of_another_month_waits_for_it() -> None:
    lines = [{"points": "-2", "period": "20261031"}, {"points": "-4", "period": "2026-09-30"}]
    scores = scored(adjustments=lines)
    assert (scores.managers[0].adjustment, scores.findings) == (D(-2), [])


def test_an_adjustment_of_a_quarter_counts_where_the_scheme_is_quarterly() -> None:
    lines = [{"points": "-2", "period": "2026Q4"}, {"points": "-3", "period": "2026年12月"}]
    quarterly = rules(cycle="quarter")
    assert scored(quarterly, adjustments=lines, period="2026-12").managers[0].adjustment == D(-5)
    early = scored(quarterly, adjustments=lines, period="2026-11")
    assert (early.managers[0].adjustment, early.findings) == (0, [])
    monthly = scored(adjustments=lines, period="2026-12")
    assert monthly.managers[0].adjustment == D(-3)
    assert told(monthly, "score.period-unfit") == [
        "加减分第 2 行（M1 甲）的期间是“2026Q4”，办法按月考核，不予采用。请把期间改成 2026-12；已在别的期间采用过的，请用 --accept 注明。"
    ]


def test_a_month_inside_a_quarter_that_ends_is_told() -> None:
    scores = scored(rules(cycle="quarter"), adjustments=[{"points": "-2", "period": "2026-11"}], period="2026-12")
    assert scores.managers[0].adjustment == 0
    assert "请把期间改成 2026Q4" in told(scores, "score.period-unfit")[0]


def test_a_target_of_an_item_that_the_scheme_has_not_is_told_once() -> None:
    more = [{"item": "存贷款", "target": "5"}, {"item": "存贷款", "target": "6", "manager_id": "M2"}]
    scores = scored(targets=[{"item": "存款", "target": "1000000"}, {"item": "贷款户数", "target": "10"}, *more])
    assert scores.managers[0].score == D("80.00")
    assert told(scores, "score.target-unknown") == [
        "任务数第 4、5 行的指标“存贷款”在办法里没有，不予采用。请改成办法里的指标名；不考核的请删去。"
    ]


def test_the_plan_of_visits_is_no_targets_item_and_still_known() -> None:
    plan = {"item": "走访计划户数", "target": "12", "period": "2026-10"}
    scores = scored(targets=[{"item": "存款", "target": "1000000"}, {"item": "贷款户数", "target": "10"}, plan])
    assert scores.findings == []


def test_two_targets_that_differ_are_none() -> None:
    targets = [
        {"item": "存款", "target": "1000000"},
        {"item": "存款", "target": "500000"},
        {"item": "贷款户数", "target": "10"},
    ]
    scores = scored(targets=targets)
    assert item_of(scores, "deposits").status == "withheld"
    assert told(scores, "score.lines-differ") == [
        "任务数第 2、3 行（M1 甲）“存款”各不相同（1000000、500000），都不予采用。请核对后只留一行。"
    ]
    assert len(told(scores, "score.no-target")) == 1


def test_the_same_target_twice_is_one_and_a_months_own_wins_over_the_years() -> None:
    targets = [
        {"item": "存款", "target": "1000000"},
        {"item": "存款", "target": "1000000.00"},
        {"item": "贷款户数", "target": "99"},
        {"item": "贷款户数", "target": "10", "period": "20261001"},
    ]
    scores = scored(targets=targets)
    assert (scores.managers[0].score, scores.findings) == (D("80.00"), [])


def test_two_typed_figures_that_differ_are_none_and_both_are_shown() -> None:
    typed = [
        {"item": "存款", "value": "800000"},
        {"item": "存款", "value": "900000"},
        {"item": "贷款户数", "value": "8"},
    ]
    scores = scored(typed=typed)
    assert item_of(scores, "deposits").status == "withheld"
    assert told(scores, "score.lines-differ")[0].startswith(
        "人工填报第 2、3 行（M1 甲）“存款”各不相同（800000、900000）"
    )
    assert [(row["value"], row["remark"]) for row in scores.manual] == [
        (D(800000), "各行不同，未采用"),
        (D(900000), "各行不同，未采用"),
        (D(8), ""),
    ]


def test_a_missing_target_is_told_with_what_its_own_item_says() -> None:
    scheme = rules(DEPOSITS | {"missing_target": "zero"}, LOANS, missing_target="withhold")
    scores = scored(scheme, targets=[])
    assert [text.split("任务数，")[1].split("。")[0] for text in told(scores, "score.no-target")] == [
        "按零分计",
        "本期不出得分，列入“未计分”；其他人照常",
    ]


def test_somebody_who_lacks_two_targets_is_one_person() -> None:
    scheme = rules(DEPOSITS | {"missing_target": "zero"}, LOANS, missing_target="withhold")
    scores = scored(scheme, targets=[])
    assert brief([told for told in scores.findings if told.code == "score.no-target"]) == "1 人无任务数"


def test_a_target_of_nothing_is_not_said_to_be_missing() -> None:
    targets = [{"item": "存款", "target": "0"}, {"item": "贷款户数", "target": "10"}]
    assert told(scored(targets=targets), "score.no-target")[0].startswith("M1 甲没有 2026 年“存款”（填的是 0）任务数，")


TWO = {
    "scheme": [
        {"title": "资产", "population": {"specialism": ["资产"]}, "item": [LOANS | {"points": 100}]},
        {"title": "负债", "population": {"specialism": ["负债"]}, "item": [DEPOSITS | {"points": 100}]},
    ]
}


def test_the_papers_of_somebody_in_two_schemes_are_adopted_and_told_once() -> None:
    """Assets until the 15th, liabilities since; each scheme knows its own item, and neither is told as unknown."""
    posts = ({"specialism": "asset", "until": 20741}, {"specialism": "liability", "branch_id": "802", "since": 20742})
    lines = [
        {"item": "扣回", "amount": -30_000},
        {"item": "存款", "points": "-2"},
        {"points": "-1", "reason": None},
        {"item": "没有的", "points": "-1"},
    ]
    scores = scored(IncentiveRules.model_validate(TWO), adjustments=lines, posts=posts)
    assert [one.score for one in scores.managers] == [D("80.00"), D("78.00")]
    assert list(scores.adjustments["row"]) == [2, 3]
    assert [row["item"].id for row in scores.manual] == ["loans", "deposits"]
    assert sorted(finding.code for finding in scores.findings) == ["score.adjustment-unknown"]
