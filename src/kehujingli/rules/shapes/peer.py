"""How does one stand beside the others? So many points for so many percent above or below the group's mean (F7)."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import ClassVar, Literal

from pydantic import Field

from kehujingli.rules.code_words import code_word
from kehujingli.rules.shapes.base import Cells, Figure, Item, Parameter, Promise, Question, Words
from kehujingli.values import EXACT, divide, inner, plain, round_half_up, say


class Peer(Item):
    """得分 = 标准分 + 实绩 × 地区系数 比同组平均每高(低)一档加(减)的分,加减都不超过 most;平均不大于零时得标准分。"""

    needs_peers: ClassVar[bool] = True
    shape: Literal["peer"]
    step: Decimal = Field(gt=0, description="一档的宽度,0.10 是平均的 10%")
    per_step: Decimal = Field(ge=0, description="每高一档加、每低一档减的分")
    whole_steps: bool = Field(False, description="true 满一档才算,false 按比例算")
    most: Decimal = Field(ge=0, description="加减最多多少分")
    coefficients: dict[str, Decimal] = Field(default_factory=dict, description="地区系数,按机构号;没写的按 1")

    def sentence(self, words: Words) -> str:
        return (
            f"{plain(self.points)}，比{code_word('peers', self.peers)}平均每高（低）{say(self.step, 'ratio')} "
            f"加（减）{plain(self.per_step)}，最多 {plain(self.most)}"
        )

    def _change(self, gap: Decimal) -> Decimal:
        steps = inner(divide(abs(gap), self.step))
        if self.whole_steps:
            steps = steps.to_integral_value(ROUND_FLOOR, context=EXACT)
        change = min(self.most, inner(steps * self.per_step))
        return change if gap >= 0 else -change

    def figure(self, question: Question) -> Figure:
        mean = question.peers.mean if question.peers else Decimal(0)
        if mean <= 0:
            return Figure(self.points, f"同组平均 {question.say(mean)} 不大于零，得 {plain(self.points)}")
        factor = self.coefficients.get(question.branch_id, Decimal(1))
        gap = divide(question.actual.value * factor - mean, mean)
        change = self._change(gap)
        by = f" × {plain(factor)}" if factor != 1 else ""
        sign = "+" if change >= 0 else "−"
        said = (
            f"{question.say(question.actual.value)}{by} 比同组平均 {question.say(mean)} "
            f"{'高' if gap >= 0 else '低'} {round_half_up(abs(gap) * 100, 2)}%,{plain(self.points)} {sign} {round_half_up(abs(change), 2)}"
        )
        return Figure(inner(self.points + change), said, divide(question.actual.value * factor, mean))

    def parameters(self, question: Question) -> list[Parameter]:
        mean = question.peers.mean if question.peers else Decimal(0)
        factor = self.coefficients.get(question.branch_id, Decimal(1))
        return [
            ("同组平均", mean),
            ("地区系数", factor),
            ("一档的宽度", self.step),
            ("每档加减", self.per_step),
            ("最多加减", self.most),
        ]

    def formula(self, cells: Cells) -> str:
        mean, factor, step, per_step, most = (cells.parameter(index) for index in range(5))
        gap = f"({cells.numerator}/{cells.denominator}*{factor}-{mean})/{mean}"

        def part(sign: str) -> str:
            steps = f"ROUND(MAX(0,{sign}{gap})/{step},10)"
            return f"MIN({most},{f'INT({steps})' if self.whole_steps else steps}*{per_step})"

        return f"IF({mean}<=0,{cells.points},ROUND({cells.points}+{part('')}-{part('-')},10))"

    def promise(self, question: Question, points: Decimal) -> Promise | None:
        """The next whole step where only whole ones count; the mean rises with the manager's own figure."""
        peers = question.peers
        if peers is None or peers.mean <= 0 or points >= self.points + self.most or not self.per_step:
            return None
        factor = self.coefficients.get(question.branch_id, Decimal(1))
        steps = divide(question.actual.value * factor - peers.mean, peers.mean * self.step)
        if self.whole_steps:
            steps = inner(steps).to_integral_value(ROUND_FLOOR if steps >= 0 else ROUND_CEILING, context=EXACT)
            if steps < 0 and -steps * self.per_step > self.most:  # deeper than the deduction goes
                return None
        goal, own = 1 + (steps + 1) * self.step, factor - (1 + (steps + 1) * self.step) * peers.weight
        if own <= 0:
            return None
        act, said = question.enough(divide(goal * peers.mean - factor * question.actual.value, own))
        return Promise(f"再 {said} 多 {plain(self.per_step)} 分（同组平均随着升，已算进去）", act, self.per_step)
