"""How far is it? A bar of files read and the step under way, on standard error of a terminal; gone when the work is done."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING

from kehujingli.month.watching import Watch

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

STEPS: Mapping[str, str] = {
    "tables": "对表",
    "measures": "算日均等指标",
    "segment": "分类",
    "assign": "分配管户",
    "actuals": "算实绩",
    "score": "计分",
    "workbooks": "写工作簿",
}


def wanted(*, quiet: bool, json: bool) -> bool:
    """Only where somebody looks: standard error is a terminal, and neither ``--quiet`` nor ``--json`` was asked."""
    return not quiet and not json and sys.stderr.isatty()


class Bar(Watch):
    """The bar of ``rich``, imported when there is something to show. It is taken away between reading and reckoning, so that a question can be asked."""

    def __init__(self) -> None:
        self._bar: Progress | None = None
        self._task: TaskID | None = None

    def file(self, name: str, done: int, total: int) -> None:
        self._show(f"读入 {name.rpartition('/')[2]}", done, total)
        if done == total:
            self.close()

    def begin(self, step: str) -> None:
        self._show(STEPS.get(step, step), None, None)

    def _show(self, said: str, done: int | None, total: int | None) -> None:
        if self._bar is None or self._task is None:
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

            columns = (
                (TextColumn("{task.description}"), BarColumn(30), MofNCompleteColumn(), TimeElapsedColumn())
                if total
                else (TextColumn("{task.description} ……"), TimeElapsedColumn())
            )
            self._bar = Progress(*columns, console=Console(stderr=True), transient=True)
            self._bar.start()
            self._task = self._bar.add_task("", total=total)
        self._bar.update(self._task, description=said.replace("[", r"\["), completed=done)

    def close(self) -> None:
        if self._bar is not None:
            self._bar.stop()
            self._bar, self._task = None, None
