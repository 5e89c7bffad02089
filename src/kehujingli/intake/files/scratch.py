"""Where does a command put what it needs only for a moment? In a folder of its own, gone at the end; what a killed command left goes with the next one.

The name tells whose it is by the number of its process: a folder of a process that lives is left alone.
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


@contextlib.contextmanager
def scratch() -> Iterator[Path]:
    """An empty folder for its owner alone."""
    sweep_scratch()
    with tempfile.TemporaryDirectory(prefix=f"kehujingli-{os.getpid()}-") as folder:
        yield Path(folder)


def sweep_scratch() -> None:
    """Away with the folders of processes that are no more. Windows cannot be asked whether one is without disturbing it: there they stay."""
    if os.name == "nt":
        return
    with contextlib.suppress(OSError):
        for left in Path(tempfile.gettempdir()).iterdir():
            found = _OURS.fullmatch(left.name)
            if found and not left.is_symlink() and left.stat().st_uid == os.getuid() and not _lives(int(found[1])):
                shutil.rmtree(left, ignore_errors=True)


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True
