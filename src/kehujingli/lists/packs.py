"""What is a pack of a month for one branch or manager? Its figures and lists, before they are a workbook."""

from __future__ import annotations

from collections.abc import Mapping
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
