"""What does a handover do to either side's growth of deposits, day by day? By the rule the 基数 goes with the customer; with a neutral 基数 nobody loses.

Neutral: the taker is measured from what he took over (the balance at the end of the day before), and what had grown until then stays the giver's.
Both ways the two sides, and whoever held it before the giver, together are the customers' growth, each day.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from kehujingli.actuals import Way
from kehujingli.actuals.baselines import Baselines
from kehujingli.actuals.deposits import Account, CustomerGrowth
from kehujingli.actuals.growths import bases, growths
from kehujingli.actuals.ways import USUAL_BASELINE, wants, ways
from kehujingli.tables.tenure import Stint
from kehujingli.values import nearest, share_out

if TYPE_CHECKING:
    from kehujingli.actuals.facts import Facts
    from kehujingli.rules import IncentiveRules

Moves = Mapping[str, Sequence[tuple[int, int]]]
"""Account → (day, 分 signed) of its postings in the year so far."""
Held = Mapping[str, Sequence[Stint]]
"""Account → when, and how much of it, the giver held."""
_OTHERS = "~"
"""Behind every number."""


@dataclass(frozen=True)
class Day:
    """One day's end, as if the period ended there; 分. ``whole`` = ``others`` + ``giver`` + ``taker`` = ``others`` + ``giver_neutral`` +
    ``taker_neutral``; ``others``: of days before the handover on which it was not, or not wholly, the giver's."""

    day: int
    balance: int
    whole: int
    others: int
    giver: int
    taker: int
    giver_neutral: int
    taker_neutral: int


def of_accounts(facts: Facts, rules: IncentiveRules, accounts: Collection[str]) -> list[CustomerGrowth]:
    """What the growth of these accounts is reckoned from, as the first item that asks for it measures it; who has no 基数 is not among them."""
    named = (way for way in ways(rules) if way.actual == "average_deposit_growth")
    way = next(named, Way("average_deposit_growth", USUAL_BASELINE))
    told = Baselines(facts.tables, wants(rules), facts.period)
    by_customer = told.of(way, "customer_id")
    by_account = told.of_accounts(way, by_customer)
    base = bases(facts, way.choice, by_customer, by_account)
    people = facts.customers
    owners = set(facts.accounts.loc[facts.accounts["account_id"].isin(list(accounts)), "customer_id"])
    ready = people[people["average_deposit_year"].notna() & base.notna() & people["customer_id"].isin(list(owners))]
    days = facts.period.last - facts.period.year_first + 1
    found = growths(facts, way.choice, ready, base, set(by_customer), by_account)
    return [_part_of(customer, accounts, days) for customer in found]


def _part_of(customer: CustomerGrowth, accounts: Collection[str], days: int) -> CustomerGrowth:
    """Those of a customer's accounts; where they are not all, average and 基数 are theirs alone."""
    own = [account for account in customer.accounts if account.account_id in accounts]
    if len(own) == len(customer.accounts):
        return customer
    average = sum((account.weight * account.product for account in own), Fraction(0)) / days
    base = sum((account.baseline for account in own), Fraction(0))
    return replace(customer, accounts=own, average=nearest(average), baseline=nearest(base))


def held_by(facts: Facts, accounts: Collection[str], giver: str) -> Held:
    """The giver's stints of each of these accounts in the year, as the month reckons them before the handover."""
    from kehujingli.tables.tenure import Holders, Roster, customer_tenure, item_tenure

    own = facts.accounts[facts.accounts["account_id"].isin(list(accounts))]
    people = facts.customers[facts.customers["customer_id"].isin(own["customer_id"])]
    holders = Holders(Roster.of(facts.tables["managers"]), facts.tables["attributions"], facts.plans, facts.managed)
    span = facts.period.year_first, facts.period.last
    tenure = item_tenure(
        own, "account_id", "manager_id", "deposit", customer_tenure(people, holders, *span), holders, *span
    )
    return {one: [stint for stint in tenure.stints(one) if stint.holder == giver] for one in own["account_id"]}


def by_day(
    customers: Sequence[CustomerGrowth],
    moves: Moves,
    year: tuple[int, int],
    first: int,
    on: int,
    names: tuple[str, str],
    held: Held | None = None,
) -> list[Day]:
    """``customers``: what is handed over, with the accounts that go; ``year``: first and last day of what is known; from ``first`` on every day is told.

    ``on``: the taker's first day; ``names``: giver and taker, whose order settles the last 分; ``held``: what the giver held before it,
    everything all the time where it is not said.
    """
    days = range(max(first, year[0]), year[1] + 1)
    sums = {day: [0] * 7 for day in days}
    for customer in customers:
        for day, figures in _customer(customer, moves, year, days, on, names, held):
            sums[day] = [total + figure for total, figure in zip(sums[day], figures, strict=True)]
    return [Day(day, *found) for day, found in sums.items()]


def taken_over(customer: CustomerGrowth, moves: Moves, year: tuple[int, int], on: int) -> int:
    """The balance (after its 折算系数, 分) at the end of the day before ``on``, or at the last day that is known: the neutral 基数."""
    balances = _balances(customer.accounts, moves, year)
    return nearest(balances[min(max(on - 1, year[0]), year[1]) - year[0]])


def _customer(
    customer: CustomerGrowth,
    moves: Moves,
    year: tuple[int, int],
    days: range,
    on: int,
    names: tuple[str, str],
    held: Held | None,
) -> Iterator[tuple[int, tuple[int, ...]]]:
    start, last = year
    each = [(one, _balances([one], moves, year)) for one in customer.accounts]
    base = sum((account.baseline for account in customer.accounts), Fraction(0))
    level = Fraction(taken_over(customer, moves, year, on))
    others, before, after = Fraction(0), Fraction(0), Fraction(0)
    for place, day in enumerate(range(start, last + 1)):
        for account, balances in each:
            gain = balances[place] - account.baseline
            own = Fraction(1) if held is None else _share(held.get(account.account_id, ()), day)
            if day < on:
                others, before = others + (1 - own) * gain, before + own * gain
            else:
                after += gain
        if day not in days:
            continue
        length = place + 1
        parts = [before / length, after / length, others / length]
        # the last day is what the lists show: a rounded average less a rounded 基数
        whole = customer.average - (customer.baseline or 0) if day == last else nearest(sum(parts, Fraction(0)))
        giver, taker, rest = share_out(whole, parts, (*names, _OTHERS))
        moved = nearest((level - base) * max(day - max(on, start) + 1, 0) / length)
        balance = nearest(sum((balances[place] for _, balances in each), Fraction(0)))
        yield day, (balance, whole, rest, giver, taker, giver + moved, taker - moved)


def _share(stints: Sequence[Stint], day: int) -> Fraction:
    return sum((stint.share for stint in stints if stint.first <= day <= stint.last), Fraction(0))


def _balances(accounts: Sequence[Account], moves: Moves, year: tuple[int, int]) -> list[Fraction]:
    """The weighted balance at each day's end, zero before opening and after closing; what an official average differs by lies on every day alike."""
    first, last = year
    length = last - first + 1
    found = [Fraction(0)] * length
    for account in accounts:
        changes: dict[int, int] = {}
        for day, signed in moves.get(account.account_id, ()):
            if day >= first:
                changes[max(day, account.opened)] = changes.get(max(day, account.opened), 0) + signed
        held, told = account.opening, []
        for day in range(first, last + 1):
            held += changes.get(day, 0)
            told.append(held if account.opened <= day <= account.closed else 0)
        gap = Fraction(account.product - sum(told), length)
        for place, balance in enumerate(told):
            found[place] += account.weight * (balance + gap)
    return found
