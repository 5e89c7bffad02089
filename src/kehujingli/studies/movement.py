"""迁徙：谁从哪一类到了哪一类，为什么？九类对九类的户数和金额，期初到期末的平衡，原因分开。"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from kehujingli import terms
from kehujingli.errors import Finding, finding
from kehujingli.periods import Period
from kehujingli.rules.shapes.base import Strict
from kehujingli.studies.classes.moves import ARRIVED
from kehujingli.studies.classes.steps import Thresholds, steps_between
from kehujingli.studies.study import Answer, Heat, Study, StudyList
from kehujingli.terms.column import ListColumn, declared
from kehujingli.terms.made import ListKind
from kehujingli.values import in_yuan

if TYPE_CHECKING:
    import pandas as pd

Share = Annotated[Decimal, Field(gt=0, le=1)]


class Rules(Strict):
    """迁徙。两期之间谁换了户群;和哪个月比用 --since。"""

    gone: Share = Field(Decimal("0.10"), description="一家机构不在本期的户占期初多少以上就要核对,像是没导全")
    late: Share = Field(Decimal("0.20"), description="数据补到占变动户多少以上就要说")


def movement(
    previous: pd.DataFrame,
    classes: pd.DataFrame,
    holdings: pd.DataFrame | None = None,
    loans: pd.DataFrame | None = None,
    merges: pd.DataFrame | None = None,
    closed_customers: pd.DataFrame | None = None,
    *,
    period: Period,
    before: Period,
    thresholds: Thresholds,
    rules: Rules,
) -> Answer:
    """``previous``, ``classes``: as the months ``before`` and ``period`` keep them, money in 分; ``merges``: numbers that are another's by now;
    ``closed_customers``: whom the customer file of ``period`` calls closed, in no class."""
    steps = steps_between(previous, classes, holdings, loans, merges, thresholds, (before, period), closed_customers)
    moved = steps[steps["step"].notna()]
    frames = {
        "movement": _matrix(steps, None),
        "movement_before": _matrix(steps, "scale_amount_before"),
        "movement_after": _matrix(steps, "scale_amount_now"),
        "movement_balance": _balances(steps, amounts=False),
        "movement_amounts": _balances(steps, amounts=True),
        "movement_causes": _causes(moved),
        "movement_customers": _people(moved),
    }
    lines = [*_lines(steps, frames, before, period), *_closings(steps, closed_customers)]
    return Answer(frames, lines, _findings(steps, moved, rules))


def _cell(group: pd.Series) -> pd.Series:
    """frequent/large as a column's key."""
    return group.str.replace("/", "_")


def _matrix(steps: pd.DataFrame, amount: str | None) -> pd.DataFrame:
    """Rows: the group before, or that she was not there; columns: the group now, or that she is not there; customers, or ``amount`` in 分."""
    rows = [*terms.GROUPS, "new"]
    columns = list(_HEAT.columns)
    keyed = steps.assign(
        previous_group=steps["group_before"].fillna("new"), to=_cell(steps["group_now"]).fillna("gone")
    )
    by = keyed.groupby(["previous_group", "to"])
    sums = by.size() if amount is None else by[amount].sum()
    table = sums.unstack(fill_value=0).reindex(index=rows, columns=columns, fill_value=0).astype("int64")
    return table.assign(whole=table.sum(axis=1)).rename_axis("previous_group").reset_index()


def _balances(steps: pd.DataFrame, *, amounts: bool) -> pd.DataFrame:
    """期初 and 期末 of who is no 休眠户 and what lies between: for all, each branch and each 客群; customers, or ``amounts`` in 分."""
    import pandas as pd

    pairs = [steps[[f"branch_id_{end}", f"branch_name_{end}"]].set_axis(["id", "name"], axis=1) for end in _ENDS]
    branches = pd.concat(pairs).dropna().drop_duplicates("id", keep="last")
    found = []
    for by, column, said in (
        ("合计", None, {"": "全部"}),
        ("机构", "branch_id", {"": "没有机构", **dict(zip(branches["id"], branches["name"], strict=True))}),
        (terms.label("customer_group"), "customer_group", terms.CUSTOMER_GROUPS),
    ):
        table = _balance(steps, column, amounts=amounts).reset_index(names="part")
        words = [said.get(key, key) for key in table["part"]]
        found.append(table.assign(by=by, part=words))
    return pd.concat(found, ignore_index=True)


