"""What did people fill in? Targets, adjustments and typed-in actuals, matched to the items and figures of a scheme."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from kehujingli import terms
from kehujingli.actuals import header_unit, item_names
from kehujingli.errors import Finding, finding
from kehujingli.periods import Named, Period, Span, cycle_of, in_force, misses, named_months
from kehujingli.rules.schemes import Metric
from kehujingli.rules.shapes.base import Item
from kehujingli.scoring.typed import columns_of, in_unit, loosely, meant, nearest, number, odd_share, things_of
from kehujingli.values import plain, text_of

if TYPE_CHECKING:
    import pandas as pd

    from kehujingli.rules.schemes import SchemeRules

_SPECIFIC: tuple[Span, ...] = ("month", "quarter", "year")
_CYCLES = {"month": "月", "quarter": "季", "year": "年"}
_SHOWN = 5
Who = Callable[[str], str]
_Shares = dict[str, list[tuple[Decimal, str, str | None]]]
"""Id of an item → its figures as read and as written, and their header's unit."""
Event = tuple[str, Decimal]
"""Item id, veto, the name of a gate's event, or nothing; points."""


@dataclass
class Read:
    """The papers as scoring wants them. Keys are (manager, id of the item or metric)."""

    targets: dict[tuple[str, str], tuple[Span, Decimal]] = field(default_factory=dict)
    """Span and target in 元 or units, of the most specific."""
    target_rows: dict[tuple[str, str], tuple[Span, tuple[tuple[int, int], ...]]] = field(default_factory=dict)
    """Of the most specific span the rows that name it, as part and row, those that contradict each other too."""
    events: dict[str, list[Event]] = field(default_factory=dict)
    adopted: list[Any] = field(default_factory=list)
    """Labels of the adjustments' rows that count."""
    manual: dict[tuple[str, str], tuple[Decimal, str]] = field(default_factory=dict)
    """Value and source."""
    not_taken: dict[str, list[str]] = field(default_factory=dict)
    """Id of an item → columns of 人工填报 that look like it and are none."""
    rows: list[dict[str, Any]] = field(default_factory=list)
    """Every typed-in figure of an item, beside the computed ones."""
    findings: list[Finding] = field(default_factory=list)


