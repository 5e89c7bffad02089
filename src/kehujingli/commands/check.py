"""check: what each sheet is, what was accepted and refused, control totals, and every finding with its cell."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

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
from kehujingli.console import say, say_json, say_table
from kehujingli.errors import Exit, Finding, finding, yuan, yuan_grouped
from kehujingli.ledger import Sheet, rejected_rows

if TYPE_CHECKING:
    from collections.abc import Sequence


def check(common: Common, rejects: Path | None) -> Exit:
    """Read everything, change nothing."""
    from kehujingli.batch import read_exports
    from kehujingli.masks import mask

    workspace = workspace_of(common, needed=not common.paths)
    log_unmask(workspace, common, "check")
    with ledger_for(workspace) as ledger:
        with watching(common) as watch:
            sheets, findings = read_exports(request_of(common, workspace), ledger, watch.file)
        more, refused = _linked(sheets, common)
        findings = [*findings, *more]
        if rejects is not None and not common.dry_run:
            from kehujingli.workbooks.rejects import write_rejects

            write_rejects(rejects, sheets)
        if common.json:
            say_json(
                {
                    "files": [
                        _record(sheet, refused.get(part, 0), common.unmask, mask) for part, sheet in enumerate(sheets)
                    ],
                    "findings": [told.record() for told in findings],
                }
            )
        else:
            _show(sheets, refused)
            show_findings(findings, common, notes=True)
            if rejects is not None:
                say(f"写出  {rejects}")
        return exit_of(findings)


def _linked(sheets: Sequence[Sheet], common: Common) -> tuple[list[Finding], dict[int, int]]:
    """What shows only when tables are put together: repeated keys, rows that point nowhere. Nothing where there is no month to look at."""
    from kehujingli.batch import MEMORY_LIMIT
    from kehujingli.commands.common import as_of_date, period_text
    from kehujingli.errors import Problem
    from kehujingli.tables import choose_period, load_tables

    if not any(sheet.table for sheet in sheets):
        return [], {}
    import duckdb

    con = duckdb.connect(config={"memory_limit": MEMORY_LIMIT})
    try:
        as_of = as_of_date(common.as_of)
        period, told = choose_period(con, sheets, period_text(common.period), as_of)
        tables = load_tables(con, sheets, period, as_of)
    except Problem:
        return [], {}
    return [*told, *tables.findings], tables.refused


def _record(sheet: Sheet, more_refused: int, unmask: bool, mask: Any) -> dict[str, Any]:
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
        told = finding(
            row["code"],
            file=sheet.export.name,
            sheet=sheet.sheet,
            cell=row["cell"],
            column=row["column"],
            value=value,
            **json.loads(row["facts"]),
        )
        found.append(told.record())
    return {
        "path": sheet.export.name, "sheet": sheet.sheet, "table": sheet.table or None, "rows": sheet.rows, "accepted": sheet.accepted - more_refused,
        "rejected": sheet.rejected + more_refused, "blank": sheet.blank, "footers": sheet.footers, "unread": sheet.unknown_rows,
        "totals": {column: yuan(accepted) for column, (accepted, _) in sheet.totals.items()},
        "rejected_totals": {column: yuan(refused) for column, (_, refused) in sheet.totals.items()},
        "findings": found,
    }  # fmt: skip


def _show(sheets: Sequence[Sheet], refused: dict[int, int]) -> None:
    rows = []
    for part, sheet in enumerate(sheets):
        main = next((key for key in ("amount", "balance") if key in sheet.totals), None)
        total = yuan_grouped(sheet.totals[main][0]) if main else ""
        table = terms.BY_KEY[sheet.table].label if sheet.table else "不认识"
        count = refused.get(part, 0)
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
                f"{sheet.accepted - count:,}",
                f"{sheet.rejected + count:,}",
                total,
                left,
            )
        )
    say_table(("文件", "工作表", "认作", "数据行", "采用", "退回", "金额合计", "另有"), rows)
