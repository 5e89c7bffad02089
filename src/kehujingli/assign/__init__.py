"""Who should look after whom, and why? 管户分配: the optimum of the rules' cost under the roster's limits, branch by branch.

``forced``: holders keep their customers; only new, orphaned, unauthorised and over-limit ones are placed. ``rebalance``: everything may move
at the rules' cost. Where capacity falls short as much workload as possible is served, borrowers first, then large before medium.
Source: contract, "Assignment". Overload is counted in whole households above a manager's share at the average load rate.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from kehujingli.errors import Finding, finding

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

    from kehujingli.assign.feasible import Managers
    from kehujingli.assign.interchangeable import Due
    from kehujingli.assign.within import Within
    from kehujingli.rules import AssignRules

__all__ = ["Plan", "assign", "judged"]


@dataclass(frozen=True)
class Plan:
    """A proposal.

    ``customers``: one row a managed customer, sorted by id: customer_id, branch_id, previous_manager, assigned_manager, load, move
    (kept, new, moved, unassigned), reason, missing (capacity, no_manager, authority, conflict, cost), undo_cost, borrower.
    ``loads``: one row a manager: capacity, load_before, load_after, large, medium, small, business, borrowers, moved_in, moved_out.
    ``branches``: one row a branch: due, assigned, unassigned, unassigned_borrowers, managers, capacity, load_due, load_assigned, short, moved, moved_borrowers.
    ``objective`` and ``bound``: the rules' cost of the plan and what HiGHS proved no plan can beat. ``pool``: customers of no managed group.
    """

    customers: pd.DataFrame
    loads: pd.DataFrame
    branches: pd.DataFrame
    findings: tuple[Finding, ...]
    objective: Decimal
    bound: Decimal
    pool: int


def assign(
    customers: pd.DataFrame,
    managers: pd.DataFrame,
    grids: pd.DataFrame,
    rules: AssignRules,
    effective: int,
    branches: Mapping[str, str] | None = None,
    frozen: Mapping[str, str] | None = None,
    balance: str | None = None,
    conflicts: pd.DataFrame | None = None,
    close: Within | None = None,
) -> Plan:
    """Place every managed customer. Money is 分, days count from 1970, ``effective`` is the plan's first day.

    ``customers``: customer_id, branch_id, village, customer_type, group, scale, scale_amount, average_deposit, loan_balance, holder_id.
    ``frozen``: customer → the manager who is to have it, whatever it costs; the rest is the optimum beside them. ``conflicts``: 回避.
    ``balance``: a measure of ``balance.MEASURES`` by which managers are evenly loaded instead of 折算户, which stay their limits; the plan is
    the optimum of that balance, ``objective`` its cost by the rules as they stand, of which then nothing is proved. ``close``: how far managers
    may be from their part of another measure; raises ``assign.within-impossible`` where they cannot be as near.
    Raises ``assign.no-plan`` where there is no plan even with customers left unassigned.
    """
    from kehujingli.assign.balance import limited, weighed
    from kehujingli.assign.deal import place
    from kehujingli.assign.freezing import freeze
    from kehujingli.assign.interchangeable import read

    due, roster = read(customers, managers, grids, rules, effective, conflicts)
    due, impossible = freeze(due, roster, frozen or {}, customers["customer_id"], effective)
    asked = weighed(due, balance) if balance else due
    placed, gap = place(limited(asked, close.measure) if close else asked, roster, rules, close)
    plan = _told(due, roster, placed, rules, effective, branches or {}, len(customers))
    short = Decimal(str(round(gap, 6))).normalize()
    open_end = [finding("assign.not-proven", gap=f"{short:f}")] if short else []
    return replace(plan, findings=(*impossible, *open_end, *plan.findings), bound=plan.objective - short)


def judged(
    customers: pd.DataFrame,
    managers: pd.DataFrame,
    grids: pd.DataFrame,
    rules: AssignRules,
    effective: int,
    given: Mapping[str, str],
    branches: Mapping[str, str] | None = None,
    conflicts: pd.DataFrame | None = None,
) -> Plan:
    """What a plan that somebody else made (customer → manager) comes to by the rules; ``bound`` is its own cost: nothing is proved of it.

    Whom its manager may not look after any more counts as unassigned; limits are not enforced, loads above them are seen.
    """
    from kehujingli.assign.interchangeable import feasible, read

    due, roster = read(customers, managers, grids, rules, effective, conflicts)
    number = roster.number()
    named = due.frame["customer_id"].map({customer: number.get(manager, -1) for customer, manager in given.items()})
    placed = feasible(due.frame, named.fillna(-1).to_numpy(dtype="int64"), roster, due.barred)
    return _told(due, roster, placed, rules, effective, branches or {}, len(customers))


def _told(
    due: Due,
    roster: Managers,
    placed: npt.NDArray[np.int64],
    rules: AssignRules,
    effective: int,
    names: Mapping[str, str],
    count: int,
) -> Plan:
    from kehujingli.assign.reasons import tell

    told = tell(due, roster, placed, rules, effective, names)
    pool = count - len(due.frame)
    return Plan(told.customers, told.loads, told.branches, tuple(told.findings), told.objective, told.objective, pool)
