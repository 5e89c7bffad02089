"""Small counties with every limit at once, and what each way to place their customers comes to, by rules put together anew."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from rosters import FIRST, customers, managers, person

from kehujingli.rules import AssignRules
from kehujingli.tables.frames import complete, empty
from kehujingli.values import missing

Floats = npt.NDArray[np.float64]
BRANCHES, PEOPLE = ["801001", "801002"], ["A", "B", "C"]


@dataclass(frozen=True)
class County:
    customers: pd.DataFrame
    managers: pd.DataFrame
    grids: pd.DataFrame
    conflicts: pd.DataFrame
    rules: AssignRules
    frozen: dict[str, str]


def drawn(seed: int) -> County:
    draw = random.Random(seed)
    count = draw.randint(2, 6)
    rows = [
        (
            draw.choice(BRANCHES),
            draw.choice([None, *PEOPLE, "Z"]),
            draw.choice(["small", "medium", "large", "business"]),
            draw.choice([0, 0, 10_000, 30_000_000, 50_000_000]),
        )
        for _ in range(count)
    ]
    people = customers(*rows).assign(
        village=[draw.choice([None, "v1", "v2"]) for _ in rows],
        held_since=pd.array([draw.choice([None, FIRST - 100, FIRST - 2_000, FIRST - 3_000]) for _ in rows], "Int64"),
    )
    staff = managers(
        *(
            person(
                who,
                draw.choice(BRANCHES),
                draw.choice([None, 1, 2, 5, 8, 13, 20]),
                specialism=draw.choice([None, "asset", "liability"]),
                authority=draw.choice([None, None, 20_000, 30_000_000]),
                serves=draw.choice([None, *BRANCHES, "全辖"]),
                until=draw.choice([None, None, None, FIRST, FIRST - 1]),
            )
            for who in PEOPLE
        )
    )
    village = {"village": draw.choice(["v1", "v2"]), "manager_id": draw.choice(PEOPLE), "part": 0, "row": 0}
    avoided: list[dict[str, Any]] = [
        {"manager_id": draw.choice(PEOPLE), "customer_id": f"C{draw.randrange(count)}"},
        {"manager_id": draw.choice(PEOPLE), "village": draw.choice(["v1", "v2"])},
    ]
    avoided = [{"part": 0, "row": n, "reason": "配偶", **row} for n, row in enumerate(avoided) if draw.random() < 0.4]
    small, medium, large, business = draw.choice([(1, 1, 1, 1), (1, 2, 5, 12), ("0.5", 1, "2.5", 3)])
    rules = {
        "managed": [f"frequent/{scale}" for scale in ("small", "medium", "large")],
        "moves": draw.choice(["forced", "rebalance"]),
        "territory": draw.choice(["grid", "none"]),
        "workload": {"small": small, "medium": medium, "large": large},
        "business_factor": business,
        "rotate_years": draw.choice([0, 5]),
        "cost": {
            "move": {"small": "0.3", "medium": 1, "large": 4, "business": 30, "borrower": 200},
            "wrong_specialism": 5,
            "imbalance": draw.choice([0, 1]),
            "unassigned": 10_000,
        },
    }
    return County(
        people,
        staff,
        complete("grids", pd.DataFrame([village])),
        complete("conflicts", pd.DataFrame(avoided)) if avoided else empty("conflicts"),
        AssignRules.model_validate(rules),
        {f"C{draw.randrange(count)}": draw.choice(PEOPLE) for _ in range(draw.choice([0, 0, 1]))},
    )


@dataclass(frozen=True)
class Facts:
    """By customer and manager: whether she may have it, what it costs; by customer: load, holder, due for rotation, frozen to."""

    able: npt.NDArray[np.bool_]
    cost: Floats
    load: Floats
    borrower: Floats
    holder: npt.NDArray[np.int64]
    rotate: npt.NDArray[np.bool_]
    frozen: npt.NDArray[np.int64]
    room: Floats
    shared: list[list[int]]
    """The managers of branches that are balanced together."""
    together: list[list[str]]
    """These branches."""


def facts_of(county: County) -> Facts:
    rules, posts = county.rules, list(county.managers.itertuples())
    duty = [missing(post.until) or post.until >= FIRST for post in posts]
    serves = [
        {post.branch_id, *(BRANCHES if post.serves == "全辖" else [post.serves])} if here else set()
        for post, here in zip(posts, duty, strict=True)
    ]
    limits = [[math.inf if missing(post.capacity) else post.capacity, post.authority] for post in posts]
    grid = next(county.grids.itertuples())
    keeper = PEOPLE.index(grid.manager_id) if rules.territory == "grid" and duty[PEOPLE.index(grid.manager_id)] else -1
    size = (len(county.customers), len(PEOPLE))
    able, cost, load, lends = np.zeros(size, bool), np.zeros(size), np.zeros(size[0]), np.zeros(size[0])
    holder, rotate = np.full(size[0], -1), np.zeros(size[0], bool)
    for row, one in enumerate(county.customers.itertuples()):
        business, lent = one.customer_type == "business", int(one.loan_balance)
        load[row] = rules.business_factor if business else getattr(rules.workload, one.scale)
        lends[row] = lent > 0
        move = max(
            getattr(rules.cost.move, one.scale),
            rules.cost.move.business * business,
            rules.cost.move.borrower * (lent > 0),
        )
        asset = lent > 0 and lent >= one.average_deposit
        avoid = {
            rule.manager_id
            for rule in county.conflicts.itertuples()
            if (rule.village == one.village if missing(rule.customer_id) else rule.customer_id == one.customer_id)
        }
        for at, who in enumerate(PEOPLE):
            authority = math.inf if missing(limits[at][1]) else limits[at][1]
            able[row, at] = one.branch_id in serves[at] and authority >= lent and who not in avoid
            post = posts[at].specialism
            if isinstance(post, str) and post != ("asset" if asset else "liability"):
                cost[row, at] += float(rules.cost.wrong_specialism)
            if one.village == grid.village and keeper >= 0 and one.branch_id in serves[keeper] and at != keeper:
                cost[row, at] += float(rules.cost.off_grid)
        held = PEOPLE.index(one.holder_id) if one.holder_id in PEOPLE else -1
        if held >= 0 and able[row, held]:
            holder[row] = held
            long = not missing(one.held_since) and one.held_since <= FIRST - 1_900
            rotate[row] = bool(rules.rotate_years) and long and able[row].sum() > 1
            if not rotate[row]:
                cost[row] += np.where(np.arange(len(PEOPLE)) == held, 0, float(move))
    room = np.array([limit[0] for limit in limits])
    frozen = np.full(size[0], -1)
    for customer, who in county.frozen.items():
        row, at = int(customer[1:]), PEOPLE.index(who)
        frozen[row] = at if able[row, at] and load[row] <= room[at] else -1
    there = sorted(set(county.customers["branch_id"]))
    together = [there] if any(set(there) <= served for served in serves) else [[branch] for branch in there]
    shared = [[at for at in range(len(PEOPLE)) if serves[at] & set(group)] for group in together]
    return Facts(able, cost, load, lends, holder, rotate, frozen, room, shared, together)


def sums(plans: npt.NDArray[np.int64], weight: Floats) -> Floats:
    """What each manager has by each plan."""
    return np.stack([((plans == at) * weight).sum(axis=1) for at in range(len(PEOPLE))], axis=1)


def parts_of(limits: Floats) -> Floats:
    """What part of everything each is to have; who has no limit counts as the mean of the others."""
    finite = np.isfinite(limits)
    by = np.where(finite, limits, limits[finite].mean() if finite.any() else 1.0)
    return np.asarray(by / by.sum())


def ranked(
    facts: Facts, plans: npt.NDArray[np.int64], rules: AssignRules, weight: Floats | None = None
) -> tuple[npt.NDArray[np.bool_], Floats]:
    """Whether each plan keeps every limit; what counts one after the other: borrowers' load and load left out, who has to leave or does
    not rotate, the rules' cost. ``weight``: of each customer, by which managers are evenly loaded, where not by load."""
    rows, there = np.arange(plans.shape[1]), plans >= 0
    good = (~there | facts.able[rows, plans]).all(axis=1) & ((facts.frozen < 0) | (plans == facts.frozen)).all(axis=1)
    carried = sums(plans, facts.load)
    good &= (carried <= facts.room).all(axis=1)
    free = facts.frozen < 0
    stuck = facts.rotate & free & ((plans == facts.holder) | ~there)
    if rules.moves == "forced":
        held = np.where(free, facts.holder, facts.frozen)
        asked = np.array([facts.load[held == at].sum() for at in range(len(PEOPLE))])
        fast = free & (facts.holder >= 0) & ~facts.rotate & (asked <= facts.room)[facts.holder]
        good &= (~fast | (plans == facts.holder)).all(axis=1)
        stuck = stuck | (there & free & ~facts.rotate & (facts.holder >= 0) & (plans != facts.holder))
    cost = np.where(there, facts.cost[rows, plans], float(rules.cost.unassigned) * facts.load).sum(axis=1)
    held = carried if weight is None else sums(plans, weight)
    for people in facts.shared:
        if people:
            share = np.ceil(np.round(held[:, people].sum(axis=1)[:, None] * parts_of(facts.room[people]), 9))
            cost += float(rules.cost.imbalance) * np.maximum(held[:, people] - share, 0).sum(axis=1)
    left = (~there * facts.load * facts.borrower).sum(axis=1), (~there * facts.load).sum(axis=1)
    return good, np.round(np.stack([*left, stuck.sum(axis=1), cost], axis=1), 6)
