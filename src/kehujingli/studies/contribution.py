"""投入产出：投入什么、用什么方式、投入多少，产出什么、产出多少？存贷款内部资金价格利润、中收、预期损失和费用到户，各处相加等于全辖。"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pydantic import Field

from kehujingli import terms
from kehujingli.errors import Finding
from kehujingli.periods import Period
from kehujingli.rules.schemes import Positive
from kehujingli.rules.shapes.base import Strict
from kehujingli.studies.money.costs import Shared, borne, shared, weights_of
from kehujingli.studies.money.fees import dated
from kehujingli.studies.money.floors import Terms, cost_rate, floor_rows, trials
from kehujingli.studies.money.ftp import Prices, deposit_lines, left_within, loan_lines, priced, prices_of
from kehujingli.studies.money.loss import Rate, losses
from kehujingli.studies.money.questions import COLUMNS as QUESTIONS
from kehujingli.studies.money.questions import questions, ways_of
from kehujingli.studies.money.views import NOBODY, floored, view, whole_of
from kehujingli.studies.money.visited import followed, lacking, unknown, visits_of
from kehujingli.studies.study import Answer, Chart, Option, Study, StudyList
from kehujingli.terms.column import ListColumn, declared
from kehujingli.values import in_order, in_yuan, places

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd


_WHO = ("customer_id", "customer_name", "customer_type", "branch_name", "manager_name", "group")


class Rules(Strict):
    """投入产出。一年预期损失多少在 [studies.loss]。"""

    capital: Rate = Field(Decimal("0.105"), description="一元贷款占用多少经济资本")
    hurdle: Rate = Field(Decimal("0.10"), description="经济资本一年至少要回报多少")
    least: Positive = Field(30, description="走访过的、没走访过的各不少于多少户才说一次走访带来多少")


def contribution(
    accounts: pd.DataFrame,
    loans: pd.DataFrame,
    classes: pd.DataFrame,
    ftp: pd.DataFrame,
    costs: pd.DataFrame | None = None,
    fees: pd.DataFrame | None = None,
    visits: pd.DataFrame | None = None,
    previous_accounts: pd.DataFrame | None = None,
    previous_loans: pd.DataFrame | None = None,
    *,
    period: Period,
    before: Period,
    rules: Rules,
    loss_rates: Mapping[str, Decimal],
    loan: Sequence[str] = (),
) -> Answer:
    """Frames as a month keeps them; money in 分, rates in millionths a year. ``previous_…``: the month ``before``'s. ``loan``: 客户=金额/期限/利率."""
    import pandas as pd

    prices, people = prices_of(ftp, period), in_order(classes, "customer_id")
    ids = people["customer_id"]
    lines = pd.concat([deposit_lines(accounts, period), loan_lines(loans, previous_loans, period)], ignore_index=True)
    lines, told = priced(lines.assign(at=places(lines["customer_id"], ids)), prices)
    lines = lines.assign(loss=losses(lines, loss_rates))
    rows, strange = borne(costs, period) if costs is not None else (None, [])
    spent = None if rows is None else shared(rows, weights_of(people, lines, visits_of(visits, period)))
    income, odd = _income(fees, period)
    told = [*told, *left_within(loans, previous_loans, period), *strange, *odd, *(spent.findings if spent else [])]
    every = whole_of(lines, income.assign(at=places(income["customer_id"], ids)), spent, people)

    month = Period.of_month(period.month).last - period.first + 1

    def by(key: str, rows: pd.DataFrame = every.units) -> pd.DataFrame:
        return view(rows, key, prices.days, month, rules.capital)

    groups, whole = _in_order_of_groups(by("group")), by("all", every.units.assign(all="")).iloc[0]
    asked = Terms(loss_rates, rules.capital, rules.hurdle)
    cost = None if spent is None else cost_rate(int(whole.loan_cost), int(whole.loans), period)
    floors = floor_rows(lines, prices, asked, cost)
    then = (previous_accounts, previous_loans)
    effects = _effects(people, visits, then, loans, lines, (ftp, prices), costs, period, before, rules)
    frames = {
        "contribution": groups,
        "contribution_questions": questions(whole, groups, spent, every.driven, ways_of(visits, people, period)),
        "contribution_branches": by("branch"),
        "contribution_managers": by("manager"),
        "contribution_products": by("part", every.products),
        "contribution_customers": by("customer_id").merge(people[list(_WHO)], on="customer_id", how="left"),
        "contribution_floors": floors.frame,
        "contribution_visits": effects,
    }
    sentences = [
        *_said(whole, groups, spent, previous_loans is not None, period),
        *floors.lines,
        *_said_visits(effects, before),
    ]
    title = "，".join(f"{word}的是{name}" for word, name, _ in _ends(groups)) or "各户群贡献和费用"
    return Answer(frames, [*sentences, *trials(loan, floors, classes, asked)], told, {"contribution": title})


