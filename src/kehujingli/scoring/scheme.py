"""Who is scored by which scheme, and in what order? Posts on duty, their scheme, items, totals, pay, ranks, and what is to be told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import kehujingli.scoring.totals as totals
from kehujingli import terms
from kehujingli.errors import Finding, finding
from kehujingli.rules.shapes.base import Item
from kehujingli.scoring.figures import Everybody
from kehujingli.scoring.items import ItemScoring
from kehujingli.scoring.model import Carried, ItemScore, ManagerScore, Papers, Scores
from kehujingli.scoring.papers import PaperReader, Read, known_names
from kehujingli.scoring.pay import Payroll
from kehujingli.scoring.typed import untaken
from kehujingli.values import plain, text_of

if TYPE_CHECKING:
    import pandas as pd

    from kehujingli.actuals import Actuals
    from kehujingli.periods import Period
    from kehujingli.rules.schemes import IncentiveRules, PopulationRules, SchemeRules


def score(
    roster: pd.DataFrame,
    actuals: Actuals,
    papers: Papers,
    rules: IncentiveRules,
    period: Period,
    carried: Mapping[str, Carried] | None = None,
) -> Scores:
    """Score every manager on duty in the period by the scheme whose population holds the post.

    ``roster``: one row a post; ``carried``: by the scheme's cycle, what the period before has left of its targets.
    """
    posts = list(on_duty(roster, period).itertuples())
    county = _County(posts, papers)
    if not rules.scheme:
        scores = _Scheme(rules, posts, actuals, papers, period, carried, county).run()
        scores.findings += untaken(papers.manual, rules.schemes)
        return scores
    found: dict[int, list[Any]] = {}
    strays: list[tuple[Any, list[PopulationRules]]] = []
    for post in posts:
        fits = [
            (number, scheme)
            for number, scheme in enumerate(rules.scheme)
            if scheme.population.holds(str(post.branch_id), text_of(post.specialism), text_of(post.grade))
        ]
        if len(fits) == 1:
            found.setdefault(fits[0][0], []).append(post)
        else:
            strays.append((post, [scheme for _, scheme in fits]))
    elsewhere = _known_elsewhere(rules, found)
    parts = [
        _Scheme(
            rules.scheme[number],
            mine,
            actuals,
            papers.of({str(post.manager_id) for post in mine}),
            period,
            carried,
            county,
            elsewhere[number],
        ).run()
        for number, mine in sorted(found.items())
    ]
    outside = [_stray(post, fits, period) for post, fits in strays]
    order = {(str(post.manager_id), str(post.branch_id)): place for place, post in enumerate(posts)}
    managers = [manager for part in parts for manager in part.managers] + outside
    managers.sort(key=lambda manager: order[manager.manager_id, manager.branch_id])
    of_others = _of_people_without_post(posts, papers, rules, period)
    # Somebody with posts in two schemes has her papers read by both: each line is adopted, shown and told once.
    labels = dict.fromkeys([label for part in parts for label in part.adjustments.index] + of_others.adopted)
    adopted = papers.adjustments.loc[list(labels)]
    manual = {
        (row["manager_id"], row["item"].id, row["value"]): row
        for part in reversed(parts)
        for row in reversed(part.manual)
    }
    findings = [told for part in parts for told in part.findings] + list(_tell_strays(strays)) + of_others.findings
    findings += untaken(papers.manual, rules.schemes)
    return Scores(managers, adopted, list(reversed(manual.values())), list(dict.fromkeys(findings)), actuals.trial)


def _known_elsewhere(
    rules: IncentiveRules, posts: Mapping[int, Sequence[Any]]
) -> Mapping[int, Mapping[str, frozenset[str]]]:
    """Scheme → manager → the names that papers may use for what her other schemes score."""
    people = {number: {str(post.manager_id) for post in mine} for number, mine in posts.items()}
    names = {number: known_names(rules.scheme[number]) for number in posts}
    return {
        number: {
            who: frozenset().union(*(names[other] for other in posts if other != number and who in people[other]))
            for who in mine
        }
        for number, mine in people.items()
    }


def _of_people_without_post(posts: Sequence[Any], papers: Papers, rules: IncentiveRules, period: Period) -> Read:
    """Amounts of people who left may still be taken back or stopped: their lines belong to no scheme's posts."""
    here = {str(post.manager_id) for post in posts}
    lines = papers.adjustments
    reader = PaperReader(rules, period, str)
    reader.adjustments(lines[~lines["manager_id"].isin(here)])
    return reader.read


def duty_days(post: Any, period: Period) -> int:
    """Days on duty: as the roster says, else from 任职 to 离任 within the period."""
    days = period.last - period.first + 1
    if text_of(post.duty_days):
        return max(0, min(int(post.duty_days), days))
    first = max(period.first, int(post.since)) if text_of(post.since) else period.first
    return max(0, _last_day(post, period) - first + 1)


