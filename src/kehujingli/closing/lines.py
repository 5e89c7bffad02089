"""What becomes of a correction to a closed month, or of a granted appeal? A linked line of the 加减分 table in the next open month.

The lines stand in ``exports/更正与申诉.csv``, read like any other adjustment: 考核期间 is the month that pays, 更正期间 the closed month meant.
Points add to that month's score outside any item (an item's cap cannot swallow them); an amount adds to its pay.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from kehujingli import terms
from kehujingli.closing import state_of
from kehujingli.errors import problem
from kehujingli.files import read_kept, write_whole
from kehujingli.kept import rows_of
from kehujingli.periods import Period

if TYPE_CHECKING:
    from kehujingli.workspace import Workspace

FILE = "更正与申诉.csv"
_COLUMNS = ("manager_id", "period", "points", "amount", "occurred_on", "reason", "document", "entered_by", "approved_by", "corrects")  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One linked adjustment: ``period`` pays, ``corrects`` is the month meant; points, or an amount in 元."""

    manager_id: str
    period: str
    corrects: str
    points: Decimal | None
    amount: Decimal | None
    occurred_on: str
    reason: str
    document: str
    entered_by: str
    approved_by: str


def next_open(workspace: Workspace, period: str) -> str:
    """The first month after ``period`` that is not closed."""
    later = Period.of(period).back(-1)
    while state_of(workspace, later.name).closed:
        later = later.back(-1)
    return later.name


def append_line(workspace: Workspace, line: Line) -> Path:
    """Add a line to the file that the next run reads; what stands in it is kept as it is."""
    if line.points is None and line.amount is None:
        raise problem("option.bad", option="--points", value="", detail="没有写", cure="请写 --points 分数 或 --amount 金额（元）。")  # fmt: skip
    if state_of(workspace, line.period).closed:
        step = state_of(workspace, line.period).newest("close")
        raise problem("close.already", period=line.period, day=step["at"][:10], approved_by=step["by"])
    path = workspace.exports / FILE
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    there = read_kept(path)
    text.write(there)
    if not there:
        writer.writerow(_label(name) for name in _COLUMNS)
    values = {name: getattr(line, name) for name in _COLUMNS}
    writer.writerow("" if value is None else str(value) for value in values.values())
    write_whole(path, "\ufeff" + text.getvalue())
    return path


def line_of(workspace: Workspace, manager: str, reason: str) -> Mapping[str, str] | None:
    """The newest line of a manager whose reason begins so, by column; nothing where there is none."""
    for row in reversed(rows_of(workspace.exports / FILE, tuple(_label(name) for name in _COLUMNS))):
        told = {name: row.text(_label(name)) for name in _COLUMNS}
        if told["manager_id"] == manager and told["reason"].startswith(reason):
            return told | {"period": row.month(_label("period"))}
    return None


def _label(name: str) -> str:
    return terms.BY_KEY["adjustments"].column(name).label
