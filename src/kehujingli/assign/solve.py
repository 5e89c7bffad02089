"""How many of each class does each manager take? The optimum of the cost under the limits, with its proof.

The linear programme (``program``) settles the matter where it is whole by itself, as it is where all loads are equal. Where it is not, its
prices say what each pair of a class and a manager adds to its cost at least. Plans that add no more than a little are searched, and among the
pairs that can be in one of them most classes are alike, so that little is left to search; what is proved of the others is that they cost more.
If that does not show the plan found to be the best, more is searched. How much is limited by what there is to search, never by time: where
that is not enough, the bound says how far the plan may be from the optimum.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np

from kehujingli.assign.knapsacks import fitting_loads
from kehujingli.assign.program import Floats, Found, Model, Priced, Task, Whole, Yes
from kehujingli.assign.remainders import Forced, forced
from kehujingli.assign.stages import settled
from kehujingli.errors import problem

__all__ = ["Solution", "Task", "solve"]

_NEAR = 1e-6
"""Two costs that differ by less, for each unit of them, are the same."""
_PLACES = 6
"""Costs of more decimals than this have no step that is worth a proof."""
_SEARCH = 2_000_000
"""Pairs × nodes of a search."""
_FEW = 50
"""Nodes of a search among those who cost nothing beyond the linear programme."""
_MORE = 0.01
"""The part of a step by which the search goes beyond a cost that plans can have, so that no rounding puts that cost outside."""


@dataclass(frozen=True)
class Solution:
    taken: Whole
    left: Whole
    objective: float
    bound: float


def solve(task: Task) -> Solution:
    """The optimum of a component, or what the search found, with its bound. Raises ``assign.no-plan`` where there is none."""
    if not np.isfinite(task.cost).any():
        return _told(task, _standing(task, _all_left(task)), math.inf)
    alike, member, base = _merged(task, task.ways)
    priced = Model(alike).priced()
    if priced.whole:
        return _told(task, _dealt(np.rint(priced.taken).astype("int64"), task.size, member), priced.floor + base)
    taken, bound = _fitted(alike, priced) or _best(alike, priced)
    return _told(task, _dealt(_standing(alike, taken), task.size, member), bound + base)


def _told(task: Task, taken: Whole, bound: float) -> Solution:
    """``taken``: with who is left in the last column. No bound is said to be above the cost, nor, by rounding, just below it."""
    cost = _cost(task, taken)
    near = _NEAR * max(1.0, abs(cost))
    return Solution(taken[:, :-1], taken[:, -1], cost, bound if bound < cost - near else cost)


def _all_left(task: Task) -> Whole:
    return np.column_stack([np.zeros(task.cost.shape, dtype="int64"), task.size])


def _stands(task: Task, taken: Whole) -> bool:
    """Whether nobody is where he may not be, and a band is held; for what limits forbid is never taken."""
    return not taken[~np.isfinite(task.ways)].any() and (task.band is None or task.band.holds(taken))


def _standing(task: Task, taken: Whole) -> Whole:
    """The plan that was found. Raises ``assign.no-plan`` where it does not stand."""
    if not _stands(task, taken):
        raise problem("assign.no-plan", detail="户不能拆开，没有找到放得下的")
    return taken


def _cost(task: Task, taken: Whole) -> float:
    """What a plan costs, reckoned from the plan alone."""
    cost = float(np.where(taken, np.where(np.isfinite(task.ways), task.ways, 0.0) * taken, 0.0).sum())
    if task.share is not None:
        weight = np.where(taken[:, :-1], task.weighed, 0.0)
        cost += task.imbalance * float(np.maximum((weight * taken[:, :-1]).sum(axis=0) - task.share, 0).sum())
    return cost


def _above_all(task: Task) -> float:
    """No plan costs as much."""
    dearest = np.where(np.isfinite(task.ways), task.ways, -math.inf).max(axis=1)
    cost = float(dearest @ task.size) + 1.0
    if task.share is not None:
        heaviest = np.broadcast_to(task.weighed, task.cost.shape).max(axis=1)
        cost += task.imbalance * float(heaviest @ task.size - np.minimum(task.share, 0).sum())
    return cost


def _fitted(task: Task, priced: Priced) -> tuple[Whole, float] | None:
    """The plan, and its bound, of a task where what a customer weighs depends on who has her: limits leave gaps that only knapsacks see."""
    grid = _Grid.of(task, priced, math.inf)
    if not grid.step or not fitting_loads(task):
        return None
    found = settled(task, priced.prices, priced.floor, grid.step, grid.up)
    return None if found.taken is None else (found.taken, found.bound)


def _best(task: Task, priced: Priced) -> tuple[Whole, float]:
    """The best plan found, and its bound. ``radius``: plans that cost up to so much more than the linear programme are searched."""
    floor = priced.floor
    grid = _Grid.of(task, priced, 0.0)
    step = grid.step
    beyond = forced(task, priced, lambda above: grid.up(floor + above) - floor + _MORE * step)
    # the cost of being left need not keep to the steps of the others, so that it is looked at one step further
    left = np.maximum(priced.reduced[:, -1] - step, 0.0)
    priced = replace(priced, reduced=np.column_stack([priced.reduced[:, :-1], left]))
    within = np.column_stack([beyond.pairs[:, :-1], left])
    grid = _Grid.of(task, priced, beyond.least)

    def proved(least: float, radius: float) -> float:
        """What no plan is cheaper than, where those within the ``radius`` are not cheaper than ``least``."""
        outside = floor + step + float(left[left > radius].min(initial=math.inf))
        return min(grid.up(min(least, floor + radius)), outside)

    bound = proved(floor + beyond.least, beyond.least)
    radius = max(bound - floor + _MORE * grid.step, _small(within))
    best, exact = _with(task, priced, beyond, bound - floor + _MORE * grid.step), False
    cost, nodes = (
        _cost(task, best) if _stands(task, best) else _above_all(task),
        _nodes(int(np.isfinite(task.ways).sum())),
    )
    if bound >= cost - _NEAR * max(1.0, abs(cost)):
        return best, bound
    while True:
        found = _core(task, priced, within <= radius, radius, 0.0 if exact else grid.step, nodes)
        if found.taken is not None and _cost(task, found.taken) < cost:
            best, cost = found.taken, _cost(task, found.taken)
        bound = max(bound, proved(found.bound, radius))
        enough = max(cost - floor - (1 - _MORE) * grid.step, _NEAR)
        cut_short = found.cut_short and found.taken is not None
        if cut_short or exact or bound >= cost - _NEAR * max(1.0, abs(cost)):
            return best, bound
        # what was too much to search to the end is not made less by looking further: it is looked at for a plan
        nodes = max(1, nodes // 2) if found.cut_short else nodes
        exact = radius >= enough
        radius = radius if exact else min(enough, max(2 * radius, radius + grid.step))
        grid = _Grid.of(task, priced, radius)


def _with(task: Task, priced: Priced, beyond: Forced, radius: float) -> Whole:
    """A plan with those who must be taken beside the ones that cost nothing beyond the linear programme, and with the loads that this comes to;
    where there is none, everybody left."""
    sure = beyond.taken
    people = sure[:, :-1]
    full = priced.room > _NEAR
    room = np.where(beyond.held & full, np.floor(task.capacity) + np.minimum(beyond.above, 0), task.capacity)
    rest = replace(
        task,
        size=task.size - sure.sum(axis=1),
        capacity=room - (np.where(people, task.load, 0.0) * people).sum(axis=0),
        band=None if task.band is None else task.band.after(sure),
    )
    if task.share is not None:
        share = task.share + np.where(beyond.held & ~full, beyond.above, 0)
        rest = replace(rest, share=share - (np.where(people, task.weighed, 0.0) * people).sum(axis=0))
        if len(priced.over):
            priced = replace(priced, over=np.where(beyond.held & ~full, math.inf, priced.over))
    if beyond.least and (rest.size >= 0).all():
        found = _core(rest, priced, beyond.free, radius, 0.0, _FEW)
        if found.taken is not None:
            return found.taken + sure
    return _all_left(task)


def _nodes(pairs: int) -> int:
    return max(_SEARCH // pairs, 200)


def _small(within: Floats) -> float:
    """What one or two pairs a class are within."""
    pairs = within[np.isfinite(within)]
    kept = min(len(pairs), len(within) + 10 * within.shape[1])
    return max(float(np.partition(pairs, kept - 1)[kept - 1]), _NEAR)


def _core(task: Task, priced: Priced, near: Yes, radius: float, step: float, nodes: int) -> Found:
    """What the search finds among the plans that cost at most ``radius`` more than the linear programme, which have only pairs that are ``near``,
    to within less than a ``step``."""
    alike, member, base = _merged(task, np.where(near, task.ways, math.inf))
    with np.errstate(divide="ignore"):
        most = np.where(near, np.minimum(np.floor(radius / priced.reduced), 2.0 * task.size.sum()), 0)
        over = radius / priced.over
    over = np.floor(over) if task.even else over
    together = np.zeros((len(alike.size), most.shape[1]))
    np.maximum.at(together, member, most)
    together = np.minimum(together, alike.size[:, None])
    gap = 0.999 * step / max(priced.floor + radius - base, step) if step else 0.0
    found = Model(alike).searched(together, over, gap, nodes)
    taken = None if found.taken is None else _dealt(found.taken, task.size, member)
    return Found(taken, found.bound + base, found.cut_short)


def _merged(task: Task, ways: Floats) -> tuple[Task, Whole, float]:
    """Classes that weigh the same and whose costs differ by one and the same amount with everybody who may have them, as one: its costs are
    what is above the least. The number of each class in it, and what the least come to."""
    may = np.isfinite(ways)
    least = np.where(may.any(axis=1), ways.min(axis=1), 0.0)
    above = np.round(np.where(may, ways - least[:, None], -1.0), 9)
    load, weight = (np.broadcast_to(each, task.cost.shape) for each in (task.load, task.weighed))
    parts = [above, np.where(may[:, :-1], load, 0.0)]
    if task.weight is not None:
        parts.append(np.where(may[:, :-1], weight, 0.0))
    band = task.band
    if band is not None:
        parts += [band.weight[:, None], band.left[:, None]]
    _, first, member = np.unique(np.column_stack(parts), axis=0, return_index=True, return_inverse=True)
    member = member.ravel()
    costs = np.where(may, above, math.inf)[first]
    alike = replace(
        task,
        size=np.bincount(member, weights=task.size, minlength=len(first)).astype("int64"),
        cost=costs[:, :-1],
        load=load[first],
        unassigned=costs[:, -1],
        weight=None if task.weight is None else weight[first],
        band=None if band is None else replace(band, weight=band.weight[first], left=band.left[first]),
    )
    return alike, member, float(least @ task.size)


def _dealt(taken: Whole, size: Whole, member: Whole) -> Whole:
    """What each class has of what those that it was one with take: the first manager's customers are of the first classes."""
    order = np.argsort(member, kind="stable")
    row, column = np.nonzero(taken)
    people = np.repeat(column, taken[row, column])
    classes = np.repeat(order, size[order])
    answer = np.zeros((len(size), taken.shape[1]), dtype="int64")
    np.add.at(answer, (classes, people), 1)
    return answer


