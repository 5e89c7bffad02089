"""Which tier does the total reach? Its price for the whole quantity (F8)."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar, Literal

from kehujingli.rules.shapes.base import Cells, Figure, Question
from kehujingli.rules.shapes.tiers import Tiers
from kehujingli.values import divide, inner, plain, round_half_up


class FlatTiers(Tiers):
    """全额累进:总量落在哪一档,全部按那一档的单价。"""

    way: ClassVar[str] = "全额累进单价"

    shape: Literal["flat_tiers"]

    def figure(self, question: Question) -> Figure:
        value = max(inner(question.actual.value), Decimal(0))
        price = next(price for low, high, price in self.tiers if low <= value < high or high.is_infinite())
        amount = inner(divide(value, self.per) * price)
        said = f"{question.say(value)} ÷ {question.say(self.per)} × {plain(price)} 元 = {round_half_up(amount, 2)} 元"
        return Figure(amount, said)

    def formula(self, cells: Cells) -> str:
        value = f"MAX(0,ROUND({cells.numerator}/{cells.denominator},10))"
        price = cells.parameter(1)
        for index in range(1, len(self.tiers)):
            price = f"IF({value}>={cells.parameter(2 * index)},{cells.parameter(2 * index + 1)},{price})"
        return f"ROUND({value}/{cells.parameter(0)}*{price},10)"
