"""Do the parts of a branch's difference add up to it: score and pay by cause and person, deposits and loans by customer?"""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from conftest import run_here

from kehujingli.answers.diff.branches import customers_sql, of_customers, of_people
from kehujingli.answers.diff.split import Part
from kehujingli.workspace.results import rows_of

D = Decimal


def _manager(before: str | None, after: str | None, pays: tuple[str | None, str | None], **more: Any) -> dict[str, Any]:
    had, has, *paid = (None if text is None else D(text) for text in (before, after, *pays))
    return {
        "score_before": had,
        "score_after": has,
        "pay_before": paid[0],
        "pay_after": paid[1],
        "parts": more.get("parts", []),
        "pay_parts": more.get("pay_parts", []),
    }


def _told(parts: list[Part]) -> dict[str, str]:
    return {part.cause: str(part.amount) for part in parts}


def test_who_comes_and_goes_is_apart_from_what_moved_the_others() -> None:
    """85 before (80, 90), 77 after (84, 70): the 4 points of data are 2 on the mean of two, the rest is people's; of pay 150 → 130 ten are data's."""
    stayed = _manager(
        "80", "84", ("100", "110"), parts=[Part("data", "不良率", D(4))], pay_parts=[Part("data", "不良率", D(10))]
    )
    told = of_people([stayed, _manager("90", None, ("50", None)), _manager(None, "70", (None, "20"))], D(85), D(77))
    assert _told(told["parts"]) == {"data": "2.00", "people": "-10.00"}
    assert _told(told["pay_parts"]) == {"data": "10", "people": "-30"}


def test_what_rounding_leaves_is_the_largest_parts_where_nobody_came_or_went() -> None:
    """Three people, one point of data and two of targets: 0.33 and 0.67; the mean 80.00 → 81.01 by other rounding is targets' 0.68."""
    moved = [Part("data", "", D(1)), Part("target", "", D(2))]
    people = [_manager("80", "83", (None, None), parts=moved), *[_manager("80", "80", (None, None))] * 2]
    assert _told(of_people(people, D("80.00"), D("81.01"))["parts"]) == {"data": "0.33", "target": "0.68"}


def test_customers_who_come_leave_and_change_branches_are_apart_from_figures() -> None:
    con = duckdb.connect()
    con.execute(
        "create table b as select * from (values ('C1','X',10000,0), ('C2','X',5000,700), ('C4','X',4000,0)) t(customer_id, branch_id, average_deposit, loan_balance)"
    )
    con.execute(
        "create table a as select * from (values ('C1','X',13000,900), ('C3','Y',2000,0), ('C4','Y',4500,0)) t(customer_id, branch_id, average_deposit, loan_balance)"
    )
    found = of_customers(rows_of(con, customers_sql("b", "a")))
    assert {branch: {key: _told(parts) for key, parts in told.items()} for branch, told in found.items()} == {
        "X": {
            "average_deposit_parts": {"left": "-50.00", "moved": "-40.00", "figures": "30.00"},
            "loan_balance_parts": {"left": "-7.00", "figures": "9.00"},
        },
        "Y": {"average_deposit_parts": {"came": "20.00", "moved": "45.00"}, "loan_balance_parts": {}},
    }


@pytest.mark.slow
def test_every_branch_of_the_county_adds_up(two_months: Path) -> None:
    told = json.loads(run_here("diff", "2026-09", "2026-10", "--by", "branch", "--json", cwd=two_months).out)
    people = json.loads(run_here("diff", "2026-09", "2026-10", "--by", "manager", "--json", cwd=two_months).out)["rows"]

    def moved(row: Mapping[str, Any], key: str) -> Decimal:
        return D(row[f"{key}_after"] or 0) - D(row[f"{key}_before"] or 0)

    for row in told["rows"]:
        for key, name in (
            ("parts", "score"),
            ("pay_parts", "pay"),
            ("average_deposit_parts", "average_deposit"),
            ("loan_balance_parts", "loan_balance"),
        ):
            if name == "score" and None in (row["score_before"], row["score_after"]):
                continue
            assert sum(D(part["amount"]) for part in row[key]) == moved(row, name), (row["branch_id"], name)
    assert sum(moved(row, "pay") for row in told["rows"]) == sum(moved(row, "pay") for row in people)
    assert all(row["score_before"] is None for row in told["rows"]), "September was not scored: its parts are none"
    assert any(row["pay_parts"] for row in told["rows"])
    assert any(len(row["average_deposit_parts"]) > 1 for row in told["rows"])
    table = run_here("diff", "2026-09", "2026-10", "--by", "branch", "--format", "csv", cwd=two_months).out
    assert "户内增减 +" in table
