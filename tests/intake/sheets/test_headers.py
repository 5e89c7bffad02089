"""Which table is it, and where does it begin? Headers in a bank's own spelling."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import write_xlsx

from kehujingli.intake.read import read_file
from kehujingli.intake.sheets.header_rows import find_header
from kehujingli.intake.sheets.headers import nearly, parse_header, recognise
from kehujingli.intake.sheets.likeness import nearest_header
from kehujingli.terms import TABLES


def headers(text: str) -> list:
    return [parse_header(name) for name in text.split("|")]


def test_a_unit_in_brackets_is_taken_off_and_kept() -> None:
    assert (parse_header(" 贷款余额（万元） ").name, parse_header("贷款余额（万元）").unit) == ("贷款余额", "万元")
    assert parse_header("利率%").unit == "%"
    assert parse_header("利率(‰)").unit == "‰"


def test_a_bracket_that_holds_no_unit_stays_part_of_the_name() -> None:
    assert parse_header("风险分类(四级)").name == "风险分类(四级)"


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.key)
def test_every_table_is_told_by_its_usual_headers(table) -> None:
    names = [column.label for column in table.columns]
    found = recognise([parse_header(name) for name in names])
    assert found is not None
    assert found.table.key == table.key


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.key)
def test_every_table_is_told_by_its_english_names(table) -> None:
    found = recognise([parse_header(column.key) for column in table.columns])
    assert found is not None
    assert found.table.key == table.key


@pytest.mark.parametrize(
    ("names", "table"),
    [
        ("交易日期|客户号|账号|借贷标志|交易金额|账户余额|业务类型|机构号", "transactions"),
        ("客户号|客户名称|客户类型|机构号|开户日期|手机号", "customers"),
        ("账号|客户号|开户机构号|开户日期|对账频率", "accounts"),
        ("借据编号|客户号|还款账号|发放日期|发放金额|贷款余额|五级分类|机构号", "loans"),
        ("工号|姓名|机构号|岗位|等级|管户上限", "managers"),
        ("机构号|机构名称|区域", "branches"),
        ("客户号|产品|签约日期", "holdings"),
        ("工号|指标|任务数|期间", "targets"),
        ("日期|客户号|产品|手续费|工号", "fees"),
        ("日期|客户号|工号|走访方式", "visits"),
        ("网格|工号|机构号", "grids"),
        ("记账日期|账号|收入|支出|余额|摘要", "transactions"),
    ],
)
def test_the_table_is_the_one_that_explains_most_of_the_header(names: str, table: str) -> None:
    found = recognise(headers(names))
    assert found is not None
    assert found.table.key == table


def test_the_header_is_found_below_titles() -> None:
    rows = [
        ["示例县客户信息表", "", ""],
        ["截至2026年10月31日", "", ""],
        ["", "", ""],
        ["客户号", "客户名称", "机构号"],
        ["1", "张三", "8001"],
    ]
    found = find_header(rows)
    assert found is not None
    assert found[0] == 3


def test_of_two_spellings_of_one_column_the_more_usual_is_taken() -> None:
    found = recognise(headers("客户号|归属机构|归属机构号"))
    assert found is not None
    assert found.columns[2].key == "branch_id"
    assert 1 not in found.columns


def test_a_missing_column_names_the_header_most_like_it() -> None:
    near = nearly(headers("借据号|客户号|贷款剩余金额|风险分类(四级)|发放日期"))
    assert near is not None
    assert near.table.key == "loans"
    assert near.missing == (("balance",),)
    assert nearest_header(near.table, near.missing[0], near.headers) == "贷款剩余金额"


def test_a_bare_average_is_no_column() -> None:
    found = recognise(headers("账号|客户号|日均|余额"))
    assert found is not None
    assert {column.key for column in found.columns.values()} == {"account_id", "customer_id", "balance"}


def test_items_of_the_scheme_are_columns_of_the_form_even_where_they_name_a_table() -> None:
    match = recognise(headers("工号|考核期间|中间业务收入|责任不良贷款率|审批人"))
    assert match is not None
    assert match.table.key == "actuals"


def test_a_text_without_a_header_is_told(tmp_path: Path) -> None:
    path = tmp_path / "存款.txt"
    path.write_text(
        "810001|6228480000000001|1,200.00|20261031\n810002|6228480000000002|300.50|20261031\n", encoding="gb18030"
    )
    (result,) = read_file(path, path.name)
    assert [told.code for told in result.findings] == ["intake.no-header"]
    assert "docs/layouts.md" in result.findings[0].cure
    assert result.unknown_rows == 2


def test_the_nearest_header_is_one_that_means_nothing_yet(tmp_path: Path) -> None:
    path = tmp_path / "台账.csv"
    path.write_text("借据号,客户号,结余\nL1,C1,100\n", encoding="utf-8")
    (result,) = read_file(path, path.name)
    assert [told.code for told in result.findings] == ["intake.column-missing"]
    assert "最像的是“结余”" in result.findings[0].message


def cents(path: Path, *rows: list[object]) -> tuple[list[object], list[str]]:
    """The balances that are read, and the codes of what is told."""
    (result,) = read_file(write_xlsx(path, rows), path.name)
    assert result.accepted is not None
    return result.accepted.table["balance"].to_pylist(), [told.code for told in result.findings]


BARE = ["账号", "客户号", "余额"]
ROW = ["A1", "C1", 12.5]


@pytest.mark.parametrize(
    "title",
    [
        ["单位：万元", None, "截至2026年10月31日"],
        ["存款余额表（单位：万元）"],
        ["单位:人民币万元"],
        ["金额单位：万元、户"],
        ["单位：", "万元"],
        ["存款余额表（万元）"],
        ["编制单位：东关信用社", None, "单位：万元人民币"],
        [None, None, "（万元）"],
    ],
)
def test_a_unit_above_the_header_holds_for_all_amounts_and_is_told(tmp_path: Path, title: list[object]) -> None:
    assert cents(tmp_path / "余额.xlsx", title, BARE, ROW) == ([12500000], ["intake.unit-above"])


@pytest.mark.parametrize(
    "foot", [["单位：万元"], [None, None, "金额单位：万元"], ["制表：张三", "单位：万元", "2026-11-03"]]
)
def test_a_unit_below_the_data_holds_too(tmp_path: Path, foot: list[object]) -> None:
    assert cents(tmp_path / "余额.xlsx", BARE, ROW, [None], foot) == ([12500000], ["intake.unit-above"])
    assert cents(tmp_path / "余额.xlsx", ["单位：元"], BARE, ROW, foot) == ([1250], ["intake.unit-unclear"])


@pytest.mark.parametrize(
    ("name", "read"), [("存款(万元)", 12500000), ("存款（万元）", 12500000), ("万元以上客户", 1250)]
)
def test_a_unit_in_the_sheets_name_holds_too(tmp_path: Path, name: str, read: int) -> None:
    (result,) = read_file(write_xlsx(tmp_path / "余额.xlsx", [BARE, ROW], sheet=name), "余额.xlsx")
    assert result.accepted is not None
    assert result.accepted.table["balance"].to_pylist() == [read]


def test_the_unit_of_a_header_wins_over_the_one_above(tmp_path: Path) -> None:
    assert cents(tmp_path / "余额.xlsx", ["单位：万元"], ["账号", "客户号", "余额(元)"], ROW) == ([1250], [])


@pytest.mark.parametrize("title", ["单位：元", "编制单位：元宝镇信用社", "贷款100万元以上客户（个人）", "单位：户"])
def test_no_other_words_above_the_header_are_a_unit(tmp_path: Path, title: str) -> None:
    assert cents(tmp_path / "余额.xlsx", [title], BARE, ROW) == ([1250], [])


def test_two_units_above_the_header_are_asked_about(tmp_path: Path) -> None:
    assert cents(tmp_path / "余额.xlsx", ["金额单位：元（万元）"], BARE, ROW) == ([1250], ["intake.unit-unclear"])


def test_points_are_no_amount_in_fen(tmp_path: Path) -> None:
    path = write_xlsx(
        tmp_path / "加减分.xlsx", [["单位：分"], ["工号", "期间", "金额", "事由"], ["M1", "2026-10", 5, "查实"]]
    )
    (result,) = read_file(path, path.name)
    assert result.accepted is not None
    assert result.accepted.totals["amount"] == (500, 0)


def test_units_in_a_row_of_their_own_below_the_names_are_the_header_s(tmp_path: Path) -> None:
    names, units = ["账号", "客户号", "余额", "年日均"], [None, None, "(万元)", "(元)"]
    path = write_xlsx(tmp_path / "余额.xlsx", [names, units, [*ROW, 100]])
    (result,) = read_file(path, path.name)
    assert result.accepted is not None
    assert result.accepted.rows == 1
    assert result.accepted.totals == {"balance": (12500000, 0), "average_year": (10000, 0)}


def test_the_unit_of_the_upper_half_of_a_header_is_not_lost() -> None:
    rows = [["账号", "客户号", "存款(万元)", ""], ["", "", "月日均", "余额"], ["A1", "C1", "5", "5"]]
    found = find_header(rows)
    assert found is not None
    assert [(column.key, found[1].headers[at].unit) for at, column in found[1].columns.items()][2:] == [
        ("average_month", "万元"),
        ("balance", "万元"),
    ]


@pytest.mark.parametrize(
    ("raw", "name", "unit"),
    [
        ("贷款余额（万）", "贷款余额", "万元"),
        ("余额(人民币万元)", "余额", "万元"),
        ("年日均（元人民币）", "年日均", "元"),
        ("余额(人民币)", "余额", "元"),
        ("余额(个人)", "余额(个人)", ""),
    ],
)
def test_what_people_write_for_a_unit(raw: str, name: str, unit: str) -> None:
    assert (parse_header(raw).name, parse_header(raw).unit) == (name, unit)


@pytest.mark.parametrize(
    ("raw", "name", "unit"),
    [
        ("余额,万元", "余额", "万元"),
        ("余额 万元", "余额", "万元"),
        ("年日均/万元", "年日均", "万元"),
        ("年日均-元", "年日均", "元"),
        ("余额/人民币万元", "余额", "万元"),
        ("利率/%", "利率", "%"),
        ("余额美元", "余额美元", ""),
        ("得分", "得分", ""),
        ("单元", "单元", ""),
    ],
)
def test_a_unit_behind_the_name_needs_no_brackets(raw: str, name: str, unit: str) -> None:
    assert (parse_header(raw).name, parse_header(raw).unit) == (name, unit)


@pytest.mark.parametrize("name", ["本期余额", "人民币余额", "时点余额", "期末余额", "余额(人民币)"])
@pytest.mark.parametrize("key", ["账号", "借据号"])
def test_a_balance_has_many_names(name: str, key: str) -> None:
    found = recognise(headers(f"{key}|客户号|{name}"))
    assert found is not None
    assert found.columns[2].key == "balance"


def test_a_balance_over_two_rows_is_one() -> None:
    found = find_header([["账号", "客户号", "余额", ""], ["", "", "时点", "年日均"], ["A1", "C1", "5", "4"]])
    assert found is not None
    assert [column.key for column in found[1].columns.values()] == [
        "account_id",
        "customer_id",
        "balance",
        "average_year",
    ]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("余额(美元)", "intake.amount-unused"),
        ("存款结算余额", "intake.amount-unused"),
        ("存款种类", "intake.no-balance"),
        ("余额", ""),
    ],
)
def test_accounts_without_a_balance_are_told_and_what_looks_like_one(tmp_path: Path, name: str, code: str) -> None:
    path = write_xlsx(tmp_path / "账户.xlsx", [["账号", "客户号", name], ["A1", "C1", "5"]])
    (result,) = read_file(path, path.name)
    told = [told for told in result.findings if told.code in ("intake.amount-unused", "intake.no-balance")]
    assert [found.code for found in told] == [code][: bool(code)]
    assert all(name in found.message for found in told if found.code == "intake.amount-unused")


def test_balances_of_several_months_beside_each_other_are_a_sheet_each(tmp_path: Path) -> None:
    names = ["2026年8月末余额", "2026年9月末余额"]
    path = write_xlsx(tmp_path / "账户.xlsx", [["账号", "客户号", *names], ["A1", "C1", 5, 6]])
    (result,) = read_file(path, path.name)
    (told,) = (told for told in result.findings if told.level == "warning")
    assert told.code == "intake.amount-months"
    assert all(name in told.message for name in names)


def test_a_second_kind_of_balance_beside_the_balance_is_no_matter(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "账户.xlsx", [["账号", "客户号", "余额", "可用余额"], ["A1", "C1", 5, 4]])
    (result,) = read_file(path, path.name)
    assert not result.findings


def test_a_table_beside_another_is_told_and_lends_it_no_column(tmp_path: Path) -> None:
    names = ["账号", "客户号", "余额", None, "工号", "姓名", "机构号"]
    path = write_xlsx(tmp_path / "余额.xlsx", [names, ["A1", "C1", 5, None, "M1", "张三", "801"]])
    (result,) = read_file(path, path.name)
    (told,) = [told for told in result.findings if told.code == "intake.table-beside"]
    assert "从 E 列起另有一张客户经理名册" in told.message
    assert result.accepted is not None
    assert "branch_id" not in result.accepted.table.column_names


def test_a_smaller_table_above_the_header_is_told(tmp_path: Path) -> None:
    upper = [["工号", "姓名", "机构号"], ["M1", "张三", "801"], ["M2", "李四", "801"], [None]]
    lower = [["账号", "客户号", "余额", "年日均", "存款种类"], ["A1", "C1", 5, 4, "活期"]]
    path = write_xlsx(tmp_path / "余额.xlsx", [*upper, *lower])
    (result,) = read_file(path, path.name)
    (told,) = [told for told in result.findings if told.code == "intake.table-above"]
    assert (told.level, "客户经理名册（“工号、姓名、机构号”，至少 2 行）" in told.message) == ("warning", True)
    assert (result.table, result.accepted and result.accepted.rows) == ("accounts", 1)


def test_the_head_of_a_statement_is_no_table_above(tmp_path: Path) -> None:
    head = [["客户号", "账号", "户名"], ["C1", "6222", "张三"], [None]]
    rows = [
        ["交易日期", "借贷标志", "交易金额", "账户余额", "客户号", "账号"],
        ["2026-10-01", "贷", 5, 5, "C1", "6222"],
    ]
    path = write_xlsx(tmp_path / "明细.xlsx", [*head, *rows])
    (result,) = read_file(path, path.name)
    assert result.table == "transactions"
    assert "intake.table-above" not in {told.code for told in result.findings}


def test_a_ledger_of_loans_that_lacks_two_columns_is_no_list_of_customers() -> None:
    assert recognise(headers("借据编码|客户号|发放日期|发放金额|借款余额|五级分类|责任人|数据日期")) is None


def test_an_e_mail_is_no_address_and_a_customer_managers_id_is_his_number() -> None:
    found = recognise(headers("客户ID|客户全名|E-Mail地址|所属机构代码|客户经理ID"))
    assert found is not None
    assert {column.key: found.headers[at].raw for at, column in found.columns.items()} == {
        "customer_id": "客户ID",
        "name": "客户全名",
        "branch_id": "所属机构代码",
        "manager_id": "客户经理ID",
    }
