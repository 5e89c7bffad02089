"""Does check --map turn a header that is called otherwise into a line of a layout, with its reasons, and nothing that is doubtful?"""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, run_here, write_xlsx
from months import CUSTOMERS, MANAGERS, customer, manager

from kehujingli.rules import EXAMPLE

OCTOBER, SEPTEMBER = dt.date(2026, 10, 31), dt.date(2026, 9, 30)
LOANS = ["借据编号", "客户号", "发放日期", "发放金额", "贷款余额", "五级分类", "责任人", "数据日期"]
CLASSES = ("正常", "正常", "关注", "次级", "正常")


def loan(number: int, day: dt.date) -> list[Any]:
    word = CLASSES[number - 1]
    return [f"J{number}", f"C{number}", dt.date(2026, 1, number), 90_000.5, 80_000.25, word, f"M{number % 2 + 1}", day]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Two months of five loans, the borrowers, and two managers, under the program's own headers."""
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "2026-01-01.toml").write_text(EXAMPLE.read_text("utf-8"), "utf-8")
    write_xlsx(
        tmp_path / "exports" / "客户信息.xlsx", [CUSTOMERS, *(customer(f"C{n}", holder="M1") for n in range(1, 6))]
    )
    write_xlsx(tmp_path / "exports" / "客户经理名册.xlsx", [MANAGERS, manager("M1"), manager("M2")])
    loans(tmp_path, "贷款台账09.xlsx", LOANS, SEPTEMBER)
    loans(tmp_path, "贷款台账10.xlsx", LOANS, OCTOBER)
    return tmp_path


def loans(root: Path, name: str, headers: Sequence[str], day: dt.date, **more: Sequence[Any]) -> None:
    """The loans under these headers; ``more`` are further columns, one value a loan."""
    rows = [[*loan(n, day), *(values[n - 1] for values in more.values())] for n in range(1, 6)]
    write_xlsx(root / "exports" / name, [[*headers, *more], *rows])


def renamed(**names: str) -> list[str]:
    return [names.get(header, header) for header in LOANS]


def mapped(root: Path, *options: str) -> dict[str, Any]:
    record: dict[str, Any] = run_here("check", "--map", *options, "--json", "-w", root).json["mapping"]
    return record


def test_a_column_that_is_called_otherwise_is_a_line_and_is_read(root: Path) -> None:
    loans(root, "贷款台账10.xlsx", renamed(五级分类="风险分类(四级)"), OCTOBER)
    ran = run_here("check", "--map", "--yes", "-w", root)
    assert "写入  贷款台账“五级分类” ← “风险分类(四级)”" in ran.out
    assert "5 个值都是五级分类的词" in ran.out
    assert "读入 5 → 5 行" in ran.out
    text = (root / "layouts" / "贷款台账.toml").read_text("utf-8")
    assert '"五级分类" = "风险分类(四级)"' in text
    after = run_here("check", "--json", "-w", root).json["findings"]
    codes = {told["code"] for told in after}
    assert "intake.mapped" in codes
    assert "table.column-gone" not in codes


def test_a_sheet_that_was_no_table_is_one_afterwards(root: Path) -> None:
    loans(root, "贷款台账10.xlsx", renamed(借据编号="贷款借据编码", 贷款余额="贷款结存余额"), OCTOBER)
    record = mapped(root, "--yes")
    assert record["written"]
    (change,) = record["changes"]
    assert (change["table_before"], change["table"], change["accepted_before"], change["accepted"]) == (
        None,
        "loans",
        0,
        5,
    )
    assert (change["columns"]["借据编号"], change["columns"]["贷款余额"]) == ("贷款借据编码", "贷款结存余额")


def test_the_same_command_goes_on_with_what_it_wrote(root: Path) -> None:
    loans(root, "贷款台账10.xlsx", renamed(借据编号="贷款借据编码"), OCTOBER)
    files = run_here("check", "--map", "--yes", "--json", "-w", root).json["files"]
    assert [(file["table"], file["accepted"]) for file in files if "10" in file["path"]] == [("loans", 5)]


def test_a_day_of_another_thing_is_not_taken_for_a_day_that_lacks(root: Path) -> None:
    grid = [["机构号", "机构名称", "数据加载日期"], *([f"80100{n}", f"第{n}社", OCTOBER] for n in range(1, 5))]
    write_xlsx(root / "exports" / "机构.xlsx", grid)
    record = mapped(root, "--yes")
    assert (record["written"], [one["why"] for one in record["left"] if one["table"] == "branches"]) == (
        False,
        ["名称里有“加载”，可能是另一回事"],
    )


