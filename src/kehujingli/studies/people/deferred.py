"""Who goes where in a two-sided choice? Deferred acceptance with room for several in a post, the applicants proposing.

No applicant and post would rather have each other than what they got, and every applicant gets the best post of any such outcome (Gale and
Shapley 1962); whoever proposes first, the outcome is the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from heapq import heappush, heapreplace

NOWHERE = -1


def settle(wishes: Sequence[Sequence[int]], places: Sequence[Mapping[int, int]], room: Sequence[int]) -> list[int]:
    """The post of each applicant, ``NOWHERE`` where there is none.

    ``wishes``: of each applicant the posts from the best; ``places``: of each post the place of each applicant that it would take, no two alike,
    the smaller the better; ``room``: how many it takes.
    """
    count = len(wishes)
    asked = [0] * count
    held: list[list[int]] = [[] for _ in room]
    for first in range(count):
        who = first
        while who != NOWHERE:
            mine, step, out = wishes[who], asked[who], NOWHERE
            while step < len(mine):
                post = mine[step]
                step += 1
                place = places[post].get(who)
                if place is None:
                    continue
                worse = -(place * count + who)
                kept = held[post]
                if len(kept) < room[post]:
                    heappush(kept, worse)
                    break
                if kept and worse > kept[0]:
                    out = -heapreplace(kept, worse) % count
                    break
            asked[who] = step
            who = out
    got = [NOWHERE] * count
    for post, kept in enumerate(held):
        for worse in kept:
            got[-worse % count] = post
    return got
