"""How far beyond the target? Completion up to the standard points, then one step of bonus after another (F4)."""

from __future__ import annotations

from decimal import ROUND_FLOOR, Decimal
from typing import ClassVar, Literal

from pydantic import Field

from kehujingli.rules.shapes.base import Cells, Figure, Item, Parameter, Promise, Question, Words
from kehujingli.values import EXACT, divide, inner, plain, round_half_up, say


class StepBonus(Item):
    """完成任务以内按比例得分;每超一档加若干分,加分不超过标准分(或 bonus_max)。"""

    of_target: ClassVar[bool] = True
    by_points: ClassVar[bool] = True
    shape: Literal["step_bonus"]
    step: Decimal = Field(gt=0, description="一档的宽度,完成率,0.10 是 10 个百分点")
    per_step: Decimal = Field(ge=0, description="每超一档加的分")
    whole_steps: bool = Field(True, description="true 满一档才加,false 按比例加")
    bonus_max: Decimal | None = Field(None, ge=0, description="加分最多多少;不写就是标准分")

    def sentence(self, words: Words) -> str:
        return f"任务以内按完成率，每超 {say(self.step, 'ratio')} 加 {plain(self.per_step)}"

    @property
    def _ceiling(self) -> Decimal:
        return self.points if self.bonus_max is None else self.bonus_max

    def _bonus(self, completion: Decimal) -> Decimal:
        steps = max(Decimal(0), inner(divide(completion - 1, self.step)))
        if self.whole_steps:
            steps = steps.to_integral_value(ROUND_FLOOR, context=EXACT)
        return min(self._ceiling, inner(steps * self.per_step))

    def figure(self, question: Question) -> Figure:
        value, due = question.actual.value, question.due_target
        completion = divide(value, due)
        base = min(self.points, inner(self.points * completion))
        bonus = self._bonus(completion)
        said = f"{question.say(value)} ÷ {question.say(due)} = {round_half_up(completion * 100, 2)}%，得 {round_half_up(base, 2)}"
        if bonus:
            said += f"，超额加 {round_half_up(bonus, 2)}"
        return Figure(inner(base + bonus), said, completion)

    def parameters(self, question: Question) -> list[Parameter]:
        return [("一档的宽度", self.step), ("每超一档加", self.per_step), ("加分上限", self._ceiling)]

    def formula(self, cells: Cells) -> str:
        step, per_step, ceiling = (cells.parameter(index) for index in range(3))
        rate = (
            f"{cells.numerator}*{cells.progress_denominator}"
            f"/({cells.denominator}*{cells.target}*{cells.progress_numerator})"
        )
        steps = f"ROUND(({rate}-1)/{step},10)"
        if self.whole_steps:
            steps = f"INT({steps})"
        base = f"MIN({cells.points},ROUND({cells.points}*{rate},10))"
        return f"ROUND({base}+MIN({ceiling},MAX(0,{steps})*{per_step}),10)"

    def promise(self, question: Question, points: Decimal) -> Promise | None:
        due, value = question.due_target, question.actual.value
        completion = divide(value, due)
        if completion < 1:
            left = self.points * (1 - completion)
            act, said = question.enough(divide(due, self.points) if left >= 1 else due - value)
            if left >= 1:
                return Promise(f"每多 1 {self.mark}需 {said}", act, Decimal(1))
            return Promise(f"再 {said} 得 {plain(self.points)}", act, self.points - points)
        if self._bonus(completion) >= self._ceiling:
            return None
        steps = divide(completion - 1, self.step)
        if self.whole_steps:
            steps = inner(steps).to_integral_value(ROUND_FLOOR, context=EXACT)
        act, said = question.enough((1 + (steps + 1) * self.step) * due - value)
        return Promise(f"再 {said} 多 {plain(self.per_step)} {self.mark}", act, self.per_step)
