"""What becomes of a correction to a closed month, or of a granted appeal? A linked line of the 加减分 table in the next open month.

The lines stand in ``exports/更正与申诉.csv``, read like any other adjustment: 考核期间 is the month that pays, 更正期间 the closed month meant.
Points add to that month's score outside any item (an item's cap cannot swallow them); an amount adds to its pay.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kehujingli import terms
from kehujingli.closing import state_of
from kehujingli.errors import Problem, problem
from kehujingli.periods import Period
from kehujingli.values import guarded, plain, round_half_up
from kehujingli.workspace import fingerprint
from kehujingli.workspace.files import kept_text, read_kept, write_whole
from kehujingli.workspace.lists import Kept, rows_of

if TYPE_CHECKING:
    from kehujingli.workspace import Workspace

FILE = "更正与申诉.csv"
_CENTS = 2
_COLUMNS = (
    "manager_id",
    "period",
    "points",
    "amount",
    "occurred_on",
    "reason",
    "document",
    "entered_by",
    "approved_by",
    "corrects",
)


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


def append_line(workspace: Workspace, line: Line, write: Callable[[Path, str], None] = write_whole) -> Path:
    """Add a line to the file that the next run reads; what stands in it is kept as it is. ``write`` takes the place and the whole text."""
    if line.points is None and line.amount is None:
        raise problem(
            "option.bad",
            option="--points",
            value="",
            detail="没有写",
            cure="请写 --points 分数 或 --amount 金额（元）。",
        )
    if line.period <= line.corrects:
        raise problem(
            "option.bad",
            option="--into",
            value=line.period,
            detail=f"不在 {line.corrects} 以后",
            cure=f"更正记在以后没有关账的月份，最早是 {next_open(workspace, line.corrects)}；不写 --into 就记在那个月。",
        )
    _no_finer(line.points, _digits(workspace, line.period), "--points", "分数按办法（rounding）取")
    _no_finer(line.amount, _CENTS, "--amount", "金额取")
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
    writer.writerow(guarded(_plain(value)) for value in values.values())
    write(path, "\ufeff" + text.getvalue())
    return path


def _plain(value: str | Decimal | None) -> str:
    return "" if value is None else f"{value:f}" if isinstance(value, Decimal) else value


def _digits(workspace: Workspace, period: str) -> int:
    """To how many digits a month's points are rounded; of several schemes the finest."""
    from kehujingli.rules import load_rules, rules_in_force

    try:
        rules = load_rules(rules_in_force(workspace.rules, Period.of(period).as_of)).rules.incentive
    except Problem:
        return _CENTS
    return max(scheme.rounding.points for scheme in rules.schemes) if rules is not None else _CENTS


def _no_finer(value: Decimal | None, digits: int, option: str, why: str) -> None:
    """Raises ``option.bad`` where a number has more digits than are ever shown: no sum of what is shown would come out."""
    if value is not None and value != round_half_up(value, digits):
        detail = f"小数超过 {digits} 位"
        raise problem(
            "option.bad",
            option=option,
            value=f"{value:f}",
            detail=detail,
            cure=f"{why} {digits} 位小数，再细的哪张表也看不到；请改成 {digits} 位以内的数。",
        )


def stood(path: Path, digest: str) -> dict[str, Any]:
    """What a seal keeps of the list as a run read it, so that it may grow: how many lines, and one hash over what they say."""
    content = _beginning(path, digest)
    if content is None:
        return {}
    try:
        count = len(
            [cells for cells in csv.reader(io.StringIO(kept_text(content, FILE))) if any(map(str.strip, cells))]
        )
        return {"lines": count - 1, "lines_sha256": _print(path, count - 1)}
    except Problem:
        return {}


def only_longer(path: Path, item: Mapping[str, Any]) -> bool:
    """Whether the sealed lines of the list all stand as they did, and others came after them. Saved anew by a spreadsheet they say the same."""
    if "lines" not in item:
        return _beginning(path, str(item["sha256"])) is not None
    try:
        return _print(path, int(item["lines"])) == str(item["lines_sha256"])
    except Problem:
        return False


def _beginning(path: Path, digest: str) -> bytes | None:
    """The first lines of a file, as many as have this hash; nothing where no number of them has."""
    content, size, found = path.read_bytes(), 0, hashlib.sha256()
    for line in content.splitlines(keepends=True):
        found.update(line)
        size += len(line)
        if found.hexdigest() == digest:
            return content[:size]
    return None


def _print(path: Path, count: int) -> str:
    """One hash over what the first lines of the list say."""
    rows = rows_of(path, tuple(_label(name) for name in _COLUMNS))[:count]
    return fingerprint({"lines": [[_meant(row, name) for name in _COLUMNS] for row in rows]})


def _meant(row: Kept, name: str) -> str:
    """A cell however a spreadsheet writes it: Nov-26 is 2026-11, 2026/12/2 is 2026-12-02, 1.50 is 1.5."""
    label = _label(name)
    try:
        match name:
            case "period" | "corrects":
                return row.month(label)
            case "occurred_on":
                return row.day(label).isoformat()
            case "points" | "amount":
                return plain(Decimal(row.text(label).replace(",", "")))
    except (Problem, ArithmeticError):
        pass
    return row.text(label)


def stands(workspace: Workspace, line: Line) -> bool:
    """Whether just this line was written already, by the same people on the same day."""
    rows = rows_of(workspace.exports / FILE, tuple(_label(name) for name in _COLUMNS))
    wanted = [plain(value) if isinstance(value := getattr(line, name), Decimal) else _plain(value) for name in _COLUMNS]
    return any([_meant(row, name) for name in _COLUMNS] == wanted for row in rows)


def line_of(workspace: Workspace, manager: str, reason: str) -> Mapping[str, str] | None:
    """The newest line of a manager whose reason begins so, by column; nothing where there is none."""
    for row in reversed(rows_of(workspace.exports / FILE, tuple(_label(name) for name in _COLUMNS))):
        told = {name: row.text(_label(name)) for name in _COLUMNS}
        if told["manager_id"] == manager and told["reason"].startswith(reason):
            return told | {"period": row.month(_label("period"))}
    return None


def _label(name: str) -> str:
    return terms.BY_KEY["adjustments"].column(name).label
