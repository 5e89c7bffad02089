"""Can what stands in a cell, a file's name or an error steer a terminal? And who may read what the program wrote?"""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from kehujingli.commands.console import say, say_csv, say_json, say_table, talk

EVIL = "张\x1b]0;题\x07三\x9b31m\u202e四\x7f"
STEERING = set("\x1b\x07\x9b\u202e\x7f")


def test_no_control_reaches_a_terminal_by_any_way_out(capsys: pytest.CaptureFixture[str]) -> None:
    say(EVIL)
    talk(EVIL)
    say_table(["甲" + EVIL], [[EVIL]])
    say_csv(["甲"], [[EVIL]], "csv")
    say_json({"甲": EVIL})
    told = capsys.readouterr()
    assert not STEERING & set(told.out + told.err)
    assert "张␛]0;题␇三" in told.err


def test_json_gives_back_what_the_cell_holds(capsys: pytest.CaptureFixture[str]) -> None:
    say_json({"甲": EVIL})
    assert json.loads(capsys.readouterr().out) == {"甲": EVIL}


def test_a_file_whose_name_steers_is_named_harmlessly(tmp_path: Path) -> None:
    name = tmp_path / "客户\x1b]0;题\x07.xlsx"
    done = subprocess.run([sys.executable, "-m", "kehujingli", "check", name], capture_output=True, check=False)
    assert done.returncode not in (0, 70)
    assert not {b"\x1b", b"\x07"} & {bytes([byte]) for byte in done.stdout + done.stderr}


@pytest.mark.skipif(os.name == "nt", reason="Windows 的权限不在模式位里")
def test_what_is_written_is_its_owners_alone(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "kehujingli", "init", tmp_path / "县"], capture_output=True, check=False
    )
    assert done.returncode == 0
    written = list((tmp_path / "县").rglob("*"))
    assert written
    assert not [path for path in written if stat.S_IMODE(path.stat().st_mode) & 0o077]
