"""Which customers stand with a given manager before anything is optimised, and which of those wishes cannot be kept, and why?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from kehujingli.assign.feasible import Managers
from kehujingli.assign.findings import households
from kehujingli.assign.fitting import against
from kehujingli.assign.interchangeable import Due
from kehujingli.errors import Finding, finding

if TYPE_CHECKING:
    import pandas as pd


def freeze(
    due: Due, managers: Managers, wanted: Mapping[str, str], customers: pd.Series, effective: int
) -> tuple[Due, list[Finding]]:
    """``wanted``: customer → manager; what can be kept stands in ``frozen`` of the frame, the rest is told. ``customers``: all of the month.

    Where a manager has no room for all of hers, the first of ``wanted`` are kept.
    """
    if not wanted:
        return replace(due, frame=due.frame.assign(frozen=-1)), []
    rows = {customer: row for row, customer in enumerate(due.frame["customer_id"].tolist())}
    known, number = set(customers.tolist()), managers.number()
    load, frozen = due.frame["load"].to_numpy(), np.full(len(due.frame), -1, dtype="int64")
    taken = np.zeros(len(managers.ids))
    told = []
    for customer, manager in wanted.items():
        row, at = rows.get(customer), number.get(manager)
        why = next(_against(due, managers, row, at, customer in known, effective))
        if not why and row is not None and at is not None:
            room, wants = managers.capacity[at] * due.unit, taken[at] + load[row]
            if wants <= room:
                taken[at], frozen[row] = wants, at
                continue
            why = f"他的管户上限 {households(managers.capacity[at])}，先冻结的已占 {households(taken[at] / due.unit)}，放不下这一户的 {households(load[row] / due.unit)} 折算户"
        told.append(finding("assign.freeze-impossible", customer=customer, manager=manager, detail=why))
    return replace(due, frame=due.frame.assign(frozen=frozen)), told


def _against(
    due: Due, managers: Managers, row: int | None, at: int | None, known: bool, effective: int
) -> Iterator[str]:
    """What stands against it, the plainest first."""
    if row is None:
        yield "这一户是公共户，办法不给他配客户经理" if known else "客户信息里没有这一户"
    elif at is None:
        yield "名册里没有这个人"
    else:
        yield against(due.frame, row, at, managers, due.conflicts, effective)
