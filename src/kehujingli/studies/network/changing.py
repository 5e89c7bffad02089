"""Who could fill what a 岗位 lacks from another 岗位? By 可任岗位 of the roster: as many as can be filled, with as little moving as that takes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from kehujingli.studies.network.staffing import Move, Person
from kehujingli.terms.canonical import SPECIALISM_WORDS
from kehujingli.values import missing

if TYPE_CHECKING:
    import pandas as pd

Key = tuple[str, str]
"""A branch and a 岗位."""
_BETWEEN = re.compile(r"[;；、,，/|\s]+")


def skills_of(managers: pd.DataFrame) -> tuple[dict[str, tuple[str, ...]], list[str]]:
    """Manager → the 岗位 that 可任岗位 names; and the words that are none, in their order."""
    if "skills" not in managers:
        return {}, []
    found: dict[str, tuple[str, ...]] = {}
    odd: dict[str, None] = {}
    for manager, said in zip(managers["manager_id"], managers["skills"], strict=True):
        words = [] if missing(said) else [word for word in _BETWEEN.split(str(said)) if word]
        odd |= dict.fromkeys(word for word in words if word not in SPECIALISM_WORDS)
        found[str(manager)] = tuple(dict.fromkeys(SPECIALISM_WORDS[word] for word in words if word not in odd))
    return found, list(odd)


def changes(
    left: Mapping[Key, int],
    wanted: Mapping[Key, int],
    going: Mapping[Key, Sequence[Person]],
    skills: Mapping[str, Sequence[str]],
    near: Mapping[str, Sequence[str]],
) -> list[Move]:
    """Moves of people who can do what another 岗位 lacks. ``left``: how many a post can still spare; ``wanted``: how many one still lacks;
    ``going``: a post's people in the order in which they leave it.

    The most that can be filled; of those ways the one that stays most in its own branch, then in what is ``near``, then goes by who leaves first.
    A flow from posts over people to posts, so that the corner of its linear programme is whole.
    """
    from scipy.optimize import linprog
    from scipy.sparse import coo_array

    arcs = [
        (post, place, person, to)
        for post in sorted(left)
        for place, person in enumerate(going[post])
        for to in sorted(wanted)
        if left[post] and wanted[to] and to[1] != post[1] and to[1] in skills.get(person.manager_id, ())
    ]
    if not arcs:
        return []
    ranks = np.array([_far(post[0], to[0], near) * len(arcs) + place for post, place, _, to in arcs], dtype=float)
    place_of: dict[tuple[str, object], int] = {}
    most: list[int] = []
    rows = []
    for post, _, person, to in arcs:
        for key, limit in ((("person", person.manager_id), 1), (("from", post), left[post]), (("to", to), wanted[to])):
            if key not in place_of:
                place_of[key] = len(most)
                most.append(limit)
            rows.append(place_of[key])
    columns = np.repeat(np.arange(len(arcs)), 3)
    matrix = coo_array((np.ones(len(rows)), (rows, columns)), shape=(len(most), len(arcs))).tocsr()
    filled = (float(ranks.max()) + 1) * (len(arcs) + 1)  # one more filled is worth more than any way to fill
    found = linprog(ranks - filled, A_ub=matrix, b_ub=most, bounds=(0, 1), method="highs-ds")
    return [Move(arcs[arc][2], arcs[arc][3][0], arcs[arc][3][1]) for arc in np.flatnonzero(found.x > 0.5)]


def _far(branch: str, into: str, near: Mapping[str, Sequence[str]]) -> int:
    if branch == into:
        return 0
    order = list(near.get(into, ()))
    return 1 + (order.index(branch) if branch in order else len(order))
