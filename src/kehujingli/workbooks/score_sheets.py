"""What do branches and auditors read first? The sheets 机构汇总, 加减分 and 人工填报 of 考核得分.xlsx."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from kehujingli import terms
from kehujingli.lists.main import said
from kehujingli.lists.scores import adjustment_list, branch_scores, manual_list, roster_names, summed
from kehujingli.workbooks.branches import GREY_TEXT, OF_A_SIDE
from kehujingli.workbooks.house import Book, Column, Highlight, labelled

if TYPE_CHECKING:
    from kehujingli.incentive import Scores
    from kehujingli.lists.held import HeldActuals
    from kehujingli.rules import IncentiveRules

_ADJUSTMENTS = (
    labelled("manager_id", width=9),
    labelled("name", width=10),
    labelled("item", width=16),
    labelled("occurred_on", "date", width=12, called="dated"),
    labelled("points", width=14, table="adjustment_lines"),
    labelled("reason", width=40, table="adjustment_lines"),
    labelled("document", width=20),
    labelled("entered_by", width=10, table="adjustment_lines"),
    labelled("approved_by", width=10, called="approval"),
    labelled("approved_on", width=12, table="adjustment_lines"),
)
_MANUAL = (
    labelled("manager_id", width=9),
    labelled("item", width=26),
    labelled("computed", width=14, table="manual_lines"),
    labelled("value", width=14, table="manual_lines"),
    labelled("difference", "number", width=14, called="amount_change"),
    labelled("source", width=24),
    labelled("approved_by", width=12),
    labelled("remark", width=20),
)
DEFINITIONS = (
    ("得分率", "各人该项得分的平均 ÷ 标准分；没有该项得分的人不算在内。"),
    (terms.label("previous_rank"), "比上期名次前进 ▲、后退 ▼ 几名，同一考核组内；上期没有名次的空着。"),
    (
        terms.label("quadrant", "ranks"),
        "勤：本月走访的户（方式按办法的走访方式，一户一人只算一次）不少于同组平均，一户没走访的不算勤；优：得分不低于同组平均。没有走访记录的月份、组里只有一个人的空着。",
    ),
    (terms.BY_KEY["adjustments"].label, "只列已采用的；没有事由或审批人的不采用，见 请人看的事项。"),
    ("人工填报", "填报数与程序算的并列；程序算不出的空着。"),
)


def write_branches(
    book: Book, scores: Scores, rules: IncentiveRules, names: Mapping[str, str], held: HeldActuals, *, public: bool
) -> None:
    """机构汇总 on one page: what posts scored, and what the branch achieved, by whose it is."""
    columns = [
        labelled("branch_id", width=9),
        labelled("branch_name", width=14),
        *([labelled("held_by", width=10, centre=True)] if held.labels else []),
        labelled("people", width=7, table="branch_scores"),
        labelled("mean", width=9, called="mean_score"),
        labelled("best", width=9, table="branch_scores"),
        labelled("worst", width=9, table="branch_scores"),
    ]
    columns += [Column(f"item:{item.id}", item.label, "rate", 10) for item in rules.item]
    columns += [] if public else [labelled("pay", width=14, called="total_pay")]
    columns += [
        Column(key, f"{label}实绩", "wan" if held.style(key) == "money" else "count", 12)
        for key, label in held.columns.items()
    ]
    frame = said(branch_scores(scores, rules, names, held))
    unit = "人、分、得分率" if public else "人、分、得分率、元"
    unit += "；实绩万元、户" if held.labels else ""
    totals = summed(scores.managers, rules) | held.of(None) | {"": "全部"}
    book.list(
        "机构汇总",
        f"{book.meta.institution}客户经理考核机构汇总",
        unit,
        columns,
        frame,
        freeze=3 if held.labels else 2,
        totals=totals,
        one_page=len(frame) <= 60,
        highlights=[Highlight(OF_A_SIDE, GREY_TEXT)] if held.labels else [],
    )


def write_adjustments(book: Book, scores: Scores, *, public: bool) -> None:
    frame = adjustment_list(scores, roster_names(scores), public=public)
    book.list(
        terms.BY_KEY["adjustments"].label,
        "客户经理加减分明细",
        "分" if public else "分、元",
        _ADJUSTMENTS,
        frame,
        freeze=2,
    )


def write_manual(book: Book, scores: Scores, rules: IncentiveRules) -> None:
    book.list("人工填报", "人工填报的实绩", "见指标", _MANUAL, manual_list(scores, rules), freeze=2)