def _last_day(post: Any, period: Period) -> int:
    return min(period.last, int(post.until)) if text_of(post.until) else period.last


def on_duty(roster: pd.DataFrame, period: Period) -> pd.DataFrame:
    """Posts that touch the period; people who left without a date are not scored."""
    here = (roster["since"].isna() | (roster["since"] <= period.last)) & (
        roster["until"].isna() | (roster["until"] >= period.first)
    )
    gone = roster["status"].isin(terms.LEFT_STATUSES) & roster["until"].isna() & (roster["duty_days"].fillna(0) == 0)
    return roster[here.fillna(True) & ~gone].sort_values(["manager_id", "since", "branch_id"], kind="stable")


def _manager(post: Any, period: Period, items: Sequence[ItemScore], scheme: SchemeRules | None) -> ManagerScore:
    return ManagerScore(
        str(post.manager_id),
        text_of(post.name) or "",
        str(post.branch_id),
        text_of(post.specialism),
        text_of(post.grade),
        duty_days(post, period),
        period.last - period.first + 1,
        items,
        scheme=scheme,
        last_day=_last_day(post, period),
    )


def _stray(post: Any, fits: Sequence[PopulationRules], period: Period) -> ManagerScore:
    """A post that no scheme holds, or more than one."""
    manager = _manager(post, period, (), None)
    titles = "、".join(scheme.title or "（无名）" for scheme in fits)
    manager.withheld = (f"同时在几套办法里：{titles}" if fits else "不在任何一套办法的适用人员里",)
    return manager


def _tell_strays(strays: Sequence[tuple[Any, Sequence[PopulationRules]]]) -> Iterator[Finding]:
    for code, found in (
        ("score.no-scheme", [post for post, fits in strays if not fits]),
        ("score.two-schemes", [post for post, fits in strays if fits]),
    ):
        if found:
            people = "、".join(f"{post.manager_id} {text_of(post.name) or ''}".strip() for post in found[:5])
            yield finding(code, count=len(found), people=people + ("等" if len(found) > 5 else ""))


_FEW = 5
"""People who are named one by one."""


def _instead(target: Decimal | None) -> str:
    return "" if target is None else f"（填的是 {plain(target)}）"


def groups_of(posts: Sequence[Any]) -> dict[str, dict[str, str]]:
    """Manager → what peers are told by, of the first post."""
    groups = {
        str(post.manager_id): {key: text_of(getattr(post, key)) or "" for key in ("branch_id", "grade", "specialism")}
        for post in reversed(posts)
    }
    return dict(reversed(groups.items()))


@dataclass(frozen=True)
class _County:
    """All posts of the period and all papers, for figures that are not a manager's own."""

    posts: Sequence[Any]
    papers: Papers

    def as_read_by(self, rules: SchemeRules, period: Period) -> Everybody:
        since: dict[str, int] = {}
        for post in self.posts:
            if text_of(post.since):
                since[str(post.manager_id)] = min(int(post.since), since.get(str(post.manager_id), int(post.since)))
        things = (*rules.item, *rules.metric)
        if all(thing.whose == "own" for thing in things):
            return Everybody({}, since)
        reader = PaperReader(rules, period, str)
        reader.manual(self.papers.manual)
        return Everybody(groups_of(self.posts), since, reader.read.manual)


