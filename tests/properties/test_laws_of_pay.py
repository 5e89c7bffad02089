"""What must hold for any scheme? Pools are conserved, bounds kept, tiers continuous, more is never less, order does not matter, parts add up."""

from __future__ import annotations

from decimal import Decimal
from random import Random
from typing import Any

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from kehujingli.actuals import Actuals, frame_of
from kehujingli.incentive import Papers, Scores, deferral_parts, score
from kehujingli.periods import Period, parse_month
from kehujingli.rules import IncentiveRules
from kehujingli.rules.shapes import AnyItem, Item
from kehujingli.rules.shapes.base import Peers, Question
from kehujingli.rules.shapes.pool import largest_remainder
from kehujingli.scoring.settlement import ledger
from kehujingli.tables.frames import empty
from kehujingli.values import Quantity

CENTS = st.integers(0, 10**10).map(lambda cents: Decimal(cents) / 100)
SIGNED = st.decimals(-(10**6), 10**6, places=2)
PERIOD = Period.of_month(parse_month("2026-10"))
READ: TypeAdapter[Item] = TypeAdapter(AnyItem)
COMMON = {"id": "x", "label": "某项", "category": "benefit", "points": 20}
INF = Decimal("Infinity")
RISING: list[dict[str, Any]] = [
    {"shape": "completion", "min": 0, "max": 25},
    {"shape": "threshold", "bonus_max": 5},
    {"shape": "deduct", "base": 50, "step": 10, "per_step": 2, "when": "below", "min": 0, "max": 20},
    {"shape": "step_bonus", "step": Decimal("0.1"), "per_step": 1},
    {"shape": "linear", "slope": 2, "base": 10, "offset": 3, "min": -5, "max": 30},
    {"shape": "peer", "step": Decimal("0.1"), "per_step": 1, "most": 5, "whole_steps": True},
    {"shape": "unit_price", "price": 6, "per": 10_000, "negative_price": 2},
    {"shape": "flat_tiers", "tiers": [[0, 100, 3], [100, INF, 5]]},
    {"shape": "marginal_tiers", "tiers": [[0, 100, 3], [100, 200, 5], [200, INF, 4]]},
    {"shape": "threshold", "missed": 3, "bonus_points": 4},
    {"shape": "best"},
    {
        "shape": "flat_tiers",
        "by_target": True,
        "closed": "high",
        "tiers": [[0, Decimal("0.8"), 3], [Decimal("0.8"), INF, 5]],
    },
    {"shape": "marginal_tiers", "by_target": True, "tiers": [[0, 1, 3], [1, INF, 5]]},
    {"shape": "lots", "lot": 5, "per_lot": 1, "max": 6},
    {"shape": "bonus", "each": 2, "most": 9},
    {"shape": "bands", "bands": [[-INF, 0, 1], [0, 50, 5], [50, INF, 9]], "closed": "high"},
]


def _question(actual: Decimal) -> Question:
    peers = Peers(Decimal(100), Decimal(1000), best=Decimal(500))
    return Question(Quantity(actual), Decimal(80), (Decimal(1), Decimal(1)), peers=peers)


@given(CENTS, st.lists(st.decimals(0, 10**6, places=4), min_size=1, max_size=30))
def test_a_pool_is_conserved_to_the_cent(pool: Decimal, weights: list[Decimal]) -> None:
    parts = largest_remainder(pool, weights)
    assert sum(parts) == (pool if any(weights) else 0)
    assert all(part >= 0 for part in parts)
    for part, weight in zip(parts, weights, strict=True):
        if any(weights):
            assert abs(part - pool * weight / sum(weights)) < Decimal("0.01") + Decimal("1e-12")


@given(CENTS, st.integers(1, 10), st.lists(st.integers(1, 90), min_size=1, max_size=5))
def test_deferral_parts_add_up(amount: Decimal, years: int, shares: list[int]) -> None:
    equal = deferral_parts(amount, years)
    assert sum(equal) == amount
    assert max(equal) - min(equal) <= Decimal("0.01")
    assert equal == sorted(equal)
    assert sum(deferral_parts(amount, len(shares), [Decimal(share) for share in shares])) == amount


@given(st.sampled_from(RISING), SIGNED, SIGNED)
def test_more_of_a_good_actual_never_scores_less(keys: dict[str, Any], one: Decimal, other: Decimal) -> None:
    item = READ.validate_python(COMMON | keys)
    low, high = (item.clamp(item.figure(_question(actual)).points) for actual in sorted((one, other)))
    assert low <= high


@given(st.sampled_from(RISING), SIGNED, st.integers(-50, 50), st.integers(0, 50))
def test_a_cap_and_a_floor_are_never_broken(keys: dict[str, Any], actual: Decimal, low: int, width: int) -> None:
    item = READ.validate_python(COMMON | keys | {"min": low, "max": low + width})
    assert low <= item.clamp(item.figure(_question(actual)).points) <= low + width


