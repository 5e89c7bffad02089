"""How many people does what is due to be looked after need, by branch and 岗位? What the plan says of loads and limits, exact.

A household counts under the 岗位 of who looks after it in the plan; one that is not assigned under the one its business wants, where
the branch has it. 折算户 as fractions: need = Σ折算户 ÷ 上限, and shortage in 折算户 = 未配 + 他社代管 − 代管他社 − 空余.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from kehujingli.values import nearest, places

if TYPE_CHECKING:
    import pandas as pd

ANY = ""
"""The 岗位 of people, and of households, that have none."""
Rounding = Literal["up", "nearest"]


@dataclass(frozen=True)
class Person:
    """One on duty on the plan's first day. ``limit``: her 管户上限, ``None`` where the roster has none."""

    manager_id: str
    branch_id: str
    specialism: str
    limit: int | None


@dataclass(frozen=True)
class Post:
    """A branch and a 岗位. ``limit``: what one person is reckoned to look after, ``None`` where no limit is known anywhere."""

    branch_id: str
    specialism: str
    people: tuple[Person, ...] = ()
    limit: Fraction | None = None
    own: Fraction = field(default=Fraction(0))
    borrowed_from: Mapping[str, Fraction] = field(default_factory=dict)
    """Branch → load here that its people look after."""
    lent_to: Mapping[str, Fraction] = field(default_factory=dict)
    """Branch → load there that the people here look after."""
    unassigned: Fraction = field(default=Fraction(0))
    lacking: Fraction = field(default=Fraction(0))
    """Of ``unassigned`` what more people would serve; the rest lacks authority or is left out by cost."""
    odd: Fraction = field(default=Fraction(0))
    households: int = 0

    @property
    def borrowed(self) -> Fraction:
        return sum(self.borrowed_from.values(), Fraction(0))

    @property
    def lent(self) -> Fraction:
        return sum(self.lent_to.values(), Fraction(0))

    @property
    def due(self) -> Fraction:
        return self.own + self.borrowed + self.unassigned

    @property
    def capacity(self) -> Fraction | None:
        return None if self.limit is None else self.limit * len(self.people)

    @property
    def free(self) -> Fraction | None:
        return None if self.capacity is None else self.capacity - self.own - self.lent

    @property
    def need(self) -> Fraction | None:
        """In people."""
        return None if self.limit is None else self.due / self.limit

    @property
    def balance(self) -> Fraction | None:
        """People less need: what is above is surplus, below shortage."""
        return None if self.need is None else len(self.people) - self.need

    def wanted(self, rounding: Rounding) -> int | None:
        """Whole people to add: for what the limits lack, and no less than for what the plan leaves without a manager."""
        if self.limit is None or self.balance is None:
            return None
        lack = max(-self.balance, self.lacking / self.limit)
        return math.ceil(lack) if rounding == "up" else nearest(lack)

    def spare(self, rounding: Rounding) -> int | None:
        """Whole people who can go with everybody still served, here and where they serve beside."""
        if self.limit is None or self.balance is None or self.free is None:
            return None
        return 0 if self.wanted(rounding) else max(0, math.floor(min(self.balance, self.free / self.limit)))


def people_on(managers: pd.DataFrame, effective: int) -> tuple[list[Person], list[str]]:
    """Who is on duty, as the plan takes the roster; and those whose limit is 0, who can look after nobody and are not counted."""
    from kehujingli.assign.feasible import read_managers

    roster = read_managers(managers.assign(branch_id=managers["branch_id"].fillna("")), set(), effective)
    people, nothing = [], []
    for at, manager in enumerate(roster.ids):
        if not roster.on_duty[at]:
            continue
        limit = float(roster.capacity[at])
        if limit == 0:
            nothing.append(manager)
            continue
        known = None if math.isinf(limit) else int(limit)
        people.append(Person(manager, roster.home[at], roster.specialism[at] or ANY, known))
    return people, nothing


def staffed(
    plan: pd.DataFrame, classes: pd.DataFrame, managers: pd.DataFrame, usual: int | None
) -> tuple[list[Post], list[Person], list[str]]:
    """Posts, people, and who has a limit of 0, as a month keeps the plan, its classes and the roster."""
    from kehujingli.assign.interchangeable import mainly_loans

    people, nothing = people_on(managers, int(plan["effective_on"].iloc[0]))
    at = places(plan["customer_id"], classes["customer_id"])
    deposits = classes["average_deposit"].astype("Int64").take(at).mask(at < 0).set_axis(plan.index)
    lent = plan["loan_balance"].fillna(0).astype("int64")
    return posts_of(plan.assign(asset=mainly_loans(lent, deposits)), people, usual), people, nothing


