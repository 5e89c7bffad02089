"""推荐：下一个给谁推什么产品、为什么？产品目录里合条件的才推，先主推、再常一起有的；产品渗透、套餐还缺什么、中收是谁带来的。"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import Field, model_validator

from kehujingli import terms
from kehujingli.errors import Finding
from kehujingli.periods import Period
from kehujingli.rules.schemes import Positive
from kehujingli.rules.shapes.base import Strict, refused
from kehujingli.rules.strategy import Strategy
from kehujingli.studies.money.floors import Terms
from kehujingli.studies.products import offered
from kehujingli.studies.products.baskets import Least, hits, next_products, pairs, shares
from kehujingli.studies.products.eligible import BARRED, People, ages_of, barred, lost_to_risk, may_have, risks
from kehujingli.studies.products.fee_months import fee_months
from kehujingli.studies.products.offered import Shop
from kehujingli.studies.products.owned import Owned, owned, records
from kehujingli.studies.products.shelf import Product, Shelf, read_shelf, unlisted, unmeant, unseen
from kehujingli.studies.study import Answer, Study, StudyList
from kehujingli.terms.column import ListColumn, declared, keys
from kehujingli.values import in_yuan

if TYPE_CHECKING:
    import pandas as pd

FiveClass = Literal["normal", "special_mention", "substandard", "doubtful", "loss"]
_GRADES = 5
_LEAST_BACK = 30
"""From so many who took something new on, a share of them is told."""


class Rules(Strict):
    """推荐;要有《产品目录》。主推什么在 [strategy]。"""

    most: Positive = Field(3, description="每户最多推几个产品")
    adult: Positive = Field(18, description="满几周岁才推荐")
    grade_months: Positive = Field(12, description="风险测评满几个月过期;写了有效期的还要在有效期里")
    grades: tuple[str, ...] = Field((), description="本行测评结果的五种说法,从低到高;不写只认 C1 到 C5、1 到 5")
    risky: tuple[str, ...] = Field(
        ("理财", "基金", "资管", "信托"), description="名称或产品大类有这些字样的,没有写风险等级就不推荐"
    )
    asset_classes: tuple[FiveClass, ...] = Field(
        ("normal",), description="目录没有写五级分类要求时,哪几类的户可以推资产类产品;没有贷款的不限"
    )
    bad_status: tuple[str, ...] = Field(
        (
            *("死亡", "身故", "已故", "去世", "亡故", "黑名单", "失信", "涉案", "涉诉"),
            *("冻结", "止付", "挂失", "管控", "控制", "限制", "异常"),
        ),
        description="客户状态有这些字样的什么也不推荐",
    )
    open_status: tuple[str, ...] = Field((), description="除了正常、有效这些,还有哪些状态可以推荐;都不是的不推荐")
    support: Positive = Field(30, description="两个产品至少多少户同时有,才说常一起有")
    lift: Annotated[Decimal, Field(ge=1)] = Field(
        Decimal("1.2"), description="有甲的户里有乙的,是全部户里有乙的几倍以上,才说常一起有"
    )
    peers: Positive = Field(30, description="同客群不少于多少户,才说同客群多有")
    holders: Positive = Field(10, description="其中不少于多少户有,才说同客群多有")
    lacking: Positive = Field(2, description="套餐还缺不超过几个才列")
    back_months: Positive = Field(6, description="回看:用几个月以前的签约推,和以后的新签约比")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if len(self.grades) not in (0, _GRADES):
            raise refused(
                "rules.bad-value", key="grades", value="、".join(self.grades), detail=f"要不写，要写 {_GRADES} 种"
            )
        return self


def offers(
    classes: pd.DataFrame,
    catalogue: pd.DataFrame | None = None,
    holdings: pd.DataFrame | None = None,
    suitability: pd.DataFrame | None = None,
    loans: pd.DataFrame | None = None,
    accounts: pd.DataFrame | None = None,
    fees: pd.DataFrame | None = None,
    conflicts: pd.DataFrame | None = None,
    ftp: pd.DataFrame | None = None,
    costs: pd.DataFrame | None = None,
    previous_loans: pd.DataFrame | None = None,
    ebank: pd.DataFrame | None = None,
    *,
    period: Period,
    rules: Rules,
    lending: Terms,
    strategy: Strategy | None = None,
) -> Answer:
    """Frames as a month keeps them; money in 分, days since 1970. Offers are of the period's last day."""
    import pandas as pd

    frames = {one.key: pd.DataFrame(columns=keys(one.columns)) for one in STUDY.lists}
    lines: list[str] = []
    told: list[Finding] = []
    shelf = Shelf()
    if catalogue is not None and holdings is not None:
        found = records(classes["customer_id"], holdings, loans, accounts, fees, period, ebank)
        shelf = read_shelf(catalogue, found.keys(), period.last, rules.risky)
        lacks = {"asset": loans is None, "liability": accounts is None}
        shelf.products = [_bare(each, lacks) for each in shelf.products]
        told += shelf.findings
        counts = found.counts(period.last, ("holdings", "loans", "fees"))
        told += [*unlisted(counts, shelf), *unseen(counts | found.counts(period.last, ("accounts", "ebank")), shelf)]
        told += unmeant((word for row in (strategy or {}).values() for word in row.offer), shelf)
        people, odd = _people(classes, suitability, loans, conflicts, shelf, period, rules)
        told += odd
        has = owned(found, shelf, len(classes))
        made = _shop(people, shelf, has, period, rules, strategy or {})
        floors = offered.floors(shelf.products, ftp, costs, loans, previous_loans, period, lending)
        frames |= {
            "offers": offered.rows(made, floors, rules.most),
            "offers_products": offered.penetration(made, floors, rules.most),
            "offers_groups": offered.by_group(made),
            "offers_packages": offered.packages(made, rules.lacking),
            "offers_bundles": offered.bundles(made, rules.lacking),
        }
        told += offered.findings(made, frames["offers_products"])
        lines += [*_lines(frames["offers"], people, shelf), *_back(made, period, rules)]
        lines += [] if strategy else ["办法没有写 [strategy]，没有主推"]
    if fees is not None:
        frames["offers_income"], odd = fee_months(fees, classes, shelf, period)
        told += odd
        lines += _income_lines(frames["offers_income"])
    return Answer(frames, lines, told)


