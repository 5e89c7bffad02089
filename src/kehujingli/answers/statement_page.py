"""What does a statement's page say? The figures that the month kept, ranks and medians of others, the next steps that nothing takes away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median

from kehujingli import terms
from kehujingli.answers.explain import Node
from kehujingli.answers.explain.limits import limits_of_pay, sums
from kehujingli.answers.explain.parts import contributions_of
from kehujingli.answers.sources import Sources
from kehujingli.answers.statement import Statement, claim_rows
from kehujingli.errors import Problem
from kehujingli.periods import Period
from kehujingli.values import inner, round_half_up
from kehujingli.workbooks.statement import Told
from kehujingli.workbooks.statement_page import Line, Page, Step, Tile
from kehujingli.workspace.results import Row

MONTHS = 3
"""Months on the chart, this one among them."""
STEPS = 3
_WHOM = 3
_PAY = ("pay", "advance", "deferred", "to_settle", "settled", "matured", "granted", "clawback", "carried", "paid")


@dataclass(frozen=True)
class Beside:
    """What stands beside one's own figures, looked up once for all: of others only how many they are and their median."""

    groups: Mapping[str, tuple[int, Decimal]]
    """Rank group → people scored, their median."""
    months: Sequence[tuple[str, Mapping[str, tuple[Decimal, int | None]] | None]]
    """Months before, oldest first: manager → score and rank; nothing where the month is not kept."""

    @classmethod
    def of(cls, sources: Sources) -> Beside:
        found: dict[str, dict[str, Decimal]] = {}
        for row in sources.rows("select rank_group, manager_id, score from {scores} where score is not null"):
            found.setdefault(row["rank_group"] or "", {})[row["manager_id"]] = Decimal(row["score"])
        groups = {name: (len(own), Decimal(median(own.values()))) for name, own in found.items()}
        back = [Period.of(sources.period).back(count).name for count in range(MONTHS - 1, 0, -1)]
        return cls(groups, [(name, _kept(sources, name)) for name in back])


def _kept(sources: Sources, period: str) -> Mapping[str, tuple[Decimal, int | None]] | None:
    """manager → score and rank of another month, or nothing where it is not kept or was not scored."""
    try:
        other = Sources(sources.workspace, period)
    except Problem:
        return None
    if not other.has("scores"):
        return None
    rows = other.rows("select manager_id, score, rank from {scores} where score is not null")
    return {row["manager_id"]: (Decimal(row["score"]), row["rank"]) for row in rows}


def sheets_of(sources: Sources, made: Statement, beside: Beside) -> Told:
    """The statement as its workbook takes it."""
    import pandas as pd

    claims, customers = pd.DataFrame(claim_rows(made)), pd.DataFrame(made.customers)
    return Told(made.manager_id, made.name, page_of(sources, made, beside), made.tree, claims, customers)


def page_of(sources: Sources, made: Statement, beside: Beside) -> Page:
    """One manager's page, from what the month kept of him."""
    scored = made.scored if made.scored.get("score") is not None else None
    months, missing = _months(made, beside)
    steps, none = ([], "") if scored is None else _steps(sources, made)
    return Page(
        _tiles(made, beside),
        "" if scored else _cause(made),
        [] if scored is None else list(_bridge(made)),
        [_line(item) for item in made.items],
        [] if scored is None else list(_told(made.top)),
        steps,
        none,
        _held(made) if steps else "",
        months,
        missing,
        _pay(made.paid),
        next((node.said + "。" for node in made.top.parts if "owed" in node.facts), ""),
    )


def _decimal(row: Row, key: str) -> Decimal | None:
    return None if row.get(key) in (None, "") else Decimal(row[key])


