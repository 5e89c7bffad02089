"""What a signal's coming true means, kind by kind on its bound; whose can be judged; when a kind falls silent. Figures in 元 unless said otherwise."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from signalled import YUAN, people

from kehujingli.periods import Period
from kehujingli.studies.signs.detected import KINDS, Facts, Rules, Seen
from kehujingli.studies.signs.proved import (
    LISTED,
    QUIET,
    RAISED,
    RECORD,
    STATES,
    TRUTHS,
    Proof,
    ledger,
    proof,
    speaking,
    standing_of,
)

NOVEMBER = Period.of("2026-11")
LAST = NOVEMBER.last


def seen(eligible: str, raised: str = "", *, base: Any = 0, now: Any = 0) -> Seen:
    """Of customers in a row, 1 and 0 each."""
    told = [np.array([one == "1" for one in bits]) for bits in (eligible, raised or "0" * len(eligible))]
    money = np.zeros(len(eligible), dtype="int64")
    return Seen(told[0], told[1], money, money + now, money + base)


def book(opening: float = 100_000, **kinds: dict[str, str | None]) -> pd.DataFrame:
    """A ledger: kind → customer → what it says."""
    who = sorted({one for own in kinds.values() for one in own})
    states = {kind: pd.Series([kinds.get(kind, {}).get(one) for one in who], dtype="object") for kind in KINDS}
    return pd.DataFrame({"customer_id": who, "opening": opening * YUAN, **states})


def judged(kept: pd.DataFrame | None, before: pd.DataFrame | None, facts: Facts, **more: Any) -> Proof:
    given: dict[str, Any] = {"found": {}, "merges": None, "rules": Rules(), "period": NOVEMBER, **more}
    return proof(kept, before, facts, **given)


def came(told: Proof, kind: str) -> dict[str, bool]:
    rows = told.rows[told.rows["kind"] == kind]
    return dict(zip(rows["customer_id"], rows["came"].astype(bool), strict=True))


def test_a_ledger_says_of_each_customer_quiet_raised_or_listed() -> None:
    """A could not show it, B could and did not, C did, D did and stood on a list, E did who is not among those that could. Kinds not judged are missing."""
    classes = people(A=1, B=2, C=3, D=4, E=5)
    found = {"inflow": seen("01110", "00111"), "outflow": seen("11111", base=700)}
    nobody, listed = np.zeros(5, dtype=bool), np.array([False, False, False, True, False])
    told = ledger(Facts(classes), found, {"inflow": listed, "outflow": nobody})
    assert list(told) == ["customer_id", "opening", *KINDS]
    assert told["inflow"].fillna("").tolist() == ["", QUIET, RAISED, LISTED, RAISED]
    assert told["outflow"].tolist() == [QUIET] * 5
    assert told[[kind for kind in KINDS if kind not in found]].isna().all(axis=None)
    assert told["opening"].tolist() == [700] * 5
    assert ledger(Facts(classes), {}, {})["opening"].tolist() == [100, 200, 300, 400, 500], (
        "without postings: what there is"
    )


@pytest.mark.parametrize("kind", ["drawdown", "inflow", "deposit_due", "other_bank"])
def test_a_balance_three_tenths_lower_or_a_customer_gone_comes_true(kind: str) -> None:
    """Of 10,000: A has 7,000, B a 分 more, C is gone; D had nothing and can lose nothing, E had a 分; F was no customer then. G to K are the others."""
    before = people(A=10_000, B=10_000, C=10_000, D=0, E=0.01, G=10_000, H=10_000, I=0, J=10_000)
    kept = book(**{kind: {**dict.fromkeys("ABCDEF", RAISED), "A": LISTED, **dict.fromkeys("GHIJ", QUIET), "K": None}})
    after = people(A=7_000, B=7_000.01, D=0, E=0, F=1, G=7_000, H=7_000.01, I=0, K=1)
    told = judged(kept, before, Facts(after))
    assert came(told, kind) == {"A": True, "B": False, "C": True, "E": True}
    assert told.rows["listed"].tolist() == [True, False, False, False]
    assert told.lines.to_dict("records") == [
        {"kind": kind, "month": "2026-10", "raised": 4, "came": 3, "others": 3, "happened": 2}
    ], "of G, H and J, G fell and J is gone"
    stricter = judged(kept, before, Facts(after), rules=Rules(drop="0.29"))
    assert came(stricter, kind)["B"], "7,000.01 is 29.9999 % less"


def test_money_that_went_out_is_still_out_below_seven_tenths_of_what_there_was_before() -> None:
    """There were 100,000 on the first of October. A has 70,000 again, B a 分 less, C is gone; D's opening was nothing, E's nobody knows."""
    before = people(A=40_000, B=40_000, C=40_000, D=40_000, E=40_000)
    kept = book(outflow=dict.fromkeys("ABCDE", RAISED)).astype({"opening": "Int64"})
    kept.loc[kept["customer_id"] == "D", "opening"] = 0
    kept.loc[kept["customer_id"] == "E", "opening"] = pd.NA
    told = judged(kept, before, Facts(people(A=70_000, B=69_999.99, D=0, E=0)))
    assert came(told, "outflow") == {"A": False, "B": True, "C": True}


def owed(**days: tuple[int, int]) -> pd.DataFrame:
    """Customer → days past due and the last day, of a loan of 100."""
    rows = [(who, 10_000, late, due, "on_book") for who, (late, due) in days.items()]
    return pd.DataFrame(rows, columns=["customer_id", "balance", "overdue_days", "due_on", "status"])


@pytest.mark.parametrize("kind", ["past_due", "loan_due"])
def test_a_loan_is_past_due_at_the_next_months_end_or_not(kind: str) -> None:
    """A by its days, B by its last day, C is due on the last day itself, D is due soon; E has paid, F is gone from the bank."""
    before = people(A=0, B=0, C=0, D=0, E=0, F=0)
    kept = book(**{kind: dict.fromkeys("ABCDEF", RAISED)})
    facts = Facts(
        people(A=0, B=0, C=0, D=0, E=0), loans=owed(A=(1, LAST + 9), B=(0, LAST - 1), C=(0, LAST), D=(0, LAST + 1))
    )
    expected = {"A": True, "B": True, "C": False, "D": False, "E": False, "F": False}
    assert came(judged(kept, before, facts), kind) == expected
    assert judged(kept, before, Facts(facts.classes)).lines.empty, "without this month's loans nobody can tell"


def test_a_class_that_fell_is_one_that_sleeps_is_lower_or_comes_less() -> None:
    """D rose, E stayed, F is gone and has no class that could have fallen."""
    was = {"A": ("mobile", "small"), "B": ("frequent", "large"), "C": ("frequent", "small")}
    was |= {"D": ("frequent", "small"), "E": ("mobile", "small"), "F": ("mobile", "small")}
    now = was | {
        "A": ("dormant", "small"),
        "B": ("frequent", "medium"),
        "C": ("mobile", "small"),
        "D": ("frequent", "medium"),
    }
    before, after = (
        people(**{who: (9, {"frequency": one, "scale": scale}) for who, (one, scale) in side.items()})
        for side in (was, {who: said for who, said in now.items() if who != "F"})
    )
    told = judged(book(fall=dict.fromkeys("ABCDEF", RAISED)), before, Facts(after[::-1].reset_index(drop=True)))
    assert came(told, "fall") == {"A": True, "B": True, "C": True, "D": False, "E": False}


def test_wages_and_round_trips_come_true_where_they_are_seen_again() -> None:
    """A was paid 1 分 again, B nothing, C is gone. A went in and out again, B did not."""
    before, after = people(A=1, B=1, C=1), Facts(people(A=1, B=1))
    kept = book(salary=dict.fromkeys("ABC", RAISED), round_trip=dict.fromkeys("ABC", LISTED))
    found = {"salary": seen("00", now=np.array([1, 0])), "round_trip": seen("11", "10")}
    told = judged(kept, before, after, found=found)
    assert came(told, "salary") == came(told, "round_trip") == {"A": True, "B": False}
    assert told.lines["kind"].tolist() == ["round_trip", "salary"]
    assert judged(kept, before, after).lines.empty, "what this month cannot tell is not judged"


def test_who_was_merged_or_not_yet_there_is_not_judged() -> None:
    """B goes on under A's number; C is told of in a ledger and in no class of that month. Nobody is left for fall."""
    before = people(A=10_000, B=10_000)
    kept = book(
        drawdown=dict.fromkeys("ABC", RAISED), outflow=dict.fromkeys("ABC", QUIET), fall={"B": RAISED, "C": QUIET}
    )
    merges = pd.DataFrame({"customer_id": ["B"], "main_id": ["A"]})
    told = judged(kept, before, Facts(people(A=7_000)), merges=merges)
    assert came(told, "drawdown") == {"A": True}
    assert told.lines[list(RECORD)].to_numpy().tolist() == [
        ["outflow", "2026-10", 0, 0, 1, 1],
        ["drawdown", "2026-10", 1, 1, 0, 0],
    ]


