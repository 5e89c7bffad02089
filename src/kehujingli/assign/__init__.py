"""Who should look after whom, and why? 管户分配: the optimum of the rules' cost under the roster's limits, branch by branch.

``forced``: holders keep their customers; only new, orphaned, unauthorised and over-limit ones are placed. ``rebalance``: everything may move
at the rules' cost. Where capacity falls short as much workload as possible is served, borrowers first, then large before medium.
Source: contract, "Assignment". Overload is counted in whole households above a manager's share at the average load rate.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from kehujingli.errors import Finding

if TYPE_CHECKING:
    import pandas as pd

    from kehujingli.rules import AssignRules

__all__ = ["Plan", "assign"]


@dataclass(frozen=True)
class Plan:
    """A proposal.

    ``customers``: one row a managed customer, sorted by id: customer_id, branch_id, previous_manager, assigned_manager, load, move
    (kept, new, moved, unassigned), reason, missing (capacity, no_manager, authority, cost), undo_cost, borrower.
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
) -> Plan:
    """Place every managed customer. Money is 分, days count from 1970, ``effective`` is the plan's first day.

    ``customers``: customer_id, branch_id, village, customer_type, group, scale, scale_amount, average_deposit, loan_balance, holder_id.
    Raises ``assign.no-plan`` where there is no plan even with customers left unassigned.
    """
    from kehujingli.assign.deal import place
    from kehujingli.assign.feasible import grid_managers, read_managers
    from kehujingli.assign.interchangeable import prepare
    from kehujingli.assign.reasons import tell

    # who stands in no branch is a branch of its own: nobody falls out of a sum by branch
    customers, managers = (frame.assign(branch_id=frame["branch_id"].fillna("")) for frame in (customers, managers))
    known = {*customers["branch_id"], *managers["branch_id"]}
    roster = read_managers(managers, known, effective)
    due = prepare(customers, roster, grid_managers(grids, roster, effective), rules)
    placed, gap = place(due, roster, rules)
    told = tell(due, roster, placed, rules, effective, branches or {})
    bound = told.objective - Decimal(str(round(gap, 6))).normalize()
    return Plan(
        told.customers,
        told.loads,
        told.branches,
        tuple(told.findings),
        told.objective,
        bound,
        len(customers) - len(due.frame),
    )
