"""Long lists: rows made as XML and deflated piece by piece are one sheet of one workbook."""

from __future__ import annotations

import zipfile
from pathlib import Path

import fastexcel
import pandas as pd

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
