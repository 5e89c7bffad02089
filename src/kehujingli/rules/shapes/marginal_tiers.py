"""How much of the total lies in each tier? Each part at its own price, so that pay never jumps (F8)."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar, Literal

from kehujingli.rules.shapes.base import Cells, Figure, Question
from kehujingli.rules.shapes.tiers import Tiers
from kehujingli.values import divide, inner, plain, round_half_up


class MarginalTiers(Tiers):
    """超额累进:每一档里的部分按那一档的单价。"""

    way: ClassVar[str] = "超额累进单价"

    shape: Literal["marginal_tiers"]

    def figure(self, question: Question) -> Figure:
        value = max(inner(question.actual.value), Decimal(0))
        amount, steps = Decimal(0), []
        for low, high, price in self.of(question):
            part = min(value, high) - low
            if part > 0:
                amount += divide(part, self.per) * price
                steps.append(f"{question.say(part)} × {plain(price)}")
        amount = inner(amount)
        unit = f" ÷ {question.say(self.per)}" if self.per != 1 else ""
        return Figure(amount, f"({' + '.join(steps) or '0'}){unit} = {round_half_up(amount, 2)} 元")

    def formula(self, cells: Cells) -> str:
        """The first price for all, and at every edge the difference of prices for what lies beyond it."""
        value = f"MAX(0,ROUND({cells.numerator}/{cells.denominator},10))"
        text = f"{value}*{cells.parameter(1)}"
        for index in range(1, len(self.tiers)):
            low, price = cells.parameter(2 * index), cells.parameter(2 * index + 1)
            before = cells.parameter(1 if index == 1 else 2 * index - 1)
            text += f"+MAX(0,{value}-{low})*({price}-{before})"
        return f"ROUND(({text})/{cells.parameter(0)},10)"
