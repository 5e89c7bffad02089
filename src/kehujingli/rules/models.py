"""What may a rules file say? Every section and key as typed models.

Amounts are 元 as ``Decimal`` (tomllib never makes a binary float of them), ratios are fractions, months are calendar months.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from kehujingli import terms
from kehujingli.periods import shortest_span
from kehujingli.rules.schemes import IncentiveRules, Positive, Yuan
from kehujingli.rules.shapes.base import Strict, refused
from kehujingli.rules.strategy import Cell, Tended

ScaleMeasure = Literal[
    "average_deposit",
    "average_deposit_month",
    "average_deposit_year",
    "deposit_balance",
    "average_loan",
    "loan_balance",
]
Count = Annotated[int, Field(ge=0)]
Cost = Annotated[Decimal, Field(ge=0)]


def _known_groups(groups: tuple[str, ...]) -> tuple[str, ...]:
    known = [f"{frequency}/{scale}" for frequency in terms.FREQUENCIES for scale in terms.SCALES]
    for group in groups:
        if group not in known:
            raise refused("rules.bad-value", key="managed", value=group, detail=f"应是 {'、'.join(known)} 之一")
    return groups


def _known_kinds(weights: dict[str, Decimal]) -> dict[str, Decimal]:
    """Deposit kinds by their Chinese or English name; four decimals at most, so that weighted sums stay whole numbers."""
    names = {label: key for key, label in terms.DEPOSIT_KINDS.items()} | {key: key for key in terms.DEPOSIT_KINDS}
    for name, weight in weights.items():
        if name not in names:
            raise refused(
                "rules.bad-value",
                key="deposit_weights",
                value=name,
                detail=f"存款种类应是 {'、'.join(terms.DEPOSIT_KINDS.values())} 之一",
            )
        if weight != round(weight, 4) or not 0 <= weight <= 10:
            raise refused("rules.bad-value", key=name, value=weight, detail="折算系数应在 0 到 10 之间，最多四位小数")
    return {names[name]: weight for name, weight in weights.items()}


class Signatures(Strict):
    prepared: str = Field("", description="制表")
    reviewed: str = Field("", description="复核")
    approved: str = Field("", description="审批")


class Institution(Strict):
    name: str = Field(description="机构全称,印在每张表上")
    document: str = Field("", description="文号,印在每张表上")
    net_capital: Yuan | None = Field(None, description="资本净额,元;集中度用")
    tier1_capital: Yuan | None = Field(None, description="一级资本净额,元")
    report_series: str = Field("", description="月报编号,可用 {year}、{issue}")
    signatures: Signatures = Field(default_factory=Signatures, description="签名栏")


class Activity(Strict):
    exclude: tuple[str, ...] = Field((), description="业务类型或摘要含这些字的不是业务")
    passive: tuple[str, ...] = Field((), description="含这些字的不是客户主动办的,另列笔数")
    interest: tuple[str, ...] = Field(
        ("结息", "利息入账", "存款利息"), description="存款账户收进的、含这些字的是付给客户的利息,算付息率"
    )
    own_transfers: bool = Field(False, description="同一客户账户之间互转算不算活跃")


class ChannelWords(Strict):
    electronic: tuple[str, ...] = Field(
        terms.CHANNEL_WORDS["electronic"], description="渠道含这些字的是电子渠道;办过的算月活"
    )
    self_service: tuple[str, ...] = Field(
        terms.CHANNEL_WORDS["self_service"], description="自助设备;和电子渠道都是替代率的分子"
    )
    counter: tuple[str, ...] = Field(terms.CHANNEL_WORDS["counter"], description="柜面;替代率的分母还有这些")
    batch: tuple[str, ...] = Field(terms.CHANNEL_WORDS["batch"], description="批量;不是谁到哪里办的,不算替代率")


class Frequent(Strict):
    active_months: Positive = Field(description="窗口内至少活跃的月数")
    transactions: Positive = Field(description="窗口内至少的笔数")
    idle_days: Count = Field(description="最近一次业务距期末最多几天")


class Dormant(Strict):
    idle_months: Positive = Field(description="连续几个自然月没有办过业务(含本期当月)")
    keep_term_deposits: bool = Field(True, description="有未到期定期的不算休眠")
    keep_contracts: bool = Field(True, description="有存续合约的不算休眠")


class FrequencyRules(Strict):
    frequent: Frequent = Field(description="经常联系户的条件,三条都要满足")
    dormant: Dormant = Field(description="休眠户的条件")


class Bounds(Strict):
    medium: Yuan = Field(description="中等客户下限,元,含本数")
    large: Yuan = Field(description="大型客户下限,元,含本数")

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.medium > self.large:
            raise refused("rules.bad-value", key="medium", value=self.medium, detail=f"不能大于 large({self.large})")
        return self


class ScaleBounds(Strict):
    person: Bounds = Field(description="个人")
    sole_trader: Bounds | None = Field(None, description="个体工商户;不写同个人")
    business: Bounds | None = Field(None, description="对公;不写同个人")
    public: Bounds | None = Field(None, description="机关事业;不写同对公")

    def of(self, customer_type: str) -> Bounds:
        found = {
            "sole_trader": self.sole_trader,
            "business": self.business,
            "public": self.public or self.business,
        }.get(customer_type)
        return found or self.person


class ScaleRules(Strict):
    measure: tuple[ScaleMeasure, ...] = Field(
        ("average_deposit", "average_loan"), min_length=1, description="业务规模由哪些数相加"
    )
    combine: Literal["sum", "max"] = Field("sum", description="sum 相加定档;max 存、贷各自定档取高")
    downgrade_after: Positive = Field(1, description="连续几期低于下限才降级;升级当期生效")
    bounds: ScaleBounds = Field(description="各类客户的下限")
    loan_bounds: ScaleBounds | None = Field(None, description='combine = "max" 时贷款一边的下限')

    @model_validator(mode="after")
    def _loan_bounds(self) -> Self:
        if self.combine == "max" and self.loan_bounds is None:
            raise refused("rules.missing-key", key="loan_bounds")
        return self


class Tending(Strict):
    within: Annotated[Decimal, Field(ge=0, le=1, decimal_places=4)] = Field(
        Decimal("0.2"), description="距上一档不超过其下限的多少,0.2 是两成"
    )
    months: Positive = Field(3, description="近几个自然月存款要净流入")
    least_growth: Yuan = Field(Decimal(0), description="这几个月至少净流入多少元才列;0 是有净流入就列")


class SegmentRules(Strict):
    window_months: Annotated[int, Field(ge=1, le=60)] = Field(
        12, description="活跃月数、近12个月日均都在这么多个月里算"
    )
    new_within_months: Count = Field(3, description="开户不满这么多个月的不算休眠")
    closed_status: tuple[str, ...] = Field(
        terms.CLOSED_STATUSES,
        description="客户信息的状态写这些词的已经销户,没有余额和贷款的不分类、不配客户经理,业绩仍算",
    )
    activity: Activity = Field(default_factory=Activity, description="什么算业务")
    channels: ChannelWords = Field(
        default_factory=ChannelWords,
        description="流水的渠道是哪一种,算替代率、月活;几个词都含的按最长的,全是数字的是代码,要整个相同",
    )
    frequency: FrequencyRules = Field(description="经常联系户、流动户、休眠户")
    scale: ScaleRules = Field(description="大型、中等、小客户")
    tending: Tending = Field(default_factory=Tending, description="培育名单")
    deposit_weights: Annotated[dict[str, Decimal], AfterValidator(_known_kinds)] = Field(
        default_factory=dict, description="考核存款 = Σ 余额 × 折算系数,按存款种类,没写的按 1"
    )
    industry_words: dict[
        Literal["farmer", "resident", "sole_trader", "agribusiness", "enterprise"], tuple[str, ...]
    ] = Field(default_factory=dict, description="没有农户、涉农标志时,行业里有这些字的归哪个客群")
    industry_kinds: dict[str, tuple[str, ...]] = Field(
        dict(terms.INDUSTRY_KINDS),
        description="行业大类:行业里有这些字的归哪一类,从上到下,先合的算;A03 这样的是 GB/T 4754 的代码;都不合的是其他",
    )

    @model_validator(mode="after")
    def _exclusive(self) -> Self:
        """A customer that is frequent and dormant at once must be impossible."""
        frequent, dormant = self.frequency.frequent, self.frequency.dormant
        shortest = shortest_span(dormant.idle_months)
        if self.window_months > dormant.idle_months and frequent.idle_days >= shortest:
            raise refused(
                "rules.frequency-overlap",
                idle_days=frequent.idle_days,
                idle_months=dormant.idle_months,
                shortest=shortest,
            )
        if frequent.active_months > self.window_months:
            raise refused(
                "rules.bad-value",
                key="active_months",
                value=frequent.active_months,
                detail=f"不能多于 window_months({self.window_months})",
            )
        return self


class ByScale(Strict):
    small: Cost = Field(description="小客户")
    medium: Cost = Field(description="中等客户")
    large: Cost = Field(description="大型客户")


class MoveCost(ByScale):
    business: Cost = Field(description="对公客户")
    borrower: Cost = Field(description="有贷款的客户")


class AssignCost(Strict):
    move: MoveCost = Field(description="换一户管户经理的代价;一户合几样取最大")
    wrong_specialism: Cost = Field(Decimal(0), description="岗位与客户主要业务不符,每户")
    imbalance: Cost = Field(Decimal(0), description="超出平均负荷率的每一折算户")
    off_grid: Cost = Field(Decimal(20), description='不归包村客户经理,每户;territory = "grid" 时用')
    unassigned: Annotated[Decimal, Field(gt=0)] = Field(description="每个未配的折算户")


class AssignRules(Strict):
    managed: Annotated[tuple[str, ...], AfterValidator(_known_groups)] = Field(
        description="配客户经理的户群,其余为公共户"
    )
    borrowers: bool = Field(True, description="有贷款余额的一律配客户经理")
    moves: Literal["forced", "rebalance"] = Field("forced", description="forced 只动必须动的;rebalance 年度调整")
    territory: Literal["grid", "none"] = Field("none", description="grid 先按包村再按机构;none 只按机构")
    workload: ByScale = Field(description="折算户数,对照名册上的管户上限")
    business_factor: Cost = Field(Decimal(12), description="一个对公户折多少户,代替上面的折算")
    home_village: bool = Field(False, description="名册的籍贯村算回避:客户经理不管本村的客户")
    own_line: bool = Field(
        False,
        description="各管各线:岗位是资产的只配主要业务是贷款的户,负债的只配其余的户,中间业务的不主办,不分岗位的都可以",
    )
    rotate_years: Count = Field(0, description="轮岗:一户由同一人管满几年就换人;0 不轮岗")
    rotate_most: Annotated[int, Field(ge=1)] | None = Field(
        None, description="每份方案每人至多轮出几户,管得最久的先轮;不写不限"
    )
    due_soon_days: Count = Field(90, description="移交清单上标出几天内到期的存单、借据")
    cost: AssignCost = Field(description="代价,越小越好")


class Rules(Strict):
    """A whole rules file. Sections that a command does not need may be absent."""

    institution: Institution = Field(default_factory=lambda: Institution(name=""), description="机构")
    segment: SegmentRules | None = Field(None, description="客户分类")
    assign: AssignRules | None = Field(None, description="管户分配")
    strategy: dict[Cell, Tended] | None = Field(None, description="户群策略")
    incentive: IncentiveRules | None = Field(None, description="考核与绩效")
    lint: dict[str, Literal["error", "warning", "off"]] = Field(
        default_factory=dict, description='各条合规检查的轻重,如 E2 = "error";off 不查'
    )
    studies: dict[str, dict[str, Any]] = Field(default_factory=dict, description="专题,每个一段,由专题自己的模型检查")
