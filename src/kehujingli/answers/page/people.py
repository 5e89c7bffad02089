"""What does the page say of the managers? Their scores, items and pay, and of each item the parts that its actual is the sum of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from kehujingli import terms
from kehujingli.actuals.ways import bare
from kehujingli.answers.explain.papers import EVENTS, all_events, event_said, events_behind
from kehujingli.answers.explain.parts import chosen, part_said, said_sum
from kehujingli.answers.sources import Sources
from kehujingli.lists.main import said
from kehujingli.periods import date_of
from kehujingli.terms.masks import mask_numbers
from kehujingli.values import missing
from kehujingli.workbooks.looks import Column, labelled, text_of
from kehujingli.workbooks.page import table
from kehujingli.workbooks.scores import ITEM_COLUMNS, items_said, pay_columns
from kehujingli.workspace.results import Row

if TYPE_CHECKING:
    import pandas as pd

_CHARTED = 60
"""Columns that a chart has at most; more people are counted by tens of points."""
_EVENTS = 3
"""Rows of fees or visits that are named of one part."""
_BEHIND: Mapping[str, str] = {
    "average_deposit_growth": "accounts",
    "loan_customers_growth": "loans",
    "average_loan_growth": "loans",
}
"""Actual → which rows of a customer are behind it, where it counts the customer."""
_DECIMALS = ("points", "actual", "target", "baseline", "completion", "item_points")
"""Figures of an item, kept as exact texts."""


def people(sources: Sources, *, public: bool) -> dict[str, Any]:
    """``tables`` more by scores, items and pay; ``managers``, ``chart``, ``parts``. Nothing of scores where the month has none."""
    told: dict[str, Any] = {"managers": {}, "parts": {}, "chart": None}
    roster = sources.rows("select * from {managers} order by manager_id, since") if sources.has("managers") else []
    told["managers"] = {str(row["manager_id"]): _person(row) for row in roster}
    items, scores = sources.frame("items"), sources.frame("scores")
    if items is None or scores is None:
        return told | {"tables": {}}
    if public:
        items = items[items["counts"] != "pay"]
    tables = {"scores": _scores(scores, items), "items": _items(items)}
    pay = None if public else sources.frame("pay")
    if pay is not None:
        tables["pay"] = _pay(pay)
    told["managers"] |= dict(_managers(sources, scores, pay, public=public))
    told["chart"] = _chart(scores)
    if not public:
        told["parts"] = dict(_parts(sources, items))
    return told | {"tables": tables}


def _sum(column: pd.Series) -> Decimal:
    return sum((Decimal(str(value)) for value in column if not missing(value)), Decimal(0))


def _scores(scores: pd.DataFrame, items: pd.DataFrame) -> dict[str, Any]:
    """考核得分: the ranking with a column an item."""
    labels = {f"item:{key}": label for key, label in zip(items["item_id"], items["item"], strict=True)}
    columns = [
        *map(labelled, ("rank_group", "rank", "previous_rank", "manager_id", "name", "branch_id", "branch_name")),
        *(Column(key, labels[key], "points") for key in scores.columns if key in labels),
        *map(labelled, ("adjustment", "score", "gate", "remark")),
    ]
    known = scores[scores["score"].notna()].drop_duplicates("manager_id")
    means: dict[str, Any] = {"name": "平均"}
    for column in columns:
        if column.key in labels or column.key in ("adjustment", "score"):
            points = [Decimal(str(value)) for value in known[column.key] if not missing(value)]
            means[column.key] = sum(points, Decimal(0)) / len(points) if points else None
    return table("得分与名次（分）", columns, said(scores), hidden=("branch_id",), totals=means)


def _items(items: pd.DataFrame) -> dict[str, Any]:
    """计分明细, as its sheet has it, with the item's own name to lead on; figures in the digits to which their parts add up."""
    frame = items.assign(**{key: _decimals(items[key]) for key in _DECIMALS})
    columns = [labelled("item_id"), *(column for column in ITEM_COLUMNS if column.key != "name")]
    return table("计分明细", columns, items_said(frame), hidden=("manager_id", "item_id"))


