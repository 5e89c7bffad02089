"""Whose is each transaction? Postings linked to customers and accounts, reversed pairs found.

Works inside DuckDB on the ledger's Parquet: a million postings never become Python objects.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kehujingli import terms
from kehujingli.errors import Finding, finding
from kehujingli.intake.ledger import Sheet
from kehujingli.periods import Period
from kehujingli.tables.orphans import why_orphan
from kehujingli.tables.refusals import Refusals
from kehujingli.tables.repeats import count_once, exists
from kehujingli.tables.reversals import marked, reversed_rows
from kehujingli.workspace.sql import parquet

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

_WANTED = {
    "date": "INTEGER",
    "time": "VARCHAR",
    "month": "INTEGER",
    "customer_id": "VARCHAR",
    "account_id": "VARCHAR",
    "signed": "BIGINT",
    "amount": "BIGINT",
    "balance": "BIGINT",
    "kind": "VARCHAR",
    "memo": "VARCHAR",
    "channel": "VARCHAR",
    "branch_id": "VARCHAR",
    "counterparty_account": "VARCHAR",
    "counterparty_name": "VARCHAR",
    "counterparty_bank": "VARCHAR",
    "transaction_id": "VARCHAR",
    "direction": "VARCHAR",
}

OTHER_SIDE = ("counterparty_account", "counterparty_name", "counterparty_bank")
"""What a posting may say of the other side; ``transactions`` has those columns where some sheet has any of them."""


@dataclass
class Linked:
    """What linking found: findings, and the postings that belong to nobody by part."""

    findings: list[Finding] = field(default_factory=list)
    unlinked: dict[int, tuple[int, int]] = field(default_factory=dict)
    """Part → rows and 分 of postings whose account or customer nobody knows (未挂接)."""
    refused: Refusals = field(default_factory=Refusals)
    blind: str = ""
    """A file whose postings bear only account numbers where no accounts say whose they are."""
    repeats: pd.DataFrame | None = None
    """part, row of the postings that count nowhere, for others say the same, or something else, of the same 流水号."""


_OTHER_LEG = """
    with legs as (
        select account_id, counterparty_account, day, signed,
               row_number() over (partition by account_id, counterparty_account, day, signed order by part, row) as nth
        from transactions where own
    ), alone as (
        select counterparty_account as account_id, day, -signed as signed,
               row_number() over (partition by counterparty_account, day, signed order by nth) as nth
        from legs l anti join legs m on m.account_id = l.counterparty_account and m.counterparty_account = l.account_id
            and m.day = l.day and m.signed = -l.signed and m.nth = l.nth
    ), bare as (
        select part, row, account_id, day, signed, row_number() over (partition by account_id, day, signed order by part, row) as nth
        from transactions semi join alone using (account_id, day, signed) where not own and counterparty_account is null
    )
    update transactions t set own = true from bare join alone using (account_id, day, signed, nth) where t.part = bare.part and t.row = bare.row
"""
"""The other leg of a transfer between a customer's own accounts is one too where it does not say whom it comes from: one for one, on the day."""


def months_present(con: duckdb.DuckDBPyConnection, sheets: Sequence[Sheet]) -> list[tuple[int, int, int]]:
    """Month, first and last day of its postings, in order."""
    view = _raw(con, sheets)
    rows = con.execute(f"select month, min(date), max(date) from {view} group by month order by month").fetchall()
    return [(int(month), int(first), int(last)) for month, first, last in rows]


