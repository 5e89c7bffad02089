"""勤 × 绩 by hand: four of a group around its means, one alone, one who visited nobody."""

from __future__ import annotations

import pandas as pd

from kehujingli.lists.diligence import quadrants
from kehujingli.values import listed

RANKS = pd.DataFrame(
    [("甲", "A", "90"), ("甲", "B", "90.00"), ("甲", "C", "70"), ("甲", "D", "70"), ("乙", "E", "95")],
    columns=["rank_group", "manager_id", "score"],
)


def _visits(**made: int) -> pd.DataFrame:
    rows = [(who, f"C{at}") for who, count in made.items() for at in range(count)]
    return pd.DataFrame(rows, columns=["manager_id", "customer_id"])


def test_each_beside_the_mean_of_the_group_which_is_enough() -> None:
    """8 households by four people: 2 are as many as the mean; a household visited twice counts once; who is alone has nobody beside him."""
    visits = _visits(A=3, C=2, D=1, E=9)
    told = quadrants(RANKS, pd.concat([visits, visits.head(2), _visits(B=2)]))
    assert told["visited"].tolist() == [3, 2, 2, 1, 9]
    assert listed(told["quadrant"]) == ["both", "both", "diligent", "neither", None]


def test_who_visited_nobody_is_not_diligent_though_nobody_did() -> None:
    told = quadrants(RANKS, _visits(E=1))
    assert listed(told["quadrant"]) == ["good", "good", "neither", "neither", None]


def test_without_visits_nothing_is_said() -> None:
    for none in (None, _visits()):
        told = quadrants(RANKS, none)
        assert told[["visited", "quadrant"]].isna().to_numpy().all()
