"""Beside loads and scores by hand: two customers, three managers, one of whom helps and one of whom has two posts."""

from __future__ import annotations

import pandas as pd

from kehujingli.lists.lines import OF_LOADS, OF_SCORES, beside_loads, beside_scores

PARTS = pd.DataFrame(
    [
        ("deposit", "C1", "A", "lead", 1, 70_000),
        ("deposit", "C1", "C", "helper", 0, 30_000),
        ("deposit", "C2", "公共", "nobody", 1, 5),
        ("loan", "C1", "A", "lead", 1, 9),
        ("intermediary", "C1", "A", "lead", 1, 100),
        ("intermediary", "C1", "C", "helper", 0, 50),
        ("intermediary", "C2", "B", "lead", 1, 7),
    ],
    columns=["line", "customer_id", "holder", "role", "household", "amount"],
)


def test_beside_a_load_stands_what_the_customers_of_the_plan_have_and_whom_she_helps() -> None:
    """The plan gives C1 to B and C2 to C: fees go with the customer as a whole; A, who lost C1, leads nobody; C helps with C1."""
    loads = pd.DataFrame({"manager_id": ["A", "B", "C"]})
    frame = beside_loads(loads, PARTS, {"C1": "B", "C2": "C", "C3": None})
    assert frame[list(OF_LOADS)].to_numpy().tolist() == [[0, 0, 0, 0], [1, 1, 150, 0], [1, 1, 7, 1]]
    given = beside_loads(loads, PARTS, {"C1": "C"})
    assert given["helped"].tolist() == [0, 0, 0], "whom the plan gives to the helper she leads"
    assert beside_loads(loads, PARTS.iloc[:0], {})[list(OF_LOADS)].to_numpy().sum() == 0


def test_beside_a_score_stands_what_is_his_once_though_he_has_two_posts() -> None:
    ranking = pd.DataFrame({"manager_id": ["C", "A", "C", "D"]})
    frame = beside_scores(ranking, PARTS)[list(OF_SCORES)].astype("object")
    assert frame.where(frame.notna(), None).to_numpy().tolist() == [
        [0, 30_000, 0, 0, 0, 50],
        [1, 70_000, 1, 9, 1, 100],
        [None] * 6,
        [0] * 6,
    ]
    assert set(beside_scores(ranking, PARTS.iloc[:0])["line:loan"].dropna()) == {0}


def test_a_line_of_which_nobody_has_anything_is_nothing_and_not_what_another_has() -> None:
    of_deposits = beside_scores(pd.DataFrame({"manager_id": ["A", "C"]}), PARTS[PARTS["line"] == "deposit"])
    assert of_deposits[list(OF_SCORES)].to_numpy().tolist() == [[1, 70_000, 0, 0, 0, 0], [0, 30_000, 0, 0, 0, 0]]