def link(
    con: duckdb.DuckDBPyConnection,
    sheets: Sequence[Sheet],
    period: Period,
    customers: pd.DataFrame,
    owners: pd.DataFrame | None,
    loan_ids: pd.Series[str] | None,
    own_transfers: bool,
    merged: Mapping[str, str],
    settled: Sequence[Sheet],
) -> Linked:
    """Create the table ``transactions`` in ``con``: postings up to the period's last day, each with its customer.

    Columns: customer_id, account_id, day, month, signed, amount, balance, kind, memo, channel, transaction_id, part, row,
    deposit (moves a deposit account), own (between the customer's own accounts), reversed (one of a reversed pair), and ``OTHER_SIDE``.
    ``owners``: account_id, customer_id of every account ever seen, or ``None`` where no accounts were exported. ``merged``: customer
    numbers that are another's, and that other; postings without an account stay apart by the number they bear. ``settled``: the sheets with what is refused by now.
    """
    # Long: one statement of SQL and what is told of it.
    result = Linked()
    raw = _raw(con, sheets)
    result.findings, result.refused = count_once(con, sheets, raw)
    if exists(con, "unrepeated"):
        left_out = con.execute(f"select part, row from {raw} anti join unrepeated using (part, row) order by part, row")
        result.repeats = left_out.df()
    con.register("known_customers", customers[["customer_id"]])
    has_owners = owners is not None
    if owners is not None:
        con.register("owners", owners)
    if loan_ids is not None:
        con.register("loan_ids", loan_ids.to_frame("loan_id"))
    source = "unrepeated" if exists(con, "unrepeated") else raw
    poster = _main_numbers(con, merged)
    owner = f"coalesce(o.customer_id, {poster})" if has_owners else poster
    deposit = f"(not starts_with(coalesce(t.kind, ''), '{terms.LOAN_KIND_WORD}')" + (
        " and l.loan_id is null)" if loan_ids is not None else ")"
    )
    if has_owners:
        deposit = f"(o.account_id is not null or {deposit})"
    own = "false"
    if has_owners and not own_transfers and any("counterparty_account" in sheet.columns for sheet in sheets):
        own = f"coalesce(c.customer_id = {owner}, false)"
    told = any(name in sheet.columns for sheet in sheets if sheet.table == "transactions" for name in OTHER_SIDE)
    other = "".join(f" t.{name}," for name in OTHER_SIDE) if told else ""
    con.execute(f"""
        create or replace table transactions as
        select {owner} as customer_id, coalesce(t.account_id, '~' || t.customer_id) as account_id, t.date as day, t.time, t.month, t.signed, t.amount,
               t.balance, t.kind, t.memo, t.channel, t.transaction_id,{other} t.part, t.row, {deposit} as deposit, {own} as own, false as reversed,
               {marked("t")} as marked, k.customer_id is not null as known,
               {f"o.customer_id is not null and t.customer_id is not null and o.customer_id <> {poster}" if has_owners else "false"} as disputed
        from {source} t
        {"left join merged_numbers m on m.customer_id = t.customer_id" if merged else ""}
        {"left join owners o on o.account_id = t.account_id" if has_owners else ""}
        {"left join loan_ids l on l.loan_id = t.account_id" if loan_ids is not None else ""}
        {"left join owners c on c.account_id = t.counterparty_account" if own != "false" else ""}
        left join known_customers k on k.customer_id = {owner}
        where t.date <= {period.last}
    """)
    if own != "false":
        con.execute(_OTHER_LEG)
    if not has_owners:
        only_accounts = [
            s for s in sheets if s.table == "transactions" and s.accepted and "customer_id" not in s.columns
        ]
        result.blind = only_accounts[0].export.name if only_accounts else ""
    _tell_orphans(con, settled, customers["customer_id"], owners, result)
    con.register("reversed_rows", reversed_rows(con))
    con.execute(
        "update transactions t set reversed = true from reversed_rows r where r.part = t.part and r.row = t.row"
    )
    con.execute("delete from transactions where not known")
    for column in ("marked", "known", "disputed", "time"):
        con.execute(f"alter table transactions drop {column}")
    later = con.execute(f"select count(*) from {source} where date > {period.last}").fetchall()
    if later[0][0]:
        result.findings.append(finding("table.future", count=later[0][0], day=period.as_of))
    return result


