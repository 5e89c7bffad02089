"""Does what a killed command needed for a moment go with the next command, and what a running one needs stay?"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

from kehujingli.intake.files import scratch as scratch_module
from kehujingli.intake.files.scratch import scratch, sweep_scratch


@pytest.mark.skipif(not hasattr(os, "fork"), reason="一次真的杀进程要 fork")
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
        assert {*tmp_path.iterdir()} == {ours.parent, foreign}
        sweep_scratch()
        assert ours.is_dir()
    assert [*tmp_path.iterdir()] == [foreign]


def test_where_processes_cannot_be_asked_a_folder_whose_file_is_open_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On Windows an open file cannot be removed: ``held`` stands for it. Of a folder without one nobody knows."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(scratch_module, "_WINDOWS", True)
    held, left, unknown = (tmp_path / f"kehujingli-{number}-x" for number in (1, 2, 3))
    for folder in (held, left):
        (folder / "files").mkdir(parents=True)
        (folder / ".open").touch()
    unknown.mkdir()
    unlink = Path.unlink

    def refused(path: Path, *more: bool) -> None:
        if path.parent == held:
            raise PermissionError(path)
        unlink(path, *more)

    monkeypatch.setattr(Path, "unlink", refused)
    sweep_scratch()
    assert {*tmp_path.iterdir()} == {held, unknown}