def _tiles(made: Statement, beside: Beside) -> list[Tile]:
    scored = made.scored
    score, raw = _decimal(scored, "score"), _decimal(scored, "raw_score")
    group = scored.get("rank_group") or ""
    people, middle = beside.groups.get(group, (0, Decimal(0)))
    pays = [pay for row in made.paid if (pay := _decimal(row, "pay")) is not None]
    out = sum((paid for row in made.paid if (paid := _decimal(row, "paid")) is not None), Decimal(0))
    held = score is not None and raw is not None and _rounded(raw, score) > score
    tiles = [
        Tile(
            terms.label("score"),
            score if score is not None else "未计分" if scored else "未参评",
            "points",
            "" if score is None else f"封顶前 {raw:f}" if held else "没有封顶",
        ),
        Tile(
            terms.label("rank"),
            scored.get("rank") or "没有",
            "count",
            f"{terms.SPECIALISMS.get(group, group)}组 {people} 人，中位 {round_half_up(middle, 2)}" if people else "",
        ),
        Tile(f"{terms.label('pay')}元", sum(pays, Decimal(0)) if pays else "没有", "amount", f"实际兑付 {out:,.2f} 元"),
    ]
    name, before = beside.months[-1]
    last = None if before is None else before.get(made.manager_id)
    if last is None:
        note = f"{name} 没有留下结果" if before is None else f"{name} 没有得分"
        return [*tiles, Tile(terms.label("rank_change"), "没有", "text", note)]
    place = f"，第 {last[1]} 名" if last[1] else ""
    change = Tile(
        f"得分{terms.label('rank_change')}",
        "没有" if score is None else score - last[0],
        "points",
        f"{name} {last[0]:f} 分{place}",
        '"▲"0.00;"▼"0.00;"平"',
    )
    return [*tiles, change]


def _rounded(raw: Decimal, score: Decimal) -> Decimal:
    """The sum in as many digits as scores have."""
    return round_half_up(raw, max(0, -int(score.as_tuple().exponent)))


def _cause(made: Statement) -> str:
    if not made.scored:
        return "本期没有参评：名册里没有或已离任。以前各期应付的照付，见下。"
    return str(made.scored.get("remark") or "未计分")


def _bridge(made: Statement) -> Iterator[tuple[str, Decimal]]:
    """原始 → 折算 → 封顶 → 计发; a step that adds nothing is left out."""
    scored = made.scored
    raw, score, adjustment = (_decimal(scored, key) or Decimal(0) for key in ("raw_score", "score", "adjustment"))
    whole, scaled = sums(scored, made.items)
    yield "各项合计", whole - scaled
    if scaled:
        yield "折算", scaled
    if adjustment:
        yield terms.label("adjustment"), adjustment
    if _rounded(raw, score) != score:
        yield "原始", raw
        yield "封顶" if raw > score else "调整", score - raw
    yield terms.label("paid_score"), score


def _line(item: Row) -> Line:
    return Line(
        item["item"],
        item["style"],
        {"money": "万元", "ratio": "%"}.get(item["style"]) or _counted(item),
        *(_decimal(item, key) for key in ("target", "actual", "completion", "points", "item_points")),
    )


def _counted(item: Row) -> str:
    """What one of its count is called; a month of an older program kept it of customers alone, by their name."""
    told = item.get("counted")
    return str(told) if told else "户" if "customers" in str(item.get("actual_name")) else ""


def _told(top: Node) -> Iterator[str]:
    """The sentences of ``explain`` about limits, what cost the most and what a point is worth."""
    for part in top.parts:
        yield from (f"{step.said}。" for step in part.parts if "limited_by" in step.facts or "scaled" in step.facts)
    yield from (f"{part.said}。" for part in top.parts if "lost" in part.facts or "point_worth" in part.facts)


def _steps(sources: Sources, made: Statement) -> tuple[list[Step], str]:
    """The cheapest next steps that are paid: nothing above a limit, no more than there is room for, nothing of a pay that is held."""
    scored = made.scored
    limit, raw = _decimal(scored, "score_limit"), _decimal(scored, "raw_score") or Decimal(0)
    if limit is not None and raw >= limit:
        return [], f"下一步：先解除“{scored.get('limited_by')}”；在此之前，各项再多得也不多计发。"
    if made.items and "step_gain" not in made.items[0]:
        return [], "下一步：这一期是旧版程序跑的，没有留下每一步要多做多少；重跑这一期后再写。"
    whole, scaled = sums(scored, made.items)
    factor = whole / (whole - scaled) if scaled and whole > scaled else Decimal(1)
    found = []
    for place, item in enumerate(made.items):
        act, gain = _decimal(item, "step_act"), _decimal(item, "step_gain")
        if act is None or gain is None or gain <= 0 or item.get("counts") == "pay":
            continue
        size = max(abs(_decimal(item, key) or Decimal(0)) for key in ("actual", "target"))
        paid = round_half_up(inner(gain * factor), 2)
        paid = paid if limit is None else min(paid, round_half_up(limit - raw, 2))
        if paid > 0:
            effort = abs(act) / size / paid if size else Decimal("Infinity")
            found.append((effort, place, paid, act))
    steps = [
        Step(item["item"], _promise(item), paid, _whom(sources, made, item, act))
        for _, place, paid, act in sorted(found)[:STEPS]
        for item in [made.items[place]]
    ]
    if steps:
        return steps, ""
    return [], "下一步：没有哪一步能说出多计发几分：各项已到头、要先补足保底以下的，或以元计。"


