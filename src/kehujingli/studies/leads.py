"""拓客：哪些人该去找？流水里常来往、还不是客户的对手方，村民名册里还没开户的人，钱转到他行的客户，和线索的进展。"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from kehujingli import terms
from kehujingli.errors import Finding
from kehujingli.periods import Period
from kehujingli.rules.models import Institution
from kehujingli.studies.customers.pursued import ENDS, Pursued, none_pursued, pursued
from kehujingli.studies.customers.sides import REASONS
from kehujingli.studies.customers.strangers import Rules, Strangers, strangers
from kehujingli.studies.places.villagers import BY_ID, Villagers, villagers
from kehujingli.studies.study import Answer, Study, StudyList
from kehujingli.terms.column import ListColumn, declared, keys
from kehujingli.values import in_yuan, missing

if TYPE_CHECKING:
    import pandas as pd


def leads(
    classes: pd.DataFrame,
    counterparties: pd.DataFrame | None = None,
    rosters: pd.DataFrame | None = None,
    villages: pd.DataFrame | None = None,
    grids: pd.DataFrame | None = None,
    managers: pd.DataFrame | None = None,
    leads: pd.DataFrame | None = None,
    *,
    period: Period,
    institution: Institution,
    rules: Rules,
) -> Answer:
    """``classes`` and ``counterparties`` as a month keeps them, the others as their tables have them; money in 分, days since 1970."""
    names = {} if managers is None else _names(managers)
    sides = _no_sides() if counterparties is None else counterparties
    outside = strangers(sides, classes, rules, (institution.name, *rules.own_banks))
    village = None if rosters is None else villagers(rosters, villages, grids, classes, names, period.last, leads)
    done = none_pursued()
    if leads is not None:
        found = {} if village is None else village.found(leads["lead_id"].astype(str))
        done = pursued(leads, classes, names.keys(), found, outside.called, period, rules)
    steps = done.rows.set_index("lead_id")["status"] if len(done.rows) else {}
    others = _listed(outside.leads, done, steps, rules.most)
    people = _listed(_open(village), done, steps, rules.most_villagers)
    frames = {
        "leads_counterparties": _frame(others, _COUNTERPARTIES),
        "leads_villagers": _frame(people, _VILLAGERS),
        "leads_villages": _frame(_empty(_VILLAGES) if village is None else village.villages, _VILLAGES),
        "leads_outflows": _frame(outside.outflows, _OUTFLOWS),
        "leads_progress": _frame(_named(done.rows, names), _PROGRESS),
        "leads_managers": _by_manager(others, people, outside.outflows, done, names),
        "leads_form": _form(done, others, people, period, leads),
    }
    told: list[Finding] = [*(village.findings if village else ()), *done.findings]
    lines = [*_of_strangers(outside, others, counterparties is not None), *_of_villagers(village, people)]
    return Answer(frames, [*lines, *_of_leads(done.rows)], told)


def _names(managers: pd.DataFrame) -> dict[str, str]:
    first = managers.drop_duplicates("manager_id")
    return {str(one): str(name) for one, name in zip(first["manager_id"], first["name"], strict=True)}


def _no_sides() -> pd.DataFrame:
    import pandas as pd

    text = ("customer_id", "counterparty_name", "counterparty_account", "counterparty_bank")
    number = ("postings", "money_in", "money_out", "posting_months", "paying_months")
    return pd.DataFrame(
        {**{name: pd.Series(dtype="str") for name in text}, **{n: pd.Series(dtype="int64") for n in number}}
    )


def _empty(columns: tuple[ListColumn, ...]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(columns=keys(columns))


def _open(village: Villagers | None) -> pd.DataFrame:
    """Who is on a roster and no customer: first those in whose house somebody is."""
    if village is None:
        return _empty(_VILLAGERS)
    people = village.people
    own = people["customer_id"].notna().astype("int64")
    at_home = own.groupby([people["place"], people["household_id"]]).transform("sum").fillna(0).astype("int64")
    rows = people.assign(relatives=at_home)[own == 0]
    return rows.sort_values(["relatives", "place", "called", "lead_id"], ascending=[False, True, True, True])


def _listed(rows: pd.DataFrame, done: Pursued, steps: Mapping[str, str] | pd.Series, most: int) -> pd.DataFrame:
    """Those not done with, at most so many a manager, with how far each has come."""
    rows = rows[~rows["lead_id"].isin(done.ended)]
    nth = rows.groupby(rows["manager_id"].astype("object").fillna(""), sort=False).cumcount()
    rows = rows[nth < most]
    known = dict(steps)
    status = [known.get(lead, "new") for lead in rows["lead_id"].tolist()]
    return rows.assign(number=range(1, len(rows) + 1), status=status)


def _named(rows: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    return rows.assign(manager_name=rows["manager_id"].map(names))


def _form(
    done: Pursued, others: pd.DataFrame, people: pd.DataFrame, period: Period, typed: pd.DataFrame | None
) -> pd.DataFrame:
    """Every lead once, as the table 线索 has it: those told already as they stand now, then the new ones."""
    import pandas as pd

    later = _empty(_FORM)
    if typed is not None:
        later = typed[(typed["found_on"] > period.last).fillna(False) & ~typed["lead_id"].isin(done.rows["lead_id"])]
        later = later.rename(columns={"name": "lead_name"})
    told = {*done.rows["lead_id"], *later["lead_id"]}
    fresh = [
        rows[~rows["lead_id"].isin(told)].rename(columns={called: "lead_name"}).assign(lead_source=source)
        for rows, called, source in ((others, "customer_name", "counterparty"), (people, "name", "roster"))
    ]
    new = pd.concat([one.reindex(columns=keys(_FORM)) for one in fresh], ignore_index=True)
    new = new.assign(found_on=period.last, lead_status="new", customer_id=None)
    old = done.rows.assign(lead_status=done.rows["status"], lead_name=done.rows["name"])
    old["closed_on"] = old["closed_on"].where(
        old["closed_on"].notna() | (old["status"] != ENDS[0]),
        old[["opened_on", "found_on"]].astype("Int64").max(axis=1),
    )
    return _frame(
        pd.concat([old.reindex(columns=keys(_FORM)), later.reindex(columns=keys(_FORM)), new], ignore_index=True), _FORM
    )


def _by_manager(
    others: pd.DataFrame, people: pd.DataFrame, outflows: pd.DataFrame, done: Pursued, names: Mapping[str, str]
) -> pd.DataFrame:
    """One row a manager who has anything of it; nobody's last."""
    import pandas as pd

    rows = done.rows
    parts: dict[str, pd.Series] = {
        "counterparties": _count(others["manager_id"]),
        "money": _sum(others["manager_id"], others["money"]),
        "villagers": _count(people["manager_id"]),
        "leaving": _count(outflows["holder_id"]),
        "money_out": _sum(outflows["holder_id"], outflows["money_out"]),
        "pursued": _count(rows["manager_id"]),
        "converted": _count(rows.loc[rows["converted"].astype(bool), "manager_id"]),
        **{status: _count(rows.loc[rows["status"] == status, "manager_id"]) for status in terms.LEAD_STATUSES},
    }
    table = pd.DataFrame(parts).fillna(0).astype("int64").rename_axis("manager_id").reset_index()
    days = rows.dropna(subset=["days"]).astype({"days": "float64"})
    mean = days.groupby(days["manager_id"].astype("object").fillna(""))["days"].mean()
    table = table.assign(days=table["manager_id"].map(mean).astype("float64"), order=table["manager_id"] == "")
    table = table.sort_values(["order", "money", "manager_id"], ascending=[True, False, True])
    table["manager_name"] = table["manager_id"].map(names)
    return _frame(table.assign(manager_id=table["manager_id"].replace("", None)), _MANAGERS)


