"""Which tier does the total reach? Its price for the whole quantity (F8)."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar, Literal

from pydantic import Field

from kehujingli.rules.code_words import code_word
from kehujingli.rules.shapes.base import Cells, Figure, Question, Words
from kehujingli.rules.shapes.tiers import Tiers
from kehujingli.values import divide, inner, plain, round_half_up, say


class FlatTiers(Tiers):
    """全额累进:总量落在哪一档,全部按那一档的单价。"""

    way: ClassVar[str] = "全额累进单价"

    shape: Literal["flat_tiers"]
    closed: Literal["low", "high"] = Field("low", description="low 含下限、不含上限;high 含上限、不含下限")

    @property
    def above(self) -> bool:
        return self.closed == "high"

    def sentence(self, words: Words) -> str:
        return f"{super().sentence(words)}（{code_word('closed', self.closed)}）"

    def _price(self, question: Question, value: Decimal) -> Decimal:
        return next(
            price
            for _, high, price in self.of(question)
            if value < high or high.is_infinite() or (self.closed == "high" and value == high)
        )

    def figure(self, question: Question) -> Figure:
        value = max(inner(question.actual.value), Decimal(0))
        price = self._price(question, value)
        amount = inner(divide(value, self.per) * price)
        share = f"完成 {say(divide(value, question.due_target), 'ratio')}，" if self.by_target else ""
        said = f"{share}{question.say(value)} ÷ {question.say(self.per)} × {plain(price)} 元 = {round_half_up(amount, 2)} 元"
        return Figure(amount, said)

    def formula(self, cells: Cells) -> str:
        value = f"MAX(0,ROUND({cells.numerator}/{cells.denominator},10))"
        sign = ">=" if self.closed == "low" else ">"
        price = cells.parameter(1)
        for index in range(1, len(self.tiers)):
            price = f"IF({value}{sign}{cells.parameter(2 * index)},{cells.parameter(2 * index + 1)},{price})"
        return f"ROUND({value}/{cells.parameter(0)}*{price},10)"
