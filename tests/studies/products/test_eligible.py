"""Who may be offered what: each condition on its bound and a day or a 分 beside it. Money in 分."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest

from kehujingli.periods import day_of
from kehujingli.studies.products.conditions import Limit, Who
from kehujingli.studies.products.eligible import (
    BARRED,
    People,
    ages_of,
    barred,
    lost_to_risk,
    may_have,
    named,
    risks,
)
from kehujingli.studies.products.owned import Owned
from kehujingli.studies.products.shelf import Product

TODAY = day_of(date(2026, 10, 31))
_WHOLE = ("birth_date", "deposit_balance", "valid_from", "valid_to", "assessed_on", "balance", "overdue_days", "due_on")


def frame(*rows: dict[str, Any], **usual: Any) -> pd.DataFrame:
    found = pd.DataFrame([{**usual, **row} for row in rows], columns=list({**usual, **dict.fromkeys(rows[0])}))
    return found.astype({name: "Int64" for name in _WHOLE if name in found})


def customers(*rows: dict[str, Any]) -> pd.DataFrame:
    usual = {"customer_type": "person", "customer_group": "farmer", "status": "正常", "worst_class": None}
    usual |= {"birth_date": None, "id_number": None, "holder_id": "M1", "village": None, "deposit_balance": 0}
    told = [{"customer_id": f"C{place}", **row} for place, row in enumerate(rows)]
    return frame(*told, customer_id=None, **usual)


def everybody(classes: pd.DataFrame, **more: Any) -> People:
    """Forty years old, assessed as 3 and barred from nothing, unless said."""
    size = len(classes)
    told = {"age": [40] * size, "risk": [3] * size, "barred": [""] * size, **more}
    age, risk = (np.array(told[key], dtype="int64") for key in ("age", "risk"))
    return People(classes, age, risk, np.array(told["barred"], dtype=object), ("normal",))


def product(line: str = "channel", **more: Any) -> Product:
    return Product(**{"key": "甲", "name": "甲", "row": 2, "line": line, **more})


@pytest.mark.parametrize(
    ("born", "age"),
    [
        (date(2008, 10, 31), 18),
        (date(2008, 11, 1), 17),
        (date(2008, 11, 30), 17),
        (date(2008, 9, 30), 18),
        (date(2026, 10, 31), 0),
        (date(2026, 11, 1), -1),
        (date(1906, 10, 31), 120),
        (date(1905, 10, 31), -1),
        (date(1905, 11, 1), 120),
    ],
)
def test_an_age_is_whole_years_on_the_day(born: date, age: int) -> None:
    """By 出生日期 or by the number; not yet born, or older than 120, is a slip of the pen."""
    number = f"330999{born:%Y%m%d}123X"
    classes = customers({"birth_date": day_of(born), "id_number": "330999197001011230"}, {"id_number": number})
    assert ages_of(classes, TODAY).tolist() == [age, age]


def test_who_was_born_on_the_29th_of_february_is_a_year_older_on_the_first_of_march() -> None:
    classes = customers({"birth_date": day_of(date(2008, 2, 29))})
    days = (date(2026, 2, 28), date(2026, 3, 1), date(2028, 2, 29))
    assert [ages_of(classes, day_of(day))[0] for day in days] == [17, 18, 20]


def test_only_persons_and_sole_traders_have_an_age_and_only_a_whole_number_tells_it() -> None:
    """A number of 17 digits, one with a letter within, a day that is none: not known. A firm's number says nothing, a type that nobody wrote is a person's."""
    good = "330999198601011230"
    told = [("person", good), ("sole_trader", good), (None, good), ("business", good), ("public", good)]
    told += [
        ("person", one) for one in (good[:-1], "33099919860101123A", "330999198602301230", "33099919860101123x", None)
    ]
    classes = customers(*({"customer_type": kind, "id_number": number} for kind, number in told))
    assert ages_of(classes, TODAY).tolist() == [40, 40, 40, -1, -1, -1, -1, -1, 40, -1]
    people = everybody(classes, age=ages_of(classes, TODAY))
    assert people.ageless.tolist() == [False, False, False, False, False, True, True, True, False, True]


def graded(*rows: tuple[str, str | None, date, date | None]) -> pd.DataFrame:
    """Customer, grade, assessed on, valid to."""
    told = [
        {"customer_id": who, "risk_grade": said, "assessed_on": day_of(day), "valid_to": day_of(end) if end else None}
        for who, said, day, end in rows
    ]
    return frame(*told).assign(source_row=range(2, len(rows) + 2))


def levels(*rows: tuple[str, str | None, date, date | None], months: int = 12) -> tuple[list[int], list[bool]]:
    level, gone, _ = risks(
        graded(*rows), pd.Series(["A", "B"]), ("谨慎", "稳健", "平衡", "进取", "激进"), TODAY, months
    )
    return level.tolist(), gone.tolist()


def test_a_grade_holds_for_its_months_and_until_its_day() -> None:
    """Twelve months before 31 October 2026 is the 31st of the year before; a month before it 30 September."""
    year_ago, spring = date(2025, 10, 31), date(2026, 4, 1)
    assert levels(("A", "C3", year_ago, None), ("B", "C4", date(2025, 10, 30), None)) == ([3, 0], [False, True])
    ends = date(2026, 10, 31), date(2026, 10, 30)
    assert levels(("A", "C3", spring, ends[0]), ("B", "C4", spring, ends[1])) == ([3, 0], [False, True])
    short = (("A", "C3", date(2026, 9, 30), None), ("B", "C3", date(2026, 9, 29), None))
    assert levels(*short, months=1) == ([3, 0], [False, True])
    assert levels(("A", "C5", date(2026, 10, 31), None), ("B", "C5", date(2026, 11, 1), None))[0] == [5, 0]


def test_the_newest_grade_counts_and_of_one_day_the_lowest() -> None:
    march, may = date(2026, 3, 1), date(2026, 5, 1)
    assert levels(("A", "C5", march, None), ("A", "C1", may, None), ("B", "激进", march, None))[0] == [1, 5]
    for order in (1, -1):
        assert levels(*[("A", "C4", may, None), ("A", "谨慎", may, None), ("A", "C5", march, None)][::order])[0] == [
            1,
            0,
        ]
        twice = [("A", "C4", may, date(2026, 6, 1)), ("A", "C4", may, None)][::order]
        assert levels(*twice) == ([0, 0], [True, False]), "of two ends the earlier, whichever row stands first"


def test_a_grade_that_nobody_understands_is_none_and_told_with_its_row() -> None:
    march = date(2026, 3, 1)
    rows = graded(("A", "狂野", march, None), ("B", "C2", march, None), ("Z", "C3", march, None))
    level, gone, told = risks(rows, pd.Series(["A", "B"]), (), TODAY, 12)
    assert (level.tolist(), gone.tolist()) == ([0, 2], [False, False])
    assert [(one.code, "第 2 行“狂野”" in one.message) for one in told] == [("study.offers-grade", True)]
    none, nobody, silent = risks(None, pd.Series(["A"]), (), TODAY, 12)
    assert (none.tolist(), nobody.tolist(), silent) == ([0], [False], [])


def why(classes: pd.DataFrame, age: int = 40, **more: Any) -> tuple[list[str], list[str]]:
    given: dict[str, Any] = {
        "loans": None,
        "conflicts": None,
        "day": TODAY,
        "adult": 18,
        "words": ("冻结",),
        "fine": (),
    }
    ages = np.full(len(classes), age, dtype="int64")
    found, told = barred(classes, more.pop("ages", ages), **{**given, **more})
    return found.tolist(), [one.message for one in told]


def test_a_status_bars_by_its_words_by_being_closed_or_by_being_unknown() -> None:
    said = ["正常", None, "0-正常", "2-已销户", "账户冻结（部分）", "怪", "怪"]
    found, told = why(customers(*({"status": one} for one in said)))
    assert found == ["", "", "", "status", "status", "status", "status"]
    assert len(told) == 1
    assert "怪（2 户）" in told[0]
    assert "冻结" not in told[0]
    assert why(customers({"status": "怪"}), fine=("怪",)) == ([""], [])
    assert why(customers({"status": "怪冻结"}), fine=("怪冻结",)) == (["status"], []), (
        "a word that bars goes before one that does not"
    )


def test_nobody_below_age_is_offered_anything_and_an_unknown_age_bars_nobody() -> None:
    classes = customers({}, {}, {}, {})
    assert why(classes, ages=np.array([18, 17, 0, -1]))[0] == ["", "minor", "minor", ""]
    assert why(classes, ages=np.array([18, 17, 0, -1]), adult=19)[0][0] == "minor"


def owing(**more: Any) -> dict[str, Any]:
    usual = {"balance": 1, "overdue_days": 0, "due_on": TODAY, "status": "on_book", "five_class": "normal"}
    return {**usual, **more}


def test_a_bad_loan_bars_and_one_that_is_due_on_the_day_does_not() -> None:
    """Late by a day, due the day before, written off though nothing is left, swapped, 次级; a paid loan that was late bars no more."""
    cases: list[tuple[dict[str, Any], str]] = [
        (owing(), ""),
        (owing(overdue_days=1), "overdue"),
        (owing(due_on=TODAY - 1), "overdue"),
        (owing(balance=0, overdue_days=9, due_on=TODAY - 9, five_class="loss"), ""),
        (owing(balance=0, status="written_off"), "overdue"),
        (owing(balance=0, status="swapped"), "overdue"),
        (owing(five_class="substandard"), "overdue"),
        (owing(five_class="special_mention"), ""),
        (owing(overdue_days=None, due_on=None), ""),
        (owing(balance=None, overdue_days=5), ""),
    ]
    loans = frame(*({"customer_id": f"C{place}", **loan} for place, (loan, _) in enumerate(cases)))
    found, _ = why(customers(*({} for _ in cases)), loans=loans)
    assert found == [expected for _, expected in cases]
    classes = customers({"worst_class": "doubtful"}, {"worst_class": "special_mention"})
    assert why(classes)[0] == ["overdue", ""], "the class as it was kept, where there is no 贷款台账"


def test_a_holder_who_must_keep_away_bars_from_the_first_day_to_the_last() -> None:
    cases: list[tuple[dict[str, Any], str]] = [
        ({}, "avoid"),
        ({"valid_from": TODAY}, "avoid"),
        ({"valid_from": TODAY + 1}, ""),
        ({"valid_to": TODAY}, "avoid"),
        ({"valid_to": TODAY - 1}, ""),
        ({"manager_id": "M2"}, ""),
        ({"valid_from": TODAY - 9, "valid_to": TODAY + 9}, "avoid"),
    ]
    usual = {"manager_id": "M1", "valid_from": None, "valid_to": None, "village": None}
    rows = frame(*({"customer_id": f"C{place}", **usual, **one} for place, (one, _) in enumerate(cases)))
    found, _ = why(customers(*({} for _ in cases)), conflicts=rows)
    assert found == [expected for _, expected in cases]


def test_a_village_bars_those_who_live_there_and_a_row_with_a_customer_speaks_of_her_alone() -> None:
    rows = frame(
        {"customer_id": None, "manager_id": "M1", "village": "东关村", "valid_from": None, "valid_to": None},
        {"customer_id": "C9", "manager_id": "M1", "village": "西山村", "valid_from": None, "valid_to": None},
        {"customer_id": None, "manager_id": "M1", "village": None, "valid_from": None, "valid_to": None},
    )
    classes = customers(
        {"village": "东关村"},
        {"village": "西山村"},
        {},
        {"village": "东关村", "holder_id": "M2"},
        {"village": "东关村", "holder_id": None},
    )
    assert why(classes, conflicts=rows)[0] == ["avoid", "", "", "", ""]


def test_of_several_reasons_the_first_of_the_list_is_told() -> None:
    rows = frame({"customer_id": "C0", "manager_id": "M1", "village": None, "valid_from": None, "valid_to": None})
    said = [{"status": "死亡", "worst_class": "loss"}, {"worst_class": "loss"}, {}, {}]
    order = []
    for one in said:
        age = 10 if len(order) < 3 else 40
        order.append(why(customers(one), age, conflicts=rows)[0][0])
    assert order == list(BARRED)


def has(*rows: str) -> np.ndarray[Any, np.dtype[np.bool_]]:
    return np.array([[one == "1" for one in row] for row in rows], dtype=bool)


def owned(count: int) -> Owned:
    return Owned(("甲", "乙", "丙"), {}, pd.DataFrame(), count)


def test_what_a_product_needs_must_be_held_and_what_it_excludes_must_not() -> None:
    """Four hold nothing, 乙, 丙, both. What nobody holds at all cannot be held by anybody, and excludes nobody."""
    people, held = everybody(customers({}, {}, {}, {})), has("000", "010", "001", "011")

    def may(**more: Any) -> list[bool]:
        return may_have(product(**more), people, held, owned(4)).tolist()

    assert may() == [True] * 4
    assert may(needs=("乙",)) == [False, True, False, True]
    assert may(needs=("乙", "丙")) == [False, False, False, True]
    assert may(needs=("丁",)) == [False] * 4
    assert may(excludes=("乙",)) == [True, False, True, False]
    assert may(excludes=("丁",)) == [True] * 4
    assert may(needs=("乙",), excludes=("丙",)) == [False, True, False, False]
    assert may(wrong="已下架") == [False] * 4


def test_nobody_barred_and_nobody_below_the_products_risk_may_have_it() -> None:
    people = everybody(customers({}, {}, {}, {}), risk=[0, 2, 3, 5], barred=["", "", "", "status"])
    assert people.free.tolist() == [True, True, True, False]
    for risk, may in (
        (None, [True, True, True, False]),
        (2, [False, True, True, False]),
        (3, [False, False, True, False]),
    ):
        assert may_have(product(risk=risk), people, has(*["000"] * 4), owned(4)).tolist() == may


def test_a_product_is_for_its_types_or_groups_and_for_each_cell_that_says_so() -> None:
    classes = customers(
        {}, {"customer_group": "resident"}, {"customer_type": "business", "customer_group": "enterprise"}
    )
    persons, farmers = Who(frozenset({"person"}), frozenset()), Who(frozenset({"business"}), frozenset({"farmer"}))
    people = everybody(classes)
    assert named(product(who=(persons,)), people).tolist() == [True, True, False]
    assert named(product(who=(farmers,)), people).tolist() == [True, False, True]
    assert named(product(who=(persons, farmers)), people).tolist() == [True, False, False]


def test_limits_hold_their_bounds_and_what_is_not_known_meets_none() -> None:
    classes = customers(*({"deposit_balance": one} for one in (99, 100, 101, None, 0)))
    people = everybody(classes, age=[17, 18, 60, 61, -1])
    low, high = (Limit("deposit_balance", least, 100) for least in (True, False))
    assert named(product(limits=(low,)), people).tolist() == [False, True, True, False, False]
    assert named(product(limits=(high,)), people).tolist() == [True, True, False, False, True]
    old = (Limit("age", True, 18), Limit("age", False, 60))
    assert named(product(limits=old), people).tolist() == [False, True, True, False, False]
    nothing = everybody(customers({}), age=[0])
    assert named(product(limits=(Limit("age", False, 60), Limit("deposit_balance", True, 0))), nothing).tolist() == [
        True
    ]


def test_a_loan_or_a_risk_wants_a_known_age_and_a_loan_a_good_class() -> None:
    """A firm has no age to know. Without a loan there is no class that could be bad; what the catalogue says goes before the rules."""
    classes = customers(
        {}, {"customer_type": "business"}, {"worst_class": "normal"}, {"worst_class": "special_mention"}
    )
    people = everybody(classes, age=[-1, -1, 30, 30])
    assert named(product(), people).tolist() == [True] * 4
    assert named(product(risk=1), people).tolist() == [False, True, True, True]
    assert named(product("asset"), people).tolist() == [False, True, True, False]
    both = frozenset({"special_mention"})
    assert named(product("asset", classes=both), people).tolist() == [False, True, False, True]
    assert named(product(classes=both), people).tolist() == [True, True, False, True]


def test_whom_a_product_of_risk_misses_for_want_of_a_grade_is_counted() -> None:
    """Of five without a grade one is barred and one too young; of the other three one had a grade that holds no more. D has a grade."""
    people = everybody(
        customers({}, {}, {}, {}, {}, {}),
        age=[40, 40, 40, 40, 12, 40],
        risk=[0, 0, 0, 1, 0, 0],
        barred=[*[""] * 5, "status"],
    )
    gone = np.array([True, False, False, True, True, True])
    asked = product(risk=2, limits=(Limit("age", True, 18),))
    (told,) = lost_to_risk([asked, product()], people, gone)
    assert (told.code, "3 户" in told.message, "1 户" in told.message) == ("study.offers-no-grade", True, True)
    assert lost_to_risk([product(risk=2, wrong="已下架"), product()], people, gone) == []
    assert lost_to_risk([asked], everybody(customers({})), np.array([False])) == []
