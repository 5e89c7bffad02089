"""What does check do? What each sheet is, what was accepted and refused, control totals, and every finding with its cell."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kehujingli import terms
from kehujingli.commands.common import (
    Common,
    exit_of,
    ledger_for,
    log_unmask,
    request_of,
    show_findings,
    watching,
    workspace_of,
)
from kehujingli.commands.console import say, say_json, say_table
from kehujingli.commands.options import leave, typed
from kehujingli.errors import Exit, Finding, problem, yuan
from kehujingli.intake.files.scratch import scratch
from kehujingli.intake.ledger import Sheet
from kehujingli.intake.refused import rejected_rows, told_of
from kehujingli.tables.controls import main_total
from kehujingli.workspace.sql import MEMORY_LIMIT, connect

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from kehujingli.periods import Period
    from kehujingli.rules import Rules
    from kehujingli.tables import PeriodTables
    from kehujingli.tables.controls import Control
    from kehujingli.tables.refusals import Refusals
    from kehujingli.workspace import Workspace


_NO_MONTH = ("period.none", "table.missing")


def check(common: Common, rejects: Path | None, mapping: bool = False, yes: bool = False) -> Exit:
    """Read everything, change nothing; with ``mapping`` first let layouts/ say what headers are."""
    from kehujingli.month import read_exports
    from kehujingli.terms.masks import mask

    if yes and not mapping:
        raise problem("option.bad", option="--yes", value="是", detail="要和 --map 一起用", cure="请写 --map --yes。")
    workspace = workspace_of(common, needed=mapping or not common.paths)
    log_unmask(workspace, common, "check")
    mapped: dict[str, Any] = {}
    if mapping and workspace is not None:
        mapped = _mapped(common, workspace, yes)
        workspace = replace(workspace)  # it keeps the layouts that it has read
    with ledger_for(workspace) as ledger:
        with watching(common) as watch:
            sheets, findings = read_exports(request_of(common, workspace), ledger, watch.file)
        more, tables, refused = _linked(sheets, common)
        gone = tables.withdrawn if tables else []
        findings = [*(told for told in findings if told not in gone), *more]
        settled = [
            replace(sheet, findings=tuple(told for told in sheet.findings if told not in gone))
            for sheet in refused.settle(sheets)
        ]
        if rejects is not None and not common.dry_run:
            _write_rejects(rejects, settled)
        if common.json:
            say_json(
                {
                    "files": [_record(sheet, common.unmask, mask) for sheet in settled],
                    "controls": [_control(control) for control in (tables.controls if tables else ())],
                    "merges": [_merge(row, common.unmask) for row in _merged(tables)],
                    "findings": [told.record() for told in findings],
                    **mapped,
                }
            )
        else:
            _show(settled)
            _show_controls(tables.controls if tables else ())
            show_findings(findings, common, notes=True)
            if rejects is not None:
                say(f"写出  {rejects}")
        return exit_of(findings)


def _mapped(common: Common, workspace: Workspace, yes: bool) -> dict[str, Any]:
    from kehujingli.commands.mapping import map_headers

    with ledger_for(workspace) as ledger:
        return {"mapping": map_headers(common, workspace, ledger, yes=yes)}


def _write_rejects(target: Path, sheets: Sequence[Sheet]) -> None:
    """Made elsewhere, then put in place whole."""
    from kehujingli.workbooks.rejects import write_rejects
    from kehujingli.workspace.files import check_replaceable, place_file

    check_replaceable([target])
    with scratch() as folder:
        made = folder / "退回清单.xlsx"
        write_rejects(made, sheets)
        place_file(made, target)


def _merge(row: dict[str, Any], unmask: bool) -> dict[str, Any]:
    """A customer number that is another's."""
    from kehujingli.terms.masks import mask

    told = {key: value if isinstance(value, str | bool) else None for key, value in row.items()}
    private = () if unmask else [key for key in ("name", "id_number") if told[key]]
    return told | {key: mask(row[key], key, row["customer_type"]) for key in private}


def _period(con: Any, sheets: Sequence[Sheet], named: str | None, as_of: date | None) -> tuple[Period, list[Finding]]:
    """The period; without a whole month of transactions the one of the newest snapshot."""
    from kehujingli.errors import Problem
    from kehujingli.intake.days import snapshot_days
    from kehujingli.periods import Period, date_of
    from kehujingli.tables.reach import choose_period

    try:
        return choose_period(con, sheets, named, as_of)
    except Problem:
        days = snapshot_days(sheets, None)
        if not days or any(sheet.table == "transactions" and sheet.accepted for sheet in sheets):
            raise
        newest = date_of(max(days))
        return Period.of(newest.isoformat()[:7]), []


def _merged(tables: PeriodTables | None) -> list[dict[str, Any]]:
    if tables is None or tables.merges.rows is None:
        return []
    found: list[dict[str, Any]] = tables.merges.rows.to_dict("records")
    return found


def _control(control: Control) -> dict[str, Any]:
    """A line of 对账: money as text, rows as numbers."""

    def said(value: int) -> str | int:
        return yuan(value) if control.column else value

    return {
        "file": control.file,
        "row": control.row,
        "table": control.label,
        "column": control.column or None,
        "claimed": said(control.claimed),
        "read": said(control.read),
        "agrees": control.agrees,
        "branches": list(control.branches),
    }


