"""Is what explain row says of a row the month with it less the month without it, for everybody, to the 分?"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import pytest
from conftest import COUNTY, reading_here

from kehujingli.answers.explain.row import rests
from kehujingli.intake.ledger import Ledger
from kehujingli.month import Month, Request, open_month
from kehujingli.month.trial import laid_out, remembering, without
from kehujingli.values import missing

pytestmark = pytest.mark.slow  # a hundred months

MEASURES = ("average_deposit", "average_deposit_year", "deposit_balance", "loan_balance", "scale_amount")
Figures = dict[tuple[str, str, str], Decimal]


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Month:
    ledger = Ledger(tmp_path_factory.mktemp("ledger"))
    with reading_here():
        asked = Request(paths=[COUNTY / "exports"], rules=next((COUNTY / "rules").glob("*.toml")))
        return remembering(open_month(asked, ledger))


def _figures(month: Month) -> Figures:
    """元, points and actuals of everybody, from the steps' own results."""
    found: Figures = {}
    for row in month.segmented.customers.to_dict("records"):
        for key in MEASURES:
            if not missing(row[key]):
                found["customer", row["customer_id"], key] = Decimal(int(row[key])) / 100
    for manager in month.scores.managers:
        said: dict[str, Decimal | None] = {"score": manager.score, "pay": manager.pay}
        for item in manager.items:
            said[f"{item.item.id}.item_points"] = item.points
        found |= {("manager", manager.manager_id, key): value for key, value in said.items() if value is not None}
    return found


def _less(month: Month, part: int, row: int, folder: Path) -> Month:
    """A month of its own, whose one sheet lacks a row."""
    sheet = month.sheets[part]
    target = folder / "without.parquet"
    duckdb.execute(f"copy (select * from '{sheet.parquet}' where row <> {row}) to '{target}' (format parquet)")
    sheets = list(month.sheets)
    sheets[part] = dataclasses.replace(sheet, parquet=target, accepted=sheet.accepted - 1)
    return Month(sheets, month.period, month.rules)


def _drawn(month: Month, table: str) -> Iterator[tuple[int, int]]:
    """Ten rows of the newest picture, or of all sheets of what happens."""
    draw = Random(f"rows of {table}")
    parts = [part for part, sheet in enumerate(month.sheets) if sheet.table == table and sheet.accepted]
    if table in ("loans", "accounts"):
        parts = parts[-1:]
    for _ in range(10):
        part = draw.choice(parts)
        rows = duckdb.execute(f"select row from '{month.sheets[part].parquet}' order by row").fetchall()
        yield part, draw.choice(rows)[0]


@pytest.mark.parametrize("table", ["transactions", "accounts", "loans", "fees", "visits"])
def test_what_rests_on_a_row_is_the_month_with_it_less_the_month_without_it(
    month: Month, table: str, tmp_path: Path
) -> None:
    having, side = _figures(month), laid_out(month)
    moved = 0
    for part, row in _drawn(month, table):
        with without(month, {part: [row]}) as other:
            told = rests(side, laid_out(other))
        lacking = _figures(_less(month, part, row, tmp_path))
        expected = {
            key: difference
            for key in having.keys() | lacking.keys()
            if (difference := having.get(key, Decimal(0)) - lacking.get(key, Decimal(0)))
        }
        kept: dict[tuple[str, str, str], Any] = {
            (change.whose, change.who, change.key): change.difference
            for change in told.changes
            if change.difference
            and (change.key in (*MEASURES, "score", "pay") or change.key.endswith(".item_points"))
            and change.whose != "branch"
        }
        assert kept == expected, (table, month.sheets[part].place, row)
        moved += bool(expected)
    assert moved, "rows upon which something rests are among those drawn"
