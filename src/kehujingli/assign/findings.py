"""What must a person know of a plan? Who has no manager and why, what is missing in each branch, and how that is cured."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

import numpy as np

from kehujingli import terms
from kehujingli.assign.feasible import Managers
from kehujingli.errors import Finding, finding
from kehujingli.periods import date_of
from kehujingli.rules.costs import enough
from kehujingli.values import plain

if TYPE_CHECKING:
    import pandas as pd

    from kehujingli.rules import AssignRules


_SHOWN = 5


_NAMED = 5
"""So many people are named."""


def left_out(rules: AssignRules, dearer: tuple[str, ...]) -> list[str]:
    """The keys by which somebody is left out whom somebody could have."""
    return [f"unassigned = {plain(rules.cost.unassigned)}", *dearer]


def households(load: float) -> str:
    return f"{load:,.0f}" if load == int(load) else f"{load:,.1f}"


def findings_of(
    frame: pd.DataFrame,
    branches: pd.DataFrame,
    managers: Managers,
    unit: int,
    names: Mapping[str, str],
    rules: AssignRules,
    dearer: Mapping[int, tuple[str, ...]],
) -> list[Finding]:
    told: list[Finding] = []
    unlimited = int((~np.isfinite(managers.capacity) & managers.on_duty).sum())
    if unlimited:
        told.append(finding("assign.capacity-unknown", column=terms.label("capacity"), count=unlimited))
    if managers.unlike:
        told.append(_unlike(managers))
    told += _idle(managers) if rules.own_line else []
    lost = frame[frame["move"] == "unassigned"]
    heavy = frame.groupby("branch_id")["load"].max()
    where = lost.groupby("branch_id").indices
    for row in branches[branches["branch_id"].isin(list(where))].itertuples():
        here = lost.iloc[where[row.branch_id]]
        name = f"{row.branch_id} {names.get(row.branch_id, '')}".strip() or "没有机构号的客户"
        short = here[here["missing"] == "capacity"]
        if len(short):
            heaviest = float(heavy[row.branch_id]) / unit
            told.append(_no_capacity(row, name, short, unit, heaviest))
        nobody, weak = here[here["missing"] == "no_manager"], here[here["missing"] == "authority"]
        if len(nobody):
            told.append(finding("assign.no-manager", branch=name, count=len(nobody)))
        cheaper = here[here["missing"] == "cost"]
        if len(cheaper):
            keys = list(dict.fromkeys(key for at in cheaper.index for key in left_out(rules, dearer[int(at)])))
            told.append(
                finding(
                    "assign.left-by-cost",
                    branch=name,
                    count=len(cheaper),
                    borrowers=int(cheaper["borrower"].sum()),
                    keys="，".join(keys),
                    enough=enough(rules),
                    section="[assign.cost]",
                    key="unassigned",
                )
            )
        if len(weak):
            told.append(finding("assign.no-authority", branch=name, count=len(weak)))
        avoided = here[here["missing"] == "conflict"]
        if len(avoided):
            told.append(finding("assign.all-avoid", branch=name, count=len(avoided)))
        told += _no_line(here[here["missing"] == "specialism"], name)
    borrowers = lost[lost["borrower"]]
    if len(borrowers):
        cents = int(borrowers["exposure"].sum())
        told.append(finding("assign.borrower-unmanaged", count=len(borrowers), wan=f"{cents / 1_000_000:,.2f}"))
    return told


def _unlike(managers: Managers) -> Finding:
    def wan(cents: float) -> str:
        return f"{cents / 1_000_000:,.2f} 万元" if np.isfinite(cents) else "不限"

    people = [
        f"{managers.ids[one]}（第 {'、'.join(map(str, rows))} 行，上限 {households(managers.capacity[one]) if np.isfinite(managers.capacity[one]) else '不限'}，权限 {wan(managers.authority[one])}）"
        for one, rows in managers.unlike.items()
    ]
    more = f"等 {len(people)} 人" if len(people) > _SHOWN else ""
    return finding("assign.posts-unlike", people="、".join(people[:_SHOWN]) + more, count=len(people))


def _no_line(lost: pd.DataFrame, branch: str) -> list[Finding]:
    """Customers of whose main business nobody is, by line."""
    counts = {"asset": int(lost["asset"].sum()), "liability": int((~lost["asset"].astype(bool)).sum())}
    return [
        finding(
            "assign.no-line",
            branch=branch,
            count=count,
            line=terms.SPECIALISMS[line],
            section="[assign]",
            key="own_line",
        )
        for line, count in counts.items()
        if count
    ]


def _idle(managers: Managers) -> list[Finding]:
    """Who is on duty and of a line that is nobody's main business."""
    idle = [
        who
        for who, here, post in zip(managers.ids, managers.on_duty, managers.specialism, strict=True)
        if here and post == "intermediary"
    ]
    more = "等" if len(idle) > _NAMED else ""
    return [finding("assign.line-idle", count=len(idle), people="、".join(idle[:_NAMED]) + more)] if idle else []


def claimed(plan: pd.DataFrame, shared: Collection[str], until: Mapping[str, int]) -> list[Finding]:
    """What 业绩归属 says of the customers of a plan and a plan with one manager a customer cannot say."""
    told = []
    several = plan[plan["customer_id"].isin(list(shared))]
    if len(several):
        first = next(several.itertuples())
        told.append(
            finding(
                "assign.holder-shared",
                count=len(several),
                value=first.customer_id,
                people=first.previous_manager if isinstance(first.previous_manager, str) else "没有人",
            )
        )
    kept = plan[plan["customer_id"].isin(list(until)) & (plan["move"] == "kept")]
    if len(kept):
        end = min(until[customer] for customer in kept["customer_id"])
        told.append(finding("assign.holder-until", count=len(kept), day=date_of(end)))
    return told


def room_cure(people: int, capacity: float, due: float, heaviest: float) -> str:
    """What would be enough, surely: a household of at most ``heaviest`` fits as long as somebody has that much room, so that
    everybody is served where the room without the last ``heaviest`` of each manager holds what is due."""
    if not (people and capacity == capacity and capacity > 0):
        return "增配客户经理。"
    if capacity - people * heaviest >= due:
        # There is room, but not with those who serve the branch or have the authority.
        return "上限合计够，但有的人服务别社、授信权限不够：请增配客户经理，或调整服务范围、授信权限。"
    each = capacity / people
    raised = f"每人上限提到 {math.ceil(due / people + heaviest)}"
    if math.floor(each) > heaviest:
        more = math.ceil((due - (capacity - people * heaviest)) / (math.floor(each) - heaviest))
        raised = f"加 {more} 人（各 {math.floor(each)} 折算户）或{raised}"
    return f"{raised}，一定可全部配上。"


def _no_capacity(row: object, name: str, short: pd.DataFrame, unit: int, heaviest: float) -> Finding:
    missing = float(short["load"].sum()) / unit
    people, capacity, due = int(row.managers), float(row.capacity or 0), float(row.load_due)  # type: ignore[attr-defined]
    return finding(
        "assign.no-capacity",
        branch=name,
        due=f"{int(row.due):,}",  # type: ignore[attr-defined]
        load=households(due),
        managers=people,
        capacity=households(capacity) if capacity == capacity else "不限",
        short=households(missing),
        count=len(short),
        borrowers=int(short["borrower"].sum()),
        cure=room_cure(people, capacity, due, heaviest),
    )
