"""What does every scored item have in common, and what does a shape owe the rest of the house?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from kehujingli.terms.places import cell_name
from kehujingli.values import Quantity, Style, divide, enough, exactly, inner, plain, say

Category = Literal["compliance", "risk", "benefit", "growth", "duty"]
Link = Literal["market", "manage", "sell", "serve"]
MissingTarget = Literal["withhold", "full", "max", "zero", "skip"]
MissingActual = Literal["withhold", "zero", "skip"]
Proration = Literal["none", "target", "score", "curve"]
Counts = Literal["points", "extra", "pay"]
Group = Literal["all", "branch_id", "grade", "specialism"]
Whose = Literal["own", "sum", "mean"]


Parameter = tuple[str, Decimal]
"""A number of a shape and what it is called."""


class Strict(BaseModel):
    """Unknown keys are errors, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


@dataclass(frozen=True, slots=True)
class Fact:
    """One of several figures that an item looks at, to ten digits; ``mean`` is that of the manager's peers."""

    label: str
    value: Decimal
    style: Style = "number"
    mean: Decimal = Decimal(0)
    weight: Decimal = Decimal(0)
    """How much of the mean is the manager's own: it rises by so much of what the figure rises by."""

    @property
    def said(self) -> str:
        return say(self.value, self.style)


@dataclass(frozen=True, slots=True)
class Peers:
    """What the others of a manager's group came to in this item: their mean, the sum of what is positive, a share of a pool in 元, and the best of them."""

    mean: Decimal
    positive: Decimal
    pool: Decimal = Decimal(0)
    share: Decimal = Decimal(0)
    best: Decimal = Decimal(0)
    weight: Decimal = Decimal(0)
    """How much of the mean is the manager's own."""


@dataclass(frozen=True, slots=True)
class Question:
    """What one manager's item is scored from. ``target`` is the whole target, ``progress`` how much of it is due by now."""

    actual: Quantity
    target: Decimal | None
    progress: tuple[Decimal, Decimal]
    style: Style = "number"
    events: Sequence[Decimal] = ()
    facts: Mapping[str, Fact] = field(default_factory=dict)
    peers: Peers | None = None
    branch_id: str = ""
    counted: str = ""
    """What one of a count is called: 户."""

    def say(self, value: Decimal) -> str:
        return say(value, self.style)

    def enough(self, value: Decimal) -> tuple[Decimal, str]:
        return enough(value, self.style, self.counted)

    def exactly(self, value: Decimal) -> str:
        return exactly(value, self.style, self.counted)

    def after(self, act: Decimal) -> Question:
        """The same, had the actual been more by ``act``: the peers' mean and best move with it."""
        value, peers = self.actual.value + act, self.peers
        if peers is not None:
            peers = replace(peers, mean=inner(peers.mean + peers.weight * act), best=max(peers.best, inner(value)))
        return replace(self, actual=Quantity(value), peers=peers)

    @property
    def due_target(self) -> Decimal:
        assert self.target is not None
        return divide(self.target * self.progress[0], self.progress[1])


@dataclass(frozen=True, slots=True)
class Figure:
    """A shape's answer before it is clamped: the points, the sentence, how much of the target was reached, and the grade where it gives one."""

    points: Decimal
    told: str | Callable[[], str]
    """The sentence, or how to make it: most are never read."""
    completion: Decimal | None = None
    grade: str = ""

    @property
    def working(self) -> str:
        return self.told if isinstance(self.told, str) else self.told()


@dataclass(frozen=True, slots=True)
class Promise:
    """What the next point or band would need. ``act``: by how much the actual has to change for it; ``gain``: what the sentence says that brings; nothing where it names neither."""

    said: str
    act: Decimal | None = None
    gain: Decimal | None = None


@dataclass(frozen=True)
class Cells:
    """Where the numbers of one row of 计分复核 stand; ``parameter(0)`` is the shape's first parameter."""

    numerator: str
    denominator: str
    target: str
    progress_numerator: str
    progress_denominator: str
    points: str
    first_parameter: tuple[int, int]

    def parameter(self, index: int) -> str:
        row, column = self.first_parameter
        return cell_name(row, column + index)


_SIGNS = {">=": "≥", "<=": "≤", ">": ">", "<": "<"}


