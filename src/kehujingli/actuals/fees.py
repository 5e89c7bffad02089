"""Whose are the fees? 中间业务收入 by day or period, each row its claimants', the person's it names, or the customer's holder's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from kehujingli import terms
from kehujingli.actuals import Contribution
from kehujingli.actuals.deposits import split
from kehujingli.errors import Finding, finding
from kehujingli.periods import Period, day_of, month_end, named_months
from kehujingli.tables.tenure import Holders, Tenure, item_tenure
from kehujingli.values import listed, missing, text_of

if TYPE_CHECKING:
    import pandas as pd


def fee_tenure(fees: pd.DataFrame, of_customers: Tenure, holders: Holders, first: int, last: int) -> Tenure:
    """Who holds what came of each customer; fees that bear one name, or none, are one thing to hold (see ``thing``)."""
    pairs = fees[["customer_id", "manager_id"]].drop_duplicates().reset_index(drop=True)
    columns = (listed(pairs[column]) for column in pairs)
    pairs["fee"] = [thing(customer, named) for customer, named in zip(*columns, strict=True)]
    return item_tenure(pairs, "fee", "manager_id", "intermediary", of_customers, holders, first, last)


def fee_income(
    fees: pd.DataFrame, tenure: Tenure, branches: Mapping[str, str | None], period: Period, findings: list[Finding]
) -> Iterator[Contribution]:
    """Fees of the year up to the period's end; a row whose period is none is told once for each text, and left out."""
    quarter = period.back(period.month % 3).first
    strange: set[str] = set()
    for row in fees.itertuples():
        day = int(row.date) if not missing(row.date) else last_day(row.period)
        if day is None:
            said = text_of(row.period) or ""
            if said not in strange:
                strange.add(said)
                who = text_of(row.manager_id) or text_of(row.customer_id) or "没有写是谁"
                findings.append(
                    finding("score.period-unknown", table=terms.BY_KEY["fees"].label, row=row.row, who=who, value=said)
                )
            continue
        if not period.year_first <= day <= period.last:
            continue
        customer = text_of(row.customer_id)
        held = tenure.on(thing(customer, text_of(row.manager_id)), day)
        branch = branches.get(customer or "") or text_of(row.branch_id)
        for holder, part, _, share in split(int(row.amount), 0, held):
            for span, first in (("year", period.year_first), ("quarter", quarter), ("month", period.first)):
                if day >= first:
                    yield Contribution(
                        "fee_income",
                        holder,
                        branch,
                        customer,
                        text_of(row.product) or "",
                        part,
                        span=span,
                        first=day,
                        last=day,
                        share=share,
                    )


def thing(customer: str | None, named: str | None) -> str:
    """What a fee is taken for: of one customer and one name."""
    return (customer or "") + (f"（{named}）" if named else "")


def last_day(text: object) -> int | None:
    """The last day of the months that a text names: 2026-09, 2026Q3."""
    named = named_months(text)
    return None if named is None else day_of(month_end(named.last))
