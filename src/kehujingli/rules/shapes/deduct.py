"""How far is a rate past its line? Points minus so much a step (F3)."""

from __future__ import annotations

from decimal import ROUND_FLOOR, Decimal
from typing import Literal

from pydantic import Field

from kehujingli.rules.shapes.base import Cells, Figure, Item, Parameter, Promise, Question, Words
from kehujingli.values import EXACT, divide, inner, plain, round_half_up


class Deduct(Item):
    """得分 = 标准分 − 每超一档扣分。"""

    shape: Literal["deduct"]
    base: Decimal = Field(description="起扣线,含本数不扣")
    step: Decimal = Field(gt=0, description="一档的宽度")
    per_step: Decimal = Field(ge=0, description="每超一档扣的分")
    whole_steps: bool = Field(False, description="true 满一档才扣,false 不足一档按比例扣")
    when: Literal["above", "below"] = Field("above", description="above 高于起扣线扣,below 低于起扣线扣")

    def sentence(self, words: Words) -> str:
        side = "高于" if self.when == "above" else "低于"
        whole = "，满一档才扣" if self.whole_steps else ""
        base, step = words.say(self.id, self.base), words.say(self.id, self.step)
        return f"{side} {base} 后，每 {step} 扣 {plain(self.per_step)}{whole}"

    def _steps(self, actual: Decimal) -> Decimal:
        over = actual - self.base if self.when == "above" else self.base - actual
        steps = max(Decimal(0), divide(over, self.step))
        return inner(steps).to_integral_value(ROUND_FLOOR, context=EXACT) if self.whole_steps else steps

    def figure(self, question: Question) -> Figure:
        value = question.actual.value
        steps = self._steps(value)
        points = inner(self.points - steps * self.per_step)
        return Figure(points, lambda: self._told(question, steps, points))

    def _told(self, question: Question, steps: Decimal, points: Decimal) -> str:
        value = question.actual.value
        if steps == 0 and (value > self.base if self.when == "above" else value < self.base):
            verb = "超过" if self.when == "above" else "低于"
            return f"{question.say(value)} {verb} {question.say(self.base)} 不足一档 {question.say(self.step)}，得 {plain(self.points)}"
        if steps == 0:
            verb = "未超过" if self.when == "above" else "不低于"
            return f"{question.say(value)} {verb} {question.say(self.base)}，得 {plain(self.points)}"
        sign = f"{question.say(value)} − {question.say(self.base)}"
        if self.when == "below":
            sign = f"{question.say(self.base)} − {question.say(value)}"
        whole = "取整 " if self.whole_steps else ""
        return f"{plain(self.points)} − ({sign}) ÷ {question.say(self.step)} {whole}× {plain(self.per_step)} = {round_half_up(points, 2)}"

    def parameters(self, question: Question) -> list[Parameter]:
        return [("起扣线", self.base), ("一档的宽度", self.step), ("每档扣", self.per_step)]

    def formula(self, cells: Cells) -> str:
        base, step, per_step = (cells.parameter(index) for index in range(3))
        actual = f"{cells.numerator}/{cells.denominator}"
        over = f"({actual}-{base})" if self.when == "above" else f"({base}-{actual})"
        steps = f"MAX(0,{over}/{step})"
        if self.whole_steps:
            steps = f"INT(ROUND({steps},10))"
        return f"ROUND({cells.points}-{steps}*{per_step},10)"

    def promise(self, question: Question, points: Decimal) -> Promise | None:
        steps, value = self._steps(question.actual.value), question.actual.value
        if steps == 0 or self.per_step == 0:
            return None
        verb, way = ("降", -1) if self.when == "above" else ("升", 1)
        if steps < 1:
            said = f"{verb}到 {question.exactly(self.base)} 得 {plain(self.points)}"
            return Promise(said, self.base - value, self.points - points)
        said = f"每{verb} {question.exactly(self.step)} 多 {plain(self.per_step)} 分"
        return Promise(said, way * self.step, self.per_step)
