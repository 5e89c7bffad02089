"""三性：安全、效益、流动三样怎么样？存贷比、偏离度、期限缺口、大户存款、逾期与不良、利率和活期占比。"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from kehujingli import terms
from kehujingli.errors import Finding, finding, yuan_grouped
from kehujingli.periods import Period, day_of, month_end
from kehujingli.rules.schemes import Positive
from kehujingli.rules.shapes.base import Strict
from kehujingli.studies.money.ftp import MILLIONTHS, YEAR_DAYS
from kehujingli.studies.money.interest import interest_by_kind
from kehujingli.studies.study import Answer, Chart, Crossing, Study, StudyList
from kehujingli.studies.words import words_of
from kehujingli.tables.frames import on_book
from kehujingli.terms.column import ListColumn, declared, keys
from kehujingli.values import times, whole_parts

if TYPE_CHECKING:
    import pandas as pd

    from kehujingli.rules import SegmentRules

Share = Annotated[Decimal, Field(gt=0)]
_BAD = ("substandard", "doubtful", "loss")
_BEYOND = "超过"
_NO_KIND = "没写种类"
_PAID_RATE = "付息率（近12个月实付）"
_PAID = ("interest_paid", "average_deposit_full")
"""Of a customer: what she was paid, and the average (全口径) that it was paid on."""


class Rules(Strict):
    """安全性、效益性、流动性。"""

    loan_deposit: Share = Field(Decimal("0.75"), description="存贷比多少以上要看")
    deviation: Share = Field(Decimal("0.04"), description="月末存款偏离度不超过多少")
    overdue_days: Positive = Field(90, description="逾期多少天以上的贷款和不良比")
    top: Positive = Field(10, description="前几户存款")
    months: tuple[Positive, ...] = Field((1, 3, 12), min_length=1, description="期限看几个月以内,从短到长")


def soundness(
    accounts: pd.DataFrame,
    loans: pd.DataFrame,
    classes: pd.DataFrame,
    account_interest: pd.DataFrame | None = None,
    *,
    period: Period,
    segment: tuple[SegmentRules | None, SegmentRules],
    rules: Rules,
) -> Answer:
    """``accounts``, ``loans``, ``classes`` as a month keeps them; money in 分, rates in millionths a year."""
    import pandas as pd

    book = on_book(loans[loans["balance"].fillna(0) > 0])
    accounts = accounts.assign(daily=_daily(accounts, period))
    held = accounts[accounts["balance"].fillna(0) != 0]
    people = classes.reindex(columns=[*dict.fromkeys([*classes.columns, *_PAID])])
    of_kinds, told = _of_kinds(account_interest, accounts, people, period, segment[1].window_months)
    measures = pd.DataFrame(_measures(held, accounts, book, people, period, rules), columns=keys(_MEASURES))
    frames = {
        "soundness": measures.astype({"limit": "object"}),
        "soundness_terms": _maturities(held, book, period, rules),
        "soundness_rates": _rates(accounts, people, of_kinds, period),
        "soundness_depositors": _depositors(held, classes, rules.top),
    }
    shown = measures[measures["value"].notna()]
    lines = [
        f"{row.property}  {row.measure} {row.value:.2%}"
        + (f"（{row.limit:.0%}，{row.verdict}）" if row.verdict else "")
        for row in shown.itertuples()
    ]
    lines += [f"缺  {row.measure}：{row.verdict}" for row in measures[measures["value"].isna()].itertuples()]
    beyond = measures[measures["verdict"] == _BEYOND]
    crossed = [Crossing("全辖", row.measure, 0, f"{row.value:.2%}，看 {row.limit:.0%}") for row in beyond.itertuples()]
    return Answer(frames, lines, told, crossings=crossed)


def _days(period: Period) -> int:
    return period.last - day_of(month_end(period.month - 1))


def _daily(accounts: pd.DataFrame, period: Period) -> pd.Series:
    """Σ of an account's day balances of the month (分): by the export's own 月日均, else from the postings; missing where neither is known."""
    reckoned = accounts["product_month"].astype("Int64").where(accounts["known_month"].fillna(False).astype(bool))
    daily = (accounts["average_month"].astype("Int64") * _days(period)).fillna(reckoned)
    return daily.mask(daily.isna() & (accounts["balance"].fillna(0) == 0), 0)


def _paid(people: pd.DataFrame) -> pd.DataFrame:
    """The customers of whom both is known: what interest they were paid in twelve months, and the average that it was paid on."""
    return people[people[list(_PAID)].notna().all(axis=1)]


def _of_kinds(
    records: pd.DataFrame | None, accounts: pd.DataFrame, people: pd.DataFrame, period: Period, window_months: int
) -> tuple[pd.DataFrame | None, list[Finding]]:
    """Interest paid by kind, where the records of accounts are there; what postings say of all kinds together has to be the same."""
    if records is None:
        return None, []
    found, whole, told = interest_by_kind(records, accounts, period, window_months)
    given = people["interest_paid"].dropna()
    if whole is not None and len(given) and (posted := int(given.sum())) != whole:
        there, here, apart = (yuan_grouped(cents) for cents in (whole, posted, abs(whole - posted)))
        told.append(finding("study.interest-differs", told=there, posted=here, difference=apart))
    return found, told


def _accrued(accounts: pd.DataFrame) -> tuple[int | None, int | None]:
    """A year's interest on what bears a rate, at the month's average (分), and Σ day balances of it; nothing where one account's are not known."""
    if accounts["daily"].isna().any():
        return None, None
    bearing = accounts[accounts["rate"].notna()]
    daily, rate = (bearing[key].to_numpy(dtype="int64") for key in ("daily", "rate"))
    return sum(times(daily, rate).tolist()), int(daily.sum())


