"""Whose figure, and how much of the target? A head answers for his people, half and half is two items, and somebody new has a part of the target."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from filled import DEPOSITS, LOANS, rules, scored
from months import ACCOUNTS, CUSTOMERS, LONG_AGO, MANAGERS, TRANSACTIONS, customer, manager, post, reckon, workspace
from pydantic import ValidationError

from kehujingli.incentive import ManagerScore, Scores
from kehujingli.periods import day_of
from kehujingli.rules import EXAMPLE

D = Decimal
HALF = {"points": 50, "target": 100_000}
OWN = DEPOSITS | HALF
MEAN = DEPOSITS | HALF | {"id": "branch", "label": "本社存款", "whose": "mean", "peers": "branch_id"}


def _typed(item: str, **done: str) -> list[dict[str, Any]]:
    return [{"manager_id": who, "item": item, "value": value} for who, value in done.items()]


def _points(scores: Scores) -> dict[str, list[Decimal | None]]:
    return {one.manager_id: [item.points for item in one.items] for one in scores.managers}


def test_half_of_the_own_and_half_of_the_branchs_mean_are_two_items() -> None:
    """M1 200,000 and M2 100,000 of branch 801, M3 50,000 of 802; 100,000 are 50 points: own 100, 50, 25; mean 150,000 and 50,000."""
    done = {"M1": "200000", "M2": "100000", "M3": "50000"}
    posts = tuple({"manager_id": who, "branch_id": "802" if who == "M3" else "801"} for who in done)
    found = scored(rules(OWN, MEAN), _typed("存款", **done) + _typed("本社存款", **done), [], posts=posts)
    assert _points(found) == {"M1": [D(100), D(75)], "M2": [D(50), D(75)], "M3": [D(25), D(25)]}
    item = found.managers[0].items[1]
    assert (item.source, item.actual) == ("同机构 2 人人均", None), "no contributions of his own stand behind it"
    assert item.next_step == "按同机构 2 人人均：每多 1 分需 0.20万元"


def test_of_a_group_in_which_somebodys_figure_is_not_known_nothing_is_known() -> None:
    posts = ({"manager_id": "M1"}, {"manager_id": "M2"})
    found = scored(rules(MEAN | {"points": 100}), _typed("本社存款", M1="200000"), [], posts=posts)
    assert [one.withheld for one in found.managers] == [("本社存款：同机构 2 人人均里 M2 没有人工填报数，未计分",)] * 2


def test_a_ratio_that_was_typed_in_has_no_parts_to_be_summed() -> None:
    item = {"id": "npl", "label": "全社不良率", "category": "risk", "style": "ratio", "points": 100, "whose": "sum"}
    item |= {"shape": "deduct", "base": D("0.02"), "step": D("0.01"), "per_step": 1}
    posts = ({"manager_id": "M1"}, {"manager_id": "M2"})
    found = scored(rules(item), _typed("全社不良率", M1="0.01", M2="0.03"), [], posts=posts)
    assert "不能合计" in found.managers[0].withheld[0]


def test_a_gate_may_look_at_the_whole_branch() -> None:
    metric = {"id": "cases", "label": "本社案件", "whose": "sum", "peers": "branch_id", "missing": 0}
    gate = {"reason": "本社有案件", "actual": "cases", "above": 0, "score_at_most": 20}
    posts = tuple({"manager_id": who, "branch_id": "802" if who == "M3" else "801"} for who in ("M1", "M2", "M3"))
    typed = _typed("存款", M1="100000", M2="100000", M3="100000") + _typed("本社案件", M2="1")
    found = scored(rules(OWN | {"points": 100}, metric=[metric], gate=[gate]), typed, [], posts=posts)
    assert [one.score for one in found.managers] == [D(20), D(20), D(100)]


TWO = """
[incentive]
[[incentive.scheme]]
title = "负责人"
population = { grade = ["主任"] }
[[incentive.scheme.item]]
id = "all"
label = "全社存款净增"
category = "benefit"
actual = "average_deposit_growth"
points = 100
shape = "completion"
target = 600_000
whose = "sum"
peers = "branch_id"
[[incentive.scheme]]
title = "客户经理"
population = { grade = ["中级"] }
[[incentive.scheme.item]]
id = "own"
label = "存款净增"
category = "benefit"
actual = "average_deposit_growth"
points = 100
shape = "completion"
target = 300_000
"""


def test_a_heads_figure_is_the_sum_of_his_people_whose_scheme_is_another(tmp_path: Path) -> None:
    """100,000 + 200,000 of M1 and 300,000 of M2 make 600,000 of their head, who holds nobody; another branch's 900,000 are not his."""
    text = EXAMPLE.read_text(encoding="utf-8")
    amounts = {"C1": 100_000, "C2": 200_000, "C3": 300_000, "C4": 900_000}
    holders = {"C1": "M1", "C2": "M1", "C3": "M2", "C4": "M4"}
    files = {
        "客户信息.xlsx": [CUSTOMERS, *(customer(who, holder=holders[who]) for who in amounts)],
        "存款账户_20261031.xlsx": [
            ACCOUNTS,
            *([f"A{who}", who, "活期", amount, 0, LONG_AGO, None, None] for who, amount in amounts.items()),
        ],
        "流水.xlsx": [
            TRANSACTIONS,
            *(post(date(2026, 1, 1), who, amount, amount, number=who) for who, amount in amounts.items()),
        ],
        "名册.xlsx": [
            MANAGERS,
            manager("M1"),
            manager("M2"),
            manager("M3", grade="主任"),
            manager("M4", branch="802001"),
        ],
    }
    month = reckon(workspace(tmp_path, files, {text[text.index("[incentive]") :]: TWO}), "2026-10")
    found: dict[str, ManagerScore] = {one.manager_id: one for one in month.scores.managers}
    assert {who: one.score for who, one in found.items()} == {"M1": D(100), "M2": D(100), "M3": D(100), "M4": D(300)}
    assert found["M3"].items[0].quantity is not None
    assert found["M3"].items[0].quantity.value == 600_000


