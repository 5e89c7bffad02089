"""RFM：谁最近来过、来得多、做得大？最近一次、笔数、金额各按分位打 1 到 5 分，按三个分归群。"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field, model_validator

from kehujingli import terms
from kehujingli.errors import problem
from kehujingli.periods import Period
from kehujingli.rules.schemes import Positive
from kehujingli.rules.shapes.base import Strict, refused
from kehujingli.studies.study import Answer, Heat, Study, StudyList
from kehujingli.terms.column import ListColumn, declared

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

OTHERS = "其他"
_Bounds = Annotated[tuple[Positive, Positive], Field(description="从几分到几分")]
_YUAN = 100
"""分 in a unit of the amount."""
_NEEDS = ("idle_days", "transactions", "turnover", "active_days")


class Segment(Strict):
    """Who is called ``name``: the three scores within these bounds, both included."""

    name: str
    recency: _Bounds
    frequency: _Bounds
    amount: _Bounds

    @property
    def bounds(self) -> tuple[tuple[int, int], ...]:
        return self.recency, self.frequency, self.amount


def _segment(name: str, *bounds: int) -> Segment:
    recency, frequency, amount = (tuple(bounds[at : at + 2]) for at in (0, 2, 4))
    return Segment.model_validate({"name": name, "recency": recency, "frequency": frequency, "amount": amount})


USUAL = (
    _segment("最佳客户", 5, 5, 5, 5, 5, 5),
    _segment("可培养忠诚", 3, 5, 3, 5, 2, 5),
    _segment("忠诚客户", 2, 4, 2, 4, 2, 4),
    _segment("有希望", 3, 4, 1, 3, 3, 5),
    _segment("新近客户", 4, 5, 1, 3, 1, 5),
    _segment("不能丢", 1, 2, 3, 4, 4, 5),
    _segment("有流失风险", 1, 2, 2, 5, 4, 5),
    _segment("要关注", 1, 3, 3, 5, 3, 5),
    _segment("快睡着", 2, 3, 1, 3, 1, 4),
    _segment("已流失", 1, 1, 1, 5, 1, 5),
)
"""Those of the R package rfm (Champions … Lost): the first that fits."""


class Rules(Strict):
    """RFM。分数从 1 到 bins,越高越好。"""

    bins: Annotated[int, Field(ge=2, le=5)] = Field(5, description="打几档分;不到 5 的要自己写 segments")
    binning: Literal["above", "next"] = Field(
        "above", description="above 大于分位数的进上一档;next 不小于分位数加一(天、笔、元)的进上一档,和 R 的 rfm 包一样"
    )
    segments: tuple[Segment, ...] | None = Field(
        None, description="各群三个分数的范围,从上往下第一个合的,都不合是其他;不写是 R 的 rfm 包的十群"
    )

    @property
    def named(self) -> tuple[Segment, ...]:
        return USUAL if self.segments is None else self.segments

    @model_validator(mode="after")
    def _within(self) -> Rules:
        for one in self.named:
            for low, high in one.bounds:
                if not low <= high:
                    detail = f"范围是反的：{low} 到 {high}"
                    raise refused("rules.bad-value", key="segments", value=one.name, detail=detail)
        beyond = [one.name for one in self.named if max(low for low, _ in one.bounds) > self.bins]
        if beyond:
            usual = "没写 segments 时的十群里，" if self.segments is None else ""
            cure = f"请写 segments（分数不超过 {self.bins}），或把 bins 改大"
            detail = f"分数最高 {self.bins}，{usual}{'、'.join(beyond)}要的分更高，永远没有人；{cure}"
            raise refused("rules.bad-value", key="bins", value=self.bins, detail=detail)
        return self


def scores(values: pd.Series, bins: int, binning: str, unit: int = 1) -> np.ndarray[Any, Any]:
    """1 to ``bins``, the higher the larger the value: by the quantiles 1/bins, 2/bins … of all (linear between neighbours). Equal values, equal scores.

    ``binning``: ``above`` a value above a quantile is in the next bin; ``next`` one that is at least the quantile and one ``unit``.
    """
    import numpy as np

    numbers = values.to_numpy(dtype="float64")
    edges = np.quantile(numbers, np.arange(1, bins) / bins)
    if binning == "next":
        return np.asarray(1 + np.searchsorted(edges + unit, numbers, side="right"))
    return np.asarray(1 + np.searchsorted(edges, numbers, side="left"))


def scored(
    frame: pd.DataFrame, recency: str, frequency: str, amount: str, rules: Rules, unit: int = _YUAN
) -> pd.DataFrame:
    """``frame`` (nothing missing in the three columns) with recency_score, frequency_score, amount_score, rfm (355) and segment; ``unit``: of the amount."""
    import numpy as np

    told = frame.assign(
        recency_score=rules.bins + 1 - scores(frame[recency], rules.bins, rules.binning),
        frequency_score=scores(frame[frequency], rules.bins, rules.binning),
        amount_score=scores(frame[amount], rules.bins, rules.binning, unit),
    )
    points = [told[name].to_numpy() for name in ("recency_score", "frequency_score", "amount_score")]
    fits = [
        np.logical_and.reduce(
            [(low <= own) & (own <= high) for own, (low, high) in zip(points, one.bounds, strict=True)]
        )
        for one in rules.named
    ]
    segment = np.select(fits, [one.name for one in rules.named], default=OTHERS) if fits else OTHERS
    code = points[0] * 100 + points[1] * 10 + points[2]
    return told.assign(rfm=code.astype(str), segment=segment)


def rfm(classes: pd.DataFrame, *, period: Period, rules: Rules) -> Answer:
    """``classes`` as a month keeps them; money in 分. Only who did business in the window has scores. Raises ``study.kept-older``."""
    if not set(_NEEDS) <= set(classes.columns):
        raise problem("study.kept-older", period=period.name)
    came = classes[classes["active_days"].fillna(0) > 0]
    if came.empty:
        told = came.assign(recency_score=None, frequency_score=None, amount_score=None, rfm=None, segment=None)
    else:
        told = scored(came, "idle_days", "transactions", "turnover", rules)
    told = told.sort_values(
        ["recency_score", "frequency_score", "amount_score", "turnover", "customer_id"],
        ascending=[False, False, False, False, True],
        ignore_index=True,
    )
    groups = _groups(told, rules)
    frames = {"rfm": told, "rfm_segments": groups, "rfm_matrix": _matrix(told, rules.bins)}
    lines = [f"窗口内有业务的 {len(told):,} 户打了分，没有业务的 {len(classes) - len(told):,} 户没有分"]
    lines += [f"{row.segment} {row.customers:,} 户" for row in groups.itertuples() if row.customers]
    return Answer(frames, lines)


def _groups(told: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """One row a segment in the order of the rules; they add up to all who have scores."""
    money = ["turnover", "deposit_balance", "loan_balance"]
    names = list(dict.fromkeys([*(one.name for one in rules.named), OTHERS]))
    by = told.groupby("segment", sort=False)
    sums = by[money].sum().reindex(names).fillna(0)
    return (
        sums.assign(customers=by.size().reindex(names).fillna(0).astype("int64")).rename_axis("segment").reset_index()
    )


def _matrix(told: pd.DataFrame, bins: int) -> pd.DataFrame:
    """Customers by recency (rows, the latest first) and frequency (columns)."""
    import pandas as pd

    marks = range(1, bins + 1)
    counts = pd.crosstab(told["recency_score"], told["frequency_score"]).reindex(
        index=marks, columns=marks, fill_value=0
    )
    counts = counts.sort_index(ascending=False).set_axis([f"frequency_{mark}" for mark in marks], axis=1)
    for mark in range(bins + 1, _MOST + 1):
        counts[f"frequency_{mark}"] = pd.NA
    return counts.rename_axis("recency_score").reset_index()


_MOST = 5
"""Columns of the matrix; with fewer bins the rest is blank."""
_SCORES = (
    ListColumn("recency_score", "count", "R分"),
    ListColumn("frequency_score", "count", "F分"),
    ListColumn("amount_score", "count", "M分"),
    ListColumn("rfm", label="RFM", width=8),
    ListColumn("segment", label="分群", width=14),
)
STUDY = Study(
    rfm,
    (
        StudyList(
            "rfm",
            "RFM客户",
            (
                ListColumn("customer_id", "id", width=14),
                ListColumn("customer_name", private="name", width=20),
                ListColumn("customer_type", codes=terms.CUSTOMER_TYPES),
                ListColumn("branch_name", width=14),
                ListColumn("manager_name"),
                declared("idle_days"),
                declared("transactions"),
                ListColumn("turnover", "yuan", width=16),
                *_SCORES,
            ),
        ),
        StudyList(
            "rfm_segments",
            "RFM分群",
            (
                ListColumn("segment", label="分群", width=14),
                ListColumn("customers", "count", "户数", total=True),
                ListColumn("turnover", "yuan", total=True, width=18),
                ListColumn("deposit_balance", "yuan", total=True, width=18),
                ListColumn("loan_balance", "yuan", total=True, width=18),
            ),
        ),
        StudyList(
            "rfm_matrix",
            "RFM户数",
            (
                ListColumn("recency_score", "count", "R分（越高越近）", width=16),
                *(ListColumn(f"frequency_{mark}", "count", f"F{mark}", total=True) for mark in range(1, _MOST + 1)),
            ),
            unit="户",
            freeze=1,
            heat=Heat(tuple(f"frequency_{mark}" for mark in range(1, _MOST + 1))),
        ),
    ),
    definitions=(
        (
            "R、F、M",
            "最近一次业务到期末的天数、窗口内笔数、窗口内金额（绝对值）；只算客户主动办的，窗口内没有业务的没有分。",
        ),
        ("打分", "按全部有业务的户的分位数（相邻两数间线性）分档，同数同分；R 越近分越高。binning 写明怎么进档。"),
        ("分群", "三个分数从上往下第一个合的群，范围在办法里；不写时是 R 的 rfm 包的十群。"),
    ),
    rules=Rules,
)
