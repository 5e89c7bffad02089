"""What did earlier periods come to? Stored results of other months, read only where a later one is compared with them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from kehujingli.periods import CYCLES
from kehujingli.values import text_of
from kehujingli.workspace.results import Results

if TYPE_CHECKING:
    import pandas as pd

    from kehujingli.incentive import Carried
    from kehujingli.periods import Period
    from kehujingli.rules import IncentiveRules
    from kehujingli.workspace import Workspace


def stored(workspace: Workspace | None, period: str, name: str) -> pd.DataFrame | None:
    """A result of a period as its run left it, or nothing where it has not been run (or did not have it)."""
    return None if workspace is None else Results.of(workspace, period).frame(name)


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

    from kehujingli.scoring.lines import frame_of

    names = [name for name in workspace.period_names() if name != but] if workspace is not None else []
    frames = [frame for name in names if (frame := stored(workspace, name, "ledger")) is not None and len(frame)]
    return pd.concat(frames, ignore_index=True) if frames else frame_of([])


def carried_into(workspace: Workspace | None, period: Period, rules: IncentiveRules) -> Mapping[str, Carried]:
    """Cycle → what the period before has left of its targets, for the schemes that carry what they find there."""
    from kehujingli.incentive import Carried
    from kehujingli.rules.shapes.carry import Carry

    cycles = {
        scheme.cycle
        for scheme in rules.schemes
        for item in scheme.item
        if isinstance(item, Carry) and item.owed is None
    }
    found: dict[str, Carried] = {}
    for cycle in sorted(cycles):
        before = period.back(CYCLES[cycle]).name
        frame = stored(workspace, before, "items")
        known = frame is not None and "left" in frame
        found[cycle] = Carried(before, _left(frame) if frame is not None and known else None)
    return found


def _left(frame: pd.DataFrame) -> dict[tuple[str, str], Decimal | None]:
    rows = zip(frame["manager_id"], frame["item_id"], frame["left"], strict=True)
    return {(str(who), str(item)): Decimal(str(left)) if text_of(left) else None for who, item, left in rows}


def ranks_of(workspace: Workspace | None, period: str) -> Mapping[str, int]:
    """Manager → rank of a period; empty where it has not been run."""
    frame = stored(workspace, period, "scores")
    if frame is None:
        return {}
    ranked = frame[frame["rank"].notna()]
    return {str(who): int(rank) for who, rank in zip(ranked["manager_id"], ranked["rank"], strict=True)}