def _count(who: pd.Series) -> pd.Series:
    return who.astype("object").fillna("").value_counts()


def _sum(who: pd.Series, money: pd.Series) -> pd.Series:
    return money.groupby(who.astype("object").fillna("")).sum()


def _frame(rows: pd.DataFrame, columns: tuple[ListColumn, ...]) -> pd.DataFrame:
    frame = rows.reindex(columns=keys(columns)).reset_index(drop=True)
    kinds = {"count": "Int64", "yuan": "Int64", "date": "Int64", "number": "Float64", "rate": "Float64"}
    return frame.astype({column.key: kinds[column.kind] for column in columns if column.kind in kinds})


def _of_strangers(outside: Strangers, others: pd.DataFrame, there: bool) -> list[str]:
    if not there:
        return []
    whole = outside.leads
    lines = [
        f"流水里不是客户的对手方 {len(whole) + outside.below:,} 个：够条件的 {len(whole):,} 个，往来 {in_yuan(whole['money'].sum()):,.2f} 元；列出 {len(others):,} 个，{in_yuan(others['money'].sum()):,.2f} 元"
    ]
    left = [f"{REASONS[why]} {count:,} 个" for why, (count, _) in outside.left.items() if count]
    if left:
        lines.append(f"没有当作线索的：{'、'.join(left)}")
    gone = outside.outflows
    lines.append(f"钱转到本人他行账户的 {len(gone):,} 户，转出 {in_yuan(gone['money_out'].sum()):,.2f} 元")
    return lines


