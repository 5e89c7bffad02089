"""Parts of a whole: exact sums, limits kept where they can be, the same whatever the order."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from kehujingli.studies.portions import portions

ONE = st.tuples(st.integers(0, 9), st.integers(0, 20), st.one_of(st.none(), st.integers(0, 30)))


def test_one_above_her_most_leaves_the_rest_to_the_others_by_weight() -> None:
    """100 by 6 : 3 : 1 is 60, 30, 10; with at most 40 the other 60 go 3 : 1."""
    assert portions(100, [6, 3, 1], [0, 0, 0], [40, None, None], ["a", "b", "c"]) == ([40, 45, 15], True)


def test_limits_that_cannot_hold_move_alike() -> None:
    """At most 13 + 26 = 39 of 60: a third and two thirds."""
    assert portions(60, [1, 1], [7, 14], [13, 26], ["a", "b"]) == ([20, 40], False)
    assert portions(12, [1, 1], [7, 14], [13, 26], ["a", "b"]) == ([4, 8], False)


def test_what_the_weighted_cannot_take_is_for_the_others() -> None:
    assert portions(50, [5, 0, 0], [0, 0, 0], [30, None, None], ["a", "b", "c"]) == ([30, 10, 10], True)


@settings(max_examples=150, deadline=None)
@given(st.lists(ONE, min_size=1, max_size=6), st.integers(0, 150))
def test_parts_add_up_keep_their_limits_and_do_not_depend_on_the_order(
    drawn: list[tuple[int, int, int | None]], total: int
) -> None:
    rows = [(w, low, None if top is None else max(low, top), f"M{n}") for n, (w, low, top) in enumerate(drawn)]
    found, kept = portions(total, *map(list, zip(*rows, strict=True)))  # type: ignore[arg-type]
    assert sum(found) == total
    lows, tops = sum(row[1] for row in rows), [row[2] for row in rows]
    feasible = lows <= total and (None in tops or sum(top or 0 for top in tops) >= total)
    assert kept is feasible
    if kept:
        assert all(
            low <= part and (top is None or part <= top) for part, (_, low, top, _) in zip(found, rows, strict=True)
        )
    turned = rows[::-1]
    again, _ = portions(total, *map(list, zip(*turned, strict=True)))  # type: ignore[arg-type]
    assert again[::-1] == found


def test_multiples_are_told_apart_beyond_what_a_binary_fraction_holds() -> None:
    """One unit more than both leasts is half a unit each, and the first's half is larger by some 10⁻³¹: the unit is hers, whom a tie would pass over."""
    weights = [10**30 + 1, 10**30]
    assert portions(2 * 10**20 + 1, weights, [10**20, 10**20], [None, None], ["b", "a"]) == ([10**20 + 1, 10**20], True)
