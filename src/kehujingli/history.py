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


def ledgers(workspace: Workspace | None, but: str = "") -> pd.DataFrame:
    """The ledger lines of every period that has been run, oldest first, without one."""
    import pandas as pd

    from kehujingli.incentive.owed import frame_of

    names = [name for name in workspace.period_names() if name != but] if workspace is not None else []
    frames = [frame for name in names if (frame := stored(workspace, name, "ledger")) is not None and len(frame)]
    return pd.concat(frames, ignore_index=True) if frames else frame_of([])


def ranks_of(workspace: Workspace | None, period: str) -> Mapping[str, int]:
    """Manager → rank of a period; empty where it has not been run."""
    frame = stored(workspace, period, "scores")
    if frame is None:
        return {}
    ranked = frame[frame["rank"].notna()]
    return {str(who): int(rank) for who, rank in zip(ranked["manager_id"], ranked["rank"], strict=True)}
