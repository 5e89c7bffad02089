"""What did earlier periods come to? Stored results of other months, read only where a later one is compared with them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from kehujingli.workspace import Workspace

_DATA = "data"


def stored(workspace: Workspace | None, period: str, name: str) -> pd.DataFrame | None:
    """A result of a period as its run left it, or nothing where it has not been run (or did not have it)."""
    if workspace is None:
        return None
    path: Path = workspace.period(period) / _DATA / f"{name}.parquet"
    if not path.exists():
        return None
    import pandas as pd

    frame: pd.DataFrame = pd.read_parquet(path)
    return frame


def figures_of(workspace: Workspace | None, period: str) -> Mapping[str, float] | None:
    """Key → figure of a period's page; nothing where the period has not been run."""
    frame = stored(workspace, period, "figures")
    if frame is None:
        return None
    known = frame[frame["value"].notna()]
    return {str(key): float(value) for key, value in zip(known["key"], known["value"], strict=True)}


def ranks_of(workspace: Workspace | None, period: str) -> Mapping[str, int]:
    """Manager → rank of a period; empty where it has not been run."""
    frame = stored(workspace, period, "scores")
    if frame is None:
        return {}
    ranked = frame[frame["rank"].notna()]
    return {str(who): int(rank) for who, rank in zip(ranked["manager_id"], ranked["rank"], strict=True)}
