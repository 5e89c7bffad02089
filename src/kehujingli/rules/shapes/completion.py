"""How far was the target met? Points × actual ÷ target (F1)."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar, Literal

from kehujingli.rules.shapes.base import Cells, Figure, Item, Promise, Question, Words
from kehujingli.values import divide, inner, plain, round_half_up


class Completion(Item):
    """得分 = 标准分 × 实绩 ÷ 任务。"""

    of_target: ClassVar[bool] = True
    by_points: ClassVar[bool] = True
    shape: Literal["completion"]

    def sentence(self, words: Words) -> str:
        return f"{plain(self.points)} × 实绩 ÷ 任务"

    def figure(self, question: Question) -> Figure:
        actual, due = question.actual, question.due_target
        top = self.points * actual.numerator * question.progress[1]
        bottom = actual.denominator * (question.target or Decimal(0)) * question.progress[0]
        points = inner(divide(top, bottom))
        return Figure(
            points,
            lambda: (
                f"{plain(self.points)} × {question.say(actual.value)} ÷ {question.say(due)} = {round_half_up(points, 2)}"
            ),
            divide(actual.value, due),
        )

    def formula(self, cells: Cells) -> str:
        return (
            f"ROUND({cells.points}*{cells.numerator}*{cells.progress_denominator}"
            f"/({cells.denominator}*{cells.target}*{cells.progress_numerator}),10)"
        )

    def promise(self, question: Question, points: Decimal) -> Promise | None:
        ceiling = self.max if self.max is not None else None
        if ceiling is not None and points >= ceiling:
            return None
        act, said = question.enough(divide(question.due_target, self.points))
        return Promise(f"每多 1 {self.mark}需 {said}", act, Decimal(1))
