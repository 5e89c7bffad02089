"""Are enough figures well above the bank's mean, while the bad loans stay in a band? Then a fixed reward (F12)."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar, Literal

from pydantic import Field

from kehujingli.rules.shapes.base import (
    Cells,
    Condition,
    Fact,
    Figure,
    Item,
    Parameter,
    Promise,
    Question,
    Strict,
    Words,
)
from kehujingli.values import divide, enough, inner, plain, round_half_up, say


class Level(Strict):
    """一档奖励:条件都满足,且至少 k 个数高出平均若干。"""

    points: Decimal = Field(description="得多少分;counts 是 pay 时是多少元")
    margin: Decimal = Field(ge=0, description="高出同组平均多少,0.30 是 30%")
    when: tuple[Condition, ...] = Field((), description="另外的条件,如不良占比在哪一档,都要满足")


class KOfN(Item):
    """几个数里至少 least 个高出同组平均 margin(平均要大于零),且条件都满足,得那一档的固定奖励;从高到低看。"""

    needs_actual: ClassVar[bool] = False
    shape: Literal["k_of_n"]
    figures: tuple[str, ...] = Field(min_length=1, description="比哪几个数:metric 的 id 或程序算的实绩")
    least: int = Field(ge=1, description="至少几个")
    levels: tuple[Level, ...] = Field(min_length=1, description="各档,从高到低")

    def sentence(self, words: Words) -> str:
        levels = (
            f"高出平均 {say(level.margin, 'ratio')}{''.join('，' + words.condition(one) for one in level.when)} 得 {plain(level.points)}"
            for level in self.levels
        )
        return f"{'、'.join(words.name(name) for name in self.figures)} 中至少 {self.least} 项{'；'.join(levels)}"

    def looks_at(self) -> list[str]:
        return [*self.figures, *(condition.of for level in self.levels for condition in level.when)]

    def _above(self, fact: Fact, margin: Decimal) -> bool:
        # Without a mean above zero nothing is above it: in a new business everybody stands at nothing.
        return fact.mean > 0 and fact.value >= inner(fact.mean * (1 + margin))

    def figure(self, question: Question) -> Figure:
        facts = [question.facts[name] for name in self.figures]
        for level in self.levels:
            good = [fact for fact in facts if self._above(fact, level.margin)]
            fits = all(condition.holds(question.facts[condition.of].value) for condition in level.when)
            if fits and len(good) >= self.least:
                names = "、".join(fact.label for fact in good)
                return Figure(
                    level.points,
                    f"{names} 共 {len(good)} 项高出平均 {round_half_up(level.margin * 100, 0)}%，得 {plain(level.points)}",
                )
        return Figure(Decimal(0), f"没有 {self.least} 项高出平均，或条件不满足，得 0")

    def parameters(self, question: Question) -> list[Parameter]:
        numbers: list[Parameter] = [("至少几个", Decimal(self.least))]
        for name in self.figures:
            fact = question.facts[name]
            numbers += [(fact.label, fact.value), (f"{fact.label}同组平均", fact.mean)]
        for place, level in enumerate(self.levels, 1):
            numbers += [(f"{place}档得分", level.points), (f"{place}档要高出", level.margin)]
            numbers += [named for condition in level.when for named in condition.numbers(question.facts)]
        return numbers

    def formula(self, cells: Cells) -> str:
        place = 1 + 2 * len(self.figures)
        levels = []
        for level in self.levels:
            points, margin = cells.parameter(place), cells.parameter(place + 1)
            place += 2
            counted = "+".join(
                f"({cells.parameter(2 + 2 * index)}>0)*({cells.parameter(1 + 2 * index)}>=ROUND({cells.parameter(2 + 2 * index)}*(1+{margin}),10))"
                for index in range(len(self.figures))
            )
            holds = [f"(({counted})>={cells.parameter(0)})"]
            for condition in level.when:
                for sign, _ in condition.bounds():
                    holds.append(f"({cells.parameter(place)}{sign}{cells.parameter(place + 1)})")
                    place += 2
            levels.append((points, "*".join(holds)))
        text = "0"
        for points, holds_all in reversed(levels):
            text = f"IF({holds_all}>0,{points},{text})"
        return text

    def promise(self, question: Question, points: Decimal) -> Promise | None:
        level = self.levels[0]
        if points >= level.points:
            return None
        facts = [question.facts[name] for name in self.figures]
        short = [self._short(fact, 1 + level.margin) for fact in facts if not self._above(fact, level.margin)]
        lacking = [
            condition.said(question.facts[condition.of])
            for condition in level.when
            if not condition.holds(question.facts[condition.of].value)
        ]
        return Promise("；".join([*lacking, *short]))

    @staticmethod
    def _short(fact: Fact, wanted: Decimal) -> str:
        """How much a figure lacks to ``wanted`` times the mean, which rises with it."""
        if fact.mean <= 0:
            return f"{fact.label}同组平均 {say(fact.mean, fact.style)} 不大于零"
        own = 1 - wanted * fact.weight
        if own <= 0:
            return f"{fact.label}同组人太少，高不出平均"
        return f"{fact.label}差 {enough(divide(wanted * fact.mean - fact.value, own), fact.style)[1]}"
