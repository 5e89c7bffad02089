"""Do the parts add up to the branch, and does the order of people change anybody's pay?"""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path
from random import Random

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from months import ACCOUNTS, CUSTOMERS, LONG_AGO, MANAGERS, TRANSACTIONS, customer, manager, post, reckon, workspace

from kehujingli.month import Month

pytestmark = pytest.mark.slow  # whole months, or many processes; the quick run has a month of its own

SHARES = ["业绩分配比例", "生效日期", "失效日期", "审批人"]
CLAIM = st.tuples(
    st.sampled_from(["C1", "C2"]),
    st.sampled_from(["M1", "M2", "M9"]),
    st.sampled_from([0.25, 0.4, 0.5]),
    st.integers(0, 200),
    st.integers(0, 120),
    st.sampled_from(["存款", "全部"]),
)
Drawn = tuple[str, str, float, int, int, str]
MOVES = st.lists(
    st.tuples(st.integers(0, 303), st.sampled_from(["C1", "C2", "C3"]), st.integers(-30_000, 60_000)),
    min_size=1,
    max_size=12,
)
NEW_YEAR = dt.date(2026, 1, 1)


def _month(
    folder: str,
    claims: list[Drawn],
    moves: list[tuple[int, str, int]],
    draw: Random | None = None,
) -> Month:
    balance = dict.fromkeys(("C1", "C2", "C3"), 100_000_000)
    postings = []
    for day, who, cents in sorted(moves):
        balance[who] += cents
        postings.append(post(NEW_YEAR + dt.timedelta(day), who, cents / 100, balance[who] / 100))
    people = [customer("C1", holder="M1"), customer("C2", holder="M2"), customer("C3")]
    accounts = [
        [f"A{who}", who, "活期", cents / 100, 900_000 + number, LONG_AGO, None, None]
        for number, (who, cents) in enumerate(balance.items())
    ]
    roster = [manager("M1"), manager("M2", until=dt.date(2026, 10, 20))]
    rows = [
        [who, line, held, share, NEW_YEAR + dt.timedelta(start), NEW_YEAR + dt.timedelta(start + days), "乙"]
        for who, held, share, start, days, line in claims
    ]
    for grid in (people, accounts, roster, rows, postings) if draw else ():
        draw.shuffle(grid)
    files = {
        "客户信息_20261031.xlsx": [CUSTOMERS, *people],
        "存款账户_20261031.xlsx": [ACCOUNTS, *accounts],
        "名册_20261031.xlsx": [MANAGERS, *roster],
        "流水.xlsx": [TRANSACTIONS, *postings],
    }
    if rows:
        files["业绩归属.xlsx"] = [["客户号", "条线", "工号", *SHARES], *rows]
    return reckon(workspace(Path(folder), files), "2026-10")


def _growth(month: Month) -> pd.DataFrame:
    parts = month.actuals.contributions
    return parts[(parts["actual"] == "average_deposit_growth") & (parts["span"] == "year")]


@settings(max_examples=6, deadline=None)
@given(st.lists(CLAIM, max_size=4), MOVES)
def test_managers_public_and_unheld_are_the_branch(claims: list[Drawn], moves: list[tuple[int, str, int]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        month = _month(folder, claims, moves)
        grown = _growth(month).groupby("customer_id")["numerator"].sum()
        people = month.segmented.customers.set_index("customer_id")
        for number, who in enumerate(("C1", "C2", "C3")):
            assert grown[who] == people.loc[who, "average_deposit_year"] - (900_000 + number) * 100
        month.tables.con.close()


@settings(max_examples=4, deadline=None)
@given(st.lists(CLAIM, min_size=1, max_size=3), MOVES)
def test_a_claim_on_everything_is_a_claim_on_deposits(claims: list[Drawn], moves: list[tuple[int, str, int]]) -> None:
    said = []
    for lines in ([claim[5] for claim in claims], ["存款"] * len(claims)):
        with tempfile.TemporaryDirectory() as folder:
            month = _month(folder, [(*claim[:5], line) for claim, line in zip(claims, lines, strict=True)], moves)
            said.append(_growth(month)[["holder", "customer_id", "numerator"]].to_csv())
            month.tables.con.close()
    assert said[0] == said[1]


@pytest.mark.slow
@settings(max_examples=6, deadline=None)
@given(st.lists(CLAIM, max_size=3), MOVES, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nobodys_score(
    claims: list[Drawn], moves: list[tuple[int, str, int]], draw: Random
) -> None:
    said = []
    for way in (None, draw):
        with tempfile.TemporaryDirectory() as folder:
            month = _month(folder, claims, moves, way)
            said.append(
                [
                    (m.manager_id, m.branch_id, m.score, m.pay, [item.points for item in m.items])
                    for m in month.scores.managers
                ]
            )
            said.append(_growth(month)[["holder", "customer_id", "numerator"]].to_csv())
            month.tables.con.close()
    assert said[:2] == said[2:]
