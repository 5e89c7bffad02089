"""What does a yuan cost inside the house? Prices of funds (FTP) by side and term, and what deposits and loans make over or under them.

FTP profit of a deposit is Σ day balance × (price − rate paid) ÷ 365, of a loan Σ day balance × (rate charged − price) ÷ 365; the days of a
month count as average × days. The price is the one that holds on each day of the month for the contract's whole term, from opening to maturity.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import kehujingli.terms as house
from kehujingli.errors import Finding, finding, yuan_grouped
from kehujingli.periods import Period, date_of
from kehujingli.tables.frames import on_book
from kehujingli.values import among, in_order, listed, named, places, times, whole_parts, worded

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

YEAR_DAYS = 365
MILLIONTHS = 1_000_000
"""Rates and prices are kept in millionths a year."""
LINE = ("customer_id", "branch_id", "key", "side", "term", "what", "five_class", "rate", "average", "daily", "lacks")
"""A line: one account or loan. ``average`` 分 and ``daily`` 分 × days of the month; ``lacks`` says why it cannot be priced, "" where it can."""
_ENDS = {"to_3_months": 3, "to_1_year": 12, "to_3_years": 36}


@dataclass(frozen=True)
class Prices:
    """``daily``: (side, term) → the sum of its prices over the days of the month, in millionths × days; a pair with a hole or two prices is not in it."""

    days: int
    daily: Mapping[tuple[str, str], int]
    wrong: Mapping[tuple[str, str], str]
    """Why a pair that the table has is not in ``daily``."""

    def rate(self, side: str, term: str) -> float | None:
        """The month's mean, millionths a year."""
        daily = self.daily.get((side, term))
        return None if daily is None else daily / self.days


def prices_of(ftp: pd.DataFrame, period: Period) -> Prices:
    """``ftp``: side, term, price, valid_from. A price holds until the next of its side and term."""
    columns = (listed(ftp[name]) for name in ("side", "term", "valid_from", "price"))
    told: dict[tuple[str, str], list[tuple[int, int, int]]] = {}
    for place, (side, term, since, price) in enumerate(zip(*columns, strict=True)):
        if None not in (side, term, since, price):
            told.setdefault((str(side), str(term)), []).append((int(since), int(price), place))
    daily, wrong = {}, {}
    for pair, own in sorted(told.items()):
        since_when = [day for day, *_ in own if day <= period.first]
        begun = sorted(one for one in own if max(since_when, default=one[0]) <= one[0] <= period.last)
        of_day: dict[int, set[int]] = {}
        for day, price, _ in begun:
            of_day.setdefault(day, set()).add(price)
        twice = next((day for day, said in of_day.items() if len(said) > 1), None)
        if twice is not None:
            rows = sorted(place for day, _, place in begun if day == twice)
            where = "、".join(str(row) for row in ftp["source_row"].iloc[rows])
            wrong[pair] = f"{date_of(twice)} 起有不同的价（第 {where} 行）"
        elif not since_when:
            wrong[pair] = f"{date_of(min(day for day, *_ in own))} 才起价"
        else:
            ends = [*list(of_day)[1:], period.last + 1]
            daily[pair] = sum(
                price * (end - max(day, period.first))
                for (day, (price,)), end in zip(of_day.items(), ends, strict=True)
            )
    return Prices(period.last - period.first + 1, daily, wrong)


_TOLD = (*house.TERMS, "")
"""What a line's term is, by number; the last is none."""
_DEMAND, _QUARTER, _NONE = (_TOLD.index(term) for term in ("demand", "to_3_months", ""))


def terms_between(first: pd.Series, last: pd.Series) -> Any:
    """The term from one day to another by calendar months (31 January to 30 April is three), "" where a day is not known or the last is before the first."""
    return worded(_terms(first, last), _TOLD)


def _terms(first: pd.Series, last: pd.Series) -> npt.NDArray[np.int8]:
    """Its number in ``_TOLD``."""
    import numpy as np

    start, end = (day.astype("float64").to_numpy() for day in (first, last))
    at = np.flatnonzero((start > -(2**31)) & (start <= end))
    days = [day[at].astype("int64").astype("datetime64[D]") for day in (start, end)]
    months = [day.astype("datetime64[M]") for day in days]
    ins = [(day - month).astype("int64") for day, month in zip(days, months, strict=True)]
    span = (months[1] - months[0]).astype("int64") + (ins[1] > ins[0])
    found = np.full(len(start), _NONE, dtype="int8")
    found[at] = _TOLD.index("over_3_years")
    for term, most in reversed(_ENDS.items()):
        found[at[span <= most]] = _TOLD.index(term)
    return found


