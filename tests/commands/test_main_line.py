"""Does every command of the main line keep what the contract promises: files, JSON keys, exit codes, and never a traceback?"""

from __future__ import annotations

import datetime as dt
import json
import shutil
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from conftest import COUNTY, Ran, copied, run_cli, run_here, write_xlsx
from months import CUSTOMERS, TRANSACTIONS

from kehujingli.commands.common import as_of_date
from kehujingli.periods import Period
from kehujingli.rules import EXAMPLE
from kehujingli.tables.plans import load_plans

EXPORTS = COUNTY / "exports"
GROUPS = {f"{f}/{s}" for f in ("frequent", "mobile", "dormant") for s in ("large", "medium", "small")}


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copied(tmp_path_factory.mktemp("commands") / "county")


@pytest.fixture(scope="module")
def ran(county: Path) -> Ran:
    return run_cli("run", "-w", county, "--json")


def header_of(path: Path, sheet: str, first: str) -> list[object]:
    """The header row: the first that holds the name."""
    rows = openpyxl.load_workbook(path)[sheet].iter_rows(values_only=True)
    return list(next(row for row in rows if first in row))


def test_run_writes_the_promised_files_and_keys(county: Path, ran: Ran) -> None:
    assert ran.code == 1, "a manager without a target needs a person"
    assert set(ran.json) >= {"period", "inputs", "outputs", "findings"}
    folder = county / "periods" / ran.json["period"]
    written = {path.name for path in folder.iterdir()}
    assert {"客户分类.xlsx", "管户分配.xlsx", "考核得分.xlsx", "manifest.json"} <= written
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert set(manifest) >= {"period", "as_of", "version", "rules", "inputs", "outputs", "seconds"}
    assert "Traceback" not in ran.err


@pytest.mark.usefixtures("ran")
@pytest.mark.parametrize(
    ("book", "sheet", "first", "columns"),
    [
        (
            "客户分类",
            "客户分类",
            "客户号",
            "客户号 客户名称 机构号 机构名称 活跃月数 最近交易日 业务规模 频率 规模 户群",
        ),
        ("管户分配", "管户分配", "客户号", "客户号 客户名称 机构号 户群 原管户经理 管户经理 管户姓名 折算户 状态 原因"),
        ("考核得分", "考核得分", "工号", "名次 工号 姓名 机构号 得分"),
        ("考核得分", "计分明细", "工号", "工号 姓名 指标 实绩 任务 计分过程 得分"),
        ("考核得分", "绩效薪酬", "工号", "工号 姓名 绩效标准 得分"),
    ],
)
def test_workbooks_have_the_columns_scripts_rely_on(
    county: Path, book: str, sheet: str, first: str, columns: str
) -> None:
    header = header_of(county / "periods" / "2026-10" / f"{book}.xlsx", sheet, first)
    assert set(columns.split()) <= set(header)


@pytest.mark.usefixtures("ran")
def test_formulas_carry_their_results_and_the_recheck_agrees(county: Path) -> None:
    path = county / "periods" / "2026-10" / "考核得分.xlsx"
    formulas = openpyxl.load_workbook(path)["计分复核"]
    values = openpyxl.load_workbook(path, data_only=True)["计分复核"]
    cells = [cell for row in formulas.iter_rows() for cell in row if str(cell.value).startswith("=")]
    assert len(cells) > 50
    assert all(values[cell.coordinate].value is not None for cell in cells)
    assert {cell.value for row in values.iter_rows() for cell in row} & {"一致", "不一致"} == {"一致"}


@pytest.mark.slow
def test_the_month_runs_on_bare_files_and_can_be_asked(tmp_path: Path) -> None:
    ran = run_cli("run", EXPORTS, "--period", "2026-10", "-o", tmp_path / "结果", "--json", cwd=tmp_path)
    assert ran.code == 1
    assert {"客户分类.xlsx", "管户分配.xlsx", "考核得分.xlsx", "月报.xlsx", "manifest.json"} <= {
        path.name for path in (tmp_path / "结果" / "periods" / "2026-10").iterdir()
    }
    assert "rules.example-used" in {told["code"] for told in ran.json["findings"]}
    assert run_here("show", "branch", "东关", "-w", tmp_path / "结果").code == 0


@pytest.mark.parametrize("command", ["segment", "assign", "score"])
def test_steps_run_on_bare_files_without_a_workspace(command: str, tmp_path: Path) -> None:
    ran = run_cli(command, EXPORTS, "--period", "2026-10", "--json", "-o", tmp_path / "out.xlsx", cwd=tmp_path)
    assert ran.code in (0, 1)
    assert ran.json["output"] == str(tmp_path / "out.xlsx")
    assert [path.name for path in tmp_path.iterdir()] == ["out.xlsx"]