def _show_controls(controls: Sequence[Control]) -> None:
    if controls:
        rows = [
            (
                control.what,
                control.said(control.read),
                control.said(control.claimed),
                "相符" if control.agrees else control.difference,
                "、".join(control.branches),
            )
            for control in controls
        ]
        say_table(terms.words("checked", "read", "claimed", "result", "differs_in"), rows)


def _linked(sheets: Sequence[Sheet], common: Common) -> tuple[list[Finding], PeriodTables | None, Refusals]:
    """What shows only when tables are put together: repeated keys, rows that point nowhere, odd rows. Where no month can be told: what
    needs none, and where one was asked for, why it cannot be. Last, what is refused for it.
    """
    from kehujingli.commands.common import as_of_date, period_text
    from kehujingli.errors import Problem
    from kehujingli.tables import load_tables, without_period
    from kehujingli.tables.refusals import Refusals
    from kehujingli.tables.unused import unused

    if not any(sheet.table for sheet in sheets):
        return [], None, Refusals()
    con = connect(memory_limit=MEMORY_LIMIT)
    as_of, named = as_of_date(common.as_of), period_text(common.period)
    try:
        period, told = _period(con, sheets, named, as_of)
        tables = load_tables(con, sheets, period, as_of)
    except Problem as stopped:
        asked = named is not None or as_of is not None
        told = [told for told in stopped.findings if asked or told.code not in _NO_MONTH]
        findings, refused = without_period(con, sheets)
        return [*told, *findings, *unused(sheets, None)], None, refused
    rules = _rules(period, common)
    return [*told, *tables.findings, *_words(tables, rules), *unused(sheets, rules)], tables, tables.refused


def _rules(period: Period, common: Common) -> Rules | None:
    """The rules of the workspace; rules that cannot be read are told elsewhere."""
    from kehujingli.errors import Problem
    from kehujingli.month.opening import find_rules

    workspace = workspace_of(common, needed=not common.paths)
    if workspace is None:
        return None
    try:
        return find_rules(request_of(common, workspace), period).rules
    except Problem:
        return None


def _words(tables: PeriodTables, rules: Rules | None) -> list[Finding]:
    """What the words of a workspace's rules took out of the postings."""
    from kehujingli.month.words import told_words

    if rules is None or rules.segment is None or not tables.has("transactions"):
        return []
    words = rules.segment.activity
    return told_words(tables.con, [*words.exclude, *words.passive])


def _record(sheet: Sheet, unmask: bool, mask: Any) -> dict[str, Any]:
    """The JSON of one sheet: every refused cell is a finding of its own."""
    private = {column.label: column.private for column in terms.BY_KEY[sheet.table].columns} if sheet.table else {}
    headers = (
        {header: terms.BY_KEY[sheet.table].column(key).private for key, header in sheet.columns.items()}
        if sheet.table
        else {}
    )
    found = [told.record() for told in sheet.findings if told.level != "refused" or not told.spots]
    for row in rejected_rows(sheet):
        kind = headers.get(row["column"], private.get(row["column"], ""))
        value = row["value"] if unmask else mask(row["value"], kind)
        found.append(told_of(sheet, row, value).record())
    return {
        "path": sheet.export.name,
        "sheet": sheet.sheet,
        "table": sheet.table or None,
        "rows": sheet.rows,
        "accepted": sheet.accepted,
        "rejected": sheet.rejected,
        "blank": sheet.blank,
        "footers": sheet.footers,
        "unread": sheet.unknown_rows,
        "totals": {column: yuan(accepted) for column, (accepted, _) in sheet.totals.items()},
        "rejected_totals": {column: yuan(refused) for column, (_, refused) in sheet.totals.items()},
        "claims": {
            column: {"claimed": yuan(said), "read": yuan(read)} for column, (said, read) in sheet.claims.items()
        },
        "findings": found,
    }


def _show(sheets: Sequence[Sheet]) -> None:
    rows = []
    for sheet in sheets:
        table = terms.BY_KEY[sheet.table].label if sheet.table else "不认识"
        left = "、".join(
            f"{word} {number}"
            for word, number in (("合计行等", sheet.footers), ("空行", sheet.blank), ("未读", sheet.unknown_rows))
            if number
        )
        rows.append(
            (
                sheet.export.name,
                sheet.sheet,
                table,
                f"{sheet.rows:,}",
                f"{sheet.accepted:,}",
                f"{sheet.rejected:,}",
                main_total(sheet.table, sheet.totals),
                left,
            )
        )
    headers = terms.words("file", "sheet", "taken_as", "data_rows", "accepted", "refused", "total_amount", "more")
    say_table(headers, rows)


@typed(
    "operator",
    "password_file",
    "workspace",
    "period",
    "as_of",
    "json",
    "quiet",
    "dry_run",
    "unmask",
    first=("paths",),
    examples="kehujingli check\nkehujingli check exports/202610 --rejects 退回清单.xlsx\nkehujingli check 客户信息.xlsx --json\nkehujingli check --map --yes",
)
def typed_check(
    common: Common,
    rejects: Annotated[
        Path | None, typer.Option("--rejects", metavar="文件", help="把退回的行写成工作簿，改好可再读")
    ] = None,
    mapping: Annotated[bool, typer.Option("--map", help="逐项问哪个表头是缺的那一列，写进 layouts/ 再读一遍")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="和 --map 一起：不问，有把握的照提议写")] = False,
) -> None:

    leave(check(common, rejects, mapping, yes))
