"""What is one more worth? A household more of each limit, and a manager more in each branch: by solving again with one more."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np

from kehujingli.assign.deal import UNPLACED, place
from kehujingli.assign.feasible import Managers
from kehujingli.assign.interchangeable import Due, components, read
from kehujingli.assign.reasons import cost_of
from kehujingli.assign.rotation import rotation
from kehujingli.assign.trials import Given, Newcomer, newcomer

if TYPE_CHECKING:
    from kehujingli.assign import Plan
    from kehujingli.rules import AssignRules


@dataclass(frozen=True)
class Price:
    """What the plan would have more, and cost less by the rules. ``manager``: whose limit is one 折算户 higher; ``hired``: who would be added.

    ``served`` and ``borrowers`` are customers, ``load`` 折算户 in all; one of the three may fall where another rises (two small ones for a large).
    """

    branch: str
    manager: str | None
    hired: Newcomer | None
    served: int
    borrowers: int
    load: Decimal
    cost: Decimal


def prices(
    given: Given,
    rules: AssignRules,
    effective: int,
    branches: Collection[str] | None = None,
    *,
    plan: Plan | None = None,
    limits: bool = True,
    posts: Sequence[str | None] = (None,),
) -> list[Price]:
    """Of these branches (all where ``None``) and, where ``limits`` are asked for, of the managers who serve any branch that is solved
    together with one of them, by number. ``plan``: the optimum of ``given``, where it was found already. ``posts``: the 岗位 of whom to
    hire, one price each; ``None`` for none in particular.

    Who has no limit has no price. Each is the difference between two optima, with nothing assumed of how they differ: as many solutions
    as there are prices. Raises ``assign.no-plan``.
    """
    import pandas as pd

    due, roster = read(given.customers, given.managers, given.grids, rules, effective, given.conflicts)
    names = sorted(set(due.frame["branch_id"]) | set(roster.serves))
    asked = set(names if branches is None else branches)
    staff = given.managers.assign(branch_id=given.managers["branch_id"].fillna(""))
    found: list[Price] = []
    for together in components(pd.DataFrame({"branch_id": names}), roster):
        if asked.isdisjoint(together):
            continue
        part = replace(due, frame=due.frame[due.frame["branch_id"].isin(together)].reset_index(drop=True))
        serving = sorted({int(one) for branch in together for one in roster.serves.get(branch, ())})
        local = replace(roster, serves={branch: roster.serves.get(branch, _NOBODY) for branch in together})
        now = _stand(part, local, rules, plan)
        for one, other in _limits(local, serving) if limits else ():
            found.append(_price(roster.home[one], roster.ids[one], None, now, _stand(part, other, rules)))
        for branch in sorted(asked & set(together)):
            for post in posts:
                hired = newcomer(staff, branch, post, effective, 1)
                more = _with(local, hired)
                found.append(
                    _price(branch, None, hired, now, _stand(_met(part, more, hired, rules, effective), more, rules))
                )
    return sorted(found, key=lambda price: (price.branch, price.manager is None, price.manager or ""))


_NOBODY = np.array([], dtype="int64")


def _limits(managers: Managers, people: list[int]) -> Iterator[tuple[int, Managers]]:
    for one in people:
        if np.isfinite(managers.capacity[one]):
            capacity = managers.capacity.copy()
            capacity[one] += 1
            yield one, replace(managers, capacity=capacity)


def _with(managers: Managers, hired: Newcomer) -> Managers:
    """The roster with one more, behind all others."""
    number = len(managers.ids)
    own = np.append(managers.serves.get(hired.branch, _NOBODY), number)
    return Managers(
        [*managers.ids, hired.manager],
        [*managers.home, hired.branch],
        [*managers.specialism, hired.specialism],
        np.append(managers.capacity, np.inf if hired.capacity is None else hired.capacity),
        np.append(managers.authority, np.inf if hired.authority is None else hired.authority),
        np.append(managers.on_duty, True),
        [*managers.left_on, None],
        {**managers.serves, hired.branch: own},
    )


def _met(due: Due, managers: Managers, hired: Newcomer, rules: AssignRules, effective: int) -> Due:
    """The customers with the newcomer there: whom she may not have where everybody keeps to his line, and who can be rotated to her."""
    frame, groups = due.frame, list(due.barred)
    if rules.own_line and hired.specialism is not None:
        line = np.where(frame["asset"], "asset", "liability")
        wrong = (frame["branch_id"] == hired.branch).to_numpy() & (line != hired.specialism)
        before = frame["barred"].to_numpy()
        after = before.copy()
        for group in np.unique(before[wrong]):
            after[wrong & (before == group)] = len(groups)
            groups.append((*(due.barred[group] if group >= 0 else ()), len(managers.ids) - 1))
        frame = frame.assign(barred=after)
    if rules.rotate_years:
        turn = rotation(frame, managers, groups, rules, effective)
        frame = frame.assign(rotation_able=turn.able, rotate=turn.asked)
    return replace(due, frame=frame, barred=groups)


@dataclass(frozen=True)
class _Stand:
    served: int
    borrowers: int
    load: Decimal
    cost: Decimal


def _stand(due: Due, managers: Managers, rules: AssignRules, plan: Plan | None = None) -> _Stand:
    """What the optimum comes to; it is that of ``plan`` where it is given."""
    if plan is None:
        placed, _ = place(due, managers, rules)
    else:
        number = managers.number()
        held = zip(plan.customers["customer_id"], plan.customers["assigned_manager"], strict=True)
        numbers = {customer: number.get(manager, UNPLACED) for customer, manager in held}
        placed = due.frame["customer_id"].map(numbers).to_numpy(dtype="int64")
    there = placed >= 0
    frame = due.frame
    load = Decimal(int(frame["load"].to_numpy()[there].sum())) / due.unit
    borrowers = int(frame["borrower"].to_numpy(dtype=bool)[there].sum())
    cost = cost_of(frame.assign(placed=placed), due, managers, rules)
    return _Stand(int(there.sum()), borrowers, load, cost)


def _price(branch: str, manager: str | None, hired: Newcomer | None, now: _Stand, then: _Stand) -> Price:
    return Price(
        branch,
        manager,
        hired,
        then.served - now.served,
        then.borrowers - now.borrowers,
        (then.load - now.load).normalize(),
        (now.cost - then.cost).normalize(),
    )
