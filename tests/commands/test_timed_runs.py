"""May a timed run be left alone? What is missing ends it before anything is touched; known findings do not; one line says it all."""

from __future__ import annotations

import json
import os
import pty
import sys
from pathlib import Path

import pytest
from conftest import ROOT, copied, run_here

pytestmark = pytest.mark.slow  # each runs whole months, or many small files; the quick run has a month of its own

KNOWN = "score.no-target M0010  # 十月才到任\nloan.class-too-good\nscore.adjustment-unapproved\n"


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copied(tmp_path_factory.mktemp("timed") / "county")


@pytest.fixture(scope="module")
def incomplete(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A county that has run, then lost October's loans and visits."""
    root = copied(tmp_path_factory.mktemp("timed") / "incomplete")
    run_here("run", "-w", root, "--quiet")
    (root / "exports" / "2026-10" / "贷款台账.xlsx").unlink()
    (root / "exports" / "手工表" / "走访记录.xlsx").unlink()
    return root


def state(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes() for path in (root / "periods").rglob("*") if path.is_file()
    }


def test_a_missing_export_ends_with_4_and_touches_nothing(incomplete: Path) -> None:
    before = state(incomplete)
    ran = run_here("run", "-w", incomplete, "--require", "贷款台账,交易流水,走访", "--expect-as-of", "month-end")
    assert ran.code == 4
    assert ran.err.count("run.required-missing") == 1, "September's loans are there, the visits are not"
    assert "走访记录没有导出" in ran.err
    assert "贷款台账只到 2026-09-30，要求到 2026-10-31" in ran.err
    assert state(incomplete) == before


def test_postings_must_reach_the_day(county: Path) -> None:
    ran = run_here("run", "-w", county, "--expect-as-of", "2026-11-05", "--period", "2026-10", "--json")
    assert ran.code == 4
    assert {told["code"] for told in ran.json["errors"]} == {"run.not-reached"}
    assert not (county / "periods").exists()


def test_whole_exports_run_and_known_findings_end_with_0_in_one_line(county: Path, tmp_path: Path) -> None:
    accept = tmp_path / "已知问题.txt"
    accept.write_text(KNOWN, encoding="utf-8")
    asked = ("run", "-w", county, "--require", "贷款台账,流水", "--expect-as-of", "month-end", "--accept", accept)
    ran = run_here(*asked, "--summary", "--log-json", tmp_path / "steps.jsonl")
    assert ran.code == 0
    assert ran.err == ""
    (line,) = ran.out.splitlines()
    assert line.startswith("2026-10 跑完：客户 200 户")
    events = [json.loads(text) for text in (tmp_path / "steps.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [event["name"] for event in events if event["event"] == "step"][-1] == "workbooks"
    assert events[-1] | {"at": ""} == {
        "at": "",
        "event": "result",
        "period": "2026-10",
        "exit": 0,
        "unchanged": False,
        "summary": line,
    }
    assert "已知的 3 条不列" in run_here(*asked).out


@pytest.mark.parametrize(
    ("known", "code"),
    [
        (KNOWN.replace("M0010", "M0099"), 1),
        (KNOWN.replace("loan.class-too-good\n", ""), 1),
        (KNOWN.replace("loan.class-too-good", "loan.too-good"), 2),
    ],
    ids=["another manager", "one is new", "no such code"],
)
def test_what_is_not_known_needs_a_person(county: Path, tmp_path: Path, known: str, code: int) -> None:
    accept = tmp_path / "已知问题.txt"
    accept.write_text(known, encoding="utf-8")
    assert run_here("run", "-w", county, "--accept", accept, "--dry-run").code == code


@pytest.mark.parametrize(("option", "value"), [("--require", "账"), ("--require", "月亮"), ("--expect-as-of", "soon")])
def test_wrong_demands_end_with_2_before_reading(county: Path, option: str, value: str) -> None:
    ran = run_here("run", "-w", county, option, value)
    assert ran.code == 2
    assert option in ran.err


def on_a_terminal(*arguments: object) -> str:
    """What a command writes where standard error is a terminal; standard output goes nowhere."""
    parent, child = pty.openpty()
    pid = os.fork()
    if pid == 0:
        os.close(parent)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        os.dup2(child, 2)
        environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "COLUMNS": "100", "TERM": "xterm"}
        os.execve(sys.executable, [sys.executable, "-m", "kehujingli", *map(str, arguments)], environment)
    os.close(child)
    seen = b""
    while True:
        try:
            part = os.read(parent, 65536)
        except OSError:
            break
        if not part:
            break
        seen += part
    os.waitpid(pid, 0)
    return seen.decode("utf-8", "replace")


def test_a_terminal_sees_files_and_steps_and_they_go_away(tmp_path: Path) -> None:
    root = copied(tmp_path / "county")
    seen = on_a_terminal("run", "-w", root)
    assert "32/32" in seen
    assert "写工作簿" in seen
    assert seen.rstrip().endswith("\x1b[2K"), "the last thing written wipes the line"


@pytest.mark.parametrize("option", ["--quiet", "--json", "--summary"])
def test_no_bar_where_none_is_wanted(county: Path, option: str) -> None:
    assert on_a_terminal("run", "-w", county, option, "--dry-run") == ""