def _income(fees: pd.DataFrame | None, period: Period) -> tuple[pd.DataFrame, list[Finding]]:
    """customer_id, branch_id, holder_id, what, fees (分) of the month."""
    import pandas as pd

    columns = ["customer_id", "branch_id", "holder_id", "what", "fees"]
    if fees is None:
        return pd.DataFrame(columns=columns).astype({"fees": "int64"}), []
    day, told = dated(fees, period)
    own = fees[day.between(period.first, period.last).fillna(False)]
    rows = own.assign(
        holder_id=own["manager_id"],
        what=own["product"].fillna("没写产品"),
        fees=own["amount"].fillna(0).astype("int64"),
    )
    return rows[columns].reset_index(drop=True), told


def _in_order_of_groups(found: pd.DataFrame) -> pd.DataFrame:
    """The nine groups in their order, then what no customer bears."""
    order = {key: place for place, key in enumerate([*terms.GROUPS, NOBODY])}
    return found.iloc[found["group"].map(order).argsort(kind="stable")].reset_index(drop=True)


def _effects(
    people: pd.DataFrame,
    visits: pd.DataFrame | None,
    opening: tuple[pd.DataFrame | None, pd.DataFrame | None],
    loans: pd.DataFrame,
    lines: pd.DataFrame,
    ftp: tuple[pd.DataFrame, Prices],
    costs: pd.DataFrame | None,
    period: Period,
    before: Period,
    rules: Rules,
) -> pd.DataFrame:
    """What followed the visits of the month before; a group without enough of them has no figure. Loans at the balance of each month's last day.

    ``opening``: accounts and loans of the month before; ``ftp``: the table, and its prices of the month.
    """
    import numpy as np

    accounts, lent = opening
    lacks = lacking(visits, accounts, lent, before)
    if lacks or accounts is None or lent is None:
        return unknown(lacks)
    now, then = ftp[1], prices_of(ftp[0], before)

    def margin(*priced_lines: pd.DataFrame) -> npt.NDArray[np.float64]:
        """Profit of each of the people, missing where a line of hers has no price."""
        profit = np.zeros(len(people) + 1)  # the last is nobody's
        for rows in priced_lines:
            at = rows["at"].to_numpy() if "at" in rows else places(rows["customer_id"], people["customer_id"])
            np.add.at(profit, at, rows["profit"].to_numpy(dtype="float64"))
            profit[at[(rows["lacks"] != "").to_numpy(dtype=bool)]] = np.nan
        return profit[:-1]

    profit = margin(lines[lines["side"] == "deposit"], priced(loan_lines(loans, None, period), now)[0])
    earlier = margin(priced(deposit_lines(accounts, before), then)[0], priced(loan_lines(lent, None, before), then)[0])
    paid = None
    if costs is not None:
        rows, _ = borne(costs, before)
        paid = int(rows.loc[rows["driver"] == "visits", "cost"].sum())
    moved = profit - earlier * now.days / then.days
    return followed(people, visits_of(visits, before), moved, paid, rules.least)


def _said(whole: Any, groups: pd.DataFrame, spent: Shared | None, averaged: bool, period: Period) -> list[str]:
    parts = (
        ("", "存款内部利润", "deposit_profit"),
        (" + ", "贷款内部利润", "loan_profit"),
        (" + ", "中收", "fees"),
        (" − ", "预期损失", "expected_loss"),
        (" − ", terms.BY_KEY["costs"].label, "cost"),
    )
    told = "".join(f"{sign}{name} {in_yuan(getattr(whole, key)):,.2f}" for sign, name, key in parts)
    lines = [f"全辖  {told} = 贡献 {in_yuan(whole.contribution):,.2f} 元"]
    if whole.unpriced:
        lines.append(f"没有价的日均 {in_yuan(whole.unpriced):,.2f} 元没有算进利润和预期损失，贡献不全")
    if spent is not None:
        out, lost = int(spent.kinds["cost"].sum()), int(spent.kinds["cost"].sum() - spent.kinds["shared"].sum())
        under_way = f"（费用是整月的，利润只到 {period.as_of}，贡献和一元产出偏低）" if period.partial else ""
        each = f"，一元费用产出 {whole.output / out:,.2f} 元" if out else ""
        lines.append(f"费用  {in_yuan(out):,.2f} 元，没有分到户的 {in_yuan(lost):,.2f} 元{each}{under_way}")
    known = whole.raroc == whole.raroc and whole.raroc is not None
    if known:
        bare = f"；只是有价的 {floored(whole.priced)}，没有价的贷款日均 {in_yuan(whole.bare_loans):,.2f} 元不在内"
        basis = "期初期末平均" if averaged else "时点：没有上月的贷款台账"
        lines.append(f"贷款 RAROC {whole.raroc:.2%}（{basis}{bare if whole.bare_loans else ''}）")
    elif whole.bare_loans:
        lines.append(f"贷款 RAROC 缺：贷款日均 {in_yuan(whole.bare_loans):,.2f} 元都没有价，利润不知道")
    found = _ends(groups)
    if found:
        lines += [f"{word}  {name} {in_yuan(amount):,.2f} 元" for word, name, amount in found]
    return lines


