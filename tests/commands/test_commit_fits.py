"""Does a committed plan give nobody a customer whom the plan itself could not have given, and is it told what people decided beside it?"""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from conftest import Ran, run_here, write_xlsx
from months import ACCOUNTS, CUSTOMERS, LOANS, LONG_AGO, MANAGERS, TRANSACTIONS, customer, manager, post, workspace

from kehujingli.workspace.plans import lines_of, plans_of

END = dt.date(2026, 10, 31)
PEOPLE = [customer("C1", holder="M1"), customer("C2", holder="M1"), customer("C3", holder="M2")]
AVOIDED = {"回避.xlsx": [["工号", "客户号", "回避事由"], ["M5", "C2", "配偶"]]}


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """M1 left and M2 takes C1 (owes 90,000) and C2 (40,000), for he alone has 50 万元 and room; C3 is his. M4 may lend 5 万元 and has
    room for 3, M5 is to avoid C2, M3 is of another branch."""
    roster = [
        [*manager("M1", until=dt.date(2026, 10, 20)), 50],
        [*manager("M2"), 50],
        [*manager("M3", branch="801002"), 50],
        [*manager("M4", capacity=1), 5],
        [*manager("M5", capacity=5), 50],
    ]
    balances = {"C1": 600_000, "C2": 80_000, "C3": 700_000}
    files = {
        "客户信息_20261031.xlsx": [CUSTOMERS, *PEOPLE],
        "存款账户_20261031.xlsx": [
            ACCOUNTS,
            *([f"A{who}", who, "活期", money, 0, LONG_AGO, None, None] for who, money in balances.items()),
        ],
        "贷款台账_20261031.xlsx": [
            LOANS,
            ["L1", "C1", LONG_AGO, dt.date(2026, 12, 15), 90_000, "正常", 0, None, None],
            ["L2", "C2", LONG_AGO, dt.date(2028, 1, 1), 40_000, "正常", 0, None, None],
        ],
        "名册_20261031.xlsx": [[*MANAGERS, "授信权限(万元)"], *roster],
        "流水.xlsx": [TRANSACTIONS, *(post(END, who, 1, money) for who, money in balances.items())],
        **AVOIDED,
    }
    place = workspace(tmp_path_factory.mktemp("fits") / "county", files)
    assert run_here("assign", "-w", place.root, "-o", place.root / "方案.xlsx").code in (0, 1)
    return place.root / "方案.xlsx"


@pytest.fixture
def book(written: Path, tmp_path: Path) -> Path:
    shutil.copytree(written.parent, tmp_path / "county")
    return tmp_path / "county" / written.name


def _fill(book: Path, cells: Mapping[tuple[str, str, str], Any]) -> None:
    """(sheet, customer or 全部同意, column) → what is typed there."""
    whole = openpyxl.load_workbook(book)
    for (name, who, column), value in cells.items():
        rows = list(whole[name].iter_rows())
        header = next(row for row in rows if column in [cell.value for cell in row])
        at = next(number for number, cell in enumerate(header) if cell.value == column)
        next(row for row in rows if who in [cell.value for cell in row])[at].value = value
    whole.save(book)


def _commit(book: Path, cells: Mapping[tuple[str, str, str], Any], *, agreed: str = "是") -> Ran:
    _fill(book, {("一并同意", "全部同意", "同意"): agreed, **cells})
    return run_here("assign", "-w", book.parent, "--commit", book)


def _stands(book: Path) -> dict[str, str]:
    plans = plans_of(book.parent / "plans")
    return {row.text("customer_id"): row.text("manager_id") for row in lines_of(plans[-1])} if plans else {}


def test_the_plan_as_it_was_proposed_fits(book: Path) -> None:
    ran = _commit(book, {})
    assert (ran.code, ran.err) == (0, "")
    assert _stands(book) == {"C1": "M2", "C2": "M2", "C3": "M2"}


LIST, TAKER = "管户经理", "到（工号 姓名）"


@pytest.mark.parametrize(
    "wrong",
    [
        {
            ("管户分配", "C1", LIST, "M4"): "C1 不能给 M4：贷款 9.00 万元超过他的授信权限 5.00 万元",
            ("管户分配", "C2", LIST, "M5"): "C2 不能给 M5：回避：配偶",
            ("管户分配", "C3", LIST, "M3"): "C3 不能给 M3：他不服务机构 801001",
        },
        {
            ("变动审批", "C1", TAKER, "M9"): "C1 不能给 M9：名册里没有这个工号",
            ("变动审批", "C2", TAKER, "M5 经理M5"): "C2 不能给 M5：回避：配偶",
            ("管户分配", "C3", LIST, "M1"): "C3 不能给 M1：他在 2026-11-01 不在岗",
        },
    ],
)
def test_receivers_written_by_hand_who_may_not_have_her_are_refused_with_their_rows(
    book: Path, wrong: dict[tuple[str, str, str, str], str]
) -> None:
    ran = _commit(book, {cell[:3]: cell[3] for cell in wrong})
    assert (ran.code, ran.err.count("assign.commit-unfit")) == (4, len(wrong))
    told = [line for line in ran.err.splitlines() if "不能给" in line]
    assert len(told) == len(wrong)
    for (sheet, *_), why in wrong.items():
        assert any(f"「{sheet}」第 " in line and why in line for line in told), why
    assert not _stands(book)


