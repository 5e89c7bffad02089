"""What does run do? The whole month into periods/YYYY-MM."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import typer

from kehujingli.commands.common import Common, as_of_date, period_text, request_of, watching, workspace_of
from kehujingli.commands.console import say, say_json
from kehujingli.commands.options import Actuals, Public, SignedOn, Targets, leave, typed
from kehujingli.errors import KINDS, Exit, problem
from kehujingli.month.required import demands_of
from kehujingli.month.run import Options, Outcome, facts_of
from kehujingli.month.run import run as run_month
from kehujingli.workspace import Workspace
from kehujingli.workspace.files import read_kept
from kehujingli.workspace.log import note_log

_MONTH = re.compile(r"\d{4}-\d{1,2}|\d{6}|\d{4}年\d{1,2}月")
_OF_SHEETS = ' ,\t"'
"""What a spreadsheet puts around a line that it saves as CSV."""


@dataclass(frozen=True)
class Asked:
    """What only ``run`` is asked."""

    accept: Path | None = None
    require: str | None = None
    expect: str | None = None
    public: bool = False
    summary: bool = False
    log_json: Path | None = None
    actuals: Path | None = None
    targets: Path | None = None
    signed_on: str | None = None
    since: str | None = None
    studies: bool = False


def run(common: Common, asked: Asked) -> Exit:
    """Reckon, write, and say the ten lines, or one; with ``since`` month by month, the last with its ten lines."""
    common = _with_month(common)
    workspace = _place(common)
    if asked.since is not None:
        *earlier, last = _months_since(workspace, common, asked.since)
        codes = [run(replace(common, period=name), replace(asked, since=None, summary=True)) for name in earlier]
        return max(*codes, run(replace(common, period=last), replace(asked, since=None)), Exit.DONE)
    demands = demands_of(asked.require, asked.expect)
    options = Options(
        common.unmask,
        asked.public,
        common.dry_run,
        accepted_codes(asked.accept),
        demands,
        as_of_date(asked.signed_on, "--signed-on"),
        asked.studies,
    )
    outcome = run_in(workspace, common, options, asked.actuals, asked.targets, asked.log_json, bar=not asked.summary)
    if asked.summary and not common.json:
        say(f"{outcome.record['summary']}{'（结果照旧）' if outcome.unchanged else ''}")
    else:
        show(outcome, common)
    return outcome.exit


def _with_month(common: Common) -> Common:
    """``run 2026-10`` is ``run --period 2026-10``, where nothing on disk is called so."""
    if len(common.paths) != 1 or common.period is not None or common.paths[0].exists():
        return common
    said = str(common.paths[0])
    return replace(common, paths=(), period=said) if _MONTH.fullmatch(said) else common


def _months_since(workspace: Workspace, common: Common, since: str) -> list[str]:
    """The months from ``since`` to the one asked for, or the newest that the exports reach, in order. Raises ``option.bad``."""
    from kehujingli.month import open_month
    from kehujingli.periods import month_name, parse_month

    first, last = period_text(since), period_text(common.period)
    if last is None:
        last = open_month(request_of(common, workspace), workspace.ledger).period.name
    assert first is not None
    if first > last:
        raise problem("option.bad", option="--since", value=since, detail=f"在 {last} 以后", cure="请写早一些的月份。")
    return [month_name(month) for month in range(parse_month(first), parse_month(last) + 1)]


def _place(common: Common) -> Workspace:
    """The workspace; where files are named and there is none, periods/ comes into ``-o`` or the current folder."""
    if not common.paths or common.workspace is not None or Workspace.find(Path.cwd()) is not None:
        found = workspace_of(common, needed=True)
        assert found is not None
        return found
    root = (common.output or Path.cwd()).resolve()
    try:
        root.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise problem("output.failed", path=root, detail=error.strerror or error) from None
    return Workspace(root, (common.operator or "").strip())


def run_in(
    workspace: Workspace,
    common: Common,
    options: Options,
    actuals: Path | None = None,
    targets: Path | None = None,
    log_json: Path | None = None,
    *,
    bar: bool = True,
) -> Outcome:
    """Run and log. ``log_json``: where a line of JSON is written a step; ``bar``: whether a terminal may show one."""
    request = request_of(common, workspace, actuals=actuals, targets=targets)
    with watching(common, log_json, bar=bar, ready=bar) as watch:
        outcome = run_month(workspace, request, options, watch)
        watch.result(
            period=outcome.period,
            exit=int(outcome.exit),
            unchanged=outcome.unchanged,
            summary=outcome.record["summary"],
        )
    if not options.dry_run and not outcome.logged:
        note_log(workspace, "run", **facts_of(outcome, options))
    return outcome


def show(outcome: Outcome, common: Common) -> None:
    if common.json:
        say_json(dict(outcome.record))
    elif not common.quiet:
        say(*outcome.lines)


def accepted_codes(path: Path | None) -> tuple[str, ...]:
    """Known findings: a code a line, with words of its place or sentence where not all of that code are known; what follows # is a remark. Raises ``option.bad``."""
    if path is None:
        return ()
    if not path.is_file():
        raise problem("table.path-missing", path=path)
    lines = (line.split("#")[0].strip(_OF_SHEETS) for line in read_kept(path).splitlines())
    entries = tuple(entry for line in lines if (entry := " ".join(line.split())))
    for entry in entries:
        if entry.split()[0] not in KINDS:
            cure = "请每行先写编码，如 loan.class-too-good，后面可写地方或号码。"
            raise problem("option.bad", option="--accept", value=entry, detail="不是问题的编码", cure=cure)
    return entries


