"""收入差距：客户经理的应发差多远？最高比最低、P90 比 P10、基尼系数，和上月比。

Exact; ties and order do not matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from kehujingli import terms
from kehujingli.studies.study import Answer, Study, StudyList
from kehujingli.terms.column import declared
from kehujingli.values import missing

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Spread:
    """Of ``count`` incomes in 元. A ratio is missing where what it divides by is not above zero."""

    count: int
    total: Decimal
    mean: Decimal | None
    highest: Decimal | None
    lowest: Decimal | None
    highest_lowest: Decimal | None
    p90_p10: Decimal | None
    gini: Decimal | None

    def record(self) -> dict[str, Any]:
        """As JSON has it: money with two decimals, ratios with four."""
        money = {key: _text(getattr(self, key), 2) for key in ("total", "mean", "highest", "lowest")}
        ratios = {key: _text(getattr(self, key), 4) for key in ("highest_lowest", "p90_p10", "gini")}
        return {"count": self.count, **money, **ratios}


def spread(incomes: Iterable[Decimal]) -> Spread:
    """The spread of incomes in 元."""
    values = sorted(incomes)
    total = sum(values, Decimal(0))
    if not values:
        return Spread(0, total, None, None, None, None, None, None)
    count = len(values)
    ranked = sum(((2 * place - count - 1) * value for place, value in enumerate(values, 1)), Decimal(0))
    gini = ranked / (count * total) if total > 0 and values[0] >= 0 else None
    return Spread(
        count,
        total,
        total / count,
        values[-1],
        values[0],
        _ratio(values[-1], values[0]),
        _ratio(quantile(values, Decimal("0.9")), quantile(values, Decimal("0.1"))),
        gini,
    )


def quantile(ordered: Sequence[Decimal], share: Decimal) -> Decimal:
    """Of values in order, linear between the two neighbours (Hyndman and Fan's type 7)."""
    position = share * (len(ordered) - 1)
    below = int(position)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (position - below)


def _ratio(top: Decimal, bottom: Decimal) -> Decimal | None:
    return top / bottom if bottom > 0 else None


def _text(value: Decimal | None, digits: int) -> str | None:
    from kehujingli.values import round_half_up

    return None if value is None else f"{round_half_up(value, digits):.{digits}f}"


MEASURES = {
    "count": "有绩效的人数",
    "total": "应发合计（元）",
    "mean": "人均（元）",
    "highest": "最高（元）",
    "lowest": "最低（元）",
    "highest_lowest": "最高 ÷ 最低",
    "p90_p10": "P90 ÷ P10",
    "gini": terms.label("gini", "trial_curve"),
}


def incomes(months: pd.DataFrame) -> Answer:
    """``months``: one row a person and period with 应发 in 元; the newest period beside the one before it."""
    import pandas as pd

    paid = months[[not missing(value) for value in months["pay"]]]
    by_month = {
        str(period): spread(Decimal(str(pay)) for pay in part.groupby("manager_id")["pay"].first())
        for period, part in paid.groupby("period", sort=True)
    }
    newest = str(months["period"].max())
    here = by_month.get(newest, spread([]))
    earlier = [told for period, told in by_month.items() if period < newest]
    before = earlier[-1].record() if earlier else {}
    now = here.record()
    rows = [(label, now[key], before.get(key)) for key, label in MEASURES.items()]
    frame = pd.DataFrame(rows, columns=["measure", "now", "before"]).astype("object")
    said = "；".join(f"{label} {now[key]}" for key, label in MEASURES.items() if now[key] is not None)
    return Answer({"spread": frame}, [said])


STUDY = Study(
    incomes,
    (
        StudyList(
            "spread",
            "收入差距表",
            (
                declared("measure", called="item", width=22),
                declared("now", kind="number", table="spread"),
                declared("before", kind="number", table="spread"),
            ),
            unit="",
        ),
    ),
    definitions=(
        ("应发", "一人几个岗位的合在一起，没有应发的人不算。"),
        ("P90、P10", "按应发从低到高，居九成、一成位置的数，两人之间按距离取。"),
        ("基尼系数", "0 是人人一样，1 是一人独占。"),
    ),
)
