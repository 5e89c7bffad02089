"""What does a command leave that is killed at any of its changes on disk? A small deed dies at the n-th of them, again and again.

A long one runs once, and before each change what lies on disk is copied: a process that dies there leaves just that, for nothing of what it had still to
write is on the disk yet.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

_HERE = Path(__file__).resolve().parent
_CHANGES = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate", "os.link", "os.symlink"}


def killed_at(number: int, act: Callable[[], object]) -> bool:
    """Whether a process of its own was dead before the end of ``act``: at the ``number``-th change that it makes on disk."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    try:
        left = number

        def step(_: Any) -> None:
            nonlocal left
            left -= 1
            if left == 0:
                os._exit(9)

        _before_each_change(step)
        act()
        os._exit(0)
    finally:
        os._exit(1)


def _before_each_change(step: Callable[[Any], object]) -> None:
    """From here on, for the rest of this process. ``step`` is given the path, or the number of an open file."""
    sync = os.fsync

    def hook(event: str, args: tuple[Any, ...]) -> None:
        writes = event == "open" and isinstance(args[2], int) and args[2] & (os.O_WRONLY | os.O_RDWR)
        if event in _CHANGES or writes:
            step(args[0])

    def synced(file: int) -> None:
        step(file)
        sync(file)

    os.fsync = synced
    sys.addaudithook(hook)


def walk(root: Path, copies: Path, *command: str) -> int:
    """Run a command on a workspace; ``copies/N`` has what a process killed at its N-th change there would have left. Returns its exit code."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(_HERE.parent / "src"), str(_HERE)])}
    told = [sys.executable, str(_HERE / "killing.py"), str(root), str(copies), *command]
    done = subprocess.run(told, env=environment, capture_output=True, encoding="utf-8", timeout=300, check=False)
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode


def _copying(root: Path, copies: Path) -> None:
    number, alone, inside = 0, threading.Lock(), threading.local()

    def step(where: Any) -> None:
        nonlocal number
        if getattr(inside, "copying", False):
            return
        if not isinstance(where, int) and not Path(os.fsdecode(where)).is_relative_to(root):
            return
        with alone:
            inside.copying = True
            number += 1
            with contextlib.suppress(
                shutil.Error
            ):  # what another thread is just renaming is not in the period's folder
                shutil.copytree(root, copies / str(number), symlinks=True)
            inside.copying = False

    _before_each_change(step)


if __name__ == "__main__":
    from kehujingli.__main__ import main

    _copying(Path(sys.argv[1]), Path(sys.argv[2]))
    sys.argv = ["kehujingli", *sys.argv[3:]]
    main()
