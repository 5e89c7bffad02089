"""Is each change laid at the right door: the customer's own figures, the data, or the rules?"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from kehujingli.answers.diff.causes import (
    BOTH,
    DATA,
    EARLIER,
    OWN,
    RULES,
    class_cause,
    costliest,
    inputs_changed,
    rules_changed,
)
from kehujingli.rules import EXAMPLE, load_rules
from kehujingli.rules.flat import flat

OLD: dict[str, Any] = {
    "window_months": 12,
    "frequent": {"active_months": 6, "transactions": 12, "idle_days": 92},
    "dormant": {"idle_months": 12},
    "scale": {"bounds": {"person": {"medium": "50000", "large": "500000"}}},
}
NEW = {**OLD, "scale": {"bounds": {"person": {"medium": "60000", "large": "500000"}}}}


def customer(**changes: Any) -> dict[str, Any]:
    row = {
        "active_months": 8,
        "transactions": 30,
        "idle_days": 5,
        "last_active": 20700,
        "scale_amount": 5_500_000,
        "customer_type": "person",
        "marks": "",
    }
    return row | changes


def test_a_customer_moved_by_its_own_figures_under_the_same_rules() -> None:
    before, after = customer(scale_amount=4_000_000), customer(scale_amount=5_500_000)
    assert class_cause(before, after, OLD, OLD, "2026-10", same_month=False) == OWN
    assert class_cause(before, after, OLD, OLD, "2026-10", same_month=True) == DATA


def test_another_class_of_the_same_month_from_the_same_figures_rests_on_the_month_before() -> None:
    held = customer(marks="缓冲")
    assert class_cause(held, customer(), OLD, OLD, "2026-10", same_month=True) == EARLIER
    assert class_cause(held, customer(transactions=31), OLD, OLD, "2026-10", same_month=True) == DATA


def test_the_same_figures_in_another_class_are_due_to_the_rules() -> None:
    assert class_cause(customer(), customer(), OLD, NEW, "2026-10", same_month=True) == RULES


@pytest.mark.parametrize(
    ("amount", "cause"),
    [(5_500_000, RULES), (4_900_000, OWN)],
    ids=["the new bound alone moves it", "it fell under the old bound too"],
)
def test_new_figures_are_judged_by_both_sets_of_bounds(amount: int, cause: str) -> None:
    before, after = customer(scale_amount=7_000_000), customer(scale_amount=amount)
    assert class_cause(before, after, OLD, NEW, "2026-10", same_month=False) == cause


def test_under_max_the_bounds_of_loans_decide_too() -> None:
    """A loan of 90,000 元 was large from 80,000 元 on, and is medium now that large begins at 100,000; deposits are small either way."""
    sides = {
        "combine": "max",
        "measure": ["average_deposit", "average_loan"],
        "bounds": {"person": {"medium": "50000", "large": "500000"}},
    }
    old, new = (
        {**OLD, "scale": {**sides, "loan_bounds": {"person": {"medium": "10000", "large": large}}}}
        for large in ("80000", "100000")
    )
    before = customer(scale_amount=9_100_000, average_deposit=100_000, average_loan=9_000_000)
    after = before | {"scale_amount": 9_150_000, "average_loan": 9_050_000}
    assert class_cause(before, after, old, new, "2026-10", same_month=False) == RULES


def test_rules_that_shape_the_figures_cannot_be_told_from_the_data() -> None:
    words = {**OLD, "exclude": ["结息"]}
    assert class_cause(customer(), customer(transactions=29), OLD, words, "2026-10", same_month=True) == BOTH


def item(points: str | None, **more: Any) -> dict[str, Any]:
    return {
        "item_id": "npl",
        "item": "责任不良贷款率",
        "item_points": points,
        "actual": "0.01",
        "target": None,
        "baseline": None,
    } | more


def test_equal_actuals_with_other_points_are_due_to_the_rules() -> None:
    moved = costliest([item("12.00")], [item("9.00")])
    assert moved is not None
    assert (moved["cause"], moved["difference"]) == (RULES, Decimal("-3.00"))


def test_another_actual_and_another_target_are_both_named() -> None:
    moved = costliest([item("12.00")], [item("9.00", actual="0.04", target="5")])
    assert moved is not None
    assert moved["cause"] == "actual+target"


def test_the_item_that_moved_most_is_told() -> None:
    other = {"item_id": "fees", "item": "中间业务收入"}
    moved = costliest([item("12.00"), item("5.00", **other)], [item("11.00"), item("9.00", **other)])
    assert moved is not None
    assert moved["label"] == "中间业务收入"


def test_files_are_told_by_name_and_content() -> None:
    def manifest(**files: str) -> dict[str, Any]:
        return {"inputs": [{"path": name, "sha256": digest} for name, digest in files.items()]}

    told = inputs_changed(manifest(a="1", b="1", c="1"), manifest(a="1", b="2", d="1"))
    assert told == {"added": ["d"], "removed": ["c"], "changed": ["b"]}


def test_rules_differ_by_the_keys_of_the_file() -> None:
    values = flat(load_rules(EXAMPLE).rules)
    assert values["segment.frequency.frequent.idle_days"] == "92"
    assert values["incentive.item.npl.base"] == "0.02"
    after = {"rules": {"sha256": "2", "values": values | {"incentive.item.npl.base": "0.03"}}}
    before = {"rules": {"sha256": "1", "values": values}}
    assert rules_changed(before, after) == [{"key": "incentive.item.npl.base", "before": "0.02", "after": "0.03"}]
    assert rules_changed(before, before) == []