class _Scheme:
    """One scheme and its posts."""

    def __init__(
        self,
        rules: SchemeRules,
        posts: Sequence[Any],
        actuals: Actuals,
        papers: Papers,
        period: Period,
        carried: Mapping[str, Carried] | None,
        county: _County,
        elsewhere: Mapping[str, frozenset[str]] | None = None,
    ) -> None:
        self.rules, self.posts, self.actuals, self.period = rules, posts, actuals, period
        self.names = {str(post.manager_id): text_of(post.name) or "" for post in posts}
        reader = PaperReader(rules, period, self._who, elsewhere)
        reader.targets(papers.targets)
        reader.adjustments(papers.adjustments)
        reader.manual(papers.manual)
        self.read = reader.read
        self.adopted = papers.adjustments.loc[self.read.adopted]
        before = (carried or {}).get(rules.cycle)
        everybody = county.as_read_by(rules, period)
        self.scoring = ItemScoring(rules, actuals, self.read, period, groups_of(posts), everybody, before)
        self.findings: list[Finding] = list(self.read.findings)

    def _who(self, manager: str) -> str:
        return f"{manager} {self.names.get(manager, '')}".strip()

    def run(self) -> Scores:
        scores: dict[str, list[ItemScore]] = {}
        managers = []
        for post in self.posts:
            who = str(post.manager_id)
            if who not in scores:
                scores[who] = [self.scoring.item(who, item) for item in self.rules.item]
            manager = _manager(post, self.period, scores[who], self.rules)
            totals.total(manager, self.scoring)
            managers.append(manager)
        if self.rules.pay is not None:
            payroll = Payroll(self.rules.pay, self.scoring, self._who)
            payroll.run(managers, self.posts)
            self.findings += payroll.findings
        self._rank(managers)
        self.findings += [*self._tell_tenure(), *self._tell_targets(), *self._tell_actuals(), *self._tell_rest()]
        for row in self.read.rows:
            row["computed"] = self.scoring.computed(row["manager_id"], row["item"])
        return Scores(managers, self.adopted, self.read.rows, self.findings, self.actuals.trial)

    def _rank(self, managers: Iterable[ManagerScore]) -> None:
        """By score within the group; by pay where the scheme has no points. Equal ones share the rank."""
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
        by_points = self.rules.counts_points or any(item.is_counted == "extra" for item in self.rules.item)
        for group in groups.values():
            merit = {m.manager_id: (m.score if by_points else m.pay) or Decimal(0) for m in group}
            first: dict[Decimal, int] = {}
            for place, value in enumerate(sorted(merit.values(), reverse=True), 1):
                first.setdefault(value, place)
            for manager in group:
                manager.rank = first[merit[manager.manager_id]]

    def _tell_targets(self) -> Iterator[Finding]:
        """Who lacks a target: one by one while they are few, else in one sentence an item."""
        effects = {
            "withhold": "本期不出得分，列入“未计分”；其他人照常",
            "zero": "按零分计",
            "full": "按标准分计",
            "max": "按最高分计",
            "skip": "不计此项",
        }
        lacking, year = self.scoring.lacking_targets, self.period.year
        policies: dict[str, list[Item]] = {}
        for item in self.rules.item:
            policies.setdefault(item.missing_target or self.rules.missing_target, []).append(item)
        for policy, items in policies.items():
            people = {who: found for who in sorted(lacking) if (found := [i for i in items if i.id in lacking[who]])}
            if len(lacking) <= _FEW:
                for who, found in people.items():
                    said = "".join(f"“{item.label}”{_instead(lacking[who][item.id])}" for item in found)
                    yield finding(
                        "score.no-target", who=self._who(who), value=who, year=year, item=said, effect=effects[policy]
                    )
            elif people:
                times = Counter(item.id for found in people.values() for item in found)
                said = "".join(f"“{item.label}”（{times[item.id]} 人）" for item in items if times[item.id])
                yield finding(
                    "score.no-target",
                    who=f"{len(people)} 人",
                    count=len(people),
                    year=year,
                    item=said,
                    effect=effects[policy],
                )

    def _tell_tenure(self) -> Iterator[Finding]:
        people = list(self.scoring.lacking_since)
        if people:
            few = "、".join(self._who(who) for who in people[:_FEW]) + ("等" if len(people) > _FEW else "")
            yield finding("score.tenure-unknown", who=few, count=len(people))

    def _tell_actuals(self) -> Iterator[Finding]:
        for item in self.rules.item:
            policy = item.missing_actual or self.rules.missing_actual
            effect = {
                "withhold": "，没有此项实绩的人列入“未计分”",
                "zero": "，没填的数按 0 计" if item.blank_is_zero else "，此项按零分计",
                "skip": f" 未计此项（标准分 {plain(item.points)}），其余各项折成 {plain(self.rules.total)} 分"
                if item.fills_total
                else "，不计此项",
            }[policy]
            count = self.scoring.lacking_carried.get(item.id)
            if count:
                before = self.scoring.carried
                why = "那一期没有跑过" if before.left is None else "那一期没有算出他们此项所欠"
                yield finding(
                    "score.carry-unknown",
                    item=item.label,
                    before=before.period,
                    key=f'starts = "{self.period.name}"',
                    why=why,
                    count=count,
                    policy=policy,
                    effect=effect,
                )
            if item.id in self.scoring.lacking_actuals:
                yield finding(
                    "score.no-actual",
                    item=item.label,
                    missing=self.scoring.lacking_actuals[item.id],
                    policy=policy,
                    effect=effect,
                )

    def _tell_rest(self) -> Iterator[Finding]:
        typed = Counter(key for who, key in self.read.manual if who in self.names)
        for item in self.rules.item:
            count = typed[item.id]
            if count and item.actual and self.scoring.key(item) not in self.actuals.missing:
                yield finding("score.actual-overridden", item=item.label, count=count)
        days = self.period.last - self.period.first + 1
        held: dict[str, list[int]] = {}
        for post in self.posts:
            held.setdefault(str(post.manager_id), []).append(duty_days(post, self.period))
        for who, spans in held.items():
            if sum(spans) > days:
                yield finding("score.duty-over", who=self._who(who), posts=len(spans), days=sum(spans), most=days)
        unknown = [post for post in self.posts if not text_of(post.since) and not text_of(post.duty_days)]
        if unknown:
            yield finding("score.duty-unknown", count=len(unknown))
