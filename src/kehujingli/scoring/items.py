"""How does one item of one manager come out? Its actual, target and the figures it looks at, then the shape, the clamp and one rounding.

Done in two passes: every figure first, so that means and pools of peers are known; then the points.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from kehujingli import terms
from kehujingli.actuals import Actuals, quantity
from kehujingli.actuals.ways import way_of
from kehujingli.periods import CYCLES, Period
from kehujingli.rules.schemes import Metric
from kehujingli.rules.shapes import Events, KOfN, Pool
from kehujingli.rules.shapes.base import Fact, Item, Peers, Question
from kehujingli.rules.shapes.carry import CARRIED, Carry
from kehujingli.rules.shapes.pool import largest_remainder
from kehujingli.scoring.model import Carried, ItemScore
from kehujingli.values import Quantity, Style, divide, inner, plain, round_half_up

if TYPE_CHECKING:
    from kehujingli.rules.schemes import SchemeRules
    from kehujingli.scoring.papers import Read

_ZERO = Decimal(0)
_ONE = (Decimal(1), Decimal(1))
Found = tuple[Quantity | None, Decimal | None, str, str | None]
"""Actual, 基数, source, and what is missing for it. A ratio without a denominator is no quantity, and nothing is missing."""


class ItemScoring:
    """All items of one scheme. ``groups``: manager → what its peers are told by (branch_id, grade, specialism)."""

    def __init__(
        self,
        rules: SchemeRules,
        actuals: Actuals,
        read: Read,
        period: Period,
        groups: Mapping[str, Mapping[str, str]],
        carried: Carried | None = None,
    ) -> None:
        self.rules, self.actuals, self.read, self.period, self.groups = rules, actuals, read, period, groups
        self.carried = carried or Carried(period.back(CYCLES[rules.cycle]).name)
        self.table = actuals.table()
        self.things: dict[str, Item | Metric] = {thing.id: thing for thing in (*rules.item, *rules.metric)}
        self.facts: dict[tuple[str, str], Fact | None] = {}
        self.means: dict[tuple[str, str, str], Decimal] = {}
        self.peers: dict[str, dict[str, Peers]] = {}
        self.styles = {thing.id: self._style(thing) for thing in (*rules.item, *rules.metric)}
        self.named = {item.id: tuple(dict.fromkeys(item.named())) for item in rules.item}
        self.keys: dict[str, str | None] = {}
        self.full = frozenset(item.id for item in rules.item if item.fills_total)
        """Items that are part of the full marks."""
        self.of_pay = frozenset(item.id for item in rules.item if item.is_counted == "pay")
        self.lacking_targets: dict[str, dict[str, Decimal | None]] = {}
        """Manager → item → what stands in its place: nothing, or a target that is not above zero."""
        self.lacking_actuals: dict[str, str] = {}
        self.lacking_carried: dict[str, int] = {}
        for item in rules.item:
            if item.needs_peers:
                self.peers[item.id] = self._peers(item)

    # figures

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
        """The figure of an item or metric for one manager."""
        typed = self.read.manual.get((manager, thing.id))
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
            thing = self._thing(name)
            actual = self.found(manager, thing)[0]
            value = None if actual is None else inner(actual.value)
            self.facts[key] = None if value is None else Fact(thing.label, value, self._style(thing))
        return self.facts[key]

    def _thing(self, name: str) -> Item | Metric:
        return self.things.get(name) or Metric(
            id=name,
            label=terms.ITEM_ACTUALS[name],
            actual=name,
            style=terms.ACTUAL_STYLES[name],
            unit=Decimal(1),
            missing=None,
        )

    # peers

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
            pool, shares = Decimal(0), [Decimal(0)] * len(actuals)
            if isinstance(item, Pool):
                pool = self._pool(item, managers)
                shares = largest_remainder(item.part(pool), positive)
            for (manager, _), share in zip(actuals, shares, strict=True):
                peers[manager] = Peers(mean, sum(positive, Decimal(0)), pool, share)
        return peers

    def _pool(self, item: Pool, managers: Sequence[str]) -> Decimal:
        if isinstance(item.pool, Decimal):
            return item.pool
        name = item.pool
        return sum((fact.value for manager in managers if (fact := self.fact(manager, name))), Decimal(0))

    def _mean(self, manager: str, name: str, item: Item) -> Decimal:
        """The mean of a figure over a manager's peers."""
        group = "" if item.peers == "all" else self.groups[manager].get(item.peers, "")
        key = (item.peers, group, name)
        if key not in self.means:
            values = [fact.value for peer in self._group(item)[group] if (fact := self.fact(peer, name)) is not None]
            self.means[key] = inner(divide(sum(values, Decimal(0)), Decimal(len(values)))) if values else Decimal(0)
        return self.means[key]

    # points

    def item(self, manager: str, item: Item) -> ItemScore:
        style = self.styles[item.id]
        facts: dict[str, Fact] = {}
        for name in self.named[item.id]:
            fact = self.fact(manager, name)
            if fact is None:
                return self._by_policy(
                    manager,
                    item,
                    style,
                    item.missing_actual or self.rules.missing_actual,
                    f"没有{self._thing(name).label}",
                    "actual",
                )
            facts[name] = replace(fact, mean=self._mean(manager, name, item)) if isinstance(item, KOfN) else fact
        if isinstance(item, Carry) and item.owed is None:
            carried = self._left_before(manager, item, style)
            if carried is None:
                self.lacking_carried[item.id] = self.lacking_carried.get(item.id, 0) + 1
                why = f"不知道 {self.carried.period} 所欠"
                return self._by_policy(
                    manager, item, style, item.missing_actual or self.rules.missing_actual, why, "carried"
                )
            facts[CARRIED] = carried
        branch = self.groups[manager].get("branch_id", "")
        if not item.needs_actual:
            events = [points for key, points in self.read.events.get(manager, ()) if key == item.id]
            asked = Question(Quantity(sum(events, Decimal(0))), None, _ONE, "number", events, facts, branch_id=branch)
            return self._scored(
                manager,
                item,
                asked,
                None,
                terms.BY_KEY["adjustments"].label if isinstance(item, Events) else "见条件",
                False,
            )
        target, span, progress, by_score = self._target(manager, item)
        actual, baseline, source, lack = self.found(manager, item, span)
        if lack is not None:
            return self._by_policy(
                manager, item, style, item.missing_actual or self.rules.missing_actual, lack, "actual"
            )
        if actual is None:
            return self._by_policy(manager, item, style, item.empty_ratio, "分母为零", "empty")
        if item.needs_target and (target is None or target <= 0):
            why = "没有任务数" if target is None else f"任务数 {plain(target)} 不大于零"
            self.lacking_targets.setdefault(manager, {})[item.id] = target
            scored = self._by_policy(
                manager, item, style, item.missing_target or self.rules.missing_target, why, "target"
            )
            return replace(scored, quantity=actual, baseline=baseline, source=source)
        peers = self.peers[item.id].get(manager) if item.needs_peers else None
        question = Question(actual, target, progress, style, (), facts, peers, branch)
        return self._scored(manager, item, question, baseline, source, by_score)

    def _left_before(self, manager: str, item: Carry, style: Style) -> Fact | None:
        """What the period before has left; unknown where it was not run or did not score the item."""
        before = self.carried
        if item.starts is not None and self.period.name <= item.starts:
            return Fact(f"{item.starts} 起结转，上期欠", Decimal(0), style)
        if before.left is None:
            return None
        if (manager, item.id) not in before.left:
            return Fact(f"{before.period} 没有此项，欠", Decimal(0), style)
        left = before.left[manager, item.id]
        return None if left is None else Fact(f"{before.period} 欠", left, style)

    def _target(self, manager: str, item: Item) -> tuple[Decimal | None, str, tuple[Decimal, Decimal], bool]:
        """The target, the span it is for, how much of it is due by now, and whether the score is scaled instead."""
        if item.target is not None:
            return item.target, self.rules.cycle, _ONE, False
        known = self.read.targets.get((manager, item.id))
        if not known:
            return None, "year", _ONE, False
        span, target = known
        if span != "year":
            return target, span, _ONE, False
        month = self.period.month % 12
        match item.proration or self.rules.proration:
            case "target":
                return target, span, (Decimal(month + 1), Decimal(12)), False
            case "curve":
                assert self.rules.curve is not None
                return target, span, (self.rules.curve[month], Decimal(1)), False
            case "score":
                return target, span, (Decimal(month + 1), Decimal(12)), True
            case _:
                return target, span, _ONE, False

    def _scored(
        self, manager: str, item: Item, question: Question, baseline: Decimal | None, source: str, by_score: bool
    ) -> ItemScore:
        asked = replace(question, progress=_ONE) if by_score else question
        figure = item.figure(asked)
        points = figure.points
        if by_score:
            points = inner(divide(points * question.progress[0], question.progress[1]))
        digits = self.rules.rounding.pay if item.id in self.of_pay else self.rules.rounding.points
        least = item.lower_bound(question.facts) if item.minimum else item.min
        final = round_half_up(item.clamp(points, least), digits)
        added = sum(question.events, Decimal(0)) if question.events else _ZERO
        return ItemScore(
            manager,
            item,
            question.actual,
            question.style,
            question.target,
            question.progress,
            by_score,
            baseline,
            figure,
            final,
            "scored",
            "",
            source,
            added,
            asked,
            least,
            self.key(item),
        )

    def _by_policy(self, manager: str, item: Item, style: Style, policy: str, why: str, about: str) -> ItemScore:
        """An item without a figure: what the rules say for a missing target, a missing actual, or an empty ratio."""
        if about == "actual":
            self.lacking_actuals[item.id] = why
        points: Decimal | None
        match policy:
            case "withhold":
                points, status, said = None, "withheld", f"{why}，未计分"
            case "skip":
                points, status, said = None, "skipped", f"{why}，不计此项"
            case "full":
                points, status, said = item.points, "settled", f"{why}，得标准分 {plain(item.points)}"
            case "max":
                top = item.max if item.max is not None else item.points
                points, status, said = top, "settled", f"{why}，得最高分 {plain(top)}"
            case _:
                points, status, said = item.clamp(Decimal(0)), "settled", f"{why}，得零分"
        if points is not None:
            points = round_half_up(points, self.rules.rounding.points)
        return ItemScore(
            manager, item, None, style, None, _ONE, False, None, None, points, status, said, actual=self.key(item)
        )
