"""Is what a run wrote down of itself still that? A manifest that was cut off, edited or swapped is none."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from kehujingli.errors import Problem, problem

MANIFEST = "manifest.json"
_OF_INPUT = ("path", "sha256", "sheet", "table", "rows", "accepted", "rejected", "totals")


def read_manifest(folder: Path) -> dict[str, Any] | None:
    """The manifest of a run's folder; nothing where there is none, or it is not in the shape of one."""
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    return found if _sound(found) else None


def damage(folder: Path, found: Mapping[str, Any] | None) -> Problem | None:
    """What is wrong with a run's folder whose manifest reads so; nothing where all that it names under data/ is there."""
    if found is None:
        return _damaged(folder, MANIFEST, "不是程序写的样子") if (folder / MANIFEST).exists() else None
    kept = (str(item["path"]) for item in found["outputs"] if str(item["path"]).startswith("data/"))
    gone = next((name for name in kept if not (folder / name).is_file()), None)
    return _damaged(folder, gone, "不见了") if gone is not None else None


def changed(folder: Path) -> Problem | None:
    """The same, looking into each file of data/: slow, for when a question failed."""
    from kehujingli.intake.ledger import hash_file

    found = read_manifest(folder)
    told = damage(folder, found)
    if told is not None or found is None:
        return told
    kept = [item for item in found["outputs"] if str(item["path"]).startswith("data/")]
    other = next((item["path"] for item in kept if hash_file(folder / item["path"]) != item["sha256"]), None)
    return _damaged(folder, other, "与写下时不同") if other is not None else None


def _damaged(folder: Path, file: str, detail: str) -> Problem:
    return problem("period.damaged", period=folder.name, file=file, detail=detail)


def _sound(found: Any) -> bool:
    try:
        date.fromisoformat(found["as_of"])
        lists = [found["inputs"], found["outputs"], found.get("findings", [])]
        return (
            all(isinstance(told, list) for told in lists)
            and isinstance(found["period"], str)
            and isinstance(found["rules"]["path"], str)
            and isinstance(found["rules"]["sha256"], str)
            and all(isinstance(item["totals"], dict) and all(key in item for key in _OF_INPUT) for item in lists[0])
            and all(isinstance(item["path"], str) and isinstance(item["sha256"], str) for item in lists[1])
            and all(isinstance(item["code"], str) for item in lists[2])
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        return False
