"""What does receipt do? Read the signed 回执 of packs back into a register; without files, who has signed and who has not."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from kehujingli import terms
from kehujingli.closing import receipts
from kehujingli.closing.altered import altered
from kehujingli.commands.common import Common, passwords_of, period_text, workspace_of
from kehujingli.commands.console import say, say_json, say_table
from kehujingli.commands.options import leave, typed
from kehujingli.commands.sending import opened
from kehujingli.errors import Exit, Finding, Problem, place, problem
from kehujingli.workspace import Workspace
from kehujingli.workspace.clock import now
from kehujingli.workspace.deeds import perform


def receive(common: Common, files: Sequence[Path]) -> Exit:
    """Register what was signed: all files, or none where a cell of any is wrong."""
    workspace = workspace_of(common, needed=True)
    assert workspace is not None
    today = now().date()
    fresh: list[receipts.Receipt] = []
    wrong: list[Finding] = []
    unseen = 0
    with workspace.locked("回执"):
        known, there = receipts.sent(workspace), {one.said for one in receipts.register(workspace)}
        as_of = {name: date.fromisoformat(told["as_of"]) for name in known if (told := workspace.manifest(name))}
        numbers = _numbers(known)
        for path in files:
            try:
                content, plain, rows = _read(path, passwords_of(common))
                found = receipts.receipt_in(path.name, rows, known, as_of, today, numbers)
                original = _original(workspace, known[found.period][found.receiver_id], found, passwords_of(common))
                if original is not None:
                    _check(path.name, original, plain)
            except Problem as why:
                wrong += why.findings
                continue
            digest = hashlib.sha256(content).hexdigest()
            if found.said not in there:
                there.add(found.said)
                unseen += original is None
                came = {"file": path.name, "sha256": digest, "day": today.isoformat(), "by": workspace.operator}
                fresh.append(replace(found, **came))
        if wrong:
            raise Problem(wrong, Exit.INPUT)
        if fresh and not common.dry_run:
            goal, text = receipts.register_text(workspace, fresh)
            facts = {"to": [one.receiver_id for one in fresh], "files": [one.file for one in fresh]}
            perform(workspace, {goal: text}, "receipt", facts)
    outdated = [one for one in fresh if not receipts.counts_for(one, known[one.period][one.receiver_id][-1])]
    if common.json:
        say_json([asdict(one) for one in fresh])
    elif not common.quiet:
        say(f"登记回执 {len(fresh)} 份" + ("。" if fresh else "：都已登记过。"))
        if outdated:
            say(f"签的是换下来的资料，要重签：{'、'.join(one.receiver for one in outdated)}")
        if unseen:
            say(f"有 {unseen} 份没有留底（写到别处的，或当时没有资料编号），内容没有和发出的比。")
        _objections(fresh)
    return Exit.ATTENTION if outdated or any(one.objects == receipts.OBJECTS for one in fresh) else Exit.DONE


def _numbers(known: Mapping[str, Mapping[str, Sequence[receipts.Sent]]]) -> dict[tuple[str, str], list[str]]:
    """Period and receiver → numbers of his packs, where all of them had one."""
    return {
        (period, who): list(dict.fromkeys(one.number for one in packs))
        for period, people in known.items()
        for who, packs in people.items()
        if all(one.number for one in packs)
    }


def _original(
    workspace: Workspace, packs: Sequence[receipts.Sent], found: receipts.Receipt, passwords: Sequence[str]
) -> bytes | None:
    """What was sent under the number that came back, as a workbook that can be read; nothing where none is kept."""
    for one in reversed(packs):
        if one.number and one.number == found.number:
            content = receipts.as_sent(workspace, found.period, one)
            if content is not None:
                return opened(content, passwords)
    return None


def _check(file: str, sent: bytes, back: bytes) -> None:
    """Raises ``pack.receipt-altered`` where what came back no longer says what was sent."""
    other = altered(sent, back, receipts.SHEET)
    if other is not None:
        raise problem("pack.receipt-altered", place=place(file, other.sheet, other.cell), was=other.was, now=other.now)


def waiting(common: Common) -> Exit:
    """Of the newest month with packs, or the one that is named: who has signed, who has not, who objects."""
    workspace = workspace_of(common, needed=True)
    assert workspace is not None
    known = receipts.sent(workspace)
    period = period_text(common.period) or max(known, default="")
    if period not in known:
        raise problem("pack.none", period=period or "还")
    back = [one for one in receipts.register(workspace) if one.period == period]
    wanted = receipts.outstanding(workspace, period)
    signed = {
        one.receiver_id
        for one in back
        if one.receiver_id in wanted and receipts.counts_for(one, wanted[one.receiver_id])
    }
    missing = {who: one.file for who, one in wanted.items() if who not in signed}
    outdated = [who for who in missing if who in {one.receiver_id for one in back}]
    newest = list({one.receiver_id: one for one in back}.values())
    objecting = [one for one in newest if one.objects == receipts.OBJECTS]
    if common.json:
        record: dict[str, Any] = {"period": period, "sent": len(wanted), "signed": len(signed)}
        record |= {"missing": list(missing), "outdated": outdated}
        say_json(record | {"objections": [asdict(one) for one in objecting]})
    else:
        say(f"{period} 发出 {len(wanted)} 份，签收 {len(signed)} 份，有异议 {len(objecting)} 份。")
        for head, people in (
            ("没有回执", [who for who in missing if who not in outdated]),
            ("签的是换下来的资料，要重签", outdated),
        ):
            if people:
                say(f"{head}：{'、'.join(Path(missing[who]).stem for who in people)}")
        _objections(objecting)
    return Exit.ATTENTION if missing or objecting else Exit.DONE


def _objections(rows: Sequence[receipts.Receipt]) -> None:
    found = [one for one in rows if one.objects == receipts.OBJECTS]
    if found:
        headers = [*terms.words("period", "receiver", "signed_by"), *terms.words("objection")]
        say_table(headers, [[one.period, one.receiver, one.signed_by, one.objection] for one in found])


def _read(path: Path, passwords: Sequence[str]) -> tuple[bytes, bytes, list[tuple[Any, ...]]]:
    """The file's bytes, those of the workbook in it, and the rows of its 回执. Raises ``pack.receipt-unread``."""
    import zipfile

    import openpyxl

    def unread(detail: str) -> Problem:
        return problem("pack.receipt-unread", place=place(path.name), detail=detail)

    try:
        content = path.read_bytes()
    except OSError:
        raise problem("table.path-missing", path=path) from None
    plain = opened(content, passwords)
    if plain is None:
        raise unread("有密码，没有给或不对（--password-file）")
    try:
        book = openpyxl.load_workbook(io.BytesIO(plain), read_only=True, data_only=True)
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise unread(f"读不出来（{type(error).__name__}）") from None
    if receipts.SHEET not in book.sheetnames:
        raise unread(f"没有工作表“{receipts.SHEET}”")
    return content, plain, list(book[receipts.SHEET].iter_rows(values_only=True, max_row=200))


@typed(
    "workspace",
    "period",
    "json",
    "quiet",
    "dry_run",
    "password_file",
    examples="kehujingli receipt 801002_东关信用社.xlsx\nkehujingli receipt 收回/*.xlsx --password-file 密码.txt\nkehujingli receipt",
)
def typed_receipt(
    common: Common,
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[文件]...", help="填好“回执”的资料；不写就看谁签收了、谁没有", show_default=False),
    ] = None,
) -> None:

    leave(receive(common, files) if files else waiting(common))
