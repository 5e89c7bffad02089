"""What is measured? Every measure with its definition, unit and source, as ``kehujingli measures`` prints it."""

from __future__ import annotations

from typing import NamedTuple

from kehujingli import terms


class Measure(NamedTuple):
    name: str
    label: str
    unit: str
    definition: str
    source: str


MEASURES: tuple[Measure, ...] = (
    Measure(
        "active_months",
        terms.label("active_months"),
        "月",
        "窗口（办法定的几个自然月，至期末）内办过业务的月数；不算结息、收费、代发、冲正",
        "交易流水",
    ),
    Measure("active_days", terms.label("active_days"), "天", "窗口内办过业务的天数，一天几笔算一天", "交易流水"),
    Measure("first_active", terms.label("first_active"), "日期", "窗口内最早一次客户主动办的业务", "交易流水"),
    Measure("idle_days", terms.label("idle_days"), "天", "最近一次业务到期末的天数；从没有业务的为空", "交易流水"),
    Measure("last_active", terms.label("last_active"), "日期", "最近一次客户主动办的业务", "交易流水"),
    Measure("transactions", "窗口内笔数", "笔", "窗口内业务笔数", "交易流水"),
    Measure("turnover", "窗口内金额", "元", "窗口内业务金额（绝对值）合计", "交易流水"),
    Measure(
        "passive_transactions",
        terms.label("passive_transactions"),
        "笔",
        "窗口内代发、代扣等不是客户主动办的笔数",
        "交易流水",
    ),
    Measure(
        "deposit_balance",
        terms.label("deposit_balance"),
        "元",
        "期末：账户表余额；没有则流水最后一日的日终余额；再没有则发生额轧差",
        "存款账户、交易流水",
    ),
    Measure(
        "average_deposit",
        terms.label("average_deposit"),
        "元",
        "窗口内每日日终余额之和 ÷ 天数，按存款种类折算；导出以前的日子按首笔前余额，不知道的为空",
        "存款账户、交易流水",
    ),
    Measure(
        "average_deposit_month",
        terms.label("average_deposit_month"),
        "元",
        "本月，按存款种类折算；账户表有月日均的以表为准",
        "存款账户、交易流水",
    ),
    Measure(
        "average_deposit_year",
        terms.label("average_deposit_year"),
        "元",
        "自 1 月 1 日，按存款种类折算；账户表有年日均的以表为准",
        "存款账户、交易流水",
    ),
    Measure(
        "average_deposit_last_year",
        terms.label("average_deposit_last_year"),
        "元",
        "上年全年，按存款种类折算；账户表有上年日均的以表为准",
        "存款账户、交易流水",
    ),
    Measure(
        "average_deposit_full",
        terms.label("average_deposit_full"),
        "元",
        "同近12个月日均，不乘折算系数",
        "存款账户、交易流水",
    ),
    Measure(
        "average_deposit_year_full",
        terms.label("average_deposit_year_full"),
        "元",
        "同年日均，不乘折算系数",
        "存款账户、交易流水",
    ),
    Measure(
        "average_deposit_last_year_full",
        terms.label("average_deposit_last_year_full"),
        "元",
        "同上年日均，不乘折算系数",
        "存款账户、交易流水",
    ),
    Measure("loan_balance", terms.label("loan_balance"), "元", "期末，表内", "贷款台账"),
    Measure(
        "average_loan",
        terms.label("average_loan"),
        "元",
        "窗口内各月末台账的平均；月末台账不全的取期末余额，标时点",
        "贷款台账",
    ),
    Measure("worst_class", terms.label("worst_class"), "", "有余额的表内贷款中最差的五级分类", "贷款台账"),
    Measure(
        "interest_paid",
        terms.label("interest_paid"),
        "元",
        "近12个月存款账户收进的结息、利息入账（办法 segment.activity 的 interest）；流水不够 12 个月或一笔结息也没有的为空",
        "交易流水",
    ),
    Measure(
        "interest_cost",
        terms.label("interest_cost", "branch_sums"),
        "%",
        "近12个月实付利息 ÷ 全口径近12个月日均",
        "存款账户、交易流水",
    ),
    Measure(
        "deposit_cost",
        terms.label("deposit_cost", "branch_sums"),
        "%",
        "期末 Σ 余额 × 利率 ÷ Σ 余额",
        "存款账户",
    ),
    Measure("demand_share", terms.label("demand_share", "branch_sums"), "%", "活期余额 ÷ 存款余额", "存款账户"),
)
