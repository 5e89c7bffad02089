"""Does every line of business add up, to the 分, over 主办, 协办 and nobody, and is a manager's part what her scores take?"""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Any

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from kehujingli import terms
from kehujingli.actuals.deposits import split
from kehujingli.actuals.fees import fee_income, fee_tenure
from kehujingli.actuals.lines import Business, line_parts
from kehujingli.periods import Period, day_of
from kehujingli.tables.tenure import Holders, Plan, Roster, customer_tenure, item_tenure, leads

SEPTEMBER, OCTOBER = Period.of("2026-09"), Period.of("2026-10")
Row = dict[str, Any]


def day(text: str) -> int:
    return day_of(dt.date.fromisoformat(text))


KINDS = {"balance": "Int64", "date": "Int64", "amount": "Int64", "valid_from": "Int64", "valid_to": "Int64"}
COLUMNS = {
    "attributions": "customer_id account_id loan_id line manager_id share valid_from valid_to part row",
    "accounts": "account_id customer_id manager_id balance",
    "loans": "loan_id customer_id manager_id balance status",
    "fees": "date period customer_id manager_id branch_id product amount row",
}


def table(name: str, rows: list[Row]) -> pd.DataFrame:
    """Only the columns that decide, of the types that the tables have."""
    columns = COLUMNS[name].split()
    made = pd.DataFrame([{"part": 0, "row": at, **row} for at, row in enumerate(rows)], columns=columns)
    return made.astype({column: KINDS.get(column, "str") for column in columns if column not in ("part", "row")})


def business(
    period: Period,
    customers: list[tuple[str, str, str | None]],
    accounts: list[Row],
    loans: list[Row],
    fees: list[Row],
    claims: list[Row],
    plans: tuple[Plan, ...] = (),
    spans: dict[str, tuple[int, int]] | None = None,
    managed: frozenset[str] = frozenset(),
) -> Business:
    """``customers``: number, branch, the export's 管户经理."""
    people = pd.DataFrame(customers, columns=["customer_id", "branch_id", "manager_id"])
    rows = table("attributions", claims)
    roster = Roster(spans if spans is not None else dict.fromkeys("ABC", (0, 10**6)))
    standing = {who: manager for who, _, manager in customers if manager}
    for plan in plans:
        standing |= {who: manager for who, manager in plan.managers.items() if plan.effective <= period.last}
    held = Holders(roster, rows, [plan for plan in plans if plan.effective <= period.last], managed)
    found = leads(standing, rows, period.last).holders
    return Business(people, table("accounts", accounts), table("loans", loans), table("fees", fees), held, found)


CUSTOMERS = [("C1", "801001", "A"), ("C2", "801002", "B")]
CLAIMS: list[Row] = [
    {"customer_id": "C1", "line": "deposit", "manager_id": "C", "share": "0.3", "valid_from": day("2026-10-01")},
    {"customer_id": "C1", "line": "intermediary", "manager_id": "B", "share": "0.5", "valid_from": day("2026-10-01")},
    {"customer_id": "C2", "line": "all", "manager_id": "C", "share": "1", "valid_from": day("2026-10-16")},
]
LOAN = [{"loan_id": "L1", "customer_id": "C2", "balance": 500_000, "manager_id": "A"}]
FEES: list[Row] = [
    {"date": day("2026-09-10"), "customer_id": "C1", "product": "短信", "amount": 1_001},
    {"date": day("2026-09-20"), "customer_id": "C2", "product": "短信", "amount": 2_000},
    {"date": day("2026-10-05"), "customer_id": "C1", "product": "短信", "amount": 301},
    {"date": day("2026-10-20"), "customer_id": "C2", "product": "短信", "amount": 700},
    {"date": day("2025-12-31"), "customer_id": "C2", "product": "短信", "amount": 9_999},
]


def reckoned(period: Period, deposits: tuple[int, int]) -> dict[tuple[str, str, str, str], tuple[int, int]]:
    accounts = [
        {"account_id": f"A{who}", "customer_id": who, "balance": balance}
        for who, balance in zip(("C1", "C2"), deposits, strict=True)
    ]
    parts = line_parts(business(period, CUSTOMERS, accounts, LOAN, FEES, CLAIMS), period)
    return {
        (row.line, row.customer_id, row.holder, row.role): (row.amount, row.household) for row in parts.itertuples()
    }