def _measures(
    held: pd.DataFrame, accounts: pd.DataFrame, book: pd.DataFrame, people: pd.DataFrame, period: Period, rules: Rules
) -> list[tuple[object, ...]]:
    deposits, lent = int(held["balance"].sum()), int(book["balance"].sum())
    bad = int(book.loc[book["five_class"].isin(_BAD), "balance"].sum())
    late = int(book.loc[book["overdue_days"].fillna(0) > rules.overdue_days, "balance"].sum())
    unknown = bool(accounts["daily"].isna().any())
    average = None if unknown else round(int(accounts["daily"].sum()) / _days(period))
    largest = int(held.groupby("customer_id")["balance"].sum().nlargest(rules.top).sum())
    demand = int(held.loc[held["kind"] == "demand", "balance"].sum())
    cost, earned = _weighted(held), _weighted(book)
    accrued, borne = _accrued(accounts)
    of_year = None if accrued is None else round(accrued / _days(period) / MILLIONTHS)
    on = None if borne is None else round(borne / _days(period))
    paid = _paid(people)
    given, averaged = (None if paid.empty else int(paid[key].sum()) for key in _PAID)
    rows = [
        ("流动性", "存贷比", lent, deposits, rules.loan_deposit),
        ("流动性", "月末存款偏离度", None if average is None else deposits - average, average, rules.deviation),
        ("流动性", f"前 {rules.top} 户存款占比", largest, deposits, None),
        ("安全性", "不良贷款占比", bad, lent, None),
        ("安全性", f"逾期{rules.overdue_days}天以上与不良之比", late, bad, Decimal(1)),
        ("效益性", _PAID_RATE, given, averaged, None),
        ("效益性", "付息率（本月应付）", of_year, on, None),
        ("效益性", "期末加权存款利率", *cost, None),
        ("效益性", "期末加权贷款利率", *earned, None),
        ("效益性", terms.label("demand_share", "branch_sums"), demand, deposits, None),
    ]
    return [_judged(*row) for row in rows]


def _judged(of: str, name: str, top: int | None, bottom: int | None, limit: Decimal | None) -> tuple[object, ...]:
    if top is None or not bottom:
        unknown = "没有12个月含结息的流水" if name == _PAID_RATE else "有账户算不出月日均"
        lack = unknown if top is None else ("分母为零，分子不为零" if top else "分母为零")
        return of, name, None, top, bottom, limit, lack
    value = top / bottom
    verdict = "" if limit is None else (_BEYOND if abs(value) > limit else "未超")
    return of, name, value, top, bottom, limit, verdict


def _weighted(rows: pd.DataFrame) -> tuple[int | None, int | None]:
    """Σ balance × rate and Σ balance of what bears a rate; nothing where nothing does."""
    known = rows[rows["rate"].notna()]
    if known.empty:
        return None, None
    product = (known["balance"].astype("float64") * known["rate"].astype("float64")).sum() / MILLIONTHS
    return round(float(product)), int(known["balance"].sum())


