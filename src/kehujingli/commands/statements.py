"""What does statements do? One workbook a manager into 分发/, with a register of what was made for whom."""

from __future__ import annotations

import contextlib
import csv
import hashlib
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kehujingli import terms
from kehujingli.commands.common import Common, period_text, workspace_of
from kehujingli.commands.console import say, say_json
from kehujingli.commands.options import leave, typed
from kehujingli.commands.sending import check_passwords, locked, meta_of, passwords_by
from kehujingli.errors import Exit, Problem, problem
from kehujingli.intake.ledger import hash_file
from kehujingli.values import guarded
from kehujingli.workspace.lists import rows_of
from kehujingli.workspace.outside import hand_over, tidy

if TYPE_CHECKING:
    from kehujingli.answers.sources import Sources

FOLDER, REGISTER = "分发", "分发登记.csv"
_REGISTERED = terms.headers("period", "manager_id", "name", "file", "sha256", "encrypted")


def statements(common: Common, manager: str | None) -> Exit:
    """Write them with the line of the log that says to whom, all or none; what lies there already is said and not noted again."""
    # Long: all or none; what is made, moved and noted stands inside one lock.
    from kehujingli.answers.sources import Sources
    from kehujingli.answers.statement import statement
    from kehujingli.answers.statement_page import Beside, sheets_of
    from kehujingli.commands.closing import manager_id
    from kehujingli.workbooks.statement import write_statement

    workspace = workspace_of(common, needed=True)
    assert workspace is not None
    sources = Sources(workspace, period_text(common.period))
    if not sources.has("scores"):
        raise problem("period.no-scores", period=sources.period)
    sources.hold()
    passwords = passwords_by(common.password_file)
    people = {
        str(row["manager_id"]): row
        for row in sources.rows(
            "select m.* from {managers} m where m.manager_id in (select manager_id from {scores}) order by m.manager_id, m.since"
        )
    }
    people |= {
        str(row["manager_id"]): row
        for row in sources.rows(
            "select manager_id, name, branch_id from {pay} where paid is not null and manager_id not in (select manager_id from {scores}) order by manager_id"
        )
    }
    if manager is not None:
        who = manager_id(workspace, sources.period, manager)
        people = {key: row for key, row in people.items() if key == who}
    check_passwords(passwords, people.keys())
    home = workspace.period(sources.period) / FOLDER
    target = home if common.output is None else common.output.resolve()
    away = target != home.resolve()
    meta, told, beside = meta_of(workspace, sources), _told(sources), Beside.of(sources)
    rows = []
    with workspace.locked(sources.period), workspace.staging() as staged:
        if away and not common.dry_run:
            tidy(target, REGISTER, _ours)
        for who, person in people.items():
            made = statement(sources, person)
            path = staged / made.file
            write_statement(path, meta, sheets_of(sources, made, beside), told)
            password = passwords.get(who) or passwords.get("")
            if password:
                locked(path, password, target / path.name)
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            rows.append(
                {
                    "period": sources.period,
                    "manager_id": who,
                    "name": made.name,
                    "file": made.file,
                    "sha256": digest,
                    "encrypted": "是" if password else "否",
                }
            )
        register = _register(target / REGISTER, rows)
        again = _stand(target, rows, register)
        if not common.dry_run and not again:
            (staged / REGISTER).write_text(register, encoding="utf-8-sig")
            facts = {
                "period": sources.period,
                "to": [row["manager_id"] for row in rows],
                "files": {row["file"]: row["sha256"] for row in rows},
            }
            if away:
                hand_over(workspace, staged, target, REGISTER, _ours, ("statements", facts))
            else:
                workspace.publish(staged, home, ("statements", facts))
    record = {
        "period": sources.period,
        "managers": len(rows),
        "output": None if common.dry_run else str(common.output or home),
        "files": [{key: row[key] for key in ("manager_id", "file", "sha256")} for row in rows],
    }
    if common.json:
        say_json(record)
    elif not common.quiet:
        secret = "，都有密码" if passwords else ""
        stand = "，和已经写出的一样，没有重写" if again else ""
        written = [] if common.dry_run else [f"{'已在' if again else '写出'}  {common.output or home}"]
        say(f"{sources.period} 对账单 {len(rows)} 份{secret}{stand}", *written)
    return Exit.DONE


def _stand(target: Path, rows: Sequence[Mapping[str, str]], register: str) -> bool:
    """Whether just these lie there already, with their register."""
    try:
        known = (target / REGISTER).read_text(encoding="utf-8-sig") == register
        return known and all(hash_file(target / row["file"]) == row["sha256"] for row in rows)
    except (OSError, UnicodeDecodeError):
        return False


def _ours(register: Path) -> set[str]:
    """The files that a register says we made; none where it cannot be read."""
    with contextlib.suppress(Problem, ValueError):
        return {row.text(_REGISTERED["file"]) for row in rows_of(register, (_REGISTERED["file"],))}
    return set()


def _register(path: Path, rows: Sequence[Mapping[str, str]]) -> str:
    """The register with these rows in place of older ones of the same files. No times: they stand in the log."""
    period, file = _REGISTERED["period"], _REGISTERED["file"]
    kept = {
        row.text(file): row.cells | {period: row.month(period)} for row in rows_of(path, tuple(_REGISTERED.values()))
    }
    kept |= {row["file"]: {label: row[key] for key, label in _REGISTERED.items()} for row in rows}
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, tuple(_REGISTERED.values()), lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    writer.writerows({label: guarded(text) for label, text in kept[name].items()} for name in sorted(kept))
    return text.getvalue()


def _told(sources: Sources) -> list[tuple[str, str]]:
    manifest = sources.manifest
    inputs = sorted({item["path"] for item in manifest["inputs"]})
    return [
        (terms.label("period", "adjustments"), f"{sources.period}，数据截至 {manifest['as_of']}"),
        ("办法", f"{manifest['rules']['path']}　{manifest['rules']['document']}　{manifest['rules']['sha256'][:12]}"),
        ("程序版本", str(manifest["version"])),
        ("输入", "、".join(inputs)),
        (terms.label("score"), "各项得分之和，加减分，再按封顶、一票否决；每项先封顶保底、再四舍五入。"),
        (terms.label("actual"), "所管客户、账户、借据各笔之和；大的在前，每项列前十笔，其余合计一行。"),
    ]


@typed(
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
    examples="kehujingli statements --period 2026-10\nkehujingli statements --manager M0012 --password-file 密码.txt -o 发给高娜",
)
def typed_statements(
    common: Common,
    manager: Annotated[
        str | None, typer.Option("--manager", metavar="客户经理", help="只出这一人的；工号或姓名")
    ] = None,
) -> None:

    leave(statements(common, manager))
