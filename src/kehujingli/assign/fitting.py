"""May a manager have the customer whom people, not the plan, give to her? Who may not and why, and whose limit it goes beyond."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kehujingli.assign.conflicts import Barred, Conflicts, read_conflicts
from kehujingli.assign.feasible import Managers, read_managers
from kehujingli.assign.interchangeable import feasible, mainly_loans, read
from kehujingli.periods import date_of

if TYPE_CHECKING:
    import pandas as pd

    from kehujingli.assign.trials import Given
    from kehujingli.rules import AssignRules


@dataclass(frozen=True)
class Loaded:
    """A manager's 折算户 before and after, above her limit."""

    manager: str
    before: float
    after: float
    capacity: float


def against(
    frame: pd.DataFrame, row: int, person: int, managers: Managers, conflicts: Conflicts, effective: int
) -> str:
    """What stands against a manager's having the customer of a row (branch_id, village, exposure), the plainest first; empty where nothing does."""
    customer, branch, village, exposure = (
        frame[name].iat[row] for name in ("customer_id", "branch_id", "village", "exposure")
    )
    if not managers.on_duty[person]:
        return f"他在 {date_of(effective)} 不在岗"
    if person not in managers.serves.get(branch, ()):
        return f"他不服务机构 {branch or '（没有机构号）'}"
    if managers.authority[person] < int(exposure):
        return f"贷款 {int(exposure) / 1_000_000:,.2f} 万元超过他的授信权限 {managers.authority[person] / 1_000_000:,.2f} 万元"
    return conflicts.said(customer, village, person)


def unfit(
    given: Given, wanted: Mapping[str, str], effective: int, *, home_village: bool, own_line: bool = False
) -> dict[str, str]:
    """``wanted``: customer → manager. Of those whom their manager may not have on the day, why; in the order of ``wanted``.

    Room is not asked for, nor who is no customer; who is not in the roster is.
    """
    people = given.managers.assign(branch_id=given.managers["branch_id"].fillna(""))
    every = given.customers.assign(branch_id=given.customers["branch_id"].fillna(""))
    roster = read_managers(people, {*every["branch_id"].unique(), *people["branch_id"].unique()}, effective)
    conflicts = read_conflicts(
        given.conflicts, people, every["village"], roster, effective, home_village=home_village, own_line=own_line
    )
    frame = every[every["customer_id"].isin(list(wanted))].reset_index(drop=True)
    lent = frame["loan_balance"].fillna(0).astype("int64")
    frame = frame.assign(exposure=lent)
    if own_line:
        frame = frame.assign(asset=mainly_loans(lent, frame["average_deposit"]))
    barred = Barred.of(frame, roster, conflicts)
    number = roster.number()
    named = np.array([number.get(wanted[who], -1) for who in frame["customer_id"].tolist()], dtype="int64")
    good = feasible(frame.assign(barred=barred.of_row), named, roster, barred.groups) >= 0
    told = {
        frame["customer_id"].iat[row]: against(frame, int(row), int(named[row]), roster, conflicts, effective)
        if named[row] >= 0
        else "名册里没有这个工号"
        for row in np.flatnonzero(~good)
    }
    return {customer: told[customer] for customer in wanted if customer in told}


def weighed_up(
    given: Given, wanted: Mapping[str, str], rules: AssignRules, effective: int
) -> tuple[list[Loaded], list[str]]:
    """Who of the takers would be above the limit and is more loaded than before, by number; and the customers due for 轮岗 who stay."""
    due, roster = read(given.customers, given.managers, given.grids, rules, effective, given.conflicts)
    number, frame = roster.number(), due.frame
    now = frame["named"].to_numpy()
    asked = frame["customer_id"].map({customer: number.get(manager, -1) for customer, manager in wanted.items()})
    then = np.where(asked.notna(), asked.fillna(-1), now).astype("int64")
    before, after = (
        np.bincount(people[people >= 0], weights=frame["load"].to_numpy()[people >= 0], minlength=len(roster.ids))
        for people in (now, then)
    )
    over = np.flatnonzero((after > roster.capacity * due.unit) & (after > before) & roster.on_duty)
    loads = [
        Loaded(roster.ids[at], before[at] / due.unit, after[at] / due.unit, roster.capacity[at]) for at in over.tolist()
    ]
    stays = frame["rotate"].to_numpy() & (then == now) & asked.notna().to_numpy()
    return loads, frame["customer_id"].to_numpy()[stays].tolist()
