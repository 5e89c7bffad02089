"""How did the month go, on one page? Ten figures, the three biggest changes, and what only the leader can decide.

Pure: the month's results and those of earlier periods in, sentences made of numbers out. Money is 分; what cannot be had is named, never zero.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from kehujingli import terms
from kehujingli.lists.branches import county_ratios
from kehujingli.lists.main import masked
from kehujingli.lists.moved import moved
from kehujingli.tables.frames import on_book
from kehujingli.values import missing

if TYPE_CHECKING:
    import pandas as pd

    from kehujingli.actuals import Actuals
    from kehujingli.assign import Plan
    from kehujingli.errors import Finding
    from kehujingli.incentive import Scores

_WAN = 1_000_000
_BEST = ("large", "medium")


@dataclass(frozen=True)
class Figure:
    """One of the ten. ``value``: 分 for wan, a fraction for rate; nothing where ``lacks`` says what is wanting."""

    key: str
    label: str
    unit: str
    look: Literal["count", "rate", "wan", "points"]
    value: float | None
    note: str = ""
    lacks: str = ""


@dataclass(frozen=True)
class Change:
    """One of the three: whose, how much, why."""

    who: str
    amount: str
    cause: str


@dataclass(frozen=True)
class Decision:
    """What somebody must decide, and who."""

    text: str
    by: str


@dataclass(frozen=True)
class Results:
    """What a month came to, as far as its page asks. ``tables``: names of the tables that the exports held."""

    classes: pd.DataFrame
    everyone: pd.DataFrame
    """``classes`` with those who have closed everything and are in no class: what money is summed over."""
    causes: pd.Series | None
    loans: pd.DataFrame
    holders: Mapping[str, str]
    plan: Plan
    scores: Scores | None
    actuals: Actuals | None
    tables: frozenset[str]


def figures(month: Results) -> list[Figure]:
    """The ten figures of the month, in order."""
    classes = month.classes
    whole = len(classes)
    frequency, scale = classes["frequency"].value_counts(), classes["scale"].value_counts()
    changes = classes["change"].value_counts()
    ratios = county_ratios(month.everyone, month.loans)
    best = int(scale.get("large", 0) + scale.get("medium", 0))
    amounts = classes["scale_amount"].fillna(0).astype("int64")
    rich = int(amounts[classes["scale"].isin(_BEST)].sum()) / max(int(amounts.sum()), 1)
    known = int(changes.sum()) > 0
    told = moved(classes, month.causes)
    return [
        Figure(
            "customers",
            "客户总数",
            "户",
            "count",
            whole,
            f"新客户 {told.of('new'):,} 户，转休眠 {told.of('asleep'):,} 户，{told.woken}{told.arrived}"
            if known
            else "没有上期结果，不列新增",
        ),
        Figure(
            "frequent_share",
            "经常联系户占比",
            "%",
            "rate",
            ratios["frequent_share"],
            "，".join(f"{label} {int(frequency.get(key, 0)):,} 户" for key, label in terms.FREQUENCIES.items()),
        ),
        Figure(
            "best",
            "大中型客户数",
            "户",
            "count",
            best,
            f"大型 {int(scale.get('large', 0)):,} 户，中等 {int(scale.get('medium', 0)):,} 户，占业务规模 {rich:.1%}",
        ),
        _deposits(month.everyone),
        _interest(ratios),
        *_loans(month, ratios["npl_ratio"]),
        _coverage(month, best),
        _visits(month),
        _scores(month.scores),
    ]


def _or_lacks(key: str, label: str, value: float | None, lacks: str, note: str) -> Figure:
    return Figure(key, label, "%", "rate", value, note if value is not None else "", "" if value is not None else lacks)


def _interest(ratios: Mapping[str, float | None]) -> Figure:
    """付息率, and what interest the balances of the last day bear: another figure."""
    paid = ratios["interest_cost"]
    beside = [
        f"{said} {value:.2%}"
        for key, said in (
            ("deposit_cost", terms.label("deposit_cost", "branch_sums")),
            ("demand_share", terms.label("demand_share", "branch_sums")),
        )
        if (value := ratios[key]) is not None
    ]
    lacks = "" if paid is not None else "近12个月含结息的流水"
    label = f"存款{terms.label('interest_cost', 'branch_sums')}"
    return Figure("interest_cost", label, "%", "rate", paid, "，".join(beside), lacks)


def _deposits(everyone: pd.DataFrame) -> Figure:
    label = f"存款{terms.said('average_deposit_year')}"
    known = everyone["average_deposit_year"].dropna()
    if known.empty:
        return Figure("deposits", label, "万元", "wan", None, lacks="存款账户")
    both = everyone[everyone["average_deposit_year"].notna() & everyone["average_deposit_last_year"].notna()]
    growth = int((both["average_deposit_year"] - both["average_deposit_last_year"]).sum())
    full = int(everyone["average_deposit_year_full"].dropna().sum())
    note = f"较上年日均 {_signed(growth)} 万元" if len(both) else "没有上年日均"
    return Figure(
        "deposits",
        label,
        "万元",
        "wan",
        int(known.sum()),
        f"{note}；{terms.FULL} {full / _WAN:,.2f} 万元，未乘折算系数",
    )


def _loans(month: Results, npl: float | None) -> list[Figure]:
    if "loans" not in month.tables:
        return [
            Figure("loans", terms.label("loan_balance"), "万元", "wan", None, lacks="贷款台账"),
            Figure("npl", terms.label("npl_ratio", "branch_sums"), "%", "rate", None, lacks="贷款台账"),
        ]
    book = on_book(month.loans)
    balance, borrowers = (
        int(book["balance"].fillna(0).sum()),
        int(book.loc[book["balance"] > 0, "customer_id"].nunique()),
    )
    note = f"贷款户数 {borrowers:,} 户" + (f"，户均 {balance / borrowers / _WAN:,.2f} 万元" if borrowers else "")
    named = book[book["responsible_id"].notna()]
    bad = int(named.loc[named["five_class"].isin(terms.NPL_CLASSES), "balance"].sum())
    lent = int(named["balance"].fillna(0).sum())
    responsible = (
        f"责任口径（有责任人的 {len(named):,} 笔）{bad / lent:.2%}" if lent else "责任口径缺：需贷款台账的责任人列"
    )
    return [
        Figure("loans", terms.label("loan_balance"), "万元", "wan", balance, note),
        _or_lacks("npl", terms.label("npl_ratio", "branch_sums"), npl, "贷款余额和五级分类", responsible),
    ]


def _coverage(month: Results, best: int) -> Figure:
    chosen = month.classes[month.classes["scale"].isin(_BEST)]
    covered = int(chosen["customer_id"].isin(list(month.holders)).sum())
    placed = month.plan.customers
    planned = int(chosen["customer_id"].isin(placed.loc[placed["assigned_manager"].notna(), "customer_id"]).sum())
    note = f"没有客户经理的 {best - covered:,} 户；方案作数后 {planned / best:.2%}" if best else ""
    return _or_lacks("coverage", "优质客户管户覆盖率", covered / best if best else None, "大中型客户", note)


def _visits(month: Results) -> Figure:
    """Visits done of those planned; where nobody records visits, loans collected of those due."""
    found = month.actuals.contributions if month.actuals is not None else None
    if found is not None:
        visits = found[found["actual"] == "visits_done_ratio"]
        visits = visits[visits["span"] == visits["span"].min()] if len(visits) else visits
        planned, done = int(visits["denominator"].sum()), int(visits["numerator"].sum())
        if planned:
            return Figure(
                "visits", "走访计划完成率", "%", "rate", done / planned, f"应访 {planned:,} 户，已访 {done:,} 户"
            )
    due, collected = (int(month.loans[column].fillna(0).sum()) for column in ("due_principal", "due_collected"))
    if due:
        return Figure(
            "due_collected",
            "到期贷款收回率",
            "%",
            "rate",
            collected / due,
            f"到期 {due / _WAN:,.2f} 万元，收回 {collected / _WAN:,.2f} 万元",
        )
    return Figure("visits", "走访计划完成率", "%", "rate", None, lacks="走访记录")


def _scores(scores: Scores | None) -> Figure:
    people = {manager.manager_id: manager for manager in reversed(scores.managers)} if scores else {}
    scored = sorted((m for m in people.values() if m.score is not None), key=lambda m: (-(m.score or 0), m.manager_id))
    if not scored:
        return Figure("score", "考核平均分", "分", "points", None, lacks="计分的人" if scores else "考核办法")
    points = [manager.score for manager in scored if manager.score is not None]
    best = scored[0]
    note = f"最高 {points[0]}（{best.manager_id} {best.name}），最低 {points[-1]}，相差 {points[0] - points[-1]}；未计分 {len(people) - len(scored)} 人"
    return Figure("score", "考核平均分", "分", "points", float(sum(points, Decimal(0)) / len(points)), note)


def _signed(cents: int) -> str:
    return f"{'+' if cents > 0 else '−' if cents < 0 else ''}{abs(cents) / _WAN:,.2f}"


def biggest_changes(
    month: Results,
    previous: pd.DataFrame | None,
    names: Mapping[str, str],
    scores: pd.DataFrame | None,
    items: pd.DataFrame | None,
    before: str,
) -> list[Change]:
    """The branch whose deposits, the branch whose loans and the manager whose score moved most since ``before``; what was not run is said."""
    lacking = f"缺：需 {before} 的结果"
    moved = [
        _branch_change(month.classes, previous, column, label, names) if previous is not None else None
        for column, label in (
            ("average_deposit", f"存款{terms.said('average_deposit')}"),
            ("average_loan", terms.label("average_loan")),
        )
    ]
    told = [
        change or Change(label, "—", lacking if previous is None else "没有变化")
        for change, label in zip(moved, ("机构存款", "机构贷款"), strict=True)
    ]
    return [*told, _score_change(month.scores, scores, items) or Change("客户经理得分", "—", lacking)]


def _branch_change(
    classes: pd.DataFrame, previous: pd.DataFrame, column: str, label: str, names: Mapping[str, str]
) -> Change | None:
    both = classes[["customer_id", "name", "customer_type", "branch_id", column]].merge(
        previous[["customer_id", "branch_id", column]], on="customer_id", how="outer", suffixes=("", "_before")
    )
    both["difference"] = (both[column].fillna(0) - both[f"{column}_before"].fillna(0)).astype("int64")
    both["branch_id"] = both["branch_id"].fillna(both["branch_id_before"]).fillna("")
    sums = both.groupby("branch_id")["difference"].sum()
    if not len(sums) or not (sums != 0).any():
        return None
    branch = sums.abs().sort_values(ascending=False, kind="stable").index[0]
    total = int(sums[branch])
    here = both[both["branch_id"] == branch]
    up, down = int((here["difference"] > 0).sum()), int((here["difference"] < 0).sum())
    same = here[here["difference"] > 0] if total > 0 else here[here["difference"] < 0]
    worst = (
        same.assign(size=same["difference"].abs()).sort_values(["size", "customer_id"], ascending=[False, True]).head(1)
    )
    shown = masked(worst.rename(columns={"name": "customer_name"})).iloc[0]
    who = "" if missing(shown["customer_name"]) else f"{shown['customer_name']} "
    cause = f"{up:,} 户增、{down:,} 户减；最大一户 {who}{shown['customer_id']} {_signed(int(shown['difference']))} 万元"
    return Change(f"{branch} {names.get(branch, '')}".strip(), f"{label} {_signed(total)} 万元", cause)


def _score_change(scores: Scores | None, before: pd.DataFrame | None, items: pd.DataFrame | None) -> Change | None:
    if scores is None or before is None:
        return None
    known = before[before["score"].notna()]
    old = {str(who): Decimal(str(score)) for who, score in zip(known["manager_id"], known["score"], strict=True)}
    moved = [(m.score - old[m.manager_id], m) for m in scores.scored if m.score is not None and m.manager_id in old]
    if not moved:
        return None
    change, manager = max(moved, key=lambda pair: (abs(pair[0]), pair[1].manager_id))
    cause = f"由 {old[manager.manager_id]} 到 {manager.score}"
    points: dict[str, Decimal] = {}
    if items is not None:
        mine = items[(items["manager_id"] == manager.manager_id) & items["item_points"].notna()]
        points = {
            str(item): Decimal(str(value)) for item, value in zip(mine["item_id"], mine["item_points"], strict=True)
        }
    gaps = [
        (item.points - points[item.item.id], item.item.label)
        for item in manager.items
        if item.points is not None and item.item.id in points
    ]
    if gaps:
        gap, label = max(gaps, key=lambda pair: abs(pair[0]))
        cause += f"，主要是“{label}”{gap:+} 分"
    return Change(f"{manager.manager_id} {manager.name}".strip(), f"得分 {change:+}", cause)


def decisions(month: Results, findings: Sequence[Finding], approver: str) -> list[Decision]:
    """What waits for the leader: borrowers without a manager, moves to approve, customers beyond authority, capped managers, rules' hints."""
    placed, leader = month.plan.customers, approver or "分管主任"
    lost = placed[placed["move"] == "unassigned"]
    found = []
    if lost["borrower"].any():
        ids = lost.loc[lost["borrower"], "customer_id"]
        cents = int(month.classes.loc[month.classes["customer_id"].isin(ids), "loan_balance"].fillna(0).sum())
        found.append(
            Decision(
                f"{len(ids):,} 户贷款客户没有客户经理，贷款 {cents / _WAN:,.2f} 万元，须当日指定（管户分配.xlsx 未分配）",
                f"{leader}、所在机构负责人",
            )
        )
    weak = int((lost["missing"] == "authority").sum())
    if weak:
        found.append(Decision(f"{weak:,} 户贷款超过在岗客户经理的授信权限，提授权还是上收", leader))
    avoided = int((lost["missing"] == "conflict").sum())
    if avoided:
        found.append(Decision(f"{avoided:,} 户的在岗客户经理都须回避，由谁管", leader))
    lineless = int((lost["missing"] == "specialism").sum())
    if lineless:
        found.append(Decision(f"{lineless:,} 户没有本条线的客户经理，由谁管", leader))
    short = lost[(lost["missing"] == "capacity")]
    if len(short):
        found.append(
            Decision(
                f"容量不够，{len(short):,} 户未配（{float(short['load'].sum()):,.0f} 折算户），增配人员还是提高上限",
                leader,
            )
        )
    cheaper = int((lost["missing"] == "cost").sum())
    if cheaper:
        found.append(
            Decision(f"{cheaper:,} 户有人管得下，按办法的代价未配（assign.cost 的 unassigned），是否照此办理", leader)
        )
    moved = int((placed["move"] == "moved").sum())
    if moved:
        found.append(Decision(f"{moved:,} 户拟调整管户经理，逐户填“同意”后作数（管户分配.xlsx 变动审批）", leader))
    found += _of_scores(month.scores, leader)
    for told in findings:
        if told.code == "loan.class-too-good":
            found.append(Decision(f"{told.count:,} 笔贷款逾期天数与五级分类不符，是否下调分类", "风险部"))
        elif told.code.startswith("rules.") and told.level == "warning":
            found.append(Decision(f"办法：{told.message}", leader))
    return found


