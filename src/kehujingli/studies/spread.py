"""收入差距：客户经理的应发差多远？最高比最低、P90 比 P10、基尼系数，和上月比。"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from kehujingli import terms
from kehujingli.studies.pay.inequality import Spread, spread
from kehujingli.studies.study import Answer, Study, StudyList
from kehujingli.terms.column import declared
from kehujingli.values import missing

if TYPE_CHECKING:
    import pandas as pd

_KEYS = ("count", "total", "mean", "highest", "lowest", "highest_lowest", "p90_p10", "gini")
MEASURES = {key: declared(key, table="spread").header for key in _KEYS}


def beside(now: Spread, before: Spread | None) -> pd.DataFrame:
    """A row of this month and one of the month before, where there is one; a column a measure of ``Spread.record``."""
    import pandas as pd

    told = [("本期", now), *([("上月", before)] if before is not None else [])]
    rows = [{"period": name, **one.record()} for name, one in told]
    return pd.DataFrame(rows, columns=["period", *MEASURES]).astype("object")


def sentence(one: Spread) -> str:
    """Each measure with its unit and its thousands."""
    said = one.record()
    return "；".join(f"{label} {Decimal(said[key]):,f}" for key, label in MEASURES.items() if said[key] is not None)


def incomes(months: pd.DataFrame) -> Answer:
    """``months``: one row a person and period with 应发 in 元; the newest period beside the one before it."""
    paid = months[[not missing(value) for value in months["pay"]]]
    by_month = {
        str(period): spread(Decimal(str(pay)) for pay in part.groupby("manager_id")["pay"].first())
        for period, part in paid.groupby("period", sort=True)
    }
    newest = str(months["period"].max())
    here = by_month.get(newest, spread([]))
    earlier = [told for period, told in by_month.items() if period < newest]
    return Answer({"spread": beside(here, earlier[-1] if earlier else None)}, [sentence(here)])


STUDY = Study(
    incomes,
    (
        StudyList(
            "spread",
            "收入差距表",
            (
                declared("period", width=10),
                *(declared(key, table="spread", width=15) for key in MEASURES),
            ),
            unit="元、人、倍",
        ),
    ),
    definitions=(
        ("应发绩效", "一人几个岗位的合在一起，没有应发的人不算。"),
        ("P90、P10", "按应发从低到高，居九成、一成位置的数，两人之间按距离取。"),
        (terms.label("gini", "spread"), "0 是人人一样，1 是一人独占。"),
    ),
)
