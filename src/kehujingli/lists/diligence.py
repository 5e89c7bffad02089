"""Is somebody diligent, and does he do well? 勤 × 绩: households visited in the month and score, each beside the mean of the group.

Pure: frames in, frames out.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def quadrants(ranks: pd.DataFrame, visits: pd.DataFrame | None) -> pd.DataFrame:
    """``ranks`` (a row a person with rank_group, manager_id, score) with ``visited`` and ``quadrant`` (a code of ``terms.DILIGENCE``).

    ``visits``: those of the month that count; a household visited by somebody counts once. Without them, and for who is alone in his group, nothing
    is said; who visited nobody is never diligent.
    """
    import pandas as pd

    if visits is None or visits.empty:
        return ranks.assign(visited=pd.array([None] * len(ranks), dtype="Int64"), quadrant=None)
    made = visits.drop_duplicates(["manager_id", "customer_id"]).groupby("manager_id").size()
    visited = [int(made.get(who, 0)) for who in ranks["manager_id"]]
    scores = [Decimal(score) for score in ranks["score"]]
    groups: dict[str, list[int]] = {}
    for at, group in enumerate(ranks["rank_group"]):
        groups.setdefault(group, []).append(at)
    said: list[str | None] = [None] * len(ranks)
    for here in groups.values():
        made_by_all, scored = sum(visited[at] for at in here), sum((scores[at] for at in here), Decimal(0))
        for at in here if len(here) > 1 else ():
            # the sum beside as many times the own: no quotient, no rounding
            diligent = visited[at] > 0 and visited[at] * len(here) >= made_by_all
            good = scores[at] * len(here) >= scored
            said[at] = ("both" if good else "diligent") if diligent else ("good" if good else "neither")
    return ranks.assign(
        visited=pd.array(visited, dtype="Int64"), quadrant=pd.Series(said, index=ranks.index, dtype="object")
    )
