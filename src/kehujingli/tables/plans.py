"""Which committed plans count for a period? Those in effect by its last day; never one that was made after its end."""

from __future__ import annotations

from pathlib import Path

from kehujingli.periods import Period, day_of
from kehujingli.tables.tenure import Plan
from kehujingli.workspace.plans import lines_of, plans_of


def load_plans(folder: Path, period: Period) -> list[Plan]:
    """Committed plans in effect by the period's last day and made before its end, in order of effect."""
    plans = []
    for path in plans_of(folder):
        rows = lines_of(path)
        if not rows:
            continue
        effective, made_on = rows[0].day("effective"), rows[0].day("made_on")
        if effective <= period.as_of and made_on <= period.as_of:
            held = {row.identifier("customer_id"): row.identifier("manager_id") for row in rows}
            plans.append(Plan(day_of(effective), held))
    return plans