def _maturities(held: pd.DataFrame, book: pd.DataFrame, period: Period, rules: Rules) -> pd.DataFrame:
    """What falls due when: deposits, loans, and the gap of each span and of all up to it."""
    import pandas as pd

    ends = [day_of(month_end(period.month + months)) for months in rules.months]
    names = [f"{months}个月以内" for months in rules.months]
    spans = ["已到期", *names, f"{rules.months[-1]}个月以上", "随时可取、没有到期日"]

    def parts(rows: pd.DataFrame, day: str) -> list[int]:
        due = rows[day].astype("Float64").fillna(float("inf")).to_numpy(dtype="float64")
        edges = [float("-inf"), period.last, *ends, 10**7, float("inf")]
        cut = pd.cut(due, edges, labels=spans, include_lowest=True)
        sums = rows["balance"].astype("int64").groupby(cut, observed=False).sum()
        return [int(sums[name]) for name in spans]

    deposits, loans = parts(held, "matures_on"), parts(book, "due_on")
    frame = pd.DataFrame({"span": spans, "deposits": deposits, "loan_balance": loans})
    frame["gap"] = frame["loan_balance"] - frame["deposits"]
    frame["gap_so_far"] = frame["gap"].cumsum()
    return frame


def _rates(accounts: pd.DataFrame, people: pd.DataFrame, of_kinds: pd.DataFrame | None, period: Period) -> pd.DataFrame:
    """What deposits cost and how many are on demand, by kind, branch and manager; each of the three adds up to all deposits."""
    import pandas as pd

    named = people.reindex(columns=["customer_id", "holder_id", "manager_name", "branch_id", "branch_name", *_PAID])
    named = named.assign(
        own=words_of(named["holder_id"], named["manager_name"], terms.UNHELD),
        branch=words_of(named["branch_id"], named["branch_name"], "没有机构"),
    )
    there = (accounts["balance"].fillna(0) != 0) | (accounts["daily"] != 0).fillna(True)
    rows = accounts[there].merge(named[["customer_id", "own", "branch"]], on="customer_id", how="left")
    sums = _sums(rows, period)
    given = _paid(named)
    found = []
    for by, key, payer in (
        ("种类", rows["kind"].map(terms.DEPOSIT_KINDS).fillna(_NO_KIND), None),
        (terms.label("branch"), rows["branch"].fillna("没有机构"), "branch"),
        ("客户经理", rows["own"].fillna(terms.UNHELD), "own"),
    ):
        told = sums.groupby(key.to_numpy(), sort=True).sum().rename_axis("part")
        if payer is not None:
            paid = given.groupby(payer)[list(_PAID)].sum()
        elif of_kinds is not None:
            paid = of_kinds.rename(terms.DEPOSIT_KINDS | {"": _NO_KIND})
        else:
            paid = given.iloc[:0].set_index("own")[list(_PAID)]
        told = told.join(paid.rename_axis("part"), how="left").reset_index()
        found.append(told.sort_values(["balance", "part"], ascending=[False, True]).assign(by=by))
    frame = pd.concat(found, ignore_index=True)
    known = frame["unknown"] == 0
    return frame.assign(
        deposits=frame["balance"].astype("int64"),
        rate=(frame["interest"] / frame["weighed"]).where(frame["weighed"] > 0),
        demand_part=(frame["demand"] / frame["balance"]).where(frame["balance"] > 0),
        average=frame["average"].astype("Int64").where(known),
        accrued=frame["accrued"].astype("Int64").where(known),
        accrued_rate=(frame["of_year"] / frame["bearing"]).where(known & (frame["bearing"] > 0)),
        interest_paid=frame["interest_paid"].astype("Int64"),
        interest_cost=(frame["interest_paid"] / frame["average_deposit_full"].where(lambda on: on != 0)),
    )


def _sums(rows: pd.DataFrame, period: Period) -> pd.DataFrame:
    """Of each account, to be added up: money in 分; ``of_year`` is a year's interest on ``bearing``, the month's average of what bears a rate."""
    import pandas as pd

    days, priced = _days(period), rows["rate"].notna().to_numpy(dtype=bool)
    daily = rows["daily"].fillna(0).to_numpy(dtype="int64")
    rate = rows["rate"].fillna(0).to_numpy(dtype="int64")
    balance = rows["balance"].fillna(0).to_numpy(dtype="int64")
    return pd.DataFrame(
        {
            "balance": balance,
            "weighed": balance * priced,
            "interest": balance.astype("float64") * rate / MILLIONTHS,
            "demand": balance * (rows["kind"] == "demand").to_numpy(dtype=bool),
            "unknown": rows["daily"].isna().astype("int64").to_numpy(),
            "average": whole_parts(daily, days),
            "bearing": daily.astype("float64") * priced / days,
            "of_year": daily.astype("float64") * rate / MILLIONTHS / days,
            "accrued": whole_parts(times(daily, rate), YEAR_DAYS * MILLIONTHS),
        }
    )


