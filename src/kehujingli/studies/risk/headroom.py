"""How much may still be lent? The limits that capital sets, and the room below the tightest of them before a loan is made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from kehujingli.errors import problem
from kehujingli.studies.risk.capital import Capital
from kehujingli.values import round_half_up

if TYPE_CHECKING:
    import pandas as pd

_WAN = 1_000_000


@dataclass(frozen=True)
class Shares:
    """What part of net or of tier-one capital each limit is."""

    single_loan: Decimal
    single_exposure: Decimal
    group_exposure: Decimal
    group_credit: Decimal
    large: Decimal
    top: Decimal


@dataclass(frozen=True)
class Lines:
    """Limits in 分, ``None`` where the capital is not known."""

    single_loan: int | None
    single_exposure: int | None
    group_exposure: int | None
    group_credit: int | None
    large: int | None
    top: int | None


def lines_of(held: Capital, shares: Shares) -> Lines:
    """令〔2018〕1号 articles 7 and 8, 商业银行法 article 39; each a share of net or of tier-one capital."""

    def of(base: int | None, share: Decimal) -> int | None:
        return None if base is None else int(base * share)

    return Lines(
        of(held.net, shares.single_loan),
        of(held.tier1, shares.single_exposure),
        of(held.tier1, shares.group_exposure),
        of(held.net, shares.group_credit),
        of(held.tier1, shares.large),
        of(held.net, shares.top),
    )


def trials(
    what_if: Sequence[str], people: pd.DataFrame, members: pd.DataFrame, together: pd.DataFrame, limits: Lines
) -> Iterator[str]:
    """What each loan would come to, and how much room there is before it is made. Raises ``study.what-if``."""
    for text in what_if:
        who, _, amount = text.partition("=")
        cents = _cents(amount)
        if not who.strip() or cents is None:
            raise problem("study.what-if", value=text)
        found = people[people["customer_id"] == who.strip()]
        loan, whole = (int(found[key].sum()) for key in ("loan_balance", "exposure"))
        own = members.loc[members["customer_id"] == who.strip(), "group_id"]
        group = together[together["group_id"].isin(own)]
        checks = [("单户贷款", loan, limits.single_loan), ("单户风险暴露", whole, limits.single_exposure)]
        if len(group):
            checks += [
                (
                    f"{group['bonds'].iloc[0]} {group['customers'].iloc[0]} 户授信",
                    int(group["exposure"].iloc[0]),
                    limits.group_credit,
                ),
                ("该组风险暴露", int(group["exposure"].iloc[0]), limits.group_exposure),
            ]
        known = [(name, now, limit) for name, now, limit in checks if limit is not None]
        if not known:
            yield f"试算  {who} 再放 {_wan(cents)}：没有资本，算不出还能放多少"
            continue
        name, now, limit = min(known, key=lambda check: check[2] - check[1])
        room = limit - now
        verdict = "可以" if cents <= room else f"超 {_wan(cents - room)}"
        yield f"试算  {who} 再放 {_wan(cents)}：{verdict}。最紧的是{name}，现 {_wan(now)}，上限 {_wan(limit)}，还能放 {_wan(max(room, 0))}"


def _cents(text: str) -> int | None:
    """500万, 5000000, 5,000,000 元 → 分; nothing where it is no amount above zero."""
    plain = text.strip().replace(",", "").removesuffix("元")
    unit = Decimal(10_000) if plain.endswith("万") else Decimal(1)
    try:
        value = Decimal(plain.removesuffix("万").strip()) * unit * 100
    except ArithmeticError:
        return None
    return int(value) if value.is_finite() and value > 0 else None


def _wan(cents: int) -> str:
    return f"{round_half_up(Decimal(cents) / _WAN, 2):,f} 万元"
