"""Are managers who are evened out by one measure kept near one another in another, at the least cost, or refused with what can be kept?"""

from __future__ import annotations

import itertools
import math
import random
import re
from dataclasses import replace
from decimal import Decimal

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from rosters import FIRST, RULES
from small_counties import PEOPLE, County, Facts, drawn, facts_of, parts_of, ranked, sums

from kehujingli.assign import Plan, assign
from kehujingli.assign.within import Within
from kehujingli.errors import Problem
from kehujingli.values import missing

Floats = npt.NDArray[np.float64]
NAMES = {"customers": "户数", "deposits": "存款", "loans": "贷款", "villages": "村", "load": "折算户"}
FREE = RULES.model_copy(update={"moves": "rebalance", "borrowers": True})


def _amounts(county: County, facts: Facts, measure: str) -> Floats:
    people = county.customers
    match measure:
        case "customers":
            return np.ones(len(people))
        case "load":
            return facts.load
        case "deposits":
            return people["average_deposit"].to_numpy(dtype=float)
        case "loans":
            return people["loan_balance"].to_numpy(dtype=float)
    homes = [*zip(people["branch_id"], people["village"], strict=True)]
    return np.array([0.0 if missing(home[1]) else 1 / homes.count(home) for home in homes])


def _weights(county: County, facts: Facts, measure: str) -> Floats:
    """In 折算户, all together as many as there are; amounts less than a quarter apart as their mean."""
    each = _amounts(county, facts, measure)
    if measure in ("deposits", "loans"):
        bands = [math.floor(math.log(one) / math.log(1.25)) if one else -1 for one in each]
        each = np.array([each[[other == band for other in bands]].mean() for band in bands])
    unit = 10 if Decimal("0.5") in (county.rules.workload.small, county.rules.workload.large) else 1
    return np.round(each * facts.load.sum() * unit / each.sum(), 3) / unit if each.sum() else each


def _apart(facts: Facts, plans: npt.NDArray[np.int64], each: Floats) -> Floats:
    """How far from her part of what is served among those who are evened out with her whoever is furthest is, in percent; once for each plan."""
    held, most = sums(plans, each), np.zeros(len(plans))
    for people in facts.shared:
        some = [at for at in people if facts.room[at] > 0]
        if not some:
            continue
        share = held[:, people].sum(axis=1)[:, None] * parts_of(facts.room[people])[[at in some for at in people]]
        away = np.abs(held[:, some] - share) / np.where(share > 0, share, np.inf)
        most = np.maximum(most, 100 * away.max(axis=1))
    return most


def _market(seed: int) -> tuple[County, str, Within]:
    """A small county with what it is evened out by and what is limited."""
    draw = random.Random(seed)
    county = drawn(seed)
    count = len(county.customers)
    cents = [draw.choice([0, 1_000_000, 1_500_000, 2_600_000, 9_000_000]) for _ in range(count)]
    people = county.customers.assign(average_deposit=pd.array(cents, "Int64"))
    cost = county.rules.cost.model_copy(update={"imbalance": Decimal(1)})
    rules = county.rules.model_copy(update={"cost": cost, "rotate_years": 0})
    balance = draw.choice(["customers", "deposits", "loans", "villages"])
    measure = draw.choice([*NAMES])
    close = Within(measure, NAMES[measure], Decimal(draw.choice(["0", "12.5", "25", "40", "60", "100"])))
    return replace(county, customers=people, rules=rules), balance, close


def _plan(county: County, balance: str, close: Within | None, *, turned: bool = False) -> Plan:
    step = -1 if turned else 1
    frames = [frame.iloc[::step] for frame in (county.customers, county.managers, county.grids)]
    return assign(
        *frames,
        county.rules,
        FIRST,
        None,
        county.frozen,
        balance,
        county.conflicts.iloc[::step],
        close,  # type: ignore[arg-type]
    )


def _placed(plan: Plan) -> npt.NDArray[np.int64]:
    return np.array([[PEOPLE.index(who) if isinstance(who, str) else -1 for who in plan.customers["assigned_manager"]]])


@pytest.mark.parametrize("seeds", [range(first, first + 10) for first in range(0, 40, 10)])
def test_of_all_plans_that_keep_the_limit_the_cheapest_is_found_or_the_least_that_can_be_kept_is_told(
    seeds: range,
) -> None:
    kept = refused = 0
    for seed in seeds:
        county, balance, close = _market(seed)
        facts = facts_of(county)
        each, weight = _amounts(county, facts, close.measure), _weights(county, facts, balance)
        free = _placed(_plan(county, balance, None))
        plans = np.array([*itertools.product(range(-1, len(PEOPLE)), repeat=len(weight))])
        good, costs = ranked(facts, plans, county.rules, weight)
        own = ranked(facts, free, county.rules, weight)[1][0]
        left = own[:2]
        good &= (costs[:, :2] == left).all(axis=1)
        if not left[1]:
            assert tuple(own) == pytest.approx(min(map(tuple, costs[good])), abs=1e-5), seed
        away = np.round(_apart(facts, plans, each), 6)
        inside = good & (away <= float(close.percent))
        if not inside.any():
            refused += 1
            with pytest.raises(Problem) as told:
                _plan(county, balance, close)
            [found] = told.value.findings
            assert (found.code, found.cure) == ("assign.within-impossible", found.cure), seed
            [enough] = re.findall(rf"--within {close.name}=([0-9]+)%", found.cure)
            assert int(enough) == math.ceil(away[good].min()), seed
            again = Within(close.measure, close.name, Decimal(enough))
            assert _apart(facts, _placed(_plan(county, balance, again)), each) <= int(enough) + 1e-6, seed
            continue
        kept += 1
        plan, turned = (_plan(county, balance, close, turned=side) for side in (False, True))
        assert plan.customers.equals(turned.customers), seed
        own_good, own = ranked(facts, _placed(plan), county.rules, weight)
        assert own_good.all(), seed
        assert _apart(facts, _placed(plan), each) <= float(close.percent) + 1e-6, seed
        if not left[1]:
            assert tuple(own[0]) == pytest.approx(min(map(tuple, costs[inside])), abs=1e-5), seed
    assert kept
    assert refused
