"""What must be decided, and who hands over what? Moves to approve, customers nobody has, loads before and after, and handovers of leavers.

Pure: a plan, classes and the month's tables in; frames in the order of analyst's layouts out. Money is 分, days count from 1970.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kehujingli import terms
from kehujingli.assign.findings import households, room_cure
from kehujingli.tables.frames import owing
from kehujingli.values import missing

if TYPE_CHECKING:
    import pandas as pd

    from kehujingli.assign import Plan
    from kehujingli.assign.prices import Price

_WAN = 1_000_000


@dataclass(frozen=True)
class Handover:
    """One leaver's customers of one successor. ``rows``: customer_id, customer_name, customer_type, entity, balance, worst_class, due_on, soon, arrears.

    ``claimed``: customers of the pair whom 业绩归属 still gives to somebody: they are not in ``rows``.
    """

    giver: str
    taker: str
    customers: int
    lent: int
    rows: pd.DataFrame
    soon_days: int
    """What is due within so many days of the plan's first day is marked ``soon``."""
    claimed: int = 0


def who(manager: object, names: Mapping[str, str]) -> str:
    """``M0012 张伟``."""
    return "" if missing(manager) else f"{manager} {names.get(str(manager), '')}".strip()


def moves_to_approve(placed: pd.DataFrame, names: Mapping[str, str], undo_cost: Mapping[str, float]) -> pd.DataFrame:
    """变动审批: the moves of ``views.plan_list``, the largest first, with room to agree."""
    moved = placed[placed["move"] == "moved"]
    frame = moved.assign(
        giver=[who(manager, names) for manager in moved["previous_manager"]],
        taker=[who(manager, names) for manager in moved["assigned_manager"]],
        undo_cost=moved["customer_id"].map(undo_cost),
        agreed=None,
        opinion=None,
    )
    frame = frame.sort_values(["scale_amount", "customer_id"], ascending=[False, True], na_position="last")
    return frame[[*APPROVAL_COLUMNS, "customer_type"]].reset_index(drop=True)


APPROVAL_COLUMNS = [
    "customer_id",
    "customer_name",
    "scale_amount",
    "loan_balance",
    "giver",
    "taker",
    "reason",
    "undo_cost",
    "agreed",
    "opinion",
]