def _turned(first: pd.Series, last: pd.Series) -> npt.NDArray[Any]:
    """Whether it is due before it began."""
    import numpy as np

    start, end = (day.astype("float64").to_numpy() for day in (first, last))
    return np.asarray(end < start)


_OF_ACCOUNTS = (
    *("account_id", "customer_id", "branch_id", "kind", "rate", "opened", "matures_on"),
    *("balance", "known_month", "average_month", "product_month"),
)
"""What a line of a deposit is made of."""


def deposit_lines(accounts: pd.DataFrame, period: Period) -> pd.DataFrame:
    """``LINE`` of every account with an average in the month, or a balance and no average known. The export's 月日均 wins."""
    import numpy as np
    import pandas as pd

    days = period.last - period.first + 1
    held = in_order(accounts[list(_OF_ACCOUNTS)], "account_id")
    known = held["known_month"].fillna(False).to_numpy(dtype=bool)
    official = held["average_month"].notna().to_numpy(dtype=bool)
    said = held["average_month"].fillna(0).to_numpy(dtype="int64")
    reckoned = np.where(known, held["product_month"].fillna(0).to_numpy(dtype="int64"), 0)
    daily = np.where(official, said * days, reckoned)
    average = np.where(official, said, whole_parts(np.where(official, 0, reckoned), days))
    balance = held["balance"].fillna(0).to_numpy(dtype="int64")
    unknown = ~known & ~official & (balance != 0)
    demand, fixed, notice = ((held["kind"] == kind).to_numpy(dtype=bool) for kind in ("demand", "term", "notice"))
    dated = _terms(held["opened"], held["matures_on"])
    usual = np.where(notice, _QUARTER, _DEMAND)
    term = np.where(demand, _DEMAND, np.where(fixed | (dated != _NONE), dated, usual))
    why = _first(
        len(held),
        (unknown, "算不出月日均"),
        (~demand & _turned(held["opened"], held["matures_on"]), "到期日早于开户日"),
        (term == _NONE, "没有开户日或到期日"),
        (held["rate"].isna(), "没有利率"),
    )
    lines = pd.DataFrame(
        {
            "customer_id": held["customer_id"],
            "branch_id": held["branch_id"],
            "key": held["account_id"],
            "side": worded(np.zeros(len(held), dtype="int8"), ("deposit",)),
            "term": worded(term, _TOLD),
            "what": named(held["kind"], house.DEPOSIT_KINDS).fillna("没写种类"),
            "five_class": worded(np.zeros(len(held), dtype="int8"), ("",)),
            "rate": held["rate"].fillna(0).astype("int64"),
            "average": np.where(unknown, balance, average),
            "daily": daily,
            "lacks": why,
        }
    )
    return lines[(lines["daily"] != 0) | unknown].reset_index(drop=True)


def loan_lines(loans: pd.DataFrame, opening: pd.DataFrame | None, period: Period) -> pd.DataFrame:
    """``LINE`` of every loan on the books. ``opening``: the month before's, where it was kept.

    A loan that was there then has the mean of both balances on all days (0 at the end for one that is repaid, written off or swapped since), a new
    one its balance from the day it was lent; without ``opening`` each has its balance of the last day (时点).
    """
    import numpy as np
    import pandas as pd

    days = period.last - period.first + 1
    book = on_book(loans)
    if opening is not None:
        then = on_book(opening)
        gone = then[~among(then["loan_id"], book["loan_id"])].assign(balance=0)
        book = pd.concat([book, gone[[key for key in book.columns if key in gone]]], ignore_index=True)
    book = in_order(book, "loan_id")
    balance = book["balance"].fillna(0).to_numpy(dtype="int64")
    since = np.maximum(book["issued_on"].fillna(period.first).to_numpy(dtype="int64"), period.first)
    twice = 2 * balance * np.clip(period.last - since + 1, 0, days)
    if opening is not None:
        before = on_book(opening)
        place = places(book["loan_id"], before["loan_id"])
        then = np.append(before["balance"].fillna(0).to_numpy(dtype="int64"), 0)[place]
        twice = np.where(place >= 0, (balance + then) * days, twice)
    term = terms_between(book["issued_on"], book["due_on"])
    why = _first(
        len(book),
        (_turned(book["issued_on"], book["due_on"]), "到期日早于发放日"),
        (term == "", "没有发放日或到期日"),
        (book["rate"].isna(), "没有利率"),
        (book["five_class"].isna(), "没有五级分类"),
    )
    lines = pd.DataFrame(
        {
            "customer_id": book["customer_id"],
            "branch_id": book["branch_id"],
            "key": book["loan_id"],
            "side": "loan",
            "term": term,
            "what": book["product"].fillna("没写品种"),
            "five_class": book["five_class"].astype("object").where(book["five_class"].notna(), ""),
            "rate": book["rate"].fillna(0).astype("int64"),
            "average": whole_parts(twice, 2 * days),
            "daily": whole_parts(twice, 2),
            "lacks": why,
        }
    )
    return lines[lines["daily"] != 0].reset_index(drop=True)