def _balance(steps: pd.DataFrame, column: str | None, *, amounts: bool) -> pd.DataFrame:
    """One row a value of ``column`` (or one for all). Who is no longer awake leaves with what she had, who is awake now comes with what she has."""
    import pandas as pd

    was, awake = (steps[f"frequency_{end}"].isin(("frequent", "mobile")) for end in _ENDS)
    then, now = (steps[f"scale_amount_{end}"] if amounts else pd.Series(1, index=steps.index) for end in _ENDS)
    nowhere = pd.Series("", index=steps.index)
    old, new = (nowhere if column is None else steps[f"{column}_{end}"].fillna("") for end in _ENDS)
    late, step, moved = steps["cause"] == ARRIVED, steps["step"], was & awake & (old != new)
    parts = {
        "opening": (then, old, was),
        "opened": (now, new, awake & (step == "new") & ~late),
        "woken": (now, new, awake & (step == "woken") & ~late),
        "asleep": (then, old, step == "asleep"),
        "closed": (then, old, was & (step == "gone")),
        "came": (then, new, moved),
        "went": (then, old, moved),
        "arrived": (now, new, awake & ~was & late),
        "merged": (then, old, was & (step == "merged")),
        "grown": (now - then, new, was & awake),
        "closing": (now, new, awake),
        "dormant": (now, new, steps["frequency_now"] == "dormant"),
        "dormant_closed": (then, old, (steps["frequency_before"] == "dormant") & (step == "gone")),
    }
    sums = {name: values[where].groupby(key[where]).sum() for name, (values, key, where) in parts.items()}
    table = pd.DataFrame(sums)
    table = (table if column is not None else table.reindex([""])).fillna(0).astype("int64").sort_index()
    return table.assign(transferred=table["came"] - table["went"], other=table["arrived"] - table["merged"])


def _causes(moved: pd.DataFrame) -> pd.DataFrame:
    """One row a step and cause that there is: customers and what they had and have, 分; together they are all that moved."""
    sums = moved.groupby(["step", "cause"], as_index=False).agg(
        customers=("customer_id", "size"),
        previous_amount=("scale_amount_before", "sum"),
        scale_amount=("scale_amount_now", "sum"),
    )
    order = sums.assign(
        step_at=sums["step"].map({key: place for place, key in enumerate(terms.STEPS)}),
        cause_at=sums["cause"].map({key: place for place, key in enumerate(terms.CAUSES)}),
    ).sort_values(["step_at", "cause_at"], ignore_index=True)
    return order.assign(difference=order["scale_amount"] - order["previous_amount"])


def _people(moved: pd.DataFrame) -> pd.DataFrame:
    """Who moved: what only arrived last, the largest difference first."""
    frame = moved.assign(
        previous_group=moved["group_before"],
        group=moved["group_now"],
        previous_amount=moved["scale_amount_before"],
        scale_amount=moved["scale_amount_now"],
        difference=moved["scale_amount_now"] - moved["scale_amount_before"],
        late=moved["cause"] == ARRIVED,
    )
    frame = frame.assign(size=frame["difference"].abs())
    order = ["late", "size", "customer_id"]
    return frame.sort_values(order, ascending=[True, False, True], kind="stable", ignore_index=True)


