"""Long lists: rows made as XML and deflated piece by piece are one sheet of one workbook."""

from __future__ import annotations

import zipfile
from pathlib import Path

import fastexcel
import openpyxl
import pandas as pd
import pytest

from kehujingli.workbooks.bulk import workbook_hash
from kehujingli.workbooks.house import Book, Column, Meta

META = Meta("示例", "2026年10月", "2026-10-31", "", "制表", "复核", "审批", "")
COLUMNS = [Column("id", "客户号", "id", 12), Column("amount", "金额", "yuan", 14), Column("memo", "备注")]


def written(target: Path, rows: int) -> pd.DataFrame:
    frame = pd.DataFrame(
        {
            "id": [f"{number:08d}" for number in range(rows)],
            "amount": pd.array([number * 101 - 7 for number in range(rows)], "Int64"),
            "memo": pd.Series([None if number % 3 else f"<{number}>&" for number in range(rows)], dtype="object"),
        }
    )
    book = Book(META)
    book.list("名单", "名单", "元", COLUMNS, frame, freeze=1)
    assert book.save(target) == workbook_hash(target)
    return frame


def test_a_list_of_many_pieces_reads_back_whole(tmp_path: Path) -> None:
    target = tmp_path / "list.xlsx"
    frame = written(target, 30_000)
    with zipfile.ZipFile(target) as archive:
        assert archive.testzip() is None
    read = fastexcel.read_excel(str(target)).load_sheet("名单", header_row=3, dtypes={0: "string"}).to_pandas()
    assert read["客户号"].tolist() == frame["id"].tolist()
    assert [round(value * 100) for value in read["金额"]] == frame["amount"].tolist()
    assert [None if pd.isna(value) else value for value in read["备注"]] == frame["memo"].tolist()


def test_equal_lists_are_equal_bytes(tmp_path: Path) -> None:
    one, other = tmp_path / "one.xlsx", tmp_path / "other.xlsx"
    written(one, 20_000)
    written(other, 20_000)
    assert workbook_hash(one) == workbook_hash(other)


ODD = [
    "<张&三>",
    "_x0041_",
    "_x00",
    "a\x01b\x0bc",
    "一行\n两行\t",
    "",
    None,
    "\ufffe",
    "=1+1",
    "  左右  ",
    '"引号"',
    "x_x0042_y",
]


def test_few_rows_are_the_bytes_that_many_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Up to so many cells a sheet's rows are put together without a database: nobody can tell which of the two wrote them."""
    columns = [
        *(Column("id", "客户号", "id"), Column("amount", "金额", "yuan"), Column("wan", "万元", "wan")),
        *(Column("count", "户数", "count"), Column("day", "日子", "date"), Column("rate", "率", "rate")),
    ]
    amounts = [0, 5, -5, 99, -100, 123_456_789_012_345, -1_000_000, None, 1, 10, 7, -99]
    frame = pd.DataFrame(
        {
            "id": pd.Series(ODD, dtype="object"),
            **{key: pd.array(amounts, "Int64") for key in ("amount", "wan", "count")},
            "day": pd.array([20_000 + place if place % 5 else None for place in range(len(ODD))], "Int64"),
            "rate": [None if place % 4 == 0 else place / 7 for place in range(len(ODD))],
        }
    )
    hashes = []
    for few in (10**9, 0):
        monkeypatch.setattr("kehujingli.workbooks.bulk._FEW", few)
        book = Book(META)
        book.list("名单", "名单", "元", columns, frame, freeze=1)
        hashes.append(book.save(tmp_path / f"{few}.xlsx"))
    assert hashes[0] == hashes[1]
    sheet = openpyxl.load_workbook(tmp_path / "0.xlsx")["名单"]
    assert [sheet.cell(5 + place, 2).value for place in range(6)] == [0, 0.05, -0.05, 0.99, -1, 1_234_567_890_123.45]
