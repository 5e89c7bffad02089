"""Which customer, manager or branch is meant, and what is known of it? By number or name, from a period's results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kehujingli import terms
from kehujingli.answers.query import head_of
from kehujingli.errors import Problem, problem
from kehujingli.terms.masks import mask
from kehujingli.workspace import Workspace
from kehujingli.workspace.results import Results, results_of

PART = "((length($1) > 1 and contains({name}, $1)) or starts_with({name}, $1))"
"""A part of a name is enough where nothing bears the whole; of one character, the first: a surname."""
_FEW = "contains({name}, $1)"
"""Of people at work and branches there are few: any part of a name is enough."""

_CUSTOMER = (
    "customer_id",
    "customer_name",
    "customer_type",
    "branch_id",
    "branch_name",
    "village",
    "customer_group",
    "industry_kind",
    "group",
    "previous_group",
    "change",
    "marks",
    "opened_on",
    "active_months",
    "transactions",
    "turnover",
    "last_active",
    "idle_days",
    "deposit_balance",
    "average_deposit",
    "average_deposit_month",
    "average_deposit_year",
    "loan_balance",
    "average_loan",
    "worst_class",
    "scale_amount",
    "to_next_scale",
    "holder_id",
    "manager_name",
    "phone",
    "id_number",
)
_MANAGER = (
    "manager_id",
    "name",
    "branch_id",
    "specialism",
    "grade",
    "since",
    "until",
    "capacity",
    "authority",
    "serves",
    "rank_group",
    "rank",
    "score",
    "gate",
    "pay",
    "paid",
    "remark",
)
_BRANCH = (
    "branch_id",
    "branch_name",
    "due",
    "assigned",
    "unassigned",
    "managers",
    "capacity",
    "load_due",
    "load_assigned",
    "moved",
    "customers",
    "large",
    "medium",
    "small",
    "dormant",
    "deposit_balance",
    "loan_balance",
)


_NAMED = {
    "客户": ("customer_id", "customer_name"),
    "客户经理": ("manager_id", "name"),
    "机构": ("branch_id", "branch_name"),
}
"""What bears the number and the name."""


@dataclass
class Hits:
    """What was found. ``shown`` are the keys of the card, ``listed`` those of a list of several."""

    period: str
    kind: str
    records: list[dict[str, Any]]
    shown: Sequence[str]
    listed: Sequence[str]
    parts: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    left: tuple[str, str] | None = None
    """Number and 状态 of a customer who is meant and is in no class any more, where nobody else is."""

    def nobody(self, value: str, what: str = "") -> Problem:
        """Why there is no card."""
        if self.left is not None:
            number, status = self.left
            return problem("show.closed", period=self.period, value=number, status=status)
        return problem("show.none", period=self.period, what=what or self.kind, value=value)

    def label(self, key: str) -> str:
        table = {"客户": "classes", "客户经理": "managers", "机构": "branches"}[self.kind]
        return head_of(table, key)

    def number(self, record: Mapping[str, Any]) -> str:
        return str(record.get(_NAMED[self.kind][0]) or "")

    def name(self, record: Mapping[str, Any]) -> str:
        return str(record.get(_NAMED[self.kind][1]) or "")

    def title(self, record: Mapping[str, Any]) -> str:
        named = " ".join(filter(None, (self.number(record), self.name(record))))
        return f"{self.kind} {named}（{self.period}）"


def find(workspace: Workspace, period: str | None, kind: str, value: str, *, unmask: bool = False) -> Hits:
    """Records that bear this number or name (a customer also by phone, account, or an account's last four digits)."""
    kept = results_of(workspace, period)
    name = kept.period
    match kind:
        case "客户":
            hits = Hits(
                name,
                kind,
                _customers(kept, value),
                _CUSTOMER,
                (
                    "customer_id",
                    "customer_name",
                    "customer_type",
                    "branch_name",
                    "group",
                    "scale_amount",
                    "manager_name",
                ),
            )
        case "客户经理":
            hits = Hits(
                name,
                kind,
                _managers(kept, value),
                _MANAGER,
                ("manager_id", "name", "branch_id", "specialism", "grade", "score"),
            )
        case _:
            hits = Hits(name, kind, _branches(kept, value), _BRANCH, ("branch_id", "branch_name", "due", "assigned"))
    if kind == "客户" and not hits.records:
        hits.left = _closed(kept, value)
    if len(hits.records) == 1:
        hits.parts = _parts(kept, kind, hits.records[0])
    if not unmask and kind == "客户":
        hits.records = [_masked(record) for record in hits.records]
    return hits


def branch_named(kept: Results, value: str) -> str:
    """The number of the one branch that bears this number or name, from a period's results. Raises ``show.none``, ``show.several``."""
    classes = kept.source("classes")
    every = f"select distinct branch_id, branch_name from {classes} where {{}} order by branch_id"
    found = kept.rows(every.format("branch_id = $1 or branch_name = $1"), value)
    found = found or kept.rows(every.format(_FEW.format(name="branch_name")), value)
    return str(_only(found, kept, "机构", value, "branch_id", "branch_name"))


def manager_named(kept: Results, value: str) -> str:
    """The number of the one manager that bears this number or name. Raises ``show.none``, ``show.several``."""
    every = f"select distinct manager_id, name from {kept.source('managers')} where {{}} order by manager_id"
    found = kept.rows(every.format("manager_id = $1 or name = $1"), value)
    found = found or kept.rows(every.format(_FEW.format(name="name")), value)
    return str(_only(found, kept, "客户经理", value, "manager_id", "name"))


def _paid_leavers(kept: Results, value: str) -> list[dict[str, Any]]:
    """Who is paid in the period and stands in no roster any more."""
    if not kept.has("pay"):
        return []
    sql = f"select manager_id, name, branch_id from {kept.source('pay')} where manager_id = $1 or name = $1 order by manager_id"
    return kept.rows(sql, value)


def _only(found: Sequence[Mapping[str, Any]], kept: Results, what: str, value: str, key: str, name: str) -> Any:
    if not found:
        raise problem("show.none", period=kept.period, what=what, value=value)
    if len(found) > 1:
        known = "、".join(f"{row[key]} {row[name] or ''}".strip() for row in found[:10])
        raise problem("show.several", what=what, value=value, number=len(found), known=known)
    return found[0][key]


def _masked(record: dict[str, Any]) -> dict[str, Any]:
    return {
        key: mask(value, term.private, record.get("customer_type"))
        if value and (term := terms.known(key, "classes")) and term.private
        else value
        for key, value in record.items()
    }


def _customers(kept: Results, value: str) -> list[dict[str, Any]]:
    classes, accounts = kept.source("classes"), kept.source("accounts")
    found = kept.rows(
        f"select * from {classes} where customer_id = $1 or customer_name = $1 or phone = $1 order by customer_id limit 200",
        value,
    )
    if found:
        return found
    if kept.has("merges"):
        main = f"select main_id from {kept.source('merges')} where customer_id = $1"
        found = kept.rows(f"select * from {classes} where customer_id in ({main})", value)
        if found:
            return found
    tail = "right(account_id, 4) = $1" if len(value) == 4 and value.isdigit() else "account_id = $1"
    owners = f"select customer_id from {accounts} where {tail}"
    found = kept.rows(f"select * from {classes} where customer_id in ({owners}) order by customer_id limit 200", value)
    if found or value.isdigit():
        return found
    part = f"select * from {classes} where {PART.format(name='customer_name')} order by customer_id limit 200"
    return kept.rows(part, value)


def _closed(kept: Results, value: str) -> tuple[str, str] | None:
    if not kept.has("closed_customers"):
        return None
    accounts = f"select customer_id from {kept.source('accounts')} where account_id = $1"
    found = kept.rows(
        f"select customer_id, status from {kept.source('closed_customers')} where customer_id = $1 or customer_name = $1 or customer_id in ({accounts}) order by customer_id limit 1",
        value,
    )
    return (str(found[0]["customer_id"]), str(found[0]["status"])) if found else None


def _managers(kept: Results, value: str) -> list[dict[str, Any]]:
    managers = kept.source("managers")
    everyone = f"select * from {managers} where {{}} order by manager_id, branch_id"
    found = kept.rows(everyone.format("manager_id = $1 or name = $1"), value)
    found = found or _paid_leavers(kept, value)
    found = found or kept.rows(everyone.format(_FEW.format(name="name")), value)
    if kept.has("scores"):
        for record in found:
            scored = kept.rows(
                f"select rank_group, rank, score, gate, remark from {kept.source('scores')} where manager_id = $1",
                record["manager_id"],
            )
            paid = kept.rows(
                f"select pay, paid from {kept.source('pay')} where manager_id = $1 and branch_id = $2",
                record["manager_id"],
                record["branch_id"],
            )
            record |= (scored[0] if scored else {}) | (paid[0] if paid else {})
    return found


def _branches(kept: Results, value: str) -> list[dict[str, Any]]:
    classes = kept.source("classes")
    counts = f"""
        select branch_id, any_value(branch_name) as branch_name, count(*) as customers, count(*) filter (scale = 'large') as large, count(*) filter (scale = 'medium') as medium,
               count(*) filter (scale = 'small') as small, count(*) filter (frequency = 'dormant') as dormant,
               sum(deposit_balance)::bigint as deposit_balance, sum(loan_balance)::bigint as loan_balance
        from {classes} group by branch_id"""
    plan = kept.source("branches")
    every = f"select c.*, p.* exclude (branch_id, branch_name) from ({counts}) c left join {plan} p using (branch_id) where {{}} order by branch_id"
    found = kept.rows(every.format("branch_id = $1 or c.branch_name = $1"), value)
    return found or kept.rows(every.format(_FEW.format(name="c.branch_name")), value)


PARTS: Mapping[str, str] = {
    "account_list": "存款账户",
    "loan_list": "贷款",
    "merged_list": "并入的客户号",
    "item_list": "计分",
    "side_list": "名下（元、户；客户经理 + 公共 + 未挂户 = 机构合计）",
    "manager_list": "客户经理",
}
"""The lists under a card, and what people call them."""


def _parts(kept: Results, kind: str, record: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """The lists under a card."""
    if kind == "客户":
        accounts = f"select account_id, kind, balance, matures_on from {kept.source('accounts')} where customer_id = $1 order by account_id"
        loans = f"select loan_id, balance, five_class, overdue_days, issued_on, due_on, manager_id from {kept.source('loans')} where customer_id = $1 order by loan_id"
        parts = {
            "account_list": kept.rows(accounts, record["customer_id"]),
            "loan_list": kept.rows(loans, record["customer_id"]),
        }
        if kept.has("merges"):
            others = (
                f"select customer_id, branch_id from {kept.source('merges')} where main_id = $1 order by customer_id"
            )
            parts["merged_list"] = kept.rows(others, record["customer_id"])
        return parts
    if kind == "客户经理" and kept.has("items"):
        items = (
            f"select item, points, working, item_points, next_step from {kept.source('items')} where manager_id = $1"
        )
        return {"item_list": kept.rows(items, record["manager_id"])}
    if kind == "机构":
        people = f"select manager_id, load_before, load_after, capacity from {kept.source('loads')} where branch_id = $1 order by manager_id"
        parts = {"manager_list": kept.rows(people, record["branch_id"])}
        if kept.has("branch_sides"):
            sides = f"select * exclude (branch_id, unit) from {kept.source('branch_sides')} where branch_id = $1"
            parts = {"side_list": kept.rows(sides, record["branch_id"])} | parts
        return parts
    return {}
