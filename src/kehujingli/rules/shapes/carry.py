"""What was still owed from last month? Completion of this month's target and the shortfall carried into it (F18)."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar, Literal

from pydantic import Field

from kehujingli.rules.shapes.base import Cells, Fact, Figure, Item, Parameter, Promise, Question, Words
from kehujingli.values import divide, inner, plain, round_half_up

CARRIED = "carried"
"""Under which name an item's figures hold what the period before has left, where no metric is named."""


class Carry(Item):
    """得分 = 标准分 × 实绩 ÷ (任务 + 上期所欠);超额不结转,所扣的薪酬不捆绑。"""

    of_target: ClassVar[bool] = True
    by_points: ClassVar[bool] = True
    shape: Literal["carry"]
    owed: str | None = Field(
        None, description="上期所欠任务,metric 的 id,单位与实绩同;不写就取上一考核期的结果:任务 + 所欠 − 实绩,不小于零"
    )

    starts: str | None = Field(
        None,
        pattern=r"^\d{4}-(0[1-9]|1[0-2])$",
        description="不写 owed 时,从哪一期起结转,如 2026-10;那一期没有上期所欠",
    )

    def sentence(self, words: Words) -> str:
        owed = words.name(self.owed) if self.owed is not None else "上一期所欠"
        return f"{plain(self.points)} × 实绩 ÷ (任务 + {owed})"

    def looks_at(self) -> list[str]:
        return [self.owed] if self.owed is not None else []

    def _owed(self, question: Question) -> Fact:
        return question.facts[self.owed or CARRIED]

    def _due(self, question: Question) -> Decimal:
        return question.due_target + max(Decimal(0), self._owed(question).value)

    def leaves(self, question: Question) -> Decimal:
        return inner(max(Decimal(0), self._due(question) - question.actual.value))

    def figure(self, question: Question) -> Figure:
        due = self._due(question)
        completion = divide(question.actual.value, due)
        points = inner(self.points * completion)
        source = "上期欠" if self.owed is not None else self._owed(question).label
        said = (
            f"{plain(self.points)} × {question.say(question.actual.value)} ÷ ({question.say(question.due_target)} + {source} "
            f"{question.say(due - question.due_target)}) = {round_half_up(points, 2)}"
        )
        return Figure(points, said, completion)

    def parameters(self, question: Question) -> list[Parameter]:
        return [("上期所欠", self._owed(question).value)]

    def formula(self, cells: Cells) -> str:
        due = f"{cells.target}*{cells.progress_numerator}/{cells.progress_denominator}+MAX(0,{cells.parameter(0)})"
        return f"ROUND({cells.points}*{cells.numerator}/{cells.denominator}/({due}),10)"

    def promise(self, question: Question, points: Decimal) -> Promise | None:
        short = self._due(question) - question.actual.value
        return Promise(f"还欠 {question.enough(short)[1]}，捆绑到下期") if short > 0 else None
