"""What came in and went out by month, added up by hand."""

from __future__ import annotations

from datetime import date

import duckdb
import pandas as pd

from kehujingli.measures.flows import gather
from kehujingli.periods import Period, day_of, month_of

OCTOBER = Period.of("2026-10")
_COLUMNS = ["customer_id", "account_id", "day", "month", "signed", "kind", "memo", "own", "reversed", "deposit"]


def gathered(*rows: tuple[object, ...], bank: bool = False) -> tuple[pd.DataFrame, pd.DataFrame]:
    """``rows``: customer, day, 分, memo, own, reversed, deposit; the last four may be left out."""
    made = []
    for who, day, signed, *more in rows:
        memo, own, reversed_, deposit = [*more, *("", False, False, True)[len(more) :]]
        on = date.fromisoformat(str(day))
        made.append((who, f"A{who}", day_of(on), month_of(on), signed, "转账", memo, own, reversed_, deposit))
    frame = pd.DataFrame(made, columns=_COLUMNS)
    frame = frame.assign(transaction_id=[f"T{n}" for n in range(len(frame))], part=2, row=range(5, 5 + len(frame)))
    if bank:
        frame = frame.assign(counterparty_bank="他行", counterparty_account=[f"X{n}" for n in range(len(frame))])
    con = duckdb.connect()
    con.register("given", frame)
    con.execute("create table transactions as select * from given")
    return gather(con.table("transactions"), None, OCTOBER, ("代发工资",), 5)


def test_a_month_is_what_came_in_without_own_transfers_and_all_that_moved_by_the_days_that_it_stood() -> None:
    """100 on the 10th stands 22 days, −40 on the 20th 12 days, an own transfer of 500 on the 5th 27 days: 15,220. Reversed postings and those of loans count nowhere."""
    flows, _ = gathered(
        ("A", "2026-10-10", 100),
        ("A", "2026-10-20", -40),
        ("A", "2026-10-05", 500, "", True),
        ("A", "2026-10-06", 900, "", False, True),
        ("A", "2026-10-07", -700, "", False, False, False),
        ("A", "2026-09-02", 50),
        ("A", "2025-10-03", 8),
        ("A", "2025-09-30", 4),
    )
    (row,) = flows.to_dict("records")
    assert (row["in_0"], row["in_1"], row["in_2"], row["in_12"]) == (100, 50, 0, 8)
    assert (row["net_0"], row["net_1"], row["weighted_0"]) == (560, 50, 100 * 22 - 40 * 12 + 500 * 27)
    assert row["weighted_1"] == 50 * 29, "the days of September"
    assert row["largest_out"] == 40


def test_a_months_end_and_the_next_ones_beginning_are_five_days_each() -> None:
    """26 to 30 September, 1 to 5 October."""
    flows, notable = gathered(
        ("A", "2026-09-25", 1),
        ("A", "2026-09-26", 10),
        ("A", "2026-09-30", 100),
        ("A", "2026-10-01", -1000),
        ("A", "2026-10-05", -10_000),
        ("A", "2026-10-06", -100_000),
    )
    (row,) = flows.to_dict("records")
    assert (row["end_net"], row["start_net"]) == (110, -11_000)
    told = {sort: rows["signed"].tolist() for sort, rows in notable.groupby("sort")}
    assert told == {"end": [100, 10], "start": [-10_000, -1000], "out": [-100_000, -10_000, -1000]}
    assert notable["source_part"].tolist() == [2] * 7


def test_wages_are_told_by_their_words_month_by_month() -> None:
    flows, notable = gathered(
        ("A", "2026-10-15", 5000, "代发工资10月"),
        ("A", "2026-10-16", -5000, "代发工资"),
        ("B", "2026-08-15", 3000, "代发工资"),
        ("B", "2026-10-15", 3000, "养老金"),
    )
    assert flows["salary"].tolist() == [5000, 0]
    assert flows["salary_months"].tolist() == [0b1, 0b100]
    assert notable.loc[notable["sort"] == "salary", "customer_id"].tolist() == ["A"]


def test_months_of_which_the_export_has_no_postings_are_not_taken_for_quiet_ones() -> None:
    """October and September are there, August is not; July begins on the 15th, so it is cut off."""
    flows, _ = gathered(("A", "2026-10-15", 1), ("B", "2026-09-20", 1), ("B", "2026-07-15", 1))
    assert flows["covered"].tolist() == [0b11, 0b11]
    flows, _ = gathered(("A", "2026-10-15", 1), ("B", "2026-07-07", 1))
    assert flows["covered"].tolist() == [0b1001, 0b1001]


def test_payments_that_name_a_bank_are_kept_with_it() -> None:
    _, notable = gathered(("A", "2026-10-15", -300), bank=True)
    assert notable.loc[notable["sort"] == "bank", ["signed", "counterparty_bank"]].to_numpy().tolist() == [
        [-300, "他行"]
    ]
