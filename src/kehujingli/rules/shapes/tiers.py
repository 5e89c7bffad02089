"""What do two ways of pricing by tiers share? A table of prices from zero up, on the period's total or on its share of each one's target."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, ClassVar

from pydantic import AfterValidator, Field

from kehujingli.rules.shapes.base import Counts, Item, Parameter, Promise, Question, Words, ranges, refused
from kehujingli.values import inner, plain, say

Edge = Annotated[Decimal, Field(allow_inf_nan=True)]
Tier = tuple[Edge, Edge, Decimal]


def _contiguous(tiers: tuple[Tier, ...]) -> tuple[Tier, ...]:
    """From zero to ∞ without gap or overlap."""
    edge = Decimal(0)
    for low, high, _ in tiers:
        if low != edge:
            raise refused(
                "rules.band-gap" if low > edge else "rules.band-overlap",
                low=plain(min(low, edge)),
                high=plain(max(low, edge)),
            )
        if high <= low:
            raise refused("rules.band-overlap", low=plain(low), high=plain(high))
        edge = high
    if not edge.is_infinite():
        raise refused("rules.band-gap", low=plain(edge), high="inf")
    return tiers


def _share(edge: Decimal, due: Decimal) -> Decimal:
    return inner(edge * due) if edge.is_finite() else edge


class Tiers(Item):
    """Prices by tiers of the period's total; what is not above zero earns nothing."""

    way: ClassVar[str]
    """What the scheme calls this way of counting."""
    default_counts: ClassVar[Counts] = "pay"
    tiers: Annotated[tuple[Tier, ...], AfterValidator(_contiguous)] = Field(
        description="[下限, 上限, 单价] 依次相接,从 0 到 inf,含下限"
    )
    by_target: bool = Field(False, description="true 时上下限是本人任务(折到当期)的比例,0.8 是八成;要有任务数")
    per: Decimal = Field(Decimal(1), gt=0, description="单价是每多少,如每万元写 10_000")

    def sentence(self, words: Words) -> str:
        said = ranges(self.tiers, lambda value: self._said(words, value))
        return f"{self.way}（每 {words.say(self.id, self.per)}）：{said}"

    @property
    def needs_target(self) -> bool:
        return self.by_target

    def _said(self, words: Words, edge: Decimal) -> str:
        return f"任务的 {say(edge, 'ratio')}" if self.by_target else words.say(self.id, edge)

    def of(self, question: Question) -> tuple[Tier, ...]:
        """The tiers of one manager, as amounts."""
        if not self.by_target:
            return self.tiers
        due = question.due_target
        return tuple((_share(low, due), _share(high, due), price) for low, high, price in self.tiers)

    def parameters(self, question: Question) -> list[Parameter]:
        tiers = self.of(question)
        rest = [
            named
            for place, (low, _, price) in enumerate(tiers[1:], 2)
            for named in ((f"{place}档下限", low), (f"{place}档单价", price))
        ]
        return [("单价每多少", self.per), ("1档单价", tiers[0][2]), *rest]

    def promise(self, question: Question, points: Decimal) -> Promise | None:
        value = question.actual.value
        better = [(low, price) for low, _, price in self.of(question) if low > value or (self.above and low == value)]
        if not better:
            return None
        low, price = better[0]
        return Promise(f"{'超过' if self.above else '到'} {question.exactly(low)} 单价 {plain(price)} 元")

    @property
    def above(self) -> bool:
        """Whether a tier begins above its lower bound."""
        return False
