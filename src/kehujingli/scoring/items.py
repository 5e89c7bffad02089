"""How does one item of one manager come out? Its actual, target and the figures it looks at, then the shape, the clamp and one rounding.

Done in two passes: every figure first (``figures``), so that means and pools of peers are known; then the points.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from kehujingli import terms
from kehujingli.actuals import Actuals
from kehujingli.periods import CYCLES, Period
from kehujingli.rules.shapes import Events, KOfN
from kehujingli.rules.shapes.base import Fact, Item, Question
from kehujingli.rules.shapes.carry import CARRIED, Carry
from kehujingli.scoring.figures import Everybody, Figures
from kehujingli.scoring.model import Carried, ItemScore
from kehujingli.values import Quantity, Style, divide, inner, plain, round_half_up, say

if TYPE_CHECKING:
    from kehujingli.rules.schemes import SchemeRules
    from kehujingli.scoring.papers import Read

_ZERO = Decimal(0)
_ONE = (Decimal(1), Decimal(1))
Gap = Literal["actual", "carried", "empty", "target"]
"""What an item lacks: its actual, what the period before has left, a denominator, its target."""


class ItemScoring(Figures):
    """All items of one scheme."""

    def __init__(
        self,
        rules: SchemeRules,
        actuals: Actuals,
        read: Read,
        period: Period,
        groups: Mapping[str, Mapping[str, str]],
        everybody: Everybody,
        carried: Carried | None = None,
    ) -> None:
        super().__init__(rules, actuals, read, period, groups, everybody)
        self.carried = carried or Carried(period.back(CYCLES[rules.cycle]).name)
        self.full = frozenset(item.id for item in rules.item if item.fills_total)
        """Items that are part of the full marks."""
        self.of_pay = frozenset(item.id for item in rules.item if item.is_counted == "pay")
        self.lacking_targets: dict[str, dict[str, Decimal | None]] = {}
        """Manager → item → what stands in its place: nothing, or a target that is not above zero."""
        self.lacking_carried: dict[str, int] = {}
        self.lacking_since: dict[str, None] = {}

    def item(self, manager: str, item: Item) -> ItemScore:
        """The score, and where its target and a typed actual are from."""
        scored = self._item(manager, item)
        typed = self.computed(manager, item) if (manager, item.id) in self.read.manual else None
        if not item.needs_target:
            return scored if typed is None else replace(scored, computed=typed)
        if item.target is not None:
            return replace(scored, target_span="fixed", computed=typed)
        span, rows = self.read.target_rows.get((manager, item.id), ("", ()))
        return replace(scored, target_span=span, target_rows=rows, computed=typed)

    def _item(self, manager: str, item: Item) -> ItemScore:
        style = self.styles[item.id]
        facts: dict[str, Fact] = {}
        for name in self.named[item.id]:
            fact = self.fact(manager, name) or self.blank(item, name)
            if fact is None:
                return self._without(manager, item, f"没有{self.thing(name).label}", "actual")
            if isinstance(item, KOfN):
                mean, own = self.mean(manager, name, item)
                fact = replace(fact, mean=mean, weight=own)
            facts[name] = fact
        if shut := item.shut_by(facts):
            return self._settled(manager, item, _ZERO, "settled", f"门槛未到：{shut}，不计")
        if isinstance(item, Carry) and item.owed is None:
            carried = self._left_before(manager, item, style)
            if carried is None:
                self.lacking_carried[item.id] = self.lacking_carried.get(item.id, 0) + 1
                return self._without(manager, item, f"不知道 {self.carried.period} 所欠", "carried")
            facts[CARRIED] = carried
        branch = self.groups[manager].get("branch_id", "")
        if not item.needs_actual:
            events = [points for key, points in self.read.events.get(manager, ()) if key == item.id]
            asked = Question(Quantity(sum(events, _ZERO)), None, _ONE, "number", events, facts, branch_id=branch)
            source = terms.BY_KEY["adjustments"].label if isinstance(item, Events) else "见条件"
            return self._scored(manager, item, asked, None, source, False)
        whole, span, progress, by_score = self._target(manager, item)
        target, note = self._by_tenure(manager, item, whole)
        actual, baseline, source, lack = self.found(manager, item, span)
        if lack is not None:
            return self._without(manager, item, lack, "actual")
        if actual is None:
            return self._without(manager, item, "分母为零", "empty")
        if item.needs_target and (target is None or target <= 0):
            why = "没有任务数" if target is None else f"任务数 {plain(target)} 不大于零"
            self.lacking_targets.setdefault(manager, {})[item.id] = target
            scored = self._without(manager, item, why, "target")
            return replace(scored, quantity=actual, baseline=baseline, source=source)
        peers = self.peers[item.id].get(manager) if item.needs_peers else None
        question = Question(actual, target, progress, style, (), facts, peers, branch, item.counted)
        return replace(self._scored(manager, item, question, baseline, source, by_score), target_note=note)

    def _by_tenure(self, manager: str, item: Item, target: Decimal | None) -> tuple[Decimal | None, str]:
        """The part of a target that somebody new has, and how it came about."""
        if target is None or not item.tenure or not item.needs_target:
            return target, ""
        months = self.months_in_office(manager)
        if months is None:
            self.lacking_since[manager] = None
            return target, "任职日期不详，按全额任务；"
        share = [share for least, share in item.tenure if months >= least][-1]
        if share == 1:
            return target, ""
        said = say(target, self.styles[item.id])
        return inner(target * share), f"任职 {months} 个月，任务 {said} × {say(share, 'ratio')}；"

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
        least = item.lower_bound(question.facts) if item.minimum else item.min
        final = round_half_up(item.clamp(points, least), self._digits(item))
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
            self.key(item) if item.whose == "own" else None,
        )

    def _digits(self, item: Item) -> int:
        return self.rules.rounding.pay if item.id in self.of_pay else self.rules.rounding.points

    def _policy(self, item: Item, gap: Gap) -> tuple[str, str]:
        """What the rules say of the gap, and as a sentence names it: whose key it is."""
        if gap == "empty":
            return item.empty_ratio, f'本项 empty_ratio = "{item.empty_ratio}"'
        key = "missing_target" if gap == "target" else "missing_actual"
        own: str | None = getattr(item, key)
        word: str = own or getattr(self.rules, key)
        return word, f'{"本项" if own else "总则"} {key} = "{word}"'

    def _without(self, manager: str, item: Item, why: str, gap: Gap) -> ItemScore:
        """An item without a figure: what the rules say for what it lacks."""
        if gap == "actual":
            self.lacking_actuals[item.id] = why
        word, said = self._policy(item, gap)
        return replace(self._decided(manager, item, why, word), policy=said)

    def _decided(self, manager: str, item: Item, why: str, word: str) -> ItemScore:
        match word:
            case "withhold":
                return self._settled(manager, item, None, "withheld", f"{why}，未计分")
            case "skip":
                return self._settled(manager, item, None, "skipped", f"{why}，不计此项")
            case "full":
                return self._settled(manager, item, item.points, "settled", f"{why}，得标准分 {plain(item.points)}")
            case "max":
                top = item.max if item.max is not None else item.points
                return self._settled(manager, item, top, "settled", f"{why}，得最高分 {plain(top)}")
            case _:
                return self._settled(manager, item, item.clamp(_ZERO), "settled", f"{why}，得零分")

    def _settled(self, manager: str, item: Item, points: Decimal | None, status: str, said: str) -> ItemScore:
        """What is decided without a figure."""
        final = None if points is None else round_half_up(points, self._digits(item))
        key, style = self.key(item) if item.whose == "own" else None, self.styles[item.id]
        return ItemScore(manager, item, None, style, None, _ONE, False, None, None, final, status, said, actual=key)