def _bare(product: Product, lacks: Mapping[str, bool]) -> Product:
    """A product of a line of which it is not known who has what, or who is past due, is not offered."""
    table = {"asset": "loans", "liability": "accounts"}.get(product.line, "")
    if product.wrong or not lacks.get(product.line, False):
        return product
    return replace(product, wrong=f"缺《{terms.BY_KEY[table].label}》")


def _people(
    classes: pd.DataFrame,
    suitability: pd.DataFrame | None,
    loans: pd.DataFrame | None,
    conflicts: pd.DataFrame | None,
    shelf: Shelf,
    period: Period,
    rules: Rules,
) -> tuple[People, list[Finding]]:
    age = ages_of(classes, period.last)
    level, gone, told = risks(suitability, classes["customer_id"], rules.grades, period.last, rules.grade_months)
    why, strange = barred(
        classes,
        age,
        loans,
        conflicts,
        day=period.last,
        adult=rules.adult,
        words=rules.bad_status,
        fine=rules.open_status,
    )
    people = People(classes, age, level, why, rules.asset_classes)
    return people, [*told, *strange, *lost_to_risk(shelf.products, people, gone)]


def _shop(people: People, shelf: Shelf, has: Owned, period: Period, rules: Rules, strategy: Strategy) -> Shop:
    import numpy as np
    import pandas as pd

    least = Least(rules.support, rules.lift, rules.peers, rules.holders)
    held = has.on(period.last)
    kind, kinds = pd.factorize(people.frame["customer_group"].fillna("unknown"), sort=True)
    common = shares(held, kind, least)
    found = pairs(held, least)
    may = [may_have(product, people, held, has) for product in shelf.products]
    return offered.shop_of(
        people,
        shelf,
        has,
        held,
        np.stack(may, axis=1) if may else np.zeros((len(people.frame), 0), dtype=bool),
        next_products(held, kind, found, common),
        found,
        (list(kinds), kind, common),
        strategy,
    )


def _back(made: Shop, period: Period, rules: Rules) -> list[str]:
    """How the offers of a while ago would have done against what has been signed since: the share of hits beside that of what most hold."""
    import numpy as np

    cut = period.back(rules.back_months)
    before, after = made.owned.signed(cut.last), made.owned.taken(cut.last, period.last)
    opened = made.people.frame["opened_on"].fillna(cut.last).to_numpy(dtype="int64") <= cut.last
    shown = [not each.wrong for each in made.products]
    shown += [False] * (before.shape[1] - len(shown))
    could = np.tile(np.array(shown, dtype=bool), (len(before), 1))
    least = Least(rules.support, rules.lift, rules.peers, rules.holders)
    told = hits(before[opened], after[opened], could[opened], made.kind[opened], least, rules.most)
    if told.customers < _LEAST_BACK:
        return []
    ours, most = told.named / told.customers, told.popular / told.customers
    word = "好过" if told.named > told.popular else "不如" if told.named < told.popular else "等于"
    return [
        f"回看  用 {cut.name} 末的签约推，以后新签约的 {told.customers:,} 户，前 {rules.most} 个里有的占 {ours:.1%}；"
        f"只推最多人有的占 {most:.1%}，{word}它（不算主推和条件）"
    ]


