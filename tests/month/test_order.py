"""Is the order of a month a fixed one, and is a trial of it the month that other rules would have made?"""

from __future__ import annotations

import dataclasses
import datetime as dt
import inspect
from dataclasses import fields
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from months import ACCOUNTS, CUSTOMERS, MANAGERS, TRANSACTIONS, customer, manager, monthly, post, reckon, workspace

from kehujingli.month import Month
from kehujingli.month.memory import Either, Step, Where
from kehujingli.month.trial import assumed, under
from kehujingli.rules import load_rules

PERIOD = "2026-10"


def _month(root: Path, rules: dict[str, str] | None = None) -> Month:
    """C1 is active by herself; C2 only moves money between two accounts of her own."""
    rows = monthly("C1", dt.date(2025, 11, 1), 12)
    moves = [
        [day, "C2", f"{mine}C2", sign, 100, None, "转账", f"{mine}{at}", f"{other}C2"]
        for at in range(12)
        for day in [dt.date(2025 + (10 + at) // 12, (10 + at) % 12 + 1, 12)]
        for mine, sign, other in (("A", "借", "B"), ("B", "贷", "A"))
    ]
    files = {
        "客户信息_20261031.xlsx": [CUSTOMERS, customer("C1", holder="M1"), customer("C2")],
        "存款账户_20261031.xlsx": [
            ACCOUNTS,
            ["AC1", "C1", "活期", 60_000, 0, dt.date(2015, 1, 1), None, None],
            ["AC2", "C2", "活期", 600, 0, dt.date(2015, 1, 1), None, None],
            ["BC2", "C2", "活期", 600, 0, dt.date(2015, 1, 1), None, None],
        ],
        "客户经理名册_20261031.xlsx": [MANAGERS, manager("M1", capacity=None)],
        "流水.xlsx": [
            [*TRANSACTIONS, "对方账号"],
            *([*row, None] for row in rows),
            *moves,
            [*post(dt.date(2026, 10, 31), "C9", 1, 1), None],
        ],
    }
    return reckon(workspace(root, files, rules), PERIOD)


def _rules(root: Path, *changes: tuple[str, str]) -> Any:
    text = (root / "rules" / "2000-01-01.toml").read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    path = root / "新办法.toml"
    path.write_text(text, encoding="utf-8")
    return load_rules(path)


def test_a_step_reads_facts_and_steps_that_stand_above_it() -> None:
    known = {one.name for one in fields(Month) if one.init}
    for step in Month.steps():
        reads = [one.name for one in _parts(step)] if isinstance(step, (Either, Where)) else list(step.reads)
        assert set(reads) <= known, (step.name, set(reads) - known)
        known.add(step.name)


def _parts(step: Either[Any] | Where[Any]) -> list[Step[Any]]:
    return [part for part in vars(step).values() if isinstance(part, Step)]


def test_a_step_takes_what_the_step_of_that_name_gives() -> None:
    """The types of a table that no type checker sees: a parameter's is the result's of the step it is named after."""
    gives = {step.name: _gives(step) for step in Month.steps()} | {one.name: str(one.type) for one in fields(Month)}
    plain = {"Committed": "Plan"}
    for step in Month.steps():
        if isinstance(step, (Either, Where)):
            continue
        for name, one in inspect.signature(step.take).parameters.items():
            said = str(one.annotation)
            for alias, meant in plain.items():
                said = said.replace(alias, meant)
            assert said == gives[name].replace("Committed", "Plan"), (step.name, name)


def _gives(step: Step[Any]) -> str:
    if isinstance(step, Where):
        return f"{_gives(step.step)} | None"
    if isinstance(step, Either):
        assert _gives(step.step) == _gives(step.otherwise)
        return _gives(step.step)
    return str(inspect.signature(step.take).return_annotation)


def test_findings_do_not_depend_on_what_is_asked_first(tmp_path: Path) -> None:
    forward, backward = _month(tmp_path / "a"), _month(tmp_path / "b")
    names = ["tables", "measured", "segmented", "plan", "actuals", "scores", "settlement"]
    forward.reckon(*names)
    backward.reckon("papers", "roster", "settlement", "figures", *names[::-1])
    codes = [told.code for told in forward.findings]
    assert codes == [told.code for told in backward.findings]
    rooms = [code.split(".")[0] for code in codes]
    assert rooms.index("intake") < rooms.index("assign") < rooms.index("score"), codes


@pytest.mark.parametrize(
    ("changes", "same"),
    [
        ((), {"tables", "segmented", "plan", "actuals", "scores"}),
        ((("score_cap = 105", "score_cap = 65"),), {"tables", "segmented", "plan", "actuals"}),
        ((('moves = "forced"', 'moves = "rebalance"'),), {"tables", "segmented"}),
        ((("person = { medium = 50_000,", "person = { medium = 90_000,"),), {"tables"}),
        ((("own_transfers = false", "own_transfers = true"),), set()),
    ],
    ids=["nothing", "incentive", "assign", "segment", "own-transfers"],
)
def test_a_trial_reads_again_only_what_its_rules_decide(
    tmp_path: Path, changes: tuple[tuple[str, str], ...], same: set[str]
) -> None:
    month = _month(tmp_path)
    names = ("tables", "segmented", "plan", "actuals", "scores")
    month.reckon(*names)
    before = month.segmented.customers.copy()
    trial = under(month, _rules(tmp_path, *changes))
    assert {name for name in names if getattr(trial, name) is getattr(month, name)} == same
    alone = _month(tmp_path / "alone", dict(changes))
    pd.testing.assert_frame_equal(trial.segmented.customers, alone.segmented.customers)
    pd.testing.assert_frame_equal(trial.plan.customers, alone.plan.customers)
    assert [(m.manager_id, m.score) for m in trial.scores.managers] == [
        (m.manager_id, m.score) for m in alone.scores.managers
    ]
    pd.testing.assert_frame_equal(month.segmented.customers, before)


def test_other_postings_of_a_trial_are_not_the_months(tmp_path: Path) -> None:
    """Where the trial links the postings anew, the month's own stay linked as they were."""
    month = _month(tmp_path)

    def active(of: Month) -> dict[str, int]:
        frame = of.measured.customers
        return dict(zip(frame["customer_id"], frame["active_months"], strict=True))

    assert active(month) == {"C1": 12, "C2": 0}
    trial = under(month, _rules(tmp_path, ("own_transfers = false", "own_transfers = true")))
    assert active(trial) == {"C1": 12, "C2": 12}
    again = month.instead(segment_rules=month.rules.segment.model_copy())
    assert active(again) == {"C1": 12, "C2": 0}
    assert again.tables is month.tables


def test_an_assumed_figure_is_another_paper_and_nothing_else(tmp_path: Path) -> None:
    """走访 counts 7 points: 0.8 of the plan would be 5.60. The month keeps its own papers and scores."""
    month = _month(tmp_path)
    before = [(item.item.id, item.points) for item in month.scores.managers[0].items]
    other = assumed(month, "M1", {"visits": Decimal("0.8")})
    points = {item.item.id: item.points for item in other.scores.managers[0].items}
    assert points["visits"] == Decimal("5.60")
    assert all(getattr(other, name) is getattr(month, name) for name in ("tables", "segmented", "plan", "actuals"))
    assert (len(month.papers.manual), len(other.papers.manual)) == (0, 1)
    assert [(item.item.id, item.points) for item in month.scores.managers[0].items] == before


def test_an_assumed_figure_takes_the_place_of_one_that_was_typed_under_the_items_name(tmp_path: Path) -> None:
    """0.5 of the plan was typed under 走访计划完成率: with both nobody could say which counts. Another's typed figure stays."""
    month = _month(tmp_path)
    label = next(item.item.label for item in month.scores.managers[0].items if item.item.id == "visits")
    typed = pd.DataFrame(
        [
            {"manager_id": who, "period": month.period.name, "item": f" {label} ", "value": "0.5", "source": "信贷部"}
            | {"approved_by": "刘主任", "part": 0, "row": row}
            for row, who in enumerate(("M1", "M2"))
        ]
    )
    month = month.instead(papers=dataclasses.replace(month.papers, manual=typed))
    other = assumed(month, "M1", {"visits": Decimal("0.8")})
    points = {item.item.id: item.points for item in other.scores.managers[0].items}
    assert points["visits"] == Decimal("5.60")
    assert sorted(other.papers.manual["manager_id"]) == ["M1", "M2"]
