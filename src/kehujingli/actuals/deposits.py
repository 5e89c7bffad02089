"""How much did deposits grow under each holder? Day by day: share × (balance at day's end − 基数) ÷ days, the 基数 goes with the customer."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from kehujingli import terms
from kehujingli.actuals import Contribution
from kehujingli.tables.tenure import Stint, Tenure
from kehujingli.values import listed, share_out, text_of

if TYPE_CHECKING:
    import pandas as pd

Movements = Callable[[Sequence[str]], Mapping[str, Sequence[tuple[int, int]]]]
"""Account ids → account → (day, 分 signed) of its postings in the year so far."""


@dataclass(frozen=True)
class Account:
    """What growth needs to know of one account. ``weight`` is a fraction, products are 分·days over the year so far."""

    account_id: str
    weight: Fraction
    product: int
    opening: int
    opened: int
    closed: int
    baseline: Fraction
    """Weighted, in 分."""


@dataclass(frozen=True)
class CustomerGrowth:
    """One customer's growth: the rounded average and 基数 that the lists show, and the accounts behind them."""

    customer_id: str
    branch_id: str | None
    average: int
    baseline: int | None
    """Nothing where it is not known: then only those have a growth whose own 基数 stands for it."""
    accounts: Sequence[Account]


def balance_days(account: Account, moves: Sequence[tuple[int, int]], first: int, last: int, year_first: int) -> int:
    """Σ over the days *first..last* of the balance at day's end, zero before opening and after closing (分·days)."""
    start, end = max(first, account.opened), min(last, account.closed)
    if end < start:
        return 0
    total = account.opening * (end - start + 1)
    for day, signed in moves:
        if year_first <= day <= end:
            total += signed * (end - max(day, start) + 1)
    return total


def growth(
    customers: Sequence[CustomerGrowth],
    tenure: Tenure,
    movements: Movements,
    own_baseline: Collection[str] = frozenset(),
) -> Iterator[Contribution]:
    """Each customer's growth shared out to its holders, to the 分: parts add up to average − 基数 as listed.

    Holders with an ``own_baseline`` answer for one 基数 over all they hold: their parts are averages, without the customers' own.
    """
    days = tenure.last - tenure.first + 1
    split = [customer for customer in customers if not _one_holder(customer, tenure)]
    moves = movements(
        [
            account.account_id
            for customer in split
            for account in customer.accounts
            if account.account_id in tenure.several
        ]
    )
    shared = {customer.customer_id for customer in split}
    for customer in customers:
        base = customer.baseline or 0
        whole = customer.average - base
        if customer.customer_id in shared:
            parts = _share(customer, whole, tenure, moves, days)
        else:
            holder = tenure.single[customer.accounts[0].account_id]
            parts = iter([_part(customer, holder, whole, base)])
        for part in parts:
            if part.holder in own_baseline:
                yield replace(part, numerator=part.numerator + (part.baseline or 0), baseline=0)
            elif customer.baseline is not None:
                yield part


def _part(customer: CustomerGrowth, holder: str, part: int, base: int, **more: Any) -> Contribution:
    return Contribution(
        "average_deposit_growth",
        holder,
        customer.branch_id,
        customer.customer_id,
        "",
        part,
        baseline=base,
        **more,
    )


def _one_holder(customer: CustomerGrowth, tenure: Tenure) -> bool:
    holders = {tenure.single.get(account.account_id) for account in customer.accounts}
    return len(holders) == 1 and None not in holders


def _share(
    customer: CustomerGrowth, whole: int, tenure: Tenure, moves: Mapping[str, Sequence[tuple[int, int]]], days: int
) -> Iterator[Contribution]:
    grown: dict[str, Fraction] = {}
    based: dict[str, Fraction] = {}
    seen: dict[str, tuple[int, int]] = {}
    shares: dict[str, set[Fraction]] = {}
    for account in customer.accounts:
        stints = tenure.stints(account.account_id)
        pieces = _pieces(account, stints, moves.get(account.account_id, ()), tenure, days)
        for stint, product in zip(stints, pieces, strict=True):
            gain = stint.share * (account.weight * product - account.baseline * stint.days) / days
            grown[stint.holder] = grown.get(stint.holder, Fraction(0)) + gain
            based[stint.holder] = (
                based.get(stint.holder, Fraction(0)) + stint.share * account.baseline * stint.days / days
            )
            span = seen.get(stint.holder, (stint.first, stint.last))
            seen[stint.holder] = (min(span[0], stint.first), max(span[1], stint.last))
            shares.setdefault(stint.holder, set()).add(stint.share)
    holders = sorted(grown)
    parts = share_out(whole, [grown[holder] for holder in holders], holders)
    bases = share_out(customer.baseline or 0, [based[holder] for holder in holders], holders)
    for holder, part, base in zip(holders, parts, bases, strict=True):
        share = str(max(shares[holder])) if len(shares[holder]) == 1 else ""
        first, last = seen[holder]
        yield _part(customer, holder, part, base, first=first, last=last, share=share)


