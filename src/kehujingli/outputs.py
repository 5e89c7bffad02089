"""Which files does a month become? The three workbooks, each from the month as far as it has been reckoned."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING

from kehujingli.workspace import operator

if TYPE_CHECKING:
    from kehujingli.batch import Month
    from kehujingli.workbooks.definitions import Source
    from kehujingli.workbooks.house import Meta

CLASSES, PLAN, SCORES = "客户分类.xlsx", "管户分配.xlsx", "考核得分.xlsx"
COMPARISON = "比对.xlsx"


def meta_of(month: Month) -> Meta:
    """What stands at the head and foot of every sheet."""
    from kehujingli.workbooks.house import Meta

    institution = month.rules.rules.institution
    status = "试算稿" + ("　未满月" if month.period.partial else "")
    signatures = institution.signatures
    return Meta(
        institution.name, month.period.label, month.period.as_of.isoformat(), institution.document, signatures.prepared, signatures.reviewed, signatures.approved, status
    )  # fmt: skip


def source_of(month: Month) -> Source:
    from kehujingli.workbooks.definitions import Source

    return Source(month.rules, month.sheets, month.rejected, list(month.findings), operator())


def write_classes_book(month: Month, target: Path, *, unmask: bool = False) -> str:
    """客户分类.xlsx. Returns its hash."""
    from kehujingli import rollup
    from kehujingli.views import class_list, manager_names
    from kehujingli.workbooks.classes import Sheets, write_classes

    segmented = month.segmented
    people, names, managers = segmented.customers, month.branch_names, manager_names(month.tables["managers"])
    frame = class_list(people, month.holders, names, managers)
    sheets = Sheets(
        rollup.branch_rows(people, month.tables["loans"], names, month.previous), rollup.county_ratios(people, month.tables["loans"]),
        rollup.changed(people, month.previous, names, same_rules=_same_rules(month)),
        rollup.promising(people, month.inflow, month.holders, names, managers),
    )  # fmt: skip
    return write_classes(
        target, meta_of(month), frame, segmented.thresholds, source_of(month), sheets, unmask=unmask, point_in_time=month.measured.point_in_time_loans
    )  # fmt: skip


def _same_rules(month: Month) -> bool:
    """Whether the month before was classed by the rules of this one."""
    workspace = month.request.workspace
    manifest = workspace.manifest(month.period.back(1).name) if workspace else None
    return bool((manifest or {}).get("rules", {}).get("sha256") == month.rules.sha256)


def write_plan_book(month: Month, target: Path, *, unmask: bool = False) -> str:
    """管户分配.xlsx. Returns its hash."""
    from kehujingli.views import plan_list
    from kehujingli.workbooks.plans import write_plan

    plan, rules = month.plan, month.rules.assign
    frame = plan_list(plan, month.segmented.customers, month.branch_names, month.tables["managers"], month.effective)
    moves = {"forced": "只动必须动的（forced）", "rebalance": "年度调整（rebalance）"}[rules.moves]
    thresholds = [
        ("方式", moves),
        (
            "折算户",
            f"小 {rules.workload.small}，中 {rules.workload.medium}，大 {rules.workload.large}，对公 {rules.business_factor}",
        ),
        ("划片", "先按包村，再按机构" if rules.territory == "grid" else "只按机构"),
        ("方案代价", f"{plan.objective}（下界 {plan.bound}）"),
        ("公共户", f"{plan.pool:,} 户，不配客户经理"),
    ]
    return write_plan(
        target,
        meta_of(month),
        frame,
        plan.branches,
        plan.loads,
        month.branch_names,
        month.effective,
        source_of(month),
        thresholds,
        unmask=unmask,
    )


def write_scores_book(month: Month, target: Path, *, public: bool = False) -> str:
    """考核得分.xlsx. Returns its hash."""
    from kehujingli.workbooks.competition import write_competition
    from kehujingli.workbooks.scores import write_scores

    extra = functools.partial(write_competition, month=month, public=public)
    return write_scores(
        target,
        meta_of(month),
        month.scores,
        month.rules.incentive,
        month.branch_names,
        source_of(month),
        public=public,
        extra=extra,
    )
