"""全省：各县合起来是多少？户数、存贷款、不良、迁徙、考核，一县一行，合计是各县之和，分毫不差。"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from kehujingli import terms
from kehujingli.errors import Finding, finding
from kehujingli.studies.movement import STUDY as MOVEMENT
from kehujingli.studies.study import Answer, Study, StudyList
from kehujingli.terms.column import ListColumn
from kehujingli.values import in_yuan, missing, round_half_up

if TYPE_CHECKING:
    import pandas as pd

WHOLE = "合计"
COUNTS = ("customers", "frequent", "mobile", "dormant", "large", "medium", "small")
MONEY = ("deposit_balance", "average_deposit_year", "loan_balance", "npl_balance")
_MATRICES = ("movement", "movement_before", "movement_after")
_BALANCES = {"province_steps": "movement_balance", "province_step_amounts": "movement_amounts"}


@dataclass(frozen=True)
class County:
    """What one county's period kept. ``figures``: ``COUNTS``, and ``MONEY`` in 分, None where its exports do not tell; ``moved``: the lists of
    迁徙, nothing where the month before is not there; ``scored``: everybody's score and pay (元), nothing where nobody is scored."""

    name: str
    as_of: str
    rules: str
    """Name and hash of the rules file that it was run under."""
    closed: bool
    figures: Mapping[str, int | None]
    moved: Mapping[str, pd.DataFrame] | None = None
    scored: Sequence[tuple[Decimal | None, Decimal | None]] = ()


@dataclass(frozen=True)
class Failed:
    """A county, or a folder that may be one (``no_workspace``), that is in no sum, and why."""

    name: str
    reason: str
    no_workspace: bool = False


def province(counties: Sequence[County], failed: Sequence[Failed] = ()) -> Answer:
    """Rows in the order of the counties, the sum last."""
    frames = {
        "province_counties": _counties(counties),
        "province_scores": _scores(counties),
        **{f"province_{name}": _matrix(counties, name) for name in _MATRICES},
        **{name: _steps(counties, of) for name, of in _BALANCES.items()},
        "province_failed": _frame([{"county": one.name, "reason": one.reason} for one in failed], ("county", "reason")),
    }
    return Answer(frames, _lines(frames["province_counties"], failed), [*_findings(counties, failed)])


