"""How does a scheme read in words that a director can sign? One line an item, a gate, a grade; pay in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from kehujingli import terms
from kehujingli.actuals import STYLES
from kehujingli.rules import shapes
from kehujingli.rules.models import Rules
from kehujingli.rules.schemes import PayRules, PopulationRules, SchemeRules
from kehujingli.rules.shapes import (
    bonus,
    carry,
    flat_tiers,
    k_of_n,
    linear,
    marginal_tiers,
    peer,
    penalty,
    step_bonus,
    threshold,
    unit_price,
    violations,
)
from kehujingli.rules.shapes.base import Condition, Item
from kehujingli.values import plain, say

SHAPE_NAMES = {
    "completion": "按完成率",
    "threshold": "达标得分、超额加分",
    "deduct": "过线扣分",
    "step_bonus": "完成率加超额分档",
    "bands": "分档",
    "linear": "线性",
    "peer": "比同组平均",
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
    "responsibility": {"responsible": "责任人", "holder": "管户人"},
    "baseline": {"last_year_average": "上年日均", "year_opening": "年初余额", "same_period_last_year": "上年同期日均"},
    "counts": {"points": "标准分", "extra": "加扣分", "pay": "绩效薪酬"},
    "when": {"above": "高于起扣线扣", "below": "低于起扣线扣"},
    "start": {"points": "从标准分起", "zero": "从零分起"},
    "closed": {"low": "含下限", "high": "含上限"},
    "mode": {"score": "按得分", "unit_price": "按单价", "pool": "总额分尽"},
    "settle": {"period": "当期延期", "year": "年终延期"},
    "over_pool": {"tell": "提示", "scale": "按比例压到总额"},
    "factor_by": {"grade": "名册等级", "reached": "本期评级"},
    "moves": {"forced": "只动必须动的", "rebalance": "年度调整"},
    "territory": {"grid": "先按包村再按机构", "none": "只按机构"},
    "combine": {"sum": "存贷相加", "max": "存贷取高"},
    "style": {"money": "万元", "ratio": "%", "count": "户", "number": "数"},
    "measure": {key: term.label for key, term in terms.MADE.items()},
    "managed": terms.GROUPS,
    "specialism": terms.SPECIALISMS,
    "link": {"market": "拓展市场", "manage": "管理客户", "sell": "营销产品", "serve": "优化服务"},
}
_SIGNS = {">=": "≥", "<=": "≤", ">": ">", "<": "<"}


def code_word(key: str, value: str) -> str:
    """A code of a key in Chinese; a text stays as it is."""
    return _CODES.get(key, {}).get(value, value)


def number_word(value: Decimal) -> str:
    return plain(value) if value.is_finite() else ("无上限" if value > 0 else "无下限")


def tell(rules: Rules) -> list[str]:
    """The scheme of a whole file as lines."""
    from kehujingli.rules.changes import in_words

    lines = [f"{rules.institution.name or '（没有写机构）'}  文号：{rules.institution.document or '没有'}"]
    for name, section in (("客户分类", rules.segment), ("管户分配", rules.assign)):
        if section is not None:
            lines += ["", f"【{name}】", *(f"{' · '.join(where)}：{value}" for where, value in in_words(section))]
    for scheme in rules.incentive.schemes if rules.incentive else ():
        lines += ["", f"【{scheme.title or '考核与绩效'}】", *_Teller(scheme).lines()]
    return lines


class _Teller:
    """One scheme in words."""

    def __init__(self, scheme: SchemeRules) -> None:
        self.scheme = scheme
        things: list[Any] = [*scheme.metric, *scheme.item]
        self.names = {thing.id: thing.label for thing in things}
        self.styles = {thing.id: thing.style or STYLES.get(thing.actual or "", "number") for thing in things}

    def lines(self) -> Iterator[str]:
        scheme = self.scheme
        if isinstance(scheme, PopulationRules):
            yield f"适用人员：{_population(scheme)}。"
        yield f"周期：{code_word('cycle', scheme.cycle)}；排名：{code_word('group_by', scheme.group_by)}；全年任务：{code_word('proration', scheme.proration)}。"
        yield (
            f"没有任务数时{code_word('missing_target', scheme.missing_target)}，算不出实绩时{code_word('missing_actual', scheme.missing_actual)}；"
            f"不良算{code_word('responsibility', scheme.responsibility)}的。"
        )
        if scheme.curve:
            yield f"各月累计进度：{'、'.join(say(share, 'ratio') for share in scheme.curve)}。"
        for number, item in enumerate(scheme.item, 1):
            yield f"{number}. {self._item(item)}"
        for gate in scheme.gate:
            yield f"封顶/否决：{gate.reason}：{self._trigger(gate)}，{gate.effect}。"
        for grade in scheme.grade:
            conditions = "".join(f"，且 {self._condition(one)}" for one in grade.when)
            yield f"评级：{grade.name}：得分 ≥ {plain(grade.at_least)}{conditions}{'；' + grade.note if grade.note else ''}。"
        if scheme.pay is not None:
            yield from self._pay(scheme.pay)

    def _name(self, of: str) -> str:
        return self.names.get(of) or terms.ITEM_ACTUALS.get(of, of)

    def _say(self, of: str, value: Decimal) -> str:
        return say(value, self.styles.get(of) or STYLES.get(of, "number"))

    def _condition(self, condition: Condition) -> str:
        return "、".join(
            f"{self._name(condition.of)} {_SIGNS[sign]} {self._say(condition.of, line)}"
            for sign, line in condition.bounds()
        )

    def _trigger(self, gate: Any) -> str:
        if gate.event is not None:
            return f"加减分表里有“{'一票否决' if gate.event in terms.VETO_ITEMS else gate.event}”"
        sign, line = (">", gate.above) if gate.above is not None else ("<", gate.below)
        return f"{self._name(gate.actual)} {sign} {self._say(gate.actual, line)}"

    def _item(self, item: Item) -> str:
        worth = f"{plain(item.points)} 分" if item.is_counted == "points" else item.of_full
        bounds = [f"最低 {plain(item.min)}"] if item.min is not None else []
        bounds += [f"最高 {plain(item.max)}"] if item.max is not None else []
        bounds += [f"任务 {self._say(item.id, item.target)}"] if item.target is not None else []
        bounds += [
            f"{'且'.join(self._condition(one) for one in minimum.when)} 时至少 {plain(minimum.points)}"
            for minimum in item.minimum
        ]
        tail = f"；{'，'.join(bounds)}" if bounds else ""
        return f"{item.label}（{worth}，{terms.CATEGORIES[item.category]}）：{self._sentence(item)}{tail}。"

    def _sentence(self, item: Item) -> str:
        """What a shape does with its numbers."""

        def q(value: Decimal) -> str:
            return self._say(item.id, value)

        match item:
            case shapes.Completion():
                return f"{plain(item.points)} × 实绩 ÷ 任务"
            case threshold.Threshold():
                more = (
                    f"，超额按比例加{'，最多 ' + plain(item.bonus_max) if item.bonus_max is not None else ''}"
                    if item.bonus
                    else ""
                )
                return f"达到任务得 {plain(item.points)}，不到得 {plain(item.missed)}{more}"
            case shapes.Deduct():
                side = "高于" if item.when == "above" else "低于"
                return f"{side} {q(item.base)} 后，每 {q(item.step)} 扣 {plain(item.per_step)}{'，满一档才扣' if item.whole_steps else ''}"
            case step_bonus.StepBonus():
                return f"任务以内按完成率，每超 {say(item.step, 'ratio')} 加 {plain(item.per_step)}"
            case shapes.Bands():
                return f"{self._bands(item.bands, q)}（{code_word('closed', item.closed)}）"
            case violations.Violations():
                return f"比{code_word('peers', item.peers)}平均相差 {self._bands(item.bands, lambda value: say(value, 'ratio'))}"
            case linear.Linear():
                return f"{plain(item.slope)} × (实绩 − {q(item.base)}) + {plain(item.offset)}"
            case peer.Peer():
                return f"{plain(item.points)}，比{code_word('peers', item.peers)}平均每高（低）{say(item.step, 'ratio')} 加（减）{plain(item.per_step)}，最多 {plain(item.most)}"
            case unit_price.UnitPrice():
                part = f" × {plain(item.share)}" if item.share != 1 else ""
                return f"实绩 × {plain(item.price)} 元/{q(item.per)}{part}，负数按 {plain(item.negative_price)} 元"
            case flat_tiers.FlatTiers() | marginal_tiers.MarginalTiers():
                return f"{SHAPE_NAMES[item.shape]}（每 {q(item.per)}）：{self._bands(item.tiers, q)}"
            case shapes.Pool():
                pool = f"{plain(item.pool)} 元" if isinstance(item.pool, Decimal) else f"{self._name(item.pool)}合计"
                return f"{pool}的 {plain(item.weight)}%，按{code_word('peers', item.peers)}的正数分尽"
            case shapes.Lots():
                return f"{'超过 ' + q(item.beyond) + ' 的部分' if item.beyond else ''}每满 {q(item.lot)} 得 {plain(item.per_lot)}"
            case shapes.Ladder():
                rungs = (
                    f"{rung.grade} {plain(rung.points)}（{'，'.join(self._condition(one) for one in rung.when)}）"
                    for rung in item.rungs
                )
                return f"从高到低，条件都满足的第一级：{'；'.join(rungs)}"
            case k_of_n.KOfN():
                levels = (
                    f"高出平均 {say(level.margin, 'ratio')}{''.join('，' + self._condition(one) for one in level.when)} 得 {plain(level.points)}"
                    for level in item.levels
                )
                return (
                    f"{'、'.join(self._name(name) for name in item.figures)} 中至少 {item.least} 项{'；'.join(levels)}"
                )
            case shapes.Events():
                return f"{code_word('start', item.start)}，加减分表里逐条加减"
            case penalty.Penalty():
                charges = (
                    f"{self._name(one.of)}{' 过 ' + self._say(one.of, one.line) if one.line else ''} 每 {self._say(one.of, one.step)} 扣 {plain(one.each)}"
                    for one in item.charges
                )
                return f"{'、'.join(charges)}{'，合计最多扣 ' + plain(item.most) if item.most is not None else ''}"
            case bonus.Bonus():
                return f"每 1 加 {plain(item.each)}，最多 {plain(item.most)}"
            case carry.Carry():
                owed = self._name(item.owed) if item.owed is not None else "上一期所欠"
                return f"{plain(item.points)} × 实绩 ÷ (任务 + {owed})"
            case _:
                return ""

    def _bands(self, bands: Any, q: Any) -> str:
        return "、".join(
            f"{q(low) if low.is_finite() else '−∞'}～{q(high) if high.is_finite() else '∞'} {plain(worth)}"
            for low, high, worth in bands
        )

    def _pay(self, pay: PayRules) -> Iterator[str]:
        yield f"绩效薪酬：{'、'.join(code_word('mode', mode) for mode in pay.modes)}。"
        amounts = (
            ("绩效标准", pay.standard),
            ("底薪", pay.base),
            ("保底", pay.floor),
            ("等级系数", pay.grade_factor),
            ("难度系数", pay.difficulty),
        )
        for name, amount in amounts:
            if isinstance(amount, Decimal):
                yield f"{name}：{amount:,} 元。"
            elif amount:
                yield f"{name}：{'、'.join(f'{grade} {value:,}' for grade, value in amount.items())}。"
        if pay.seniority:
            yield f"年限系数：{'、'.join(f'满 {plain(years)} 年 {plain(factor)}' for years, factor in pay.seniority)}。"
        limits = (
            ("计发得分封顶", pay.score_cap),
            ("第一年保底（元）", pay.first_year_floor),
            ("封顶（元）", pay.cap),
            ("总额（元）", pay.pool),
        )
        for name, limit in limits:
            if limit is not None:
                yield f"{name}：{limit:,}。"
        settled_in = "12 月" if pay.settle_month == 12 else f"次年 {pay.settle_month} 月"
        yield f"预发 {say(pay.advance, 'ratio')}，其余年终清算（{settled_in}）。"
        if pay.deferral is not None:
            grades = "、".join(pay.deferral.grades) or "人人"
            parts = "、".join(plain(part) for part in pay.deferral.parts) if pay.deferral.parts else "等分"
            yield f"延期：{grades} {say(pay.deferral.rate, 'ratio')}，{pay.deferral.years} 年（{parts}），{code_word('settle', pay.deferral.settle)}，到期那年 {pay.deferral.pay_month} 月付。"
        yield f"争议：{pay.disputes or '没有写'}"


def _population(scheme: PopulationRules) -> str:
    told = scheme.population
    parts = [
        f"{name} {'、'.join(values)}"
        for name, values in (
            ("机构", told.branch),
            ("岗位", tuple(terms.SPECIALISMS[one] for one in told.specialism)),
            ("等级", told.grade),
        )
        if values
    ]
    return "；".join(parts) or "全体"
