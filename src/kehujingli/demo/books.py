"""What do the customers do? Accounts with running balances that are exact and never negative, their averages, and loans.

Every posting is drawn first; an account's opening balance is then made large enough that no balance falls below zero.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from kehujingli.demo.county import Calendar
from kehujingli.demo.outside import other_sides
from kehujingli.periods import date_of, day_of, month_end, month_start
from kehujingli.values import divide_half_up

Whole = npt.NDArray[np.int64]
_KINDS = np.array(["现金存款", "转账存入", "现金取款", "转账支出", "手机银行转账", "POS消费"], dtype=object)
_CHANNELS = np.array(["柜面", "柜面", "柜面", "手机银行", "手机银行", "POS"], dtype=object)


@dataclass(frozen=True)
class Books:
    """``accounts``: one row an account with its opening balance; ``postings``: one row a posting in order of day and number."""

    accounts: pd.DataFrame
    postings: pd.DataFrame
    quiet: npt.NDArray[np.bool_]
    """Customers drawn as quiet for a year and more."""


def make_books(rng: np.random.Generator, customers: pd.DataFrame, calendar: Calendar) -> Books:
    """Accounts and postings of the whole county."""
    accounts = _accounts(rng, customers, calendar)
    parts = [
        _customer_made(rng, accounts, calendar),
        _monthly(rng, accounts, calendar),
        _interest(rng, accounts, calendar),
        _openings(accounts, calendar),
    ]
    postings = pd.concat(parts, ignore_index=True)
    postings = pd.concat(
        [postings, _reversals(rng, postings), _own_transfers(rng, accounts, calendar)], ignore_index=True
    )
    opened = accounts["opened_on"].to_numpy()[postings["account"]]
    postings = postings[(postings["day"] >= np.maximum(opened, calendar.first)) & (postings["day"] <= calendar.last)]
    postings["time"] = rng.integers(8 * 3600, 20 * 3600, len(postings))
    postings = postings.sort_values(["day", "time", "account", "order"], kind="stable", ignore_index=True)
    quiet = (accounts["style"] == "dormant").to_numpy()[: len(customers)]
    return _run_balances(accounts, postings, calendar, quiet)


def _accounts(rng: np.random.Generator, customers: pd.DataFrame, calendar: Calendar) -> pd.DataFrame:
    count = len(customers)
    kind = customers["customer_type"].to_numpy()
    size = np.exp(rng.normal(np.log(620_000), 1.75, count))
    size = np.where(
        kind == "business",
        size * 14,
        np.where(kind == "public", size * 60, np.where(kind == "sole_trader", size * 3, size)),
    )
    style = rng.choice(["dormant", "frequent", "mobile"], count, p=[0.215, 0.375, 0.41])
    recent = customers["opened_on"].to_numpy() > calendar.last - 200
    style = np.where(recent & (style == "dormant"), "mobile", style)
    woken = (style == "dormant") & (rng.random(count) < 0.06)
    demand = pd.DataFrame(
        {
            "owner": np.arange(count),
            "kind": "demand",
            "size": size,
            "style": style,
            "woken": woken,
            "rural": customers["rural"].to_numpy(),
            "opened_on": customers["opened_on"].to_numpy(),
            "matures_on": pd.NA,
        }
    )
    second = rng.random(count) < 0.05
    term = rng.random(count) < np.where(style == "dormant", 0.08, 0.24)
    extra = pd.concat(
        [
            demand[second].assign(size=size[second] / 3),
            _terms(rng, demand[term], calendar),
            _special(demand, kind, rng),
        ],
        ignore_index=True,
    )
    accounts = pd.concat([demand, extra], ignore_index=True)
    accounts["account_id"] = [f"62282{number:012d}{number % 97:02d}" for number in range(1, len(accounts) + 1)]
    accounts["rate"] = accounts["kind"].map(
        {"demand": 0.0015, "term": 0.0185, "notice": 0.0075, "margin": 0.0035, "fiscal": 0.0015}
    )
    return accounts


def _terms(rng: np.random.Generator, demand: pd.DataFrame, calendar: Calendar) -> pd.DataFrame:
    """Fixed deposits that mature after the last day: one, two or three years, nobody moves them."""
    years = rng.choice([1, 2, 3], len(demand), p=[0.3, 0.3, 0.4])
    opened = calendar.last - (rng.random(len(demand)) * years * 365).astype("int64")
    opened = np.maximum(opened, demand["opened_on"].to_numpy())
    return demand.assign(
        kind="term",
        size=np.round(demand["size"] * 1.5, -5) + 100_000,
        opened_on=opened,
        matures_on=opened + years * 365 + 1,
    )


def _special(demand: pd.DataFrame, kind: npt.NDArray[np.object_], rng: np.random.Generator) -> pd.DataFrame:
    margin = demand[(kind == "business") & (rng.random(len(demand)) < 0.3)].assign(kind="margin")
    fiscal = demand[kind == "public"].assign(kind="fiscal")
    return pd.concat(
        [margin.assign(size=margin["size"] / 5), fiscal.assign(size=fiscal["size"] / 2)], ignore_index=True
    )


def _frame(day: Whole, account: Whole, signed: Whole, kind: object, memo: object, channel: object) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "day": day,
            "account": account,
            "signed": signed,
            "kind": kind,
            "memo": memo,
            "channel": channel,
            "order": np.arange(len(day)),
            "partner": -1,
        }
    )


def _customer_made(rng: np.random.Generator, accounts: pd.DataFrame, calendar: Calendar) -> pd.DataFrame:
    """Deposits, withdrawals, transfers: often, now and then, or long ago."""
    live = np.flatnonzero(accounts["kind"] == "demand")
    style = accounts["style"].to_numpy()[live]
    pace = np.where(style == "frequent", rng.gamma(2.0, 2.0, len(live)) + 1.2, rng.gamma(1.0, 0.45, len(live)) + 0.12)
    counts = rng.poisson(pace * calendar.months)
    account = np.repeat(live, counts)
    day = calendar.first + rng.integers(0, calendar.last - calendar.first + 1, len(account))
    quiet_from = day_of(month_start(calendar.last_month - 13))
    asleep = accounts["style"].to_numpy()[account] == "dormant"
    keep = ~asleep | (day < quiet_from)
    account, day = account[keep], day[keep]
    woken = np.flatnonzero(accounts["woken"] & (accounts["kind"] == "demand"))
    for back in (0, 1):
        account = np.concatenate([account, woken])
        day = np.concatenate([day, day_of(month_start(calendar.last_month - back)) + rng.integers(0, 27, len(woken))])
    which = rng.choice(6, len(account), p=[0.25, 0.25, 0.13, 0.11, 0.17, 0.09])
    amount = (
        np.round(accounts["size"].to_numpy()[account] * np.exp(rng.normal(-3.3, 1.0, len(account)))).astype("int64")
        + 100
    )
    amount = np.where(rng.random(len(account)) < 0.7, amount // 1000 * 1000 + 1000, amount)
    signed = np.where(which < 2, (amount * 1.05).astype("int64") // 100 * 100, -amount)
    return _frame(day, account, signed, _KINDS[which], _KINDS[which], _CHANNELS[which])


def _monthly(rng: np.random.Generator, accounts: pd.DataFrame, calendar: Calendar) -> pd.DataFrame:
    """Pensions, wages, subsidies and fees, month by month: nobody came for them."""
    first = accounts.drop_duplicates("owner").index.to_numpy()
    rural = accounts["rural"].to_numpy()[first]
    pension = first[rural & (rng.random(len(first)) < 1 / 3)]
    wage = first[~rural & (rng.random(len(first)) < 0.15)]
    fee = first[rng.random(len(first)) < 0.3]
    parts = []
    for month in range(calendar.last_month - calendar.months + 1, calendar.last_month + 1):
        start = day_of(month_start(month))
        parts.append(
            _frame(
                np.full(len(pension), start + 9),
                pension,
                rng.integers(110, 320, len(pension)) * 100,
                "代发",
                "养老金",
                "批量",
            )
        )
        parts.append(
            _frame(
                np.full(len(wage), start + 14),
                wage,
                rng.integers(2500, 8000, len(wage)) * 100,
                "代发",
                "代发工资",
                "批量",
            )
        )
        parts.append(_frame(np.full(len(fee), start + 24), fee, np.full(len(fee), -200), "收费", "短信费", "批量"))
        if month % 12 == 4:
            parts.append(
                _frame(
                    np.full(len(pension), start + 19),
                    pension,
                    rng.integers(80, 900, len(pension)) * 100,
                    "代发",
                    "惠农补贴",
                    "批量",
                )
            )
    return pd.concat(parts, ignore_index=True)


def _interest(rng: np.random.Generator, accounts: pd.DataFrame, calendar: Calendar) -> pd.DataFrame:
    """结息 on the 21st of the last month of every quarter."""
    live = np.flatnonzero(accounts["kind"] == "demand")
    parts = []
    for month in range(calendar.last_month - calendar.months + 1, calendar.last_month + 1):
        if month % 3 == 2:
            amount = np.maximum(
                1, np.round(accounts["size"].to_numpy()[live] * 0.0004 * rng.uniform(0.6, 1.4, len(live)))
            ).astype("int64")
            parts.append(
                _frame(np.full(len(live), day_of(month_start(month)) + 20), live, amount, "结息", "利息入账", "批量")
            )
    nothing = np.array([], dtype="int64")
    return pd.concat(parts, ignore_index=True) if parts else _frame(nothing, nothing, nothing, "", "", "")


def _openings(accounts: pd.DataFrame, calendar: Calendar) -> pd.DataFrame:
    """The first deposit of accounts opened within the simulated months."""
    new = np.flatnonzero(accounts["opened_on"] >= calendar.first)
    size = accounts["size"].to_numpy()[new].astype("int64") // 100 * 100 + 10_000
    return _frame(accounts["opened_on"].to_numpy()[new], new, size, "开户存入", "开户", "柜面")


def _reversals(rng: np.random.Generator, postings: pd.DataFrame) -> pd.DataFrame:
    """A few postings done wrong and undone: the pair has no effect."""
    made = postings.index[postings["kind"].isin(_KINDS[:5])]
    wrong = postings.loc[rng.choice(made, max(3, len(made) // 5000), replace=False)]
    undone = wrong.assign(
        signed=-wrong["signed"],
        memo="冲正",
        day=wrong["day"] + rng.integers(0, 3, len(wrong)),
        order=wrong["order"] + len(postings),
    )
    return pd.concat([wrong.assign(order=wrong["order"] + len(postings) // 2), undone], ignore_index=True)


def _own_transfers(rng: np.random.Generator, accounts: pd.DataFrame, calendar: Calendar) -> pd.DataFrame:
    """Money moved between two accounts of one customer."""
    demand = accounts[accounts["kind"] == "demand"]
    second = demand.index[demand.duplicated("owner")].to_numpy()
    first = demand.drop_duplicates("owner").set_index("owner").index
    main = (
        pd.Series(demand.drop_duplicates("owner").index, index=first)
        .loc[accounts["owner"].to_numpy()[second]]
        .to_numpy()
    )
    day = calendar.first + rng.integers(0, calendar.last - calendar.first, len(second))
    amount = rng.integers(5, 200, len(second)) * 10_000
    out = _frame(day, main, -amount, "转账支出", "本人转账", "手机银行").assign(partner=second)
    into = _frame(day, second, amount, "转账存入", "本人转账", "手机银行").assign(partner=main)
    return pd.concat([out, into], ignore_index=True)


def _run_balances(
    accounts: pd.DataFrame, postings: pd.DataFrame, calendar: Calendar, quiet: npt.NDArray[np.bool_]
) -> Books:
    order = np.lexsort((np.arange(len(postings)), postings["account"].to_numpy()))
    signed, account = postings["signed"].to_numpy()[order], postings["account"].to_numpy()[order]
    total = np.cumsum(signed)
    starts = np.flatnonzero(np.concatenate([[True], account[1:] != account[:-1]]))
    before = np.repeat(np.concatenate([[0], total])[starts], np.diff(np.concatenate([starts, [len(account)]])))
    running = total - before
    lowest = np.minimum.reduceat(running, starts) if len(starts) else np.array([], dtype="int64")
    opening = (accounts["size"].to_numpy() * 0.8).astype("int64") // 100 * 100
    opening = np.where(accounts["opened_on"] >= calendar.first, 0, opening)
    need = np.zeros(len(accounts), dtype="int64")
    need[account[starts]] = np.maximum(0, -lowest)
    # An account that began inside the months began at zero: its first deposit carries the need.
    begun = (accounts["opened_on"] >= calendar.first).to_numpy()
    opening = np.where(begun, 0, np.maximum(opening, need))
    lift = np.zeros(len(postings), dtype="int64")
    lift[order[starts]] = np.where(begun[account[starts]], need[account[starts]], 0)
    postings = postings.assign(signed=postings["signed"] + lift)
    balance = np.empty(len(postings), dtype="int64")
    balance[order] = running + np.where(begun, need, opening)[account]
    postings["balance"] = balance
    postings["transaction_id"] = _numbers(postings["day"].to_numpy())
    return Books(accounts.assign(opening=opening), postings, quiet)


def _numbers(day: Whole) -> list[str]:
    starts = np.concatenate([[True], day[1:] != day[:-1]]) if len(day) else np.array([], dtype=bool)
    position = np.arange(len(day)) - np.maximum.accumulate(np.where(starts, np.arange(len(day)), 0))
    stamps = {int(value): f"{date_of(int(value)):%Y%m%d}" for value in np.unique(day)}
    return [f"{stamps[int(value)]}{number:07d}" for value, number in zip(day, position + 1, strict=True)]


def balances_on(books: Books, day: int) -> Whole:
    """The balance of every account at the end of a day (分)."""
    past = books.postings[books.postings["day"] <= day]
    moved = np.bincount(past["account"], weights=past["signed"], minlength=len(books.accounts)).astype("int64")
    return np.asarray(books.accounts["opening"].to_numpy() + moved)


def averages(books: Books, first: int, last: int) -> Whole:
    """The daily average of every account over *first..last*, rounded half up to the 分."""
    end = balances_on(books, last)
    inside = books.postings[(books.postings["day"] >= first) & (books.postings["day"] <= last)]
    # Days before an account's opening count zero; one opened within the postings had no balance before them.
    early = np.clip(np.minimum(books.accounts["opened_on"].to_numpy(), last + 1) - first, 0, None)
    exact = np.asarray(books.accounts["opening"].to_numpy() * early, dtype="int64")
    np.add.at(exact, inside["account"].to_numpy(), inside["signed"].to_numpy() * (inside["day"].to_numpy() - first))
    return divide_half_up(end * (last - first + 1) - exact, last - first + 1)


def account_table(
    books: Books, customers: pd.DataFrame, collectors: pd.Series, calendar: Calendar, day: int
) -> pd.DataFrame:
    """The accounts snapshot of a month-end."""
    accounts = books.accounts
    when = date_of(day)
    year_first, month_first = day_of(when.replace(month=1, day=1)), day_of(when.replace(day=1))
    last_year = (
        max(calendar.first, day_of(month_start((when.year - 1) * 12))),
        day_of(month_end((when.year - 1) * 12 + 11)),
    )
    owner = accounts["owner"].to_numpy()
    table = pd.DataFrame(
        {
            "account_id": accounts["account_id"],
            "customer_id": customers["customer_id"].to_numpy()[owner],
            "branch_id": customers["branch_id"].to_numpy()[owner],
            "kind": accounts["kind"],
            "product": accounts["kind"].map(
                {"demand": "活期一本通", "term": "整存整取", "margin": "承兑保证金", "fiscal": "财政专户"}
            ),
            "balance": balances_on(books, day),
            "average_month": averages(books, month_first, day),
            "average_year": averages(books, year_first, day),
            "average_last_year": averages(books, *last_year) if last_year[0] <= last_year[1] else 0,
            "rate": accounts["rate"],
            "opened_on": accounts["opened_on"],
            "matures_on": accounts["matures_on"],
            "closed_on": pd.NA,
            "manager_id": collectors.to_numpy(),
            "currency": "人民币",
        }
    )
    table["average_last_year"] = table["average_last_year"].where(accounts["opened_on"].to_numpy() <= last_year[1], 0)
    return table[accounts["opened_on"].to_numpy() <= day].reset_index(drop=True)


def posting_table(books: Books, customers: pd.DataFrame, month: int) -> pd.DataFrame:
    """The postings of one month as the core system exports them."""
    first, last = day_of(month_start(month)), day_of(month_end(month))
    rows = books.postings[(books.postings["day"] >= first) & (books.postings["day"] <= last)]
    accounts = books.accounts
    owner = accounts["owner"].to_numpy()[rows["account"]]
    partner = rows["partner"].to_numpy()
    clock = rows["time"].to_numpy()
    others = other_sides(rows["kind"], partner, owner, customers["name"])
    return pd.DataFrame(
        {
            "date": rows["day"].to_numpy(),
            "time": [f"{value // 3600:02d}:{value // 60 % 60:02d}:{value % 60:02d}" for value in clock],
            "customer_id": customers["customer_id"].to_numpy()[owner],
            "account_id": accounts["account_id"].to_numpy()[rows["account"]],
            "direction": np.where(rows["signed"] >= 0, "credit", "debit"),
            "amount": rows["signed"].abs().to_numpy(),
            "balance": rows["balance"].to_numpy(),
            "kind": rows["kind"].to_numpy(),
            "memo": rows["memo"].to_numpy(),
            "channel": rows["channel"].to_numpy(),
            "branch_id": customers["branch_id"].to_numpy()[owner],
            "counterparty_account": np.where(
                partner >= 0,
                accounts["account_id"].to_numpy()[np.maximum(partner, 0)],
                others["counterparty_account"].to_numpy(),
            ),
            "counterparty_name": others["counterparty_name"].to_numpy(),
            "counterparty_bank": others["counterparty_bank"].to_numpy(),
            "transaction_id": rows["transaction_id"].to_numpy(),
        }
    )
