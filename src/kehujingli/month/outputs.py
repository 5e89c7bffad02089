"""Which files does a month become? The three workbooks, each from the month as far as it has been reckoned."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from kehujingli import terms
from kehujingli.errors import Problem
from kehujingli.rules.code_words import code_word
from kehujingli.values import listed
from kehujingli.workspace.clock import system_user
from kehujingli.workspace.log import said_head

if TYPE_CHECKING:
    from datetime import date

    import pandas as pd

    from kehujingli.errors import Finding
    from kehujingli.month.annex import Annex
    from kehujingli.month.order import Month
    from kehujingli.studies.study import Answer
    from kehujingli.workbooks.definitions import Source
    from kehujingli.workbooks.house import Meta

CLASSES, PLAN, SCORES, MONTHLY = "客户分类.xlsx", "管户分配.xlsx", "考核得分.xlsx", "月报.xlsx"
COMPARISON, REJECTS = "比对.xlsx", "退回清单.xlsx"
_OF_PAY = (
    "score.adjustment-unapproved",
    "score.standard-missing",
    "score.pool-exceeded",
    "score.stop-over",
    "score.clawback-waiting",
    "score.overpaid",
    "score.draw-carried",
)
"""Findings whose sentences may name an amount or a standard of pay."""
_SHEETS_OF_PAY = ("spread",)
"""Studies that 链接 leaves out where the sheet that it would lead to is left out."""


def meta_of(month: Month) -> Meta:
    """What stands at the head and foot of every sheet."""
    from kehujingli.workbooks.house import Meta

    institution = month.rules.rules.institution
    status = terms.STATES["draft"] + ("　未满月" if month.period.partial else "")
    signatures = institution.signatures
    return Meta(
        institution.name,
        month.period.label,
        month.period.as_of.isoformat(),
        institution.document,
        signatures.prepared,
        signatures.reviewed,
        signatures.approved,
        status,
    )


def source_of(month: Month, *, public: bool = False) -> Source:
    """Where the figures come from; ``public`` without findings that name amounts of pay."""
    from kehujingli.lists.ages import ages_told
    from kehujingli.month.manifest import linked_sheets
    from kehujingli.workbooks.definitions import Source

    workspace, tables = month.workspace, month.tables
    findings = [told for told in month.findings if not (public and told.code in _OF_PAY)]
    operator = workspace.operator if workspace else system_user()
    ages = ages_told(tables.newest, month.period, month.branch_names, tables.merged)
    sheets = [*month.settled, *linked_sheets(month)]
    return Source(month.rules, sheets, findings, operator, said_head(workspace), ages)


def write_classes_book(month: Month, target: Path, *, unmask: bool = False) -> str:
    """客户分类.xlsx. Returns its hash."""
    from kehujingli.lists import branches as rollup
    from kehujingli.lists.channels import county_share
    from kehujingli.lists.main import class_list, manager_names
    from kehujingli.lists.moved import moved
    from kehujingli.month.keep import sourced
    from kehujingli.month.studies import answered
    from kehujingli.workbooks.classes import Sheets, write_classes

    segmented = month.segmented
    people, names, managers = segmented.customers, month.branch_names, manager_names(month.tables["managers"])
    frame = class_list(people, month.holders, names, managers)
    tending = month.rules.segment.tending
    moves = answered(month, "movement")
    tables = month.tables
    costs = sourced(tables["costs"]) if tables.has("costs") else None
    sums, each = rollup.by_person(month.branch_sums, tables["branches"], costs, tables["managers"], month.period)
    sheets = Sheets(
        sums,
        {
            **rollup.county_ratios(segmented.everyone, tables["loans"]),
            **county_share(segmented.everyone, month.channels),
            **each,
        },
        rollup.changed(people, month.previous, names, month.causes),
        rollup.promising(people, month.inflow, month.holders, names, managers, tending),
        tending,
        moved(people, month.causes),
        month.tables.merges.rows,
        len(segmented.closed),
        None if isinstance(moves, Problem) else moves,
        month.rules.rules.strategy,
    )
    return write_classes(
        target,
        meta_of(month),
        frame,
        segmented.thresholds,
        source_of(month),
        sheets,
        unmask=unmask,
        point_in_time=month.measured.point_in_time_loans,
    )


def write_plan_book(month: Month, target: Path, *, unmask: bool = False) -> str:
    """管户分配.xlsx. Returns its hash."""
    from kehujingli.lists.handover import of_leavers
    from kehujingli.lists.lines import beside_loads
    from kehujingli.lists.main import manager_names, plan_list
    from kehujingli.lists.plan import at_once, leavers, load_rows, moves_to_approve, unassigned
    from kehujingli.month.handover import books_of
    from kehujingli.month.steps.scoring import days_on_duty
    from kehujingli.month.trials import worth_a_manager
    from kehujingli.workbooks.plans import Decisions, write_plan

    tables = month.tables
    plan, rules = month.plan, month.rules.assign
    frame = plan_list(plan, month.segmented.customers, month.branch_names, month.tables["managers"], month.effective)
    names, roster = manager_names(tables["managers"]), tables["managers"]
    undo = dict(zip(plan.customers["customer_id"], plan.customers["undo_cost"], strict=True))
    gone = leavers(roster, month.effective)
    handovers = of_leavers(frame, books_of(month, month.effective, frame), gone, month.effective, rules.due_soon_days)
    decisions = Decisions(
        at_once(frame, names),
        moves_to_approve(frame, names, undo),
        unassigned(plan, frame, worth_a_manager(month)),
        beside_loads(
            load_rows(plan, month.segmented.customers, roster, days_on_duty(roster, month.period), month.branch_names),
            month.line_parts,
            dict(zip(plan.customers["customer_id"], listed(plan.customers["assigned_manager"]), strict=True)),
        ),
        handovers,
        names,
        _about_the_plan(month),
    )
    moves = code_word("moves", rules.moves)
    thresholds = [
        (terms.label("way"), moves),
        (
            terms.label("load"),
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
        decisions,
        month.branch_names,
        month.effective,
        source_of(month),
        thresholds,
        unmask=unmask,
    )


def _about_the_plan(month: Month) -> dict[str, Answer]:
    """授权核对 and 编制测算, where the month has a limit to hold anything against; 条线, where there is any business."""
    from kehujingli.month.studies import answered

    known = {"authority": ("authority_limits", ["single", "total"]), "headcount": ("headcount", ["limit"])}
    found = {}
    for key, (frame, limits) in known.items():
        answer = answered(month, key)
        if not isinstance(answer, Problem) and answer.frames[frame][limits].notna().to_numpy().any():
            found[key] = answer
    lines = answered(month, "lines")
    return found if isinstance(lines, Problem) else found | {"lines": lines}


def template_of(month: Month) -> Path | None:
    """The institution's own first sheets of 考核得分.xlsx, where templates/ has them."""
    path = month.workspace.templates / SCORES if month.workspace else None
    return path if path is not None and path.exists() else None


