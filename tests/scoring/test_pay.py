"""What do factors, the share of a pool and a gate make of a pay? Each reckoned by hand from 80 points: 48 for deposits and 32 for borrowers."""

from __future__ import annotations

from decimal import Decimal

import pytest
from filled import rules, scored

D = Decimal
EVERYBODY = [{"item": "存款", "value": "800000"}, {"item": "贷款户数", "value": "8"}]
AIMS = [{"item": "存款", "target": "1000000"}, {"item": "贷款户数", "target": "10"}]


def test_factors_are_put_one_upon_another_to_the_cent() -> None:
    """999.99 × 80 % = 799.992; × 1.25 = 999.99; × 1.1 = 1,099.989."""
    pay = {
        "mode": "score",
        "standard": D("999.99"),
        "grade_factor": {"中级": D("1.25")},
        "difficulty": {"801": D("1.1")},
    }
    (manager,) = scored(rules(pay=pay), posts=({"grade": "中级"},)).managers
    assert [amount for _, amount in manager.parts] == [D("799.99"), D("200.00"), D("100.00")]
    assert manager.pay == D("1099.99")


def test_a_grade_without_a_standard_has_nothing_of_a_pool_and_it_is_told() -> None:
    posts = ({"manager_id": "M1", "grade": "中级"}, {"manager_id": "M2", "grade": "特级"})
    typed, aims = (
        [line | {"manager_id": who} for who in ("M1", "M2") for line in lines] for lines in (EVERYBODY, AIMS)
    )
    found = scored(rules(pay={"mode": "pool", "pool": 1000, "standard": {"中级": 1000}}), typed, aims, posts=posts)
    assert [manager.pay for manager in found.managers] == [D("1000.00"), D("0.00")]
    (told,) = [finding for finding in found.findings if finding.code == "score.standard-missing"]
    assert "特级" in told.message


@pytest.mark.parametrize(
    ("gate", "score", "pay", "reasons"),
    [
        ({"score_at_most": 90}, "80", "800.00", ()),  # what is no more than the bound is not held by it
        ({"score_at_most": 70}, "70", "700.00", ("发案",)),
        ({"pay_at_most": 300}, "80", "300.00", ("发案",)),
    ],
)
def test_a_gate_is_named_where_it_holds_something(
    gate: dict[str, int], score: str, pay: str, reasons: tuple[str, ...]
) -> None:
    closed = {"reason": "发案", "actual": "cases", "above": 0} | gate
    scheme = rules(metric=[{"id": "cases", "label": "案件"}], gate=[closed], pay={"mode": "score", "standard": 1000})
    (manager,) = scored(scheme, [*EVERYBODY, {"item": "案件", "value": "1"}]).managers
    assert (manager.score, manager.pay, manager.gates) == (D(score), D(pay), reasons)
