"""Is a workbook that the quick reader cannot read, or aborts on, read by the other one, and the same?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
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
