"""Which rows that people filled in stand behind an item? Targets, adjustments, typed-in actuals, fees and visits, each with file, sheet and row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from kehujingli import terms
from kehujingli.actuals import item_names
from kehujingli.actuals.ways import bare
from kehujingli.answers.explain import Node
from kehujingli.answers.sources import Sources, yuan
from kehujingli.intake.sheets.headers import parse_header
from kehujingli.periods import date_of, last_month, parse_month
from kehujingli.terms.masks import mask_numbers
from kehujingli.values import Style, plain, round_half_up, say
from kehujingli.workspace.results import Row

_SHOWN = 3


def target_nodes(sources: Sources, manager: Row, item: Row) -> Iterator[Node]:
    """How the target came about: the whole one, how much of it is due by now, and the rows of 任务数 that count, and no others."""
    span = item.get("target_span")
    if span is None:  # kept by an older version
        yield from _target_rows(sources, manager, item)
        return
    rows = tuple(_counting(sources, manager, item))
    if item.get("whole_target") is not None:
        yield Node(_derived(sources, item, span), {"target": item["target"], "whole": item["whole_target"]}, rows)
    elif item.get("policy"):
        what = "没有任务数" if not rows else "任务数没有采用"
        if "missing_target" in item["policy"]:
            yield Node(f"{what}，怎么办由办法定：{item['policy']}", {"policy": item["policy"]}, rows)
        else:
            yield Node(f"怎么办由办法定：{item['policy']}", {"policy": item["policy"]})


def _derived(sources: Sources, item: Row, span: str) -> str:
    style: Style = item["style"]
    whole, due = Decimal(item["whole_target"]), Decimal(item["target"])
    if span == "fixed":
        return f"任务 {say(due, style)}：{terms.TARGET_SPANS[span]}，任务数表里的不用"
    share = Fraction(item["due_share"])
    part = f"{share.numerator}/{share.denominator}" if 12 % share.denominator == 0 else _percent(share)
    what = f"{terms.TARGET_SPANS[span]}任务数{'（按任职折算后）' if item.get('target_note') else ''}"
    if share == 1 or whole == due:
        scaled = "" if share == 1 else f"，不折；得分折到 {part}"
        return f"任务 {say(due, style)}：{what}{scaled}"
    return f"任务 {say(due, style)} = {what} {say(whole, style)} × {part}（到 {sources.period} 的进度）"


def _percent(share: Fraction) -> str:
    return f"{plain(round_half_up(Decimal(share.numerator) * 100 / share.denominator, 2))}%"


def _counting(sources: Sources, manager: Row, item: Row) -> Iterator[Node]:
    told = {
        (row["part"], row["row"]): _said_target(row)
        for row in sources.given("targets", manager_id=_who(manager), item=_names(item))
    }
    for part, row in (map(int, place.split(":")) for place in str(item.get("target_rows") or "").split()):
        place = sources.place(part, row)
        yield Node(
            "，".join(filter(None, [told.get((part, row), terms.BY_KEY["targets"].label), place])), {"place": place}
        )


def _said_target(row: Row) -> str:
    span, unit = (f"{row[key]}" if row.get(key) else "" for key in ("period", "unit"))
    return " ".join(filter(None, [terms.BY_KEY["targets"].label, span, str(row["target"]), unit]))


def _target_rows(sources: Sources, manager: Row, item: Row) -> Iterator[Node]:
    """Every row of 任务数 that names the manager and the item."""
    for row in sources.given("targets", manager_id=_who(manager), item=_names(item)):
        place = sources.place(row["part"], row["row"])
        yield Node(f"{_said_target(row)}，{place}", {"target": str(row["target"]), "place": place})


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
        said = f"{what}：{reason}" + (f"（{papers}）" if papers else "") + f"{_hands(row)}，{place}"
        yield Node(said, {"points": row.get("points"), "reason": reason, "place": place})


def _hands(row: Row) -> str:
    """When it happened, who entered it, who approved it and when: as far as the row says it."""
    days = {key: date_of(row[key]).isoformat() for key in ("occurred_on", "approved_on") if row.get(key) is not None}
    told = [
        f"发生 {days['occurred_on']}" if "occurred_on" in days else "",
        f"经办 {row['entered_by']}" if row.get("entered_by") else "",
        f"审批 {row['approved_by']}" + (f" {days['approved_on']}" if "approved_on" in days else ""),
    ]
    return "".join(f"，{text}" for text in told if text)


def typed_nodes(sources: Sources, manager: Row, item: Row) -> Iterator[Node]:
    """The rows of 人工填报 whose figure won over the computed one."""
    for row in sources.given("actuals", manager_id=_who(manager)):
        names = names_of_item(dict(item))
        headers = [name for name in row if name in names or parse_header(name).name in names]
        name = next((name for name in headers if row[name] is not None), None)
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


EVENTS: Mapping[str, str] = {"fee_income": "fees", "visits_done_ratio": "visits"}
"""Actual → the table whose rows it counts."""


def event_nodes(sources: Sources, contribution: Row) -> Iterator[Node]:
    """Rows of fees and visits behind one customer's part of an actual, the newest first."""
    table = EVENTS.get(contribution["actual"])
    if table is None or not contribution["customer_id"]:
        return
    tests = {"customer_id": [contribution["customer_id"]]}
    if table == "fees" and contribution["entity"]:
        tests["product"] = [contribution["entity"]]
    given = [*sources.given(table, **tests), *(_slips(sources, tests) if table == "visits" else ())]
    rows = events_behind(given, contribution, sources.last_day)
    for row in rows[:_SHOWN]:
        when, what = event_said(table, row)
        place = sources.place(row["part"], row["row"])
        yield Node(f"{when} {what}，{place}", {"date": when, "place": place})
    if len(rows) > _SHOWN:
        yield Node(f"更早的 {len(rows) - _SHOWN:,} 行", {"count": len(rows) - _SHOWN})


