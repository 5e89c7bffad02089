"""How does a scheme read in words that a director can sign? One line an item, a gate, a grade; pay in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from kehujingli import terms
from kehujingli.rules.changes import in_words
from kehujingli.rules.code_words import code_word
from kehujingli.rules.models import Rules
from kehujingli.rules.schemes import PayRules, PopulationRules, SchemeRules
from kehujingli.rules.shapes.base import Condition, Item, ranges
from kehujingli.rules.strategy import Tended
from kehujingli.values import plain, say

_SIGNS = {">=": "≥", "<=": "≤", ">": ">", "<": "<"}


def tell(rules: Rules) -> list[str]:
    """The scheme of a whole file as lines."""
    lines = [f"{rules.institution.name or '（没有写机构）'}  文号：{rules.institution.document or '没有'}"]
    for name, section in (("客户分类", rules.segment), ("管户分配", rules.assign)):
        if section is not None:
            lines += ["", f"【{name}】", *(f"{' · '.join(where)}：{value}" for where, value in in_words(section))]
    if rules.strategy is not None:
        lines += ["", "【户群策略】"]
        lines += [
            f"{label}：{_row(rules.strategy[cell])}。" for cell, label in terms.GROUPS.items() if cell in rules.strategy
        ]
    for scheme in rules.incentive.schemes if rules.incentive else ():
        lines += ["", f"【{scheme.title or '考核与绩效'}】", *_Teller(scheme).lines()]
    return lines


def _row(row: Tended) -> str:
    said = row.in_words
    return (
        f"{said['aim']}，{said['who']}管，{row.visit_days} 天之内至少联系一次，{said['channel']}，主推{said['offer']}"
    )


class _Teller:
    """One scheme in words."""

    def __init__(self, scheme: SchemeRules) -> None:
        self.scheme = scheme
        things: list[Any] = [*scheme.metric, *scheme.item]
        self.names = {thing.id: thing.label for thing in things}
        self.styles = {
            thing.id: thing.style or terms.ACTUAL_STYLES.get(thing.actual or "", "number") for thing in things
        }

    def lines(self) -> Iterator[str]:
        scheme = self.scheme
        if isinstance(scheme, PopulationRules):
            yield f"适用人员：{_population(scheme)}。"
        yield f"周期：{code_word('cycle', scheme.cycle)}；排名：{code_word('group_by', scheme.group_by)}；全年任务：{code_word('proration', scheme.proration)}。"
        yield (
            f"没有任务数时{code_word('missing_target', scheme.missing_target)}，算不出实绩时{code_word('missing_actual', scheme.missing_actual)}；"
            f"不良算{code_word('responsibility', scheme.responsibility)}的。"
        )
        yield f"四舍五入：各项先封顶、保底，再留 {scheme.rounding.points} 位小数，相加得分；应发留 {scheme.rounding.pay} 位。"
        if scheme.curve:
            yield f"各月累计进度：{'、'.join(say(share, 'ratio') for share in scheme.curve)}。"
        for number, item in enumerate(scheme.item, 1):
            yield f"{number}. {self._item(item)}"
        for gate in scheme.gate:
            yield f"封顶/否决：{gate.reason}：{self._trigger(gate)}，{gate.effect}。"
        for grade in scheme.grade:
            conditions = "".join(f"，且 {self.condition(one)}" for one in grade.when)
            yield f"评级：{grade.name}：得分 ≥ {plain(grade.at_least)}{conditions}{'；' + grade.note if grade.note else ''}。"
        if scheme.pay is not None:
            yield from self._pay(scheme.pay)

    def name(self, of: str) -> str:
        return self.names.get(of) or terms.ITEM_ACTUALS.get(of, of)

    def say(self, of: str, value: Decimal) -> str:
        return say(value, self.styles.get(of) or terms.ACTUAL_STYLES.get(of, "number"))

    def condition(self, condition: Condition) -> str:
        return "、".join(
            f"{self.name(condition.of)} {_SIGNS[sign]} {self.say(condition.of, line)}"
            for sign, line in condition.bounds()
        )

    def _trigger(self, gate: Any) -> str:
        if gate.event is not None:
            return f"加减分表里有“{'一票否决' if gate.event in terms.VETO_ITEMS else gate.event}”"
        sign, line = (">", gate.above) if gate.above is not None else ("<", gate.below)
        return f"{self.name(gate.actual)} {sign} {self.say(gate.actual, line)}"

    def _item(self, item: Item) -> str:
        worth = f"{plain(item.points)} 分" if item.is_counted == "points" else item.of_full
        bounds = [f"{code_word('peers', item.peers)}{code_word('whose', item.whose)}"] if item.whose != "own" else []
        bounds += [f"最低 {plain(item.min)}"] if item.min is not None else []
        bounds += [f"最高 {plain(item.max)}"] if item.max is not None else []
        bounds += [f"任务 {self.say(item.id, item.target)}"] if item.target is not None else []
        if item.tenure:
            shares = (f"满 {months} 个月 {say(share, 'ratio')}" for months, share in item.tenure)
            bounds.append(f"任务按任职：{'、'.join(shares)}")
        bounds += [f"{'且'.join(self.condition(one) for one in item.only_when)} 才计"] if item.only_when else []
        bounds += [
            f"{'且'.join(self.condition(one) for one in minimum.when)} 时至少 {plain(minimum.points)}"
            for minimum in item.minimum
        ]
        tail = f"；{'，'.join(bounds)}" if bounds else ""
        return f"{item.label}（{worth}，{terms.CATEGORIES[item.category]}）：{item.sentence(self)}{tail}。"

    def _pay(self, pay: PayRules) -> Iterator[str]:
        yield f"绩效薪酬：{'、'.join(code_word('mode', mode) for mode in pay.modes)}。"
        amounts = (
            (terms.label("standard"), pay.standard),
            ("底薪", pay.base),
            ("保底", pay.floor),
            ("每期先付、多付的结转", pay.draw),
            ("等级系数", pay.grade_factor),
            ("难度系数", pay.difficulty),
        )
        for name, amount in amounts:
            if isinstance(amount, Decimal):
                yield f"{name}：{amount:,} 元。"
            elif amount:
                yield f"{name}：{'、'.join(f'{grade} {value:,}' for grade, value in amount.items())}。"
        if pay.times_score:
            yield "绩效再乘 得分 ÷ 100。"
        if pay.score_factor is not None:
            yield f"得分系数：{ranges(pay.score_factor, plain)}（含下限）。"
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
            (terms.label("specialism"), tuple(terms.SPECIALISMS[one] for one in told.specialism)),
            (terms.label("grade"), told.grade),
        )
        if values
    ]
    return "；".join(parts) or "全体"
