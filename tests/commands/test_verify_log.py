"""Does verify see a log that was changed, with no month closed?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import run_here

from kehujingli.commands.closing import verify
from kehujingli.commands.common import Common
from kehujingli.errors import Exit
from kehujingli.workspace import Workspace
from kehujingli.workspace.log import write_log


def test_verify_ends_with_1_where_a_line_of_the_log_was_changed(tmp_path: Path) -> None:
    for name in ("rules", "exports"):
        (tmp_path / name).mkdir()
    place = Workspace(tmp_path)
    write_log(place, "init")
    write_log(place, "run", period="2026-10")
    assert verify(Common(workspace=tmp_path), None) == Exit.DONE
    log = place.logs / "日志.jsonl"
    log.write_text(log.read_text(encoding="utf-8").replace('"init"', '"demo"'), encoding="utf-8")
    assert verify(Common(workspace=tmp_path), None) == Exit.ATTENTION


@pytest.mark.parametrize("form", [[], ["--json"]])
def test_verify_and_log_verify_are_one_answer(tmp_path: Path, form: list[str]) -> None:
    for name in ("rules", "exports"):
        (tmp_path / name).mkdir()
    place = Workspace(tmp_path)
    for period in ("2026-09", "2026-10"):
        write_log(place, "run", period=period)
    for code in (0, 1):
        one, other = (run_here(*command, "-w", tmp_path, *form) for command in (["verify"], ["log", "--verify"]))
        assert (one.code, one.out) == (other.code, other.out)
        assert one.code == code
        if form:
            assert json.loads(one.out)["log"]["holds"] is (code == 0)
        (place.logs / "日志.jsonl").write_text("", encoding="utf-8")
