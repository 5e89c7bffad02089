"""Which assignments have been approved? Committed plans as small files: customer, manager, day of effect, by whom and when.

A plan never counts for a period that ended before it was made.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from kehujingli.periods import Period, day_of
from kehujingli.tenure import Plan

_HEADER = ("customer_id", "manager_id", "effective", "made_on", "made_by", "document")


@dataclass(frozen=True)
class Approval:
    """One approved change: this customer is this manager's from that day."""

    customer_id: str
    manager_id: str


def save_plan(
    folder: Path, approvals: Iterable[Approval], effective: date, made_on: date, made_by: str, document: str
) -> Path:
    """Write one committed plan; another of the same day of effect gets a number of its own and counts after it."""
    folder.mkdir(parents=True, exist_ok=True)
    number = len(list(folder.glob(f"{effective.isoformat()}*.csv")))
    path = folder / (f"{effective.isoformat()}.csv" if not number else f"{effective.isoformat()}-{number + 1}.csv")
    beside = path.with_suffix(".tmp")
    with beside.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_HEADER)
        for approval in sorted(approvals, key=lambda item: item.customer_id):
            writer.writerow(
                (
                    approval.customer_id,
                    approval.manager_id,
                    effective.isoformat(),
                    made_on.isoformat(),
                    made_by,
                    document,
                )
            )
    beside.replace(path)
    return path


def load_plans(folder: Path, period: Period) -> list[Plan]:
    """Committed plans in effect by the period's last day and made before its end, in order of effect."""
    plans = []
    for path in sorted(folder.glob("*.csv"), key=lambda path: (path.stem[:10], len(path.stem), path.stem)):
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        if not rows:
            continue
        effective, made_on = date.fromisoformat(rows[0]["effective"]), date.fromisoformat(rows[0]["made_on"])
        if effective <= period.as_of and made_on <= period.as_of:
            plans.append(Plan(day_of(effective), {row["customer_id"]: row["manager_id"] for row in rows}))
    return plans
