"""Which customers are interchangeable? Same branch, load, costs and possible managers: one class, one row of the problem."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from kehujingli.assign.conflicts import Barred, Conflicts, avoids, read_conflicts
from kehujingli.assign.feasible import Managers, Village, grid_managers, read_managers
from kehujingli.assign.rotation import rotation
from kehujingli.rules.costs import SCALES

if TYPE_CHECKING:
    import pandas as pd

    from kehujingli.rules import AssignRules

Whole = npt.NDArray[np.int64]
_NOBODY = -1
_NONE = np.array([], dtype="int64")


@dataclass(frozen=True)
class Due:
    """The customers that a manager is due, one a row, sorted by id. Loads are whole numbers of ``1 / unit`` households."""

    frame: pd.DataFrame
    unit: int
    groups: list[tuple[int, ...]]
    """Sets of grid managers that occur; ``frame.grid`` is an index into it, −1 where there is none."""
    barred: list[tuple[int, ...]]
    """Sets of managers who are to avoid a customer; ``frame.barred`` is an index into it, −1 where nobody is."""
    conflicts: Conflicts


def read(
    customers: pd.DataFrame,
    managers: pd.DataFrame,
    grids: pd.DataFrame,
    rules: AssignRules,
    effective: int,
    conflicts: pd.DataFrame | None = None,
) -> tuple[Due, Managers]:
    """What the optimum depends on: the managed customers, and the roster as of the plan's first day."""
    # who stands in no branch is a branch of its own: nobody falls out of a sum by branch
    customers, managers = (frame.assign(branch_id=frame["branch_id"].fillna("")) for frame in (customers, managers))
    roster = read_managers(managers, {*customers["branch_id"].unique(), *managers["branch_id"].unique()}, effective)
    lived, home = customers["village"], rules.home_village
    to_avoid = read_conflicts(conflicts, managers, lived, roster, effective, home_village=home, own_line=rules.own_line)
    return prepare(customers, roster, grid_managers(grids, roster, effective), rules, to_avoid, effective), roster


def prepare(
    customers: pd.DataFrame,
    managers: Managers,
    grids: Mapping[Village, tuple[int, ...]],
    rules: AssignRules,
    conflicts: Conflicts,
    effective: int,
) -> Due:
    """Managed customers with everything the optimum depends on.

    Columns added: load (whole), borrower, business, exposure, asset (main business), holder (number of a feasible holder or −1),
    move_cost, bracket (managers' authority that the exposure exceeds), grid, barred, held_years and rotate (轮岗), frozen (number of who is to have it or −1).
    """
    import pandas as pd

    lent = customers["loan_balance"].fillna(0).astype("int64")
    wanted = customers["group"].isin(rules.managed)
    if rules.borrowers:
        wanted |= lent > 0
    frame = customers[wanted].sort_values("customer_id", ignore_index=True)
    lent = frame["loan_balance"].fillna(0).astype("int64")
    business = frame["customer_type"].isin(["business", "public"])
    unit = _unit([rules.workload.small, rules.workload.medium, rules.workload.large, rules.business_factor])
    by_scale = _told(frame["scale"], {name: int(getattr(rules.workload, name) * unit) for name in SCALES}, 0)
    frame = frame.assign(
        load=np.where(business, int(rules.business_factor * unit), by_scale).astype("int64"),
        business=business,
        borrower=lent > 0,
        exposure=lent,
        asset=mainly_loans(lent, frame["average_deposit"]),
        amount=frame["scale_amount"].fillna(0).astype("int64"),
    )
    frame["move_cost"] = _move_costs(frame, rules)
    number = managers.number()
    frame["named"] = _told(frame["holder_id"], number, _NOBODY)
    barred = Barred.of(frame, managers, conflicts)
    frame["barred"] = barred.of_row
    frame["holder"] = feasible(frame, frame["named"].to_numpy(), managers, barred.groups)
    frame["bracket"] = _brackets(frame, managers)
    turn = rotation(frame, managers, barred.groups, rules, effective)
    frame = frame.assign(held_years=turn.years, rotation_due=turn.due, rotation_able=turn.able, rotate=turn.asked)
    groups = sorted(set(grids.values())) if rules.territory == "grid" else []
    index = {group: position for position, group in enumerate(groups)}
    frame["grid"] = _grids(frame, {village: index[group] for village, group in grids.items()} if groups else {})
    return Due(pd.DataFrame(frame.assign(frozen=_NOBODY)), unit, groups, barred.groups, conflicts)


def mainly_loans(lent: pd.Series, average_deposit: pd.Series) -> pd.Series[bool]:
    """Whether a customer's main business is loans, and an asset manager's: owes something, and no less than the average deposit."""
    return (lent > 0) & (lent >= average_deposit.fillna(0).astype("int64"))


def _grids(frame: pd.DataFrame, villages: Mapping[Village, int]) -> Whole:
    """The grid of each customer: that of the village of her own branch, else of the village of no branch in particular."""
    grid = np.full(len(frame), _NOBODY, dtype="int64")
    anywhere = {village: number for (branch, village), number in villages.items() if branch is None}
    own = {f"{branch}\0{village}": number for (branch, village), number in villages.items() if branch is not None}
    if anywhere:
        grid = frame["village"].map(anywhere).fillna(_NOBODY).to_numpy(dtype="int64")
    if own:
        keys = frame["branch_id"] + "\0" + frame["village"].fillna("")
        found = keys.map(own).fillna(_NOBODY).to_numpy(dtype="int64")
        grid = np.where(found >= 0, found, grid)
    return grid


