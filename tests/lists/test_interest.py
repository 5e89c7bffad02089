"""What do deposits cost? 付息率 is interest that was paid over the average it was paid on; what rates the last day's balances bear is 期末加权利率."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from conftest import run_here
from months import ACCOUNTS, CUSTOMERS, LONG_AGO, MANAGERS, TRANSACTIONS, customer, manager, workspace

PAID_ON = [dt.date(2025, 12, 21), dt.date(2026, 3, 21), dt.date(2026, 6, 21), dt.date(2026, 9, 21)]


def _row(day: dt.date, amount: float, kind: str) -> list[Any]:
    return [day, "C1", "AC1", "贷" if amount > 0 else "借", abs(amount), None, kind, None]


def _county(root: Path, first: dt.date, postings: Sequence[list[Any]]) -> Path:
    """C1 has 100,000 元 on demand at 1 %, nothing moves but what ``postings`` say; a posting on the first and on the last day."""
    files = {
        "客户信息.xlsx": [CUSTOMERS, customer("C1", holder="M1")],
        "存款账户_20261031.xlsx": [
            [*ACCOUNTS, "利率(%)"],
            ["AC1", "C1", "活期", 100_000, 100_000, LONG_AGO, None, None, 1],
        ],
        "名册.xlsx": [MANAGERS, manager("M1")],
        "流水.xlsx": [
            TRANSACTIONS,
            *(
                [day, "C1", "AC1", way, 1, None, "转账", None]
                for day in (first, dt.date(2026, 10, 31))
                for way in "贷借"
            ),
            *postings,
        ],
    }
    return workspace(root, files).root


def _page(root: Path) -> list[Any]:
    run_here("run", "--quiet", cwd=root)
    sheet = openpyxl.load_workbook(root / "periods" / "2026-10" / "月报.xlsx")["月报"]
    return next(list(row) for row in sheet.iter_rows(values_only=True) if row[1] == "存款付息率")


def test_it_is_what_was_paid_over_the_average_of_twelve_months(tmp_path: Path) -> None:
    """Four times 50 元, drawn at once: 200 ÷ 100,000 = 0.20 %. What was undone, taken as a loan's interest or paid before is none of it."""
    rows = [row for day in PAID_ON for row in (_row(day, 50, "结息"), _row(day, -50, "转账"))]
    rows += [_row(dt.date(2026, 3, 22), 30, "结息"), _row(dt.date(2026, 3, 22), -30, "结息冲正")]
    rows += [_row(dt.date(2026, 4, 1), 77, "转账"), _row(dt.date(2026, 4, 1), -77, "贷款结息扣款")]
    rows += [_row(dt.date(2025, 9, 21), 90, "结息"), _row(dt.date(2025, 9, 21), -90, "转账")]
    root = _county(tmp_path, dt.date(2025, 9, 1), rows)
    line = _page(root)
    assert line[3] == pytest.approx(0.002)
    assert line[8] == "期末加权利率 1.00%，活期占比 100.00%"
    whole = json.loads(run_here("segment", "--dry-run", "--json", cwd=root).out)["branches"][-4]
    assert (whole["interest_cost"], whole["deposit_cost"]) == ("0.002000", "0.010000")


@pytest.mark.parametrize(
    ("first", "kind"),
    [(dt.date(2025, 9, 1), "转账"), (dt.date(2025, 12, 1), "结息")],
    ids=["no interest among the postings", "eleven months of postings"],
)
def test_without_interest_of_twelve_months_it_is_lacking(tmp_path: Path, first: dt.date, kind: str) -> None:
    rows = [row for day in PAID_ON for row in (_row(day, 50, kind), _row(day, -50, "转账"))]
    line = _page(_county(tmp_path, first, rows))
    assert line[3] == "缺：需近12个月含结息的流水"
    assert line[8] == "期末加权利率 1.00%，活期占比 100.00%"


def test_what_counts_as_interest_is_said_by_the_rules(tmp_path: Path) -> None:
    rows = [row for day in PAID_ON for row in (_row(day, 50, "付存户息"), _row(day, -50, "转账"))]
    root = _county(tmp_path, dt.date(2025, 9, 1), rows)
    rules = root / "rules" / "2000-01-01.toml"
    rules.write_text(
        rules.read_text(encoding="utf-8").replace('interest = ["结息"', 'interest = ["付存户息", "结息"'), "utf-8"
    )
    assert _page(root)[3] == pytest.approx(0.002)


def test_a_scheme_that_scores_the_old_actual_says_what_it_is(tmp_path: Path) -> None:
    """The key of the rules is the same; no item that the program names calls rates 付息率."""
    root = _county(tmp_path, dt.date(2025, 9, 1), [])
    rules = root / "rules" / "2000-01-01.toml"
    rules.write_text(
        rules.read_text(encoding="utf-8").replace('actual = "npl_ratio"', 'actual = "deposit_cost"'), "utf-8"
    )
    told = json.loads(run_here("score", "--dry-run", "--json", cwd=root).out)["scores"][0]["items"]
    assert next(item["actual"] for item in told if item["id"] == "npl") == "0.01"