def test_a_receiver_written_by_hand_on_the_approval_counts_and_is_told(book: Path) -> None:
    ran = _commit(book, {("变动审批", "C1", TAKER): "M5"})
    assert (ran.code, "assign.commit-by-hand" in ran.err) == (0, True)
    assert "1 户的接收人是手改的（如 C1：M2 改为 M5）" in ran.err
    assert _stands(book) == {"C1": "M5", "C2": "M2", "C3": "M2"}


def test_a_receiver_changed_on_the_list_alone_counts(book: Path) -> None:
    ran = _commit(book, {("管户分配", "C1", LIST): "M5"})
    assert "如 C1：M2 改为 M5" in ran.err
    assert _stands(book)["C1"] == "M5"


def test_two_different_receivers_written_by_hand_are_refused_with_both_places(book: Path) -> None:
    ran = _commit(book, {("变动审批", "C1", TAKER): "M5", ("管户分配", "C1", LIST): "M4"})
    assert (ran.code, "assign.commit-two" in ran.err) == (4, True)
    assert "「变动审批」第 " in ran.err
    assert "「管户分配」第 " in ran.err
    assert not _stands(book)


def test_a_limit_that_people_go_beyond_is_told_and_counts(book: Path) -> None:
    """C2 weighs 2 with M4, who has room for 1."""
    ran = _commit(book, {("管户分配", "C2", LIST): "M4"})
    assert (ran.code, "assign.commit-over" in ran.err) == (1, True)
    assert "M4 照方案名下有 2 折算户（原来 0），超过管户上限 1" in ran.err
    assert _stands(book)["C2"] == "M4"


def test_who_stays_with_a_leaver_because_a_move_was_not_agreed_to_is_told(book: Path) -> None:
    ran = _commit(book, {("变动审批", "C1", "同意"): "否"})
    assert (ran.code, "assign.commit-stays" in ran.err) == (1, True)
    assert "1 户仍归现在的人，他却管不了（如 C1 归 M1：他在 2026-11-01 不在岗）" in ran.err
    assert _stands(book)["C1"] == "M1"


def test_whom_somebody_else_has_by_now_is_told(book: Path) -> None:
    """Between the proposal and its approval C3 went from M2 to M5."""
    rows = [CUSTOMERS, *PEOPLE[:2], customer("C3", holder="M5")]
    write_xlsx(book.parent / "exports" / "客户信息_20261031.xlsx", rows)
    ran = _commit(book, {})
    assert (ran.code, "assign.commit-stale" in ran.err) == (1, True)
    assert "1 户的管户经理在方案写出以后变了（如 C3：方案上原为 M2，现在是 M5），照方案归 M2" in ran.err


def test_who_is_due_for_rotation_and_left_with_the_holder_is_told(book: Path) -> None:
    """M2 has C3 since 2015; of the two who move nobody has looked after them for five years."""
    (rules,) = (book.parent / "rules").glob("*.toml")
    text = rules.read_text(encoding="utf-8")
    rules.write_text(text.replace("[assign]\n", "[assign]\nrotate_years = 5\n"), encoding="utf-8")
    claims = [["客户号", "条线", "工号", "生效日期"], ["C3", "全部", "M2", LONG_AGO]]
    write_xlsx(book.parent / "exports" / "业绩归属.xlsx", claims)
    ran = _commit(book, {})
    assert (ran.code, "assign.commit-rotate" in ran.err) == (0, True)
    assert "1 户该轮岗，照方案仍归原管户经理（如 C3）" in ran.err


def test_without_exports_it_is_told_that_nothing_was_checked(book: Path) -> None:
    for export in (book.parent / "exports").iterdir():
        export.unlink()
    ran = _commit(book, {})
    assert (ran.code, "assign.commit-unchecked" in ran.err) == (1, True)
    assert _stands(book)["C1"] == "M2"


def test_a_customer_in_two_rows_with_two_managers_is_refused(book: Path) -> None:
    _fill(book, {("管户分配", "C3", "客户号"): "C1", ("管户分配", "C1", LIST): "M5"})
    ran = run_here("assign", "-w", book.parent, "--commit", book)
    assert (ran.code, "assign.commit-two" in ran.err) == (4, True)
    assert not _stands(book)