def _pieces(
    account: Account, stints: Sequence[Stint], moves: Sequence[tuple[int, int]], tenure: Tenure, days: int
) -> list[Fraction]:
    """Σ of daily balances of each stint. Where the official average differs from the postings, the difference goes by days."""
    if all((stint.first, stint.last) == (tenure.first, tenure.last) for stint in stints):
        return [Fraction(account.product)] * len(stints)
    told = [balance_days(account, moves, stint.first, stint.last, tenure.first) for stint in stints]
    gap = account.product - balance_days(account, moves, tenure.first, tenure.last, tenure.first)
    return [Fraction(product) + Fraction(gap * stint.days, days) for product, stint in zip(told, stints, strict=True)]


def ratio_parts(
    figures: pd.DataFrame, tenure: Tenure, branches: Mapping[str, str | None], last: int
) -> Iterator[Contribution]:
    """期末加权利率 and 活期占比 as parts: Σ balance × rate and balance of the accounts held on the last day."""
    rated = figures[figures["rate"].notna() & (figures["balance"] != 0)]
    for row in rated.itertuples():
        yield from _parts(
            "deposit_cost", row, int(row.balance) * int(row.rate), int(row.balance), tenure, branches, last
        )
    kinds = figures[figures["kind"].notna() & (figures["balance"] != 0)]
    for row in kinds.itertuples():
        yield from _parts(
            "demand_share",
            row,
            int(row.balance) if row.kind == "demand" else 0,
            int(row.balance),
            tenure,
            branches,
            last,
        )


def interest_parts(people: pd.DataFrame, figures: pd.DataFrame, tenure: Tenure, last: int) -> Iterator[Contribution]:
    """付息率 as parts: what a customer was paid in twelve months over her average (全口径), where both are known.

    They go to who holds her accounts on the last day, by the accounts' own averages.
    """
    held: dict[str, dict[str, Fraction]] = {}
    for account, customer, product in zip(
        figures["account_id"].tolist(), figures["customer_id"].tolist(), figures["product_window"].tolist(), strict=True
    ):
        shares = held.setdefault(str(customer), {})
        for holder, share in tenure.on(account, last):
            # an account that held nothing in the year still says who her holder is
            shares[holder] = shares.get(holder, Fraction(0)) + share * (abs(int(product)) or Fraction(1, 10**6))
    known = people[people["interest_paid"].notna() & people["average_deposit_full"].notna()]
    for customer, branch, paid, average in zip(
        known["customer_id"].tolist(),
        listed(known["branch_id"]),
        known["interest_paid"].tolist(),
        known["average_deposit_full"].tolist(),
        strict=True,
    ):
        if not paid and not average:
            continue
        shares = held.get(str(customer)) or {terms.PUBLIC: Fraction(1)}
        whole = sum(shares.values(), Fraction(0))
        parts = [(holder, share / whole) for holder, share in sorted(shares.items())]
        for holder, top, bottom, _ in split(int(paid), int(average), parts):
            yield Contribution("interest_cost", holder, text_of(branch), str(customer), "", top, bottom)


def _parts(
    actual: str,
    row: Any,
    numerator: int,
    denominator: int,
    tenure: Tenure,
    branches: Mapping[str, str | None],
    last: int,
) -> Iterator[Contribution]:
    for holder, part, whole, share in split(numerator, denominator, tenure.on(row.account_id, last)):
        yield Contribution(
            actual, holder, branches.get(row.customer_id), row.customer_id, row.account_id, part, whole, share=share
        )


def split(
    numerator: int, denominator: int, holders: Sequence[tuple[str, Fraction]]
) -> Iterator[tuple[str, int, int, str]]:
    """A figure and its denominator shared out to holders, parts adding up."""
    if len(holders) == 1:
        yield holders[0][0], numerator, denominator, "1"
        return
    names = [holder for holder, _ in holders]
    tops = share_out(numerator, [numerator * share for _, share in holders], names)
    bottoms = share_out(denominator, [denominator * share for _, share in holders], names)
    for (holder, share), top, bottom in zip(holders, tops, bottoms, strict=True):
        yield holder, top, bottom, str(share)
