"""What belongs to a period? Repeated keys, rows that point nowhere, names for numbers, postings undone or told twice."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from conftest import write_xlsx
from months import (
    ACCOUNTS,
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

from kehujingli.errors import Exit, Problem
from kehujingli.periods import day_of

OCTOBER = dt.date(2026, 10, 31)
LATE = dt.date(2026, 10, 20)


def _account(number: str, who: str, balance: float = 100.0) -> list[object]:
    return [number, who, "活期", balance, 0, LONG_AGO, None, None]


def _files(
    *postings: list[object], people: list[list[object]] | None = None, **more: list[list[object]]
) -> dict[str, list[list[object]]]:
    return {
        "客户信息_20261031.xlsx": [CUSTOMERS, *(people or [customer("C1"), customer("C2")])],
        "流水.xlsx": [TRANSACTIONS, *postings, post(OCTOBER, "C2", 1)],
        **{f"{name}.xlsx": grid for name, grid in more.items()},
    }


def test_one_key_with_two_balances_refuses_both_rows(tmp_path: Path) -> None:
    accounts = [ACCOUNTS, _account("A1", "C1", 100), _account("A1", "C1", 200), _account("A2", "C1", 5)]
    month = reckon(workspace(tmp_path, _files(存款账户_20261031=accounts)), "2026-10")
    assert list(month.tables["accounts"]["account_id"]) == ["A2"]
    (told,) = [told for told in month.findings if told.code == "intake.duplicate-key"]
    assert told.level == "refused"
    assert told.count == 2


def test_the_same_row_twice_is_one_row(tmp_path: Path) -> None:
    accounts = [ACCOUNTS, _account("A1", "C1"), _account("A1", "C1")]
    month = reckon(workspace(tmp_path, _files(存款账户_20261031=accounts)), "2026-10")
    assert len(month.tables["accounts"]) == 1
    assert "intake.duplicate-key" not in {told.code for told in month.findings if told.level == "refused"}


def test_a_posting_of_nobody_stays_in_the_totals(tmp_path: Path) -> None:
    month = reckon(workspace(tmp_path, _files(post(LATE, "C9", 1_204.56))), "2026-10")
    assert list(month.tables.unlinked.values()) == [(1, 120_456)]
    (told,) = [told for told in month.findings if told.code == "intake.orphan"]
    assert "1,204.56" in told.message


def test_the_same_transaction_number_counts_once_over_files(tmp_path: Path) -> None:
    row = post(LATE, "C1", 100, number="N1")
    again = {"重导": [TRANSACTIONS, row, post(LATE, "C1", 7, number="N2")]}
    month = reckon(workspace(tmp_path, _files(row, **again)), "2026-10")
    classes = month.segmented.customers.set_index("customer_id")
    assert (classes.loc["C1", "transactions"], classes.loc["C1", "turnover"]) == (2, 10_700)


def test_files_of_equal_content_are_read_once(tmp_path: Path) -> None:
    place = workspace(tmp_path, _files(post(LATE, "C1", 100)))
    (tmp_path / "exports" / "流水(1).xlsx").write_bytes((tmp_path / "exports" / "流水.xlsx").read_bytes())
    month = reckon(place, "2026-10")
    assert month.segmented.customers.set_index("customer_id").loc["C1", "transactions"] == 1
    assert "intake.same-file" in codes(month)


def test_equal_pictures_of_two_days_are_two_pictures(tmp_path: Path) -> None:
    """Nothing moved from September to October: the average is that of two month ends, and nobody is told 时点. Postings are read once all the same."""
    book = [LOANS, ["L1", "C1", dt.date(2020, 1, 1), dt.date(2027, 1, 1), 1_200, "正常", 0, None, None]]
    place = workspace(tmp_path, {**_files(post(LATE, "C1", 100)), "贷款台账_20260930.xlsx": book})
    exports = tmp_path / "exports"
    for copy, original in (
        ("贷款台账_20261031.xlsx", "贷款台账_20260930.xlsx"),
        ("贷款台账_20261031(1).xlsx", "贷款台账_20260930.xlsx"),
        ("流水_20261031.xlsx", "流水.xlsx"),
    ):
        (exports / copy).write_bytes((exports / original).read_bytes())
    month = reckon(place, "2026-10")
    assert month.segmented.customers.set_index("customer_id").loc["C1", "transactions"] == 1
    assert month.tables.days["loans"] == day_of(dt.date(2026, 10, 31))
    assert set(month.tables.loan_history["snapshot"]) == {
        day_of(dt.date(2026, 9, 30)),
        day_of(dt.date(2026, 10, 31)),
    }
    (told,) = [told for told in month.findings if told.code == "intake.same-picture"]
    assert "2026-09-30、2026-10-31" in told.message
    assert {told.file for told in month.findings if told.code == "intake.same-file"} == {
        "贷款台账_20261031.xlsx",
        "流水_20261031.xlsx",
    }


def test_a_posting_and_its_reversal_are_no_activity(tmp_path: Path) -> None:
    wrong = [*post(LATE, "C1", 500)[:6], "转账", None]
    undone = [*post(dt.date(2026, 10, 21), "C1", -500)[:6], "冲正", None]
    month = reckon(workspace(tmp_path, _files(wrong, undone, post(LATE, "C1", 30))), "2026-10")
    classes = month.segmented.customers.set_index("customer_id")
    assert (classes.loc["C1", "transactions"], classes.loc["C1", "turnover"]) == (1, 3_000)


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([("", 500, "99"), ("", -500, "100")], id="numbers are numbers"),
        pytest.param([("", 500, "CT99"), ("", -500, "CT100")], id="with letters before them"),
        pytest.param([("10:05", -500, ""), ("10:00", 500, "")], id="the newest row first, told by the time"),
        pytest.param([("10:05", -500, "1"), ("10:00", 500, "2")], id="the time says more than a number"),
        pytest.param([("", -500, ""), ("", 500, ""), ("", 30, "")], id="the newest row first, told by the days"),
        pytest.param([("", -500, "B7"), ("", 500, "X9"), ("", 30, "")], id="numbers of two series tell nothing"),
    ],
)
def test_a_reversal_of_the_same_day_finds_its_original(tmp_path: Path, rows: list[tuple[str, float, str]]) -> None:
    days = [LATE, LATE, dt.date(2026, 10, 2)]
    grid: list[list[object]] = [[*TRANSACTIONS, "交易时间"]]
    for day, (time, amount, number) in zip(days, rows, strict=False):
        kind = "冲正" if amount < 0 else "转账"
        grid.append([*post(day, "C1", amount, kind=kind, number=number or None), time or None])
    files = {
        "客户信息_20261031.xlsx": [CUSTOMERS, customer("C1"), customer("C2")],
        "流水.xlsx": grid,
        "流水_2.xlsx": [TRANSACTIONS, post(OCTOBER, "C2", 1)],
    }
    classes = reckon(workspace(tmp_path, files), "2026-10").segmented.customers.set_index("customer_id")
    assert classes.loc["C1", "transactions"] == len(rows) - 2


def test_a_reversal_undoes_nothing_that_came_after_it(tmp_path: Path) -> None:
    undone = post(LATE, "C1", -500, kind="冲正", number="100")
    month = reckon(workspace(tmp_path, _files(undone, post(LATE, "C1", 500, number="101"))), "2026-10")
    assert month.segmented.customers.set_index("customer_id").loc["C1", "turnover"] == 50_000


@pytest.mark.parametrize(("written", "known"), [("经理M1", "M1"), ("M1", "M1")])
def test_a_name_where_a_number_is_wanted_is_resolved_by_the_roster(tmp_path: Path, written: str, known: str) -> None:
    people = [customer("C1", holder=written), customer("C2")]
    files = _files(people=people, 名册_20261031=[MANAGERS, manager("M1"), manager("M2")])
    month = reckon(workspace(tmp_path, files), "2026-10")
    assert month.tables["customers"].set_index("customer_id").loc["C1", "manager_id"] == known


def _named(number: str, name: str) -> list[object]:
    row = manager(number)
    row[1] = name
    return row


def test_a_number_with_the_name_of_its_bearer_is_the_number(tmp_path: Path) -> None:
    people = [customer("C1", holder="M12-李四"), customer("C2")]
    files = _files(people=people, 名册_20261031=[MANAGERS, _named("M12", "李四")])
    month = reckon(workspace(tmp_path, files), "2026-10")
    assert month.tables["customers"].set_index("customer_id").loc["C1", "manager_id"] == "M12"
    assert "intake.name-contradicted" not in codes(month)


def test_a_number_with_the_name_of_somebody_else_is_nobody_and_told(tmp_path: Path) -> None:
    people = [customer("C1", holder="M12-张三"), customer("C2", holder="M12")]
    files = _files(people=people, 名册_20261031=[MANAGERS, _named("M12", "李四"), _named("M13", "张三")])
    month = reckon(workspace(tmp_path, files), "2026-10")
    holders = month.tables["customers"].set_index("customer_id")["manager_id"]
    assert holders.isna()["C1"]
    assert holders["C2"] == "M12"
    (told,) = [told for told in month.findings if told.code == "intake.name-contradicted"]
    assert "M12 是李四" in told.message


def test_a_month_that_ends_before_it_begins_is_refused(tmp_path: Path) -> None:
    place = workspace(tmp_path, _files(post(LATE, "C1", 100)))
    with pytest.raises(Problem) as stopped:
        reckon(place, "2026-10", as_of=dt.date(2026, 9, 30))
    (told,) = stopped.value.findings
    assert (told.code, stopped.value.exit) == ("option.bad", Exit.USAGE)
    assert "--as-of" in told.message
    assert told.cure


def test_a_name_that_two_bear_is_asked_about(tmp_path: Path) -> None:
    first, second = manager("M1"), manager("M2")
    first[1] = second[1] = "张伟"
    files = _files(people=[customer("C1", holder="张伟"), customer("C2")], 名册_20261031=[MANAGERS, first, second])
    month = reckon(workspace(tmp_path, files), "2026-10")
    (told,) = [told for told in month.tables.findings if told.code == "intake.name-ambiguous"]
    assert "M1" in told.message
    assert "M2" in told.message


def test_an_older_account_book_is_rolled_forward_and_told(tmp_path: Path) -> None:
    accounts = [ACCOUNTS, _account("AC1", "C1", 1_000)]
    late = post(dt.date(2026, 10, 5), "C1", 250)
    month = reckon(workspace(tmp_path, _files(late, 存款账户_20260930=accounts)), "2026-10")
    assert month.segmented.customers.set_index("customer_id").loc["C1", "deposit_balance"] == 125_000
    assert "table.snapshot-older" in codes(month)


def test_foreign_money_is_refused_by_row(tmp_path: Path) -> None:
    grid = [
        [*TRANSACTIONS, "币种"],
        [*post(LATE, "C1", 5), "美元"],
        [*post(LATE, "C1", 7), "人民币"],
        [*post(OCTOBER, "C2", 1), "CNY"],
    ]
    files = _files()
    del files["流水.xlsx"]
    place = workspace(tmp_path, files)
    write_xlsx(tmp_path / "exports" / "流水.xlsx", grid)
    month = reckon(place, "2026-10")
    sheet = next(sheet for sheet in month.sheets if sheet.table == "transactions")
    assert (sheet.rows, sheet.rejected) == (3, 1)
    assert month.segmented.customers.set_index("customer_id").loc["C1", "turnover"] == 700


def test_a_merged_branch_hands_its_customers_on(tmp_path: Path) -> None:
    branches = [
        ["机构号", "机构名称", "区域", "并入机构", "撤并日期"],
        ["801001", "老社", "东片", "801002", dt.date(2026, 3, 1)],
        ["801002", "新社", "东片", None, None],
    ]
    month = reckon(
        workspace(tmp_path, _files(*monthly("C1", dt.date(2026, 8, 1), 2), 机构_20261031=branches)), "2026-10"
    )
    assert set(month.segmented.customers["branch_id"]) == {"801002"}


@pytest.mark.parametrize("into", ["801001", "东关社"])
def test_a_branch_that_took_another_over_keeps_its_name(tmp_path: Path, into: str) -> None:
    """Whatever the order of the list, and whether it says the number or the name of the one that goes on."""
    branches = [
        ["机构号", "机构名称", "并入机构", "撤并日期"],
        ["801001", "东关社", None, None],
        ["801003", "南关社", into, dt.date(2026, 10, 15)],
        ["801002", "西关社", None, None],
    ]
    people = [customer("C1"), customer("C2", branch="801003")]
    files = _files(*monthly("C1", dt.date(2026, 8, 1), 2), people=people, 机构_20261031=branches)
    month = reckon(workspace(tmp_path, files), "2026-10")
    assert set(month.segmented.customers["branch_id"]) == {"801001"}
    assert month.branch_names == {"801001": "东关社", "801003": "南关社", "801002": "西关社"}


def test_of_two_of_one_name_the_merged_branch_s_own_is_meant(tmp_path: Path) -> None:
    branches = [
        ["机构号", "机构名称", "并入机构", "撤并日期"],
        ["801001", "东关社", None, None],
        ["801002", "西关社", None, None],
        ["801003", "南关社", "801001", dt.date(2026, 10, 15)],
    ]
    two = [[*manager("M2", branch="801002")], [*manager("M3", branch="801003")]]
    for one in two:
        one[1] = "张三"
    files = _files(
        *monthly("C1", dt.date(2026, 8, 1), 2),
        people=[customer("C1", holder="张三", branch="801003")],
        机构_20261031=branches,
        名册_20261031=[MANAGERS, *two],
    )
    month = reckon(workspace(tmp_path, files), "2026-10")
    assert month.holders == {"C1": "M3"}


@pytest.mark.parametrize("served", ["801003", "南关社", "801002，801003"])
def test_who_serves_a_merged_branch_serves_the_one_that_took_it_over(tmp_path: Path, served: str) -> None:
    branches = [
        ["机构号", "机构名称", "并入机构", "撤并日期"],
        ["801001", "东关社", None, None],
        ["801002", "西关社", None, None],
        ["801003", "南关社", "801001", dt.date(2026, 10, 15)],
    ]
    helper = [*manager("M7", branch="801002"), served]
    files = _files(
        *monthly("C1", dt.date(2026, 8, 1), 2),
        people=[customer("C1"), customer("C2", branch="801003")],
        机构_20261031=branches,
        存款账户_20261031=[ACCOUNTS, _account("AC2", "C2", 900_000)],
        名册_20261031=[[*MANAGERS, "服务范围"], helper],
    )
    plan = reckon(workspace(tmp_path, files), "2026-10").plan.customers.set_index("customer_id")
    assert plan.loc["C2", "assigned_manager"] == "M7"


def _dated(who: str, day: dt.date | None) -> list[object]:
    return [*customer(who), day]


def test_a_blank_day_is_of_the_one_day_that_its_sheet_names(tmp_path: Path) -> None:
    people = [[*CUSTOMERS, "数据日期"], *(_dated(f"C{n}", OCTOBER) for n in range(4)), _dated("C9", None)]
    files = {"客户.xlsx": people, "流水.xlsx": [TRANSACTIONS, post(OCTOBER, "C1", 1)]}
    month = reckon(workspace(tmp_path, files), "2026-10")
    assert len(month.tables["customers"]) == 5
    (told,) = [told for told in month.findings if told.code == "table.day-blank"]
    assert (told.count, told.level, [spot.cell[1:] for spot in told.spots]) == (1, "warning", ["6"])
    assert "按 2026-10-31 算" in told.message


@pytest.mark.parametrize(
    ("name", "left", "told"), [("客户", 1, "table.day-missing"), ("客户_20261031", 2, "table.day-blank")]
)
def test_a_blank_day_among_several_is_its_sheet_s_or_refused(tmp_path: Path, name: str, left: int, told: str) -> None:
    """Where nobody says which of two days it is the row makes no picture of its own."""
    people = [[*CUSTOMERS, "数据日期"], _dated("C1", dt.date(2026, 9, 30)), _dated("C1", OCTOBER), _dated("C9", None)]
    files = {f"{name}.xlsx": people, "流水.xlsx": [TRANSACTIONS, post(OCTOBER, "C1", 1)]}
    month = reckon(workspace(tmp_path, files), "2026-10")
    assert len(month.tables["customers"]) == left
    assert told in codes(month)
    refused = [
        sheet.rejected for sheet in month.tables.refused.settle(month.tables.sheets) if sheet.table == "customers"
    ]
    assert refused == [2 - left]


def test_a_part_exported_on_another_day_is_told_not_passed_over(tmp_path: Path) -> None:
    files = _files(people=[customer("C1"), customer("C2")])
    files["西关_20261030.xlsx"] = [CUSTOMERS, customer("C3"), customer("C4"), customer("C2")]
    month = reckon(workspace(tmp_path, files), "2026-10")
    assert list(month.tables["customers"]["customer_id"]) == ["C1", "C2"]
    (told,) = [told for told in month.findings if told.code == "table.snapshot-unused"]
    assert (told.file, told.count) == ("西关_20261030.xlsx", 3)
    assert "2 行的客户号" in told.message


def test_an_older_picture_of_the_same_is_history(tmp_path: Path) -> None:
    files = _files(people=[customer("C1"), customer("C2")])
    files["客户_20260930.xlsx"] = [CUSTOMERS, customer("C1"), customer("C3")]
    files["客户_20260831.xlsx"] = [CUSTOMERS, customer("C3"), customer("C4"), customer("C1")]
    month = reckon(workspace(tmp_path, files), "2026-10")
    assert list(month.tables["customers"]["customer_id"]) == ["C1", "C2"]
    assert "table.snapshot-unused" not in codes(month)


def test_rosters_of_villages_are_read_and_one_of_another_day_is_told(tmp_path: Path) -> None:
    """The table has no key of its own; a village that handed in earlier than the others is not passed over in silence."""
    roster = ["行政村", "姓名", "户号"]
    files = _files(people=[customer("C1")])
    files["村民名册_20261031.xlsx"] = [roster, ["东关村", "张三", "0001"], ["东关村", "李四", "0002"]]
    files["村民名册_20260930.xlsx"] = [roster, ["东关村", "张三", "0001"]]
    month = reckon(workspace(tmp_path, files), "2026-10")
    assert list(month.tables["rosters"]["name"]) == ["张三", "李四"]
    assert "table.snapshot-unused" not in codes(month)
    files["西河_20261015.xlsx"] = [roster, ["西河村", "王五", "0001"]]
    month = reckon(workspace(tmp_path / "again", files), "2026-10")
    assert len(month.tables["rosters"]) == 2
    (told,) = [told for told in month.findings if told.code == "table.snapshot-unused"]
    assert (told.file, told.count) == ("西河_20261015.xlsx", 1)
    assert "1 行的行政村" in told.message


def test_loans_of_a_branch_that_the_newest_book_lacks_are_told(tmp_path: Path) -> None:
    lent = [*LOANS, "机构号"]
    files = _files(
        贷款台账_20260930=[lent, ["L1", "C1", LONG_AGO, dt.date(2030, 1, 1), 500, "正常", 0, None, None, "801001"]],
        贷款台账_20261031=[lent, ["L2", "C2", LONG_AGO, dt.date(2030, 1, 1), 700, "正常", 0, None, None, "801002"]],
    )
    month = reckon(workspace(tmp_path, files), "2026-10")
    assert list(month.tables["loans"]["loan_id"]) == ["L2"]
    (told,) = [told for told in month.findings if told.code == "table.snapshot-unused"]
    assert (told.file, told.count) == ("贷款台账_20260930.xlsx", 1)


def test_an_old_copy_of_a_row_on_a_hidden_sheet_names_the_sheet(tmp_path: Path) -> None:
    import openpyxl

    place = workspace(tmp_path, {"流水.xlsx": [TRANSACTIONS, *monthly("C1", dt.date(2025, 11, 1), 12)]})
    book = openpyxl.Workbook()
    for title, branch in (("客户", "801001"), ("旧", "801002")):
        sheet = book.create_sheet(title)
        for row in (CUSTOMERS, customer("C1", branch=branch)):
            sheet.append(row)
    book["旧"].sheet_state = "hidden"
    del book["Sheet"]
    book.save(place.exports / "客户信息.xlsx")
    month = reckon(place, "2026-10")
    month.tables  # noqa: B018 - read
    (told,) = [told for told in month.findings if told.code == "intake.duplicate-key"]
    assert "「旧」（隐藏的工作表）第 2 行" in told.message


def test_the_day_of_a_picture_may_be_called_the_business_day(tmp_path: Path) -> None:
    header = [*CUSTOMERS, "业务日期"]
    files = {
        "客户信息.xlsx": [header, [*customer("C1", branch="801001"), LATE], [*customer("C2"), LATE]],
        "流水.xlsx": [TRANSACTIONS, *monthly("C1", dt.date(2025, 11, 1), 12)],
    }
    month = reckon(workspace(tmp_path, files), "2026-10")
    assert month.tables.days["customers"] == (LATE - dt.date(1970, 1, 1)).days