def told_twice(con: duckdb.DuckDBPyConnection, sheets: Sequence[Sheet]) -> tuple[list[Finding], Refusals]:
    """What repeats itself among the postings of all days, where no period can be told."""
    if not any(sheet.table == "transactions" and sheet.accepted for sheet in sheets):
        return [], Refusals()
    return count_once(con, sheets, _raw(con, sheets))


def all_postings(con: duckdb.DuckDBPyConnection) -> str:
    """The view of every accepted posting that ``link`` read, repeated exports counted once."""
    return next((name for name in ("unrepeated", "raw_transactions") if exists(con, name)), "")


def _main_numbers(con: duckdb.DuckDBPyConnection, merged: Mapping[str, str]) -> str:
    """The SQL of a posting's customer: the main number where hers is another's."""
    if not merged:
        return "t.customer_id"
    import pandas as pd

    con.register("merged_numbers", pd.DataFrame({"customer_id": list(merged), "main_id": list(merged.values())}))
    return "coalesce(m.main_id, t.customer_id)"


def _raw(con: duckdb.DuckDBPyConnection, sheets: Sequence[Sheet]) -> str:
    """A view over the Parquet of every transactions sheet, with null columns for what none of them has."""
    if exists(con, "raw_transactions"):
        return "raw_transactions"
    parts = []
    for part, sheet in enumerate(sheets):
        if sheet.table != "transactions" or not sheet.accepted or sheet.parquet is None:
            continue
        there = {*sheet.columns, "signed", "month", "amount"}
        fields = ", ".join(
            f"cast({name} as {kind}) as {name}" if name in there else f"cast(null as {kind}) as {name}"
            for name, kind in _WANTED.items()
        )
        parts.append(f"select {fields}, {part} as part, row from {parquet(sheet.parquet)}")
    con.execute("create or replace temp view raw_transactions as " + " union all ".join(parts))
    return "raw_transactions"


def _tell_orphans(
    con: duckdb.DuckDBPyConnection,
    sheets: Sequence[Sheet],
    customers: pd.Series[str],
    owners: pd.DataFrame | None,
    result: Linked,
) -> None:
    """Postings of an account that nobody has, of a customer that nobody knows, and of an account that is such a customer's, each told as what it is."""
    unjoined = f"{owners is None} and customer_id is null"
    owned = "coalesce(account_id in (select account_id from owners), false)" if owners is not None else "false"
    rows = con.execute(f"""
        select part, {unjoined} as unjoined, {owned} as owned, count(*), sum(abs(amount)), bool_or(starts_with(account_id, '~')),
               list(distinct case when {owned} or starts_with(account_id, '~') or {owners is None} then customer_id else account_id end order by 1)
        from transactions where not known group by all order by part, unjoined, owned
    """).fetchall()
    for part, lacking, owned_by, count, amount, by_customer, lost in rows:
        before = result.unlinked.get(part, (0, 0))
        result.unlinked[part] = (before[0] + int(count), before[1] + int(amount))
        if lacking:
            name = sheets[part].export.name
            result.findings.append(finding("table.unjoined", file=name, count=int(count), amount=int(amount)))
            continue
        where = "accounts" if owners is not None and not by_customer and not owned_by else "customers"
        key = "account_id" if where == "accounts" else "customer_id"
        known = owners["account_id"] if where == "accounts" and owners is not None else customers
        result.findings.append(
            finding(
                "intake.orphan",
                file=sheets[part].export.name,
                count=int(count),
                column=("账号所属" if owned_by else "") + terms.BY_KEY[where].column(key).label,
                table=terms.BY_KEY[where].label,
                amount=int(amount),
                **why_orphan(filter(None, lost), known, where, sheets),
            )
        )
    (disputed,) = con.execute("select count(*) from transactions where known and disputed").fetchall()
    if disputed[0]:
        result.findings.append(finding("table.owner-differs", count=disputed[0]))