def at_once(placed: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """一并同意: one row for all moves, then one a receiver, with room to agree; nothing where nobody moves."""
    import pandas as pd

    moved = placed[placed["move"] == "moved"]
    moved = moved.assign(borrowers=(moved["loan_balance"].fillna(0) > 0).astype("int64"))
    sums = moved.groupby("assigned_manager", sort=True).agg(
        customers=("customer_id", "size"),
        borrowers=("borrowers", "sum"),
        scale_amount=("scale_amount", "sum"),
        loan_balance=("loan_balance", "sum"),
    )
    rows = sums.rename_axis("manager_id").reset_index()
    rows = rows.assign(name=[names.get(manager, "") for manager in rows["manager_id"]])
    if len(rows):
        whole = {key: int(rows[key].sum()) for key in sums}
        rows = pd.concat([pd.DataFrame([{"manager_id": terms.EVERYBODY, "name": None, **whole}]), rows])
    return rows.assign(agreed=None, opinion=None)[AT_ONCE_COLUMNS].reset_index(drop=True)


AT_ONCE_COLUMNS = [
    "manager_id",
    "name",
    "customers",
    "borrowers",
    "scale_amount",
    "loan_balance",
    "agreed",
    "opinion",
]


def unassigned(plan: Plan, placed: pd.DataFrame, worth: Mapping[str, Price]) -> pd.DataFrame:
    """未分配: customers without a manager, borrowers first, each with what is lacking and what would cure it. ``worth``: a manager more, by branch."""
    lost = placed[placed["move"] == "unassigned"]
    lacks = dict(zip(plan.customers["customer_id"], plan.customers["missing"], strict=True))
    heaviest = plan.customers.groupby("branch_id")["load"].max()
    rooms = {
        row.branch_id: room_cure(
            int(row.managers), float(row.capacity), float(row.load_due), float(heaviest.get(row.branch_id, 0))
        )
        for row in plan.branches.itertuples()
    }
    short = dict(zip(plan.branches["branch_id"], plan.branches["short"], strict=True))
    told: list[tuple[str, str]] = []
    for row in lost.itertuples():
        match lacks.get(row.customer_id):
            case "no_manager":
                told.append(("没有在岗客户经理", "配客户经理，或在名册的服务范围里写明由谁服务本机构"))
            case "authority":
                wan = math.ceil((0 if missing(row.loan_balance) else int(row.loan_balance)) / _WAN)
                told.append((terms.label("authority"), f"提授权至 {wan:,} 万元"))
            case "conflict":
                told.append((str(row.reason), "安排别社客户经理的服务范围，或由上级直接管理"))
            case "specialism":
                told.append((terms.label("specialism"), "配这条线的客户经理，或请别社同岗位的人服务本机构"))
            case "cost":
                told.append(("按办法的代价，不配更便宜", f"改 [assign.cost]：{row.reason}"))
            case _:
                told.append(
                    (
                        f"容量，本机构缺 {households(float(short.get(row.branch_id, 0)))} 折算户",
                        rooms.get(row.branch_id, "增配客户经理"),
                    )
                )
    advice = [
        advised(worth[branch]) if branch in worth and lacks.get(who) in ("capacity", "no_manager") else None
        for branch, who in zip(lost["branch_id"].fillna(""), lost["customer_id"], strict=True)
    ]
    frame = lost.assign(missing=[lack for lack, _ in told], cure=[cure for _, cure in told], advice=advice)
    frame = frame.assign(order=~(frame["loan_balance"].fillna(0) > 0))
    frame = frame.sort_values(
        ["order", "branch_id", "scale_amount", "customer_id"], ascending=[True, True, False, True], na_position="last"
    )
    return frame[[*UNASSIGNED_COLUMNS, "customer_type"]].reset_index(drop=True)


UNASSIGNED_COLUMNS = [
    "branch_id",
    "branch_name",
    "customer_id",
    "customer_name",
    "group",
    "scale_amount",
    "loan_balance",
    "missing",
    "cure",
    "advice",
]


def advised(price: Price) -> str:
    """增配建议: what a manager more would bring to the branch."""
    limit = price.hired.capacity if price.hired is not None else None
    post = price.hired.specialism if price.hired is not None else None
    kind = f"{terms.SPECIALISMS.get(post, post)}岗，" if post else ""
    who = f"加 1 人（{kind}{'不限户数' if limit is None else f'上限 {limit:,} 折算户'}）"
    if not (price.served or price.cost):
        return f"{who}也配不上"
    more = (
        f"多管 {price.served:,} 户（贷款户 {price.borrowers:,}）" if price.served >= 0 else f"少管 {-price.served:,} 户"
    )
    return f"{who}：{more}、{price.load:,f} 折算户，办法的代价少 {price.cost:,f}"


def load_rows(
    plan: Plan,
    classes: pd.DataFrame,
    managers: pd.DataFrame,
    duty: Mapping[str, int],
    branches: Mapping[str, str],
) -> pd.DataFrame:
    """负荷: one row a manager, by branch, the fullest first; money is that of the customers assigned."""
    return loads_of(plan.customers, plan.loads, classes, managers, duty, branches)


def loads_of(
    placed: pd.DataFrame,
    loads: pd.DataFrame,
    classes: pd.DataFrame,
    managers: pd.DataFrame,
    duty: Mapping[str, int],
    branches: Mapping[str, str],
) -> pd.DataFrame:
    """The same from the customers ``placed`` and the ``loads`` of a plan, also of one that was kept."""
    import pandas as pd

    roster = managers.drop_duplicates("manager_id", keep="last").set_index("manager_id")
    money = placed[["customer_id", "assigned_manager"]].merge(
        classes[["customer_id", "average_deposit", "loan_balance"]], on="customer_id", how="left"
    )
    sums = money.groupby("assigned_manager")[["average_deposit", "loan_balance"]].sum()
    frame = loads.assign(
        branch_name=loads["branch_id"].map(branches),
        name=loads["manager_id"].map(roster["name"]),
        grade=loads["manager_id"].map(roster["grade"]),
        duty_days=pd.array([duty.get(manager) for manager in loads["manager_id"]], "Int64"),
        rate=loads["load_after"].astype("float64") / loads["capacity"].where(loads["capacity"] > 0),
        average_deposit=loads["manager_id"].map(sums["average_deposit"]).fillna(0).astype("int64"),
        lent=loads["manager_id"].map(sums["loan_balance"]).fillna(0).astype("int64"),
    )
    frame = frame.sort_values(
        ["branch_id", "rate", "manager_id"], ascending=[True, False, True], na_position="last", kind="stable"
    )
    return frame[LOAD_COLUMNS].reset_index(drop=True)


LOAD_COLUMNS = [
    "branch_id",
    "branch_name",
    "manager_id",
    "name",
    "specialism",
    "grade",
    "duty_days",
    "capacity",
    "load_before",
    "load_after",
    "rate",
    "large",
    "medium",
    "small",
    "business",
    "borrowers",
    "average_deposit",
    "lent",
    "moved_out",
    "moved_in",
]


def helpers(plan: pd.DataFrame, loads: pd.DataFrame, branches: pd.DataFrame, names: Mapping[str, str]) -> list[str]:
    """Of each branch whose due load is above its own people's limit: by how much, who of other branches serves its customers, what is left.

    ``plan``: ``main.plan_list``; ``loads``: ``load_rows``; ``branches``: of ``assign.Plan``.
    """
    home = dict(zip(loads["manager_id"], loads["branch_id"], strict=True))
    people = dict(zip(loads["manager_id"], loads["name"], strict=True))
    said = []
    for branch in branches.itertuples():
        if missing(branch.capacity) or not branch.capacity or not branch.managers or branch.load_due <= branch.capacity:
            continue
        here = plan[(plan["branch_id"] == branch.branch_id) & plan["assigned_manager"].notna()]
        from_afar = here[here["assigned_manager"].map(home) != branch.branch_id]
        sums = from_afar.groupby("assigned_manager")["load"].agg(["size", "sum"])
        sums = sums.sort_values("sum", ascending=False, kind="stable")
        told = [
            f"{names.get(home.get(who, ''), home.get(who) or '')} {people.get(who) or ''}（{who}）管 {int(row['size']):,} 户 {_loads_said(float(row['sum']))} 折算户"
            for who, row in sums.head(_HELPERS).iterrows()
        ]
        more = f"等 {len(sums)} 人" if len(sums) > _HELPERS else ""
        others = f"另有 {'、'.join(told)}{more}" if told else "没有别的机构的人来管"
        left = f"，未配 {int(branch.unassigned):,} 户" if branch.unassigned else "，都已配上"
        rate = float(branch.load_due) / float(branch.capacity)
        said.append(
            f"{names.get(branch.branch_id) or branch.branch_id} 应配占本机构人员管户上限 {rate:.0%}：{others}{left}。"
        )
    return said


def _loads_said(load: float) -> str:
    return f"{load:,.0f}" if load == int(load) else f"{load:,.1f}"


_HELPERS = 3
"""As many people are named of those who serve a branch that is not theirs."""


def leavers(managers: pd.DataFrame, effective: int) -> frozenset[str]:
    """Managers none of whose posts is held any more on the plan's first day."""
    until = managers["until"]
    gone = (until.notna() & (until < effective).fillna(False)) | managers["status"].isin(terms.LEFT_STATUSES)
    staying = set(managers.loc[~gone.to_numpy(dtype=bool), "manager_id"])
    return frozenset(set(managers["manager_id"]) - staying)


def things(accounts: pd.DataFrame, loans: pd.DataFrame, effective: int, soon: int) -> Any:
    """Accounts (order 0) and loans (order 1) that have a balance."""
    import pandas as pd

    held = accounts[accounts["balance"].fillna(0) != 0]
    deposits = pd.DataFrame(
        {
            "customer_id": held["customer_id"],
            "entity": held["account_id"],
            "balance": held["balance"],
            "due_on": held["matures_on"],
            "order": 0,
        }
    )
    lent = owing(loans)
    arrears = lent["arrears_on_book"].fillna(0) + lent["arrears_off_book"].fillna(0)
    credits = pd.DataFrame(
        {
            "customer_id": lent["customer_id"],
            "entity": lent["loan_id"],
            "balance": lent["balance"],
            "worst_class": lent["five_class"],
            "due_on": lent["due_on"],
            "arrears": arrears.where(arrears != 0),
            "order": 1,
        }
    )
    both = pd.concat([deposits, credits], ignore_index=True)
    near = (both["due_on"] <= effective + soon).fillna(False)
    past = (both["due_on"] < effective).fillna(False)
    lent = both["order"] == 1
    words = [
        ("已逾期" if loan else "已到期") if over else "是" if close else ""
        for over, loan, close in zip(past, lent, near, strict=True)
    ]
    return both.assign(soon=words)
