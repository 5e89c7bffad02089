"""Is the plan the best of all that there are? Small counties with every limit at once, each way to place their customers tried, by rules put together anew."""

from __future__ import annotations

import itertools
from decimal import Decimal

import numpy as np
import pytest
from rosters import FIRST
from small_counties import PEOPLE, drawn, facts_of, ranked

from kehujingli.assign import assign


@pytest.mark.parametrize("seed", range(12))
def test_no_way_to_place_the_customers_is_better_and_the_order_of_rows_is_none_of_its_business(seed: int) -> None:
    county = drawn(seed)
    facts = facts_of(county)
    turned = [frame.iloc[::-1] for frame in (county.customers, county.managers, county.grids)]
    plan, again = (
        assign(*frames, county.rules, FIRST, frozen=county.frozen, conflicts=county.conflicts)
        for frames in ([county.customers, county.managers, county.grids], turned)
    )
    assert plan.customers.equals(again.customers)
    placed = [PEOPLE.index(who) if isinstance(who, str) else -1 for who in plan.customers["assigned_manager"]]
    kept, own = ranked(facts, np.array([placed]), county.rules)
    ways = itertools.product(range(-1, len(PEOPLE)), repeat=len(placed))
    good, all_of_them = ranked(facts, np.array(list(ways)), county.rules)
    assert kept.all()
    assert tuple(own[0]) == min(map(tuple, all_of_them[good]))
    assert plan.objective == plan.bound == pytest.approx(Decimal(str(own[0][3])))
