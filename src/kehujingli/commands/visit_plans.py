"""What does visit-plans do? For each manager 走访计划_工号.xlsx to fill in and send back, and the same visits as .ics, from a kept month; nothing is overwritten."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kehujingli.commands.common import Common, exit_of, period_text, show_findings, workspace_of
from kehujingli.commands.console import say, say_json
from kehujingli.commands.options import leave, typed
from kehujingli.errors import Exit, problem

if TYPE_CHECKING:
    import pandas as pd

    from kehujingli.answers.studies import KeptPeriod
    from kehujingli.studies.visits import Rules
    from kehujingli.workspace import Workspace

_NAME = "走访计划"


def visit_plans(common: Common, manager: str | None) -> Exit:
    """Write them, all or none. Raises ``study.needs``, and ``option.bad`` where one is there already or the manager has none."""
    from kehujingli.answers.studies import KeptPeriod
    from kehujingli.studies.visits import STUDY, Rules
    from kehujingli.workspace.results import results_of

    workspace = workspace_of(common, needed=True)
    assert workspace is not None
    results = results_of(workspace, period_text(common.period))
    kept = KeptPeriod(workspace, results, common.rules)
    answer = kept.ask(STUDY)
    plan = answer.frames["visits_plan"]
    if manager is not None:
        plan = plan[(plan["manager_id"] == manager) | (plan["manager_name"] == manager)]
        if plan.empty:
            cure = "请写在岗客户经理的工号或姓名；为什么没有排上，看 kehujingli visits --list visits_left。"
            raise problem("option.bad", option="--manager", value=manager, detail="没有排上的走访", cure=cure)
    target = common.output or workspace.forms / f"{_NAME}_{results.period}"
    made = _written(kept, plan, kept.rules.study("visits", Rules), target, dry=common.dry_run)
    if common.json:
        output = None if common.dry_run else str(target)
        say_json(
            {
                "period": results.period,
                "managers": len(made),
                "output": output,
                "files": made,
                "findings": [one.record() for one in answer.findings],
            }
        )
    elif not common.quiet:
        say(
            f"{results.period} {_NAME} {len(made):,} 人 {len(plan):,} 次",
            *([] if common.dry_run else [f"写出  {target}"]),
        )
    show_findings(answer.findings, common, notes=True)
    return exit_of(answer.findings)


def _written(kept: KeptPeriod, plan: pd.DataFrame, rules: Rules, target: Path, *, dry: bool) -> list[dict[str, str]]:
    """The files by manager. What lies there is never written over: somebody may have filled it in."""
    from kehujingli.answers.statement import safe_name
    from kehujingli.periods import date_of
    from kehujingli.workbooks.ics import calendar_of
    from kehujingli.workbooks.visits import write_visit_plan

    last = date_of(kept.period.last + 7 * rules.weeks)
    span = f"{date_of(kept.period.last + 1)} 至 {last}"
    institution = kept.rules.rules.institution
    ways = list(dict.fromkeys([*rules.minutes, *rules.active]))
    groups = {str(who): some for who, some in plan.groupby("manager_id", sort=True)}
    stems = {who: safe_name(_NAME, who) for who in groups}
    if len(set(stems.values())) < len(stems):
        stems = {who: safe_name(_NAME, who, hashlib.sha256(who.encode()).hexdigest()[:6]) for who in groups}
    made = []
    files = [f"{stem}{ending}" for stem in stems.values() for ending in (".xlsx", ".ics")]
    with kept.workspace.locked(kept.period.name), kept.workspace.staging() as staged:
        for who, some in groups.items():
            name = next((one for one in some["manager_name"] if isinstance(one, str)), "")
            facts = {"manager": f"{name}（{who}）" if name else who, "span": span, "institution": institution.name}
            book = staged / f"{stems[who]}.xlsx"
            write_visit_plan(book, some, facts | {"footer": f"{who} {kept.period.name}"}, ways)
            (staged / f"{stems[who]}.ics").write_bytes(calendar_of(some, who, kept.period.as_of))
            digest = hashlib.sha256(book.read_bytes()).hexdigest()
            made.append(
                {"manager_id": who, "name": name, "file": book.name, "visits": str(len(some)), "sha256": digest}
            )
        if not dry:
            facts = {"period": kept.period.name, "to": "、".join(groups)}
            _place(kept.workspace, {target / name: staged / name for name in files}, facts)
    return made


def _place(workspace: Workspace, files: Mapping[Path, Path], facts: Mapping[str, str]) -> None:
    """All of them and the line of the log. What a killed command has left of the very same is completed. Raises ``option.bad`` where others are there."""
    from kehujingli.workspace.deeds import perform, place_outside

    there = [goal for goal in files if goal.exists()]
    other = [goal for goal in there if goal.read_bytes() != files[goal].read_bytes()]
    if len(there) == len(files) or other:
        cure = "填过的不用再写；要重排，请先移走它们，或用 -o 写到别处。"
        raise problem("option.bad", option="-o", value=(other or there)[0], detail="已经有了，不覆盖", cure=cure)
    inside = {workspace.root / place: source for goal, source in files.items() if (place := workspace.place_of(goal))}
    if len(inside) == len(files):
        perform(workspace, inside, "visit-plans", facts)
    else:
        place_outside(workspace, files, "visit-plans", facts)


@typed(
    "workspace",
    "rules",
    "output",
    "json",
    "quiet",
    "dry_run",
    output=Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="目录", help="写到哪里；不写就写进 表单/走访计划_月份"),
    ],
    rules=Annotated[
        Path | None, typer.Option("--rules", metavar="文件", help="照这份办法排；不写就按这个月跑时的办法")
    ],
    examples="kehujingli visit-plans\nkehujingli 走访计划 2026-10 --manager M0012 -o 发给高娜",
)
def typed_visit_plans(
    common: Common,
    period: Annotated[
        str | None,
        typer.Argument(metavar="[月份]", help="哪个月份之后的，如 2026-10；不写就取最近的一期", show_default=False),
    ] = None,
    manager: Annotated[
        str | None, typer.Option("--manager", metavar="客户经理", help="只写这一人的；工号或姓名")
    ] = None,
) -> None:
    from dataclasses import replace

    leave(visit_plans(replace(common, period=period), manager))
