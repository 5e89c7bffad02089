"""What is accepted and read by nobody is said once a table, by check."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import Ran
from months import CUSTOMERS, LOANS, LONG_AGO, TRANSACTIONS, customer, post, workspace

from kehujingli import terms

PERIOD = "2026-10"


def _told(root: Path, cli: Callable[..., Ran], files: dict[str, list[list[Any]]]) -> list[dict[str, Any]]:
    whole = {
        "客户信息_20261031.xlsx": [CUSTOMERS, customer("C1")],
        "流水.xlsx": [TRANSACTIONS, post(LONG_AGO.replace(year=2026, month=10, day=31), "C1", 1, number="1")],
        **files,
    }
    place = workspace(root, whole)
    found = cli("check", "-w", place.root, "--json").json["findings"]
    return [told for told in found if "unused" in told["code"]]


def test_one_note_a_table_names_the_columns_that_nobody_reads(tmp_path: Path, cli: Callable[..., Ran]) -> None:
    loan = ["L1", "C1", LONG_AGO, LONG_AGO.replace(year=2030), 100, "正常", 0, "M01", "M01", "信用", "借新还旧"]
    header = [*LOANS, "担保方式", "展期"]
    branches = ["机构号", "机构名称", "人数", "费用"]
    told = _told(
        tmp_path,
        cli,
        {
            "贷款台账_20260930.xlsx": [header[:-1], loan[:-1]],
            "贷款台账_20261031.xlsx": [header, loan],
            "机构_20261031.xlsx": [branches, ["801001", "东关", 5, 100]],
            "费用.xlsx": [["期间", "机构号", "费用类型", "金额"], ["2026-10", "801001", "房租", 100]],
        },
    )
    said = {line["message"].split("有")[0]: line["message"] for line in told if line["code"] == "table.columns-unused"}
    assert "“担保方式”、“展期”" in said["贷款台账"]
    assert "机构" not in said, "headcount reads 费用, branches 人数"
    assert len([line for line in told if "贷款台账" in line["message"]]) == 1
    assert "费用" not in said, "studies read it"
    assert {line["level"] for line in told} == {"note"}
    assert "link" in next(line["message"] for line in told if line["code"] == "rules.link-unused")


def test_columns_that_are_read_are_not_called_unused(tmp_path: Path, cli: Callable[..., Ran]) -> None:
    told = _told(tmp_path, cli, {"客户信息_20261031.xlsx": [[*CUSTOMERS, "集团号"], [*customer("C1"), "G1"]]})
    assert [line["code"] for line in told] == ["rules.link-unused"]


@pytest.mark.parametrize(
    "table", [table for table in terms.TABLES if table.key != "costs"], ids=lambda table: table.key
)
def test_what_a_table_must_have_is_read(table: terms.Table) -> None:
    """A key or a column without which a sheet is no such table is never called unused."""
    needed = {key for group in table.requires for key in group if len(group) == 1} | set(table.keys)
    assert terms.unread(table.key, {key: table.column(key).label for key in needed}) == []
