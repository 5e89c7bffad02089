"""What is odd in a single row is told with its cell, by `check` as by a run; what cannot be known is not taken for nothing."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import duckdb
import pytest
from conftest import run_here, write_xlsx
from months import (
    CUSTOMERS,
    LOANS,
    LONG_AGO,
    MANAGERS,
    TRANSACTIONS,
    codes,
    customer,
    manager,
    monthly,
    post,
    reckon,
    workspace,
)

from kehujingli.errors import Finding, Problem
from kehujingli.intake.ledger import Export, Ledger, Sheet, hash_file
from kehujingli.intake.read import read_file
from kehujingli.tables import without_period

OCTOBER = dt.date(2026, 10, 31)
Files = dict[str, list[list[Any]]]
ADJUSTMENTS = ["工号", "考核期间", "加减分", "事由", "审批人"]


def told_of(root: Path, files: Files) -> dict[str, list[Finding]]:
    """Findings of October's tables, by code."""
    everything: Files = {
        "客户信息_20261031.xlsx": [CUSTOMERS, customer("C1"), customer("C2")],
        "流水.xlsx": [TRANSACTIONS, post(OCTOBER, "C2", 1)],
        **files,
    }
    month = reckon(workspace(root, everything), "2026-10")
    found: dict[str, list[Finding]] = {}
    for told in month.tables.findings:
        found.setdefault(told.code, []).append(told)
    return found


def loan(number: str, days: int, five: str = "正常", **more: Any) -> list[Any]:
    return [
        number,
        "C1",
        more.get("issued", LONG_AGO),
        OCTOBER,
        100,
        five,
        days,
        more.get("holder"),
        more.get("responsible"),
    ]


def test_a_loan_classed_too_well_is_told_with_its_cell(tmp_path: Path) -> None:
    loans = [LOANS, loan("L1", 30), loan("L2", 100), loan("L3", 300, "次级")]
    (told,) = told_of(tmp_path, {"贷款_20261031.xlsx": loans})["loan.class-too-good"]
    assert (told.file, told.sheet, told.cell, told.value, told.count) == ("贷款_20261031.xlsx", "Sheet1", "F4", "L3", 2)
    assert "应不好于可疑" in told.message


TARGETS = ["机构号", "工号", "指标", "任务数", "期间"]


def test_targets_that_hang_on_a_branch_alone_are_told_with_their_cell(tmp_path: Path) -> None:
    """People are scored, not branches: whose part of 东关's 500 is whose nobody can tell."""
    rows = [
        ["801001", "M1", "存款年日均净增", 100, "2026"],
        ["801001", None, "存款年日均净增", 500, "2026"],
        ["801002", None, "走访计划户数", 30, "2026-10"],
    ]
    (told,) = told_of(tmp_path, {"任务数.xlsx": [TARGETS, *rows]})["score.target-nobody"]
    assert (told.file, told.cell, told.value, told.count) == ("任务数.xlsx", "B3", "801001", 2)
    assert [spot.cell for spot in told.spots] == ["B3", "B4"]
    assert "801001、801002" in told.message


def test_the_banks_own_targets_are_told_as_such_and_not_refused(tmp_path: Path) -> None:
    rows = [[None, None, "存款年日均净增", 500, "2026"], ["801001", "M1", "存款年日均净增", 100, "2026"]]
    told = told_of(tmp_path, {"任务数.xlsx": [TARGETS, *rows]})
    assert "score.target-nobody" not in told
    assert "intake.id-missing" not in told
    (bank,) = told["score.target-bank"]
    assert (bank.cell, bank.value, bank.count) == ("C2", "存款年日均净增", 1)


def test_check_tells_targets_of_nobody_without_a_month(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "任务数.xlsx", [TARGETS, ["801001", None, "存款年日均净增", 500, "2026"]])
    assert "score.target-nobody" in {told["code"] for told in run_here("check", path, "--json").json["findings"]}


def test_figures_typed_in_for_somebody_off_the_roster_are_told(tmp_path: Path) -> None:
    files = {
        "名册_20261031.xlsx": [MANAGERS, manager("M1")],
        "人工填报.xlsx": [
            ["工号", "考核期间", "审批人", "走访计划完成率"],
            ["M1", "2026-10", "乙", 1],
            ["M9", "2026-10", "乙", 1],
        ],
    }
    (told,) = told_of(tmp_path, files)["table.manager-unknown"]
    assert (told.file, told.cell, told.value, told.count) == ("人工填报.xlsx", "A3", "M9", 1)


