"""What was done, by whom, when? One line of JSON a deed, each with the hash of the line before: a line taken out or changed shows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kehujingli.workspace import now, operator, system_user

if TYPE_CHECKING:
    from kehujingli.workspace import Workspace

_FILE = "日志.jsonl"


def write_log(workspace: Workspace, deed: str, **facts: Any) -> None:
    """Append one line. The program never rewrites or deletes the file."""
    workspace.logs.mkdir(exist_ok=True)
    path = workspace.logs / _FILE
    entry = {
        "at": now().isoformat(timespec="seconds"),
        "who": operator(),
        **({"user": system_user()} if operator() != system_user() else {}),
        "deed": deed,
        **facts,
        "before": _last_hash(path),
    }
    with path.open("a", encoding="utf-8", newline="\n") as file:
        file.write(json.dumps(entry, ensure_ascii=False) + "\n")


def _last_hash(path: Path) -> str:
    try:
        lines = path.read_bytes().splitlines()
    except OSError:
        return ""
    return hashlib.sha256(lines[-1]).hexdigest() if lines else ""


def read_log(workspace: Workspace) -> Iterator[dict[str, Any]]:
    """Every entry, oldest first, with ``broken`` where the chain does not hold."""
    before = ""
    try:
        lines = (workspace.logs / _FILE).read_bytes().splitlines()
    except OSError:
        return
    for line in lines:
        entry: dict[str, Any] = json.loads(line)
        entry["broken"] = entry.get("before", "") != before
        before = hashlib.sha256(line).hexdigest()
        yield entry