def test_two_customers_three_managers_two_months_by_hand() -> None:
    """In September nobody helps: C2's loan bears A's name. In October C has 30 % of C1's deposits (300.003 of 1,000.01 元, so 300.00), B half of C1's
    fees of October (1.505 of 3.01: the first number's is the odd 分), and C2 is C's from the 16th; B keeps the fee of September."""
    assert reckoned(SEPTEMBER, (100_000, 33_335)) == {
        ("deposit", "C1", "A", "lead"): (100_000, 1),
        ("deposit", "C2", "B", "lead"): (33_335, 1),
        ("loan", "C2", "A", "lead"): (500_000, 1),
        ("intermediary", "C1", "A", "lead"): (1_001, 1),
        ("intermediary", "C2", "B", "lead"): (2_000, 1),
    }
    assert reckoned(OCTOBER, (100_001, 33_335)) == {
        ("deposit", "C1", "A", "lead"): (70_001, 1),
        ("deposit", "C1", "C", "helper"): (30_000, 0),
        ("deposit", "C2", "C", "lead"): (33_335, 1),
        ("loan", "C2", "C", "lead"): (500_000, 1),
        ("intermediary", "C1", "A", "lead"): (1_001 + 151, 1),
        ("intermediary", "C1", "B", "helper"): (150, 0),
        ("intermediary", "C2", "B", "lead"): (2_000, 0),
        ("intermediary", "C2", "C", "lead"): (700, 1),
    }


def one(
    claims: list[Row], *, named: str | None = None, spans: dict[str, tuple[int, int]] | None = None
) -> list[tuple[Any, ...]]:
    """C1 of A with 100.00 元 on one account at the end of October: holder, role, 分, household."""
    account = {"account_id": "A1", "customer_id": "C1", "balance": 10_000, "manager_id": named}
    given_to = [{"customer_id": "C1", "line": "deposit", "share": "1", **claim} for claim in claims]
    made = business(OCTOBER, CUSTOMERS[:1], [account], [], [], given_to, spans=spans, managed=frozenset({"C1"}))
    parts = line_parts(made, OCTOBER)
    return sorted(parts[["holder", "role", "amount", "household"]].itertuples(index=False, name=None))


def test_who_helps_with_all_of_it_leaves_the_household_with_her_who_leads() -> None:
    assert one([{"manager_id": "B"}]) == [("A", "lead", 0, 1), ("B", "helper", 10_000, 0)]


def test_a_row_of_the_leader_s_own_share_beside_a_helper_s_is_no_help() -> None:
    rows = [{"manager_id": "A", "share": "0.6"}, {"manager_id": "B", "share": "0.4"}]
    assert one(rows) == [("A", "lead", 6_000, 1), ("B", "helper", 4_000, 0)]


def test_who_is_named_on_the_account_leads_it() -> None:
    assert one([], named="C") == [("C", "lead", 10_000, 1)]
    assert one([{"manager_id": "B", "share": "0.25"}], named="C") == [
        ("B", "helper", 2_500, 0),
        ("C", "lead", 7_500, 1),
    ]


def test_shares_over_the_whole_a_helper_who_left_and_a_leader_off_duty_are_nobody_s() -> None:
    over = one([{"manager_id": "B", "share": "0.7"}, {"manager_id": "C", "share": "0.4"}])
    assert over == [("A", "lead", 0, 1), (terms.UNHELD, "nobody", 10_000, 0)]
    gone = {"A": (0, 10**6), "B": (0, OCTOBER.last - 1)}
    assert one([{"manager_id": "B", "share": "0.3"}], spans=gone) == [
        ("A", "lead", 7_000, 1),
        (terms.PUBLIC, "nobody", 3_000, 0),
    ]
    assert one([], spans={"B": (0, 10**6)}) == [(terms.PUBLIC, "nobody", 10_000, 1)]


def test_a_row_that_is_over_or_yet_to_come_counts_for_nothing() -> None:
    ended = {"manager_id": "B", "valid_to": OCTOBER.last - 1}
    later = {"manager_id": "C", "valid_from": OCTOBER.last + 1}
    assert one([ended, later]) == [("A", "lead", 10_000, 1)]


