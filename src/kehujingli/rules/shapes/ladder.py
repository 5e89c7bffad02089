"""Which rung is reached? All of a rung's conditions must hold; the best such rung gives its grade and its points (F11)."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar, Literal

from pydantic import Field

from kehujingli.rules.shapes.base import Cells, Condition, Figure, Item, Parameter, Promise, Question, Strict, Words
from kehujingli.values import plain


class Rung(Strict):
    """一级:条件都满足才算。"""

    grade: str = Field(description="等级名称")
    points: Decimal = Field(Decimal(0), description="得多少分;counts 是 pay 时是多少元")
    when: tuple[Condition, ...] = Field(min_length=1, description="条件,都要满足")


class Ladder(Item):
    """从高到低逐级看,条件都满足的第一级就是;一级都不满足得 otherwise。"""

    needs_actual: ClassVar[bool] = False
    shape: Literal["ladder"]
    rungs: tuple[Rung, ...] = Field(min_length=1, description="各级,从高到低")
    otherwise: Decimal = Field(Decimal(0), description="一级都不满足时的分")

    def sentence(self, words: Words) -> str:
        rungs = (
            f"{rung.grade} {plain(rung.points)}（{'，'.join(words.condition(one) for one in rung.when)}）"
            for rung in self.rungs
        )
        return f"从高到低，条件都满足的第一级：{'；'.join(rungs)}"

    def looks_at(self) -> list[str]:
        return [condition.of for rung in self.rungs for condition in rung.when]

    def _blocked(self, rung: Rung, question: Question) -> list[str]:
        return [
            condition.said(question.facts[condition.of])
            for condition in rung.when
            if not condition.holds(question.facts[condition.of].value)
        ]

    def _reached(self, question: Question) -> int:
        return next(
            (index for index, rung in enumerate(self.rungs) if not self._blocked(rung, question)), len(self.rungs)
        )

    def figure(self, question: Question) -> Figure:
        index = self._reached(question)
        if index == len(self.rungs):
            return Figure(self.otherwise, f"一级都不满足，得 {plain(self.otherwise)}")
        rung = self.rungs[index]
        return Figure(rung.points, f"{rung.grade}的条件都满足，得 {plain(rung.points)}", grade=rung.grade)

    def parameters(self, question: Question) -> list[Parameter]:
        numbers = [("都不满足得分", self.otherwise)]
        for rung in self.rungs:
            numbers.append((f"{rung.grade}得分", rung.points))
            numbers += [named for condition in rung.when for named in condition.numbers(question.facts)]
        return numbers

    def formula(self, cells: Cells) -> str:
        rungs, place = [], 1
        for rung in self.rungs:
            points = cells.parameter(place)
            place += 1
            holds = []
            for condition in rung.when:
                for sign, _ in condition.bounds():
                    holds.append(f"({cells.parameter(place)}{sign}{cells.parameter(place + 1)})")
                    place += 2
            rungs.append((points, "*".join(holds)))
        text = cells.parameter(0)
        for points, holds_all in reversed(rungs):
            text = f"IF({holds_all}>0,{points},{text})"
        return text

    def promise(self, question: Question, points: Decimal) -> Promise | None:
        index = self._reached(question)
        if index == 0:
            return None
        rung = self.rungs[index - 1]
        return Promise(f"{rung.grade}差 {len(lacking := self._blocked(rung, question))} 条：{'；'.join(lacking)}")