def test_figures_typed_in_under_a_name_are_the_managers(tmp_path: Path) -> None:
    files = {
        "客户信息_20261031.xlsx": [CUSTOMERS, customer("C1")],
        "流水.xlsx": [TRANSACTIONS, post(OCTOBER, "C1", 1)],
        "名册_20261031.xlsx": [MANAGERS, manager("M1")],
        "人工填报.xlsx": [["工号", "考核期间", "审批人", "走访计划完成率"], ["经理M1", "2026-10", "乙", 0.75]],
    }
    manual = reckon(workspace(tmp_path, files), "2026-10").papers.manual
    assert manual[["manager_id", "value"]].to_numpy().tolist() == [["M1", "0.75"]]


def test_an_adjustment_that_nobody_approved_is_told_with_its_cell(tmp_path: Path) -> None:
    lines = [
        ADJUSTMENTS,
        ["M1", "2026-10", -2, "迟到", None],
        ["M1", "2026-10", 1, "好", "王"],
        ["M1", "2026-09", 1, "好", None],
        ["M1", "2026-10", 1, "好", None],
    ]
    found = told_of(tmp_path, {"加减分.xlsx": lines, "名册_20261031.xlsx": [MANAGERS, manager("M1")]})
    assert [(told.file, told.cell) for told in found["score.adjustment-unapproved"]] == [
        ("加减分.xlsx", "E2"),
        ("加减分.xlsx", "E5"),
    ]
    assert "M1 经理M1 -2分" in found["score.adjustment-unapproved"][0].message


def test_an_adjustment_that_one_person_entered_and_approved_is_told(tmp_path: Path) -> None:
    lines = [
        ["工号", "考核期间", "分值", "事由", "经办人", "审批人"],
        ["M1", "2026-10", -2, "迟到", "王", "王"],
        ["M1", "2026-10", 1, "好", "王", "李"],
        ["M1", "2026-09", 1, "好", "王", "王"],
        ["M1", "2026-10", 1, "好", None, "李"],
    ]
    (told,) = told_of(tmp_path, {"加减分.xlsx": lines, "名册_20261031.xlsx": [MANAGERS, manager("M1")]})[
        "score.adjustment-one-hand"
    ]
    assert (told.cell, told.value, told.count) == ("F2", "王", 1)


@pytest.mark.parametrize("column", ["开户日期", "发放日期"])
def test_what_began_after_the_picture_was_taken_is_told(tmp_path: Path, column: str) -> None:
    late = dt.date(2030, 1, 1)
    young = customer("C3")
    young[4] = late
    people = [CUSTOMERS, customer("C1"), young]
    files = (
        {"客户信息_20261031.xlsx": people}
        if column == "开户日期"
        else {"贷款_20261031.xlsx": [LOANS, loan("L1", 0), loan("L2", 0, issued=late)]}
    )
    (told,) = told_of(tmp_path, files)["table.date-later"]
    assert (told.level, told.value, told.count) == ("warning", "2030-01-01", 1)
    assert told.cell == ("E3" if column == "开户日期" else "C3")
    assert "数据日期 2026-10-31" in told.message


def test_a_day_of_opening_on_the_picture_s_own_day_is_not_odd(tmp_path: Path) -> None:
    young = customer("C3")
    young[4] = OCTOBER
    assert "table.date-later" not in told_of(tmp_path, {"客户信息_20261031.xlsx": [CUSTOMERS, young]})


def test_who_is_not_on_the_roster_is_told_once_a_column(tmp_path: Path) -> None:
    people = [CUSTOMERS, customer("C1", holder="M1"), customer("C2", holder="M99"), customer("C3", holder="丁")]
    loans = [LOANS, loan("L1", 0, holder="M1", responsible="M98")]
    found = told_of(
        tmp_path,
        {
            "客户信息_20261031.xlsx": people,
            "贷款_20261031.xlsx": loans,
            "名册_20261031.xlsx": [MANAGERS, manager("M1")],
        },
    )["table.manager-unknown"]
    assert [(told.file, told.cell, told.count) for told in found] == [
        ("客户信息_20261031.xlsx", "F3", 2),
        ("贷款_20261031.xlsx", "I2", 1),
    ]
    assert "M99、丁" in found[0].message
    assert [spot.cell for spot in found[0].spots] == ["F3", "F4"]


def test_without_a_roster_nobody_is_missing_from_it(tmp_path: Path) -> None:
    people = [CUSTOMERS, customer("C1", holder="M1")]
    assert "table.manager-unknown" not in told_of(tmp_path, {"客户信息_20261031.xlsx": people})


def _by_account(rows: list[list[Any]]) -> list[list[Any]]:
    return [[row[0], *row[2:]] for row in rows]