def test_segment_has_its_keys(county: Path) -> None:
    record = run_here("segment", "-w", county, "--json", "--dry-run").json
    assert set(record) >= {"period", "as_of", "customers", "frequency", "scale", "groups", "output"}
    assert set(record["groups"]) == GROUPS
    assert sum(record["groups"].values()) == record["customers"] == 200


def test_assign_has_its_keys(county: Path) -> None:
    record = run_here("assign", "-w", county, "--json", "--dry-run").json
    assert set(record) >= {"moved", "managers", "objective", "bound", "output"}
    assert record["assigned"] + record["pool"] + sum(record["unassigned"].values()) == record["customers"]


def test_score_has_its_keys_and_public_leaves_pay_out(county: Path, tmp_path: Path) -> None:
    record = run_here("score", "-w", county, "--json", "--dry-run").json
    assert set(record) >= {"period", "managers", "withheld", "scores", "output"}
    assert set(record["scores"][0]) >= {"manager_id", "score", "pay", "items"}
    assert set(record["scores"][0]["items"][0]) >= {"id", "actual", "target", "points"}
    public = run_here("score", "-w", county, "--json", "--public", "-o", tmp_path / "张榜.xlsx").json
    assert "pay" not in public["scores"][0]
    assert "绩效薪酬" not in openpyxl.load_workbook(tmp_path / "张榜.xlsx").sheetnames


def test_check_accounts_for_every_row(county: Path) -> None:
    record = run_here("check", "-w", county, "--json").json
    assert set(record["files"][0]) >= {"path", "sheet", "table", "totals", "findings"}
    assert all(file["rows"] == file["accepted"] + file["rejected"] for file in record["files"])


@pytest.mark.usefixtures("ran")
def test_questions_are_answered_in_both_languages(county: Path) -> None:
    assert run_here("show", "branch", "东关", "-w", county).code == 0
    chinese = "select 频率, count(*) 户数 from 客户分类 group by 1 order by 1"
    rows = run_here("query", chinese, "-w", county, "--json").json
    assert sum(row["户数"] for row in rows) == 200
    english = "select count(*) n from classes where frequency = 'dormant'"
    dormant = run_here("query", english, "-w", county, "--json").json[0]["n"]
    assert dormant == next(row["户数"] for row in rows if row["频率"] == "休眠户")
    assert run_here("periods", "-w", county, "--json").json[0]["period"] == "2026-10"
    assert run_here("tables", "-w", county, "--json").json
    assert run_here("measures", "--json").json


@pytest.mark.usefixtures("ran")
@pytest.mark.parametrize(
    "sql", ["select * from read_csv('{}')", "copy (select 1) to '{}'", "attach '{}' as x", "select * from '{}'"]
)
def test_query_cannot_reach_files(county: Path, tmp_path: Path, sql: str) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("a\n1\n", encoding="utf-8")
    ran = run_here("query", sql.format(secret), "-w", county)
    assert ran.code == 2
    assert secret.read_text(encoding="utf-8") == "a\n1\n"


@pytest.mark.usefixtures("ran")
@pytest.mark.parametrize("sql", ["", ";", "drop table 客户分类", "pragma database_list", "select 1; select 2"])
def test_only_one_select_is_a_question(county: Path, sql: str) -> None:
    asked = run_here("query", sql, "-w", county)
    assert asked.code == 2
    assert "只能写一条 select" in asked.err


@pytest.mark.usefixtures("ran")
def test_a_surname_finds_people(county: Path) -> None:
    found = run_here("find", "唐", "-w", county, "--json").json
    assert {record["what"] for record in found} == {"客户", "客户经理"}
    assert run_here("show", "branch", "东", "-w", county).code == 0


@pytest.mark.usefixtures("ran")
def test_names_are_masked_on_the_terminal(county: Path) -> None:
    sheet = openpyxl.load_workbook(EXPORTS / "2026-10" / "客户信息.xlsx").worksheets[0]
    header, *people = sheet.iter_rows(values_only=True)
    person = dict(zip(header, next(row for row in people if "个人" in row), strict=True))
    number, name, phone = (str(person[key]) for key in ("客户号", "客户名称", "手机号"))
    shown = run_here("show", "customer", number, "-w", county).out
    asked = run_here("query", f"select 客户名称, 手机号 from 客户分类 where 客户号 = '{number}'", "-w", county).out
    for text in (shown, asked):
        assert name not in text
        assert phone not in text
        assert name[0] + "*" in text
    assert name in run_here("show", "customer", number, "-w", county, "--unmask").out


