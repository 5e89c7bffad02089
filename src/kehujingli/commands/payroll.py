"""What does payroll do? What the payroll system takes of a kept month, shown or written, once its sum is that of 绩效薪酬 to the 分."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kehujingli.commands.common import Common, exit_of, period_text, show_findings, workspace_of
from kehujingli.commands.console import CSV, say, say_csv, say_json, say_table, style_of
from kehujingli.commands.options import leave, typed
from kehujingli.errors import Exit, Finding, finding, problem
from kehujingli.intake.files.scratch import scratch

if TYPE_CHECKING:
    from kehujingli.answers.studies import KeptPeriod
    from kehujingli.studies.pay.payroll import Payroll, Rules

_SHOWN = 20
"""Rows on the terminal."""


def payroll(common: Common, style: str) -> Exit:
    """Ask the kept month. Raises ``period.no-scores``, ``payroll.nobody``, ``payroll.sum``; a file that does not add up is not written."""
    from kehujingli.answers.studies import KeptPeriod
    from kehujingli.studies.pay import payroll as asked
    from kehujingli.workspace.results import results_of

    style = style_of(common.json, style)
    workspace = workspace_of(common, needed=True)
    assert workspace is not None
    results = results_of(workspace, period_text(common.period))
    pay, managers = results.frame("pay"), results.frame("managers")
    if pay is None or managers is None:
        raise problem("period.no-scores", period=results.period)
    older = [name for name, key in asked.FIELDS.items() if key != "period" and key not in pay]
    if older:
        raise problem("period.older", period=results.period, what="、".join(older))
    kept = KeptPeriod(workspace, results, common.rules)
    rules: Rules = kept.rules.study("payroll", asked.Rules)
    told = asked.payroll(pay, managers, results.period, rules)
    if not told.rows:
        raise problem("payroll.nobody", period=results.period)
    paid = sum((Decimal(str(row[rules.paid_at])) for row in told.rows), Decimal(0))
    check_sum(paid, told.due, results.period)
    target = _target(common, style, results.period)
    if target is not None and not common.dry_run:
        paid = _written(kept, told, rules, target)
    findings = [*_drafts(kept), *told.findings]
    lines = [f"{len(told.rows):,} 行，合计 {paid:,.2f} 元；绩效薪酬的实际兑付 {told.due:,.2f} 元，两者相等"]
    if style == "json":
        rows = [dict(zip(told.headers, row, strict=True)) for row in told.rows]
        sums: dict[str, Any] = {"period": results.period, "paid": f"{paid:.2f}", "due": f"{told.due:.2f}"}
        output = None if target is None or common.dry_run else str(target)
        say_json(sums | {"rows": rows, "findings": [told.record() for told in findings], "output": output})
    elif style in CSV and target is None:
        say_csv(told.headers, told.rows, style)
    elif not common.quiet:
        say(f"{results.period} 发薪", *lines)
        if target is None:
            more = f"（前 {_SHOWN} 行，共 {len(told.rows):,} 行；写成文件用 -o）" if len(told.rows) > _SHOWN else ""
            say(*filter(None, [more]))
            say_table(told.headers, told.rows[:_SHOWN])
        elif not common.dry_run:
            say(f"写出  {target}")
    show_findings(findings, common, notes=True)
    return exit_of(findings)


def check_sum(paid: Decimal, due: Decimal, period: str) -> None:
    """Raises ``payroll.sum`` where they differ by a 分."""
    if paid != due:
        amounts = {"written": f"{paid:,.2f}", "due": f"{due:,.2f}", "difference": f"{paid - due:,.2f}"}
        raise problem("payroll.sum", period=period, **amounts)


def _target(common: Common, style: str, period: str) -> Path | None:
    """Where the file goes and of which kind: by its own name, in a folder by ``--format``. Raises ``option.bad``."""
    target = common.output
    if target is None:
        return None
    if target.is_dir() or not target.suffix:
        return target / f"发薪_{period}.{'csv' if style in CSV else 'xlsx'}"
    kind = target.suffix.casefold()
    if kind not in (".xlsx", ".csv") or (kind == ".xlsx" and style in CSV):
        detail = "不是 .xlsx 或 .csv" if style not in CSV else "不是 .csv"
        raise problem(
            "option.bad", option="-o", value=target, detail=detail, cure="请写成 .xlsx 或 .csv，或写一个目录。"
        )
    return target.with_suffix(kind)


def _written(kept: KeptPeriod, told: Payroll, rules: Rules, target: Path) -> Decimal:
    """Put the file in place once it was read back and adds up, and note which it was. Raises ``payroll.sum``, ``option.bad``."""
    from kehujingli.workbooks.payroll import write_payroll, written_sum
    from kehujingli.workspace.files import check_replaceable, place_file
    from kehujingli.workspace.log import note_log

    check_replaceable([target])
    with scratch() as folder:
        staged = folder / f"payroll{target.suffix}"
        try:
            write_payroll(staged, told, rules)
        except UnicodeEncodeError as odd:
            detail = f"写不出“{odd.object[odd.start : odd.end]}”"
            cure = '请在办法 [studies.payroll] 里写 encoding = "utf-8-sig"，或用 .xlsx。'
            raise problem("option.bad", option="encoding", value=rules.encoding, detail=detail, cure=cure) from None
        paid = written_sum(staged, rules)
        check_sum(paid, told.due, kept.period.name)
        digest = hashlib.sha256(staged.read_bytes()).hexdigest()
        place_file(staged, target)
    note_log(kept.workspace, "payroll", period=kept.period.name, file=target.name, sha256=digest, paid=f"{paid:.2f}")
    return paid


def _drafts(kept: KeptPeriod) -> list[Finding]:
    from kehujingli.closing import state_of

    period, told = kept.period, []
    state = state_of(kept.workspace, period.name)
    if not state.closed:
        status = state.label + ("、未满月" if period.partial else "")
        told.append(finding("payroll.draft", period=period.name, status=status))
    if any(one["code"] == "score.trial-plan" for one in kept.manifest.get("findings", [])):
        told.append(finding("payroll.trial", period=period.name))
    return told


@typed(
    "workspace",
    "rules",
    "output",
    "style",
    "json",
    "quiet",
    "dry_run",
    output=Annotated[
        Path | None,
        typer.Option(
            "-o", "--output", metavar="文件或目录", help="写成 .xlsx 或 .csv；目录按 --format；不写就只在终端里看"
        ),
    ],
    rules=Annotated[
        Path | None, typer.Option("--rules", metavar="文件", help="各列按这份办法；不写就按这个月跑时的办法")
    ],
    examples="kehujingli payroll 2026-10\nkehujingli payroll 2026-10 -o 发薪.xlsx\nkehujingli payroll 2026-10 -o 发薪.csv",
)
def typed_payroll(
    common: Common,
    style: str,
    period: Annotated[
        str | None,
        typer.Argument(metavar="[月份]", help="哪个月份，如 2026-10；不写就取最近的一期", show_default=False),
    ] = None,
) -> None:
    from dataclasses import replace

    leave(payroll(replace(common, period=period), style))