class Condition(Strict):
    """一个条件:某个数达到或不超过某线;几个条件都要满足。"""

    of: str = Field(description="看哪个数:metric 的 id、指标的 id 或程序算的实绩")
    at_least: Decimal | None = Field(None, description="不低于,含本数")
    at_most: Decimal | None = Field(None, description="不高于,含本数")
    above: Decimal | None = Field(None, description="高于,不含本数")
    below: Decimal | None = Field(None, description="低于,不含本数")

    @model_validator(mode="after")
    def _some(self) -> Condition:
        if not self.bounds():
            raise refused("rules.missing-key", key="at_least")
        return self

    def bounds(self) -> list[tuple[str, Decimal]]:
        """The signs and lines of the condition, as a spreadsheet writes them."""
        pairs = ((">=", self.at_least), ("<=", self.at_most), (">", self.above), ("<", self.below))
        return [(sign, line) for sign, line in pairs if line is not None]

    def numbers(self, facts: Mapping[str, Fact]) -> list[Parameter]:
        """The figure and the line of each bound, as the cells of 计分复核 have them."""
        fact = facts[self.of]
        return [
            named
            for sign, line in self.bounds()
            for named in ((fact.label, fact.value), (f"{fact.label}要{_SIGNS[sign]}", line))
        ]

    def holds(self, value: Decimal) -> bool:
        return (
            (self.at_least is None or value >= self.at_least)
            and (self.at_most is None or value <= self.at_most)
            and (self.above is None or value > self.above)
            and (self.below is None or value < self.below)
        )

    def said(self, fact: Fact) -> str:
        """利息收回率 98.90%（要 ≥99.00%）"""
        wanted = "、".join(f"{_SIGNS[sign]}{say(line, fact.style)}" for sign, line in self.bounds())
        return f"{fact.label} {fact.said}（要 {wanted}）"


class Words(Protocol):
    """How a scheme speaks of its figures."""

    def name(self, of: str) -> str: ...
    def say(self, of: str, value: Decimal) -> str: ...
    def condition(self, condition: Condition) -> str: ...


def ranges(bands: Iterable[tuple[Decimal, Decimal, Decimal]], q: Callable[[Decimal], str]) -> str:
    """0～100 5、100～∞ 8: what each band from one figure to another is worth."""
    return "、".join(
        f"{q(low) if low.is_finite() else '−∞'}～{q(high) if high.is_finite() else '∞'} {plain(worth)}"
        for low, high, worth in bands
    )


class Minimum(Strict):
    """条件满足时,本项至少多少分。"""

    points: Decimal = Field(description="至少多少分")
    when: tuple[Condition, ...] = Field(min_length=1, description="条件,都要满足")


