"""授权核对：贷款和在途申请超没超授权，有没有化整为零？按人、等级、机构和担保方式，单笔和单户余额。"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import Field

from kehujingli import terms
from kehujingli.errors import Finding, finding
from kehujingli.periods import Period, day_of, month_start
from kehujingli.rules.schemes import Positive
from kehujingli.rules.shapes.base import Strict
from kehujingli.studies.risk.connected import connected
from kehujingli.studies.risk.limits import branches_on, checked, grades_of, limits_on, persons
from kehujingli.studies.risk.pending import on_the_way
from kehujingli.studies.risk.splits import SAME, place_of, splits
from kehujingli.studies.study import Answer, Crossing, Study, StudyList
from kehujingli.tables.frames import on_book, one_post
from kehujingli.terms.column import ListColumn, declared
from kehujingli.values import among, in_yuan

if TYPE_CHECKING:
    import pandas as pd

_NO = ("", "否", "无", "0", "N", "n", "正常")


class Rules(Strict):
    """授权核对。没有《授权》只按名册的授信权限对单户余额。"""

    single_months: Positive = Field(12, description="单笔和化整为零看最近几个月发放的")
    split_days: Positive = Field(30, description="几天之内的几笔合起来看是不是化整为零")
    pending_days: Positive = Field(180, description="受理多少天还没有办结的申请要核对")


def authority(
    loans: pd.DataFrame,
    classes: pd.DataFrame,
    managers: pd.DataFrame,
    authority: pd.DataFrame | None = None,
    applications: pd.DataFrame | None = None,
    groups: pd.DataFrame | None = None,
    guarantees: pd.DataFrame | None = None,
    *,
    period: Period,
    rules: Rules,
) -> Answer:
    """``loans``, ``classes``, ``managers`` as a month keeps them, the others as their tables have them; money in 分, days since 1970."""
    import pandas as pd

    managers = one_post(managers, period.last)
    entries, told = _entries(loans, applications, managers, set(classes["customer_id"]), period, rules)
    lenders = {*entries["manager_id"].dropna(), *entries["answerable"].dropna()}
    told = [*checked(authority, managers, lenders, set(classes["branch_id"].dropna()), period), *told]
    balances, unknown, lapsed = _balances(entries, managers, authority, period)
    singles = _singles(entries, managers, authority, period, rules)
    if unknown:
        told.append(finding("study.authority-none", count=unknown))
    if lapsed:
        told.append(finding("study.authority-lapsed", count=lapsed))
    over = pd.concat([balances, singles], ignore_index=True)
    people = classes[["customer_id", "customer_name", "customer_type", "branch_name"]]
    over = over.merge(people, on="customer_id", how="left").merge(_names(managers), on="manager_id", how="left")
    over = over.sort_values(
        ["over", "customer_id", "check", "manager_id"], ascending=[False, True, True, True], kind="stable"
    )
    cut = _cut(entries, classes, managers, authority, (loans, groups, guarantees), period, rules)
    cases = int(cut["case"].nunique())
    lines = [
        f"对了 {entries['customer_id'].nunique():,} 户 {len(entries):,} 笔（在途 {int(entries['pending'].sum()):,} 笔）：超授权 {len(over):,} 处 {over['customer_id'].nunique():,} 户，化整为零 {cases:,} 例",
        *([f"其中 {unknown + lapsed:,} 户期末没有客户经理的权限可对，单户余额没有核对"] if unknown + lapsed else []),
        *(
            f"{row.check}  {row.customer_id} {in_yuan(row.together):,.2f} 元，权限 {in_yuan(row.limit):,.2f} 元，超 {in_yuan(row.over):,.2f} 元（{row.basis}）"
            for row in over.head(5).itertuples()
        ),
    ]
    frames = {
        "authority": over.assign(number=range(1, len(over) + 1)),
        "authority_splits": cut.merge(people, on="customer_id", how="left").merge(
            _names(managers), on="manager_id", how="left"
        ),
        "authority_limits": _table(managers, authority, period),
    }
    return Answer(frames, lines, told, crossings=[_crossing(row) for row in over.itertuples()])


def _crossing(row: Any) -> Crossing:
    words = f"{in_yuan(row.together):,.2f} 元，权限 {in_yuan(row.limit):,.2f} 元（{row.basis}）"
    return Crossing(str(row.customer_id), f"授权{row.check}", int(row.together), words)


def _names(managers: pd.DataFrame) -> pd.DataFrame:
    return managers[["manager_id", "name"]].rename(columns={"name": "manager_name"})


def _entries(
    loans: pd.DataFrame,
    applications: pd.DataFrame | None,
    managers: pd.DataFrame,
    customers: set[str],
    period: Period,
    rules: Rules,
) -> tuple[pd.DataFrame, list[Finding]]:
    """Loans on the books with a balance, and applications on the way: entry, customer_id, manager_id (who has it), answerable (who lent it),
    branch_id, guarantee, day, owed and lent (分), pending, renewed."""
    import pandas as pd

    book = on_book(loans[loans["balance"].fillna(0) > 0])
    holder = book["manager_id"].astype("object").fillna(book["responsible_id"])
    kept = pd.DataFrame(
        {
            "entry": book["loan_id"],
            "customer_id": book["customer_id"],
            "manager_id": holder,
            "answerable": book["responsible_id"].astype("object").fillna(holder),
            "branch_id": book["branch_id"],
            "guarantee": book["guarantee"].fillna(""),
            "day": book["issued_on"],
            "owed": book["balance"],
            "lent": book["amount"].fillna(book["balance"]),
            "pending": False,
            "renewed": ~book["rollover"].fillna("").isin(_NO),
        }
    )
    if applications is None:
        return kept.reset_index(drop=True), []
    way, told = on_the_way(applications, customers, period.last, rules.pending_days)
    asked = pd.DataFrame(
        {
            "entry": way["application_id"],
            "customer_id": way["customer_id"],
            "manager_id": way["manager_id"],
            "answerable": way["manager_id"],
            "branch_id": way["branch_id"].astype("object").fillna(way["manager_id"].map(_home(managers))),
            "guarantee": way["guarantee"].fillna(""),
            "day": way["applied_on"],
            "owed": way["amount"].fillna(0),
            "lent": way["amount"].fillna(0),
            "pending": True,
            "renewed": False,
        }
    )
    return pd.concat([kept, asked], ignore_index=True), told


def _balances(
    entries: pd.DataFrame, managers: pd.DataFrame, lines: pd.DataFrame | None, period: Period
) -> tuple[pd.DataFrame, int, int]:
    """Who has more of one customer than he, or his branch, may: all that she owes and asks for counts, whoever lent it. And how many customers are
    held to no limit: there is none, or it does not hold at the end of the month."""
    import pandas as pd

    stock = (
        entries.assign(
            stock=entries["owed"].mask(entries["pending"], 0), way=entries["owed"].where(entries["pending"], 0)
        )
        .groupby(["customer_id", "guarantee"], as_index=False)
        .agg(stock=("stock", "sum"), way=("way", "sum"))
    )
    found, unknown, lapsed = [], 0, 0
    for key, check in (("manager_id", "单户余额"), ("branch_id", "机构单户余额")):
        pairs = entries[["customer_id", key]].dropna().drop_duplicates().merge(stock, on="customer_id")
        if key == "manager_id":
            cases = pairs.assign(
                grade=grades_of(pairs[key], managers), branch_id=pairs[key].map(_home(managers)), check=check
            )
            limits = limits_on(cases, persons(lines), managers, period.last)
            without = limits["total"].isna()
            bare = {*cases.loc[without & ~limits["lapsed"], "customer_id"]}
            bare |= {*entries.loc[entries[key].isna(), "customer_id"]}
            unknown = len(bare)
            lapsed = len({*cases.loc[without & limits["lapsed"], "customer_id"]} - bare)
        else:
            cases = pairs.assign(check=check, manager_id=None)
            limits = branches_on(cases, lines, period.last)
        both = cases.join(limits[["total", "scope", "basis"]])
        both = both[both["total"].notna()].rename(columns={"total": "limit"})
        by = ["customer_id", key, "check", "scope", "basis", "limit"]
        sums = both.groupby(by, as_index=False, sort=True).agg(stock=("stock", "sum"), way=("way", "sum"))
        sums = sums[sums["stock"] + sums["way"] > sums["limit"]]
        found.append(sums.merge(_named(both.merge(sums[by], on=by), entries, by), on=by))
    rows = pd.concat(found, ignore_index=True)
    rows = rows.assign(together=rows["stock"] + rows["way"])
    return rows.assign(over=rows["together"] - rows["limit"]), unknown, lapsed


def _named(over: pd.DataFrame, entries: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """The entries of each group of ``over`` by number; only of these, for listing every customer's takes longer than all else."""
    own = entries[among(entries["customer_id"], over["customer_id"])]
    listed = own.groupby(["customer_id", "guarantee"])["entry"].agg(_listed).rename("entries").reset_index()
    rows = over.merge(listed, on=["customer_id", "guarantee"])
    return rows.groupby(by, sort=True)["entries"].agg("、".join).reset_index()


