"""How much is it at so much a unit? Quantity × price (F8)."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar, Literal

from pydantic import Field

from kehujingli.rules.shapes.base import Cells, Counts, Figure, Item, Parameter, Promise, Question, Words
from kehujingli.values import divide, inner, plain, round_half_up


class UnitPrice(Item):
    """金额 = 实绩 ÷ per × price × share;实绩为负时用 negative_price,不写就是零。"""

    default_counts: ClassVar[Counts] = "pay"
    shape: Literal["unit_price"]
    price: Decimal = Field(description="单价,元;扣款写负数")
    per: Decimal = Field(Decimal(1), gt=0, description="单价是每多少,如每万元写 10_000")
    share: Decimal = Field(Decimal(1), ge=0, description="计价后再乘的比例,如按季计价按月发写 0.25")
    negative_price: Decimal = Field(Decimal(0), description="实绩为负的部分的单价")

    def sentence(self, words: Words) -> str:
        part = f" × {plain(self.share)}" if self.share != 1 else ""
        per = words.say(self.id, self.per)
        return f"实绩 × {plain(self.price)} 元/{per}{part}，负数按 {plain(self.negative_price)} 元"

    def figure(self, question: Question) -> Figure:
        value = question.actual.value
        price = self.price if value >= 0 else self.negative_price
        amount = inner(divide(value, self.per) * price * self.share) or Decimal(0)  # no minus before a nought
        return Figure(amount, lambda: self._told(question, price, amount))

    def _told(self, question: Question, price: Decimal, amount: Decimal) -> str:
        unit = f" ÷ {question.say(self.per)}" if self.per != 1 else ""
        part = f" × {plain(self.share)}" if self.share != 1 else ""
        said = f"{question.say(question.actual.value)}{unit} × {plain(price)} 元{part}"
        return f"{said} = {round_half_up(amount, 2)} 元"

    def parameters(self, question: Question) -> list[Parameter]:
        return [
            ("单价", self.price),
            ("单价每多少", self.per),
            ("再乘的比例", self.share),
            ("为负部分单价", self.negative_price),
        ]

    def formula(self, cells: Cells) -> str:
        price, per, share, negative = (cells.parameter(index) for index in range(4))
        value = f"{cells.numerator}/{cells.denominator}"
        return f"ROUND({value}/{per}*IF({value}>=0,{price},{negative})*{share},10)"

    def promise(self, question: Question, points: Decimal) -> Promise | None:
        gain = self.price * self.share
        if gain <= 0 or (self.max is not None and points >= self.max):
            return None
        said = f"每多 {question.exactly(self.per)} 多 {plain(round_half_up(gain, 4))} {self.mark}"
        return Promise(said, self.per, gain)
