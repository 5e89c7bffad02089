"""What will be missing? Targets, the visit plan, the roster and the pictures that a scheme needs, told before anything is reckoned."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kehujingli import terms
from kehujingli.periods import date_of
from kehujingli.values import listed

if TYPE_CHECKING:
    from kehujingli.periods import Period
    from kehujingli.rules import IncentiveRules
    from kehujingli.tables import PeriodTables

VISIT_PLAN = "visits_plan"
"""What ``--require`` calls 走访计划: rows of 任务数, not a table."""
_OF_LOANS = frozenset({"npl_ratio", "due_collection_ratio", "interest_collection_ratio", "loan_customers_growth"})
_NAMED = 5


def lacking(tables: PeriodTables, period: Period, rules: IncentiveRules | None) -> list[str]:
    """Sentences, what costs most people their score first. Nothing where no scheme is in force."""
    if rules is None:
        return []
    from kehujingli.actuals.compute import wanted_actuals

    wanted = set(wanted_actuals(rules))
    told = [] if tables.has("managers") else [f"没有 {period.as_of} 的{terms.BY_KEY['managers'].label}"]
    told += _targets(tables, period, rules)
    if "visits_done_ratio" in wanted and not has_visit_plan(tables, period):
        told.append(f"任务数表没有 {period.name} 的{terms.VISIT_PLAN_ITEMS[-1]}")
    if wanted & _OF_LOANS and tables.days.get("loans") is None:
        told.append(f"没有 {period.as_of} 或以前的贷款台账")
    opening = period.first - 1
    if "interest_collection_ratio" in wanted and opening not in set(tables.loan_history["snapshot"]):
        told.append(f"没有 {date_of(opening)} 的贷款台账，利息收回率算不出")
    return told


def has_visit_plan(tables: PeriodTables, period: Period) -> bool:
    from kehujingli.actuals.visits import planned

    return bool(planned(tables.frames, period)[0])


def has_targets(tables: PeriodTables, period: Period) -> bool:
    """Whether any line of 任务数, the visit plan aside, is of the period's year."""
    return bool(_with_targets(tables, period))


def _with_targets(tables: PeriodTables, period: Period) -> set[str]:
    """Managers with a line of the year or of a span within it."""
    lines = tables["targets"]
    lines = lines[~lines["item"].isin(terms.VISIT_PLAN_ITEMS) & lines["manager_id"].notna()]
    return {
        who
        for who, when in zip(listed(lines["manager_id"]), listed(lines["period"]), strict=True)
        if str(period.year) in str(when)
    }


def _targets(tables: PeriodTables, period: Period, rules: IncentiveRules) -> list[str]:
    items = [item for scheme in rules.schemes for item in scheme.item if item.needs_target and item.target is None]
    if not items:
        return []
    people = sorted(set(listed(tables["managers"]["manager_id"])))
    without = [who for who in people if who not in _with_targets(tables, period)]
    if not without:
        return []
    label = f"{period.year} 年任务数"
    if len(without) == len(people):
        return [f"没有一个人的 {label}"]
    few = "、".join(without[:_NAMED]) + ("……" if len(without) > _NAMED else "")
    return [f"{len(without)} 人没有 {label}（{few}）"]