def test_a_number_of_something_known_is_no_amount(root: Path) -> None:
    headers = [header for header in LOANS if header != "发放金额"]
    rows = [[v for h, v in zip(LOANS, loan(n, OCTOBER), strict=True) if h != "发放金额"] for n in range(1, 6)]
    numbers = [[f"{100 + n}", f"客户{n}", "个人", "801001", None, "M1"] for n in range(1, 6)]
    write_xlsx(root / "exports" / "客户信息2.xlsx", [CUSTOMERS, *numbers])
    grid = [[*headers, "发放金额户"], *([*row, f"{100 + n}"] for n, row in enumerate(rows, 1))]
    write_xlsx(root / "exports" / "贷款台账10.xlsx", grid)
    record = mapped(root, "--yes")
    assert not record["written"]
    assert [one["why"] for one in record["left"] if one["column"] == "发放金额"] == ["5 个值是已有的客户号"]


def test_text_is_not_proposed_for_an_amount(root: Path) -> None:
    words = ["八万", "不详", "见合同", "另议", "同上"]
    headers = [header for header in LOANS if header != "发放金额"]
    rows = [
        [value for header, value in zip(LOANS, loan(n, OCTOBER), strict=True) if header != "发放金额"]
        for n in range(1, 6)
    ]
    grid = [[*headers, "发放金额说明"], *([*row, word] for row, word in zip(rows, words, strict=True))]
    write_xlsx(root / "exports" / "贷款台账10.xlsx", grid)
    record = mapped(root, "--yes")
    assert not record["written"]
    (left,) = [one for one in record["left"] if one["column"] == "发放金额"]
    assert left["why"] == "5 个值里 5 个不是金额"
    assert not (root / "layouts").exists()


def test_two_headers_as_near_are_said_and_not_written(root: Path) -> None:
    loans(root, "贷款台账10.xlsx", renamed(责任人="甲责任人"), OCTOBER, 乙责任人=["M1"] * 5)
    record = mapped(root, "--yes")
    assert not record["written"]
    (left,) = [one for one in record["left"] if one["column"] == "责任人"]
    assert {left["header"], *left["others"]} == {"甲责任人", "乙责任人"}
    assert "一样像" in left["why"]


def test_an_average_that_says_no_year_or_month_is_not_written(root: Path) -> None:
    loans(root, "贷款台账10.xlsx", LOANS, OCTOBER, 日均余额=[1.5] * 5)
    assert not mapped(root, "--yes")["written"]


def test_what_a_person_wrote_stays_and_is_added_to(root: Path) -> None:
    loans(root, "贷款台账10.xlsx", renamed(五级分类="风险分类(四级)"), OCTOBER)
    written = '# 张三写的\r\ntable = "贷款台账"\r\n\r\n[also]  # 也认\r\n"利率" = "月息" # 别动\r\n'
    (root / "layouts").mkdir()
    (root / "layouts" / "贷款台账.toml").write_bytes(written.encode())
    assert mapped(root, "--yes")["files"] == ["layouts/贷款台账.toml"]
    now = (root / "layouts" / "贷款台账.toml").read_bytes().decode()
    assert [line for line in written.splitlines() if line not in now.splitlines()] == []
    assert '"五级分类" = "风险分类(四级)"' in now


def test_a_line_for_the_same_column_is_left_alone_and_a_file_added(root: Path) -> None:
    loans(root, "贷款台账10.xlsx", renamed(五级分类="风险分类(四级)"), OCTOBER)
    (root / "layouts").mkdir()
    own = root / "layouts" / "贷款台账.toml"
    own.write_text('table = "loans"\n[also]\nfive_class = "五级"\n', "utf-8")
    assert mapped(root, "--yes")["files"] == ["layouts/贷款台账-2.toml"]
    assert own.read_text("utf-8") == 'table = "loans"\n[also]\nfive_class = "五级"\n'