def _lines(rows: pd.DataFrame, people: People, shelf: Shelf) -> list[str]:
    by = rows["offered_by"].value_counts()
    count = rows["customer_id"].nunique()
    parts = "、".join(f"{label} {int(by.get(key, 0)):,} 条" for key, label in terms.OFFERED_BY.items())
    fit = sum(not each.wrong for each in shelf.products)
    lines = [f"推荐  {count:,} 户 {len(rows):,} 条：{parts}；目录 {len(shelf.products)} 个产品，可以推荐的 {fit} 个"]
    causes = [(label, int((people.barred == key).sum())) for key, label in BARRED.items()]
    lost = "、".join(f"{label} {number:,} 户" for label, number in causes if number)
    return [*lines, f"什么也不推荐  {lost}"] if lost else lines


def _income_lines(income: pd.DataFrame) -> list[str]:
    if income.empty:
        return []
    whole = int(income["fees"].sum())
    sums = income.groupby("product")["fees"].sum()
    top = str(sums.idxmax())
    share = f"，{top} 最多，占 {int(sums.max()) / whole:.1%}" if whole > 0 else ""
    nobody = int(income["of_nobody"].sum())
    bare = f"；没有客户号的 {in_yuan(nobody):,.2f} 元" if nobody else ""
    return [f"中收  近12个月 {in_yuan(whole):,.2f} 元{share}{bare}"]


