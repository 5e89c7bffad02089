"""What would the month's plan be, had the roster been another, or some customers stood fast? Reckoned beside it; nothing is written, the month stays as it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from kehujingli.errors import problem
from kehujingli.month.steps.assignment import inputs
from kehujingli.values import listed

if TYPE_CHECKING:
    import pandas as pd

    from kehujingli.assign import Plan
    from kehujingli.assign.prices import Price
    from kehujingli.assign.sentences import Names
    from kehujingli.assign.trials import Given, Newcomer
    from kehujingli.assign.within import Within
    from kehujingli.month.order import Month


@dataclass(frozen=True)
class Tried:
    """Two plans: what stands (the month's own, or one that was approved), and the trial. ``findings`` of the latter: what is new in it."""

    now: Plan
    then: Plan
    newcomers: Sequence[Newcomer]
    names: Mapping[str, str]
    prices: Sequence[Price] = ()
    """What one more would be worth in the trial."""
    held: Mapping[str, tuple[float | None, float | None]] = field(default_factory=dict)
    """Manager → what she has of the measure asked for by either plan; customers, 分, or villages."""
    kept: Kept | None = None


Shares = Mapping[str, tuple[float, float]]
"""Manager → what she has of a measure (customers, 分, villages, 折算户), and her part of it by limits."""


@dataclass(frozen=True)
class Kept:
    """What it took to keep managers ``close``: the trial ``free`` of that, and of the plan that stands, of that one and of the trial, in this order,
    how ``even`` they are by the measure that is balanced, and how ``near`` by the one that is limited."""

    close: Within
    free: Plan
    even: tuple[Shares, Shares, Shares]
    near: tuple[Shares, Shares, Shares]


def tried(
    month: Month,
    sentences: Sequence[str],
    frozen: Mapping[str, str],
    against: Sequence[str | Mapping[str, str]] = (),
    priced: Sequence[str] = (),
    balance: str | None = None,
    close: Within | None = None,
) -> Tried:
    """``frozen``: customer → manager (number or name); ``against``: one or two plans, an approved one by its file's name
    (``2026-11-01``) or customer → manager; two stand side by side, and nothing is tried; ``priced``: branches (number or name) of which it is asked what one more is worth, without what is frozen; ``balance``: a measure by which
    managers are to be evenly loaded; ``close``: how far they may then be apart in another.

    Raises ``assign.trial-unread``, ``.trial-unknown``, ``.trial-ambiguous``, ``.trial-conflict``, ``assign.plan-unknown``, ``assign.within-impossible``.
    """
    from kehujingli.assign import assign, judged
    from kehujingli.assign.prices import prices
    from kehujingli.assign.sentences import read_all
    from kehujingli.assign.trials import changed
    from kehujingli.lists.main import manager_names

    given = _given(month)
    names = names_of(month, given)
    changes = read_all(sentences, names)
    where = sorted({names.branch(word, word) for word in priced})
    pins = {customer: _manager(names, who, f"{customer}={who}") for customer, who in frozen.items()}
    other, newcomers = changed(given, changes, month.effective)
    rules, called = month.assign_rules, month.branch_names
    asides = [
        judged(*_frames(given), rules, month.effective, _laid_aside(month, one), called, given.conflicts)
        for one in against
    ]
    now = asides[0] if asides else month.plan
    solved = (*_frames(other), rules, month.effective, called, pins, balance, other.conflicts)
    then = asides[1] if len(asides) > 1 else assign(*solved, close)
    told = {(one.code, one.message) for one in month.plan.findings}
    then = replace(then, findings=tuple(one for one in then.findings if (one.code, one.message) not in told))
    worth = prices(other, rules, month.effective, where) if where else ()
    people = manager_names(month.tables["managers"]) | {one.manager: one.manager for one in newcomers}
    held = _held(month, (given, now), (other, then), balance)
    if close is None or balance is None:
        return Tried(now, then, newcomers, people, worth, held)
    free = assign(*solved)
    even, near = (
        _stood(month, [(given, now), (other, free), (other, then)], measure) for measure in (balance, close.measure)
    )
    return Tried(now, then, newcomers, people, worth, held, Kept(close, free, even, near))


def _stood(month: Month, sides: Sequence[tuple[Given, Plan]], measure: str) -> tuple[Shares, Shares, Shares]:
    from kehujingli.assign.balance import against_share
    from kehujingli.assign.interchangeable import read

    now, free, then = (
        against_share(*read(*_frames(given), month.assign_rules, month.effective), plan.customers, measure)
        for given, plan in sides
    )
    return now, free, then


def _held(
    month: Month, before: tuple[Given, Plan], after: tuple[Given, Plan], measure: str | None
) -> Mapping[str, tuple[float | None, float | None]]:
    from kehujingli.assign.balance import held
    from kehujingli.assign.interchangeable import read

    if measure is None:
        return {}
    sides = [
        held(read(*_frames(given), month.assign_rules, month.effective)[0], plan.customers, plan.loads, measure)
        for given, plan in (before, after)
    ]
    return {who: (sides[0].get(who), sides[1].get(who)) for who in sorted({**sides[0], **sides[1]})}


def names_of(month: Month, given: Given) -> Names:
    """Who and what may be named in a trial: who is on duty on the plan's first day, and the branches that have customers or people."""
    from kehujingli.assign.feasible import on_duty
    from kehujingli.assign.sentences import Names

    people: dict[str, str] = {}
    gone = set(given.managers["manager_id"])
    for post in given.managers.itertuples():
        if on_duty(post, month.effective):
            people[str(post.manager_id)] = post.name if isinstance(post.name, str) else ""
    known = {*listed(given.customers["branch_id"]), *listed(given.managers["branch_id"])} - {None}
    return Names(
        people, {branch: month.branch_names.get(branch, "") for branch in sorted(known)}, sorted(gone - people.keys())
    )


def _manager(names: Names, word: str, pair: str) -> str:
    """By number or name. A number that nobody on duty has is kept: the plan tells why it cannot be."""
    return word if word in names.gone or word not in names.managers.values() else names.manager(word, pair)


def _given(month: Month) -> Given:
    """What the month's plan is made of."""
    dated = month.committed if month.assign_rules.rotate_years else None
    return inputs(month.segmented, month.tables, month.standing, month.effective, month.where, dated)[0]


def _frames(given: Given) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    return given.customers, given.managers, given.grids


def _laid_aside(month: Month, plan: str | Mapping[str, str]) -> Mapping[str, str]:
    """Customer → manager. Raises ``assign.plan-unknown`` for a name that no approved plan has."""
    from kehujingli.workspace.plans import lines_of, plans_of

    if not isinstance(plan, str):
        return month.tables.merges.main_keys(plan)
    workspace = month.workspace
    plans = {path.stem: path for path in plans_of(workspace.plans)} if workspace is not None else {}
    if plan not in plans:
        raise problem("assign.plan-unknown", value=plan, known="、".join(plans) or "还没有批过方案")
    held = {row.identifier("customer_id"): row.identifier("manager_id") for row in lines_of(plans[plan])}
    return month.tables.merges.main_keys(held)


def worth_a_manager(month: Month) -> Mapping[str, Price]:
    """Branch → what one manager more would be worth there, of the branches that lack most: of the 岗位 that serves most, borrowers first, for
    the least cost."""
    from kehujingli.assign.feasible import on_duty
    from kehujingli.assign.prices import prices

    lost = month.plan.customers
    lost = lost[lost["missing"].isin(["capacity", "no_manager"])]
    short = lost.groupby("branch_id")["load"].sum().sort_values(ascending=False, kind="stable").head(_PRICED)
    if short.empty:
        return {}
    given = _given(month)
    here = [post.specialism for post in given.managers.itertuples() if on_duty(post, month.effective)]
    posts = [None, *sorted({post for post in here if isinstance(post, str)})]
    found = prices(
        given, month.assign_rules, month.effective, list(short.index), plan=month.plan, limits=False, posts=posts
    )
    tried = {branch: [one for one in found if one.branch == branch] for branch in short.index}
    return {branch: _best(*rows) for branch, rows in tried.items() if rows}


def _best(anybody: Price, *of_posts: Price) -> Price:
    """``anybody`` (of no 岗位) where it makes no difference, or no 岗位 is known; of equal ones the first."""
    if all(_brings(one) == _brings(anybody) for one in of_posts):
        return anybody
    return max(of_posts, key=_brings)


def _brings(price: Price) -> tuple[Decimal, ...]:
    return Decimal(price.borrowers), price.load, Decimal(price.served), price.cost


_PRICED = 5
"""Each is a solution more for each 岗位: the month is not to wait for more than these."""