def test_postings_by_account_without_accounts_make_nobody_dormant(tmp_path: Path) -> None:
    rows = [*monthly("C1", dt.date(2025, 11, 1), 12), post(OCTOBER, "C1", 5)]
    files: Files = {
        "客户信息_20261031.xlsx": [CUSTOMERS, customer("C1")],
        "流水.xlsx": _by_account([TRANSACTIONS, *rows]),
    }
    month = reckon(workspace(tmp_path, files), "2026-10")
    with pytest.raises(Problem) as stopped:
        _ = month.segmented
    assert stopped.value.exit == 4
    assert "存款账户" in str(stopped.value)
    (told,) = [told for told in month.findings if told.code == "table.unjoined"]
    assert (told.count, told.amount) == (13, 120_500)
    assert "intake.orphan" not in codes(month)


def test_postings_by_account_are_joined_where_accounts_are_there(tmp_path: Path) -> None:
    accounts = [["账号", "客户号", "余额"], ["AC1", "C1", 5]]
    files: Files = {
        "客户信息_20261031.xlsx": [CUSTOMERS, customer("C1")],
        "存款账户_20261031.xlsx": accounts,
        "流水.xlsx": _by_account([TRANSACTIONS, post(OCTOBER, "C1", 5)]),
    }
    month = reckon(workspace(tmp_path, files), "2026-10")
    assert int(month.segmented.customers["transactions"].iloc[0]) == 1


def test_repeated_keys_take_their_money_from_the_accepted(tmp_path: Path) -> None:
    people = write_xlsx(tmp_path / "客户信息_20261031.xlsx", [CUSTOMERS, customer("C1")])
    accounts = write_xlsx(
        tmp_path / "存款账户_20261031.xlsx",
        [["账号", "客户号", "余额"], ["A1", "C1", 100], ["A1", "C1", 999], ["A2", "C1", 5]],
    )
    _, told = run_here("check", people, accounts, "--json").json["files"]
    assert (told["rows"], told["accepted"], told["rejected"]) == (3, 1, 2)
    assert (told["totals"]["balance"], told["rejected_totals"]["balance"]) == ("5.00", "1099.00")


def _sheets(root: Path, files: Files) -> list[Sheet]:
    paths = [write_xlsx(root / name, grid) for name, grid in files.items()]
    exports = [Export(path, path.name, hash_file(path), path.stat().st_size) for path in paths]
    return Ledger(root / "ledger").read(exports)


def test_odd_rows_are_told_where_no_month_can_be(tmp_path: Path) -> None:
    sheets = _sheets(
        tmp_path,
        {"贷款.xlsx": [LOANS, loan("L2", 100)], "加减分.xlsx": [ADJUSTMENTS, ["M1", "2026-09", 1, "好", None]]},
    )
    found, _ = without_period(duckdb.connect(), sheets)
    assert {told.code: told.cell for told in found} == {
        "loan.class-too-good": "F2",
        "score.adjustment-unapproved": "E2",
    }


def test_a_sheet_that_lacks_a_column_is_refused(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "账户.xlsx", [["账号", "客户代号", "余额", "开户日期"], ["A1", "C1", 5, LONG_AGO]])
    ran = run_here("check", path, "--json")
    (told,) = ran.json["findings"]
    assert (told["code"], told["level"]) == ("intake.column-missing", "refused")
    assert ran.json["files"][0]["unread"] == 1


def test_balances_after_postings_are_no_control_total(tmp_path: Path) -> None:
    rows = [
        ["交易日期", "客户号", "借方发生额", "贷方发生额", "账户余额"],
        [OCTOBER, "C1", 50, None, 70_000],
        [OCTOBER, "C1", None, 5, 70_005],
    ]
    ran = run_here("check", write_xlsx(tmp_path / "流水.xlsx", rows))
    assert "55.00" in ran.out
    assert "140,005" not in ran.out


def test_a_channel_of_the_process_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "管道").symlink_to("/proc/self/fd/0")
    ran = run_here("check", tmp_path / "管道")
    assert ran.code == 4
    assert "不是普通文件" in ran.err


def test_an_authority_that_ends_before_it_begins_is_refused_with_its_cell_and_the_others_count(tmp_path: Path) -> None:
    first, last = dt.date(2026, 1, 1), dt.date(2026, 12, 31)
    head = ["工号", "等级", "单笔权限(万元)", "单户余额权限(万元)", "生效日期", "失效日期"]
    rows = [["M1", None, 30, 50, first, last], ["M2", None, 30, 50, last, first], [None, "初级", 30, 50, first, None]]
    (result,) = read_file(write_xlsx(tmp_path / "授权.xlsx", [head, *rows]), "授权.xlsx")
    assert [(one.code, one.cell) for one in result.findings if one.level == "refused"] == [
        ("intake.days-reversed", "F3")
    ]
    assert result.accepted is not None
    assert result.accepted.table["manager_id"].to_pylist() == ["M1", None]


