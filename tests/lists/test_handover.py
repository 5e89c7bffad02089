"""What goes with a customer, and which rows of 业绩归属 say so, where accounts have claims of their own."""

from __future__ import annotations

from fractions import Fraction

import pandas as pd

from kehujingli.lists.handover import Asked, Books, choose, claim_rows, ended, going, of_leavers, pair_row
from kehujingli.tables.frames import complete, empty
from kehujingli.tables.tenure import Holders, Roster, Stint, customer_tenure, item_tenure

ON = 20_000
NAMED = {"A1": "G", "A2": "X", "A3": None, "A4": "G", "A5": "G"}
ASKED = Asked("G", "T")


def _claims() -> pd.DataFrame:
    """A1, A3: half was G's, Y's, and has ended. A2: a share of nothing, which is no claim. A4: X has half still. A5: none."""
    rows = [("A1", "G", "0.5", 19_800), ("A2", "X", "0", None), ("A3", "Y", "0.5", 19_800), ("A4", "X", "0.5", None)]
    frame = pd.DataFrame(rows, columns=["account_id", "manager_id", "share", "valid_to"])
    frame = frame.assign(customer_id=None, loan_id=None, line="deposit", valid_from=19_700, part=0, row=frame.index)
    return frame.astype({"valid_from": "Int64", "valid_to": "Int64"})


def _books() -> Books:
    accounts = pd.DataFrame({"account_id": list(NAMED), "customer_id": "C1", "manager_id": list(NAMED.values())})
    loans = pd.DataFrame({"loan_id": [], "customer_id": [], "manager_id": []}, dtype="object")
    people = pd.DataFrame({"customer_id": ["C1"], "customer_name": ["甲"], "customer_type": ["person"]})
    return Books(people, {"C1": "G"}, accounts, loans, _claims(), pd.DataFrame())


def test_a_claim_that_has_ended_or_cannot_count_keeps_nothing_back() -> None:
    books = _books()
    assert list(going(books.accounts, "account_id", ["C1"], books, "G", ON)["account_id"]) == ["A1", "A3", "A5"]


def test_once_the_rows_count_everything_listed_is_the_takers_and_what_others_hold_is_theirs() -> None:
    books = _books()
    given = choose(ASKED, books, ON).given
    proposed = claim_rows(ASKED, given, books, ON).assign(valid_to=None, part=1)
    both = pd.concat([_claims(), proposed.assign(row=range(len(proposed)))], ignore_index=True)
    both = both.astype({"valid_from": "Int64", "valid_to": "Int64"})
    holders = Holders(Roster(dict.fromkeys("GTXY", (0, 99_999))), both, [], frozenset({"C1"}))
    people = customer_tenure(pd.DataFrame({"customer_id": ["C1"], "manager_id": ["G"]}), holders, 19_990, 20_010)
    held = item_tenure(books.accounts, "account_id", "manager_id", "deposit", people, holders, 19_990, 20_010)
    after = {account: held.on(account, ON) for account in NAMED}
    whole, half = Fraction(1), Fraction(1, 2)
    assert after == {
        "A1": [("T", whole)],
        "A2": [("X", whole)],
        "A3": [("T", whole)],
        "A4": [("X", half), ("G", half)],
        "A5": [("T", whole)],
    }
    assert held.stints("A1")[0] == Stint(19_990, ON - 1, "G")


def test_a_claim_that_is_the_givers_alone_ends_the_day_before_and_others_keep_the_customer_back() -> None:
    """C1's open claim of the whole is G's and ends, and so does G's on A6, which X opened; A7 bears X's name too, but the claim on C1 went
    before it: it goes with her. Of C2 G has half, of C3 deposits, C4's begins that
    day, C5's stands in an export of customers (part 1), C6 has a helper beside."""
    rows = [
        ("C1", None, "all", "G", None, 19_700, 0),
        (None, "A6", "deposit", "G", "1", None, 0),
        ("C2", None, "all", "G", "0.5", 19_700, 0),
        ("C3", None, "deposit", "G", "1", 19_700, 0),
        ("C4", None, "all", "G", "1", ON, 0),
        ("C5", None, "all", "G", "1", 19_700, 1),
        ("C6", None, "all", "G", "1", 19_700, 0),
        ("C6", None, "loan", "H", "0.3", 19_700, 0),
    ]
    columns = ["customer_id", "account_id", "line", "manager_id", "share", "valid_from", "part"]
    claims = pd.DataFrame(rows, columns=columns).assign(loan_id=None, valid_to=pd.NA, row=range(len(rows)))
    claims = claims.astype({"valid_from": "Int64", "valid_to": "Int64"})
    known = [f"C{n}" for n in range(1, 7)]
    people = pd.DataFrame({"customer_id": known, "customer_name": known, "customer_type": "person"})
    accounts = pd.DataFrame({"account_id": ["A6", "A7"], "customer_id": "C1", "manager_id": "X"})
    loans = pd.DataFrame({"loan_id": [], "customer_id": [], "manager_id": []}, dtype="object")
    books = Books(people, dict.fromkeys(known, "G"), accounts, loans, claims, pd.DataFrame(), written=[0])
    chosen = choose(ASKED, books, ON)
    assert (chosen.given, sorted(set(chosen.claims["owner"]))) == (["C1"], known[1:])
    after = ended(books, [chosen.ends], ON)
    proposed = claim_rows(ASKED, chosen.given, after, ON, chosen.ends)
    told = [
        tuple(row) for row in proposed[["customer_id", "account_id", "manager_id", "valid_from", "valid_to"]].values
    ]
    assert told == [
        ("C1", None, "G", 19_700, ON - 1),
        (None, "A6", "G", None, ON - 1),
        ("C1", None, "T", ON, None),
        (None, "A6", "T", ON, None),
    ]
    assert list(going(accounts, "account_id", ["C1"], after, "G", ON)["account_id"]) == ["A6", "A7"]
    both = pd.concat([claims.drop(index=chosen.ends.index), proposed.assign(part=2, row=range(4))], ignore_index=True)
    both = both.astype({"valid_from": "Int64", "valid_to": "Int64"})
    holders = Holders(Roster(dict.fromkeys("GHTX", (0, 99_999))), both, [], frozenset(known))
    held_by = customer_tenure(pd.DataFrame({"customer_id": ["C1"], "manager_id": ["G"]}), holders, ON - 9, ON + 9)
    held = item_tenure(accounts, "account_id", "manager_id", "deposit", held_by, holders, ON - 9, ON + 9)
    for account in ("A6", "A7"):
        assert [held.on(account, day) for day in (ON - 1, ON)] == [[("G", Fraction(1))], [("T", Fraction(1))]]


