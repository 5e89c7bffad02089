"""Pairs with their support and lift on the bound, shares among one's like, what is named first. Reckoned by hand."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from kehujingli.studies.products import baskets
from kehujingli.studies.products.baskets import COMMON, TOGETHER, Least, Pairs, best, hits, next_products, pairs, shares

LEAST = Least(support=1, lift=Decimal(1), peers=1, holders=1)


def held(*rows: str, times: int = 1) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """A row a customer, a column a product: 110 holds the first two of three."""
    return np.array([[one == "1" for one in row] for row in rows] * times, dtype=bool).reshape(len(rows) * times, -1)


def least(**more: Any) -> Least:
    return Least(**{"support": 1, "lift": Decimal(1), "peers": 1, "holders": 1, **more})


BASKETS = held("110", "110", "110", "100", "100", "010", "001", "001", "000", "000")
"""Of ten five hold 甲, four 乙, three both, two 丙: P(both) ÷ (P(甲) × P(乙)) = 0.3 ÷ 0.2 = 1.5; of 甲 three fifths have 乙, of 乙 three quarters 甲."""


@pytest.mark.parametrize(
    ("support", "lift", "there"),
    [(3, "1.5", True), (4, "1.5", False), (3, "1.51", False), (2, "1.49", True), (1, "1", True)],
)
def test_a_pair_has_its_support_and_its_lift_at_least(support: int, lift: str, there: bool) -> None:
    found = pairs(BASKETS, least(support=support, lift=Decimal(lift)))
    assert found.together.tolist() == [[5, 3, 0], [3, 4, 0], [0, 0, 2]]
    pair = [[0, 1.5, 0], [1.5, 0, 0], [0, 0, 0]] if there else [[0] * 3] * 3
    assert found.lift.tolist() == pair
    assert found.confidence.tolist() == ([[0, 0.6, 0], [0.75, 0, 0], [0, 0, 0]] if there else [[0] * 3] * 3)


def test_a_lift_of_exactly_six_fifths_is_one_of_1_2() -> None:
    """Five, five and three of ten: 3 × 10 ÷ 25."""
    some = held("11", "11", "11", "10", "10", "01", "01", "00", "00", "00")
    assert pairs(some, least(lift=Decimal("1.2"))).lift.tolist() == [[0, 1.2], [1.2, 0]]
    assert not pairs(some, least(lift=Decimal("1.2001"))).lift.any()


def test_nobody_and_a_product_of_nobody_make_no_pair() -> None:
    for matrix in (held("10", "10"), np.zeros((0, 2), dtype=bool)):
        found = pairs(matrix, least(support=0, lift=Decimal(0)))
        assert (found.lift.tolist(), found.confidence.tolist()) == ([[0, 0], [0, 0]], [[0, 0], [0, 0]])
    assert pairs(np.zeros((3, 0), dtype=bool), LEAST).lift.shape == (0, 0)


def test_pairs_are_counted_over_all_customers_however_many_are_counted_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = pairs(BASKETS, LEAST)
    for some in (1, 3, 10, 11):
        monkeypatch.setattr(baskets, "_CHUNK", some)
        part = pairs(BASKETS, LEAST)
        assert (part.together.tolist(), part.lift.tolist()) == (whole.together.tolist(), whole.lift.tolist())


@pytest.mark.parametrize(
    ("peers", "holders", "expected"),
    [
        (4, 2, [[0.75, 0.5], [0, 0], [0, 0]]),
        (5, 1, [[0, 0], [0, 0], [0, 0]]),
        (4, 3, [[0.75, 0], [0, 0], [0, 0]]),
        (2, 1, [[0.75, 0.5], [0.5, 0], [0, 0]]),
        (0, 0, [[0.75, 0.5], [0.5, 0], [0, 0]]),
    ],
)
def test_a_share_is_of_ones_like_where_they_are_enough(peers: int, holders: int, expected: list[list[float]]) -> None:
    """Four of the first kind, of whom three hold 甲 and two 乙; two of the second, of whom one holds 甲; none of the third but its number."""
    some = held("11", "11", "10", "00", "10", "00")
    kind = np.array([0, 0, 0, 0, 1, 1])
    found = shares(some, kind, least(peers=peers, holders=holders)).tolist()
    assert found == expected[:2]


def test_kinds_of_nobody_and_shelves_without_products_have_no_share() -> None:
    assert shares(held("1", "1"), np.array([0, 2]), least(peers=0, holders=0)).tolist() == [[1], [0], [1]]
    assert shares(np.zeros((2, 0), dtype=bool), np.array([0, 1]), LEAST).shape == (2, 0)
    assert shares(np.zeros((0, 2), dtype=bool), np.array([], dtype="int64"), LEAST).shape == (0, 2)


def test_a_pair_goes_before_any_share_and_the_surest_pair_before_others() -> None:
    """丙 follows 甲 with 60 % and 乙 with 80 %. A holds 甲, B both, C nothing; all of the kind hold 丙, and half hold 甲."""
    found = Pairs(np.zeros((3, 3), dtype="int64"), np.array([[0, 0, 0.6], [0, 0, 0.8], [0, 0, 0]]), np.zeros((3, 3)))
    told = next_products(held("100", "110", "000"), np.array([0, 0, 0]), found, np.array([[0.5, 0, 1.0]]))
    assert told.score.tolist() == [[0.5, 0, 1.6], [0.5, 0, 1.8], [0.5, 0, 0.999]]
    assert told.via.tolist() == [[-1, -1, 0], [-1, -1, 1], [-1, -1, -1]]
    assert told.source.tolist() == [[COMMON, COMMON, TOGETHER]] * 2 + [[COMMON] * 3]
    turned = Pairs(found.together, found.confidence[[1, 0, 2]], found.lift)
    assert next_products(held("110"), np.array([0]), turned, np.zeros((1, 3))).via.tolist() == [[-1, -1, 0]]
    tied = Pairs(found.together, np.array([[0, 0, 0.6], [0, 0, 0.6], [0, 0, 0]]), found.lift)
    assert next_products(held("110"), np.array([0]), tied, np.zeros((1, 3))).via.tolist() == [[-1, -1, 0]], (
        "the earlier of two"
    )


def test_each_is_told_what_is_common_among_her_own_kind() -> None:
    none = Pairs(np.zeros((2, 2), dtype="int64"), np.zeros((2, 2)), np.zeros((2, 2)))
    told = next_products(held("00", "00", "11"), np.array([1, 0, 1]), none, np.array([[0.1, 0.2], [0.3, 0.4]]))
    assert told.score.tolist() == [[0.3, 0.4], [0.1, 0.2], [0.3, 0.4]]
    empty = next_products(np.zeros((0, 2), dtype=bool), np.array([], dtype="int64"), none, np.zeros((0, 2)))
    assert empty.score.shape == empty.via.shape == (0, 2)


SCORES = np.array([[0.2, 0.9, 0.0, 0.9], [0, 0, 0, 0], [1.5, 0, 0.1, 0]])


def test_the_best_stand_first_the_earlier_of_two_and_none_without_a_score() -> None:
    assert best(SCORES, 3).tolist() == [[1, 3, 0], [-1, -1, -1], [0, 2, -1]]
    assert best(SCORES, 1).tolist() == [[1], [-1], [0]]
    assert best(SCORES, 3, {2: [1]}).tolist() == [[1, 3, 0], [-1, -1, -1], [0, 2, -1]], "nothing of it is named"


def test_what_excludes_another_is_not_named_beside_it() -> None:
    """4 excludes 2 and 1: the first has 2 already, so that 4 is left out; who is told one of them is told no other."""
    apart = {1: [3], 3: [1], 0: [2], 2: [0]}
    assert best(SCORES, 3, apart).tolist() == [[1, 0, -1], [-1, -1, -1], [0, -1, -1]]
    assert best(np.array([[0.1, 0.2, 0.3, 0.4]]), 2, {3: [2, 1]}).tolist() == [[3, 0]]
    assert best(np.zeros((2, 0)), 2, apart).tolist() == [[-1, -1], [-1, -1]]


def test_hits_are_of_those_who_took_something_new_that_could_be_named() -> None:
    """Of ten five hold 甲, which most do, three 丙, of whom two hold 丁: 丙 leads to 丁. Of three who took what could be named one had 丙 and took 丁, as
    she was told; one had nothing and took 甲, as both ways would tell her; one took 乙, which nothing leads to. A fourth took 戊, which is not to be
    named. Where two are named, 丁 stands second among what most hold and she has 丙, the third, already."""
    before = held("10000", "10000", "10000", "10000", "10000", "00110", "00110", "00100", "00000", "00000")
    after = before.copy()
    for row, column in ((7, 3), (8, 0), (0, 4), (9, 1)):
        after[row, column] = True
    offered = np.ones_like(before)
    offered[:, 4] = False
    kind = np.zeros(10, dtype="int64")
    found = hits(before, after, offered, kind, LEAST, 1)
    assert (found.customers, found.named, found.popular) == (3, 2, 1)
    more = hits(before, after, offered, kind, LEAST, 2)
    assert (more.customers, more.named, more.popular) == (3, 2, 2)
    assert hits(before, before, offered, kind, LEAST, 1) == baskets.Hits(0, 0, 0)
