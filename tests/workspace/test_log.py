"""Does the log show that somebody was at it? Lines changed, taken out, put in, and a tail cut off."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from conftest import run_here

from kehujingli.workspace import Workspace
from kehujingli.workspace.log import cut_off, read_log, write_log


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    for name in ("rules", "exports"):
        (tmp_path / name).mkdir()
    workspace = Workspace(tmp_path)
    for number in range(5):
        write_log(workspace, "run", period=f"2026-0{number + 1}")
    return workspace


def lines_of(workspace: Workspace) -> list[str]:
    return (workspace.logs / "日志.jsonl").read_text(encoding="utf-8").splitlines()


def put(workspace: Workspace, lines: list[str]) -> None:
    (workspace.logs / "日志.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


def broken(workspace: Workspace) -> list[int]:
    return [number for number, entry in enumerate(read_log(workspace), 1) if entry["broken"]]


def test_an_untouched_log_holds(workspace: Workspace) -> None:
    assert len(lines_of(workspace)) == 5
    assert broken(workspace) == []
    assert not cut_off(workspace)


def test_a_changed_line_breaks_the_next(workspace: Workspace) -> None:
    lines = lines_of(workspace)
    put(workspace, [*lines[:2], lines[2].replace("2026-03", "2026-13"), *lines[3:]])
    assert broken(workspace) == [4]


def test_a_line_taken_out_or_put_in_shows(workspace: Workspace) -> None:
    lines = lines_of(workspace)
    put(workspace, [*lines[:1], *lines[2:]])
    assert broken(workspace) == [2]
    put(workspace, [*lines[:2], json.dumps({"deed": "run", "at": "", "who": "x", "before": ""}), *lines[2:]])
    assert broken(workspace) == [3, 4]


def test_a_line_that_is_no_json_is_broken_and_not_fatal(workspace: Workspace) -> None:
    put(workspace, [*lines_of(workspace)[:3], "gibberish", "[]"])
    assert broken(workspace) == [4, 5]


def test_a_tail_cut_off_shows(workspace: Workspace) -> None:
    put(workspace, lines_of(workspace)[:3])
    assert broken(workspace) == []
    assert cut_off(workspace)


def test_writers_at_the_same_time_keep_the_chain(workspace: Workspace) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: write_log(workspace, "unmask", value=number), range(40)))
    assert len(lines_of(workspace)) == 45
    assert broken(workspace) == []


def test_the_command_says_whether_it_holds(workspace: Workspace) -> None:
    assert run_here("log", "--verify", "-w", workspace.root).code == 0
    assert len(run_here("log", "--since", "2000-01-01", "-w", workspace.root, "--json").json) == 5
    assert run_here("log", "--since", "2999-01-01", "-w", workspace.root, "--json").json == []
    assert run_here("log", "--since", "yesterday", "-w", workspace.root).code == 2
    put(workspace, lines_of(workspace)[1:])
    ran = run_here("log", "--verify", "-w", workspace.root, "--json")
    assert ran.code == 1
    assert ran.json["log"]["broken"] == [1]


def test_init_and_clean_are_in_it(tmp_path: Path) -> None:
    root = tmp_path / "县"
    assert run_here("init", root).code == 0
    assert run_here("clean", "-w", root).code == 0
    assert [entry["deed"] for entry in read_log(Workspace(root))] == ["init", "clean"]
    assert run_here("log", "-w", root, "--verify").code == 0


def test_what_was_asked_of_customers_is_masked(workspace: Workspace) -> None:
    write_log(workspace, "unmask", command="show", kind="customer", value="张三丰")
    write_log(workspace, "unmask", command="find", value="13812341234")
    write_log(workspace, "unmask", command="show", kind="manager", value="李伟")
    write_log(
        workspace,
        "unmask",
        command="query",
        sql="select * from 客户分类 where 客户名称 = '张三丰' and 规模 = '大型客户'",
    )
    shown = run_here("log", "-w", workspace.root).out
    assert "张三丰" not in shown
    assert "13812341234" not in shown
    assert "138****1234" in shown
    assert "李伟" in shown
    assert "大型客户" in shown
    assert "张三丰" in run_here("log", "-w", workspace.root, "--unmask", "--json").out
