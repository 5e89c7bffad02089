"""防垒大户 on books reckoned by hand: net capital 80,000 万, tier one 65,000 万."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kehujingli.errors import Problem
from kehujingli.periods import Period, day_of
from kehujingli.rules import Institution
from kehujingli.studies.concentration import Rules, concentration
from kehujingli.studies.risk.capital import Capital
from kehujingli.studies.risk.connected import connected
from kehujingli.studies.risk.headroom import lines_of
from kehujingli.studies.study import Answer

WAN = 1_000_000
OCTOBER = Period.of("2026-10")
LOANS = ["loan_id", "contract_id", "customer_id", "branch_id", "balance", "amount", "issued_on", "status"]


def book(*rows: tuple[str, int]) -> pd.DataFrame:
    """(customer, balance in 万); loan L0, L1 … of contract H0, H1 …, issued long ago."""
    old = day_of(date(2024, 1, 1))
    told = [(f"L{n}", f"H{n}", who, "801", wan * WAN, wan * WAN, old, None) for n, (who, wan) in enumerate(rows)]
    return pd.DataFrame(told, columns=LOANS)


def people(names: str, groups: dict[str, str] | None = None) -> pd.DataFrame:
    rows = [(who, who, "business", "城关", "高娜", (groups or {}).get(who)) for who in names]
    columns = ["customer_id", "customer_name", "customer_type", "branch_name", "manager_name", "connected_group"]
    return pd.DataFrame(rows, columns=columns)


def capital() -> pd.DataFrame:
    days = [day_of(date(2026, 9, 30)), day_of(date(2026, 11, 30))]
    return pd.DataFrame({"date": days, "net_capital": [80_000 * WAN, WAN], "tier1_capital": [65_000 * WAN, WAN]})


def asked(loans: pd.DataFrame, classes: pd.DataFrame, *tables: Any, **more: Any) -> Answer:
    facts = {"period": OCTOBER, "institution": Institution(name=""), "rules": Rules()}
    return concentration(loans, classes, capital(), *tables, **facts, **more)


def test_the_limits_of_a_capital() -> None:
    lines = lines_of(Capital(80_000 * WAN, 65_000 * WAN, ""), Rules().shares)
    told = (lines.single_loan, lines.single_exposure, lines.group_exposure, lines.group_credit, lines.large, lines.top)
    assert told == (8_000 * WAN, 9_750 * WAN, 13_000 * WAN, 12_000 * WAN, 1_625 * WAN, 40_000 * WAN)


def test_one_borrower_above_a_tenth_of_capital_is_told() -> None:
    told = asked(book(("A", 5000), ("A", 3001), ("B", 1499), ("C", 500)), people("ABC"))
    listed, measures = told.frames["concentration"], told.frames["concentration_measures"].set_index("measure")
    assert list(zip(listed["customer_id"], listed["room"], listed["verdict"], listed["large"], strict=True)) == [
        ("A", -1 * WAN, "贷款超限", "大额"),
        ("B", 6501 * WAN, "", ""),
        ("C", 7500 * WAN, "", ""),
    ]
    assert measures.loc["单户 500 万元以下", "share"] == 0.05
    assert "仅按贷款余额" in told.lines[0]
    assert "HHI 6,651.3" in told.lines[0], "6,401.6001 + 224.7001 + 25"


def test_exposure_is_loans_and_off_balance_and_unused_less_margin() -> None:
    """A: 5,000 of loans, 3,000 of 承兑 with a margin of 900, 2,700 unused of a limit, and of her loan's limit no more; 9,800 are over 9,750."""
    rows = [
        ("A", "H9", "承兑", None, 3000 * WAN, 900 * WAN),
        ("A", "H0", "贷款", 6000 * WAN, 5000 * WAN, None),
        ("A", "H8", "未用授信", None, 2700 * WAN, None),
        ("B", "H7", "商票保贴", None, 100 * WAN, 150 * WAN),
        ("C", "H6", "贷款", 800 * WAN, 500 * WAN, None),
    ]
    columns = ["customer_id", "contract_id", "exposure_kind", "limit", "exposure", "margin"]
    table = pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(columns[3:], "Int64"))
    told = asked(book(("A", 5000), ("C", 500)), people("ABC"), table)
    listed = told.frames["concentration"].set_index("customer_id")
    assert [int(listed.loc[who, "exposure"]) // WAN for who in "ABC"] == [9800, 0, 800]
    assert listed.loc["A", "verdict"] == "暴露超限"
    assert int(listed.loc["A", "room"]) == -50 * WAN
    (told_kind,) = [one for one in told.findings if one.code == "study.exposure-kind"]
    assert "商票保贴" in told_kind.message


def test_a_group_s_credit_holds_what_it_has_off_the_books() -> None:
    """A owes 6,000 and has 6,400 of 承兑 with a margin of 1,400 and 600 unused, B owes 1,000: 12,600 of credit are over 12,000, 7,000 of loans are not."""
    rows = [("A", "H9", "承兑", None, 6400 * WAN, 1400 * WAN), ("A", "H8", "未用授信", None, 600 * WAN, None)]
    columns = ["customer_id", "contract_id", "exposure_kind", "limit", "exposure", "margin"]
    table = pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(columns[3:], "Int64"))
    loans, classes = book(("A", 6000), ("B", 1000)), people("AB", {"A": "G1", "B": "G1"})
    told = asked(loans, classes, table, what_if=["B=500万"])
    (group,) = told.frames["concentration_groups"].itertuples()
    assert (int(group.loan_balance) // WAN, int(group.exposure) // WAN) == (7_000, 12_600)
    assert (group.of_capital, group.verdict) == (12_600 / 80_000, "授信超限")
    rooms = told.frames["concentration"].set_index("customer_id")["room"]
    assert [int(rooms[who]) // WAN for who in "AB"] == [-1850, -600], "A is above her own limit, B's group is full"
    assert "最紧的是集团 2 户授信，现 12,600.00 万元，上限 12,000.00 万元，还能放 0.00 万元" in told.lines[-1]


def guaranteed(*rows: tuple[str | None, str | None, str | None]) -> pd.DataFrame:
    told = [(loan, contract, who, "某", "互保") for loan, contract, who in rows]
    return pd.DataFrame(told, columns=["loan_id", "contract_id", "guarantor_id", "guarantor_name", "guarantee"])


def test_customers_who_vouch_for_each_other_are_one_circle() -> None:
    """A ← B ← C by guarantees of loan and of contract, D of A's 集团: 13,001 together, over 13,000; E vouches for herself, and X is no customer."""
    loans = book(("A", 4000), ("B", 4000), ("C", 2501), ("D", 2500), ("E", 10))
    pairs = guaranteed(("L0", None, "B"), (None, "H1", "C"), ("L4", None, "E"), ("L4", None, "X"))
    told = asked(loans, people("ABCDE", {"A": "G1", "D": "G1"}), None, None, pairs)
    (group,) = told.frames["concentration_groups"].itertuples()
    assert (group.group_id, group.customers, group.bonds) == ("A", 4, "担保圈、集团")
    assert (int(group.exposure) // WAN, group.verdict) == (13_001, "授信超限、暴露超限")
    assert {one.code for one in told.findings} >= {"study.guarantor-self", "study.guarantor-unknown"}


def test_rows_that_could_not_be_joined_are_named() -> None:
    """X is nobody in row 2 of 担保, B vouches for herself in row 3; row 4 of 关联客户 names nobody, row 2 of 授信与表外 a kind that is not known."""
    pairs = guaranteed(("L0", None, "X"), ("L1", None, "B")).assign(source_row=[2, 3])
    groups = related(("G", "A"), ("G", "B"), ("G", "X")).assign(source_row=[2, 3, 4])
    kinds = pd.DataFrame(
        [("A", "H9", "商票", None, WAN, None)],
        columns=["customer_id", "contract_id", "exposure_kind", "limit", "exposure", "margin"],
    ).assign(source_row=2)
    told = asked(book(("A", 10), ("B", 10)), people("AB"), kinds, groups, pairs)
    said = {one.code: one.message for one in told.findings}
    assert "第 2 行" in said["study.guarantor-unknown"]
    assert "第 3 行" in said["study.guarantor-self"]
    assert "第 4 行" in said["study.group-unknown"]
    assert "第 2 行" in said["study.exposure-kind"]


def test_a_guarantee_of_a_loan_that_the_ledger_does_not_know_goes_by_its_contract_or_is_told() -> None:
    """L9 and H9 are nobody's: row 3. L8 is nobody's but H1 is B's: C vouches for B. L0 is settled, though its contract has a living loan: no bond."""
    loans = book(("A", 4000), ("B", 4000), ("C", 2501), ("A", 10))
    loans["contract_id"] = ["H0", "H1", "H2", "H0"]
    loans.loc[0, "balance"] = 0
    pairs = guaranteed(("L8", "H1", "C"), ("L9", "H9", "C"), ("L0", "H0", "C")).assign(source_row=[2, 3, 4])
    told = asked(loans, people("ABC"), None, None, pairs)
    (group,) = told.frames["concentration_groups"].itertuples()
    assert (group.customers, int(group.loan_balance) // WAN) == (2, 6501)
    said = {one.code: one.message for one in told.findings}
    assert "1 行（第 3 行）" in said["study.guarantee-unknown"]


def related(*rows: tuple[str, str]) -> pd.DataFrame:
    """集团号 and 客户号."""
    told = [(group, who, "控股", None, None) for group, who in rows]
    frame = pd.DataFrame(told, columns=["connected_group", "customer_id", "relation", "valid_from", "valid_to"])
    return frame.astype(dict.fromkeys(("valid_from", "valid_to"), "Int64"))


def test_a_group_that_contains_itself_is_told_and_the_rest_goes_on() -> None:
    """A is the number of a group and a customer, G holds G, H holds G's group, X is nobody: A, B together; C, D, E together."""
    loans = book(*((who, 100) for who in "ABCDE"))
    table = related(("A", "A"), ("A", "B"), ("G", "G"), ("G", "C"), ("G", "D"), ("H", "G"), ("H", "E"), ("H", "X"))
    told = connected(people("ABCDE"), loans, table, None, OCTOBER)
    groups = told.members.groupby("group_id")["customer_id"].agg("".join).to_dict()
    assert groups == {"A": "AB", "C": "CDE"}
    assert [(one.code, one.count) for one in told.findings] == [("study.group-self", 2), ("study.group-unknown", 1)]
    placed = connected(people("ABCDE"), loans, table.assign(source_row=range(2, 10)), None, OCTOBER)
    assert "（第 2、3、4 行）" in placed.findings[0].message
    unsaid = connected(people("AB"), loans, related(("A", "B")), None, OCTOBER)
    assert list(unsaid.members["customer_id"]) == ["A", "B"], "whose number the group has is in it"


@settings(deadline=None, max_examples=12)
@given(
    st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=10),
    st.lists(st.tuples(st.sampled_from("ABCGH"), st.sampled_from("ABCDEFGH")), max_size=8),
    st.randoms(use_true_random=False),
)
def test_what_a_group_has_at_stake_does_not_depend_on_the_order_of_rows_nor_on_how_pairs_are_given(
    pairs: list[tuple[int, int]], grouped: list[tuple[str, str]], shuffle: Random
) -> None:
    """Of loan or of contract, either side first, a row twice, in any order: the same groups with the same sums."""
    names = "ABCDEFGH"
    loans, classes = book(*((who, 100 + n) for n, who in enumerate(names))), people(names)

    def asked_once(
        pairs: list[tuple[int, int]], by_contract: list[bool], rows: list[tuple[str, str]], order: int
    ) -> Answer:
        given = [
            (None, f"H{one}", names[other]) if of else (f"L{one}", None, names[other])
            for (one, other), of in zip(pairs, by_contract, strict=True)
        ]
        some = loans.sample(frac=1, random_state=order) if order else loans
        return asked(some, classes, None, related(*rows) if rows else None, guaranteed(*given) if given else None)

    turned = [pair if shuffle.random() < 0.5 else pair[::-1] for pair in pairs + pairs[:2]]
    shuffle.shuffle(turned)
    again = [*grouped, *grouped[:1]]
    shuffle.shuffle(again)
    one = asked_once(pairs, [False] * len(pairs), grouped, 0)
    other = asked_once(turned, [shuffle.random() < 0.5 for _ in turned], again, 3)
    key = "concentration_groups"
    pd.testing.assert_frame_equal(one.frames[key], other.frames[key], check_dtype=False)


def test_a_loan_is_tried_before_it_is_made() -> None:
    """B has 8,000 − 1,499 of its own, but its circle with A only 12,000 − 9,499."""
    loans, pairs = book(("A", 8000), ("B", 1499)), guaranteed(("L0", None, "B"))
    told = asked(loans, people("ABN"), None, None, pairs, what_if=["B=2501万", "B=25,020,000元", "N=8001万"])
    trials = [line for line in told.lines if line.startswith("试算")]
    assert trials[0].startswith("试算  B 再放 2,501.00 万元：可以。最紧的是担保圈 2 户授信")
    assert "超 1.00 万元" in trials[1]
    assert trials[2].startswith("试算  N 再放 8,001.00 万元：超 1.00 万元。最紧的是单户贷款")
    with pytest.raises(Problem, match="客户=金额") as refused:
        asked(loans, people("AB"), what_if=["B=很多"])
    assert refused.value.findings[0].code == "study.what-if"


def test_new_lending_to_the_largest_and_borrowers_at_several_branches() -> None:
    loans = book(("A", 800), ("A", 100), ("B", 100))
    loans = loans.assign(
        branch_id=["801", "802", "801"],
        issued_on=[day_of(date(2026, 8, 1)), day_of(date(2026, 7, 31)), day_of(date(2026, 10, 31))],
    )
    told = asked(loans, people("AB")).frames["concentration_measures"].set_index("measure")
    assert told.loc["近 3 个月新放给前 10 户", "share"] == 1
    assert int(told.loc["近 3 个月新放给前 10 户", "loan_balance"]) == 900 * WAN
    assert int(told.loc["几家机构都有贷款的户", "customers"]) == 1


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=12), st.integers(0, 10**6))
def test_groups_do_not_depend_on_the_order_of_pairs_nor_on_which_side_is_written_first(
    pairs: list[tuple[int, int]], seed: int
) -> None:
    names = "ABCDEFGHIJ"
    loans, classes = book(*((who, 1) for who in names)), people(names)
    turned = [pair if Random(seed + n).random() < 0.5 else pair[::-1] for n, pair in enumerate(pairs)]
    Random(seed).shuffle(turned)
    told = [
        connected(classes, loans, None, guaranteed(*((f"L{one}", None, names[other]) for one, other in some)), OCTOBER)
        for some in (pairs, turned)
    ]
    pd.testing.assert_frame_equal(told[0].members, told[1].members)
