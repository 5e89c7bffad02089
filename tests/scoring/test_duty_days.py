"""How many days of the month was somebody on duty?"""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest

from kehujingli.periods import Period, day_of
from kehujingli.scoring.scheme import duty_days

OCTOBER = Period.of("2026-10")


@pytest.mark.parametrize(("said", "days"), [(0, 0), (14, 14), (31, 31), (45, 31)])
def test_what_the_roster_says_and_no_more_than_the_month_has(said: int, days: int) -> None:
    """Who was on leave all month has none: 0 is not what is blank."""
    post = SimpleNamespace(duty_days=said, since=None, until=None)
    assert duty_days(post, OCTOBER) == days


def test_without_a_number_from_the_day_of_taking_office_to_the_last() -> None:
    """From the 10th to the 20th are eleven days, both counted."""
    since, until = day_of(date(2026, 10, 10)), day_of(date(2026, 10, 20))
    assert duty_days(SimpleNamespace(duty_days=None, since=since, until=until), OCTOBER) == 11
    assert duty_days(SimpleNamespace(duty_days=None, since=None, until=None), OCTOBER) == 31
