"""What did each manager earn, and why? 考核: actuals and targets → points → score → pay, every step with its trace.

Item = the shape's figure, clamped, rounded once; score = Σ items, then adjustments, then gates, then the cap; pay = standard × score ÷ 100 ×
duty days ÷ days, floor applied, rounded once. Half away from zero everywhere, in ``Decimal`` (contract, "Points and pay").
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from kehujingli import terms
from kehujingli.actuals import STYLES, Actuals, item_names, quantity
from kehujingli.errors import Finding, finding
from kehujingli.periods import Period, date_of, days_in_year
from kehujingli.shapes.base import EXACT, Figure, Item, Quantity, Question, Style, divide, inner, plain, round_half_up
from kehujingli.values import text_of

if TYPE_CHECKING:
    import pandas as pd

    from kehujingli.rules import IncentiveRules

_MONTH = re.compile(r"^(\d{4})\D{0,2}(\d{1,2})(?!\d)月?")
_QUARTER = re.compile(r"^(\d{4})\D{0,3}?(?:Q|q|第)?([1-4一二三四])(?:季度|季|Q|$)")
_HUNDRED = Decimal(100)


@dataclass(frozen=True)
class ItemScore:
    """One manager's item with its whole trace. ``points`` is missing where the item is withheld or skipped."""

    manager_id: str
    item: Item
    quantity: Quantity | None
    style: Style
    target: Decimal | None
    progress: tuple[Decimal, Decimal]
    by_score: bool
    baseline: Decimal | None
    figure: Figure | None
    points: Decimal | None
    status: str  # scored, withheld, skipped, settled (by a policy, without a figure)
    working: str
    source: str = "系统"
    next_step: str = ""
    events: Decimal = Decimal(0)

    @property
    def clamp(self) -> str:
        bounds = [f"不低于 {plain(self.item.min)}"] if self.item.min is not None else []
        bounds += [f"不高于 {plain(self.item.max)}"] if self.item.max is not None else []
        return "，".join(bounds)


@dataclass
class ManagerScore:
    """One post of one manager: a manager with two posts in the period has two, with the same score and each its own days."""

    manager_id: str
    name: str
    branch_id: str
    specialism: str | None
    grade: str | None
    duty_days: int
    days: int
    items: Sequence[ItemScore]
    adjustment: Decimal = Decimal(0)
    raw_score: Decimal | None = None
    score: Decimal | None = None
    gates: tuple[str, ...] = ()
    scaled: tuple[Decimal, Decimal] | None = None
    """Full marks before and after skipped items were left out."""
    withheld: tuple[str, ...] = ()
    rank: int | None = None
    rank_group: str = ""
    standard: Decimal | None = None
    pay: Decimal | None = None
    advance: Decimal = Decimal(0)
    deferred: Decimal = Decimal(0)
    paid_now: Decimal = Decimal(0)
    extra: Decimal = Decimal(0)
    """Amounts of approved adjustments, 元."""

    def category(self, name: str) -> Decimal:
        return sum(
            (item.points for item in self.items if item.item.category == name and item.points is not None), Decimal(0)
        )


@dataclass
class Scores:
    """All managers in the order of the roster; adopted adjustments and manual actuals as frames; findings."""

    managers: list[ManagerScore]
    adjustments: pd.DataFrame
    manual: list[dict[str, Any]]
    findings: list[Finding] = field(default_factory=list)
    trial: bool = False

    @property
    def scored(self) -> list[ManagerScore]:
        return [manager for manager in self.managers if manager.score is not None]

    @property
    def withheld(self) -> list[ManagerScore]:
        return [manager for manager in self.managers if manager.score is None]


@dataclass(frozen=True)
class Papers:
    """What people filled in: targets, adjustments, and manual actuals (manager_id, period, item, value, source, approved_by, part, row)."""

    targets: pd.DataFrame
    adjustments: pd.DataFrame
    manual: pd.DataFrame