def _lines(steps: pd.DataFrame, frames: dict[str, pd.DataFrame], before: Period, period: Period) -> list[str]:
    there = steps["group_before"].notna() & steps["group_now"].notna()
    crossed = there & (steps["group_before"] != steps["group_now"])
    whole, amount = (frames[key].iloc[0] for key in ("movement_balance", "movement_amounts"))
    words = [
        f"{sign} {word} {whole[key]:,}"
        for key, sign, word in (
            ("opened", "+", "新开"),
            ("woken", "+", "激活"),
            ("asleep", "−", "转休眠"),
            ("closed", "−", "销户"),
        )
    ]
    if whole["other"]:
        words.append(f"{'+' if whole['other'] > 0 else '−'} 数据补到和并户 {abs(whole['other']):,}")
    causes = frames["movement_causes"]
    lines = [
        f"{before.name} 到 {period.name}：两期都在的 {int(there.sum()):,} 户里 {int(crossed.sum()):,} 户换了户群",
        f"不休眠的户  期初 {whole['opening']:,} {' '.join(words)} = 期末 {whole['closing']:,}；休眠 {whole['dormant']:,}",
        f"它们的业务规模  期初 {in_yuan(amount['opening']):,.2f} 元，期末 {in_yuan(amount['closing']):,.2f} 元",
    ]
    for step, word in terms.STEPS.items():
        own = causes[causes["step"] == step]
        if len(own):
            said = "、".join(f"{terms.CAUSES[row.cause]} {row.customers:,}" for row in own.itertuples())
            lines.append(f"{word} {int(own['customers'].sum()):,} 户（{said}）")
    return lines


def _closings(steps: pd.DataFrame, closed: pd.DataFrame | None) -> list[str]:
    """The customers whom the customer file calls closed, laid against those who left: nobody is in one and not in the other without a word."""
    if closed is None:
        return []
    left = steps[steps["cause"] == "closed"]
    slept = int((left["frequency_before"] == "dormant").sum())
    earlier = len(closed) - len(left)
    said = f"客户信息里已销户 {len(closed):,} 户：期初还在的 {len(left):,} 户（不休眠 {len(left) - slept:,}、休眠 {slept:,}）"
    return [said + (f"，期初以前销的、开了又销的 {earlier:,} 户" if earlier else "")]


def _findings(steps: pd.DataFrame, moved: pd.DataFrame, rules: Rules) -> list[Finding]:
    found = []
    was = steps[steps["group_before"].notna()]
    gone = (was["cause"] == "absent").groupby(was["branch_id_before"].fillna(""), sort=True).agg(["sum", "size"])
    named = was.assign(branch_id_before=was["branch_id_before"].fillna("")).groupby("branch_id_before")
    names = named["branch_name_before"].first()
    for branch, count, opening in gone[gone["sum"] > float(rules.gone) * gone["size"]].itertuples():
        name = names.get(branch) or branch or "没有机构的"
        found.append(finding("study.movement-gone", branch=name, opening=int(opening), gone=int(count)))
    late = int((moved["cause"] == ARRIVED).sum())
    if late > rules.late * len(moved):
        share = f"{late / len(moved):.1%}"
        found.append(finding("study.movement-late", count=len(moved), late=late, share=share))
    return found


_ENDS = ("before", "now")
_SHORT = {"frequent": "经常", "mobile": "流动", "dormant": "休眠"}
_ROW = ListColumn("previous_group", label="期初", codes={**terms.GROUPS, "new": "期初不在"}, width=20)


def _cells(kind: ListKind, whole: str) -> tuple[ListColumn, ...]:
    groups = [(f"{f}_{s}", f"{_SHORT[f]}·{terms.SCALES[s][0]}") for f in terms.FREQUENCIES for s in terms.SCALES]
    cells = [ListColumn(key, kind, label, total=True, width=9) for key, label in [*groups, ("gone", "期末不在")]]
    return (*cells, ListColumn("whole", kind, whole, total=True, width=10))


_CELLS = _cells("count", "合计")
_HEAT = Heat(tuple(column.key for column in _CELLS[:-1]), diagonal=True)


