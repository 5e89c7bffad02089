"""Was the line reached? All of the points or none, then more in proportion (F2)."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar, Literal

from pydantic import Field

from kehujingli.rules.shapes.base import Cells, Figure, Item, Parameter, Promise, Question, Words
from kehujingli.values import divide, inner, plain, round_half_up


class Threshold(Item):
    """达标得标准分,不达标得 missed;超额部分加 bonus_points × 超额率,加分不超过 bonus_max。"""

    of_target: ClassVar[bool] = True
    shape: Literal["threshold"]
    missed: Decimal = Field(Decimal(0), description="不达标得多少分")
    bonus: bool = Field(True, description="超额是否按比例加分")
    bonus_points: Decimal | None = Field(
        None, gt=0, description="超额一倍(完成率 200%)加多少分,不足的按比例;不写就是标准分"
    )
    bonus_max: Decimal | None = Field(None, ge=0, description="加分最多多少")

    def sentence(self, words: Words) -> str:
        more = ""
        if self.bonus:
            own = f" {plain(self.bonus_points)} × 超额率" if self.bonus_points is not None else ""
            more = f"，超额按比例加{own}{'，最多 ' + plain(self.bonus_max) if self.bonus_max is not None else ''}"
        return f"达到任务得 {plain(self.points)}，不到得 {plain(self.missed)}{more}"

    @property
    def _rate(self) -> Decimal:
        return self.points if self.bonus_points is None else self.bonus_points

    def figure(self, question: Question) -> Figure:
        value, due = question.actual.value, question.due_target
        completion = divide(value, due)
        if inner(completion) < 1:
            said = f"{question.say(value)} 未到 {question.say(due)}，得 {plain(self.missed)}"
            return Figure(self.missed, said, completion)
        points = self.points
        said = f"{question.say(value)} 达到 {question.say(due)}，得 {plain(self.points)}"
        if self.bonus and completion > 1:
            more = inner(self._rate * (completion - 1))
            if self.bonus_max is not None:
                more = min(more, self.bonus_max)
            points += more
            said += f"，超额加 {round_half_up(more, 2)}"
        return Figure(inner(points), said, completion)

    def parameters(self, question: Question) -> list[Parameter]:
        most = ("超额加分上限", self.bonus_max or Decimal(0))
        if not self.bonus:
            most = ("超额加分上限（不加）", Decimal(0))
        elif self.bonus_max is None:
            most = ("超额加分上限（不设）", Decimal(10**9))
        return [("不达标得分", self.missed), most, ("超额一倍加分", self._rate)]

    def formula(self, cells: Cells) -> str:
        missed, ceiling, worth = (cells.parameter(index) for index in range(3))
        rate = (
            f"{cells.numerator}*{cells.progress_denominator}"
            f"/({cells.denominator}*{cells.target}*{cells.progress_numerator})"
        )
        more = f"MIN({ceiling},ROUND({worth}*({rate}-1),10))"
        return f"IF(ROUND({rate},10)>=1,ROUND({cells.points}+MAX(0,{more}),10),{missed})"

    def promise(self, question: Question, points: Decimal) -> Promise | None:
        short = question.due_target - question.actual.value
        if short <= 0:
            return None
        act, said = question.enough(short)
        return Promise(f"再 {said} 得 {plain(self.points)}", act, self.points - points)
