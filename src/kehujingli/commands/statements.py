"""What does statements do? One workbook a manager into 分发/, with a register of what was made for whom."""

from __future__ import annotations

import contextlib
import csv
import hashlib
import io
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kehujingli import terms
from kehujingli.commands.common import Common, period_text, workspace_of
from kehujingli.commands.console import say, say_json
from kehujingli.commands.options import leave, typed
from kehujingli.errors import Exit, Problem, problem
from kehujingli.intake.ledger import hash_file
from kehujingli.values import guarded
from kehujingli.workspace import Workspace
from kehujingli.workspace.lists import rows_of
from kehujingli.workspace.outside import hand_over, tidy

if TYPE_CHECKING:
    from kehujingli.answers.sources import Sources
    from kehujingli.workbooks.house import Meta

FOLDER, REGISTER = "分发", "分发登记.csv"
_REGISTERED = terms.headers("period", "manager_id", "name", "file", "sha256", "encrypted")


def statements(common: Common, manager: str | None) -> Exit:
    """Write them with the line of the log that says to whom, all or none; what lies there already is said and not noted again."""
    # Long: all or none; what is made, moved and noted stands inside one lock.
    from kehujingli.answers.sources import Sources
    from kehujingli.answers.statement import sheets_of, statement
    from kehujingli.commands.closing import manager_id
    from kehujingli.workbooks.statement import write_statement

    workspace = workspace_of(common, needed=True)
    assert workspace is not None
    sources = Sources(workspace, period_text(common.period))
    if not sources.has("scores"):
        raise problem("period.no-scores", period=sources.period)
    sources.hold()
    passwords = _passwords(common.password_file)
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
    if passwords and "" not in passwords and (lacking := sorted(people.keys() - passwords.keys())):
        raise problem(
            "option.bad",
            option="--password-file",
            value="、".join(lacking[:5]),
            detail="没有写密码",
            cure="请每人一行“工号 密码”，或只写一行共用密码。",
        )
    home = workspace.period(sources.period) / FOLDER
    target = home if common.output is None else common.output.resolve()
    away = target != home.resolve()
    meta, told = _meta(workspace, sources), _told(sources)
    rows = []
    with workspace.locked(sources.period), workspace.staging() as staged:
        if away and not common.dry_run:
            tidy(target, REGISTER, _ours)
        for who, person in people.items():
            made = statement(sources, person)
            path = staged / made.file
            write_statement(path, meta, sheets_of(made), told)
            password = passwords.get(who) or passwords.get("")
            if password:
                _encrypt(path, password)
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
        locked = "，都有密码" if passwords else ""
        stand = "，和已经写出的一样，没有重写" if again else ""
        written = [] if common.dry_run else [f"{'已在' if again else '写出'}  {common.output or home}"]
        say(f"{sources.period} 对账单 {len(rows)} 份{locked}{stand}", *written)
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


def _passwords(path: Path | None) -> Mapping[str, str]:
    """工号 → password; under the empty name the one for all."""
    if path is None:
        return {}
    from kehujingli.intake.files.text import decode

    try:
        lines = [line.strip() for line in decode(path.read_bytes()).splitlines() if line.strip()]
    except (OSError, UnicodeDecodeError):
        lines = []
    if not lines:
        raise problem(
            "option.bad",
            option="--password-file",
            value=path,
            detail="读不出密码",
            cure="请写成文本文件：一行共用密码，或每人一行“工号 密码”。",
        )
    pairs = [re.split(r"[\s,，]+", line, maxsplit=1) for line in lines]
    if len(lines) == 1 and len(pairs[0]) == 1:
        return {"": lines[0]}
    return {pair[0]: pair[1] for pair in pairs if len(pair) == 2}


def _encrypt(path: Path, password: str) -> None:
    from msoffcrypto.format.ooxml import OOXMLFile

    locked = io.BytesIO()
    OOXMLFile(io.BytesIO(path.read_bytes())).encrypt(password, locked)
    path.write_bytes(locked.getvalue())


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


def _meta(workspace: Workspace, sources: Sources) -> Meta:
    from kehujingli.closing import state_of
    from kehujingli.periods import Period
    from kehujingli.rules import Institution, load_rules
    from kehujingli.workbooks.house import Meta

    path = workspace.rules_of(sources.manifest)
    institution = load_rules(path).rules.institution if path is not None and path.exists() else Institution(name="")
    signatures = institution.signatures
    return Meta(
        institution.name,
        Period.of(sources.period).label,
        sources.manifest["as_of"],
        sources.manifest["rules"]["document"],
        signatures.prepared,
        signatures.reviewed,
        signatures.approved,
        state_of(workspace, sources.period).status,
    )


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
