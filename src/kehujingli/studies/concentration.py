"""集中度：风险集中在谁身上？单户、关联客户和担保圈占资本多少，前几户、HHI、单户500万元以下、新放给大户多少。"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from kehujingli import terms
from kehujingli.periods import Period, day_of, month_start
from kehujingli.rules import Institution
from kehujingli.rules.schemes import Positive, Yuan
from kehujingli.rules.shapes.base import Strict
from kehujingli.studies.risk.capital import Capital, capital_of
from kehujingli.studies.risk.connected import connected
from kehujingli.studies.risk.exposure import exposures_of, kept_by_others
from kehujingli.studies.risk.headroom import Lines, Shares, lines_of, trials
from kehujingli.studies.study import Answer, Chart, Crossing, Option, Study, StudyList
from kehujingli.tables.frames import on_book, owing
from kehujingli.terms.column import ListColumn, declared
from kehujingli.values import in_yuan

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

Share = Annotated[Decimal, Field(gt=0)]


class Rules(Strict):
    """防垒大户。没有《授信与表外》只按贷款余额算;没有《关联客户》《担保》只并客户信息里的集团号。"""

    top: Positive = Field(10, description="前几户合计")
    single_limit: Share = Field(Decimal("0.10"), description="单户贷款不超过资本净额的多少")
    single_exposure: Share = Field(Decimal("0.15"), description="单户风险暴露不超过一级资本净额的多少")
    group_exposure: Share = Field(Decimal("0.20"), description="一组关联客户风险暴露不超过一级资本净额的多少")
    group_limit: Share = Field(Decimal("0.15"), description="一组关联客户授信不超过资本净额的多少")
    large: Share = Field(Decimal("0.025"), description="超过一级资本净额多少的算大额风险暴露")
    top_limit: Share = Field(Decimal("0.50"), description="前几户贷款合计不超过资本净额的多少")
    small: Yuan = Field(Decimal(5_000_000), description="小额:单户不超过多少元,含本数")
    new_months: Positive = Field(3, description="新放贷款看最近几个月")
    capital_months: Positive = Field(3, description="资本比期末早几个月以上就要说")

    @property
    def shares(self) -> Shares:
        return Shares(
            self.single_limit, self.single_exposure, self.group_exposure, self.group_limit, self.large, self.top_limit
        )


def concentration(
    loans: pd.DataFrame,
    classes: pd.DataFrame,
    capital: pd.DataFrame | None = None,
    exposures: pd.DataFrame | None = None,
    groups: pd.DataFrame | None = None,
    guarantees: pd.DataFrame | None = None,
    *,
    period: Period,
    institution: Institution,
    rules: Rules,
    what_if: Sequence[str] = (),
) -> Answer:
    """``loans``, ``classes`` as a month keeps them, the others as their tables have them; money in 分. ``what_if``: 客户=金额, reckoned before the loan is made."""

    stakes, told = exposures_of(loans, exposures)
    total = int(stakes["loan_balance"].sum())
    held = capital_of(capital, institution, period, total, rules.capital_months)
    limits = lines_of(held, rules.shares)
    bound = connected(classes, loans, groups, guarantees, period)
    people = _people(stakes, classes, loans, bound.members, held, limits)
    people = people.merge(kept_by_others(exposures, classes), on="customer_id", how="left")
    together = _together(bound.members, people, classes, held, limits)
    measures = _measures(people, _new_lending(loans, people, period, rules), held, limits, rules)
    shown = people[(people["place"] <= rules.top) | (people["verdict"] != "")]
    owed = people["loan_balance"]
    hhi = float(((owed / total) ** 2).sum() * 10_000) if total else 0.0
    basis = "按贷款、表外和未用额度，扣保证金" if exposures is not None else "仅按贷款余额"
    lines = [
        f"{basis}：{int((owed > 0).sum()):,} 户贷款 {in_yuan(total):,.2f} 元，HHI {hhi:,.1f}（一户独占为 10,000）；资本净额 {held.basis}",
        *(_said(row) for row in measures.itertuples()),
        *(
            [f"超限的 {int((people['verdict'] != '').sum()):,} 户、{int((together['verdict'] != '').sum()):,} 组"]
            if held.net
            else []
        ),
        *trials(what_if, people, bound.members, together, limits),
    ]
    title = f"前 {rules.top} 户占全部贷款 {owed.nlargest(rules.top).sum() / total if total else 0:.1%}"
    frames: dict[str, pd.DataFrame] = {
        "concentration": shown,
        "concentration_groups": together,
        "concentration_measures": measures.astype({"limit": "object"}),
    }
    findings = [*told, *bound.findings, *held.findings]
    return Answer(frames, lines, findings, {"concentration": title}, list(_crossed(people, together)))


def _crossed(people: pd.DataFrame, together: pd.DataFrame) -> Iterator[Crossing]:
    """Customers and groups above a limit, by their exposure."""
    for subject, rows in (("customer_id", people), ("group_id", together)):
        for row in rows[rows["verdict"] != ""].to_dict("records"):
            who = f"关联组 {row[subject]}" if subject == "group_id" else str(row[subject])
            amount = int(row["exposure"])
            yield Crossing(who, "集中度限额", amount, f"{row['verdict']}，{in_yuan(amount):,.2f} 元")


def _people(
    stakes: pd.DataFrame,
    classes: pd.DataFrame,
    loans: pd.DataFrame,
    members: pd.DataFrame,
    held: Capital,
    limits: Lines,
) -> pd.DataFrame:
    """One row a customer with anything at stake, the largest exposure first."""
    import numpy as np
    import pandas as pd

    known = classes[["customer_id", "customer_name", "customer_type", "branch_name", "manager_name"]]
    people = stakes.sort_values(["exposure", "customer_id"], ascending=[False, True], kind="stable", ignore_index=True)
    people = people.merge(known, on="customer_id", how="left").merge(members, on="customer_id", how="left")
    at = on_book(owing(loans)).groupby("customer_id")["branch_id"].nunique()
    owed, whole = people["loan_balance"], people["exposure"]
    total = int(owed.sum())
    over_loan, over_all, large = (
        _over(amounts, limit)
        for amounts, limit in ((owed, limits.single_loan), (whole, limits.single_exposure), (whole, limits.large))
    )
    grouped = people.groupby("group_id")["exposure"].transform("sum").astype("Int64")
    pairs = (
        (limits.single_loan, owed),
        (limits.single_exposure, whole),
        (limits.group_credit, grouped),
        (limits.group_exposure, grouped),
    )
    rooms = [(limit - column).astype("Int64") for limit, column in pairs if limit]
    return people.assign(
        place=range(1, len(people) + 1),
        share=owed / total if total else owed,
        of_capital=owed / held.net if held.net else None,
        of_tier1=whole / held.tier1 if held.tier1 else None,
        room=pd.concat(rooms, axis=1).min(axis=1) if rooms else None,
        branches=people["customer_id"].map(at).fillna(0).astype("int64"),
        large=np.where(large, "大额", "").astype(object),
        verdict=_verdicts(("贷款超限", over_loan), ("暴露超限", over_all)),
    )


def _over(amounts: pd.Series, limit: int | None) -> npt.NDArray[np.bool_]:
    """Which amounts are above the limit; none where there is no limit."""
    found: npt.NDArray[np.bool_] = (
        (amounts > limit).to_numpy(dtype=bool) if limit is not None else amounts.isna().to_numpy()
    )
    return found & (limit is not None)


def _verdicts(*told: tuple[str, npt.NDArray[np.bool_]]) -> npt.NDArray[np.object_]:
    """The words of what holds, joined."""
    import numpy as np

    (first, one), (second, other) = told
    return np.select([one & other, one, other], [f"{first}、{second}", first, second], default="").astype(object)


def _together(
    members: pd.DataFrame, people: pd.DataFrame, classes: pd.DataFrame, held: Capital, limits: Lines
) -> pd.DataFrame:
    """One row a group of two and more customers, the largest exposure first; named after its largest member. Who owes nothing is a member too."""
    own = members.merge(people[["customer_id", "loan_balance", "exposure"]], on="customer_id", how="left")
    own = own.merge(classes[["customer_id", "customer_name", "customer_type"]], on="customer_id", how="left")
    own = own.assign(**{key: own[key].fillna(0).astype("int64") for key in ("loan_balance", "exposure")})
    own = own.sort_values(["exposure", "customer_id"], ascending=[False, True], kind="stable")
    rows = own.groupby("group_id", as_index=False).agg(
        customer_name=("customer_name", "first"),
        customer_type=("customer_type", "first"),
        bonds=("bonds", "first"),
        customers=("customer_id", "size"),
        loan_balance=("loan_balance", "sum"),
        exposure=("exposure", "sum"),
    )
    rows = rows[rows["exposure"] > 0]
    rows = rows.sort_values(["exposure", "group_id"], ascending=[False, True], kind="stable", ignore_index=True)
    over = _verdicts(
        ("授信超限", _over(rows["exposure"], limits.group_credit)),
        ("暴露超限", _over(rows["exposure"], limits.group_exposure)),
    )
    return rows.assign(
        of_capital=rows["exposure"] / held.net if held.net else None,
        of_tier1=rows["exposure"] / held.tier1 if held.tier1 else None,
        verdict=over,
    )


def _new_lending(loans: pd.DataFrame, people: pd.DataFrame, period: Period, rules: Rules) -> tuple[int, int]:
    """What was lent in the last months to the largest borrowers, and to all (一哄而起), 分: whatever became of it since."""
    since = day_of(month_start(period.month - rules.new_months + 1))
    fresh = loans[(loans["issued_on"] >= since).fillna(False) & (loans["issued_on"] <= period.last).fillna(False)]
    largest = set(people.nlargest(rules.top, "loan_balance")["customer_id"])
    amount = fresh["amount"].fillna(0).astype("int64")
    return int(amount[fresh["customer_id"].isin(largest)].sum()), int(amount.sum())


def _measures(people: pd.DataFrame, new: tuple[int, int], held: Capital, limits: Lines, rules: Rules) -> pd.DataFrame:
    import pandas as pd

    owed = people["loan_balance"].sort_values(ascending=False)
    owed = owed[owed > 0]
    total, small = int(owed.sum()), owed[owed <= int(rules.small * 100)]
    several = people[people["branches"] > 1]
    rows: list[tuple[str, int, int, float | None, float | None, Decimal | None, str]] = []
    for name, some, share, limit in (
        ("单户最大贷款", owed.head(1), rules.single_limit, limits.single_loan),
        (f"前 {rules.top} 户贷款", owed.head(rules.top), rules.top_limit, limits.top),
        (f"单户 {rules.small / 10_000:,f} 万元以下", small, None, None),
        ("几家机构都有贷款的户", several["loan_balance"], None, None),
    ):
        amount = int(some.sum())
        of = amount / held.net if held.net and share is not None else None
        verdict = "" if share is None else ("缺资本" if limit is None else ("超限" if amount > limit else "未超"))
        rows.append((name, len(some), amount, amount / total if total else None, of, share, verdict))
    rate = new[0] / new[1] if new[1] else None
    rows.append((f"近 {rules.new_months} 个月新放给前 {rules.top} 户", rules.top, new[0], rate, None, None, ""))
    return pd.DataFrame(rows, columns=[column.key for column in _MEASURES])


def _said(row: object) -> str:
    name, amount, share = (getattr(row, key) for key in ("measure", "loan_balance", "share"))
    of, limit, verdict = (getattr(row, key) for key in ("of_capital", "limit", "verdict"))
    base = "占同期新放" if name.startswith("近") else "占全部贷款"
    said = f"{name}  {in_yuan(amount):,.2f} 元，{base} {share or 0:.2%}"
    return said + (f"，占资本净额 {of:.2%}（上限 {limit:.0%}，{verdict}）" if of is not None and of == of else "")


_NAMES = (
    ListColumn("customer_name", private="name", width=20),
    ListColumn("customer_type", codes=terms.CUSTOMER_TYPES),
)
_OF = (
    ListColumn("of_tier1", "rate", "暴露占一级资本", width=10),
    ListColumn("verdict", label="结论", width=14),
)
_MEASURES = (
    declared("measure", called="item", width=26),
    ListColumn("customers", "count", "户数"),
    ListColumn("loan_balance", "yuan"),
    ListColumn("share", "rate", "占全部（新放）", width=15),
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
                ListColumn("customer_id", "id", width=14),
                *_NAMES,
                ListColumn("branch_name", width=14),
                ListColumn("manager_name"),
                ListColumn("loan_balance", "yuan", total=True, width=16),
                ListColumn(
                    "exposure", "yuan", "风险暴露", total=True, width=16, meaning="贷款 + 表外 + 未用额度 − 保证金"
                ),
                ListColumn("share", "rate", "占全部贷款"),
                ListColumn("of_capital", "rate", "贷款占资本净额", width=10),
                *_OF,
                ListColumn("large", label="大额暴露"),
                ListColumn(
                    "room",
                    "yuan",
                    "还能放",
                    width=16,
                    meaning="单户贷款、单户风险暴露，有关联组的还有该组授信、该组风险暴露，几条上限里最紧的那条还剩多少",
                ),
                ListColumn("off_balance", "yuan", "表外", printed=False),
                ListColumn("unused", "yuan", "未用额度", printed=False),
                ListColumn("margin", "yuan", terms.label("margin", "exposures"), printed=False),
                ListColumn("bonds", label="关联", printed=False),
                ListColumn("group_id", "id", "关联组", printed=False),
                ListColumn("branches", "count", "机构数", printed=False),
                ListColumn(
                    "handled_by",
                    "id",
                    "表外管户（不同的）",
                    printed=False,
                    meaning="《授信与表外》写的管户经理，和这户的管户经理不是一个人的；只供核对，管户、业绩照客户的",
                ),
            ),
            chart=Chart("bar", "customer_name", ("share",)),
        ),
        StudyList(
            "concentration_groups",
            "集中度关联组",
            (
                ListColumn("group_id", "id", "关联组", width=14),
                *_NAMES,
                ListColumn("bonds", label="关联", width=14),
                ListColumn("customers", "count", "户数"),
                ListColumn("loan_balance", "yuan", width=16),
                ListColumn("exposure", "yuan", "风险暴露", width=16),
                ListColumn(
                    "of_capital",
                    "rate",
                    "授信占资本净额",
                    width=10,
                    meaning="一组的授信 = 贷款 + 表外 + 未用额度 − 保证金，和风险暴露是同一个数",
                ),
                *_OF,
            ),
        ),
        StudyList("concentration_measures", "集中度指标", _MEASURES),
    ),
    {
        "capital": "占资本净额、上限按办法 [institution] 写的资本净额；办法也没有写的，占比、上限、超限都空着。",
        "exposures": "风险暴露仅按贷款余额，不含表外和未用额度。",
        "groups": "关联客户只按客户信息里的集团号。",
        "guarantees": "没有并担保圈。",
    },
    (
        ("风险暴露", "贷款余额 + 表外业务 + 未用额度 − 保证金（抵到本笔业务为止）；核销的不算。"),
        ("关联组", "集团号、《关联客户》和互相担保连成的一片，两户以上；以其中最小的客户号为号，最大的一户为名。"),
        (
            terms.label("net_capital"),
            "《资本》里不晚于数据日的最近一期；没有这张表就用办法 [institution] 的 net_capital、tier1_capital。",
        ),
        ("HHI", "各户占全部贷款份额的平方和 × 10,000。"),
    ),
    Rules,
    (Option("what_if", "客户=金额", "先算再放：给这户再放多少会怎样，如 810000000012=500万", many=True),),
    ("kehujingli concentration", "kehujingli concentration --what-if 810000000012=500万"),
)
