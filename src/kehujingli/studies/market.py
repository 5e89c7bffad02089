"""市场格局：各乡镇的存款、贷款、户数，本行占多少，涨了还是丢了，往哪里使劲？村里还有多少户没有来往？只作参考，不作考核。"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import Field, model_validator

from kehujingli import terms
from kehujingli.errors import Finding
from kehujingli.periods import Period
from kehujingli.rules.models import Institution
from kehujingli.rules.schemes import Fraction as Share
from kehujingli.rules.schemes import Positive
from kehujingli.rules.shapes.base import Strict, refused
from kehujingli.studies.places.coverage import Coverage, coverage
from kehujingli.studies.places.market_told import Stands, lines_of, told_of, village_lines
from kehujingli.studies.places.shares import (
    COUNTY,
    MEASURES,
    Change,
    Names,
    Said,
    Stand,
    change,
    said_of,
)
from kehujingli.studies.places.stands import earlier_of, own_of, stands_of
from kehujingli.studies.places.towns import Towns, plain, towns_of
from kehujingli.studies.study import Answer, Chart, Study, StudyList
from kehujingli.terms.column import ListColumn, keys
from kehujingli.terms.made import ListKind
from kehujingli.values import nearest
from kehujingli.values import plain as figure

if TYPE_CHECKING:
    import pandas as pd


_TWO = 2


class Rules(Strict):
    """市场格局。份额只作参考；考核份额要有具体任务（kehujingli lint 会查）。"""

    own_banks: tuple[str, ...] = Field(
        ("本行", "本社", "我行"), description="《市场格局》里还有哪些名称是本行;机构全称不用写"
    )
    own_like: tuple[str, ...] = Field(
        ("农商", "农村商业银行", "信用社", "信用联社", "农信"), description="名称有这些字的可能是本行,没认定就不算份额"
    )
    not_own: tuple[str, ...] = Field((), description="名称像本行、其实是别家的,写全称")
    whole: tuple[str, ...] = Field(
        ("全部金融机构", "全部银行", "各家银行", "全市场"), description="哪些名称是市场合计,不是一家银行"
    )
    county: tuple[str, ...] = Field(("全县", "全市", "全区", "全辖"), description="哪些地名是全县;名称末字是“县”的也是")
    towns: dict[str, tuple[str, ...]] = Field({}, description="乡镇有哪些机构号;不写的看机构的区域、《村情》的乡镇")
    villages: dict[str, str] = Field({}, description="改了名、并了的村:客户资料里的村名 = 《村情》里的村名")
    days: Positive = Field(92, description="市场数据比期末早多少天以上就不算份额")
    tolerance: Share = Field(Decimal("0.02"), description="几个数对照,差多少以内算一样")
    most: Share = Field(Decimal("0.95"), description="本行占到多少以上,像是单位不对,不算")
    jump: Annotated[Decimal, Field(gt=0)] = Field(Decimal(1), description="市场比上期差几倍以上,像是单位不对,不算增减")
    low: Share = Field(Decimal("0.20"), description="份额低于多少的乡镇主攻")
    high: Share = Field(Decimal("0.40"), description="份额不低于多少的乡镇守住")
    slip: Share = Field(Decimal("0.005"), description="份额比上期少多少以上算在丢")
    goal: Share | None = Field(None, description="余地按多大份额算;不写按本行全县的份额")
    cover: Share = Field(Decimal("0.50"), description="村的户数覆盖率低于多少整村开户")
    bare: Share = Field(Decimal("0.70"), description="村里没签产品的客户占多少以上推产品")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.low > self.high:
            raise refused(
                "rules.bad-value", key="low", value=figure(self.low), detail=f"不能大于 high（{figure(self.high)}）"
            )
        return self


def market(
    classes: pd.DataFrame,
    branches: pd.DataFrame,
    market: pd.DataFrame | None = None,
    previous: pd.DataFrame | None = None,
    villages: pd.DataFrame | None = None,
    holdings: pd.DataFrame | None = None,
    *,
    period: Period,
    before: Period,
    institution: Institution,
    rules: Rules,
) -> Answer:
    """``classes``, ``previous``, ``branches`` as a month keeps them, the others as their tables have them; money in 分, days since 1970."""
    rows = [] if market is None else list(zip(market["date"], market["region"], strict=True))
    towns = Towns.of(rows)
    homes, lost = towns_of(branches, villages, towns, rules.towns)
    told: list[Finding] = []
    said: dict[str, list[Said]] = {}
    if market is not None:
        names = Names.of({*rules.own_banks, institution.name}, rules.whole, rules.own_like, rules.not_own)
        said, told = said_of(market, towns, names, period.last)
    county = {place for place in said if plain(place) in map(plain, rules.county) or plain(place).endswith("县")}
    places = _places(said, county, homes)
    now, then = own_of(classes, homes), None if previous is None else own_of(previous, homes)
    gone = [] if previous is None else sorted({*previous["branch_id"].dropna().unique()} - {*homes, *lost})
    stands = {m: stands_of(said, places, county, now, homes, lost, m, period, rules) for m in MEASURES}
    earlier = {m: earlier_of(said, places, county, then, gone, m, (period, before), rules) for m in MEASURES}
    changes = {m: {p: change(one, earlier[m][p], rules) for p, one in stands[m].items()} for m in MEASURES}
    covered = None if villages is None else coverage(villages, classes, holdings, homes, period.last, rules)
    if said:
        nowhere = _nowhere(classes, branches, lost) if {*said} - county else []
        told += told_of(stands, changes, nowhere, bool(county), period, rules.tolerance)
    by = {m: _rows(stands[m], changes[m], rules) for m in MEASURES}
    frames = {"market": _directions(by, covered)}
    frames |= {f"market_{m}": _frame(rows_, _COLUMNS[m]) for m, rows_ in by.items()}
    frames["market_banks"] = _frame(_banks(stands), _BANKS)
    frames["market_own"] = _frame(_compared(stands), _OWN)
    frames["market_villages"] = _frame([] if covered is None else covered.villages, _VILLAGES)
    frames["market_groups"] = _frame([] if covered is None else covered.groups, _GROUPS)
    lines = [*lines_of(stands, changes, frames["market"]), *village_lines(covered)]
    found = [*told, *(covered.findings if covered else ())]
    return Answer(frames, lines, found, {"market": _title(stands["deposits"])})


def _title(stands: Mapping[str, Stand]) -> str:
    """What the chart shows: the towns at both ends."""
    known = sorted((one.share, place) for place, one in stands.items() if one.share is not None and place != COUNTY)
    if len(known) < _TWO:
        return "各乡镇的份额"
    return f"存款份额最低的是{known[0][1]}，最高的是{known[-1][1]}"


def _places(said: Mapping[str, object], county: set[str], homes: Mapping[str, str]) -> list[str]:
    """The county's towns: those of the table, and those in which we have a branch."""
    return sorted({*said, *homes.values()} - county)


