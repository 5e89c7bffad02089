"""What is a month scored once more from, without reading an export? What its last run left: contributions, roster and papers, while nothing that they rest on has changed.

The roster and the papers lie in the cache, which may be deleted: then, or where anything is not as that run found it, a month is reckoned whole.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kehujingli.errors import Problem
from kehujingli.intake.ledger import hash_file
from kehujingli.month.kept_side import stamp
from kehujingli.month.opening import Request, find_rules
from kehujingli.month.order import Month
from kehujingli.month.steps.classes import linking
from kehujingli.month.unchanged import basis_of, results_hash
from kehujingli.periods import Period
from kehujingli.workspace import Workspace
from kehujingli.workspace.files import write_whole
from kehujingli.workspace.results import Results

if TYPE_CHECKING:
    import pandas as pd

    from kehujingli.actuals import Actuals

_FOLDER, _RECORD, _NEWEST = "scored", "scored.json", "newest.json"
_CONTRIBUTIONS = "contributions"


def keep(month: Month, request: Request, basis: str) -> None:
    """Keep what the month just run was scored from. ``basis``: the hash of all that it was given."""
    workspace = month.workspace
    if workspace is None or not _plain(request) or not month.scored or not month.classifiable:
        return
    home = _home(workspace, month.period.name)
    home.mkdir(parents=True, exist_ok=True)
    papers, actuals = month.papers, month.actuals
    frames = {
        "roster": month.roster,
        "targets": papers.targets,
        "adjustments": papers.adjustments,
        "manual": papers.manual,
    }
    for name, frame in frames.items():
        _write(frame, home / f"{name}.parquet")
    kept = {
        "basis": basis,
        "before": results_hash(workspace, month.period.back(1).name),
        "as_of": month.period.as_of.isoformat(),
        "files": {name: hash_file(home / f"{name}.parquet") for name in frames},
        "contributions": hash_file(Results.of(workspace, month.period.name).path(_CONTRIBUTIONS)),
        "missing": actuals.missing,
        "trial": actuals.trial,
        "keys": [[asdict(way), name] for way, name in actuals.keys.items()],
        "side": stamp(workspace, month.period.name),
    }
    write_whole(home / _RECORD, json.dumps(kept, ensure_ascii=False))
    if request.period is None or _is_newest(month):
        newest = {"basis": basis, "period": month.period.name}
        write_whole(home.parent / _NEWEST, json.dumps(newest))


def scored_from_kept(workspace: Workspace | None, request: Request) -> Month | None:
    """The month asked for, its scores still to be reckoned; nothing where it is not known to come out as a whole one would."""
    if workspace is None or not _plain(request):
        return None
    try:
        return _from_kept(workspace, request)
    except (OSError, ValueError, KeyError, TypeError, RecursionError):  # a cache that was cut off or edited is none
        return None
    except Problem:  # the exports are not to be read: the whole month says so in its own words
        return None


def stamped(workspace: Workspace, request: Request, period: str) -> Mapping[str, Any] | None:
    """What the last plain run of a period said of the lists that it left; nothing where what it was given has changed since."""
    if not _plain(request):
        return None
    try:
        kept = json.loads((_home(workspace, period) / _RECORD).read_text(encoding="utf-8"))
        told: Mapping[str, Any] = kept["side"]
        return told if kept["basis"] == basis_of(workspace, request) else None
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def _from_kept(workspace: Workspace, request: Request) -> Month | None:
    import pandas as pd

    from kehujingli.actuals import Actuals, Way
    from kehujingli.incentive import Papers

    basis = basis_of(workspace, request)
    name = request.period or _newest(workspace, basis)
    if name is None:
        return None
    home = _home(workspace, name)
    kept = json.loads((home / _RECORD).read_text(encoding="utf-8"))
    contributions = Results.of(workspace, name).path(_CONTRIBUTIONS)
    period = Period(Period.of(name).month, date.fromisoformat(kept["as_of"]))
    if (
        kept["basis"] != basis
        or kept["before"] != results_hash(workspace, period.back(1).name)
        or kept["contributions"] != hash_file(contributions)
        or any(hash_file(home / f"{each}.parquet") != digest for each, digest in kept["files"].items())
    ):
        return None
    frames = {each: _read(home / f"{each}.parquet") for each in kept["files"]}
    keys = {Way(**way): each for way, each in kept["keys"]}
    actuals: Actuals = Actuals(pd.read_parquet(contributions), dict(kept["missing"]), [], kept["trial"], keys)
    month = Month((), period, find_rules(request, period), workspace)
    papers = Papers(frames["targets"], frames["adjustments"], frames["manual"])
    return month.instead(classifiable=True, exported=actuals, papers=papers, roster=frames["roster"])


def _is_newest(month: Month) -> bool:
    """Whether these exports come to this month where none is named."""
    from kehujingli.tables.reach import choose_period

    try:
        with linking() as con:
            return choose_period(con, month.sheets, None, None)[0] == month.period
    except Problem:
        return False


def _newest(workspace: Workspace, basis: str) -> str | None:
    """Which month the same exports come to where none is named."""
    known: Mapping[str, Any] = json.loads((workspace.cache / _FOLDER / _NEWEST).read_text(encoding="utf-8"))
    return str(known["period"]) if known["basis"] == basis else None


def _home(workspace: Workspace, period: str) -> Path:
    return workspace.cache / _FOLDER / period


def _plain(request: Request) -> bool:
    """Whether it asks for the workspace's own exports and rules, to their last day."""
    others = (request.as_of, request.rules, request.actuals, request.targets, request.source)
    return not request.paths and not request.passwords and all(other is None for other in others)


_PLACE = {"part": "source_part", "row": "source_row"}


def _write(frame: pd.DataFrame, path: Path) -> None:
    """Figures that people typed are kept as they stand: as text."""
    import pyarrow.parquet as pq

    from kehujingli.month.keep import as_kept

    texts = {name: frame[name].map(str, na_action="ignore") for name in ("value",) if name in frame}
    pq.write_table(as_kept(frame.assign(**texts).rename(columns=_PLACE)), path)


def _read(path: Path) -> pd.DataFrame:
    import pandas as pd

    found: pd.DataFrame = pd.read_parquet(path)
    return found.rename(columns={kept: name for name, kept in _PLACE.items()})