def test_the_sheet_of_a_plan_leaves_out_what_does_not_go_and_counts_who_is_still_claimed() -> None:
    """C1: three of five accounts go (as above). C2 is X's by 业绩归属 until it ends: not handed over, and counted."""
    books = _books()
    own = _claims().iloc[:1].assign(customer_id="C2", account_id=None, line="all", manager_id="X", valid_to=pd.NA)
    people = pd.DataFrame({"customer_id": ["C1", "C2"], "customer_name": ["甲", "乙"], "customer_type": "person"})
    claims = pd.concat([_claims(), own.astype({"valid_to": "Int64"})])
    accounts = books.accounts.assign(balance=7, matures_on=pd.array([None] * 5, "Int64"))
    books = Books(people, {"C1": "G", "C2": "G"}, accounts, empty("loans"), claims, empty("visits"))
    placed = people.assign(previous_manager="G", assigned_manager="T", move="moved")
    (block,) = of_leavers(placed, books, {"G"}, ON, 90)
    assert list(block.rows["entity"]) == ["A1", "A3", "A5"]
    assert (block.customers, block.claimed) == (1, 1)
    assert of_leavers(placed, books, {"T"}, ON, 90) == []


def test_a_pair_sums_each_account_and_loan_once_and_each_customers_visits_once() -> None:
    """C1: an account of 700, a loan of 5,000 (正常, 30 in arrears, due soon), one of 900 (次级, three days late); C2 has nothing. One and two open visits."""
    rows = [
        ("C1", "存款", 700, None, None, "", None, 1),
        ("C1", "贷款", 5_000, "normal", 30, "是", None, 1),
        ("C1", "贷款", 900, "substandard", None, "", 3, 1),
        ("C2", None, None, None, None, "", None, 2),
    ]
    columns = ["customer_id", "thing", "balance", "worst_class", "arrears", "due", "late", "open_visits"]
    listed = pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(("balance", "arrears", "late"), "Int64"))
    assert pair_row(ASKED, ["C1", "C2"], listed) == {
        "giver": "G",
        "taker": "T",
        "customers": 2,
        "deposits": 700,
        "loans": 2,
        "loan_balance": 5_900,
        "npl": 900,
        "arrears": 30,
        "due": 1,
        "late": 1,
        "open_visits": 3,
    }


def test_the_sheet_of_a_plan_says_what_is_due_soon_and_what_is_past() -> None:
    """A1 matured the day before, A2 matures on the day, A3 in 90 days, A4 in 91; L1 was due the day before. Who is not the giver's does not go."""
    days = [ON - 1, ON, ON + 90, ON + 91]
    accounts = pd.DataFrame(
        {"account_id": ["A1", "A2", "A3", "A4"], "customer_id": "C1", "manager_id": "G", "balance": 7}
    )
    accounts["matures_on"] = pd.array(days, "Int64")
    lent = {
        "loan_id": "L1",
        "customer_id": "C1",
        "manager_id": "G",
        "balance": 5,
        "due_on": ON - 1,
        "responsible_id": "R",
    }
    people = pd.DataFrame({"customer_id": ["C1", "C2"], "customer_name": ["甲", "乙"], "customer_type": "person"})
    loans = complete("loans", pd.DataFrame([{**lent, "part": 0, "row": 0}]))
    books = Books(people, {"C1": "G", "C2": "X"}, accounts, loans, _claims().iloc[:0], empty("visits"))
    placed = people.assign(previous_manager="G", assigned_manager="T", move="moved")
    (block,) = of_leavers(placed, books, {"G"}, ON, 90)
    told = block.rows[["entity", "thing", "soon", "late", "responsible"]].astype(object)
    assert [tuple(None if pd.isna(one) else one for one in row) for row in told.values] == [
        ("A1", "存款", "已到期", 1, None),
        ("A2", "存款", "是", None, None),
        ("A3", "存款", "是", None, None),
        ("A4", "存款", "", None, None),
        ("L1", "贷款", "已逾期", 1, "R"),
    ]
    assert (block.customers, block.lent) == (1, 5)
    asked = Asked("G", "T", ("C1", "C2", "C9"))
    assert (choose(asked, books, ON).given, choose(asked, books, ON).not_held) == (["C1"], ["C2"])
