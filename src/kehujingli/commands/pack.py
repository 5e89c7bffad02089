"""What does pack do? One workbook a branch or a manager into 分发/, with a register of to whom, which file, and when."""

from __future__ import annotations

import contextlib
import csv
import hashlib
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from kehujingli import terms
from kehujingli.commands.common import Common, period_text, workspace_of
from kehujingli.commands.console import say, say_json
from kehujingli.commands.options import leave, typed
from kehujingli.commands.sending import check_passwords, locked, meta_of, passwords_by
from kehujingli.errors import Exit, Problem, problem
from kehujingli.intake.ledger import hash_file
from kehujingli.values import guarded
from kehujingli.workspace import Workspace
from kehujingli.workspace.clock import now
from kehujingli.workspace.kept import MANIFEST
from kehujingli.workspace.lists import rows_of
from kehujingli.workspace.outside import hand_over, tidy

if TYPE_CHECKING:
    import pandas as pd

    from kehujingli.lists.packs import By
    from kehujingli.workspace.results import Results

FOLDER, REGISTER = "分发", "分发登记.csv"
FOLDERS = {"branch": "机构", "manager": "客户经理"}
"""Below 分发/: where the packs of a kind lie."""
REGISTERED = terms.headers(
    "period", "receiver_id", "receiver", "file", "sha256", "number", "encrypted", "at", number="pack_number"
)
PLAN = "走访计划"
DAYS = 90
"""How far 到期 looks where the rules do not say ``due_soon_days``."""
Told = Mapping[str, str]


def pack(common: Common, by: By) -> Exit:
    """Write them all or none, with the line of the log that says to whom; what lies there already is said and not written again."""
    from kehujingli.workspace.results import results_of

    workspace = workspace_of(common, needed=True)
    assert workspace is not None
    kept = results_of(workspace, period_text(common.period))
    home = workspace.period(kept.period) / FOLDER / FOLDERS[by]
    target = home if common.output is None else common.output.resolve()
    away = target != home.resolve()
    with workspace.locked(kept.period), workspace.staging() as staged:
        if away and not common.dry_run:
            tidy(target, REGISTER, _ours)
        rows = list(_written(common, workspace, kept, by, staged, target))
        older = _older(target, rows) if away else []
        again = _stand(target, rows)
        if not common.dry_run and not again:
            (staged / REGISTER).write_text(_register([*rows, *older]), encoding="utf-8-sig")
            files = {row["file"]: row["sha256"] for row in rows}
            to, numbers = ([row[key] for row in rows] for key in ("receiver_id", "number"))
            facts = {"period": kept.period, "by": by, "to": to, "files": files, "numbers": numbers}
            if away:
                hand_over(workspace, staged, target, REGISTER, _ours, ("pack", facts))
            else:
                outputs = [{"path": path, "sha256": digest} for path, digest in files.items()]
                told = {"period": kept.period, "outputs": outputs}
                (staged / MANIFEST).write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")
                workspace.publish(staged, home, ("pack", facts))
    _say(common, kept.period, by, rows, home if common.output is None else common.output, older, again=again)
    return Exit.DONE


def _written(common: Common, workspace: Workspace, kept: Results, by: By, staged: Path, target: Path) -> Iterator[Told]:
    """Each pack written to ``staged``, as its line of the register. ``target``: where older ones may lie."""
    from kehujingli.answers.packs import earlier_of, packs_of
    from kehujingli.answers.statement import safe_name
    from kehujingli.workbooks.pack_lists import lists_of
    from kehujingli.workbooks.packs import write_packs

    passwords, days = passwords_by(common.password_file), _days(workspace, kept)
    plan, without = _visits(workspace, kept)
    signals, silent = _signals(workspace, kept)
    made = packs_of(kept, earlier_of(kept), by, days, plan, signals)
    packs = made.each
    if not packs:
        raise problem("pack.nobody", period=kept.period)
    check_passwords(passwords, [one.key for one in packs])
    meta, items, told = meta_of(workspace, kept), _items(kept), [*_told(kept), *without, *silent]
    at, taken = f"{now():%Y-%m-%d %H:%M}", set[str]()
    files = [_free(safe_name(one.key, one.name), taken) for one in packs]
    numbers = write_packs(packs, lists_of(made, items), meta, days, told, [staged / file for file in files])
    for one, file, number in zip(packs, files, numbers, strict=True):
        password = passwords.get(one.key) or passwords.get("")
        if password:
            locked(staged / file, password, target / file)
        yield {
            "period": kept.period,
            "receiver_id": one.key,
            "receiver": one.name,
            "file": file,
            "sha256": hashlib.sha256((staged / file).read_bytes()).hexdigest(),
            "number": number,
            "encrypted": "是" if password else "否",
            "at": at,
        }


def _visits(workspace: Workspace, kept: Results) -> tuple[pd.DataFrame | None, list[tuple[str, str]]]:
    """The plan of visits, as ``visits`` makes it of what the month kept; where there is none, what 口径 says of it."""
    from kehujingli.answers.studies import KeptPeriod
    from kehujingli.studies.visits import STUDY

    try:
        answer = KeptPeriod(workspace, kept).ask(STUDY)
    except Problem as why:
        return None, [(PLAN, f"没有排：{why.findings[0].text}")]
    plan = answer.frames["visits_plan"]
    said = "；".join(told.text for told in answer.findings) or "以后几周没有该走访又排得下的户。"
    return (plan, []) if len(plan) else (None, [(PLAN, f"没有排：{said}")])


