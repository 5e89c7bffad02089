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
from kehujingli.values import among, in_order, named, places, times, whole_parts

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
    days = period.last - period.first + 1
    daily, wrong = {}, {}
    rows = ftp.dropna(subset=["side", "term", "price", "valid_from"])
    for (side, term), own in rows.groupby(["side", "term"], sort=True):
        pair = (str(side), str(term))
        begun = own[own["valid_from"] <= period.last].sort_values("valid_from", kind="stable")
        before = begun[begun["valid_from"] <= period.first]
        if len(before):
            begun = begun[begun["valid_from"] >= before["valid_from"].max()]
        twice = begun.groupby("valid_from")["price"].nunique()
        if (twice > 1).any():
            day = int(twice[twice > 1].index[0])
            where = "、".join(str(row) for row in begun.loc[begun["valid_from"] == day, "source_row"])
            wrong[pair] = f"{date_of(day)} 起有不同的价（第 {where} 行）"
        elif before.empty:
            first = int(own["valid_from"].min())
            wrong[pair] = f"{date_of(first)} 才起价"
        else:
            once = begun.drop_duplicates("valid_from")
            starts = [max(int(day), period.first) for day in once["valid_from"]]
            spans = [end - start for start, end in zip(starts, [*starts[1:], period.last + 1], strict=True)]
            daily[pair] = sum(int(price) * span for price, span in zip(once["price"], spans, strict=True))
    return Prices(days, daily, wrong)


def terms_between(first: pd.Series, last: pd.Series) -> npt.NDArray[Any]:
    """The term from one day to another by calendar months (31 January to 30 April is three), "" where a day is not known or the last is before the first."""
    import numpy as np

    known = (first.notna() & last.notna() & (first > -(2**31))).to_numpy(dtype=bool) & ~_turned(first, last)
    start, end = (
        np.where(known, day.fillna(0).to_numpy(dtype="int64"), 0).astype("datetime64[D]") for day in (first, last)
    )
    months = [day.astype("datetime64[M]") for day in (start, end)]
    ins = [(day - month).astype("int64") for day, month in zip((start, end), months, strict=True)]
    span = (months[1] - months[0]).astype("int64") + (ins[1] > ins[0])
    found = np.full(len(span), "over_3_years", dtype=object)
    for term, most in reversed(_ENDS.items()):
        found[span <= most] = term
    found[~known] = ""
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
    kind = held["kind"].astype("object").where(held["kind"].notna(), "").to_numpy()
    dated = terms_between(held["opened"], held["matures_on"])
    term = np.where(kind == "term", dated, np.where(kind == "notice", "to_3_months", "demand"))
    term = np.where((kind != "term") & (kind != "demand") & (dated != ""), dated, term)
    turned = (kind != "demand") & _turned(held["opened"], held["matures_on"])
    why = _first(
        len(held),
        (unknown, "算不出月日均"),
        (turned, "到期日早于开户日"),
        (term == "", "没有开户日或到期日"),
        (held["rate"].isna(), "没有利率"),
    )
    lines = pd.DataFrame(
        {
            "customer_id": held["customer_id"],
            "branch_id": held["branch_id"],
            "key": held["account_id"],
            "side": "deposit",
            "term": term,
            "what": named(held["kind"], house.DEPOSIT_KINDS).fillna("没写种类"),
            "five_class": "",
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


def _first(count: int, *causes: tuple[Any, str]) -> npt.NDArray[Any]:
    """The first cause that holds of each, "" where none does."""
    import numpy as np

    found = np.full(count, "", dtype=object)
    for holds, said in reversed(causes):
        found[np.asarray(holds, dtype=bool)] = said
    return found


def priced(lines: pd.DataFrame, prices: Prices) -> tuple[pd.DataFrame, list[Finding]]:
    """The lines with ``profit`` in 分: whole, adding up to the sum of each side; 0 with its cause in ``lacks`` where there is no price."""
    import numpy as np

    sums, told = np.zeros(len(lines), dtype="int64"), []
    lacks = lines["lacks"].to_numpy(dtype=object).copy()
    pairs = lines.groupby(["side", "term"], sort=True).indices
    over: npt.NDArray[np.int64] = np.zeros(len(lines), dtype="int64")
    for (side, term), at in pairs.items():
        daily = prices.daily.get((side, term))
        if daily is not None:
            over[at] = daily
            continue
        bare = at[lacks[at] == ""]
        cause = prices.wrong.get((side, term), "没有价")
        lacks[bare] = f"{house.PRICED[side]} {house.TERMS.get(term, term)} {cause}"
        if len(bare):
            told.append(_hole(lines.iloc[bare], side, term, cause))
    clear = lacks == ""
    rate = lines["rate"].to_numpy(dtype="int64") * prices.days
    for side, sign in (("deposit", 1), ("loan", -1)):
        at = np.flatnonzero(clear & (lines["side"] == side).to_numpy(dtype=bool))
        margin = times(lines["daily"].to_numpy(dtype="int64")[at], sign * (over[at] - rate[at]))
        sums[at] = whole_parts(margin, YEAR_DAYS * MILLIONTHS * prices.days)
    told += [
        finding("study.ftp-line", count=len(own), why=why, what=house.PRICED[str(side)])
        for (side, why), own in lines[lines["lacks"] != ""].groupby(["side", "lacks"], sort=True)
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
