"""Which branch is it now? What bears a branch that has been merged bears the one that took it over; the list of branches stays as it is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from kehujingli.periods import Period
from kehujingli.tables.names import Names

if TYPE_CHECKING:
    import pandas as pd

BETWEEN = re.compile(r"([、,，;；/／\s]+)")
"""What stands between the branches of a 服务范围."""


def merged_branches(branches: pd.DataFrame, period: Period, names: Names) -> dict[str, str]:
    """Branch id → the branch it has been merged into by the period's last day. 并入机构 may be a name."""
    gone = branches[branches["merged_into"].notna() & (branches["merged_on"].fillna(0) <= period.last)]
    into = (names.of_branch(str(value)) or str(value) for value in gone["merged_into"])
    step = dict(zip(gone["branch_id"], into, strict=True))
    ends = {}
    for branch in step:
        end, seen = branch, {branch}
        while end in step and step[end] not in seen:
            end = step[end]
            seen.add(end)
        ends[branch] = end
    return ends


def move_branches(table: str, frame: pd.DataFrame, merged: Mapping[str, str], names: Names) -> pd.DataFrame:
    """The rows of a merged branch as the surviving one's, in 服务范围 too. The branches themselves keep their ids: each its own name."""
    if not merged or table == "branches" or "branch_id" not in frame:
        return frame
    moved = frame.assign(branch_id=frame["branch_id"].replace(dict(merged)))
    if table == "managers":
        served = frame["serves"].astype("object").map(lambda text: _serving(text, merged, names), na_action="ignore")
        moved = moved.assign(serves=served.astype("str"))
    return moved


def _serving(text: str, merged: Mapping[str, str], names: Names) -> str:
    words = BETWEEN.split(text)
    return "".join(merged.get(names.of_branch(word) or word, word) for word in words)