def events_behind(given: Iterable[Row], contribution: Row, last_day: int) -> list[Row]:
    """Of a customer's rows of ``EVENTS`` those behind a contribution, up to the period's last day, the newest first."""
    dated = [row for row in given if row.get("date") is None or row["date"] <= last_day]
    rows = sorted(dated, key=lambda row: (row.get("date") or 0, row["part"], row["row"]), reverse=True)
    if EVENTS.get(contribution["actual"]) == "fees":
        rows = [row for row in rows if row["amount"] == contribution["numerator"]] or rows
    return rows


def event_said(table: str, row: Row) -> tuple[str, str]:
    """When it was, and what: the amount of a fee, the way and the purpose of a visit."""
    when = date_of(row["date"]).isoformat() if row.get("date") is not None else str(row.get("period") or "")
    if table == "fees":
        return when, yuan(row["amount"])
    return when, " ".join(str(row[key]) for key in ("way", "purpose") if row.get(key))


def all_events(sources: Sources, table: str) -> dict[str, list[Row]]:
    """Customer → her rows of a table of ``EVENTS``; 走访安排 that came back are visits too."""
    found: dict[str, list[Row]] = {}
    for row in [*sources.given(table), *(_slips(sources, {}) if table == "visits" else ())]:
        if row.get("customer_id"):
            found.setdefault(str(row["customer_id"]), []).append(row)
    return found


def _slips(sources: Sources, tests: Mapping[str, list[str]]) -> Iterator[Row]:
    """Rows of 走访安排 that came back as visits, as 走访记录 has them."""
    for row in sources.given("visit_plan", **tests):
        if row.get("result") == "met":
            made = row.get("visited_on")
            yield row | {"date": row["planned_on"] if made is None else made, "purpose": row.get("remark")}


def _who(manager: Row) -> Sequence[str]:
    return [str(text) for text in (manager["manager_id"], manager.get("name")) if text]


def names_of_item(item: Row) -> frozenset[str]:
    return item_names(str(item["item"]), str(item["item_id"]), bare(item.get("actual_name") or "") or None)


def _names(item: Mapping[str, Any]) -> list[str]:
    return sorted(names_of_item(dict(item)))
