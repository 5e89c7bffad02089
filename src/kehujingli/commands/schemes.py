"""What do lint, rules, owed do? A scheme checked, told in words and compared; what is still owed to whom."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kehujingli import terms
from kehujingli.commands.common import Common, period_text, workspace_of
from kehujingli.commands.console import say, say_json, say_table
from kehujingli.commands.options import Json, leave, typed
from kehujingli.errors import Exit, Problem, problem

if TYPE_CHECKING:
    from kehujingli.rules import RulesFile

_LEVELS = {"error": "错误", "warning": "提醒"}


def lint(path: Path, *, as_json: bool) -> Exit:
    """Check a rules file: 0 nothing found, 1 warnings only, 3 an error. What cannot be read at all stops with its own sentence."""
    from kehujingli.errors.toml_lines import key_lines, line_of, where_said
    from kehujingli.rules import load_rules
    from kehujingli.rules.lint import CHECKS, OF_PROBLEMS
    from kehujingli.rules.lint import lint as check
    from kehujingli.studies import checked

    records: list[dict[str, Any]] = []
    try:
        file = checked(load_rules(path))
    except Problem as error:
        if any(told.code not in OF_PROBLEMS for told in error.findings):
            raise
        for told in error.findings:
            code = OF_PROBLEMS[told.code]
            records.append(
                {"code": code, "level": "error", "line": told.line, "message": told.text, "source": CHECKS[code].source}
            )
    else:
        lines = key_lines(path.read_text(encoding="utf-8-sig").replace("\r\n", "\n"))
        for remark in check(file.rules):
            told_at = line_of(lines, where_said(lines, remark.path))
            records.append(
                {
                    "code": remark.code,
                    "level": remark.level,
                    "line": told_at,
                    "message": remark.message,
                    "source": remark.source,
                }
            )
    if as_json:
        say_json({"file": path.name, "findings": records})
    elif not records:
        say(f"{path.name}：没有发现问题。")
    else:
        for record in records:
            place = f"{path.name} 第 {record['line']} 行：" if record["line"] else ""
            place = "" if record["message"].startswith(place) else place
            say(f"{record['code']} {_LEVELS[record['level']]}  {place}{record['message']}依据：{record['source']}。")
    if any(record["level"] == "error" for record in records):
        return Exit.RULES
    return Exit.ATTENTION if records else Exit.DONE


def rules(common: Common, action: str, targets: list[str]) -> Exit:
    """``show [PERIOD|FILE]`` or ``diff A B``."""
    from kehujingli.rules.changes import changes
    from kehujingli.rules.words import tell

    if action == "show" and len(targets) <= 1:
        file = _rules_of(common, targets[0] if targets else None)
        lines = tell(file.rules)
        if common.json:
            say_json({"file": file.path.name, "sha256": file.sha256, "lines": lines})
        else:
            say(f"{file.path.name}  {file.sha256[:12]}", *lines)
        return Exit.DONE
    if action == "diff" and len(targets) == 2:
        before, after = (_rules_of(common, target) for target in targets)
        found = changes(before.rules, after.rules)
        if common.json:
            record = [{"where": list(one.where), "before": one.before, "after": one.after} for one in found]
            say_json({"before": before.path.name, "after": after.path.name, "changes": record})
        else:
            head = f"{before.path.name} → {after.path.name}："
            say(head + (f"改了 {len(found)} 处" if found else "没有不同"), *(one.text for one in found))
        return Exit.DONE
    raise problem(
        "option.bad",
        option="rules",
        value=" ".join([action, *targets]),
        detail="写法不对",
        cure="请写成 rules show [月份或文件]，或 rules diff 旧 新。",
    )


def _rules_of(common: Common, target: str | None) -> RulesFile:
    """A file, or what is in force in a month; nothing named: the newest file of the workspace."""
    from kehujingli.periods import Period, parse_month
    from kehujingli.rules import EXAMPLE, load_rules, rules_in_force

    if target is not None and (Path(target).suffix == ".toml" or Path(target).exists()):
        return load_rules(Path(target))
    workspace = workspace_of(common, needed=target is not None)
    if workspace is None:
        return load_rules(EXAMPLE)
    name = period_text(target) if target is not None else None
    if name is not None:
        return load_rules(rules_in_force(workspace.rules, Period.of_month(parse_month(name)).as_of))
    import datetime as dt

    return load_rules(rules_in_force(workspace.rules, dt.date.max))


def owed(common: Common, year: int | None) -> Exit:
    """The ledger of all periods that have been run."""
    from kehujingli.month.history import ledgers
    from kehujingli.scoring.owed import columns_of
    from kehujingli.scoring.owed import owed as reckon

    workspace = workspace_of(common, needed=True)
    assert workspace is not None
    if not workspace.period_names():
        raise problem("period.none-run")
    lines = ledgers(workspace)
    table = reckon(columns_of(lines), year)
    records = [
        {
            "manager_id": row.manager_id,
            "name": row.name,
            "branch_id": row.branch_id,
            "due": row.due,
            "kind": row.kind,
            "amount": f"{row.amount:.2f}",
        }
        for row in table
    ]
    if common.json:
        say_json({"year": year, "periods": lines["period"].nunique(), "lines": records})
    elif not records:
        say(f"{f'{year} 年' if year else ''}没有应付未付的。")
    else:
        headers = terms.words("manager_id", "name", "branch_id", "pay_due_in", "pay_kind", "yuan_amount")
        say_table(
            headers,
            [
                [*list(record.values())[:-2], terms.OWED[row.kind], f"{row.amount:,.2f}"]
                for record, row in zip(records, table, strict=True)
            ],
        )
    return Exit.DONE


@typed(examples="kehujingli lint rules/2026-01-01.toml\nkehujingli lint 新办法.toml --json")
def typed_lint(
    rules: Annotated[Path, typer.Argument(metavar="办法", help="要查的办法文件")], json: Json = False
) -> None:

    leave(lint(rules, as_json=json))


@typed(
    "workspace",
    "json",
    examples="kehujingli rules show\nkehujingli rules show 2026-10\nkehujingli rules diff rules/2025-01-01.toml rules/2026-01-01.toml",
)
def typed_rules(
    common: Common,
    action: Annotated[str, typer.Argument(metavar="show|diff", help="show 说一份办法；diff 说两份办法哪里不同")],
    targets: Annotated[
        list[str] | None, typer.Argument(metavar="[月份或文件]...", help="不写就是最新的一份", show_default=False)
    ] = None,
) -> None:

    leave(rules(common, action, targets or []))


@typed("workspace", "json", examples="kehujingli owed\nkehujingli owed 2028 --json")
def typed_owed(
    common: Common,
    year: Annotated[
        int | None, typer.Argument(metavar="[年份]", help="只看哪一年应付的；不写就看全部", show_default=False)
    ] = None,
) -> None:

    leave(owed(common, year))
