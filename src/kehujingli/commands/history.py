"""What do balance, owners do? What stood on a customer's accounts day by day, and who held it when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kehujingli import terms
from kehujingli.commands.common import Common, period_text, request_of, workspace_of
from kehujingli.commands.console import say, say_json, say_table
from kehujingli.commands.options import OF_RESULTS, leave, typed
from kehujingli.commands.show import say_hits
from kehujingli.errors import Exit, problem, yuan, yuan_grouped
from kehujingli.periods import Period, date_of, day_of

if TYPE_CHECKING:
    import duckdb

    from kehujingli.answers.cards import Hits
    from kehujingli.answers.studies import KeptPeriod
    from kehujingli.month import Month
    from kehujingli.workspace import Workspace

_MEASURES = (
    ("window", "average_deposit", None),
    ("year", "average_deposit_year", "average_year"),
    ("month", "average_deposit_month", "average_month"),
)


def balance(common: Common, customer: str, first: str | None, last: str | None) -> Exit:
    """Change points, 积数 and averages of one customer."""
    # Long: the same figures three ways, as JSON, CSV and a table, beside each other so that they stay the same.
    from kehujingli.answers.explain.balance import WHOLE, accounts_of, history
    from kehujingli.answers.sources import Sources
    from kehujingli.answers.studies import KeptPeriod
    from kehujingli.tables.averages import spans_of

    workspace, hits = _one(common, customer)
    if hits is None:
        return Exit.DONE
    record = hits.records[0]
    who, sources = str(record["customer_id"]), Sources(workspace, hits.period)
    kept = KeptPeriod(workspace, sources)
    rules, period = kept.rules.segment, kept.period
    spans = spans_of(period, rules.window_months)
    start, end = _range(first, last, spans["window"].first, period)
    rows = sources.rows("select * from {accounts} where customer_id = $1 order by account_id", who)
    weights = {kind: int(weight * WHOLE) for kind, weight in rules.deposit_weights.items()}
    accounts = accounts_of(rows, weights, _moves(common, kept, [str(row["account_id"]) for row in rows]))
    told = history(accounts, start, end)
    averages = []
    for span, measure, official in _MEASURES:
        known = history(accounts, spans[span].first, spans[span].last)
        given = official and any(row.get(official) is not None for row in rows)
        averages.append(
            {
                "measure": measure,
                "label": terms.said(measure),
                "from": date_of(spans[span].first).isoformat(),
                "to": date_of(spans[span].last).isoformat(),
                "days": known.days,
                "product": _product(known.product),
                "average": yuan(known.average),
                "stored": None if record[measure] is None else yuan(record[measure]),
                "official": bool(given),
            }
        )
    steps = [
        {
            "from": date_of(item.first).isoformat(),
            "to": date_of(item.last).isoformat(),
            "days": item.days,
            "balance": yuan(item.balance),
            "product": _product(item.product),
        }
        for item in told.stretches
    ]
    result: dict[str, Any] = {
        "customer_id": who,
        "period": hits.period,
        "from": date_of(start).isoformat(),
        "to": date_of(end).isoformat(),
        "days": told.days,
        "product": _product(told.product),
        "average": yuan(told.average),
        "steps": steps,
        "averages": averages,
    }
    if common.json:
        say_json(result)
        return Exit.DONE
    say(f"{who} {record['customer_name'] or ''}（{hits.period}）{len(rows)} 个存款账户，日终余额逐段：")
    headers = terms.words("first_day", "last_day", "yuan_balance", "days", "yuan_days")
    body = [(s.first, s.last, s.balance, s.days, s.product) for s in told.stretches]
    say_table(headers, [[date_of(a), date_of(b), yuan_grouped(c), f"{d:,}", _grouped(p)] for a, b, c, d, p in body])
    if any(account.weight != WHOLE for account in accounts):
        say("有账户按折算系数计（见办法 deposit_weights），积数是折算后的。")
    say(f"Σ积数 {_grouped(told.product)} ÷ {told.days} 天 = 日均 {yuan_grouped(told.average)} 元")
    for item in averages:
        say(f"  {item['label']}（{item['from']} 至 {item['to']}，{item['days']} 天）{_stored(item)}")
    return Exit.DONE


def _stored(item: dict[str, Any]) -> str:
    average, stored = (item[key] and f"{Decimal(item[key]):,.2f}" for key in ("average", "stored"))
    if stored is None:
        return f"算得 {average} 元；期前余额不知道，本期未采用"
    if stored == average:
        return f"{average} 元，与本期所用相同"
    why = "账户表给了日均，以账户表为准" if item["official"] else "导出或办法在跑批以后变过，请重跑"
    return f"算得 {average} 元，本期所用 {stored} 元：{why}"


def owners(common: Common, customer: str, first: str | None, last: str | None) -> Exit:
    """Who held it, from when to when, by which document."""
    from kehujingli.answers.explain.owners import owners as told
    from kehujingli.answers.sources import Sources
    from kehujingli.lists.main import manager_names
    from kehujingli.workspace.plans import plans_of

    workspace, hits = _one(common, customer)
    if hits is None:
        return Exit.DONE
    who, manifest = str(hits.records[0]["customer_id"]), Sources(workspace, hits.period).manifest
    month = _month(common, workspace, manifest["as_of"], hits.period)
    start, end = _range(first, last, min(month.period.window_first(12), month.period.year_first), month.period)
    names = manager_names(month.tables["managers"])
    records = [
        {
            "what": item.what,
            "key": item.key,
            "from": date_of(item.first).isoformat(),
            "to": date_of(item.last).isoformat(),
            "manager_id": item.holder,
            "name": names.get(item.holder),
            "share": item.share,
            "basis": item.basis,
        }
        for item in told(month.tables, month.committed, plans_of(workspace.plans), who, start, end)
    ]
    if common.json:
        say_json({"customer_id": who, "period": hits.period, "owners": records})
        return Exit.DONE
    say(f"{who} {hits.records[0]['customer_name'] or ''}（{hits.period}）{date_of(start)} 至 {date_of(end)} 归谁：")
    headers = terms.words("object", "serial", "first_day", "last_day", "manager_id", "name", "portion", "by")
    say_table(headers, [list(record.values()) for record in records])
    return Exit.DONE


def _one(common: Common, value: str) -> tuple[Workspace, Hits | None]:
    """The workspace and the one customer who bears the number or name; several are listed."""
    from kehujingli.answers.cards import find
    from kehujingli.workspace.log import note_log

    workspace = workspace_of(common, needed=True)
    assert workspace is not None
    if common.unmask:
        note_log(workspace, "unmask", command="balance", value=value)
    hits = find(workspace, period_text(common.period), "客户", value, unmask=common.unmask)
    if not hits.records:
        raise hits.nobody(value)
    if len(hits.records) > 1:
        say_hits(hits, value, as_json=common.json)
        return workspace, None
    return workspace, hits


def _month(common: Common, workspace: Workspace, as_of: str, period: str) -> Month:
    """The period's tables, linked as the run linked them."""
    from dataclasses import replace

    from kehujingli.month import open_month

    partial = None if Period.of(period).as_of.isoformat() == as_of else date.fromisoformat(as_of)
    request = replace(request_of(common, workspace), period=period, as_of=partial)
    return open_month(request, workspace.ledger)