def _of_villagers(village: Villagers | None, listed: pd.DataFrame) -> list[str]:
    if village is None or village.people.empty:
        return []
    people = village.people
    own, by_id = int(people["customer_id"].notna().sum()), int((people["by"] == BY_ID).sum())
    return [
        f"村民名册 {people['place'].nunique():,} 个村 {len(people):,} 人：已是客户 {own:,} 人（按证件号 {by_id:,}，按姓名和村 {own - by_id:,}），覆盖 {own / len(people):.1%}；还不是的 {len(people) - own:,} 人，列出 {len(listed):,} 人"
    ]


def _of_leads(rows: pd.DataFrame) -> list[str]:
    if rows.empty:
        return []
    counts = rows["status"].value_counts()
    said = "、".join(f"{word} {counts.get(key, 0):,}" for key, word in terms.LEAD_STATUSES.items())
    won = rows[rows["converted"].astype(bool)]
    days = [int(one) for one in won["days"] if not missing(one)]
    mean = f"，平均 {sum(days) / len(days):.1f} 天" if days else ""
    return [f"线索 {len(rows):,} 条：{said}；转化 {len(won):,} 条{mean}"]


def _id(**more: Any) -> ListColumn:
    return ListColumn("lead_id", "id", terms.label("lead_id"), width=13, **more)