class Item(Strict):
    """The keys that every ``[[incentive.item]]`` may have; a shape adds its own."""

    needs_actual: ClassVar[bool] = True
    of_target: ClassVar[bool] = False
    """Whether the shape sets its actual against a target, whatever its keys say."""
    needs_peers: ClassVar[bool] = False
    by_points: ClassVar[bool] = False
    """Whether the figure is a share of ``points``, so that without them it is always zero."""
    default_counts: ClassVar[Counts] = "points"
    blank_is_zero: ClassVar[bool] = False
    """Whether ``missing_actual = "zero"`` takes what it looks at as 0: where less can be worse, a blank is no better than nothing done."""

    id: str = Field(description="英文编号,actuals、targets、adjustments 表可用它指名")
    label: str = Field(description="中文名称,印在工作簿上")
    category: Category = Field(
        description="五大类:compliance 合规、risk 风险、benefit 效益、growth 发展、duty 社会责任"
    )
    link: Link = Field("manage", description="四个环节:market、manage、sell、serve")
    counts: Counts | None = Field(
        None,
        description="points 计入标准分;extra 加扣分,不占标准分;pay 直接是元,进绩效薪酬。不写:unit_price、pool、两种 tiers 是 pay,bonus、penalty 是 extra,其余 points",
    )
    points: Decimal = Field(
        Decimal(0), gt=0, description="标准分;counts 是 points 时必写,completion、step_bonus、carry 总要写"
    )
    actual: str | None = Field(None, description="程序算的实绩;不写就只从 actuals 表取")
    style: Style | None = Field(None, description="数怎么说:money 万元、ratio %、count 户、number;不写随 actual")
    counted: str = Field("户", description="style 是 count 的数着什么:户、笔、张、份;下一步、表单照它说")
    whose: Whose = Field(
        "own",
        description="own 本人的实绩;sum 当期在岗同组(peers,不分办法)各人之和,如负责人按全机构;mean 同组人均;比率都是分子、分母各自相加。人工填报仍填各人自己的",
    )
    target: Decimal | None = Field(None, description="固定任务;不写就从 targets 表取")
    tenure: tuple[tuple[Annotated[int, Field(ge=0)], Annotated[Decimal, Field(gt=0)]], ...] = Field(
        (), description="[任职满几个月, 任务的比例],从 0 起,按任职日期算到期末:[[0, 0.3], [6, 1]] 是头六个月三成"
    )
    unit: Decimal = Field(Decimal(1), gt=0, description="targets 表头没写单位时,任务数乘以它得元")
    baseline: Literal["last_year_average", "year_opening", "same_period_last_year"] = Field(
        "last_year_average", description="净增的基数;baselines 表(客户、账户或客户经理)里有的以表为准,账户的加到客户"
    )
    min_average: Decimal = Field(Decimal(0), ge=0, description="睡眠户激活要求的月日均,元")
    empty_ratio: Literal["full", "skip", "zero"] = Field("zero", description="实绩的分母为零时:满分、不计、零分")
    missing_target: MissingTarget | None = Field(None, description="本项没有任务数时;不写用总则")
    missing_actual: MissingActual | None = Field(None, description="本项算不出时;不写用总则")
    proration: Proration | None = Field(None, description="本项全年任务如何折到当期;不写用总则")
    allow_actuals: bool = Field(True, description="是否允许人工填报")
    min: Decimal | None = Field(None, description="本项最低分")
    max: Decimal | None = Field(None, description="本项最高分")
    only_when: tuple[Condition, ...] = Field((), description="本项的门槛,都满足才计;有一条不满足就是 0")
    minimum: tuple[Minimum, ...] = Field((), description="有条件的保底分")
    peers: Group = Field("all", description="同组是谁:全体、同机构、同等级、同岗位;比同组的只比本办法的人")

    @model_validator(mode="after")
    def _bounds(self) -> Item:
        if self.min is not None and self.max is not None and self.min > self.max:
            raise refused("rules.bad-value", key="min", value=self.min, detail=f"不能大于 max（{plain(self.max)}）")
        if (self.is_counted == "points" or self.by_points) and "points" not in self.model_fields_set:
            raise refused("rules.missing-key", key="points")
        if self.whose != "own" and (self.needs_peers or not self.needs_actual):
            told = "比同组的、没有实绩的形状只看本人" if self.needs_actual else "这个形状不看实绩"
            raise refused("rules.bad-value", key="whose", value=self.whose, detail=told)
        months = [month for month, _ in self.tenure]
        if months and (months[0] != 0 or sorted(set(months)) != months):
            raise refused("rules.bad-value", key="tenure", value=str(months), detail="月数要从 0 起、由少到多")
        return self

    @property
    def is_counted(self) -> Counts:
        return self.counts or self.default_counts

    @property
    def needs_target(self) -> bool:
        return self.of_target

    @property
    def fills_total(self) -> bool:
        """Whether it is part of the full marks, so that it is scaled up where another is left out; what can only take off is not."""
        return self.is_counted == "points" and (self.max is None or self.max > 0)

    @property
    def of_full(self) -> str:
        """What a person reads behind the name: the standard points, or that it is money or extra."""
        return {"points": plain(self.points), "extra": "加扣分", "pay": "元"}[self.is_counted]

    def named(self) -> list[str]:
        """The figures besides its own that the item looks at."""
        conditions = [*self.only_when, *(condition for minimum in self.minimum for condition in minimum.when)]
        return [condition.of for condition in conditions] + self.looks_at()

    def looks_at(self) -> list[str]:
        """The figures that the shape itself looks at."""
        return []

    def sentence(self, words: Words) -> str:
        """What the shape does with its numbers, for a director to sign."""
        raise NotImplementedError

    def figure(self, question: Question) -> Figure:
        """Points before the clamp."""
        raise NotImplementedError

    def parameters(self, question: Question) -> list[Parameter]:
        """The shape's numbers and the figures it looks at, each with its name, as they stand in the cells of 计分复核."""
        return []

    def formula(self, cells: Cells) -> str:
        """The same sum for a spreadsheet, without the leading =, before the clamp."""
        raise NotImplementedError

    def shut_by(self, facts: Mapping[str, Fact]) -> str:
        """The conditions of ``only_when`` that do not hold, in words; empty where the item counts."""
        failed = [one for one in self.only_when if not one.holds(facts[one.of].value)]
        return "，".join(one.said(facts[one.of]) for one in failed)

    def lower_bound(self, facts: Mapping[str, Fact]) -> Decimal | None:
        """The lowest points: ``min``, raised by every conditional minimum that holds."""
        held = [
            minimum.points
            for minimum in self.minimum
            if all(condition.of in facts and condition.holds(facts[condition.of].value) for condition in minimum.when)
        ]
        return max([*held, *([self.min] if self.min is not None else [])], default=None)

    def clamp(self, points: Decimal, least: Decimal | None = None) -> Decimal:
        """Within ``min`` (or the raised ``least``) and ``max``; where they cross, the lower bound holds."""
        low = self.min if least is None else least
        if self.max is not None and points > self.max:
            points = self.max
        return low if low is not None and points < low else points

    def leaves(self, question: Question) -> Decimal | None:
        """What of the target is carried into the next period, where the shape carries."""
        return None

    @property
    def mark(self) -> str:
        """What its figure is counted in."""
        return "元" if self.is_counted == "pay" else "分"

    def promise(self, question: Question, points: Decimal) -> Promise | None:
        """What the next point or band would need; nothing where the shape has none."""
        return None


def refused(code: str, /, **facts: Any) -> PydanticCustomError:
    """A validation error that rules.py turns into the catalogue's sentence."""
    return PydanticCustomError(code, "{code}", {"code": code, **{key: str(value) for key, value in facts.items()}})
