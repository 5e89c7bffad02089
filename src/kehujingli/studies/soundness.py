"""三性：安全、效益、流动三样怎么样？存贷比、偏离度、期限缺口、大户存款、逾期与不良、利率和活期占比。"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from kehujingli import terms
from kehujingli.periods import Period, day_of, month_end
from kehujingli.rules.schemes import Positive
from kehujingli.rules.shapes.base import Strict
from kehujingli.studies.study import Answer, Chart, Crossing, Study, StudyList
from kehujingli.studies.words import words_of
from kehujingli.tables.frames import on_book
from kehujingli.terms.column import ListColumn, declared, keys

if TYPE_CHECKING:
    import pandas as pd

Share = Annotated[Decimal, Field(gt=0)]
_BAD = ("substandard", "doubtful", "loss")
_PER_YEAR = 1_000_000
"""Rates are kept in millionths a year."""


_BEYOND = "超过"


class Rules(Strict):
    """安全性、效益性、流动性。"""

    loan_deposit: Share = Field(Decimal("0.75"), description="存贷比多少以上要看")
    deviation: Share = Field(Decimal("0.04"), description="月末存款偏离度不超过多少")
    overdue_days: Positive = Field(90, description="逾期多少天以上的贷款和不良比")
    top: Positive = Field(10, description="前几户存款")
    months: tuple[Positive, ...] = Field((1, 3, 12), min_length=1, description="期限看几个月以内,从短到长")


def soundness(
    accounts: pd.DataFrame, loans: pd.DataFrame, classes: pd.DataFrame, *, period: Period, rules: Rules
) -> Answer:
    """``accounts``, ``loans``, ``classes`` as a month keeps them; money in 分, rates in millionths a year."""
    import pandas as pd

    book = on_book(loans[loans["balance"].fillna(0) > 0])
    held = accounts[accounts["balance"].fillna(0) != 0]
    measures = pd.DataFrame(_measures(held, accounts, book, period, rules), columns=keys(_MEASURES))
    depositors = _depositors(held, classes, rules.top)
    frames = {
        "soundness": measures.astype({"limit": "object"}),
        "soundness_terms": _maturities(held, book, period, rules),
        "soundness_rates": _rates(held, classes),
        "soundness_depositors": depositors,
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
    return Answer(frames, lines, crossings=crossed)


def _month_average(accounts: pd.DataFrame, period: Period) -> int | None:
    """Σ 月日均: the export's own, else from the postings; nothing where one account's is not known."""
    days = period.last - day_of(month_end(period.month - 1))
    reckoned = (accounts["product_month"] / days).where(accounts["known_month"].fillna(False).astype(bool))
    average = accounts["average_month"].astype("Float64").fillna(reckoned.astype("Float64"))
    average = average.mask(average.isna() & (accounts["balance"].fillna(0) == 0), 0)
    return None if average.isna().any() else round(float(average.sum()))


def _measures(
    held: pd.DataFrame, accounts: pd.DataFrame, book: pd.DataFrame, period: Period, rules: Rules
) -> list[tuple[object, ...]]:
    deposits, lent = int(held["balance"].sum()), int(book["balance"].sum())
    bad = int(book.loc[book["five_class"].isin(_BAD), "balance"].sum())
    late = int(book.loc[book["overdue_days"].fillna(0) > rules.overdue_days, "balance"].sum())
    average = _month_average(accounts, period)
    largest = int(held.groupby("customer_id")["balance"].sum().nlargest(rules.top).sum())
    demand = int(held.loc[held["kind"] == "demand", "balance"].sum())
    cost, earned = _weighted(held), _weighted(book)
    rows = [
        ("流动性", "存贷比", lent, deposits, rules.loan_deposit),
        ("流动性", "月末存款偏离度", None if average is None else deposits - average, average, rules.deviation),
        ("流动性", f"前 {rules.top} 户存款占比", largest, deposits, None),
        ("安全性", "不良贷款占比", bad, lent, None),
        ("安全性", f"逾期{rules.overdue_days}天以上与不良之比", late, bad, Decimal(1)),
        ("效益性", "期末加权存款利率", *cost, None),
        ("效益性", "期末加权贷款利率", *earned, None),
        ("效益性", terms.label("demand_share", "branch_sums"), demand, deposits, None),
    ]
    return [_judged(*row) for row in rows]


def _judged(of: str, name: str, top: int | None, bottom: int | None, limit: Decimal | None) -> tuple[object, ...]:
    if top is None or not bottom:
        lack = "有账户算不出月日均" if top is None else ("分母为零，分子不为零" if top else "分母为零")
        return of, name, None, top, bottom, limit, lack
    value = top / bottom
    verdict = "" if limit is None else (_BEYOND if abs(value) > limit else "未超")
    return of, name, value, top, bottom, limit, verdict


def _weighted(rows: pd.DataFrame) -> tuple[int | None, int | None]:
    """Σ balance × rate and Σ balance of what bears a rate; nothing where nothing does."""
    known = rows[rows["rate"].notna()]
    if known.empty:
        return None, None
    product = (known["balance"].astype("float64") * known["rate"].astype("float64")).sum() / _PER_YEAR
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


def _rates(held: pd.DataFrame, classes: pd.DataFrame) -> pd.DataFrame:
    """Weighted rate and share of demand deposits by kind, branch and manager; each of the three adds up to all deposits."""
    import pandas as pd

    known = classes.reindex(columns=["customer_id", "holder_id", "manager_name", "branch_id", "branch_name"])
    people = known[["customer_id"]].assign(
        own=words_of(known["holder_id"], known["manager_name"], terms.UNHELD),
        branch=words_of(known["branch_id"], known["branch_name"], "没有机构"),
    )
    rows = held.merge(people, on="customer_id", how="left")
    kinds = rows["kind"].map(terms.DEPOSIT_KINDS).fillna("没写种类")
    found = []
    for by, key in (
        ("种类", kinds),
        (terms.label("branch"), rows["branch"].fillna("没有机构")),
        ("客户经理", rows["own"].fillna(terms.UNHELD)),
    ):
        weighed = rows["balance"].where(rows["rate"].notna(), 0).astype("float64")
        sums = pd.DataFrame(
            {
                "balance": rows["balance"].astype("int64"),
                "weighed": weighed,
                "interest": weighed * rows["rate"].astype("Float64").fillna(0).astype("float64") / _PER_YEAR,
                "demand": rows["balance"].where(rows["kind"] == "demand", 0).astype("int64"),
            }
        ).groupby(key.to_numpy(), sort=True)
        told = sums.sum().rename_axis("part").reset_index().sort_values(["balance", "part"], ascending=[False, True])
        found.append(told.assign(by=by))
    frame = pd.concat(found, ignore_index=True)
    return frame.assign(
        deposits=frame["balance"].astype("int64"),
        rate=(frame["interest"] / frame["weighed"]).where(frame["weighed"] > 0),
        demand_part=(frame["demand"] / frame["balance"]).where(frame["balance"] > 0),
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
    definitions=(
        ("存贷比", "表内贷款余额 ÷ 全部存款余额，期末那一天的。"),
        (
            "偏离度",
            "（月末存款 − 本月日均）÷ 本月日均，都是全口径；账户表有月日均的用它，没有的按流水算，有一户算不出就缺。",
        ),
        ("逾期与不良之比", "逾期天数在线以上的表内贷款 ÷ 次级、可疑、损失；大于 1 的，分类列得偏好。"),
    ),
    rules=Rules,
)