def _nowhere(classes: pd.DataFrame, branches: pd.DataFrame, lost: Mapping[str, str]) -> list[str]:
    """The branches of no town by name, and how many customers are of no branch."""
    called = dict(zip(branches["branch_id"], branches["branch_name"], strict=True))
    found = [f"{called.get(one) or one}{f'（{why}）' if why else ''}" for one, why in sorted(lost.items()) if one]
    bare = int((classes["branch_id"].fillna("") == "").sum())
    return [*found, *([f"没有机构号的 {bare} 户"] if bare else [])]


def _advice(one: Stand, moved: Change, rules: Rules) -> str:
    if one.share is None:
        return ""
    if moved.share is not None and moved.share <= -Fraction(rules.slip):
        return "在丢，查去向"
    if one.share < Fraction(rules.low):
        return "主攻"
    return "守住" if one.share >= Fraction(rules.high) else "跟进"


def _room(one: Stand, goal: Fraction | None) -> int | None:
    if one.total is None or goal is None:
        return None
    return max(0, nearest(one.total * goal) - one.own)


def _number(value: Fraction | None) -> float | None:
    return None if value is None else float(value)


def _rows(stands: Mapping[str, Stand], changes: Mapping[str, Change], rules: Rules) -> list[dict[str, Any]]:
    goal = stands[COUNTY].share if rules.goal is None else Fraction(rules.goal)
    return [
        {
            "region": place,
            "as_of": one.day,
            "own": one.own,
            "market": one.total,
            "share": _number(one.share),
            "rank": one.rank,
            "largest": one.largest,
            "hhi": one.hhi,
            "own_change": changes[place].own,
            "market_change": changes[place].market,
            "share_change": _number(changes[place].share),
            "gained": _number(changes[place].gained),
            "room": _room(one, goal),
            "advice": _advice(one, changes[place], rules),
            "lacks": "；".join(filter(None, (one.lacks, changes[place].lacks))),
        }
        for place, one in stands.items()
    ]


