"""A layout is a small file a bookkeeper could write; with it an export under foreign headers is one of our tables."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, Ran, run_cli

from kehujingli.errors import Problem
from kehujingli.intake.read import SheetResult, read_file
from kehujingli.intake.sheets.finder import Finder
from kehujingli.intake.sheets.layout import load_layout, shipped

pytestmark = pytest.mark.slow  # whole months, or many processes; the quick run has a month of its own


def read(tmp_path: Path, layout: str, text: str, name: str = "a.txt") -> SheetResult:
    where = tmp_path / "layout.toml"
    where.write_text(layout, "utf-8")
    path = tmp_path / name
    path.write_text(text, "utf-8")
    (result,) = read_file(path, name, Finder(name, None, (load_layout(where),)))
    return result


def rows(result: SheetResult, *keys: str) -> list[tuple[Any, ...]]:
    assert result.accepted is not None
    return [tuple(row[key] for key in keys) for row in result.accepted.table.to_pylist()]


def test_the_example_of_the_docs_reads_what_it_says(tmp_path: Path) -> None:
    found = re.search(r"```toml\n(.*?)```", (ROOT / "docs" / "layouts.md").read_text("utf-8"), re.DOTALL)
    assert found is not None
    text = "账号：62280001\n日期,客户ID,方向,发生额度,说明\n01/10/2026,C1,进,5.00,工资 十月\n02/10/2026,C1,出,2.00,取款\n03/10/2026,C1,出,9.00,内部调账\n"
    result = read(tmp_path, found[1], text, "十月流水.txt")
    assert rows(result, "account_id", "customer_id", "signed", "memo") == [
        ("62280001", "C1", 500, "工资"),
        ("62280001", "C1", -200, "取款"),
    ]
    told = {item.code: item for item in result.findings}
    assert (told["intake.left-out"].count, told["intake.left-out"].amount) == (1, 900)


def test_a_table_without_a_header_is_read_by_places(tmp_path: Path) -> None:
    layout = 'table = "transactions"\nfile = "cunkuan*"\n[columns]\ndate = 1\naccount_id = 2\ncredit_amount = 4\ndebit_amount = 3\n'
    result = read(tmp_path, layout, "20261001|+|6228|+|1.00|+||+|x\n20261002|+|6228|+||+|3.00|+|y\n", "cunkuan.del")
    assert rows(result, "account_id", "signed", "row") == [("6228", -100, 1), ("6228", 300, 2)]


def test_a_product_is_exact_and_below_a_cent_it_says_so(tmp_path: Path) -> None:
    layout = 'table = "transactions"\n[columns]\ndate = "Day"\ncustomer_id = "Who"\namount = { product = ["Quantity", "Price"] }\n'
    result = read(
        tmp_path,
        layout,
        "Day,Who,Quantity,Price\n2026-10-01,C1,3,0.35\n2026-10-01,C2,-2,1.255\n2026-10-01,C3,1,0.001\n2026-10-01,C4,x,1\n",
    )
    assert rows(result, "signed") == [(105,), (-251,), (0,)]
    assert {item.code: item.count for item in result.findings}["intake.sub-cent"] == 1
    assert result.accepted is not None
    assert [(reject.cell, reject.value) for reject in result.accepted.rejects] == [("第 5 行", "x")]


def test_a_month_and_day_take_their_year_from_the_title(tmp_path: Path) -> None:
    layout = 'table = "transactions"\nspent_positive = true\n[columns]\ndate = { header = "Day", format = "%m/%d" }\naccount_id = "Card"\namount = "Sum"\n'
    result = read(tmp_path, layout, "2024年01月\nDay,Card,Sum\n12/31,1234,5.00\n01/02,1234,-7.00\n")
    assert rows(result, "date", "signed") == [(19722, -500), (19724, 700)]


def test_where_only_the_day_of_printing_is_there_the_year_is_that_one_s(tmp_path: Path) -> None:
    layout = 'table = "transactions"\n[columns]\ndate = { header = "Day", format = "%m/%d" }\naccount_id = "Card"\namount = "Sum"\n'
    result = read(tmp_path, layout, "打印日期：2024年01月03日\nDay,Card,Sum\n12/31,1234,5.00\n01/02,1234,7.00\n")
    assert rows(result, "date") == [(19722,), (19724,)]
    assert result.day is None


def test_without_one_of_its_headers_a_layout_does_not_apply(tmp_path: Path) -> None:
    layout = 'table = "transactions"\n[columns]\ndate = "Day"\naccount_id = "Card"\namount = "Sum"\n'
    assert read(tmp_path, layout, "Day,Card,Total\n2026-10-01,1,5\n").table == ""


def test_our_own_headers_come_before_the_shipped_layouts(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("交易日期,交易时间,客户号,账号,交易金额,本次余额\n2026-10-01,,C1,6228,5.00,1\n", "utf-8")
    (result,) = read_file(path, "a.csv")
    assert result.table == "transactions"
    assert "intake.layout" not in {item.code for item in result.findings}


@pytest.mark.parametrize(
    ("layout", "said"),
    [
        ("table = ", "TOML"),
        ('table = "流水账"', "第 1 行：table 是“流水账”"),
        ('table = "交易流水"\nrows = 1', "第 2 行：不认识“rows”"),
        ('table = "交易流水"', "没有 [columns]"),
        ('table = "交易流水"\n[columns]\n"余钱" = "x"', "第 3 行：交易流水没有“余钱”这一列"),
        ('table = "交易流水"\n[columns]\n"交易日期" = "x"', "缺“客户号”或“账号”"),
        ('table = "交易流水"\n[columns]\n"交易日期" = { header = "x", take = "y" }', "圆括号"),
        ('table = "交易流水"\n[columns]\n"借贷标志" = { header = "x", words = { "a" = "b" } }', "words 右边要写"),
        ('table = "交易流水"\n[columns]\ndate = 1\naccount_id = 2\namount = 3', "要写 file 或 sheet"),
    ],
)
def test_what_is_wrong_with_a_layout_is_said_with_its_line(tmp_path: Path, layout: str, said: str) -> None:
    path = tmp_path / "x.toml"
    path.write_text(layout, "utf-8")
    with pytest.raises(Problem) as caught:
        load_layout(path)
    assert caught.value.findings[0].code == "layout.bad"
    assert said in caught.value.findings[0].text


def test_every_shipped_layout_is_whole() -> None:
    assert len({layout.name for layout in shipped()}) == len(shipped()) > 20


def test_the_workspace_s_layouts_hold_for_its_exports(tmp_path: Path, cli: Callable[..., Ran]) -> None:
    for name in ("rules", "exports", "layouts"):
        (tmp_path / name).mkdir()
    (tmp_path / "exports" / "a.csv").write_text("Day,Card,Sum\n2026-10-01,1,5\n", "utf-8")
    assert cli("check", "--json", cwd=tmp_path).json["files"][0]["table"] is None
    layout = tmp_path / "layouts" / "mine.toml"
    layout.write_text('table = "transactions"\n[columns]\ndate = "Day"\naccount_id = "Card"\namount = "Sum"\n', "utf-8")
    by_a_reader = run_cli("check", "--json", cwd=tmp_path).json["files"]
    assert by_a_reader[0]["totals"]["amount"] == "5.00"
    layout.write_text("table = 1", "utf-8")
    ran = cli("check", cwd=tmp_path)
    assert ran.code == 4
    assert "layout.bad" in ran.err


ALSO = 'table = "贷款台账"\n[also]\n"五级分类" = "风险分类(四级)"\n"借据编号" = ["贷款号", "贷款编号"]\n'


def test_headers_said_beside_the_known_ones_are_read_with_them(tmp_path: Path) -> None:
    result = read(tmp_path, ALSO, "贷款号,客户号,贷款余额（万元）,风险分类(四级)\nJ1,C1,2,次级\n")
    assert rows(result, "loan_id", "customer_id", "balance", "five_class") == [("J1", "C1", 2_000_000, "substandard")]
    told = next(item for item in result.findings if item.code == "intake.mapped")
    assert "“贷款号”是借据编号、“风险分类(四级)”是五级分类" in told.message


def test_a_known_header_goes_before_one_that_only_a_layout_says(tmp_path: Path) -> None:
    result = read(tmp_path, ALSO, "借据编号,客户号,贷款余额,五级分类,风险分类(四级)\nJ1,C1,2,正常,次级\n")
    assert rows(result, "five_class") == [("normal",)]
    assert not [item for item in result.findings if item.code == "intake.mapped"]


def test_a_layout_that_says_the_number_of_a_loan_keeps_it_from_being_a_customer_list(tmp_path: Path) -> None:
    result = read(tmp_path, ALSO, "贷款号,客户号,客户名称,手机号\nJ1,C1,甲,13800000000\n")
    assert result.table == ""


def test_headers_beside_a_layouts_own_are_read_where_they_stand(tmp_path: Path) -> None:
    layout = 'table = "交易流水"\n[columns]\n"交易日期" = "Day"\n"客户号" = "Who"\n"交易金额" = "Sum"\n[also]\n"摘要" = "Why"\n"账号" = "Which"\n'
    result = read(tmp_path, layout, "Day,Who,Sum,Why\n2026-10-01,C1,5.00,工资\n")
    assert rows(result, "customer_id", "signed", "memo") == [("C1", 500, "工资")]


@pytest.mark.parametrize(
    ("line", "told"),
    [('"颜色" = "红"', "贷款台账没有“颜色”这一列"), ('"五级分类" = 3', "[also] 的右边写表头"), ("", "也没有 [also]")],
)
def test_what_cannot_be_said_beside_the_known_headers_is_told(tmp_path: Path, line: str, told: str) -> None:
    with pytest.raises(Problem, match=re.escape(told)):
        read(tmp_path, f'table = "贷款台账"\n[also]\n{line}\n', "借据编号,客户号,贷款余额\nJ1,C1,2\n")
