"""Who may do what to a period? Review, approve, close, reopen; each is kept with name, operator and time, in the period's file and in the log."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kehujingli.closing import (
    STATE_FILE,
    Standing,
    closed_periods,
    must_be_open,
    must_be_run,
    other_person,
    outputs_print,
    state_of,
    step_of,
)
from kehujingli.closing.seal import make_seal, output_hash
from kehujingli.errors import problem
from kehujingli.intake.ledger import hash_file
from kehujingli.periods import Period
from kehujingli.workspace import MANIFEST
from kehujingli.workspace.deeds import perform

if TYPE_CHECKING:
    from kehujingli.workspace import Workspace

_GOAL = {"review": "reviewed", "approve": "approved"}
_WORDS = {"review": "复核", "approve": "审批"}


def sign(workspace: Workspace, period: str, deed: str, document: str = "") -> Standing:
    """``review`` or ``approve`` the outputs as they stand, by the operator. Raises ``close.same-person``, ``close.already``."""
    with workspace.locked(period):
        must_be_run(workspace, period)
        standing = must_be_open(workspace, period)
        other_person(workspace, period, workspace.operator, _WORDS[deed])
        _other_signer(standing, workspace.operator, deed)
        _intact(workspace, period)
        step = step_of(workspace, deed, workspace.operator, document=document, outputs=outputs_print(workspace, period))
        signed = Standing(period, _GOAL[deed], (*standing.steps, step))
        _publish(workspace, signed, deed, {"period": period, "document": document})
        return signed


def _other_signer(standing: Standing, name: str, deed: str) -> None:
    """Stop where one person would both review and approve the same outputs: four eyes are two people's."""
    other = "review" if deed == "approve" else "approve"
    done = [step for step in standing.steps if step["deed"] == other]
    holds = standing.state in ("reviewed", "approved") if other == "review" else standing.state == "approved"
    if holds and done and str(done[-1]["by"]).strip().casefold() == name.strip().casefold():
        raise problem("close.same-signer", period=standing.period, who=name, done=_WORDS[other], deed=_WORDS[deed])


def close(workspace: Workspace, period: str, approved_by: str, document: str = "") -> Standing:
    """Seal a period: its workbooks lose the word 试算稿, its hashes are chained to the period closed before."""
    with workspace.locked(period):
        manifest = must_be_run(workspace, period)
        standing = must_be_open(workspace, period)
        if manifest["as_of"] != Period.of(period).as_of.isoformat():
            raise problem("close.partial", period=period, reach=manifest["as_of"])
        _in_order(workspace, period)
        other_person(workspace, period, approved_by, "审批")
        _other_signer(standing, approved_by, "approve")
        _intact(workspace, period)
        with workspace.staging() as staged:
            final = _final_books(workspace.period(period), manifest, staged)
            text = json.dumps(final, ensure_ascii=False, indent=1)
            (staged / MANIFEST).write_text(text, encoding="utf-8")
            step = step_of(workspace, "close", approved_by, document=document)
            steps = (*standing.steps, step)
            seal = make_seal(workspace, period, final, hash_file(staged / MANIFEST), steps)
            closed = Standing(period, "closed", (*standing.steps, step | {"seal": seal["sha256"]}), seal)
            (staged / STATE_FILE).write_text(_text(closed), encoding="utf-8")
            facts = {"period": period, "approved_by": approved_by, "document": document, "seal": seal["sha256"]}
            workspace.publish(staged, workspace.period(period), ("close", facts))
        return closed


def reopen(workspace: Workspace, period: str, reason: str) -> Standing:
    """Break a seal for a reason; the broken seal stays in the period's file and in the log."""
    with workspace.locked(period):
        standing = state_of(workspace, period)
        if not standing.closed:
            must_be_run(workspace, period)
            raise problem("close.not-closed", period=period, state=standing.label)
        later = [other.period for other in closed_periods(workspace) if other.period > period]
        if later:
            raise problem("close.later-closed", period=period, later=later[-1])
        step = step_of(workspace, "reopen", workspace.operator, reason=reason, seal=dict(standing.seal))
        opened = Standing(period, "draft", (*standing.steps, step))
        _publish(workspace, opened, "reopen", {"period": period, "reason": reason, "seal": standing.seal["sha256"]})
        return opened


def approver_of(workspace: Workspace, period: str) -> str:
    """Who approved the outputs as they stand, or nobody."""
    standing = state_of(workspace, period)
    return str(standing.newest("approve")["by"]) if standing.state == "approved" else ""


def _in_order(workspace: Workspace, period: str) -> None:
    """Once months are closed they are closed in turn, so that the chain has no gap and no second branch."""
    closed = [standing.period for standing in closed_periods(workspace)]
    before = Period.of(period).back(1).name
    if closed and closed[-1] > period:
        raise problem("close.later-closed", period=period, later=closed[-1])
    if closed and before in workspace.period_names() and before not in closed:
        raise problem("close.before-open", period=period, before=before)


def _intact(workspace: Workspace, period: str) -> None:
    """What is signed for is what the run wrote. Raises ``close.touched``."""
    manifest, folder = must_be_run(workspace, period), workspace.period(period)
    touched = [item["path"] for item in manifest["outputs"] if output_hash(folder / item["path"]) != item["sha256"]]
    if touched:
        raise problem("close.touched", period=period, files="、".join(touched))


def _final_books(folder: Path, manifest: Mapping[str, Any], staged: Path) -> dict[str, Any]:
    """The period's workbooks without the word 试算稿 under ``staged``, and the manifest with their hashes."""
    from kehujingli import terms
    from kehujingli.workbooks.bulk import without_status

    outputs = []
    for item in manifest["outputs"]:
        digest = item["sha256"]
        if item["path"].endswith(".xlsx"):
            target = staged / item["path"]
            target.parent.mkdir(parents=True, exist_ok=True)  # 专题 has a folder of its own
            digest = without_status(folder / item["path"], target, terms.STATES["draft"])
        outputs.append({**item, "sha256": digest})
    return {**manifest, "outputs": outputs}


def _publish(workspace: Workspace, standing: Standing, deed: str, facts: Mapping[str, Any]) -> None:
    """Put the period's file in place, whole, and the deed in the log."""
    perform(workspace, {workspace.period(standing.period) / STATE_FILE: _text(standing)}, deed, facts)


def _text(standing: Standing) -> str:
    return json.dumps(standing.record(), ensure_ascii=False, indent=1)
