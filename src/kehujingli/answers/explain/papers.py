"""Which rows that people filled in stand behind an item? Targets, adjustments, typed-in actuals, fees and visits, each with file, sheet and row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from kehujingli import terms
from kehujingli.actuals import item_names
from kehujingli.actuals.ways import bare
from kehujingli.answers.explain import Node
from kehujingli.answers.sources import Sources, yuan
from kehujingli.periods import date_of, last_month, parse_month
from kehujingli.terms.masks import mask_numbers
from kehujingli.workspace.results import Row

_SHOWN = 3


def target_nodes(sources: Sources, manager: Row, item: Row) -> Iterator[Node]:
    """The rows of 任务数 that name the manager and the item."""
    for row in sources.given("targets", manager_id=_who(manager), item=_names(item)):
        span = f"{row['period']} " if row.get("period") else ""
        unit = f" {row['unit']}" if row.get("unit") else ""
        place = sources.place(row["part"], row["row"])
        yield Node(f"任务数 {span}{row['target']}{unit}，{place}", {"target": str(row["target"]), "place": place})


def adjustment_nodes(
    sources: Sources, manager: Row, *, only: frozenset[str] | None = None, but: frozenset[str] = frozenset()
) -> Iterator[Node]:
    """The rows of 加减分 that the period adopted: those whose item is among ``only``, or all ``but`` some items."""
    adopted = {
        (row["source_part"], row["source_row"])
        for row in sources.rows("select source_part, source_row from {adjustments}")
    }
    for row in sources.given("adjustments", manager_id=_who(manager)):
        if (row["part"], row["row"]) not in adopted:
            continue
        named = str(row.get("item") or "").strip()
        if named in but or (only is not None and named not in only):
            continue
        amount = yuan(int(row["amount"])) if row.get("amount") is not None else named
        what = f"{Decimal(row['points']):+f} 分" if row.get("points") else amount
        papers = "，".join(str(row[key]) for key in ("document", "corrects") if row.get(key))
        place = sources.place(row["part"], row["row"])
        reason = mask_numbers(str(row["reason"]))
        said = f"{what}：{reason}" + (f"（{papers}）" if papers else "") + f"，审批 {row['approved_by']}，{place}"
        yield Node(said, {"points": row.get("points"), "reason": reason, "place": place})


def typed_nodes(sources: Sources, manager: Row, item: Row) -> Iterator[Node]:
    """The rows of 人工填报 whose figure won over the computed one."""
    for row in sources.given("actuals", manager_id=_who(manager)):
        name = next((name for name in _names(item) if row.get(name) is not None), None)
        if name is None or (row.get("period") and last_month(row["period"]) != parse_month(sources.period)):
            continue
        papers = "，".join(
            f"{word} {row[key]}"
            for key, word in (("source", terms.label("source")), ("approved_by", "审批"))
            if row.get(key)
        )
        place = sources.place(row["part"], row["row"])
        yield Node(
            f"人工填报 {row[name]}" + (f"（{papers}）" if papers else "") + f"，{place}",
            {"value": str(row[name]), "place": place},
        )


def event_nodes(sources: Sources, contribution: Row) -> Iterator[Node]:
    """Rows of fees and visits behind one customer's part of an actual, the newest first."""
    table = {"fee_income": "fees", "visits_done_ratio": "visits"}.get(contribution["actual"])
    if table is None or not contribution["customer_id"]:
        return
    tests = {"customer_id": [contribution["customer_id"]]}
    if table == "fees" and contribution["entity"]:
        tests["product"] = [contribution["entity"]]
    dated = [row for row in sources.given(table, **tests) if row.get("date") is None or row["date"] <= sources.last_day]
    rows = sorted(dated, key=lambda row: (row.get("date") or 0, row["part"], row["row"]), reverse=True)
    if table == "fees":
        rows = [row for row in rows if row["amount"] == contribution["numerator"]] or rows
    for row in rows[:_SHOWN]:
        place = sources.place(row["part"], row["row"])
        when = date_of(row["date"]).isoformat() if row.get("date") is not None else str(row.get("period") or "")
        what = (
            yuan(row["amount"])
            if table == "fees"
            else " ".join(str(row[key]) for key in ("way", "purpose") if row.get(key))
        )
        yield Node(f"{when} {what}，{place}", {"date": when, "place": place})
    if len(rows) > _SHOWN:
        yield Node(f"更早的 {len(rows) - _SHOWN:,} 行", {"count": len(rows) - _SHOWN})


def _who(manager: Row) -> Sequence[str]:
    return [str(text) for text in (manager["manager_id"], manager.get("name")) if text]


def names_of_item(item: Row) -> frozenset[str]:
    return item_names(str(item["item"]), str(item["item_id"]), bare(item.get("actual_name") or "") or None)


def _names(item: Mapping[str, Any]) -> list[str]:
    return sorted(names_of_item(dict(item)))
