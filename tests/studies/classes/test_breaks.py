"""Bounds drawn through a column of figures: by hand, and natural breaks against every way there is to part few values."""

from __future__ import annotations

import itertools
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kehujingli.studies.classes.breaks import natural_breaks, pareto, quantiles, rounded


def test_a_quantile_is_one_of_the_values() -> None:
    """Of 1 to 10 the upper fifth is 9 and 10, the upper twentieth 10."""
    assert quantiles(np.arange(1, 11), [Decimal("0.80"), Decimal("0.95")]) == [9, 10]
    assert quantiles(np.array([5]), [Decimal("0.80")]) == [5]


def test_pareto_takes_the_largest_until_the_share_is_reached() -> None:
    """50 + 20 are 70 % of 100 exactly; 90 % takes 15 and 5 more."""
    values = np.array([5, 50, 10, 15, 20])
    assert pareto(values, [Decimal("0.70"), Decimal("0.90"), Decimal("0.71")]) == [20, 10, 15]


@pytest.mark.parametrize(("value", "said"), [(18_021_961, 18_000_000), (999, 990), (7, 7), (0, 0)])
def test_a_bound_is_rounded_down_so_that_nobody_falls_out(value: int, said: int) -> None:
    assert rounded(value, 2) == said
    assert rounded(value, 0) == value


def test_groups_that_anybody_sees() -> None:
    assert natural_breaks(np.array([1, 2, 3, 50, 51, 900]), 3) == [50, 900]
    assert natural_breaks(np.array([4, 4, 4]), 3) == []
    assert natural_breaks(np.array([4, 9, 9]), 3) == [9], "two values are two groups"


def _spread(values: list[int], edges: tuple[int, ...]) -> Fraction:
    total = Fraction(0)
    for low, high in itertools.pairwise([min(values), *edges, max(values) + 1]):
        own = [value for value in values if low <= value < high]
        mean = Fraction(sum(own), len(own))
        total += sum((value - mean) ** 2 for value in own)
    return total


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.integers(0, 9) | st.integers(0, 10**7), min_size=1, max_size=11),
    st.integers(2, 5),
)
def test_no_other_way_to_part_them_is_better(values: list[int], groups: int) -> None:
    found = tuple(natural_breaks(np.array(values, dtype="int64"), groups))
    parts = min(groups, len(set(values)))
    assert len(found) == parts - 1
    best = min(_spread(values, edges) for edges in itertools.combinations(sorted(set(values))[1:], parts - 1))
    assert _spread(values, found) - best <= best / 10**9
    assert natural_breaks(np.array(values[::-1], dtype="int64"), groups) == list(found)


def test_a_million_yuan_beside_small_change_does_not_blur_it() -> None:
    assert natural_breaks(np.array([0] * 7 + [1, 2, 26_334_131_109]), 3) == [1, 26_334_131_109]
