"""Why is this customer in this class? The posting that kept it awake, the sums that made its scale, and who looks after it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from kehujingli import terms
from kehujingli.answers.explain import Node
from kehujingli.answers.sources import Sources, group_words, said_posting, yuan
from kehujingli.errors import yuan as yuan_plain
from kehujingli.measures.activity import pattern
from kehujingli.periods import Period, date_of
from kehujingli.workspace.results import Row

_MEASURES = {
    **terms.headers("average_deposit", "average_deposit_month", "average_deposit_year"),
    "deposit_balance": "存款余额（时点）",
    **terms.headers("average_loan"),
    "loan_balance": "贷款余额（时点）",
}


def explain_customer(sources: Sources, record: Row, name: str) -> Node:
    """The tree of one customer; ``record`` is its row of ``classes``, ``name`` as it may be shown."""
    accounts = sources.rows(
        "select * from {accounts} where customer_id = $1 order by account_id", record["customer_id"]
    )
    parts = [
        _frequency(sources, record, accounts),
        _scale(sources, record, accounts),
        *_change(record),
        _holder(sources, record),
    ]
    facts = {key: record[key] for key in ("customer_id", "frequency", "scale", "group", "customer_group")}
    said = f"{record['customer_id']} {name}（{sources.period}）是 {group_words(record['group'])}"
    return Node(said, facts | {"period": sources.period}, tuple(parts))


def _frequency(sources: Sources, record: Row, accounts: Sequence[Row]) -> Node:
    frequent, dormant = (sources.thresholds.get(key, {}) for key in ("frequent", "dormant"))
    counts = {key: record[key] or 0 for key in ("active_months", "transactions")}
    idle = record["idle_days"]
    tests = [
        (
            counts["active_months"] >= frequent.get("active_months", 0),
            f"活跃 {counts['active_months']} 个月",
            f"{frequent.get('active_months')} 个月",
        ),
        (
            counts["transactions"] >= frequent.get("transactions", 0),
            f"{counts['transactions']:,} 笔",
            f"{frequent.get('transactions')} 笔",
        ),
        (
            idle is not None and idle <= frequent.get("idle_days", 0),
            "从没有业务" if idle is None else f"未动 {idle} 天",
            f"{frequent.get('idle_days')} 天以内",
        ),
    ]
    label = terms.FREQUENCIES[record["frequency"]]
    if record["frequency"] == "frequent":
        why = "，".join(f"{have}（须 {need}）" for _, have, need in tests)
    elif record["frequency"] == "dormant":
        since = date_of(Period.of(sources.period).window_first(dormant.get("idle_months", 12)))
        why = f"自 {since} 起没有主动办过业务，也没有贷款、未到期定期、存续合约"
    else:
        short = "，".join(f"{have}（须 {need}）" for passed, have, need in tests if not passed)
        kept = f"；不算休眠：{_kept_awake(record)}" if "无主动交易" in (record["marks"] or "") else ""
        why = f"不够经常联系户：{short}{kept}"
    facts: dict[str, Any] = counts | {"idle_days": idle, "thresholds": {"frequent": frequent, "dormant": dormant}}
    return Node(f"{label}：{why}", facts, tuple(_awake(sources, record, accounts)))


def _kept_awake(record: Row) -> str:
    """What keeps a customer that did nothing from being dormant."""
    loan = ["有贷款余额"] if record["loan_balance"] else []
    return "、".join(
        [*loan, *(mark for mark in record["marks"].split("、") if mark in ("定期存续", "合约存续", "新户"))]
    )


def _awake(sources: Sources, record: Row, accounts: Sequence[Row]) -> Iterator[Node]:
    """The last thing the customer did itself, with its row; and what does not count."""
    last = record["last_active"]
    if last is not None:
        words = pattern(
            [*sources.thresholds.get("exclude", ()), *sources.thresholds.get("passive", ()), *terms.BALANCE_ROWS]
        )
        here = sources.postings(record["customer_id"], [row["account_id"] for row in accounts], last, last)
        own = [row for row in here if not any(re.search(words, row[key] or "") for key in ("kind", "memo"))]
        best = max(own, key=lambda row: (abs(row["signed"]), row["part"], row["row"]), default=None)
        if best is None:
            lies = sources.linked_from
            gone = f"流水在 {lies.shown}，请在那里按账号和日子查" if lies else "流水已不在缓存里，重跑后可看到是哪一笔"
            yield Node(f"最近一次主动办业务在 {date_of(last)}（{gone}）")
        else:
            place = sources.place(best["part"], best["row"])
            facts = {"date": date_of(last).isoformat(), "amount": yuan_text(best["signed"]), "place": place}
            yield Node(f"最近一笔：{said_posting(best)}，{place}", facts)
    passive = record["passive_transactions"] or 0
    if passive:
        yield Node(f"另有代发、代扣等 {passive:,} 笔不是客户主动办的，不算", {"passive_transactions": passive})


def _edges(bounds: Row) -> str:
    return "，".join(
        f"{terms.SCALES[key]} {Decimal(bounds[key]):,.0f} 元起" for key in ("medium", "large") if key in bounds
    )


def _scale(sources: Sources, record: Row, accounts: Sequence[Row]) -> Node:
    scale = sources.thresholds.get("scale", {})
    bounds = scale.get("bounds", {}).get(record["customer_type"] or "person", {})
    measures = scale.get("measure", [])
    summed = " + ".join(f"{_MEASURES.get(key, key)} {yuan(record.get(key))}" for key in measures)
    joined = {"sum": summed, "max": f"{summed}，存、贷各自定档取高"}.get(scale.get("combine", "sum"), summed)
    lent = scale.get("loan_bounds", {}).get(record["customer_type"] or "person", {})
    edges = f"存款{_edges(bounds)}；贷款{_edges(lent)}" if lent else _edges(bounds)
    next_step = f"，距上一档 {yuan(record['to_next_scale'])}" if record["to_next_scale"] else ""
    buffered = f"；连续第 {record['below']} 期低于下限，缓冲中" if record["below"] else ""
    said = f"{terms.SCALES[record['scale']]}：业务规模 {yuan(record['scale_amount'])}（{joined}）；{edges}{next_step}{buffered}"
    facts = {key: yuan_text(record.get(key)) for key in ("scale_amount", "to_next_scale", *measures)}
    lines = {"bounds": bounds} | ({"loan_bounds": lent} if lent else {})
    return Node(said, facts | lines, tuple(_holdings(sources, record, accounts)))


def _holdings(sources: Sources, record: Row, accounts: Sequence[Row]) -> Iterator[Node]:
    for row in accounts:
        place = sources.place(row.get("source_part"), row.get("source_row"))
        kind = terms.DEPOSIT_KINDS.get(row["kind"], "")
        said = f"账户 {row['account_id']} {kind} 余额 {yuan(row['balance'])}" + (f"，{place}" if place else "")
        yield Node(said, {"account_id": row["account_id"], "balance": yuan_text(row["balance"]), "place": place})
    for row in sources.rows("select * from {loans} where customer_id = $1 order by loan_id", record["customer_id"]):
        place = sources.place(row.get("source_part"), row.get("source_row"))
        five = terms.FIVE_CLASSES.get(row["five_class"], "")
        said = f"借据 {row['loan_id']} {five} 余额 {yuan(row['balance'])}" + (f"，{place}" if place else "")
        yield Node(said, {"loan_id": row["loan_id"], "balance": yuan_text(row["balance"]), "place": place})


def _change(record: Row) -> Iterator[Node]:
    if record["previous_group"]:
        change = terms.CHANGES.get(record["change"], "")
        facts = {"previous_group": record["previous_group"], "change": record["change"]}
        yield Node(f"上期 {group_words(record['previous_group'])}，变动：{change}", facts)


def _holder(sources: Sources, record: Row) -> Node:
    held = f"{record['holder_id']} {record['manager_name'] or ''}".strip() if record["holder_id"] else "没有"
    facts: dict[str, Any] = {"holder_id": record["holder_id"]}
    planned = sources.rows("select * from {plan} where customer_id = $1", record["customer_id"])
    if not planned:
        return Node(f"管户经理：{held}；本期方案列公共户，不配客户经理", facts)
    move = terms.MOVES[planned[0]["move"]]
    to = (
        f" → {planned[0]['assigned_manager']} {planned[0]['assigned_name'] or ''}"
        if planned[0]["move"] in ("moved", "new")
        else ""
    )
    facts |= {"move": planned[0]["move"], "assigned_manager": planned[0]["assigned_manager"]}
    return Node(f"管户经理：{held}；本期方案{move}{to}：{planned[0]['reason']}", facts)


def yuan_text(cents: int | None) -> str | None:
    """Money in JSON: text with two decimals."""
    return None if cents is None else yuan_plain(cents)