def _moves(common: Common, kept: KeptPeriod, accounts: list[str]) -> dict[str, list[tuple[int, int]]]:
    """What moved on each account by day: as the period kept it, or for one that an older program ran from the exports."""
    if kept.results.has("daily_sums"):
        con, table = kept.results.con, kept.results.source("daily_sums")
    else:
        import pyarrow as pa

        from kehujingli.measures.flows import daily_sums
        from kehujingli.month.required import need

        month = _month(common, kept.workspace, kept.manifest["as_of"], kept.results.period)
        need(month.tables, "transactions", terms.label("balance"), month.where)
        con, table = month.tables.con, "daily_sums"
        con.register(table, pa.concat_tables(daily_sums(month.postings)))
    return moves_of(con, table, accounts)


def moves_of(con: duckdb.DuckDBPyConnection, table: str, accounts: Sequence[str]) -> dict[str, list[tuple[int, int]]]:
    """Account → (day, 分) in order, from a table of daily sums as SQL reads it."""
    asked = f"select account_id, day, signed from {table} where list_contains($1, account_id) order by account_id, day"
    found: dict[str, list[tuple[int, int]]] = {}
    for account, day, signed in con.execute(asked, [list(accounts)]).fetchall():
        found.setdefault(account, []).append((day, signed))
    return found


def _range(first: str | None, last: str | None, usual: int, period: Period) -> tuple[int, int]:
    start = usual if first is None else _day(first, "--from")
    end = period.last if last is None else _day(last, "--to")
    if end > period.last or start > end:
        detail = f"{period.name} 的数据只到 {period.as_of}" if end > period.last else "起在止后"
        raise problem(
            "option.bad", option="--to", value=date_of(end), detail=detail, cure="请改日期，或用 --period 换一期。"
        )
    return start, end


def _day(text: str, option: str) -> int:
    try:
        return day_of(date.fromisoformat(text))
    except ValueError:
        raise problem("option.bad", option=option, value=text, detail="不是日期", cure="请写成 2026-10-31。") from None


def _product(value: Any) -> str:
    """分·天 as 元·天 with two decimals."""
    from kehujingli.values import nearest

    return yuan(nearest(value))


def _grouped(value: Any) -> str:
    from kehujingli.values import nearest

    return yuan_grouped(nearest(value))


Customer = Annotated[str, typer.Argument(metavar="客户", help="客户号、名称、手机、账号或账号后四位")]
Since = Annotated[str | None, typer.Option("--from", metavar="日期", help="从哪一天起，如 2026-10-01")]
Until = Annotated[str | None, typer.Option("--to", metavar="日期", help="到哪一天止")]


@typed(*OF_RESULTS, examples="kehujingli balance C000123 --from 2026-10-01\nkehujingli balance 张三 --json")
def typed_balance(common: Common, customer: Customer, since: Since = None, until: Until = None) -> None:

    leave(balance(common, customer, since, until))


@typed(*OF_RESULTS, examples="kehujingli owners C000123\nkehujingli owners C000123 --from 2026-01-01 --json")
def typed_owners(common: Common, customer: Customer, since: Since = None, until: Until = None) -> None:

    leave(owners(common, customer, since, until))
