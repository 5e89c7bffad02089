"""竞争：谁升了、谁降了？同组名次、较上月升降、连续几个月末位、等级该升该降的人。

Ranks with ties (1, 2, 2, 4) within the group. Pure: standings of months in, standings out. A person with two posts counts once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from kehujingli import terms
from kehujingli.studies.study import Answer, Option, Study, StudyList
from kehujingli.terms.column import ListColumn, declared, keys
from kehujingli.values import missing

if TYPE_CHECKING:
    import pandas as pd

TAIL = 1
"""How many from the end of a group count as last where a caller does not say."""


@dataclass(frozen=True)
class Result:
    """One person's month: score and 应发 (元), missing where there is none."""

    manager_id: str
    name: str
    branch: str
    group: str
    grade: str
    score: Decimal | None
    pay: Decimal | None = None
    reached: str = ""
    """The grade that the month's score reached by the rules' ladder."""


@dataclass(frozen=True)
class Place:
    """One person's place: ``rank`` of ``of`` in the group, ``change`` > 0 up, ``last_for`` months in a row among the last, ``move`` promotion or demotion."""

    result: Result
    rank: int
    of: int
    change: int | None = None
    last_for: int = 0
    move: str = ""


def places(results: Iterable[Result]) -> list[Place]:
    """Ranks of one month by group: equal scores share a rank and the next ones leave a gap; whoever has no score has no rank."""
    groups: dict[str, dict[str, Result]] = {}
    for result in results:
        if result.score is not None:
            groups.setdefault(result.group, {}).setdefault(result.manager_id, result)
    found = []
    for group in sorted(groups):
        people = groups[group].values()
        ordered = sorted(people, key=lambda person: (-(person.score or Decimal(0)), person.manager_id))
        ranks = {person.score: rank for rank, person in reversed(list(enumerate(ordered, 1)))}
        found += [Place(person, ranks[person.score], len(ordered)) for person in ordered]
    return found


def competition(months: Sequence[Sequence[Result]], ladder: Sequence[str] = (), tail: int = TAIL) -> list[Place]:
    """The newest month's places. ``months``: consecutive months, oldest first; ``ladder``: grades from high to low; ``tail``: how many are last."""
    ranked = [{place.result.manager_id: place for place in places(month)} for month in months]
    if not ranked:
        return []
    before: Mapping[str, Place] = ranked[-2] if len(ranked) > 1 else {}
    found = []
    for who, place in ranked[-1].items():
        earlier = before.get(who)
        same = earlier is not None and earlier.result.group == place.result.group
        change = earlier.rank - place.rank if same and earlier is not None else None
        found.append(
            replace(place, change=change, last_for=_last_for(who, ranked, tail), move=_move(place.result, ladder))
        )
    return found


def _last_for(who: str, ranked: Sequence[Mapping[str, Place]], tail: int) -> int:
    """Months in a row, this one included, among the last; where all share one rank nobody is last."""
    count = 0
    for month in reversed(ranked):
        place = month.get(who)
        if place is None or place.rank == 1 or place.rank <= place.of - tail - _tied(place, month) + 1:
            break
        count += 1
    return count


def _tied(place: Place, month: Mapping[str, Place]) -> int:
    """How many share the rank in the group, the person included: who ties with the last is last."""
    return sum(1 for other in month.values() if other.result.group == place.result.group and other.rank == place.rank)


def _move(result: Result, ladder: Sequence[str]) -> str:
    if result.reached not in ladder or result.grade not in ladder or result.reached == result.grade:
        return ""
    return "promotion" if ladder.index(result.reached) < ladder.index(result.grade) else "demotion"


def record(place: Place) -> dict[str, Any]:
    """As JSON and frames have it."""
    person = place.result
    return {
        "rank_group": person.group,
        "rank": place.rank,
        "of": place.of,
        "change": place.change,
        "manager_id": person.manager_id,
        "name": person.name,
        "branch": person.branch,
        "grade": person.grade or None,
        "reached": person.reached or None,
        "move": place.move or None,
        "score": f"{person.score:f}",
        "last_for": place.last_for,
    }


def results_of_months(months: pd.DataFrame) -> list[list[Result]]:
    """``months``: one row a person and period, as the input of that name has it; the periods in order, oldest first."""
    return [[_result(row) for row in part.itertuples()] for _, part in months.groupby("period", sort=True)]


def _result(row: Any) -> Result:
    score, pay = (None if missing(value) else Decimal(str(value)) for value in (row.score, row.pay))
    texts = ("" if missing(value) else str(value) for value in (row.name, row.branch, row.rank_group, row.grade))
    name, branch, group, grade = texts
    return Result(
        str(row.manager_id), name, branch, group, grade, score, pay, "" if missing(row.reached) else row.reached
    )


def standings(months: pd.DataFrame, *, ladder: Sequence[str], tail: int = TAIL) -> Answer:
    """``months``: scores and pays of consecutive periods; ``ladder``: grades from high to low; ``tail``: how many of a group are last."""
    import pandas as pd

    told = competition(results_of_months(months), ladder, tail)
    frame = pd.DataFrame([record(place) for place in told], columns=keys(_COLUMNS))
    frame = frame.astype(dict.fromkeys(("rank", "of", "change", "last_for"), "Int64"))
    up, down = (sum(place.change is not None and sign * place.change > 0 for place in told) for sign in (1, -1))
    again = [place for place in told if place.last_for > 1]
    lines = [f"{len(told):,} 人有名次：比上月升 {up:,} 人，降 {down:,} 人；连续末位 {len(again):,} 人"]
    lines += [
        f"{place.result.manager_id} {place.result.name} 连续 {place.last_for} 个月末 {tail} 位" for place in again
    ]
    return Answer({"competition": frame}, lines)


_COLUMNS = (
    declared("rank_group"),
    declared("rank", kind="count"),
    declared("of", table="ranks"),
    declared("change", called="rank_change"),
    declared("last_for", table="ranks"),
    declared("manager_id"),
    declared("name", width=10),
    declared("branch", called="branch_name", width=14),
    declared("grade"),
    declared("reached", table="ranks"),
    ListColumn("move", label=terms.label("grade_move"), codes=terms.GRADE_MOVES),
    declared("score"),
)
STUDY = Study(
    standings,
    (StudyList("competition", "竞争名次", _COLUMNS, unit="分"),),
    definitions=(
        (terms.label("rank"), "同组里得分从高到低；同分同名次，下一名空出。"),
        ("末位", "同组最后几名，同分的都算。"),
    ),
    options=(Option("tail", "几名", "每组末几名算末位", int),),
)
