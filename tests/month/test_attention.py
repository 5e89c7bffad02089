"""After a run, is it said first who has no score, why, and what to type next?"""

from __future__ import annotations

from kehujingli.errors import finding
from kehujingli.month.attention import Unscored, attention_lines

NO_PLAN = Unscored("走访计划完成率", "任务数表缺 2026-11 的走访计划户数", tuple(f"M{n}" for n in range(26)))
NO_TARGET = Unscored("存款年日均净增", "没有任务数", ("M1", "M77"))
TOLD = finding("score.no-actual", item="走访", missing="缺计划", policy="withhold", effect="，列入“未计分”")
BAD = finding("intake.amount-bad", file="流水.csv", cell="E2", value="x", column="金额")


def test_who_has_no_score_comes_first_with_the_cause_and_the_next_command() -> None:
    look, what_to_do = attention_lines([BAD, TOLD], (), [NO_PLAN], "2026-11")
    assert look == "请人看  ① 26 人未计分：任务数表缺 2026-11 的走访计划户数（走访计划完成率） ② 1 个金额不对"
    assert what_to_do == "怎么办  kehujingli findings 2026-11"


def test_a_cause_that_keeps_fewer_says_how_many_and_nobody_is_counted_twice() -> None:
    (look,) = attention_lines([TOLD], (), [NO_PLAN, NO_TARGET])
    assert look.startswith("请人看  ① 27 人未计分：")
    assert look.endswith("（走访计划完成率） 26 人；没有任务数（存款年日均净增） 2 人")


def test_known_causes_are_only_counted() -> None:
    assert attention_lines([TOLD], ["score.no-actual"], [NO_PLAN]) == ["请人看  没有（已知的 1 条不列）"]