CLAIMS = ["客户号", "条线", "工号", "业绩分配比例", "生效日期", "失效日期"]


def test_a_claim_of_less_than_nothing_is_told_and_moves_nothing(tmp_path: Path) -> None:
    rows = [
        ["C1", "存款", "M1", "-50%", None, None],
        ["C2", "存款", "M1", "40%", dt.date(2026, 10, 20), dt.date(2026, 10, 1)],
    ]
    found = told_of(tmp_path, {"名册_20261031.xlsx": [MANAGERS, manager("M1")], "业绩归属.xlsx": [CLAIMS, *rows]})
    (told,) = found["table.share-bad"]
    assert (told.count, told.cell) == (2, "D2")


PRICES = ["存款/贷款", "期限档", "FTP价格(%)", "生效日期"]


def test_two_prices_of_one_term_and_day_are_told_with_their_cells(tmp_path: Path) -> None:
    january, july = dt.date(2026, 1, 1), dt.date(2026, 7, 1)
    rows = [["存款", "≤1年", 2.1, january], ["存款", "1年以内", 2.2, january], ["存款", "≤1年", 2.2, july]]
    (told,) = told_of(tmp_path, {"内部资金价格.xlsx": [PRICES, *rows]})["table.price-twice"]
    assert (told.count, [spot.cell for spot in told.spots]) == (2, ["C2", "C3"])
    assert told.value == "2.1000%"


def test_a_driver_that_nobody_knows_is_told_and_the_cost_stays(tmp_path: Path) -> None:
    head = ["期间", "机构号", "费用类型", "金额", "分摊动因"]
    ran = run_here(
        "check", write_xlsx(tmp_path / "费用.xlsx", [head, ["2026-10", "801", "工资", 50, "人头"]]), "--json"
    )
    (told,) = (one for one in ran.json["findings"] if one["code"] == "intake.code-unknown")
    assert (told["sheet"], told["value"]) == ("Sheet1", "人头")
    assert ran.json["files"][0]["accepted"] == 1


def test_a_claim_for_nobody_on_the_roster_is_told(tmp_path: Path) -> None:
    rows = [["C1", "存款", "M9", "50%", None, None], ["C2", "存款", "M1", "50%", None, None]]
    found = told_of(tmp_path, {"名册_20261031.xlsx": [MANAGERS, manager("M1")], "业绩归属.xlsx": [CLAIMS, *rows]})
    assert [told.cell for told in found["table.manager-unknown"]] == ["C2"]


def test_postings_told_by_two_files_are_told_where_no_month_is_whole(tmp_path: Path) -> None:
    """Twenty days of October, once as a whole and once in part: no month can be reckoned, and the overlap is money."""
    days = range(1, 21)
    for name, chosen in (("流水甲", days), ("流水乙", list(days)[10:])):
        rows = [[dt.date(2026, 10, day), "A1", "贷", 100.5 * day, 1000 + day] for day in chosen]
        write_xlsx(tmp_path / f"{name}.xlsx", [["交易日期", "账号", "借贷标志", "交易金额", "账户余额"], *rows])
    told = [
        found
        for found in run_here("check", tmp_path, "--json").json["findings"]
        if found["code"] == "intake.overlap-proven"
    ]
    assert [found["count"] for found in told] == [10]


def test_a_bare_sixty_is_asked_whether_it_is_per_cent(tmp_path: Path) -> None:
    rows = [["C1", "存款", "M1", 60, None, None], ["C1", "存款", "M1", 40, None, None]]
    found = told_of(tmp_path, {"名册_20261031.xlsx": [MANAGERS, manager("M1")], "业绩归属.xlsx": [CLAIMS, *rows]})
    (told,) = found["table.share-percent"]
    assert (told.value, told.count) == ("60", 2)
    assert "60%" in told.cure


CONFLICTS = ["工号", "客户号", "行政村", "回避事由", "生效日期", "失效日期"]


