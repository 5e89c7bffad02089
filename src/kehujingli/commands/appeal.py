"""What does appeal do? Read filled statements back, list what waits for an answer, answer it."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from kehujingli import terms
from kehujingli.closing import appeals
from kehujingli.commands.closing import manager_id, number
from kehujingli.commands.common import Common, asked, passwords_of, workspace_of
from kehujingli.commands.console import say, say_json, say_table
from kehujingli.commands.options import leave, typed
from kehujingli.commands.sending import opened
from kehujingli.errors import Exit, place, problem
from kehujingli.workspace import Workspace
from kehujingli.workspace.clock import now
from kehujingli.workspace.deeds import perform


def receive(common: Common, files: Sequence[Path], day: str | None, within: int) -> Exit:
    """Register what was filled in."""
    workspace = _workspace(common)
    came = _day(day)
    due = appeals.workdays_after(came, within)
    fresh: list[appeals.Event] = []
    with workspace.locked("申诉"):
        known = appeals.register(workspace)
        for path in files:
            content, claims = _read(path, passwords_of(common))
            for claim in claims:
                _checked(workspace, path, claim)
            digest = hashlib.sha256(content).hexdigest()
            fresh += appeals.received([*known, *fresh], claims, path.name, digest, came, due, workspace.operator)
        if fresh and not common.dry_run:
            texts: dict[Path, str] = {}
            appeals.append(workspace, fresh, texts.__setitem__)
            facts = {"numbers": [event.number for event in fresh], "files": [path.name for path in files]}
            perform(workspace, texts, "appeal", facts)
    records = [_record(event, came) for event in fresh]
    if common.json:
        say_json(records)
        return Exit.DONE
    if not common.quiet:
        say(
            f"登记申诉 {len(fresh)} 条"
            + (f"，{due} 前答复（{within} 个工作日，不含法定节假日调休）。" if fresh else "：没有填的，或已登记过。")
        )
        _table(records)
    return Exit.DONE


def waiting(common: Common, on: str | None) -> Exit:
    """Open appeals with days left."""
    today = _day(on)
    records = [_record(event, today) for event in appeals.open_appeals(appeals.register(_workspace(common)))]
    if common.json:
        say_json(records)
    elif not records:
        say("没有待答复的申诉。")
    else:
        _table(records)
    late = any(record["days_left"] < 0 for record in records)
    return Exit.ATTENTION if late else Exit.DONE


def answer(
    common: Common,
    which: str,
    result: str | None,
    points: str | None,
    amount: str | None,
    note: str,
    approved_by: str | None,
    document: str,
) -> Exit:
    """Write the result; what is granted becomes a line of 加减分 that the next run reads."""
    # Long: one answer is one sequence of refusals under one lock, in the order in which a person meets them.
    from kehujingli.closing import other_person, state_of
    from kehujingli.closing.lines import FILE as LINES
    from kehujingli.closing.lines import Line, append_line, line_of, next_open

    workspace = _workspace(common)
    if result not in appeals.RESULTS:
        raise problem(
            "option.bad",
            option="--result",
            value=result or "",
            detail="不认识",
            cure=f"请写 {'、'.join(appeals.RESULTS)} 之一。",
        )
    granted = result != appeals.RESULTS[-1]
    if granted != bool(points or amount):
        detail = "没有写加多少" if granted else "不采纳就没有加减"
        raise problem(
            "option.bad",
            option="--points",
            value=points or amount or "",
            detail=detail,
            cure="采纳的请写 --points 分数或 --amount 金额（元），不采纳的不写。",
        )
    approver = (approved_by or asked(common, "审批人：")).strip()
    if not approver:
        raise problem(
            "option.bad", option="--approved-by", value="", detail="没有写审批人", cure="答复申诉须有审批人。"
        )
    with workspace.locked("申诉"):
        open_ones = {str(event.number): event for event in appeals.open_appeals(appeals.register(workspace))}
        event = open_ones.get(which)
        if event is None:
            raise problem("appeal.none", number=which, known="、".join(open_ones) or "没有")
        other_person(workspace, event.period, approver, "审批")
        if approver.casefold() == workspace.operator.casefold():
            raise problem("close.same-person", period=event.period, who=approver, deed="审批")
        closed = state_of(workspace, event.period).closed
        into = next_open(workspace, event.period) if closed else event.period
        day = now().date().isoformat()
        texts: dict[Path, str] = {}
        standing = line_of(workspace, event.manager_id, f"申诉 {event.number} ")
        if standing is not None:
            # an answer that was killed between its line and the register is finished, never paid twice
            if not granted or not _same(standing, points, amount):
                said = f"{standing['period']} {standing['points'] or standing['amount']}"
                raise problem("appeal.standing", number=event.number, file=LINES, points=said)
            into = standing["period"]
        elif granted and not common.dry_run:
            said = f"申诉 {event.number} {result}：{event.item}" + (f"，{note}" if note else "")
            line = Line(
                event.manager_id,
                into,
                event.period if closed else "",
                number(points, "--points"),
                number(amount, "--amount"),
                day,
                said,
                document,
                workspace.operator,
                approver,
            )
            append_line(workspace, line, texts.__setitem__)
        told = appeals.Event(
            event.number,
            "答复",
            event.period,
            event.manager_id,
            event.item,
            day=day,
            result=result,
            points=points or "",
            amount=amount or "",
            note=note,
            by=workspace.operator,
            approved_by=approver,
            into=into if granted else "",
        )
        if not common.dry_run:
            appeals.append(workspace, [told], texts.__setitem__)
            facts = {
                "number": event.number,
                "result": result,
                "points": points,
                "amount": amount,
                "approved_by": approver,
            }
            perform(workspace, texts, "answer", facts)
    record = {
        "number": event.number,
        "result": result,
        "points": points,
        "amount": amount,
        "into": told.into or None,
        "approved_by": approver,
    }
    if common.json:
        say_json(record)
    elif not common.quiet:
        effect = f"；加减分记在 {into}，下次 run 读入" if granted else ""
        say(f"申诉 {event.number}（{event.manager_id} {event.item}）{result}{effect}。")
    return Exit.DONE


def _same(line: Mapping[str, str], points: str | None, amount: str | None) -> bool:
    """Whether a line that stands gives what is about to be given."""
    given = (number(points, "--points"), number(amount, "--amount"))
    return given == tuple(number(line[name] or None, f"--{name}") for name in ("points", "amount"))


def _read(path: Path, passwords: Sequence[str]) -> tuple[bytes, list[appeals.Claim]]:
    """The file's bytes and its claims; an encrypted one is opened with the passwords given. Raises ``appeal.unread``."""
    import zipfile

    import openpyxl

    from kehujingli.workbooks.statement import APPEALS

    try:
        content = path.read_bytes()
    except OSError:
        raise problem("table.path-missing", path=path) from None
    plain = opened(content, passwords)
    if plain is None:
        raise problem("appeal.unread", place=place(path.name), detail="有密码，没有给或不对（--password-file）")
    try:
        book = openpyxl.load_workbook(io.BytesIO(plain), read_only=True, data_only=True)
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise problem("appeal.unread", place=place(path.name), detail=f"读不出来（{type(error).__name__}）") from None
    if APPEALS not in book.sheetnames:
        raise problem("appeal.unread", place=place(path.name), detail=f"没有工作表“{APPEALS}”")
    return content, appeals.claims_in(path, book[APPEALS].iter_rows(values_only=True), APPEALS)


