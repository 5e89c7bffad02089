"""What can be typed? The program and its version; ``commands.groups`` has its commands, each file of ``commands`` their options."""

from __future__ import annotations

from typing import Annotated

import typer

from kehujingli.commands.help import Group

app = typer.Typer(
    cls=Group,
    name="kehujingli",
    help="客户经理：核心系统的导出进，客户分类、管户分配、考核得分出。",
    epilog="kehujingli demo\nkehujingli init 示例县\nkehujingli run --period 2026-10\nkehujingli segment 客户信息.xlsx 交易流水.xlsx",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)


def _version(asked: bool) -> None:
    if asked:
        from kehujingli.workspace.version import __version__

        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[bool, typer.Option("--version", help="版本", callback=_version, is_eager=True)] = False,
) -> None:
    """客户经理：核心系统的导出进，客户分类、管户分配、考核得分出。"""
