"""What is a code of the rules file called in Chinese? The words of shapes, cycles, peers and the like."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from kehujingli import terms
from kehujingli.values import plain

SHAPE_NAMES = {
    "completion": "按完成率",
    "threshold": "达标得分、超额加分",
    "deduct": "过线扣分",
    "step_bonus": "完成率加超额分档",
    "bands": "分档",
    "linear": "线性",
    "peer": "比同组平均",
    "best": "比同组最高",
    "unit_price": "单价",
    "flat_tiers": "全额累进单价",
    "marginal_tiers": "超额累进单价",
    "pool": "总额分配",
    "lots": "按份",
    "ladder": "逐级条件",
    "k_of_n": "几项中达到几项",
    "events": "逐条加减",
    "penalty": "按次扣",
    "bonus": "加分封顶",
    "carry": "欠任务结转",
    "violations": "违规比同组平均",
}
_CODES: Mapping[str, Mapping[str, str]] = {
    "cycle": {"month": "按月", "quarter": "按季", "year": "按年"},
    "group_by": {"specialism": "同岗位", "grade": "同等级", "branch_id": "同机构", "none": "全体"},
    "peers": {"specialism": "同岗位", "grade": "同等级", "branch_id": "同机构", "all": "全体"},
    "whose": {"own": "本人", "sum": "各人之和", "mean": "人均"},
    "proration": {"none": "不折算", "target": "按月份折任务", "score": "按月份折得分", "curve": "按进度折任务"},
    "missing_target": {
        "withhold": "不出得分",
        "full": "得标准分",
        "max": "得最高分",
        "zero": "得零分",
        "skip": "不计此项",
    },
    "missing_actual": {"withhold": "不出得分", "zero": "得零分", "skip": "不计此项"},
    "empty_ratio": {"full": "得满分", "zero": "得零分", "skip": "不计此项"},
    "responsibility": {"responsible": terms.label("responsible_id"), "holder": "管户人"},
    "baseline": {
        "last_year_average": terms.label("average_deposit_last_year"),
        "year_opening": terms.label("opening_year"),
        "same_period_last_year": terms.label("average_deposit_same_period"),
    },
    "counts": {"points": terms.label("points"), "extra": "加扣分", "pay": "绩效薪酬"},
    "when": {"above": "高于起扣线扣", "below": "低于起扣线扣"},
    "start": {"points": "从标准分起", "zero": "从零分起"},
    "closed": {"low": "含下限", "high": "含上限"},
    "mode": {"score": "按得分", "unit_price": "按单价", "pool": "总额分尽"},
    "settle": {"period": "当期延期", "year": "年终延期"},
    "over_pool": {"tell": "提示", "scale": "按比例压到总额"},
    "factor_by": {"grade": "名册等级", "reached": terms.label("reached", "ranks")},
    "moves": {"forced": "只动必须动的", "rebalance": "年度调整"},
    "territory": {"grid": "先按包村再按机构", "none": "只按机构"},
    "combine": {"sum": "存贷相加", "max": "存贷取高"},
    "style": {"money": "万元", "ratio": "%", "count": "户", "number": "数"},
    "measure": {key: term.label for key, term in terms.MADE.items()},
    "managed": terms.GROUPS,
    "deposit_weights": terms.DEPOSIT_KINDS,
    "scales": terms.SCALES,
    "customer_types": terms.CUSTOMER_TYPES,
    "seasonal": terms.CUSTOMER_GROUPS,
    "asset_classes": terms.FIVE_CLASSES,
    "way": {"proportional": "按户数分", "neyman": "按户数 × 离散程度分"},
    "stake": {key: terms.label(key) for key in ("scale_amount", "deposit_balance", "average_deposit", "loan_balance")},
    "kind": {"product": "要哪些产品", "aspect": "重要性和满意度", "open": "随便写"},
    "rounding": {"up": "不足一人按一人", "nearest": "四舍五入"},
    "binning": {"above": "大于分位数的进上一档", "next": "不小于分位数加一的进上一档"},
    "strategy": terms.GROUPS,
    "who": terms.TENDED_BY,
    "aim": terms.AIMS,
    "specialism": terms.SPECIALISMS,
    "link": {"market": "拓展市场", "manage": "管理客户", "sell": "营销产品", "serve": "优化服务"},
}


def code_word(key: str, value: str) -> str:
    """A code of a key in Chinese; a text stays as it is."""
    return _CODES.get(key, {}).get(value, value)


def number_word(value: Decimal) -> str:
    return f"{Decimal(plain(value)):,f}" if value.is_finite() else ("无上限" if value > 0 else "无下限")
