"""On which day does a manager visit whom? Weeks in order, most at stake first, by day's end never over the hours, villages kept together.

What holds of every plan: only working days, no day over its minutes, never two visits of a customer within half of the cadence. What was filed before
keeps its day. A visit is late, or left out, only where no day up to its own (or none at all) had room for it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter

LEAST_CADENCE = 7
"""Plans are made by the week: nobody is visited more often."""
_THURSDAY = 3
"""1970-01-01 was one: day + 3 begins a week on Monday."""


@dataclass(frozen=True, slots=True)
class Task:
    """A customer to visit. ``due``: by which day; ``every``: days of the cadence; ``stake``: what comes first; ``village``: empty where the way is no journey."""

    customer_id: str
    village: str
    minutes: int
    stake: int
    due: int
    every: int
    rank: tuple[int, str] = field(init=False, compare=False)
    """Its place in the order: the most at stake first."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "rank", (-self.stake, self.customer_id))


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit: its day (None: left out), by when it should be, and from when it may be; ``kept``: from the plan filed before."""

    task: Task
    due: int
    earliest: int
    day: int | None = None
    kept: bool = False

    def on(self, day: int) -> Visit:
        """The same on this day."""
        return Visit(self.task, self.due, self.earliest, day, self.kept)

    @property
    def late(self) -> bool:
        return self.day is None or self.day > self.due


def arranged(
    tasks: Iterable[Task], days: Sequence[int], minutes: int, filed: Mapping[str, Sequence[int]], last: int
) -> list[Visit]:
    """One manager's visits up to the day ``last``: of every task one, or as many as its cadence asks.

    ``days``: those worked on, ascending; ``minutes``: of each; ``filed``: customer → days of an earlier plan.
    """
    diary = _Diary(list(days), dict.fromkeys(days, minutes), last)
    waiting: list[Visit] = []
    for task in sorted(tasks, key=lambda one: one.rank):
        waiting += diary.keep(task, filed.get(task.customer_id, ()))
    weeks = diary.weeks
    for week, after in zip(weeks, [*weeks[1:], [last + 1]], strict=False):
        waiting = diary.fill(week, after[0], waiting)
    left = diary.settle(waiting)
    return sorted([*diary.visits, *left], key=lambda one: (one.day is None, one.day or one.due, one.task.rank))


def week_of(day: int) -> int:
    """A number for the week, Monday to Sunday, that the day is in."""
    return (day + _THURSDAY) // 7


@dataclass
class _Diary:
    """``room``: minutes left of each day; ``went``: (day, village) → visits."""

    days: list[int]
    room: dict[int, int]
    last: int
    visits: list[Visit] = field(default_factory=list)
    went: Counter[tuple[int, str]] = field(default_factory=Counter)

    @property
    def weeks(self) -> list[list[int]]:
        found: dict[int, list[int]] = defaultdict(list)
        for day in self.days:
            found[week_of(day)].append(day)
        return list(found.values())

    def keep(self, task: Task, filed: Sequence[int]) -> list[Visit]:
        """Put the filed days of a customer that still hold; what is still to be visited of it."""
        wanted = Visit(task, task.due, task.due - task.every // 2)
        for day in sorted(set(filed)):
            if day >= wanted.earliest and self.room.get(day, 0) >= task.minutes and wanted.due <= self.last:
                self._put(Visit(task, wanted.due, wanted.earliest, day, kept=True))
                wanted = _next(self.visits[-1])
        return [wanted] if wanted.due <= self.last else []

    def fill(self, week: list[int], then: int, waiting: list[Visit]) -> list[Visit]:
        """Place what is due before ``then``, the first day after the week, the most at stake first; what is still waiting, and what the cadence asks for next."""
        due = sorted((one for one in waiting if one.due < then), key=attrgetter("task.rank", "due"))
        left = [one for one in waiting if one.due >= then]
        first, until = len(self.visits), [day for day in self.days if day <= week[-1]]
        most = max(map(self.room.__getitem__, until))
        for one in due:
            day = self._day_for(one, week) if one.task.minutes <= most else None
            if day is None:
                left.append(one)
            else:
                fullest = self.room[day] == most
                self._put(one.on(day))
                most = max(map(self.room.__getitem__, until)) if fullest else most
        self._gather(week, first)
        more = [_next(one) for one in self.visits[first:]]
        return left + [one for one in more if one.due <= self.last]

    def settle(self, left: list[Visit]) -> list[Visit]:
        """What is late or left out moves to the first day that has room after all; what is left out in the end."""
        while True:
            left, found = self._once_more(sorted(left, key=lambda one: one.task.rank))
            late = sorted((one for one in self.visits if one.late and not one.kept), key=lambda one: one.task.rank)
            for one in late:
                assert one.day is not None
                day = next((day for day in self._on_time(one) if self.room[day] >= one.task.minutes), None)
                if day is not None and not self._followed(one):
                    self._take(one)
                    self._put(one.on(day))
                    found = True
                    after = _next(self.visits[-1])
                    left = [other for other in left if other.task is not one.task]
                    left += [after] if after.due <= self.last else []
            if not found:
                return left

    def _once_more(self, left: list[Visit]) -> tuple[list[Visit], bool]:
        still: list[Visit] = []
        found = False
        most = max(self.room.values(), default=0)
        for one in left:
            if one.task.minutes > most:
                still.append(one)
                continue
            able = [day for day in self.days if day >= one.earliest and self.room[day] >= one.task.minutes]
            if not able:
                still.append(one)
                continue
            on_time = [day for day in able if day <= one.due]
            self._put(one.on((on_time or able)[0]))
            found, most = True, max(self.room.values())
            after = _next(self.visits[-1])
            still += [after] if after.due <= self.last else []
        return still, found

    def _followed(self, one: Visit) -> bool:
        """Whether the customer has a visit after this one: its day then stands."""
        return any(other.task is one.task and (other.day or 0) > (one.day or 0) for other in self.visits)

    def _on_time(self, one: Visit) -> list[int]:
        return [day for day in self.days if one.earliest <= day <= one.due] if one.due >= self.days[0] else []

    def _day_for(self, one: Visit, week: list[int]) -> int | None:
        """Of the week on time: where one goes to the village anyway, else the emptiest day, the last of them; else an earlier week; else late in this week."""
        room, minutes, village = self.room, one.task.minutes, one.task.village
        able = [day for day in week if day >= one.earliest and room[day] >= minutes]
        on_time = [day for day in able if day <= one.due]
        earlier = [] if on_time else [day for day in self._on_time(one) if room[day] >= minutes]
        options = on_time or earlier or able
        there = [day for day in options if self.went[day, village]] if village else []
        if there or not options:
            return there[0] if there else None
        return max(reversed(options) if on_time or earlier else options, key=room.__getitem__)

    def _gather(self, week: list[int], first: int) -> None:
        """Lay the week's new visits out again, village by village, where that spares journeys and makes none late."""
        before, places = self._journeys(week)
        if before == places:  # each village is gone to once: nothing to spare
            return
        new = [one for one in self.visits[first:] if one.day in self.room and one.day >= week[0]]
        moving = {id(one) for one in new}
        was = [one for one in self.visits if id(one) not in moving]
        room, went, visits = dict(self.room), self.went.copy(), self.visits
        self.visits = was
        for one in new:
            self._take(one, listed=False)
        villages: dict[str, list[Visit]] = defaultdict(list)
        for one in new:
            villages[one.task.village or f" {one.task.customer_id}"].append(one)
        for group in sorted(villages.values(), key=lambda some: (not some[0].task.village, some[0].task.rank)):
            if not self._lay(group, week):
                break
        else:
            if self._journeys(week)[0] < before:
                return
        self.room, self.went, self.visits = room, went, visits

    def _lay(self, group: list[Visit], week: list[int]) -> bool:
        """One village's visits on the first day that takes them all, else on as few as the emptiest days allow; whether none is later than it was allowed."""
        first = max(one.earliest for one in group)
        final = min((one.due for one in group if not _late(one)), default=week[-1])
        whole = sum(one.task.minutes for one in group)
        roomy = next((day for day in week if first <= day <= final and self.room[day] >= whole), None)
        if len(group) == 1:
            if roomy is not None:
                self._put(group[0].on(roomy))
            return roomy is not None
        for one in sorted(group, key=lambda some: (some.due, some.task.rank)):
            able = [day for day in week if _fits(one, day) and self.room[day] >= one.task.minutes]
            if not able:
                return False
            there = [day for day in able if one.task.village and self.went[day, one.task.village]]
            best = there[0] if there else max(able, key=lambda day: (self.room[day], -day))
            self._put(one.on(best if roomy is None else roomy))
        return True

    def _journeys(self, week: list[int]) -> tuple[int, int]:
        """How many in the week, and to how many villages."""
        days = frozenset(week)
        there = [village for (day, village), count in self.went.items() if count and village and day in days]
        return len(there), len(set(there))

    def _put(self, one: Visit) -> None:
        assert one.day is not None
        self.room[one.day] -= one.task.minutes
        self.went[one.day, one.task.village] += 1
        self.visits.append(one)

    def _take(self, one: Visit, *, listed: bool = True) -> None:
        assert one.day is not None
        self.room[one.day] += one.task.minutes
        self.went[one.day, one.task.village] -= 1
        if listed:
            self.visits.remove(one)


def _fits(one: Visit, day: int) -> bool:
    """Whether a visit that is late already may be on the day, or one on time stays so."""
    return one.earliest <= day and (day <= one.due or _late(one))


def _late(one: Visit) -> bool:
    return one.day is not None and one.day > one.due


def _next(one: Visit) -> Visit:
    """The visit that the cadence asks for after this one."""
    assert one.day is not None
    return Visit(one.task, one.day + one.task.every, one.day + (one.task.every + 1) // 2)