def _pay(pay: pd.DataFrame) -> dict[str, Any]:
    """绩效薪酬, as its sheet has it, with its line of 合计."""
    money = [column.key for column in pay_columns(pay.iloc[:0]) if column.total]
    frame = pay.assign(**{key: _decimals(pay[key]) for key in {*money, "granted", "carried"}})
    columns = pay_columns(frame)
    totals = {column.key: _sum(frame[column.key]) for column in columns if column.total}
    return table("绩效薪酬（元）", columns, frame, totals={"branch_name": "合计", **totals})


def _decimals(texts: pd.Series) -> list[Decimal | None]:
    return [None if missing(text) else Decimal(str(text)) for text in texts]


def _person(row: Row) -> dict[str, Any]:
    name, branch = ("" if missing(row[key]) else str(row[key]) for key in ("name", "branch_id"))
    return {"name": name, "branch": branch, "tiles": [], "adjustments": []}


def _managers(
    sources: Sources, scores: pd.DataFrame, pay: pd.DataFrame | None, *, public: bool
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each who is scored: score, rank, places gained and (unless public) pay; the lines of 加减分."""
    lines: dict[str, list[list[str]]] = {}
    for row in sources.rows("select * from {adjustments} order by manager_id, source_part, source_row"):
        if not (public and not row["points"]):
            lines.setdefault(row["manager_id"], []).append(_adjusted(sources, row, public=public))
    ranked = scores[scores["rank"].notna()]
    groups = ranked.groupby(ranked["rank_group"].fillna(""))["manager_id"].nunique().to_dict()
    for row in scores.drop_duplicates("manager_id").to_dict("records"):
        who = str(row["manager_id"])
        tiles = [[terms.label("score"), text_of("points", row["score"]) or "未计分", "分"]]
        if not missing(row["rank"]):
            group = "" if missing(row["rank_group"]) else row["rank_group"]
            among = f"{group} {groups.get(group, 1)} 人中".strip()
            tiles.append([terms.label("rank"), text_of("count", row["rank"]), among])
            tiles.append([terms.label("previous_rank"), text_of("change", row["previous_rank"]) or "—", ""])
        if pay is not None:
            own = pay[pay["manager_id"] == who]
            for key in ("pay", "paid"):
                amounts = own[key].dropna()
                tiles.append([terms.label(key), text_of("amount", _sum(amounts)) if len(amounts) else "—", "元"])
        yield who, {**_person(row), "tiles": tiles, "adjustments": lines.get(who, [])}


def _adjusted(sources: Sources, row: Row, *, public: bool) -> list[str]:
    """Day, how much, why, by which paper, and where it stands; what is public says points alone."""
    amount = [f"{Decimal(row['points']):+f} 分"] if row["points"] else []
    amount += [f"{text_of('yuan', row['amount'])} 元"] if row["amount"] is not None and not public else []
    day = "" if row["occurred_on"] is None else date_of(row["occurred_on"]).isoformat()
    place = sources.place(row["source_part"], row["source_row"])
    return [day, "，".join(amount), mask_numbers(str(row["reason"] or "")), str(row["document"] or ""), place]


def _chart(scores: pd.DataFrame) -> dict[str, Any] | None:
    """A column a person, the highest first; of more than the chart holds how many there are by tens of points."""
    known = scores[scores["score"].notna()].drop_duplicates("manager_id")
    points = [
        (Decimal(str(score)), str(who if missing(name) or not name else name))
        for score, name, who in zip(known["score"], known["name"], known["manager_id"], strict=True)
    ]
    if not points:
        return None
    mean = sum((score for score, _ in points), Decimal(0)) / len(points)
    points.sort(key=lambda pair: (-pair[0], pair[1]))
    said_mean = text_of("points", mean)
    title = f"平均 {said_mean} 分，最高 {text_of('points', points[0][0])}，最低 {text_of('points', points[-1][0])}"
    if len(points) <= _CHARTED:
        bars = [[name, text_of("points", score)] for score, name in points]
        return {"title": title, "bars": bars, "mean": said_mean, "unit": "分"}
    tens: dict[int, int] = {}
    for score, _ in points:
        tens[int(score // 10)] = tens.get(int(score // 10), 0) + 1
    span = range(min(tens), max(tens) + 1)
    bars = [[f"{ten * 10}～{ten * 10 + 10}", text_of("count", tens.get(ten, 0))] for ten in span]
    return {"title": title, "bars": bars, "mean": "", "unit": "人"}


def _parts(sources: Sources, items: pd.DataFrame) -> Iterator[tuple[str, dict[str, Any]]]:
    """工号/item → the sentence of the sum, the customers' parts, and which rows stand behind them."""
    found: dict[tuple[str, str], list[Row]] = {}
    for row in sources.rows("select * from {contributions}"):
        found.setdefault((row["actual"], row["holder"]), []).append(row)
    numbers = _Numbers.of(sources)
    events = {actual: all_events(sources, kind) for actual, kind in EVENTS.items()}
    read = {source["table"] for source in sources.manifest["inputs"] if source["accepted"]}
    gone = {actual for actual, kind in EVENTS.items() if kind in read and not events[actual]}
    for item in items.to_dict("records"):
        name = item["actual_name"]
        rows = [] if missing(name) else chosen(found.get((name, item["manager_id"]), []), item)
        if rows:
            actual = bare(name)
            parts = [_part(sources, actual, row, numbers, events.get(actual, {})) for row in rows]
            lost = "；导出的哪一行要看缓存，缓存已清或由旧版程序读，再跑一次这个月就有" if actual in gone else ""
            told = {"sum": said_sum(actual, rows) + lost, "behind": _BEHIND.get(actual, ""), "rows": parts}
            yield f"{item['manager_id']}/{item['item_id']}", told


class _Numbers:
    """Which account or loan of a customer is meant: its place among hers, as the page numbers them."""

    def __init__(self, accounts: Mapping[str, tuple[str, int]], loans: Mapping[str, tuple[str, int]]) -> None:
        self.accounts, self.loans = accounts, loans

    @classmethod
    def of(cls, sources: Sources) -> _Numbers:
        return cls(*(_places(sources, kind, key) for kind, key in (("accounts", "account_id"), ("loans", "loan_id"))))

    def place(self, customer: str, entity: str) -> tuple[str, str | int]:
        """What it is called, and l0 or a0; a product of fees is itself alone."""
        for kind, known in (("l", self.loans), ("a", self.accounts)):
            owner, place = known.get(entity, ("", -1))
            if owner == customer and place >= 0:
                return (mask_numbers(entity) if kind == "a" else entity), f"{kind}{place}"
        return entity, 0


def _places(sources: Sources, kind: str, key: str) -> dict[str, tuple[str, int]]:
    found: dict[str, tuple[str, int]] = {}
    counts: dict[str, int] = {}
    for row in sources.rows(f"select customer_id, {key} as id from {{{kind}}} order by customer_id, id"):
        place = counts.get(row["customer_id"], 0)
        counts[row["customer_id"]] = place + 1
        found[row["id"]] = (row["customer_id"], place)
    return found


def _part(sources: Sources, actual: str, row: Row, numbers: _Numbers, events: Mapping[str, Sequence[Row]]) -> list[Any]:
    """customer, what of hers, her part, by what it is divided, 基数, share, the rows behind: l0, a0, or file and row themselves."""
    customer, entity = row["customer_id"] or "", row["entity"] or ""
    shown, behind = numbers.place(customer, entity) if entity else ("", 0)
    share = "" if row["share"] in ("1", "", None) else row["share"]
    told: list[Any] = [
        customer,
        shown,
        *(part_said(actual, row, key) for key in ("numerator", "denominator", "baseline")),
        share,
    ]
    if actual in EVENTS:
        own = events.get(customer, ())
        if EVENTS[actual] == "fees" and entity:
            own = [event for event in own if str(event.get("product")) == entity]
        given = events_behind(own, row | {"actual": actual}, sources.last_day)
        named = [
            [" ".join(event_said(EVENTS[actual], event)), event["part"], f"{event['row']:,}"]
            for event in given[:_EVENTS]
        ]
        return [*told, [*named, len(given) - len(named)] if len(given) > len(named) else named]
    return [*told, behind]