def _ends(groups: pd.DataFrame) -> list[tuple[str, str, int]]:
    """The groups that bring most and least; nothing where there is one."""
    own = groups[groups["group"] != NOBODY].sort_values("contribution", ascending=False, kind="stable")
    if len(own) < 2:
        return []
    ends = (("贡献最多", own.iloc[0]), ("贡献最少", own.iloc[-1]))
    return [(word, terms.GROUPS.get(row["group"], row["group"]), int(row["contribution"])) for word, row in ends]


def _said_visits(effects: pd.DataFrame, before: Period) -> list[str]:
    known = effects[effects["per_visit"].notna()]
    if effects["customers"].isna().all():
        return [f"走访  {effects['said'].iloc[0]}，不说一次走访带来多少"]
    if known.empty:
        bare = "（有存贷款没有价的户不算）" if effects["said"].str.contains("没有价").any() else ""
        return [
            f"走访  缺：哪个户群 {before.name} 走访过的或没走访过的都不到办法 least 的户数{bare}，不说一次走访带来多少"
        ]
    return [
        f"走访  {terms.GROUPS[row.group]} {before.name} 多走访一次，本月内部利润多 {in_yuan(row.per_visit):,.2f} 元"
        f"（95% 在 {in_yuan(row.low):,.2f} 到 {in_yuan(row.high):,.2f}；{row.customers:,} 户中走访过 {row.visited:,} 户；{row.said}）"
        for row in known.itertuples()
    ]


