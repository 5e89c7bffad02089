"""What does assign --commit do? An approved 管户分配.xlsx counts from its day of effect."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from kehujingli import terms
from kehujingli.commands.common import Common, as_of_date, exit_of, request_of, show_findings, workspace_of
from kehujingli.commands.console import say, say_json
from kehujingli.commands.plan_book import CUSTOMER, MANAGER, SHOWN, Agreed, read_plan, refuse, two
from kehujingli.errors import Exit, Finding, Problem, finding, place, problem
from kehujingli.periods import day_of
from kehujingli.workspace import Workspace
from kehujingli.workspace.clock import now
from kehujingli.workspace.deeds import perform
from kehujingli.workspace.plans import Approval, lines_of, same_plan, save_plan
from kehujingli.workspace.results import Results

if TYPE_CHECKING:
    from kehujingli.month import Month


def commit(common: Common, path: Path, effective: str | None, document: str) -> Exit:
    """Read the plan back, keep what was agreed, write it under plans/, and say so."""
    workspace = workspace_of(common, needed=True)
    assert workspace is not None
    plan = read_plan(path)
    start = as_of_date(effective, "--effective") or plan.effective
    if start is None:
        raise problem("assign.commit-unread", place=place(path.name, terms.PLAN_SHEET), detail="没有生效日。")
    _all_known(common, workspace, plan)
    plan, told = checked(common, workspace, plan, start)
    made = now().date()
    with workspace.locked("管户方案"):
        who = workspace.operator
        stood = same_plan(workspace.plans, plan.approvals, start, who, document)
        files: dict[Path, str] = {}
        saved = stood or save_plan(workspace.plans, plan.approvals, start, made, who, document, files.__setitem__)
        if files and not common.dry_run:
            facts = {
                "plan": saved.name,
                "source": path.name,
                "effective": start.isoformat(),
                "customers": len(plan.approvals),
                "refused": plan.refused,
                "document": document,
            }
            perform(workspace, files, "commit", facts)
    if stood:
        made = lines_of(stood)[0].day("made_on")
    record = {
        "customers": len(plan.approvals),
        "refused": plan.refused,
        "pending": plan.pending,
        "effective": start.isoformat(),
        "document": document,
        "counts_from": max(start, made).isoformat(),
        "output": None if common.dry_run else str(saved),
        "findings": [one.record() for one in told],
    }
    if common.json:
        say_json(record)
    else:
        undecided = f"（其中 {plan.pending:,} 户还没批）" if plan.pending else ""
        counts = "只试算，没有写，方案没有作数" if common.dry_run else "方案已经作数，没有再写" if stood else "方案作数"
        say(
            f"{counts}：{len(plan.approvals):,} 户，自 {start} 起；没有同意的 {plan.refused:,} 户{undecided}仍归原管户经理。",
            *_from_when(start, made),
            *([] if common.dry_run else [f"{'已有' if stood else '写出'}  {saved}"]),
        )
    show_findings(told, common, notes=True)
    return exit_of(told)


def _from_when(start: date, made: date) -> Iterator[str]:
    """A day of effect in the past, said with the months that will see it: a month is never changed by what came after its end."""
    if start >= made:
        return
    month = f"{made:%Y-%m}"
    yield (
        f"生效日 {start} 已经过去：方案 {made} 才作数，{month} 和以后的月份（数据截至 {made} 或更晚的）才用它，从 {start} 起分持有天数；"
        f"以前的月份重跑也不变，要改请用 kehujingli correct。"
    )


def _all_known(common: Common, workspace: Workspace, plan: Agreed) -> None:
    """Whoever is named is in the roster, every customer among the customers. Raises ``assign.commit-unknown`` with the rows."""
    given = [approval for approval in plan.approvals if approval.customer_id in plan.places]
    customers, managers = {row.customer_id for row in given}, {row.manager_id for row in given}
    known = {
        "customers": _kept(workspace, "classes", "customer_id"),
        "managers": _kept(workspace, "managers", "manager_id"),
    }
    if customers - known["customers"] or managers - known["managers"]:
        exported = _exported(common, workspace)
        known = {key: ids | exported.get(key, set()) for key, ids in known.items()}
    roster, people = terms.BY_KEY["managers"].label, terms.BY_KEY["customers"].label
    wrong = []
    for row in given:
        if known["customers"] and row.customer_id not in known["customers"]:
            wrong.append((plan.places[row.customer_id], CUSTOMER, row.customer_id, f"不在{people}里"))
        if known["managers"] and row.manager_id not in known["managers"]:
            wrong.append((plan.places[row.customer_id], MANAGER, row.manager_id, f"不在{roster}里"))
    refuse(wrong)


def checked(common: Common, workspace: Workspace, plan: Agreed, start: date) -> tuple[Agreed, list[Finding]]:
    """The plan with the receivers that count, and what is to be told of them; by the month's exports.

    Raises ``assign.commit-two`` where it is not known which of two receivers counts, ``assign.commit-unfit`` with the rows that nobody may approve.
    """
    from kehujingli.month import open_month
    from kehujingli.month.fitting import fit, over_limit

    try:
        month = open_month(request_of(common, workspace), workspace.ledger)
        month.segmented  # noqa: B018
    except Problem as why:
        for who, (where, manager) in plan.written.items():
            listed = {row.customer_id: row.manager_id for row in plan.approvals}
            raise two(who, (where, manager), (plan.places[who], listed[who])) from None
        return plan, [finding("assign.commit-unchecked", detail=why.findings[0].message.rstrip("。"))]
    told: list[Finding] = []
    if plan.written:
        plan, told = _by_hand(plan, month)
    wanted = {row.customer_id: row.manager_id for row in plan.approvals}
    found = fit(month, wanted, day_of(start))
    given = [who for who in found.unfit if who in plan.places and found.holders.get(who) != wanted[who]]
    wrong = [
        finding(
            "assign.commit-unfit",
            place=plan.places[who],
            customer=who,
            manager=wanted[who],
            detail=found.unfit[who],
        )
        for who in given
    ]
    if wrong:
        raise Problem(wrong[:SHOWN], Exit.INPUT)
    stays = [who for who in found.unfit if who not in given]
    if stays:
        first = stays[0]
        told.append(
            finding(
                "assign.commit-stays",
                count=len(stays),
                customer=first,
                manager=wanted[first],
                detail=found.unfit[first],
            )
        )
    told += over_limit("assign.commit-over", found.over)
    told += _stale(plan, wanted, found.holders)
    if found.stays:
        told.append(finding("assign.commit-rotate", count=len(found.stays), customer=found.stays[0]))
    return plan, told


def _stale(plan: Agreed, wanted: Mapping[str, str], holders: Mapping[str, str]) -> Iterator[Finding]:
    """Whom somebody else has by now than when the plan was written, and the plan gives to a third or back."""
    rows = [
        who
        for who in plan.places
        if (now := holders.get(who)) is not None and now != wanted[who] and now != plan.previous.get(who)
    ]
    if rows:
        first = rows[0]
        yield finding(
            "assign.commit-stale",
            count=len(rows),
            customer=first,
            before=plan.previous.get(first, "没有人"),
            now=holders[first],
            manager=wanted[first],
        )


def _by_hand(plan: Agreed, month: Month) -> tuple[Agreed, list[Finding]]:
    """Of the receivers on 变动审批 and on the list the one that is not the month's plan's was written by hand, and counts."""
    frame = month.plan.customers
    proposed = dict(zip(frame["customer_id"], frame["assigned_manager"], strict=True))
    rows = {row.customer_id: row.manager_id for row in plan.approvals}
    changed: list[tuple[str, str, str]] = []
    places = dict(plan.places)
    for who, (where, manager) in plan.written.items():
        if proposed.get(who) == rows[who]:
            rows[who], places[who] = manager, where
        elif proposed.get(who) != manager:
            raise two(who, (where, manager), (plan.places[who], rows[who]))
        changed.append((who, str(proposed[who]), rows[who]))
    who, before, manager = changed[0]
    told = finding("assign.commit-by-hand", count=len(changed), customer=who, before=before, manager=manager)
    return replace(plan, approvals=[Approval(*row) for row in rows.items()], places=places), [told]


def _kept(workspace: Workspace, name: str, column: str) -> set[str]:
    """The numbers in the newest period's results."""
    names = workspace.period_names()
    frame = Results.of(workspace, names[-1]).frame(name, [column]) if names else None
    return set() if frame is None else set(frame[column].tolist())


def _exported(common: Common, workspace: Workspace) -> Mapping[str, set[str]]:
    """The numbers in the exports, of whichever day; nothing where there are no exports."""
    from kehujingli.month import read_exports
    from kehujingli.tables import frames

    try:
        sheets, _ = read_exports(request_of(common, workspace), workspace.ledger)
    except Problem:
        return {}
    return {
        key: set(frames.load(key, sheets)[column])
        for key, column in (("customers", "customer_id"), ("managers", "manager_id"))
    }
