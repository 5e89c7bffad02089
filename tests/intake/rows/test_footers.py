"""What is no data row? Totals, whichever column says so; and only what a row of data may really say is kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from conftest import write_xlsx

from kehujingli.intake.read import SheetResult, read_file

Read = Callable[[Sequence[Sequence[Any]]], SheetResult]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def make(rows: Sequence[Sequence[Any]]) -> SheetResult:
        (result,) = read_file(write_xlsx(tmp_path / "a.xlsx", rows), "a.xlsx")
        return result

    return make


def kept(result: SheetResult, key: str) -> tuple[list[Any], int, int]:
    """The accepted values, and how many rows were refused and left out."""
    assert result.accepted is not None
    return result.accepted.table[key].to_pylist(), len(result.accepted.rejects), result.accepted.footers


CUSTOMERS = ["机构", "客户号", "客户名称", "客户类型", "开户日期"]
FIRST, SECOND = ["东关社", "C1", "甲", "个人", "20200101"], ["西关社", "C2", "乙", "个人", "20200101"]


@pytest.mark.parametrize(
    "total",
    [
        ["东关社", "小计", "1户", None, None],
        ["西关社", "西关社小计", "1户", None, None],
        ["西关社小计", None, "1户", None, None],
        ["东关社 小计", None, None, None, None],
        ["801001汇总", None, None, None, None],
        [None, None, "总 计：", None, None],
        [None, "总户数", "2户", None, None],
        [None, "合计2户", None, None, None],
        [None, "2户", None, None, None],
        ["其中：农户", None, "1户", None, None],
        ["过次页", None, None, None, None],
    ],
)
def test_a_total_is_no_customer_whichever_column_says_it(read: Read, total: list[Any]) -> None:
    assert kept(read([CUSTOMERS, FIRST, total, SECOND]), "customer_id") == (["C1", "C2"], 0, 1)


@pytest.mark.parametrize("row", [["东关社", "C3", "何小计", "个人", "20200101"], ["东关社", "C3", "合计", None, None]])
def test_a_customer_may_bear_what_sounds_like_a_total(read: Read, row: list[Any]) -> None:
    assert kept(read([CUSTOMERS, FIRST, row, SECOND]), "customer_id") == (["C1", "C3", "C2"], 0, 0)


def test_a_total_stands_deep_in_a_long_list_too(read: Read) -> None:
    people = [["东关社", f"C{n}", "甲", "个人", "20200101"] for n in range(300)]
    people[150] = ["东关社", "小计", "150户", None, None]
    numbers, _, footers = kept(read([CUSTOMERS, *people]), "customer_id")
    assert (len(numbers), footers) == (299, 1)


def test_a_total_among_numbers_that_are_no_text_is_none_either(read: Read) -> None:
    rows = [["东关社", n, "甲", "个人", "20200101"] for n in range(100_000, 100_200)]
    rows[100] = ["东关社", "小计", "100户", None, None]
    numbers, refused, footers = kept(read([CUSTOMERS, *rows]), "customer_id")
    assert (len(numbers), refused, footers) == (199, 0, 1)


def test_a_remark_that_sounds_like_a_total_keeps_its_row(read: Read) -> None:
    """Where something that every row has is missing the row is refused, not passed over: its money is told."""
    header = ["交易日期", "账号", "借贷标志", "交易金额", "摘要"]
    rows = [["2026-10-01", "A1", "贷", 5, "奖金合计"], ["2026-10-02", None, "贷", 7, "奖金合计"]]
    assert kept(read([header, *rows]), "amount") == ([500], 1, 0)


def test_managers_and_fees_have_totals_too(read: Read) -> None:
    people = [["东关社", "M1", "甲", "801001"], ["东关社", "小计", "1人", "801001"], [None, "平均", None, None]]
    assert kept(read([["机构", "工号", "姓名", "机构号"], *people]), "manager_id") == (["M1"], 0, 2)
    fees = [["2026-10", "C1", "代销", 100], ["2026-10", "东关小计", None, 100], ["2026-10", None, "小计", 100]]
    assert kept(read([["期间", "客户号", "产品", "金额"], *fees]), "amount") == ([10_000], 0, 2)


def test_what_a_total_row_says_is_no_unknown_code(read: Read) -> None:
    result = read([["客户号", "账号", "存款种类", "余额"], ["C1", "A1", "活期", 1], [None, None, "合计：", 1]])
    assert [told.code for told in result.findings] == []


ACCOUNTS = ["客户号", "客户名称", "账号", "余额", "年日均"]


def account(n: int) -> list[Any]:
    return [f"C{n}", "张三", f"A{n}", n, 7]


def test_a_printed_export_begins_anew_on_every_page(read: Read) -> None:
    pages = [
        ["存款余额表"],
        ACCOUNTS,
        account(1),
        ["第1页 共2页"],
        ["存款余额表"],
        ACCOUNTS,
        account(2),
        ["第 2 页"],
        ["共 2 页"],
        ["页码：2"],
        ["合计", None, None, 3],
    ]
    result = read(pages)
    assert kept(result, "balance") == ([100, 200], 0, 7)
    assert {told.code for told in result.findings} == set()


def test_a_header_repeats_deep_in_a_long_list_and_over_numbers(read: Read) -> None:
    rows = [account(n) for n in range(300)]
    rows[150] = ACCOUNTS
    numbers, refused, footers = kept(read([ACCOUNTS, *rows]), "balance")
    assert (len(numbers), refused, footers) == (299, 0, 1)


def test_below_a_header_in_another_order_nothing_is_read_by_the_old_one(read: Read) -> None:
    """77 is 年日均: the sheet goes on where its own header comes again."""
    turned = [*ACCOUNTS[:3], "年日均", "余额"]
    result = read([ACCOUNTS, account(1), turned, ["C2", "李四", "A2", 77, 300], ACCOUNTS, account(3)])
    assert kept(result, "balance") == ([100, 300], 1, 2)
    (told,) = [told for told in result.findings if told.level == "refused"]
    assert (told.code, told.cell, told.count) == ("intake.second-table", "A4", 1)
    assert "第 3 行又是一个表头" in told.message


def test_a_second_table_below_is_one_finding(read: Read) -> None:
    roster = ["工号", "姓名", "机构号"]
    below = [["客户经理名册"], roster, *(["M1", "李四", "801001"] for _ in range(3)), ["合计", "3人"]]
    result = read([ACCOUNTS, account(1), account(2), ["合计", None, None, 3], [None], *below])
    assert kept(result, "balance") == ([100, 200], 3, 4)
    assert [(told.code, told.count) for told in result.findings] == [("intake.second-table", 3)]
    assert result.accepted is not None
    assert result.accepted.claims == {"balance": (300, 300)}


def test_one_word_of_a_header_is_no_header(read: Read) -> None:
    rows = [["M1", "存款余额", 5], ["M2", "贷款余额", 7]]
    assert kept(read([["工号", "指标", "任务数"], *rows]), "manager_id") == (["M1", "M2"], 0, 0)


def test_the_upper_row_of_a_header_of_two_comes_again(read: Read) -> None:
    upper, lower = ["客户号", "账号", "余额", "日均", None], [None, None, None, "本月", "本年"]
    result = read([upper, lower, ["C1", "A1", 1, 2, 3], upper, ["C2", "A2", 4, 5, 6]])
    assert kept(result, "balance") == ([100, 400], 0, 1)
