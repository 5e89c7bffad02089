"""Deferred acceptance by laws that do not know how it is done: nobody blocks, no stable outcome gives an applicant more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from random import Random

import pytest

from kehujingli.studies.people.deferred import NOWHERE, settle

Market = tuple[list[list[int]], list[dict[int, int]], list[int]]


def drawn(chance: Random, people: int, posts: int) -> Market:
    """Some wishes, some orders that leave people out, some posts without room."""
    wishes = [chance.sample(range(posts), chance.randint(0, posts)) for _ in range(people)]
    places = []
    for _ in range(posts):
        order = chance.sample(range(people), chance.randint(people // 2, people))
        places.append({who: place for place, who in enumerate(order)})
    return wishes, places, [chance.randint(0, 3) for _ in range(posts)]


def blocking(
    got: Sequence[int], wishes: Sequence[Sequence[int]], places: Sequence[Mapping[int, int]], room: Sequence[int]
) -> Iterator[tuple[int, int]]:
    """Pairs that would both rather have each other; and whoever was given what he did not ask for, or where he is not taken, or beyond the room."""
    for post, most in enumerate(room):
        held = [who for who, given in enumerate(got) if given == post]
        if len(held) > most or any(post not in wishes[who] or who not in places[post] for who in held):
            yield NOWHERE, post
        for who, mine in enumerate(wishes):
            if post not in mine or who not in places[post] or got[who] == post:
                continue
            rather = got[who] == NOWHERE or mine.index(post) < mine.index(got[who])
            if rather and (
                len(held) < most or any(places[post][who] < places[post].get(one, len(got)) for one in held)
            ):
                yield who, post


def test_no_pair_blocks_on_a_thousand_markets() -> None:
    chance = Random(26)
    for _ in range(1000):
        market = drawn(chance, chance.randint(1, 9), chance.randint(1, 4))
        assert not list(blocking(settle(*market), *market)), market


def test_the_checker_sees_a_pair_that_blocks() -> None:
    wishes, places, room = [[0], [0]], [{0: 0, 1: 1}], [1]
    assert list(blocking([NOWHERE, 0], wishes, places, room)) == [(0, 0)]
    assert list(blocking([0, 0], wishes, places, room)) == [(NOWHERE, 0)]


def test_no_stable_outcome_gives_any_applicant_a_better_post() -> None:
    """Every outcome of small markets is tried."""
    chance = Random(5)
    for _ in range(60):
        market = drawn(chance, chance.randint(1, 4), chance.randint(1, 3))
        wishes = market[0]
        got = settle(*market)
        for other in product(*[[NOWHERE, *mine] for mine in wishes]):
            if not list(blocking(other, *market)):
                for mine, given, else_ in zip(wishes, got, other, strict=True):
                    rank = [*mine, NOWHERE]
                    assert rank.index(given) <= rank.index(else_)


def test_in_whatever_order_they_stand_they_get_the_same() -> None:
    chance = Random(8)
    for _ in range(100):
        wishes, places, room = drawn(chance, 7, 3)
        order = chance.sample(range(7), 7)
        turned = [{order.index(who): place for who, place in one.items()} for one in places]
        again = settle([wishes[who] for who in order], turned, room)
        assert [again[order.index(who)] for who in range(7)] == settle(wishes, places, room)


def test_the_outcome_is_that_of_another_program() -> None:
    games = pytest.importorskip("matching.games")
    chance = Random(11)
    for _ in range(100):
        posts = [str(post) for post in range(chance.randint(1, 4))]
        wishes = {f"r{who}": chance.sample(posts, chance.randint(1, len(posts))) for who in range(chance.randint(2, 9))}
        orders = {post: [who for who in wishes if post in wishes[who]] for post in posts}
        orders = {post: chance.sample(order, len(order)) for post, order in orders.items() if order}
        room = {post: chance.randint(1, 3) for post in orders}
        theirs = games.HospitalResident.create_from_dictionaries(wishes, orders, room).solve(optimal="resident")
        people, places = list(wishes), list(orders)
        ours = settle(
            [[places.index(post) for post in wishes[who]] for who in people],
            [{people.index(who): place for place, who in enumerate(orders[post])} for post in places],
            [room[post] for post in places],
        )
        got = {people[who]: places[post] for who, post in enumerate(ours) if post != NOWHERE}
        assert got == {one.name: post.name for post, taken in theirs.items() for one in taken}
