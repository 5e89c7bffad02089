"""Is a workbook that the quick reader cannot read, or aborts on, read by the other one, and the same?"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from conftest import write_xlsx

from kehujingli.intake.files import workbook
from kehujingli.intake.read import read_file

ROWS = [["账号", "客户号", "余额"], ["A1", "C1", 12.5], ["0012", "C2", 30]]


class PanicException(BaseException):
    """As a reader written in Rust aborts: no ``Exception``."""


def _read(path: Path) -> list[tuple[str, Any, list[dict[str, Any]]]]:
    return [
        (result.sheet, result.accepted.totals, result.accepted.table.to_pylist())
        for result in read_file(path, path.name)
        if result.accepted
    ]


@pytest.mark.parametrize("error", [ValueError("no such record"), PanicException("index out of bounds")])
def test_what_one_reader_aborts_on_the_other_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    path = write_xlsx(tmp_path / "账户.xlsx", ROWS, more={"旧": ROWS[:2]})
    before = _read(path)
    asked = []

    def abort(*given: Any) -> Any:
        asked.append(given)
        raise error

    monkeypatch.setattr(workbook, "read_sheet", abort)
    assert _read(path) == before
    assert asked


def test_what_neither_reads_is_one_finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_xlsx(tmp_path / "账户.xlsx", ROWS)

    def abort(*_: Any) -> Any:
        raise PanicException("index out of bounds")

    monkeypatch.setattr(workbook, "read_sheet", abort)
    monkeypatch.setattr(workbook, "cell_grids", abort)
    (result,) = read_file(path, path.name)
    assert [told.code for told in result.findings] == ["intake.unreadable"]


@pytest.mark.parametrize("later", [False, True], ids=["1900", "1904"])
def test_both_readers_say_what_cells_show(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, later: bool) -> None:
    """Zeros in front, a scale, a unit, per cent, days as dates, as serials and in words, a truth value: the same rows by either."""
    path = tmp_path / "账户.xlsx"
    with xlsxwriter.Workbook(str(path), {"date_1904": later}) as book:
        page = book.add_worksheet()
        padded, scaled, unit, percent, day = (
            book.add_format({"num_format": code})
            for code in ("00000000", "0!.0,", '0.00"元"', "0.00%", 'yyyy"年"m"月"d"日"')
        )
        page.write_row(0, 0, ["账号", "客户号", "余额(万元)", "利率(%)", "开户日期", "到期日", "状态"])
        page.write(1, 0, 123, padded)
        page.write_row(1, 1, ["C1"])
        page.write(1, 2, 15_000, scaled)
        page.write(1, 3, 0.0275, percent)
        page.write_datetime(1, 4, dt.date(2024, 2, 29), day)
        page.write(1, 5, 46_000)
        page.write(1, 6, True)
        page.write(3, 0, 45, padded)  # below a blank row
        page.write(3, 1, "0012")
        page.write(3, 2, 7, unit)
        page.write(3, 3, 1.5)
        page.write(3, 4, "2026-03-04")
        page.write_datetime(3, 5, dt.date(2026, 12, 31), day)
    before = _read(path)
    first, second = before[0][2]
    assert (first["account_id"], first["balance"], first["rate"]) == ("00000123", 15_000_00, 27_500)
    assert (second["account_id"], second["customer_id"], second["balance"]) == ("00000045", "0012", 7_00)

    def abort(*_: Any) -> Any:
        raise ValueError("no such record")

    monkeypatch.setattr(workbook, "read_sheet", abort)
    assert _read(path) == before