def write_scores_book(month: Month, target: Path, *, public: bool = False) -> tuple[str, list[Finding]]:
    """考核得分.xlsx, behind the institution's own first sheets where templates/ has them. Returns its hash, and what is wrong with the template.

    Nothing is added to the month here: another workbook may be reading its findings right now.
    """
    from kehujingli.answers.months import live_frames
    from kehujingli.lists.diligence import quadrants
    from kehujingli.workbooks.competition import write_competition
    from kehujingli.workbooks.scores import write_scores

    told = live_frames(month.workspace, month.period, month.scores, month.branch_names, month.rules.incentive.ladder)
    told["ranks"] = quadrants(told["ranks"], _visits(month))
    extra = functools.partial(write_competition, told=told, public=public)
    template = template_of(month)
    settlement = None if public else month.settlement
    digest = write_scores(
        target,
        meta_of(month),
        month.scores,
        month.rules.incentive,
        month.branch_names,
        source_of(month, public=public),
        month.held,
        settlement=settlement,
        public=public,
        previous=month.previous_ranks,
        extra=extra,
        parts=month.line_parts if month.classifiable else None,
    )
    return (digest, []) if template is None else _templated(month, template, target, digest)


def _visits(month: Month) -> pd.DataFrame:
    """The month's visits, made in ways that count."""
    from kehujingli.actuals.visits import by_way, made_in

    return by_way(made_in(month.tables["visits"], month.period), month.rules.incentive.visit_ways)[0]


