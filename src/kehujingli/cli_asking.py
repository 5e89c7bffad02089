"""What can be asked of months that have been run? Commands that answer from kept results; each calls one function."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kehujingli.commands.help import Command
from kehujingli.commands.options import OF_LISTS, Branch, Manager, leave, shared

if TYPE_CHECKING:
    from kehujingli.commands.common import Common

app = typer.Typer()


@app.command(
    cls=Command,
    epilog="kehujingli diff 2026-09 2026-10\nkehujingli diff 2026-09 2026-10 --branch 东关\nkehujingli diff 2026-10 --runs 1 2\nkehujingli diff 2026-10 --by customer --format csv",
)
@shared("workspace", "style", "json", "unmask")
def diff(
    common: Common,
    style: str,
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
) -> None:
    """比：两个月，或同一月的两次运行，差在客户、数据还是办法。"""
    from kehujingli.commands.diff import diff as do

    leave(do(common, named or (), runs, by, branch, style))


@app.command(
    cls=Command,
    epilog="kehujingli due\nkehujingli due --days 90 --manager M0012\nkehujingli due --branch 东关 --format csv",
)
@shared(*OF_LISTS)
def due(
    common: Common,
    style: str,
    days: Annotated[int, typer.Option("--days", metavar="天数", help="期末之后多少天内", min=1)] = 90,
    manager: Manager = None,
    branch: Branch = None,
) -> None:
    """到期：期末之后若干天内到期的贷款和定期存款。"""
    from kehujingli.commands.lists import due as do

    leave(do(common, days, manager, branch, style))


@app.command(cls=Command, epilog="kehujingli find 张三\nkehujingli find 4471\nkehujingli find 东关 --json")
@shared(*OF_LISTS)
def find(
    common: Common,
    style: str,
    text: Annotated[
        str, typer.Argument(metavar="名称或号码", help="名称的一部分、编号、手机、证件号、账号或借据，号码可只写末四位")
    ],
) -> None:
    """找：客户、客户经理、机构、账号、借据，凡对得上的都列出来。"""
    from kehujingli.commands.lists import find as do

    leave(do(common, text, style))


@app.command(
    cls=Command,
    epilog="kehujingli top customers --by 年日均 --n 20 --branch 东关\nkehujingli top managers --by 中间业务收入\nkehujingli top branches --by 未配",
)
@shared(*OF_LISTS)
def top(
    common: Common,
    style: str,
    kind: Annotated[str, typer.Argument(metavar="customers|managers|branches", help="排客户、客户经理还是机构")],
    by: Annotated[
        str | None,
        typer.Option("--by", metavar="指标", help="按哪个指标，中英文名都可；不写就按业务规模、得分、应配户"),
    ] = None,
    count: Annotated[int, typer.Option("--n", metavar="个数", help="前多少个", min=1)] = 20,
    branch: Branch = None,
) -> None:
    """排：按一个指标从大到小的前若干名。"""
    from kehujingli.commands.lists import top as do

    leave(do(common, kind, by, count, branch, style))


@app.command(cls=Command, epilog="kehujingli unassigned\nkehujingli unassigned --branch 801002 --format csv")
@shared(*OF_LISTS)
def unassigned(common: Common, style: str, branch: Branch = None) -> None:
    """未配：方案里没有客户经理的客户，缺什么，贷款户在前。"""
    from kehujingli.commands.lists import unassigned as do

    leave(do(common, branch, style))


@app.command(cls=Command, epilog="kehujingli log\nkehujingli log --since 2026-10-01\nkehujingli log --verify")
@shared("workspace", "style", "json", "unmask")
def log(
    common: Common,
    style: str,
    since: Annotated[str | None, typer.Option("--since", metavar="日期", help="只看这一天起的，如 2026-10-01")] = None,
    verify: Annotated[bool, typer.Option("--verify", help="只说日志的链是否完整；断了以 1 结束")] = False,
) -> None:
    """日志：谁在何时跑批、批方案、看全名、清缓存；每条带前一条的指纹。"""
    from kehujingli.commands.log import log as do

    leave(do(common, since, style, verify=verify))


@app.command(
    cls=Command,
    epilog="kehujingli completion bash >> ~/.bashrc\nkehujingli completion zsh > ~/.zfunc/_kehujingli\nkehujingli completion fish > ~/.config/fish/completions/kehujingli.fish\nkehujingli completion powershell >> $PROFILE",
)
def completion(
    shell: Annotated[str, typer.Argument(metavar="bash|zsh|fish|powershell", help="哪一种命令行")],
) -> None:
    """补全：打印按 Tab 补命令、选项、月份、指标的脚本。"""
    from kehujingli.commands.completion import completion as do

    leave(do(shell))


@app.command(cls=Command, epilog="kehujingli studies\nkehujingli 专题 --json")
@shared("workspace", "style", "json")
def studies(common: Common, style: str) -> None:
    """专题：有哪些，各问什么，这个工作区还缺哪些表。"""
    from kehujingli.commands.studies import studies as do

    leave(do(common, style))


@app.command(cls=Command, epilog="kehujingli forms\nkehujingli forms 资本 -o 示例县/表单")
@shared(
    "output",
    "json",
    output=Annotated[
        Path | None, typer.Option("-o", "--output", metavar="目录", help="写到哪里；不写就写进当前目录的 表单/")
    ],
)
def forms(
    common: Common,
    named: Annotated[
        list[str] | None,
        typer.Argument(metavar="[表]...", help="哪些表；不写就是专题要人填的各张", show_default=False),
    ] = None,
) -> None:
    """表单：专题要人填的空表，带单位、下拉和一行例子。"""
    from kehujingli.commands.studies import forms as do

    leave(do(common, named or []))
