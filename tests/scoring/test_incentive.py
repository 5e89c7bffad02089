"""How does an actual become points, and points pay? Policies for what is missing, gates, caps, floors, advances, deferral."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from months import ACCOUNTS, CUSTOMERS, LONG_AGO, MANAGERS, TRANSACTIONS, customer, manager, post, reckon, workspace

from kehujingli.incentive import ManagerScore
from kehujingli.month import Month
from kehujingli.month.summary import score_line

OCTOBER = dt.date(2026, 10, 31)
FIGURES = {
    "责任不良贷款率": 0,
    "到期贷款收回率": 1,
    "利息收回率": 0.98,
    "存款年日均净增": 90,
    "贷款户数净增": 9,
    "中间业务收入": 9,
    "睡眠户激活": 25,
    "走访计划完成率": 1,
}
TARGETS = {"存款年日均净增": 100, "贷款户数净增": 10, "中间业务收入": 10}


def _reckoned(
    tmp_path: Path,
    figures: dict[str, Any] | None = None,
    targets: dict[str, Any] | None = None,
    adjustments: list[list[object]] | None = None,
    rules: dict[str, str] | None = None,
    **more: Any,
) -> Month:
    """One manager whose figures are typed in; by default exactly 100 points."""
    typed = FIGURES | (figures or {})
    aims = TARGETS if targets is None else targets
    files = {
        "客户信息.xlsx": [CUSTOMERS, customer("C1", holder="M1")],
        "存款账户_20261031.xlsx": [ACCOUNTS, ["AC1", "C1", "活期", 1, 0, LONG_AGO, None, None]],
        "名册.xlsx": [MANAGERS, manager("M1", **more)],
        "流水.xlsx": [TRANSACTIONS, post(OCTOBER, "C1", 1, 1)],
        "人工填报.xlsx": [
            ["工号", "考核期间", *typed, "来源", "审批人"],
            ["M1", "2026-10", *typed.values(), "信贷系统", "乙"],
        ],
        "任务数.xlsx": [
            ["工号", "指标", "任务数", "期间"],
            *(["M1", item, value, "2026"] for item, value in aims.items()),
        ],
    }
    if adjustments:
        files["加减分.xlsx"] = [["工号", "考核期间", "指标", "加减分", "事由", "经办人", "审批人"], *adjustments]
    return reckon(workspace(tmp_path, files, rules), "2026-10")


def _scored(tmp_path: Path, *arguments: Any, **more: Any) -> ManagerScore:
    return _reckoned(tmp_path, *arguments, **more).scores.managers[0]


def _points(manager: ManagerScore, item: str) -> Decimal | None:
    return next(scored.points for scored in manager.items if scored.item.id == item)


def test_meeting_everything_by_october_is_a_hundred(tmp_path: Path) -> None:
    manager = _scored(tmp_path)
    assert manager.score == Decimal("100.00")
    assert [item.source for item in manager.items if item.item.id == "npl"] == ["信贷系统"]


@pytest.mark.parametrize(
    ("npl", "points"), [(0.02, "15.00"), (0.0225, "14.25"), (0.025, "13.50"), (0.07, "0.00"), (0.5, "0.00")]
)
def test_each_half_percent_of_bad_loans_costs_one_and_a_half(tmp_path: Path, npl: float, points: str) -> None:
    assert _points(_scored(tmp_path, {"责任不良贷款率": npl}), "npl") == Decimal(points)


@pytest.mark.parametrize(("ratio", "points"), [(0.8999, "0.00"), (0.90, "8.00"), (0.95, "12.00"), (0.99, "15.00")])
def test_a_band_holds_from_its_lower_bound(tmp_path: Path, ratio: float, points: str) -> None:
    assert _points(_scored(tmp_path, {"到期贷款收回率": ratio}), "collection") == Decimal(points)


@pytest.mark.parametrize(("woken", "points"), [(4, "0.00"), (5, "1.00"), (14, "2.00"), (100, "6.00")])
def test_whole_lots_only(tmp_path: Path, woken: int, points: str) -> None:
    assert _points(_scored(tmp_path, {"睡眠户激活": woken}), "woken") == Decimal(points)


@pytest.mark.parametrize(
    ("way", "points"), [('"curve"', "18.00"), ('"none"', "16.20"), ('"target"', "19.44"), ('"score"', "13.50")]
)
def test_an_annual_target_is_prorated_as_the_rules_say(tmp_path: Path, way: str, points: str) -> None:
    """90 of 100 by October: the curve asks for 90, months for 83.33, "none" for 100; "score" takes ten twelfths of the points."""
    assert _points(_scored(tmp_path, rules={'proration = "curve"': f"proration = {way}"}), "deposit_growth") == Decimal(
        points
    )


@pytest.mark.parametrize(
    ("policy", "points"), [("withhold", None), ("zero", "0.00"), ("full", "5.00"), ("max", "6.00"), ("skip", None)]
)
def test_a_missing_target_gets_what_the_rules_say(tmp_path: Path, policy: str, points: str | None) -> None:
    aims = {key: value for key, value in TARGETS.items() if key != "中间业务收入"}
    manager = _scored(tmp_path, targets=aims, rules={'missing_target = "withhold"': f'missing_target = "{policy}"'})
    assert _points(manager, "fees") == (None if points is None else Decimal(points))
    assert (manager.score is None) == (policy == "withhold")
    if policy == "skip":
        assert manager.score == Decimal("100.00")
        assert manager.scaled == (Decimal(95), Decimal(100))


@pytest.mark.parametrize("target", [0, -5])
def test_a_target_that_is_not_above_zero_is_no_target(tmp_path: Path, target: int) -> None:
    assert _scored(tmp_path, targets=TARGETS | {"中间业务收入": target}).score is None


def test_a_veto_is_nothing_and_its_reason_is_kept(tmp_path: Path) -> None:
    manager = _scored(tmp_path, adjustments=[["M1", "2026-10", "一票否决", -1, "重大违规", "甲", "乙"]])
    assert manager.score == 0
    assert any("一票否决" in gate for gate in manager.gates)
    assert manager.pay == 0


VETO = ["M1", "2026-10", "一票否决", None, "重大违规", "甲", "乙"]


def test_a_veto_needs_no_points(tmp_path: Path) -> None:
    month = _reckoned(tmp_path, adjustments=[VETO, ["M1", "2026-10", None, None, "表扬", "甲", "乙"]])
    assert month.scores.managers[0].score == 0
    (refused,) = (told for told in month.findings if told.code == "intake.value-missing")
    assert refused.cell == "D3", "what is no veto has to say how much"


def test_a_vetoed_manager_has_no_floor(tmp_path: Path) -> None:
    for floor in ("floor = 900", "first_year_floor = 900"):
        rules = {"first_year_floor = 800": floor}
        joined = {"since": dt.date(2026, 9, 1)}
        assert _scored(tmp_path / floor / "veto", adjustments=[VETO], rules=rules, **joined).pay == 0
        zero = [["M1", "2026-10", None, -100, "多项违规", "甲", "乙"]]
        assert _scored(tmp_path / floor / "zero", adjustments=zero, rules=rules, **joined).pay == Decimal("900.00")


def test_a_veto_and_a_capped_score_are_two_words_on_the_screen(tmp_path: Path) -> None:
    vetoed = _reckoned(tmp_path / "veto", adjustments=[VETO])
    assert "，一票否决）" in score_line(vetoed.scores)
    held = {'actual = "new_npl_since_tenure"\nabove = 500_000': 'actual = "npl"\nabove = 0.01'}
    capped = _reckoned(tmp_path / "cap", {"责任不良贷款率": 0.02}, rules=held)
    assert capped.scores.managers[0].score == 60
    assert "，封顶）" in score_line(capped.scores)


def test_a_veto_that_the_scheme_does_not_know_is_told(tmp_path: Path) -> None:
    gate = '[[incentive.gate]]\nreason = "重大违规,一票否决"             # adjustments 表里 item = veto\nevent = "veto"\nscore_at_most = 0\n'
    month = _reckoned(tmp_path, adjustments=[VETO], rules={gate: ""})
    assert month.scores.managers[0].score == Decimal("100.00")
    assert "score.adjustment-unknown" in {told.code for told in month.findings}


def test_pay_is_capped_deferred_and_adds_up(tmp_path: Path) -> None:
    rich = {"存款年日均净增": 900, "贷款户数净增": 90, "中间业务收入": 90, "睡眠户激活": 99, "利息收回率": 1}
    manager = _scored(tmp_path, rich, rules={'settle = "year"': 'settle = "period"'})
    assert manager.raw_score == Decimal("107.00")
    assert manager.score == Decimal("105")
    assert manager.pay == Decimal("4200.00")
    assert manager.deferred == Decimal("1680.00")
    assert manager.advance + manager.deferred <= manager.pay


def test_the_floor_holds_in_the_first_year_only(tmp_path: Path) -> None:
    poor = {
        "存款年日均净增": 0,
        "贷款户数净增": 0,
        "中间业务收入": 0,
        "睡眠户激活": 0,
        "利息收回率": 0,
        "到期贷款收回率": 0,
        "责任不良贷款率": 1,
        "走访计划完成率": 0,
    }
    assert _scored(tmp_path / "old", poor).pay == Decimal("600.00")
    assert _scored(tmp_path / "new", poor, since=dt.date(2026, 3, 1)).pay == Decimal("800.00")


def test_every_item_keeps_its_trace(tmp_path: Path) -> None:
    for item in _scored(tmp_path).items:
        assert item.working
        assert item.points is not None
        assert Decimal(re.findall(r"-?\d+(?:\.\d+)?", item.working)[-1]) == item.points, (
            "what is worked out is what is given"
        )


def test_a_grade_without_a_standard_of_pay_is_told_and_not_paid(tmp_path: Path) -> None:
    scores = _reckoned(tmp_path, grade="特级").scores
    (told,) = [told for told in scores.findings if told.code == "score.standard-missing"]
    assert "的等级“特级”在办法里没有" in told.message
    assert (scores.managers[0].score, scores.managers[0].pay) == (Decimal("100.00"), None)
