"""How do branches score, what was added or taken off, and what did people type in? The rows of 机构汇总, 加减分 and 人工填报.

Pure: scores in, frames out. Points and actuals are ``Decimal``; money of actuals is 元.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, get_args

from kehujingli import terms
from kehujingli.incentive import ManagerScore, Scores
from kehujingli.rules.shapes.base import Link
from kehujingli.terms.masks import mask_numbers
from kehujingli.values import in_yuan, missing, text_of

if TYPE_CHECKING:
    import pandas as pd

    from kehujingli.lists.held import HeldActuals
    from kehujingli.rules import IncentiveRules

UNITS: Mapping[str, tuple[str, Decimal]] = {
    "money": ("万元", Decimal("0.0001")),
    "ratio": ("%", Decimal(100)),
    "count": ("户", Decimal(1)),
    "number": ("", Decimal(1)),
}
"""How an actual is shown: unit, and by what its figure is multiplied."""
_NUMERALS = "〇一二三四五六七八九十"


ITEM_COLUMNS = (
    *("manager_id", "name", "item_id", "item", "category", "points", "actual", "style", "target", "completion"),
    *("baseline", "working", "clamp", "item_points", "source", "next_step", "step_act", "step_gain", "status"),
    *("counts", "counted", "left", "actual_name", "whole_target", "due_share", "target_span", "target_note"),
    *("target_rows", "computed", "policy"),
)
"""Of 计分明细 as a month keeps it."""
LINKS: tuple[str, ...] = get_args(Link)
"""四个环节, in their order."""


def beside_links(ranking: pd.DataFrame, managers: Sequence[ManagerScore]) -> pd.DataFrame:
    """``ranking`` (a row a post) with the points of each 环节, where the five categories have theirs."""
    posts = {(one.manager_id, one.branch_id): one for one in managers}
    rows = list(zip(ranking["manager_id"], ranking["branch_id"], strict=True))
    return ranking.assign(**{f"link:{key}": [posts[row].link(key) for row in rows] for key in LINKS})


def without_pay(scores: Scores, rules: IncentiveRules) -> tuple[Scores, IncentiveRules]:
    """What may be put on the wall: the same scores without any pay, and the scheme without the items that are money."""
    managers = [
        replace(
            manager,
            items=[item for item in manager.items if item.item.is_counted != "pay"],
            pay=None,
            reckoned=None,
            standard=None,
        )
        for manager in scores.managers
    ]
    kept = tuple(item for item in rules.item if item.is_counted != "pay")
    manual = [row for row in scores.manual if row["item"].is_counted != "pay"]
    return replace(scores, managers=managers, manual=manual), rules.model_copy(update={"item": kept})


def shown_remarks(frame: pd.DataFrame, named: int) -> pd.DataFrame:
    """``views.score_list`` with 备注 as the list on the wall has it: 前三 and 后三 (as many as are ``named``) of a group by a word, reasons of 未计分 on 首页.

    In a group of no more people than the first and the last nobody is called either.
    """
    first, last = (f"{side}{_NUMERALS[named]}" for side in "前后")
    words = {}
    for _, group in frame[frame["score"].notna()].groupby("rank_group"):
        people = dict(zip(group["manager_id"], group["score"], strict=True))
        if len(people) > 2 * named:
            for who, score in people.items():
                above, below = (sum(1 for other in people.values() if sign * (other - score) > 0) for sign in (1, -1))
                words[who] = first if above < named else last if below < named else ""
    remarks = [
        "未计分，见首页" if missing(score) else "；".join(filter(None, (words.get(who, ""), remark)))
        for who, score, remark in zip(frame["manager_id"], frame["score"], frame["remark"], strict=True)
    ]
    return frame.assign(remark=remarks)


def branch_scores(
    scores: Scores, rules: IncentiveRules, names: Mapping[str, str], held: HeldActuals | None = None
) -> pd.DataFrame:
    """机构汇总: one row a branch of its posts; ``item:<id>`` is the share of the standard points that was earned; pay in 元.

    With ``held`` the branch's actuals, and below it (first of all below the county) whose they are: 客户经理, 公共, 未挂户.
    """
    import pandas as pd

    posts: dict[str, list[ManagerScore]] = {}
    for manager in scores.managers:
        posts.setdefault(manager.branch_id, []).append(manager)
    parted = held is not None and bool(held.labels)
    there = held.sums.index.get_level_values("branch_id") if held is not None and parted else ()
    rows: list[dict[str, Any]] = _sides(held, None, terms.WHOLE_COUNTY_NAME) if held is not None and parted else []
    for branch in sorted({*posts, *there}):
        earned = summed(posts.get(branch, ()), rules)
        row = {"branch_id": branch, "branch_name": names.get(branch), "held_by": "", **earned}
        rows.append(row | held.of(branch) if held is not None and parted else row)
        rows += _sides(held, branch, names.get(branch)) if held is not None and parted else []
    columns = [
        "branch_id",
        "branch_name",
        *(("held_by",) if parted else ()),
        "people",
        "mean",
        "best",
        "worst",
        *(f"item:{item.id}" for item in rules.item),
        "pay",
        *(held.columns if held is not None else ()),
    ]
    frame = pd.DataFrame(rows, columns=columns)
    counts = ["people", *(held.columns if held is not None else ())]
    return frame.astype(dict.fromkeys(counts, "Int64"))


def _sides(held: HeldActuals, branch: str | None, name: str | None) -> list[dict[str, Any]]:
    return [
        {"branch_id": branch, "branch_name": name, "held_by": side, **held.of(branch, side)} for side in terms.SIDES
    ]


def summed(posts: Sequence[ManagerScore], rules: IncentiveRules) -> dict[str, Any]:
    """People, scores, share of the standard points by item, and pay of some posts; two posts of one person count once but for pay."""
    people = list({manager.manager_id: manager for manager in reversed(posts)}.values())
    points = [manager.score for manager in people if manager.score is not None]
    rates: dict[str, Any] = {}
    for item in rules.item:
        earned = [
            (scored.points, scored.item.points)
            for manager in people
            for scored in manager.items
            if scored.item.id == item.id and scored.points is not None
        ]
        # What has no full marks (加扣分, money) has no share of them; schemes may give an item different ones.
        full = sum((points for _, points in earned), Decimal(0))
        rates[f"item:{item.id}"] = sum((points for points, _ in earned), Decimal(0)) / full if full else None
    paid = [manager.pay for manager in posts if manager.pay is not None]
    return {
        "people": len(people),
        "mean": sum(points, Decimal(0)) / len(points) if points else None,
        "best": max(points, default=None),
        "worst": min(points, default=None),
        **rates,
        "pay": sum(paid, Decimal(0)) if paid else None,
    }


def adjustment_list(scores: Scores, names: Mapping[str, str], *, public: bool) -> pd.DataFrame:
    """加减分: adopted lines, by manager and day; those of money alone are pay, left out of what is public."""
    import pandas as pd

    rows = []
    for row in scores.adjustments.itertuples():
        points = Decimal(row.points) if text_of(row.points) else None
        cents = int(row.amount) if text_of(row.amount) else 0
        if public and points is None:
            continue
        said = [f"{points:+f} 分"] if points is not None else []
        said += [f"{in_yuan(cents):+,.2f} 元"] if cents and not public else []
        rows.append(
            {
                "manager_id": str(row.manager_id),
                "name": names.get(str(row.manager_id)),
                "item": text_of(row.item) or "",
                "occurred_on": row.occurred_on,
                "points": "，".join(said),
                "reason": mask_numbers(text_of(row.reason) or "") or None,
                "document": text_of(row.document),
                "entered_by": text_of(row.entered_by),
                "approved_by": text_of(row.approved_by),
                "approved_on": row.approved_on,
            }
        )
    frame = pd.DataFrame(rows, columns=ADJUSTMENT_COLUMNS)
    frame = frame.astype({"occurred_on": "Int64", "approved_on": "Int64"})
    return frame.sort_values(["manager_id", "occurred_on"], kind="stable", ignore_index=True)


ADJUSTMENT_COLUMNS = [
    "manager_id",
    "name",
    "item",
    "occurred_on",
    "points",
    "reason",
    "document",
    "entered_by",
    "approved_by",
    "approved_on",
]


def manual_list(scores: Scores, rules: IncentiveRules) -> pd.DataFrame:
    """人工填报: every figure typed in, beside what the program itself makes of it, in the unit people use."""
    import pandas as pd

    order = {item.id: place for place, item in enumerate(rules.item)}
    rows = []
    for row in scores.manual:
        item, computed = row["item"], row["computed"]
        style = terms.ACTUAL_STYLES.get(item.actual or "", "number")
        unit, factor = UNITS[style]
        unit = item.counted if style == "count" else unit
        typed = row["value"] * factor
        ours = None if computed is None else computed.value * factor
        rows.append(
            {
                "manager_id": row["manager_id"],
                "item": f"{item.label}（{unit}）" if unit else item.label,
                "computed": ours,
                "value": typed,
                "difference": None if ours is None else typed - ours,
                "source": row["source"],
                "approved_by": row["approved_by"],
                "remark": row["remark"],
                "order": order[item.id],
            }
        )
    frame = pd.DataFrame(rows, columns=[*MANUAL_COLUMNS, "order"])
    return frame.sort_values(["manager_id", "order"], kind="stable", ignore_index=True)[MANUAL_COLUMNS]


MANUAL_COLUMNS = ["manager_id", "item", "computed", "value", "difference", "source", "approved_by", "remark"]


def roster_names(scores: Scores) -> dict[str, str]:
    return {manager.manager_id: manager.name for manager in scores.managers}
