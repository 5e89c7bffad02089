"""A unit in a file's name is told where the sheet has none, and never used."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import write_xlsx

from kehujingli.intake.ledger import Ledger
from kehujingli.month import Request, read_exports


@pytest.mark.parametrize(
    ("name", "header", "titles", "told"),
    [
        ("存款余额（万元）_20261031", "余额", [], True),
        ("存款余额(单位：万元)", "余额", [], True),
        ("存款余额（万元）", "余额(元)", [], False),
        ("存款余额（万元）", "余额", [["单位：万元"]], False),
        ("存款余额（元）", "余额", [], False),
        ("100万元以上存款", "余额", [], False),
    ],
)
def test_a_unit_in_a_files_name(tmp_path: Path, name: str, header: str, titles: list[list[str]], told: bool) -> None:
    path = write_xlsx(tmp_path / f"{name}.xlsx", [*titles, ["账号", "客户号", header], ["A1", "C1", 5]])
    _, findings = read_exports(Request(paths=(path,)), Ledger(tmp_path / "ledger"))
    assert ("intake.unit-in-name" in {found.code for found in findings}) == told
