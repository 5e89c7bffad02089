"""What do people see of a customer, an assignment, a score? Results as lists: the rows of workbooks, cards and queries, in one place.

Codes stay codes here; ``said`` turns them into Chinese where a person reads. Nothing is masked here: edges mask.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from kehujingli import terms
from kehujingli.lists.scores import ITEM_COLUMNS
from kehujingli.terms.masks import mask_names
from kehujingli.values import named

if TYPE_CHECKING:
    from decimal import Decimal

    import pandas as pd

    from kehujingli.assign import Plan
    from kehujingli.incentive import Scores
    from kehujingli.rules import IncentiveRules
    from kehujingli.scoring.model import ManagerScore
    from kehujingli.scoring.settlement import Payout, Settlement

CODES: Mapping[str, Mapping[str, str]] = {key: term.codes for key, term in terms.MADE.items() if term.codes}


def said(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with every code in Chinese."""
    return frame.assign(**{column: named(frame[column], words) for column, words in CODES.items() if column in frame})


def masked(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with customers' names as they may be shown: 张*; a business keeps two characters."""
    if "customer_name" not in frame:
        return frame
    return frame.assign(customer_name=mask_names(frame["customer_name"], frame.get("customer_type")))


def names_of(branches: pd.DataFrame) -> dict[str, str]:
    return {
        branch: name
        for branch, name in zip(branches["branch_id"], branches["name"], strict=True)
        if isinstance(name, str)
    }


def manager_names(managers: pd.DataFrame) -> dict[str, str]:
    return {
        manager: name
        for manager, name in zip(managers["manager_id"], managers["name"], strict=True)
        if isinstance(name, str)
    }


def class_list(
    classes: pd.DataFrame, holders: Mapping[str, str], branches: Mapping[str, str], managers: Mapping[str, str]
) -> pd.DataFrame:
    """客户分类: the 26 columns of analyst.md 2.2 and 行业大类, sorted by branch, scale (large first), amount (falling), customer."""
    frame = classes.assign(
        customer_name=classes["name"],
        branch_name=named(classes["branch_id"], branches),
        holder_id=named(classes["customer_id"], holders),
        order=classes["scale"].map({"large": 0, "medium": 1, "small": 2}),
    )
    frame["manager_name"] = named(frame["holder_id"], managers)
    return _numbered(frame, "order")[CLASS_COLUMNS]


def _numbered(frame: pd.DataFrame, within: str) -> pd.DataFrame:
    """In the order of branch, ``within`` the branch, amount (falling), customer; with that order's numbers."""
    by = ["branch_id", within, "scale_amount", "customer_id"]
    ordered = frame.sort_values(by, ascending=[True, True, False, True], na_position="last", kind="stable")
    return ordered.assign(number=range(1, len(ordered) + 1)).reset_index(drop=True)


CLASS_COLUMNS = [
    "number",
    "branch_name",
    "customer_id",
    "customer_name",
    "customer_type",
    "customer_group",
    "frequency",
    "scale",
    "change",
    "active_months",
    "last_active",
    "average_deposit",
    "loan_balance",
    "scale_amount",
    "manager_name",
    "marks",
    "branch_id",
    "group",
    "previous_group",
    "idle_days",
    "transactions",
    "deposit_balance",
    "average_deposit_year",
    "worst_class",
    "to_next_scale",
    "holder_id",
    "industry_kind",
]


def plan_list(
    plan: Plan, classes: pd.DataFrame, branches: Mapping[str, str], managers: pd.DataFrame, effective: int
) -> pd.DataFrame:
    """管户分配: the 20 columns of analyst.md 2.3, sorted by branch, manager, amount (falling), customer."""
    names = manager_names(managers)
    specialism = dict(zip(managers["manager_id"], managers["specialism"], strict=True))
    wanted = ["customer_id", "name", "customer_type", "village", "group", "scale_amount", "loan_balance", "worst_class"]
    frame = plan.customers.merge(classes[wanted], on="customer_id", how="left")
    frame = frame.assign(
        customer_name=frame["name"],
        branch_name=named(frame["branch_id"], branches),
        previous_manager_name=named(frame["previous_manager"], names),
        assigned_name=named(frame["assigned_manager"], names),
        specialism=named(frame["assigned_manager"], specialism),
        effective_on=effective,
    )
    return _numbered(frame, "assigned_manager")[PLAN_COLUMNS]


PLAN_COLUMNS = [
    "number",
    "branch_id",
    "branch_name",
    "customer_id",
    "customer_name",
    "customer_type",
    "village",
    "group",
    "scale_amount",
    "loan_balance",
    "worst_class",
    "previous_manager",
    "previous_manager_name",
    "assigned_manager",
    "assigned_name",
    "specialism",
    "load",
    "move",
    "reason",
    "effective_on",
]


def score_list(
    scores: Scores, rules: IncentiveRules, branches: Mapping[str, str], previous: Mapping[str, int] | None = None
) -> pd.DataFrame:
    """考核得分: one row a post, one column an item (key ``item:<id>``), sorted by group, rank, manager. ``previous``: last period's ranks."""
    import pandas as pd

    rows = []
    for manager in scores.managers:
        row: dict[str, Any] = {
            "rank_group": manager.rank_group,
            "rank": manager.rank,
            "previous_rank": _moved(manager, previous),
            "manager_id": manager.manager_id,
            "name": manager.name,
            "branch_id": manager.branch_id,
            "branch_name": branches.get(manager.branch_id),
            "specialism": manager.specialism,
            "grade": manager.grade,
            "duty_days": manager.duty_days,
            "adjustment": manager.adjustment,
            "raw_score": manager.raw_score,
            "score": manager.score,
            "score_limit": manager.score_limit,
            "limited_by": manager.limited_by,
            "gate": "；".join(manager.gates),
            "reached": manager.reached,
            "remark": _remark(manager),
        }
        row |= {f"item:{item.item.id}": item.points for item in manager.items}
        row |= {f"category:{name}": manager.category(name) for name in terms.CATEGORIES}
        rows.append(row)
    columns = [
        "rank_group",
        "rank",
        "previous_rank",
        "manager_id",
        "name",
        "branch_id",
        "branch_name",
        "specialism",
        "grade",
        "duty_days",
        *(f"item:{item.id}" for item in rules.item),
        "adjustment",
        "raw_score",
        "score_limit",
        "limited_by",
        "score",
        "gate",
        "reached",
        *(f"category:{name}" for name in terms.CATEGORIES),
        "remark",
    ]
    frame = pd.DataFrame(rows, columns=columns)
    frame = frame.astype({"rank": "Int64", "previous_rank": "Int64"})
    return frame.sort_values(
        ["rank_group", "rank", "manager_id", "branch_id"], na_position="last", kind="stable", ignore_index=True
    )


def _moved(manager: Any, previous: Mapping[str, int] | None) -> int | None:
    """Places gained since the period before (positive is better); nothing where there was no rank."""
    before = (previous or {}).get(manager.manager_id)
    return None if before is None or manager.rank is None else before - manager.rank


def _remark(manager: Any) -> str:
    if manager.score is None:
        return "未计分：" + "；".join(manager.withheld)
    scaled = f"满分 {manager.scaled[0].normalize():f} 折成 {manager.scaled[1].normalize():f}" if manager.scaled else ""
    return "；".join(filter(None, (scaled, str(manager.blocked))))


def item_list(scores: Scores) -> pd.DataFrame:
    """计分明细: one row a manager and item, in the order of the rules."""
    # Long: one row's columns, named once each.
    import pandas as pd

    rows = []
    seen = set()
    for manager in scores.managers:
        if manager.manager_id in seen:
            continue
        seen.add(manager.manager_id)
        for item in manager.items:
            value = item.quantity.value if item.quantity is not None else None
            due = (
                item.target * item.progress[0] / item.progress[1]
                if item.target is not None and not item.by_score
                else item.target
            )
            rows.append(
                {
                    "manager_id": manager.manager_id,
                    "name": manager.name,
                    "item_id": item.item.id,
                    "item": item.item.label,
                    "category": item.item.category,
                    "points": item.item.points,
                    "actual": value,
                    "style": item.style,
                    "target": due,
                    "completion": item.figure.completion if item.figure else None,
                    "baseline": item.baseline,
                    "working": item.working,
                    "clamp": item.clamp,
                    "item_points": item.points,
                    "source": item.source,
                    **dict(zip(("next_step", "step_act", "step_gain"), item.step(), strict=True)),
                    "status": item.status,
                    "counts": item.item.is_counted,
                    "counted": item.item.counted if item.style == "count" else "",
                    "actual_name": item.actual,
                    "left": item.item.leaves(item.question) if item.question is not None else None,
                    "whole_target": item.target,
                    "due_share": None if item.target is None else _part(*item.progress),
                    "target_span": item.target_span,
                    "target_note": item.target_note,
                    "target_rows": " ".join(f"{part}:{row}" for part, row in item.target_rows),
                    "computed": None if item.computed is None else item.computed.value,
                    "policy": item.policy,
                }
            )
    return pd.DataFrame(rows, columns=ITEM_COLUMNS)


def _part(top: Decimal, bottom: Decimal) -> str:
    """9/10: how much of a target is due by now."""
    return "1" if top == bottom else str(Fraction(top) / Fraction(bottom))


def pay_list(scores: Scores, branches: Mapping[str, str], settlement: Settlement) -> pd.DataFrame:
    """绩效薪酬: one row a post, then people paid without one; 应发 = 其中预发 + 其中延期 + 其中待清算, 实际兑付 = 本期兑付 + 年终清算 + 往年延期到期 + 补发 − 扣回."""
    import pandas as pd

    rows = []
    for manager, payout in zip(scores.managers, settlement.payouts, strict=True):
        rows.append(
            {
                "branch_id": manager.branch_id,
                "branch_name": branches.get(manager.branch_id),
                "manager_id": manager.manager_id,
                "name": manager.name,
                "grade": manager.grade,
                "standard": manager.standard,
                "raw_score": manager.raw_score,
                "score": manager.score,
                "duty_share": f"{manager.duty_days}/{manager.days}",
                "pay": manager.pay,
                "point_worth": manager.point_worth if manager.pay is not None else None,
                "advance": manager.advance if manager.pay is not None else None,
                "deferred": manager.to_defer if manager.pay is not None else None,
                "to_settle": _to_settle(manager),
                **_paid(payout),
                "remark": _pay_remark("未计分" if manager.score is None else "", payout),
                "parts": "；".join(f"{name} {amount}" for name, amount in manager.parts),
            }
        )
    rows += [
        {
            "branch_id": one.branch_id,
            "branch_name": branches.get(one.branch_id),
            "manager_id": one.manager_id,
            "name": one.name,
            **_paid(one.payout),
            "remark": _pay_remark("已离任", one.payout),
            "duty_share": "",
            "parts": "",
        }
        for one in settlement.leavers
    ]
    frame = pd.DataFrame(rows, columns=PAY_COLUMNS).astype("object")
    return frame.where(frame.notna(), None).sort_values(["branch_id", "manager_id"], kind="stable", ignore_index=True)


def _to_settle(manager: ManagerScore) -> Decimal | None:
    """What of a pay is neither on account nor deferred: it is paid with the year's settlement."""
    return None if manager.pay is None else manager.pay - manager.advance - manager.to_defer


def _pay_remark(remark: str, payout: Payout | None) -> str:
    if payout is None:
        return remark
    owing = f"多预发未扣 {payout.owing:,.2f} 元" if payout.owing else ""
    waiting = f"待扣 {payout.waiting:,.2f} 元" if payout.waiting else ""
    return "；".join(filter(None, (remark, owing, waiting)))


def _paid(payout: Payout | None) -> dict[str, Any]:
    keys = ("paid_now", "settled", "matured", "granted", "clawback", "carried", "paid")
    return {key: getattr(payout, key) if payout is not None else None for key in keys}


PAY_COLUMNS = [
    "branch_id",
    "branch_name",
    "manager_id",
    "name",
    "grade",
    "standard",
    "raw_score",
    "score",
    "duty_share",
    "pay",
    "point_worth",
    "advance",
    "deferred",
    "to_settle",
    "paid_now",
    "settled",
    "matured",
    "granted",
    "clawback",
    "carried",
    "paid",
    "remark",
    "parts",
]