def test_a_layout_with_columns_of_its_own_gets_the_line(root: Path) -> None:
    headers = ["NO", "CUST", "放款日", "BAL", "数据日期", "风险分类(四级)"]
    rows = [[f"J{n}", f"C{n}", dt.date(2026, 1, n), 80_000.25, OCTOBER, word] for n, word in enumerate(CLASSES, 1)]
    write_xlsx(root / "exports" / "贷款台账10.xlsx", [headers, *rows])
    (root / "layouts").mkdir()
    own = root / "layouts" / "信贷.toml"
    own.write_text(
        'table = "loans"\n[columns]\nloan_id = "NO"\ncustomer_id = "CUST"\nbalance = "BAL"\n"数据日期" = "数据日期"\n',
        "utf-8",
    )
    record = mapped(root, "--yes")
    assert record["files"] == ["layouts/信贷.toml"]
    assert record["changes"][0]["columns"]["五级分类"] == "风险分类(四级)"


def test_the_deed_stands_in_the_log(root: Path) -> None:
    loans(root, "贷款台账10.xlsx", renamed(五级分类="风险分类(四级)"), OCTOBER)
    mapped(root, "--yes", "--as", "王敏")
    (entry,) = run_here("log", "--json", "-w", root).json
    assert (entry["deed"], entry["who"], entry["file"]) == ("map", "王敏", ["layouts/贷款台账.toml"])
    assert entry["columns"] == ["贷款台账：五级分类←风险分类(四级)"]


def test_it_is_written_once(root: Path) -> None:
    loans(root, "贷款台账10.xlsx", renamed(五级分类="风险分类(四级)"), OCTOBER)
    assert mapped(root, "--yes")["written"]
    again = mapped(root, "--yes")
    assert (again["written"], again["taken"], again["files"]) == (False, [], [])


def test_without_a_terminal_and_without_yes_nothing_is_written(root: Path) -> None:
    loans(root, "贷款台账10.xlsx", renamed(五级分类="风险分类(四级)"), OCTOBER)
    ran = run_here("check", "--map", "-w", root)
    assert ran.code == 2
    assert "mapping.unasked" in ran.err
    assert "--yes" in ran.err
    assert mapped(root, "--dry-run")["written"] is False
    assert not (root / "layouts").exists()


def test_yes_alone_is_refused(root: Path) -> None:
    ran = run_here("check", "--yes", "-w", root)
    assert (ran.code, "--map --yes" in ran.err) == (2, True)


@pytest.mark.skipif(os.name == "nt", reason="no pseudo-terminal here")
def test_on_a_terminal_each_header_is_asked_about(root: Path) -> None:
    loans(root, "贷款台账10.xlsx", renamed(五级分类="风险分类(四级)", 责任人="甲责任人"), OCTOBER, 乙责任人=["M1"] * 5)
    asked, out = at_a_terminal(root, "", "2")
    assert "没有贷款台账的“五级分类”" in asked
    assert "请输入序号" in asked
    assert "写入  贷款台账“五级分类”" in out
    chosen = {
        line.split(" = ")[0]: line for line in (root / "layouts" / "贷款台账.toml").read_text("utf-8").splitlines()
    }
    assert "人工确认" in chosen['"责任人"']


def at_a_terminal(root: Path, *answers: str) -> tuple[str, str]:
    """What is asked, and what is said in the end, by somebody who gives these answers one after another."""
    import pty
    import select

    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "kehujingli", "check", "--map", "-w", str(root)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONIOENCODING": "utf-8"}
    running = subprocess.Popen(command, env=environment, stdin=theirs, stderr=theirs, stdout=subprocess.PIPE)
    os.close(theirs)
    said, left, end = b"", list(answers), time.monotonic() + 100
    while time.monotonic() < end and running.poll() is None:
        if not select.select([ours], [], [], 0.2)[0]:
            continue
        try:
            said += os.read(ours, 4096)
        except OSError:
            break
        if left and said.decode("utf-8", "ignore").rstrip().endswith("："):
            os.write(ours, f"{left.pop(0)}\n".encode())
    assert running.stdout is not None
    out = running.stdout.read().decode()
    running.wait(60)
    os.close(ours)
    return said.decode("utf-8", "ignore"), out


def test_json_tells_what_is_taken_and_why(root: Path) -> None:
    loans(root, "贷款台账10.xlsx", renamed(五级分类="风险分类(四级)"), OCTOBER)
    (taken,) = mapped(root, "--dry-run")["taken"]
    assert taken == {
        "table": "loans",
        "column": "五级分类",
        "header": "风险分类(四级)",
        "others": [],
        "places": ["《贷款台账10.xlsx》「Sheet1」"],
        "reasons": ["名称里有“风险分类”", "5 个值都是五级分类的词"],
    }
    assert json.loads(json.dumps(taken)) == taken
