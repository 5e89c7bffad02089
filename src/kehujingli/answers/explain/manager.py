"""Why this pay? Pay ← score ← items ← actuals ← customers ← rows of the exports, the costliest item first where none is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from kehujingli import terms
from kehujingli.answers.explain import Node
from kehujingli.answers.explain.limits import limits_of_pay, score_steps, worth_nodes
from kehujingli.answers.explain.papers import adjustment_nodes, names_of_item, target_nodes, typed_nodes
from kehujingli.answers.explain.parts import actual_nodes
from kehujingli.answers.sources import Sources
from kehujingli.scoring.owed import owed
from kehujingli.values import say
from kehujingli.workspace.results import Row


def explain_manager(sources: Sources, manager: Row, item: str | None, *, everything: bool = False) -> Node:
    """The tree of one manager; with ``item`` (id or label) only that item, down to customers and rows: the largest, or ``everything``.

    Raises ``LookupError``."""
    who = manager["manager_id"]
    sources.need_scores()
    items = sources.rows("select * from {items} where manager_id = $1", who)
    if item is not None and not items:
        return _before_leaving(sources, manager, item, everything=everything)
    if item is not None:
        wanted = [row for row in items if item in (row["item_id"], row["item"])] or [
            row for row in items if item in row["item"]
        ]
        if not wanted:
            raise LookupError("、".join(row["item"] for row in items))
        return _item(sources, manager, wanted[0], deep=True, everything=everything)
    scored = sources.rows("select * from {scores} where manager_id = $1", who)
    paid = sources.rows("select * from {pay} where manager_id = $1 order by branch_id", who)
    title = f"{who} {manager['name'] or ''}（{sources.period}）"
    tops = [*(_pay(sources, row) for row in paid if row["paid"] is not None), *_still_owed(sources, who)]
    if not scored or scored[0]["score"] is None:
        remark = scored[0]["remark"] if scored else "名册里没有或不在岗"
        return Node(
            f"{title}没有得分：{remark}",
            {"manager_id": who, "score": None},
            (*tops, *_items(sources, manager, items)),
        )
    points = _score(sources, manager, scored[0], items)
    facts: dict[str, Any] = {"manager_id": who, "period": sources.period, "score": scored[0]["score"]}
    return Node(f"{title}得分 {scored[0]['score']}", facts, (*tops, *_next(sources, scored[0], items, paid), points))


def _before_leaving(sources: Sources, manager: Row, item: str, *, everything: bool) -> Node:
    """An item of somebody whom this period does not score any more: as the last one that did has it."""
    who = manager["manager_id"]
    title = f"{who} {manager['name'] or ''}（{sources.period}）没有计分：名册里没有或已离任"
    facts = {"manager_id": who, "period": sources.period, "score": None}
    for name in reversed(sources.workspace.period_names()):
        if name >= sources.period:
            continue
        earlier = Sources(sources.workspace, name)
        if earlier.has("items") and earlier.rows("select 1 from {items} where manager_id = $1 limit 1", who):
            tree = explain_manager(earlier, manager, item, everything=everything)
            return Node(f"{title}；最近一次计分在 {name}", facts | {"scored_in": name}, (tree,))
    return Node(f"{title}，以前各期也没有他的计分", facts)


def _pay(sources: Sources, row: Row) -> Node:
    """One row of 绩效薪酬: how the pay came about, what of earlier months is paid with it, and what comes out."""
    branch = row["branch_name"] or row["branch_id"]
    if row["pay"] is None:
        said = f"{branch}：本期没有应发，实际兑付 {_money(row['paid'])} 元"
    elif row["standard"] is None or "；" in (row.get("parts") or ""):
        said = f"{branch}：应发 {_money(row['pay'])} 元 = {row.get('parts') or ''}"
    else:
        said = f"{branch}：应发 {_money(row['pay'])} 元 = 绩效标准 {_money(row['standard'])} × 计发得分 {row['score']} ÷ 100 × 在岗 {row['duty_share']} 天"
    parts = [
        Node(f"{word} {_money(row[key])} 元", {key: row[key]}, tuple(_debts(sources, row, key)))
        for key, word in _PARTS
        if key == "paid" or row.get(key) not in (None, "0", "0.00", 0)
    ]
    if any(word in (row.get("remark") or "") for word in ("待扣", "多预发未扣")):
        parts.append(Node(row["remark"], {"remark": row["remark"]}))
    return Node(said, {"pay": row["pay"], "standard": row["standard"], "duty_share": row["duty_share"]}, tuple(parts))


_PARTS = (
    ("advance", terms.label("advance")),
    ("deferred", terms.label("deferred")),
    ("to_settle", "其中待年终清算"),
    ("settled", terms.label("settled")),
    ("matured", terms.label("matured")),
    ("granted", terms.label("granted")),
    ("clawback", terms.label("clawback")),
    ("carried", terms.label("carried")),
    ("paid", "本期实付"),
)


def _debts(sources: Sources, row: Row, key: str) -> Iterator[Node]:
    """Which periods' pay a settlement or matured part is of; when what is put off is paid."""
    if key in ("deferred", "to_settle"):
        if not sources.has("ledger"):
            return
        kinds = ["deferred"] if key == "deferred" else ["settled"]
        yield from (
            Node(f"{line['due']} 付 {_money(line['amount'])} 元", {"due": line["due"], "amount": line["amount"]})
            for line in sources.rows(
                "select due, amount from {ledger} where manager_id = $1 and branch_id = $2 and list_contains($3, kind) order by due",
                row["manager_id"],
                row["branch_id"],
                kinds,
            )
        )
        return
    kind = {"settled": "settled_paid", "matured": "deferred_paid", "granted": "granted"}.get(key)
    if kind is None:
        return
    lines = sources.rows(
        "select linked, amount from {ledger} where manager_id = $1 and kind = $2", row["manager_id"], kind
    )
    sums: dict[str, Decimal] = {}
    for line in lines:
        sums[line["linked"]] = sums.get(line["linked"], Decimal(0)) + Decimal(line["amount"])
    for period, amount in sorted(sums.items()):
        yield Node(
            f"{f'{period} 的' if period else '没有写是哪一期的'} {amount:,.2f} 元",
            {"period": period, "amount": f"{amount:.2f}"},
        )