def _of_scores(scores: Scores | None, leader: str) -> list[Decision]:
    if scores is None:
        return []
    capped = {m.manager_id: m for m in scores.scored if m.gates}
    withheld = {m.manager_id: m for m in scores.withheld}
    found = []
    if capped:
        people = "、".join(f"{m.manager_id} {m.name}（{'；'.join(m.gates)}）" for m in list(capped.values())[:3])
        found.append(
            Decision(f"{len(capped)} 名客户经理封顶或否决：{people}{'等' if len(capped) > 3 else ''}，是否认定", leader)
        )
    if withheld:
        people = "、".join(f"{m.manager_id} {m.name}".strip() for m in list(withheld.values())[:5])
        found.append(
            Decision(
                f"{len(withheld)} 人未计分：{people}{'等' if len(withheld) > 5 else ''}，补任务数或实绩后重跑", leader
            )
        )
    return found


def figure_frame(found: Sequence[Figure]) -> pd.DataFrame:
    """As a later month reads them: key, value (text), what was lacking, the sentence beside it."""
    import pandas as pd

    rows: list[dict[str, Any]] = [
        {
            "key": figure.key,
            "label": figure.label,
            "value": None if figure.value is None else repr(figure.value),
            "lacks": figure.lacks,
            "note": figure.note,
        }
        for figure in found
    ]
    return pd.DataFrame(rows, columns=["key", "label", "value", "lacks", "note"])
