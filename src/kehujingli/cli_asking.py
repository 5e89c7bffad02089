"""What can be asked of months that have been run? Commands that answer from kept results; each calls one function."""

from __future__ import annotations

from typing import Annotated

import typer

from kehujingli.help import Command
from kehujingli.options import Branch, Format, InFolder, Json, Unmask, common_of, leave

app = typer.Typer()


@app.command(
    cls=Command,
    epilog="kehujingli diff 2026-09 2026-10\nkehujingli diff 2026-09 2026-10 --branch 东关\nkehujingli diff 2026-10 --runs 1 2\nkehujingli diff 2026-10 --by customer --format csv",
)
def diff(
    named: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[月份]...", help="两个月份；只写一个就与上一月比；不写就比最近两月", show_default=False
        ),
    ] = None,
    runs: Annotated[
        bool, typer.Option("--runs", help="比同一月的两次运行，后面写历次的号码；只写一个就与现在的比")
    ] = False,
    by: Annotated[str | None, typer.Option("--by", metavar="按", help="按 branch、manager 还是 customer 列")] = None,
    branch: Branch = None,
    workspace: InFolder = None,
    style: Format = "table",
    json: Json = False,
    unmask: Unmask = False,
) -> None:
    """比：两个月，或同一月的两次运行，差在客户、数据还是办法。"""
    from kehujingli.commands.diff import diff as do

    leave(do(common_of(locals()), named or (), runs, by, branch, style))
