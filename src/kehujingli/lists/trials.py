"""What is otherwise in one plan than in another? Figures, branches, managers and customers of two plans side by side. Pure; loads in 折算户."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from kehujingli import terms
from kehujingli.terms.column import ListColumn, keys
from kehujingli.values import named

if TYPE_CHECKING:
    import pandas as pd

    from kehujingli.assign import Plan

_SIDES = (("now", "现"), ("then", "试"))
FIGURES = {
    "due": terms.label("due"),
    "assigned": "已配户",
    "load_assigned": terms.label("load_assigned"),
    "unassigned": "未配户",
    "unassigned_borrowers": "其中贷款户未配",
    "moved": "要调整的户",
    "moved_borrowers": "其中贷款户",
    "objective": "办法的代价",
}
"""The figures of a plan, in the order in which they are said."""


def figures(plan: Plan) -> dict[str, int | Decimal]:
    """By the keys of ``FIGURES``; ``objective`` is the rules' cost, moves are counted from who holds the customers now."""
    branches = plan.branches
    counts = {key: int(branches[key].sum()) for key in FIGURES if key not in ("objective", "load_assigned")}
    load = Decimal(str(round(float(branches["load_assigned"].sum()), 6))).normalize()
    return {key: {"objective": plan.objective, "load_assigned": load}.get(key, counts.get(key, 0)) for key in FIGURES}


def _pair(key: str, kind: str, label: str) -> tuple[ListColumn, ...]:
    return tuple(ListColumn(f"{key}_{side}", kind, f"{word}{label}") for side, word in _SIDES)  # type: ignore[arg-type]


BRANCHES = (
    ListColumn("branch_id", "id"),
    ListColumn("branch_name", width=14),
    *_pair("capacity", "number", "上限"),
    *_pair("load_due", "number", terms.label("load_due")),
    *_pair("load_assigned", "number", terms.label("load_assigned")),
    *_pair("unassigned", "count", "未配户"),
)
MANAGERS = (
    ListColumn("branch_id", "id"),
    ListColumn("manager_id", "id"),
    ListColumn("name", label=terms.label("name", "managers"), width=9),
    *_pair("capacity", "number", "上限"),
    *_pair("load_after", "number", terms.label("load")),
)
MOVES = (
    ListColumn("customer_id", "id"),
    ListColumn("branch_id", "id"),
    ListColumn("manager_now", "id", "现管户经理"),
    ListColumn("manager_then", "id", "试管户经理"),
)

PRICES = (terms.label("branch_id"), "加什么", "多管户", "多管贷款户", "多管折算户", "代价少")


def branches(now: Plan, then: Plan, names: Mapping[str, str]) -> pd.DataFrame:
    """One row a branch of either side; a capacity is missing where it has no limit, and a figure where the branch is not there."""
    table = _both(now.branches, then.branches, "branch_id", ("capacity", "load_due", "load_assigned", "unassigned"))
    return table.assign(branch_name=named(table["branch_id"], names))[keys(BRANCHES)]


def managers(now: Plan, then: Plan, names: Mapping[str, str]) -> pd.DataFrame:
    """One row a manager of either side."""
    table = _both(now.loads, then.loads, "manager_id", ("branch_id", "capacity", "load_after"))
    table = table.assign(
        branch_id=table["branch_id_then"].where(table["branch_id_then"].notna(), table["branch_id_now"]),
        name=named(table["manager_id"], names),
    )
    return table.sort_values(["branch_id", "manager_id"], ignore_index=True)[keys(MANAGERS)]


def moves(now: Plan, then: Plan) -> pd.DataFrame:
    """Customers whom the plans give to different managers, or one of them to nobody."""
    table = now.customers[["customer_id", "branch_id", "assigned_manager"]].merge(
        then.customers[["customer_id", "branch_id", "assigned_manager"]], on="customer_id", suffixes=("_now", "_then")
    )
    old, new = (table[f"assigned_manager_{side}"] for side, _ in _SIDES)
    table = table.assign(branch_id=table["branch_id_then"], manager_now=old, manager_then=new)
    return table[old.fillna("") != new.fillna("")].reset_index(drop=True)[keys(MOVES)]


def otherwise(table: pd.DataFrame) -> pd.Series[bool]:
    """Which rows differ between the sides."""
    import pandas as pd

    differs = pd.Series(data=False, index=table.index)
    for column in table:
        if column.endswith("_now"):
            old, new = table[column], table[f"{column.removesuffix('_now')}_then"]
            differs |= ~((old == new).fillna(value=False) | (old.isna() & new.isna()))
    return differs.astype(bool)


def _both(now: pd.DataFrame, then: pd.DataFrame, key: str, columns: tuple[str, ...]) -> pd.DataFrame:
    return now[[key, *columns]].merge(then[[key, *columns]], on=key, how="outer", suffixes=("_now", "_then"), sort=True)
