"""How far is a period? 试算 → 已复核 → 已审批 → 已关账, by whom and when, in one small file beside its workbooks.

A review or an approval holds for the outputs it was given for: a run that changes them puts the period back to 试算稿.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kehujingli import terms
from kehujingli.errors import problem
from kehujingli.workspace import fingerprint
from kehujingli.workspace.clock import now
from kehujingli.workspace.kept import damage
from kehujingli.workspace.log import read_log

if TYPE_CHECKING:
    from kehujingli.workspace import Workspace

STATE_FILE = "状态.json"
Step = Mapping[str, Any]
"""deed (review, approve, close, reopen), by, operator, at, and what else was said (document, reason, seal)."""


@dataclass(frozen=True)
class Standing:
    """Where a period stands. ``state``: draft, reviewed, approved, closed; ``steps``: every deed ever, oldest first."""

    period: str
    state: str = "draft"
    steps: Sequence[Step] = ()
    seal: Mapping[str, Any] = field(default_factory=dict)

    @property
    def closed(self) -> bool:
        return self.state == "closed"

    @property
    def label(self) -> str:
        return terms.STATES[self.state]

    @property
    def status(self) -> str:
        """What a sheet prints in red: nothing once the period is closed."""
        return "" if self.closed else terms.STATES["draft"]

    def newest(self, deed: str) -> Step:
        return next((step for step in reversed(self.steps) if step["deed"] == deed), {})

    def record(self) -> dict[str, Any]:
        """As the file and JSON have it."""
        return {"period": self.period, "state": self.state, "steps": list(self.steps), "seal": dict(self.seal)}


def state_of(workspace: Workspace, period: str) -> Standing:
    """Where a period stands now. What the log says was closed stays closed, whatever became of the file; of its seal the log has the hash."""
    try:
        told = json.loads((workspace.period(period) / STATE_FILE).read_text(encoding="utf-8"))
        found = Standing(period, told["state"], tuple(told["steps"]), told["seal"])
        if not _sound(found):
            found = Standing(period)
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        found = Standing(period)
    if found.closed:
        return found
    closing = _closing_in_log(workspace, period)
    if closing:
        step = {"deed": "close", "by": closing["approved_by"], "operator": closing["who"], "at": closing["at"]}
        return Standing(period, "closed", (*found.steps, step), {"sha256": closing.get("seal", "")})
    if found.state != "draft" and found.steps[-1]["outputs"] != outputs_print(workspace, period):
        return Standing(period, "draft", found.steps)
    return found


def _sound(found: Standing) -> bool:
    """Whether a period's file says what the program writes there."""
    signed = found.state in ("draft", "closed") or bool(found.steps and found.steps[-1].get("outputs"))
    steps = all(isinstance(step, dict) and {"deed", "by", "at"} <= step.keys() for step in found.steps)
    return found.state in terms.STATES and isinstance(found.seal, dict) and steps and signed


def _closing_in_log(workspace: Workspace, period: str) -> Mapping[str, Any]:
    """The closing of a period that no reopening followed, as the log has it; empty where there is none."""
    return closings_in_log(workspace).get(period, {})


def closings_in_log(workspace: Workspace) -> dict[str, Mapping[str, Any]]:
    """Period → the closing that no reopening followed, as the log has it."""
    found: dict[str, Mapping[str, Any]] = {}
    for entry in read_log(workspace):
        if entry.get("deed") == "close":
            found[str(entry.get("period"))] = entry
        elif entry.get("deed") == "reopen":
            found.pop(str(entry.get("period")), None)
    return found


def closed_periods(workspace: Workspace) -> list[Standing]:
    """Periods under seal, oldest first; those too of which only the log is left."""
    names = {*workspace.period_names(), *closings_in_log(workspace)}
    return [standing for name in sorted(names) if (standing := state_of(workspace, name)).closed]


def outputs_print(workspace: Workspace, period: str) -> str:
    """One hash over what a period's manifest says was written."""
    return fingerprint({"outputs": (workspace.manifest(period) or {}).get("outputs", [])})


def who_ran(workspace: Workspace, period: str) -> str:
    """Who made the outputs as they stand: the newest run that wrote anything."""
    runs = [
        str(entry["who"])
        for entry in read_log(workspace)
        if entry.get("deed") in ("run", "demo") and entry.get("period") == period and not entry.get("unchanged")
    ]
    return runs[-1] if runs else ""


def other_person(workspace: Workspace, period: str, name: str, deed: str) -> None:
    """Stop where the one who ran the period would review or approve it (T14: 谁算的不能自己批)."""
    runner = who_ran(workspace, period)
    if runner and runner.strip().casefold() == name.strip().casefold():
        raise problem("close.same-person", period=period, who=name, deed=deed)


def must_be_run(workspace: Workspace, period: str) -> Mapping[str, Any]:
    """The manifest of a period. Raises ``period.no-result``, ``period.damaged``."""
    manifest = workspace.manifest(period)
    told = damage(workspace.period(period), manifest)
    if told is not None:
        raise told
    if manifest is None:
        raise problem("period.no-result", period=period, option=f" --period {period}")
    return manifest


def must_be_open(workspace: Workspace, period: str) -> Standing:
    """Where an open period stands. Raises ``close.already``."""
    standing = state_of(workspace, period)
    if standing.closed:
        step = standing.newest("close")
        raise problem("close.already", period=period, day=step["at"][:10], approved_by=step["by"])
    return standing


def step_of(workspace: Workspace, deed: str, by: str, **facts: Any) -> dict[str, Any]:
    return {"deed": deed, "by": by, "operator": workspace.operator, "at": now().isoformat(timespec="seconds"), **facts}
