"""Who looks after whom, and who is to? The customers' holders on the last day, and a plan from the next month's first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from kehujingli import terms
from kehujingli.month.required import need
from kehujingli.periods import day_of, month_start
from kehujingli.values import listed

if TYPE_CHECKING:
    import pandas as pd

    from kehujingli.assign import Plan
    from kehujingli.assign.trials import Given
    from kehujingli.errors import Finding
    from kehujingli.measures.channels import Channels
    from kehujingli.periods import Period
    from kehujingli.rules import AssignRules
    from kehujingli.segment import Segmented
    from kehujingli.tables import PeriodTables
    from kehujingli.tables.tenure import Leads
    from kehujingli.tables.tenure import Plan as Committed
    from kehujingli.workspace import Workspace

ASKED = (
    "customer_id",
    "branch_id",
    "village",
    "customer_type",
    "group",
    "scale",
    "scale_amount",
    "average_deposit",
    "loan_balance",
)
"""What a plan asks of a customer."""


def effective(period: Period) -> int:
    """A plan counts from the next month's first day."""
    return day_of(month_start(period.month + 1))


def committed(workspace: Workspace | None, tables: PeriodTables, period: Period) -> Sequence[Committed]:
    """Committed plans that count for this period, oldest first."""
    from kehujingli.tables.plans import load_plans

    plans = load_plans(workspace.plans, period) if workspace is not None else []
    return [replace(plan, managers=tables.merges.main_keys(plan.managers)) for plan in plans]


def standing(tables: PeriodTables, committed: Sequence[Committed]) -> Mapping[str, str]:
    """Who would hold each customer without 业绩归属: the newest committed plan, else the export."""
    people = tables["customers"]
    found = {
        customer: manager
        for customer, manager in zip(people["customer_id"].tolist(), listed(people["manager_id"]), strict=True)
        if manager is not None
    }
    for plan in committed:
        found |= {customer: manager for customer, manager in plan.managers.items() if customer in found or manager}
    return found


def holders(tables: PeriodTables, standing: Mapping[str, str], period: Period) -> Mapping[str, str]:
    """Who looks after each customer on the last day: 业绩归属, else the newest committed plan, else the export."""
    from kehujingli.tables.tenure import leads

    return leads(standing, tables["attributions"], period.last).holders


def managed(segmented: Segmented, assign_section: AssignRules | None) -> frozenset[str]:
    """Customers that a manager is due: those of the groups that the rules manage, and borrowers."""
    classes = segmented.customers
    due = classes["group"].isin(assign_section.managed if assign_section else ())
    if assign_section is None or assign_section.borrowers:
        due |= (classes["loan_balance"] > 0).fillna(False)
    return frozenset(classes.loc[due.to_numpy(dtype=bool), "customer_id"])


def sides(
    segmented: Segmented, holders: Mapping[str, str], tables: PeriodTables, managed: frozenset[str], period: Period
) -> pd.Series | None:
    """Whose each customer is on the last day: a manager's, 公共, 未挂户; nothing where nobody holds any."""
    from kehujingli.lists.held import sides

    return sides(segmented.everyone, holders, tables["managers"], managed, period.last)


def branch_sums(
    segmented: Segmented,
    tables: PeriodTables,
    branch_names: Mapping[str, str],
    previous: pd.DataFrame | None,
    sides: pd.Series | None,
    channels: Channels,
) -> pd.DataFrame:
    """机构汇总: what each branch comes to, and below it whose that is."""
    from kehujingli.lists.branches import branch_rows
    from kehujingli.lists.channels import with_channels

    everyone = segmented.everyone
    sums = branch_rows(everyone, tables["loans"], branch_names, previous, sides)
    return with_channels(sums, everyone, sides, channels)


def branch_names(tables: PeriodTables) -> Mapping[str, str]:
    from kehujingli.lists.main import names_of

    return names_of(tables["branches"])


def assignable(tables: PeriodTables, assign_section: AssignRules | None) -> bool:
    """Whether there are rules and a roster to plan with."""
    return assign_section is not None and tables.has("managers")


def plan(
    segmented: Segmented,
    tables: PeriodTables,
    standing: Mapping[str, str],
    branch_names: Mapping[str, str],
    assign_rules: AssignRules,
    effective: int,
    where: str,
    committed: Sequence[Committed],
) -> Plan:
    """Raises ``table.missing`` without a roster."""
    from kehujingli.assign import assign
    from kehujingli.assign.findings import claimed

    dated = committed if assign_rules.rotate_years else None
    given, held, told = inputs(segmented, tables, standing, effective, where, dated)
    found = assign(
        given.customers,
        given.managers,
        given.grids,
        assign_rules,
        effective,
        branch_names,
        conflicts=given.conflicts,
    )
    return replace(found, findings=(*told, *claimed(found.customers, held.shared, held.until), *found.findings))


def inputs(
    segmented: Segmented,
    tables: PeriodTables,
    standing: Mapping[str, str],
    effective: int,
    where: str,
    dated: Sequence[Committed] | None = None,
) -> tuple[Given, Leads, Sequence[Finding]]:
    """What the plan is made of, who holds whom on its first day, and what was found on the way. Raises ``table.missing`` without a roster.

    ``dated``: the committed plans, where it is asked since when each holder has each customer."""
    from kehujingli.assign.trials import Given
    from kehujingli.tables.tenure import held_since, leads

    need(tables, "managers", "管户分配", where)
    customers = segmented.customers[list(ASKED)]
    # what is claimed from the plan's first day on is held when the plan begins
    held = leads(standing, tables["attributions"], effective)
    customers = customers.assign(holder_id=customers["customer_id"].map(held.holders))
    if dated is not None:
        since = held_since(held.holders, tables["attributions"], dated, effective)
        customers = customers.assign(held_since=customers["customer_id"].map(since).astype("Int64"))
    people, told = _serving(tables, customers, effective)
    return Given(customers, people, tables["grids"], tables["conflicts"]), held, told


def _serving(tables: PeriodTables, customers: pd.DataFrame, effective: int) -> tuple[pd.DataFrame, Sequence[Finding]]:
    """The roster with 服务范围 in branch numbers."""
    from kehujingli.assign.serving import Places, served

    people = tables["managers"]
    if people["serves"].dropna().isin(terms.WHOLE_COUNTY).all():
        return people, []
    numbers = {*customers["branch_id"].dropna(), *people["branch_id"].dropna()}
    return served(people, Places.of(tables["branches"], numbers, tables.merged), effective)
