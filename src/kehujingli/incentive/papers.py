"""What did people fill in? Targets, adjustments and typed-in actuals, matched to the items and figures of a scheme."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from kehujingli import terms
from kehujingli.actuals import STYLES, header_unit, item_names
from kehujingli.errors import Finding, finding
from kehujingli.periods import Period
from kehujingli.rules.schemes import Metric
from kehujingli.shapes.base import Item, plain
from kehujingli.values import text_of

if TYPE_CHECKING:
    import pandas as pd

    from kehujingli.rules.schemes import SchemeRules

_MONTH = re.compile(r"^(\d{4})\D{0,2}(\d{1,2})(?!\d)月?")
_QUARTER = re.compile(r"^(\d{4})\D{0,3}?(?:Q|q|第)?([1-4一二三四])(?:季度|季|Q|$)")
Who = Callable[[str], str]
Event = tuple[str, Decimal]
"""Item id, veto, the name of a gate's event, or nothing; points."""


@dataclass
class Read:
    """The papers as scoring wants them. Keys are (manager, id of the item or metric)."""

    targets: dict[tuple[str, str], list[tuple[int, str, Decimal]]] = field(default_factory=dict)
    """How specific, span, target in 元 or units; the most specific last."""
    events: dict[str, list[Event]] = field(default_factory=dict)
    adopted: list[Any] = field(default_factory=list)
    """Labels of the adjustments' rows that count."""
    manual: dict[tuple[str, str], tuple[Decimal, str]] = field(default_factory=dict)
    """Value and source."""
    rows: list[dict[str, Any]] = field(default_factory=list)
    """Every typed-in figure of an item, beside the computed ones."""
    findings: list[Finding] = field(default_factory=list)


class PaperReader:
    """Reads the papers of one scheme and period. ``who`` says a manager's id and name."""

    def __init__(self, rules: SchemeRules, period: Period, who: Who) -> None:
        self.rules, self.period, self.who = rules, period, who
        self.names: dict[str, Item | Metric] = {}
        for thing in reversed([*rules.item, *rules.metric]):
            self.names |= dict.fromkeys(item_names(thing.label, thing.id, thing.actual), thing)
        self.units = {thing.id: _unit(thing) for thing in (*rules.item, *rules.metric)}
        self.read = Read()
        self._spans: dict[str, str | None] = {}

    def _named(self, name: object) -> Item | Metric | None:
        return self.names.get(str(name).strip())

    def _item(self, name: object) -> Item | None:
        found = self._named(name)
        return found if isinstance(found, Item) else None

    def _span(self, text: object) -> str | None:
        """``span_of``, remembered: a column has few periods."""
        key = str(text)
        if key not in self._spans:
            self._spans[key] = span_of(text, self.period)
        return self._spans[key]

    def targets(self, frame: pd.DataFrame) -> None:
        """Targets of every span that the period lies in. A target below zero is a finding of its own."""
        for manager, name, period, said, unit, row in _columns(
            frame, "manager_id", "item", "period", "target", "unit", "row"
        ):
            item, span = self._item(name), self._span(period)
            if item is None or span is None or not manager or not said:
                continue
            rank = {"year": 0, "quarter": 1, "month": 2}[span]
            target = Decimal(said) * header_unit(unit, item.unit)
            if target < 0:
                self.read.findings.append(
                    finding("score.target-negative", row=row, who=self.who(manager), item=item.label, target=plain(target))
                )  # fmt: skip
            self.read.targets.setdefault((manager, item.id), []).append((rank, span, target))
        for values in self.read.targets.values():
            values.sort()

    def adjustments(self, frame: pd.DataFrame) -> None:
        """This period's approved lines; a line without reason or approver is told and left out."""
        gate_events = {gate.event for gate in self.rules.gate if gate.event}
        for row in frame.sort_values(["part", "row"]).itertuples():
            if self._span(row.period) != "month":
                continue
            points = Decimal(row.points) if text_of(row.points) else Decimal(0)
            amount = Decimal(int(row.amount)) / 100 if text_of(row.amount) else Decimal(0)
            lacking = "、".join(
                name for name, value in (("事由", row.reason), ("审批人", row.approved_by)) if not text_of(value)
            )
            if lacking:
                said = f"{points:+}分" if points else f"{amount:+}元"
                self.read.findings.append(
                    finding("score.adjustment-unapproved", row=row.row, who=self.who(str(row.manager_id)), points=said, missing=lacking)
                )  # fmt: skip
                continue
            named = (text_of(row.item) or "").strip()
            item = self._item(named) if named else None
            key = item.id if item else ("veto" if named in terms.VETO_ITEMS else "")
            of_money = named in terms.CLAWBACK_ITEMS or named in terms.STOP_ITEMS
            if named and not key and named not in gate_events and not of_money:
                self.read.findings.append(finding("score.adjustment-unknown", row=row.row, item=named))
                continue
            self.read.events.setdefault(str(row.manager_id), []).append(
                (key or (named if named in gate_events else ""), points)
            )
            self.read.adopted.append(row.Index)

    def manual(self, frame: pd.DataFrame) -> None:
        """Figures typed in by people, for items and for metrics."""
        unapproved: set[str] = set()
        columns = _columns(frame, "manager_id", "item", "period", "value", "source", "approved_by", "row")
        for manager, name, period, said, source, approved, row in columns:
            thing = self.names.get(name) or self._named(name)
            if thing is None or said is None or (period is not None and self._span(period) != "month"):
                continue
            try:
                value = _number(said) * self.units[thing.id]
            except ArithmeticError:
                place = f"人工填报第 {row} 行"
                self.read.findings.append(
                    finding("score.actual-bad", place=place, who=self.who(manager), item=thing.label, value=said)
                )
                continue
            if approved is None:
                unapproved.add(manager)
            used = thing.allow_actuals if isinstance(thing, Item) else True
            if used:
                self.read.manual[manager, thing.id] = (value, source or "人工填报")
            if isinstance(thing, Item):
                self.read.rows.append(
                    {"manager_id": manager, "item": thing, "value": value, "source": source, "approved_by": approved, "used": used}
                )  # fmt: skip
        if unapproved:
            people = "、".join(self.who(manager) for manager in sorted(unapproved)[:5])
            self.read.findings.append(finding("score.actual-unapproved", who=people, count=len(unapproved)))


