"""What is a loan expected to lose, and what must it bring? Expected loss by five-class, RAROC, and the floor below which a loan is not worth its capital."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from kehujingli import terms
from kehujingli.rules.shapes.base import Strict
from kehujingli.studies.money.ftp import MILLIONTHS, YEAR_DAYS
from kehujingli.values import places, times, whole_parts

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd


Rate = Annotated[Decimal, Field(ge=0, le=1)]


class Rules(Strict):
    """预期损失。各专题都用这一套;一年的,按日均和天数摊到月。"""

    normal: Rate = Field(Decimal("0.003"), description="正常类贷款一年预期损失多少")
    special_mention: Rate = Field(Decimal("0.02"), description="关注类")
    substandard: Rate = Field(Decimal("0.25"), description="次级类")
    doubtful: Rate = Field(Decimal("0.50"), description="可疑类")
    loss: Rate = Field(Decimal("1.00"), description="损失类")

    @property
    def by_class(self) -> dict[str, Decimal]:
        """Class → the share of the balance that a year is expected to lose."""
        return {key: getattr(self, key) for key in terms.FIVE_CLASSES}


def losses(lines: pd.DataFrame, rates: Mapping[str, Decimal]) -> npt.NDArray[np.int64]:
    """Expected loss of each priced loan, 分: Σ day balance × the year's rate of its class ÷ 365, adding up to the rounded sum; 0 for what is no loan."""
    import numpy as np
    import pandas as pd

    at = np.flatnonzero(((lines["lacks"] == "") & (lines["side"] == "loan")).to_numpy(dtype=bool))
    known = [*(int(rate * MILLIONTHS) for rate in rates.values()), 0]
    of = np.array(known)[places(lines["five_class"].iloc[at], pd.Series(list(rates), dtype="str"))]
    found = np.zeros(len(lines), dtype="int64")
    found[at] = whole_parts(times(lines["daily"].to_numpy(dtype="int64")[at], of), YEAR_DAYS * MILLIONTHS)
    return found


def raroc(income: Decimal, loss: Decimal, cost: Decimal, capital: Decimal) -> Decimal | None:
    """(income − expected loss − cost) ÷ economic capital; nothing without capital."""
    return (income - loss - cost) / capital if capital else None


@dataclass(frozen=True)
class Floor:
    """What a loan must bring a year, each part a share of the loan. ``cost`` is None where no cost is known: the floor is then without it."""

    funds: Decimal
    loss: Decimal
    cost: Decimal | None
    share: Decimal
    """Economic capital of a yuan lent."""
    hurdle: Decimal
    """What capital must bring."""

    @property
    def capital(self) -> Decimal:
        return self.share * self.hurdle

    @property
    def rate(self) -> Decimal:
        return self.funds + self.loss + (self.cost or Decimal(0)) + self.capital

    def raroc(self, rate: Decimal) -> Decimal | None:
        """Of a loan at ``rate``."""
        return raroc(rate - self.funds, self.loss, self.cost or Decimal(0), self.share)
