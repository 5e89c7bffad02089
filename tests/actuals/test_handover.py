"""What a handover does to either side: the contract's case by hand; and whatever the postings, both sides are the customers' growth, every day."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from kehujingli.actuals.deposits import Account, CustomerGrowth, balance_days, growth
from kehujingli.actuals.handover import by_day, taken_over
from kehujingli.tables.tenure import Claim, Stint, Tenure, layer
from kehujingli.values import nearest

WAN = 1_000_000
NAMES = ("A", "B")


def customer(
    number: int,
    opening: int,
    moves: list[tuple[int, int]],
    base: int,
    last: int,
    weight: Fraction = Fraction(1),
    gap: int = 0,
) -> CustomerGrowth:
    """One account from day 1 on; ``gap``: by how much an official average's sum of days differs."""
    name = f"AC{number}"
    held = Account(name, weight, 0, opening, 1, 10**6, weight * base)
    product = balance_days(held, moves, 1, last, 1) + gap
    account = Account(name, weight, product, opening, 1, 10**6, weight * base)
    average = nearest(weight * Fraction(product, last))
    return CustomerGrowth(f"C{number}", "801001", average, nearest(weight * base), [account])


def test_the_case_of_the_contract() -> None:
    """基数 100 万; 100 万 on days 1 to 15, 160 万 on 16 to 30. By the rule A 0.00, B 30.00 万; B took over 100 万, so neutral is the same."""
    moves = {"AC1": [(16, 60 * WAN)]}
    one = customer(1, 100 * WAN, moves["AC1"], 100 * WAN, 30)
    last = by_day([one], moves, (1, 30), 1, 16, NAMES)[-1]
    assert (last.whole, last.giver, last.taker) == (30 * WAN, 0, 30 * WAN)
    assert (last.giver_neutral, last.taker_neutral) == (0, 30 * WAN)


def test_what_was_held_before_the_giver_is_neither_side_s() -> None:
    """基数 90 万, 120 万 all the time: 30 万 a day's end. The giver has it from day 11, of which X has half till day 20; the taker from day 21."""
    one = customer(1, 120 * WAN, [], 90 * WAN, 30)
    held = {"AC1": [Stint(11, 20, "A", Fraction(1, 2)), Stint(21, 30, "A")]}
    last = by_day([one], {}, (1, 30), 1, 21, NAMES, held)[-1]
    assert (last.whole, last.others, last.giver, last.taker) == (30 * WAN, 15 * WAN, 5 * WAN, 10 * WAN)
    assert (last.giver_neutral, last.taker_neutral) == (15 * WAN, 0), (
        "what stood at the handover's 120 万 is his who handed it over"
    )
    days = by_day([one], {}, (1, 30), 1, 21, NAMES, held)
    assert [(day.others, day.giver) for day in days if day.day in (10, 12)] == [(30 * WAN, 0), (27_500_000, 2_500_000)]


def test_nobody_takes_over_another_s_loss_or_gain() -> None:
    """基数 100 万, 40 万 ever since day 1: by the rule B bears −30 万 of 60 万 lost before him, neutral none; the same for a gain."""
    for held, whole in ((40, -60), (160, 60)):
        one = customer(1, held * WAN, [], 100 * WAN, 30)
        assert taken_over(one, {}, (1, 30), 16) == held * WAN
        last = by_day([one], {}, (1, 30), 1, 16, NAMES)[-1]
        assert (last.giver, last.taker) == (whole * WAN // 2, whole * WAN // 2)
        assert (last.giver_neutral, last.taker_neutral) == (whole * WAN, 0)


_POSTINGS = st.lists(st.tuples(st.integers(1, 40), st.integers(-(10**9), 10**9)), max_size=5)
_CUSTOMER = st.tuples(
    st.integers(0, 10**10),
    _POSTINGS,
    st.integers(0, 10**10),
    st.sampled_from([Fraction(1), Fraction(3, 10)]),
    st.integers(-99, 99),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(_CUSTOMER, min_size=1, max_size=4), st.integers(1, 45))
def test_both_sides_are_the_customers_growth_every_day_and_what_the_month_reckons(
    drawn: list[tuple[object, ...]], on: int
) -> None:
    last = 40
    moves = {f"AC{n}": sorted(one[1]) for n, one in enumerate(drawn)}  # type: ignore[type-var]
    people = [
        customer(n, opening, moves[f"AC{n}"], base, last, weight, gap)  # type: ignore[arg-type]
        for n, (opening, _, base, weight, gap) in enumerate(drawn)
    ]
    days = by_day(people, moves, (1, last), 1, on, NAMES)  # type: ignore[arg-type]
    assert [day.day for day in days] == list(range(1, last + 1))
    for day in days:
        assert day.giver + day.taker == day.giver_neutral + day.taker_neutral == day.whole - day.others
        assert day.others == 0
        assert day.day >= on or (day.taker, day.taker_neutral) == (0, 0)
    several = {}
    for one in people:
        stints, _ = layer(1, last, [Claim("B", Fraction(1), on, 10**6)], [Stint(1, last, "A")])
        several[one.accounts[0].account_id] = stints
    parts = list(growth(people, Tenure(1, last, {}, several), lambda _: moves))  # type: ignore[arg-type, return-value]
    sums = {who: sum(part.numerator for part in parts if part.holder == who) for who in NAMES}
    assert (days[-1].giver, days[-1].taker) == (sums["A"], sums["B"])