def _depositors(held: pd.DataFrame, classes: pd.DataFrame, top: int) -> pd.DataFrame:
    sums = held.groupby("customer_id", as_index=False)["balance"].sum()
    total = int(sums["balance"].sum())
    first = sums.sort_values(["balance", "customer_id"], ascending=[False, True], kind="stable").head(top)
    known = classes[["customer_id", "customer_name", "customer_type", "branch_name", "manager_name"]]
    told = first.merge(known, on="customer_id", how="left")
    return told.assign(
        place=range(1, len(told) + 1), deposits=told["balance"], share=told["balance"] / total if total else 0.0
    )


_MEASURES = (
    ListColumn("property", label="三性", width=10),
    declared("measure", called="item", width=26),
    ListColumn("value", "rate", "比率"),
    ListColumn("numerator", "yuan", terms.label("numerator"), width=18),
    ListColumn("denominator", "yuan", terms.label("denominator"), width=18),
    ListColumn("limit", "rate", "看多少"),
    ListColumn("verdict", label="结论", width=18),
)
_DEPOSITS = ListColumn("deposits", "yuan", "存款", width=18)
STUDY = Study(
    soundness,
    (
        StudyList("soundness", "三性指标", _MEASURES),
        StudyList(
            "soundness_terms",
            "三性期限缺口",
            (
                ListColumn("span", label="到期", width=22),
                _DEPOSITS,
                declared("loan_balance", width=18),
                ListColumn("gap", "yuan", "缺口", width=18, meaning="这一段到期的贷款 − 到期的存款；负数是要付的多"),
                ListColumn("gap_so_far", "yuan", "累计缺口", width=18),
            ),
            chart=Chart("column", "span", ("deposits", "loan_balance")),
        ),
        StudyList(
            "soundness_rates",
            "三性利率活期",
            (
                ListColumn("by", label="按什么", width=10),
                ListColumn("part", label="哪一部分", width=20),
                _DEPOSITS,
                ListColumn(
                    "rate",
                    "rate",
                    terms.label("deposit_cost", "branch_sums"),
                    meaning="Σ 余额 × 利率 ÷ Σ 有利率的余额，期末那一天的",
                ),
                ListColumn("demand_part", "rate", "活期比例"),
                ListColumn("average", "yuan", terms.label("average_month"), width=18),
                ListColumn("accrued", "yuan", "本月应付利息", width=16, meaning="Σ 日余额 × 账户利率 ÷ 365，本月的"),
                ListColumn(
                    "accrued_rate",
                    "rate",
                    "付息率（应付）",
                    width=11,
                    meaning="Σ 月日均 × 账户利率 ÷ Σ 有利率的月日均，一年的；有一户算不出月日均就缺",
                ),
                ListColumn("interest_paid", "yuan", width=16),
                ListColumn(
                    "interest_cost",
                    "rate",
                    "付息率（实付）",
                    width=11,
                    meaning="近12个月实付利息 ÷ 近12个月日均（全口径），和机构汇总一样；按种类的看《账户利息》，一笔都没有的种类缺",
                ),
            ),
        ),
        StudyList(
            "soundness_depositors",
            "三性存款大户",
            (
                declared("place"),
                declared("customer_id", width=14),
                declared("customer_name", width=20),
                declared("customer_type"),
                declared("branch_name", width=16),
                declared("manager_name"),
                _DEPOSITS,
                ListColumn("share", "rate", "占全部存款"),
            ),
        ),
    ),
    without={"account_interest": "按种类的付息率（实付）缺。"},
    definitions=(
        ("存贷比", "表内贷款余额 ÷ 全部存款余额，期末那一天的。"),
        (
            "偏离度",
            "（月末存款 − 本月日均）÷ 本月日均，都是全口径；账户表有月日均的用它，没有的按流水算，有一户算不出就缺。",
        ),
        (
            terms.label("interest_cost", "branch_sums"),
            "实付：近12个月实付利息 ÷ 近12个月日均（全口径），流水不够 12 个月或一笔结息也没有的缺。"
            "应付：Σ 月日均 × 账户利率 ÷ Σ 有利率的月日均，一年的；定期没到期、还没付的利息也在内，所以两个数不一样。",
        ),
        (
            "按种类的实付",
            "定期的利息多收在活期账户，结息的流水不写是哪个账户的利息，所以按种类只看《账户利息》（核心的账户利息历史记录：账号、利息、交易日期、收息账号）："
            "近12个月的利息 ÷ 近12个月日均（全口径）。缺一个季末月的结息就不算；和流水里的结息合计不一样会说。",
        ),
        ("逾期与不良之比", "逾期天数在线以上的表内贷款 ÷ 次级、可疑、损失；大于 1 的，分类列得偏好。"),
    ),
    rules=Rules,
)
