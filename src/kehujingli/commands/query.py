"""What does query do? SQL over the period's tables, masked, without reach to files."""

from __future__ import annotations

import contextlib
import io
import math
import sys
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

import typer

from kehujingli.commands.common import Common, log_unmask, period_text, workspace_of
from kehujingli.commands.console import CSV, say_csv, say_json, say_table
from kehujingli.commands.options import leave, typed
from kehujingli.errors import Exit, problem
from kehujingli.workspace.files import beside

FORMATS = ("table", "csv", "json", "parquet", "raw")
_ENDINGS = {".csv": "csv", ".json": "json", ".parquet": "parquet"}


def query(common: Common, sql: str, style: str | None) -> Exit:
    """Ask, and show the rows; where no format is named the ending of the file to be written decides."""
    from kehujingli.answers.query import ask, ask_arrow

    if style is None:
        style = _ENDINGS.get(common.output.suffix.lower(), "table") if common.output else "table"
    if style not in FORMATS:
        raise problem(
            "option.bad", option="--format", value=style, detail="不认识", cure=f"请写 {'、'.join(FORMATS[:-1])} 之一。"
        )
    workspace = workspace_of(common, needed=True)
    assert workspace is not None
    period = period_text(common.period)
    log_unmask(workspace, common, "query", sql=sql)
    if style == "parquet":
        import pyarrow.parquet as pq

        table = ask_arrow(workspace, period, sql, unmask=common.unmask)
        if common.output is None:
            pq.write_table(table, sys.stdout.buffer)
        else:
            with beside(common.output) as path:
                pq.write_table(table, path)
        return Exit.DONE
    columns, rows = ask(workspace, period, sql, unmask=common.unmask)
    if common.output is None:
        _say(columns, rows, style)
        return Exit.DONE
    text = io.StringIO()
    with contextlib.redirect_stdout(text):
        _say(columns, rows, style)
    with beside(common.output) as path:
        # With the mark a spreadsheet knows that a CSV is UTF-8.
        path.write_text(text.getvalue(), encoding="utf-8-sig" if style in CSV else "utf-8", newline="\n")
    return Exit.DONE


def _say(columns: Sequence[str], rows: Sequence[Sequence[Any]], style: str) -> None:
    if style == "json":
        names = _apart(columns)
        say_json([{name: plain(value) for name, value in zip(names, row, strict=True)} for row in rows])
    elif style in CSV:
        say_csv(columns, rows, style)
    else:
        say_table(columns, rows)


def _apart(columns: Sequence[str]) -> list[str]:
    """Names that recur get a number: no value of a row is lost."""
    names: list[str] = []
    for column in columns:
        number, name = 1, column
        while name in names or (number > 1 and name in columns):
            number += 1
            name = f"{column}_{number}"
        names.append(name)
    return names


def plain(value: Any) -> Any:
    """As JSON has it: money as text with two decimals, dates as 2026-10-31, nothing for what is no number."""
    if isinstance(value, Decimal):
        return format(value, "f") if value.is_finite() else None
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value.isoformat() if isinstance(value, date | datetime) else value


@typed(
    "workspace",
    "period",
    "output",
    "raw",
    "json",
    "unmask",
    examples='kehujingli query "select 机构名称, count(*) from 客户分类 where 规模 = \'大型客户\' group by 1"\nkehujingli query "select * from scores" --format csv',
)
def typed_query(
    common: Common,
    sql: Annotated[str, typer.Argument(metavar="SQL", help="一条查询；表名列名中英文都可，见 kehujingli tables")],
    style: Annotated[
        str | None,
        typer.Option(
            "--format", metavar="格式", help="table、csv、json 或 parquet；不写就看 -o 的后缀，没有就是 table"
        ),
    ] = None,
) -> None:

    leave(query(common, sql, "json" if common.json else style))
