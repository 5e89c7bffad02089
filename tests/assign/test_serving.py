"""Who serves a branch that 服务范围 names, however it is named?"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from months import ACCOUNTS, CUSTOMERS, TRANSACTIONS, customer, monthly, reckon, workspace

from kehujingli.month import Month

ROSTER = ["工号", "姓名", "机构号", "管户上限", "服务范围", "离任日期"]
BRANCHES = ["机构号", "机构名称", "区域", "并入机构", "撤并日期"]
COUNTY = (["801", "东关社", "东片"], ["802", "西关社", "西片"], ["803", "南关社", "西片"])


def _october(
    root: Path, serves: str | None, *branches: list[object], home: str = "801", until: dt.date | None = None
) -> Month:
    """A customer of 600,000 in each of 802 and 803; one manager, at 801."""
    people = [customer("C2", branch="802"), customer("C3", branch="803")]
    files = {
        "客户信息_20261031.xlsx": [CUSTOMERS, *people],
        "存款账户_20261031.xlsx": [
            ACCOUNTS,
            *([f"A{row[0]}", row[0], "活期", 600_000, 0, dt.date(2015, 1, 1), None, None] for row in people),
        ],
        "客户经理名册_20261031.xlsx": [ROSTER, ["M1", "甲", home, 80, serves, until]],
        "机构_20261031.xlsx": [BRANCHES, *branches] if branches else [BRANCHES[:3], *COUNTY],
        "交易流水.xlsx": [TRANSACTIONS, *monthly("C2", dt.date(2025, 11, 1), 12)],
    }
    return reckon(workspace(root, files), "2026-10")


def _served(month: Month) -> set[str]:
    plan = month.plan.customers
    return set(plan.loc[plan["assigned_manager"].notna(), "customer_id"])


def _told(month: Month) -> dict[str, str]:
    return {told.code: told.message for told in month.findings if "服务范围" in told.message}


@pytest.mark.parametrize(
    ("serves", "reached"),
    [
        ("802", {"C2"}),
        ("西关社", {"C2"}),
        ("西片", {"C2", "C3"}),
        ("802、南关社", {"C2", "C3"}),
        ("全辖", {"C2", "C3"}),
    ],
)
def test_numbers_names_and_regions_are_understood(tmp_path: Path, serves: str, reached: set[str]) -> None:
    month = _october(tmp_path, serves)
    assert _served(month) == reached
    assert ("intake.name-resolved" in _told(month)) == (serves not in ("802", "全辖"))
    assert "assign.serves-unknown" not in _told(month)


def test_what_nobody_understands_is_told_with_its_people(tmp_path: Path) -> None:
    month = _october(tmp_path, "802、北关社")
    assert _served(month) == {"C2"}
    assert "M1“北关社”" in _told(month)["assign.serves-unknown"]


def test_a_name_that_two_branches_bear_is_not_guessed(tmp_path: Path) -> None:
    month = _october(tmp_path, "城关", ["802", "城关", "甲"], ["803", "城关", "乙"], ["801", "东关社", "丙"])
    assert _served(month) == set()
    assert "assign.serves-unknown" in _told(month)


def test_nothing_is_asked_of_leavers_or_of_the_own_branch(tmp_path: Path) -> None:
    assert not _told(_october(tmp_path / "own", "本社"))
    gone = _october(tmp_path / "gone", "北关社", until=dt.date(2026, 10, 15))
    assert gone.plan.customers["assigned_manager"].isna().all()
    assert not _told(gone)


@pytest.mark.parametrize("serves", ["803", "南关社", "西片"])
@pytest.mark.parametrize("into", ["802", "西关社"])
def test_who_serves_a_merged_branch_serves_where_it_went(tmp_path: Path, serves: str, into: str) -> None:
    merged = [["803", "南关社", "西片", into, dt.date(2026, 10, 15)], ["802", "西关社", None], ["801", "东关社", None]]
    month = _october(tmp_path, serves, *merged)
    assert "C2" in _served(month)
