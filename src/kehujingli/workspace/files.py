"""How is a single file read and written so that nobody sees half of it? Beside its goal, then renamed; tried first where it may be open elsewhere."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import shutil
import uuid
from collections.abc import Iterable, Iterator
from pathlib import Path

from kehujingli.errors import Problem, problem


def write_whole(path: Path, text: str) -> None:
    """Write beside, then rename: a reader sees the old file or the new one. Raises ``output.locked``, ``output.failed``."""
    check_replaceable([path])
    beside = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with beside.open("w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise _unwritten(path, error) from None


def _unwritten(path: Path, error: OSError) -> Problem:
    if isinstance(error, PermissionError) and path.exists() and os.access(path, os.W_OK):
        return problem("output.locked", file=path.name)
    return problem("output.failed", path=path, detail=error.strerror or error)


@contextlib.contextmanager
def beside(path: Path) -> Iterator[Path]:
    """A place to write to; renamed over the goal at the end, so that the old file stands until the new one is whole. Raises ``output.failed``.

    What is no file (a pipe, /dev/null) is written to itself.
    """
    if path.exists() and not path.is_file():
        yield path
        return
    check_replaceable([path])
    fresh = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    try:
        yield fresh
        fresh.replace(path)
    except OSError as error:
        raise _unwritten(path, error) from None
    finally:
        with contextlib.suppress(OSError):
            fresh.unlink()


def check_replaceable(targets: Iterable[Path]) -> None:
    """Whether every target can be replaced (a workbook open in Excel or WPS cannot), tried before any is."""
    for target in targets:
        if not target.exists():
            continue
        try:
            with target.open("r+b"):
                pass
        except OSError as error:
            raise _unwritten(target, error) from None


def move_whole(source: Path, target: Path) -> None:
    """Rename over the goal; where the goal lies on another disk, copied beside it first."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        source.replace(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        beside = target.with_name(f".{target.name}.{uuid.uuid4().hex}")
        try:
            shutil.copyfile(source, beside)
            beside.replace(target)
        finally:
            beside.unlink(missing_ok=True)
        source.unlink()


def place_file(source: Path, target: Path) -> None:
    """A single output outside a workspace: copied beside its goal, then renamed over it; what a killed command left there goes."""
    check_replaceable([target])
    sweep_beside(target)
    beside = target.with_name(f".{target.name}.{uuid.uuid4().hex}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, beside)
        beside.replace(target)
    except OSError as error:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise _unwritten(target, error) from None


def sweep_beside(target: Path) -> None:
    """Away with copies that were on their way to this goal when their command was killed."""
    ours = re.compile(rf"\.{re.escape(target.name)}\.[0-9a-f]{{32}}")
    with contextlib.suppress(OSError):
        for left in [path for path in target.parent.iterdir() if ours.fullmatch(path.name)]:
            left.unlink()


def read_kept(path: Path) -> str:
    """The text of a list that we keep and people may save from a spreadsheet, which writes GB18030; empty where there is none yet.

    Every line ends. Raises ``output.unreadable``.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise problem("place.unreadable", path=path, detail=error.strerror or error) from None
    return kept_text(content, path.name)


def kept_text(content: bytes, name: str) -> str:
    """The same of bytes that were read already."""
    from kehujingli.intake.files.text import decode

    try:
        text = decode(content)
    except UnicodeDecodeError:
        raise problem("output.unreadable", file=name, detail="既不是 UTF-8，也不是 GB18030") from None
    text = text.replace("\r\n", "\n")
    return text if not text or text.endswith("\n") else text + "\n"
