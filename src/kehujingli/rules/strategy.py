"""How is each 户群 looked after? Who, how often, by which way, with what, to what end: one row a cell of the 3 × 3 grid, for whoever plans by it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from kehujingli import terms
from kehujingli.rules.schemes import Positive
from kehujingli.rules.shapes.base import Strict, refused


def _known(group: str) -> str:
    if group not in terms.GROUPS:
        raise refused("rules.bad-value", key="strategy", value=group, detail=f"应是 {'、'.join(terms.GROUPS)} 之一")
    return group


Cell = Annotated[str, AfterValidator(_known)]
Word = Annotated[str, Field(min_length=1)]


class Tended(Strict):
    """每个户群一行:"frequent/large" = { who = "manager", visit_days = 30, channel = ["上门"], offer = ["授信"], aim = "keep" };九个户群都要写,lint 会查。"""

    who: Literal["manager", "branch", "remote"] = Field(
        description="谁管:manager 客户经理,branch 网点,remote 远程（电话、短信）"
    )
    visit_days: Positive = Field(description="走访周期:几天之内至少联系一次")
    channel: tuple[Word, ...] = Field(min_length=1, description="渠道,先写的优先;用走访记录里方式的说法")
    offer: tuple[Word, ...] = Field(min_length=1, description="主推什么,先写的优先")
    aim: Literal["keep", "raise", "wake", "grow"] = Field(
        description="目标:keep 保（留住）,raise 提（提升往来）,wake 唤（唤醒）,grow 养（培育）"
    )

    @property
    def in_words(self) -> dict[str, str]:
        """who, channel, offer and aim as people read them."""
        return {
            "who": terms.TENDED_BY[self.who],
            "channel": "、".join(self.channel),
            "offer": "、".join(self.offer),
            "aim": terms.AIMS[self.aim],
        }


Strategy = Mapping[str, Tended]
"""户群 → how it is looked after; a cell that the file leaves out is not there."""


def missing_cells(strategy: Strategy) -> list[str]:
    """户群 that have no row, in Chinese."""
    return [label for group, label in terms.GROUPS.items() if group not in strategy]
