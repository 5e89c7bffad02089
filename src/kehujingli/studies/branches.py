"""网点效能：各网点人均多少、保不保本？两个网点并了留下什么、失去什么？按潜力和效率，各该有多少人？三农网点有保底。"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import Field, model_validator

from kehujingli import terms
from kehujingli.errors import Finding, finding
from kehujingli.periods import Period
from kehujingli.rules.schemes import Fraction as Share
from kehujingli.rules.schemes import Positive
from kehujingli.rules.shapes.base import Strict, refused
from kehujingli.studies.network.merging import UNTRIED, merge_lines, merged, pairs_of, with_losses
from kehujingli.studies.network.merging import Terms as MergeTerms
from kehujingli.studies.network.outlets import brought, outlets, spent_by
from kehujingli.studies.network.quota import Quota, quotas
from kehujingli.studies.network.staffing import Post, staffed
from kehujingli.studies.placing import several
from kehujingli.studies.study import Answer, Chart, Option, Study, StudyList
from kehujingli.terms.column import ListColumn, declared, keys
from kehujingli.values import in_yuan, missing, nearest, plain

if TYPE_CHECKING:
    import pandas as pd

Times = Annotated[Decimal, Field(gt=0)]


class Rules(Strict):
    """网点效能。撤并留下多少户、省多少费用在 [studies.headcount]。"""

    load: Share = Field(Decimal("0.5"), description="潜力里应配折算户占多少,其余按户数")
    least_efficiency: Times = Field(Decimal("0.8"), description="效率最低按全辖人均的几倍算")
    most_efficiency: Times = Field(Decimal("1.2"), description="效率最高按全辖人均的几倍算")
    rural: tuple[str, ...] = Field(("乡镇", "农村"), description="机构类型有这些字的是三农网点")
    rural_floor: Positive = Field(4, description="三农网点最少几人")
    floor: Positive = Field(3, description="其他网点最少几人")
    change: Share = Field(Decimal("0.20"), description="一个网点最多比现有人数增减几成")
    total: Positive | None = Field(None, description="全辖一共几人;不写就是各网点现有人数的合计")
    near: Times = Field(Decimal(5), description="撤并:最近的网点不超过几公里")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.least_efficiency > self.most_efficiency:
            told = f"不能大于 most_efficiency（{plain(self.most_efficiency)}）"
            raise refused("rules.bad-value", key="least_efficiency", value=plain(self.least_efficiency), detail=told)
        return self


def branches(
    classes: pd.DataFrame,
    branches: pd.DataFrame,
    accounts: pd.DataFrame,
    loans: pd.DataFrame,
    ftp: pd.DataFrame | None = None,
    costs: pd.DataFrame | None = None,
    fees: pd.DataFrame | None = None,
    plan: pd.DataFrame | None = None,
    managers: pd.DataFrame | None = None,
    previous_loans: pd.DataFrame | None = None,
    *,
    period: Period,
    rules: Rules,
    staffing: MergeTerms,
    loss_rates: Mapping[str, Decimal],
    merge: Sequence[str] | None = None,
) -> Answer:
    """All as a month keeps them; money in 分, loads in 折算户."""
    rows = outlets(branches, classes, managers, period.last)
    spent, source, told = spent_by(costs, branches, managers, period)
    posts: list[Post] = []
    if plan is not None and managers is not None:
        posts = staffed(plan, classes, managers, staffing.limit)[0]
    gained: Mapping[Any, Mapping[Any, Any]] | None = None
    if ftp is not None:
        sums, odd = brought(accounts, loans, previous_loans, ftp, fees, classes, loss_rates, period)
        gained = sums.to_dict("index")
        told = [*told, *odd]
    people = [_person(row) for row in rows.to_dict("records")]
    even = [_even(row, gained, spent, source, period, rules) for row in people]
    given = _quotas(even, posts, rules)
    known = {str(row["branch_id"]) for row in people}
    pairs, wrong = pairs_of(merge or (), known)
    merges = (
        list(with_losses(merged(pairs, posts, classes, branches, staffing), even, staffing.retention)) if pairs else []
    )
    frames = {
        "branches_people": _frame(people, _PEOPLE),
        "branches_even": _frame(even, _EVEN),
        "branches_merge": _frame(merges, _MERGE),
        "branches_staff": _frame([_staff(row, given) for row in even], _STAFF),
    }
    found = [*told, *_told(people, given), *wrong, *_far(pairs, people, rules)]
    return Answer(frames, [*_lines(people, even, given), *merge_lines(merges)], found, _titles(people))


def _titles(people: Sequence[Mapping[Any, Any]]) -> dict[str, str]:
    """What the chart shows: both ends."""
    known = sorted((row["each_deposit"], str(row["branch_name"])) for row in people if row["each_deposit"] is not None)
    if not known or known[0][0] == known[-1][0]:
        return {}
    return {"branches_people": f"人均存款最少的是{known[0][1]}，最多的是{known[-1][1]}"}


def _person(row: dict[Any, Any]) -> dict[Any, Any]:
    """With what there is by person."""
    staff = None if row["lacks"] else int(row["staff"])

    def each(name: str) -> int | None:
        return None if staff is None or missing(row[name]) else nearest(Fraction(int(row[name]), staff))

    return row | {
        "each_deposit": each("deposit_balance"),
        "each_loan": each("loan_balance"),
        "each_customers": None if staff is None else row["customers"] / staff,
        "each_profit": each("profit"),
    }


def _even(
    row: Mapping[Any, Any],
    gained: Mapping[Any, Mapping[Any, Any]] | None,
    spent: Mapping[str, int],
    source: str,
    period: Period,
    rules: Rules,
) -> dict[str, Any]:
    """What it brings against what it costs; the business at which both are alike."""
    branch = row["branch_id"]
    own = None if gained is None else gained.get(branch)
    cost = spent.get(branch)
    brings = None if own is None else int(own["brought"])
    business = None if own is None else int(own["business"])
    lacks = ""
    if gained is None:
        lacks = "没有内部资金价格"
    elif own is None:
        lacks = "没有存贷款"
    elif own["unpriced"]:
        lacks, brings = "有存贷款没有价", None
    elif cost is None:
        lacks = "没有费用"
    elif period.partial:
        lacks = "不是整月，费用是整月的"
    elif cost <= 0:
        lacks = "费用不大于零"
    elif (brings or 0) <= 0:
        lacks = "贡献不大于零，多大都不保本"
    even = None if lacks or not cost or not brings or business is None else nearest(Fraction(business * cost, brings))
    staff = None if row["lacks"] else int(row["staff"])
    found = {
        "business": business,
        "brought": brings,
        "cost": cost,
        "cost_from": source if cost is not None else None,
        "each_cost": None if staff is None or cost is None else nearest(Fraction(cost, staff)),
        "net": None if brings is None or cost is None or period.partial else brings - cost,
        "ratio": None if even is None or not cost or brings is None else brings / cost,
        "even": even,
        "short": None if even is None or business is None else max(0, even - business),
    }
    return {**row, **found, "verdict": _verdict(row, found, rules), "lacks_even": lacks}


def _verdict(row: Mapping[Any, Any], found: Mapping[str, Any], rules: Rules) -> str:
    if found["net"] is None:
        return ""
    if found["net"] >= 0:
        return "保本"
    away = row["distance_to"]
    if missing(away):
        return "亏"
    if Decimal(str(away)) <= rules.near:
        return "亏，可试算撤并"
    return "亏，留作三农服务" if _rural(row, rules) else "亏"


def _rural(row: Mapping[Any, Any], rules: Rules) -> bool:
    return not missing(row["kind"]) and any(word in str(row["kind"]) for word in rules.rural)


def _quotas(rows: Sequence[Mapping[str, Any]], posts: Sequence[Post], rules: Rules) -> Quota:
    """Of the branches whose people are known."""
    load: dict[str, Fraction] = {}
    for post in posts:
        load[post.branch_id] = load.get(post.branch_id, Fraction(0)) + post.due
    known = [row for row in rows if not row["lacks"]]
    by = "brought" if all(row["brought"] is not None for row in known) and known else "volume"
    values = {row["branch_id"]: row["brought"] if by == "brought" else _volume(row) for row in known}
    if sum(values.values()) <= 0:
        by, values = "volume", {row["branch_id"]: _volume(row) for row in known}
    return quotas(
        {row["branch_id"]: int(row["staff"]) for row in known},
        {row["branch_id"]: int(row["customers"]) for row in known},
        load if posts else None,
        values,
        {row["branch_id"]: rules.rural_floor if _rural(row, rules) else rules.floor for row in known},
        rules,
        by,
    )


def _volume(row: Mapping[str, Any]) -> int:
    return int(row["deposit_balance"]) + int(row["loan_balance"])


def _staff(row: Mapping[str, Any], given: Quota) -> dict[str, Any]:
    one = given.rows.get(row["branch_id"])
    return {**row, **(one if one is not None else {"held": row["lacks"]})}


def _told(people: Sequence[Mapping[str, Any]], given: Quota) -> list[Finding]:
    who = {
        "study.branches-staff": [f"{row['branch_name']}（{row['lacks']}）" for row in people if row["lacks"]],
        "study.branches-kind": [str(row["branch_name"]) for row in people if missing(row["kind"])],
    }
    told = [several(code, found) for code, found in who.items() if found]
    if given.rows and not given.kept:
        told.append(finding("study.branches-limits", total=given.total, least=given.least, most=given.most))
    return told


def _far(pairs: Mapping[str, str], people: Sequence[Mapping[str, Any]], rules: Rules) -> list[Finding]:
    """Branches that would go and leave nobody near."""
    away = {row["branch_id"]: row for row in people}
    far = [
        f"{away[one]['branch_name']}（{plain(Decimal(str(away[one]['distance_to'])))} 公里）"
        for one in sorted(pairs)
        if not missing(away[one]["distance_to"]) and Decimal(str(away[one]["distance_to"])) > rules.near
    ]
    return [several("study.branches-far", far, near=plain(rules.near))] if far else []


def _lines(people: Sequence[Mapping[str, Any]], even: Sequence[Mapping[str, Any]], given: Quota) -> list[str]:
    known = [row for row in people if not row["lacks"]]
    lines = []
    if known:
        staff = sum(int(row["staff"]) for row in known)
        held, lent = (sum(int(row[name]) for row in known) for name in ("deposit_balance", "loan_balance"))
        said = "，".join(
            f"人均{word} {in_yuan(nearest(Fraction(whole, staff * 10_000))):.2f} 万元"
            for word, whole in (("存款", held), ("贷款", lent))
        )
        lines.append(f"{len(known)} 个网点 {staff} 人：{said}")
    judged = [row for row in even if row["net"] is not None]
    if judged:
        bad = [str(row["branch_name"]) for row in judged if row["net"] < 0]
        lines.append(
            f"本月保本的 {len(judged) - len(bad)} 个，亏的 {len(bad)} 个" + (f"：{'、'.join(bad)}" if bad else "")
        )
    moved = sum(max(0, one["wanted"] - one["now"]) for one in given.rows.values())
    if given.rows:
        lines.append(
            f"建议编制 {given.total} 人，合计不变的话要挪 {moved} 人"
            if given.total == given.now
            else f"建议编制 {given.total} 人，现有 {given.now} 人"
        )
    return lines


def _frame(rows: Iterable[Mapping[Any, Any]], columns: tuple[ListColumn, ...]) -> pd.DataFrame:
    import pandas as pd

    whole = {column.key: "Int64" for column in columns if column.kind in ("count", "yuan", "wan", "change")}
    return pd.DataFrame(list(rows), columns=keys(columns)).astype(whole)


_BRANCH = (ListColumn("branch_id", "id"), ListColumn("branch_name", width=14))
_STAFF_NOW = ListColumn(
    "staff", "count", terms.label("staff", "branches"), total=True, meaning="《机构》写的，全体员工"
)
_BROUGHT = ListColumn(
    "brought",
    "wan",
    "本月贡献",
    meaning="存贷款内部利润 + 中收 − 预期损失，本月的，没有减费用；有一笔没有价就缺",
)
_PEOPLE = (
    *_BRANCH,
    ListColumn("kind", label=terms.label("kind", "branches"), width=8),
    _STAFF_NOW,
    ListColumn("counter_staff", "count", "其中柜员"),
    ListColumn("managers", "count", "在岗客户经理", total=True),
    ListColumn("customers", "count", "户数", total=True, meaning="分了类的"),
    declared("deposit_balance", kind="wan", total=True),
    declared("loan_balance", kind="wan", total=True),
    ListColumn("each_customers", "points", terms.label("each_customers", "branch_sums")),
    ListColumn("each_deposit", "wan", terms.label("each_deposit", "branch_sums")),
    ListColumn("each_loan", "wan", terms.label("each_loan", "branch_sums")),
    ListColumn(
        "each_profit",
        "wan",
        terms.label("each_profit", "branch_sums"),
        meaning="《机构》写的利润 ÷ 人数；是一年的还是到本月的，照《机构》",
    ),
    ListColumn("atm", "count", terms.label("atm", "branches")),
    ListColumn("area", "number", terms.label("area", "branches")),
    ListColumn("distance_to", "number", "距最近网点公里"),
    ListColumn("lacks", label=terms.label("missing"), width=22),
)
_EVEN = (
    *_BRANCH,
    ListColumn("business", "wan", "存贷月日均"),
    _BROUGHT,
    ListColumn(
        "cost",
        "wan",
        terms.label("branch_cost", "branch_sums"),
        meaning="《费用》本月的（经理的算在他的机构）；没有《费用》的是《机构》年费用的十二分之一",
    ),
    ListColumn("cost_from", label="费用来自", width=10),
    ListColumn("each_cost", "wan", "人均费用"),
    ListColumn("net", "wan", "盈亏", meaning="本月贡献 − 本月费用"),
    ListColumn("ratio", "rate", "保本率", meaning="本月贡献 ÷ 本月费用；到 100% 保本"),
    ListColumn("even", "wan", "保本业务量", meaning="存贷月日均 × 本月费用 ÷ 本月贡献"),
    ListColumn("short", "wan", "还差业务量"),
    ListColumn("verdict", label="看法", width=18),
    ListColumn("lacks_even", label=terms.label("missing"), width=22),
)
_MERGE = (
    ListColumn("part", label="网点", width=10),
    *_BRANCH,
    ListColumn("customers", "count", "户数"),
    declared("deposit_balance", kind="wan"),
    declared("loan_balance", kind="wan"),
    ListColumn("staff", "count", terms.label("staff", "branches")),
    ListColumn("people", "count", "在岗客户经理"),
    declared("due"),
    declared("load_due"),
    ListColumn("need", "points", "要几个经理", meaning="应配折算户 ÷ 人均上限，和编制测算一样"),
    ListColumn("wanted", "count", "要补几个经理"),
    ListColumn("cost", "wan", "年费用", meaning="《机构》的；合并后减去办法写的省下的部分；失去的是省下的"),
    ListColumn("brought", "wan", "本月贡献", meaning="撤并机构的按留下的户的份算"),
    ListColumn("distance_to", "number", "距最近网点公里"),
)
_STAFF = (
    *_BRANCH,
    ListColumn("kind", label=terms.label("kind", "branches"), width=8),
    ListColumn(
        "potential",
        "rate",
        "潜力占比",
        meaning="应配折算户、户数占全辖的份，按办法 load 合起来；没有管户方案的只按户数",
    ),
    ListColumn(
        "efficiency", "points", "效率", meaning="人均本月贡献（有缺的，人均存贷款）是全辖人均的几倍，按办法封顶、保底"
    ),
    ListColumn("weight", "rate", "权重", meaning="潜力 × 效率占全辖的份"),
    ListColumn("staff", "count", "现有人数", total=True),
    ListColumn("least", "count", "下限"),
    ListColumn("most", "count", "上限"),
    ListColumn("wanted", "count", "建议编制", total=True, meaning="按权重分，不过上下限，合计正好；零头按最大余数"),
    ListColumn("moved", "change", terms.label("customers_change")),
    ListColumn("held", label="碰到上下限", width=18),
)
STUDY = Study(
    branches,
    (
        StudyList(
            "branches_people",
            "网点效能人均",
            _PEOPLE,
            unit="万元",
            chart=Chart("bar", "branch_name", ("each_deposit", "each_loan")),
        ),
        StudyList("branches_even", "网点效能保本", _EVEN, unit="万元"),
        StudyList("branches_merge", "网点效能撤并", _MERGE, unit="万元", nothing=UNTRIED.format("branches")),
        StudyList("branches_staff", "网点效能编制", _STAFF, unit="人"),
    ),
    without={
        "ftp": "贡献、保本缺，效率按人均存贷款。",
        "costs": "本月费用按《机构》年费用的十二分之一。",
        "fees": "贡献里没有中收。",
        "plan": "撤并没有折算户，潜力只按户数。",
        "managers": "没有在岗客户经理，撤并没有折算户。",
        "previous_loans": "",
    },
    definitions=(
        ("人均", "各网点客户的存款余额、贷款余额、户数 ÷《机构》的人数；人数没有、是零、比在岗客户经理还少的缺。"),
        ("保本", "本月贡献等于本月费用的存贷款月日均；贡献率按现在的。"),
        (
            "撤并",
            "户、存贷款、贡献按办法 [studies.headcount] 的 retention 留下，费用按 saved 省下，人都过去；失去 = 两个网点之和 − 合并后。",
        ),
        ("建议编制", "权重 = 潜力 × 效率；不少于三农（其他）网点的最少人数，增减不过办法 change；放不下的照同一倍数。"),
    ),
    rules=Rules,
    options=(
        Option(
            "merge", "机构=机构", "试算网点撤并：撤并的机构号=并入的机构号，如 801003=801002；可以写几次", many=True
        ),
    ),
    examples=("kehujingli branches", "kehujingli 网点效能 --merge 801003=801002 -o 网点效能.xlsx"),
)
