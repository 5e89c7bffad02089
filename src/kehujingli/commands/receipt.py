"""What does receipt do? Read the signed 回执 of packs back into a register; without files, who has signed and who has not."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from kehujingli import terms
from kehujingli.closing import receipts
from kehujingli.commands.common import Common, passwords_of, period_text, workspace_of
from kehujingli.commands.console import say, say_json, say_table
from kehujingli.commands.options import leave, typed
from kehujingli.commands.sending import opened
from kehujingli.errors import Exit, Finding, Problem, place, problem
from kehujingli.workspace.clock import now
from kehujingli.workspace.deeds import perform


def receive(common: Common, files: Sequence[Path]) -> Exit:
    """Register what was signed: all files, or none where a cell of any is wrong."""
    workspace = workspace_of(common, needed=True)
    assert workspace is not None
    today = now().date()
    fresh: list[receipts.Receipt] = []
    wrong: list[Finding] = []
    with workspace.locked("回执"):
        known, there = receipts.sent(workspace), {one.said for one in receipts.register(workspace)}
        as_of = {name: date.fromisoformat(told["as_of"]) for name in known if (told := workspace.manifest(name))}
        for path in files:
            try:
                content, rows = _read(path, passwords_of(common))
                found = receipts.receipt_in(path.name, rows, known, as_of, today)
            except Problem as why:
                wrong += why.findings
                continue
            digest = hashlib.sha256(content).hexdigest()
            if found.said not in there:
                there.add(found.said)
                came = {"file": path.name, "sha256": digest, "day": today.isoformat(), "by": workspace.operator}
                fresh.append(replace(found, **came))
        if wrong:
            raise Problem(wrong, Exit.INPUT)
        if fresh and not common.dry_run:
            goal, text = receipts.register_text(workspace, fresh)
            facts = {"to": [one.receiver_id for one in fresh], "files": [one.file for one in fresh]}
            perform(workspace, {goal: text}, "receipt", facts)
    if common.json:
        say_json([asdict(one) for one in fresh])
    elif not common.quiet:
        say(f"登记回执 {len(fresh)} 份" + ("。" if fresh else "：都已登记过。"))
        _objections(fresh)
    return Exit.ATTENTION if any(one.objects == receipts.OBJECTS for one in fresh) else Exit.DONE


def waiting(common: Common) -> Exit:
    """Of the newest month with packs, or the one that is named: who has signed, who has not, who objects."""
    workspace = workspace_of(common, needed=True)
    assert workspace is not None
    known = receipts.sent(workspace)
    period = period_text(common.period) or max(known, default="")
    if period not in known:
        raise problem("pack.none", period=period or "还")
    back = [one for one in receipts.register(workspace) if one.period == period]
    signed = {one.receiver_id for one in back}
    missing = {who: file for who, file in known[period].items() if who not in signed}
    newest = list({one.receiver_id: one for one in back}.values())
    objecting = [one for one in newest if one.objects == receipts.OBJECTS]
    if common.json:
        record: dict[str, Any] = {"period": period, "sent": len(known[period]), "signed": len(signed)}
        say_json(record | {"missing": list(missing), "objections": [asdict(one) for one in objecting]})
    else:
        say(f"{period} 发出 {len(known[period])} 份，签收 {len(signed)} 份，有异议 {len(objecting)} 份。")
        if missing:
            say(f"没有回执：{'、'.join(Path(file).stem for file in missing.values())}")
        _objections(objecting)
    return Exit.ATTENTION if missing or objecting else Exit.DONE


def _objections(rows: Sequence[receipts.Receipt]) -> None:
    found = [one for one in rows if one.objects == receipts.OBJECTS]
    if found:
        headers = [*terms.words("period", "receiver", "signed_by"), *terms.words("objection")]
        say_table(headers, [[one.period, one.receiver, one.signed_by, one.objection] for one in found])


def _read(path: Path, passwords: Sequence[str]) -> tuple[bytes, list[tuple[Any, ...]]]:
    """The file's bytes and the rows of its 回执. Raises ``pack.receipt-unread``."""
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
    return content, list(book[receipts.SHEET].iter_rows(values_only=True, max_row=200))


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
