"""How does a round of selection end? Who is placed where by rank, wish and room; why not in the posts that were wished for more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from kehujingli.studies.people.choices import Post, Wish
from kehujingli.studies.people.deferred import NOWHERE, settle
from kehujingli.studies.people.marks import FULL, Candidate, Rules
from kehujingli.values import plain

_SEARCHED = 1_000
"""Wishes of a round in which it is found by choosing again what would have been needed."""


@dataclass(frozen=True)
class Denied:
    """A post that an applicant wanted more than what was given: the place among ``of`` whom the post would take, what of score was needed."""

    who: str
    wish: Wish
    place: int | None
    of: int
    cutoff: Decimal | None
    needed: Decimal | None
    reason: str


class Round:
    """``people``: best first; ``forms``: of each post whose branch ranked applicants itself the place of each."""

    def __init__(
        self,
        people: Sequence[Candidate],
        posts: Sequence[Post],
        wishes: Mapping[str, Sequence[Wish]],
        forms: Mapping[int, Mapping[str, int]],
        rules: Rules,
    ) -> None:
        self.people, self.posts, self.forms, self.rules = people, posts, forms, rules
        self.wishes = [list(wishes.get(one.applicant_id, ())) for one in people]
        self.ranked = [self._ranking(post, able) for post, able in enumerate(self._able())]
        self.places = [{who: place for place, who in enumerate(ranked)} for ranked in self.ranked]
        room = [post.quota for post in posts]
        self.got = settle([[wish.post for wish in mine] for mine in self.wishes], self.places, room)
        self.held: list[list[int]] = [[] for _ in posts]
        for who, post in enumerate(self.got):
            if post != NOWHERE:
                self.held[post].append(who)
        for post, held in enumerate(self.held):
            held.sort(key=self.places[post].__getitem__)

    def _able(self) -> list[list[int]]:
        """Of each post who wants it, passed and has its least score, best first."""
        able: list[list[int]] = [[] for _ in self.posts]
        least = [post.minimum for post in self.posts]
        for who, mine in enumerate(self.wishes):
            total = self.people[who].total
            if total is None or self.people[who].short:
                continue
            for wish in mine:
                post = wish.post
                line = least[post]
                if line is None or total >= line:
                    able[post].append(who)
        return able

    def _ranking(self, post: int, able: list[int]) -> list[int]:
        """Whom the post would take of ``able``, best first."""
        form = self.forms.get(post)
        if form is None:
            return able
        listed = [who for who in able if self.people[who].applicant_id in form]
        listed.sort(key=lambda who: form[self.people[who].applicant_id])
        rest = [who for who in able if self.people[who].applicant_id not in form]
        return listed + rest if self.rules.unlisted else listed

    def _enough(self, who: int, post: int) -> bool:
        least, total = self.posts[post].minimum, self.people[who].total
        return total is not None and (least is None or total >= least)

    def wish_got(self, who: int) -> Wish | None:
        return next((wish for wish in self.wishes[who] if wish.post == self.got[who]), None)

    def last(self, post: int) -> int | None:
        """The last who was taken, where the post is full."""
        held = self.held[post]
        return held[-1] if held and len(held) >= self.posts[post].quota else None

    def cutoff(self, post: int) -> Decimal | None:
        """The score of the last who was taken, where the post is full and goes by score."""
        last = self.last(post)
        return None if last is None or post in self.forms else self.people[last].total

    def wanted_more(self, who: int) -> list[Wish]:
        """The wishes before what was given."""
        mine, got = self.wishes[who], self.got[who]
        return mine[: [wish.post for wish in mine].index(got)] if got != NOWHERE else mine

    def denied(self, who: int) -> list[Denied]:
        """Why not: of each wish before what was given, for one who passed."""
        return [self._denied(who, wish) for wish in self.wanted_more(who)]

    def _denied(self, who: int, wish: Wish) -> Denied:
        post, last = self.posts[wish.post], self.last(wish.post)
        of = len(self.ranked[wish.post])
        own = self.people[who]
        place = self.places[wish.post].get(who)
        cutoff = self.cutoff(wish.post)
        needed = self._needed(who, wish.post, last)
        told = []
        if not self._enough(who, wish.post):
            told.append(
                f"综合 {plain(own.total or Decimal(0))} 分，不到岗位最低分 {plain(post.minimum or Decimal(0))} 分"
            )
        elif place is None:
            told.append("机构自己排了序，没有排本人")
        if not post.quota:
            told.append("没有名额")
        elif last is not None:
            rank = f"排第 {place + 1}（共 {of} 人），" if place is not None else ""
            line = (
                f"按机构自己的排序，录到第 {self.places[wish.post][last] + 1}"
                if cutoff is None
                else f"最后一名 {plain(cutoff)} 分"
            )
            told.append(f"{rank}录满 {post.quota} 人，{line}")
        if needed is not None:
            told.append(f"综合要到 {plain(needed)} 分" if needed <= FULL else "满分也排不到前面")
        return Denied(own.applicant_id, wish, None if place is None else place + 1, of, cutoff, needed, "；".join(told))

    def _needed(self, who: int, post: int, last: int | None) -> Decimal | None:
        """The least score of all, the parts that part ties as they are, with which the post would have been given to one who asked for it
        alone. Nothing where a branch ranks for it by itself, where it has no room at all, and where it would take too long to find.

        Where every post goes by score, who stands before ``who`` chooses as before; else the choice is made again.
        """
        if post in self.forms or not self.posts[post].quota:
            return None
        least = self.posts[post].minimum or Decimal(0)
        if self.forms:
            if self._asked > _SEARCHED:
                return None
            last = self._to_beat(who, post)
        if last is None:
            return least
        own, other = self.people[who], self.people[last]
        line = other.total or Decimal(0)
        ties = self.rules.ties
        before = (own.level(ties)[1:], own.applicant_id) < (other.level(ties)[1:], other.applicant_id)
        return max(least, line if before else line + Decimal(1).scaleb(-self.rules.digits))

    @cached_property
    def _asked(self) -> int:
        return sum(map(len, self.wishes))

    def _to_beat(self, who: int, post: int) -> int | None:
        """Before whom one must stand to be given the post, nobody where the last place is enough: a better place never gives less."""
        others = [one for one in self.ranked[post] if one != who]
        wishes = [[wish.post for wish in mine] for mine in self.wishes]
        wishes[who] = [post]
        room = [one.quota for one in self.posts]

        def given(place: int) -> bool:
            order = [*others[:place], who, *others[place:]]
            places = [*self.places]
            places[post] = {one: at for at, one in enumerate(order)}
            return settle(wishes, places, room)[who] == post

        enough, short = 0, len(others) + 1
        while short - enough > 1:
            middle = (enough + short) // 2
            enough, short = (middle, short) if given(middle) else (enough, middle)
        return others[enough] if enough < len(others) else None

    def tied(self) -> list[str]:
        """Who was not taken though nothing but the number parts them from the last who was."""
        ties = self.rules.ties
        found = {
            self.people[who].applicant_id
            for who, person in enumerate(self.people)
            for wish in self.wanted_more(who)
            if wish.post not in self.forms and who in self.places[wish.post]
            if (last := self.last(wish.post)) is not None and self.people[last].level(ties) == person.level(ties)
        }
        return sorted(found)
