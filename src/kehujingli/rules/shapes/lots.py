"""How many whole lots? So many points for each (F10)."""

from __future__ import annotations

from decimal import ROUND_FLOOR, Decimal
from typing import Literal

from pydantic import Field

from kehujingli.rules.shapes.base import Cells, Figure, Item, Parameter, Promise, Question, Words
from kehujingli.values import EXACT, divide, inner, plain


class Lots(Item):
    """每满一份得若干分,不足一份不算。"""

    shape: Literal["lots"]
    lot: Decimal = Field(gt=0, description="一份是多少")
    per_lot: Decimal = Field(description="每满一份的分")
    beyond: Decimal = Field(Decimal(0), description="起算线:只算超过它的部分")

    def sentence(self, words: Words) -> str:
        beyond = f"超过 {words.say(self.id, self.beyond)} 的部分" if self.beyond else ""
        return f"{beyond}每满 {words.say(self.id, self.lot)} 得 {plain(self.per_lot)}"

    def _lots(self, actual: Decimal) -> Decimal:
        return max(
            Decimal(0), inner(divide(actual - self.beyond, self.lot)).to_integral_value(ROUND_FLOOR, context=EXACT)
        )

    def figure(self, question: Question) -> Figure:
        lots = self._lots(question.actual.value)
        points = inner(lots * self.per_lot)
        return Figure(points, lambda: self._told(question, lots, points))

    def _told(self, question: Question, lots: Decimal, points: Decimal) -> str:
        over = f" − {question.say(self.beyond)}" if self.beyond else ""
        said = f"{question.say(question.actual.value)}{over} 满 {question.say(self.lot)} 的有 {plain(lots)} 份"
        return f"{said} × {plain(self.per_lot)} = {plain(points)}"

    def parameters(self, question: Question) -> list[Parameter]:
        return [("一份", self.lot), ("每份得分", self.per_lot), ("起算线", self.beyond)]

    def formula(self, cells: Cells) -> str:
        lot, per_lot, beyond = (cells.parameter(index) for index in range(3))
        return f"ROUND(MAX(0,INT(ROUND(({cells.numerator}/{cells.denominator}-{beyond})/{lot},10)))*{per_lot},10)"

    def promise(self, question: Question, points: Decimal) -> Promise | None:
        if self.per_lot <= 0 or (self.max is not None and points >= self.max):
            return None
        value = question.actual.value
        act, said = question.enough(self.beyond + (self._lots(value) + 1) * self.lot - value)
        return Promise(f"再 {said} 多 {plain(self.per_lot)} {self.mark}", act, self.per_lot)