def left_within(loans: pd.DataFrame, opening: pd.DataFrame | None, period: Period) -> list[Finding]:
    """What the lines of the loans do not hold of the month: the principal written off or swapped, and loans lent and gone within it."""
    if opening is None:
        return []
    then, book = on_book(opening), on_book(loans)
    off = loans[~(loans["status"].isna() | (loans["status"] == "on_book"))]
    lost = then[among(then["loan_id"], off["loan_id"])]
    begun = loans[loans["issued_on"].between(period.first, period.last).fillna(False)]
    there = among(begun["loan_id"], book.loc[book["balance"].fillna(0) != 0, "loan_id"])
    brief = begun[~there & ~among(begun["loan_id"], then["loan_id"])]
    amounts = ((lost, "balance", "study.loan-off"), (brief, "amount", "study.loan-brief"))
    return [
        finding(code, count=len(rows), amount=int(rows[column].fillna(0).sum()))
        for rows, column, code in amounts
        if len(rows)
    ]


def _first(count: int, *causes: tuple[Any, str]) -> Any:
    """The first cause that holds of each, "" where none does, as a column of texts."""
    import numpy as np

    found = np.zeros(count, dtype="int8")
    for place, (holds, _) in reversed([*enumerate(causes, 1)]):
        found[np.asarray(holds, dtype=bool)] = place
    return worded(found, ["", *(said for _, said in causes)])


def priced(lines: pd.DataFrame, prices: Prices) -> tuple[pd.DataFrame, list[Finding]]:
    """The lines with ``profit`` in 分: whole, adding up to the sum of each side; 0 with its cause in ``lacks`` where there is no price."""
    import numpy as np
    import pandas as pd

    lacks, told = lines["lacks"], []
    clear = np.array(lacks == "", dtype=bool)
    (of_side, sides), (of_term, terms) = (pd.factorize(lines[name], sort=True) for name in ("side", "term"))
    pairs = of_side * len(terms) + of_term
    over: npt.NDArray[np.int64] = np.zeros(len(lines), dtype="int64")
    for pair in np.unique(pairs):
        side, term = str(sides[pair // len(terms)]), str(terms[pair % len(terms)])
        at, daily = np.flatnonzero(pairs == pair), prices.daily.get((side, term))
        if daily is not None:
            over[at] = daily
            continue
        bare, cause = at[clear[at]], prices.wrong.get((side, term), "没有价")
        clear[bare] = False
        if len(bare):
            lacks = lacks.copy()
            lacks.iloc[bare] = f"{house.PRICED[side]} {house.TERMS.get(term, term)} {cause}"
            told.append(_hole(lines.iloc[bare], side, term, cause))
    sums = np.zeros(len(lines), dtype="int64")
    rate = lines["rate"].to_numpy(dtype="int64") * prices.days
    for side, sign in (("deposit", 1), ("loan", -1)):
        at = np.flatnonzero(clear & (lines["side"] == side).to_numpy(dtype=bool))
        margin = times(lines["daily"].to_numpy(dtype="int64")[at], sign * (over[at] - rate[at]))
        sums[at] = whole_parts(margin, YEAR_DAYS * MILLIONTHS * prices.days)
    odd = lines[["side", "lacks"]].iloc[np.flatnonzero(lines["lacks"] != "")]
    told += [
        finding("study.ftp-line", count=len(own), why=why, what=house.PRICED[str(side)])
        for (side, why), own in odd.groupby(["side", "lacks"], sort=True)
    ]
    return lines.assign(profit=sums, lacks=lacks), told


def _hole(lines: pd.DataFrame, side: str, term: str, cause: str) -> Finding:
    return finding(
        "study.ftp-hole",
        side=house.PRICED[side],
        term=house.TERMS.get(term, term),
        cause=cause,
        count=len(lines),
        average=yuan_grouped(int(lines["average"].sum())),
    )
