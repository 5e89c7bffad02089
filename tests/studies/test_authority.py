"""授权核对 on books reckoned by hand: whose limit holds, what counts against it, and one loan in several pieces."""

from __future__ import annotations

from datetime import date
from itertools import permutations
from random import Random
from typing import Any

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from kehujingli.periods import Period, day_of
from kehujingli.studies.authority import Rules, authority
from kehujingli.studies.study import Answer
from kehujingli.tables.frames import complete

WAN = 1_000_000
OCTOBER = Period.of("2026-10")
SPRING = day_of(date(2026, 3, 2))


def day(text: str) -> int:
    return day_of(date.fromisoformat(text))


def loans(*rows: dict[str, Any]) -> pd.DataFrame:
    usual = {"contract_id": None, "branch_id": "801", "guarantee": "信用", "issued_on": SPRING, "status": "on_book"}
    book = [
        usual | {"loan_id": f"L{n}", "manager_id": "M1", "rollover": None, "amount": row["balance"]} | row
        for n, row in enumerate(rows)
    ]
    return pd.DataFrame([{"responsible_id": row["manager_id"]} | row for row in book])


def lent(who: str, wan: int, **more: Any) -> dict[str, Any]:
    return {"customer_id": who, "balance": wan * WAN, **more}


def people(names: str, **columns: dict[str, str]) -> pd.DataFrame:
    frame = pd.DataFrame({"customer_id": list(names), "customer_name": list(names), "customer_type": "person"})
    frame = frame.assign(branch_id="801", branch_name="城关", village=None)
    for key in ("id_number", "address", "connected_group"):
        frame[key] = frame["customer_id"].map(columns.get(key, {})).astype("object")
    return frame


def roster(*posts: tuple[object, ...]) -> pd.DataFrame:
    rows = posts or (
        ("M1", "甲", "801", "初级", 100 * WAN, None, None),
        ("M2", "乙", "801", "高级", None, None, None),
    )
    frame = pd.DataFrame(rows, columns=["manager_id", "name", "branch_id", "grade", "authority", "since", "until"])
    return complete("managers", frame.assign(part=0, row=range(2, 2 + len(frame))))


def lines(*rows: dict[str, Any]) -> pd.DataFrame:
    keys = ["manager_id", "grade", "branch_id", "guarantee", "single", "total", "valid_from", "valid_to", "document"]
    usual: dict[str, Any] = dict.fromkeys(keys) | {"valid_from": day("2026-01-01"), "document": "甲号"}
    money = dict.fromkeys(("single", "total", "valid_from", "valid_to"), "Int64")
    return pd.DataFrame([usual | row for row in rows], columns=keys).astype(money)


def applied(*rows: dict[str, Any]) -> pd.DataFrame:
    usual = {"exposure_kind": "贷款", "guarantee": "信用", "applied_on": day("2026-10-20"), "done_on": None}
    usual |= {"result": None, "manager_id": "M1", "branch_id": "801", "approved_on": None}
    frame = pd.DataFrame([usual | {"application_id": f"S{n}"} | row for n, row in enumerate(rows)])
    return frame.astype({"done_on": "Int64", "approved_on": "Int64"})


def asked(book: pd.DataFrame, who: pd.DataFrame, **more: Any) -> Answer:
    rules = more.pop("rules", Rules())
    return authority(book, who, more.pop("staff", roster()), **more, period=OCTOBER, rules=rules)