_STATUS = ListColumn("status", label="进展", codes=terms.LEAD_STATUSES, width=9)
_MANAGER = (ListColumn("manager_id", "id", terms.label("holder_id")), ListColumn("manager_name"))
_BRANCH = ListColumn("branch_name", width=14)
_REMARK = ListColumn("remark", width=26)
_BANK = ListColumn("counterparty_bank", label=terms.label("counterparty_bank"), width=16)
_MONTHS = ListColumn("months", "count", "往来月数", meaning="窗口里有往来的月数")
_POSTINGS = declared("postings")
_COUNTERPARTIES = (
    ListColumn("number", "count"),
    _id(meaning="同一个对手方各月不变：单位按名称，个人按账号"),
    ListColumn("customer_name", label=terms.label("counterparty_name"), private="name", width=20),
    ListColumn(
        "customer_type", label="单位或个人", codes={one: terms.CUSTOMER_TYPES[one] for one in ("person", "business")}
    ),
    ListColumn("counterparty_account", "id", terms.label("counterparty_account"), private="numbers", width=20),
    _BANK,
    _MONTHS,
    _POSTINGS,
    ListColumn("money", "yuan", "往来金额", total=True, width=16),
    declared("money_out", total=True, width=16),
    declared("money_in", total=True, width=16),
    ListColumn("customers", "count", "往来客户数"),
    ListColumn("customer_id", "id", "往来最多的客户"),
    *_MANAGER,
    _BRANCH,
    _STATUS,
    _REMARK,
)
_VILLAGERS = (
    ListColumn("number", "count"),
    _id(meaning="同一个人各月不变：按村和姓名"),
    ListColumn("village", label=terms.label("village")),
    declared("name", table="rosters", width=10),
    declared("id_number", table="rosters", width=20),
    declared("phone", table="rosters", width=13),
    declared("household_id"),
    ListColumn("relatives", "count", "同户客户数", meaning="同村同户号里已是客户的人"),
    *_MANAGER,
    _BRANCH,
    _STATUS,
)
_VILLAGES = (
    ListColumn("village", label=terms.label("village")),
    _BRANCH,
    *_MANAGER,
    ListColumn("people", "count", "名册人数", total=True),
    ListColumn("own", "count", "已是客户", total=True),
    ListColumn("by_id", "count", "按证件号", total=True),
    ListColumn("by_name", "count", "按姓名和村", total=True),
    ListColumn("open", "count", "还不是客户", total=True),
    ListColumn("rate", "rate", "人数覆盖率", meaning="已是客户 ÷ 名册人数"),
    ListColumn("households", "count", terms.label("households"), total=True),
    ListColumn("families", "count", "名册户数", total=True),
    ListColumn("covered", "count", "有客户的户", total=True),
    ListColumn("household_rate", "rate", "户数覆盖率", meaning="有客户的户 ÷ 《村情》的户数"),
    ListColumn("living", "count", "本村客户", total=True, meaning="《客户信息》里写着这个村的，名册上没有的也算"),
)
_OUTFLOWS = (
    ListColumn("customer_id", "id", width=14),
    ListColumn("customer_name", private="name", width=20),
    ListColumn("customer_type", codes=terms.CUSTOMER_TYPES),
    _BRANCH,
    ListColumn("holder_id", "id"),
    ListColumn("manager_name"),
    _BANK,
    ListColumn("accounts", "count", "他行账户数"),
    ListColumn("months", "count", "转出月数"),
    _POSTINGS,
    ListColumn("money_out", "yuan", "转出", total=True, width=16),
    ListColumn("money_in", "yuan", "转回", total=True, width=16),
    ListColumn("deposit_balance", "yuan", total=True, width=16),
)
_PROGRESS = (
    _id(),
    declared("name", table="leads", width=20),
    declared("village", table="leads"),
    declared("lead_source"),
    declared("found_on"),
    *_MANAGER,
    ListColumn("lead_status", label="填的状态", codes=terms.LEAD_STATUSES),
    _STATUS,
    ListColumn("customer_id", "id", "开户的客户号", width=14),
    ListColumn("by", label="怎样认出", width=20),
    ListColumn("opened_on", "date", terms.label("opened_on", "customers")),
    ListColumn("converted", "flag", "转化"),
    ListColumn("days", "count", "用了几天", meaning="从发现到开户"),
    _REMARK,
)
_MANAGERS = (
    *_MANAGER,
    ListColumn("counterparties", "count", "对手方", total=True),
    ListColumn("money", "yuan", "往来金额", total=True, width=16),
    ListColumn("villagers", "count", "村民", total=True),
    ListColumn("leaving", "count", "资金外流户", total=True),
    ListColumn("money_out", "yuan", "转到他行", total=True, width=16),
    ListColumn("pursued", "count", "线索", total=True),
    *(ListColumn(status, "count", word, total=True) for status, word in terms.LEAD_STATUSES.items()),
    ListColumn("converted", "count", "转化", total=True),
    ListColumn("days", "number", "转化平均天数"),
)
_FORM = (
    _id(),
    declared("lead_name", called="name", table="leads", width=20),
    declared("village", table="leads"),
    declared("phone", table="leads", width=13),
    declared("lead_source"),
    declared("found_on"),
    ListColumn("manager_id", "id"),
    declared("lead_status"),
    ListColumn("customer_id", "id"),
    declared("closed_on", table="leads"),
)
STUDY = Study(
    leads,
    (
        StudyList("leads_counterparties", "拓客对手方", _COUNTERPARTIES, freeze=3),
        StudyList("leads_villagers", "拓客村民", _VILLAGERS, unit="人", freeze=4),
        StudyList("leads_villages", "拓客各村", _VILLAGES, unit="人、户", freeze=1),
        StudyList("leads_outflows", "拓客资金外流", _OUTFLOWS),
        StudyList("leads_progress", "拓客进展", _PROGRESS, unit="条"),
        StudyList("leads_managers", "拓客经理", _MANAGERS),
        StudyList("leads_form", "拓客线索", _FORM, unit="条"),
    ),
    {
        "counterparties": "对手方和资金外流空着。",
        "rosters": "村民和各村空着。",
        "villages": "户数覆盖率空着，村归哪个机构看客户在哪里。",
        "grids": "村民由谁跟进，看谁在那个村管的客户最多。",
        "managers": "线索的工号对不了，名单没有姓名。",
        "leads": "进展空着，每个月都当新的列。",
    },
    (
        (
            "对手方",
            "窗口（window_months）里的流水，冲正的、本人账户之间的不算，对方账号是本行的不算。单位按名称认，全角半角、空格、有限责任公司和有限公司不分；个人按账号认，同名不同账号的各算一个，写在备注里。",
        ),
        (
            "不当线索的",
            "本人在他行的账户（看资金外流）、与本行客户同名的（个人分不出是不是本人，也不列）、内部和清算户名、一个账号户名太多的、户名打了星号的；各有几个写在结果里。",
        ),
        ("归谁", "对手方归和他往来金额最多的管户经理；村民归包村的人，没有包村的归在那个村管户最多的人。"),
        (
            "村民名册",
            "先按证件号认（十五位和十八位算一个），名册或客户信息没有证件号的按姓名和村认；各按什么认的在「拓客各村」里。",
        ),
        (
            "线索",
            "「拓客线索」和《线索》的表一样，每条只列一次：另存成 线索.xlsx 放进 exports/（要看全名加 --unmask），写上状态、客户号，下个月就跟着走。放弃的、已开户的不再列。",
        ),
        (
            "转化",
            "填了客户号的，或认得出的：村民按证件号或姓名和村，单位按名称，个人按姓名（发现以后开户的同名客户只有一个）。开户早于发现的不算转化。天数从发现到开户。",
        ),
    ),
    Rules,
    examples=(
        "kehujingli leads",
        "kehujingli 拓客 -o 拓客.xlsx --unmask",
        "kehujingli 拓客 --format csv --list 拓客对手方",
    ),
)
