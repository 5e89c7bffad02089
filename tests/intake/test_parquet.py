"""Is what a data warehouse writes as Parquet read as an export is, with the same checks and nothing lost?"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from months import CUSTOMERS, LONG_AGO, TRANSACTIONS, customer, post, reckon, workspace

from kehujingli.intake.read import SheetResult, read_file

OCTOBER = dt.date(2026, 10, 31)


def _read(tmp_path: Path, columns: dict[str, pa.Array]) -> SheetResult:
    path = tmp_path / "part-00000.parquet"
    pq.write_table(pa.table(columns), path)
    (result,) = read_file(path, path.name)
    return result


def _accounts(balance: pa.Array) -> dict[str, pa.Array]:
    return {
        "account_id": pa.array([6222020000000000123, 1], pa.int64()),
        "customer_id": pa.array(["C1", "C2"]),
        "balance": balance,
        "opened_on": pa.array([LONG_AGO, None], pa.date32()),
    }


def test_the_contracts_names_are_a_header_and_every_digit_is_kept(tmp_path: Path) -> None:
    money = pa.array([Decimal("90071992547409.93"), Decimal("-0.01")], pa.decimal128(18, 2))
    told = _read(tmp_path, _accounts(money))
    assert told.table == "accounts"
    assert told.accepted is not None
    rows = told.accepted.table.to_pylist()
    assert [row["balance"] for row in rows] == [9_007_199_254_740_993, -1]
    assert [row["account_id"] for row in rows] == ["6222020000000000123", "1"]
    assert [row["row"] for row in rows] == [1, 2]


def test_whole_numbers_say_neither_yuan_nor_fen_and_are_refused(tmp_path: Path) -> None:
    told = _read(tmp_path, _accounts(pa.array([100, 200], pa.int64())))
    assert told.table == ""
    (found,) = told.findings
    assert found.code == "intake.whole-money"
    assert "balance" in found.message
    assert "2 行" in found.message


def test_a_midnight_in_beijing_that_a_cluster_keeps_in_greenwich_is_that_day(tmp_path: Path) -> None:
    stored = pa.array([dt.datetime(2026, 10, 30, 16, 0, tzinfo=dt.UTC)], pa.timestamp("us", "UTC"))
    told = _read(
        tmp_path,
        {"交易日期": stored, "账号": pa.array(["A1"]), "交易金额": pa.array(["1.00"]), "借贷标志": pa.array(["贷"])},
    )
    assert told.accepted is not None
    assert told.accepted.table.column("date").to_pylist() == [(OCTOBER - dt.date(1970, 1, 1)).days]


def test_columns_of_no_table_are_told_with_their_rows(tmp_path: Path) -> None:
    told = _read(tmp_path, {"alpha": pa.array([1, 2]), "beta": pa.array([3, 4])})
    assert told.table == ""
    assert told.findings


@pytest.mark.parametrize("broken", [b"PAR1", b"PAR1" + b"\x00" * 100 + b"PAR1"])
def test_a_file_that_broke_off_is_told_and_stops_nothing(tmp_path: Path, broken: bytes) -> None:
    path = tmp_path / "流水.parquet"
    path.write_bytes(broken)
    (result,) = read_file(path, path.name)
    assert [told.code for told in result.findings] == ["intake.unreadable"]


def test_a_month_from_parquet_is_the_month_from_workbooks(tmp_path: Path) -> None:
    """A bad row is refused by its number, a folder a table, parts add up, one 流水号 counts once."""
    rows = [
        post(dt.date(2026, 10, 1), "C1", 500, 1_500, number="1"),
        post(dt.date(2026, 10, 20), "C2", -20.35, 79.65, number="2"),
        post(dt.date(2026, 10, 30), "C2", 1, 80.65, number="3"),
    ]
    people = [customer("C1"), customer("C2")]
    books = workspace(
        tmp_path / "books", {"客户_20261031.xlsx": [CUSTOMERS, *people], "流水.xlsx": [TRANSACTIONS, *rows]}
    )
    house = workspace(tmp_path / "house", {"客户_20261031.xlsx": [CUSTOMERS, *people]})
    names = ["date", "customer_id", "account_id", "direction", "amount", "balance", "kind", "transaction_id"]
    folder = house.root / "exports" / "transactions"
    folder.mkdir()
    bad = post(OCTOBER, "C1", 1, number="4")
    for number, part in enumerate((rows[:2], [rows[1], rows[2], [None, *bad[1:]]])):
        columns = {name: [row[place] for row in part] for place, name in enumerate(names)}
        for name in ("amount", "balance"):
            columns[name] = [None if value is None else Decimal(str(value)) for value in columns[name]]
        pq.write_table(pa.table(columns), folder / f"part-{number}.parquet")
    ours, theirs = reckon(house, "2026-10"), reckon(books, "2026-10")
    kept = [
        "customer_id",
        "transactions",
        "turnover",
        "deposit_balance",
        "average_deposit_month",
        "group",
    ]
    assert ours.segmented.customers[kept].equals(theirs.segmented.customers[kept])
    refused = [told for told in ours.findings if told.level == "refused"]
    assert any("第 3 行" in told.text for told in refused)
