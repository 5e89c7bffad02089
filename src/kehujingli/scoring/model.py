"""What is a score made of? One manager's items with their traces, the sum, the gates, the grade, the pay and its parts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from kehujingli.rules.shapes.base import Figure, Item, Question
from kehujingli.values import Quantity, Style, divide, inner, plain, round_half_up

if TYPE_CHECKING:
    import pandas as pd

    from kehujingli.errors import Finding
    from kehujingli.rules.schemes import SchemeRules


_LAST_DIGIT = Decimal("0.01")
"""By so much a gain may differ from its sentence: points are rounded."""


@dataclass(frozen=True, slots=True)
class ItemScore:
    """One manager's item with its whole trace. ``points`` is missing where the item is withheld or skipped; 元 where the item is pay."""

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
    note: str = ""
    """What a policy decided, where there is no figure."""
    source: str = "系统"
    events: Decimal = Decimal(0)
    question: Question | None = None
    least: Decimal | None = None
    """The lower bound in force: ``min`` or a conditional minimum that holds."""
    actual: str | None = None
    """The name that the contributions of its actual bear; nothing where it is not the manager's own."""
    target_note: str = ""
    """How the target was made, where it is not the one that was set."""
    target_span: str = ""
    """fixed: the rules say it; year, quarter, month: for what the rows of 任务数 are that count; nothing where there is none."""
    target_rows: tuple[tuple[int, int], ...] = ()
    """Part and row of those; where they contradict each other there is no target."""
    computed: Quantity | None = None
    """What the program makes of an actual that was typed in."""
    policy: str = ""
    """Which key of the rules decided where something is missing, and what it says."""

    @property
    def working(self) -> str:
        """How the points came about: the figure's sentence, the scaling, the bound that held."""
        if self.figure is None:
            return self.note
        said, points = self.target_note + self.figure.working, self._unclamped or Decimal(0)
        if self.by_score:
            top, bottom = self.progress
            said += f"，× {plain(top)} ÷ {plain(bottom)} = {plain(round_half_up(points, 2))}"
        clamped = self.item.clamp(points, self.least)
        if clamped != points:
            said += f"，{'封顶' if clamped < points else '保底'} {plain(clamped)}"
        return said

    @property
    def next_step(self) -> str:
        """What the next point or band would need; below the least points something has to be made up first.

        Where it brings another gain than it sounds like (a cap near by, a score that is prorated) that is said.
        """
        return self.step()[0]

    def step(self) -> tuple[str, Decimal | None, Decimal | None]:
        """The next step in words, by how much the actual has to change for it, and what that really brings; the figures are missing
        where the step names none, or where something has to be made up first."""
        if self.question is None or self.points is None:
            return "", None, None
        promise = self.item.promise(self.question, self.points)
        if promise is None:
            return "", None, None
        said = promise.said
        if self.item.whose != "own":
            said = f"按{self.source}：{said}"
        raw = self._unclamped
        below = raw is not None and self.least is not None and raw < self.least
        brings = None
        if promise.act is not None and promise.gain is not None:
            brings = self._brings(promise.act, below=below)
            if abs(brings - promise.gain) > _LAST_DIGIT:
                said += f"（这一步实得 {plain(brings)} {self.item.mark}）"
        if not below or raw is None or self.least is None:
            return said, None if brings is None else promise.act, brings
        return f"先补足低于保底的 {plain(round_half_up(self.least - raw, 2))} 分；{said}", None, None

    def _brings(self, act: Decimal, *, below: bool) -> Decimal:
        """What the points become more by where the actual is more by ``act``; below the least points before they are raised to them."""
        assert self.question is not None
        assert self.points is not None
        raw = self._scaled(self.item.figure(self.question.after(act)).points)
        if below:
            return round_half_up(raw - (self._unclamped or Decimal(0)), 2)
        digits = max(0, -int(self.points.as_tuple().exponent))
        return round_half_up(self.item.clamp(raw, self.least), digits) - self.points

    @property
    def _unclamped(self) -> Decimal | None:
        return None if self.figure is None else self._scaled(self.figure.points)

    def _scaled(self, points: Decimal) -> Decimal:
        if not self.by_score:
            return points
        top, bottom = self.progress
        return inner(divide(points * top, bottom))

    @property
    def clamp(self) -> str:
        bounds = [f"不低于 {plain(self.least)}"] if self.least is not None else []
        if self.least is None and self.item.min is not None:
            bounds = [f"不低于 {plain(self.item.min)}"]
        bounds += [f"不高于 {plain(self.item.max)}"] if self.item.max is not None else []
        return "，".join(bounds)


@dataclass(frozen=True)
class PayReckoning:
    """The numbers that a pay is made of: pay = min(cap, max(floor, base × duty + (standard × score ÷ 100 × duty + fixed + items) × factor)) + cut."""

    base: Decimal
    standard: Decimal
    fixed: Decimal
    """A share of a pool that the score decided."""
    factor: Decimal
    floor: Decimal | None
    cap: Decimal | None
    cut: Decimal = Decimal(0)
    """What the scheme's pool took away."""


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
    vetoed: bool = False
    """Whether one of them is a veto (一票否决): no grade, no floor; the others hold the score down (封顶)."""
    score_limit: Decimal | None = None
    """The most that the score may be: the lowest of the gates that close for him and of the scheme's cap, whether it is reached or not."""
    limited_by: str = ""
    """The reason of that gate, or 计发封顶."""
    point_worth: Decimal | None = None
    """元 that one more point of the sum would add to the pay, nothing where a limit holds; missing where others' scores decide it too."""
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
    draw: Decimal = Decimal(0)
    """What is paid out at least, whatever was earned; what it is more is carried."""
    scheme: SchemeRules | None = None
    reached: str = ""
    """The grade that the period's score or conditions reached."""
    blocked: str = ""
    """What the next grade would need."""
    parts: tuple[tuple[str, Decimal], ...] = ()
    """What the pay is made of: name and 元, adding up to it exactly."""
    reckoned: PayReckoning | None = None
    to_defer: Decimal = Decimal(0)
    """What of this pay is deferred in the end, now or at the year's settlement."""
    deferral: tuple[tuple[int, Decimal], ...] = ()
    """Year → 元: when the deferred parts fall due."""
    last_day: int = 0
    """The last day on duty in the period."""

    def category(self, name: str) -> Decimal:
        """Points of the items of one of the five categories: all of them are the points before adjustments."""
        return sum((points for item, points in self._counted() if item.category == name), Decimal(0))

    def link(self, name: str) -> Decimal:
        """Points of the items of one of the four 环节: all of them are the points before adjustments too."""
        return sum((points for item, points in self._counted() if item.link == name), Decimal(0))

    def _counted(self) -> Iterator[tuple[Item, Decimal]]:
        for one in self.items:
            if one.points is not None and one.item.is_counted != "pay":
                yield one.item, one.points


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
class Carried:
    """What the period before has left of its targets: (manager, item) → how much, nothing where it was not scored. ``left`` is missing where it was not run."""

    period: str
    left: Mapping[tuple[str, str], Decimal | None] | None = None


@dataclass(frozen=True)
class Papers:
    """What people filled in: targets, adjustments, and manual actuals (manager_id, period, item, value, source, approved_by, part, row)."""

    targets: pd.DataFrame
    adjustments: pd.DataFrame
    manual: pd.DataFrame

    def of(self, managers: set[str]) -> Papers:
        """Only the lines of some managers."""
        return Papers(
            *(frame[frame["manager_id"].isin(managers)] for frame in (self.targets, self.adjustments, self.manual))
        )