@given(
    st.lists(st.integers(1, 10**6), min_size=1, max_size=5, unique=True),
    st.lists(st.integers(0, 90), min_size=6, max_size=6),
)
def test_marginal_tiers_are_continuous(edges: list[int], prices: list[int]) -> None:
    bounds = [0, *sorted(edges), INF]
    tiers = [[low, high, price] for low, high, price in zip(bounds, bounds[1:], prices, strict=False)]
    item = READ.validate_python(COMMON | {"shape": "marginal_tiers", "tiers": tiers})
    for edge in edges:
        below, at = (item.figure(_question(Decimal(edge) - gap)).points for gap in (Decimal("0.01"), Decimal(0)))
        assert 0 <= at - below <= Decimal("0.9")


SCHEME = IncentiveRules.model_validate(
    {
        "total": 50,
        "item": [
            {
                "id": "points",
                "label": "得分项",
                "category": "risk",
                "points": 50,
                "shape": "linear",
                "slope": 1,
                "base": 0,
                "min": 0,
                "max": 60,
            },
            {
                "id": "money",
                "label": "计价项",
                "category": "benefit",
                "shape": "unit_price",
                "price": Decimal("0.37"),
                "negative_price": Decimal("0.11"),
            },
            {"id": "shared", "label": "分配项", "category": "benefit", "shape": "pool", "pool": 1000, "weight": 37},
            {
                "id": "beside",
                "label": "比平均",
                "category": "growth",
                "shape": "peer",
                "counts": "extra",
                "step": Decimal("0.1"),
                "per_step": 1,
                "most": 5,
            },
        ],
        "pay": {
            "mode": ["score", "unit_price"],
            "standard": 3000,
            "base": {"中级": 500, "高级": 800},
            "floor": 600,
            "cap": 5000,
            "advance": Decimal("0.6"),
            "grade_factor": {"高级": Decimal("1.2")},
            "deferral": {"rate": Decimal("0.4"), "years": 3, "parts": [30, 40, 30]},
        },
    }
)
PERSON = st.tuples(st.sampled_from(["中级", "高级"]), st.integers(0, 31), SIGNED, SIGNED, SIGNED, SIGNED)


def scored(people: dict[str, tuple[Any, ...]], order: list[str]) -> Scores:
    roster = pd.DataFrame(
        {
            "manager_id": order,
            "name": order,
            "branch_id": "801",
            "grade": [people[who][0] for who in order],
            "duty_days": [people[who][1] for who in order],
        }
    ).reindex(columns=empty("managers").columns)
    names = ("得分项", "计价项", "分配项", "比平均")
    manual = pd.DataFrame(
        [
            {
                "manager_id": who,
                "period": "2026-10",
                "item": name,
                "value": str(value),
                "source": "系统",
                "approved_by": "乙",
                "part": 0,
                "row": 1,
            }
            for who in order
            for name, value in zip(names, people[who][2:], strict=True)
        ]
    )
    papers = Papers(empty("targets"), empty("adjustments"), manual)
    return score(roster, Actuals(frame_of([])), papers, SCHEME, PERIOD)


@settings(max_examples=40, deadline=None)
@given(st.lists(PERSON, min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_parts_add_up_bounds_hold_and_order_does_not_matter(people: list[tuple[Any, ...]], draw: Random) -> None:
    named = {f"M{number}": person for number, person in enumerate(people)}
    order = list(named)
    draw.shuffle(order)
    scores = scored(named, order)
    again = {
        manager.manager_id: (manager.score, manager.pay, manager.rank)
        for manager in scored(named, sorted(named)).managers
    }
    shared = Decimal(0)
    for manager in scores.managers:
        assert manager.pay is not None
        assert again[manager.manager_id] == (manager.score, manager.pay, manager.rank)
        assert sum(amount for _, amount in manager.parts) == manager.pay
        assert manager.pay <= 5000
        assert manager.pay >= 600 or not manager.duty_days
        assert sum(part for _, part in manager.deferral) == manager.to_defer
        shared += next(item.points or Decimal(0) for item in manager.items if item.item.id == "shared")
    assert shared == (370 if any(person[4] > 0 for person in people) else 0)
    lines = ledger(scores, PERIOD)
    for manager in scores.managers:
        own = lines[lines["manager_id"] == manager.manager_id]
        owed = own["kind"] == "overpaid"
        assert sum(own.loc[~owed, "amount"], Decimal(0)) == manager.pay
        # what was advanced below nothing is not paid out but owed
        assert sum(own.loc[owed, "amount"], Decimal(0)) == min(manager.paid_now, Decimal(0))
