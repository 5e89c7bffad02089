"""Can what people type be typed in a form, and is it read where the form lies?"""

from __future__ import annotations

import functools
import json
import os
import shutil
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from conftest import run_here

from kehujingli import terms

ALL = {
    **{
        name: name
        for name in ("任务数", "走访计划", "人工填报", "加减分", "业绩归属", "基数", "包村", "回避", "客户经理名册")
    },
    **{
        name: name
        for name in ("资本", "授信与表外", "关联客户", "担保", "问题台账", "联动转介", "产品目录", "风险测评")
    },
}


@pytest.fixture
def county(two_months: Path, tmp_path: Path) -> Path:
    root = tmp_path / "县"
    shutil.copytree(two_months, root)
    return root


def told(place: Path, *more: str) -> dict[str, Any]:
    return dict(json.loads(run_here("check", "--json", *more, cwd=place).out))


def of_form(place: Path, name: str) -> dict[str, Any]:
    (found,) = (one for one in told(place)["files"] if one["path"] == f"表单/{name}.xlsx")
    return dict(found)


def fill(path: Path, *rows: list[Any]) -> None:
    """Put rows below the header, over what was begun."""
    book = openpyxl.load_workbook(path)
    for number, row in enumerate(rows, 4):
        for column, value in enumerate(row, 1):
            book.worksheets[0].cell(number, column, value)
    book.save(path)


def test_empty_forms_are_read_in_silence_and_hold_nothing(county: Path) -> None:
    before = told(county)
    assert run_here("forms", cwd=county).code == 0
    after = told(county)
    forms = {one["path"]: one for one in after["files"] if one["path"].startswith("表单/")}
    assert {Path(name).stem for name in forms} >= ALL.keys()
    assert sum(one["accepted"] for one in forms.values() if "人工填报" not in one["path"]) == 0
    codes = {one["code"] for one in after.get("findings", ())} - {one["code"] for one in before.get("findings", ())}
    assert codes <= {"intake.value-missing"}, "only what was begun and not filled in"


def test_a_form_of_many_columns_goes_on_wider_paper(county: Path) -> None:
    """人工填报 has a column an item: on A4 (9) it would be printed at a third of its size, on A3 (8) it is not."""
    assert run_here("forms", "任务数", "人工填报", "-o", "宽窄", cwd=county).code == 0
    papers = {
        name: openpyxl.load_workbook(county / "宽窄" / f"{name}.xlsx").worksheets[0].page_setup.paperSize
        for name in ("任务数", "人工填报")
    }
    assert papers == {"任务数": 9, "人工填报": 8}


def test_the_example_of_every_form_is_a_row_of_it(county: Path) -> None:
    assert run_here("forms", "-o", "表单", cwd=county).code == 0
    for name in ALL:
        path = county / "表单" / f"{name}.xlsx"
        book = openpyxl.load_workbook(path)
        sheet, guide = book[name], book[terms.FORM_GUIDE]
        headers = [cell.value for cell in sheet[3]]
        written = {row[0]: row for row in guide.iter_rows(min_row=2, values_only=True)}
        assert [str(header).split("（")[0] for header in headers] == list(written)
        for row in range(4, sheet.max_row + 1):
            for column in range(1, len(headers) + 1):
                sheet.cell(row, column).value = None
        for column, (_, _, _, _, example) in enumerate(written.values(), 1):
            sheet.cell(4, column).value = example
        book.save(path)
    forms = {one["path"]: one for one in told(county)["files"] if one["path"].startswith("表单/")}
    found = {name: (forms[f"表单/{name}.xlsx"]["accepted"], forms[f"表单/{name}.xlsx"]["rejected"]) for name in ALL}
    assert found == dict.fromkeys(ALL, (1, 0))


def test_people_and_items_of_the_month_are_begun_and_a_form_counts_where_it_lies(county: Path) -> None:
    assert run_here("forms", "任务数", "走访计划", "--period", "2026-10", cwd=county).code == 0
    rows = list(
        openpyxl.load_workbook(county / "表单" / "任务数.xlsx")["任务数"].iter_rows(min_row=4, values_only=True)
    )
    begun = [row for row in rows if row[0]]
    roster = json.loads(run_here("query", "select distinct 工号 from 客户经理名册", "--json", cwd=county).out)
    assert {row[0] for row in begun} == {one["工号"] for one in roster}
    assert {row[5] for row in begun} == {"2026"}
    units = {row[2]: row[4] for row in begun}
    assert (units["存款年日均净增"], units["贷款户数净增"]) == ("万元", "户")
    who, name, item, _, unit, _ = begun[0]
    fill(county / "表单" / "任务数.xlsx", [who, name, item, 25, unit, "2026"])
    found = of_form(county, "任务数")
    assert (found["accepted"], found["rejected"]) == (1, len(begun) - 1)


