"""Which customer, manager or branch is meant, and what is known of it? By number or name, from a period's results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kehujingli import terms
from kehujingli.answers.query import label_of, period_folder
from kehujingli.errors import problem
from kehujingli.terms.masks import mask
from kehujingli.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb

PART = "((length($1) > 1 and contains({name}, $1)) or starts_with({name}, $1))"
"""A part of a name is enough where nothing bears the whole; of one character, the first: a surname."""

_CUSTOMER = (
    "customer_id",
    "customer_name",
    "customer_type",
    "branch_id",
    "branch_name",
    "village",
    "customer_group",
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


@dataclass
class Hits:
    """What was found. ``shown`` are the keys of the card, ``listed`` those of a list of several."""

    period: str
    kind: str
    records: list[dict[str, Any]]
    shown: Sequence[str]
    listed: Sequence[str]
    parts: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def label(self, key: str) -> str:
        table = {"客户": "classes", "客户经理": "managers", "机构": "branches"}[self.kind]
        return label_of(table, key)

    def title(self, record: Mapping[str, Any]) -> str:
        keys = {
            "客户": ("customer_id", "customer_name"),
            "客户经理": ("manager_id", "name"),
            "机构": ("branch_id", "branch_name"),
        }[self.kind]
        return f"{self.kind} " + " ".join(str(record[key]) for key in keys if record.get(key)) + f"（{self.period}）"


def find(workspace: Workspace, period: str | None, kind: str, value: str, *, unmask: bool = False) -> Hits:
    """Records that bear this number or name (a customer also by phone, account, or an account's last four digits)."""
    import duckdb

    folder = period_folder(workspace, period)
    con = duckdb.connect()
    name = folder.parent.name
    match kind:
        case "客户":
            hits = Hits(
                name,
                kind,
                _customers(con, folder, value),
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
                _managers(con, folder, value),
                _MANAGER,
                ("manager_id", "name", "branch_id", "specialism", "grade", "score"),
            )
        case _:
            hits = Hits(
                name, kind, _branches(con, folder, value), _BRANCH, ("branch_id", "branch_name", "due", "assigned")
            )
    if len(hits.records) == 1:
        hits.parts = _parts(con, folder, kind, hits.records[0])
    if not unmask and kind == "客户":
        hits.records = [_masked(record) for record in hits.records]
    return hits


def branch_named(folder: Path, value: str) -> str:
    """The number of the one branch that bears this number or name, from a period's results. Raises ``show.none``, ``show.several``."""
    import duckdb

    con = duckdb.connect()
    classes = _source(folder, "classes")
    every = f"select distinct branch_id, branch_name from {classes} where {{}} order by branch_id"
    found = _rows(con, every.format("branch_id = $1 or branch_name = $1"), value)
    found = found or _rows(con, every.format(PART.format(name="branch_name")), value)
    return str(_only(found, folder, "机构", value, "branch_id", "branch_name"))


def manager_named(folder: Path, value: str) -> str:
    """The number of the one manager that bears this number or name. Raises ``show.none``, ``show.several``."""
    import duckdb

    con = duckdb.connect()
    every = f"select distinct manager_id, name from {_source(folder, 'managers')} where {{}} order by manager_id"
    found = _rows(con, every.format("manager_id = $1 or name = $1"), value)
    found = found or _rows(con, every.format(PART.format(name="name")), value)
    return str(_only(found, folder, "客户经理", value, "manager_id", "name"))


def _paid_leavers(con: duckdb.DuckDBPyConnection, folder: Path, value: str) -> list[dict[str, Any]]:
    """Who is paid in the period and stands in no roster any more."""
    if not (folder / "pay.parquet").exists():
        return []
    sql = f"select manager_id, name, branch_id from {_source(folder, 'pay')} where manager_id = $1 or name = $1 order by manager_id"
    return _rows(con, sql, value)


def _only(found: Sequence[Mapping[str, Any]], folder: Path, what: str, value: str, key: str, name: str) -> Any:
    if not found:
        raise problem("show.none", period=folder.parent.name, what=what, value=value)
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


def _rows(con: duckdb.DuckDBPyConnection, sql: str, *values: Any) -> list[dict[str, Any]]:
    cursor = con.execute(sql, list(values))
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _source(folder: Path, name: str) -> str:
    return "read_parquet('" + str(folder / f"{name}.parquet").replace("'", "''") + "')"


def _customers(con: duckdb.DuckDBPyConnection, folder: Path, value: str) -> list[dict[str, Any]]:
    classes, accounts = _source(folder, "classes"), _source(folder, "accounts")
    found = _rows(
        con,
        f"select * from {classes} where customer_id = $1 or customer_name = $1 or phone = $1 order by customer_id limit 200",
        value,
    )
    if found:
        return found
    if (folder / "merges.parquet").exists():
        main = f"select main_id from {_source(folder, 'merges')} where customer_id = $1"
        found = _rows(con, f"select * from {classes} where customer_id in ({main})", value)
        if found:
            return found
    tail = "right(account_id, 4) = $1" if len(value) == 4 and value.isdigit() else "account_id = $1"
    owners = f"select customer_id from {accounts} where {tail}"
    found = _rows(con, f"select * from {classes} where customer_id in ({owners}) order by customer_id limit 200", value)
    if found or value.isdigit():
        return found
    part = f"select * from {classes} where {PART.format(name='customer_name')} order by customer_id limit 200"
    return _rows(con, part, value)


def _managers(con: duckdb.DuckDBPyConnection, folder: Path, value: str) -> list[dict[str, Any]]:
    managers = _source(folder, "managers")
    everyone = f"select * from {managers} where {{}} order by manager_id, branch_id"
    found = _rows(con, everyone.format("manager_id = $1 or name = $1"), value)
    found = found or _paid_leavers(con, folder, value)
    found = found or _rows(con, everyone.format(PART.format(name="name")), value)
    if (folder / "scores.parquet").exists():
        for record in found:
            scored = _rows(
                con,
                f"select rank_group, rank, score, gate, remark from {_source(folder, 'scores')} where manager_id = $1",
                record["manager_id"],
            )
            paid = _rows(
                con,
                f"select pay, paid from {_source(folder, 'pay')} where manager_id = $1 and branch_id = $2",
                record["manager_id"],
                record["branch_id"],
            )
            record |= (scored[0] if scored else {}) | (paid[0] if paid else {})
    return found


def _branches(con: duckdb.DuckDBPyConnection, folder: Path, value: str) -> list[dict[str, Any]]:
    classes = _source(folder, "classes")
    counts = f"""
        select branch_id, any_value(branch_name) as branch_name, count(*) as customers, count(*) filter (scale = 'large') as large, count(*) filter (scale = 'medium') as medium,
               count(*) filter (scale = 'small') as small, count(*) filter (frequency = 'dormant') as dormant,
               sum(deposit_balance)::bigint as deposit_balance, sum(loan_balance)::bigint as loan_balance
        from {classes} group by branch_id"""
    plan = _source(folder, "branches")
    every = f"select c.*, p.* exclude (branch_id, branch_name) from ({counts}) c left join {plan} p using (branch_id) where {{}} order by branch_id"
    found = _rows(con, every.format("branch_id = $1 or c.branch_name = $1"), value)
    return found or _rows(con, every.format(PART.format(name="c.branch_name")), value)


PARTS: Mapping[str, str] = {
    "account_list": "存款账户",
    "loan_list": "贷款",
    "merged_list": "并入的客户号",
    "item_list": "计分",
    "manager_list": "客户经理",
}
"""The lists under a card, and what people call them."""


def _parts(
    con: duckdb.DuckDBPyConnection, folder: Path, kind: str, record: Mapping[str, Any]
) -> dict[str, list[dict[str, Any]]]:
    """The lists under a card."""
    if kind == "客户":
        accounts = f"select account_id, kind, balance, matures_on from {_source(folder, 'accounts')} where customer_id = $1 order by account_id"
        loans = f"select loan_id, balance, five_class, overdue_days, issued_on, due_on, manager_id from {_source(folder, 'loans')} where customer_id = $1 order by loan_id"
        parts = {
            "account_list": _rows(con, accounts, record["customer_id"]),
            "loan_list": _rows(con, loans, record["customer_id"]),
        }
        if (folder / "merges.parquet").exists():
            others = f"select customer_id, branch_id from {_source(folder, 'merges')} where main_id = $1 order by customer_id"
            parts["merged_list"] = _rows(con, others, record["customer_id"])
        return parts
    if kind == "客户经理" and (folder / "items.parquet").exists():
        items = f"select item, points, working, item_points, next_step from {_source(folder, 'items')} where manager_id = $1"
        return {"item_list": _rows(con, items, record["manager_id"])}
    if kind == "机构":
        people = f"select manager_id, load_before, load_after, capacity from {_source(folder, 'loads')} where branch_id = $1 order by manager_id"
        return {"manager_list": _rows(con, people, record["branch_id"])}
    return {}
