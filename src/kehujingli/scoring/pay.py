"""What is a score worth? Base pay, pay by score, by unit prices and from pools; factors, floor and cap; what is advanced and what is deferred.

Every step is a line of ``parts``: each the difference of two rounded running sums, so that the parts add up to the pay to the 分.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from kehujingli import terms
from kehujingli.errors import Finding, finding
from kehujingli.periods import Period, date_of
from kehujingli.rules.shapes.bands import find
from kehujingli.rules.shapes.pool import largest_remainder
from kehujingli.scoring.model import PayReckoning
from kehujingli.scoring.totals import gates_hit
from kehujingli.values import EXACT, plain, round_half_up, text_of

if TYPE_CHECKING:
    from kehujingli.rules.schemes import Deferral, PayRules
    from kehujingli.scoring.items import ItemScoring
    from kehujingli.scoring.model import ManagerScore

_HUNDRED = Decimal(100)


def deferral_parts(amount: Decimal, years: int, shares: Sequence[Decimal] | None = None) -> list[Decimal]:
    """Parts in 分 that add up to ``amount`` (元): equal, a remainder to the last years, or by ``shares`` (largest remainder)."""
    if shares is not None:
        return largest_remainder(amount, shares)
    cents = int(amount * 100)
    base, rest = divmod(cents, years)
    return [Decimal(base + (1 if year >= years - rest else 0)) / 100 for year in range(years)]


def _room(manager: ManagerScore) -> Decimal:
    """How much of one more point of the sum reaches the score: all of it, or what is left below the limit."""
    if manager.score_limit is None or manager.raw_score is None:
        return Decimal(1)
    return min(max(manager.score_limit - manager.raw_score, Decimal(0)), Decimal(1))


def _between(amount: Decimal, floor: tuple[str, Decimal] | None, cap: tuple[str, Decimal] | None) -> Decimal:
    held = amount if floor is None else max(amount, floor[1])
    return held if cap is None else min(held, cap[1])


def _product(factors: Iterable[tuple[str, Decimal]]) -> Decimal:
    return math.prod((factor for _, factor in factors), start=Decimal(1))


class Payroll:
    """Pays the posts of one scheme. ``posts``: the roster's row of every manager in ``managers``, in the same order."""

    def __init__(self, rules: PayRules, scoring: ItemScoring, who: Any) -> None:
        self.rules, self.scoring, self.who = rules, scoring, who
        self.digits = scoring.rules.rounding.pay
        self.period: Period = scoring.period
        self.findings: list[Finding] = []

    def run(self, managers: Sequence[ManagerScore], posts: Sequence[Any]) -> None:
        due = [(manager, post) for manager, post in zip(managers, posts, strict=True) if manager.score is not None]
        shares = self._pool_shares([manager for manager, _ in due])
        for (manager, post), share in zip(due, shares, strict=True):
            self._pay(manager, post, share)
        paid = [manager for manager, _ in due if manager.pay is not None]
        self._limit(paid)
        for manager in paid:
            self._split(manager)

    def _by_grade(
        self, manager: ManagerScore, amounts: Decimal | Mapping[str, Decimal] | None, what: str
    ) -> Decimal | None:
        """A number for everybody, or the grade's; a grade without one is told, once a manager."""
        if amounts is None or isinstance(amounts, Decimal):
            return amounts
        found = amounts.get(manager.grade or "")
        if found is None:
            told = finding(
                "score.standard-missing", who=self.who(manager.manager_id), grade=manager.grade or "空", what=what
            )
            if told not in self.findings:
                self.findings.append(told)
        return found

    def _pool_shares(self, managers: Sequence[ManagerScore]) -> list[Decimal | None]:
        """Mode ``pool``: the whole pool in proportion to standard × score × duty."""
        if "pool" not in self.rules.modes:
            return [None] * len(managers)
        weights = []
        for manager in managers:
            standard = self._by_grade(manager, self.rules.standard, terms.label("standard"))
            weight = Decimal(1) if self.rules.standard is None else standard or Decimal(0)
            assert manager.score is not None
            weights.append(max(Decimal(0), EXACT.divide(weight * manager.score * manager.duty_days, manager.days)))
        assert self.rules.pool is not None
        return list(largest_remainder(self.rules.pool, [round_half_up(weight, 10) for weight in weights]))

    def _pay(self, manager: ManagerScore, post: Any, pool_share: Decimal | None) -> None:
        rules = self.rules
        assert manager.score is not None
        base = self._by_grade(manager, rules.base, "底薪") if rules.base is not None else Decimal(0)
        standard = (
            self._by_grade(manager, rules.standard, terms.label("standard")) if "score" in rules.modes else Decimal(0)
        )
        if base is None or standard is None:
            return
        steps: list[tuple[str, Decimal]] = []
        if rules.base is not None:
            steps.append(("底薪", EXACT.divide(base * manager.duty_days, manager.days)))
        if "score" in rules.modes:
            manager.standard = standard
            exact = EXACT.divide(standard * manager.score * manager.duty_days, _HUNDRED * manager.days)
            steps.append(("按得分", exact))
        elif pool_share is not None:
            steps.append(("总额按得分分配", pool_share))
        if "unit_price" in rules.modes or "pool" in rules.modes:
            steps += [
                (item.item.label, item.points)
                for item in manager.items
                if item.item.is_counted == "pay" and item.points is not None
            ]
        performance = sum((amount for name, amount in steps if name != "底薪"), Decimal(0))
        factor = Decimal(1)
        for name, one in [*self._factors(manager, post), *self._by_score(manager.score)]:
            steps.append((f"{name} × {plain(one)}", performance * factor * (one - 1)))
            factor *= one
        exact = sum((amount for _, amount in steps), Decimal(0))
        floor, cap = self._bounds(manager, post)
        held = exact
        if floor is not None and held < floor[1]:
            steps.append((f"{floor[0]} {plain(floor[1])}", floor[1] - held))
            held = floor[1]
        if cap is not None and held > cap[1]:
            steps.append((f"{cap[0]} {plain(cap[1])}", cap[1] - held))
        manager.parts = self._rounded(steps)
        manager.pay = sum((amount for _, amount in manager.parts), Decimal(0))
        if pool_share is None:
            more = self._further(manager, performance, standard, factor)
            reached, further = (_between(amount, floor, cap) for amount in (exact, exact + more))
            manager.point_worth = round_half_up(further - reached, self.digits)
        manager.reckoned = PayReckoning(
            base, standard, pool_share or Decimal(0), factor, floor[1] if floor else None, cap[1] if cap else None
        )

    def _further(self, manager: ManagerScore, performance: Decimal, standard: Decimal, factor: Decimal) -> Decimal:
        """What one more point of the sum would add before floor and cap: by the standard, and by a factor that the score decides."""
        assert manager.score is not None
        room = _room(manager)
        more = EXACT.divide(standard * manager.duty_days, _HUNDRED * manager.days) * room
        now, then = (_product(self._by_score(score)) for score in (manager.score, manager.score + room))
        if now == then:
            return more * factor
        rest = factor if now == 0 else EXACT.divide(factor, now)
        return (performance + more) * rest * then - performance * rest * now

    def _by_score(self, score: Decimal) -> list[tuple[str, Decimal]]:
        """The factors that the scheme's own score decides, those that are 1 left out."""
        rules, found = self.rules, []
        if rules.times_score:
            found.append((f"得分 {score}%", max(Decimal(0), score / _HUNDRED)))
        if rules.score_factor is not None:
            found.append((f"得分系数（{score} 分）", rules.score_factor[find(rules.score_factor, score)][2]))
        return [(name, factor) for name, factor in found if factor != 1]

    def _rounded(self, steps: Sequence[tuple[str, Decimal]]) -> tuple[tuple[str, Decimal], ...]:
        parts, exact, rounded = [], Decimal(0), round_half_up(Decimal(0), self.digits)
        for name, amount in steps:
            exact += amount
            reached = round_half_up(exact, self.digits)
            parts.append((name, reached - rounded))
            rounded = reached
        return tuple(parts)

    def _factors(self, manager: ManagerScore, post: Any) -> list[tuple[str, Decimal]]:
        grade = manager.grade if self.rules.factor_by == "grade" else manager.reached
        years = self._years(post)
        seniority = [factor for least, factor in self.rules.seniority if years is not None and years >= least]
        found = [
            (f"等级系数（{grade or '空'}）", self.rules.grade_factor.get(grade or "", Decimal(1))),
            ("难度系数", self.rules.difficulty.get(manager.branch_id, Decimal(1))),
            ("年限系数", seniority[-1] if seniority else Decimal(1)),
        ]
        return [(name, factor) for name, factor in found if factor != 1]

    def _years(self, post: Any) -> int | None:
        """Whole years in office at the end of the period."""
        if text_of(post.since) is None:
            return None
        start, end = date_of(int(post.since)), date_of(self.period.last)
        return end.year - start.year - ((end.month, end.day) < (start.month, start.day))

    def _bounds(
        self, manager: ManagerScore, post: Any
    ) -> tuple[tuple[str, Decimal] | None, tuple[str, Decimal] | None]:
        """The highest floor and the lowest cap with their names. Nobody without a day on duty has a floor, nobody under a veto."""
        rules = self.rules
        guarded = manager.duty_days > 0 and not manager.vetoed
        floors: list[tuple[str, Decimal]] = []
        floor = self._by_grade(manager, rules.floor, "保底")
        if floor is not None and guarded:
            floors.append(("保底", floor))
        if rules.first_year_floor is not None and guarded and self._first_year(post):
            floors.append(("第一年保底", rules.first_year_floor))
        caps = [("封顶", rules.cap)] if rules.cap is not None else []
        caps += [
            (gate.reason, gate.pay_at_most) for gate in gates_hit(manager, self.scoring) if gate.pay_at_most is not None
        ]
        return max(floors, key=lambda pair: pair[1], default=None), min(caps, key=lambda pair: pair[1], default=None)

    def _first_year(self, post: Any) -> bool:
        """Within a year of taking office: guaranteed pay is for newcomers only (稳健薪酬监管指引, 2010)."""
        return self._years(post) == 0

    def _limit(self, managers: Sequence[ManagerScore]) -> None:
        """A scheme that pays more than its pool: told, or brought down to it in proportion."""
        pool = self.rules.pool
        spent = sum((manager.pay for manager in managers if manager.pay is not None), Decimal(0))
        if pool is None or spent <= pool:
            return
        scale = self.rules.over_pool == "scale"
        effect = "按比例压到总额" if scale else "没有压缩"
        title = self.scoring.rules.title or "本办法"
        cure = "" if scale else '，或在办法里写 over_pool = "scale"'
        self.findings.append(
            finding(
                "score.pool-exceeded",
                scheme=title,
                spent=f"{spent:,.2f}",
                pool=f"{pool:,.2f}",
                over=f"{spent - pool:,.2f}",
                effect=effect,
                cure=cure,
            )
        )
        if scale:
            pays = [max(manager.pay or Decimal(0), Decimal(0)) for manager in managers]
            for manager, share in zip(managers, largest_remainder(pool, pays), strict=True):
                assert manager.pay is not None
                assert manager.reckoned is not None
                manager.reckoned = replace(manager.reckoned, cut=share - manager.pay)
                manager.parts = (*manager.parts, ("总额限制", share - manager.pay))
                manager.pay, manager.point_worth = share, None

    def _split(self, manager: ManagerScore) -> None:
        """What is paid on account, what is deferred now, and what will be: paid by the year's end + deferred = pay."""
        assert manager.pay is not None
        deferral = self.rules.deferral
        if deferral and (not deferral.grades or manager.grade in deferral.grades):
            self._defer(manager, deferral)
        manager.advance = round_half_up((manager.pay - manager.deferred) * self.rules.advance, self.digits)
        manager.paid_now = manager.advance
        draws = self.rules.draw
        draw = draws.get(manager.grade or "") if isinstance(draws, dict) else draws
        if draw is not None and not manager.vetoed:
            manager.draw = round_half_up(EXACT.divide(draw * manager.duty_days, manager.days), self.digits)
        if self.rules.advanced:
            fact = self.scoring.fact(manager.manager_id, self.rules.advanced)
            manager.paid_now -= fact.value if fact is not None else Decimal(0)

    def _defer(self, manager: ManagerScore, deferral: Deferral) -> None:
        assert manager.pay is not None
        manager.to_defer = round_half_up(max(manager.pay, Decimal(0)) * deferral.rate, self.digits)
        if deferral.settle == "period":
            manager.deferred = manager.to_defer
        parts = deferral_parts(manager.to_defer, deferral.years, deferral.parts)
        manager.deferral = tuple((self.period.year + 1 + index, part) for index, part in enumerate(parts))
