"""Which postings undo each other? The newest earlier one of the opposite amount, and none that lies more than 31 days back."""

from __future__ import annotations

import pytest

from kehujingli.tables.reversals import Posting, match_reversals


def _posting(signed: int, day: int, row: int) -> Posting:
    return Posting("A1", signed, day, "", "", 0, row)


@pytest.mark.parametrize(("days", "pairs"), [(31, [(0, 1), (0, 2)]), (32, [])])
def test_a_reversal_reaches_back_31_days(days: int, pairs: list[tuple[int, int]]) -> None:
    assert match_reversals([_posting(-500, 100 + days, 2)], [_posting(500, 100, 1)]) == pairs


def test_a_reversal_takes_the_newest_and_what_is_taken_is_gone() -> None:
    originals = [_posting(500, 100, 1), _posting(500, 110, 2)]
    marks = [_posting(-500, 115, 3), _posting(-500, 116, 4), _posting(-500, 117, 5)]
    assert match_reversals(marks, originals) == [(0, 2), (0, 3), (0, 1), (0, 4)]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param((1, "23:00", "9", 9), (2, "01:00", "1", 1), id="the day"),
        pytest.param((1, "10:00", "9", 9), (1, "10:01", "1", 1), id="then the time"),
        pytest.param((1, "10:00", "99", 9), (1, "10:00", "100", 1), id="then the number, as a number"),
        pytest.param((1, "", "A7", 9), (1, "10:00", "A8", 1), id="a time that one lacks tells nothing"),
        pytest.param((1, "", "B9", 1), (1, "", "A1", 2), id="of two series only the place tells"),
        pytest.param((1, "", "", 1), (1, "", "1", 2), id="a number that one lacks tells nothing"),
    ],
)
def test_of_two_postings_one_came_before(first: tuple[int, str, str, int], second: tuple[int, str, str, int]) -> None:
    one, other = (Posting("A1", 5, day, time, number, 0, place) for day, time, number, place in (first, second))
    assert one.before(other)
    assert not other.before(one)
    assert not one.before(one)
