"""How is a scheme written down? ``[incentive]``: items, gates, grades and pay, for everybody or for one population each.

Amounts are 元 as ``Decimal``, ratios are fractions.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from kehujingli import terms
from kehujingli.rules.shapes import AnyItem, Ladder
from kehujingli.rules.shapes.bands import BandTable
from kehujingli.rules.shapes.base import (
    Condition,
    Group,
    MissingActual,
    MissingTarget,
    Proration,
    Strict,
    Whose,
    refused,
)
from kehujingli.values import Style, plain

Yuan = Annotated[Decimal, Field(ge=0, max_digits=18, decimal_places=2)]
Positive = Annotated[int, Field(ge=1)]
Fraction = Annotated[Decimal, Field(ge=0, le=1)]
MonthOfYear = Annotated[int, Field(ge=1, le=12)]


def _known_specialisms(names: tuple[str, ...]) -> tuple[str, ...]:
    """Specialisms by their Chinese or English name."""
    known = {label: key for key, label in terms.SPECIALISMS.items()} | {key: key for key in terms.SPECIALISMS}
    for name in names:
        if name not in known:
            raise refused(
                "rules.bad-value",
                key="specialism",
                value=name,
                detail=f"应是 {'、'.join(terms.SPECIALISMS.values())} 之一",
            )
    return tuple(known[name] for name in names)


class Metric(Strict):
    """条件、扣分用到的数,本身不计分。"""

    id: str = Field(description="英文编号")
    label: str = Field(description="中文名称;actuals 表里的列名")
    actual: str | None = Field(None, description="程序算的实绩;不写就只从 actuals 表取")
    style: Style = Field("number", description="怎么说:money 万元、ratio %、count 户、number")
    unit: Decimal = Field(Decimal(1), gt=0, description="actuals 表里的数乘以它")
    missing: Decimal | None = Field(None, description="没有填报时按多少算;不写就是算不出")
    whose: Whose = Field("own", description="own 本人的数;sum 同组(peers)各人之和;mean 同组人均;同指标的 whose")
    peers: Group = Field("all", description="同组是谁:全体、同机构、同等级、同岗位")


class Gate(Strict):
    reason: str = Field(description="理由,印在工作簿上")
    actual: str | None = Field(None, description="看哪个实绩,或哪个 metric")
    above: Decimal | None = Field(None, description="实绩大于它时触发")
    below: Decimal | None = Field(None, description="实绩小于它时触发")
    event: str | None = Field(None, description="adjustments 表里有这个指标时触发")
    score_at_most: Decimal | None = Field(None, description="触发后得分最多是多少;0 是一票否决,也不评级、不保底")
    pay_at_most: Yuan | None = Field(None, description="触发后绩效薪酬最多是多少元;0 是一票否决,也不评级、不保底")

    @model_validator(mode="after")
    def _one_trigger(self) -> Self:
        if (self.actual is None) == (self.event is None):
            raise refused("rules.bad-value", key="gate", value=self.reason, detail="actual 与 event 要写且只写一个")
        if self.actual is not None and (self.above is None) == (self.below is None):
            raise refused("rules.bad-value", key="gate", value=self.reason, detail="above 与 below 要写且只写一个")
        if self.score_at_most is None and self.pay_at_most is None:
            raise refused("rules.missing-key", key="score_at_most")
        return self

    @property
    def effect(self) -> str:
        """What a person reads of it: 得分最多 60，绩效薪酬最多 0 元."""
        told = [f"得分最多 {plain(self.score_at_most)}"] if self.score_at_most is not None else []
        told += [f"绩效薪酬最多 {plain(self.pay_at_most)} 元"] if self.pay_at_most is not None else []
        return "，".join(told)

    @property
    def is_veto(self) -> bool:
        return self.score_at_most == 0 or self.pay_at_most == 0


class Grade(Strict):
    """得分到了、条件都满足,就是这一级。"""

    name: str = Field(description="等级名称")
    at_least: Decimal = Field(description="得分不低于多少")
    when: tuple[Condition, ...] = Field((), description="另外的条件,都要满足")
    note: str = Field("", description="这一级的权限、待遇,照印")


class Digits(Strict):
    points: Annotated[int, Field(ge=0, le=6)] = Field(2, description="得分的位数")
    pay: Annotated[int, Field(ge=0, le=2)] = Field(2, description="绩效薪酬的位数")


class Deferral(Strict):
    grades: tuple[str, ...] = Field((), description="哪些等级延期;不写就是人人")
    rate: Fraction = Field(description="延期的比例")
    years: Positive = Field(description="延期几年;不写 parts 就等分,尾差入末年")
    parts: tuple[Annotated[Decimal, Field(gt=0)], ...] | None = Field(
        None, description="各年占延期的份数,如 [30, 40, 30],个数同 years"
    )
    settle: Literal["period", "year"] = Field("year", description="period 当期就延期;year 年终清算时延期")
    pay_month: MonthOfYear = Field(12, description="到期那年的几月兑付,1 至 12;延期时就定下,以后改办法不动已延期的")

    @model_validator(mode="after")
    def _as_many(self) -> Self:
        if self.parts is not None and len(self.parts) != self.years:
            raise refused(
                "rules.bad-value", key="parts", value=f"{len(self.parts)} 个数", detail=f"应有 {self.years} 个"
            )
        return self


PayMode = Literal["score", "unit_price", "pool"]


class PayRules(Strict):
    mode: PayMode | tuple[PayMode, ...] = Field(
        "score", description="score 按得分;unit_price 按 counts = pay 的各项;pool 把总额按得分分完;可写几样"
    )
    standard: Yuan | dict[str, Yuan] | None = Field(
        None, description="绩效标准,元;人人一样时写一个数,否则按等级;mode 有 score 时必写"
    )
    base: Yuan | dict[str, Yuan] | None = Field(None, description="底薪,元,按在岗天数;人人一样时写一个数,否则按等级")
    score_cap: Decimal | None = Field(None, gt=0, description="计发得分的封顶")
    floor: Yuan | dict[str, Yuan] | None = Field(None, description="保底,元;人人一样时写一个数,否则按等级")
    cap: Yuan | None = Field(None, description="封顶,元")
    first_year_floor: Yuan | None = Field(None, description="保底,只限入职第一年,元")
    grade_factor: dict[str, Decimal] = Field(
        default_factory=dict, description="绩效(底薪除外)按等级乘的系数;没写的按 1"
    )
    factor_by: Literal["grade", "reached"] = Field("grade", description="grade 名册上的等级;reached 本期评出的等级")
    times_score: bool = Field(False, description="true 时绩效(底薪除外)再乘 得分 ÷ 100,得分低于零按零;按单价计的用")
    score_factor: BandTable | None = Field(
        None, description="[下限, 上限, 系数] 依次相接,从 -inf 到 inf,含下限:绩效(底薪除外)乘计发得分所在一档的系数"
    )
    difficulty: dict[str, Decimal] = Field(
        default_factory=dict, description="绩效(底薪除外)按机构号乘的难度系数;没写的按 1"
    )
    seniority: tuple[tuple[Annotated[Decimal, Field(ge=0)], Annotated[Decimal, Field(gt=0)]], ...] = Field(
        (), description="[任职满几年, 系数];绩效(底薪除外)乘满足的最后一个"
    )
    pool: Yuan | None = Field(None, description="总额,元;mode 有 pool 时分尽,否则是上限")
    over_pool: Literal["tell", "scale"] = Field("tell", description="超过总额时:tell 提示;scale 按比例压到总额")
    advance: Fraction = Field(Decimal(1), description="按月预发的比例,其余年终清算")
    settle_month: MonthOfYear = Field(12, description="年终清算在几月:12 是当年 12 月,1 至 11 是次年的那个月")
    draw: Yuan | dict[str, Yuan] | None = Field(
        None,
        description="每期先付,元,按在岗天数:实际兑付不到它的付足,多付的结转,以后高出它的部分先扣;人人一样时写一个数,否则按等级,没写的等级没有;一票否决的没有",
    )
    advanced: str | None = Field(None, description="已预发的数,metric 的 id;本期兑付 = 预发 − 已预发")
    deferral: Deferral | None = Field(None, description="延期支付")
    disputes: str = Field("", description="争议怎样处理:向谁、几日内提出,照印")

    @property
    def modes(self) -> tuple[PayMode, ...]:
        return self.mode if isinstance(self.mode, tuple) else (self.mode,)

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if "score" in self.modes and self.standard is None:
            raise refused("rules.missing-key", key="standard")
        if "pool" in self.modes and self.pool is None:
            raise refused("rules.missing-key", key="pool")
        if self.times_score and self.modes != ("unit_price",):
            told = "mode 已经按得分,再乘就是两次;只有 mode = unit_price 可用"
            raise refused("rules.bad-value", key="times_score", value="true", detail=told)
        if "pool" in self.modes and "score" in self.modes:
            raise refused("rules.bad-value", key="mode", value="score、pool", detail="得分只能按一种办法变成钱")
        return self


class Population(Strict):
    """这套办法管谁:写了的几样都要符合。"""

    branch: tuple[str, ...] = Field((), description="机构号;不写就是所有机构")
    specialism: Annotated[tuple[str, ...], AfterValidator(_known_specialisms)] = Field(
        (), description="岗位;不写就是所有岗位"
    )
    grade: tuple[str, ...] = Field((), description="等级;不写就是所有等级")

    def holds(self, branch: str | None, specialism: str | None, grade: str | None) -> bool:
        return all(
            not wanted or found in wanted
            for wanted, found in ((self.branch, branch), (self.specialism, specialism), (self.grade, grade))
        )


class SchemeRules(Strict):
    title: str = Field("", description="办法名称")
    cycle: Literal["month", "quarter", "year"] = Field("month", description="考核周期")
    group_by: Literal["specialism", "grade", "branch_id", "none"] = Field("none", description="同组排名")
    proration: Proration = Field(
        "none", description="全年任务如何折到当期:none、target(按月份)、score(折得分)、curve(按 curve)"
    )
    curve: tuple[Fraction, ...] | None = Field(None, description='proration = "curve" 时各月累计进度,12 个数')
    missing_target: MissingTarget = Field(
        "withhold", description="没有任务数:withhold 未计分、full 标准分、max 最高分、zero 零分、skip 不计此项"
    )
    missing_actual: MissingActual = Field("withhold", description="算不出实绩:withhold、zero、skip(其余按比例放大)")
    named: Annotated[int, Field(ge=0, le=10)] = Field(3, description="得分表备注里写前几名、后几名;0 不写")
    rounding: Digits = Field(default_factory=lambda: Digits(points=2, pay=2), description="四舍五入的位数")
    responsibility: Literal["responsible", "holder"] = Field(
        "responsible", description="不良算责任人 responsible 还是管户人 holder"
    )
    visit_ways: Annotated[tuple[str, ...], Field(min_length=1)] = Field(
        terms.VISIT_WAYS, description="走访记录里哪些方式算走访;其余(如到店)另列,不计入走访计划完成率"
    )
    total: Decimal = Field(Decimal(100), description="各项标准分合计应为多少")
    metric: tuple[Metric, ...] = Field((), description="条件、扣分用到的数")
    item: tuple[AnyItem, ...] = Field((), description="考核指标")
    gate: tuple[Gate, ...] = Field((), description="封顶与一票否决")
    grade: tuple[Grade, ...] = Field((), description="按得分评的等级,从高到低")
    pay: PayRules | None = Field(None, description="绩效薪酬")

    @property
    def counts_points(self) -> bool:
        """Whether the scheme has full marks at all, or money only."""
        return any(item.is_counted == "points" for item in self.item)

    @property
    def gives_grades(self) -> bool:
        return bool(self.ladder)

    @property
    def ladder(self) -> list[str]:
        """The grades from high to low, of ``[[incentive.grade]]`` and of items that are ladders, each once."""
        rungs = [rung.grade for item in self.item if isinstance(item, Ladder) for rung in item.rungs]
        return list(dict.fromkeys([*(grade.name for grade in self.grade), *rungs]))

    def actual_names(self) -> list[str]:
        """The actuals of the program that the scheme asks for, each once, in order."""
        own = [thing.actual for thing in (*self.item, *self.metric) if thing.actual]
        return list(dict.fromkeys([*own, *(name for name in self._looked_at() if name in terms.ITEM_ACTUALS)]))

    def _looked_at(self) -> list[str]:
        """Every figure that conditions, charges, gates and pay name."""
        names = [name for item in self.item for name in item.named()] + [
            gate.actual for gate in self.gate if gate.actual
        ]
        names += [condition.of for grade in self.grade for condition in grade.when]
        return names + ([self.pay.advanced] if self.pay and self.pay.advanced else [])

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.proration == "curve" or any(item.proration == "curve" for item in self.item):
            if self.curve is None:
                raise refused("rules.missing-key", key="curve")
            if len(self.curve) != 12:
                raise refused("rules.bad-value", key="curve", value=f"{len(self.curve)} 个数", detail="应有 12 个")
            if any(share == 0 for share in self.curve) or list(self.curve) != sorted(self.curve):
                raise refused(
                    "rules.bad-value",
                    key="curve",
                    value=f"{[str(share) for share in self.curve]}",
                    detail="应大于零且逐月不减",
                )
        ids = [thing.id for thing in (*self.item, *self.metric)]
        for name in {name for name in ids if ids.count(name) > 1}:
            raise refused("rules.bad-value", key="id", value=name, detail="重复了")
        for name in self._looked_at():
            if name not in ids and name not in terms.ITEM_ACTUALS:
                raise refused(
                    "rules.bad-value", key="of", value=name, detail="不是 metric 或指标的 id，也不是程序算的实绩"
                )
        self._score_counts()
        lines = [grade.at_least for grade in self.grade]
        if lines != sorted(lines, reverse=True):
            raise refused("rules.bad-value", key="grade", value="、".join(map(str, lines)), detail="要从高到低写")
        counted = [item.points for item in self.item if item.is_counted == "points"]
        if counted and sum(counted, Decimal(0)) != self.total:
            raise refused("rules.points-total", total=sum(counted, Decimal(0)), expected=self.total)
        return self

    def _score_counts(self) -> None:
        """Pay times a score needs something that makes one: without items of points it would be zero for everybody."""
        pay = self.pay
        if pay is None or self.counts_points or any(item.is_counted == "extra" for item in self.item):
            return
        for key in ("times_score", "score_factor"):
            if getattr(pay, key):
                told = "各项都是元(counts = pay),没有得分可乘"
                raise refused("rules.bad-value", key=key, value="写了", detail=told)


class PopulationRules(SchemeRules):
    """一套办法:适用人员和本节各键;没写的键随 [incentive]。"""

    population: Population = Field(default_factory=Population, description="适用人员")

    @model_validator(mode="after")
    def _has_items(self) -> Self:
        if not self.item:
            raise refused("rules.missing-key", key="item")
        return self


class IncentiveRules(SchemeRules):
    scheme: tuple[PopulationRules, ...] = Field((), description="几套办法各管一批人时,一套一段")

    @model_validator(mode="before")
    @classmethod
    def _inherit(cls, data: Any) -> Any:
        """A scheme takes from ``[incentive]`` every key that it does not say itself."""
        if not isinstance(data, dict) or not isinstance(data.get("scheme"), list):
            return data
        common = {key: value for key, value in data.items() if key != "scheme"}
        schemes = [common | scheme if isinstance(scheme, dict) else scheme for scheme in data["scheme"]]
        return {"scheme": schemes} if all(isinstance(scheme, dict) for scheme in schemes) else data

    @model_validator(mode="after")
    def _all_items(self) -> Self:
        """With several schemes ``item`` is the list of all their items, each id once: the columns of every list."""
        if not self.scheme:
            if not self.item:
                raise refused("rules.missing-key", key="item")
            return self
        first = self.scheme[0]
        for key in ("rounding", "named"):
            if any(getattr(scheme, key) != getattr(first, key) for scheme in self.scheme):
                raise refused("rules.bad-value", key=key, value="各办法不同", detail="一个文件里应相同")
        union = {item.id: item for scheme in reversed(self.scheme) for item in reversed(scheme.item)}
        named = {metric.id: metric for scheme in self.scheme for metric in scheme.metric}
        titles = "；".join(dict.fromkeys(scheme.title for scheme in self.scheme if scheme.title))
        changes: dict[str, Any] = {
            "item": tuple(reversed(union.values())),
            "metric": tuple(named.values()),
            "title": titles,
            "rounding": first.rounding,
            "grade": tuple(grade for scheme in self.scheme for grade in scheme.grade),
            "gate": tuple(dict.fromkeys(gate for scheme in self.scheme for gate in scheme.gate)),
            "total": first.total,
            "cycle": first.cycle,
            "responsibility": first.responsibility,
            "named": first.named,
        }
        self.__dict__.update(changes)  # frozen for everybody else
        return self

    @property
    def schemes(self) -> tuple[SchemeRules, ...]:
        return self.scheme or (self,)