def _directions(told: Mapping[str, Sequence[Mapping[str, Any]]], covered: Coverage | None) -> pd.DataFrame:
    """A town a row, the most room for deposits first; the county above them. ``told``: the rows of each measure."""
    by = {m: {row["region"]: row for row in told[m]} for m in ("deposits", "loans")}
    cover = {} if covered is None else covered.by_town
    rows = []
    for place in by["deposits"]:
        row: dict[str, Any] = {"region": place, "coverage": cover.get(place)}
        for m, of in by.items():
            row |= {f"{m}_{name}": of[place][name] for name in ("share", "share_change", "gained", "room", "advice")}
        lacks = dict.fromkeys(of[place]["lacks"] for of in by.values() if of[place]["lacks"])
        rows.append(row | {"lacks": "；".join(lacks)})
    rows.sort(key=lambda row: (row["region"] != COUNTY, -(row["deposits_room"] or 0), row["region"]))
    return _frame(rows, _DIRECTIONS)


def _banks(stands: Stands) -> list[dict[str, Any]]:
    """Ours and each other bank, town by town, the largest deposits first; shares where the market is known."""
    rows = []
    for place in stands["deposits"]:
        of = {m: stands[m][place] for m in MEASURES}
        if not any(one.banks for one in of.values()):
            continue
        banks = sorted({bank for one in of.values() for bank in one.banks})
        told = [(bank, {m: one.banks.get(bank) for m, one in of.items()}) for bank in banks]
        told.append((_OURS, {m: one.own for m, one in of.items()}))
        for bank, figures in sorted(told, key=lambda one: (-(one[1]["deposits"] or 0), one[0])):
            shares = {
                f"{m}_share": None
                if figures[m] is None or not one.total
                else float(Fraction(figures[m] or 0, one.total))
                for m, one in of.items()
            }
            rows.append({"region": place, "bank": bank, **figures, **shares})
    return rows


_OURS = "本行"


def _compared(stands: Stands) -> list[dict[str, Any]]:
    """What the table says is ours beside the month's, in 万元 or households."""
    rows = []
    for m, of in stands.items():
        by = 1 if m == "households" else 1_000_000
        for place, one in of.items():
            if one.told is not None:
                gap = float(Fraction(one.own - one.told, one.told)) if one.told else None
                figures = {"told": one.told, "own": one.own, "gap": one.own - one.told}
                row = {key: Decimal(value) / by for key, value in figures.items()}
                unit = "户" if m == "households" else "万元"
                rows.append({"measure": MEASURES[m], "region": place, "as_of": one.day, "unit": unit, "by": gap, **row})
    return rows


def _frame(rows: Iterable[Mapping[Any, Any]] | pd.DataFrame, columns: tuple[ListColumn, ...]) -> pd.DataFrame:
    import pandas as pd

    whole = {column.key: "Int64" for column in columns if column.kind in ("count", "yuan", "wan", "date", "change")}
    rates = {column.key: "Float64" for column in columns if column.kind == "rate"}
    frame = rows if isinstance(rows, pd.DataFrame) else pd.DataFrame(list(rows))
    return frame.reindex(columns=keys(columns)).astype({**whole, **rates})


