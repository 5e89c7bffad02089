"""What is a pack of a month for one branch or manager? Its figures and lists, before they are a workbook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import pandas as pd

By = Literal["branch", "manager"]
MEASURES = (
    "customers",
    "frequent_share",
    "upper",
    "upper_share",
    "dormant",
    "deposit_balance",
    "average_deposit_year",
    "demand_share",
    "loan_balance",
    "borrowers",
    "npl_ratio",
    "mean_score",
)
"""The figures of 首页, in this order: counts, 分, ratios, points."""
RATIOS = frozenset({"frequent_share", "upper_share", "demand_share", "npl_ratio", "mean_score"})
"""The county's own; of all others the county's mean."""


@dataclass(frozen=True)
class Pack:
    """What one branch or manager gets. ``figures``: one row of ``MEASURES`` (measure, own, before, county); frames in codes, money in 分;
    ``scores``: own people without pay, or his own items; ``pay``: his own rows, nothing in a branch's; ``visits``: the plan of visits to own customers, where there is one;
    ``signals``: own customers to be seen at once, where the month has any; ``before_said``: why the changes are not known, or not against the month before as it is by now;
    ``lacks``: of what falls due (late, soon, term) what is not known, and why."""

    period: str
    by: By
    key: str
    name: str
    figures: pd.DataFrame
    customers: pd.DataFrame
    changes: pd.DataFrame
    due: pd.DataFrame
    scores: pd.DataFrame
    pay: pd.DataFrame | None = None
    visits: pd.DataFrame | None = None
    before_said: str = ""
    lacks: Mapping[str, str] = field(default_factory=dict)
    signals: pd.DataFrame | None = None


@dataclass(frozen=True)
class Whole:
    """A list of all packs in one piece, pack after pack: ``ends``: 0, then where each pack's rows end."""

    frame: pd.DataFrame
    ends: Sequence[int]

    @classmethod
    def of(cls, frame: pd.DataFrame, owner: pd.Series, keys: Sequence[str]) -> Whole:
        """``owner``: whose each row is; those of nobody in ``keys`` are in none. Within a pack rows keep their order."""
        import numpy as np

        place = owner.map({key: at for at, key in enumerate(keys)}).to_numpy(dtype="float64", na_value=np.nan)
        order = np.argsort(place, kind="stable")[: int((~np.isnan(place)).sum())]
        counts = np.bincount(place[order].astype("int64"), minlength=len(keys))
        return cls(frame.iloc[order].reset_index(drop=True), [0, *counts.cumsum().tolist()])

    def part(self, place: int) -> pd.DataFrame:
        """The rows of the pack at this place."""
        return self.frame.iloc[self.ends[place] : self.ends[place + 1]]


@dataclass(frozen=True)
class Packs:
    """All packs of a month in the order of their numbers, and the lists that they are cut from: customers, changes, due, scores, and where there are any
    pay, visits and signals."""

    each: Sequence[Pack]
    lists: Mapping[str, Whole]