_WHO = st.sampled_from(["A", "B", "C", "X", None])
_DAY = st.sampled_from([None, *(day(f"2026-{month:02}-{on}") for month in (2, 9, 10) for on in ("01", "16", "28"))])
_CLAIM = st.fixed_dictionaries(
    {
        "customer_id": st.sampled_from(["C0", "C1", None]),
        "account_id": st.sampled_from([None, None, "A0", "A2"]),
        "line": st.sampled_from(sorted(terms.LINES)),
        "manager_id": st.sampled_from("ABCX"),
        "share": st.sampled_from(["0.1", "0.3", "0.5", "0.7", "1", None]),
        "valid_from": _DAY,
        "valid_to": _DAY,
    }
).filter(lambda row: row["customer_id"] or row["account_id"])
_MONEY = st.integers(0, 10**9)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(_CLAIM, max_size=6),
    st.lists(_WHO, min_size=3, max_size=3),
    st.lists(st.tuples(_WHO, _MONEY), min_size=4, max_size=4),
    st.lists(st.tuples(st.sampled_from(["C0", "C1", "C2", None]), _WHO, _DAY.filter(bool), _MONEY), max_size=4),
    st.sampled_from(["", "A", "B"]),
)
def test_a_manager_s_part_of_a_line_is_what_her_scores_take_and_the_parts_are_the_whole(
    claims: list[Row], held: list[Any], things: list[Any], paid: list[Any], planned: str
) -> None:
    """Whatever rows, names, a plan in the year and a manager who left in September: one by one as actuals take them."""
    customers = [(f"C{at}", "801001", who) for at, who in enumerate(held)]
    accounts = [
        {"account_id": f"A{at}", "customer_id": f"C{at % 3}", "manager_id": who, "balance": money}
        for at, (who, money) in enumerate(things)
    ]
    loans = [{**row, "loan_id": row["account_id"]} for row in accounts]
    fees = [
        {"customer_id": who, "manager_id": named, "date": on, "amount": money, "product": "短信"}
        for who, named, on, money in paid
    ]
    plans = (Plan(day("2026-03-01"), {"C2": planned}),) if planned else ()
    spans = {"A": (0, 10**6), "B": (0, 10**6), "C": (0, day("2026-09-15"))}
    made = business(OCTOBER, customers, accounts, loans, fees, claims, plans, spans, frozenset({"C0"}))
    parts = line_parts(made, OCTOBER)
    first, last = OCTOBER.year_first, OCTOBER.last
    of_customers = customer_tenure(made.customers, made.holders, first, last)
    for line, items, key in (("deposit", made.accounts, "account_id"), ("loan", made.loans, "loan_id")):
        tenure = item_tenure(items, key, "manager_id", line, of_customers, made.holders, first, last)
        wanted: dict[str, int] = {}
        for item, balance in zip(items[key], items["balance"], strict=True):
            assert sum((share for _, share in tenure.on(item, last)), Fraction(0)) == 1
            for holder, part, _, _ in split(int(balance), 0, tenure.on(item, last)):
                wanted[holder] = wanted.get(holder, 0) + part
        assert _sums(parts, line) == {holder: money for holder, money in wanted.items() if money}
    tenure = fee_tenure(made.fees, of_customers, made.holders, first, last)
    year = [one for one in fee_income(made.fees, tenure, {}, OCTOBER, []) if one.span == "year"]
    wanted = {}
    for one_part in year:
        wanted[one_part.holder] = wanted.get(one_part.holder, 0) + one_part.numerator
    assert _sums(parts, "intermediary") == {holder: money for holder, money in wanted.items() if money}
    assert not parts.duplicated(["line", "customer_id", "holder", "role"]).any()
    households = parts[parts["customer_id"] != ""].groupby(["line", "customer_id"])["household"].sum()
    assert (households == 1).all()


def _sums(parts: pd.DataFrame, line: str) -> dict[str, int]:
    sums = parts[parts["line"] == line].groupby("holder")["amount"].sum()
    return {str(holder): int(money) for holder, money in sums.items() if money}