def _parts(kind: ListKind) -> tuple[ListColumn, ...]:
    told = (
        ("opening", "期初"),
        ("opened", "新开"),
        ("woken", "激活"),
        ("asleep", "转休眠"),
        ("closed", "销户"),
        ("transferred", "划转"),
        ("other", "补到并户"),
        *((("grown", "存续增减"),) if kind == "wan" else ()),
        ("closing", "期末"),
        ("dormant", "期末休眠"),
        ("dormant_closed", "休眠销户"),
    )
    head = (ListColumn("by", label="按什么", width=8), ListColumn("part", label="哪一部分", width=18))
    return (*head, *(ListColumn(key, kind, label, width=10) for key, label in told))


_AMOUNTS = (
    ListColumn("previous_amount", "yuan", "期初业务规模", width=16),
    ListColumn("scale_amount", "yuan", "期末业务规模", width=16),
    ListColumn("difference", "yuan", "期末减期初", width=16),
)
STUDY = Study(
    movement,
    (
        StudyList("movement", "迁徙", (_ROW, *_CELLS), unit="户", freeze=1, heat=_HEAT),
        StudyList("movement_before", "迁徙期初金额", (_ROW, *_cells("wan", "合计")), unit="万元", freeze=1, heat=_HEAT),
        StudyList("movement_after", "迁徙期末金额", (_ROW, *_cells("wan", "合计")), unit="万元", freeze=1, heat=_HEAT),
        StudyList("movement_balance", "迁徙户数平衡", _parts("count"), unit="户"),
        StudyList("movement_amounts", "迁徙金额平衡", _parts("wan"), unit="万元"),
        StudyList(
            "movement_causes",
            "迁徙原因",
            (
                ListColumn("step", label=terms.label("change"), codes=terms.STEPS, width=12),
                ListColumn("cause", label=terms.label("reason"), codes=terms.CAUSES, width=14),
                ListColumn("customers", "count", "户数", total=True),
                *(replace(column, total=True) for column in _AMOUNTS),
            ),
        ),
        StudyList(
            "movement_customers",
            "迁徙名单",
            (
                ListColumn("customer_id", "id", width=14),
                ListColumn("customer_name", private="name", width=20),
                ListColumn("customer_type", codes=terms.CUSTOMER_TYPES),
                ListColumn("branch_name", width=14),
                declared("previous_group", width=20),
                declared("group", width=20),
                ListColumn("step", label=terms.label("change"), codes=terms.STEPS),
                ListColumn("cause", label=terms.label("reason"), codes=terms.CAUSES, width=12),
                *_AMOUNTS,
            ),
        ),
    ),
    {
        "holdings": "本期新签约的认不出来，因此激活的户记在数据补到。",
        "loans": "本期新贷款的认不出来，因此激活的户记在数据补到。",
        "merges": "",
        "closed_customers": "",
    },
    (
        ("迁徙", "行是期初的户群，列是期末的户群，对角线是没有换的；每行加起来是期初，每列加起来是期末。"),
        ("期初金额、期末金额", "同一格里的户期初和期末的业务规模，元照分算，表上用万元；不知道的按 0。"),
        (
            "平衡",
            "不休眠的户：期初 + 新开 + 激活 − 转休眠 − 销户 + 划转 + 补到并户 = 期末；划转是换了机构或客群，全部合起来是 0；"
            "金额里离开的按期初、进来的按期末，一直在的是存续增减。",
        ),
        (
            "销户",
            "期初有、期末不在任何一类的户：客户信息的状态是已销户（没有余额和贷款），或客户信息里没有这一户，原因里分开；"
            "状态已销户而还有余额、贷款的没有走；号并到别的客户号上的是并户。平衡里的销户是期初不休眠的，休眠的另列休眠销户，两样合起来是迁徙原因的销户。",
        ),
        (
            terms.label("reason"),
            "一户一个原因：以前就有、本期才到的是数据补到，不算新开和激活；同样的数照上期办法不变的是办法变更。",
        ),
    ),
    Rules,
    examples=("kehujingli movement", "kehujingli movement --since 2026-06 -o 迁徙.xlsx"),
)
