"""Which manager does each customer get? Class by class from the optimum, then dealt in turn, the largest first."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from kehujingli.assign.feasible import Managers
from kehujingli.assign.interchangeable import Due, classify, components, keys_of
from kehujingli.assign.solve import Solution, Task, solve
from kehujingli.assign.within import Far, Group, Within, within
from kehujingli.rules.costs import keeping

if TYPE_CHECKING:
    import pandas as pd

    from kehujingli.rules import AssignRules

Whole = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Yes = npt.NDArray[np.bool_]
Classes = Mapping[str, npt.NDArray[Any]]
"""Columns of classes: pandas takes longer for a few rows of so many branches than the solver."""
UNPLACED = -1


def place(due: Due, managers: Managers, rules: AssignRules, close: Within | None = None) -> tuple[Whole, float]:
    """The number of the manager of every row (−1 where nobody can), and how far HiGHS stopped from its bound (0 when proved).

    ``close``: how near managers are to be to their part of the measure that the frame has as ``other``. Raises ``assign.within-impossible``.
    """
    frame = due.frame
    placed = np.full(len(frame), UNPLACED, dtype="int64")
    limits = managers.capacity * due.unit
    frozen, load = frame["frozen"].to_numpy(), frame["load"].to_numpy()
    fixed = frozen >= 0
    holder = np.where(fixed, frozen, frame["holder"].to_numpy())
    if rules.moves == "forced":
        held = holder >= 0
        carried = np.bincount(holder[held], weights=load[held], minlength=len(managers.ids))
        fixed = fixed | (held & ~frame["rotate"].to_numpy() & (carried <= limits)[np.maximum(holder, 0)])
    placed[fixed] = holder[fixed]
    weight = "weight" if "weight" in frame else "load"
    base, weighed = (_sums(frame, key, placed, fixed, managers) for key in ("load", weight))
    open_rows = np.flatnonzero(~fixed)
    if not len(open_rows) and close is None:
        return placed, 0.0
    member, table = classify(frame if len(open_rows) == len(frame) else frame.iloc[open_rows])
    classes = _columns(table)
    # who is evened out with whom depends on what they have, be nothing of it open
    parts = components(table if len(open_rows) == len(frame) else frame, managers)
    belongs = {branch: number for number, branches in enumerate(parts) for branch in branches}
    component = table["branch_id"].map(belongs).to_numpy()
    nobody = np.zeros(0, dtype="int64")
    taken: list[tuple[Whole, Whole, Whole]] = [(nobody, nobody, nobody)]
    gap, far = 0.0, Far()
    other = _sums(frame, "other", placed, fixed, managers) if close is not None else None
    for number, branches in enumerate(parts):
        chosen = np.flatnonzero(component == number)
        people = np.unique(
            np.concatenate([managers.serves.get(branch, np.array([], dtype="int64")) for branch in branches])
        )
        if not len(people) or not (len(chosen) or close):
            continue
        part = {key: values[chosen] for key, values in classes.items()}
        solution, task = _component(part, people, managers, (base, weighed), limits, due, rules)
        if close is not None and other is not None:
            group = Group(part["other"], other[people], limits[people])
            solution = far.seen(branches, within(task, solution, group, close.percent), solution)
        shares, short = _proved(solution)
        gap += short
        row, column = np.nonzero(shares)
        taken.append((chosen[row], people[column], shares[row, column]))
    if close is not None:
        far.told(close)
    quotas = [np.concatenate(part) for part in zip(*taken, strict=True)]
    placed[open_rows] = deal(member, frame["amount"].to_numpy()[open_rows], classes["holder"], *quotas)
    return _held_first(frame, placed), gap


def _columns(table: pd.DataFrame) -> Classes:
    """What costs depend on, by class; ``branch_id`` is text still, looked at once for each branch that is alike in ``code``."""
    import pandas as pd

    whole, yes = ("size", "holder", "grid", "barred"), ("borrower", "asset", "rotate")
    real = [key for key in ("load", "move_cost", "exposure", "weight", "other") if key in table]
    code, names = pd.factorize(table["branch_id"])
    return {
        **{key: table[key].to_numpy(dtype="int64") for key in whole},
        **{key: table[key].to_numpy(dtype=bool) for key in yes},
        **{key: table[key].to_numpy(dtype=float) for key in real},
        "large": (table["scale"] == "large").to_numpy(dtype=bool),
        "branch": np.array([*names], dtype=object)[code],
        "code": code,
    }


def _sums(frame: pd.DataFrame, key: str, placed: Whole, fixed: Yes, managers: Managers) -> Floats:
    """What each manager has already."""
    weights = frame[key].to_numpy()[fixed]
    return np.bincount(placed[fixed], weights=weights, minlength=len(managers.ids)).astype(float)


def _held_first(frame: pd.DataFrame, placed: Whole) -> Whole:
    """Of two customers alike in all but their holder, of whom her holder has taken the one that nobody held and left her own without
    a manager, she keeps her own: it costs the same, and a plan that was approved is not undone."""
    lost = (placed == UNPLACED) & (frame["holder"] >= 0)
    fresh = (placed != UNPLACED) & (frame["holder"] < 0) & (frame["frozen"] < 0)
    if not (lost.any() and fresh.any()):
        return placed
    ranked, same = [], [key for key in keys_of(frame) if key not in ("holder", "move_cost")]
    for rows, person, smallest in ((lost, frame["holder"], False), (fresh, placed, True)):
        side = frame[same].assign(person=person, row=np.arange(len(frame)), amount=frame["amount"])[rows]
        side = side.sort_values(["amount", "row"], ascending=[smallest, True])
        ranked.append(side.assign(turn=side.groupby([*same, "person"], sort=False).cumcount()).drop(columns="amount"))
    pairs = ranked[0].merge(ranked[1], on=[*same, "person", "turn"], suffixes=("_held", "_fresh"))
    settled = placed.copy()
    settled[pairs["row_held"].to_numpy()] = pairs["person"].to_numpy()
    settled[pairs["row_fresh"].to_numpy()] = UNPLACED
    return settled


def _component(
    classes: Classes,
    people: Whole,
    managers: Managers,
    fixed: tuple[Floats, Floats],
    limits: Floats,
    due: Due,
    rules: AssignRules,
) -> tuple[Solution, Task]:
    """How many of each class each manager of one component takes, and of which task that is the optimum. ``fixed``: the load, and the
    weight, that each has already."""
    base, weighed = fixed
    size, load = classes["size"], classes["load"]
    if not len(size):
        nothing = Task(size, np.zeros((0, len(people))), np.zeros((0, 1)), limits[people], np.zeros(0))
        return solve(nothing), nothing
    cost = _costs(classes, people, managers, due, rules)
    room = np.maximum(limits[people] - base[people], 0)
    weight = classes.get("weight", load)
    unassigned = _unassigned(classes, load, cost, due.unit, _dearer_than(weight, load, rules))
    imbalance = float(rules.cost.imbalance) / due.unit
    # who weighs nothing against a limit is served, whatever she weighs in the balance
    unassigned = unassigned + np.where(load == 0, imbalance * weight, 0.0)
    # leaving out who is due for rotation is no way to move her
    unassigned = unassigned + np.where(classes["rotate"], _keep(rules, due.unit, classes), 0.0)
    most = float((size * load)[np.isfinite(cost).any(axis=1)].sum())
    task = Task(size, cost, load[:, None], room, unassigned, weight=weight[:, None])
    if not imbalance:
        return solve(task), task

    def balanced(served: float) -> tuple[Solution, Task]:
        share = shares(limits[people], weighed[people], served, due.unit) - weighed[people]
        evened = replace(task, share=share, imbalance=imbalance)
        return solve(evened), evened

    # What is served decides the average around which loads are balanced: where somebody is left, that is known from a first solution.
    if most <= room.sum():
        first, evened = balanced(float((size * weight)[np.isfinite(cost).any(axis=1)].sum()))
        if float((first.taken * load[:, None]).sum()) == most:
            return first, evened
    else:
        first = solve(task)
    return balanced(float((first.taken * weight[:, None]).sum()))


def _dearer_than(weight: Floats, load: Floats, rules: AssignRules) -> AssignRules:
    """The rules, with leaving a customer out dearer than what she weighs in the balance, where that is more than her load."""
    heaviest = float((weight / np.where(load > 0, load, 1)).max(initial=1.0))
    if heaviest <= 1:
        return rules
    unassigned = rules.cost.unassigned + rules.cost.imbalance * math.ceil(heaviest)
    return rules.model_copy(update={"cost": rules.cost.model_copy(update={"unassigned": unassigned})})


def _proved(solution: Solution) -> tuple[Whole, float]:
    return solution.taken, max(0.0, solution.objective - solution.bound)


def _costs(classes: Classes, people: Whole, managers: Managers, due: Due, rules: AssignRules) -> Floats:
    """Cost of one customer of each class with each manager; infinite where she may not have it."""
    asset = classes["asset"][:, None]
    specialism = np.array([managers.specialism[person] or "" for person in people], dtype=object)
    wrong = (specialism != "") & (specialism != np.where(asset, "asset", "liability"))
    cost = np.where(wrong, float(rules.cost.wrong_specialism), 0.0)
    holder, move = classes["holder"][:, None], classes["move_cost"][:, None]
    # Over the limit, just enough is moved: staying is worth more than any other line of the cost.
    stay = _keep(rules, due.unit, classes) if rules.moves == "forced" else 0.0
    rotate = classes["rotate"][:, None]
    cost += np.where((holder >= 0) & (holder != people) & ~rotate, move + stay, 0.0)
    # Rotation is worth more than any line of the cost, and less than anybody's being left out or, where only forced moves are made, sent away.
    cost += np.where(rotate & (holder == people), _keep(rules, due.unit, classes), 0.0)
    _grid_costs(cost, classes["grid"], people, due, rules)
    _, first, code = np.unique(classes["code"], return_index=True, return_inverse=True)
    serving = np.array([np.isin(people, managers.serves.get(branch, [])) for branch in classes["branch"][first]])
    able = managers.authority[people] >= classes["exposure"][:, None]
    cost[~(serving[code] & able)] = np.inf
    barred = classes["barred"]
    for group in np.unique(barred[barred >= 0]):
        cost[np.ix_(barred == group, np.isin(people, due.barred[group]))] = np.inf
    return cost


def _keep(rules: AssignRules, unit: int, classes: Classes) -> float:
    heaviest = max(float(classes[key].max(initial=0.0)) for key in ("load", "weight") if key in classes)
    most = Decimal(math.ceil(heaviest)) / unit
    return float(keeping(rules, most))


def _grid_costs(cost: Floats, grids: Whole, people: Whole, due: Due, rules: AssignRules) -> None:
    for grid in np.unique(grids[grids >= 0]):
        own = np.isin(people, due.groups[grid])
        if own.any():
            cost[np.ix_(grids == grid, ~own)] += float(rules.cost.off_grid)


def _unassigned(classes: Classes, load: Floats, cost: Floats, unit: int, rules: AssignRules) -> Floats:
    """Cost of leaving one of each class, with weights that make it lexicographic: borrowers, then workload, then large before medium.

    A borrower left out weighs more than any customers its place could serve instead; the bonus of a large customer is too small in
    all to buy a household of workload. Who weighs nothing takes nobody's room and is always served.
    """
    each = load / unit * float(rules.cost.unassigned)
    least, most = float(load[load > 0].min(initial=1.0)), float(load.max(initial=1.0))
    factor = math.ceil(2 * most / least) + 2
    bonus = 0.5 * float(rules.cost.unassigned) / unit / max(1, int(classes["size"].sum()))
    weights = np.where(classes["borrower"], each * factor, each)
    dearest = np.where(np.isfinite(cost), cost, 0.0).max(axis=1, initial=0.0)
    return np.asarray(np.where(load == 0, dearest + 1.0, weights + np.where(classes["large"], bonus, 0.0)))


def shares(limits: Floats, base: Floats, served: float, unit: int) -> Floats:
    """What each manager has at the average load rate, in whole households; without a limit she counts as the mean of the others."""
    finite = np.isfinite(limits)
    weights = np.where(finite, limits, limits[finite].mean() if finite.any() else 1.0)
    total = float(served + base.sum())
    rate = total / weights.sum() if weights.sum() else 0.0
    return np.asarray(np.ceil(np.round(rate * weights / unit, 9)) * unit)


def deal(member: Whole, amounts: Whole, holders: Whole, classes: Whole, people: Whole, quotas: Whole) -> Whole:
    """The manager of every row of ``member`` (its class): the holder of a class keeps the largest, the rest are dealt in turn in the
    order of people's numbers, who is left over has nobody. ``classes``, ``people``, ``quotas``: who takes how many of which class."""
    each = np.repeat(np.arange(len(quotas)), quotas)
    turn = np.arange(len(each)) - np.repeat(np.cumsum(quotas) - quotas, quotas)
    passed = people[each] != holders[classes[each]]
    count, turns = int(people.max(initial=0)) + 1, int(turn.max(initial=0)) + 1
    # one number each is sorted many times faster than several keys
    told = np.sort(((classes[each] * 2 + passed) * turns + turn) * count + people[each])
    kind, person = told // (2 * turns * count), told % count
    sizes, dealt = (np.bincount(some, minlength=len(holders)) for some in (member, kind))
    behind = np.arange(len(told)) - np.repeat(np.cumsum(dealt) - dealt, dealt)
    answer = np.full(len(member), UNPLACED, dtype="int64")
    answer[_largest_first(member, amounts)[(np.cumsum(sizes) - sizes)[kind] + behind]] = person
    return answer


def _largest_first(member: Whole, amounts: Whole) -> Whole:
    """Rows by member, then from the largest amount on, of equal ones the first row first."""
    rows = np.arange(len(member))
    order = np.argsort(-amounts)
    among = amounts[order]
    equal = np.cumsum(np.append(0, among[1:] != among[:-1])) if len(order) else rows
    order = np.sort(equal * len(order) + order) % max(1, len(order))
    return np.asarray(order[np.sort(member[order] * len(order) + rows) % max(1, len(order))])
