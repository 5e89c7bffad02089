"""Where are things? A county's folder: rules, exports, periods, log, cache; one run at a time, and outputs all or nothing.

Outputs are staged, a journal is written, then files are replaced one by one, the manifest last. A killed run is finished by the next command.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
import socket
import uuid
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from kehujingli.errors import Problem, problem
from kehujingli.intake.ledger import Ledger
from kehujingli.workspace.clock import now, system_user
from kehujingli.workspace.files import check_replaceable, move_whole, write_whole

LOCK_WAIT = 3.0
"""Seconds that a command waits for another one before it says so."""
MANIFEST = "manifest.json"
HISTORY = "历次"


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
        return sorted(path.parent.name for path in self.periods.glob(f"*/{MANIFEST}"))

    def manifest(self, name: str) -> dict[str, Any] | None:
        try:
            found: dict[str, Any] = json.loads((self.period(name) / MANIFEST).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return found

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
        self.cache.mkdir(exist_ok=True)
        with contextlib.suppress(OSError):
            self.cache.chmod(0o700)

    def recover(self) -> None:
        """Finish the replacing that a killed run had begun; throw away what it had only staged."""
        journal = _read_json(self.journal)
        moves, gone = self._own(journal)
        for staged, target in moves:
            if staged.exists():
                try:
                    move_whole(staged, target)
                except PermissionError:
                    raise problem("output.unfinished", file=target.name) from None
        for target in gone:
            target.unlink(missing_ok=True)
        if journal.get("log"):
            self._log_once(**journal["log"])
        self.journal.unlink(missing_ok=True)
        shutil.rmtree(self.cache / "stage", ignore_errors=True)
        for left in self.cache.glob(f".{self.journal.name}.*"):
            left.unlink(missing_ok=True)
        if (self.cache / "ledger").is_dir():
            self.ledger.sweep()

    def told(self, path: Path) -> str:
        """A file's place as the journal keeps it: from the workspace on, wherever the command stood that wrote it."""
        return path.relative_to(self.root).as_posix()

    def _own(self, journal: Mapping[str, Any]) -> tuple[list[tuple[Path, Path]], list[Path]]:
        """What a journal moves and takes away. Raises ``journal.bad`` where that is no journal of ours, or reaches outside the workspace."""
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
            return moves, [inside(path) for path in journal.get("gone", [])]
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
        folder.mkdir(parents=True)
        try:
            yield folder
        finally:
            if not self.journal.exists():
                shutil.rmtree(folder, ignore_errors=True)

    def publish(self, staged: Path, target: Path, log: tuple[str, Mapping[str, Any]] | None = None) -> Path | None:
        """Put every file of ``staged`` in place under ``target``, the manifest last; what stood there is kept under 历次/N.

        Returns where the run that was replaced is kept, nothing where there was none or it came to the same. What fails on the
        way is undone; a killed run is finished by the next command. Raises ``output.locked``, ``output.unfinished``.
        ``log`` is the deed and its facts: the files and its line come together.
        """
        files = sorted(
            (path for path in staged.rglob("*") if path.is_file()), key=lambda path: (path.name == MANIFEST, str(path))
        )
        moves = [(path, target / path.relative_to(staged)) for path in files]
        check_replaceable([goal for _, goal in moves])
        before = {str(name) for name, _ in _outputs(target / MANIFEST)}
        gone = [target / name for name in sorted(before - {name for name, _ in _outputs(staged / MANIFEST)}) if name]
        kept = self._archive(staged, target)
        target.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(OSError):
            self.periods.chmod(0o700)
        noted: dict[str, Any] = {
            "moves": [[self.told(source), self.told(goal)] for source, goal in moves],
            "gone": [self.told(path) for path in gone],
        }
        if log is not None:
            from kehujingli.workspace.log import read_log, write_log

            deed, facts = log
            noted["log"] = {"who": self.acting, "after": len(list(read_log(self))), "deed": deed, "facts": facts}
        write_whole(self.journal, json.dumps(noted, ensure_ascii=False))
        fresh = {goal for _, goal in moves if not goal.exists()}
        done: list[Path] = []
        try:
            for source, goal in moves:
                goal.parent.mkdir(parents=True, exist_ok=True)
                source.replace(goal)
                done.append(goal)
            if log is not None:
                write_log(self, deed, **facts)
        except BaseException as error:
            self._undo(done, fresh, kept, target)
            if isinstance(error, PermissionError):
                raise problem("output.locked", file=goal.name) from None
            raise
        for path in gone:
            path.unlink(missing_ok=True)
        self.journal.unlink()
        return kept

    def _undo(self, done: Iterable[Path], fresh: Container[Path], kept: Path | None, target: Path) -> None:
        """Back to the run before, from where it is kept; where none is, what was replaced came to the same."""
        for goal in done:
            old = kept / goal.relative_to(target) if kept else None
            try:
                if old is not None and old.exists():
                    beside = goal.with_name(f".{goal.name}.{uuid.uuid4().hex}")
                    shutil.copy2(old, beside)
                    beside.replace(goal)
                elif goal in fresh:
                    goal.unlink()
            except OSError:
                raise problem("output.unfinished", file=goal.name) from None
        self.journal.unlink()

    def _archive(self, staged: Path, target: Path) -> Path | None:
        """Keep the earlier run of the period, unless the last kept one is just that."""
        old = target / MANIFEST
        if not old.exists() or _outputs(old) == _outputs(staged / MANIFEST):
            return None
        history = target / HISTORY
        numbers = [int(path.name) for path in history.glob("*") if path.name.isdigit()]
        last = max(numbers, default=0)
        newest = history / str(last)
        if last and (newest / MANIFEST).exists() and (newest / MANIFEST).read_bytes() == old.read_bytes():
            return newest
        copy = history / f".{uuid.uuid4().hex}"
        copy.mkdir(parents=True)
        for path in target.iterdir():
            if path.is_file() and not path.name.startswith(("~$", ".~")):
                shutil.copy2(path, copy / path.name)
            elif path.is_dir() and path.name != HISTORY:
                shutil.copytree(path, copy / path.name)
        copy.rename(history / str(last + 1))
        return history / str(last + 1)


def _outputs(manifest: Path) -> Any:
    found = _read_json(manifest)
    return [(item.get("path"), item.get("sha256")) for item in found.get("outputs", [])]


def _read_json(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def fingerprint(parts: Mapping[str, Any]) -> str:
    """One hash over all that a result depends on."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
