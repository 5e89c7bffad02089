"""query: SQL over the period's tables, masked, without reach to files."""

from __future__ import annotations

import sys
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from kehujingli.commands.common import Common, log_unmask, period_text, workspace_of
from kehujingli.console import say_csv, say_json, say_table
from kehujingli.errors import Exit, problem

FORMATS = ("table", "csv", "json", "parquet")


def query(common: Common, sql: str, style: str) -> Exit:
    """Ask, and show the rows."""
    from kehujingli.query import ask, ask_arrow

    if style not in FORMATS:
        raise problem(
            "option.bad", option="--format", value=style, detail="不认识", cure=f"请写 {'、'.join(FORMATS)} 之一。"
        )
    workspace = workspace_of(common, needed=True)
    assert workspace is not None
    period = period_text(common.period)
    log_unmask(workspace, common, "query", sql=sql)
    if style == "parquet":
        import pyarrow.parquet as pq

        pq.write_table(ask_arrow(workspace, period, sql, unmask=common.unmask), common.output or sys.stdout.buffer)
        return Exit.DONE
    columns, rows = ask(workspace, period, sql, unmask=common.unmask)
    if style == "json":
        say_json([{column: plain(value) for column, value in zip(columns, row, strict=True)} for row in rows])
    elif style == "csv":
        say_csv(columns, rows)
    else:
        say_table(columns, rows)
    return Exit.DONE


def plain(value: Any) -> Any:
    """As JSON has it: money as text with two decimals, dates as 2026-10-31."""
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.isoformat() if isinstance(value, date | datetime) else value
