"""Which band does the actual fall in? A table of bands; which end belongs to a band is said once (F5)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from kehujingli.rules.code_words import code_word
from kehujingli.rules.shapes.base import Cells, Figure, Item, Parameter, Promise, Question, Words, ranges, refused
from kehujingli.values import inner, plain

Edge = Annotated[Decimal, Field(allow_inf_nan=True)]
Band = tuple[Edge, Edge, Decimal]
Closed = Literal["low", "high"]


def _contiguous(bands: tuple[Band, ...]) -> tuple[Band, ...]:
    """Bands follow each other without gap or overlap from −∞ to ∞, so that every actual has one."""
    edge = Decimal("-Infinity")
    if not bands:
        raise refused("rules.bad-value", key="bands", value="[]", detail="至少要有一档")
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


def find(bands: tuple[Band, ...], value: Decimal, closed: Closed = "low") -> int:
    """Which band holds the value."""
    return next(
        index
        for index, (_, high, _) in enumerate(bands)
        if value < high or high.is_infinite() or (closed == "high" and value == high)
    )


def between(low: Decimal, value: Decimal, high: Decimal, say: Callable[[Decimal], str], closed: Closed = "low") -> str:
    """0.00% ≤ 2.35% < 3.00%, the figure first where an end is infinite: 100.00% ≥ 99.00%."""
    before, after = ("≤", "<") if closed == "low" else ("<", "≤")
    if low.is_finite() and high.is_finite():
        return f"{say(low)} {before} {say(value)} {after} {say(high)}"
    if low.is_finite():
        return f"{say(value)} {'≥' if closed == 'low' else '>'} {say(low)}"
    return f"{say(value)} {after} {say(high)}" if high.is_finite() else say(value)


def flat(bands: tuple[Band, ...]) -> list[Parameter]:
    """The first band's points, then lower bound and points of every other: the cells of 计分复核."""
    rest = [
        named
        for place, (low, _, points) in enumerate(bands[1:], 2)
        for named in ((f"{place}档下限", low), (f"{place}档得分", points))
    ]
    return [("1档得分", bands[0][2]), *rest]


def choose(bands: tuple[Band, ...], actual: str, cells: Cells, first: int, closed: Closed = "low") -> str:
    """The spreadsheet's way through ``flat`` whose first cell is parameter ``first``."""
    sign = ">=" if closed == "low" else ">"
    text = cells.parameter(first)
    for index in range(1, len(bands)):
        edge, points = cells.parameter(first + 2 * index - 1), cells.parameter(first + 2 * index)
        text = f"IF({actual}{sign}{edge},{points},{text})"
    return text


def _edge(value: Decimal) -> str:
    return plain(value) if value.is_finite() else ("inf" if value > 0 else "-inf")


BandTable = Annotated[tuple[Band, ...], AfterValidator(_contiguous)]


_BEYOND = Decimal("0.000001")
"""By so much a line is passed that has to be passed."""


class Bands(Item):
    """落在哪一档得哪一档的分;区间含下限、不含上限,closed = "high" 时反过来。"""

    shape: Literal["bands"]
    closed: Closed = Field("low", description="low 含下限、不含上限;high 含上限、不含下限")
    bands: BandTable = Field(description="[下限, 上限, 分值] 依次相接,从 -inf 到 inf")

    def sentence(self, words: Words) -> str:
        said = ranges(self.bands, lambda value: words.say(self.id, value))
        return f"{said}（{code_word('closed', self.closed)}）"

    def _find(self, value: Decimal) -> int:
        return find(self.bands, value, self.closed)

    def figure(self, question: Question) -> Figure:
        value = question.actual.value
        low, high, points = self.bands[self._find(inner(value))]
        return Figure(points, lambda: f"{between(low, value, high, question.say, self.closed)}，得 {plain(points)}")

    def parameters(self, question: Question) -> list[Parameter]:
        return flat(self.bands)

    def formula(self, cells: Cells) -> str:
        return choose(self.bands, f"ROUND({cells.numerator}/{cells.denominator},10)", cells, 0, self.closed)

    def promise(self, question: Question, points: Decimal) -> Promise | None:
        here = self._find(inner(question.actual.value))
        value = question.actual.value
        better = [
            (low, "到" if self.closed == "low" else "超过", gain, 0 if self.closed == "low" else _BEYOND)
            if place > here
            else (high, "低于" if self.closed == "low" else "降到", gain, -_BEYOND if self.closed == "low" else 0)
            for place, (low, high, gain) in enumerate(self.bands)
            if gain > self.bands[here][2]
        ]
        if not better:
            return None
        edge, verb, gain, beyond = min(better, key=lambda step: abs(step[0] - value))
        said = f"{verb} {question.exactly(edge)} 得 {plain(gain)}"
        return Promise(said, edge + beyond - value, gain - points)
