"""Over what have a customer's deposits grown? Her 基数: the approved one, her accounts' approved ones, or what the exports tell of the time before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from kehujingli import terms
from kehujingli.actuals.deposits import Account, CustomerGrowth
from kehujingli.tables.averages import WEIGHT, products, spans_of, weights_of
from kehujingli.values import listed, nearest, text_of

if TYPE_CHECKING:
    import pandas as pd

    from kehujingli.actuals.facts import Facts


class Base(NamedTuple):
    """A choice of what to measure from: the measure of a customer that tells it, and its words for a sentence."""

    measure: str
    words: str


BASES: Mapping[str, Base] = {
    "last_year_average": Base("average_deposit_last_year", terms.label("average_deposit_last_year")),
    "year_opening": Base("deposit_year_opening", "上年末余额"),
    "same_period_last_year": Base("average_deposit_same_period", terms.label("average_deposit_same_period")),
}


def bases(
    facts: Facts, kind: str, by_customer: Mapping[str, Decimal], by_account: Mapping[str, Mapping[str, Decimal]]
) -> pd.Series:
    """The 基数 of every customer in 分, nothing where it is not known."""
    people = facts.customers
    base = people[BASES[kind].measure].copy()
    approved = {customer: int(value * 100) for customer, value in by_customer.items()}
    for customer, cents in {**approved, **_by_accounts(facts, kind, by_account)}.items():
        base[people["customer_id"] == customer] = cents
    return base


def _by_accounts(facts: Facts, kind: str, approved: Mapping[str, Mapping[str, Decimal]]) -> dict[str, int | None]:
    """基数 of customers with approved ones of accounts: their sum, and of her other accounts what the exports tell; nothing where one cannot."""
    figures = facts.accounts[facts.accounts["customer_id"].isin(list(approved))]
    own, known, days = _own_bases(facts, figures, kind)
    sums: dict[str, Fraction | None] = {
        customer: sum((Fraction(value * 100) for value in accounts.values()), Fraction(0))
        for customer, accounts in approved.items()
    }
    weight = weights_of(figures["kind"], facts.weights)
    for account, customer, factor, old, told in zip(
        figures["account_id"].tolist(), figures["customer_id"].tolist(), weight, own, known, strict=True
    ):
        total = sums[customer]
        if account not in approved[customer] and total is not None:
            sums[customer] = total + Fraction(int(factor) * int(old), WEIGHT * days) if told else None
    return {customer: None if total is None else nearest(total) for customer, total in sums.items()}


def _own_bases(facts: Facts, figures: pd.DataFrame, kind: str) -> tuple[Any, Any, int]:
    """What the exports tell of each account's 基数: Σ of daily balances, whether it is known, over how many days."""
    if kind == "year_opening":
        return figures["opening_year"].to_numpy(), figures["known_opening"].to_numpy(dtype=bool), 1
    name, official = ("same_period", None) if kind == "same_period_last_year" else ("last_year", "average_last_year")
    days = spans_of(facts.period, 1)[name].days
    return *products(figures, name, official, days), days


def growths(
    facts: Facts,
    kind: str,
    ready: pd.DataFrame,
    base: pd.Series,
    by_customer: set[str],
    by_account: Mapping[str, Mapping[str, Decimal]],
) -> list[CustomerGrowth]:
    """The accounts of each customer who is ``ready``, and what each is measured from; ``by_customer``: whose 基数 was approved as a whole."""
    figures = facts.accounts[facts.accounts["customer_id"].isin(ready["customer_id"])]
    product, _ = products(figures, "year", "average_year", spans_of(facts.period, 1)["year"].days)
    weight = weights_of(figures["kind"], facts.weights)
    own, _, own_days = _own_bases(facts, figures, kind)
    known = base.loc[ready.index].notna()
    by_export = set(ready.loc[known.to_numpy(dtype=bool), "customer_id"]) - by_customer
    by_owner: dict[str, list[Account]] = {}
    rows = zip(
        figures["account_id"].tolist(),
        figures["customer_id"].tolist(),
        weight,
        product,
        figures["opening_year"],
        figures["opened"],
        figures["closed"],
        own,
        strict=True,
    )
    for account, customer, factor, total, opening, opened, closed, old in rows:
        share = Fraction(int(factor), WEIGHT)
        baseline = share * Fraction(int(old), own_days) if customer in by_export else Fraction(0)
        approved = by_account.get(customer, {}).get(account)
        baseline = baseline if approved is None else Fraction(approved * 100)
        by_owner.setdefault(customer, []).append(
            Account(account, share, int(total), int(opening), int(opened), int(closed), baseline)
        )
    grown = []
    for customer, branch, average, old in zip(
        ready["customer_id"].tolist(),
        listed(ready["branch_id"]),
        ready["average_deposit_year"],
        listed(base.loc[ready.index]),
        strict=True,
    ):
        accounts = by_owner.get(customer)
        if accounts:
            known_base = None if old is None else int(old)
            grown.append(
                CustomerGrowth(customer, text_of(branch), int(average), known_base, _fit(accounts, known_base or 0))
            )
    return grown


def _fit(accounts: Sequence[Account], baseline: int) -> list[Account]:
    """The accounts' own 基数, or the customer's approved one laid on them by their size."""
    if baseline and all(account.baseline == 0 for account in accounts):
        total = sum(abs(account.product) for account in accounts)
        shares = [
            Fraction(abs(account.product), total) if total else Fraction(1, len(accounts)) for account in accounts
        ]
        return [
            Account(a.account_id, a.weight, a.product, a.opening, a.opened, a.closed, share * baseline)
            for a, share in zip(accounts, shares, strict=True)
        ]
    return list(accounts)
