"""How far above or below a standard? a × (actual − standard) + b (F6)."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from pydantic import Field

from kehujingli.rules.shapes.base import Cells, Figure, Item, Parameter, Promise, Question, Words
from kehujingli.values import divide, inner, plain, round_half_up


class Linear(Item):
    """得分 = slope × (实绩 − base) + offset。"""

    shape: Literal["linear"]
    slope: Decimal = Field(description="实绩每多 1(比率则是 100 个百分点)多少分")
    base: Decimal = Field(description="标准")
    offset: Decimal = Field(Decimal(0), description="达到标准时的分")

    def sentence(self, words: Words) -> str:
        return f"{plain(self.slope)} × (实绩 − {words.say(self.id, self.base)}) + {plain(self.offset)}"

    def figure(self, question: Question) -> Figure:
        value = question.actual.value
        points = inner(self.slope * (value - self.base) + self.offset)
        return Figure(points, lambda: self._told(question, points))

    def _told(self, question: Question, points: Decimal) -> str:
        gap = f"{question.say(question.actual.value)} − {question.say(self.base)}"
        return f"{plain(self.slope)} × ({gap}) + {plain(self.offset)} = {round_half_up(points, 2)}"

    def parameters(self, question: Question) -> list[Parameter]:
        return [("每多 1 得分", self.slope), ("标准", self.base), ("达到标准时得分", self.offset)]

    def formula(self, cells: Cells) -> str:
        slope, base, offset = (cells.parameter(index) for index in range(3))
        return f"ROUND({slope}*({cells.numerator}/{cells.denominator}-{base})+{offset},10)"

    def promise(self, question: Question, points: Decimal) -> Promise | None:
        if self.slope == 0 or (self.max is not None and points >= self.max):
            return None
        act, said = question.enough(divide(Decimal(1), abs(self.slope)))
        verb, way = ("多", 1) if self.slope > 0 else ("少", -1)
        return Promise(f"每{verb} {said} 多 1 {self.mark}", way * act, Decimal(1))