def _checked(workspace: Workspace, path: Path, claim: appeals.Claim) -> None:
    """The statement is of a period, a manager and an item that are there. Raises ``appeal.unread``."""
    from kehujingli.answers.sources import Sources
    from kehujingli.answers.statement import WHOLE_ITEMS

    if workspace.manifest(claim.period) is None:
        raise problem("appeal.unread", place=place(path.name), detail=f"期间“{claim.period}”没有跑过")
    if manager_id(workspace, claim.period, claim.manager_id) != claim.manager_id:
        raise problem("appeal.unread", place=place(path.name), detail=f"{claim.period} 没有工号“{claim.manager_id}”")
    items = Sources(workspace, claim.period).rows("select item from {items} where manager_id = $1", claim.manager_id)
    if claim.item not in {*WHOLE_ITEMS.values(), *(row["item"] for row in items)}:
        raise problem("appeal.unread", place=place(path.name), detail=f"办法里没有指标“{claim.item}”")


def _record(event: appeals.Event, today: date) -> dict[str, Any]:
    return {
        "number": event.number,
        "period": event.period,
        "manager_id": event.manager_id,
        "item": event.item,
        "claim": event.claim,
        "reason": event.reason,
        "received_on": event.day,
        "due_on": event.due_on,
        "days_left": (date.fromisoformat(event.due_on) - today).days,
    }


def _table(records: Sequence[dict[str, Any]]) -> None:
    if records:
        headers = terms.words(
            "serial",
            "period",
            "manager_id",
            "item",
            "claim",
            "given_reason",
            "received_on",
            "answer_due",
            "days_to_answer",
        )
        say_table(headers, [list(record.values()) for record in records])


def _day(text: str | None) -> date:
    if text is None:
        return now().date()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise problem("option.bad", option="--on", value=text, detail="不是日期", cure="请写成 2026-10-31。") from None


def _workspace(common: Common) -> Workspace:
    workspace = workspace_of(common, needed=True)
    assert workspace is not None
    return workspace


Approver = Annotated[str | None, typer.Option("--approved-by", metavar="姓名", help="谁批的")]
Document = Annotated[str, typer.Option("--document", metavar="文号", help="依据文号")]


@typed(
    "password_file",
    "operator",
    "workspace",
    "json",
    "quiet",
    "dry_run",
    password_file=Annotated[
        Path | None, typer.Option("--password-file", metavar="文件", help="加密对账单的密码，一行一个")
    ],
    examples="kehujingli appeal M0012_高娜.xlsx\nkehujingli appeal list --on 2026-11-20\nkehujingli appeal answer 3 --result 采纳 --points 1.5 --approved-by 刘主任",
)
def typed_appeal(
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

    match what:
        case ["list" | "列表"]:
            leave(waiting(common, on))
        case ["answer" | "答复", number]:
            leave(answer(common, number, result, points, amount, note, approved_by, document))
        case _:
            leave(receive(common, [Path(name) for name in what], on, within))
