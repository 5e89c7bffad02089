"""Which period do the exports reach? The one asked for, or the newest whole month of postings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from kehujingli import terms
from kehujingli.errors import Finding, finding, problem
from kehujingli.intake.days import snapshot_days
from kehujingli.intake.ledger import Sheet
from kehujingli.periods import Period, date_of, day_of, month_end, month_name
from kehujingli.tables.transactions import months_present

if TYPE_CHECKING:
    import duckdb


def choose_period(
    con: duckdb.DuckDBPyConnection,
    sheets: Sequence[Sheet],
    named: str | None,
    as_of: date | None,
    given: Sequence[tuple[int, int, int]] | None = None,
) -> tuple[Period, list[Finding]]:
    """The period asked for, else the newest month with transactions whose last day the exports reach.

    ``given``: month, first and last day of postings that are not in the exports.
    """
    there = any(sheet.table == "transactions" and sheet.accepted for sheet in sheets)
    months = list(given) if given is not None else months_present(con, sheets) if there else []
    days = snapshot_days(sheets, day_of(as_of) if as_of else None)
    reach = max([last for _, _, last in months] + list(days), default=None)
    if named or as_of:
        period = Period.of(named) if named else Period.of(as_of.isoformat()[:7])  # type: ignore[union-attr]
        if as_of and day_of(as_of) < period.first:
            raise problem(
                "option.bad",
                option="--as-of",
                value=as_of,
                detail=f"在 {period.name} 的第一天以前，这一期一天也没有",
                cure="请写这一期里的日子，或用 --period 换一个月份。",
            )
        if as_of and as_of <= month_end(period.month):
            period = Period(period.month, as_of)
        elif months and reach is not None and period.first <= reach < period.last:
            period = Period(period.month, date_of(reach))
        if months and reach is not None and (period.first > reach or period.last < months[0][1]):
            raise problem("period.outside", period=period.name, first=date_of(months[0][1]), reach=date_of(reach))
        told = [finding("period.partial", period=period.name, reach=period.as_of)] if period.partial else []
        if months and all(month != period.month for month, _, _ in months):
            told.append(
                finding(
                    "period.no-postings", period=period.name, first=date_of(months[0][1]), last=date_of(months[-1][2])
                )
            )
        return period, told
    whole = [month for month, _, _ in months if reach is not None and day_of(month_end(month)) <= reach]
    if not whole:
        if not months:
            raise problem("table.missing", table=terms.BY_KEY["transactions"].label, command="分类", where="exports/")
        raise problem("period.none", first=date_of(months[0][1]), reach=date_of(months[-1][2]))
    period = Period(whole[-1], month_end(whole[-1]))
    newer = [
        month
        for month, _, _ in months
        if month > period.month and reach is not None and day_of(month_end(month)) > reach
    ]
    told = (
        [finding("period.incomplete", period=month_name(newer[0]), reach=date_of(months[-1][2]), used=period.name)]
        if newer
        else []
    )
    return period, told
