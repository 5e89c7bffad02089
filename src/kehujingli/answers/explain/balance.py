"""What stood on the accounts, day by day? The balances behind an average: from one change to the next, days held, 积数, Σ 积数 ÷ 天数.

Pure: accounts and movements in, change points out. The sums are those of ``measures.deposits``, so an average here is the stored one to the 分.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from kehujingli.values import nearest

WHOLE = 10_000
"""Deposit weights are whole numbers of 1/10000."""


@dataclass(frozen=True)
class Account:
    """``balance`` at the end of the last day known (分); zero before ``opened``, and gone after ``closed`` (days, both held)."""

    account_id: str
    balance: int
    opened: int
    closed: int
    weight: int = WHOLE
    moves: Sequence[tuple[int, int]] = ()
    """(day, 分) of its postings up to the last day known."""

    def on(self, day: int) -> int:
        """At the end of a day, 分."""
        later = sum(signed for moved, signed in self.moves if moved > day)
        return (self.balance - later if day >= self.opened else 0) - (self.balance if day > self.closed else 0)


@dataclass(frozen=True)
class Stretch:
    """Days over which nothing changed, both included. ``counted``: the weighted balance in 分 × 1/10000."""

    first: int
    last: int
    balance: int
    counted: int

    @property
    def days(self) -> int:
        return self.last - self.first + 1

    @property
    def product(self) -> Fraction:
        """积数, 分·天."""
        return Fraction(self.counted * self.days, WHOLE)


@dataclass(frozen=True)
class History:
    """The stretches of a range of days, in order and without a gap."""

    stretches: Sequence[Stretch]

    @property
    def days(self) -> int:
        return sum(stretch.days for stretch in self.stretches)

    @property
    def product(self) -> Fraction:
        return sum((stretch.product for stretch in self.stretches), Fraction(0))

    @property
    def average(self) -> int:
        """分, half away from zero."""
        return nearest(self.product / self.days)


def history(accounts: Sequence[Account], first: int, last: int) -> History:
    """Balances of all accounts together over the days *first..last*."""
    changes = {first}
    for account in accounts:
        days = [account.opened, account.closed + 1, *(day for day, _ in account.moves)]
        changes |= {day for day in days if first < day <= last}
    starts = sorted(changes)
    stretches: list[Stretch] = []
    for start, following in zip(starts, [*starts[1:], last + 1], strict=True):
        held = [(account.on(start), account.weight) for account in accounts]
        balance, counted = sum(cents for cents, _ in held), sum(cents * weight for cents, weight in held)
        if stretches and (stretches[-1].balance, stretches[-1].counted) == (balance, counted):
            start = stretches.pop().first
        stretches.append(Stretch(start, following - 1, balance, counted))
    return History(stretches)


def accounts_of(
    rows: Sequence[Mapping[str, object]], weights: Mapping[str, int], moves: Mapping[str, Sequence[tuple[int, int]]]
) -> list[Account]:
    """From rows of a period's kept accounts (account_id, kind, balance, opened, closed)."""
    return [
        Account(
            str(row["account_id"]),
            int(str(row["balance"])),
            int(str(row["opened"])),
            int(str(row["closed"])),
            weights.get(str(row["kind"]), WHOLE),
            moves.get(str(row["account_id"]), ()),
        )
        for row in rows
    ]