def _listed(ids: pd.Series) -> str:
    return "、".join(sorted(ids.dropna().astype(str)))


def _home(managers: pd.DataFrame) -> pd.Series:
    return managers.set_index("manager_id")["branch_id"]


def _recent(entries: pd.DataFrame, period: Period, rules: Rules) -> pd.DataFrame:
    """What was lent or asked for in the last months, without what only carries an old loan on."""
    since = day_of(month_start(period.month - rules.single_months + 1))
    fresh = (entries["day"] >= since).fillna(False) & (entries["day"] <= period.last).fillna(False)
    return entries[fresh & ~entries["renewed"]]


def _limits_then(rows: pd.DataFrame, managers: pd.DataFrame, lines: pd.DataFrame | None) -> pd.DataFrame:
    """Of each entry the limits of who lent it on the day that it was lent; the grade is today's."""
    cases = rows.assign(
        manager_id=rows["answerable"],
        grade=grades_of(rows["answerable"], managers),
        branch_id=rows["answerable"].map(_home(managers)),
    )
    return limits_on(cases, persons(lines), managers, rows["day"])


def _singles(
    entries: pd.DataFrame, managers: pd.DataFrame, lines: pd.DataFrame | None, period: Period, rules: Rules
) -> pd.DataFrame:
    """Single loans above what who lent them, or the branch, might lend at once on that day."""
    import pandas as pd

    rows = _recent(entries, period, rules)
    then = _limits_then(rows, managers, lines)
    own = rows.assign(manager_id=rows["answerable"]).join(then[["single", "scope", "basis"]]).assign(check="单笔")
    of_branch = None if lines is None else lines[lines["manager_id"].isna() & lines["grade"].isna()]
    branch = limits_on(rows.assign(manager_id=None, grade=None), of_branch, None, rows["day"])
    whole = rows.assign(manager_id=None).join(branch[["single", "scope", "basis"]]).assign(check="机构单笔")
    both = pd.concat([own, whole], ignore_index=True).rename(columns={"single": "limit", "entry": "entries"})
    both = both.assign(
        stock=both["lent"].mask(both["pending"], 0), way=both["lent"].where(both["pending"], 0), together=both["lent"]
    )
    both = both.assign(over=(both["together"] - both["limit"]).astype("Int64"))
    return both[(both["over"] > 0).fillna(False)]


