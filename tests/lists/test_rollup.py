"""What is rolled up of customers: averages of the county, and who is close to the next scale."""

from __future__ import annotations

from decimal import Decimal

import duckdb
import pandas as pd
import pytest

from kehujingli.lists.branches import PROMISING_COLUMNS, daily_averages, promising
from kehujingli.lists.handover import Books, of_leavers
from kehujingli.lists.scores import shown_remarks
from kehujingli.periods import Period
from kehujingli.rules.models import Tending
from kehujingli.tables.frames import empty


@pytest.mark.parametrize(
    ("weights", "average"), [({}, 3), ({"demand": Decimal("0.5")}, 1), ({"margin": Decimal(0)}, 3)]
)
def test_an_average_of_half_a_fen_is_rounded_away_from_zero(weights: dict[str, Decimal], average: int) -> None:
    """2 分 on fourteen days of February, 3 分 on the other fourteen: 2.5, so 3; of a kind that counts by half 1.25, so 1."""
    con = duckdb.connect()
    period = Period.of("2026-02")
    rows = [("A", period.first, 2), ("A", period.first + 14, 1)]
    con.execute("create table transactions (account_id varchar, day integer, signed bigint, deposit boolean)")
    con.executemany("insert into transactions values (?, ?, ?, true)", rows)
    accounts = pd.DataFrame({"account_id": ["A"], "kind": ["demand"], "balance": pd.array([3], "Int64")})
    assert daily_averages(con.table("transactions"), con.from_arrow, accounts, weights, period) == [
        (period.month, average)
    ]


@pytest.mark.parametrize(("within", "found"), [("0.2", ["C1"]), ("0.3", ["C1", "C2"]), ("0", [])])
def test_who_is_worth_tending_is_said_by_the_rules(within: str, found: list[str]) -> None:
    """Medium begins at 50,000 元: C1 lacks 10,000 of it (a fifth), C2 15,000 (three tenths)."""
    frame = pd.DataFrame(
        {column: pd.Series([None] * 2, dtype="object") for column in (*PROMISING_COLUMNS, "branch_id", "name")}
    )
    frame["customer_id"] = ["C1", "C2"]
    frame["scale_amount"], frame["to_next_scale"] = (
        pd.Series(cents, dtype="Int64") for cents in ([4_000_000, 3_500_000], [1_000_000, 1_500_000])
    )
    rows = promising(frame, {"C1": 1, "C2": 1}, {}, {}, {}, Tending(within=Decimal(within)))
    assert sorted(rows["customer_id"]) == found
    grown = Tending(within=Decimal(within), least_growth=Decimal(1_000))
    rows = promising(frame, {"C1": 100_000, "C2": 99_999}, {}, {}, {}, grown)
    assert sorted(rows["customer_id"]) == found[:1], "C2 grew by 999.99 元"


@pytest.mark.parametrize(("soon", "said"), [(90, "是"), (30, "")])
def test_what_is_due_soon_is_said_by_the_rules(soon: int, said: str) -> None:
    """A deposit that matures 60 days after the plan's first day."""
    placed = pd.DataFrame(
        [["C1", "客户", "person", "M1", "M2", "moved"]],
        columns=["customer_id", "customer_name", "customer_type", "previous_manager", "assigned_manager", "move"],
    )
    accounts = pd.DataFrame(
        {"customer_id": ["C1"], "account_id": ["A1"], "balance": [5], "matures_on": pd.array([160], "Int64")}
    ).assign(manager_id=None)
    nothing = [empty(table) for table in ("loans", "attributions", "visits")]
    books = Books(placed, {"C1": "M1"}, accounts, *nothing)
    blocks = of_leavers(placed, books, frozenset({"M1"}), 100, soon)
    assert [list(block.rows["soon"]) for block in blocks] == [[said]]
    (late,) = of_leavers(placed, books, frozenset({"M1"}), 161, soon)
    assert list(late.rows["soon"]) == ["已到期"], "what matured yesterday is not due within so many days"


@pytest.mark.parametrize(
    ("named", "words"),
    [(1, ["前一", "", "", "", "后一"]), (2, ["前二", "前二", "", "后二", "后二"]), (3, [""] * 5), (0, [""] * 5)],
)
def test_how_many_are_named_first_and_last_is_said_by_the_rules(named: int, words: list[str]) -> None:
    frame = pd.DataFrame(
        {
            "manager_id": list("ABCDE"),
            "score": [Decimal(points) for points in (95, 90, 85, 80, 75)],
            "rank_group": "甲",
            "remark": "",
        }
    )
    assert list(shown_remarks(frame, named)["remark"]) == words
