"""Who wants to know how far the work is? Listeners that are told of files read and steps begun and ended; most commands have none."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, TextIO

from kehujingli.errors import Problem, problem
from kehujingli.workspace.clock import now


class Watch:
    """Told of everything, does nothing."""

    def file(self, name: str, done: int, total: int) -> None:
        """A file has been read: how many are done of how many."""

    def ready(self, lacking: Sequence[str]) -> None:
        """The exports are read; this will be missing."""

    def begin(self, step: str) -> None:
        """A step of the month has begun."""

    def end(self, step: str, seconds: float) -> None:
        """A step of the month has ended."""

    def result(self, **facts: Any) -> None:
        """The command has come to its result."""

    def close(self) -> None:
        """Nothing more will be told."""


class All(Watch):
    """Tells several."""

    def __init__(self, watches: Iterable[Watch]) -> None:
        self.watches = tuple(watches)

    def file(self, name: str, done: int, total: int) -> None:
        for watch in self.watches:
            watch.file(name, done, total)

    def ready(self, lacking: Sequence[str]) -> None:
        for watch in self.watches:
            watch.ready(lacking)

    def begin(self, step: str) -> None:
        for watch in self.watches:
            watch.begin(step)

    def end(self, step: str, seconds: float) -> None:
        for watch in self.watches:
            watch.end(step, seconds)

    def result(self, **facts: Any) -> None:
        for watch in self.watches:
            watch.result(**facts)

    def close(self) -> None:
        for watch in self.watches:
            watch.close()


class JsonLines(Watch):
    """One line of JSON an event, appended to a file, or written to standard error for ``-``. Raises ``output.failed``."""

    def __init__(self, path: Path) -> None:
        self.own = str(path) != "-"
        try:
            self.stream: TextIO = path.open("a", encoding="utf-8", newline="\n") if self.own else sys.stderr
        except OSError as error:
            raise problem("output.failed", path=path, detail=error.strerror or error) from None

    def _tell(self, event: str, **facts: Any) -> None:
        record = {"at": now().isoformat(timespec="milliseconds"), "event": event, **facts}
        self.stream.write(json.dumps(record, ensure_ascii=False) + "\n")
        self.stream.flush()

    def file(self, name: str, done: int, total: int) -> None:
        self._tell("file", name=name, done=done, total=total)

    def ready(self, lacking: Sequence[str]) -> None:
        self._tell("ready", missing=list(lacking))

    def end(self, step: str, seconds: float) -> None:
        self._tell("step", name=step, seconds=seconds)

    def result(self, **facts: Any) -> None:
        self._tell("result", **facts)

    def close(self) -> None:
        if self.own:
            self.stream.close()


class Told(Watch):
    """What will be missing, to standard error, before the work begins."""

    def ready(self, lacking: Sequence[str]) -> None:
        if lacking:
            sys.stderr.write(f"将缺  {'；'.join(lacking)}\n")
            sys.stderr.flush()


def tell_error(watch: Watch, error: Exception) -> None:
    """The end of a command that came to no result."""
    if isinstance(error, Problem):
        codes = [told.code for told in error.findings]
        watch.result(exit=int(error.exit), errors=codes, message=" ".join(told.text for told in error.findings))
    else:
        watch.result(exit=70, errors=["internal.fault"], message=type(error).__name__)
