"""What do customers hold together, and what comes next? Pairs of products by lift with enough support, then what is common among one's like.

A basket is a matrix, one row a customer, one column a product: whether she holds it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from decimal import Decimal

Flags = npt.NDArray[np.bool_]
Whole = npt.NDArray[np.int64]
Real = npt.NDArray[np.float64]
_CHUNK = 100_000
TOGETHER, COMMON = 1, 0
"""Why a product is next: held together with one that she holds, or common among her like."""


@dataclass(frozen=True)
class Least:
    """What a pair must have: so many customers who hold both, and so much ``lift``; and what her like must be for a share to say anything."""

    support: int
    lift: Decimal
    peers: int
    holders: int


@dataclass(frozen=True)
class Pairs:
    """``together``: how many hold both (the diagonal: how many hold one); ``confidence``, ``lift``: of the row's product → the column's, 0 where the
    pair is not enough."""

    together: Whole
    confidence: Real
    lift: Real


@dataclass(frozen=True)
class Next:
    """One row a customer, one column a product. ``score``: above 1 by a pair (1 + its confidence), below by the share among her like, 0 not at all.

    ``via``: the product held that led to it, -1 where none did.
    """

    score: Real
    via: Whole

    @property
    def source(self) -> Whole:
        return np.where(self.score > 1, TOGETHER, COMMON)


def pairs(held: Flags, least: Least) -> Pairs:
    """Lift is P(both) ÷ (P(one) × P(other)), confidence P(both) ÷ P(one)."""
    count, products = held.shape
    together = np.zeros((products, products))
    for start in range(0, count, _CHUNK):
        part = held[start : start + _CHUNK].astype("float64")
        together += part.T @ part
    single = np.diag(together)
    with np.errstate(divide="ignore", invalid="ignore"):
        confidence = np.nan_to_num(together / single[:, None])
        lift = np.nan_to_num(together * count / np.outer(single, single), posinf=0.0)
    enough = (together >= least.support) & (lift >= float(least.lift))
    np.fill_diagonal(enough, val=False)
    return Pairs(together.astype("int64"), np.where(enough, confidence, 0.0), np.where(enough, lift, 0.0))


def shares(held: Flags, kind: Whole, least: Least) -> Real:
    """One row a kind of customer, one column a product: which part of the kind holds it, 0 where too few are there or hold it."""
    kinds = int(kind.max(initial=-1)) + 1
    sizes = np.bincount(kind, minlength=kinds)
    holders = np.stack([np.bincount(kind[own], minlength=kinds) for own in held.T], axis=1) if held.shape[1] else None
    if holders is None:
        return np.zeros((kinds, 0))
    enough = (sizes[:, None] >= least.peers) & (holders >= least.holders)
    return np.where(enough, holders / np.maximum(sizes, 1)[:, None], 0.0)


def next_products(held: Flags, kind: Whole, found: Pairs, common: Real) -> Next:
    """What each customer may want next, whatever she holds already."""
    score = common[kind] if len(kind) else np.zeros(held.shape)
    # below 1 and above 0, so that no share is taken for a pair
    score = np.minimum(score, 0.999)
    via = np.full(held.shape, -1, dtype="int64")
    for one in range(held.shape[1]):
        led = np.flatnonzero(found.confidence[one])
        rows = np.flatnonzero(held[:, one]) if len(led) else led
        if not len(rows):
            continue
        at = np.ix_(rows, led)
        better = 1 + found.confidence[one, led] > score[at]
        score[at] = np.where(better, 1 + found.confidence[one, led], score[at])
        via[at] = np.where(better, one, via[at])
    return Next(score, via)


def best(score: Real, most: int, apart: Mapping[int, Sequence[int]] | None = None) -> Whole:
    """The columns of each row with the highest scores above 0, the best first, the earlier column at a tie; -1 where there are no more.

    ``apart``: column → those that are not named beside it.
    """
    if not apart:
        order = np.argsort(-score, axis=1, kind="stable")[:, :most]
        return np.where(np.take_along_axis(score, order, axis=1) > 0, order, -1)
    left, found = score.copy(), np.full((len(score), most), -1, dtype="int64")
    for rank in range(most if score.shape[1] else 0):
        first = left.argmax(axis=1)
        there = np.flatnonzero(left[np.arange(len(left)), first] > 0)
        found[there, rank] = first[there]
        left[there, first[there]] = 0
        for column, others in apart.items():
            rows = np.flatnonzero(found[:, rank] == column)
            left[np.ix_(rows, np.array(others, dtype="int64"))] = 0
    return found


@dataclass(frozen=True)
class Hits:
    """Of ``customers`` who took something new: to how many one of the first products was named, by ``next_products`` and by what most hold."""

    customers: int
    named: int
    popular: int


def hits(before: Flags, after: Flags, offered: Flags, kind: Whole, least: Least, most: int) -> Hits:
    """``before``: held on a day; ``after``: taken since; ``offered``: the products (columns) that could be named. Nobody is named what she holds."""
    new = after & ~before & offered
    took = new.any(axis=1)
    told = next_products(before, kind, pairs(before, least), shares(before, kind, least))
    free = ~before & offered
    popular = np.broadcast_to(before.sum(axis=0).astype("float64"), before.shape)
    counts = []
    for score in (told.score, popular):
        first = best(np.where(free, score, 0.0)[took], most)
        right = np.take_along_axis(new[took], np.maximum(first, 0), axis=1) & (first >= 0)
        counts.append(int(right.any(axis=1).sum()))
    return Hits(int(took.sum()), counts[0], counts[1])
