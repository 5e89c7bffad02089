"""What do review, approve, close, reopen, verify, correct do? A month is signed, sealed, proved, and put right in the next one."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import typer

from kehujingli.commands.common import Common, asked, period_text, workspace_of
from kehujingli.commands.console import say, say_json
from kehujingli.commands.options import OF_DEEDS, leave, typed
from kehujingli.errors import Exit, problem
from kehujingli.workspace import Workspace
from kehujingli.workspace.clock import now


def sign(common: Common, period: str, deed: str, document: str) -> Exit:
    """Review or approve by the operator."""
    from kehujingli.closing.deeds import sign as do

    workspace = _workspace(common)
    standing = do(workspace, _month(period), deed, document)
    step = standing.steps[-1]
    record = {
        "period": standing.period,
        "state": standing.state,
        "by": step["by"],
        "at": step["at"],
        "document": document,
    }
    return _shown(
        common, record, f"{standing.period} {standing.label}：{step['by']}，{step['at'][:16].replace('T', ' ')}。"
    )


def close(common: Common, period: str, approved_by: str | None, document: str) -> Exit:
    """Seal a period; who approved is asked for where it is not given."""
    from kehujingli.closing import state_of
    from kehujingli.closing.deeds import approver_of
    from kehujingli.closing.deeds import close as do

    workspace, month = _workspace(common), _month(period)
    approver = (approved_by or approver_of(workspace, month) or asked(common, "审批人：")).strip()
    if not approver:
        raise problem(
            "option.bad",
            option="--approved-by",
            value="",
            detail="没有写审批人",
            cure="请写 --approved-by 姓名；程序经办人不能批自己算的。",
        )
    reviewed = state_of(workspace, month).state != "draft"
    standing = do(workspace, month, approver, document)
    seal = standing.seal
    record = {
        "period": month,
        "state": standing.state,
        "approved_by": approver,
        "document": document,
        "reviewed": reviewed,
        "seal": seal["sha256"],
        "before": seal["before"],
        "inputs": len(seal["inputs"]),
        "outputs": len(seal["outputs"]),
    }
    chained = f"接 {seal['before']['period']}" if seal["before"] else "首个关账月份"
    lines = [
        f"{month} 已关账：审批 {approver}"
        + (f"，{document}" if document else "")
        + f"；封存输入 {record['inputs']} 个、输出 {record['outputs']} 个；{chained}。",
        f"封条 {seal['sha256'][:16]}，以后可用 kehujingli verify {month} 验证。",
    ]
    return _shown(
        common, record, *lines, *([] if reviewed else ["没有复核记录：关账前没有人用 kehujingli review 复核过。"])
    )


def reopen(common: Common, period: str, reason: str) -> Exit:
    """Break the seal for a reason."""
    from kehujingli.closing.deeds import reopen as do

    if not reason.strip():
        raise problem("option.bad", option="--reason", value=reason, detail="没有事由", cure="请写明为什么重开。")
    workspace = _workspace(common)
    standing = do(workspace, _month(period), reason.strip())
    record = {"period": standing.period, "state": standing.state, "reason": reason.strip(), "by": workspace.operator}
    return _shown(
        common,
        record,
        f"{standing.period} 已重开，事由记入日志：{reason.strip()}。请重跑 kehujingli run --period {standing.period}。",
    )


def verify(common: Common, period: str | None) -> Exit:
    """Prove one closed period, or all of them, and the log's chain. ``log --verify`` is the same."""
    from kehujingli.closing import closed_periods, must_be_run, state_of
    from kehujingli.closing.seal import verify as prove
    from kehujingli.commands.chain import chain

    workspace = _workspace(common)
    names = [standing.period for standing in closed_periods(workspace)]
    if period is not None:
        month = _month(period)
        if not state_of(workspace, month).closed:
            must_be_run(workspace, month)
            raise problem("close.not-closed", period=month, state=state_of(workspace, month).label)
        names = [month]
    proofs = [prove(workspace, name) for name in names]
    lines = [] if proofs else ["还没有关账的期间。"]
    for proof in proofs:
        absent = f"，{proof.absent} 个已不在、不验" if proof.absent else ""
        absent += f"，{proof.outside} 个在工作区以外、不验" if proof.outside else ""
        said = "有出入" if proof.findings else "相符"
        lines.append(f"{proof.period} {said}：输出 {proof.outputs} 个，输入和办法在的 {proof.present} 个{absent}")
        lines += [f"  {told.code} {told.text}" for told in proof.findings]
    said, log = chain(workspace)
    holds = log["holds"] and not any(proof.findings for proof in proofs)
    _shown(common, {"holds": holds, "periods": [proof.record() for proof in proofs], "log": log}, *lines, said)
    return Exit.DONE if holds else Exit.ATTENTION


