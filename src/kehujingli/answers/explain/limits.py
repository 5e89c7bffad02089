"""How do items become the score that pays, and what is one more point worth? Scaling, adjustments and limits as steps that add up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from kehujingli.answers.explain import Node
from kehujingli.values import round_half_up
from kehujingli.workspace.results import Row


def score_steps(row: Row, items: Sequence[Row]) -> tuple[str, tuple[Node, ...]]:
    """The sentence of the score, whose numbers add up at each step, and the steps beside the items as nodes."""
    summed = " + ".join(item["item_points"] for item in _counted(items)) or "0"
    adjustment, raw, score = (Decimal(row[key] or 0) for key in ("adjustment", "raw_score", "score"))
    whole, scaled = sums(row, items)
    items_sum = whole - scaled
    steps = []
    if scaled:
        steps.append(
            Node(
                f"折算：各项合计 {items_sum:f}，{row['remark'] or '不计的项按比例放大'}，{scaled:+f}，成 {items_sum + scaled:f}",
                {"items": f"{items_sum:f}", "scaled": f"{scaled:f}"},
            )
        )
    held = f"{raw:.{max(0, -int(score.as_tuple().exponent))}f}" != str(row["score"]) and raw > score
    said = f"{summed}{f'，折算 {scaled:+f}' if scaled else ''}{f'，加减分 {adjustment:+f}' if adjustment else ''}"
    if not held:
        gate = f"，{row['gate']}" if row["gate"] else ""
        return f"得分 {row['score']} = {said}{gate}", tuple(steps)
    why = row["gate"] or row.get("limited_by") or "封顶"
    steps.append(
        Node(
            f"封顶：{why}，原始 {raw:f} 只计发 {row['score']}，少 {raw - score:f}",
            {"raw_score": f"{raw:f}", "score": row["score"], "limited_by": why},
        )
    )
    return f"得分 {row['score']}：原始 {raw:f} = {said}；封顶（{why}）后计发 {row['score']}", tuple(steps)


def _counted(items: Sequence[Row]) -> list[Row]:
    return [item for item in items if item["item_points"] is not None and item.get("counts") != "pay"]


def sums(scored: Row, items: Sequence[Row]) -> tuple[Decimal, Decimal]:
    """The sum of the items after scaling, and how much of it the scaling added."""
    raw, adjustment = (Decimal(scored[key] or 0) for key in ("raw_score", "adjustment"))
    return raw - adjustment, raw - adjustment - sum(
        (Decimal(item["item_points"]) for item in _counted(items)), Decimal(0)
    )


def worth_nodes(scored: Row, items: Sequence[Row], paid: Sequence[Row]) -> Iterator[Node]:
    """What one more point would add to the pay: nothing where a limit holds, and then which; of pay by others' scores too nothing is said.

    Where items are left out and the others scaled up, a point of an item is more than one of the score.
    """
    known = [Decimal(row["point_worth"]) for row in paid if row.get("point_worth") is not None]
    if not known:
        return
    worth = sum(known, Decimal(0))
    limit, raw = scored.get("score_limit"), Decimal(scored["raw_score"] or 0)
    facts = {"point_worth": f"{worth:.2f}"}
    if limit is not None and raw >= Decimal(limit):
        why = scored["limited_by"]
        over = f"，原始 {raw:f} 分超出的 {raw - Decimal(limit):f} 分不计发" if raw > Decimal(limit) else ""
        yield Node(
            f"再多得分也不多发：{why}，最多计发 {Decimal(limit):f} 分{over}；这一条解除，才会多发",
            facts | {"score_limit": str(limit), "limited_by": why},
        )
    elif worth == 0:
        held = "、".join(part for row in paid for part in limits_of_pay(row))
        yield Node(f"再多 1 分，应发不变{f'：{held}' if held else ''}", facts)
    else:
        room = Decimal(limit) - raw if limit is not None else None
        rest = f"，最多再计 {room:f} 分（{scored['limited_by']}）" if room is not None and room < 100 else ""
        summed, scaled = sums(scored, items)
        more = (
            f"（各项每 1 分折成 {round_half_up(summed / (summed - scaled), 2):f} 分）"
            if scaled and summed > scaled
            else ""
        )
        yield Node(f"每 1 分合应发 {worth:,.2f} 元{more}{rest}", facts)


def limits_of_pay(row: Row) -> list[str]:
    """The last parts of a pay that are no earnings: its floor or its cap."""
    parts = str(row.get("parts") or "").split("；")
    return [part for part in parts[1:] if not part.startswith(("按得分", "底薪"))][-1:]
