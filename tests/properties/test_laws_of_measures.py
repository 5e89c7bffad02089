"""Do both engines say the same to the 分, whatever order the rows stand in?"""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from measured import measured_both
from months import CUSTOMERS, TRANSACTIONS, customer, reckon, workspace

pytestmark = pytest.mark.slow  # whole months, or many processes; the quick run has a month of its own

DAYS = st.dates(dt.date(2026, 6, 1), dt.date(2026, 10, 31))
ROWS = st.lists(
    st.tuples(
        DAYS,
        st.sampled_from(["C1", "C2", "C3"]),
        st.integers(-50_000, 50_000),
        st.sampled_from(["转账", "养老金", "结息"]),
    ),
    min_size=1,
    max_size=25,
)


def _postings(rows: list[tuple[dt.date, str, int, str]], *, balances: bool) -> list[list[object]]:
    """Running balances in the order drawn within each account, as a core system would print them."""
    running: dict[str, int] = {}
    grid: list[list[object]] = []
    for number, (day, who, cents, kind) in enumerate(sorted(rows, key=lambda row: row[0])):
        running[who] = running.get(who, 1_000_000) + cents
        balance = running[who] / 100 if balances else None
        grid.append(
            [day, who, f"A{who}", "贷" if cents >= 0 else "借", abs(cents) / 100, balance, kind, f"{number:06d}"]
        )
    return grid


@settings(max_examples=4, deadline=None)
@given(ROWS, st.booleans(), st.randoms(use_true_random=False))
def test_engines_and_orders_agree(rows: list[tuple[dt.date, str, int, str]], balances: bool, draw: Random) -> None:
    grid = _postings(rows, balances=balances)
    mixed = grid[:]
    draw.shuffle(mixed)
    frames = []
    for order in (grid, mixed):
        with tempfile.TemporaryDirectory() as folder:
            people = [CUSTOMERS, *(customer(who) for who in ("C1", "C2", "C3"))]
            place = workspace(Path(folder), {"客户信息_20261031.xlsx": people, "流水.xlsx": [TRANSACTIONS, *order]})
            month = reckon(place, "2026-10")
            duck, pandas = measured_both(month)
            assert duck.customers.astype("object").equals(pandas.customers.astype("object"))
            frames.append(month.segmented.customers.drop(columns=["part", "row"], errors="ignore"))
            month.tables.con.close()
    assert frames[0].to_csv() == frames[1].to_csv()
    known = sum(cents for _, _, cents, _ in rows) + (1_000_000 * len({who for _, who, _, _ in rows}) if balances else 0)
    assert frames[0]["deposit_balance"].sum() == known