def _cut(
    entries: pd.DataFrame,
    classes: pd.DataFrame,
    managers: pd.DataFrame,
    lines: pd.DataFrame | None,
    bonds: tuple[pd.DataFrame, pd.DataFrame | None, pd.DataFrame | None],
    period: Period,
    rules: Rules,
) -> pd.DataFrame:
    """One loan in several pieces; a piece is measured by the single limit of who lent it, by the balance limit where there is none."""
    import pandas as pd

    loans, groups, guarantees = bonds
    rows = _recent(entries, period, rules)
    then = _limits_then(rows, managers, lines)
    own = classes.drop_duplicates("customer_id").set_index("customer_id")
    person = rows["customer_id"].map(own["id_number"]).astype("object").fillna(rows["customer_id"])
    pieces = rows.assign(
        person=person, limit=then["single"].fillna(then["total"]), manager_id=rows["answerable"]
    ).reset_index(drop=True)
    members = connected(classes, loans, groups, guarantees, period).members.set_index("customer_id")["group_id"]
    place = place_of(classes).set_axis(classes["customer_id"])
    keys = [
        pieces[["entry"]].assign(same=SAME[0], of=pieces["person"]),
        pieces[["entry"]].assign(same=SAME[1], of=pieces["customer_id"].map(members)),
        pieces[["entry"]].assign(same=SAME[3], of=pieces["customer_id"].map(place)),
    ]
    if guarantees is not None:
        named = guarantees["guarantor_id"].astype("object").fillna(guarantees["guarantor_number"])
        vouched = guarantees.assign(entry=guarantees["loan_id"], same=SAME[2], of=named)
        keys.append(vouched[["entry", "same", "of"]])
    shared = pd.concat(keys, ignore_index=True).dropna().drop_duplicates()
    return splits(pieces, shared, rules.split_days)


