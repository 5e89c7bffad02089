"""Each kind of signal on its bound and a 分 or a day beside it; who is judged at all. Figures in 元 unless said otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError
from signalled import YUAN, flows, people

from kehujingli.periods import Period, day_of
from kehujingli.rules import EXAMPLE, load_rules
from kehujingli.studies.signs.detected import KINDS, Facts, Rules, Seen, detected, fall, fell, lost

OCTOBER = Period.of("2026-10")
LAST = OCTOBER.last
SEGMENT = load_rules(EXAMPLE).rules.segment
FARMER = {"customer_group": "farmer"}


def whole(rows: list[dict[str, Any]], *names: str) -> pd.DataFrame:
    """Rows with these columns of whole numbers, missing where nothing is said."""
    frame = pd.DataFrame([{**dict.fromkeys(names), **row} for row in rows])
    return frame.astype(dict.fromkeys(names, "Int64"))


def loans(*rows: tuple[str, float, dict[str, Any]]) -> pd.DataFrame:
    """Customer, what is owed, and what else is known."""
    told = [{"customer_id": who, "balance": round(owed * YUAN), "status": None, **more} for who, owed, more in rows]
    return whole(told, "balance", "due_on", "overdue_days")


def accounts(*rows: tuple[str, float, dict[str, Any]]) -> pd.DataFrame:
    told = [{"customer_id": who, "balance": round(left * YUAN), "kind": "demand", **more} for who, left, more in rows]
    return whole(told, "balance", "opened", "matures_on", "opening_year")


def see(
    classes: pd.DataFrame,
    moved: pd.DataFrame | None = None,
    period: Period = OCTOBER,
    rules: Rules | None = None,
    banks: tuple[str, ...] = (),
    **more: Any,
) -> dict[str, Seen]:
    return detected(Facts(classes, flows=moved, **more), rules or Rules(), period, None, banks)


def of(classes: pd.DataFrame, seen: Seen) -> tuple[str, str]:
    """Who is judged, and who shows it, in one letter each."""
    ids = classes["customer_id"].to_numpy()
    return "".join(ids[seen.eligible]), "".join(ids[seen.raised])


def test_a_loan_is_past_due_by_its_days_or_by_its_last_day_before_the_months_last() -> None:
    """The last day itself is still in time. E is written off, F is paid back: neither is judged, and what nobody knows is not late."""
    classes = people(A=0, B=0, C=0, D=0, E=0, F=0, G=0)
    told = see(
        classes,
        loans=loans(
            ("A", 10_000, {"overdue_days": 1, "due_on": LAST + 400}),
            ("B", 10_000, {"overdue_days": 0, "due_on": LAST - 1}),
            ("C", 10_000, {"overdue_days": 0, "due_on": LAST}),
            ("D", 10_000, {}),
            ("E", 10_000, {"overdue_days": 9, "status": "written_off"}),
            ("F", 0, {"overdue_days": 9}),
            ("G", 10_000, {"overdue_days": 9, "status": "on_book"}),
            ("Z", 10_000, {"overdue_days": 9}),
        ),
    )
    assert of(classes, told["past_due"]) == ("ABCDG", "ABG")


def test_what_is_past_due_adds_up_to_the_least_amount_of_the_rules() -> None:
    """A: 6,000 and 4,000 are 10,000, of 10,500 owed; B: a 分 less."""
    classes, late = people(A=0, B=0), {"overdue_days": 1}
    told = see(classes, loans=loans(("A", 6_000, late), ("B", 9_999.99, late), ("A", 4_000, late), ("A", 500, {})))[
        "past_due"
    ]
    assert of(classes, told) == ("AB", "A")
    assert (told.stake.tolist(), told.base.tolist()) == ([1_000_000, 999_999], [1_050_000, 999_999])
    assert told.now.tolist() == told.stake.tolist()
    assert of(classes, see(classes, rules=Rules(least=9_999), loans=loans(("B", 9_999, late)))["past_due"])[1] == "B"


@pytest.mark.parametrize("days", [1, 30, 31])
def test_what_falls_due_within_the_days_of_the_rules_is_told(days: int) -> None:
    """A loan that is due on the last day is coming, a deposit of that day has come; the last of the days counts, the next one does not."""
    classes = people(A=10_000, B=10_000, C=10_000, D=9_999.99, E=10_000)
    ends = {"A": LAST, "B": LAST + 1, "C": LAST + days, "D": LAST + days, "E": LAST + days + 1}
    told = see(
        classes,
        rules=Rules(days=days),
        loans=loans(*((who, 10_000, {"due_on": day, "overdue_days": 0}) for who, day in ends.items())),
        accounts=accounts(*((who, 10_000, {"kind": "term", "matures_on": day}) for who, day in ends.items())),
    )
    assert of(classes, told["loan_due"]) == ("ABCDE", "ABCD")
    assert of(classes, told["deposit_due"]) == ("ABCE", "BCD"), "D has not 10,000 that she could lose"


def test_who_is_past_due_is_not_told_what_falls_due() -> None:
    """A owes two loans, one late. B's loan of 9,999.99 is below what the rules want told, C's of 20,000 falls due beside 5,000 that does not."""
    classes, soon = people(A=0, B=0, C=0), {"due_on": LAST + 9, "overdue_days": 0}
    owed = loans(
        ("A", 20_000, soon), ("A", 1, {"overdue_days": 1}), ("B", 9_999.99, soon), ("C", 20_000, soon), ("C", 5_000, {})
    )
    told = see(classes, loans=owed)["loan_due"]
    assert of(classes, told) == ("BC", "C")
    assert (told.stake[2], told.now[2], told.base[2]) == (20_000 * YUAN, 20_000 * YUAN, 25_000 * YUAN)


def test_only_term_deposits_with_money_fall_due() -> None:
    """A: two of 5,000. B: a deposit on notice, C: an account that is empty, D: 9,999.99 of 50,000."""
    classes, soon = people(A=10_000, B=20_000, C=20_000, D=50_000), {"kind": "term", "matures_on": LAST + 9}
    told = see(
        classes,
        accounts=accounts(
            ("A", 5_000, soon),
            ("A", 5_000, soon),
            ("B", 20_000, {**soon, "kind": "notice"}),
            ("C", 0, soon),
            ("C", 20_000, {"kind": "term"}),
            ("D", 9_999.99, soon),
        ),
    )["deposit_due"]
    assert of(classes, told) == ("ABCD", "A")
    assert told.stake.tolist() == [1_000_000, 0, 0, 999_999]
    assert told.base.tolist() == classes["deposit_balance"].tolist()


def out(opening: float, largest: float, gone: float) -> tuple[float, dict[str, float]]:
    """What is left of what there was on the first, and how it went."""
    return opening - gone, {"net_0": -gone, "largest_out": largest}


@pytest.mark.parametrize(
    ("opening", "largest", "gone", "told"),
    [
        (50_000, 50_000, 50_000, (True, True)),
        (49_999.99, 49_999.99, 49_999.99, (False, False)),
        (60_000, 49_999.99, 60_000, (True, False)),
        (200_000, 60_000, 60_000, (True, True)),
        (200_000, 59_999.99, 60_000, (True, False)),
        (200_000, 60_000, 30_000, (True, True)),
        (200_000, 60_000, 29_999.99, (True, False)),
    ],
)
def test_a_large_posting_out(opening: float, largest: float, gone: float, told: tuple[bool, bool]) -> None:
    """Of 50,000 at least, three tenths of what there was on the first, and half of it gone from all accounts together."""
    left, moved = out(opening, largest, gone)
    seen = see(people(A=left), flows(A=moved))["outflow"]
    assert (bool(seen.eligible[0]), bool(seen.raised[0])) == told
    assert seen.stake[0] == (round(largest * YUAN) if told[1] else 0)
    assert (seen.now[0], seen.base[0]) == (round(largest * YUAN), round(opening * YUAN))


def test_the_bounds_of_a_large_posting_are_the_rules() -> None:
    left, moved = out(100_000, 20_000, 20_000)
    said = {"outflow": 20_000, "outflow_share": "0.20"}
    for rules, raised in ((Rules(**said), True), (Rules(**said, least=20_001), False), (Rules(outflow=20_000), False)):
        assert see(people(A=left), flows(A=moved), rules=rules)["outflow"].raised.tolist() == [raised]


def test_a_balance_exactly_three_tenths_below_an_average_has_fallen() -> None:
    """All had 100,000 for months. 30,000 went on the last day of October: its average is 100,000 − 30,000 ÷ 31, September's and the quarter's 100,000."""
    classes = people(A=70_000, B=70_000.01, C=7_000, D=0)
    gone = {"A": 30_000, "B": 29_999.99, "C": 2_999.99, "D": 10_000}
    told = see(classes, flows(**{who: {"net_0": -left, "weighted_0": -left} for who, left in gone.items()}))["drawdown"]
    assert of(classes, told) == ("ABD", "AD"), "C has never had 10,000 on average, D just so"
    assert told.base.tolist() == [10_000_000, 10_000_000, 999_999, 1_000_000]
    assert (told.stake[0], told.now[0]) == (3_000_000, 7_000_000)
    assert see(classes, flows(A={"net_0": -30_000}), rules=Rules(least="30000.01"))["drawdown"].raised.sum() == 0


def test_an_average_that_is_no_whole_number_of_fen_is_set_against_the_balance_exactly() -> None:
    """293,602.00 元·days are 10,485.785714… a day in February, and seven tenths of it, 293,602.00 ÷ 40, are 7,340.05 exactly: three tenths are gone.
    Divided first, in floating point, they are not. 7,340.06 is a 分 too much. The quarter to June has 91 days: 954,206.50 ÷ 130 is 7,340.05 as well."""
    for days, product in ((28, 29_360_200), (91, 95_420_650)):
        falls = fall(np.array([734_005, 734_006]), [(np.array([product, product]), days)])
        assert (falls >= 0.3).tolist() == [True, False]
    # all February 7,340.05, and 293,602.00 − 28 × 7,340.05 = 88,080.60 元·days on top of it
    moved = flows(A={"weighted_1": 88_080.60})
    seen = see(people(A=7_340.05), moved, Period.of("2026-03"), Rules(least=3_145))["drawdown"]
    assert (seen.raised.tolist(), seen.base.tolist(), seen.stake.tolist()) == ([True], [1_048_579], [314_574])


def test_what_is_lost_is_a_share_of_what_there_was() -> None:
    """A 分 of one is all; of nothing nothing is lost; 14 of 10 are four tenths more."""
    assert lost(np.array([0, 0, 7, 14]), np.array([1, 0, 10, 10])).tolist() == [1, 0, 0.3, -0.4]


def test_a_balance_is_set_against_the_highest_of_its_averages() -> None:
    """Of 30, 10 and 20 分 a day 12 are three fifths below the first; where there was nothing or less, nothing is lost."""
    averages = [(np.array([90, 0]), 3), (np.array([20, -20]), 2), (np.array([100, 0]), 5)]
    assert fall(np.array([12, 5]), averages).tolist() == [0.6, -1.0]


@pytest.mark.parametrize(
    ("month", "february", "quarter"),
    [("2026-03", 28, 28 + 31 + 31), ("2028-03", 29, 29 + 31 + 31), ("2026-10", 30, 92)],
)
def test_averages_are_of_the_days_of_their_months(month: str, february: int, quarter: int) -> None:
    """A: 10,000 all the month before, come on its first and gone on this month's. B: only in the first of the three months, for one day of each 分·day
    that a quarter of 10,000 has. C: this month alone, gone on its last day; D: as A, with 1 元 less."""
    period = Period.of(month)
    days = period.last - period.first + 1
    came = {"net_1": 10_000, "weighted_1": 10_000 * february, "net_0": -10_000, "weighted_0": -10_000 * days}
    less = {name: value * 0.9999 for name, value in came.items()}
    classes = people(A=0, B=0, C=0, D=0)
    told = see(
        classes,
        flows(
            A=came,
            B={"weighted_3": 10_000 * quarter},
            C={"weighted_0": 10_000 * days},
            D=less,
        ),
        period,
    )["drawdown"]
    assert told.base.tolist() == [1_000_000, 1_000_000, 1_000_000, 999_900]
    assert of(classes, told) == ("ABC", "ABC")


def test_of_a_month_still_under_way_the_average_is_of_its_days_so_far() -> None:
    """On 10 October, ten days: 100,000 元·days are 10,000. What came in this month is not yet set against whole ones."""
    period = replace(OCTOBER, as_of=date(2026, 10, 10))
    told = see(people(A=0), flows(A={"weighted_0": 100_000, "in_1": 90_000, "in_2": 90_000}), period)
    assert told["drawdown"].base.tolist() == [1_000_000]
    assert "inflow" not in told
    assert {"outflow", "salary", "round_trip"} <= set(told)


def test_what_no_posting_explains_is_not_judged() -> None:
    """October looks back to the first of July. D's account is of before, C's began with nothing, E's nobody knows when; a balance led back to nothing
    at all is sound (F), to less than nothing is not (G), in whichever of the four months."""
    classes = people(A=90_000, B=90_000, C=90_000, D=90_000, E=90_000, F=90_000, G=90_000)
    july, some = day_of(date(2026, 7, 1)), {"opening_year": 1}
    book = accounts(
        ("A", 1, {"opened": july, **some}),
        ("B", 1, {"opened": LAST, "opening_year": -1}),
        ("C", 1, {"opened": july, "opening_year": 0}),
        ("C", 1, {"opened": july}),
        ("D", 1, {"opened": july - 1, **some}),
        ("E", 1, some),
    )
    for step in range(4):
        all_of_it = {"net_0": 0, f"net_{step}": 90_000, "weighted_0": 90_000 * 31}
        told = see(classes, flows(F=all_of_it, G={**all_of_it, f"net_{step}": 90_000.01}), accounts=book)
        assert of(classes, told["drawdown"])[0] == "CDEF"
        assert of(classes, told["outflow"])[0] == ("CDE" if step == 0 else "CDEF"), "F had nothing on the first"
    bare = see(classes, flows(A={}), accounts=book.drop(columns="opening_year"))
    assert of(classes, bare["drawdown"])[0] == "ABCDEFG", "an older month does not tell what accounts began with"


def test_an_account_of_last_year_may_have_begun_with_anything() -> None:
    """What it had on the first of this January says nothing of the day it was opened."""
    january, classes = Period.of("2027-01"), people(A=90_000, B=90_000, C=90_000)
    opened = {"A": date(2026, 12, 31), "B": date(2027, 1, 1), "C": date(2026, 9, 30)}
    book = accounts(*((who, 1, {"opened": day_of(day), "opening_year": 0}) for who, day in opened.items()))
    assert of(classes, see(classes, flows(A={}), january, accounts=book)["drawdown"])[0] == "BC"


def came(now: float, *before: float, last_year: float = 0) -> dict[str, float]:
    return {"in_0": now, "in_12": last_year, **{f"in_{step}": one for step, one in enumerate(before, 1)}}


def test_money_coming_in_against_the_median_of_three_months() -> None:
    """Of 50,000, 9,000 and 100,000 the middle is 50,000: 35,000 is three tenths less, a 分 more is not. D's middle is 10,000, E's a 分 less."""
    classes = people(A=0, B=0, C=0, D=0, E=0)
    told = see(
        classes,
        flows(
            A=came(35_000, 50_000, 9_000, 100_000),
            B=came(35_000.01, 100_000, 50_000, 9_000),
            C=came(7_000, 10_000, 10_000, 10_000),
            D=came(0, 9_000, 100_000, 10_000),
            E=came(0, 9_999.99, 0, 100_000),
        ),
    )["inflow"]
    assert of(classes, told) == ("ABCD", "AD"), (
        "C lacks 3,000, which is three tenths and less than the least to be told"
    )
    assert told.stake.tolist() == [1_500_000, 1_499_999, 300_000, 1_000_000, 999_999]
    assert (told.base[0], told.now[0]) == (5_000_000, 3_500_000)


def test_a_farmers_money_is_set_against_the_same_month_last_year() -> None:
    """F: 35,000 of 50,000; G: a 分 more; H had nothing last October, whatever came since; A is no farmer."""
    usual = (50_000, 50_000, 50_000)
    classes = people(A=0, F=(0, FARMER), G=(0, FARMER), H=(0, FARMER))
    moved = {
        "A": came(50_000, *usual, last_year=900_000),
        "F": came(35_000, 1, 1, 1, last_year=50_000),
        "G": came(35_000.01, 1, 1, 1, last_year=50_000),
        "H": came(0, *usual),
    }
    told = see(classes, flows(**moved))["inflow"]
    assert of(classes, told) == ("AFG", "F")
    assert told.base.tolist() == [5_000_000, 5_000_000, 5_000_000, 0]
    without = see(classes, flows(0b111111111111, **moved))["inflow"]
    assert of(classes, without) == ("AH", "H"), "no posting of last October: all against the last three months"
    residents = see(classes, flows(**moved), rules=Rules(seasonal=("resident",)))["inflow"]
    assert residents.base.tolist() == [90_000_000, 100, 100, 5_000_000]


@pytest.mark.parametrize(
    ("covered", "kinds"),
    [
        (0b1111, {"inflow", "drawdown", "outflow", "salary", "round_trip"}),
        (0b0111, {"outflow", "round_trip"}),
        (0b1011, {"outflow", "round_trip"}),
        (0b1101, {"outflow"}),
        (0b1110, set()),
        (0b0001, {"outflow"}),
    ],
)
def test_a_kind_is_judged_where_the_export_has_its_months(covered: int, kinds: set[str]) -> None:
    assert set(see(people(A=1), flows(covered, A={}))) == kinds


def test_wages_are_new_where_the_three_months_before_had_none() -> None:
    """Months as bits, the lowest this one. A was paid four months ago; H and P are units, N is of a type that nobody wrote."""
    bits = {"A": 0b10001, "B": 0b0011, "C": 0b0101, "D": 0b1001, "E": 1, "F": 0, "H": 1, "P": 1, "N": 1, "S": 1}
    kinds = {"H": "business", "P": "public", "N": None, "S": "sole_trader"}
    classes = people(**{who: (0, {"customer_type": kinds.get(who, "person")}) for who in bits})
    paid = {**dict.fromkeys(bits, 10_000), "E": 9_999.99, "F": 0}
    told = see(classes, flows(**{who: {"salary": paid[who], "salary_months": bits[who]} for who in bits}))["salary"]
    assert of(classes, told) == ("AEFNS", "ANS")
    assert told.stake.tolist() == told.now.tolist() == [round(one * YUAN) for one in paid.values()]
    assert not told.base.any()
    little = see(classes, flows(A={"salary": 0.01, "salary_months": 1}), rules=Rules(least="0.01"))["salary"]
    assert of(classes, little)[1] == "A", "of the others nothing was paid"


@pytest.mark.parametrize(
    ("into", "back", "stake"),
    [(50_000, 40_000, 40_000), (49_999.99, 49_999.99, 0), (50_000, 39_999.99, 0), (50_000, 80_000, 50_000), (0, 0, 0)],
)
def test_in_at_the_months_end_and_out_at_its_beginning(into: float, back: float, stake: float) -> None:
    """From 50,000 in, eight tenths of it out; what is told is what went both ways."""
    seen = see(people(A=1), flows(A={"end_net": into, "start_net": -back}))["round_trip"]
    assert (seen.eligible.tolist(), seen.raised.tolist()) == ([True], [stake > 0])
    assert (seen.stake[0], seen.now[0], seen.base[0]) == (stake * YUAN, round(back * YUAN), round(into * YUAN))


@pytest.mark.parametrize(("day", "end_days", "there"), [(5, 5, True), (4, 5, False), (1, 1, True), (15, 15, True)])
def test_a_beginning_is_judged_when_it_is_over(day: int, end_days: int, there: bool) -> None:
    period = replace(OCTOBER, as_of=date(2026, 10, day))
    told = see(people(A=1), flows(A={}), period, Rules(end_days=end_days))
    assert ("round_trip" in told) is there


def sides(*rows: tuple[str, str, str | None, str, int, float]) -> pd.DataFrame:
    """Customer, name of the other side, its account and bank, months paid as bits (the lowest this one), money."""
    names = ["customer_id", "counterparty_name", "counterparty_account", "counterparty_bank", "paying_months"]
    frame = pd.DataFrame(rows, columns=[*names, "money_out"]).assign(postings=3, money_in=0)
    return frame.assign(
        money_out=[round(one * YUAN) for one in frame["money_out"]], posting_months=frame["paying_months"]
    )


def test_money_to_an_own_account_elsewhere_in_three_months_this_one_among_them() -> None:
    """30,000 in three months are 10,000 a month. H's is at this bank by the name in the rules, K's by the bank's own; O's is another's name, P's has no
    account; R pays two accounts of her own, in three months together."""
    classes = people(A=10_000, B=9_999.99, C=20_000, D=20_000, E=20_000, H=1, K=1, O=1, P=1, R=20_000)
    rows = sides(
        ("A", "客户A", "6222000000000001", "他行", 0b111, 30_000),
        ("B", "客户B", "6222000000000002", "他行", 0b10011, 30_000),
        ("C", "客户C", "6222000000000003", "他行", 0b11, 90_000),
        ("D", "客户D", "6222000000000004", "他行", 0b1110, 90_000),
        ("E", "客户E", "6222000000000005", "他行", 0b111, 29_999.99),
        ("H", "客户H", "6222000000000006", "东关农商行", 0b111, 90_000),
        ("K", "客户K", "6222000000000007", "东关联社营业部", 0b111, 90_000),
        ("O", "别人", "6222000000000008", "他行", 0b111, 90_000),
        ("P", "客户P", None, "他行", 0b111, 90_000),
        ("R", "客户R", "6222000000000009", "他行", 0b001, 10_000),
        ("R", "客户R", "6222000000000010", "另一行", 0b110, 20_000),
        ("R", "客户R", "6222000000000011", "另一行", 0, 0),
        ("Z", "客户A", "6222000000000001", "他行", 0b111, 90_000),
    )
    rules = Rules(own_banks=("东关农商行", ""))
    told = see(classes, rules=rules, banks=("东关联社", ""), counterparties=rows)["other_bank"]
    assert of(classes, told) == ("ACDER", "ABR")
    by = dict(zip(classes["customer_id"], zip(told.stake.tolist(), told.base.tolist(), strict=True), strict=True))
    assert (by["A"], by["R"], by["C"], by["E"]) == ((1_000_000, 3), (1_000_000, 3), (4_500_000, 2), (999_999, 3))
    assert by["H"] == by["K"] == by["O"] == by["P"] == (0, 0)
    assert told.now.tolist() == told.stake.tolist()
    once = altered(rules, bank_months=1)
    assert see(people(A=0), rules=once, counterparties=sides(("A", "客户A", "X1", "他行", 1, 10_000)))[
        "other_bank"
    ].raised[0]
    fewer = see(classes, rules=altered(rules, bank_months=2), banks=("东关联社",), counterparties=rows)
    assert of(classes, fewer["other_bank"])[1] == "ABCR"


def altered(rules: Rules, **more: Any) -> Rules:
    return Rules(**{**rules.model_dump(), **more})


def test_kinds_stand_in_their_order_whatever_the_order_of_rows() -> None:
    classes = people(A=40_000, B=10_000, C=90_000)
    moved = flows(A={"net_0": -60_000, "largest_out": 60_000}, C={"in_1": 9, "salary": 20_000, "salary_months": 1})
    owed = loans(("B", 20_000, {"overdue_days": 1}), ("C", 20_000, {"due_on": LAST + 1}), ("A", 5, {}))
    book = accounts(("C", 20_000, {"kind": "term", "matures_on": LAST + 2}), ("A", 40_000, {}))
    rows = sides(("A", "客户A", "X1", "他行", 0b111, 90_000), ("B", "客户B", "X2", "他行", 0b111, 90_000))
    first = see(classes, moved, loans=owed, accounts=book, counterparties=rows)
    other = see(classes, moved[::-1], loans=owed[::-1], accounts=book[::-1], counterparties=rows[::-1])
    assert list(first) == list(other) == [kind for kind in KINDS if kind != "fall"]
    for kind, seen in first.items():
        for name in ("eligible", "raised", "stake", "now", "base"):
            assert (getattr(seen, name) == getattr(other[kind], name)).all(), (kind, name)


def test_without_postings_only_the_books_are_judged() -> None:
    assert set(see(people(A=1))) == set()
    assert set(see(people(A=1), flows(A={})[:0])) == set()
    assert set(see(people(A=1), loans=loans(("A", 1, {})))) == {"past_due", "loan_due"}
    assert set(see(people(A=1), accounts=accounts(("A", 1, {})))) == {"deposit_due"}


def standing(**rows: Mapping[str, Any]) -> pd.DataFrame:
    """Customers as a month keeps them for the month after it: 20,000 that stood for a year, last there in October."""
    usual = {
        "industry": None,
        "rural": None,
        "agriculture": None,
        "village": None,
        "opened_on": day_of(date(2015, 1, 1)),
        "last_active": LAST,
        "active_months": 0,
        "transactions": 0,
        "leaving_transactions": 0,
        "average_loan_next": 0,
        **dict.fromkeys(("average_deposit", "average_deposit_month", "average_deposit_year"), 2_000_000),
        "frequency": "mobile",
        "scale_below": 0,
        "below": 0,
    }
    frame = people(**{who: (20_000, {**usual, **more}) for who, more in rows.items()})
    text = dict.fromkeys(("industry", "village", "customer_type", "scale", "frequency"), "str")
    return frame.astype({"opened_on": "Int64", "last_active": "Int64", **text})


def balances(**rows: float) -> pd.DataFrame:
    """One demand account each that had this all through the window of the next month."""
    book = accounts(*((who, left, {"opened": day_of(date(2015, 1, 1))}) for who, left in rows.items()))
    days = Period.of("2026-11").last - Period.of("2026-11").window_first(SEGMENT.window_months) + 1
    known = {f"known_{name}": True for name in ("next", "year")}
    products = {"product_next": book["balance"] * days, "product_year": book["balance"] * 304}
    return book.assign(average_year=pd.array([None] * len(book), "Int64"), closed=2**31, **known, **products).astype(
        dict.fromkeys(("opened", "closed", "product_next", "product_year"), "int64")
    )


def test_who_will_fall_asleep_is_who_was_last_there_before_the_window_of_next_month() -> None:
    """A window of twelve months to November 2026 begins on 1 December 2025. A was last there the day before, B on that day; C sleeps already; D's
    contract ends in November; E's class is not known; F as A, of a business below what is told."""
    first = Period.of("2026-11").window_first(SEGMENT.frequency.dormant.idle_months)
    classes = standing(
        A={"last_active": first - 1},
        B={"last_active": first},
        C={"last_active": None, "frequency": "dormant"},
        D={"last_active": None},
        E={"frequency": None, "scale": None},
        F={"last_active": first - 1, "scale_amount": 999_999},
    )
    contracts = whole([{"customer_id": "D", "product": "手机银行", "closed_on": LAST + 15}], "signed_on", "closed_on")
    facts = Facts(classes, accounts=balances(**dict.fromkeys("ABCDEF", 20_000)), holdings=contracts)
    told = detected(facts, Rules(), OCTOBER, SEGMENT, ())["fall"]
    assert of(classes, told) == ("ABCDF", "AD")
    assert told.words == {0: "将休眠（静止期满）", 3: "将休眠（合约到期）", 5: "将休眠（静止期满）"}
    assert told.stake.tolist() == [2_000_000] * 5 + [999_999]


