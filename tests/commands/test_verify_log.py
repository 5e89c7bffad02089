"""Does verify see a log that was changed, with no month closed?"""

from __future__ import annotations

from pathlib import Path

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