def _still_owed(sources: Sources, who: str) -> Iterator[Node]:
    """What of this and earlier periods is still to be paid, month by month: whose pay was kept back knows where it is."""
    left = owed(sources.lines_of(who))
    if not left:
        return
    parts = [
        Node(
            f"{row.due} {terms.OWED[row.kind]} {row.amount:,.2f} 元",
            {"due": row.due, "kind": row.kind, "amount": f"{row.amount:.2f}"},
        )
        for row in left
    ]
    total = sum((row.amount for row in left), Decimal(0))
    yield Node(f"到本期为止还没有付的 {total:,.2f} 元", {"owed": f"{total:.2f}"}, tuple(parts))


def _next(sources: Sources, scored: Row, items: Sequence[Row], paid: Sequence[Row]) -> Iterator[Node]:
    """What cost the most points, what one more point is worth, and how far the rank above is."""
    lost = [(cost, item) for item in items if (cost := _lost(item)) is not None and cost > 0]
    worst = sorted(lost, key=lambda pair: -pair[0])[:3]
    if worst:
        said = "，".join(f"{item['item']} {cost:f} 分" for cost, item in worst)
        yield Node(f"失分最多：{said}", {"lost": {item["item_id"]: f"{cost:f}" for cost, item in worst}})
    if scored.get("reached") or "差：" in (scored["remark"] or ""):
        said = f"本期评级 {scored.get('reached') or '没有'}"
        yield Node(
            f"{said}；{scored['remark']}" if scored["remark"] else said, {"reached": scored.get("reached") or None}
        )
    yield from worth_nodes(scored, items, paid)
    score = Decimal(scored["score"])
    above = (
        sources.rows(
            "select distinct manager_id, rank, score from {scores} where rank_group = $1 and rank < $2 order by rank desc limit 1",
            scored["rank_group"],
            scored["rank"],
        )
        if scored["rank"]
        else []
    )
    for row in above:
        short = Decimal(row["score"]) - score
        limit = scored.get("score_limit")
        beyond = limit is not None and Decimal(row["score"]) > Decimal(limit)
        first = f"（先要解除 {scored['limited_by']}，现在最多 {Decimal(limit):f} 分）" if beyond and limit else ""
        yield Node(f"再多 {short:f} 分追平第 {row['rank']} 名{first}", {"to_next_rank": f"{short:f}"})


