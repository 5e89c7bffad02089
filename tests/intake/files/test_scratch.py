"""Does what a killed command needed for a moment go with the next command, and what a running one needs stay?"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

from kehujingli.intake.files.scratch import scratch, sweep_scratch

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="一次真的杀进程要 fork")


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_killed_commands_folder_is_swept_and_a_running_ones_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    child = os.fork()
    if not child:
        with scratch() as folder:
            (folder / "客户.xlsx").write_text("6228480012345678901", encoding="utf-8")
            os._exit(9)
    os.waitpid(child, 0)
    foreign = tmp_path / "kehujingli-甲"
    foreign.mkdir()
    left = [path for path in tmp_path.iterdir() if path != foreign]
    assert [path.stat().st_mode & 0o777 for path in left] == [0o700]
    with scratch() as ours:
        assert {*tmp_path.iterdir()} == {ours, foreign}
        sweep_scratch()
        assert ours.is_dir()
    assert [*tmp_path.iterdir()] == [foreign]
