"""What does province do? Runs a month in many counties' workspaces, one job a county, and adds up what they came to."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kehujingli.commands.common import Common, exit_of, output_path, period_text, show_findings
from kehujingli.commands.console import say_json, talk
from kehujingli.commands.options import leave, typed
from kehujingli.errors import Exit, Problem, problem
from kehujingli.intake.files.scratch import scratch
from kehujingli.workspace import Workspace
from kehujingli.workspace.files import check_replaceable, place_file

if TYPE_CHECKING:
    from kehujingli.lists.province import County, Failed
    from kehujingli.periods import Period
    from kehujingli.workbooks.house import Meta


COUNTY = "{县}"
"""In ``--source``: the name of the county that is run."""
_CODED = re.compile(r"^\S+ [a-z]+\.[a-z-]+ ")
"""What stands before the sentence of an error: its level and code."""


def province(common: Common, *, jobs: int, kept: bool) -> Exit:
    """Raises ``option.bad``, ``province.none``. A county that fails is told, and the others go on."""
    from kehujingli.commands.study import record_of, say_answer
    from kehujingli.lists.province import STUDY, Failed
    from kehujingli.lists.province import province as add_up
    from kehujingli.periods import Period
    from kehujingli.workbooks.province import write_province

    name = period_text(common.period)
    if name is None:
        cure = "请写是哪一期，如 --period 2026-10。"
        raise problem("option.bad", option="--period", value="空的", detail="各县要汇的是同一期", cure=cure)
    if common.source is not None and COUNTY not in common.source:
        cure = f"请在路径或表名里写 {COUNTY}，跑哪个县就换成哪个县的名字，如 hdfs://主机/挂接流水/{COUNTY}。"
        raise problem("option.bad", option="--source", value=common.source, detail="各县读的会是同一份流水", cure=cure)
    if not common.paths:
        cure = "请写各县的工作区，或装着它们的目录。"
        raise problem("option.bad", option="目录", value="空的", detail="不知道汇哪些县", cure=cure)
    homes, others = counties_in(common.paths)
    target = output_path(common, f"全省汇总_{name}.xlsx")
    check_replaceable([target])
    found = _all(homes, name, common, jobs, kept=kept)
    there = [one for one in found if not isinstance(one, Failed)]
    failed = [*(one for one in found if isinstance(one, Failed)), *others]
    if not there:
        reasons = "；".join(f"{one.name}：{one.reason}" for one in failed)
        raise problem("province.none", count=len(failed), reasons=reasons)
    answer, period = add_up(there, failed), Period.of(name)
    with scratch() as folder:
        staged = folder / target.name
        write_province(staged, _meta(there, period), answer)
        place_file(staged, target)
    if common.json:
        say_json(record_of(STUDY, answer, period, target, unmask=False))
    elif not common.quiet:
        say_answer(STUDY, answer, period, STUDY.lists[0], target, unmask=False)
    show_findings(answer.findings, common, notes=True)
    return exit_of(answer.findings)


def counties_in(paths: Sequence[Path]) -> tuple[dict[str, Workspace], list[Failed]]:
    """Name → workspace: of folders that are one, and of those right below a folder that is none. And those below that are none.

    Raises ``option.bad``.
    """
    homes: dict[Path, Workspace] = {}
    others: list[Failed] = []
    for path in paths:
        own = _at(path)
        children = [] if own else [child for child in sorted(path.glob("*/")) if not child.name.startswith(".")]
        below = [own] if own else [found for child in children if (found := _at(child))]
        if not below:
            raise problem(
                "option.bad",
                option="目录",
                value=path,
                detail="不是工作区，里面也没有工作区",
                cure="请写各县的工作区，或装着它们的目录。",
            )
        for one in below:
            if one.root in homes:
                raise problem(
                    "option.bad", option="目录", value=path, detail="写了两遍，会加两遍", cure="请每县只写一遍。"
                )
            homes[one.root] = one
        others += [_none_of(child) for child in children if _at(child) is None]
    names = [root.name for root in homes]
    return {
        root.name if names.count(root.name) == 1 else f"{root.parent.name}/{root.name}": one
        for root, one in homes.items()
    }, others


def _none_of(folder: Path) -> Failed:
    """What a folder lacks to be a county's workspace."""
    from kehujingli.lists.province import Failed

    below = [child.name for child in sorted(folder.glob("*/")) if _at(child)]
    if below:
        return Failed(folder.name, f"不是工作区，工作区在它里面（{'、'.join(below)}），没有往下找", no_workspace=True)
    lacking = " 和 ".join(name for name in ("rules", "exports") if not (folder / name).is_dir())
    return Failed(folder.name, f"不是工作区，里面没有 {lacking} 目录", no_workspace=True)


def _at(path: Path) -> Workspace | None:
    root = path.resolve()
    found = Workspace.find(root) if root.is_dir() else None
    return found if found is not None and found.root == root else None


def _all(homes: dict[str, Workspace], period: str, common: Common, jobs: int, *, kept: bool) -> list[County | Failed]:
    """One job a county, ``jobs`` at a time, in the order given."""

    def one(name: str) -> County | Failed:
        return _county(name, homes[name], period, common, kept=kept)

    with ThreadPoolExecutor(jobs) as pool:
        return list(pool.map(one, homes))


def _county(name: str, home: Workspace, period: str, common: Common, *, kept: bool) -> County | Failed:
    from kehujingli.answers.province import county_of
    from kehujingli.closing import state_of
    from kehujingli.lists.province import Failed

    if not kept:
        ran = _run(name, home, period, common)
        if ran.returncode not in (Exit.DONE, Exit.ATTENTION):
            said = [line for line in ran.stderr.splitlines() if line.strip()] or [f"退出码 {ran.returncode}"]
            return Failed(name, _CODED.sub("", said[0]).removesuffix("。"))
        if not common.quiet and not common.json:
            talk(f"{name} 跑完")
    try:
        return county_of(home, period, name, closed=state_of(home, period).closed)
    except Problem as told:
        return Failed(name, told.findings[0].message.removesuffix("。"))


def _run(name: str, home: Workspace, period: str, common: Common) -> subprocess.CompletedProcess[str]:
    """The county's month in a process of its own: one that dies takes no other with it."""
    said = ["run", "-w", str(home.root), "--period", period, "--quiet", "--engine", common.engine]
    said += ["--master", common.master] if common.master else []
    said += ["--source", common.source.replace(COUNTY, name)] if common.source else []
    return subprocess.run(
        [sys.executable, "-m", "kehujingli", *said],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )


def _meta(counties: Sequence[County], period: Period) -> Meta:
    from kehujingli.workbooks.house import Meta

    days = sorted({one.as_of for one in counties})
    status = "" if all(one.closed for one in counties) else "试算稿"
    return Meta("全省", period.label, "、".join(days), "", status=status)


@typed(
    "period",
    "output",
    "json",
    "quiet",
    "engine",
    "master",
    "source",
    first=("paths",),
    paths=Annotated[list[Path], typer.Argument(metavar="目录...", help="各县的工作区，或装着它们的目录")],
    examples="kehujingli province 各县 --period 2026-10\nkehujingli province 东县 西县 --period 2026-10 --kept --json",
)
def typed_province(
    common: Common,
    jobs: Annotated[int, typer.Option("--jobs", metavar="个数", help="同时跑几个县", min=1, max=64)] = 2,
    kept: Annotated[bool, typer.Option("--kept", help="不跑，只汇各县已经跑过的结果")] = False,
) -> None:

    leave(province(common, jobs=jobs, kept=kept))
