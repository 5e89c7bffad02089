"""Whose day is it? Claims over names over plans over nobody; shares never exceed the whole."""

from __future__ import annotations

from fractions import Fraction

from kehujingli import terms
from kehujingli.tables.tenure import Claim, Roster, Stint, layer

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
