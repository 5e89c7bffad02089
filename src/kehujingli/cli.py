"""What can be typed? The commands and their options; each calls one function and shows what came back. No domain logic here."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kehujingli import cli_asking, cli_closing, cli_schemes
from kehujingli.commands.help import Command, Group
from kehujingli.commands.options import (
    OF_EXPORTS,
    OF_RESULTS,
    Actuals,
    Format,
    Json,
    Public,
    Quiet,
    SignedOn,
    Targets,
    leave,
    shared,
)

if TYPE_CHECKING:
    from kehujingli.commands.common import Common

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


@app.command(cls=Command, epilog="kehujingli demo\nkehujingli demo 演示县 --customers 20000 --dirty")
def demo(
    folder: Annotated[Path, typer.Argument(metavar="目录", help="放在哪里")] = Path("county"),
    customers: Annotated[int, typer.Option("--customers", metavar="户数", help="多少客户", min=50)] = 5000,
    months: Annotated[int, typer.Option("--months", metavar="月数", help="多少个月的流水", min=3)] = 24,
    seed: Annotated[int, typer.Option("--seed", metavar="数", help="随机种子：同一种子同一个县")] = 20260101,
    dirty: Annotated[bool, typer.Option("--dirty", help="像真导出一样脏")] = False,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """造一个县的导出，跑一遍月度，说出考核得分在哪里。"""
    from kehujingli.commands.demo import demo as do

    leave(do(folder, customers, months, seed, dirty=dirty, as_json=json, quiet=quiet))


@app.command(cls=Command, epilog="kehujingli init 示例县\ncd 示例县 && kehujingli run")
def init(folder: Annotated[Path, typer.Argument(metavar="目录", help="工作区放在哪里")], json: Json = False) -> None:
    """建工作区：带注释的办法、放导出的目录、任务数等空表。"""
    from kehujingli.commands.init import init as do

    leave(do(folder, as_json=json))


@app.command(
    cls=Command,
    epilog="kehujingli check\nkehujingli check exports/202610 --rejects 退回清单.xlsx\nkehujingli check 客户信息.xlsx --json",
)
@shared("password_file", "workspace", "period", "as_of", "json", "quiet", "dry_run", "unmask", first=("paths",))
def check(
    common: Common,
    rejects: Annotated[
        Path | None, typer.Option("--rejects", metavar="文件", help="把退回的行写成工作簿，改好可再读")
    ] = None,
) -> None:
    """体检：每张表认作什么，采用、退回多少行，金额合计，问题在哪一格。"""
    from kehujingli.commands.check import check as do

    leave(do(common, rejects))


@app.command(cls=Command, epilog="kehujingli clean\nkehujingli clean -w 示例县")
@shared("workspace", "dry_run", "json")
def clean(common: Common) -> None:
    """清空缓存：下次从导出重读；导出、办法、各期结果不动。"""
    from kehujingli.commands.clean import clean as do

    leave(do(common))


@app.command(cls=Command, epilog="kehujingli measures\nkehujingli measures --format json")
def measures(style: Format = "table", json: Json = False) -> None:
    """每个指标的定义、单位和来源。"""
    from kehujingli.commands.listing import measures as do

    leave(do("json" if json else style))


@app.command(cls=Command, epilog="kehujingli segment\nkehujingli segment 客户信息.xlsx 交易流水.xlsx --json")
@shared(*OF_EXPORTS, first=("paths",))
def segment(common: Common) -> None:
    """分类：经常、流动、休眠 × 大、中、小，写出客户分类.xlsx。"""
    from kehujingli.commands.month import segment as do

    leave(do(common))


@app.command(
    cls=Command, epilog="kehujingli assign\nkehujingli assign --commit 管户分配.xlsx --document 示联发〔2026〕12号"
)
@shared(*OF_EXPORTS, first=("paths",))
def assign(
    common: Common,
    commit: Annotated[
        Path | None, typer.Option("--commit", metavar="文件", help="批好的管户分配.xlsx：自下月 1 日起作数")
    ] = None,
    effective: Annotated[
        str | None, typer.Option("--effective", metavar="日期", help="与 --commit 一起：从哪一天起作数")
    ] = None,
    document: Annotated[str, typer.Option("--document", metavar="文号", help="与 --commit 一起：依据文号")] = "",
) -> None:
    """管户：按办法求最优的分配方案，写出管户分配.xlsx；--commit 使方案作数。"""
    if commit is not None:
        from kehujingli.commands.commit import commit as approve

        leave(approve(common, commit, effective, document))
    from kehujingli.commands.month import assign as do

    leave(do(common))


@app.command(
    cls=Command,
    epilog="kehujingli score\nkehujingli score --actuals 人工填报.xlsx --targets 任务数.xlsx\nkehujingli score --public -o 张榜.xlsx\nkehujingli score --manager M0012 --assume 存款年日均净增=120",
)
@shared(*OF_EXPORTS, first=("paths",))
def score(
    common: Common,
    actuals: Actuals = None,
    targets: Targets = None,
    public: Public = False,
    manager: Annotated[
        str | None, typer.Option("--manager", metavar="客户经理", help="与 --assume 一起：算谁的；工号或姓名")
    ] = None,
    assume: Annotated[
        list[str] | None,
        typer.Option("--assume", metavar="指标=值", help="假设这一人的实绩是多少（按该项单位），可写几个；只看不写"),
    ] = None,
) -> None:
    """考核：实绩、任务算成得分和绩效薪酬，写出考核得分.xlsx。"""
    if manager is not None or assume:
        from kehujingli.commands.whatif import assume as suppose

        leave(suppose(common, manager, assume or (), actuals=actuals, targets=targets))
    from kehujingli.commands.month import score as do

    leave(do(common, actuals, targets, public=public))


@app.command(
    cls=Command,
    epilog="kehujingli run\nkehujingli run --period 2026-10\nkehujingli run --require 贷款台账,交易流水 --expect-as-of month-end --summary\nkehujingli run --quiet --accept 已知问题.txt\nkehujingli run 导出目录 --rules 办法.toml -o 结果",
)
@shared(
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
    first=("paths",),
    output=Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="目录", help="没有工作区时，periods/ 写到哪个目录；不写就在当前目录"),
    ],
)
def run(
    common: Common,
    accept: Annotated[
        Path | None,
        typer.Option("--accept", metavar="文件", help="已知问题，一行一个编码，后面可写地方；只有这些时以 0 结束"),
    ] = None,
    require: Annotated[
        str | None,
        typer.Option("--require", metavar="表", help="必须有的表，如 贷款台账,交易流水；缺了就以 4 结束，什么都不动"),
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
) -> None:
    """跑批：整月从导出到三本工作簿和月报，写进 periods/YYYY-MM。"""
    from kehujingli.commands.run import Asked
    from kehujingli.commands.run import run as do

    leave(do(common, Asked(accept, require, expect, public, summary, log_json, actuals, targets, signed_on)))


@app.command(cls=Command, epilog="kehujingli periods\nkehujingli periods --json")
@shared("workspace", "style", "json")
def periods(common: Common, style: str) -> None:
    """哪些月份跑过，是否试算稿，用的哪份办法，何时何人。"""
    from kehujingli.commands.listing import periods as do

    leave(do(common, "json" if common.json else style))


@app.command(
    cls=Command,
    epilog="kehujingli show customer 张三\nkehujingli show manager M0012\nkehujingli show branch 东关信用社 --json",
)
@shared(*OF_RESULTS)
def show(
    common: Common,
    kind: Annotated[str, typer.Argument(metavar="customer|manager|branch", help="看客户、客户经理还是机构")],
    value: Annotated[
        str, typer.Argument(metavar="编号或名称", help="客户号、工号、机构号，或名称；客户还可用手机、账号或账号后四位")
    ],
) -> None:
    """查：一个客户、客户经理或机构的卡片；有几个就列出来。"""
    from kehujingli.commands.show import show as do

    leave(do(common, kind, value))


@app.command(
    cls=Command,
    epilog="kehujingli explain customer 张三\nkehujingli explain manager 高娜\nkehujingli explain manager M0012 不良贷款率 --json",
)
@shared(*OF_RESULTS)
def explain(
    common: Common,
    kind: Annotated[str, typer.Argument(metavar="customer|manager", help="讲客户还是客户经理")],
    value: Annotated[str, typer.Argument(metavar="编号或名称", help="客户号、工号，或名称")],
    item: Annotated[
        str | None,
        typer.Argument(metavar="[指标]", help="只讲这一项，讲到客户和原表的行；编号或中文名都可", show_default=False),
    ] = None,
) -> None:
    """讲清：为什么是这一类，为什么是这个分，一直讲到原表的行。"""
    from kehujingli.commands.explain import explain as do

    leave(do(common, kind, value, item))


@app.command(cls=Command, epilog="kehujingli tables\nkehujingli tables --format csv")
@shared("workspace", "period", "style", "json")
def tables(common: Common, style: str) -> None:
    """能查询哪些表和列，中英文名。"""
    from kehujingli.commands.listing import tables as do

    leave(do(common, "json" if common.json else style))


@app.command(
    cls=Command,
    epilog='kehujingli query "select 机构名称, count(*) from 客户分类 where 规模 = \'大型客户\' group by 1"\nkehujingli query "select * from scores" --format csv',
)
@shared(
    "workspace",
    "period",
    "output",
    "json",
    "unmask",
)
def query(
    common: Common,
    sql: Annotated[str, typer.Argument(metavar="SQL", help="一条查询；表名列名中英文都可，见 kehujingli tables")],
    style: Annotated[
        str | None,
        typer.Option(
            "--format", metavar="格式", help="table、csv、json 或 parquet；不写就看 -o 的后缀，没有就是 table"
        ),
    ] = None,
) -> None:
    """问：用 SQL 查这一期的表；姓名等已遮，不能读写文件。"""
    from kehujingli.commands.query import query as do

    leave(do(common, sql, "json" if common.json else style))


def _version(asked: bool) -> None:
    if asked:
        from kehujingli import __version__

        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[bool, typer.Option("--version", help="版本", callback=_version, is_eager=True)] = False,
) -> None:
    """客户经理：核心系统的导出进，客户分类、管户分配、考核得分出。"""


app.registered_commands += cli_asking.app.registered_commands
app.registered_commands += cli_closing.app.registered_commands
app.registered_commands += cli_schemes.app.registered_commands