def _columns(of: str, kind: ListKind) -> tuple[ListColumn, ...]:
    return (
        _REGION,
        ListColumn("as_of", "date", "市场日期", width=12),
        ListColumn("own", kind, "本行"),
        ListColumn("market", kind, "市场", meaning="别家的（《市场格局》）+ 本行的（本月）；只写合计的用合计"),
        ListColumn("share", "rate", "本行份额", meaning="本行 ÷ 市场"),
        ListColumn("rank", "count", terms.label("rank"), meaning="各家列全了才排"),
        ListColumn("largest", label="别家最大的", width=14),
        ListColumn("hhi", "count", "HHI", meaning="Σ 各家份额的平方 × 10,000，各家列全了才算；10,000 是独家"),
        ListColumn("own_change", kind, "本行增减", meaning="和比的那个月（--since）相比"),
        ListColumn("market_change", kind, "市场增减"),
        ListColumn("share_change", "rate", "份额增减", meaning="百分点：这期的份额 − 上期的份额"),
        ListColumn("gained", "rate", "增量份额", meaning="本行增减 ÷ 市场增减；市场没有增加、本行减少的不算"),
        ListColumn(
            "room", kind, "余地", meaning="市场 × 目标份额（办法 goal，不写按本行全县的份额）− 本行，不到零的是零"
        ),
        ListColumn("advice", label=f"{of}建议", width=14),
        _LACKS,
    )