def test_a_conflict_of_nobody_is_told_with_its_cell(tmp_path: Path) -> None:
    rows = [
        ["M1", "C1", None, "配偶", None, None],
        ["M9", "C1", None, "配偶", None, None],
        ["M1", "C7", None, "父子", None, None],
        ["M1", None, "李家村", "籍贯", None, None],
        ["M1", None, "王家村", "籍贯", None, None],
    ]
    people = [[*CUSTOMERS, "行政村"], [*customer("C1"), "王家村"], [*customer("C2"), "王家村"]]
    files: Files = {
        "客户信息_20261031.xlsx": people,
        "名册_20261031.xlsx": [MANAGERS, manager("M1")],
        "回避.xlsx": [CONFLICTS, *rows],
    }
    found = told_of(tmp_path, files)
    assert [(told.cell, told.value) for told in found["table.manager-unknown"]] == [("A3", "M9")]
    assert [(told.cell, told.value) for told in found["table.conflict-nobody"]] == [("B4", "C7"), ("C5", "李家村")]


def test_a_conflict_that_says_too_little_or_ends_before_it_begins_is_refused(tmp_path: Path) -> None:
    first, last = dt.date(2026, 9, 30), dt.date(2026, 10, 1)
    rows = [
        ["M1", "C1", None, "配偶", first, last],
        ["M1", "C1", None, "一天", first, first],
        ["M1", "C2", None, "颠倒", last, first],
        ["M1", None, None, "不说是谁", None, None],
        ["M1", "C2", None, None, None, None],
    ]
    (result,) = read_file(write_xlsx(tmp_path / "回避.xlsx", [CONFLICTS, *rows]), "回避.xlsx")
    told = {one.code: one.cell for one in result.findings if one.level == "refused"}
    assert told == {"intake.days-reversed": "F4", "intake.id-missing": "B5", "intake.value-missing": "D6"}
    assert result.accepted is not None
    assert result.accepted.table["reason"].to_pylist() == ["配偶", "一天"]


CLAIMS = ["客户号", "条线", "工号", "业绩分配比例", "生效日期", "失效日期"]
STAFF = [MANAGERS, manager("M1"), manager("M2", until=dt.date(2026, 10, 15))]


def test_a_claim_again_on_days_that_the_first_still_has_is_told_with_its_cell(tmp_path: Path) -> None:
    """C1: 30 % of M1 again without the first being ended. C2: the first ended before; of another line; of another person."""
    rows = [
        ["C1", "存款", "M1", "30%", dt.date(2026, 1, 1), None],
        ["C1", "全部", "M1", "30%", dt.date(2026, 6, 1), None],
        ["C2", "存款", "M1", "30%", dt.date(2026, 1, 1), dt.date(2026, 5, 31)],
        ["C2", "存款", "M1", "30%", dt.date(2026, 6, 1), None],
        ["C2", "贷款", "M1", "30%", dt.date(2026, 1, 1), None],
        ["C2", "存款", "M3", "30%", dt.date(2026, 1, 1), None],
    ]
    files = {"业绩归属.xlsx": [CLAIMS, *rows], "名册_20261031.xlsx": [*STAFF, manager("M3")]}
    found = told_of(tmp_path, files)
    (told,) = found["table.claim-twice"]
    assert (told.file, told.cell, told.value, told.count) == ("业绩归属.xlsx", "C3", "M1", 1)
    assert "table.claimant-gone" not in found


def test_a_claim_of_somebody_who_has_left_is_told_with_its_cell_one_that_ended_with_him_is_not(tmp_path: Path) -> None:
    rows = [
        ["C1", "存款", "M2", "30%", dt.date(2026, 1, 1), None],
        ["C2", "存款", "M2", "30%", dt.date(2026, 1, 1), dt.date(2026, 10, 15)],
    ]
    found = told_of(tmp_path, {"业绩归属.xlsx": [CLAIMS, *rows], "名册_20261031.xlsx": STAFF})
    (told,) = found["table.claimant-gone"]
    assert (told.file, told.cell, told.value, told.count) == ("业绩归属.xlsx", "C2", "M2", 1)
    assert "2026-10-31 那天归网点公共" in told.message


def test_a_line_that_nobody_knows_refuses_its_row_and_no_other(tmp_path: Path) -> None:
    rows = [["C1", "保险条线", "M1", "30%", None, None], ["C2", "存款", "M1", "30%", None, None]]
    files = {"业绩归属.xlsx": [CLAIMS, *rows], "名册_20261031.xlsx": [MANAGERS, manager("M1")]}
    everything: Files = {"客户信息_20261031.xlsx": [CUSTOMERS, customer("C1"), customer("C2")], **files}
    everything["流水.xlsx"] = [TRANSACTIONS, post(OCTOBER, "C2", 1)]
    month = reckon(workspace(tmp_path, everything), "2026-10")
    assert month.tables["attributions"]["customer_id"].tolist() == ["C2"]
    (told,) = (one for one in month.findings if one.file == "业绩归属.xlsx" and one.cell)
    assert (told.cell, told.value) == ("B2", "保险条线")