@typed(
    "operator",
    "password_file",
    "workspace",
    "period",
    "as_of",
    "rules",
    "output",
    "json",
    "quiet",
    "dry_run",
    "unmask",
    "engine",
    "master",
    "source",
    first=("paths",),
    output=Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="目录", help="没有工作区时，periods/ 写到哪个目录；不写就在当前目录"),
    ],
    examples="kehujingli run\nkehujingli run --period 2026-10\nkehujingli run --since 2025-12\nkehujingli run --studies\nkehujingli run --require 贷款台账,交易流水 --expect-as-of month-end --summary\nkehujingli run --quiet --accept 已知问题.txt\nkehujingli run 导出目录 --rules 办法.toml -o 结果",
)
def typed_run(
    common: Common,
    accept: Annotated[
        Path | None,
        typer.Option("--accept", metavar="文件", help="已知问题，一行一个编码，后面可写地方；只有这些时以 0 结束"),
    ] = None,
    require: Annotated[
        str | None,
        typer.Option(
            "--require", metavar="表", help="必须有的表，如 贷款台账,任务数,走访计划；缺了就以 4 结束，什么都不动"
        ),
    ] = None,
    expect: Annotated[
        str | None,
        typer.Option(
            "--expect-as-of", metavar="日期", help="数据要到哪一天：month-end（期末）或 2026-10-31；没到就以 4 结束"
        ),
    ] = None,
    summary: Annotated[bool, typer.Option("--summary", help="只说一行，可作邮件主题")] = False,
    log_json: Annotated[
        Path | None,
        typer.Option("--log-json", metavar="文件", help="每读一个文件、每走一步追加一行 JSON；- 写到标准错误"),
    ] = None,
    actuals: Actuals = None,
    targets: Targets = None,
    public: Public = False,
    signed_on: SignedOn = None,
    since: Annotated[
        str | None, typer.Option("--since", metavar="月份", help="从这个月起逐月跑到 --period（不写就是最近一月）")
    ] = None,
    studies: Annotated[
        bool, typer.Option("--studies", help="数据够的专题也写出，一个一本，放进 专题/；不够的说缺哪张表")
    ] = False,
) -> None:

    asked = Asked(accept, require, expect, public, summary, log_json, actuals, targets, signed_on, since, studies)
    leave(run(common, asked))
