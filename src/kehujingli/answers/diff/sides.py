"""Which two results are meant? Two months, or two runs of one month out of 历次/."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from kehujingli.answers.diff import Side
from kehujingli.errors import problem
from kehujingli.workspace import HISTORY, MANIFEST, Workspace
from kehujingli.workspace.kept import damage, read_manifest
from kehujingli.workspace.results import Results


def two_months(workspace: Workspace, periods: Sequence[str]) -> tuple[Side, Side]:
    """The two months named; with one, that and the month before it; with none, the two newest. Raises ``period.no-result``, ``diff.one-only``."""
    names = workspace.period_names()
    if not names:
        raise problem("period.none-run")
    if len(periods) < 2:
        last = periods[0] if periods else names[-1]
        earlier = [name for name in names if name < last]
        if last in names and not earlier:
            raise problem("diff.one-only", period=last)
        periods = [*earlier[-1:], last]
    return _month(workspace, periods[0]), _month(workspace, periods[-1])


def two_runs(workspace: Workspace, period: str, numbers: Sequence[int]) -> tuple[Side, Side]:
    """Two runs of a month by their numbers; with one number, that and the current one; with none, the last kept and the current one."""
    current = _month(workspace, period)
    kept = kept_runs(current.folder)
    if not kept:
        raise problem("diff.no-runs", period=period)
    chosen = list(numbers) or [kept[-1]]
    for number in chosen:
        if number not in kept:
            raise problem("diff.no-run", period=period, number=number, known="、".join(map(str, kept)))
    sides = [side(current.folder / HISTORY / str(number), number) for number in chosen]
    return (sides[0], sides[1]) if len(sides) > 1 else (sides[0], current)


def kept_runs(folder: Path) -> list[int]:
    """Numbers of the earlier runs that a period's folder keeps, oldest first."""
    return sorted(
        int(path.name) for path in (folder / HISTORY).glob("*") if path.name.isdigit() and (path / MANIFEST).exists()
    )


def _month(workspace: Workspace, period: str) -> Side:
    if not (workspace.period(period) / MANIFEST).exists() or not Results.of(workspace, period).folder.is_dir():
        raise problem("period.no-result", period=period, option=f" --period {period}")
    return side(workspace.period(period))


def side(folder: Path, number: int | None = None) -> Side:
    """A kept result: a period's folder, or one of its 历次."""
    found = read_manifest(folder)
    told = damage(folder, found)
    if told is not None or found is None:
        raise told or problem("period.no-result", period=folder.name, option="")
    return Side(folder, found, number)
