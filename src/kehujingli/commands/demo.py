"""What does demo do? A county's exports, and the month run on them."""

from __future__ import annotations

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
from kehujingli.workspace.clock import now


def demo(folder: Path, customers: int, months: int, seed: int, *, dirty: bool, as_json: bool, quiet: bool) -> Exit:
    """Make the county, run its last whole month, say where the score workbook is. Ends with 0 where the month ran, whatever it found."""
    from kehujingli.demo import make_county, write_county
    from kehujingli.periods import month_of

    today = now().date()
    workspace = make_workspace(folder, today)
    if not quiet and not as_json:
        talk(f"造一个县：{customers:,} 户，{months} 个月流水 ……")
    sheets = make_county(customers=customers, months=months, seed=seed, last_month=month_of(today) - 1)
    write_county(sheets, workspace.exports, dirty=dirty, seed=seed)
    # The example holds from the first month there is, so that every month of the county can be run.
    rules = next(workspace.rules.glob("*.toml"))
    earliest = workspace.rules / f"{today.year - 1 - months // 12}-01-01.toml"
    if earliest != rules:
        shutil.move(rules, earliest)
    outcome = run_in(workspace, Common(workspace=workspace.root), Options())
    if as_json:
        say_json(dict(outcome.record))
    elif not quiet:
        say(*outcome.lines, f"考核得分在  {outcome.folder / '考核得分.xlsx'}")
    return Exit.DONE


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
