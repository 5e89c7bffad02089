"""How large is the market of a place, and what part of it is ours? Own figures from the month, those of the others from the table, and why there is none.

Whole numbers: 分 or households. What is ours in the table is only compared: the market is what the others have and what the month says we have.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from kehujingli.errors import Finding
from kehujingli.periods import date_of, month_of_day
from kehujingli.studies.places.towns import Towns, plain
from kehujingli.studies.placing import at, several
from kehujingli.values import missing, nearest

if TYPE_CHECKING:
    import pandas as pd

    from kehujingli.periods import Period

COUNTY = "全县"
MEASURES = {"deposits": "存款", "loans": "贷款", "households": "户数"}
_FAR = 5
"""So many times the month's figure is another unit, not another day."""
_HHI = 10_000


class Limits(Protocol):
    """What the rules say of how far figures may be trusted."""

    @property
    def days(self) -> int: ...
    @property
    def tolerance(self) -> Decimal: ...
    @property
    def most(self) -> Decimal: ...
    @property
    def jump(self) -> Decimal: ...


@dataclass
class Said:
    """What the table says of one place on one day: measure → figure of each other bank, of ours, of the whole. ``torn``: banks told twice, differently."""

    day: int
    banks: dict[str, dict[str, int | None]] = field(default_factory=dict)
    own: dict[str, int | None] = field(default_factory=dict)
    whole: dict[str, int | None] = field(default_factory=dict)
    torn: list[str] = field(default_factory=list)
    like: list[str] = field(default_factory=list)
    """Banks whose name may be ours."""


@dataclass(frozen=True)
class Names:
    """How the banks of the table are told apart, made plain: ours, the line of the whole, and those that look like ours (``like``) and are not."""

    own: frozenset[str]
    whole: frozenset[str]
    like: tuple[str, ...]
    others: frozenset[str]

    @classmethod
    def of(cls, own: Collection[str], whole: Collection[str], like: Collection[str], others: Collection[str]) -> Names:
        ours, all_, rest = (frozenset(map(plain, part)) for part in (own, whole, others))
        return cls(ours, all_, tuple(like), rest)


def said_of(market: pd.DataFrame, towns: Towns, names: Names, last: int) -> tuple[dict[str, list[Said]], list[Finding]]:
    """Place → what is said of it up to the day ``last``, the newest last."""
    found: dict[str, dict[int, Said]] = {}
    seen: dict[tuple[str, int, str], dict[str, int | None]] = {}
    called: dict[str, str] = {}
    twice, like = [], set()
    for row in market.sort_values("date", kind="stable").to_dict("records"):
        place, bank = towns.find(row["region"]), plain(row["bank"])
        if place is None or not bank or row["date"] > last:
            continue
        one = found.setdefault(place, {}).setdefault(int(row["date"]), Said(int(row["date"])))
        figures = {name: None if missing(row[name]) else int(row[name]) for name in MEASURES}
        bank = "" if bank in names.own else bank
        key = (place, one.day, bank)
        if key in seen:
            if seen[key] != figures:
                one.torn.append(str(row["bank"]))
                twice.append(f"{at(row)}{place} {row['bank']}")
            continue
        seen[key] = figures
        if not bank:
            one.own = figures
        elif bank in names.whole:
            one.whole = figures
        else:
            one.banks[called.setdefault(bank, str(row["bank"]).strip())] = figures
            if bank not in names.others and any(word in bank for word in names.like):
                one.like.append(called[bank])
                like.add(called[bank])
    told = [several("study.market-twice", twice)] if twice else []
    if like and any(one.like and not one.own for own in found.values() for one in own.values()):
        told.append(several("study.market-own-like", sorted(like)))
    return {place: [own[day] for day in sorted(own)] for place, own in found.items()}, told


@dataclass(frozen=True)
class Stand:
    """Where we stand in one place, by one measure. ``others``: what the other banks have, ``None`` with why (``lacks``) where that cannot be told;
    ``banks``: of each of them; ``listed``: whether they are all; ``whole``: whether the table tells the market itself; ``told``: ours by the table."""

    own: int
    day: int | None = None
    others: int | None = None
    lacks: str = ""
    banks: Mapping[str, int] = field(default_factory=dict)
    listed: bool = False
    whole: bool = False
    told: int | None = None

    @cached_property
    def total(self) -> int | None:
        return None if self.others is None else self.others + self.own

    @cached_property
    def share(self) -> Fraction | None:
        return Fraction(self.own, self.total) if self.total else None

    @property
    def hhi(self) -> int | None:
        """Σ of the squared shares in per cent, of whole banks: 10,000 is one bank."""
        if not self.total or not self.listed:
            return None
        parts = (*self.banks.values(), self.own)
        return nearest(Fraction(sum(part * part for part in parts) * _HHI, self.total**2))

    @property
    def rank(self) -> int | None:
        return 1 + sum(part > self.own for part in self.banks.values()) if self.total and self.listed else None

    @property
    def largest(self) -> str | None:
        """Of the other banks that are told of."""
        return min(self.banks, key=lambda bank: (-self.banks[bank], bank)) if self.banks else None


