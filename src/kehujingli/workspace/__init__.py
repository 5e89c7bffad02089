"""Where are things? A county's folder: rules, exports, periods, log, cache; one run at a time, and outputs all or nothing.

A period's folder is replaced as a whole (``swap``), lists and registers file by file under a journal (``deeds``). What a killed command left is finished
or swept by the next one.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
import socket
import uuid
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from kehujingli.errors import Problem, problem
from kehujingli.intake.files.scratch import sweep_scratch
from kehujingli.intake.ledger import Ledger, hash_file
from kehujingli.workspace.clock import now, system_user
from kehujingli.workspace.files import move_whole
from kehujingli.workspace.kept import MANIFEST, read_manifest
from kehujingli.workspace.swap import HISTORY, Composed, Log, composed, finish_swap, put, sweep

LOCK_WAIT = 3.0
"""Seconds that a command waits for another one before it says so."""
__all__ = ["HISTORY", "MANIFEST", "Workspace", "fingerprint"]


@dataclass(frozen=True)
class Workspace:
    """A folder with rules/ and exports/, and who works in it."""

    root: Path
    acting: str = ""
    """The name after ``--as`` (several people at one machine); the log keeps the system's user beside it."""

    @property
    def operator(self) -> str:
        """Who is at the keyboard: the one named, else the operating system's user."""
        return self.acting or system_user()

    @classmethod
    def find(cls, start: Path) -> Workspace | None:
        """The workspace that holds this folder, or nothing. What ``run`` on bare files wrote can be asked like one."""
        for folder in (start, *start.parents):
            if (folder / "rules").is_dir() and (folder / "exports").is_dir():
                return cls(folder)
            if any(folder.glob(f"periods/*/{MANIFEST}")):
                return cls(folder)
        return None

    @property
    def journal(self) -> Path:
        """What a publishing run is about to replace: there only while it does."""
        return self.cache / "journal.json"

    @property
    def rules(self) -> Path:
        return self.root / "rules"

    @property
    def exports(self) -> Path:
        return self.root / "exports"

    @property
    def forms(self) -> Path:
        """What people fill in by hand."""
        return self.root / "表单"

    @property
    def inputs(self) -> tuple[Path, ...]:
        """The folders that a month is read from: the exports, and the forms where there are any."""
        return (self.exports, *([self.forms] if self.forms.is_dir() else []))

    @property
    def periods(self) -> Path:
        return self.root / "periods"

    @property
    def plans(self) -> Path:
        return self.root / "plans"

    @property
    def templates(self) -> Path:
        """The institution's own workbooks, filled in place of our first sheets."""
        return self.root / "templates"

    @property
    def layouts(self) -> Path:
        return self.root / "layouts"

    def layout_files(self) -> list[Path]:
        """The county's own layouts, each looked at once so that a wrong one is told before anything is read."""
        found = sorted(self.layouts.glob("*.toml"))
        if found:
            from kehujingli.intake.sheets.layout import load_layout

            for path in found:
                load_layout(path)
        return found

    @property
    def logs(self) -> Path:
        return self.root / "日志"

    @property
    def cache(self) -> Path:
        return self.root / ".kehujingli"

    @cached_property
    def ledger(self) -> Ledger:
        return Ledger(self.cache / "ledger", self.layout_files())

    def place_of(self, path: Path) -> str | None:
        """Where a file lies inside the workspace; nothing where it lies outside."""
        for file, root in ((path.absolute(), self.root.absolute()), (path.resolve(), self.root.resolve())):
            if file.is_relative_to(root):
                return file.relative_to(root).as_posix()
        return None

    def rules_of(self, manifest: Mapping[str, Any]) -> Path | None:
        """The rules file of a run, where it lay in the workspace."""
        told = manifest["rules"]
        place = told.get("place", f"{self.rules.name}/{told['path']}")
        return self.root / place if place else None

    def period(self, name: str) -> Path:
        return self.periods / name

    def period_names(self) -> list[str]:
        """Periods that have been run, oldest first."""
        return sorted(path.parent.name for path in self.periods.glob(f"[!.]*/{MANIFEST}"))

    def manifest(self, name: str) -> dict[str, Any] | None:
        """What its run wrote down of itself; nothing where there is none, or it is damaged."""
        return read_manifest(self.period(name))

    @contextlib.contextmanager
    def locked(self, what: str, wait: float = LOCK_WAIT) -> Iterator[None]:
        """One command at a time. Raises ``lock.busy`` after ``wait`` seconds; finishes what a killed run left."""
        from filelock import FileLock, Timeout

        self.make_cache()
        note = self.cache / "lock.json"
        lock = FileLock(self.cache / "lock")
        try:
            lock.acquire(timeout=wait)
        except Timeout:
            holder = _read_json(note)
            since, who = holder.get("since", "？"), holder.get("who", "？")
            raise problem(
                "lock.busy", what=f" {holder['what']}" if holder.get("what") else "", since=since, who=who
            ) from None
        except OSError as error:
            raise problem("output.failed", path=self.cache, detail=error.strerror or error) from None
        try:
            note.write_text(
                json.dumps(
                    {"what": what, "since": now().strftime("%H:%M"), "who": f"{socket.gethostname()} {self.operator}"},
                    ensure_ascii=False,
                ),
                encoding="utf-8",
            )
            self.recover()
            yield
        finally:
            with contextlib.suppress(OSError):
                note.unlink()
            lock.release()

    def make_cache(self) -> None:
        """The folder of the cache, readable by its owner only: it holds what the exports hold."""
        try:
            self.cache.mkdir(exist_ok=True)
        except OSError as error:
            raise problem("output.failed", path=self.cache, detail=error.strerror or error) from None
        with contextlib.suppress(OSError):
            self.cache.chmod(0o700)

    def recover(self) -> None:
        """Finish the replacing that a killed run had begun; throw away what it had only staged."""
        journal = _read_json(self.journal)
        moves, gone, swapped, seen = self._own(journal)
        stands = not swapped or finish_swap(swapped, str(journal.get("print")))
        stands = stands and (not seen or _holds(*seen))
        for staged, target in moves:
            if staged.exists():
                try:
                    move_whole(staged, target)
                except PermissionError:
                    raise problem("output.unfinished", file=target.name) from None
        for target in gone:
            target.unlink(missing_ok=True)
        if stands and journal.get("log"):
            self._log_once(**journal["log"])
        self.journal.unlink(missing_ok=True)
        shutil.rmtree(self.cache / "stage", ignore_errors=True)
        sweep(self.periods)
        sweep(self.forms)
        sweep_scratch()
        for left in self.cache.glob(f".{self.journal.name}.*"):
            left.unlink(missing_ok=True)
        if (self.cache / "ledger").is_dir():
            self.ledger.sweep()

    def told(self, path: Path) -> str:
        """A file's place as the journal keeps it: from the workspace on, wherever the command stood that wrote it."""
        return path.relative_to(self.root).as_posix()

    def _own(self, journal: Mapping[str, Any]) -> tuple[list[tuple[Path, Path]], list[Path], list[Path], list[str]]:
        """What a journal moves, takes away, swaps (new, goal, aside) and only looks at (a file anywhere and its hash). Raises ``journal.bad`` where that is no journal of ours, or reaches outside the workspace."""
        root = self.root.absolute()

        def inside(text: str) -> Path:
            path = root / text
            if ".." in path.relative_to(root).parts or path == root:
                raise ValueError(text)
            return path

        try:
            log = journal.get("log")
            if log and (set(log) != {"who", "after", "deed", "facts"} or not isinstance(log["facts"], dict)):
                raise ValueError(log)
            moves = [(inside(source), inside(goal)) for source, goal in journal.get("moves", [])]
            swapped = [inside(path) for path in journal.get("swap", [])]
            if len(swapped) not in (0, 3):
                raise ValueError(swapped)
            seen = journal.get("seen", [])
            if [type(part) for part in seen] not in ([], [str, str]):
                raise ValueError(seen)
            return moves, [inside(path) for path in journal.get("gone", [])], swapped, seen
        except (AttributeError, KeyError, TypeError, ValueError):
            raise problem("journal.bad", file=self.journal) from None

    def _log_once(self, who: str, after: int, deed: str, facts: Mapping[str, Any]) -> None:
        """The line of the log that belongs to what a killed run was publishing, unless it had come to that."""
        from kehujingli.workspace.log import read_log, write_log

        since = list(read_log(self))[after:]
        if not any(entry["deed"] == deed and entry.items() >= facts.items() for entry in since):
            write_log(replace(self, acting=who), deed, **facts)

    def finish(self) -> None:
        """Let nobody read what a killed run left half-replaced; where a command is at it right now, it finishes by itself."""
        if self.journal.exists():
            with contextlib.suppress(Problem), self.locked("", wait=0):
                pass

    @contextlib.contextmanager
    def staging(self) -> Iterator[Path]:
        """A folder for outputs on their way; gone afterwards, unless the journal still needs it."""
        folder = self.cache / "stage" / uuid.uuid4().hex
        try:
            folder.mkdir(parents=True)
        except OSError as error:
            raise problem("output.failed", path=folder, detail=error.strerror or error) from None
        try:
            yield folder
        finally:
            if not self.journal.exists():
                shutil.rmtree(folder, ignore_errors=True)

    def composed(self, staged: Path, target: Path) -> AbstractContextManager[Composed]:
        """A period's folder as ``staged`` makes it, filled beside the one it replaces. Raises ``output.locked``, ``output.failed``."""
        return composed(staged, target, self.journal)

    def put(self, made: Composed, log: Log | None = None) -> None:
        """The new folder in place and the deed in the log, both or neither. Raises ``output.busy``, ``output.failed``."""
        put(self, made, log)

    def publish(self, staged: Path, target: Path, log: Log | None = None) -> None:
        """Both at once: the old folder or the new one is there, nothing between; what it was is kept under 历次/N."""
        with self.composed(staged, target) as made:
            self.put(made, log)


def _holds(file: str, digest: str) -> bool:
    """Whether a file is there with just this content."""
    try:
        return hash_file(Path(file)) == digest
    except (OSError, ValueError):
        return False


def _read_json(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def fingerprint(parts: Mapping[str, Any]) -> str:
    """One hash over all that a result depends on."""
    return hashlib.sha256(
        json.dumps(parts, sort_keys=True, ensure_ascii=False).encode(errors="surrogatepass")
    ).hexdigest()