class PaperReader:
    """Reads the papers of one scheme and period. ``who`` says a manager's id and name; ``elsewhere``: manager → what her other schemes know."""

    def __init__(
        self, rules: SchemeRules, period: Period, who: Who, elsewhere: Mapping[str, frozenset[str]] | None = None
    ) -> None:
        self.rules, self.period, self.who, self.elsewhere = rules, period, who, elsewhere or {}
        self.names = things_of(rules)
        self.read = Read()
        self._spans: dict[str, Named | None] = {}
        self._told: set[Finding] = set()
        self._verdicts: dict[str, tuple[bool, bool]] = {}
        """Text of a period → whether it counts, whether it was meant to and cannot: a column has few."""

    def _named(self, name: object) -> Item | Metric | None:
        return self.names.get(str(name).strip())

    def _item(self, name: object) -> Item | None:
        found = self._named(name)
        return found if isinstance(found, Item) else None

    def _tell(self, code: str, **facts: Any) -> None:
        """Once: a line of 人工填报 has many figures."""
        told = finding(code, **facts)
        if told not in self._told:
            self._told.add(told)
            self.read.findings.append(told)

    def _span(self, table: str, row: object, manager: str, text: object) -> Named | None:
        """``named_months``, remembered: a column has few periods. What is no period is told."""
        key = text_of(text) or ""
        if key not in self._spans:
            self._spans[key] = named_months(key)
        if self._spans[key] is None:
            self._tell("score.period-unknown", table=table, row=row, who=self.who(manager), value=key)
        return self._spans[key]

    def _counts(self, table: str, row: object, manager: str, text: object) -> bool:
        """Whether a line counts in this period; one that is meant for it but names months of another length is told."""
        key = str(text or "")
        if key not in self._verdicts:
            found = self._span(table, row, manager, text)
            self._verdicts[key] = (
                (False, False)
                if found is None
                else (in_force(found, self.period, self.rules.cycle), misses(found, self.period, self.rules.cycle))
            )
        counts, unfit = self._verdicts[key]
        if not counts and self._spans.get(text_of(text) or "") is None:
            self._span(table, row, manager, text)
        if unfit:
            wanted, cycle = _wanted(self.period, self.rules.cycle), _CYCLES[self.rules.cycle]
            self._tell(
                "score.period-unfit",
                table=table,
                row=row,
                who=self.who(manager),
                value=text,
                cycle=cycle,
                wanted=wanted,
            )
        return counts

    def _known_elsewhere(self, manager: str, name: str) -> bool:
        return name in self.elsewhere.get(manager, ())

    def _exact(self, table: str, row: object, manager: str, item: str, said: str) -> Decimal | None:
        """The number that a cell says; what is none is told."""
        value = number(said)
        if value is None:
            self._tell("score.actual-bad", place=f"{table}第 {row} 行", who=self.who(manager), item=item, value=said)
        return value

    def targets(self, frame: pd.DataFrame) -> None:
        """The most specific target of every manager and item. What differs of one span is told and there is no target; one below zero is told."""
        found: dict[tuple[str, str], dict[Span, dict[Decimal, str]]] = {}
        places: dict[tuple[str, str, Span], list[tuple[int, int]]] = {}
        unknown: dict[str, list[str]] = {}
        for manager, name, period, said, unit, row, part in _columns(
            frame, "manager_id", "item", "period", "target", "unit", "row", "part"
        ):
            if not manager or not said:
                continue
            span = (
                self._span(terms.BY_KEY["targets"].label, row, manager, period)
                if (period or "").strip()
                else cycle_of(self.period, "year")
            )
            item, label = self._item(name), str(name or "").strip()
            if item is None and label not in terms.VISIT_PLAN_ITEMS and not self._known_elsewhere(manager, label):
                unknown.setdefault(label, []).append(row)
            if item is None or span is None or not span.holds(self.period.month):
                continue
            value = self._exact(terms.BY_KEY["targets"].label, row, manager, item.label, said)
            if value is None:
                continue
            target = value * header_unit(unit, item.unit, item.style or terms.ACTUAL_STYLES.get(item.actual or ""))
            if target < 0:
                self._tell(
                    "score.target-negative", row=row, who=self.who(manager), item=item.label, target=plain(target)
                )
            found.setdefault((manager, item.id), {}).setdefault(span.span, {}).setdefault(target, row)
            if part is not None:
                places.setdefault((manager, item.id, span.span), []).append((int(part), int(row)))
        for name, rows in unknown.items():
            self._tell("score.target-unknown", rows=_some(rows), count=len(rows), item=name)
        for (manager, item_id), spans in found.items():
            for values in spans.values():
                self._told_to_differ(terms.BY_KEY["targets"].label, manager, self._named(item_id), values)
            best = next(span for span in _SPECIFIC if span in spans)
            self.read.target_rows[manager, item_id] = best, tuple(places.get((manager, item_id, best), ()))
            if len(spans[best]) == 1:
                self.read.targets[manager, item_id] = (best, next(iter(spans[best])))

    def _told_to_differ(
        self, table: str, manager: str, thing: Item | Metric | None, values: Mapping[Decimal, str]
    ) -> bool:
        """Whether several lines say different things of one figure: nobody can tell which is right, so none counts."""
        if len(values) < 2 or thing is None:
            return False
        said = "、".join(plain(value) for value in values)
        self._tell(
            "score.lines-differ",
            table=table,
            rows="、".join(values.values()),
            who=self.who(manager),
            item=thing.label,
            values=said,
        )
        return True

    def adjustments(self, frame: pd.DataFrame) -> None:
        """This period's approved lines; one without reason or approver is left out (told by ``tables.oddities``)."""
        gate_events = {gate.event for gate in self.rules.gate if gate.event}
        for row in frame.sort_values(["part", "row"]).itertuples():
            manager, named = str(row.manager_id), (text_of(row.item) or "").strip()
            if not self._counts(terms.BY_KEY["adjustments"].label, row.row, manager, row.period):
                continue
            points: Decimal | None = Decimal(0)
            if text_of(row.points):
                points = self._exact(
                    terms.BY_KEY["adjustments"].label,
                    row.row,
                    manager,
                    named or terms.BY_KEY["adjustments"].label,
                    str(row.points),
                )
            if points is None:
                continue
            if not text_of(row.reason) or not text_of(row.approved_by):
                continue
            item = self._item(named) if named else None
            key = item.id if item else ("veto" if named in terms.VETO_ITEMS else "")
            of_money = named in terms.CLAWBACK_ITEMS or named in terms.STOP_ITEMS
            idle = key == "veto" and not gate_events.intersection(terms.VETO_ITEMS)
            if idle or (named and not key and named not in gate_events and not of_money):
                if not any(self._known_elsewhere(manager, name) for name in (terms.VETO_ITEMS if idle else (named,))):
                    self._tell("score.adjustment-unknown", row=row.row, item=named)
                continue
            self.read.events.setdefault(manager, []).append((key or (named if named in gate_events else ""), points))
            self.read.adopted.append(row.Index)

    def manual(self, frame: pd.DataFrame) -> None:
        """Figures typed in by people, for items and for metrics. Where two differ neither counts, and what the program computes stands."""
        unapproved: set[str] = set()
        firsts: dict[tuple[str, str], tuple[Decimal, str]] = {}
        differing: dict[tuple[str, str], dict[Decimal, str]] = {}
        loose = loosely(self.names)
        shares: _Shares = {}
        columns = _columns(
            frame, "manager_id", "item", "period", "value", "source", "approved_by", "row", "bare", "unit"
        )
        for manager, name, period, said, source, approved, row, bare, unit in columns:
            thing, with_unit = meant(self.names, loose, name, bare)
            if (
                thing is None
                or said is None
                or manager is None
                or (period and not self._counts("人工填报", row, manager, period))
            ):
                continue
            value = self._exact("人工填报", row, manager, thing.label, said)
            if value is None:
                continue
            value, fits = in_unit(thing, said, value, unit if with_unit else None)
            if not fits:
                self._tell("score.actual-unit", column=name, unit=unit, item=thing.label)
            shares.setdefault(thing.id, []).append((value, said, unit if with_unit else None))
            if approved is None:
                unapproved.add(manager)
            key = (manager, thing.id)
            if key not in firsts:
                firsts[key] = (value, row)
            elif value == firsts[key][0] or value in differing.get(key, ()):
                continue
            else:
                differing.setdefault(key, dict([firsts[key]]))[value] = row
            used = thing.allow_actuals if isinstance(thing, Item) else True
            if isinstance(thing, Item):
                self.read.rows.append(
                    {
                        "manager_id": manager,
                        "item": thing,
                        "value": value,
                        "source": source,
                        "approved_by": approved,
                        "remark": "" if used else "办法不许填报，未采用",
                    }
                )
            if used:
                self.read.manual[key] = (value, source or "人工填报")
        self._without_different(differing)
        self._not_taken(frame, loose)
        odd = (
            odd_share(thing, shares[thing.id]) for thing in (*self.rules.item, *self.rules.metric) if thing.id in shares
        )
        self.read.findings += [told for told in odd if told is not None]
        if unapproved:
            people = "、".join(self.who(manager) for manager in sorted(unapproved)[:5])
            self.read.findings.append(finding("score.actual-unapproved", who=people, count=len(unapproved)))

    def _not_taken(self, frame: pd.DataFrame, loose: Mapping[str, Item | Metric]) -> None:
        """By each item the columns that are none and look like it."""
        for column, bare, count in columns_of(frame):
            if not count or meant(self.names, loose, column, bare)[0] is not None:
                continue
            like = nearest(bare or column, (item.label for item in self.rules.item))
            if like is not None:
                self.read.not_taken.setdefault(self.names[like].id, []).append(column)

    def _without_different(self, found: Mapping[tuple[str, str], Mapping[Decimal, str]]) -> None:
        for (manager, thing_id), values in found.items():
            if self._told_to_differ("人工填报", manager, self.names[thing_id], values):
                self.read.manual.pop((manager, thing_id), None)
                for row in self.read.rows:
                    if (row["manager_id"], row["item"].id) == (manager, thing_id):
                        row["remark"] = "各行不同，未采用"


def known_names(rules: SchemeRules) -> frozenset[str]:
    """Every name by which papers may call an item, a metric or the event of a gate."""
    names = (item_names(thing.label, thing.id, thing.actual) for thing in (*rules.item, *rules.metric))
    return frozenset().union(*names, (gate.event for gate in rules.gate if gate.event))


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


def _some(rows: list[str]) -> str:
    return "、".join(rows[:_SHOWN]) + (" 等" if len(rows) > _SHOWN else "")


def _wanted(period: Period, cycle: Span) -> str:
    """How the period of assessment is written."""
    if cycle == "month":
        return period.name
    year, month = divmod(cycle_of(period, cycle).first, 12)
    return f"{year}Q{month // 3 + 1}" if cycle == "quarter" else str(year)