def stand(said: Said | None, own: int, measure: str, limits: Limits, lacks: str = "") -> Stand:
    """``lacks``: why there is nothing, where that is known before."""
    if said is None or lacks:
        return Stand(own, said.day if said else None, lacks=lacks or "《市场格局》没有这里")
    banks = {bank: figures[measure] for bank, figures in said.banks.items()}
    known = {bank: part for bank, part in banks.items() if part is not None}
    whole, told = said.whole.get(measure), said.own.get(measure)

    def none(why: str) -> Stand:
        return Stand(own, said.day, None, why, known, told=told)

    if said.torn:
        return none(f"{said.torn[0]}写了两个不同的数")
    if said.like and not said.own:
        return none(f"{said.like[0]}是不是本行不知道")
    if told is not None and not (own <= _FAR * told and told <= _FAR * own):
        return none("本行的报表数和本月差几倍，像是单位不对")
    if whole is None:
        silent = [bank for bank, part in banks.items() if part is None]
        if not known:
            return none(f"没有别家的{MEASURES[measure]}")
        if silent:
            return none(f"{silent[0]}没有写{MEASURES[measure]}")
        return _believed(Stand(own, said.day, sum(known.values()), "", known, listed=True, told=told), limits)
    others = whole - (own if told is None else told)
    if others < 0:
        return none("市场合计小于本行")
    listed = sum(known.values())
    if listed > others * (1 + limits.tolerance):
        return none("各家相加多于市场合计")
    all_ = bool(known) and len(known) == len(banks) and abs(listed - others) <= others * limits.tolerance
    return _believed(Stand(own, said.day, others, "", known, listed=all_, whole=True, told=told), limits)


def _believed(one: Stand, limits: Limits) -> Stand:
    """Nearly everything ours beside others is a unit that slipped rather than a market."""
    if one.share is not None and one.banks and one.share > Fraction(limits.most):
        return Stand(one.own, one.day, None, f"本行占到 {float(one.share):.1%}，像是单位不对", one.banks, told=one.told)
    return one


def together(parts: Mapping[str, Stand], own: int) -> Stand:
    """The county as its towns have it: only where each of them is known, of one day."""
    lacking = [place for place, part in parts.items() if part.others is None]
    days = {part.day for part in parts.values()}
    if not parts or lacking or len(days) > 1:
        why = f"{len(lacking)} 个乡镇缺" if lacking else "各乡镇的日期不一样" if parts else "《市场格局》没有这里"
        return Stand(own, lacks=why)
    banks: dict[str, int] = {}
    for part in parts.values():
        for bank, figure in part.banks.items():
            banks[bank] = banks.get(bank, 0) + figure
    every = list(parts.values())
    others = sum(part.others or 0 for part in every)
    listed, whole = all(part.listed for part in every), all(part.whole for part in every)
    return Stand(own, days.pop(), others, "", banks, listed, whole)


def newest(said: Sequence[Said], period: Period, limits: Limits) -> tuple[Said | None, str]:
    """What is said last, where that is not too old; else why not."""
    if not said:
        return None, "《市场格局》没有这里"
    old = period.last - said[-1].day
    if old > limits.days:
        return None, f"最近的是 {date_of(said[-1].day)} 的，早了 {old} 天"
    return said[-1], ""


def within(said: Sequence[Said], period: Period) -> Said | None:
    """What is said of a day of this month."""
    own = [one for one in said if month_of_day(one.day) == period.month]
    return own[-1] if own else None


@dataclass(frozen=True)
class Change:
    """From one stand to another. ``gained``: our part of what the market grew by; ``lacks``: why there is none of it, or of all."""

    own: int | None = None
    market: int | None = None
    share: Fraction | None = None
    gained: Fraction | None = None
    lacks: str = ""


def change(now: Stand, then: Stand, limits: Limits) -> Change:
    """``then`` tells why there is nothing to compare with."""
    if now.lacks or then.lacks:
        return Change(lacks="" if now.lacks else f"上期：{then.lacks}")
    if not now.total or not then.total or now.share is None or then.share is None:
        return Change(lacks="市场是零")
    differing = sorted({*now.banks} ^ {*then.banks})
    if differing and not (now.whole and then.whole):
        return Change(lacks=f"两期列的银行不一样（{differing[0]}）")
    times = Fraction(max(now.total, then.total), min(now.total, then.total))
    if times > 1 + Fraction(limits.jump):
        return Change(lacks=f"市场比上期差 {float(times):.1f} 倍，像是单位不对")
    own, market = now.own - then.own, now.total - then.total
    if market <= 0:
        word = "减少" if market else "没有增减"
        return Change(own, market, now.share - then.share, None, f"市场{word}，不算增量份额")
    if own < 0:
        return Change(own, market, now.share - then.share, None, "本行减少，不算增量份额")
    return Change(own, market, now.share - then.share, Fraction(own, market))
