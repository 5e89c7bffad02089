"""Is a posting told twice? What two exports say of one 流水号, and the legs that may share one."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from conftest import run_here, write_xlsx
from months import CUSTOMERS, TRANSACTIONS, customer, post, reckon, workspace

from kehujingli.month import Month

OCTOBER = dt.date(2026, 10, 31)
DAY = dt.date(2026, 10, 20)
Grid = list[list[Any]]


def month_of(root: Path, *exports: Grid, header: list[str] | None = None) -> Month:
    """October by these exports of postings, which all have a last line that keeps them apart."""
    files = {
        f"流水{number}.xlsx": [header or TRANSACTIONS, *rows, post(OCTOBER, "C2", number, number=f"末{number}")]
        for number, rows in enumerate(exports, 1)
    }
    return reckon(
        workspace(root, {"客户信息_20261031.xlsx": [CUSTOMERS, customer("C1"), customer("C2")], **files}), "2026-10"
    )


def came(month: Month, who: str = "C1") -> tuple[int, int]:
    """Postings and 分 of a customer."""
    row = month.segmented.customers.set_index("customer_id").loc[who]
    return int(row["transactions"]), int(row["turnover"])


def refused(month: Month) -> dict[int, int]:
    month.segmented  # noqa: B018 - the postings are linked
    return {part: len(rows) for part, rows in month.tables.refused.reasons.items()}


def test_one_number_with_two_amounts_in_two_exports_is_refused_in_both(tmp_path: Path) -> None:
    first, second = post(DAY, "C1", 100, number="T12"), post(DAY, "C1", 777, number="T12")
    month = month_of(tmp_path, [first, post(DAY, "C1", 5, number="T13")], [second])
    assert came(month) == (1, 500)
    (told,) = [told for told in month.findings if told.code == "intake.duplicate-key"]
    assert (told.level, told.count, told.value) == ("refused", 2, "T12")
    assert "流水2.xlsx" in told.message
    assert sorted(refused(month).values()) == [1, 1]


def test_the_control_totals_go_with_the_refused_rows(tmp_path: Path) -> None:
    people = write_xlsx(tmp_path / "客户信息_20261031.xlsx", [CUSTOMERS, customer("C1")])
    paths = [
        write_xlsx(
            tmp_path / f"流水{amount}.xlsx",
            [
                TRANSACTIONS,
                post(DAY, "C1", amount, 1_000, number="T12"),
                post(OCTOBER, "C1", 1, 9, number=f"N{amount}"),
            ],
        )
        for amount in (100, 777)
    ]
    found = run_here("check", people, *paths, "--json").json["files"][1:]
    assert [(file["accepted"], file["rejected"]) for file in found] == [(1, 1), (1, 1)]
    assert [file["totals"]["amount"] for file in found] == ["1.00", "1.00"]
    assert [file["rejected_totals"]["amount"] for file in found] == ["100.00", "777.00"]
    assert found[0]["rejected_totals"]["balance"] == "1000.00"


def test_the_two_sides_of_a_transfer_share_a_number(tmp_path: Path) -> None:
    month = month_of(tmp_path, [post(DAY, "C1", -100, number="T1")], [post(DAY, "C2", 100, number="T1")])
    assert came(month) == (1, 10_000)
    assert refused(month) == {}


def test_a_transfer_and_its_fee_share_a_number(tmp_path: Path) -> None:
    transfer, fee = post(DAY, "C1", -100, number="T1"), post(DAY, "C1", -2, kind="工本", number="T1")
    assert came(month_of(tmp_path / "一份", [transfer, fee])) == (2, 10_200)
    assert came(month_of(tmp_path / "两份", [transfer, fee], [transfer, fee, post(DAY, "C1", 5, number="T2")])) == (
        3,
        10_700,
    )


def test_a_batch_on_one_account_shares_a_number(tmp_path: Path) -> None:
    batch = [post(DAY, "C1", amount, 1_000 + amount, number="批1") for amount in (10, 20, 30)]
    month = month_of(tmp_path, batch, [*batch, post(DAY, "C1", 5, number="T2")])
    assert came(month) == (4, 6_500)
    assert refused(month) == {}


def test_a_number_that_begins_anew_each_day_is_two_postings(tmp_path: Path) -> None:
    month = month_of(tmp_path, [post(DAY, "C1", 100, number="1")], [post(dt.date(2026, 10, 21), "C1", 777, number="1")])
    assert came(month) == (2, 87_700)


def test_two_amounts_that_lead_to_one_balance_cannot_both_be(tmp_path: Path) -> None:
    rows = [post(DAY, "C1", 100, 1_000, number="T12"), post(DAY, "C1", 777, 1_000, number="T12")]
    month = month_of(tmp_path, [*rows, post(DAY, "C1", 5, 1_005, number="T13")])
    assert came(month) == (1, 500)
    assert list(refused(month).values()) == [2]


def test_an_export_without_balances_repeats_one_with(tmp_path: Path) -> None:
    month = month_of(tmp_path, [post(DAY, "C1", 100, 1_000, number="T1")], [post(DAY, "C1", 100, number="T1")])
    assert came(month) == (1, 10_000)
    assert refused(month) == {}


def test_an_export_that_says_the_customer_too_repeats_one_by_account(tmp_path: Path) -> None:
    bare = post(DAY, "C1", 100, 1_000, number="T1")
    bare[1] = None
    accounts = [["账号", "客户号", "余额"], ["AC1", "C1", 1_000]]
    files = {
        "客户信息_20261031.xlsx": [CUSTOMERS, customer("C1")],
        "存款账户_20261031.xlsx": accounts,
        "流水1.xlsx": [TRANSACTIONS, bare],
        "流水2.xlsx": [
            TRANSACTIONS,
            post(DAY, "C1", 100, 1_000, number="T1"),
            post(OCTOBER, "C1", 5, 1_005, number="T2"),
        ],
    }
    assert came(reckon(workspace(tmp_path, files), "2026-10")) == (2, 10_500)


OVERLAP = ["交易日期", "客户号", "借贷标志", "交易金额", "摘要"]


def _overlapping(root: Path, header: list[str], first: Grid, second: Grid) -> Month:
    files = {"流水上旬.xlsx": [header, *first], "流水中旬.xlsx": [header, *second]}
    return reckon(
        workspace(root, {"客户信息_20261031.xlsx": [CUSTOMERS, customer("C1"), customer("C2")], **files}), "2026-10"
    )


def test_days_exported_twice_count_each_row_as_often_as_one_export_has_it(tmp_path: Path) -> None:
    """Two true withdrawals of 200 on the 8th, both in both exports: with the 2nd and the 15th four postings, not six."""

    def out(day: int) -> list[Any]:
        return [dt.date(2026, 10, day), "C1", "借", 200, "ATM取款"]

    last = [OCTOBER, "C2", "贷", 1, "存"]
    month = _overlapping(tmp_path, OVERLAP, [out(2), out(8), out(8)], [out(8), out(8), out(15), last])
    assert came(month) == (4, 80000)
    (told,) = [told for told in month.findings if told.code == "intake.overlap"]
    assert (told.level, told.count, told.amount) == ("warning", 2, 40000)


def test_what_only_one_export_has_is_business(tmp_path: Path) -> None:
    def out(day: int, memo: str) -> list[Any]:
        return [dt.date(2026, 10, day), "C1", "借", 200, memo]

    last = [OCTOBER, "C2", "贷", 1, "存"]
    month = _overlapping(
        tmp_path, OVERLAP, [out(8, "取"), out(9, "取")], [out(8, "取"), out(8, "取"), out(8, "转"), last]
    )
    assert came(month) == (4, 80000)


def test_equal_balances_prove_that_it_is_one_posting(tmp_path: Path) -> None:
    header = [*OVERLAP, "账户余额"]
    same = [DAY, "C1", "借", 200, "取", 700]
    other = [DAY, "C1", "借", 200, "取", 500]
    last = [OCTOBER, "C2", "贷", 1, "存", 9]
    month = _overlapping(tmp_path, header, [same], [same, other, last])
    assert came(month) == (2, 40000)
    assert {told.code: told.level for told in month.findings if "overlap" in told.code} == {
        "intake.overlap-proven": "note"
    }