def _columns(frame: pd.DataFrame, *names: str) -> Iterable[tuple[Any, ...]]:
    """Rows of a few columns as texts, nothing where a cell is empty or the frame has no such column."""
    lists: list[list[str | None]] = []
    for name in names:
        if name not in frame:
            lists.append([None] * len(frame))
            continue
        empty = frame[name].isna().tolist()
        lists.append([None if bare else str(value) for value, bare in zip(frame[name].tolist(), empty, strict=True)])
    return zip(*lists, strict=True)


def _unit(thing: Item | Metric) -> Decimal:
    """What a typed-in figure is multiplied by: a metric's unit, an item's where its actual is money."""
    if isinstance(thing, Metric):
        return thing.unit
    style = thing.style or STYLES.get(thing.actual or "")
    return thing.unit if style == "money" else Decimal(1)


def span_of(text: object, period: Period) -> str | None:
    """Which span of the period a text names: its month, quarter or year; ``None`` where it names another. Empty is the year."""
    if not text_of(text) or not str(text).strip():
        return "year"
    said = str(text).strip().removesuffix(".0")
    quarter = _QUARTER.match(said)
    if quarter and ("季" in said or "Q" in said.upper()):
        number = "一二三四".index(quarter[2]) + 1 if quarter[2] in "一二三四" else int(quarter[2])
        return "quarter" if (int(quarter[1]), number) == (period.year, period.month % 12 // 3 + 1) else None
    month = _MONTH.match(said)
    if month and 1 <= int(month[2]) <= 12 and len(said) > 4:
        return "month" if (int(month[1]), int(month[2])) == (period.year, period.month % 12 + 1) else None
    return "year" if said[:4] == str(period.year) else None


def named_month(text: object) -> int | None:
    """The month that a text names (2026-10, 202610, 2026年10月), or nothing."""
    month = _MONTH.match(str(text).strip()) if text_of(text) else None
    return int(month[1]) * 12 + int(month[2]) - 1 if month and 1 <= int(month[2]) <= 12 else None


def _number(text: str) -> Decimal:
    said = text.strip().replace(",", "").replace("，", "")
    return Decimal(said[:-1]) / 100 if said.endswith(("%", "％")) else Decimal(said)
