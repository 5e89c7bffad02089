"""How many of the planned visits were made? 走访记录 of the month against 走访计划户数 of 任务数; plans that contradict each other are told, and none counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from kehujingli import terms
from kehujingli.actuals import Contribution
from kehujingli.errors import Finding, finding
from kehujingli.periods import Period, named_months
from kehujingli.values import listed, plain, text_of

if TYPE_CHECKING:
    import pandas as pd

_SHOWN = 5
"""Rows that a sentence names."""


def planned(tables: Mapping[str, pd.DataFrame], period: Period) -> tuple[dict[str, int], list[Finding]]:
    """Manager → customers to visit in the month; findings."""
    lines = tables["targets"]
    lines = lines[lines["item"].isin(terms.VISIT_PLAN_ITEMS) & lines["manager_id"].notna()]
    said: dict[str, dict[Decimal, str]] = {}
    longer: list[str] = []
    columns = (listed(lines[name]) for name in ("manager_id", "target", "period", "row"))
    for manager, target, when, row in zip(*columns, strict=True):
        named = named_months(when)
        if named is None or not named.holds(period.month):
            continue
        if named.span == "month":
            said.setdefault(manager, {}).setdefault(Decimal(target), str(row))
        else:
            longer.append(str(row))
    people = tables["managers"]
    names = dict(zip(listed(people["manager_id"]), listed(people["name"]), strict=True))
    told = [
        finding(
            "score.lines-differ",
            table=terms.BY_KEY["targets"].label,
            rows="、".join(values.values()),
            who=f"{manager} {names.get(manager) or ''}".strip(),
            item=terms.VISIT_PLAN_ITEMS[-1],
            values="、".join(plain(value) for value in values),
        )
        for manager, values in said.items()
        if len(values) > 1
    ]
    if longer:
        rows = "、".join(longer[:_SHOWN]) + ("……" if len(longer) > _SHOWN else "")
        told.append(
            finding(
                "score.visits-span", table=terms.BY_KEY["targets"].label, rows=rows, item=terms.VISIT_PLAN_ITEMS[-1]
            )
        )
    return {manager: int(next(iter(values))) for manager, values in said.items() if len(values) == 1}, told


def made_in(visits: pd.DataFrame, period: Period) -> pd.DataFrame:
    """The visits of the month."""
    return visits[(visits["date"] >= period.first) & (visits["date"] <= period.last)]


def by_way(visits: pd.DataFrame, ways: Sequence[str]) -> tuple[pd.DataFrame, list[Finding]]:
    """The visits made in ways that count, and what stands apart. Where nobody wrote a way, all count, and that is told."""
    written = visits["way"].map(lambda way: (text_of(way) or "").strip()) if len(visits) else visits["way"]
    if len(visits) and not written.any():
        return visits, [finding("score.visits-way-unknown", count=len(visits), ways="、".join(ways))]
    counts = written.str.startswith(tuple(ways))  # 上门走访 is 上门
    apart = written[~counts].replace("", "没写方式").value_counts().sort_index(kind="stable")
    if apart.empty:
        return visits, []
    told = "、".join(f"{way} {n:,} 条" for way, n in apart.items())
    return visits[counts], [finding("score.visits-apart", told=told, count=int(apart.sum()), ways="、".join(ways))]


def visits_done(
    visits: pd.DataFrame, due: Mapping[str, int], branches: Mapping[str, str | None]
) -> Iterator[Contribution]:
    """A customer visited counts once a month for each manager who went there."""
    for row in visits.drop_duplicates(["manager_id", "customer_id"]).itertuples():
        customer = str(row.customer_id)
        yield Contribution(
            "visits_done_ratio", str(row.manager_id), branches.get(customer), customer, "", 1, span="month"
        )
    for manager, count in due.items():
        yield Contribution("visits_done_ratio", manager, None, None, "计划", 0, count, span="month")
