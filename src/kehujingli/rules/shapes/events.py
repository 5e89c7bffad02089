"""What happened? Approved lines of the adjustments table, added one by one (F14, F15)."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar, Literal

from pydantic import Field

from kehujingli.rules.code_words import code_word
from kehujingli.rules.shapes.base import Cells, Figure, Item, Parameter, Question, Words
from kehujingli.values import inner, plain


class Events(Item):
    """满分(或零分)起,adjustments 表里逐条加减。"""

    needs_actual: ClassVar[bool] = False
    shape: Literal["events"]
    start: Literal["points", "zero"] = Field("points", description="points 从标准分起,zero 从零分起")

    def sentence(self, words: Words) -> str:
        return f"{code_word('start', self.start)}，加减分表里逐条加减"

    def _start(self) -> Decimal:
        return self.points if self.start == "points" else Decimal(0)

    def figure(self, question: Question) -> Figure:
        points = inner(self._start() + sum(question.events, Decimal(0)))
        if not question.events:
            return Figure(points, f"没有加减，得 {plain(points)}")
        steps = " ".join(("+ " if event >= 0 else "− ") + plain(abs(event)) for event in question.events)
        return Figure(points, f"{plain(self._start())} {steps} = {plain(points)}")

    def parameters(self, question: Question) -> list[Parameter]:
        return [("起分", self._start())]

    def formula(self, cells: Cells) -> str:
        return f"ROUND({cells.parameter(0)}+{cells.numerator},10)"
