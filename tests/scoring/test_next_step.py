"""What does one more point need, where an item's points stand below the least that it can have?"""

from __future__ import annotations

from decimal import Decimal

import pytest
from filled import DEPOSITS, LOANS, rules, scored


@pytest.mark.parametrize(
    ("least", "done", "points", "said"),
    [
        (0, "-200000", "0", "先补足低于保底的 12 分；每多 1 分需 1.67万元"),  # 60 × −20 ÷ 100 = −12, and 0 − −12 are 12
        (5, "50000", "5", "先补足低于保底的 2 分；每多 1 分需 1.67万元"),  # 60 × 5 ÷ 100 = 3, and 5 − 3 are 2
        (3, "50000", "3", "每多 1 分需 1.67万元"),
    ],
)
def test_what_is_lacking_to_the_least_is_made_up_first(least: int, done: str, points: str, said: str) -> None:
    """60 points for 100 万: a point is 1.67 万."""
    typed = [{"item": "存款", "value": done}, {"item": "贷款户数", "value": "8"}]
    (manager,) = scored(rules(DEPOSITS | {"min": least}, LOANS), typed).managers
    deposits = manager.items[0]
    assert deposits.points == Decimal(points)
    assert deposits.next_step == said