def correct(
    common: Common,
    period: str,
    manager: str,
    points: str | None,
    amount: str | None,
    reason: str,
    approved_by: str | None,
    document: str,
    into: str | None,
) -> Exit:
    """A linked line in the next open month for a closed one."""
    # Long: one correction is one sequence of questions, in the order in which they are asked.
    from kehujingli.closing import state_of
    from kehujingli.closing.lines import FILE, Line, append_line, next_open, stands
    from kehujingli.workspace.deeds import perform

    workspace, month = _workspace(common), _month(period)
    if not state_of(workspace, month).closed:
        raise problem("close.not-closed", period=month, state=state_of(workspace, month).label)
    who = manager_id(workspace, month, manager)
    approver = (approved_by or asked(common, "审批人：")).strip()
    if not approver or not reason.strip():
        lacking = "--reason" if not reason.strip() else "--approved-by"
        raise problem("option.bad", option=lacking, value="", detail="没有写", cure="更正须有事由和审批人。")
    if approver.casefold() == workspace.operator.casefold():
        raise problem("close.same-person", period=month, who=approver, deed="审批")
    target = _month(into) if into else next_open(workspace, month)
    line = Line(
        who,
        target,
        month,
        number(points, "--points"),
        number(amount, "--amount"),
        now().date().isoformat(),
        f"更正 {month}：{reason.strip()}",
        document,
        workspace.operator,
        approver,
    )
    with workspace.locked(month):
        stood = stands(workspace, line)
        if not stood:
            files: dict[Path, str] = {}
            append_line(workspace, line, files.__setitem__)
            facts = {
                "period": month,
                "into": target,
                "manager": who,
                "points": points,
                "amount": amount,
                "reason": reason.strip(),
                "approved_by": approver,
            }
            perform(workspace, files, "correct", facts)
    record = {
        "period": month,
        "into": target,
        "manager_id": who,
        "points": points,
        "amount": amount,
        "output": str(workspace.exports / FILE),
    }
    if stood:
        said = f"今天已经记过这一条（{who}，{target}，见 exports/{FILE}），没有再记。确是另一笔的，请把事由写得不一样。"
        return _shown(common, record, said)
    return _shown(common, record, f"{month} 不动；更正记在 {target}：{who}，见 exports/{FILE}，下次 run 读入。")


def number(text: str | None, option: str) -> Decimal | None:
    """A number of the command line. Raises ``option.bad``."""
    if text is None:
        return None
    try:
        value = Decimal(text.replace(",", "").replace("−", "-"))
        if value.is_finite():
            return value
    except ArithmeticError:
        pass
    raise problem("option.bad", option=option, value=text, detail="不是数", cure="请写成 2 或 -1.5。")


def manager_id(workspace: Workspace, period: str, value: str) -> str:
    """The 工号 of the one manager of a period who bears this number or name. Raises ``show.none``."""
    from kehujingli.answers.cards import find

    ids = {str(record["manager_id"]) for record in find(workspace, period, "客户经理", value).records}
    if len(ids) != 1:
        raise problem(
            "show.none",
            period=period,
            what="客户经理" + (f"（有 {len(ids)} 人叫这个名字，请写工号）" if ids else ""),
            value=value,
        )
    return ids.pop()


def _workspace(common: Common) -> Workspace:
    workspace = workspace_of(common, needed=True)
    assert workspace is not None
    return workspace


def _month(text: str) -> str:
    month = period_text(text)
    assert month is not None
    return month


def _shown(common: Common, record: Any, *lines: str) -> Exit:
    if common.json:
        say_json(record)
    elif not common.quiet:
        say(*lines)
    return Exit.DONE


Month = Annotated[str, typer.Argument(metavar="月份", help="哪个月份，如 2026-10")]
Document = Annotated[str, typer.Option("--document", metavar="文号", help="依据文号")]
Named = Annotated[str, typer.Argument(metavar="客户经理", help="工号或姓名")]
Approver = Annotated[str | None, typer.Option("--approved-by", metavar="姓名", help="谁批的")]


@typed(*OF_DEEDS, examples="kehujingli review 2026-10\nkehujingli review 2026-10 --as 王敏")
def typed_review(common: Common, period: Month, document: Document = "") -> None:

    leave(sign(common, period, "review", document))


@typed(*OF_DEEDS, examples="kehujingli approve 2026-10 --as 刘主任 --document 示联发〔2026〕12号")
def typed_approve(common: Common, period: Month, document: Document = "") -> None:

    leave(sign(common, period, "approve", document))


@typed(*OF_DEEDS, examples="kehujingli close 2026-10 --approved-by 刘主任 --document 示联发〔2026〕12号")
def typed_close(
    common: Common,
    period: Month,
    approved_by: Annotated[
        str | None,
        typer.Option("--approved-by", metavar="姓名", help="谁批的；已用 approve 批过可不写，否则在终端里问"),
    ] = None,
    document: Document = "",
) -> None:

    leave(close(common, period, approved_by, document))


@typed("workspace", "json", "quiet", examples="kehujingli verify\nkehujingli verify 2026-10 --json")
def typed_verify(
    common: Common,
    period: Annotated[
        str | None, typer.Argument(metavar="[月份]", help="只验这个月；不写就验全部已关账的", show_default=False)
    ] = None,
) -> None:

    leave(verify(common, period))


@typed(*OF_DEEDS, examples='kehujingli reopen 2026-10 --reason "贷款台账导错，省联社已更正"')
def typed_reopen(
    common: Common,
    period: Month,
    reason: Annotated[str, typer.Option("--reason", metavar="事由", help="为什么重开，记入日志")],
) -> None:

    leave(reopen(common, period, reason))


@typed(*OF_DEEDS, examples='kehujingli correct 2026-10 M0012 --points 1.5 --reason "漏计一户" --approved-by 刘主任')
def typed_correct(
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

    leave(correct(common, period, manager, points, amount, reason, approved_by, document, into))