def _held(made: Statement) -> str:
    """That the steps bring points but no money, where the floor or the cap of the pay decides it."""
    worth = [value for row in made.paid if (value := _decimal(row, "point_worth")) is not None]
    if not worth or any(worth):
        return ""
    held = "、".join(part for row in made.paid for part in limits_of_pay(row))
    return f"应发{f'有{held}' if held else '不随得分变'}：下面各步多得分，本期不多发。"


def _promise(item: Row) -> str:
    by_hand = item["source"] not in ("系统", "见条件", None)
    return str(item["next_step"]) + (f"（实绩以{item['source']}为准）" if by_hand else "")


def _whom(sources: Sources, made: Statement, item: Row, act: Decimal) -> str:
    """Own customers with whom the step is nearest, the first three by name; nobody whom he does not look after."""
    own = {row["customer_id"]: row for row in made.customers}
    name = str(item.get("actual_name") or "")
    if not name or not own or item["source"] != "系统":
        return "没有能点名的户"
    parts: dict[str, list[int]] = {}
    for row in contributions_of(sources, made.manager_id, item):
        if row["customer_id"] in own:
            sums_of = parts.setdefault(row["customer_id"], [0, 0])
            sums_of[0] += row["numerator"]
            sums_of[1] += row["denominator"]
    if act < 0:
        said, weight = "占得最多的", {who: top for who, (top, _) in parts.items()}
    elif item["style"] == "ratio":
        said, weight = "还差最多的", {who: bottom - top for who, (top, bottom) in parts.items()}
    else:
        said, weight = "减得最多的", {who: -top for who, (top, _) in parts.items()}
    chosen = sorted((who for who, size in weight.items() if size > 0), key=lambda who: (-weight[who], who))[:_WHOM]
    if not chosen and name.startswith("customers_woken"):
        said = "休眠户里最大的"
        chosen = [who for who, row in own.items() if row.get("frequency") == "dormant"][:_WHOM]
    if not chosen and name.startswith("loan_customers"):
        said = "没有贷款的户里最大的"
        chosen = [who for who, row in own.items() if not row.get("loan_balance")][:_WHOM]
    if not chosen and name.startswith("average_deposit"):
        said = "离上一档最近的"
        near = [who for who, row in own.items() if row.get("to_next_scale")]
        chosen = sorted(near, key=lambda who: (own[who]["to_next_scale"], who))[:_WHOM]
    if not chosen:
        return "没有能点名的户"
    same = Counter(row["customer_name"] for row in own.values())
    names = [
        f"{own[who]['customer_name'] or who}"
        + (f"（尾号{who[-4:]}）" if own[who]["customer_name"] and same[own[who]["customer_name"]] > 1 else "")
        for who in chosen
    ]
    return f"{said}：{'、'.join(names)}"


def _months(made: Statement, beside: Beside) -> tuple[list[tuple[str, Decimal]], str]:
    """The kept scores of the last months, oldest first, and what is missing."""
    scores = [
        (name, None if kept is None else (kept.get(made.manager_id) or (None,))[0]) for name, kept in beside.months
    ]
    scores.append((made.period, _decimal(made.scored, "score")))
    known = [(name, score) for name, score in scores if score is not None]
    lacking = [name for name, score in scores if score is None]
    if not lacking:
        return known, ""
    return known, f"近三个月里 {'、'.join(lacking)} 没有留下得分{'，不画图' if len(known) < 2 else ''}。"


def _pay(paid: Sequence[Row]) -> list[tuple[str, Decimal]]:
    """应发, how it is made up, and what comes out: each once, over all posts; what is nothing is left out."""
    found = []
    for key in _PAY:
        values = [value for row in paid if (value := _decimal(row, key)) is not None]
        total = sum(values, Decimal(0))
        if values and (total or key in ("pay", "paid")):
            found.append((terms.label(key), total))
    return found