def _signals(workspace: Workspace, kept: Results) -> tuple[pd.DataFrame | None, list[tuple[str, str]]]:
    """Who should be seen at once, as ``signals`` tells it of what the month kept; where it cannot, why."""
    from kehujingli.answers.studies import KeptPeriod
    from kehujingli.studies.signals import STUDY

    try:
        return KeptPeriod(workspace, kept).ask(STUDY).frames["signals"], []
    except Problem as why:
        return None, [(STUDY.label, f"没有算：{why.findings[0].text}")]


def _free(name: str, taken: set[str]) -> str:
    """The name as a file that no other has, also where the disk does not tell a from A."""
    file, number = f"{name}.xlsx", 1
    while file.casefold() in taken:
        number += 1
        file = f"{name}_{number}.xlsx"
    taken.add(file.casefold())
    return file


def _days(workspace: Workspace, kept: Results) -> int:
    from kehujingli.rules import load_rules

    path = workspace.rules_of(kept.manifest)
    assign = load_rules(path).rules.assign if path is not None and path.exists() else None
    return assign.due_soon_days if assign is not None else DAYS


def _items(kept: Results) -> dict[str, str]:
    """Columns of points → how the scheme calls them."""
    if not kept.has("scores") or not kept.has("items"):
        return {}
    called = {f"item:{row['item_id']}": row["item"] for row in kept.rows("select distinct item_id, item from {items}")}
    return {key: str(called[key]) for key in kept.columns("scores") if key in called}


def _told(kept: Results) -> list[tuple[str, str]]:
    manifest = kept.manifest
    rules = manifest["rules"]
    return [
        (terms.label("period", "adjustments"), f"{kept.period}，数据截至 {manifest['as_of']}"),
        ("办法", f"{rules['path']}　{rules['document']}　{rules['sha256'][:12]}"),
        ("程序版本", str(manifest["version"])),
    ]


def _stand(target: Path, rows: Sequence[Told]) -> bool:
    """Whether just these lie there already, whenever they were written."""
    with contextlib.suppress(OSError, Problem):
        known = [
            {key: row.text(label) for key, label in REGISTERED.items() if key not in ("at", "period")}
            for row in rows_of(target / REGISTER, tuple(REGISTERED.values()))
        ]
        known = known[: len(rows)]
        same = known == [{key: row[key] for key in REGISTERED if key not in ("at", "period")} for row in rows]
        return same and all(hash_file(target / row["file"]) == row["sha256"] for row in rows)
    return False


def _older(target: Path, rows: Sequence[Told]) -> list[Told]:
    """Lines of the register there whose files are none of these and still lie there: of another month, of the other kind, of who gets none any more."""
    names = {row["file"] for row in rows}
    with contextlib.suppress(Problem, ValueError):
        lines = [
            {key: row.text(label) for key, label in REGISTERED.items()} | {"period": row.month(REGISTERED["period"])}
            for row in rows_of(target / REGISTER, tuple(REGISTERED.values()))
        ]
        return [line for line in lines if line["file"] not in names and (target / line["file"]).is_file()]
    return []


def _ours(register: Path) -> set[str]:
    """The files that a register says we made; none where it cannot be read."""
    with contextlib.suppress(Problem, ValueError):
        return {row.text(REGISTERED["file"]) for row in rows_of(register, (REGISTERED["file"],))}
    return set()


def _register(rows: Sequence[Told]) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(REGISTERED.values())
    writer.writerows([guarded(row[key]) for key in REGISTERED] for row in rows)
    return text.getvalue()


def _say(
    common: Common, period: str, by: str, rows: Sequence[Told], place: Path, older: Sequence[Told], *, again: bool
) -> None:
    if common.json:
        keys = ("receiver_id", "receiver", "file", "sha256", "number")
        record: dict[str, Any] = {
            "period": period,
            "by": by,
            "packs": len(rows),
            "output": None if common.dry_run else str(place),
            "files": [{key: row[key] for key in keys} for row in rows],
            "older": [{key: row[key] for key in ("period", *keys)} for row in older],
        }
        say_json(record)
    elif not common.quiet:
        stand = "，和已经写出的一样，没有重写" if again else ""
        secret = "，都有密码" if common.password_file is not None else ""
        written = [] if common.dry_run else [f"{'已在' if again else '写出'}  {place}"]
        beside = "、".join(dict.fromkeys(row["period"] for row in older))
        left = [f"那里还有以前写的 {len(older)} 份（{beside}），不是这一次的，没有动"] if older else []
        say(f"{period} {FOLDERS[by]}资料 {len(rows)} 份{secret}{stand}", *written, *left)


@typed(
    "password_file",
    "output",
    "workspace",
    "json",
    "quiet",
    "dry_run",
    password_file=Annotated[
        Path | None,
        typer.Option(
            "--password-file", metavar="文件", help="给文件加密：一行共用密码，或每份一行“机构号（工号） 密码”"
        ),
    ],
    output=Annotated[
        Path | None, typer.Option("-o", "--output", metavar="目录", help="写到哪里；不写就写进这一期的 分发/")
    ],
    examples="kehujingli pack 2026-10\nkehujingli pack 2026-10 --by manager --password-file 密码.txt",
)
def typed_pack(
    common: Common,
    period: Annotated[
        str | None,
        typer.Argument(metavar="[月份]", help="哪个月份，如 2026-10；不写就取最近的一期", show_default=False),
    ] = None,
    by: Annotated[
        Literal["branch", "manager"],
        typer.Option("--by", help="branch 每个机构一份；manager 每个客户经理一份，有本人的绩效"),
    ] = "branch",
) -> None:
    from dataclasses import replace

    leave(pack(replace(common, period=period), by))