TENURE = [[0, D("0.3")], [3, D("0.6")], [6, 1]]


@pytest.mark.parametrize(
    ("since", "points"),
    [
        (date(2026, 10, 8), "100.00"),  # no month yet: 30,000 of 100,000
        (date(2026, 7, 31), "50.00"),  # three months on 31 October: 60,000
        (date(2026, 8, 1), "100.00"),  # two
        (date(2026, 4, 30), "30.00"),  # six: the whole
    ],
)
def test_somebody_new_has_a_part_of_the_target(since: date, points: str) -> None:
    item = DEPOSITS | {"points": 100, "tenure": TENURE}
    typed, aims = [{"item": "存款", "value": "30000"}], [{"item": "存款", "target": "100000"}]
    (one,) = scored(rules(item), typed, aims, posts=({"since": day_of(since)},)).managers
    assert one.score == D(points)
    assert one.items[0].working.startswith("任职 0 个月，任务 10.00万 × 30.00%；") == (since.day == 8)


def test_without_a_first_day_the_whole_target_holds_and_it_is_told() -> None:
    item = DEPOSITS | {"points": 100, "tenure": TENURE}
    typed, aims = [{"item": "存款", "value": "30000"}], [{"item": "存款", "target": "100000"}]
    found = scored(rules(item), typed, aims, posts=({"since": None},))
    assert found.managers[0].score == D(30)
    assert "M1 甲（1 人）名册上没有任职日期" in next(
        f.message for f in found.findings if f.code == "score.tenure-unknown"
    )


@pytest.mark.parametrize(
    ("keys", "key"),
    [
        ({"tenure": [[1, 1]]}, "tenure"),
        ({"tenure": [[0, 1], [6, 1], [3, 1]]}, "tenure"),
        ({"shape": "best", "whose": "sum"}, "whose"),
    ],
)
def test_what_cannot_be_meant_is_refused(keys: dict[str, Any], key: str) -> None:
    with pytest.raises(ValidationError) as refused:
        rules(LOANS | {"points": 100} | keys)
    assert refused.value.errors()[0]["ctx"]["key"] == key