def test_init_makes_a_workspace_with_forms_and_overwrites_nothing(tmp_path: Path) -> None:
    ran = run_here("init", tmp_path / "县", "--json")
    assert Path(ran.json["workspace"]) == tmp_path / "县"
    assert {path.stem for path in (tmp_path / "县" / "表单").iterdir()} == {
        *("任务数", "走访计划", "人工填报", "加减分", "业绩归属", "基数", "包村", "回避", "客户经理名册")
    }
    again = run_here("init", tmp_path / "县")
    assert again.code != 0
    assert "Traceback" not in again.err


@pytest.fixture(scope="module")
def proposed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A county, and the plan that September's assignment proposes."""
    folder = tmp_path_factory.mktemp("plan")
    root = copied(folder / "county")
    assert run_here("assign", "-w", root, "--period", "2026-09", "-o", folder / "方案.xlsx").code in (0, 1)
    return root, folder / "方案.xlsx"


def _listed(sheet: Any) -> tuple[dict[str, int], list[Any]]:
    """Where each column of a list stands, and the cells of its rows."""
    rows = iter(sheet.iter_rows())
    header = next(row for row in rows if any(cell.value == "客户号" for cell in row))
    return {str(cell.value): number for number, cell in enumerate(header)}, list(rows)


@pytest.mark.slow
def test_an_approved_plan_counts_in_the_month_of_its_day(
    proposed: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    root, plan = proposed
    signed = dt.datetime(2026, 9, 30, 9, tzinfo=dt.UTC)
    monkeypatch.setattr("kehujingli.commands.commit.now", lambda: signed)
    book = openpyxl.load_workbook(plan)
    columns, rows = _listed(book["管户分配"])
    held = {row[columns["客户号"]].value: row[columns["管户经理"]] for row in rows if row[columns["管户经理"]].value}
    branch = {row[columns["客户号"]].value: row[columns["机构号"]].value for row in rows}
    moved, other = next(
        (one, held[two].value)
        for one in held
        for two in held
        if branch[one] == branch[two] and held[one].value != held[two].value
    )
    held[moved].value = other
    book.save(plan.with_name("批好.xlsx"))
    done = run_here("assign", "-w", root, "--period", "2026-09", "--commit", plan.with_name("批好.xlsx"), "--json")
    assert (done.code, done.json.get("effective"), done.json["findings"]) == (0, "2026-10-01", [])
    assert run_here("run", "-w", root, "--period", "2026-10", "--quiet").code in (0, 1)
    asked = run_here("query", "select customer_id, holder_id from classes", "-w", root, "--json").json
    holders = {row["customer_id"]: row["holder_id"] for row in asked}
    planned = {who: cell.value for who, cell in held.items()}
    others = {who: holders[who] for who in held if holders[who] != planned[who]}
    assert others == dict.fromkeys(("810000000128", "810000000138"), "M0001"), (
        "业绩归属 of October stands above the plan"
    )


def test_a_day_of_effect_in_the_past_says_from_when_it_counts(
    proposed: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Approved on 20 October from 1 March: October is the first month that sees it, September run again does not."""
    root, plan = proposed
    place = tmp_path / "county"
    shutil.copytree(root, place)
    monkeypatch.setattr("kehujingli.commands.commit.now", lambda: dt.datetime(2026, 10, 20, 9, tzinfo=dt.UTC))
    asked = ("assign", "-w", place, "--commit", plan, "--effective")
    said = run_here(*asked, "2026-03-01").out
    assert "生效日 2026-03-01 已经过去：方案 2026-10-20 才作数，2026-10 和以后的月份" in said
    assert "以前的月份重跑也不变" in said
    assert not load_plans(place / "plans", Period.of("2026-09"))
    assert load_plans(place / "plans", Period.of("2026-10"))
    assert run_here(*asked, "2026-03-01", "--json").json["counts_from"] == "2026-10-20"
    assert "已经过去" not in run_here(*asked, "2026-11-01").out


@pytest.mark.parametrize(("column", "wrong"), [("管户经理", "M9999"), ("客户号", "810000009999")])
def test_a_mistyped_number_is_refused_with_its_row(proposed: tuple[Path, Path], column: str, wrong: str) -> None:
    root, plan = proposed
    book = openpyxl.load_workbook(plan)
    columns, rows = _listed(book["管户分配"])
    row = next(row for row in rows if row[columns["管户经理"]].value)
    row[columns[column]].value = wrong
    book.save(plan.with_name("抄错.xlsx"))
    before = sorted((root / "plans").glob("*")) if (root / "plans").exists() else []
    ran = run_here("assign", "-w", root, "--commit", plan.with_name("抄错.xlsx"))
    assert ran.code == 4
    assert "assign.commit-unknown" in ran.err
    assert f"第 {row[0].row} 行" in ran.err
    assert wrong in ran.err
    assert (sorted((root / "plans").glob("*")) if (root / "plans").exists() else []) == before


@pytest.mark.parametrize(("name", "content"), [("坏.xlsx", b"PK\x03\x04 cut off"), ("方案.csv", "客户号".encode())])
def test_a_plan_that_cannot_be_read_is_said(
    proposed: tuple[Path, Path], tmp_path: Path, name: str, content: bytes
) -> None:
    (tmp_path / name).write_bytes(content)
    ran = run_here("assign", "-w", proposed[0], "--commit", tmp_path / name)
    assert ran.code == 4
    assert "assign.commit-unread" in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.parametrize(
    "arguments", [("segment", "--nonsense"), ("nonsense",), ("segment", str(EXPORTS), "--period", "octember")]
)
def test_wrong_command_lines_end_with_2(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    ran = run_here(*arguments, cwd=tmp_path)
    assert ran.code == 2
    assert ran.err.strip()
    assert "Traceback" not in ran.err


def test_an_unknown_key_ends_with_3_and_its_line(tmp_path: Path) -> None:
    rules = tmp_path / "2026-01-01.toml"
    text = EXAMPLE.read_text(encoding="utf-8").replace("idle_days = 92", "idle_day = 92")
    rules.write_text(text, encoding="utf-8")
    line = next(number for number, row in enumerate(text.splitlines(), 1) if "idle_day = 92" in row)
    ran = run_here("segment", EXPORTS, "--rules", rules, "--dry-run")
    assert ran.code == 3
    assert f"第 {line} 行" in ran.err
    assert "idle_days" in ran.err


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [("[0.95, 0.99, 12]", "[0.96, 0.99, 12]", "rules.band-gap"), ("points = 18", "points = 19", "rules.points-total")],
)
def test_gaps_and_wrong_totals_end_with_3(tmp_path: Path, old: str, new: str, code: str) -> None:
    rules = tmp_path / "2026-01-01.toml"
    text = EXAMPLE.read_text(encoding="utf-8")
    assert old in text
    rules.write_text(text.replace(old, new), encoding="utf-8")
    ran = run_here("score", EXPORTS, "--rules", rules, "--dry-run")
    assert ran.code == 3
    assert code in ran.err


def test_no_rows_of_a_needed_table_end_with_4(tmp_path: Path) -> None:
    people = write_xlsx(tmp_path / "客户信息.xlsx", [CUSTOMERS, ["C1", "甲", "个人", "801001", None, None]])
    ran = run_here("segment", people, "--period", "2026-10", cwd=tmp_path)
    assert ran.code == 4
    assert "交易流水" in ran.err
    rows = write_xlsx(tmp_path / "流水.xlsx", [TRANSACTIONS, ["昨天", "C1", "A1", "贷", "x", None, None, None]])
    assert run_here("segment", people, rows, "--period", "2026-10", cwd=tmp_path).code == 4


def test_a_missing_column_names_the_nearest(tmp_path: Path) -> None:
    header = ["借据编号", "客户号", "余额(不含息)", "五级分类", "逾期天数"]
    loans = write_xlsx(tmp_path / "台账.xlsx", [header, ["L1", "C1", 1, "正常", 0]])
    ran = run_here("check", loans, cwd=tmp_path)
    assert ran.code == 1
    assert "intake.column-missing" in ran.err
    assert "余额(不含息)" in ran.err


def test_where_the_only_customer_file_is_doubtful_the_question_is_what_stops(tmp_path: Path) -> None:
    people = write_xlsx(
        tmp_path / "客户.xlsx",
        [["客户号", "客户名称", "黑名单类型", "黑名单日期"], ["C1", "张三", "失信", "2026-01-01"]],
    )
    rows = write_xlsx(tmp_path / "流水.xlsx", [TRANSACTIONS, ["2026-10-01", "C1", "A1", "贷", "5", None, None, None]])
    ran = run_here("segment", people, rows, "--period", "2026-10", cwd=tmp_path)
    assert ran.code == 4
    assert "“黑名单类型”、“黑名单日期”说的是另一件事" in ran.err
    assert 'table = "客户信息"' in ran.err


def test_a_bad_cell_is_refused_with_its_place_and_the_rest_goes_on(tmp_path: Path) -> None:
    good = ["2026-10-02", "C1", "A1", "贷", "1,200.00", None, "转账", None]
    bad = ["2026-10-01", "C1", "A1", "贷", "1,2O0.00", None, "转账", None]
    path = write_xlsx(tmp_path / "流水.xlsx", [TRANSACTIONS, bad, good])
    ran = run_here("check", path, "--json", "--rejects", tmp_path / "退回清单.xlsx", cwd=tmp_path)
    assert ran.code == 1
    (file,) = ran.json["files"]
    assert (file["accepted"], file["rejected"]) == (1, 1)
    assert file["totals"]["amount"] == "1200.00"
    (told,) = [finding for finding in file["findings"] if finding["code"] == "intake.amount-bad"]
    assert (told["cell"], told["value"]) == ("E2", "1,2O0.00")
    assert told["cure"]
    sheet = openpyxl.load_workbook(tmp_path / "退回清单.xlsx").worksheets[0]
    assert "1,2O0.00" in {cell.value for row in sheet.iter_rows() for cell in row}


def test_what_only_calls_itself_a_workbook_is_said(tmp_path: Path) -> None:
    (tmp_path / "坏.xlsx").write_bytes(b"PK\x03\x04 nothing here")
    ran = run_here("check", tmp_path / "坏.xlsx", cwd=tmp_path)
    assert ran.code == 1
    assert "坏.xlsx" in ran.out + ran.err
    assert "Traceback" not in ran.err


def test_check_tells_repeated_keys_of_undated_files_without_a_month(tmp_path: Path) -> None:
    """No transactions, no day anywhere: a customer number in two files with different names is refused in both all the same."""
    one = write_xlsx(tmp_path / "东关.xlsx", [["客户号", "客户名称"], ["C1", "张三"], ["C2", "李四"]])
    two = write_xlsx(tmp_path / "西关.xlsx", [["客户号", "客户名称"], ["C1", "张珊"], ["C2", "李四"]])
    ran = run_here("check", one, two, "--json")
    assert ran.code == 1
    (told,) = [told for told in ran.json["findings"] if told["code"] == "intake.duplicate-key"]
    assert (told["value"], told["count"]) == ("C1", 2)
    assert sorted((file["path"], file["accepted"], file["rejected"]) for file in ran.json["files"]) == [
        ("东关.xlsx", 1, 1),
        ("西关.xlsx", 1, 1),
    ]
    assert "intake.duplicate-row" in {told["code"] for told in ran.json["findings"]}


def test_a_wrong_command_line_is_json_where_json_is_asked() -> None:
    ran = run_here("score", "--bogus", "--json")
    assert ran.code == 2
    assert [told["code"] for told in ran.json["errors"]] == ["option.bad"]
    assert "--bogus" in ran.err


def test_a_workbook_is_not_called_csv(tmp_path: Path) -> None:
    ran = run_here("segment", EXPORTS, "--period", "2026-10", "-o", tmp_path / "x.csv")
    assert ran.code == 2
    assert ".xlsx" in ran.err
    assert not (tmp_path / "x.csv").exists()


@pytest.mark.parametrize("said", ["2026-10-31", "20261031", "2026/10/31", "2026年10月31日"])
def test_a_day_may_be_written_as_people_do(said: str) -> None:
    assert as_of_date(said) == dt.date(2026, 10, 31)


def _small(root: Path) -> Path:
    rows = [[dt.date(2026, 10, 31), "C1", "AC1", "贷", 1, None, "转账", None]]
    write_xlsx(root / "客户信息_20261031.xlsx", [CUSTOMERS, ["C1", "甲", "个人", "801001", None, None]])
    write_xlsx(root / "流水.xlsx", [TRANSACTIONS, *rows])
    return root


def test_checking_a_month_that_the_exports_do_not_hold_says_so(tmp_path: Path) -> None:
    ran = run_here("check", _small(tmp_path / "in"), "--period", "2030-01", "--json", cwd=tmp_path)
    assert ran.code == 1
    (told,) = [told for told in ran.json["findings"] if told["code"] == "period.outside"]
    assert "2030-01" in told["message"]
    assert told["cure"]


def test_refused_rows_are_put_into_a_folder_that_is_not_there_yet(tmp_path: Path) -> None:
    target = tmp_path / "退回" / "十月" / "清单.xlsx"
    ran = run_here("check", _small(tmp_path / "in"), "--rejects", target, cwd=tmp_path)
    assert ran.code in (0, 1), ran.err
    assert [path.name for path in target.parent.iterdir()] == ["清单.xlsx"]
    assert openpyxl.load_workbook(target).sheetnames == ["没有退回"]
