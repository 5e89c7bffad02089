"""How far behind the best of the group? The best one has full marks, everybody else in proportion (F7)."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar, Literal

from kehujingli.rules.code_words import code_word
from kehujingli.rules.shapes.base import Cells, Figure, Item, Parameter, Promise, Question, Words
from kehujingli.values import divide, inner, plain, round_half_up


class Best(Item):
    """得分 = 标准分 × 实绩 ÷ 同组最高;最高的得标准分,最高的也不大于零时都得零分。"""

    needs_peers: ClassVar[bool] = True
    by_points: ClassVar[bool] = True
    shape: Literal["best"]

    def sentence(self, words: Words) -> str:
        return f"{plain(self.points)} × 实绩 ÷ {code_word('peers', self.peers)}最高"

    @staticmethod
    def _best(question: Question) -> Decimal:
        return question.peers.best if question.peers else Decimal(0)

    def figure(self, question: Question) -> Figure:
        best, value = self._best(question), question.actual.value
        if best <= 0:
            return Figure(Decimal(0), f"同组最高 {question.say(best)} 不大于零，得零分")
        points = inner(divide(self.points * value, best))
        said = (
            f"{plain(self.points)} × {question.say(value)} ÷ 同组最高 {question.say(best)} = {round_half_up(points, 2)}"
        )
        return Figure(points, said, divide(value, best))

    def parameters(self, question: Question) -> list[Parameter]:
        return [("同组最高", self._best(question))]

    def formula(self, cells: Cells) -> str:
        best = cells.parameter(0)
        return f"IF({best}<=0,0,ROUND({cells.points}*{cells.numerator}/{cells.denominator}/{best},10))"

    def promise(self, question: Question, points: Decimal) -> Promise | None:
        short = self._best(question) - question.actual.value
        if short <= 0 or self._best(question) <= 0:
            return None
        behind = question.enough(short)[1]
        act, said = question.enough(divide(self._best(question), self.points))
        return Promise(f"离同组最高差 {behind}；每多 1 {self.mark}需 {said}", act, Decimal(1))