_SUMS = (
    ListColumn(
        "customers", "count", "户数", total=True, meaning="本部分有存款、贷款、中收或费用的户；没有分到户的不算"
    ),
    ListColumn("deposits", "yuan", "存款月日均", total=True, width=16),
    ListColumn("loans", "yuan", "贷款月日均", total=True, width=16),
    ListColumn("deposit_profit", "yuan", "存款内部利润", total=True, width=15),
    ListColumn("loan_profit", "yuan", "贷款内部利润", total=True, width=15),
    ListColumn("fees", "yuan", "中收", total=True, width=13),
    ListColumn("expected_loss", "yuan", "预期损失", total=True, width=14),
    ListColumn("cost", "yuan", "分摊费用", total=True, width=14),
    ListColumn(
        "contribution", "yuan", "贡献", total=True, width=15, meaning="存款、贷款内部利润 + 中收 − 预期损失 − 分摊费用"
    ),
    ListColumn("per_cost", "number", "一元产出", meaning="（内部利润 + 中收 − 预期损失）÷ 分摊费用"),
    ListColumn(
        "raroc",
        "rate",
        "RAROC",
        meaning="有价的贷款的（内部利润 − 预期损失 − 按贷款余额分摊的费用）折成一年 ÷ 经济资本",
    ),
    ListColumn(
        "priced",
        "rate",
        "有价的贷款占",
        printed=False,
        meaning="RAROC 说的是日均贷款里的多少；不到 100% 的，其余缺价格、利率或期限",
    ),
    ListColumn(
        "unpriced",
        "yuan",
        "没有价的日均",
        printed=False,
        total=True,
        width=15,
        meaning="缺价格、利率、期限或五级分类，没有算进利润和预期损失",
    ),
)
_CUSTOMER = tuple(column for column in _SUMS if column.key != "customers")
_PART = ListColumn("part", label="哪一部分", width=22)
STUDY = Study(
    contribution,
    (
        StudyList(
            "contribution",
            "投入产出户群",
            (declared("group", width=20), *_SUMS),
            chart=Chart("bar", "group", ("contribution", "cost"), 10),
        ),
        StudyList("contribution_questions", "投入产出五问", QUESTIONS),
        StudyList("contribution_branches", "投入产出机构", (_PART, *_SUMS)),
        StudyList("contribution_managers", "投入产出客户经理", (_PART, *_SUMS)),
        StudyList("contribution_products", "投入产出产品", (_PART, *_SUMS)),
        StudyList(
            "contribution_customers",
            "投入产出客户",
            (
                ListColumn("customer_id", "id", width=14),
                ListColumn("customer_name", private="name", width=18),
                ListColumn("customer_type", codes=terms.CUSTOMER_TYPES),
                ListColumn("branch_name", width=14),
                ListColumn("manager_name"),
                declared("group", width=20),
                *_CUSTOMER,
            ),
        ),
        StudyList(
            "contribution_floors",
            "投入产出价格下限",
            (
                declared("term", table="ftp"),
                declared("five_class"),
                ListColumn("count", "count", "笔数", total=True),
                ListColumn("loans", "yuan", "贷款月日均", total=True, width=16),
                ListColumn("funds", "rate", "资金价格"),
                ListColumn("loss", "rate", "预期损失率"),
                ListColumn("cost", "rate", "费用率"),
                ListColumn("capital", "rate", "资本成本", meaning="经济资本 × 要求的回报"),
                ListColumn("floor", "rate", "价格下限", meaning="资金价格 + 预期损失率 + 费用率 + 资本成本，一年"),
                ListColumn("charged", "rate", "实际加权"),
                ListColumn("below", "count", "低于下限笔数", total=True),
                ListColumn("below_loans", "yuan", "低于下限日均", total=True, width=16),
            ),
        ),
        StudyList(
            "contribution_visits",
            "投入产出走访",
            (
                declared("group", width=20),
                ListColumn("customers", "count", "户数"),
                ListColumn("visited", "count", "走访过的户"),
                ListColumn("visits", "count", "走访次数"),
                ListColumn(
                    "per_visit",
                    "yuan",
                    "多一次多多少",
                    meaning="上月多走访一次的户，本月内部利润比上月多多少（按户回归的斜率）：相关，不是因果",
                ),
                ListColumn("low", "yuan", "95%下"),
                ListColumn("high", "yuan", "95%上"),
                ListColumn("per_hour", "yuan", "多一小时多多少"),
                ListColumn(
                    "per_yuan",
                    "number",
                    "多一元多多少元",
                    meaning="多一次多多少 ÷ 一次走访的费用（动因是走访的费用 ÷ 走访次数）",
                ),
                ListColumn("said", label="怎么看", width=40),
            ),
        ),
    ),
    without={
        "costs": "费用没有减，价格下限里没有费用。",
        "fees": "中收没有加。",
        "visits": "走访动因的费用分不下去，不说一次走访带来多少。",
        "previous_accounts": "不说一次走访带来多少。",
        "previous_loans": "贷款日均按期末余额（时点），不说一次走访带来多少。",
    },
    definitions=(
        (
            "存款内部利润",
            "Σ 日余额 ×（内部资金价格 − 付息利率）÷ 365，日余额之和 = 月日均 × 天数；月日均有导出的用导出的，全口径。",
        ),
        (
            "贷款内部利润",
            "Σ 日余额 ×（执行利率 − 内部资金价格）÷ 365；上月就在的按期初期末平均（本月还清、核销、置换的期末算 0），新放的从发放日起，表内的；本月放、本月收的不知在表内几天，不算。",
        ),
        (
            "价格",
            "按合同期限（开户或发放到到期）对档，用本月每天生效的价，不锁定在发放那天；活期和没有到期日的（定期除外）对活期，通知对 ≤3月。",
        ),
        ("预期损失", "Σ 日余额 × 五级分类一年的预期损失率 ÷ 365，是本月应承担的，不是准备的余额。"),
        (
            terms.BY_KEY["costs"].label,
            "写本月的全数（未满月也是整月的）；写季、年的摊到各月。在它的机构（写了工号的，在那位经理管的户）里按动因分：户数、近12个月笔数、本月走访次数、存款月日均、期末贷款余额；机构号、工号都没写的不分。",
        ),
        (
            "相加",
            "每类利润、损失和每笔费用各进位一次到分（半进位），再按最大余数分到账户、借据、户，所以户、户群、经理、机构、产品各自相加都等于全辖。",
        ),
    ),
    rules=Rules,
    options=(
        Option(
            "loan", "客户=金额/期限/利率", "放贷前先算：价格下限和 RAROC，如 810000000012=500万/12月/4.5%", many=True
        ),
    ),
    examples=("kehujingli contribution", "kehujingli contribution --loan 810000000012=500万/12月/4.5%"),
)
