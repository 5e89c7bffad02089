"""How is a pool shared out? Pool × weight ÷ Σ positive volumes is the unit price; nothing of the part is lost (F9)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import ClassVar, Literal

from pydantic import Field

from kehujingli import terms
from kehujingli.rules.code_words import code_word
from kehujingli.rules.shapes.base import Cells, Counts, Figure, Item, Parameter, Peers, Question, Words
from kehujingli.values import divide, inner, plain, round_half_up


def largest_remainder(total: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """Parts of ``total`` (元) in whole 分 in proportion to ``weights``, which are not negative; they add up to it exactly.

    A 分 that is left goes to the largest remainder, ties to the earlier. All weights zero: nobody gets anything.
    """
    whole = sum(weights, Decimal(0))
    if not whole:
        return [Decimal(0)] * len(weights)
    cents = int(round_half_up(total * 100, 0))
    scale = 10 ** max(0, -min(int(weight.as_tuple().exponent) for weight in weights))
    numbers = [int(weight * scale) for weight in weights]
    base, rest = zip(*(divmod(cents * number, sum(numbers)) for number in numbers), strict=True)
    left = cents - sum(base)
    lucky = set(sorted(range(len(rest)), key=lambda index: (-rest[index], index))[:left])
    return [Decimal(part + (index in lucky)) / 100 for index, part in enumerate(base)]


class Pool(Item):
    """单价 = 总额 × 权重 ÷ 同组正数之和;不大于零的不分、也不进分母;分尽为止,尾差按最大余额。"""

    needs_peers: ClassVar[bool] = True
    default_counts: ClassVar[Counts] = "pay"
    shape: Literal["pool"]
    pool: Decimal | str = Field(description="总额,元;或一个 metric 的 id,同组相加得总额(如岗位工资)")
    weight: Decimal = Field(gt=0, le=100, description="权重,占总额的百分之几")

    def sentence(self, words: Words) -> str:
        pool = f"{plain(self.pool)} 元" if isinstance(self.pool, Decimal) else f"{words.name(self.pool)}合计"
        return f"{pool}的 {plain(self.weight)}%，按{code_word('peers', self.peers)}的正数分尽"

    def looks_at(self) -> list[str]:
        return [self.pool] if isinstance(self.pool, str) else []

    def part(self, pool: Decimal) -> Decimal:
        """The part of the pool that this item shares out, in 元."""
        return round_half_up(pool * self.weight / 100, 2)

    def figure(self, question: Question) -> Figure:
        peers = question.peers or Peers(Decimal(0), Decimal(0))
        value = question.actual.value
        if value <= 0 or not peers.positive:
            return Figure(Decimal(0), f"{question.say(value)} 不大于零，不分")
        price = divide(self.part(peers.pool), peers.positive)
        per = Decimal(10_000) if question.style == "money" else Decimal(1)
        said = (
            f"单价 {round_half_up(peers.pool, 2)} × {plain(self.weight)}% ÷ {question.say(peers.positive)} = "
            f"{plain(round_half_up(price * per, 4))} 元/{'万元' if per != 1 else terms.UNIT_WORD}；× {question.say(value)} = {peers.share} 元"
        )
        return Figure(peers.share, said)

    def parameters(self, question: Question) -> list[Parameter]:
        peers = question.peers or Peers(Decimal(0), Decimal(0))
        part = self.part(peers.pool)
        exact = (
            round_half_up(divide(part * max(question.actual.value, Decimal(0)), peers.positive), 2)
            if peers.positive
            else Decimal(0)
        )
        return [("本项可分的钱", part), ("同组正数之和", peers.positive), ("尾差", inner(peers.share - exact))]

    def formula(self, cells: Cells) -> str:
        """The third parameter is the 分 that the largest remainder gave or took."""
        part, positive, tail = (cells.parameter(index) for index in range(3))
        value = f"MAX(0,{cells.numerator}/{cells.denominator})"
        return f"IF({positive}=0,0,ROUND({part}*{value}/{positive},2)+{tail})"