def _unit(loads: list[Decimal]) -> int:
    """The smallest power of ten that makes every load whole."""
    places = max(0, *(-int(load.normalize().as_tuple().exponent) for load in loads if load))
    return int(10**places)


def _told(column: pd.Series, values: Mapping[str, float], other: float) -> npt.NDArray[Any]:
    """What a mapping says of every row; ``other`` where it says nothing. Each different word is looked up once."""
    import pandas as pd

    code, words = pd.factorize(column)
    return np.asarray(np.array([*(values.get(word, other) for word in words), other])[code])


def _move_costs(frame: pd.DataFrame, rules: AssignRules) -> npt.NDArray[np.float64]:
    """The largest of the costs that apply: scale, 对公, borrower."""
    cost = _told(frame["scale"], {name: float(getattr(rules.cost.move, name)) for name in SCALES}, 0.0)
    cost = np.where(frame["business"], np.maximum(cost, float(rules.cost.move.business)), cost)
    return np.asarray(np.where(frame["borrower"], np.maximum(cost, float(rules.cost.move.borrower)), cost))


def feasible(frame: pd.DataFrame, named: Whole, managers: Managers, barred: list[tuple[int, ...]]) -> Whole:
    """The number of each row's manager where she may look after it: on duty, with the authority, serving the branch, not to avoid it; else −1."""
    import pandas as pd

    good = named >= 0
    good &= np.where(good, managers.on_duty[np.maximum(named, 0)], False)
    good &= np.where(good, managers.authority[np.maximum(named, 0)] >= frame["exposure"].to_numpy(), False)
    code, branches = pd.factorize(frame["branch_id"])
    count = len(managers.ids)
    serving = [at * count + managers.serves.get(branch, _NONE) for at, branch in enumerate(branches)]
    good &= np.isin(code * count + named, np.concatenate([_NONE, *serving]))
    good &= ~avoids(barred, frame["barred"].to_numpy(), named)
    return np.where(good, named, _NOBODY)


def _brackets(frame: pd.DataFrame, managers: Managers) -> Whole:
    """How many of the roster's different authorities an exposure exceeds: customers of one bracket have the same managers."""
    levels = np.unique(managers.authority[np.isfinite(managers.authority)])
    return np.asarray(np.searchsorted(levels, frame["exposure"].to_numpy().astype(float), side="left"), dtype="int64")


KEY = [
    "branch_id",
    "load",
    "borrower",
    "business",
    "scale",
    "asset",
    "holder",
    "move_cost",
    "bracket",
    "grid",
    "barred",
    "rotate",
]


def keys_of(frame: pd.DataFrame) -> list[str]:
    return [*KEY, *(key for key in ("weight", "other") if key in frame)]


def classify(frame: pd.DataFrame) -> tuple[Whole, pd.DataFrame]:
    """The class of every row, and one row a class in a stable order. Those of different ``weight`` or ``other``, where there are any, are not alike."""
    keys = keys_of(frame)
    member = alike([frame[key] for key in keys])
    count = int(member.max(initial=-1)) + 1
    first = np.zeros(count, dtype="int64")
    first[member[::-1]] = np.arange(len(member))[::-1]
    exposure = np.zeros(count, dtype="int64")
    np.maximum.at(exposure, member, frame["exposure"].to_numpy())
    classes = frame[keys].iloc[first].reset_index(drop=True)
    return member, classes.assign(size=np.bincount(member, minlength=count), exposure=exposure)


_ROOM = 2**62
"""So many combinations of keys have a number each."""
_NARROW = 2**20
"""Whole numbers no further apart than this stand for themselves."""


def alike(columns: Sequence[pd.Series]) -> Whole:
    """One number for the rows that are equal in every column, in the order of the columns' values."""
    import pandas as pd

    number, count = np.zeros(len(columns[0]), dtype="int64"), 1
    for column in columns:
        code, values = _ranked(column)
        if count * values >= _ROOM:
            number, found = pd.factorize(number, sort=True)
            count = len(found)
        number, count = number * values + code, count * values
    return np.asarray(pd.factorize(number, sort=True)[0], dtype="int64")


def _ranked(column: pd.Series) -> tuple[Whole, int]:
    """A whole number for each row that is larger where the value is, and how many there can be. Nothing comes behind everything."""
    import pandas as pd

    if column.dtype.kind in "bi" and len(column):
        told = column.to_numpy().astype("int64")
        least, most = int(told.min()), int(told.max())
        if most - least < _NARROW:
            return told - least, most - least + 1
    code, words = pd.factorize(column, sort=True)
    return np.where(code < 0, len(words), code), len(words) + 1


def components(classes: pd.DataFrame, managers: Managers) -> list[list[str]]:
    """Branches that share a manager belong together; each group is one problem."""
    owner: dict[str, str] = {branch: branch for branch in classes["branch_id"].unique()}

    def root(branch: str) -> str:
        while owner[branch] != branch:
            branch = owner[branch]
        return branch

    first: dict[int, str] = {}
    for branch in owner:
        for person in managers.serves.get(branch, ()):
            if person in first:
                owner[root(branch)] = root(first[person])
            else:
                first[int(person)] = branch
    groups: dict[str, list[str]] = {}
    for branch in owner:
        groups.setdefault(root(branch), []).append(branch)
    return list(groups.values())
