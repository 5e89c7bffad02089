"""What does demo do? A county's exports, and the month run on them."""

from __future__ import annotations

import shlex
import shutil
from pathlib import Path
from typing import Annotated

import typer

from kehujingli.commands.common import Common
from kehujingli.commands.console import say, say_json, talk
from kehujingli.commands.init import make_workspace
from kehujingli.commands.options import Json, Quiet, leave, typed
from kehujingli.commands.run import run_in
from kehujingli.errors import Exit
from kehujingli.month.run import Options
from kehujingli.periods import month_name, month_of, parse_month
from kehujingli.workspace.clock import now


def demo(folder: Path, customers: int, months: int, seed: int, *, dirty: bool, as_json: bool, quiet: bool) -> Exit:
    """Make the county, run last year's end and the last two whole months, say where the score workbook is and what to type next. Ends with 0 where the month ran, whatever it found."""
    from kehujingli.demo import make_county, write_county
    from kehujingli.demo.before import whole_months
    from kehujingli.demo.county import Calendar

    today = now().date()
    last = month_of(today) - 1
    workspace = make_workspace(folder, today)
    talks = not quiet and not as_json
    if talks:
        talk(f"造一个县：{customers:,} 户，{months} 个月流水 ……")
    sheets = make_county(customers=customers, months=months, seed=seed, last_month=last, before=True)
    write_county(sheets, workspace.exports, dirty=dirty, seed=seed)
    # The example holds from the first month there is, so that every month of the county can be run.
    rules = next(workspace.rules.glob("*.toml"))
    earliest = workspace.rules / f"{today.year - 1 - months // 12}-01-01.toml"
    if earliest != rules:
        shutil.move(rules, earliest)
    for month in whole_months(Calendar(months, last)):
        before = run_in(workspace, Common(workspace=workspace.root, period=month_name(month)), Options())
        if talks:
            talk(before.record["summary"])
    outcome = run_in(workspace, Common(workspace=workspace.root, period=month_name(last)), Options())
    if as_json:
        say_json(dict(outcome.record))
    elif not quiet:
        say(*outcome.lines, f"考核得分在  {outcome.folder / '考核得分.xlsx'}")
        say(*next_commands(folder, outcome.period))
    return Exit.DONE


def next_commands(folder: Path, period: str) -> list[str]:
    """Three things to type next, each with what it answers."""
    there = f"-w {shlex.quote(str(folder))}"
    asked = (
        (f"kehujingli findings {period} {there}", "请人看的是什么，怎么办"),
        (f"kehujingli rank {there}", "谁第几名，升还是降"),
        (f"kehujingli diff {month_name(parse_month(period) - 1)} {period} {there}", "和上月比，差在哪里，为什么"),
    )
    width = max(len(command) for command, _ in asked)
    return ["接下来可以试", *(f"  {command:<{width}}  {said}" for command, said in asked)]


@typed(examples="kehujingli demo\nkehujingli demo 演示县 --customers 20000 --dirty")
def typed_demo(
    folder: Annotated[Path, typer.Argument(metavar="目录", help="放在哪里")] = Path("county"),
    customers: Annotated[int, typer.Option("--customers", metavar="户数", help="多少客户", min=50)] = 5000,
    months: Annotated[int, typer.Option("--months", metavar="月数", help="多少个月的流水", min=3)] = 24,
    seed: Annotated[int, typer.Option("--seed", metavar="数", help="随机种子：同一种子同一个县")] = 20260101,
    dirty: Annotated[bool, typer.Option("--dirty", help="像真导出一样脏")] = False,
    json: Json = False,
    quiet: Quiet = False,
) -> None:

    leave(demo(folder, customers, months, seed, dirty=dirty, as_json=json, quiet=quiet))
