"""替代率 and 月活 of a tiny county, counted by hand: 801001 has A, B, C and E, 802001 has D; October 2026."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from months import ACCOUNTS, CUSTOMERS, LONG_AGO, MANAGERS, TRANSACTIONS, codes, customer, manager, reckon, workspace

from kehujingli.commands.month import branch_records
from kehujingli.measures.channels import channel_kind
from kehujingli.measures.ebank import with_ebank
from kehujingli.month.outputs import write_classes_book
from kehujingli.rules.models import ChannelWords

OCTOBER, SEPTEMBER = dt.date(2026, 10, 12), dt.date(2026, 9, 12)
HOMES = {"A": "801001", "B": "801001", "C": "801001", "D": "802001", "E": "801001"}
POSTINGS: list[tuple[dt.date, str, float, str, str | None]] = [
    (OCTOBER, "A", -10, "转账", "手机银行"),
    (OCTOBER, "A", -20, "取款", "ＡＴＭ"),
    (OCTOBER, "A", 30, "现金存款", "柜面"),
    (OCTOBER, "A", 5, "结息", "手机银行"),
    (OCTOBER, "B", 40, "转账", "网上银行"),
    (OCTOBER, "B", 60, "代发工资", "柜面"),
    (OCTOBER, "B", 70, "转账", "批量"),
    (SEPTEMBER, "B", -80, "转账", "手机银行"),
    (OCTOBER, "C", -50, "转账", None),
    (OCTOBER, "C", -51, "转账", "村口"),
    (OCTOBER, "C", -52, "转账", "村口"),
    (OCTOBER, "D", -90, "现金取款", "自动柜员机"),
    (OCTOBER, "E", -90, "现金取款", "柜台"),
]
"""801001: A's phone and ATM and B's receipt are 3 replaced, A's deposit and E's withdrawal 2 at the counter. Interest, wages, a batch and
September are in neither; three cannot be told. Only A paid through an electronic channel: B received, D was at a machine."""


def county(
    root: Path, postings: list[tuple[dt.date, str, float, str, str | None]] = POSTINGS, told: bool = True
) -> Any:
    rows = [
        [day, who, f"A{who}", "贷" if amount > 0 else "借", abs(amount), None, kind, f"T{number}", channel]
        for number, (day, who, amount, kind, channel) in enumerate(postings)
    ]
    accounts = [[f"A{who}", who, "活期", 1000, None, LONG_AGO, None, None] for who in HOMES]
    return workspace(
        root,
        {
            "2026-10/客户信息.xlsx": [
                CUSTOMERS,
                *(customer(who, holder="M1", branch=home) for who, home in HOMES.items()),
            ],
            "2026-10/存款账户.xlsx": [ACCOUNTS, *accounts],
            "2026-10/客户经理名册.xlsx": [MANAGERS, manager("M1")],
            "流水/交易流水.xlsx": [[*TRANSACTIONS, "渠道"], *rows]
            if told
            else [TRANSACTIONS, *(row[:-1] for row in rows)],
        },
    )


def figures(month: Any) -> dict[tuple[str, str], tuple[Any, ...]]:
    keys = ("replaced_postings", "counter_postings", "channel_share", "monthly_users")
    return {(row["branch_id"], row["held_by"]): tuple(row[key] for key in keys) for row in branch_records(month)}


def sheet_of(month: Any, target: Path) -> list[dict[str, Any]]:
    """The line of totals, then the branches."""
    write_classes_book(month, target)
    rows = list(openpyxl.load_workbook(target)["机构汇总"].iter_rows(values_only=True))
    start = next(index for index, row in enumerate(rows) if row[0] == "机构号")
    return [dict(zip(rows[start], row, strict=True)) for row in (rows[start - 1], *rows[start + 1 :])]


def test_each_branch_the_county_and_whose_it_is(tmp_path: Path) -> None:
    month = reckon(county(tmp_path), "2026-10")
    told = figures(month)
    assert told["801001", ""] == (3, 2, "0.600000", 1)
    assert told["802001", ""] == (1, 0, "1.000000", 0)
    assert told["801001", "managers"] == (3, 2, "0.600000", 1)
    assert told["", "managers"] == (4, 2, "0.666667", 1), "the county: 4 ÷ 6, no mean of 0.6 and 1"
    sheet = sheet_of(month, tmp_path / "客户分类.xlsx")
    (first,) = [row for row in sheet if row["机构号"] == "801001" and row["名下"] == "机构合计"]
    assert (first["替代率"], first["月活"]) == (0.6, 1)
    total = sheet[0]
    assert (round(total["替代率"], 6), total["月活"]) == (0.666667, 1)


def test_what_cannot_be_told_is_told_with_its_words(tmp_path: Path) -> None:
    month = reckon(county(tmp_path), "2026-10")
    figures(month)
    (said,) = [told for told in month.findings if told.code == "segment.channel-unknown"]
    assert said.count == 3
    assert "3 笔流水看不出走的什么渠道：“村口”（2 笔）、空着（1 笔）" in said.message


def test_a_word_of_the_rules_tells_it(tmp_path: Path) -> None:
    place = county(tmp_path)
    rules = place.root / "rules" / "2000-01-01.toml"
    text = rules.read_text(encoding="utf-8")
    rules.write_text(
        text.replace(
            "[segment.frequency]", '[segment.channels]\nself_service = ["ATM", "村口"]\n\n[segment.frequency]'
        ),
        encoding="utf-8",
    )
    month = reckon(place, "2026-10")
    assert figures(month)["801001", ""] == (5, 2, f"{5 / 7:.6f}", 1)
    assert figures(month)["802001", ""] == (0, 1, "0.000000", 0), "自动柜员机 without its word is 柜员"


@pytest.mark.parametrize("there", [False, True])
def test_without_a_channel_there_is_neither(tmp_path: Path, there: bool) -> None:
    """No column 渠道, or nothing in it: 缺, not 0; the sheet has no such columns, and nothing is asked again and again."""
    month = reckon(county(tmp_path, [(*row[:4], None) for row in POSTINGS], told=there), "2026-10")
    assert set(figures(month).values()) == {(None, None, None, None)}
    assert "segment.channel-unknown" not in codes(month)
    assert not {"替代率", "月活"} & sheet_of(month, tmp_path / "客户分类.xlsx")[0].keys()


@pytest.mark.parametrize(
    ("channel", "kind"),
    [
        ("自动柜员机", "self_service"),
        ("智能柜台", "self_service"),
        ("个人手机银行", "electronic"),
        ("综合柜员", "counter"),
        ("网点ATM", "self_service"),
        ("pos机", "electronic"),
        ("柜面批量", "batch"),
        ("大额支付系统", ""),
        ("21", ""),
        ("1", "counter"),
    ],
)
def test_the_longest_word_tells_the_kind(channel: str, kind: str) -> None:
    words = ChannelWords()
    assert channel_kind(channel, words.model_copy(update={"counter": (*words.counter, "1")})) == kind


EBANK = ["客户号", "渠道", "开通日期", "最近登录日期", "注销日期", "状态", "数据日期"]
LAST = dt.date(2026, 10, 31)
OPENED: list[list[Any]] = [
    ["A", "手机银行", dt.date(2025, 1, 1), dt.date(2026, 9, 30), None, "正常", LAST],
    ["B", "手机银行", dt.date(2025, 1, 1), dt.date(2026, 10, 1), None, "正常", LAST],
    ["B", "网银", dt.date(2025, 1, 1), None, None, "正常", LAST],
    ["C", "手机银行", dt.date(2025, 1, 1), None, None, None, LAST],
    ["D", "手机银行", dt.date(2025, 1, 1), dt.date(2026, 10, 3), dt.date(2026, 10, 31), None, LAST],
    ["E", "手机银行", dt.date(2025, 1, 1), dt.date(2026, 10, 3), None, "已解约", LAST],
]
"""A logged in last in September but paid by phone in October; B logged in; C never did; D's has ended by its day, E's by its word."""


def opened(root: Path, rows: list[list[Any]]) -> Any:
    place = county(root)
    sheet = openpyxl.Workbook()
    for row in [EBANK, *rows]:
        sheet.active.append(row)
    sheet.save(place.root / "exports" / "2026-10" / "电子渠道.xlsx")
    return reckon(place, "2026-10")


def shares(month: Any) -> dict[tuple[str, str], tuple[Any, ...]]:
    keys = ("ebank_customers", "ebank_active", "ebank_share")
    return {(row["branch_id"], row["held_by"]): tuple(row[key] for key in keys) for row in branch_records(month)}


def test_who_has_an_electronic_channel_and_who_uses_it(tmp_path: Path) -> None:
    month = opened(tmp_path, OPENED)
    told = shares(month)
    assert told["801001", ""] == (3, 2, f"{2 / 3:.6f}")
    assert told["802001", ""] == (0, 0, None)
    assert told["", "managers"] == (3, 2, f"{2 / 3:.6f}")
    assert {code for code in codes(month) if code.startswith("segment.ebank")} == set()
    sheet = sheet_of(month, tmp_path / "客户分类.xlsx")
    assert (sheet[0]["开通户"], round(sheet[0]["动户率"], 6)) == (3, round(2 / 3, 6))


def test_a_use_after_the_month_hides_whether_there_was_one_within_it(tmp_path: Path) -> None:
    """C logged in on 2 November, and did not pay in October by phone: nobody knows. A did, whatever the table says."""
    later, day = dt.date(2026, 11, 2), dt.date(2026, 10, 31)
    rows = [[*OPENED[0][:3], later, None, None, day], [*OPENED[3][:3], later, None, None, day]]
    month = opened(tmp_path, rows)
    assert shares(month)["801001", ""] == (2, None, None)
    (said,) = [told for told in month.findings if told.code == "segment.ebank-later"]
    assert said.count == 1


def test_a_table_of_before_the_month_tells_no_use_of_it(tmp_path: Path) -> None:
    month = opened(tmp_path, [[*row[:6], dt.date(2026, 9, 30)] for row in (OPENED[0], OPENED[3])])
    assert shares(month)["801001", ""] == (2, None, None)
    assert "segment.ebank-early" in codes(month)


def test_without_days_of_use_the_postings_tell_it(tmp_path: Path) -> None:
    month = opened(tmp_path, [[*row[:3], None, *row[4:]] for row in OPENED])
    assert shares(month)["801001", ""] == (3, 1, f"{1 / 3:.6f}"), "A paid by phone, B only received"


def test_a_word_that_says_neither_open_nor_ended_is_told(tmp_path: Path) -> None:
    month = opened(tmp_path, [[*OPENED[1][:5], "待核", LAST]])
    assert shares(month)["801001", ""] == (1, 1, "1.000000")
    (said,) = [told for told in month.findings if told.code == "segment.ebank-status"]
    assert "“待核”（1 行）" in said.message


def test_a_channel_of_nobody_is_told(tmp_path: Path) -> None:
    month = opened(tmp_path, [["Z", *OPENED[0][1:]], OPENED[1]])
    assert shares(month)["801001", ""] == (1, 1, "1.000000")
    (said,) = [told for told in month.findings if told.code == "table.dangling"]
    assert "电子渠道.xlsx" in said.message


def test_without_the_table_there_is_neither(tmp_path: Path) -> None:
    month = reckon(county(tmp_path), "2026-10")
    assert set(shares(month).values()) == {(None, None, None)}
    assert not {"开通户", "动户率"} & sheet_of(month, tmp_path / "客户分类.xlsx")[0].keys()
    assert with_ebank(None, month.tables["ebank"], (), month.period) == (None, [])
