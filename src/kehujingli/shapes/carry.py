"""What was still owed from last month? Completion of this month's target and the shortfall carried into it (F18)."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar, Literal

from pydantic import Field

from kehujingli.shapes.base import Cells, Figure, Item, Question, divide, inner, plain, round_half_up


class Carry(Item):
    """得分 = 标准分 × 实绩 ÷ (任务 + 上期所欠);超额不结转,所扣的薪酬不捆绑。"""

    needs_target: ClassVar[bool] = True
    shape: Literal["carry"]
    owed: str = Field(description="上期所欠任务,metric 的 id;单位与实绩同")

    def looks_at(self) -> list[str]:
        return [self.owed]

    def _due(self, question: Question) -> Decimal:
        return question.due_target + max(Decimal(0), question.facts[self.owed].value)

    def figure(self, question: Question) -> Figure:
        due = self._due(question)
        completion = divide(question.actual.value, due)
        points = inner(self.points * completion)
        said = (
            f"{plain(self.points)} × {question.say(question.actual.value)} ÷ ({question.say(question.due_target)} + 上期欠 "
            f"{question.say(due - question.due_target)}) = {round_half_up(points, 2)}"
        )
        return Figure(points, said, completion)

    def parameters(self, question: Question) -> list[Decimal]:
        return [question.facts[self.owed].value]

    def formula(self, cells: Cells) -> str:
        due = f"{cells.target}*{cells.progress_numerator}/{cells.progress_denominator}+MAX(0,{cells.parameter(0)})"
        return f"ROUND({cells.points}*{cells.numerator}/{cells.denominator}/({due}),10)"

    def next_step(self, question: Question, points: Decimal) -> str:
        short = self._due(question) - question.actual.value
        return f"还欠 {question.say(short)}，捆绑到下期" if short > 0 else ""
