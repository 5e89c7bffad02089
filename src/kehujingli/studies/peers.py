"""对标：和全市、同业比差在哪里、差多少？本行的十个数和《对标》里同一指标各家的数，换成同一单位相减。"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from kehujingli import terms
from kehujingli.errors import Finding
from kehujingli.periods import Period, month_name
from kehujingli.studies.placing import at, several
from kehujingli.studies.study import Answer, Study, StudyList
from kehujingli.terms.column import ListColumn
from kehujingli.values import missing, round_half_up

if TYPE_CHECKING:
    import pandas as pd

_MONEY = {unit: Decimal(cents) for unit, cents in terms.UNITS.items()}
_RATES = {"%": Decimal("0.01"), "％": Decimal("0.01"), "‰": Decimal("0.001")}
_COUNTS = {"户": Decimal(1), "万户": Decimal(10_000)}
_POINTS = {"分": Decimal(1)}
_KINDS = {
    "customers": _COUNTS,
    "frequent_share": _RATES,
    "best": _COUNTS,
    "deposits": _MONEY,
    "interest_cost": _RATES,
    "loans": _MONEY,
    "npl": _RATES,
    "coverage": _RATES,
    "visits": _RATES,
    "due_collected": _RATES,
    "score": _POINTS,
}
"""Figure of 月报 → the units that it can be told in, each with how much of the stored figure is one."""
_APART = {"%": "个百分点", "％": "个百分点", "‰": "个千分点"}
"""What two rates differ by."""
_MONTH = re.compile(r"(\d{4})[-年./]?(\d{1,2})")


def peers(figures: pd.DataFrame, peers: pd.DataFrame, *, period: Period) -> Answer:
    """``figures``: key, label, value (text), as a month keeps them; ``peers``: the newest of each institution and item until the period counts."""
    import pandas as pd

    own = {
        str(row.label): (str(row.key), None if missing(row.value) else Decimal(row.value))
        for row in figures.itertuples()
    }
    rows, told = _newest(peers, period)
    made, odd = [], []
    for row in rows.to_dict("records"):
        key, value = own.get(row["item"], ("", None))
        share = _KINDS.get(key, {}).get(str(row["unit"]).strip())
        if key and share is None:
            odd.append(f"{at(row)}{row['item']} {row['unit']}")
        theirs = Decimal(str(row["peer_value"]))
        places = max(2, -int(theirs.normalize().as_tuple().exponent)) if row["unit"] in _APART else 4
        mine = None if value is None or share is None else round_half_up(value / share, places)
        made.append(
            {
                "item": row["item"],
                "unit": row["unit"],
                "own": mine,
                "institution": row["institution"],
                "peer_value": theirs,
                "gap": None if mine is None else mine - theirs,
                "period": month_name(int(row["month"])),
                "source": row["source"],
                "said": "" if mine is not None else ("单位对不上" if key and share is None else "本行没有这个数"),
            }
        )
    if odd:
        told.append(several("study.peers-unit", odd))
    columns = ["item", "unit", "own", "institution", "peer_value", "gap", "period", "source", "said"]
    frame = pd.DataFrame(made, columns=columns)
    lines = [
        f"{row.item}  本行 {row.own.normalize():f}，{row.institution} {row.peer_value.normalize():f}，差 {row.gap.normalize():+f} {_APART.get(row.unit, row.unit)}（{row.period}）"
        for row in frame.itertuples()
        if row.gap is not None
    ]
    return Answer({"peers": frame}, lines or ["没有能比的：指标名称要和月报的十个数一样"], told)


def _newest(peers: pd.DataFrame, period: Period) -> tuple[pd.DataFrame, list[Finding]]:
    """Of each institution and item the newest month that is not after the period; months that are none, and two figures of one, are told."""
    rows = peers.assign(**{key: peers[key].astype("str").str.strip() for key in ("institution", "item")})
    months = [_month(text) for text in rows["period"]]
    rows, told = rows.assign(month=months), []
    none = rows["month"].isna()
    if bool(none.any()):
        told.append(
            several("study.peers-period", [f"{at(row)}{row['period']}" for row in rows[none].to_dict("records")])
        )
    rows = rows[~none & (rows["month"] <= period.month).fillna(False)]
    by = ["institution", "item"]
    rows = rows[rows["month"] == rows.groupby(by)["month"].transform("max")]
    rows = rows.drop_duplicates([*by, "peer_value", "unit"])
    torn = rows.duplicated(by, keep=False)
    if bool(torn.any()):
        pairs = dict.fromkeys(f"{row.institution} {row.item}" for row in rows[torn].itertuples())
        told.append(several("study.peers-twice", list(pairs)))
    return rows[~torn].sort_values(["item", "institution"], kind="stable"), told


def _month(text: Any) -> int | None:
    found = _MONTH.search("" if missing(text) else str(text))
    return int(found[1]) * 12 + int(found[2]) - 1 if found and 1 <= int(found[2]) <= 12 else None


STUDY = Study(
    peers,
    (
        StudyList(
            "peers",
            "对标差距",
            (
                ListColumn("item", label=terms.label("item"), width=20),
                ListColumn("unit", label=terms.label("unit")),
                ListColumn("own", "number", "本行"),
                ListColumn("institution", label=terms.label("institution"), width=16),
                ListColumn("peer_value", "number", "他行"),
                ListColumn("gap", "number", "本行比他行", meaning="本行 − 他行；比率差的是百分点"),
                ListColumn("period", label=terms.label("period")),
                ListColumn("source", label=terms.label("source"), width=16),
                ListColumn("said", label="为什么没有比", width=18),
            ),
            unit="见单位列",
            nothing="没有到本期的对标数。",
        ),
    ),
    definitions=(
        ("本行的数", "月报的十个数，指标名称写得一样才认；存款是年日均（考核口径），和别家的余额不是一回事。"),
        ("哪个月", "每家每个指标取不晚于本期的最近一月，月份写在表里；不是同一个月的差只作参考。"),
    ),
    examples=("kehujingli peers",),
)