@dataclass(frozen=True)
class _Grid:
    """The costs that plans can have: ``start`` and whole ``step``s above; any where ``step`` is 0."""

    start: float
    step: float

    @classmethod
    def of(cls, task: Task, priced: Priced, radius: float) -> _Grid:
        """Where nobody is left but who may be in a plan within the ``radius``."""
        ways = task.ways
        ways[priced.reduced[:, -1] > radius, -1] = math.inf
        least = np.where(np.isfinite(ways).any(axis=1), ways.min(axis=1), 0.0)
        above = (ways - least[:, None])[np.isfinite(ways)]
        step = _step(np.append(above, task.imbalance if task.share is not None else 0.0))
        if task.share is not None and task.imbalance and not task.even:
            step = 0.0
        return cls(float(least @ task.size), step)

    def up(self, cost: float) -> float:
        """The least of them that is not below ``cost``."""
        if not self.step or not math.isfinite(cost):
            return cost
        return self.start + math.ceil((cost - self.start) / self.step - _NEAR) * self.step


def _step(values: Floats) -> float:
    """The greatest number that all of these are whole multiples of; 0 where there is none worth the name."""
    told = [Decimal(str(value)) for value in np.unique(np.round(np.abs(values), 9)).tolist() if value]
    places = max((-int(value.normalize().as_tuple().exponent) for value in told), default=0)
    if not told or places > _PLACES:
        return 0.0
    scale: int = 10 ** max(0, places)
    return math.gcd(*(int(value * scale) for value in told)) / scale