_REGION = ListColumn("region", label="乡镇", width=12)
_LACKS = ListColumn("lacks", label=terms.label("missing"), width=30)
_COLUMNS = {
    "deposits": _columns("存款", "wan"),
    "loans": _columns("贷款", "wan"),
    "households": _columns("户数", "count"),
}
_DIRECTIONS = (
    _REGION,
    ListColumn("deposits_share", "rate", "存款份额"),
    ListColumn("deposits_share_change", "rate", "存款份额增减"),
    ListColumn("deposits_gained", "rate", "存款增量份额"),
    ListColumn("deposits_room", "wan", "存款余地"),
    ListColumn("deposits_advice", label="存款建议", width=14),
    ListColumn("loans_share", "rate", "贷款份额"),
    ListColumn("loans_share_change", "rate", "贷款份额增减"),
    ListColumn("loans_gained", "rate", "贷款增量份额"),
    ListColumn("loans_room", "wan", "贷款余地"),
    ListColumn("loans_advice", label="贷款建议", width=14),
    ListColumn("coverage", "rate", "村户覆盖率"),
    _LACKS,
)
_BANKS = (
    _REGION,
    ListColumn("bank", label=terms.label("bank", "market"), width=20),
    ListColumn("deposits", "wan", terms.label("deposits", "market")),
    ListColumn("deposits_share", "rate", "存款份额"),
    ListColumn("loans", "wan", terms.label("loans", "market")),
    ListColumn("loans_share", "rate", "贷款份额"),
    ListColumn("households", "count", terms.label("households", "market")),
    ListColumn("households_share", "rate", "户数份额"),
)
_OWN = (
    ListColumn("measure", label="看什么", width=10),
    _REGION,
    ListColumn("as_of", "date", "市场日期", width=12),
    ListColumn("told", "number", "《市场格局》写的本行"),
    ListColumn("own", "number", "本月的本行"),
    ListColumn("gap", "number", terms.label("difference"), meaning="本月的 − 写的；份额用本月的"),
    ListColumn("by", "rate", "差几成"),
    ListColumn("unit", label=terms.label("unit"), width=8),
)
_MEANS = (
    ListColumn("mean_deposit", "yuan", "户均存款", meaning="客户的存款余额 ÷ 客户数"),
    ListColumn("mean_loan", "yuan", "户均贷款"),
    ListColumn("bare", "count", "没签产品的客户", meaning="《产品签约》里没有一样没到期的"),
)
_VILLAGE = ListColumn("village", label="村", width=14)
_HOUSEHOLDS = ListColumn("households", "count", "户数", meaning="《村情》的")
_COVERAGE = ListColumn("coverage", "rate", "覆盖率", meaning="个人和个体户客户数 ÷ 户数；一户有几个客户的会超过 100%")
_VILLAGES = (
    _VILLAGE,
    ListColumn("town", label="乡镇", width=10),
    ListColumn("branch_name", width=14),
    _HOUSEHOLDS,
    ListColumn("customers", "count", terms.label("customers"), total=True),
    ListColumn("people", "count", "其中个人", total=True),
    _COVERAGE,
    ListColumn("open", "count", "至少没有客户的户", total=True, meaning="户数 − 个人客户数，不到零的是零"),
    *_MEANS,
    ListColumn("advice", label="建议", width=10),
    _LACKS,
)
_GROUPS = (
    _VILLAGE,
    ListColumn("town", label="乡镇", width=10),
    ListColumn("customer_group", codes=terms.CUSTOMER_GROUPS, width=12),
    _HOUSEHOLDS,
    ListColumn("customers", "count", terms.label("customers"), total=True),
    _COVERAGE,
    *_MEANS,
)
_NOTHING = "没有《市场格局》。"
_NO_VILLAGES = "没有《村情》。"
STUDY = Study(
    market,
    (
        StudyList(
            "market",
            "市场格局方向",
            _DIRECTIONS,
            unit="万元",
            nothing=_NOTHING,
            chart=Chart("bar", "region", ("deposits_share", "loans_share")),
        ),
        StudyList("market_deposits", "市场格局存款", _COLUMNS["deposits"], unit="万元", nothing=_NOTHING),
        StudyList("market_loans", "市场格局贷款", _COLUMNS["loans"], unit="万元", nothing=_NOTHING),
        StudyList("market_households", "市场格局户数", _COLUMNS["households"], unit="户", nothing=_NOTHING),
        StudyList("market_banks", "市场格局各家", _BANKS, unit="万元", nothing="没有各家的数。"),
        StudyList("market_own", "市场格局本行对照", _OWN, unit="见单位列", nothing="《市场格局》没有本行的行。"),
        StudyList("market_villages", "市场格局村", _VILLAGES, nothing=_NO_VILLAGES),
        StudyList("market_groups", "市场格局村和客群", _GROUPS, freeze=3, nothing=_NO_VILLAGES),
    ),
    without={
        "market": "份额、增量份额、HHI、余地缺。",
        "previous": "市场和份额的增减、增量份额缺。",
        "villages": "村的覆盖率缺；乡镇靠机构的区域认。",
        "holdings": "没签产品的客户缺。",
    },
    definitions=(
        (
            "只作参考",
            "份额不作考核；要考核的，须有具体任务数（《银行业金融机构绩效考评监管指引》），kehujingli lint 会查。",
        ),
        ("本行", "本月各机构客户的存款余额、贷款余额，有存款余额的客户数，不是《市场格局》写的。"),
        (
            "机构在哪个乡镇",
            "办法写的；没写的看机构的区域是不是一个乡镇；再没有的，看《村情》里它的村是不是只在一个乡镇。",
        ),
        ("市场合计", "《市场格局》金融机构一列写“全市场”（办法 whole）；写“合计”“小计”的，读入时当合计行跳过。"),
        ("市场日期", "不晚于期末、最近的一天；早得超过办法 days 的不算。增减只比同在本月、同在上期那个月的。"),
        ("建议", "份额比上期少到办法 slip 的“在丢，查去向”；低于 low 的“主攻”；不低于 high 的“守住”；其余“跟进”。"),
    ),
    rules=Rules,
    examples=("kehujingli market --since 2026-09", "kehujingli 市场格局 -o 市场格局.xlsx"),
)
