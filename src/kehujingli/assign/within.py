"""May managers who are evened out by one measure stand apart in another by so much at most? The plan that keeps to it, or what it would take.

What each is to have of the other measure is her part, by limits (管户上限), of what the plan itself serves. Nobody is left out for it. Who has room for
nobody has no part and is held to none.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

import numpy as np

from kehujingli.assign.program import Band, Floats, Task, Whole
from kehujingli.assign.solve import Solution, solve
from kehujingli.errors import Problem, problem

_NEAR = 1e-6
_SHOWN, _NAMED = 10, 4


@dataclass(frozen=True)
class Within:
    """``measure``: of ``balance.LIMITS``."""

    measure: str
    name: str
    percent: Decimal


@dataclass(frozen=True)
class Group:
    """The other measure among managers who are evened out together: of a customer of each class, what each has already, by which limits."""

    weight: Floats
    base: Floats
    limits: Floats

    def band(self, task: Task, plain: Whole, percent: float) -> Band:
        part = parts(self.limits)
        free = part == 0
        least, most = (np.maximum(part * (100 + sign * percent) / 100, 0.0) for sign in (-1, 1))
        total = float(self.weight @ task.size + self.base.sum())
        gone = float(task.unassigned @ plain[:, -1])
        allowed = gone + _NEAR * max(1.0, _NEAR * gone)
        most = np.where(free, np.inf, most)
        return Band(self.weight, self.base, total, np.where(free, 0.0, least), most, task.unassigned, allowed)

    def apart(self, plain: Whole) -> int:
        """The whole percentage that the plan keeps to as it is."""
        held = self.weight @ plain[:, :-1] + self.base
        return math.ceil(round(float(100 * apart(held, parts(self.limits)).max(initial=0.0)), 9))


def parts(limits: Floats) -> Floats:
    """Of everything, by limits; who has none counts as the mean of the others."""
    finite = np.isfinite(limits)
    by = np.where(finite, limits, limits[finite].mean() if finite.any() else 1.0)
    shared: Floats = by / by.sum() if by.sum() else np.zeros(len(by))
    return shared


def apart(held: Floats, part: Floats) -> Floats:
    """How far each is from her part of what all hold, as a part of it; 0 for who has none."""
    share = part * held.sum()
    away: Floats = np.abs(held - share) / np.where(share > 0, share, np.inf)
    return away


def within(task: Task, plain: Solution, group: Group, percent: Decimal) -> Solution | int:
    """The plan of the task that keeps to it and leaves out nobody whom ``plain`` does not, or the least whole percentage that was found to have one."""
    found = _kept(task, plain, group, float(percent))
    if found is not None:
        return found
    beyond, furthest = math.floor(percent), group.apart(_whole(plain))
    free = replace(task, cost=np.where(np.isfinite(task.cost), 0.0, np.inf), share=None, imbalance=0.0)
    enough = furthest
    while enough - beyond > 1:
        middle = (beyond + enough) // 2
        beyond, enough = (beyond, middle) if _kept(free, plain, group, middle) is not None else (middle, enough)
    return enough if _kept(task, plain, group, enough) is not None else furthest


def _whole(plan: Solution) -> Whole:
    return np.column_stack([plan.taken, plan.left])


def _kept(task: Task, plain: Solution, group: Group, percent: float) -> Solution | None:
    band = group.band(task, _whole(plain), percent)
    if band.holds(_whole(plain)):
        return plain
    try:
        return solve(replace(task, band=band))
    except Problem:
        return None


@dataclass
class Far:
    """The branches whose managers cannot be as near as asked, and the percentages at which they can."""

    impossible: list[tuple[str, int]] = field(default_factory=list)

    def seen(self, branches: Sequence[str], answer: Solution | int, plain: Solution) -> Solution:
        if isinstance(answer, Solution):
            return answer
        first, *others = (branch or "没有机构号的" for branch in sorted(branches))
        named = f"{first} 等 {len(branches)} 个机构（一起算）" if len(others) >= _NAMED else "、".join([first, *others])
        self.impossible.append((named, answer))
        return plain

    def told(self, close: Within) -> None:
        """Raises ``assign.within-impossible``."""
        if not self.impossible:
            return
        told = sorted(self.impossible, key=lambda one: (-one[1], one[0]))
        each = "；".join(f"{branches} {percent}%" for branches, percent in told[:_SHOWN])
        each += f"；等 {len(told)} 处" if len(told) > _SHOWN else ""
        enough = told[0][1]
        raise problem(
            "assign.within-impossible", measure=close.name, percent=f"{close.percent:f}", each=each, enough=enough
        )