def test_what_somebody_may_have_filled_in_is_not_overwritten(county: Path) -> None:
    assert run_here("forms", "资本", cwd=county).code == 0
    path = county / "表单" / "资本.xlsx"
    before = path.read_bytes()
    again = run_here("forms", "资本", cwd=county)
    assert again.code == 2
    assert "已经有了" in again.err
    assert "资本.xlsx（没有动）" in run_here("forms", cwd=county).out
    assert path.read_bytes() == before


@pytest.mark.skipif(not hasattr(os, "fork"), reason="一次真的杀进程要 fork")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_form_is_there_only_when_it_is_whole(tmp_path: Path) -> None:
    from killing import killed_at

    from kehujingli.commands.forms import write_forms
    from kehujingli.lists.forms import form_of

    forms = [form_of(terms.BY_KEY[key]) for key in ("grids", "baselines")]
    seen = set()
    for number in range(1, 200):
        folder = tmp_path / str(number)
        if not killed_at(number, functools.partial(write_forms, folder, forms)):
            break
        there = list(folder.glob("[!.]*.xlsx"))
        assert all(zipfile.is_zipfile(path) for path in there), number
        seen.add(len(there))
        write_forms(folder, forms)
        assert sorted(path.name for path in folder.iterdir()) == ["包村.xlsx", "基数.xlsx"]
    assert {0, 1} <= seen


def test_a_unit_in_a_form_s_header_is_honoured(county: Path) -> None:
    assert run_here("forms", "资本", cwd=county).code == 0
    fill(county / "表单" / "资本.xlsx", ["2026-09-30", 80000, 65000, "G40"])
    found = of_form(county, "资本")
    assert found["totals"]["net_capital"] == "800000000.00", "万元, as the header says"


def test_money_and_rates_are_asked_for_in_a_unit_and_counted_in_it(county: Path) -> None:
    """2.1 means 2.1 %, 300000 means 元: the head says so, and the form's example says it again."""
    assert run_here("forms", "内部资金价格", "加减分", cwd=county).code == 0
    heads = {
        name: [
            cell.value
            for row in openpyxl.load_workbook(county / "表单" / f"{name}.xlsx").worksheets[0].iter_rows(max_row=4)
            for cell in row
        ]
        for name in ("内部资金价格", "加减分")
    }
    assert "FTP价格（%）" in heads["内部资金价格"]
    assert "金额（元）" in heads["加减分"]


def test_what_is_counted_says_in_what(county: Path) -> None:
    assert run_here("forms", "业务申请", cwd=county).code == 0
    sheet = openpyxl.load_workbook(county / "表单" / "业务申请.xlsx").worksheets[0]
    assert "承诺工作日（天）" in [cell.value for cell in sheet[3]]


def test_a_form_and_an_export_of_one_name_are_two_files(county: Path) -> None:
    assert run_here("forms", "资本", cwd=county).code == 0
    fill(county / "表单" / "资本.xlsx", ["2026-09-30", 80000, 65000, "G40"])
    shutil.copyfile(county / "表单" / "资本.xlsx", county / "exports" / "资本.xlsx")
    assert "表单/资本.xlsx" in json.dumps(told(county), ensure_ascii=False), "the copy is told by both names"
    fill(county / "exports" / "资本.xlsx", ["2026-06-30", 79000, 64000, "G40"])
    assert {one["path"] for one in told(county)["files"]} >= {"资本.xlsx", "表单/资本.xlsx"}
    assert run_here("run", "--period", "2026-10", cwd=county).code in (0, 1)
    fill(county / "表单" / "资本.xlsx", ["2026-09-30", 81000, 65000, "G40"])
    assert "输入、办法都没变" not in run_here("run", "--period", "2026-10", cwd=county).out


def test_one_form_goes_into_the_workbook_that_is_named_and_several_do_not(tmp_path: Path) -> None:
    book = tmp_path / "意愿.xlsx"
    assert run_here("forms", "双向选择志愿", "-o", str(book), cwd=tmp_path).code == 0
    assert book.is_file()
    again = run_here("forms", "双向选择志愿", "-o", str(book), cwd=tmp_path)
    assert (again.code, "不覆盖" in again.err) == (2, True)
    several = run_here("forms", "双向选择志愿", "选拔成绩", "-o", str(tmp_path / "b.xlsx"), cwd=tmp_path)
    assert (several.code, "2 张表写不进一个文件" in several.err) == (2, True)
    assert [path.name for path in tmp_path.iterdir()] == ["意愿.xlsx"]
