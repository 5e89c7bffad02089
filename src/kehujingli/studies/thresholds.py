"""门槛：线划在哪里合适？各个数怎样分布，分位、帕累托、自然断点会划在哪里，休眠的几种口径放在一起，各改多少户。"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from kehujingli import terms
from kehujingli.errors import Finding, finding
from kehujingli.periods import Period, date_of
from kehujingli.rules.models import Count
from kehujingli.rules.shapes.base import Strict
from kehujingli.segment import Side, opened_lately, sides
from kehujingli.studies.classes.breaks import natural_breaks, pareto, quantiles, rounded
from kehujingli.studies.classes.distribution import AMOUNTS, COUNTS, distribution, spreads
from kehujingli.studies.classes.followed import WAY_BRANCHES, WAY_MANAGERS, WAYS, Drawn, Trial, followed
from kehujingli.studies.classes.moves import sure
from kehujingli.studies.classes.written import sides_written, with_bounds, with_condition, with_months
from kehujingli.studies.study import Answer, Chart, Option, Study, StudyList
from kehujingli.tables.frames import owing
from kehujingli.tables.ties import ties_on
from kehujingli.terms.column import ListColumn, declared, keys
from kehujingli.values import among, plain

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

    from kehujingli.rules import SegmentRules

    Bools = npt.NDArray[np.bool_]
    Ints = npt.NDArray[np.int64]

Share = Annotated[Decimal, Field(gt=0, lt=1)]
Preset = Annotated[str, Field(pattern=r"^[1-9]\d*[md](-\d+)?$")]
_PRESET = re.compile(r"(\d+)([md])(?:-(\d+))?")
_NOW, _QUANTILE, _PARETO, _NATURAL = "现行", "分位", "帕累托", "自然断点"
_FEW = 3
"""Fewer customers than classes are not parted."""
_SCALES = ("small", "medium", "large")


class Rules(Strict):
    """门槛。现行办法的数旁边放别的划法;只看,不改。"""

    quantiles: tuple[Share, Share] = Field((Decimal("0.80"), Decimal("0.95")), description="分位:中等、大型从多少以上")
    pareto: tuple[Share, Share] = Field((Decimal("0.90"), Decimal("0.70")), description="帕累托:中等、大型累计占多少")
    frequent: Share = Field(Decimal("0.60"), description="分位:有业务的户里从多少以上算经常联系户")
    digits: Count = Field(2, description="划出来的数往下取到几位有效数字;0 不取整")
    presets: tuple[Preset, ...] = Field(
        ("12m", "36m-100", "365d-10", "6m-100"),
        min_length=1,
        description="休眠口径:几个月(m)或几天(d)没有业务,-后是余额不超过多少元",
    )


def thresholds(
    classes: pd.DataFrame,
    accounts: pd.DataFrame | None = None,
    loans: pd.DataFrame | None = None,
    holdings: pd.DataFrame | None = None,
    *,
    period: Period,
    segment: tuple[SegmentRules | None, SegmentRules],
    rules: Rules,
    trial: Trial | None = None,
    follow: bool = False,
) -> Answer:
    """Frames as a month keeps them, money in 分. ``segment``: the second classes the period; ``trial``: what the month comes to under other
    rules of classes, with other classes (customer_id, frequency, scale), or as it is. With ``follow`` every way is tried."""
    import pandas as pd

    own = segment[1]
    frame = classes.sort_values("customer_id", ignore_index=True)
    by_scale = list(_scale(frame, own, rules))
    by_rest = list(_dormancy(frame, accounts, loans, holdings, own, period, rules))
    by_activity = list(_activity(frame, own, rules))
    scale = pd.DataFrame((drawn.row for drawn in by_scale), columns=keys(_SCALE))
    dormancy = pd.DataFrame((drawn.row for drawn in by_rest), columns=keys(_DORMANCY))
    dormancy = dormancy.astype({"deposit_balance": "int64"})
    activity = pd.DataFrame((drawn.row for drawn in by_activity), columns=keys(_ACTIVITY))
    tried = [*by_scale, *by_rest, *by_activity] if follow and trial is not None else []
    tries, told = followed(frame, own, tried, trial)
    frames = {
        "thresholds": scale,
        "thresholds_dormancy": dormancy,
        "thresholds_activity": activity,
        "thresholds_amounts": distribution(frame, AMOUNTS),
        "thresholds_counts": distribution(frame, COUNTS),
        **tries,
    }
    lines = [
        f"{row.said}：休眠 {row.dormant:,} 户"
        + (f"，比现行多 {row.came:,} 户，少 {row.left:,} 户" if row.came + row.left else "")
        for row in dormancy.itertuples()
    ]
    for (of, way), part in scale[scale["way"] != _NOW].groupby(["of", "way"], sort=False):
        lines.append(f"{of}按{way}划：升档 {part['up'].sum():,} 户，降档 {part['down'].sum():,} 户")
    lines += told
    found = dormancy["dormant"]
    title = f"现行休眠 {found.iloc[0]:,} 户，换口径是 {found.min():,} 到 {found.max():,} 户"
    return Answer(frames, lines, _findings(frame, dormancy), {"thresholds_dormancy": title})


def _scale(frame: pd.DataFrame, own: SegmentRules, rules: Rules) -> Iterator[Drawn]:
    """Each side and customer type by each way: its bounds, customers by scale, and who is classed otherwise than by the rules without buffer."""
    import numpy as np

    apart = sides(frame, own.scale)
    level = np.max([side.level for side in apart], axis=0)
    labels = [terms.label("scale_amount")] if len(apart) == 1 else ["存款一边", "贷款一边"]
    types = frame["customer_type"].fillna("person")
    present = frame["scale"].to_numpy(dtype=object)
    written = sides_written(own.scale)
    for place, (side, of) in enumerate(zip(apart, labels, strict=False)):
        for kind in terms.CUSTOMER_TYPES:
            rows = (types == kind).to_numpy(dtype=bool)
            if not rows.any():
                continue
            for way, bounds in _bounds(side, rows, rules):
                medium, large = (
                    np.where(rows, bound, old) for bound, old in zip(bounds, (side.medium, side.large), strict=True)
                )
                changed = [
                    replace(side, medium=medium, large=large) if n == place else one for n, one in enumerate(apart)
                ]
                new = np.max([one.level for one in changed], axis=0)
                counts = [int((new[rows] == size).sum()) for size in (2, 1, 0)]
                top = int(side.amount[rows & (new == 2)].sum())
                whole = int(side.amount[rows].sum())
                share, changes = top / whole if whole else None, (int((new > level).sum()), int((new < level).sum()))
                row = (of, kind, way, *bounds, *counts, share, *changes)
                values = np.where(new == level, present, np.array(_SCALES, dtype=object)[new])
                words = f"中等 {_short(bounds[0])}、大型 {_short(bounds[1])} 万元"
                what = f"{of}·{terms.CUSTOMER_TYPES[kind]}"
                if way == _NOW:
                    yield Drawn(row)
                else:
                    other = with_bounds(own, written[place], kind, bounds)
                    yield Drawn(row, what, f"{way}：{words}", "scale", values, other)


def _short(cents: int) -> str:
    return plain(Decimal(cents) / 1_000_000)


def _bounds(side: Side, rows: Bools, rules: Rules) -> Iterator[tuple[str, tuple[int, int]]]:
    """Way → medium and large (分), drawn through the amounts above zero of these customers."""
    amounts = side.amount[rows]
    yield _NOW, (int(side.medium[rows][0]), int(side.large[rows][0]))
    amounts = amounts[amounts > 0]
    if len(amounts) < _FEW:
        return
    for way, found in (
        (_QUANTILE, quantiles(amounts, rules.quantiles)),
        (_PARETO, pareto(amounts, rules.pareto)),
        (_NATURAL, natural_breaks(amounts, 3)),
    ):
        if len(found) == 2:
            medium, large = sorted(rounded(value, rules.digits) for value in found)
            yield way, (medium, large)


def _dormancy(
    frame: pd.DataFrame,
    accounts: pd.DataFrame | None,
    loans: pd.DataFrame | None,
    holdings: pd.DataFrame | None,
    own: SegmentRules,
    period: Period,
    rules: Rules,
) -> Iterator[Drawn]:
    """The rules and each preset: customers by frequency, who sleeps only under it, who no more, and who cannot be told because she was never seen.

    What keeps a customer awake beside activity and balance (loans, deposits, contracts, newness) is what the rules say.
    """
    import numpy as np

    kept = opened_lately(frame["opened_on"], own, period)
    if loans is not None:
        kept = kept | among(frame["customer_id"], owing(loans)["customer_id"])
    if accounts is not None and holdings is not None and loans is not None:
        ties = ties_on(period.last, loans, accounts, holdings)
        kept = kept | (among(frame["customer_id"], ties.term_deposits) & own.frequency.dormant.keep_term_deposits)
        kept = kept | (among(frame["customer_id"], ties.contracts) & own.frequency.dormant.keep_contracts)
    now = (frame["frequency"] == "dormant").to_numpy(dtype=bool)
    often = (frame["frequency"] == "frequent").to_numpy(dtype=bool)
    balance = frame["deposit_balance"].fillna(0).astype("int64").to_numpy()
    never = frame["last_active"].isna().to_numpy(dtype=bool)
    seen = frame["last_active"].min()
    said = f"{own.frequency.dormant.idle_months} 个月没有业务（{_NOW}办法）"
    asked: list[tuple[str, str, Bools, Bools, SegmentRules | None]] = [
        (f"{_NOW}办法", said, now, np.zeros(len(frame), dtype=bool), own)
    ]
    for preset in rules.presets:
        told, first, most = _preset(preset, period)
        asleep = sure(frame["last_active"].isna() | (frame["last_active"] < first)) & ~kept & ~often
        if most is not None:
            asleep &= balance <= most * 100
        beyond = bool(seen is None or seen != seen or seen > first)
        asked.append((preset, told, asleep, asleep & never & beyond, _in_rules(own, preset)))
    for place, (name, told, asleep, unsure, other) in enumerate(asked):
        counts = (int(often.sum()), int((~often & ~asleep).sum()), int(asleep.sum()))
        moved = (int((asleep & ~now).sum()), int((now & ~asleep).sum()))
        row = (name, told, *counts, *moved, int(balance[asleep].sum()), int(unsure.sum()))
        values = _frequencies(often, asleep)
        yield Drawn(row, "休眠", f"{name}：{told}", "frequency", values, other) if place else Drawn(row)


def _frequencies(often: Bools, asleep: Bools) -> npt.NDArray[np.object_]:
    import numpy as np

    return np.where(often, "frequent", np.where(asleep, "dormant", "mobile")).astype(object)


def _in_rules(own: SegmentRules, preset: str) -> SegmentRules | None:
    """The rules know calendar months alone."""
    found = re.fullmatch(r"(\d+)m", preset)
    return with_months(own, int(found[1])) if found else None


def _preset(preset: str, period: Period) -> tuple[str, int, int | None]:
    """36m-100 → in words, the first day of the span without activity, the greatest balance in 元."""
    found = _PRESET.fullmatch(preset)
    assert found is not None
    number, unit, balance = int(found[1]), found[2], found[3]
    first = period.window_first(number) if unit == "m" else period.last - number + 1
    said = f"{number} {'个月' if unit == 'm' else '天'}没有业务"
    return said + (f"，余额不超过 {balance} 元" if balance else ""), first, int(balance) if balance else None


def _activity(frame: pd.DataFrame, own: SegmentRules, rules: Rules) -> Iterator[Drawn]:
    """Each condition of 经常联系户 moved by itself, the others as they are: customers by frequency, and who is classed otherwise."""
    import numpy as np

    bar = own.frequency.frequent
    asleep = (frame["frequency"] == "dormant").to_numpy(dtype=bool)
    often_now = (frame["frequency"] == "frequent").to_numpy(dtype=bool)
    active = sure(frame["active_months"] > 0)
    bounds = {"active_months": bar.active_months, "transactions": bar.transactions, "idle_days": bar.idle_days}
    for key, present in bounds.items():
        values = frame.loc[active, key].dropna().astype("int64").to_numpy()
        ways = [(_NOW, present)]
        if len(values) >= _FEW:
            most = key == "idle_days"
            (by_share,) = quantiles(-values if most else values, [rules.frequent])
            edges = natural_breaks(values, 2)
            ways.append((_QUANTILE, -by_share if most else by_share))
            ways += [(_NATURAL, edge - 1 if most else edge) for edge in edges]
        for way, bound in ways:
            asked = bounds | {key: bound}
            often = sure(
                (frame["active_months"] >= asked["active_months"])
                & (frame["transactions"] >= asked["transactions"])
                & (frame["idle_days"] <= asked["idle_days"])
            )
            mobile = int((~often & ~asleep).sum())
            counts = (int(often.sum()), mobile, int((~often & asleep).sum()))
            came, left = int((often & ~often_now).sum()), int((often_now & ~often).sum())
            row = (terms.label(key), way, int(np.int64(bound)), *counts, came, left)
            words = f"{way}：{'不超过' if key == 'idle_days' else '至少'} {int(bound)}"
            values = _frequencies(often, asleep)
            if way == _NOW:
                yield Drawn(row)
            else:
                yield Drawn(row, terms.label(key), words, "frequency", values, with_condition(own, key, int(bound)))


def _findings(frame: pd.DataFrame, dormancy: pd.DataFrame) -> list[Finding]:
    unsure = dormancy[dormancy["unsure"] > 0]
    if unsure.empty:
        return []
    seen = frame["last_active"].min()
    day = "没有" if seen is None or seen != seen else date_of(int(seen)).isoformat()
    return [
        finding(
            "study.thresholds-reach", day=day, presets="、".join(unsure["preset"]), count=int(unsure["unsure"].max())
        )
    ]


_CHANGED = (
    ListColumn("up", "count", "升档", meaning="按这样划比现行高一档以上的户，都不计缓冲期"),
    ListColumn("down", "count", "降档"),
)
_SCALE = (
    ListColumn("of", label="看什么", width=12),
    ListColumn("customer_type", codes=terms.CUSTOMER_TYPES),
    ListColumn("way", label="划法", width=10),
    ListColumn("medium", "yuan", "中等下限", width=16),
    ListColumn("large", "yuan", "大型下限", width=16),
    *(ListColumn(f"{key}_customers", "count", terms.SCALES[key], width=9) for key in ("large", "medium", "small")),
    ListColumn("share", "rate", "大型占金额"),
    *_CHANGED,
)
_FREQUENCIES = tuple(ListColumn(key, "count", word, width=11) for key, word in terms.FREQUENCIES.items())
_DORMANCY = (
    ListColumn("preset", label="口径", width=12),
    ListColumn("said", label="休眠要", width=34),
    *_FREQUENCIES,
    ListColumn("came", "count", "新算休眠", width=9, meaning="现行办法不休眠、这个口径休眠的户"),
    ListColumn("left", "count", "不再休眠", width=9),
    declared("deposit_balance", label="休眠户存款", width=16),
    ListColumn(
        "unsure", "count", "看不到那么久", width=13, meaning="流水里从没有业务，而流水没有口径要的那么长：当作够了的户"
    ),
)
_ACTIVITY = (
    ListColumn("measure", label="条件", width=12),
    ListColumn("way", label="划法", width=10),
    ListColumn("bound", "count", "线"),
    *_FREQUENCIES,
    ListColumn("came", "count", "新算经常"),
    ListColumn("left", "count", "不再经常"),
)

_UNTRIED = "没有试算。要看每种划法的负荷和应发：kehujingli thresholds --follow。"


STUDY = Study(
    thresholds,
    (
        StudyList("thresholds", "门槛规模", _SCALE, freeze=3),
        StudyList("thresholds_dormancy", "门槛休眠", _DORMANCY, freeze=1, chart=Chart("column", "said", ("dormant",))),
        StudyList("thresholds_activity", "门槛往来", _ACTIVITY, unit="户"),
        StudyList("thresholds_amounts", "门槛金额分布", spreads("yuan")),
        StudyList("thresholds_counts", "门槛活动分布", spreads("count"), unit=""),
        StudyList("thresholds_follow", "门槛随动", WAYS, unit="户、折算户、元", freeze=3, nothing=_UNTRIED),
        StudyList("thresholds_branches", "门槛随动机构", WAY_BRANCHES, unit="户、折算户", freeze=5, nothing=_UNTRIED),
        StudyList(
            "thresholds_managers", "门槛随动经理", WAY_MANAGERS, unit="折算户、分、元", freeze=7, nothing=_UNTRIED
        ),
    ),
    {
        "accounts": "不看定期存款，休眠的会多说。",
        "loans": "不看贷款和定期、合约，休眠的会多说。",
        "holdings": "不看合约和定期，休眠的会多说。",
    },
    (
        (_QUANTILE, "从低到高排，排在办法 [studies.thresholds] 的 quantiles 以上的；只看大于零的户，按客户类型分开。"),
        (_PARETO, "从高到低加，加到全部的 pareto 那么多为止的最后一户。"),
        (
            _NATURAL,
            "分成三组，各组内离本组平均的平方和最小（一维 k-means 的精确解，Fisher 1958）；线是上一组里最小的一户。",
        ),
        ("取整", "划出来的数往下取到 digits 位有效数字，再数户数。"),
        ("休眠口径", "只换几个月（天）和余额；有贷款、定期、合约、新户不休眠的，照现行办法。"),
        (
            "随动",
            "只换这一条线，别的照现行办法，和把它写进办法、这一期重跑一样：户群变了，应配户、折算户和管户方案、得分和应发"
            "（连同睡眠户激活）重算。降档的先进缓冲期，这一期还没有降，所以另有“缓冲期满”一行：该降的都降了以后的样子。"
            "带天数、余额的休眠口径办法里写不出，只换户群，睡眠户激活照现行的休眠算。",
        ),
    ),
    Rules,
    (
        Option(
            "follow",
            "",
            "每种划法把管户和考核试算一遍，看负荷和应发怎样跟着变；要读导出，一种划法大约是一次分配加一次考核的时间",
            bool,
            reckoned=True,
        ),
    ),
    ("kehujingli thresholds", "kehujingli thresholds --follow -o 门槛.xlsx"),
)
