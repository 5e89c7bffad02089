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
