"""Is what a data warehouse writes as Parquet read as an export is, with the same checks and nothing lost?"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

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


@pytest.mark.parametrize("short", [pa.float32(), pa.float16()])
def test_a_short_float_has_lost_the_cents_and_the_last_digits_of_a_number(tmp_path: Path, short: pa.DataType) -> None:
    """12345678.91 is 12345679 in a FLOAT: 9 分 too much, in silence."""
    columns = _accounts(pa.array([1_234.5, 99.5], pa.float64()).cast(short))
    columns["account_id"] = pa.array([217.0, 1.0], pa.float64()).cast(short)
    told = _read(tmp_path, columns)
    assert told.accepted is None
    (found,) = told.findings
    assert found.code == "intake.narrow-number"
    assert "account_id”、“balance" in found.message
    assert "DECIMAL" in (found.cure or "")


def test_the_cure_of_whole_money_is_a_statement_that_runs(tmp_path: Path) -> None:
    columns = _accounts(pa.array([100, 200], pa.int64())) | {"opening_balance": pa.array([1, 2], pa.int64())}
    (found,) = _read(tmp_path, {**columns, "上月余额": pa.array([1, 2], pa.int64())}).findings
    assert "CAST(balance / 100 AS" in (found.cure or "")


def test_a_rate_in_a_short_float_is_the_rate_that_was_written(tmp_path: Path) -> None:
    columns = _accounts(pa.array([Decimal("1.00"), Decimal("2.00")])) | {"rate": pa.array([4.35, 3.1], pa.float32())}
    told = _read(tmp_path, columns)
    assert told.accepted is not None
    assert told.accepted.table.column("rate").to_pylist() == [43_500, 31_000], "not 4.349999904632568 %"


@pytest.mark.parametrize(("odd", "said"), [(float("nan"), "NaN"), (float("inf"), "Infinity")])
def test_what_is_no_number_refuses_its_row_only(tmp_path: Path, odd: float, said: str) -> None:
    told = _read(tmp_path, _accounts(pa.array([1.5, odd])))
    assert told.accepted is not None
    assert told.accepted.table.column("balance").to_pylist() == [150]
    (found,) = [one for one in told.findings if one.level == "refused"]
    assert found.code == "intake.amount-bad"
    assert f"第 2 行：“余额”是“{said}”" in found.message


EVENING, BEFORE = "2026-10-31 18:30:00", "2026-10-30 16:00:00"
"""By the clock on the wall the evening of the 31st; by Greenwich's the first minute of the 31st in China."""


def _stamps(said: list[str | None], zone: str | None = None) -> pa.Array:
    return pa.array(said).cast(pa.timestamp("us")).cast(pa.int64()).cast(pa.timestamp("us", zone))


def _postings(days: pa.Array) -> dict[str, pa.Array]:
    told = {"账号": "A1", "交易金额": "1.00", "借贷标志": "贷"}
    return {"交易日期": days, **{name: pa.array([cell] * len(days)) for name, cell in told.items()}}


def _moments(
    tmp_path: Path, said: list[str], zone: str | None = None, *, schema: bool = False, by: str = "", counted: str = ""
) -> SheetResult:
    """Postings with INT96 days: as Arrow wrote them, which says so (``schema``), or as ``by`` another, who ``counted`` in a zone."""
    path = tmp_path / "流水.parquet"
    table = pa.table(_postings(_stamps(list(said), zone)))
    with pq.ParquetWriter(path, table.schema, use_deprecated_int96_timestamps=True, store_schema=schema) as writer:
        writer.write_table(table)
        if counted:
            writer.add_key_value_metadata({"writer.time.zone": counted})
    own = pq.ParquetFile(path).metadata.created_by.encode()
    path.write_bytes(path.read_bytes().replace(own, (by.encode() or own).ljust(len(own))[: len(own)]))
    (result,) = read_file(path, path.name)
    return result


def _days(told: SheetResult) -> list[str]:
    assert told.accepted is not None
    days = told.accepted.table.column("date").to_pylist()
    return [(dt.date(1970, 1, 1) + dt.timedelta(day)).isoformat() for day in days]


@pytest.mark.parametrize(
    ("stored", "how"),
    [
        (EVENING, {"schema": True}),
        (BEFORE, {"schema": True, "zone": "UTC"}),
        (BEFORE, {"by": "parquet-mr version 1.13.1"}),
        (BEFORE, {"by": "parquet-mr version 1.10.0", "counted": "Asia/Shanghai"}),
        (EVENING, {"by": "parquet-mr version 1.10.0", "counted": "UTC"}),
        (EVENING, {"by": "impala version 4.1.0"}),
    ],
)
def test_an_unmarked_moment_is_of_the_day_that_its_writer_meant(
    tmp_path: Path, stored: str, how: dict[str, Any]
) -> None:
    told = _moments(tmp_path, [stored], **how)
    assert _days(told) == ["2026-10-31"]
    assert ("intake.date-moment" in {one.code for one in told.findings}) == (stored == BEFORE)


@pytest.mark.parametrize("more", [{}, {"by": "parquet-mr version 1.10.0", "counted": "Asia/Tokyo"}])
def test_where_nobody_says_which_clock_it_was_the_day_is_asked_for(tmp_path: Path, more: dict[str, str]) -> None:
    told = _moments(tmp_path, ["2026-10-31 03:01:00", EVENING, EVENING], **more)
    assert told.accepted is None
    assert told.unknown_rows == 3
    (found,) = told.findings
    assert found.code == "intake.clock-unsaid"
    assert "第 2 行等 2 行的“交易日期”" in found.message
    assert "CAST(交易日期 AS DATE)" in (found.cure or "")


def test_a_moment_that_is_the_same_day_by_either_clock_is_not_asked_for(tmp_path: Path) -> None:
    stored = ["2026-10-31 00:00:00", "2026-10-30 15:59:59"]
    assert _days(_moments(tmp_path, stored)) == ["2026-10-31", "2026-10-30"]


def test_a_timestamp_without_a_zone_is_as_written(tmp_path: Path) -> None:
    assert _days(_read(tmp_path, _postings(_stamps([EVENING])))) == ["2026-10-31"]


def test_midnights_of_summer_time_and_the_end_that_never_comes(tmp_path: Path) -> None:
    """In July 1988 China was nine hours ahead of Greenwich; nanoseconds of 9999 wrap round to 1816."""
    columns = _accounts(pa.array([1.0, 2.0])) | {
        "opened_on": _stamps(["1988-06-30 15:00:00", "2019-12-31 16:00:00"], "UTC"),
        "matures_on": _stamps(["9999-12-31 00:00:00", None], "UTC"),
    }
    path = tmp_path / "part-0.parquet"
    pq.write_table(pa.table(columns), path, use_deprecated_int96_timestamps=True)
    (told,) = read_file(path, path.name)
    assert told.accepted is not None
    days = [(dt.date(1970, 1, 1) + dt.timedelta(day)) for day in told.accepted.table.column("opened_on").to_pylist()]
    assert days == [dt.date(1988, 7, 1), dt.date(2020, 1, 1)]
    assert told.accepted.table.column("matures_on").to_pylist() == [None, None]
