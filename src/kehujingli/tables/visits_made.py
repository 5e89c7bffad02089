"""Which visits that were planned have been made? Rows of 走访安排 with 结果 已走访 are rows of 走访记录, on 走访日期 or, where that is blank, on the planned day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from kehujingli import terms
from kehujingli.errors import Finding, Spot, finding
from kehujingli.periods import date_of

if TYPE_CHECKING:
    import pandas as pd

    from kehujingli.intake.ledger import Sheet

_SPOTS = 10
_SLIP = ["manager_id", "customer_id", "planned_on"]
"""One planned visit, however many copies of its form came back."""
_VISIT = ["manager_id", "customer_id", "date"]
_TWO = 2


def each_visit_once(visits: pd.DataFrame, sheets: Sequence[Sheet]) -> tuple[pd.DataFrame, list[Finding]]:
    """``visits`` without those that another export tells too: of one day, customer, manager and way. Two of one export are two visits, and so are
    two that have a 单号 each; of one that two exports tell the row that says more stays."""
    if visits["part"].nunique() < _TWO:
        return visits, []
    same = [*_VISIT, "way", "document"]
    nth = visits.groupby([*same, "part"], dropna=False, sort=False).cumcount()
    order = visits.assign(_nth=nth, _said=-visits.notna().sum(axis=1)).sort_values(
        ["_said", "part", "row"], kind="stable"
    )
    again = visits.loc[sorted(order.index[order.duplicated([*same, "_nth"])])]
    told = [
        finding(
            "table.visit-repeated",
            file=sheets[int(str(part))].export.name,
            sheet=sheets[int(str(part))].sheet,
            count=len(rows),
        )
        for part, rows in again.groupby("part")
    ]
    return visits.drop(index=again.index), told


def with_visits_made(
    visits: pd.DataFrame, plan: pd.DataFrame, sheets: Sequence[Sheet]
) -> tuple[pd.DataFrame, list[Finding]]:
    """``visits`` with those that came back in forms, told by day; one that both tell counts once, as planned.

    What says when but not what came of it, and copies that contradict each other, count as no visit and are told.
    """
    import pandas as pd

    if plan.empty:
        return visits, []
    silent = plan[plan["visited_on"].notna() & plan["result"].isna()]
    said = plan[plan["result"].notna()]
    told = said[[*_SLIP, "result", "visited_on"]].drop_duplicates()
    torn = said[said.set_index(_SLIP).index.isin(told[told.duplicated(_SLIP, keep=False)].set_index(_SLIP).index)]
    findings = [
        *_told("table.visit-no-result", "result", silent, sheets),
        *_told("table.visit-twice", "result", torn, sheets),
    ]
    met = said.drop(index=torn.index)
    met = met[met["result"] == "met"].drop_duplicates(_SLIP)
    if met.empty:
        return visits, findings
    made = pd.DataFrame(
        {
            "date": met["visited_on"].fillna(met["planned_on"]),
            **{key: met[key] for key in ("customer_id", "manager_id", "way", "minutes", "village", "part", "row")},
            "planned": True,
            "result": met["remark"].fillna(terms.VISIT_RESULTS["met"]),
        }
    ).drop_duplicates(_VISIT)
    for key, kind in visits.dtypes.items():
        made[key] = made[key].astype(kind) if key in made else pd.Series(pd.NA, index=made.index).astype(kind)
    keys = visits.set_index(_VISIT).index
    both = keys.isin(made.set_index(_VISIT).index)
    own = visits.assign(planned=visits["planned"].mask(both, True))
    new = made[~made.set_index(_VISIT).index.isin(keys)]
    return pd.concat([own, new[visits.columns]], ignore_index=True), findings


def _told(code: str, key: str, rows: pd.DataFrame, sheets: Sequence[Sheet]) -> Iterator[Finding]:
    for part, group in rows.groupby("part"):
        sheet = sheets[int(part)]
        cells = [sheet.cell(key, int(row)) for row in group["row"].head(_SPOTS)]
        days = [date_of(int(day)).isoformat() for day in group["planned_on"].head(_SPOTS)]
        named = [f"{day} {who}" for day, who in zip(days, group["customer_id"], strict=False)]
        yield finding(
            code,
            file=sheet.export.name,
            sheet=sheet.sheet,
            cell=cells[0],
            value=named[0],
            count=len(group),
            spots=map(Spot, cells, named),
        )
