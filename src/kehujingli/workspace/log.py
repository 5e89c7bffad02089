"""What was done, by whom, when? One line of JSON a deed, each with the hash of the line before: a line taken out or changed shows.

How far the log reached is noted beside the cache as well, so that a tail cut off shows too, as long as the cache is there. A chain written anew as a
whole shows by what others keep of it: seals have its head, and so has the sheet 口径.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
from collections.abc import Container, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from kehujingli.errors import problem
from kehujingli.workspace.clock import now, system_user

_FILE = "日志.jsonl"
_REACH = "log.json"
ANCHORS = ("close", "reopen", "commit", "correct")
"""Deeds on which results rest. What they left as the chain's head can be printed: a run that finds the same writes the same."""


class Logged(Protocol):
    """What has a log: a workspace."""

    @property
    def logs(self) -> Path: ...
    @property
    def cache(self) -> Path: ...
    @property
    def acting(self) -> str: ...
    @property
    def operator(self) -> str: ...
    def make_cache(self) -> None: ...


def write_log(workspace: Logged, deed: str, **facts: Any) -> None:
    """Append one line; one writer at a time. The program never rewrites or deletes the file."""
    workspace.logs.mkdir(exist_ok=True)
    path = workspace.logs / _FILE
    with _alone(workspace):
        lines = _lines(path)
        entry = {
            "at": now().isoformat(timespec="seconds"),
            "who": workspace.operator,
            **({"user": system_user()} if workspace.operator != system_user() else {}),
            "deed": deed,
            **facts,
            "before": _hash(lines[-1]) if lines else "",
        }
        line = json.dumps(entry, ensure_ascii=False)
        _append(path, (line + "\n").encode())
        reach = {"entries": len(lines) + 1, "last": _hash(line.encode())}
        with contextlib.suppress(OSError):
            (workspace.cache / _REACH).write_text(json.dumps(reach), encoding="utf-8")


def pending(workspace: Logged, deed: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    """A line still to be written, as a journal keeps it: it is looked for among the lines ``after`` these, so that it is there once."""
    return {"who": workspace.acting, "after": len(list(read_log(workspace))), "deed": deed, "facts": facts}


def note_log(workspace: Logged, deed: str, **facts: Any) -> None:
    """``write_log`` where nothing else depends on it. Raises ``log.failed``."""
    try:
        write_log(workspace, deed, **facts)
    except OSError as error:
        place = error.filename or workspace.logs
        raise problem("log.failed", path=place, detail=error.strerror or error) from None


def _append(path: Path, line: bytes) -> None:
    """The whole line or nothing of it: a full disk takes half a line, which would break the chain for ever."""
    with path.open("ab", buffering=0) as file:
        size = file.seek(0, os.SEEK_END)
        try:
            if file.write(line) != len(line):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
            os.fsync(file.fileno())
        except OSError:
            with contextlib.suppress(OSError):
                file.truncate(size)
            raise


@contextlib.contextmanager
def _alone(workspace: Logged) -> Iterator[None]:
    """Two commands that write at once must not follow the same line."""
    from filelock import FileLock

    workspace.make_cache()
    with FileLock(workspace.cache / "log.lock", timeout=10):
        yield


def _lines(path: Path) -> list[bytes]:
    try:
        return path.read_bytes().splitlines()
    except OSError:
        return []


def _hash(line: bytes) -> str:
    return hashlib.sha256(line).hexdigest()


def read_log(workspace: Logged) -> Iterator[dict[str, Any]]:
    """Every entry, oldest first, with ``broken`` where the chain does not hold; a line that is no JSON has the deed ``?``."""
    before = ""
    for line in _lines(workspace.logs / _FILE):
        try:
            entry: dict[str, Any] = json.loads(line)
        except (ValueError, RecursionError):
            entry = {}
        if not isinstance(entry, dict) or not all(isinstance(entry.get(key), str) for key in ("at", "who", "deed")):
            entry = {"at": "", "who": "", "deed": "?", "before": None}
        entry["broken"] = entry.get("before", "") != before
        before = _hash(line)
        yield entry


class Head(NamedTuple):
    """How far a chain reached: the number of its last line, and that line's hash, which holds all before it."""

    entries: int
    sha256: str


def head(workspace: Logged, deeds: Container[str] = ()) -> Head:
    """The chain's head now, or after the newest of these deeds; 0 and empty where there is none."""
    lines = _lines(workspace.logs / _FILE)
    told = [entry["deed"] for entry in read_log(workspace)] if deeds else []
    last = max((number for number, deed in enumerate(told, 1) if deed in deeds), default=0) if deeds else len(lines)
    return Head(last, _hash(lines[last - 1]) if last else "")


def has_head(workspace: Logged, known: Head) -> bool:
    """Whether the chain went through this line."""
    lines = _lines(workspace.logs / _FILE)
    return len(lines) >= known.entries and (not known.entries or _hash(lines[known.entries - 1]) == known.sha256)


def cut_off(workspace: Logged) -> bool:
    """Whether the log is shorter than it was, or ends otherwise, as far as the cache still knows."""
    try:
        reach = json.loads((workspace.cache / _REACH).read_text(encoding="utf-8"))
        count = int(reach.get("entries", 0))
    except (OSError, ValueError, TypeError, AttributeError):
        return False
    lines = _lines(workspace.logs / _FILE)
    return len(lines) < count or bool(count and _hash(lines[count - 1]) != reach.get("last"))


def said_head(workspace: Logged | None) -> str:
    """Where the chain stood after the last deed on which results rest: whoever has a sheet that says so can see a log that was written anew."""
    last = head(workspace, ANCHORS) if workspace is not None else None
    return (
        f"第 {last.entries:,} 条，校验码 {last.sha256[:16]}（最近一次关账、重开、管户方案或更正）"
        if last and last.entries
        else ""
    )
