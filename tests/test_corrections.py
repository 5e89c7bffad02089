"""退回清单: a refused row is put right in the workbook it was told in, put back, and takes its own place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from conftest import Ran, write_xlsx

pytestmark = pytest.mark.slow  # whole months, or many processes; the quick run has a month of its own

HEADER = ["客户号", "账号", "存款种类", "余额(万元)"]


@pytest.fixture
def county(tmp_path: Path, cli: Callable[..., Ran]) -> Path:
    for name in ("rules", "exports"):
        (tmp_path / name).mkdir()
    rows = [
        ["示例县存款账户"],
        ["截至2026年10月31日"],
        HEADER,
        ["C1", "A1", "活期", "1.5"],
        ["C2", "A2", "活期", "2,O0"],
        ["", "A3", "定期", "3"],
    ]
    write_xlsx(tmp_path / "exports" / "存款账户.xlsx", rows, sheet="账户")
    assert cli("check", "--rejects", "退回清单.xlsx", cwd=tmp_path).code == 1
    return tmp_path


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
    assert rows[:2] == [["示例县存款账户", *[None] * 9], ["截至2026年10月31日", *[None] * 9]]
    assert rows[2] == [*HEADER, "问题单元格", "原因", "怎么改", "来源文件", "来源工作表", "来源行"]
    assert rows[3][:5] == ["C2", "A2", "活期", "2,O0", "D5"]
    assert "字母 O" in str(rows[3][5])
    assert rows[3][7:] == ["存款账户.xlsx", "账户", "5"]


def test_what_was_put_right_takes_the_place_of_what_was_refused(county: Path, cli: Callable[..., Ran]) -> None:
    correct(county, D4="2.00", A5="C3")
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
    correct(county, D4="2.00")
    ran = cli("check", "--json", cwd=county)
    source, back = sorted(files(ran), key=lambda file: file["path"])
    assert (source["rejected"], back["accepted"], back["rejected"]) == (0, 1, 1)
    refused = [item for item in ran.json["findings"] if item["level"] == "refused"]
    assert [(item["file"], item["code"]) for item in refused] == [("退回清单.xlsx", "intake.id-missing")]


def test_a_row_taken_out_of_the_list_stays_refused_at_its_source(county: Path, cli: Callable[..., Ran]) -> None:
    correct(county, D4="2.00")
    book = openpyxl.load_workbook(county / "exports" / "退回清单.xlsx")
    book.worksheets[0].delete_rows(5)
    book.save(county / "exports" / "退回清单.xlsx")
    ran = cli("check", "--json", cwd=county)
    source, _ = sorted(files(ran), key=lambda file: file["path"])
    assert (source["rows"], source["rejected"], source["rejected_totals"]["balance"]) == (2, 1, "30000.00")
    assert [item["cell"] for item in source["findings"] if item["level"] == "refused"] == ["A6"]


def test_a_list_made_from_an_older_export_is_not_counted_twice(county: Path, cli: Callable[..., Ran]) -> None:
    correct(county, D4="2.00", A5="C3")
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
