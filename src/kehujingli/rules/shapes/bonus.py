"""What comes on top? So much a piece, up to a cap (F15)."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar, Literal

from pydantic import Field

from kehujingli.rules.shapes.base import Cells, Counts, Figure, Item, Parameter, Promise, Question, Words
from kehujingli.values import inner, plain


class Bonus(Item):
    """加分 = 实绩 × each,最多加 most;实绩为负不减。"""

    default_counts: ClassVar[Counts] = "extra"
    shape: Literal["bonus"]
    each: Decimal = Field(ge=0, description="每一个加多少")
    most: Decimal = Field(ge=0, description="最多加多少")

    def sentence(self, words: Words) -> str:
        return f"每 1 加 {plain(self.each)}，最多 {plain(self.most)}"

    def figure(self, question: Question) -> Figure:
        value = max(question.actual.value, Decimal(0))
        points = min(self.most, inner(value * self.each))
        cap = f"，最多加 {plain(self.most)}" if inner(value * self.each) > self.most else ""
        return Figure(points, f"{question.say(value)} × {plain(self.each)} = {plain(inner(value * self.each))}{cap}")

    def parameters(self, question: Question) -> list[Parameter]:
        return [("每一个加", self.each), ("最多加", self.most)]

    def formula(self, cells: Cells) -> str:
        value = f"MAX(0,{cells.numerator}/{cells.denominator})"
        return f"MIN({cells.parameter(1)},ROUND({value}*{cells.parameter(0)},10))"

    def promise(self, question: Question, points: Decimal) -> Promise | None:
        if points >= self.most or not self.each:
            return None
        return Promise(f"每多 {question.exactly(Decimal(1))} 加 {plain(self.each)}", Decimal(1), self.each)