def _frame(rows: Iterable[Mapping[str, Any]], columns: Iterable[str]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame([dict(row) for row in rows], columns=list(columns), dtype="object")


def _sum(values: Iterable[Any]) -> Any:
    """The sum of what is known; None where nothing is."""
    known = [value for value in values if value is not None]
    return sum(known[1:], known[0]) if known else None


def _ratio(figures: Mapping[str, Any]) -> float | None:
    bad, book = figures["npl_balance"], figures["loan_balance"]
    return bad / book if bad is not None and book else None


def _counties(counties: Sequence[County]) -> pd.DataFrame:
    rows = [{"county": one.name, "as_of": one.as_of, "rules": one.rules, **one.figures} for one in counties]
    whole: dict[str, Any] = {"county": WHOLE, "as_of": None, "rules": None}
    whole |= {name: _sum(row[name] for row in rows) for name in (*COUNTS, *MONEY)}
    # A ratio of some counties' bad loans to all counties' loans would be too good.
    classed = [row for row in rows if row["npl_balance"] is not None]
    of_classed = {name: _sum(row[name] for row in classed) for name in ("npl_balance", "loan_balance")}
    told = [*({**row, "npl_ratio": _ratio(row)} for row in rows), {**whole, "npl_ratio": _ratio(of_classed)}]
    return _frame(told, [column.key for column in _COUNTIES])


def _scores(counties: Sequence[County]) -> pd.DataFrame:
    def told(name: str, people: Sequence[tuple[Decimal | None, Decimal | None]]) -> dict[str, Any]:
        scores = [score for score, _ in people if score is not None]
        return {
            "county": name,
            "managers": len(people),
            "withheld": len(people) - len(scores),
            "score_sum": _sum(scores),
            "mean_score": round_half_up(sum(scores, Decimal(0)) / len(scores), 2) if scores else None,
            "pay": _sum(pay for _, pay in people),
        }

    rows = [told(one.name, one.scored) for one in counties if one.scored]
    everybody = [person for one in counties for person in one.scored]
    return _frame([*rows, told(WHOLE, everybody)] if rows else [], [column.key for column in _SCORES])


def _matrix(counties: Sequence[County], name: str) -> pd.DataFrame:
    """The counties' matrices laid on each other."""
    found = [one.moved[name] for one in counties if one.moved]
    first, *others = found or [_frame((), [column.key for column in _list(name).columns])]
    figures = [column for column in first.columns if column != "previous_group"]
    whole = first.copy()
    for other in others:
        whole[figures] += other[figures]
    return whole


def _steps(counties: Sequence[County], name: str) -> pd.DataFrame:
    """期初 to 期末 of each county, and of all."""
    columns = [column.key for column in _list(name).columns if column.key not in ("by", "part")]
    rows = [
        {"county": one.name, **{key: int(one.moved[name].iloc[0][key]) for key in columns}}
        for one in counties
        if one.moved
    ]
    whole = {"county": WHOLE, **{key: _sum(row[key] for row in rows) for key in columns}}
    return _frame([*rows, whole] if rows else [], ("county", *columns))


def _list(name: str) -> StudyList:
    return next(one for one in MOVEMENT.lists if one.key == name)


def _lines(counties: pd.DataFrame, failed: Sequence[Failed]) -> list[str]:
    whole = counties.iloc[-1]
    money = [
        f"{column.header} {in_yuan(int(whole[column.key])):,.2f} 元"
        for column in _COUNTIES
        if column.key in MONEY and not missing(whole[column.key])
    ]
    others = sum(one.no_workspace for one in failed)
    lacking = f"，另有 {len(failed) - others} 县没有汇入" if len(failed) > others else ""
    passed = f"，{others} 个目录不是工作区" if others else ""
    return [
        f"{len(counties) - 1} 县{lacking}{passed}：{whole['customers']:,} 户",
        *([f"合计  {'，'.join(money)}"] if money else []),
    ]


def _findings(counties: Sequence[County], failed: Sequence[Failed]) -> Iterable[Finding]:
    for one in failed:
        code = "province.no-workspace" if one.no_workspace else "province.failed"
        yield finding(code, county=one.name, reason=one.reason)
    headers = {column.key: column.header for column in _COUNTIES}
    for key in MONEY:
        without = [one.name for one in counties if one.figures[key] is None]
        if without:
            yield finding("province.lacks", counties="、".join(without), what=headers[key])
    for what, lacking in (
        (MOVEMENT.label, [one.name for one in counties if not one.moved]),
        (terms.label("score"), [one.name for one in counties if not one.scored]),
    ):
        if lacking:
            yield finding("province.lacks", counties="、".join(lacking), what=what)
    days = {one.as_of for one in counties}
    if len(days) > 1:
        yield finding("province.days-differ", days="、".join(sorted(days)))
    if len({one.rules for one in counties}) > 1:
        yield finding("province.rules-differ", count=len({one.rules for one in counties}))


_COUNTY = ListColumn("county", label="县", width=16)
_COUNTIES = (
    _COUNTY,
    ListColumn("as_of", width=12),
    ListColumn("customers", "count", "户数", width=10),
    *(ListColumn(key, "count", label, width=10) for key, label in terms.FREQUENCIES.items()),
    *(ListColumn(key, "count", said, width=10) for key, said in terms.SCALES.items()),
    ListColumn("deposit_balance", "yuan", width=18),
    ListColumn("average_deposit_year", "yuan", terms.said("average_deposit_year"), width=18),
    ListColumn("loan_balance", "yuan", width=18),
    ListColumn("npl_balance", "yuan", "不良贷款余额", width=16, meaning="次级、可疑、损失，表内。"),
    ListColumn(
        "npl_ratio",
        "rate",
        terms.label("npl_ratio", "branch_sums"),
        meaning="合计行是各县不良之和 ÷ 贷款之和，不是各县比率的平均。",
    ),
    ListColumn("rules", label="办法", width=30),
)
_SCORES = (
    _COUNTY,
    ListColumn("managers", "count", "参评人数"),
    ListColumn("withheld", "count", "未计分人数"),
    ListColumn("score_sum", "points", "得分之和", width=12),
    ListColumn("mean_score", "points", "平均得分", meaning="得分之和 ÷ 计了分的人数。各县办法不同的，得分不能互比。"),
    ListColumn("pay", "amount", "绩效薪酬", width=16),
)


def _renamed(name: str, title: str) -> StudyList:
    one = _list(name)
    return StudyList(f"province_{name}", title, one.columns, unit=one.unit, freeze=one.freeze, heat=one.heat)


def _by_county(key: str, title: str) -> StudyList:
    one = _list(_BALANCES[key])
    columns = tuple(column for column in one.columns if column.key not in ("by", "part"))
    return StudyList(key, title, (_COUNTY, *columns), unit=one.unit, freeze=1)


STUDY = Study(
    province,
    (
        StudyList("province_counties", "各县", _COUNTIES, freeze=1),
        StudyList("province_scores", "考核", _SCORES, freeze=1),
        *(
            _renamed(name, title)
            for name, title in zip(_MATRICES, ("迁徙", "迁徙期初金额", "迁徙期末金额"), strict=True)
        ),
        _by_county("province_steps", "各县户数平衡"),
        _by_county("province_step_amounts", "各县金额平衡"),
        StudyList("province_failed", "没有汇入", (_COUNTY, ListColumn("reason", width=60)), freeze=1),
    ),
    definitions=(
        ("户数", "各县客户数之和：一人在两县各有客户号的算两户。"),
        ("合计", "各县之和，到分；一个县没有的数不按 0 补，合计里不含它，首页说是哪几县。"),
    ),
)