def score(roster: pd.DataFrame, actuals: Actuals, papers: Papers, rules: IncentiveRules, period: Period) -> Scores:
    """Score every manager on duty in the period. ``roster``: one row a post."""
    return _Scoring(roster, actuals, papers, rules, period).run()


def duty_days(post: Any, period: Period) -> int:
    """Days on duty: as the roster says, else from 任职 to 离任 within the period."""
    days = period.last - period.first + 1
    if text_of(post.duty_days):
        return max(0, min(int(post.duty_days), days))
    first = max(period.first, int(post.since)) if text_of(post.since) else period.first
    last = min(period.last, int(post.until)) if text_of(post.until) else period.last
    return max(0, last - first + 1)


def on_duty(roster: pd.DataFrame, period: Period) -> pd.DataFrame:
    """Posts that touch the period; people who left without a date are not scored."""
    here = (roster["since"].isna() | (roster["since"] <= period.last)) & (
        roster["until"].isna() | (roster["until"] >= period.first)
    )
    gone = roster["status"].isin(terms.LEFT_STATUSES) & roster["until"].isna() & (roster["duty_days"].fillna(0) == 0)
    return roster[here.fillna(True) & ~gone].sort_values(["manager_id", "since", "branch_id"], kind="stable")


class _Scoring:
    def __init__(
        self, roster: pd.DataFrame, actuals: Actuals, papers: Papers, rules: IncentiveRules, period: Period
    ) -> None:
        self.rules, self.period, self.actuals = rules, period, actuals
        self.posts = list(on_duty(roster, period).itertuples())
        self.names = {str(post.manager_id): text_of(post.name) or "" for post in self.posts}
        self.table = actuals.table()
        self.findings: list[Finding] = []
        self.targets = self._targets(papers.targets)
        self.events, self.adopted = self._adjustments(papers.adjustments)
        self.manual, self.manual_rows = self._manual(papers.manual)
        self.lacking_targets: dict[str, list[str]] = {}
        self.lacking_actuals: dict[str, str] = {}

    def run(self) -> Scores:
        scores: dict[str, list[ItemScore]] = {}
        managers = []
        for post in self.posts:
            who = str(post.manager_id)
            if who not in scores:
                scores[who] = [self._item(who, item) for item in self.rules.item]
            manager = ManagerScore(
                who, self.names[who], str(post.branch_id), text_of(post.specialism), text_of(post.grade),
                duty_days(post, self.period), self.period.last - self.period.first + 1, scores[who],
            )  # fmt: skip
            self._total(manager)
            self._pay(manager, post)
            managers.append(manager)
        self._rank(managers)
        self._tell(managers)
        return Scores(managers, self.adopted, self.manual_rows, self.findings, self.actuals.trial)

    def _who(self, manager: str) -> str:
        name = self.names.get(manager, "")
        return f"{manager} {name}".strip()

    def _item_of(self, name: object) -> Item | None:
        return next(
            (item for item in self.rules.item if str(name).strip() in item_names(item.label, item.id, item.actual)),
            None,
        )

    def _targets(self, frame: pd.DataFrame) -> dict[tuple[str, str], list[tuple[int, str, Decimal]]]:
        """(manager, item id) → (how specific, span, target in 元 or units), the most specific last."""
        found: dict[tuple[str, str], list[tuple[int, str, Decimal]]] = {}
        for row in frame.itertuples():
            item = self._item_of(row.item)
            span = _span_of(row.period, self.period)
            if item is None or span is None or not text_of(row.manager_id) or not text_of(row.target):
                continue
            rank = {"year": 0, "quarter": 1, "month": 2}[span]
            unit = _header_unit(row, item)
            found.setdefault((str(row.manager_id), item.id), []).append((rank, span, Decimal(row.target) * unit))
        return {key: sorted(values) for key, values in found.items()}

    def _adjustments(self, frame: pd.DataFrame) -> tuple[dict[str, list[tuple[str, Decimal, Decimal]]], pd.DataFrame]:
        """Manager → (item id, veto or nothing; points; 元) of this period's approved lines, and those lines."""
        events: dict[str, list[tuple[str, Decimal, Decimal]]] = {}
        adopted = []
        for row in frame.sort_values(["part", "row"]).itertuples():
            if _span_of(row.period, self.period) != "month":
                continue
            points = Decimal(row.points) if text_of(row.points) else Decimal(0)
            amount = Decimal(int(row.amount)) / 100 if text_of(row.amount) else Decimal(0)
            lacking = "、".join(
                name for name, value in (("事由", row.reason), ("审批人", row.approved_by)) if not text_of(value)
            )
            said = f"{points:+}分" if points else f"{amount:+}元"
            if lacking:
                self.findings.append(
                    finding(
                        "score.adjustment-unapproved",
                        row=row.row,
                        who=self._who(str(row.manager_id)),
                        points=said,
                        missing=lacking,
                    )
                )
                continue
            named = text_of(row.item) or ""
            item = self._item_of(named) if named else None
            key = item.id if item else ("veto" if named in terms.VETO_ITEMS else "")
            gate_events = {gate.event for gate in self.rules.gate if gate.event}
            if named and not key and named not in gate_events:
                self.findings.append(finding("score.adjustment-unknown", row=row.row, item=named))
                continue
            events.setdefault(str(row.manager_id), []).append(
                (key or (named if named in gate_events else ""), points, amount)
            )
            adopted.append(row.Index)
        return events, frame.loc[adopted]

    def _manual(self, frame: pd.DataFrame) -> tuple[dict[tuple[str, str], tuple[Decimal, str]], list[dict[str, Any]]]:
        """(manager, item id) → value and source of figures typed in by people; all of them as rows beside the computed ones."""
        values: dict[tuple[str, str], tuple[Decimal, str]] = {}
        rows = []
        unapproved: set[str] = set()
        for row in frame.itertuples():
            item = self._item_of(row.item)
            if (
                item is None
                or not text_of(row.value)
                or (text_of(row.period) and _span_of(row.period, self.period) != "month")
            ):
                continue
            who = str(row.manager_id)
            try:
                value = _number(str(row.value)) * (
                    item.unit if STYLES.get(item.actual or "") == "money" and item.unit != 1 else 1
                )
            except ArithmeticError:
                self.findings.append(
                    finding(
                        "score.actual-bad",
                        place=f"人工填报第 {row.row} 行",
                        who=self._who(who),
                        item=item.label,
                        value=row.value,
                    )
                )
                continue
            if not text_of(row.approved_by):
                unapproved.add(who)
            used = item.allow_actuals
            if used:
                values[who, item.id] = (value, text_of(row.source) or "人工填报")
            rows.append(
                {
                    "manager_id": who,
                    "item": item,
                    "value": value,
                    "computed": self.computed(who, item),
                    "source": text_of(row.source),
                    "approved_by": text_of(row.approved_by),
                    "used": used,
                }
            )
        if unapproved:
            self.findings.append(
                finding(
                    "score.actual-unapproved",
                    who="、".join(self._who(who) for who in sorted(unapproved)[:5]),
                    count=len(unapproved),
                )
            )
        return values, rows

    def _quantity(self, manager: str, item: Item, span: str) -> tuple[Quantity | None, Decimal | None, str, str | None]:
        """Actual, 基数, source, and what is missing for it. A ratio without a denominator is no quantity, and nothing is missing."""
        typed = self.manual.get((manager, item.id))
        if typed is not None:
            return Quantity(typed[0]), None, typed[1], None
        name = item.actual
        if name is None or name in self.actuals.missing:
            return None, None, "系统", self.actuals.missing.get(name or "", "没有人工填报数")
        numerator, denominator, base = (
            self.table.get((name, span, manager))
            or self.table.get((name, "year", manager))
            or self.table.get((name, "month", manager))
            or (0, 0, None)
        )
        baseline = None if base is None else Decimal(base) / (100 if STYLES[name] == "money" else 1)
        return quantity(name, numerator, denominator), baseline, "系统", None

    def computed(self, manager: str, item: Item) -> Quantity | None:
        """What the program itself makes of an item, whatever was typed in."""
        name = item.actual
        if name is None or name in self.actuals.missing:
            return None
        numerator, denominator, _ = (
            self.table.get((name, "year", manager)) or self.table.get((name, "month", manager)) or (0, 0, None)
        )
        return quantity(name, numerator, denominator)

    def _item(self, manager: str, item: Item) -> ItemScore:
        style: Style = STYLES.get(item.actual or "", "number")
        if not item.needs_actual:
            points = [points for key, points, _ in self.events.get(manager, ()) if key == item.id]
            question = Question(Quantity(sum(points, Decimal(0))), None, (Decimal(1), Decimal(1)), "number", points)
            return self._scored(manager, item, question, None, "加减分", False)
        target, span, progress, by_score = self._target(manager, item)
        actual, baseline, source, lack = self._quantity(manager, item, span)
        if lack is not None:
            return self._by_policy(
                manager, item, style, item.missing_actual or self.rules.missing_actual, lack, "actual"
            )
        if actual is None:
            return self._by_policy(manager, item, style, item.empty_ratio, "分母为零", "empty")
        if item.needs_target and (target is None or target <= 0):
            why = "没有任务数" if target is None else f"任务数 {plain(target)} 不大于零"
            self.lacking_targets.setdefault(manager, []).append(item.label)
            scored = self._by_policy(
                manager, item, style, item.missing_target or self.rules.missing_target, why, "target"
            )
            return _with(scored, quantity=actual, baseline=baseline, source=source)
        question = Question(actual, target, progress, style)
        return self._scored(manager, item, question, baseline, source, by_score)

    def _target(self, manager: str, item: Item) -> tuple[Decimal | None, str, tuple[Decimal, Decimal], bool]:
        """The target, the span it is for, how much of it is due by now, and whether the score is scaled instead."""
        one = (Decimal(1), Decimal(1))
        if item.target is not None:
            return item.target, self.rules.cycle, one, False
        known = self.targets.get((manager, item.id))
        if not known:
            return None, "year", one, False
        _, span, target = known[-1]
        if span != "year":
            return target, span, one, False
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
                return target, span, one, False

    def _scored(
        self, manager: str, item: Item, question: Question, baseline: Decimal | None, source: str, by_score: bool
    ) -> ItemScore:
        asked = (
            question
            if not by_score
            else Question(question.actual, question.target, (Decimal(1), Decimal(1)), question.style, question.events)
        )
        figure = item.figure(asked)
        points, working = figure.points, figure.working
        if by_score:
            top, bottom = question.progress
            points = inner(divide(points * top, bottom))
            working += (
                f"，× {plain(top)} ÷ {plain(bottom)} = {plain(round_half_up(points, self.rules.rounding.points))}"
            )
        clamped = item.clamp(points)
        if clamped != points:
            working += f"，{'封顶' if clamped < points else '保底'} {plain(clamped)}"
        final = round_half_up(clamped, self.rules.rounding.points)
        return ItemScore(
            manager, item, question.actual, question.style, question.target, question.progress, by_score, baseline, figure, final, "scored",
            working, source, item.next_step(asked, final), sum(question.events, Decimal(0)),
        )  # fmt: skip

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
            manager, item, None, style, None, (Decimal(1), Decimal(1)), False, None, None, points, status, said
        )

    def _total(self, manager: ManagerScore) -> None:
        events = self.events.get(manager.manager_id, ())
        of_items = {item.id for item in self.rules.item if not item.needs_actual}
        manager.adjustment = sum(
            (points for key, points, _ in events if key not in of_items and key != "veto"), Decimal(0)
        )
        manager.extra = sum((amount for _, _, amount in events), Decimal(0))
        withheld = [f"{item.item.label}：{item.working}" for item in manager.items if item.status == "withheld"]
        manager.withheld = tuple(withheld)
        if withheld:
            return
        total = sum((item.points for item in manager.items if item.points is not None), Decimal(0))
        skipped = sum((item.item.points for item in manager.items if item.status == "skipped"), Decimal(0))
        if skipped:
            left = self.rules.total - skipped
            manager.scaled = (left, self.rules.total)
            total = (
                round_half_up(divide(total * self.rules.total, left), self.rules.rounding.points)
                if left
                else Decimal(0)
            )
        raw = total + manager.adjustment
        manager.raw_score = raw
        capped, gates = self._gate(manager, raw)
        cap = self.rules.pay.score_cap if self.rules.pay else None
        if cap is not None and capped > cap:
            gates.append(f"封顶 {plain(cap)}")
            capped = cap
        manager.score = round_half_up(capped, self.rules.rounding.points)
        manager.gates = tuple(gates)

    def _gate(self, manager: ManagerScore, raw: Decimal) -> tuple[Decimal, list[str]]:
        held = raw
        told = []
        events = {key for key, _, _ in self.events.get(manager.manager_id, ())}
        for gate in self.rules.gate:
            if gate.event is not None:
                hit = gate.event in events or (gate.event in terms.VETO_ITEMS and "veto" in events)
            else:
                hit = self._gate_hit(manager.manager_id, gate.actual or "", gate.above, gate.below)
            if hit and held > gate.score_at_most:
                held = gate.score_at_most
                told.append(gate.reason)
        return held, told

    def _gate_hit(self, manager: str, actual: str, above: Decimal | None, below: Decimal | None) -> bool:
        if actual in self.actuals.missing or actual not in STYLES:
            return False
        numerator, denominator, _ = (
            self.table.get((actual, "year", manager)) or self.table.get((actual, "month", manager)) or (0, 0, None)
        )
        found = quantity(actual, numerator, denominator)
        if found is None:
            return False
        return (above is not None and found.value > above) or (below is not None and found.value < below)

    def _pay(self, manager: ManagerScore, post: Any) -> None:
        rules = self.rules.pay
        if rules is None or manager.score is None:
            return
        standard = rules.standard if isinstance(rules.standard, Decimal) else rules.standard.get(manager.grade or "")
        if standard is None:
            self.findings.append(
                finding("score.standard-missing", who=self._who(manager.manager_id), grade=manager.grade or "空")
            )
            return
        manager.standard = standard
        exact = EXACT.divide(standard * manager.score * manager.duty_days, _HUNDRED * manager.days)
        floors = [rules.floor] if rules.floor is not None else []
        if rules.first_year_floor is not None and self._first_year(post):
            floors.append(rules.first_year_floor)
        if manager.duty_days:
            exact = max([exact, *floors])
        digits = self.rules.rounding.pay
        manager.pay = round_half_up(exact, digits)
        deferral = rules.deferral
        if deferral and deferral.settle == "period" and manager.grade in deferral.grades:
            manager.deferred = round_half_up(manager.pay * deferral.rate, digits)
        manager.advance = round_half_up((manager.pay - manager.deferred) * rules.advance, digits)
        manager.paid_now = manager.advance

    def _first_year(self, post: Any) -> bool:
        """Within a year of taking office: guaranteed pay is for newcomers only (稳健薪酬监管指引, 2010)."""
        return text_of(post.since) is not None and int(post.since) > self.period.last - days_in_year(
            date_of(int(post.since)).year
        )

    def _rank(self, managers: Iterable[ManagerScore]) -> None:
        groups: dict[str, list[ManagerScore]] = {}
        for manager in managers:
            key = {
                "none": "",
                "branch_id": manager.branch_id,
                "grade": manager.grade or "",
                "specialism": terms.SPECIALISMS.get(manager.specialism or "", ""),
            }
            manager.rank_group = key[self.rules.group_by]
            if manager.score is not None:
                groups.setdefault(manager.rank_group, []).append(manager)
        for group in groups.values():
            people = {manager.manager_id: manager.score for manager in group}
            for manager in group:
                assert manager.score is not None
                manager.rank = 1 + sum(1 for other in people.values() if other is not None and other > manager.score)

    def _tell(self, managers: Sequence[ManagerScore]) -> None:
        self.findings += list(self._tell_targets(managers)) + list(self._tell_actuals())
        for item in self.rules.item:
            count = sum(1 for who, key in self.manual if key == item.id and who in self.names)
            if count and item.actual and item.actual not in self.actuals.missing:
                self.findings.append(finding("score.actual-overridden", item=item.label, count=count))
        unknown = [post for post in self.posts if not text_of(post.since) and not text_of(post.duty_days)]
        if unknown:
            self.findings.append(finding("score.duty-unknown", count=len(unknown)))

    def _tell_targets(self, managers: Sequence[ManagerScore]) -> Iterator[Finding]:
        """Who lacks a target: one by one while they are few, else in one sentence an item."""
        effects = {
            "withhold": "本期不出得分，列入“未计分”；其他人照常",
            "zero": "按零分计",
            "full": "按标准分计",
            "max": "按最高分计",
            "skip": "不计此项",
        }
        effect = effects[self.rules.missing_target]
        if len(self.lacking_targets) <= 5:
            for who, items in sorted(self.lacking_targets.items()):
                yield finding(
                    "score.no-target", who=self._who(who), year=self.period.year, item="”“".join(items), effect=effect
                )
            return
        by_item: dict[str, int] = {}
        for items in self.lacking_targets.values():
            for label in items:
                by_item[label] = by_item.get(label, 0) + 1
        for label, count in by_item.items():
            yield finding(
                "score.no-target", who=f"{count} 人", count=count, year=self.period.year, item=label, effect=effect
            )

    def _tell_actuals(self) -> Iterator[Finding]:
        for item in self.rules.item:
            if item.id in self.lacking_actuals:
                policy = item.missing_actual or self.rules.missing_actual
                left = self.rules.total - item.points
                effect = {
                    "withhold": "，没有此项实绩的人列入“未计分”",
                    "zero": "，此项按零分计",
                    "skip": f" 未计此项，满分由 {plain(left)} 折成 {plain(self.rules.total)}",
                }[policy]
                yield finding(
                    "score.no-actual",
                    item=item.label,
                    missing=self.lacking_actuals[item.id],
                    policy=policy,
                    effect=effect,
                )


def deferral_parts(amount: Decimal, years: int) -> list[Decimal]:
    """Equal parts in 分 that add up; a remainder goes to the last years (largest remainder, ties to the later)."""
    cents = int(amount * 100)
    base, rest = divmod(cents, years)
    return [Decimal(base + (1 if year >= years - rest else 0)) / 100 for year in range(years)]


def _with(scored: ItemScore, **changes: Any) -> ItemScore:
    return replace(scored, **changes)


def _span_of(text: object, period: Period) -> str | None:
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


def _header_unit(row: Any, item: Item) -> Decimal:
    """The unit of a target: the header's where it names one, else the item's."""
    unit = getattr(row, "unit", None)
    return (
        Decimal(terms.UNITS[str(unit)]) / 100
        if text_of(unit) and str(unit) in terms.UNITS and item.unit != 1
        else item.unit
    )


def _number(text: str) -> Decimal:
    said = text.strip().replace(",", "").replace("，", "")
    return Decimal(said[:-1]) / 100 if said.endswith(("%", "％")) else Decimal(said)
