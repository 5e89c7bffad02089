"""What falls due, who bears this name or number, who is at the top, who has no manager? Lists from a period's kept results; nothing is masked here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from kehujingli.answers.cards import PART
from kehujingli.answers.query import label_of
from kehujingli.workspace.results import Results, Row

if TYPE_CHECKING:
    from kehujingli.errors import Finding
    from kehujingli.workspace import Workspace

FOUND = 200
"""How many hits of one kind a search lists."""


def due(kept: Results, last: int, days: int, manager: str | None = None, branch: str | None = None) -> list[Row]:
    """Loans on the books and term deposits that mature within ``days`` after day ``last``, the earliest first. Balances in 分.

    The manager is the loan's or the deposit's own, else the customer's holder.
    """
    return kept.rows(
        """
        select x.what, x.number, c.customer_id, c.customer_name, c.customer_type, coalesce(c.branch_id, x.branch_id) as branch_id, c.branch_name,
               coalesce(x.manager_id, c.holder_id) as manager_id, coalesce(m.name, c.manager_name) as manager_name, x.balance, x.due_on, x.due_on - $1 as days_left, x.five_class
        from (
            select '贷款' as what, loan_id as number, customer_id, branch_id, manager_id, balance, due_on, five_class from {loans}
            where balance > 0 and (status is null or status = 'on_book')
            union all
            select '定期', account_id, customer_id, branch_id, manager_id, balance, matures_on, null from {accounts} where balance > 0 and kind = 'term'
        ) x
        left join {classes} c on c.customer_id = x.customer_id
        left join (select manager_id, any_value(name) as name from {managers} group by manager_id) m on m.manager_id = coalesce(x.manager_id, c.holder_id)
        where x.due_on > $1 and x.due_on <= $1 + $2
          and ($3 is null or coalesce(x.manager_id, c.holder_id) = $3) and ($4 is null or coalesce(c.branch_id, x.branch_id) = $4)
        order by x.due_on, x.what, x.number
        """,
        last,
        days,
        manager,
        branch,
    )


def peoples_days(
    workspace: Workspace, kept: Results, days: int, manager: str | None = None, branch: str | None = None
) -> tuple[list[Row], list[Finding]]:
    """Birthdays and anniversaries of the ``days`` after the period's last, as rows of ``due``, and what ``care`` has to tell of them. The manager is the customer's holder."""
    from kehujingli.answers.studies import KeptPeriod
    from kehujingli.studies.care import MATTERS, STUDY
    from kehujingli.values import listed

    asked = KeptPeriod(workspace, kept)
    answer = asked.ask(STUDY, days=days)
    found, last = answer.frames["care"], asked.period.last
    found = found[found["matter"].isin(["birthday", "anniversary"])]
    about = ("customer_id", "customer_name", "customer_type", "branch_id", "branch_name", "holder_id", "manager_name")
    rows = []
    for matter, day, lunar, years, *who in zip(
        *(listed(found[key]) for key in ("matter", "day", "lunar", "years", *about)), strict=True
    ):
        named = dict(zip(about, who, strict=True))
        birthday = f"{MATTERS['birthday']}（农历{lunar}）" if lunar else MATTERS["birthday"]
        rows.append(
            {
                "what": birthday if matter == "birthday" else f"开户 {int(years)} 周年",
                "number": None,
                **{key: named[key] for key in about[:5]},
                "manager_id": named["holder_id"],
                "manager_name": named["manager_name"],
                "balance": None,
                "due_on": int(day),
                "days_left": int(day) - last,
                "five_class": None,
            }
        )
    kept_rows = [row for row in rows if manager in (None, row["manager_id"]) and branch in (None, row["branch_id"])]
    return kept_rows, list(answer.findings)


def anything(kept: Results, text: str) -> list[Row]:
    """Everything whose number is ``text`` or ends with it (four digits at least), or whose name or phone holds it, in one list by kind."""
    number = "({0} = $1 or (length($1) >= 4 and ends_with({0}, $1)))"
    name = f"({{0}} = $1 or {PART.format(name='{0}')})"
    searches = {
        "客户": f"""select customer_id as number, customer_name, customer_type, branch_name, "group", null as balance, manager_name from {{classes}}
            where {number.format("customer_id")} or {name.format("customer_name")} or phone = $1 or (length($1) >= 4 and ends_with(phone, $1)) or id_number = $1""",
        "客户经理": f"""select manager_id as number, any_value(name) as name, string_agg(branch_id, '、' order by branch_id) as branch_name from {{managers}}
            where manager_id = $1 or {name.format("name")} group by manager_id""",
        "机构": f"""select branch_id as number, any_value(branch_name) as branch_name, any_value(branch_name) as name from {{classes}}
            where branch_id = $1 or {name.format("branch_name")} group by branch_id""",
        "存款账户": f"""select a.account_id as number, c.customer_name, c.customer_type, c.branch_name, a.customer_id, a.balance, c.manager_name
            from {{accounts}} a left join {{classes}} c using (customer_id) where {number.format("a.account_id")}""",
        "借据": f"""select l.loan_id as number, c.customer_name, c.customer_type, c.branch_name, l.customer_id, l.balance, c.manager_name
            from {{loans}} l left join {{classes}} c using (customer_id) where {number.format("l.loan_id")}""",
    }
    keys = (
        "number",
        "name",
        "customer_name",
        "customer_type",
        "branch_name",
        "customer_id",
        "group",
        "balance",
        "manager_name",
    )
    found = []
    for what, sql in searches.items():
        for row in kept.rows(f"{sql} order by number limit {FOUND}", text):
            found.append({"what": what, **{key: row.get(key) for key in keys}})
    return found


TOPS: Mapping[str, tuple[str, Sequence[str]]] = {
    "customers": ("classes", ("customer_id", "customer_name", "customer_type", "branch_name", "group", "manager_name")),
    "managers": ("scores", ("manager_id", "name", "branch_name", "specialism", "grade")),
    "branches": ("branches", ("branch_id", "branch_name")),
}
ACHIEVED = "actual:"
"""Before an item's id: its actual, not its points."""
_INNER = ("numerator", "denominator", "source_", "birth_date", "rank")


