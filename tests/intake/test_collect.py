"""Which files are read? Those that are there and are files; what is not read is named."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from conftest import run_here, write_xlsx

from kehujingli.intake.collect import collect_exports

SHEET = [["客户号", "客户名称"], ["C1", "甲"]]


def test_what_is_no_table_by_its_name_is_named_and_not_read(tmp_path: Path) -> None:
    write_xlsx(tmp_path / "exports" / "客户.xlsx", SHEET)
    (tmp_path / "exports" / "说明.docx").write_bytes(b"words")
    told = run_here("check", tmp_path / "exports", "--json").json
    assert [Path(file["path"]).name for file in told["files"]] == ["客户.xlsx"]
    assert [found["message"] for found in told["findings"] if found["code"] == "intake.extension"] == [
        "《说明.docx》的文件名不是表格，未读。"
    ]


def test_a_path_that_is_not_there_ends_with_4(tmp_path: Path) -> None:
    ran = run_here("check", tmp_path / "没有.xlsx")
    assert ran.code == 4
    assert "table.path-missing" in ran.err


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names here")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "管道.xlsx")
    ran = run_here("check", tmp_path / "管道.xlsx")
    assert ran.code == 4
    assert "table.path-odd" in ran.err


def test_a_folder_without_a_table_is_told_before_anything_is_reckoned(tmp_path: Path) -> None:
    (tmp_path / "exports").mkdir()
    ran = run_here("segment", tmp_path / "exports")
    assert ran.code == 4
    assert "table.no-files" in ran.err


def test_a_calendar_beside_the_forms_is_neither_read_nor_told(tmp_path: Path) -> None:
    (tmp_path / "走访计划_M1.ics").write_bytes(b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")
    (tmp_path / "走访计划_M1.csv").write_text("计划日期,客户号,工号\n", encoding="utf-8")
    exports, copies, strange = collect_exports([tmp_path])
    assert ([one.path.name for one in exports], copies, strange) == (["走访计划_M1.csv"], [], [])