def _table(managers: pd.DataFrame, lines: pd.DataFrame | None, period: Period) -> pd.DataFrame:
    """What each manager on duty may lend at the end of the period, by guarantee where it has lines of its own."""
    import pandas as pd

    staff = managers[managers["until"].isna() | (managers["until"] >= period.last)]
    kinds = [""] if lines is None else sorted({"", *lines["guarantee"].fillna("")})
    cases = staff[["manager_id", "name", "branch_id", "grade"]].merge(pd.DataFrame({"guarantee": kinds}), how="cross")
    found = cases.join(limits_on(cases, persons(lines), managers, period.last))
    found = found[(found["guarantee"] == "") | (found["scope"] == found["guarantee"])]
    found = found.assign(verdict=["没有有效授权" if one else "" for one in found["lapsed"]])
    return found.rename(columns={"name": "manager_name"}).sort_values(["branch_id", "manager_id", "guarantee"])


_WHO = (
    ListColumn("customer_id", "id", width=14),
    ListColumn("customer_name", private="name", width=20),
    ListColumn("customer_type", codes=terms.CUSTOMER_TYPES),
)
STUDY = Study(
    authority,
    (
        StudyList(
            "authority",
            "授权核对",
            (
                declared("number"),
                *_WHO,
                ListColumn("branch_name", width=14),
                ListColumn("manager_id", "id", terms.label("manager_id", "applications")),
                ListColumn("manager_name", label="客户经理"),
                ListColumn(
                    "check",
                    label="核对什么",
                    width=14,
                    meaning="单户余额、单笔是客户经理的，机构单户余额、机构单笔是机构的",
                ),
                ListColumn("scope", label=terms.label("guarantee", "loans")),
                ListColumn("limit", "yuan", "权限", width=16),
                ListColumn("stock", "yuan", "存量", width=16),
                ListColumn("way", "yuan", "在途", width=16),
                ListColumn("together", "yuan", "合计", width=16),
                ListColumn("over", "yuan", "超出", width=16),
                ListColumn("basis", label="授权依据", width=18),
                ListColumn("entries", label="借据、申请", width=24),
            ),
        ),
        StudyList(
            "authority_splits",
            "授权核对化整为零",
            (
                ListColumn("case", "count", "例"),
                ListColumn("same", label="同什么", width=12),
                ListColumn("entry", "id", "借据、申请", width=16),
                *_WHO,
                ListColumn("branch_name", width=14),
                ListColumn("manager_name", label="客户经理"),
                ListColumn("day", "date", "发放、受理日期"),
                declared("lent", called="amount", kind="yuan", width=16),
                ListColumn("limit", "yuan", "权限", width=16),
                ListColumn("together", "yuan", "各笔合计", width=16),
                ListColumn("passed", "yuan", "其中最高权限", width=16),
            ),
        ),
        StudyList(
            "authority_limits",
            "授权核对权限",
            (
                ListColumn("manager_id", "id", terms.label("manager_id", "applications")),
                ListColumn("manager_name", label="客户经理"),
                ListColumn("branch_id", "id"),
                declared("grade"),
                ListColumn("scope", label=terms.label("guarantee", "loans")),
                ListColumn("single", "yuan", terms.label("single", "authority"), width=16),
                ListColumn("total", "yuan", terms.label("total", "authority"), width=16),
                ListColumn("basis", label="授权依据", width=18),
                ListColumn("valid_to", "date", terms.label("valid_to", "authority")),
                ListColumn("verdict", label="结论", width=14),
            ),
        ),
    ),
    {
        "authority": "单笔、机构和各担保方式的权限没有核对，单户余额按名册的授信权限。",
        "applications": "在途申请没有算进去。",
        "groups": "关联组只按客户信息里的集团号。",
        "guarantees": "没有按保证人和担保圈看化整为零。",
    },
    (
        (
            "合计",
            "该户在全行的贷款余额 + 在途申请（没有否决、撤回，也没有办结的贷款申请），不管谁放的；不含核销和表外。",
        ),
        (
            "权限",
            "有本人的用本人的，没有用等级的（先本机构的），再没有用名册的授信权限；写了担保方式的只管那一种，没写的管没有单列的各种，合起来算。",
        ),
        ("单笔", "最近几个月发放的，按责任人在发放那天的单笔权限；展期、借新还旧不算。"),
        ("化整为零", "同一人、关联组、保证人或地址，几天之内的几笔，每笔不超权限、合起来超过其中最高的权限。"),
    ),
    Rules,
    examples=("kehujingli authority", "kehujingli 授权核对 -o 授权核对.xlsx"),
)