def measures_of(kept: Results, kind: str, labels: Mapping[str, str]) -> dict[str, str]:
    """Column → Chinese name of everything by which ``kind`` can be ordered. ``labels``: an item's id → its name.

    An item stands twice: what was achieved bears its name, and the points for it are its 得分.
    """
    table = TOPS[kind][0]
    found = {f"{ACHIEVED}{item}": label for item, label in labels.items()} if kind == "managers" else {}
    for column, type_ in kept.columns(table).items():
        points = column == "score" or column.startswith(("item:", "category:")) or column == "adjustment"
        if (points or "INT" in type_ or type_ == "DOUBLE") and not any(word in column for word in _INNER):
            item = column.removeprefix("item:")
            found[column] = f"{labels[item]}{label_of(table, 'score')}" if item in labels else label_of(table, item)
    return found


def top(kept: Results, kind: str, by: str, count: int, branch: str | None = None) -> list[Row]:
    """The first ``count`` by a column, the largest first, ties by number; those without a figure are left out."""
    table, shown = TOPS[kind]
    if by.startswith(ACHIEVED):
        fields = ", ".join(f's."{name}"' for name in shown)
        return kept.rows(
            f"""select {fields}, i.style, i.actual::decimal(38, 10) as actual, i.item_points
            from {{items}} i join {{{table}}} s using (manager_id)
            where i.item_id = $2 and i.actual is not null and ($1 is null or s.branch_id = $1) order by actual desc, manager_id limit {count}""",
            branch,
            by.removeprefix(ACHIEVED),
        )
    fields = ", ".join(f'"{name}"' for name in (*shown, by))
    value = f'"{by}"::decimal(18, 6)' if kind == "managers" else f'"{by}"'
    return kept.rows(
        f'select {fields} from {{{table}}} where "{by}" is not null and ($1 is null or branch_id = $1) order by {value} desc, "{shown[0]}" limit {count}',
        branch,
    )


def unassigned(kept: Results, branch: str | None = None) -> list[Row]:
    """Customers that the plan leaves without a manager: borrowers first, then by branch and amount."""
    return kept.rows(
        """select branch_id, branch_name, customer_id, customer_name, customer_type, "group", scale_amount, loan_balance, missing::varchar as missing, reason, previous_manager
        from {plan} where move = 'unassigned' and ($1 is null or branch_id = $1) order by borrower desc, branch_id, scale_amount desc, customer_id""",
        branch,
    )
