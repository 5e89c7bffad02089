"""退回清单: a refused row is put right in the workbook it was told in, put back, and takes its own place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from conftest import Ran, write_xlsx
from months import CUSTOMERS, MANAGERS, TRANSACTIONS, customer, manager, post, reckon, workspace

pytestmark = pytest.mark.slow  # whole months, or many processes; the quick run has a month of its own

DAY, OCTOBER = dt.date(2026, 10, 20), dt.date(2026, 10, 31)
HEADER = ["客户号", "账号", "存款种类", "余额(万元)"]


def refused(root: Path, cli: Callable[..., Ran], rows: list[list[Any]]) -> Path:
    """A workspace whose one export has rows that are told in the list beside it."""
    (root / "rules").mkdir()
    write_xlsx(root / "exports" / "存款账户.xlsx", rows, sheet="账户")
    assert cli("check", "--rejects", "退回清单.xlsx", cwd=root).code == 1
    return root


@pytest.fixture
def county(tmp_path: Path, cli: Callable[..., Ran]) -> Path:
    rows = [
        ["示例县存款账户"],
        ["截至2026年10月31日"],
        HEADER,
        ["C1", "A1", "活期", "1.5"],
        ["C2", "A2", "活期", "2,O0"],
        ["", "A3", "定期", "3"],
    ]
    return refused(tmp_path, cli, rows)


def correct(county: Path, **fixes: str) -> None:
    book = openpyxl.load_workbook(county / "退回清单.xlsx")
    page = book.worksheets[0]
    for cell, value in fixes.items():
        page[cell] = value
    book.save(county / "exports" / "退回清单.xlsx")


def files(ran: Ran) -> list[dict[str, Any]]:
    return ran.json["files"]


def test_the_row_stands_as_it_stood_with_cell_reason_and_cure_beside_it(county: Path) -> None:
    (page,) = openpyxl.load_workbook(county / "退回清单.xlsx").worksheets
    rows = [list(row) for row in page.iter_rows(values_only=True)]
    assert rows[:2] == [["示例县存款账户", *[None] * 10], ["截至2026年10月31日", *[None] * 10]]
    assert rows[2] == ["来源行", "问题单元格", "原因", "怎么改", *HEADER, "来源文件", "来源工作表", "问题编码"]
    assert rows[3][:2] == ["5", "D5"]
    assert "字母 O" in str(rows[3][2])
    assert "改" in str(rows[3][3])
    assert rows[3][4:] == ["C2", "A2", "活期", "2,O0", "存款账户.xlsx", "账户", "intake.amount-bad"]
    assert page["H4"].font.color.rgb != page["G4"].font.color, "the cell at fault stands out"
    assert (page.sheet_properties.pageSetUpPr.fitToPage, page.page_setup.fitToHeight) == (True, 0)
    assert page.print_title_rows == "$3:$3"


def test_what_was_put_right_takes_the_place_of_what_was_refused(county: Path, cli: Callable[..., Ran]) -> None:
    correct(county, H4="2.00", E5="C3")
    ran = cli("check", "--json", cwd=county)
    source, back = sorted(files(ran), key=lambda file: file["path"])
    assert (source["rows"], source["accepted"], source["rejected"], source["totals"]["balance"]) == (
        1,
        1,
        0,
        "15000.00",
    )
    assert source["rejected_totals"]["balance"] == "0.00"
    assert (back["rows"], back["accepted"], back["totals"]["balance"]) == (2, 2, "50000.00")
    told = {item["code"]: item for item in ran.json["findings"]}
    assert told["intake.corrected"]["count"] == 2
    assert not any(item["level"] == "refused" for item in told.values())
    assert "table.snapshot-undated" not in told


def test_a_row_still_wrong_is_refused_once_and_told_where_it_stands_now(county: Path, cli: Callable[..., Ran]) -> None:
    correct(county, H4="2.00")
    ran = cli("check", "--json", cwd=county)
    source, back = sorted(files(ran), key=lambda file: file["path"])
    assert (source["rejected"], back["accepted"], back["rejected"]) == (0, 1, 1)
    refused = [item for item in ran.json["findings"] if item["level"] == "refused"]
    assert [(item["file"], item["code"]) for item in refused] == [("退回清单.xlsx", "intake.id-missing")]


def test_a_row_taken_out_of_the_list_stays_refused_at_its_source(county: Path, cli: Callable[..., Ran]) -> None:
    correct(county, H4="2.00")
    book = openpyxl.load_workbook(county / "exports" / "退回清单.xlsx")
    book.worksheets[0].delete_rows(5)
    book.save(county / "exports" / "退回清单.xlsx")
    ran = cli("check", "--json", cwd=county)
    source, _ = sorted(files(ran), key=lambda file: file["path"])
    assert (source["rows"], source["rejected"], source["rejected_totals"]["balance"]) == (2, 1, "30000.00")
    assert [item["cell"] for item in source["findings"] if item["level"] == "refused"] == ["A6"]


def test_a_list_made_from_an_older_export_is_not_counted_twice(county: Path, cli: Callable[..., Ran]) -> None:
    correct(county, H4="2.00", E5="C3")
    rows = [
        ["截至2026年10月31日"],
        HEADER,
        ["C1", "A1", "活期", "1.5"],
        ["C2", "A2", "活期", "2"],
        ["C3", "A3", "定期", "3"],
    ]
    write_xlsx(county / "exports" / "存款账户.xlsx", rows, sheet="账户")
    ran = cli("check", "--json", cwd=county)
    assert sum(file["accepted"] for file in files(ran)) == 3
    assert "intake.corrected-stale" in {item["code"] for item in ran.json["findings"]}


@pytest.fixture
def repeated(tmp_path: Path, cli: Callable[..., Ran]) -> Path:
    """A1 stands twice in one export with different balances: nobody can say which is right."""
    rows = [
        ["截至2026年10月31日"],
        HEADER,
        ["C1", "A1", "活期", "1.5"],
        ["C2", "A2", "活期", "2"],
        ["C1", "A1", "活期", "1.8"],
    ]
    return refused(tmp_path, cli, rows)


def test_rows_refused_for_a_repeated_key_stand_in_the_list_with_where_the_others_are(repeated: Path) -> None:
    (page,) = openpyxl.load_workbook(repeated / "退回清单.xlsx").worksheets
    first, second = [list(row) for row in page.iter_rows(min_row=3, values_only=True)]
    assert first[:2] == ["3", "B3"]
    assert second[:2] == ["5", "B5"]
    assert first[4:8] == ["C1", "A1", "活期", "1.5"]
    assert second[4:8] == ["C1", "A1", "活期", "1.8"]
    assert "第 3 行、第 5 行" in str(first[2])
    assert "只留对的那一行" in str(first[3])
    assert first[8:] == ["存款账户.xlsx", "账户", "intake.duplicate-key"]


def test_the_row_that_is_kept_of_a_repeated_key_counts_and_the_other_stays_refused(
    repeated: Path, cli: Callable[..., Ran]
) -> None:
    book = openpyxl.load_workbook(repeated / "退回清单.xlsx")
    book.worksheets[0].delete_rows(3)
    book.save(repeated / "exports" / "退回清单.xlsx")
    ran = cli("check", "--json", cwd=repeated)
    source, back = sorted(files(ran), key=lambda file: file["path"])
    assert (source["rows"], source["accepted"], source["rejected"]) == (2, 1, 1)
    assert (source["totals"]["balance"], source["rejected_totals"]["balance"]) == ("20000.00", "15000.00")
    assert (back["accepted"], back["totals"]["balance"]) == (1, "18000.00")
    assert [item["cell"] for item in source["findings"] if item["level"] == "refused"] == ["B3"]
    assert [item["count"] for item in ran.json["findings"] if item["code"] == "intake.corrected"] == [1]


def test_rows_of_a_repeated_key_that_became_two_both_count(repeated: Path, cli: Callable[..., Ran]) -> None:
    correct(repeated, F4="A9")
    ran = cli("check", "--json", cwd=repeated)
    source, back = sorted(files(ran), key=lambda file: file["path"])
    assert (source["rows"], source["accepted"], source["rejected"], back["accepted"]) == (1, 1, 0, 2)
    assert not any(item["level"] == "refused" for item in ran.json["findings"])


def test_rows_that_still_bear_one_key_are_refused_where_they_stand_now(repeated: Path, cli: Callable[..., Ran]) -> None:
    correct(repeated, H4="1.9")
    ran = cli("check", "--json", cwd=repeated)
    source, back = sorted(files(ran), key=lambda file: file["path"])
    assert (source["rejected"], back["accepted"], back["rejected"]) == (0, 0, 2)
    assert [item["file"] for item in ran.json["findings"] if item["code"] == "intake.duplicate-key"] == [
        "退回清单.xlsx"
    ]


def test_a_list_of_repeated_keys_that_the_export_has_no_more_is_refused(
    repeated: Path, cli: Callable[..., Ran]
) -> None:
    correct(repeated, F4="A9")
    rows = [
        ["截至2026年10月31日"],
        HEADER,
        ["C1", "A1", "活期", "1.5"],
        ["C2", "A2", "活期", "2"],
        ["C1", "A9", "活期", "1.8"],
    ]
    write_xlsx(repeated / "exports" / "存款账户.xlsx", rows, sheet="账户")
    ran = cli("check", "--json", cwd=repeated)
    source, back = sorted(files(ran), key=lambda file: file["path"])
    assert (source["accepted"], source["rejected"], back["accepted"], back["rejected"]) == (3, 0, 0, 2)
    (told,) = [item for item in ran.json["findings"] if item["code"] == "intake.corrected-stale"]
    assert told["count"] == 2


def test_a_posting_told_differently_is_put_right_in_the_list(tmp_path: Path, cli: Callable[..., Ran]) -> None:
    postings = {
        f"流水{number}.xlsx": [
            TRANSACTIONS,
            post(DAY, "C1", amount, number="T12"),
            post(OCTOBER, "C1", number, number=f"末{number}"),
        ]
        for number, amount in enumerate((100, 777), 1)
    }
    people = {"客户信息_20261031.xlsx": [CUSTOMERS, customer("C1")], "名册_20261031.xlsx": [MANAGERS, manager("M1")]}
    place = workspace(tmp_path, {**people, **postings})
    assert cli("run", "--period", "2026-10", cwd=tmp_path).code == 1
    book = openpyxl.load_workbook(tmp_path / "periods" / "2026-10" / "退回清单.xlsx")
    assert [page["I2"].value for page in book.worksheets] == ["100", "777"]
    del book[book.sheetnames[1]]
    book.save(tmp_path / "exports" / "退回清单.xlsx")
    found = {file["path"]: file for file in files(cli("check", "--json", cwd=tmp_path))}
    found.pop("名册_20261031.xlsx")
    assert {name: (file["rows"], file["accepted"], file["totals"].get("amount")) for name, file in found.items()} == {
        "客户信息_20261031.xlsx": (1, 1, None),
        "流水1.xlsx": (1, 1, "1.00"),
        "流水2.xlsx": (2, 1, "2.00"),
        "退回清单.xlsx": (1, 1, "100.00"),
    }
    assert int(reckon(place).segmented.customers["turnover"].sum()) == 10_300


def test_a_row_refused_for_want_of_its_day_counts_where_it_comes_back_with_one(
    tmp_path: Path, cli: Callable[..., Ran]
) -> None:
    """A book of two days does not say of which one the row is."""
    days = ["数据日期", "2026-09-30", "2026-10-31", None]
    rows = [HEADER, ["C1", "A1", "活期", "1"], ["C1", "A1", "活期", "2"], ["C2", "A2", "活期", "3"]]
    book = [[*row, day] for row, day in zip(rows, days, strict=True)]
    refused(tmp_path, cli, book)
    correct(tmp_path, I2="2026-10-31")
    ran = cli("check", "--json", cwd=tmp_path)
    source, back = sorted(files(ran), key=lambda file: file["path"])
    assert (source["rows"], source["accepted"], source["rejected"], back["accepted"]) == (2, 2, 0, 1)
    assert not any(item["level"] == "refused" for item in ran.json["findings"])


def test_a_row_whose_source_is_refused_no_longer_is_not_counted_twice(repeated: Path, cli: Callable[..., Ran]) -> None:
    """The list brings A1 of row 5; meanwhile the export says A9 in row 3, so that A1 stands there once."""
    book = openpyxl.load_workbook(repeated / "退回清单.xlsx")
    book.worksheets[0].delete_rows(3)
    book.save(repeated / "exports" / "退回清单.xlsx")
    rows = [["截至2026年10月31日"], HEADER]
    rows += [["C1", "A9", "活期", "1.5"], ["C2", "A2", "活期", "2"], ["C1", "A1", "活期", "1.8"]]
    write_xlsx(repeated / "exports" / "存款账户.xlsx", rows, sheet="账户")
    ran = cli("check", "--json", "--rejects", "又退.xlsx", cwd=repeated)
    assert "intake.corrected-stale" in {item["code"] for item in ran.json["findings"]}
    assert sum(file["accepted"] for file in files(ran)) == 3
    (page,) = openpyxl.load_workbook(repeated / "又退.xlsx").worksheets
    (row,) = page.iter_rows(min_row=3, values_only=True)
    assert (row[4], row[5], row[-1]) == ("C1", "A1", "intake.row-stale")


def test_what_need_not_be_seen_is_covered_and_comes_back_whole(tmp_path: Path, cli: Callable[..., Ran]) -> None:
    """A date is wrong: name, phone and address show as ***, the number that the row is found by and the date do not; a phone at fault is shown."""
    heads = ["客户号", "客户名称", "客户类型", "手机号", "地址", "开户日期"]
    rows = [heads, ["C1", "张三", "个人", "13800001234", "东关街1号", "2026-02-31"]]
    (tmp_path / "rules").mkdir()
    write_xlsx(tmp_path / "exports" / "客户信息.xlsx", rows)
    assert cli("check", "--rejects", "退回清单.xlsx", cwd=tmp_path).code == 1
    (page,) = openpyxl.load_workbook(tmp_path / "退回清单.xlsx").worksheets
    cells = {head.value: cell for head, cell in zip(page[1], page[2], strict=True)}
    covered = {head for head, cell in cells.items() if cell.number_format == '"***";"***";"***";"***"'}
    assert covered == {"客户名称", "手机号", "地址"}
    assert [cells[head].value for head in heads] == rows[1]
    correct(tmp_path, **{cells["开户日期"].coordinate: "2026-02-28"})
    back = next(file for file in files(cli("check", "--json", cwd=tmp_path)) if "退回清单" in file["path"])
    assert (back["accepted"], back["rejected"]) == (1, 0)