def explain_gap(sources: Sources, manager: Row) -> Node:
    """What the next point would need, item by item, the costliest first. ``facts`` hold the items as JSON."""
    who = manager["manager_id"]
    sources.need_scores()
    items = sources.rows("select * from {items} where manager_id = $1", who)
    scored = sources.rows("select * from {scores} where manager_id = $1", who)
    title = f"{who} {manager['name'] or ''}（{sources.period}）"
    if not scored or scored[0]["score"] is None:
        return Node(
            f"{title}没有得分：{scored[0]['remark'] if scored else '名册里没有或不在岗'}",
            {"manager_id": who, "score": None},
        )
    paid = sources.rows("select * from {pay} where manager_id = $1 order by branch_id", who)
    parts = list(_next(sources, scored[0], items, paid))
    held = "、".join(part for row in paid for part in limits_of_pay(row))
    for item in sorted(items, key=lambda row: -(_lost(row) or Decimal(0))):
        lost = _lost(item)
        if not item["next_step"] and not (lost and lost > 0):
            continue
        cost = f"少 {lost:f} 分，" if lost is not None and lost > 0 else ""
        step = item["next_step"] or _idle(item)
        if item["next_step"] and item["source"] not in ("系统", "见条件", None):
            step += f"（实绩以{item['source']}为准）"
        if item["next_step"] and item.get("counts") == "pay" and held:
            step += f"（应发有{held}，不一定多发）"
        facts = {
            "item_id": item["item_id"],
            "lost": None if lost is None else f"{lost:f}",
            "next_step": item["next_step"],
        }
        parts.append(Node(f"{item['item']} {item['item_points'] or '未计'}：{cost}{step}", facts))
    return Node(
        f"{title}得分 {scored[0]['score']}，还差在哪里",
        {"manager_id": who, "period": sources.period, "score": scored[0]["score"]},
        tuple(parts),
    )


def _idle(item: Row) -> str:
    """What moves an item for which its shape knows no step."""
    if item["source"] == terms.BY_KEY["adjustments"].label:
        return "只看加减分"
    return "再好也不加分" if item["actual"] is not None or item["source"] == "见条件" else str(item["working"])


def _money(text: str | None) -> str:
    return "" if text is None else f"{Decimal(text):,.2f}"


def _score(sources: Sources, manager: Row, row: Row, items: Sequence[Row]) -> Node:
    remark = f"（{row['remark']}）" if row["remark"] else ""
    rank = (
        f"，{terms.SPECIALISMS.get(row['rank_group'], row['rank_group'])}组第 {row['rank']} 名" if row["rank"] else ""
    )
    counting = frozenset(
        name for item in items if item["source"] == terms.BY_KEY["adjustments"].label for name in names_of_item(item)
    )
    told = Decimal(row["adjustment"] or 0) or row["gate"]  # a veto adds nothing, and is a line of 加减分 all the same
    extra = tuple(adjustment_nodes(sources, manager, but=counting)) if told else ()
    said, steps = score_steps(row, items)
    facts = {"score": row["score"], "raw_score": row["raw_score"], "rank": row["rank"]}
    return Node(f"{said}{remark}{rank}", facts, (*steps, *extra, *_items(sources, manager, items)))


def _items(sources: Sources, manager: Row, items: Sequence[Row]) -> Iterator[Node]:
    """The items in the order of what they cost."""
    for item in sorted(
        items, key=lambda row: Decimal("-Infinity") if (lost := _lost(row)) is None else lost, reverse=True
    ):
        yield _item(sources, manager, item, deep=False)


def _lost(item: Row) -> Decimal | None:
    return None if item["item_points"] is None else Decimal(item["points"]) - Decimal(item["item_points"])


def _item(sources: Sources, manager: Row, item: Row, *, deep: bool, everything: bool = False) -> Node:
    lost = _lost(item)
    cost = f"，比标准分少 {lost:f}" if lost is not None and lost > 0 else ""
    step = f"；{item['next_step']}" if item["next_step"] else ""
    points = item["item_points"] if item["item_points"] is not None else "未计"
    facts = {
        key: item[key]
        for key in ("item_id", "item", "points", "item_points", "actual", "target", "working", "source", "next_step")
    }
    said = f"{item['item']} {points}（标准 {item['points']}{cost}）：{item['working']}{step}"
    return Node(said, facts, tuple(_behind(sources, manager, item, everything=everything)) if deep else ())


def _behind(sources: Sources, manager: Row, item: Row, *, everything: bool) -> Iterator[Node]:
    """What an item follows from: its target, its actual with the customers that made it, or the lines that people entered."""
    yield from target_nodes(sources, manager, item)
    if item["source"] == terms.BY_KEY["adjustments"].label:
        lines = tuple(adjustment_nodes(sources, manager, only=names_of_item(item)))
        yield from lines or (Node("本期没有这一项的加减分"),)
        return
    if item["source"] not in ("系统", None):
        typed = tuple(typed_nodes(sources, manager, item))
        yield from typed or (Node(f"来源：{item['source']}", {"source": item["source"]}),)
        if item.get("computed") is not None:
            said = say(Decimal(item["computed"]), item["style"])
            yield Node(f"程序算的是 {said}，以填报的为准", {"computed": item["computed"]})
        return
    if "actual_name" not in item:
        yield Node(
            f"这一期是旧版程序跑的，没有留下由哪些客户合成；重跑（kehujingli run --period {sources.period}）后再问"
        )
    if item.get("actual_name"):
        yield from actual_nodes(sources, manager["manager_id"], item, everything=everything)
