"""档案：每户的档案齐不齐、多久没更新？财务、生产、销售、管理资源、行业市场和农户家庭，按类别、客户、客户经理，缺哪项逐条列出。"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pydantic import Field

from kehujingli import terms
from kehujingli.errors import Finding, finding, problem
from kehujingli.periods import Period
from kehujingli.rules.schemes import Positive
from kehujingli.rules.shapes.base import Strict
from kehujingli.studies.customers.card import CARD, WAY, card
from kehujingli.studies.customers.filed import (
    FIVE,
    OF_BUSINESS,
    OF_PERSONS,
    STATES,
    Wanted,
    filed,
    judged,
    unasked,
    wanted,
)
from kehujingli.studies.study import Answer, Chart, Option, Study, StudyList
from kehujingli.terms.column import ListColumn, declared

if TYPE_CHECKING:
    import pandas as pd

_FEW = 5
_TOLD = ("stale", "torn", "missing")


class Rules(Strict):
    """档案。"""

    months: Positive = Field(12, description="采集日期在最近几个月内的才算有,更早的算过期")
    scales: tuple[str, ...] = Field(("large", "medium"), description="哪几档规模的户要建档:large、medium、small")
    borrowers: bool = Field(True, description="有贷款的户是否都要建档")
    required: tuple[Wanted, ...] = Field(
        (*OF_BUSINESS, OF_PERSONS), min_length=1, description="各类别要哪些项目,哪些客户类型要"
    )


def profile(
    classes: pd.DataFrame,
    profile: pd.DataFrame,
    household: pd.DataFrame | None = None,
    closed_customers: pd.DataFrame | None = None,
    *,
    period: Period,
    rules: Rules,
    customer: Sequence[str] = (),
) -> Answer:
    """All as a month keeps them; days since 1970. ``customer``: whose card is wanted. Raises ``option.bad``."""
    gone = set() if closed_customers is None else set(closed_customers["customer_id"].dropna())
    found = filed(profile, household, {*classes["customer_id"], *gone}, period)
    people = _asked(classes, rules)
    rows = judged(wanted(people, rules.required), found.items, period, rules.months).merge(
        people.drop(columns="customer_type"), on="customer_id"
    )
    frames = {
        "profile_kinds": _summed(rows, ["profile_kind", "customer_type"], ["place", "customer_type"]),
        "profile_managers": _summed(rows, ["branch_id", "branch_name", "holder_id", "manager_name"]),
        "profile_customers": _of_customers(rows),
        "profile_missing": _missing(rows),
        "profile_items": _contents(found.items, classes),
        "profile_card": card(_one(classes, customer), found.items, rows, period),
    }
    return Answer(frames, _lines(rows, people, len(classes)), [*found.findings, *_unasked(found.items, rules)])


def to_fill(
    classes: pd.DataFrame,
    profile: pd.DataFrame | None,
    household: pd.DataFrame | None,
    *,
    period: Period,
    rules: Rules,
) -> pd.DataFrame:
    """What is wanted and not filed, or no longer: rows of 档案缺项, also where nothing has been filed yet."""
    import pandas as pd

    none = pd.DataFrame(columns=["customer_id", "profile_kind", "profile_item", "content"])
    found = filed(none if profile is None else profile, household, set(classes["customer_id"]), period)
    people = _asked(classes, rules)
    rows = judged(wanted(people, rules.required), found.items, period, rules.months)
    return _missing(rows.merge(people.drop(columns="customer_type"), on="customer_id"))


def _asked(classes: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """Of whom a file is wanted."""
    large = classes["scale"].isin(rules.scales)
    lent = (classes["loan_balance"].fillna(0) > 0) & rules.borrowers
    who = ["customer_id", "customer_name", "customer_type", "group", "branch_id", "branch_name", "holder_id"]
    return classes.loc[large | lent, [*who, "manager_name"]]


def _unasked(items: pd.DataFrame, rules: Rules) -> list[Finding]:
    strange = unasked(items, rules.required)
    if not strange:
        return []
    shown = "、".join(strange[:_FEW]) + (" 等" if len(strange) > _FEW else "")
    return [finding("study.profile-unasked", count=len(strange), who=shown)]


def _summed(rows: pd.DataFrame, by: list[str], order: list[str] | None = None) -> pd.DataFrame:
    """One row a group: customers, those with all of it, items wanted, by state, completeness and the mean age of what is filed."""
    flags = {state: (rows["state"] == state).astype("int64") for state in STATES}
    made = rows.assign(**flags, items=1, lacks=(rows["state"] != "filled").astype("int64"))
    person = made.groupby([*by, "customer_id"], dropna=False, sort=False)["lacks"].sum().reset_index()
    whole = person.assign(whole=(person["lacks"] == 0).astype("int64")).groupby(by, dropna=False, sort=False)
    summed = made.groupby(by, dropna=False, sort=False).agg(
        **{key: (key, "sum") for key in ("items", *STATES)}, age=("age", "mean"), place=("place", "min")
    )
    people = whole.agg(customers=("customer_id", "size"), whole=("whole", "sum"))
    summed = summed.join(people).reset_index().sort_values(order or by, kind="stable", ignore_index=True)
    return summed.assign(completeness=summed["filled"] / summed["items"])


def _of_customers(rows: pd.DataFrame) -> pd.DataFrame:
    """One row a customer, those who lack most first."""
    by = ["customer_id", "customer_name", "customer_type", "group", "branch_name", "holder_id", "manager_name"]
    flags = {state: (rows["state"] == state).astype("int64") for state in STATES}
    summed = (
        rows.assign(**flags, items=1)
        .groupby(by, dropna=False, sort=False)
        .agg(
            **{key: (key, "sum") for key in ("items", *STATES)}, newest_on=("as_of", "max"), oldest_on=("as_of", "min")
        )
        .reset_index()
    )
    summed = summed.assign(completeness=summed["filled"] / summed["items"])
    return summed.sort_values(["completeness", "customer_id"], kind="stable", ignore_index=True)


def _missing(rows: pd.DataFrame) -> pd.DataFrame:
    told = rows[rows["state"].isin(_TOLD)]
    order = ["branch_id", "holder_id", "customer_id", "place", "profile_item"]
    return told.sort_values(order, kind="stable", ignore_index=True)


def _contents(items: pd.DataFrame, classes: pd.DataFrame) -> pd.DataFrame:
    who = classes[["customer_id", "customer_name", "customer_type", "branch_name"]]
    rows = items.assign(older=items["versions"] - 1).merge(who, on="customer_id", how="left")
    return rows.sort_values(["customer_id", "profile_kind", "profile_item"], kind="stable", ignore_index=True)


def _one(classes: pd.DataFrame, customer: Sequence[str]) -> pd.DataFrame:
    """The customers whose cards are wanted, by number or by whole name. Raises ``option.bad``."""
    found = classes[classes["customer_id"].isin(list(customer)) | classes["customer_name"].isin(list(customer))]
    for said in customer:
        ours = (found["customer_id"] == said) | (found["customer_name"] == said)
        if not ours.any():
            cure = "请写客户信息里的客户号，或全名；找客户用 kehujingli find。"
            raise problem("option.bad", option="--customer", value=said, detail="没有这个客户", cure=cure)
        if int(ours.sum()) > 1:
            cure = f"请写客户号：{'、'.join(found.loc[ours, 'customer_id'][:_FEW])}。"
            raise problem("option.bad", option="--customer", value=said, detail="有几个客户叫这个名字", cure=cure)
    return found


def _lines(rows: pd.DataFrame, people: pd.DataFrame, every: int) -> list[str]:
    if rows.empty:
        return [f"{every:,} 户里没有要建档的"]
    count = {state: int((rows["state"] == state).sum()) for state in STATES}
    lacks = rows.loc[rows["state"] != "filled", "customer_id"].nunique()
    asked = rows["customer_id"].nunique()
    spare = len(people) - asked
    lines = [
        f"要建档 {asked:,} 户，齐全 {asked - lacks:,} 户；要 {len(rows):,} 项，"
        f"有 {count['filled']:,} 项（{count['filled'] / len(rows):.2%}），过期 {count['stale']:,}，"
        f"说法不一 {count['torn']:,}，缺 {count['missing']:,}"
    ]
    if spare:
        lines.append(f"另有 {spare:,} 户规模、贷款够得上，办法没有写这种客户要什么档案")
    share = (rows["state"] == "filled").groupby(rows["profile_kind"], sort=False).mean().sort_values(kind="stable")
    lines.append(f"最不齐的是{share.index[0]}，{share.iloc[0]:.2%}")
    return lines


_STATED = (
    ListColumn("items", "count", "要几项", total=True),
    ListColumn("filled", "count", STATES["filled"], total=True),
    ListColumn("stale", "count", STATES["stale"], total=True),
    ListColumn("torn", "count", STATES["torn"], total=True, meaning="同一天采集的几行内容不同，不算有"),
    ListColumn("missing", "count", STATES["missing"], total=True),
    ListColumn("completeness", "rate", "完整度", meaning="有 ÷ 要几项；过期、说法不一的不算有"),
)
_WHOLE = (
    ListColumn("customers", "count", "要建档户数"),
    ListColumn("whole", "count", "齐全户数", meaning="要的项目都有、都没过期"),
)
_AGE = ListColumn("age", "number", "平均几天前采集", meaning="已采集的各项，到期末的天数")
_NAMED = (
    ListColumn("customer_id", "id"),
    ListColumn("customer_name", private="name"),
    ListColumn("customer_type", codes=terms.CUSTOMER_TYPES),
)
_MANAGER = (ListColumn("holder_id", "id"), ListColumn("manager_name", label=terms.label("name", "managers")))
_ITEM = (
    ListColumn("profile_kind", label=terms.label("profile_kind"), width=10),
    ListColumn("profile_item", label=terms.label("profile_item"), width=14),
)
_CONTENT = (
    ListColumn("content", label=terms.label("content"), private="numbers", width=24),
    ListColumn("content_unit", label=terms.label("content_unit")),
    ListColumn("as_of", "date", terms.label("as_of", "profile"), width=12),
    ListColumn("collected_by", label=terms.label("collected_by")),
)
STUDY = Study(
    profile,
    (
        StudyList(
            "profile_kinds",
            "档案按类别",
            (
                _ITEM[0],
                ListColumn("customer_type", codes=terms.CUSTOMER_TYPES),
                *_WHOLE,
                *_STATED,
                _AGE,
            ),
            unit="项",
            chart=Chart("bar", "profile_kind", ("completeness",)),
            nothing="没有要建档的户。",
        ),
        StudyList(
            "profile_managers",
            "档案客户经理",
            (
                ListColumn("branch_id", "id", printed=False),
                ListColumn("branch_name"),
                *_MANAGER,
                *_WHOLE,
                *_STATED,
                _AGE,
            ),
            unit="项",
            nothing="没有要建档的户。",
        ),
        StudyList(
            "profile_customers",
            "档案客户",
            (
                *_NAMED,
                declared("group", width=18),
                ListColumn("branch_name"),
                *_MANAGER,
                *_STATED,
                ListColumn("newest_on", "date", "最近采集"),
                ListColumn("oldest_on", "date", "最早采集", meaning="现用的各项里最早的一项"),
            ),
            unit="项",
            nothing="没有要建档的户。",
        ),
        StudyList(
            "profile_missing",
            "档案缺项",
            (
                ListColumn("branch_name"),
                *_MANAGER,
                *_NAMED,
                *_ITEM,
                ListColumn("state", label="怎样", codes=STATES),
                *_CONTENT,
            ),
            unit="",
            nothing="要的项目都有。",
        ),
        StudyList(
            "profile_items",
            "档案内容",
            (
                *_NAMED,
                ListColumn("branch_name"),
                *_ITEM,
                *_CONTENT,
                ListColumn("evidence", label=terms.label("evidence"), width=16),
                ListColumn("older", "count", "另有几次旧的", meaning="更早采集的，原表里照旧"),
            ),
            unit="",
            nothing="没有采集到档案。",
        ),
        StudyList(
            "profile_card",
            "档案卡",
            CARD,
            chart=Chart("column", "label", ("amount",), rows=len(WAY)),
            nothing="没有选客户。要看一户的档案卡：kehujingli profile --customer 客户号。",
        ),
    ),
    without={"household": "家庭只看客户档案里写的。", "closed_customers": ""},
    definitions=(
        (
            "要建档的户",
            "办法 scales 那几档规模的，和（borrowers）有贷款的；要哪些项目按办法 required 里这种客户类型的。",
        ),
        ("五类", f"{'、'.join(kind for kind, _ in FIVE)}；农户看家庭。各行自己的项目写在办法里。"),
        ("新旧", "同一项目几次采集的，采集日期最近的作数，旧的留着，数出有几次；期末以后采集的本期不算。"),
        ("说法不一", "同一项目同一天采集的内容不同，不知道哪个对，不算有。"),
        ("农户家庭", "写了家庭成员的，家庭·家庭成员算有；写了是否劳动力的，家庭·劳动力算有，内容是劳动力人数。"),
    ),
    rules=Rules,
    options=(Option("customer", "客户", "档案卡上写谁：客户号或全名，可写几个", many=True),),
    examples=("kehujingli profile", "kehujingli profile --customer 810000000012 -o 档案.xlsx"),
)
