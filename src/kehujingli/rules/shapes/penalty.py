"""What went wrong, how often? So much for each occurrence or each step past a line, up to a cap for all together (F14)."""

from __future__ import annotations

from decimal import ROUND_FLOOR, Decimal
from typing import ClassVar, Literal

from pydantic import Field, model_validator

from kehujingli.rules.shapes.base import Cells, Counts, Fact, Figure, Item, Parameter, Question, Strict, Words, refused
from kehujingli.values import EXACT, divide, inner, plain


class Charge(Strict):
    """一种扣法:每一次(或过线每一档)扣多少。"""

    of: str = Field(description="看哪个数:metric 的 id 或程序算的实绩")
    each: Decimal = Field(ge=0, description="每次、每档扣多少")
    step: Decimal = Field(Decimal(1), gt=0, description="一档的宽度")
    above: Decimal | None = Field(None, description="高于它的部分才扣;都不写就从 0 起")
    below: Decimal | None = Field(None, description="低于它的部分才扣")
    whole_steps: bool = Field(True, description="true 满一档才扣,false 不足一档按比例扣")

    @model_validator(mode="after")
    def _one_line(self) -> Charge:
        if self.above is not None and self.below is not None:
            raise refused("rules.bad-value", key="above", value=self.above, detail="above 与 below 只写一个")
        return self

    @property
    def line(self) -> Decimal:
        return self.below if self.below is not None else self.above or Decimal(0)

    def cost(self, fact: Fact) -> Decimal:
        over = self.line - fact.value if self.below is not None else fact.value - self.line
        steps = inner(divide(max(over, Decimal(0)), self.step))
        if self.whole_steps:
            steps = steps.to_integral_value(ROUND_FLOOR, context=EXACT)
        return inner(steps * self.each)


class Penalty(Item):
    """从零起扣,各种扣法相加,合计最多扣 most;不写 most 就不封底。missing_actual = "zero" 时没填的数按 0 算。"""

    needs_actual: ClassVar[bool] = False
    default_counts: ClassVar[Counts] = "extra"
    blank_is_zero: ClassVar[bool] = True
    shape: Literal["penalty"]
    charges: tuple[Charge, ...] = Field(min_length=1, description="各种扣法")
    most: Decimal | None = Field(None, ge=0, description="合计最多扣多少")

    def sentence(self, words: Words) -> str:
        charges = (
            f"{words.name(one.of)}{' 过 ' + words.say(one.of, one.line) if one.line else ''} 每 {words.say(one.of, one.step)} 扣 {plain(one.each)}"
            for one in self.charges
        )
        most = f"，合计最多扣 {plain(self.most)}" if self.most is not None else ""
        return f"{'、'.join(charges)}{most}"

    def looks_at(self) -> list[str]:
        return [charge.of for charge in self.charges]

    def figure(self, question: Question) -> Figure:
        costs = [(question.facts[charge.of], charge.cost(question.facts[charge.of])) for charge in self.charges]
        total = sum((cost for _, cost in costs), Decimal(0))
        said = "，".join(f"{fact.label} {fact.said} 扣 {plain(cost)}" for fact, cost in costs if cost)
        if self.most is not None and total > self.most:
            total, said = self.most, f"{said}，合计最多扣 {plain(self.most)}"
        return Figure(-total, said or "没有要扣的")

    def parameters(self, question: Question) -> list[Parameter]:
        numbers = [("最多扣", self.most) if self.most is not None else ("最多扣（不设）", Decimal(10**9))]
        for charge in self.charges:
            fact = question.facts[charge.of]
            numbers += [
                (fact.label, fact.value),
                (f"{fact.label}起扣线", charge.line),
                (f"{fact.label}一档的宽度", charge.step),
                (f"{fact.label}每档扣", charge.each),
            ]
        return numbers

    def formula(self, cells: Cells) -> str:
        parts = []
        for index, charge in enumerate(self.charges):
            value, line, step, each = (cells.parameter(1 + 4 * index + offset) for offset in range(4))
            over = f"{line}-{value}" if charge.below is not None else f"{value}-{line}"
            steps = f"ROUND(MAX(0,{over})/{step},10)"
            parts.append(f"ROUND({f'INT({steps})' if charge.whole_steps else steps}*{each},10)")
        return f"-MIN({cells.parameter(0)},{'+'.join(parts)})"
