"""What can be asked of a scheme on the command line? lint, rules, owed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kehujingli.commands.help import Command
from kehujingli.commands.options import Json, leave, shared

if TYPE_CHECKING:
    from kehujingli.commands.common import Common

app = typer.Typer()


@app.command(cls=Command, epilog="kehujingli lint rules/2026-01-01.toml\nkehujingli lint 新办法.toml --json")
def lint(rules: Annotated[Path, typer.Argument(metavar="办法", help="要查的办法文件")], json: Json = False) -> None:
    """查办法：对照监管规定和办法自身，哪里不妥、依据什么、在第几行。"""
    from kehujingli.commands.schemes import lint as do

    leave(do(rules, as_json=json))


@app.command(
    cls=Command,
    epilog="kehujingli rules show\nkehujingli rules show 2026-10\nkehujingli rules diff rules/2025-01-01.toml rules/2026-01-01.toml",
)
@shared("workspace", "json")
def rules(
    common: Common,
    action: Annotated[str, typer.Argument(metavar="show|diff", help="show 说一份办法；diff 说两份办法哪里不同")],
    targets: Annotated[
        list[str] | None, typer.Argument(metavar="[月份或文件]...", help="不写就是最新的一份", show_default=False)
    ] = None,
) -> None:
    """说办法：用能签字的话说一份办法，或两份办法哪里不同。"""
    from kehujingli.commands.schemes import rules as do

    leave(do(common, action, targets or []))


@app.command(cls=Command, epilog="kehujingli owed\nkehujingli owed 2028 --json")
@shared("workspace", "json")
def owed(
    common: Common,
    year: Annotated[
        int | None, typer.Argument(metavar="[年份]", help="只看哪一年应付的；不写就看全部", show_default=False)
    ] = None,
) -> None:
    """欠谁多少：年终清算、延期支付、追索扣回，各在何时应付。"""
    from kehujingli.commands.schemes import owed as do

    leave(do(common, year))