def test_without_the_month_before_nothing_is_judged() -> None:
    before = people(A=1)
    kept = book(drawdown={"A": RAISED})
    for given in ((None, before), (kept, None), (None, None)):
        told = judged(*given, Facts(before))
        assert (len(told.lines), len(told.rows)) == (0, 0)
        assert set(told.lines[list(RECORD[2:])].dtypes) == {np.dtype("int64")}
        assert (list(told.lines), list(told.rows)) == (list(RECORD), ["customer_id", "kind", "listed", "came"])
    older = kept[["customer_id", "opening", "drawdown"]]
    assert came(judged(older, before, Facts(before)), "drawdown") == {"A": False}, "a ledger of fewer kinds"


def test_outcomes_do_not_depend_on_the_order_of_rows() -> None:
    before, after = people(A=10_000, B=10_000, C=10_000), people(A=7_000, B=9_000, C=1)
    kept = book(drawdown={"A": RAISED, "B": LISTED, "C": QUIET}, fall=dict.fromkeys("ABC", QUIET))
    first = judged(kept, before, Facts(after))
    turned = judged(kept[::-1].reset_index(drop=True), before[::-1], Facts(after[::-1]))
    pd.testing.assert_frame_equal(first.lines, turned.lines)
    assert came(first, "drawdown") == came(turned, "drawdown") == {"A": True, "B": False}


