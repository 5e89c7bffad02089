"""How many violations beside the group? (own − mean) ÷ mean falls into a band (F19)."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar, Literal

from pydantic import Field

from kehujingli.rules.code_words import code_word
from kehujingli.rules.shapes.bands import BandTable, Closed, between, choose, find, flat
from kehujingli.rules.shapes.base import Cells, Figure, Item, Parameter, Peers, Question, Words, ranges
from kehujingli.values import divide, inner, plain, round_half_up, say


def _percent(value: Decimal) -> str:
    return f"{round_half_up(value * 100, 2)}%"


class Violations(Item):
    """(本人 − 同组平均) ÷ 同组平均 落在哪一档得哪一档的分;平均为零时按 0 定档。"""

    needs_peers: ClassVar[bool] = True
    shape: Literal["violations"]
    closed: Closed = Field("low", description="low 含下限、不含上限;high 含上限、不含下限")
    bands: BandTable = Field(description="[下限, 上限, 分值],相差的比例,0.2 是多 20%")

    def sentence(self, words: Words) -> str:
        return f"比{code_word('peers', self.peers)}平均相差 {ranges(self.bands, lambda value: say(value, 'ratio'))}"

    def _gap(self, question: Question) -> Decimal:
        mean = (question.peers or Peers(Decimal(0), Decimal(0))).mean
        return Decimal(0) if mean <= 0 else inner(divide(question.actual.value - mean, mean))

    def figure(self, question: Question) -> Figure:
        gap = self._gap(question)
        low, high, points = self.bands[find(self.bands, gap, self.closed)]
        mean = question.peers.mean if question.peers else Decimal(0)
        said = f"{question.say(question.actual.value)} 比同组平均 {question.say(mean)}：{between(low, gap, high, _percent, self.closed)}，得 {plain(points)}"
        return Figure(points, said)

    def parameters(self, question: Question) -> list[Parameter]:
        return [("同组平均", question.peers.mean if question.peers else Decimal(0)), *flat(self.bands)]

    def formula(self, cells: Cells) -> str:
        mean = cells.parameter(0)
        gap = f"IF({mean}<=0,0,ROUND(({cells.numerator}/{cells.denominator}-{mean})/{mean},10))"
        return choose(self.bands, gap, cells, 1, self.closed)
