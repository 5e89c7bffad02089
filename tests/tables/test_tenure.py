"""Whose day is it? Claims over names over plans over nobody; shares never exceed the whole."""

from __future__ import annotations

from fractions import Fraction

import pandas as pd

from kehujingli import terms
from kehujingli.tables.frames import complete, empty
from kehujingli.tables.tenure import ALWAYS, Claim, Holders, Plan, Roster, Stint, claimable, customer_tenure, layer

HALF = Fraction(1, 2)


def test_what_a_claim_leaves_open_stays_with_the_holder() -> None:
    stints, over = layer(1, 30, [Claim("B", HALF, 11, 20)], [Stint(1, 30, "A")])
    held = {(stint.first, stint.last, stint.holder): stint.share for stint in stints}
    assert held == {(1, 10, "A"): 1, (11, 20, "B"): HALF, (11, 20, "A"): HALF, (21, 30, "A"): 1}
    assert not over


def test_claims_over_the_whole_are_nobodys_and_told() -> None:
    stints, over = layer(
        1, 10, [Claim("B", Fraction(7, 10), 1, 10), Claim("C", Fraction(6, 10), 5, 10)], [Stint(1, 10, "A")]
    )
    assert over == [(5, 10, Fraction(13, 10))]
    assert [stint.holder for stint in stints if stint.first == 5] == [terms.UNHELD]


def test_days_off_duty_are_not_the_holders() -> None:
    roster = Roster({"A": (5, 20)})
    pieces = roster.clip(Stint(1, 30, "A"), terms.PUBLIC)
    assert [(piece.first, piece.last, piece.holder) for piece in pieces] == [
        (1, 4, terms.PUBLIC),
        (5, 20, "A"),
        (21, 30, terms.PUBLIC),
    ]


def test_somebody_outside_the_roster_holds_nothing() -> None:
    assert [piece.holder for piece in Roster({}).clip(Stint(1, 3, "X"), terms.PUBLIC)] == [terms.PUBLIC]


def test_claims_of_exactly_the_whole_are_the_claimants() -> None:
    claimed = [Claim("B", Fraction(7, 10), 1, 10), Claim("C", Fraction(3, 10), 1, 10)]
    stints, over = layer(1, 10, claimed, [Stint(1, 10, "A")])
    assert [(stint.holder, stint.share) for stint in stints] == [("B", Fraction(7, 10)), ("C", Fraction(3, 10))]
    assert not over


def _roster(*posts: tuple[str, int | None, int | None]) -> pd.DataFrame:
    rows = pd.DataFrame(posts, columns=["manager_id", "since", "until"]).astype({"since": "Int64", "until": "Int64"})
    return complete("managers", rows.assign(branch_id="801", part=0, row=range(len(posts))))


def test_two_posts_of_one_person_are_on_duty_from_the_first_to_the_last() -> None:
    posts = _roster(("A", 5, 9), ("A", 7, 20), ("B", None, 8))
    assert Roster.of(posts).spans == {"A": (5, 20), "B": (-ALWAYS, 8)}


def test_a_claim_needs_a_share_and_days_in_order() -> None:
    rows = [("0", 1, 9), ("-0.1", 1, 9), ("0.01", 1, 9), ("1", 1, 9), (None, 1, 9), ("1", 9, 8), ("1", 9, 9)]
    frame = pd.DataFrame(rows, columns=["share", "valid_from", "valid_to"])
    left = claimable(frame.astype({"valid_from": "Int64", "valid_to": "Int64"}))
    assert left.index.tolist() == [2, 3, 4, 6]


def test_a_plan_counts_from_its_day_the_newest_over_the_older() -> None:
    """Days 10 to 20: one plan before, one on the first day, one on the 15th, one after the end."""
    people = pd.DataFrame({"customer_id": ["C1", "C2", "C3"], "manager_id": ["A", None, "A"]})
    plans = [Plan(1, {"C1": "B"}), Plan(10, {"C1": "C"}), Plan(15, {"C3": "B"}), Plan(21, {"C1": "A"})]
    roster = Roster({"A": (0, 99), "B": (0, 99), "C": (0, 99)})
    tenure = customer_tenure(people, Holders(roster, empty("attributions"), plans, frozenset({"C2"})), 10, 20)
    assert tenure.single == {"C1": "C", "C2": terms.UNHELD}
    assert tenure.stints("C3") == [Stint(10, 14, "A"), Stint(15, 20, "B")]
    assert [tenure.on("C3", day) for day in (14, 15)] == [[("A", 1)], [("B", 1)]]
