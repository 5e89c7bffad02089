"""Do parts add up, and does everybody bear a difference as the figure itself is borne?"""

from __future__ import annotations

from fractions import Fraction
from random import Random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kehujingli.values import exact_sum, nearest, share_out, times, whole_parts

PARTS = st.lists(st.fractions(-10_000, 10_000, max_denominator=60), min_size=1, max_size=6)


def test_a_large_difference_goes_by_size_not_by_head() -> None:
    """Of 1,000 分 that parts of 900 and 90 leave, A has ten elevenths: by heads each would have 5."""
    assert share_out(1_000, [Fraction(900), Fraction(90)], ["A", "B"]) == [909, 91]
    assert share_out(0, [Fraction(900), Fraction(-90)], ["A", "B"]) == [900 - 736, -90 - 74]


def test_where_all_parts_are_nothing_the_difference_goes_by_head_and_the_odd_unit_to_the_first_by_number() -> None:
    assert share_out(5, [Fraction(0), Fraction(0)], ["B", "A"]) == [2, 3]


def test_a_rest_of_rounding_goes_to_the_largest_remainder() -> None:
    assert share_out(10, [Fraction(10, 3), Fraction(20, 3)], ["A", "B"]) == [3, 7]


@given(st.integers(-20_000, 20_000), PARTS, st.randoms(use_true_random=False))
def test_parts_add_up_whatever_the_order_of_managers(total: int, parts: list[Fraction], draw: Random) -> None:
    whose = dict(zip((f"M{number}" for number in range(len(parts))), parts, strict=True))
    names = list(whose)
    shared = dict(zip(names, share_out(total, parts, names), strict=True))
    assert sum(shared.values()) == total
    draw.shuffle(names)
    assert dict(zip(names, share_out(total, [whose[name] for name in names], names), strict=True)) == shared


@given(st.integers(-20_000, 20_000), st.lists(st.fractions(0, 10_000, max_denominator=60), min_size=1, max_size=6))
def test_nobody_is_a_unit_from_the_proportion(total: int, parts: list[Fraction]) -> None:
    whole = sum(parts, Fraction(0))
    if whole:
        for part, got in zip(parts, share_out(total, parts, range(len(parts))), strict=True):
            assert abs(got - total * part / whole) < 1


@given(st.lists(st.integers(-(10**24), 10**24), max_size=8), st.integers(1, 10**9))
def test_a_column_is_rounded_once_and_nobody_is_a_unit_away(parts: list[int], denominator: int) -> None:
    got = whole_parts(np.array([part % 10**18 for part in parts], dtype="int64"), denominator)
    for given_, whole in ((parts, whole_parts(np.array(parts, dtype=object) % 10**18, denominator)), (parts, got)):
        exact = [Fraction(part % 10**18, denominator) for part in given_]
        assert int(whole.sum()) == nearest(sum(exact, Fraction(0)))
        assert all(abs(int(one) - part) < 1 for one, part in zip(whole, exact, strict=True))


def test_equal_remainders_go_to_whoever_stands_first_and_half_goes_away_from_nothing() -> None:
    assert whole_parts(np.array([10, 10, 10]), 3).tolist() == [4, 3, 3]
    assert whole_parts(np.array([-1, -2]), 2).tolist() == [-1, -1], "−1.5 is −2"
    assert times(np.array([10**18, 3]), np.array([10**18, 2])).tolist() == [10**36, 6]


def test_a_sum_that_64_bits_do_not_hold_is_exact_though_each_part_is_held() -> None:
    for parts in ([2**62] * 4, [-(2**62)] * 4, [2**62, -1, -(2**62), -3], []):
        assert exact_sum(np.array(parts, dtype="int64")) == sum(parts)
    sixth = times(np.array([2**61 - 1] * 12), 1)
    assert sixth.dtype == np.dtype("int64")
    assert sum(whole_parts(sixth, 2).tolist()) == (2**61 - 1) * 6
