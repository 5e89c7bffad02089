"""What would a believable county's exports look like? Invented customers, postings, loans and papers; the same for the same seed.

``make_county`` draws everything; ``write_county`` writes it as the core system and head office would, clean or dirty.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from kehujingli import terms
from kehujingli.demo.sheets import Export

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

    from kehujingli.demo.books import Books
    from kehujingli.demo.county import Calendar

_MEDIUM = {"person": 5_000_000, "sole_trader": 20_000_000, "business": 100_000_000, "public": 500_000_000}
_LARGE = {"person": 50_000_000, "sole_trader": 200_000_000, "business": 500_000_000, "public": 2_000_000_000}
"""The example's bounds in 分: how many people a branch employs follows from them."""


def make_county(
    customers: int, months: int, seed: int, last_month: int, branches: int | None = None, *, before: bool = False
) -> list[Export]:
    """All exports of a county. ``last_month``: months since year 0; ``branches``: 12, or fewer where customers are few.

    ``before``: whether the months in ``before.whole_months`` can be run and scored too; the last month's exports stay the same.
    """
    # Long: the list of a county's exports, one after another; nothing branches.
    import numpy as np
    import pandas as pd

    from kehujingli.demo import books as ledger
    from kehujingli.demo import county, loans, market, papers, posts, prices, products, sought
    from kehujingli.demo.before import exports_before, papers_before
    from kehujingli.demo.beside import exports_beside
    from kehujingli.demo.drawn import Drawn
    from kehujingli.periods import day_of, month_end, month_name

    rng = np.random.default_rng(seed)
    calendar = county.Calendar(months, last_month)
    count = branches or max(2, min(12, customers // 60))
    places = county.make_branches(rng, count)
    people = county.make_customers(rng, customers, places, calendar)
    books = ledger.make_books(rng, people, calendar)
    lent = loans.make_loans(rng, people, calendar)
    worth = _worth(books, lent, people, calendar)
    staff = county.make_managers(rng, places, _loads(worth, people, set(lent["owner"])), calendar)
    staff = posts.with_people(np.random.default_rng([seed, 3]), staff)
    grids, holders = county.place_customers(rng, people, staff, worth, set(lent["owner"]))
    accounts = books.accounts
    owner = accounts["owner"].to_numpy()
    collectors = np.where(rng.random(len(accounts)) < 0.8, holders[owner], "")
    now, then = (
        ledger.averages(books, day_of(month_end(calendar.year * 12 - 1)) + 1, calendar.last),
        ledger.averages(books, *papers.last_year(calendar)),
    )
    gathered = np.where(collectors != "", collectors, holders[owner])
    growth = papers.growth_of(gathered, now, then)
    fees = papers.make_fees(rng, people, holders, calendar)
    borrowers = _borrowers(lent, holders)
    gained = {str(manager): int(rng.integers(1, 7)) for manager in staff["manager_id"]}
    responsible = _responsible(rng, holders[lent["owner"].to_numpy()], staff, lent)

    written = people.assign(manager_id=_known(holders))
    exports, figures = [], {}
    for month in (last_month - 1, last_month):
        day, stamp = day_of(month_end(month)), f"{month_name(month)}"
        opened = people["opened_on"].to_numpy() <= day
        book = ledger.account_table(books, people, _known(collectors), calendar, day)
        lines = loans.loan_table(rng, lent, _known(holders[lent["owner"].to_numpy()]), responsible, calendar, day)
        figures[day] = market.of_branches(book, lines)
        exports += [
            Export(f"{stamp}/客户信息.xlsx", "客户信息", "customers", written[opened].assign(data_date=day)),
            Export(f"{stamp}/存款账户.xlsx", "存款账户", "accounts", book.assign(data_date=day)),
            Export(f"{stamp}/贷款台账.xlsx", "贷款台账", "loans", lines.assign(data_date=day)),
            Export(
                f"{stamp}/客户经理名册.xlsx", "名册", "managers", county.roster_on(staff, day).assign(data_date=day)
            ),
            Export(f"{stamp}/机构.xlsx", "机构", "branches", places.assign(data_date=day)),
        ]
    stamp, day = month_name(last_month), calendar.last
    holdings = papers.make_holdings(rng, people, holders, books.quiet, calendar)
    targets = papers.make_targets(rng, staff, growth, fees, gained, calendar)
    exports += [
        Export(f"{stamp}/产品签约.xlsx", "产品签约", "holdings", holdings.assign(data_date=day)),
        Export(
            "手工表/任务数.xlsx",
            terms.BY_KEY["targets"].label,
            "targets",
            pd.concat([targets, sought.next_year(targets, calendar)], ignore_index=True),
        ),
        Export(
            "手工表/基数.xlsx",
            terms.BY_KEY["baselines"].label,
            "baselines",
            papers.make_baselines(borrowers, gained, staff, calendar),
        ),
        Export(
            "手工表/加减分.xlsx",
            terms.BY_KEY["adjustments"].label,
            "adjustments",
            papers.make_adjustments(rng, staff, calendar),
        ),
        Export(
            "手工表/业绩归属.xlsx",
            "业绩归属",
            "attributions",
            papers.make_attributions(staff, people, holders, calendar),
        ),
        Export("手工表/包村.xlsx", "包村", "grids", grids),
        Export("手工表/中间业务收入.xlsx", "中间业务收入", "fees", fees),
        Export("手工表/走访记录.xlsx", "走访记录", "visits", papers.make_visits(rng, people, holders, calendar)),
        Export("手工表/内部资金价格.xlsx", "内部资金价格", "ftp", prices.make_ftp(calendar)),
        Export("手工表/费用.xlsx", terms.BY_KEY["costs"].label, "costs", prices.make_costs(people, calendar)),
        Export("手工表/产品目录.xlsx", "产品目录", "catalogue", products.make_catalogue(calendar)),
        Export("手工表/风险测评.xlsx", "风险测评", "suitability", products.make_suitability(people, calendar)),
        Export(
            f"{stamp}/电子渠道.xlsx",
            terms.BY_KEY["ebank"].label,
            "ebank",
            products.make_ebank(books, people, calendar).assign(data_date=day),
        ),
        Export(f"{stamp}/账户利息.xlsx", "账户利息", "account_interest", prices.make_interest(books, calendar)),
        Export("手工表/市场格局.xlsx", "市场格局", "market", market.make_market(figures, places)),
        Export("手工表/村情.xlsx", "村情", "villages", market.make_villages(people, places, calendar)),
        Export("手工表/资本.xlsx", "资本", "capital", papers.make_capital(lines, calendar)),
        Export("手工表/关联客户.xlsx", "关联客户", "groups", papers.make_groups(lines, calendar)),
        Export("手工表/授权.xlsx", "授权", "authority", papers.make_authority(staff, calendar)),
        Export(
            "手工表/业务申请.xlsx",
            "业务申请",
            "applications",
            papers.make_applications(lines, papers.make_guarantees(lines, people), staff, calendar),
        ),
        Export(
            f"{stamp}/授信与表外.xlsx", "授信与表外", "exposures", papers.make_exposures(lines).assign(data_date=day)
        ),
        Export(f"{stamp}/担保.xlsx", "担保", "guarantees", papers.make_guarantees(lines, people).assign(data_date=day)),
    ]
    if before:
        drawn = Drawn(
            calendar,
            people,
            written,
            places,
            staff,
            books,
            _known(collectors),
            gathered,
            holders,
            lent,
            _known(holders[lent["owner"].to_numpy()]),
            responsible,
            borrowers,
            holdings,
        )
        own = np.random.default_rng([seed, 1])
        exports = [*_with(exports, papers_before(own, drawn)), *exports_before(own, drawn)]
    exports += [
        Export(
            f"流水/交易流水_{month_name(month).replace('-', '')}.xlsx",
            "交易流水",
            "transactions",
            ledger.posting_table(books, people, month),
        )
        for month in range(last_month - months + 1, last_month + 1)
    ]
    filed = _looked_after(worth, people, set(lent["owner"]))
    exports += exports_beside(np.random.default_rng([seed, 2]), people, places, staff, grids, holders, filed, calendar)
    return [export for export in exports if len(export.frame)]


def _with(exports: list[Export], rows: Mapping[str, pd.DataFrame]) -> list[Export]:
    """The papers with those of the months before ahead of their own rows."""
    import pandas as pd

    return [
        replace(export, frame=pd.concat([rows[export.table], export.frame], ignore_index=True))
        if export.table in rows
        else export
        for export in exports
    ]


def write_county(exports: list[Export], folder: Path, *, dirty: bool, seed: int) -> None:
    """Write every export below ``folder``; ``dirty`` writes the same figures the way branches do, and some that must be refused."""
    from kehujingli.demo.sheets import page_of, write_pages

    pages = [page_of(export) for export in exports]
    if dirty:
        from kehujingli.demo.dirt import add_strays, soil

        pages = soil(pages, seed)
        write_pages(folder, pages)
        add_strays(folder, exports)
    else:
        write_pages(folder, pages)


def _known(holders: npt.NDArray[np.object_]) -> pd.Series:
    import pandas as pd

    return pd.Series(holders).replace("", None)


def _worth(books: Books, lent: pd.DataFrame, people: pd.DataFrame, calendar: Calendar) -> npt.NDArray[np.int64]:
    """Average deposit of the last twelve months and loans, per customer in 分."""
    import numpy as np

    from kehujingli.demo.books import averages

    worth = np.zeros(len(people), dtype="int64")
    counted = (books.accounts["kind"] != "fiscal").to_numpy()
    first = max(calendar.first, calendar.last - 364)
    np.add.at(worth, books.accounts["owner"].to_numpy()[counted], averages(books, first, calendar.last)[counted])
    np.add.at(worth, lent["owner"].to_numpy(), lent["amount"].to_numpy())
    return worth


def _loads(worth: npt.NDArray[np.int64], people: pd.DataFrame, borrowers: set[int]) -> dict[str, float]:
    """The households (折算户) that each branch will have to look after."""
    import numpy as np

    kind = people["customer_type"].to_numpy()
    medium, large = (np.array([bounds[value] for value in kind]) for bounds in (_MEDIUM, _LARGE))
    borrows = np.isin(np.arange(len(people)), list(borrowers))
    load = np.where(worth >= large, 5.0, np.where(worth >= medium, 2.0, np.where(borrows, 1.0, 0.0)))
    load = np.where((load > 0) & np.isin(kind, ["business", "public"]), 12.0, load)
    return {
        str(branch): float(load[people["branch_id"].to_numpy() == branch].sum())
        for branch in people["branch_id"].unique()
    }


def _looked_after(worth: npt.NDArray[np.int64], people: pd.DataFrame, borrowers: set[int]) -> npt.NDArray[np.bool_]:
    """Who is of the middle or larger, or borrows."""
    import numpy as np

    least = np.array([_MEDIUM[kind] for kind in people["customer_type"]])
    return (worth >= least) | np.isin(np.arange(len(people)), list(borrowers))


def _borrowers(lent: pd.DataFrame, holders: npt.NDArray[np.object_]) -> dict[str, int]:
    import pandas as pd

    live = lent[~lent["repaid"] & ~lent["written_off"]]
    counts = pd.Series(holders[live["owner"].to_numpy()]).value_counts()
    return {str(key): int(value) for key, value in counts.items() if key}


def _responsible(
    rng: np.random.Generator, held: npt.NDArray[np.object_], staff: pd.DataFrame, lent: pd.DataFrame
) -> pd.Series:
    """责任人: who lent it, mostly today's holder, now and then a colleague."""
    import numpy as np

    colleagues = staff["manager_id"].to_numpy()
    other = colleagues[rng.integers(0, len(colleagues), len(lent))]
    return _known(np.where((rng.random(len(lent)) < 0.9) & (held != ""), held, other))