def test_who_comes_less_often_or_is_worth_less_falls_and_who_is_new_or_small_is_not_asked_in_vain() -> None:
    """A comes in six months and twelve times, the least of a frequent customer, and the oldest of the times leaves the window; B came once more. C is
    medium, of 50,000 and more, for the third month below it; D for the second. E becomes medium: no fall."""
    often = {"frequency": "frequent", "active_months": 6, "transactions": 12, "leaving_transactions": 1}
    classes = standing(
        A=often,
        B={**often, "active_months": 7, "transactions": 13},
        C={"scale": "medium", "below": 2},
        D={"scale": "medium", "below": 1},
        E={},
    )
    facts = Facts(classes, accounts=balances(A=20_000, B=20_000, C=20_000, D=20_000, E=50_000))
    told = detected(facts, Rules(), OCTOBER, SEGMENT, ())["fall"]
    assert of(classes, told) == ("ABCDE", "AC")
    assert told.words == {0: "往来将减少（业务移出）", 2: "将降级（缓冲期满）"}
    older = replace(facts, accounts=facts.accounts.drop(columns="product_next"))
    assert "fall" not in detected(older, Rules(), OCTOBER, SEGMENT, ()), "kept by an older version"


def test_a_fall_is_asleep_lower_or_looser_and_nothing_else() -> None:
    assert fell(pd.Series(["asleep", "down", "looser", "up", None])).tolist() == [True, True, True, False, False]


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ({"end_money": 10_000}, ""),
        ({"end_money": "9999.99"}, "end_money"),
        ({"end_money": 9_999, "least": 9_999}, ""),
        ({"days": 31}, ""),
        ({"days": 32}, "days"),
        ({"end_days": 15}, ""),
        ({"end_days": 16}, "end_days"),
        ({"speak": ("inflow",), "silent": ("outflow",)}, ""),
        ({"speak": ("inflow",), "silent": ("inflow",)}, "silent"),
    ],
)
def test_rules_hold_their_bounds(said: dict[str, Any], key: str) -> None:
    """``key``: what is refused, none where all fits."""
    if not key:
        assert Rules(**said).model_dump(include=set(said))
        return
    with pytest.raises(ValidationError, match=key):
        Rules(**said)
