"""A scheme of two items and one person's papers in a few lines, scored in process."""

from __future__ import annotations

from typing import Any

import pandas as pd

from kehujingli.actuals import Actuals
from kehujingli.actuals import frame_of as no_actuals
from kehujingli.incentive import Papers, Scores, score
from kehujingli.periods import Period
from kehujingli.rules import IncentiveRules
from kehujingli.tables.frames import empty

DEPOSITS = {
    "id": "deposits",
    "label": "存款",
    "category": "growth",
    "style": "money",
    "points": 60,
    "shape": "completion",
}
LOANS = {
    "id": "loans",
    "label": "贷款户数",
    "category": "growth",
    "style": "count",
    "points": 40,
    "shape": "completion",
}
TYPED = ["manager_id", "period", "item", "value", "source", "approved_by", "part", "row", "bare", "unit"]


def rules(*items: dict[str, Any], **keys: Any) -> IncentiveRules:
    return IncentiveRules.model_validate({"item": list(items or (DEPOSITS, LOANS)), **keys})


def scored(
    scheme: IncentiveRules | None = None,
    typed: list[dict[str, Any]] | None = None,
    targets: list[dict[str, Any]] | None = None,
    adjustments: list[dict[str, Any]] | None = None,
    period: str = "2026-10",
    posts: tuple[dict[str, Any], ...] = ({},),
) -> Scores:
    """M1, by default with 80 万 of 100 万 deposits and 8 of 10 borrowers: 48 + 32 points."""
    roster = pd.DataFrame([{"manager_id": "M1", "name": "甲", "branch_id": "801", "since": 0} | post for post in posts])
    if typed is None:
        typed = [{"item": "存款", "value": "800000"}, {"item": "贷款户数", "value": "8"}]
    if targets is None:
        targets = [{"item": "存款", "target": "1000000"}, {"item": "贷款户数", "target": "10"}]
    manual = _lines(typed, {"period": period, "source": "系统", "approved_by": "乙"}, TYPED)
    papers = Papers(
        _lines(targets, {"period": "2026"}, list(empty("targets").columns)),
        _lines(
            adjustments or [],
            {"period": period, "reason": "查实", "approved_by": "乙"},
            list(empty("adjustments").columns),
        ),
        manual,
    )
    roster = roster.reindex(columns=empty("managers").columns)
    return score(roster, Actuals(no_actuals([])), papers, scheme or rules(), Period.of(period))


def _lines(lines: list[dict[str, Any]], usual: dict[str, Any], columns: list[str]) -> pd.DataFrame:
    rows = [{"manager_id": "M1", "part": 0, "row": number} | usual | line for number, line in enumerate(lines, 2)]
    return pd.DataFrame(rows, columns=columns).astype({"row": "int64", "part": "int64"})
