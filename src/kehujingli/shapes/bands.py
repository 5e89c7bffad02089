"""Which band does the actual fall in? A table of bands, lower bound included, upper excluded (F5)."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from kehujingli.shapes.base import Cells, Figure, Item, Question, inner, plain, refused

Edge = Annotated[Decimal, Field(allow_inf_nan=True)]
Band = tuple[Edge, Edge, Decimal]


def _contiguous(bands: tuple[Band, ...]) -> tuple[Band, ...]:
    """Bands follow each other without gap or overlap from −∞ to ∞, so that every actual has one."""
    edge = Decimal("-Infinity")
    for low, high, _ in bands:
        if low > edge:
            raise refused("rules.band-gap", low=_edge(edge), high=_edge(low))
        if low < edge or high <= low:
            raise refused(
                "rules.band-overlap", low=_edge(low), high=_edge(min(edge, high) if high > low else max(edge, high))
            )
        edge = high
    if edge != Decimal("Infinity"):
        raise refused("rules.band-gap", low=_edge(edge), high="inf")
    return bands


def _edge(value: Decimal) -> str:
    return plain(value) if value.is_finite() else ("inf" if value > 0 else "-inf")


class Bands(Item):
    """区间含下限、不含上限。"""

    shape: Literal["bands"]
    bands: Annotated[tuple[Band, ...], AfterValidator(_contiguous)] = Field(
        description="[下限, 上限, 分值] 依次相接,从 -inf 到 inf"
    )

    @model_validator(mode="after")
    def _not_empty(self) -> Bands:
        if not self.bands:
            raise refused("rules.bad-value", key="bands", value="[]", detail="至少要有一档")
        return self

    def _find(self, value: Decimal) -> int:
        return next(index for index, (_, high, _) in enumerate(self.bands) if value < high or high.is_infinite())

    def figure(self, question: Question) -> Figure:
        value = question.actual.value
        low, high, points = self.bands[self._find(inner(value))]
        lower = f"{question.say(low)} ≤ " if low.is_finite() else ""
        upper = f" < {question.say(high)}" if high.is_finite() else ""
        return Figure(points, f"{lower}{question.say(value)}{upper},得 {plain(points)}")

    def parameters(self) -> list[Decimal]:
        numbers = [self.bands[0][2]]
        for low, _, points in self.bands[1:]:
            numbers += [low, points]
        return numbers

    def formula(self, cells: Cells) -> str:
        actual = f"ROUND({cells.numerator}/{cells.denominator},10)"
        text = cells.parameter(0)
        for index in range(1, len(self.bands)):
            text = f"IF({actual}>={cells.parameter(2 * index - 1)},{cells.parameter(2 * index)},{text})"
        return text

    def next_step(self, question: Question, points: Decimal) -> str:
        here = self._find(inner(question.actual.value))
        better = [(low, high, gain) for low, high, gain in self.bands if gain > self.bands[here][2]]
        if not better:
            return ""
        value = question.actual.value
        low, high, gain = min(better, key=lambda band: abs((band[0] if band[0] > value else band[1]) - value))
        edge = low if low > value else high
        verb = "到" if low > value else "降到"
        return f"{verb} {question.say(edge)} 得 {plain(gain)}"
