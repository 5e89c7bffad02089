"""集中度：贷款集中在谁身上？单户、前几户占资本净额多少，HHI，单户500万元以下占多少。"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from pydantic import Field

from kehujingli import terms
from kehujingli.periods import Period
from kehujingli.rules import Institution
from kehujingli.rules.schemes import Positive, Yuan
from kehujingli.rules.shapes.base import Strict
from kehujingli.studies.capital import capital_of
from kehujingli.studies.study import Answer, Chart, Study, StudyList
from kehujingli.tables.frames import on_book
from kehujingli.terms.column import ListColumn, declared

if TYPE_CHECKING:
    import pandas as pd


class Rules(Strict):
    """防垒大户。现在只按贷款余额算，不含表外和未用额度，不并关联客户。"""

    top: Positive = Field(10, description="前几户合计")
    single_limit: Decimal = Field(Decimal("0.10"), gt=0, description="单户贷款不超过资本净额的多少")
    top_limit: Decimal = Field(Decimal("0.50"), gt=0, description="前几户贷款合计不超过资本净额的多少")
    small: Yuan = Field(Decimal(5_000_000), description="小额:单户不超过多少元,含本数")
    capital_months: Positive = Field(3, description="资本比期末早几个月以上就要说")


def concentration(
    loans: pd.DataFrame,
    classes: pd.DataFrame,
    capital: pd.DataFrame | None = None,
    *,
    period: Period,
    institution: Institution,
    rules: Rules,
) -> Answer:
    """``loans``, ``classes`` as a month keeps them, ``capital`` as ``capital_of`` takes it; money in 分."""
    import pandas as pd

    book = on_book(loans[loans["balance"].fillna(0) > 0]).groupby("customer_id", as_index=False)["balance"].sum()
    book = book.sort_values(["balance", "customer_id"], ascending=[False, True], kind="stable", ignore_index=True)
    owed, total = book["balance"].astype("int64"), int(book["balance"].sum())
    held = capital_of(capital, institution, period, total, rules.capital_months)
    net = held.net
    known = classes[["customer_id", "customer_name", "customer_type", "branch_name", "manager_name"]]
    people = book.rename(columns={"balance": "loan_balance"}).merge(known, on="customer_id", how="left")
    limit = int(net * rules.single_limit) if net else None
    people = people.assign(
        place=range(1, len(people) + 1),
        share=owed / total if total else owed,
        of_capital=owed / net if net else None,
        room=limit - owed if limit is not None else None,
        verdict=["超限" if limit is not None and amount > limit else "" for amount in owed],
    )
    small, first = owed[owed <= int(rules.small * 100)], owed.head(rules.top)
    rows = []
    for name, some, bound in (
        ("单户最大", owed.head(1), rules.single_limit),
        (f"前 {rules.top} 户", first, rules.top_limit),
        (f"单户 {rules.small / 10_000:,f} 万元以下", small, None),
    ):
        amount = int(some.sum())
        of = amount / net if net and bound is not None else None
        verdict = "" if bound is None else ("缺资本" if not net else ("超限" if amount > net * bound else "未超"))
        rows.append((name, len(some), amount, amount / total if total else None, of, bound, verdict))
    frame = pd.DataFrame(rows, columns=[column.key for column in _MEASURES]).astype({"limit": "object"})
    hhi = float(((owed / total) ** 2).sum() * 10_000) if total else 0.0
    shown = people[(people["place"] <= rules.top) | (people["verdict"] != "")]
    lines = [
        f"仅按贷款余额：{len(book):,} 户 {total / 100:,.2f} 元，HHI {hhi:,.1f}（一户独占为 10,000）；资本净额 {held.basis}",
        *(
            f"{name}  {amount / 100:,.2f} 元，占全部贷款 {share or 0:.2%}"
            + (f"，占资本净额 {of:.2%}（上限 {bound:.0%}，{verdict}）" if of is not None else "")
            for name, _, amount, share, of, bound, verdict in rows
        ),
        *([f"单户超过资本净额 {rules.single_limit:.0%} 的 {(people['verdict'] != '').sum():,} 户"] if net else []),
    ]
    title = f"前 {rules.top} 户占全部贷款 {first.sum() / total if total else 0:.1%}"
    return Answer(
        {"concentration": shown, "concentration_measures": frame}, lines, held.findings, {"concentration": title}
    )


_MEASURES = (
    declared("measure", called="item", width=22),
    ListColumn("customers", "count", "户数"),
    declared("loan_balance"),
    ListColumn("share", "rate", "占全部贷款"),
    ListColumn("of_capital", "rate", "占资本净额"),
    ListColumn("limit", "rate", "上限"),
    ListColumn("verdict", label="结论"),
)
STUDY = Study(
    concentration,
    (
        StudyList(
            "concentration",
            "集中度",
            (
                declared("place"),
                declared("customer_id", width=14),
                declared("customer_name", width=20),
                declared("customer_type"),
                declared("branch_name", width=16),
                declared("manager_name"),
                declared("loan_balance", total=True, width=16),
                ListColumn("share", "rate", "占全部贷款"),
                ListColumn("of_capital", "rate", "占资本净额"),
                ListColumn("room", "yuan", "距单户上限", width=16, meaning="资本净额 × 单户上限 − 贷款余额"),
                ListColumn("verdict", label="结论"),
            ),
            chart=Chart("bar", "customer_name", ("share",)),
        ),
        StudyList("concentration_measures", "集中度指标", _MEASURES),
    ),
    {"capital": "占资本净额、上限、超限都空着。"},
    (
        ("口径", "仅按贷款余额，不含表外、未用额度，不并集团和担保圈；核销的不算。"),
        (
            terms.label("net_capital"),
            "《资本》里不晚于数据日的最近一期；没有这张表就用办法 [institution] 的 net_capital。",
        ),
        ("HHI", "各户占全部贷款份额的平方和 × 10,000。"),
    ),
    Rules,
)
