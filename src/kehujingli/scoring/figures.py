"""Which figures does a scheme look at? Of one manager the actual of an item, a metric, a condition; of the peers their mean, their best, their pool."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from kehujingli import terms
from kehujingli.actuals import Actuals, quantity
from kehujingli.actuals.ways import way_of
from kehujingli.periods import Period, date_of
from kehujingli.rules.code_words import code_word
from kehujingli.rules.schemes import Metric
from kehujingli.rules.shapes import Pool
from kehujingli.rules.shapes.base import Fact, Item, Peers
from kehujingli.rules.shapes.pool import largest_remainder
from kehujingli.values import Quantity, Style, divide, inner

if TYPE_CHECKING:
    from kehujingli.rules.schemes import SchemeRules
    from kehujingli.scoring.papers import Read

Found = tuple[Quantity | None, Decimal | None, str, str | None]
"""Actual, 基数, source, and what is missing for it. A ratio without a denominator is no quantity, and nothing is missing."""


@dataclass(frozen=True)
class Everybody:
    """All who are on duty in the period, whatever their scheme. ``groups``: manager → branch_id, grade, specialism; ``since``: first day in office; ``manual``: what was typed in for them, by the names of one scheme."""

    groups: Mapping[str, Mapping[str, str]]
    since: Mapping[str, int]
    manual: Mapping[tuple[str, str], tuple[Decimal, str]] = field(default_factory=dict)


class Figures:
    """The figures of one scheme. ``groups``: manager → what its peers are told by (branch_id, grade, specialism)."""

    def __init__(
        self,
        rules: SchemeRules,
        actuals: Actuals,
        read: Read,
        period: Period,
        groups: Mapping[str, Mapping[str, str]],
        everybody: Everybody,
    ) -> None:
        self.rules, self.actuals, self.read, self.period, self.groups = rules, actuals, read, period, groups
        self.everybody = everybody
        self.table = actuals.table()
        self.shared: dict[tuple[str, str, str], Found] = {}
        self.things: dict[str, Item | Metric] = {thing.id: thing for thing in (*rules.item, *rules.metric)}
        self.facts: dict[tuple[str, str], Fact | None] = {}
        self.means: dict[tuple[str, str, str], tuple[Decimal, Decimal]] = {}
        self.peers: dict[str, dict[str, Peers]] = {}
        self.styles = {thing.id: self._style(thing) for thing in (*rules.item, *rules.metric)}
        self.named = {item.id: tuple(dict.fromkeys(item.named())) for item in rules.item}
        self.keys: dict[str, str | None] = {}
        self.lacking_actuals: dict[str, str] = {}
        for item in rules.item:
            if item.needs_peers:
                self.peers[item.id] = self._peers(item)

    def _style(self, thing: Item | Metric) -> Style:
        own = (
            thing.style
            if isinstance(thing, Item) or thing.actual is None
            else terms.ACTUAL_STYLES.get(thing.actual, thing.style)
        )
        return own or terms.ACTUAL_STYLES.get(thing.actual or "", "number")

    def key(self, thing: Item | Metric) -> str | None:
        """Under which name the contributions of its actual stand."""
        if thing.id not in self.keys:
            way = way_of(thing, self.rules)
            self.keys[thing.id] = None if way is None else self.actuals.keys.get(way, way.actual)
        return self.keys[thing.id]

    def found(self, manager: str, thing: Item | Metric, span: str = "year") -> Found:
        """The figure of an item or metric for one manager: his own, or that of his group."""
        if thing.whose == "own":
            return self.own(manager, thing, span)
        everybody = self.everybody.groups
        group = "" if thing.peers == "all" else everybody[manager].get(thing.peers, "")
        key = (thing.id, span, group)
        if key not in self.shared:
            people = [who for who, told in everybody.items() if thing.peers == "all" or told.get(thing.peers) == group]
            self.shared[key] = self._together(people, thing, span)
        return self.shared[key]

    def _together(self, people: Sequence[str], thing: Item | Metric, span: str) -> Found:
        """The sum of people's figures, or the mean of each; ratios by the sums of their parts, so that a typed one, which has none, is refused."""
        found = [(who, *self.own(who, thing, span)) for who in people]
        lacking = [(who, lack) for who, _, _, _, lack in found if lack is not None]
        said = f"{code_word('peers', thing.peers)} {len(people)} 人{'之和' if thing.whose == 'sum' else '人均'}"
        if lacking:
            few = "、".join(who for who, _ in lacking[:3]) + ("等" if len(lacking) > 3 else "")
            return None, None, said, f"{said}里 {few} {lacking[0][1]}"
        known = [actual for _, actual, _, _, _ in found if actual is not None]
        if self._style(thing) != "ratio":
            total = sum((actual.value for actual in known), Decimal(0))
            value = total if thing.whose == "sum" else inner(divide(total, Decimal(len(people))))
            return Quantity(value), None, said, None
        if any(self._typed(who, thing) is not None for who in people):
            return None, None, said, f"{said}里有人工填报的比率，没有分子、分母，不能合计"
        bottom = sum((actual.denominator for actual in known), Decimal(0))
        top = sum((actual.numerator for actual in known), Decimal(0))
        return (Quantity(top, bottom) if bottom else None), None, said, None

    def months_in_office(self, manager: str) -> int | None:
        """Whole months from taking office to the end of the period, which is a month's last day."""
        since = self.everybody.since.get(manager)
        if since is None:
            return None
        start = date_of(since)
        return self.period.month - (start.year * 12 + start.month - 1)

    def _typed(self, manager: str, thing: Item | Metric) -> tuple[Decimal, str] | None:
        key = (manager, thing.id)
        return self.read.manual.get(key) or self.everybody.manual.get(key)

    def own(self, manager: str, thing: Item | Metric, span: str = "year") -> Found:
        """The figure of an item or metric that a manager has himself."""
        typed = self._typed(manager, thing)
        if typed is not None:
            return Quantity(typed[0]), None, typed[1], None
        if isinstance(thing, Metric) and thing.actual is None and thing.missing is not None:
            return Quantity(thing.missing), None, "按办法", None
        name, key = thing.actual, self.key(thing)
        if name is None or key is None or key in self.actuals.missing:
            return None, None, "系统", self._lacking(thing, self.actuals.missing.get(key or ""))
        numerator, denominator, base = (
            self.table.get((key, span, manager))
            or self.table.get((key, "year", manager))
            or self.table.get((key, "month", manager))
            or (0, 0, None)
        )
        baseline = None if base is None else Decimal(base) / (100 if terms.ACTUAL_STYLES[name] == "money" else 1)
        return quantity(name, numerator, denominator), baseline, "系统", None

    def _lacking(self, thing: Item | Metric, why: str | None) -> str:
        """Why there is no figure; and which column of 人工填报 may have been meant."""
        like = self.read.not_taken.get(thing.id, ())
        columns = f"（人工填报的“{'”、“'.join(like)}”没有采用，不认识这一列）" if like else ""
        return (why or "没有人工填报数") + columns

    def computed(self, manager: str, item: Item) -> Quantity | None:
        """What the program itself makes of an item, whatever was typed in."""
        name, key = item.actual, self.key(item)
        if name is None or key is None or key in self.actuals.missing:
            return None
        numerator, denominator, _ = (
            self.table.get((key, "year", manager)) or self.table.get((key, "month", manager)) or (0, 0, None)
        )
        return quantity(name, numerator, denominator)

    def fact(self, manager: str, name: str) -> Fact | None:
        """A figure that a condition names, by metric, item or actual; nothing where it cannot be told."""
        key = (manager, name)
        if key not in self.facts:
            thing = self.thing(name)
            actual = self.found(manager, thing)[0]
            value = None if actual is None else inner(actual.value)
            self.facts[key] = None if value is None else Fact(thing.label, value, self._style(thing))
        return self.facts[key]

    def thing(self, name: str) -> Item | Metric:
        return self.things.get(name) or Metric(
            id=name,
            label=terms.ITEM_ACTUALS[name],
            actual=name,
            style=terms.ACTUAL_STYLES[name],
            unit=Decimal(1),
            missing=None,
        )

    def _group(self, item: Item) -> dict[str, list[str]]:
        """Group → its managers, in the order of the roster."""
        groups: dict[str, list[str]] = {}
        for manager, told in self.groups.items():
            groups.setdefault("" if item.peers == "all" else told.get(item.peers, ""), []).append(manager)
        return groups

    def _peers(self, item: Item) -> dict[str, Peers]:
        """Manager → mean, sum of positive actuals and share of the pool in its group."""
        peers: dict[str, Peers] = {}
        for managers in self._group(item).values():
            known = [(manager, self.found(manager, item)[0]) for manager in managers]
            actuals = [(manager, actual) for manager, actual in known if actual is not None]
            if not actuals:
                continue
            bottom = sum((actual.denominator for _, actual in actuals), Decimal(0))
            mean = inner(divide(sum((actual.numerator for _, actual in actuals), Decimal(0)), bottom))
            positive = [max(inner(actual.value), Decimal(0)) for _, actual in actuals]
            best = max(inner(actual.value) for _, actual in actuals)
            pool, shares = Decimal(0), [Decimal(0)] * len(actuals)
            if isinstance(item, Pool):
                pool = self._pool(item, managers)
                shares = largest_remainder(item.part(pool), positive)
            for (manager, actual), share in zip(actuals, shares, strict=True):
                own = divide(actual.denominator, bottom)
                peers[manager] = Peers(mean, sum(positive, Decimal(0)), pool, share, best, own)
        return peers

    def _pool(self, item: Pool, managers: Sequence[str]) -> Decimal:
        if isinstance(item.pool, Decimal):
            return item.pool
        name = item.pool
        return sum((fact.value for manager in managers if (fact := self.fact(manager, name))), Decimal(0))

    def mean(self, manager: str, name: str, item: Item) -> tuple[Decimal, Decimal]:
        """The mean of a figure over a manager's peers, and how much of it is one's own."""
        group = "" if item.peers == "all" else self.groups[manager].get(item.peers, "")
        key = (item.peers, group, name)
        if key not in self.means:
            values = [fact.value for peer in self._group(item)[group] if (fact := self.fact(peer, name)) is not None]
            mean = inner(divide(sum(values, Decimal(0)), Decimal(len(values)))) if values else Decimal(0)
            self.means[key] = mean, divide(Decimal(1), Decimal(max(len(values), 1)))
        return self.means[key]

    def blank(self, item: Item, name: str) -> Fact | None:
        """What nobody filled in, taken as 0 where the rules say so; told as any missing figure."""
        policy = item.missing_actual or self.rules.missing_actual
        if policy != "zero" or not item.blank_is_zero or name not in item.looks_at():
            return None
        thing = self.thing(name)
        self.lacking_actuals[item.id] = f"没有{thing.label}"
        return Fact(thing.label, Decimal(0), self._style(thing))
