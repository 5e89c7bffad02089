"""Do ranks, tails, ladders and spreads say what the field means by them?"""

from __future__ import annotations

from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kehujingli.answers.months import frames
from kehujingli.studies.competition import Place, Result, competition, places, standings
from kehujingli.studies.pay.inequality import quantile, spread
from kehujingli.studies.spread import incomes


def _month(group: str = "资产", **scores: float | None) -> list[Result]:
    return [
        Result(who, f"经理{who}", "东关", group, "", None if score is None else Decimal(str(score)))
        for who, score in scores.items()
    ]


def _by_id(told: list[Place]) -> dict[str, Place]:
    return {place.result.manager_id: place for place in told}


def test_equal_scores_share_a_rank_and_leave_a_gap() -> None:
    told = places(_month(A=90, B=80, C=80, D=70, E=None))
    assert [(place.result.manager_id, place.rank, place.of) for place in told] == [
        ("A", 1, 4),
        ("B", 2, 4),
        ("C", 2, 4),
        ("D", 4, 4),
    ]


def test_groups_are_ranked_apart_and_a_second_post_counts_once() -> None:
    told = places([*_month(A=90, B=80), *_month("负债", C=10), *_month(A=90)])
    assert [(place.result.manager_id, place.rank, place.of) for place in told] == [
        ("C", 1, 1),
        ("A", 1, 2),
        ("B", 2, 2),
    ]


def test_change_is_against_the_month_before_in_the_same_group() -> None:
    told = _by_id(competition([[*_month(A=1, B=2, C=3), *_month("负债", D=1)], _month(A=9, B=2, C=1, D=0)]))
    assert {who: place.change for who, place in told.items()} == {"A": 2, "B": 0, "C": -2, "D": None}


def test_last_months_count_in_a_row_and_a_good_month_breaks_them() -> None:
    months = [_month(A=3, B=1, C=2), _month(A=3, B=2, C=1), _month(A=3, B=2, C=1), _month(A=1, B=2, C=1)]
    told = _by_id(competition(months))
    assert {who: place.last_for for who, place in told.items()} == {"A": 1, "B": 0, "C": 3}
    assert _by_id(competition(months[:3], tail=2))["B"].last_for == 3
    assert {place.last_for for place in competition([_month(A=1, B=1)])} == {0}, "where all are equal nobody is last"


def test_the_ladder_names_who_may_rise_and_fall() -> None:
    ladder = ["一级", "二级", "三级"]
    people = [
        Result(who, who, "东关", "", grade, Decimal(80), reached=reached)
        for who, grade, reached in [
            ("A", "二级", "一级"),
            ("B", "二级", "三级"),
            ("C", "二级", "二级"),
            ("D", "", "一级"),
        ]
    ]
    moves = {who: place.move for who, place in _by_id(competition([people], ladder)).items()}
    assert moves == {"A": "promotion", "B": "demotion", "C": "", "D": ""}


@given(st.lists(st.decimals(0, 120, places=2), min_size=1, max_size=30), st.randoms())
def test_ranks_do_not_depend_on_order_and_count_those_above(scores: list[Decimal], random: object) -> None:
    people = [Result(f"M{n:03d}", "", "", "", "", score) for n, score in enumerate(scores)]
    told = places(people)
    for place in told:
        assert place.rank == 1 + sum(score > (place.result.score or 0) for score in scores)
    shuffled = list(people)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert places(shuffled) == told


def test_spread_of_known_incomes() -> None:
    told = spread([Decimal(1), Decimal(2), Decimal(3), Decimal(4)])
    assert told.highest_lowest == 4
    assert told.gini == Decimal("0.25")
    assert told.p90_p10 == Decimal("3.7") / Decimal("1.3")
    assert quantile([Decimal(10)], Decimal("0.9")) == 10
    assert spread([]).gini is None
    assert spread([Decimal(0), Decimal(5)]).highest_lowest is None


@given(st.lists(st.decimals("0.01", 10**6, places=2), min_size=1, max_size=40), st.integers(2, 9))
def test_spread_has_no_unit_and_lies_between_equal_and_one(incomes: list[Decimal], factor: int) -> None:
    told, scaled = spread(incomes), spread([income * factor for income in incomes])
    assert told.gini is not None
    assert 0 <= told.gini < 1
    assert scaled.gini == pytest.approx(told.gini)
    assert told.highest_lowest is not None
    assert told.highest_lowest >= 1
    assert spread([incomes[0]] * len(incomes)).gini == 0


def test_frames_for_the_sheets() -> None:
    told = frames(competition([_month(A=1, B=2)]), spread([Decimal(1)]), None)
    assert list(told["ranks"]["manager_id"]) == ["B", "A"]
    assert told["ranks"]["change"].isna().all()
    assert list(told["spread"]["period"]) == ["本期"]


MONTHS = ["period", "manager_id", "name", "branch", "rank_group", "grade", "reached", "score", "pay"]


def _months(*rows: tuple[str, str, str | None, str | None]) -> pd.DataFrame:
    """(period, manager, score, 应发)."""
    told = [(period, who, who, "东关", "资产", "", "", score, pay) for period, who, score, pay in rows]
    return pd.DataFrame(told, columns=MONTHS).astype("object")


def test_the_studies_tell_the_newest_month_beside_the_one_before() -> None:
    """A rises past B, who is last for the first time; pays of 1,000 and 3,000, before of 2,000 and 2,000. C has no score and no pay."""
    months = _months(
        ("2026-09", "A", "70", "2000"),
        ("2026-09", "B", "80", "2000"),
        ("2026-10", "A", "90", "3000"),
        ("2026-10", "B", "60", "1000"),
        ("2026-10", "C", None, None),
    )
    told = standings(months, ladder=[]).frames["competition"]
    rows = told[["manager_id", "rank", "change", "last_for"]].itertuples(index=False, name=None)
    assert list(rows) == [("A", 1, 1, 0), ("B", 2, -1, 1)]
    apart = incomes(months).frames["spread"].set_index("period")
    assert list(apart["total"]) == ["4000.00", "4000.00"]
    assert list(apart["highest_lowest"]) == ["3.0000", "1.0000"]
    assert apart.loc["本期", "count"] == 2
