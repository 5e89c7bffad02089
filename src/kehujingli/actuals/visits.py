"""How many of the planned visits were made? 走访记录 of the month against 走访计划户数 of 任务数; plans that contradict each other are told, and none counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from kehujingli import terms
from kehujingli.actuals import Contribution
from kehujingli.errors import Finding, finding
from kehujingli.periods import Period
from kehujingli.shapes.base import plain
from kehujingli.spans import named_month
from kehujingli.values import listed

if TYPE_CHECKING:
    import pandas as pd


def planned(tables: Mapping[str, pd.DataFrame], period: Period) -> tuple[dict[str, int], list[Finding]]:
    """Manager → customers to visit in the month; findings."""
    rows = tables["targets"]
    rows = rows[rows["item"].isin(terms.VISIT_PLAN_ITEMS) & rows["manager_id"].notna()]
    said: dict[str, dict[Decimal, str]] = {}
    columns = (listed(rows[name]) for name in ("manager_id", "target", "period", "row"))
    for manager, target, when, row in zip(*columns, strict=True):
        if named_month(when) == period.month:
            said.setdefault(manager, {}).setdefault(Decimal(target), str(row))
    people = tables["managers"]
    names = dict(zip(listed(people["manager_id"]), listed(people["name"]), strict=True))
    told = [
        finding(
            "score.lines-differ", table="任务数", rows="、".join(values.values()), who=f"{manager} {names.get(manager) or ''}".strip(),
            item=terms.VISIT_PLAN_ITEMS[-1], values="、".join(plain(value) for value in values),
        )
        for manager, values in said.items()
        if len(values) > 1
    ]  # fmt: skip
    return {manager: int(next(iter(values))) for manager, values in said.items() if len(values) == 1}, told


def visits_done(
    visits: pd.DataFrame, due: Mapping[str, int], branches: Mapping[str, str | None], period: Period
) -> Iterator[Contribution]:
    """A customer visited counts once a month for each manager who went there."""
    done = visits[(visits["date"] >= period.first) & (visits["date"] <= period.last)]
    for row in done.drop_duplicates(["manager_id", "customer_id"]).itertuples():
        customer = str(row.customer_id)
        yield Contribution("visits_done_ratio", str(row.manager_id), branches.get(customer), customer, "", 1, span="month")  # fmt: skip
    for manager, count in due.items():
        yield Contribution("visits_done_ratio", manager, None, None, "计划", 0, count, span="month")