_LINE = declared("product_line", codes=terms.PRODUCT_LINES)
_PRODUCT = declared("product", width=20)
_HELD = ListColumn("held", "count", "其中有的", meaning="合条件的户里已经有这个产品的")
_SHARE = ListColumn("penetration", "rate", "渗透率", meaning="其中有的 ÷ 合条件的户")
_FIT = ListColumn(
    "eligible", "count", "合条件的户", width=12, meaning="合目录条件、不在什么也不推荐之列的户，有没有这个产品都算"
)
_FLOOR = ListColumn(
    "price_floor", "rate", "价格下限", meaning="资产类，和投入产出同一口径；按客户的五级分类和产品的期限档"
)
_WHOSE = (
    ListColumn("manager_name", width=10),
    ListColumn("holder_id", "id", printed=False),
    ListColumn("customer_id", "id", width=14),
    ListColumn("customer_name", private="name", width=14),
    ListColumn("customer_type", codes=terms.CUSTOMER_TYPES, printed=False),
    ListColumn("branch_name", width=14, printed=False),
    declared("group", width=18),
)
STUDY = Study(
    offers,
    (
        StudyList(
            "offers",
            "推荐",
            (
                *_WHOSE,
                ListColumn("rank", "count", "第几"),
                _PRODUCT,
                replace(_LINE, printed=False),
                ListColumn("offered_by", label="怎么来的", codes=terms.OFFERED_BY),
                ListColumn("reason", label="为什么", width=48),
                _FLOOR,
                ListColumn("yearly", "yuan", "一年收益", printed=False),
            ),
            freeze=4,
            nothing="没有可以推荐的",
        ),
        StudyList(
            "offers_products",
            "推荐产品渗透",
            (
                _PRODUCT,
                _LINE,
                ListColumn("state", label="能否推荐", width=22),
                _FIT,
                _HELD,
                _SHARE,
                ListColumn("holders", "count", "有的户", meaning="全部有的户，合不合条件都算；哪里也没有这个名字的缺"),
                ListColumn("otherwise", "count", "不合条件的有", width=14),
                ListColumn("offered", "count", "推荐几条", total=True),
                ListColumn("price", "rate", "目录年利率", width=12),
                _FLOOR,
                ListColumn("row", "count", "目录第几行", width=12),
            ),
            freeze=1,
        ),
        StudyList(
            "offers_groups",
            "推荐客群渗透",
            (_PRODUCT, _LINE, declared("customer_group"), _FIT, _HELD, _SHARE),
        ),
        StudyList(
            "offers_packages",
            "推荐套餐",
            (
                declared("package", width=18),
                ListColumn("products", label="有哪些产品", width=48),
                ListColumn("size", "count", "几个产品"),
                ListColumn("whole", "count", "都有的户"),
                ListColumn("some", "count", "有一个以上的户", width=16),
                ListColumn(
                    "nearly", "count", "还缺不多的户", width=14, meaning="还缺的不超过办法的个数，缺的都可以推荐"
                ),
                ListColumn("most_lacked", label="缺得最多的产品", width=18),
                ListColumn("lacked_by", "count", "缺它的户"),
            ),
            freeze=1,
            unit="户",
        ),
        StudyList(
            "offers_bundles",
            "推荐套餐客户",
            (
                *_WHOSE,
                declared("package", width=18),
                ListColumn("has", "count", "有几个"),
                ListColumn("size", "count", "几个产品"),
                ListColumn("lacks", label="还缺的产品", width=36),
            ),
            freeze=4,
            unit="户",
        ),
        StudyList(
            "offers_income",
            "推荐中收",
            (
                declared("product", width=20),
                ListColumn("in_month", label="月份"),
                ListColumn("fees", "yuan", "中收", total=True, width=15),
                *(
                    ListColumn(f"of_{key}", "yuan", label, total=True, width=13)
                    for key, label in terms.CUSTOMER_GROUPS.items()
                ),
                ListColumn(
                    "of_nobody", "yuan", "没有客户号", total=True, width=13, meaning="没有客户号，或不是本月客户的"
                ),
                ListColumn("customers", "count", "户数"),
            ),
        ),
    ),
    without={
        "catalogue": "推荐、渗透、套餐缺，只有中收。",
        "holdings": "不知道谁已经有什么，推荐、渗透、套餐缺。",
        "suitability": "有风险等级的产品不推荐。",
        "loans": "逾期的认不出，资产类产品不推荐。",
        "accounts": "谁有什么存款不知道，负债类产品不推荐。",
        "fees": "中收缺。",
        "conflicts": "",
        "ftp": "资产类产品的价格下限缺。",
        "costs": "价格下限里没有费用。",
        "previous_loans": "",
        "ebank": "已开通的渠道只看产品签约。",
    },
    definitions=(
        (
            "什么也不推荐",
            "、".join(BARRED.values()) + "；已销户的不在内。年龄不知道的个人不推荐资产类和有风险等级的产品。",
        ),
        (
            "合条件",
            "产品目录一行里写的都要满足：客户类型、客群、年龄（含两头）、规模、存款、五级分类、前提产品、互斥产品、其他条件；不知道的算不满足。",
        ),
        ("条件没看懂", "哪一格没看懂说到行和列，这个产品不推荐，不当作没有条件。"),
        (
            "风险测评",
            "产品风险等级不高于客户最近一次测评的等级才推荐；同一天几次的按最低的，等级一样的按先到期的。没有测评、过期、等级不认识的，有风险等级的产品不推荐。",
        ),
        (
            "怎么来的",
            "先按 [strategy] 主推的先后；再按常一起有：有甲的户里有乙的占多少（置信度），要够多户、够多倍（提升度）；再按同客群多有。名下已有的不推。",
        ),
        ("日均存款", "条件里的日均是全口径近12个月日均；起点规模是业务规模，存款余额是期末余额。"),
        (
            "有没有",
            "产品签约没解约的、表内贷款有余额的、没销户的存款、近12个月收过费的中间业务、电子渠道里没注销的渠道；曾用名算现在的产品。",
        ),
        ("套餐客户", "产品目录里套餐写得一样的是一个套餐；有其中一个以上、还缺不多、缺的都可以推荐的户列出来。"),
        ("价格下限", "资金 + 预期损失 + 费用 + 资本，和投入产出的下限一样。"),
        ("中收", "近12个月每笔中间业务收入归一个产品、一个月、一个客群，相加等于全部。"),
        (
            "回看",
            "只用当时的产品签约推（不看贷款、存款），看以后新签约的户里有多少被推中；对照是人人都推最多人有的几个。现在的导出里没有的（当时有、后来删掉的）看不到。公开的捷克银行数据（1993 年末推、看到 1994 年 3 月的 290 户）推中 85.2%，只推最多人有的 85.5%；演示县的签约是随机的，也没有好过。好不好过，看本行自己的这一行。",
        ),
    ),
    rules=Rules,
    examples=("kehujingli offers", "kehujingli forms 产品目录", "kehujingli 推荐 -o 推荐.xlsx"),
)
