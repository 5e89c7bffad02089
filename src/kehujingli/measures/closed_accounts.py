"""What became of an account that the picture in use lacks? It is closed: nothing stands on it, and what was there before the postings tell.

Where they do not tell either, its averages are unknown; a branch that is not in the picture at all is no matter of this room (``tables.parts``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kehujingli.values import among

if TYPE_CHECKING:
    import pandas as pd

    from kehujingli.periods import Period


TOLD_FROM = 100
"""分: a difference over 1 元 is told, as with official averages."""


def vanished(history: pd.DataFrame | None, accounts: pd.DataFrame, period: Period) -> pd.DataFrame:
    """The newest row of every account that older pictures have and ``accounts`` has not, and ``gone``: the first day it was missed."""
    import numpy as np

    if history is None or accounts.empty or history["snapshot"].nunique() < 2:
        return accounts.iloc[0:0].assign(gone=[])
    days = np.sort(history["snapshot"].unique().astype("int64"))
    lost = history[~among(history["account_id"], accounts["account_id"])]
    lost = lost[lost["opened_on"].isna() | (lost["opened_on"] <= period.last)]
    newest = lost.sort_values(["snapshot", "part", "row"]).drop_duplicates("account_id", keep="last")
    after = np.searchsorted(days, newest["snapshot"].to_numpy(dtype="int64"), side="right")
    return newest.assign(gone=days[after])


def left_of(figures: pd.DataFrame, used: int, coverage: int) -> tuple[pd.Series, pd.Series]:
    """What the postings leave of the last balance of every vanished account (分), and where there are none since: nobody knows when it went.

    Asked only where the postings reach back to before it was missed.
    """
    asked = (figures["gone"] > coverage).fillna(False)
    left = (figures["balance"] + figures["after"] - figures[f"after_{used}"]).where(asked, 0).fillna(0)
    return left, (left != 0) & ~(figures["last_day"] > figures["snapshot"]).fillna(False)