def _templated(month: Month, template: Path, target: Path, digest: str) -> tuple[str, list[Finding]]:
    """The hash of the workbook with the template's sheets in front; ``digest``, and a finding, where the template cannot be used."""
    from zipfile import BadZipFile

    from kehujingli.errors import finding
    from kehujingli.workbooks.template import fill_template

    merged = target.with_name(f".{target.name}")
    try:
        filled = fill_template(template, target, merged, meta_of(month))
    except (OSError, ValueError, KeyError, TypeError, BadZipFile) as error:
        merged.unlink(missing_ok=True)
        return digest, [finding("output.template-bad", file=template.name, detail=type(error).__name__)]
    merged.replace(target)
    if not filled.empty:
        return filled.digest, []
    cells = "、".join(filled.empty[:5]) + ("等" if len(filled.empty) > 5 else "")
    return filled.digest, [finding("output.template-formula", file=template.name, cells=cells, count=len(filled.empty))]


def write_rejects_book(month: Month, target: Path) -> str:
    """退回清单.xlsx: rows as they stood, to be put right and read again; names, phones and addresses only show as ***. Returns its hash."""
    from kehujingli.workbooks.bulk import workbook_hash
    from kehujingli.workbooks.rejects import write_rejects

    write_rejects(target, month.settled)
    return workbook_hash(target)


def write_monthly_book(
    month: Month,
    target: Path,
    *,
    signed_on: date | None = None,
    public: bool = False,
    annex: Annex | None = None,
    beside: Mapping[str, Answer] | None = None,
) -> str:
    """月报.xlsx. ``beside``: what the studies say that are sheets of it, none of them on a wall. Returns its hash."""
    from kehujingli.lists.crossed import crossed_first
    from kehujingli.lists.month_page import biggest_changes, decisions
    from kehujingli.month.annex import CROSSINGS, crossings_of, place_of
    from kehujingli.month.history import figures_of, stored
    from kehujingli.month.studies import answered, standings
    from kehujingli.workbooks.monthly import Page, write_monthly

    workspace, period, institution = month.workspace, month.period, month.rules.rules.institution
    before = period.back(1)
    others = {"last": before, "year_ago": period.back(12), "year_end": period.back(period.month % 12 + 1)}
    earlier = {name: (other.name, figures_of(workspace, other.name)) for name, other in others.items()}
    series = institution.report_series.replace("{year}", str(period.year)).replace(
        "{issue}", str(period.month % 12 + 1)
    )
    changes = biggest_changes(
        month.results,
        month.previous,
        month.branch_names,
        stored(workspace, before.name, "scores"),
        stored(workspace, before.name, "items"),
        before.name,
    )
    if annex is not None:
        changes = crossed_first(crossings_of(annex), stored(workspace, before.name, CROSSINGS), changes)
    told = decisions(month.results, month.findings, institution.signatures.approved)
    books = [CLASSES, PLAN] + ([SCORES] if month.rules.rules.incentive is not None else [])
    sound = answered(month, "soundness")
    there = {} if beside is None or public else beside
    source = source_of(month, public=public)
    source = replace(source, findings=[*source.findings, *(one for said in there.values() for one in said.findings)])
    page = Page(
        period.year,
        period.month % 12 + 1,
        series,
        month.figures,
        earlier,
        changes,
        told,
        month.deposit_history,
        month.segmented.customers,
        books,
        [one for one in standings(month) if not (public and one.key in _SHEETS_OF_PAY)],
        None if public or isinstance(sound, Problem) else sound,
        signed_on,
        {key: place_of(key) for key in annex.written} if annex is not None else {},
        there,
    )
    return write_monthly(target, meta_of(month), page, source)


def write_study_book(month: Month, key: str, said: Answer, target: Path, *, unmask: bool = False) -> str:
    """What one study said of the month, in a workbook of its own. Returns its hash."""
    from kehujingli.answers.studies import own_rules
    from kehujingli.studies import declared
    from kehujingli.workbooks.study import write_study

    study = declared(key)
    source = replace(source_of(month), findings=list(said.findings))
    return write_study(target, meta_of(month), study, said, own_rules(study, month.rules), source, unmask=unmask)
