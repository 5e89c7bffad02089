"""Which applications for loans were on the way on the last day of a month? Each once, whatever exports tell it; what ended later had not ended yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kehujingli.errors import Finding, finding
from kehujingli.studies.placing import at, several
from kehujingli.studies.risk.exposure import OFF_BALANCE, UNUSED
from kehujingli.values import among

if TYPE_CHECKING:
    from collections.abc import Collection

    import pandas as pd

_REFUSED = "否决|拒|撤|退回|退件|不通过|未通过|不同意"
_NO_LOANS = "|".join((*UNUSED, *OFF_BALANCE))
_CASE = ["application_id", "customer_id"]
"""Branches number their own."""


def on_the_way(
    applications: pd.DataFrame, customers: Collection[str], last: int, days: int
) -> tuple[pd.DataFrame, list[Finding]]:
    """Those of loans, asked for by ``last`` and neither done nor refused by then, as their table has them. ``days``: from how many on they are told."""
    asked = applications[(applications["applied_on"] <= last).fillna(False)]
    of_loans = ~asked["exposure_kind"].fillna("").str.contains(_NO_LOANS)
    refused = asked["result"].fillna("").str.contains(_REFUSED)
    end = asked["done_on"].fillna(asked["approved_on"].where(refused))
    asked = asked.assign(ended=(end <= last).fillna(False) | (refused & end.isna()))[of_loans]
    # of several rows of one application one that has an end, else the last written
    once = asked.sort_values("ended", kind="stable").drop_duplicates(_CASE, keep="last").sort_index()
    way = once[~once["ended"]]
    told = _told(asked, way, customers)
    old = int((way["applied_on"] < last - days).sum())
    return way, [*told, *([finding("study.application-old", count=old, days=days)] if old else [])]


def _told(asked: pd.DataFrame, way: pd.DataFrame, customers: Collection[str]) -> list[Finding]:
    """Applications whose amounts differ from row to row, and whose customer nobody knows."""
    amounts = asked.drop_duplicates([*_CASE, "amount"])
    torn = amounts[amounts.duplicated(_CASE)].drop_duplicates(_CASE)[_CASE]
    who = {
        "study.application-twice": way.merge(torn, on=_CASE),
        "study.application-customer": way[~among(way["customer_id"], customers)],
    }
    return [
        several(code, [f"{at(row)}{row['application_id']} {row['customer_id']}" for row in rows.to_dict("records")])
        for code, rows in who.items()
        if len(rows)
    ]