def record(*rows: tuple[str, str, int, int, int, int]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(RECORD))


def state(rows: pd.DataFrame, **said: Any) -> str:
    told: str = standing_of(rows, {"fall": seen("1")}, Rules(**said), NOVEMBER)["fall"]["state"]
    return told


def test_the_record_is_of_the_last_months_before_this_one() -> None:
    """Three months before November are August, September and October; September has no line. 10 + 4 signals, 5 + 1 of them true; 2 + 6 of 20 + 20 others."""
    rows = record(
        ("fall", "2026-07", 100, 100, 100, 100),
        ("fall", "2026-08", 10, 5, 20, 2),
        ("fall", "2026-10", 4, 1, 20, 6),
        ("fall", "2026-11", 100, 100, 100, 100),
        ("inflow", "2026-10", 100, 100, 100, 100),
    )
    told = standing_of(rows, {"fall": seen("1")}, Rules(record_months=3), NOVEMBER)
    assert list(told) == list(KINDS)
    assert told["fall"] == {"months": 2, "all_raised": 14, "all_hit": 6 / 14, "all_base": 0.2, "state": "few"}
    assert told["salary"] == {"months": 0, "all_raised": 0, "all_hit": None, "all_base": None, "state": "lacking"}


@pytest.mark.parametrize(
    ("counts", "said", "expected"),
    [
        ((30, 9, 100, 31), {}, "below"),
        ((30, 9, 100, 30), {}, "speaks"),
        ((30, 9, 100, 29), {}, "speaks"),
        ((29, 0, 100, 31), {}, "few"),
        ((31, 0, 100, 1), {}, "below"),
        ((30, 0, 100, 0), {}, "speaks"),
        ((30, 0, 0, 0), {}, "few"),
        ((0, 0, 100, 31), {}, "new"),
        ((0, 0, 0, 0), {}, "new"),
        ((30, 9, 100, 31), {"speak": ("fall",)}, "spoken"),
        ((30, 9, 100, 30), {"speak": ("fall",)}, "speaks"),
        ((30, 9, 100, 31), {"speak": ("inflow",)}, "below"),
        ((30, 9, 100, 31), {"silent": ("fall",)}, "silent"),
        ((0, 0, 0, 0), {"silent": ("fall",)}, "silent"),
        ((4, 0, 4, 1), {"record_least": 5}, "few"),
        ((4, 0, 4, 1), {"record_least": 4}, "below"),
    ],
)
def test_a_kind_falls_silent_below_its_base_rate_from_so_many_signals_on(
    counts: tuple[int, int, int, int], said: dict[str, Any], expected: str
) -> None:
    """Signals, true of them; others, in whom it happened. 9 of 30 is 30 %: below 31 %, not below 30 %."""
    assert state(record(("fall", "2026-10", *counts)), **said) == expected


def test_managers_are_told_of_every_kind_but_those_silent_or_lacking() -> None:
    told = {kind: {"state": name} for kind, name in zip(KINDS, STATES, strict=False)}
    assert speaking(told) == [
        kind for kind, name in zip(KINDS, STATES, strict=False) if name in ("speaks", "new", "few", "spoken")
    ]
    assert len(speaking(told)) == 4
    assert list(TRUTHS) == list(KINDS), "each kind says what coming true means"
