"""What can be typed about a finished month? Signing, sealing, asking why, disputing, trying other rules, comparing people."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kehujingli.commands.help import Command
from kehujingli.commands.options import OF_DEEDS, OF_RESULTS, leave, shared

if TYPE_CHECKING:
    from kehujingli.commands.common import Common

app = typer.Typer()
Month = Annotated[str, typer.Argument(metavar="月份", help="哪个月份，如 2026-10")]
Customer = Annotated[str, typer.Argument(metavar="客户", help="客户号、名称、手机、账号或账号后四位")]
Since = Annotated[str | None, typer.Option("--from", metavar="日期", help="从哪一天起，如 2026-10-01")]
Until = Annotated[str | None, typer.Option("--to", metavar="日期", help="到哪一天止")]
Named = Annotated[str, typer.Argument(metavar="客户经理", help="工号或姓名")]
Approver = Annotated[str | None, typer.Option("--approved-by", metavar="姓名", help="谁批的")]
Document = Annotated[str, typer.Option("--document", metavar="文号", help="依据文号")]


@app.command(cls=Command, epilog="kehujingli review 2026-10\nkehujingli review 2026-10 --as 王敏")
@shared(*OF_DEEDS)
def review(common: Common, period: Month, document: Document = "") -> None:
    """复核：由另一人对这个月的结果签字；结果一变，复核作废。"""
    from kehujingli.commands.closing import sign

    leave(sign(common, period, "review", document))


@app.command(cls=Command, epilog="kehujingli approve 2026-10 --as 刘主任 --document 示联发〔2026〕12号")
@shared(*OF_DEEDS)
def approve(common: Common, period: Month, document: Document = "") -> None:
    """审批：由另一人批准这个月的结果；谁算的不能自己批。"""
    from kehujingli.commands.closing import sign

    leave(sign(common, period, "approve", document))


@app.command(cls=Command, epilog="kehujingli close 2026-10 --approved-by 刘主任 --document 示联发〔2026〕12号")
@shared(*OF_DEEDS)
def close(
    common: Common,
    period: Month,
    approved_by: Annotated[
        str | None,
        typer.Option("--approved-by", metavar="姓名", help="谁批的；已用 approve 批过可不写，否则在终端里问"),
    ] = None,
    document: Document = "",
) -> None:
    """关账：封存一个月的输入和输出；以后再跑只比对，不覆盖。"""
    from kehujingli.commands.closing import close as do

    leave(do(common, period, approved_by, document))


@app.command(cls=Command, epilog="kehujingli verify\nkehujingli verify 2026-10 --json")
@shared("workspace", "json", "quiet")
def verify(
    common: Common,
    period: Annotated[
        str | None, typer.Argument(metavar="[月份]", help="只验这个月；不写就验全部已关账的", show_default=False)
    ] = None,
) -> None:
    """验证：已关账的月份是不是关账时的样子，链条断没断。"""
    from kehujingli.commands.closing import verify as do

    leave(do(common, period))


@app.command(cls=Command, epilog='kehujingli reopen 2026-10 --reason "贷款台账导错，省联社已更正"')
@shared(*OF_DEEDS)
def reopen(
    common: Common,
    period: Month,
    reason: Annotated[str, typer.Option("--reason", metavar="事由", help="为什么重开，记入日志")],
) -> None:
    """重开：拆开一个月的封条，须写事由，留下痕迹。"""
    from kehujingli.commands.closing import reopen as do

    leave(do(common, period, reason))


@app.command(
    cls=Command, epilog='kehujingli correct 2026-10 M0012 --points 1.5 --reason "漏计一户" --approved-by 刘主任'
)
@shared(*OF_DEEDS)
def correct(
    common: Common,
    period: Month,
    manager: Named,
    reason: Annotated[str, typer.Option("--reason", metavar="事由", help="更正什么")],
    points: Annotated[str | None, typer.Option("--points", metavar="分", help="加几分，减写负数")] = None,
    amount: Annotated[str | None, typer.Option("--amount", metavar="元", help="加多少钱，减写负数")] = None,
    approved_by: Approver = None,
    document: Document = "",
    into: Annotated[
        str | None, typer.Option("--into", metavar="月份", help="记在哪个月；不写就记在其后第一个未关账的月")
    ] = None,
) -> None:
    """更正：已关账月份的错，记成下一个未关账月份里的一笔加减分。"""
    from kehujingli.commands.closing import correct as do

    leave(do(common, period, manager, points, amount, reason, approved_by, document, into))


@app.command(cls=Command, epilog="kehujingli balance C000123 --from 2026-10-01\nkehujingli balance 张三 --json")
@shared(*OF_RESULTS)
def balance(common: Common, customer: Customer, since: Since = None, until: Until = None) -> None:
    """余额：日均背后每天的余额、天数、积数，Σ积数 ÷ 天数 = 日均。"""
    from kehujingli.commands.history import balance as do

    leave(do(common, customer, since, until))


@app.command(cls=Command, epilog="kehujingli owners C000123\nkehujingli owners C000123 --from 2026-01-01 --json")
@shared(*OF_RESULTS)
def owners(common: Common, customer: Customer, since: Since = None, until: Until = None) -> None:
    """归属：从哪天到哪天归谁，份额多少，依据哪份文件。"""
    from kehujingli.commands.history import owners as do

    leave(do(common, customer, since, until))


@app.command(cls=Command, epilog="kehujingli gap M0012\nkehujingli gap 高娜 --json")
@shared("workspace", "period", "json")
def gap(common: Common, manager: Named) -> None:
    """差距：再多 1 分要什么，失分最多在哪几项。"""
    from kehujingli.commands.explain import gap as do

    leave(do(common, manager))


@app.command(
    cls=Command,
    epilog="kehujingli statements --period 2026-10\nkehujingli statements --manager M0012 --password-file 密码.txt -o 发给高娜",
)
@shared(
    "password_file",
    "output",
    "workspace",
    "period",
    "json",
    "quiet",
    "dry_run",
    password_file=Annotated[
        Path | None,
        typer.Option("--password-file", metavar="文件", help="给文件加密：一行共用密码，或每人一行“工号 密码”"),
    ],
    output=Annotated[
        Path | None, typer.Option("-o", "--output", metavar="目录", help="写到哪里；不写就写进这一期的 分发/")
    ],
)
def statements(
    common: Common,
    manager: Annotated[
        str | None, typer.Option("--manager", metavar="客户经理", help="只出这一人的；工号或姓名")
    ] = None,
) -> None:
    """对账单：每人一本，分从哪里来、管哪些客户，可填申诉发回。"""
    from kehujingli.commands.statements import statements as do

    leave(do(common, manager))


@app.command(
    cls=Command,
    epilog="kehujingli appeal M0012_高娜.xlsx\nkehujingli appeal list --on 2026-11-20\nkehujingli appeal answer 3 --result 采纳 --points 1.5 --approved-by 刘主任",
)
@shared(
    "password_file",
    "operator",
    "workspace",
    "json",
    "quiet",
    "dry_run",
    password_file=Annotated[
        Path | None, typer.Option("--password-file", metavar="文件", help="加密对账单的密码，一行一个")
    ],
)
def appeal(
    common: Common,
    what: Annotated[
        list[str],
        typer.Argument(metavar="文件...|list|answer 编号", help="填好的对账单；或 list 看待答复的；或 answer 答复一条"),
    ],
    on: Annotated[
        str | None, typer.Option("--on", metavar="日期", help="收到的日子，或按哪天看还剩几天；不写就是今天")
    ] = None,
    within: Annotated[int, typer.Option("--within", metavar="天数", help="几个工作日内答复", min=1)] = 5,
    result: Annotated[str | None, typer.Option("--result", metavar="结果", help="采纳、部分采纳或不采纳")] = None,
    points: Annotated[str | None, typer.Option("--points", metavar="分", help="采纳的加几分")] = None,
    amount: Annotated[str | None, typer.Option("--amount", metavar="元", help="采纳的加多少钱")] = None,
    note: Annotated[str, typer.Option("--note", metavar="说明", help="答复的说明")] = "",
    approved_by: Approver = None,
    document: Document = "",
) -> None:
    """申诉：读回填好的对账单登记，看待答复的，写结果；采纳的记成加减分。"""
    from kehujingli.commands import appeal as do

    match what:
        case ["list" | "列表"]:
            leave(do.waiting(common, on))
        case ["answer" | "答复", number]:
            leave(do.answer(common, number, result, points, amount, note, approved_by, document))
        case _:
            leave(do.receive(common, [Path(name) for name in what], on, within))


@app.command(
    cls=Command,
    epilog="kehujingli whatif --rules 新办法.toml\nkehujingli whatif --rules 新办法.toml --period 2026-09 -o 试算.xlsx\nkehujingli whatif --vary deposit_growth.points=14..22 --step 2",
)
@shared("workspace", "period", "output", "json", "quiet", "dry_run", first=("rules",))
def whatif(
    common: Common,
    vary: Annotated[
        str | None, typer.Option("--vary", metavar="指标.键=起..止", help="只改一个数，逐点试算；也可写 pay.键")
    ] = None,
    step: Annotated[str | None, typer.Option("--step", metavar="步长", help="与 --vary 一起；不写就分十步")] = None,
) -> None:
    """试算：换一份办法，谁多谁少、总共多花多少、差距多大；什么也不改。"""
    from kehujingli.commands.whatif import whatif as do

    leave(do(common, vary, step))


@app.command(cls=Command, epilog="kehujingli rank\nkehujingli rank --period 2026-10 --tail 3 --json")
@shared("workspace", "period", "json")
def rank(
    common: Common,
    tail: Annotated[int, typer.Option("--tail", metavar="人数", help="每组末几名算末位", min=1)] = 1,
) -> None:
    """排名：同组名次、较上月升降、连续末位、等级升降人选、收入差距。"""
    from kehujingli.commands.rank import rank as do

    leave(do(common, tail))