def told(answer: Answer) -> list[tuple[object, ...]]:
    keys = ["check", "customer_id", "manager_id", "scope", "limit", "stock", "way", "over"]
    rows = answer.frames["authority"][keys]
    return [
        tuple(None if pd.isna(value) else value // WAN if isinstance(value, int) else value for value in row)
        for row in rows.astype("object").itertuples(index=False)
    ]


def cases(answer: Answer) -> list[tuple[str, str, int]]:
    cut = answer.frames["authority_splits"]
    return [
        (str(rows["same"].iloc[0]), "".join(sorted(rows["entry"])), int(rows["together"].iloc[0]) // WAN)
        for _, rows in cut.groupby("case", sort=True)
    ]


def codes(answer: Answer) -> list[str]:
    return [one.code for one in answer.findings]


def test_stock_and_what_is_on_the_way_count_together_against_the_limit() -> None:
    """70 of stock and 31 asked for are 1 above 100; what was refused, done, or is no loan does not count. A kind that nobody knows is a loan's."""
    way = applied(
        {"customer_id": "A", "amount": 31 * WAN, "exposure_kind": "农户小额", "applied_on": day("2026-10-31")},
        {"customer_id": "A", "amount": 50 * WAN, "applied_on": day("2026-11-01")},
        {"customer_id": "A", "amount": 50 * WAN, "result": "否决"},
        {"customer_id": "A", "amount": 50 * WAN, "result": "通过", "done_on": day("2026-10-30")},
        {"customer_id": "A", "amount": 50 * WAN, "exposure_kind": "银行承兑汇票"},
        {"customer_id": "A", "amount": 50 * WAN, "result": "审批未通过"},
        {"customer_id": "B", "amount": 30 * WAN, "result": "通过"},
    )
    book = loans(lent("A", 70), lent("B", 70))
    assert told(asked(book, people("AB"), applications=way)) == [("单户余额", "A", "M1", "", 100, 70, 31, 1)]
    assert told(asked(book, people("AB"))) == []


def test_what_another_manager_lent_to_the_same_customer_counts_too() -> None:
    book = loans(lent("A", 60), lent("A", 50, manager_id="M2"))
    found = asked(book, people("A"))
    assert told(found) == [("单户余额", "A", "M1", "", 100, 110, 0, 10)]
    assert "study.authority-none" in codes(found), "乙 has no limit anywhere"


def test_a_loan_without_a_manager_is_told_and_not_passed_over() -> None:
    found = asked(loans(lent("A", 500, manager_id=None)), people("A"))
    assert [(one.code, one.count) for one in found.findings] == [("study.authority-none", 1)]


def test_a_persons_line_goes_before_the_grades_and_the_grades_before_the_roster() -> None:
    book = loans(lent("A", 60))
    grade = {"grade": "初级", "total": 50 * WAN}
    assert told(asked(book, people("A"), authority=lines(grade))) == [("单户余额", "A", "M1", "", 50, 60, 0, 10)]
    own = {"manager_id": "M1", "total": 80 * WAN}
    assert told(asked(book, people("A"), authority=lines(grade, own))) == []
    here = {"grade": "初级", "branch_id": "801", "total": 55 * WAN}
    assert told(asked(book, people("A"), authority=lines(grade, here)))[0][-1] == 5


def test_of_two_posts_the_one_held_at_the_end_of_the_month_decides_in_whichever_order_they_stand() -> None:
    """甲 might lend 30 at 802 until June and may lend 100 at 801 since July; at 803 she begins next year."""
    posts = [
        ("M1", "甲", "802", "见习", 30 * WAN, day("2020-01-01"), day("2026-06-30")),
        ("M1", "甲", "801", "初级", 100 * WAN, day("2026-07-01"), None),
        ("M1", "甲", "803", "高级", 300 * WAN, day("2027-01-01"), None),
    ]
    for order in permutations(posts):
        found = asked(loans(lent("A", 101), lent("B", 60)), people("AB"), staff=roster(*order))
        assert told(found) == [("单户余额", "A", "M1", "", 100, 101, 0, 1)]
        assert list(found.frames["authority_limits"]["branch_id"]) == ["801"]


def test_a_line_of_one_guarantee_limits_that_and_the_line_without_the_others_together() -> None:
    book = loans(
        lent("A", 40),
        lent("A", 30, guarantee="保证"),
        lent("A", 280, guarantee="抵押"),
        lent("B", 301, guarantee="抵押"),
    )
    table = lines(
        {"manager_id": "M1", "total": 60 * WAN}, {"manager_id": "M1", "guarantee": "抵押", "total": 300 * WAN}
    )
    assert told(asked(book, people("AB"), authority=table)) == [
        ("单户余额", "A", "M1", "", 60, 70, 0, 10),
        ("单户余额", "B", "M1", "抵押", 300, 301, 0, 1),
    ]


def test_a_branch_has_its_own_limit() -> None:
    table = lines({"branch_id": "801", "total": 90 * WAN}, {"grade": "初级", "total": 100 * WAN})
    found = told(asked(loans(lent("A", 95)), people("A"), authority=table))
    assert found == [("机构单户余额", "A", None, "", 90, 95, 0, 5)]


def test_a_single_loan_is_measured_by_who_lent_it_and_when() -> None:
    """On 2 March 甲 might lend 30, since July 50; 乙 has the loan by now. What only carries an old loan on is none, nor what is older than the months."""
    table = lines(
        {"manager_id": "M1", "single": 30 * WAN, "total": 900 * WAN, "valid_to": day("2026-06-30")},
        {"manager_id": "M1", "single": 50 * WAN, "total": 900 * WAN, "valid_from": day("2026-07-01")},
        {"manager_id": "M2", "single": 900 * WAN, "total": 900 * WAN},
    )
    book = loans(
        lent("A", 40, manager_id="M2", responsible_id="M1"),
        lent("B", 40, issued_on=day("2026-07-01")),
        lent("C", 40, rollover="借新还旧"),
        lent("D", 40, rollover="否"),
        lent("E", 40, issued_on=day("2025-09-01")),
        lent("F", 10, amount=31 * WAN),
    )
    found = told(asked(book, people("ABCDEF"), authority=table))
    assert found == [
        ("单笔", "A", "M1", "", 30, 40, 0, 10),
        ("单笔", "D", "M1", "", 30, 40, 0, 10),
        ("单笔", "F", "M1", "", 30, 31, 0, 1),
    ]


def test_the_first_and_the_last_day_of_a_line_are_its_own() -> None:
    table = lines(
        {"manager_id": "M1", "single": 30 * WAN, "total": 900 * WAN, "valid_to": day("2026-06-30")},
        {"manager_id": "M1", "single": 50 * WAN, "total": 900 * WAN, "valid_from": day("2026-07-01")},
    )
    book = loans(lent("A", 31, issued_on=day("2026-06-30")), lent("B", 51, issued_on=day("2026-07-01")))
    found = told(asked(book, people("AB"), authority=table))
    assert [(row[1], row[4], row[-1]) for row in found] == [("A", 30, 1), ("B", 50, 1)]


def test_lines_that_contradict_end_leave_a_gap_or_name_nobody_are_told() -> None:
    year = {"single": None, "total": 100 * WAN}
    broken = lines(
        {"manager_id": "M1", **year, "valid_to": day("2026-03-31")},
        {"manager_id": "M1", **year, "valid_from": day("2026-05-01")},
        {"manager_id": "M1", "guarantee": "抵押", **year},
        {"manager_id": "M1", "guarantee": "抵押", "total": 90 * WAN, "single": 91 * WAN},
        {"grade": "高级", **year, "valid_to": day("2026-09-30")},
        {"manager_id": "M9", **year},
    )
    found = asked(loans(lent("A", 10, manager_id="M2")), people("A"), authority=broken)
    assert codes(found) == [
        "study.authority-unknown",
        "study.authority-odd",
        "study.authority-ended",
        "study.authority-gap",
        "study.authority-twice",
        "study.authority-lapsed",
    ]
    gap = found.findings[3].message
    assert "2026-04-01" in gap
    assert "2026-04-30" in gap
    limits = found.frames["authority_limits"]
    assert list(limits.loc[limits["manager_id"] == "M2", "verdict"]) == ["没有有效授权"]
    assert list(limits.loc[limits["scope"] == "抵押", "total"]) == [90 * WAN], "of two at once the smaller"


def test_who_is_held_to_nothing_at_the_end_of_the_month_is_told_and_not_taken_as_checked() -> None:
    """In October no line of M1 holds: A and B are not checked, C of M2 is; D has nobody."""
    broken = lines(
        {"manager_id": "M1", "total": 5 * WAN, "valid_to": day("2026-09-30")},
        {"manager_id": "M1", "total": 5 * WAN, "valid_from": day("2026-11-15")},
        {"manager_id": "M2", "total": 100 * WAN},
    )
    book = loans(lent("A", 10), lent("B", 20), lent("C", 30, manager_id="M2"), lent("D", 1, manager_id=None))
    found = asked(book, people("ABCD"), authority=broken)
    assert told(found) == []
    said = {one.code: one.count for one in found.findings}
    assert said == {"study.authority-gap": 1, "study.authority-lapsed": 2, "study.authority-none": 1}
    assert "其中 3 户期末没有客户经理的权限可对，单户余额没有核对" in found.lines


def test_an_application_that_is_told_twice_counts_once_and_its_end_wherever_it_stands() -> None:
    """S0 stands in two exports, S1 is done in the second of two, S2 has two amounts of which the last written counts: 70 + 40 + 5, not 220."""
    way = applied(
        {"customer_id": "A", "amount": 40 * WAN},
        {"customer_id": "A", "amount": 30 * WAN},
        {"customer_id": "A", "amount": 6 * WAN},
        {"customer_id": "A", "amount": 40 * WAN, "application_id": "S0"},
        {"customer_id": "A", "amount": 30 * WAN, "application_id": "S1", "done_on": day("2026-10-30")},
        {"customer_id": "A", "amount": 5 * WAN, "application_id": "S2"},
    ).assign(source_row=[2, 3, 4, 2, 3, 4])
    found = asked(loans(lent("A", 70)), people("A"), applications=way)
    assert told(found) == [("单户余额", "A", "M1", "", 100, 70, 45, 15)]
    assert list(found.frames["authority"]["entries"]) == ["L0、S0、S2"]
    (twice,) = [one for one in found.findings if one.code == "study.application-twice"]
    assert "第 4 行 S2" in twice.message


def test_what_ended_after_the_month_was_still_on_the_way_in_it() -> None:
    way = applied(
        {"customer_id": "A", "amount": 31 * WAN, "result": "通过", "done_on": day("2026-11-02")},
        {"customer_id": "B", "amount": 31 * WAN, "result": "否决", "approved_on": day("2026-11-02")},
        {"customer_id": "C", "amount": 31 * WAN, "result": "否决", "approved_on": day("2026-10-31")},
        {"customer_id": "D", "amount": 31 * WAN, "result": "通过", "done_on": day("2026-10-31")},
    )
    book = loans(*(lent(who, 70) for who in "ABCD"))
    found = told(asked(book, people("ABCD"), applications=way))
    assert [(row[1], row[-1]) for row in found] == [("A", 1), ("B", 1)]


def test_an_application_of_nobody_known_is_counted_and_told_with_its_row() -> None:
    way = applied({"customer_id": "X", "amount": 101 * WAN}).assign(source_row=[7])
    found = asked(loans(lent("A", 1)), people("A"), applications=way)
    assert told(found)[0][1] == "X"
    (one,) = [one for one in found.findings if one.code == "study.application-customer"]
    assert "第 7 行 S0 X" in one.message


def test_a_line_that_begins_later_is_told_with_its_row_and_who_is_not_on_the_roster_may_be_in_use() -> None:
    table = lines(
        {"manager_id": "M1", "total": 50 * WAN, "valid_from": day("2027-01-01")},
        {"manager_id": "M7", "total": 50 * WAN},
        {"manager_id": "M8", "total": 50 * WAN},
    ).assign(source_row=[2, 3, 4])
    found = asked(loans(lent("A", 60, manager_id="M7"), lent("B", 999)), people("AB"), authority=table)
    assert told(found) == [("单户余额", "A", "M7", "", 50, 60, 0, 10)]
    said = {one.code: one.message for one in found.findings}
    assert "M8" in said["study.authority-unknown"]
    assert "M7" not in said["study.authority-unknown"], (
        "M7 is not on the roster, but this line is what her loans are held to"
    )
    assert "第 4 行" in said["study.authority-unknown"]
    assert "第 2 行 M1" in said["study.authority-later"]
    assert "2027-01-01" in said["study.authority-later"]
    assert "study.authority-ended" not in said


def test_an_application_of_long_ago_still_counts_and_is_told() -> None:
    way = applied({"customer_id": "A", "amount": 101 * WAN, "applied_on": day("2026-05-03")})
    found = asked(loans(lent("B", 1)), people("AB"), applications=way)
    assert (codes(found), told(found)[0][-1]) == (["study.application-old"], 1)


def test_pieces_of_one_person_within_days_each_within_and_together_above_the_limit() -> None:
    """A and B are one person: 60 and 50 within 30 days pass 100. C's are 31 days apart, D's piece of 120 is above the limit by itself, E's pass nothing."""
    book = loans(
        lent("A", 60, issued_on=day("2026-09-01")),
        lent("B", 50, issued_on=day("2026-10-01")),
        lent("C", 60, issued_on=day("2026-09-01")),
        lent("C", 60, issued_on=day("2026-10-02")),
        lent("D", 120, issued_on=day("2026-10-02")),
        lent("D", 1, issued_on=day("2026-10-02")),
        lent("E", 50, issued_on=day("2026-10-02")),
        lent("E", 50, issued_on=day("2026-10-02")),
    )
    who = people("ABCDE", id_number={"A": "33X", "B": "33X"})
    assert cases(asked(book, who)) == [("本人", "L0L1", 110)]
    assert cases(asked(book, who, rules=Rules(split_days=31)))[0] == ("本人", "L2L3", 120)


def test_pieces_of_a_group_a_guarantor_or_a_house() -> None:
    """A and B stand in one group, C and D live in one house and have one guarantor; E and F share a village only."""
    october = day("2026-10-10")
    book = loans(*(lent(who, 60, issued_on=october) for who in "ABCDEF"))
    who = people(
        "ABCDEF",
        connected_group={"A": "G1", "B": "G1"},
        address={"C": "中心街 8号", "D": "中心街8号", "E": "新村", "F": "新村"},
    )
    vouched = pd.DataFrame(
        {"loan_id": ["L2", "L3"], "contract_id": None, "guarantor_id": "Z", "guarantor_number": None}, dtype="object"
    )
    found = cases(asked(book, who, guarantees=vouched))
    assert sorted(found) == [("保证人、同址", "L2L3", 120), ("关联组", "L0L1", 120)]


def test_several_managers_are_measured_by_the_highest_of_their_limits() -> None:
    table = lines({"manager_id": "M1", "total": 100 * WAN}, {"manager_id": "M2", "total": 150 * WAN})
    book = loans(lent("A", 80), lent("B", 80, manager_id="M2"))
    who = people("AB", connected_group={"A": "G", "B": "G"})
    assert cases(asked(book, who, authority=table)) == [("关联组", "L0L1", 160)]
    lower = loans(lent("A", 70), lent("B", 80, manager_id="M2"))
    assert cases(asked(lower, who, authority=table)) == []


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("ABC"), st.integers(10, 120), st.integers(0, 60)), max_size=8), st.randoms())
def test_the_order_of_rows_changes_nothing(rows: list[tuple[str, int, int]], chance: Random) -> None:
    rows = [*rows, ("A", 10, 0)]
    book = loans(*(lent(who, wan, issued_on=SPRING + after) for who, wan, after in rows))
    mixed = book.sample(frac=1, random_state=chance.randrange(1000))
    who = people("ABC", connected_group={"A": "G", "B": "G"})
    one, other = asked(book, who), asked(mixed, who)
    for key, frame in one.frames.items():
        assert frame.to_csv(index=False) == other.frames[key].to_csv(index=False), key
