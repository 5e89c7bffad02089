"""An accepted row written back under its export's headers says, read again, what it said."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from conftest import write_xlsx

from kehujingli.intake.ledger import Export, Ledger, Sheet, hash_file
from kehujingli.intake.restored import restored


def read(path: Path, *layouts: Path) -> Sheet:
    export = Export(path, path.name, hash_file(path), path.stat().st_size)
    (sheet,) = Ledger(path.parent / "ledger", layouts).read([export])
    return sheet


def rows_of(sheet: Sheet) -> list[dict[str, Any]]:
    assert sheet.parquet is not None
    return [
        {key: value for key, value in row.items() if key != "row"} for row in pq.read_table(sheet.parquet).to_pylist()
    ]


def again(tmp_path: Path, header: Sequence[str], *rows: Sequence[Any], layouts: Sequence[Path] = ()) -> list[list[str]]:
    """The rows as they are written back, after making sure that they read alike."""
    first = read(write_xlsx(tmp_path / "一.xlsx", [header, *rows]), *layouts)
    assert first.accepted == len(rows), first.findings
    back = list(restored(first, range(2, 2 + len(rows))).values())
    second = read(write_xlsx(tmp_path / "二.xlsx", [header, *back]), *layouts)
    assert (second.table, second.columns) == (first.table, first.columns)
    assert rows_of(second) == rows_of(first)
    return back


def test_amounts_come_back_in_the_unit_of_their_header_and_rates_too(tmp_path: Path) -> None:
    header = ["账号", "客户号", "存款种类", "余额(万元)", "上年日均", "利率(%)", "开户日期", "到期日", "备注"]
    back = again(
        tmp_path,
        header,
        ["A1", "C1", "活期存款", "1,234.567801", "￥12.50", 3.85, dt.date(2020, 5, 1), "99991231", "甲 乙"],
        ["007", "C2", "定期", -0.5, None, 0.35, "20200502", "2027/1/2", None],
    )
    assert back == [
        ["A1", "C1", "活期", "1234.567801", "12.5", "3.85", "2020-05-01", "", "甲 乙"],
        ["007", "C2", "定期", "-0.5", "", "0.35", "2020-05-02", "2027-01-02", ""],
    ]


def test_a_rate_without_a_unit_is_written_with_its_own(tmp_path: Path) -> None:
    header = ["借据编号", "客户号", "贷款余额", "月利率", "五级分类", "逾期天数"]
    assert again(tmp_path, header, ["L1", "C1", 100, "3.05‰", "正常类", 0], ["L2", "C1", 100, 0.0041, 3, 95])[1] == [
        "L2",
        "C1",
        "100",
        "0.41%",
        "次级",
        "95",
    ]


def test_both_sides_of_a_posting_and_a_header_that_stands_twice(tmp_path: Path) -> None:
    header = ["交易日期", "交易时间", "账号", "借方发生额", "贷方发生额", "余额", "余额", "流水号", "柜员", "柜员"]
    (first, _) = again(
        tmp_path,
        header,
        [dt.date(2026, 10, 1), "9:05", "A1", 5, None, 100, 100, "T1", "甲", "乙"],
        ["2026-10-02", "90500", "A1", "", "7.01", 107.01, 107.01, "T2", None, "丙"],
    )
    assert first == ["2026-10-01", "09:05:00", "A1", "5", "", "100", "100", "T1", "甲", "乙"]


def test_a_layout_that_counts_money_spent_as_positive_gets_its_own_sign_back(tmp_path: Path) -> None:
    layout = tmp_path / "卡.toml"
    layout.write_text(
        'name = "信用卡"\ntable = "交易流水"\nspent_positive = true\n[columns]\n"交易日期" = "记账日"\n"账号" = "卡末四位"\n"交易金额" = "人民币金额"\n',
        encoding="utf-8",
    )
    back = again(
        tmp_path,
        ["记账日", "卡末四位", "人民币金额"],
        ["2026-10-01", "1234", 88.5],
        ["2026-10-02", "1234", -20],
        layouts=[layout],
    )
    assert back == [["2026-10-01", "1234", "88.5"], ["2026-10-02", "1234", "-20"]]
