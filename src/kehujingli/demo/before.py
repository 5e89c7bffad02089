"""What do months before the last look like? Last year's end, whole; the month before the last, whole; and the loan book a month before each.

Drawn from a generator of its own: the last month's exports are the same with these and without.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kehujingli.demo import books as ledger
from kehujingli.demo import county, loans, papers
from kehujingli.demo.sheets import Export
from kehujingli.periods import day_of, month_end, month_name

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from kehujingli.demo.drawn import Drawn


def year_end(last_month: int) -> int:
    """December of the year before."""
    return last_month // 12 * 12 - 1


def whole_months(calendar: county.Calendar) -> tuple[int, ...]:
    """Months before the last that can be run and scored, in order: those with two months of postings before them."""
    wanted = dict.fromkeys((year_end(calendar.last_month), calendar.last_month - 1))
    first = calendar.last_month - calendar.months + 1
    return tuple(month for month in wanted if month - first >= 2)


def exports_before(rng: np.random.Generator, drawn: Drawn) -> list[Export]:
    """The pictures of those months, and the loan books from which their collected interest is reckoned."""
    exports: list[Export] = []
    calendar = drawn.calendar
    known = {calendar.last_month - 1}
    for month in whole_months(calendar):
        day, stamp = day_of(month_end(month)), month_name(month)
        exports.append(_signed(drawn.holdings, stamp, day))
        if month not in known:
            exports += pictures(rng, drawn, month)
        if month - 1 not in known:
            exports.append(_loans(rng, drawn, month - 1))
        known |= {month, month - 1}
    return exports


def pictures(rng: np.random.Generator, drawn: Drawn, month: int) -> list[Export]:
    """A month-end's five pictures: customers, accounts, loans, roster, branches."""
    day, stamp = day_of(month_end(month)), month_name(month)
    opened = drawn.people["opened_on"].to_numpy() <= day
    book = ledger.account_table(drawn.books, drawn.people, drawn.collectors, drawn.calendar, day)
    staff = county.roster_on(drawn.staff, day)
    return [
        Export(f"{stamp}/客户信息.xlsx", "客户信息", "customers", drawn.written[opened].assign(data_date=day)),
        Export(f"{stamp}/存款账户.xlsx", "存款账户", "accounts", book.assign(data_date=day)),
        _loans(rng, drawn, month),
        Export(f"{stamp}/客户经理名册.xlsx", "名册", "managers", staff.assign(data_date=day)),
        Export(f"{stamp}/机构.xlsx", "机构", "branches", drawn.places.assign(data_date=day)),
    ]


def _loans(rng: np.random.Generator, drawn: Drawn, month: int) -> Export:
    day = day_of(month_end(month))
    lines = loans.loan_table(rng, drawn.lent, drawn.lenders, drawn.responsible, drawn.calendar, day)
    there = drawn.people.loc[drawn.people["opened_on"] <= day, "customer_id"]
    lines = lines[lines["customer_id"].isin(there)]
    return Export(f"{month_name(month)}/贷款台账.xlsx", "贷款台账", "loans", lines.assign(data_date=day))


def _signed(holdings: pd.DataFrame, stamp: str, day: int) -> Export:
    """Products as they were signed for by a day: what ended later was running then."""
    here = holdings[holdings["signed_on"] <= day].assign(data_date=day)
    here["closed_on"] = here["closed_on"].where(here["closed_on"] <= day)
    return Export(f"{stamp}/产品签约.xlsx", "产品签约", "holdings", here)


def papers_before(rng: np.random.Generator, drawn: Drawn) -> dict[str, pd.DataFrame]:
    """Table → the rows that people wrote for those months: last year's targets, baselines, fees and visits, a visit plan a month."""
    calendar = drawn.calendar
    rows: dict[str, list[pd.DataFrame]] = {name: [] for name in ("targets", "baselines", "fees", "visits")}
    for month in whole_months(calendar):
        if month // 12 == calendar.year:
            rows["targets"].append(papers.make_visit_plan(rng, drawn.staff, month))
            continue
        then = replace(calendar, months=calendar.months - (calendar.last_month - month), last_month=month)
        fees = papers.make_fees(rng, drawn.people, drawn.holders, then)
        gained = {str(manager): int(rng.integers(1, 7)) for manager in drawn.staff["manager_id"]}
        growth = papers.growth_of(
            drawn.gathered,
            ledger.averages(drawn.books, max(then.first, day_of(month_end(month - 12)) + 1), then.last),
            ledger.averages(drawn.books, *papers.last_year(then)),
        )
        rows["targets"].append(papers.make_targets(rng, drawn.staff, growth, fees, gained, then))
        rows["baselines"].append(papers.make_baselines(drawn.borrowers, gained, drawn.staff, then))
        rows["fees"].append(fees)
        rows["visits"].append(papers.make_visits(rng, drawn.people, drawn.holders, then))
    import pandas as pd

    return {name: pd.concat(frames, ignore_index=True) for name, frames in rows.items() if frames}
