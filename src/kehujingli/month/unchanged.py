"""When need a run not be done again? Where exports, rules, plans, options, other months and the program are as they were, and its outputs stand as it left them.

That is found out from hashes alone.
"""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from kehujingli.intake.collect import collect_exports
from kehujingli.intake.ledger import hash_file
from kehujingli.month.opening import Request, places_of
from kehujingli.workspace import MANIFEST, Workspace, fingerprint
from kehujingli.workspace.results import DATA
from kehujingli.workspace.version import __version__

_RUNS = "runs"


@functools.cache
def code_version() -> str:
    """Changes with any line of the program: what an older program reckoned is not taken for what this one would."""
    digest = hashlib.sha256(__version__.encode())
    for path in sorted(Path(__file__).parents[1].rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def basis_of(workspace: Workspace, request: Request) -> str:
    """One hash over what scores rest on in a workspace: exports, rules, layouts, committed plans, the program."""
    exports, copies, strange = collect_exports(*places_of(request))
    return fingerprint(
        {
            "code": code_version(),
            "exports": [(export.name, workspace.place_of(export.path), export.sha256) for export in exports],
            "copies": [(copy.name, original) for copy, original in copies],
            "strange": strange,
            "rules": [(path.name, hash_file(path)) for path in sorted(workspace.rules.glob("*.toml"))],
            "layouts": [(path.name, hash_file(path)) for path in workspace.layout_files()],
            "plans": [(path.name, hash_file(path)) for path in sorted(workspace.plans.glob("*.csv"))],
        }
    )


def run_key(workspace: Workspace, request: Request, options: Sequence[Any], basis: str) -> str:
    """One hash over what a run is asked and given: ``basis_of``, templates, files and options of its own."""
    more = [path for path in (request.rules, request.actuals, request.targets) if path is not None]
    return fingerprint(
        {
            "basis": basis,
            "templates": [(path.name, hash_file(path)) for path in sorted(workspace.templates.glob("*.xlsx"))],
            "more": [(str(path), hash_file(path)) for path in more if path.exists()],
            "asked": [request.period, str(request.as_of), *options],
        }
    )


def with_results(workspace: Workspace, key: str) -> str:
    """The key with the results of all periods: the month before is compared with. Taken after a run it holds the run's own."""
    return fingerprint(
        {"key": key, "periods": [(name, results_hash(workspace, name)) for name in workspace.period_names()]}
    )


_COMPARED = ("classes", "scores", "items", "pay", "ledger", "figures")


def results_hash(workspace: Workspace, period: str) -> str:
    """The hashes of those results of a period, as its manifest has them, with which later months are compared."""
    names = {f"{DATA}/{name}.parquet" for name in _COMPARED}
    outputs = (workspace.manifest(period) or {}).get("outputs", [])
    return fingerprint({item["path"]: item["sha256"] for item in outputs if item["path"] in names})


def _record_path(workspace: Workspace, request: Request) -> Path:
    return workspace.cache / _RUNS / f"{request.period or 'default'}.json"


def unchanged(workspace: Workspace, request: Request, key: str) -> dict[str, Any] | None:
    """The record of the last run, where everything it depended on is the same and its outputs stand as it left them."""
    if request.passwords:  # what was locked may open now
        return None
    try:
        known: dict[str, Any] = json.loads(_record_path(workspace, request).read_text(encoding="utf-8"))
        if known["key"] != key:
            return None
        folder = workspace.period(known["period"])
        return known if all(hash_file(folder / name) == digest for name, digest in known["files"].items()) else None
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def remember(
    workspace: Workspace,
    request: Request,
    key: str,
    folder: Path,
    lines: Sequence[str],
    record: Mapping[str, Any],
    code: int,
) -> None:
    """Keep what a run said, for the next on the same inputs. ``key``: taken after the run, with its own results."""
    names = [MANIFEST, *(item["path"] for item in record["outputs"])]
    kept = {
        "key": key,
        "period": record["period"],
        "lines": list(lines),
        "record": dict(record),
        "exit": code,
        "files": {name: hash_file(folder / name) for name in names},
    }
    path = _record_path(workspace, request)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")