def posts_of(plan: pd.DataFrame, people: Sequence[Person], usual: int | None) -> list[Post]:
    """Every branch and 岗位 that has people or households, sorted. ``plan``: branch_id, assigned_manager, missing, load, and ``asset``: whether
    loans are the main business. ``usual``: a person's limit where the roster tells none at all."""
    homes = {one.manager_id: (one.branch_id, one.specialism) for one in people}
    held: dict[tuple[str, str], list[Person]] = defaultdict(list)
    for one in people:
        held[one.branch_id, one.specialism].append(one)
    exact = {load: Fraction(Decimal(str(load))) for load in plan["load"].dropna().unique()}
    unit = math.lcm(*(one.denominator for one in exact.values()))  # sums are whole numbers of so many to a 折算户
    sums: dict[tuple[str, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    # whose 岗位, where its people are, where the load is
    beside: dict[tuple[str, str, str], int] = defaultdict(int)
    count: dict[tuple[str, str], int] = defaultdict(int)
    for branch, manager, lacks, asset, load, households in _loads(plan):
        weight = int(exact[load] * unit) * households
        wants = "asset" if asset else "liability"
        home, specialism = homes.get(manager, (branch, wants))
        if not manager or manager not in homes:
            specialism = _post_for(branch, wants, held)
        key = (branch, specialism)
        count[key] += households
        if not manager:
            sums[key]["unassigned"] += weight
            sums[key]["lacking"] += weight if lacks in ("capacity", "no_manager") else 0
        else:
            sums[key]["own"] += weight if home == branch else 0
            sums[key]["odd"] += weight if specialism in ("asset", "liability") and specialism != wants else 0
            if home != branch:
                beside[specialism, home, branch] += weight
    limits = _limits(people, usual)
    came: dict[tuple[str, str], dict[str, Fraction]] = defaultdict(dict)
    went: dict[tuple[str, str], dict[str, Fraction]] = defaultdict(dict)
    for (of, home, at), part in beside.items():
        came[at, of][home] = went[home, of][at] = Fraction(part, unit)
    return [
        Post(
            *key,
            tuple(held.get(key, ())),
            limits(*key),
            own=Fraction(sums[key]["own"], unit),
            borrowed_from=came.get(key, {}),
            lent_to=went.get(key, {}),
            unassigned=Fraction(sums[key]["unassigned"], unit),
            lacking=Fraction(sums[key]["lacking"], unit),
            odd=Fraction(sums[key]["odd"], unit),
            households=count[key],
        )
        for key in sorted({*held, *sums, *count, *((home, of) for of, home, _ in beside)})
    ]


def _loads(plan: pd.DataFrame) -> Iterable[tuple[str, str, str, bool, float, int]]:
    """Branch, manager ("" where nobody), what lacks, whether loans are the main business, 折算户 of one, households: alike ones together."""
    rows = plan[["branch_id", "assigned_manager", "missing", "asset", "load"]]
    rows = rows.fillna({"branch_id": "", "assigned_manager": "", "missing": ""})
    grouped = rows.groupby(list(rows.columns), sort=True).size()
    for key, households in grouped.items():
        yield (*key, int(households))


def _post_for(branch: str, wants: str, held: Mapping[tuple[str, str], Sequence[Person]]) -> str:
    """The 岗位 that its business wants, where the branch has it or has nobody; else that of its people without one, or the first of them."""
    here = sorted(specialism for place, specialism in held if place == branch)
    return wants if wants in here or not here else here[0]


class _limits:
    """A person's limit: the mean of the branch's people of this 岗位, else of the 岗位, else of all, else what is usual."""

    def __init__(self, people: Sequence[Person], usual: int | None) -> None:
        self.usual = usual
        self.known: dict[tuple[str, ...], list[int]] = defaultdict(lambda: [0, 0])
        for one in people:
            if one.limit is not None:
                for key in ((one.branch_id, one.specialism), (one.specialism,), ()):
                    self.known[key][0] += one.limit
                    self.known[key][1] += 1

    def __call__(self, branch: str, specialism: str) -> Fraction | None:
        for key in ((branch, specialism), (specialism,), ()):
            if key in self.known:
                return Fraction(*self.known[key])
        return None if self.usual is None else Fraction(self.usual)


@dataclass(frozen=True)
class Move:
    """One person from a branch that has too many of a 岗位 to one that has too few, of the same or of another ``specialism``."""

    person: Person
    into: str
    specialism: str


@dataclass
class Moved:
    """What has been moved within each 岗位, and by post what can still be spared, is still wanted, and who would go next."""

    done: list[Move] = field(default_factory=list)
    left: dict[tuple[str, str], int] = field(default_factory=dict)
    wanted: dict[tuple[str, str], int] = field(default_factory=dict)
    going: dict[tuple[str, str], list[Person]] = field(default_factory=dict)


def moves(
    posts: Sequence[Post], loads: Mapping[str, float], near: Mapping[str, Sequence[str]], rounding: Rounding
) -> Moved:
    """As many as fill what can be filled and not one more. The largest shortage first; from the branches that ``near`` names, in its
    order, then from the largest surplus. Who goes: the lowest limit, so that those who stay have room; then who has least to hand over."""
    found = Moved()
    for specialism in sorted({post.specialism for post in posts}):
        here = [post for post in posts if post.specialism == specialism and post.branch_id]
        left = {post.branch_id: post.spare(rounding) or 0 for post in here}
        going = {post.branch_id: _leaving(post, loads) for post in here}
        for post in sorted(here, key=lambda post: (-(post.wanted(rounding) or 0), post.branch_id)):
            order = {branch: at for at, branch in enumerate(near.get(post.branch_id, ()))}
            wanted = post.wanted(rounding) or 0
            while wanted and any(left.values()):
                donor = min(
                    (branch for branch, spare in left.items() if spare),
                    key=lambda branch: (order.get(branch, len(order)), -left[branch], branch),
                )
                found.done.append(Move(going[donor].pop(0), post.branch_id, specialism))
                left[donor] -= 1
                wanted -= 1
            found.wanted[post.branch_id, specialism] = wanted
        found.left |= {(branch, specialism): spare for branch, spare in left.items()}
        found.going |= {(branch, specialism): people for branch, people in going.items()}
    return found


def _leaving(post: Post, loads: Mapping[str, float]) -> list[Person]:
    def order(one: Person) -> tuple[Fraction, float, str]:
        limit = post.limit if one.limit is None else Fraction(one.limit)
        return (limit or Fraction(0), loads.get(one.manager_id, 0.0), one.manager_id)

    return sorted(post.people, key=order)


def together(posts: Sequence[Post], into: str, kept: Mapping[str, Fraction], usual: int | None) -> list[Post]:
    """The 岗位 of ``into`` once the branches of ``kept`` are one: branch → what part of its households stays.

    A household that stays is under the 岗位 it was under; one that somebody of the other branch looked after is now their own; what is looked
    after for a third branch, or by one, is as it was. What lacked people before is served as far as the merged branch has room.
    """
    people = [replace(one, branch_id=into) for post in posts if post.branch_id in kept for one in post.people]
    others = [one for post in posts if post.branch_id not in kept for one in post.people]
    limits = _limits([*people, *others], usual)
    found: dict[str, Post] = {}
    for post in posts:
        if post.branch_id not in kept:
            continue
        was = found.get(post.specialism) or Post(
            into,
            post.specialism,
            tuple(one for one in people if one.specialism == post.specialism),
            limits(into, post.specialism),
        )
        part = kept[post.branch_id]
        found[post.specialism] = replace(
            was,
            own=was.own + (post.own + _of(post.borrowed_from, kept)) * part,
            borrowed_from=_more(was.borrowed_from, {at: load * part for at, load in post.borrowed_from.items()}, kept),
            lent_to=_more(was.lent_to, post.lent_to, kept),
            unassigned=was.unassigned + post.unassigned * part,
            lacking=was.lacking + post.lacking * part,
            odd=was.odd + post.odd * part,
            households=was.households + nearest(post.households * part),
        )
    return [_with_room(found[key]) for key in sorted(found)]


def _of(loads: Mapping[str, Fraction], kept: Mapping[str, Fraction]) -> Fraction:
    """Load between branches that are one now."""
    return sum((load for at, load in loads.items() if at in kept), Fraction(0))


def _more(
    before: Mapping[str, Fraction], loads: Mapping[str, Fraction], kept: Mapping[str, Fraction]
) -> dict[str, Fraction]:
    """Load with third branches, added."""
    outside = {at: load for at, load in loads.items() if at not in kept}
    return {at: before.get(at, Fraction(0)) + outside.get(at, Fraction(0)) for at in sorted({*before, *outside})}


def _with_room(post: Post) -> Post:
    """What still lacks people once those who have room have taken what they can."""
    return replace(post, lacking=max(Fraction(0), post.lacking - max(Fraction(0), post.free or Fraction(0))))
