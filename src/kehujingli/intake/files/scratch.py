"""Where does a command put what it needs only for a moment? In a folder of its own, gone at the end; what a killed command left goes with the next one.

The name tells whose it is by the number of its process, and a file in it is open as long as that lives: a folder of a process that lives is left alone.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

_OURS = re.compile(r"kehujingli-(\d+)-.+")
_OPEN = ".open"
_WINDOWS = os.name == "nt"


@contextlib.contextmanager
def scratch() -> Iterator[Path]:
    """An empty folder for its owner alone, but for one hidden file beside it."""
    sweep_scratch()
    with tempfile.TemporaryDirectory(prefix=f"kehujingli-{os.getpid()}-") as folder:
        inside = Path(folder) / "files"
        with (Path(folder) / _OPEN).open("wb"):
            inside.mkdir()
            yield inside


def sweep_scratch() -> None:
    """Away with the folders of processes that are no more."""
    with contextlib.suppress(OSError):
        for left in Path(tempfile.gettempdir()).iterdir():
            found = _OURS.fullmatch(left.name)
            if not found or left.is_symlink():
                continue
            gone = _closed(left) if _WINDOWS else left.stat().st_uid == os.getuid() and not _lives(int(found[1]))
            if gone:
                shutil.rmtree(left, ignore_errors=True)


def _closed(folder: Path) -> bool:
    """Windows cannot be asked whether a process lives without disturbing it, but lets nobody remove a file that one has open."""
    try:
        (folder / _OPEN).unlink()
    except OSError:
        return False
    return True


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True
