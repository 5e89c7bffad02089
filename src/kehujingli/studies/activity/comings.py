"""Who came how often in the window, who comes later than her own rhythm? What a month kept of days of business, as the rhythm of all is fitted on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kehujingli.errors import Finding, finding
from kehujingli.studies.activity.rhythm import NoRhythmError, Rhythm, fit

if TYPE_CHECKING:
    import pandas as pd

    from kehujingli.periods import Period

NEEDS = ("first_active", "last_active", "active_days", "turnover")
"""Columns of the classes; a month of an older version lacks some."""
_WHY_NOT = {"few": "study.rhythm-few", "flat": "study.rhythm-flat"}
LEAST = 30
"""Below so many who came again no rhythm of all is fitted: four parameters would be read from chance."""


def comings(classes: pd.DataFrame, period: Period) -> pd.DataFrame:
    """Those with business in the window, one row each under their index: x, t_x, T in days as ``rhythm.TRIPLE``; several times a day are one.

    T begins with the first day of business in the window: who was a customer before is taken as met then.
    """
    import pandas as pd

    seen = classes[classes["first_active"].notna()]
    first, last = (seen[name].astype("int64") for name in ("first_active", "last_active"))
    return pd.DataFrame(
        {"repeats": seen["active_days"].astype("int64") - 1, "recency": last - first, "age": period.last - first}
    )


def rhythm_of(classes: pd.DataFrame, period: Period) -> tuple[pd.DataFrame, Rhythm | None, list[Finding]]:
    """``comings``, the rhythm of all, and why there is none where there is none."""
    if not set(NEEDS) <= set(classes.columns):
        return classes.iloc[:0], None, [finding("study.rhythm-older", period=period.name)]
    seen = comings(classes, period)
    try:
        return seen, fit(seen, LEAST), []
    except NoRhythmError as none:
        again = int((seen["repeats"] > 0).sum())
        return seen, None, [finding(_WHY_NOT[none.reason], again=again, least=LEAST)]


def late(
    classes: pd.DataFrame, period: Period, alive: float, repeats: int
) -> tuple[pd.DataFrame | None, list[Finding]]:
    """Rows of ``classes`` that have come again on at least ``repeats`` days, are silent for longer than their own mean gap and whose P(alive) is
    below ``alive``, with ``gap`` (days), ``silence`` (silent days ÷ gap), ``alive``; the largest first. None where there is no rhythm.
    """
    seen, rhythm, told = rhythm_of(classes, period)
    if rhythm is None:
        return None, told
    if rhythm.a == 0:
        told = [finding("study.rhythm-stays", again=int((seen["repeats"] > 0).sum()))]
    silent = seen["age"] - seen["recency"]
    gap = (seen["recency"] / seen["repeats"]).where(seen["repeats"] >= repeats)
    seen = seen.assign(gap=gap, silence=silent / gap, alive=rhythm.alive(seen))
    own = seen[(silent > gap) & (seen["alive"] < alive)]
    found = classes.loc[own.index].join(own[["gap", "silence", "alive"]])
    return found.sort_values(
        ["scale_amount", "customer_id"], ascending=[False, True], na_position="last", ignore_index=True
    ), told
