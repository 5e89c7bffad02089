"""Is leaving a customer out ever cheaper than serving him? What ``unassigned`` must be so that whoever can be served is."""

from __future__ import annotations

import math
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kehujingli.rules.models import AssignRules

SCALES = ("small", "medium", "large")
BORROWERS_WEIGH = 4
"""A borrower left out weighs at least so many times his load (``assign.place``)."""


def enough(rules: AssignRules) -> int:
    """The least whole cost of a household left out at which every customer that somebody has room for is served."""
    return max((math.floor(most / load) + 1 for load, most in _kinds(rules) if load), default=1)


def keeping(rules: AssignRules, most: Decimal) -> Decimal:
    """What staying is worth where only forced moves are made: more than any other line of the cost. ``most``: the largest load."""
    cost = rules.cost
    return cost.wrong_specialism + cost.off_grid + cost.imbalance * 2 * most + 1


def _kinds(rules: AssignRules) -> Iterator[tuple[Decimal, Decimal]]:
    """Load that counts and the most that serving can cost, of each kind of customer."""
    cost, loads = rules.cost, [getattr(rules.workload, scale) for scale in SCALES]
    heaviest = max(*loads, rules.business_factor)
    every = cost.wrong_specialism + (cost.off_grid if rules.territory == "grid" else 0)
    stay = keeping(rules, heaviest) if rules.moves == "forced" else Decimal(0)
    for scale, load in zip(SCALES, loads, strict=True):
        move = getattr(cost.move, scale)
        for business in (False, True):
            carried = rules.business_factor if business else load
            away = max(move, cost.move.business) if business else move
            most = every + stay + cost.imbalance * carried
            yield carried, most + away
            yield carried * BORROWERS_WEIGH, most + max(away, cost.move.borrower)
