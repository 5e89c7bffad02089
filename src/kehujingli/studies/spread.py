"""收入差距：客户经理的应发差多远？最高比最低、P90 比 P10、基尼系数，和上月比。"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from kehujingli import terms
from kehujingli.studies.inequality import spread
from kehujingli.studies.study import Answer, Study, StudyList
from kehujingli.terms.column import declared
from kehujingli.values import missing

if TYPE_CHECKING:
    import pandas as pd

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
        ("应发绩效", "一人几个岗位的合在一起，没有应发的人不算。"),
        ("P90、P10", "按应发从低到高，居九成、一成位置的数，两人之间按距离取。"),
        (terms.label("gini", "trial_curve"), "0 是人人一样，1 是一人独占。"),
    ),
)
