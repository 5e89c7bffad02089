"""A plan of visits keeps hours, working days and the cadence, what was filed before, and who is nearest; who is left out had no room."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from kehujingli.studies.visiting.visit_plan import Task, Visit, arranged

MONDAY = 20_759  # 2026-11-02
WEEKS = [MONDAY + 7 * week + day for week in range(4) for day in range(5)]
LAST = MONDAY + 27


def task(who: str, stake: int, due: int = MONDAY - 1, village: str = "", minutes: int = 60, every: int = 90) -> Task:
    return Task(who, village, minutes, stake, due, every)


def days_of(visits: list[Visit]) -> dict[str, list[int | None]]:
    found = defaultdict(list)
    for one in visits:
        found[one.task.customer_id].append(None if one.day is None else one.day - MONDAY)
    return dict(found)


def test_the_most_at_stake_is_visited_where_not_all_can_be() -> None:
    """One hour a day, two days: of three customers past due the two with the most."""
    visits = arranged([task("A", 1), task("B", 3), task("C", 2)], WEEKS[:2], 60, {}, MONDAY + 1)
    assert days_of(visits) == {"B": [0], "C": [1], "A": [None]}


def test_a_village_is_visited_on_one_day() -> None:
    """Three hours a day: 东 has the largest and the smallest, 西 the two between; by stake alone each would be gone to twice."""
    some = [
        task("A", 9, village="东"),
        task("B", 8, village="西"),
        task("C", 7, village="西"),
        task("D", 6, village="东"),
    ]
    assert days_of(arranged(some, WEEKS[:5], 180, {}, LAST)) == {"A": [0], "D": [0], "B": [1], "C": [1]}


def test_what_is_due_first_goes_first_however_little_is_at_stake() -> None:
    visits = arranged([task("A", 9, due=MONDAY + 13), task("B", 1, due=MONDAY)], [MONDAY, MONDAY + 7], 60, {}, LAST)
    assert days_of(visits) == {"B": [0], "A": [7]}


def test_a_short_cadence_is_visited_again_and_not_too_soon() -> None:
    """Every 10 days from the first Monday: by 10 (a Thursday), by 20 (a Sunday, so the Friday before); the next by 28, after the plan."""
    visits = arranged([task("A", 1, due=MONDAY, every=10)], WEEKS, 60, {}, LAST)
    assert days_of(visits) == {"A": [0, 10, 18]}


def test_a_filed_day_stands_and_one_that_is_no_working_day_any_more_does_not() -> None:
    some = [task("A", 9), task("B", 1)]
    visits = arranged(some, WEEKS[1:], 60, {"B": [MONDAY + 1], "A": [MONDAY]}, LAST)
    assert days_of(visits) == {"B": [1], "A": [2]}
    assert [one.kept for one in visits] == [True, False]


TASKS = st.lists(
    st.builds(
        Task,
        st.uuids().map(str),
        st.sampled_from(["", "东", "西", "南"]),
        st.sampled_from([15, 30, 60]),
        st.integers(0, 5),
        st.integers(MONDAY - 5, LAST),
        st.sampled_from([7, 10, 15, 30, 90]),
    ),
    max_size=25,
    unique_by=lambda one: one.customer_id,
)
DAYS = st.lists(st.sampled_from(WEEKS), unique=True, max_size=12).map(sorted)


@given(TASKS, DAYS, st.sampled_from([60, 90, 180]), st.data())
@settings(max_examples=150, deadline=None)
def test_a_plan_keeps_hours_working_days_and_cadence(
    tasks: list[Task], days: list[int], minutes: int, data: st.DataObject
) -> None:
    filed = {
        one.customer_id: data.draw(st.lists(st.sampled_from(WEEKS), max_size=2)) for one in tasks[:3]
    }  # of some customers a plan was filed
    visits = arranged(tasks, days, minutes, filed, LAST)
    assert visits == arranged(reversed(tasks), days, minutes, filed, LAST), "whatever the order of the rows"
    spent = Counter[int]()
    for one in visits:
        if one.day is not None:
            spent[one.day] += one.task.minutes
    assert set(spent) <= set(days)
    assert all(used <= minutes for used in spent.values())
    room = {day: minutes - spent[day] for day in days}
    chains: dict[str, list[Visit]] = defaultdict(list)
    for one in sorted(visits, key=lambda one: one.earliest):
        chains[one.task.customer_id].append(one)
    assert set(chains) == {one.customer_id for one in tasks}
    for chain in chains.values():
        task = chain[0].task
        assert chain[0].due == task.due
        assert chain[0].day is None or 2 * (task.due - chain[0].day) <= task.every
        for one, after in pairwise(chain):
            assert one.day is not None
            assert after.due == one.day + task.every
            assert after.day is None or 2 * (after.day - one.day) >= task.every
        end = chain[-1]
        assert end.day is None or end.day + task.every > LAST
        for one in chain:
            if one.kept:
                assert one.day in filed[task.customer_id]
            elif one.day is None:
                assert not any(left >= task.minutes for day, left in room.items() if day >= one.earliest)
            elif one.late and one is end:
                assert not any(left >= task.minutes for day, left in room.items() if one.earliest <= day <= one.due)


@given(st.lists(st.integers(0, 9), min_size=1, max_size=20), st.integers(0, 4))
def test_nobody_with_more_at_stake_is_left_out_for_one_with_less(stakes: list[int], count: int) -> None:
    visits = arranged([task(f"{n:02}", stake) for n, stake in enumerate(stakes)], WEEKS[:count], 120, {}, LAST)
    taken = [one.task.stake for one in visits if one.day is not None]
    left = [one.task.stake for one in visits if one.day is None]
    assert len(taken) == min(len(stakes), 2 * count)
    assert not left or not taken or min(taken) >= max(left)
