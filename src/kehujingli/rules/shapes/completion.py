"""How far was the target met? Points × actual ÷ target (F1)."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar, Literal

from kehujingli.rules.shapes.base import Cells, Figure, Item, Promise, Question, Words
from kehujingli.values import as_said, divide, inner, plain, round_half_up, say


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
            lambda: self._told(question, points),
            divide(actual.value, due),
        )

    def _told(self, question: Question, points: Decimal) -> str:
        """In two decimals, or in four where a reader who does the sum would come to other points."""
        made, pair = round_half_up(points, 2), (question.actual.value, question.due_target)

        def comes_out(digits: int) -> bool:
            actual, due = (as_said(value, question.style, digits) for value in pair)
            return bool(due) and round_half_up(divide(self.points * actual, due), 2) == made

        digits = 2 if comes_out(2) else 4
        actual, due = (say(value, question.style, digits) for value in pair)
        return f"{plain(self.points)} × {actual} ÷ {due} = {made}"

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
