"""How does a period's folder become another at once? The new one is filled beside it, brought to the disk, and the two change places in one step.

What people put into the folder, and the earlier runs under 历次/, come along as second names of the same files, so that nothing is copied twice.
Where a system cannot exchange folders (Windows, some network drives) the old one steps aside first: a kill between leaves the next command to put the
new one there.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import re
import shutil
import sys
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from kehujingli.errors import problem
from kehujingli.workspace.files import check_replaceable, move_whole, write_whole
from kehujingli.workspace.kept import MANIFEST
from kehujingli.workspace.log import Logged, pending, write_log

WINDOWS = os.name == "nt"
HISTORY = "历次"
PAGE, PUBLIC_PAGE = "看板", "看板_公开"
"""Folders of a period that show one run of it: when its results change, they go with that run."""
LEFT = re.compile(r"\..+\.[0-9a-f]{32}")
"""Folders and files on their way, as a kill leaves them."""
_CANNOT = (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EXDEV)
Log = tuple[str, Mapping[str, Any]]
"""A deed and its facts."""


class Place(Logged, Protocol):
    """Where a folder is put: a workspace."""

    @property
    def journal(self) -> Path: ...
    def told(self, path: Path) -> str: ...


@dataclass(frozen=True)
class Composed:
    """A period's folder as it shall be, filled beside the one that it replaces."""

    fresh: Path
    target: Path
    kept: Path | None
    """Where in ``fresh`` the run that is replaced is kept; nothing where there was none or it came to the same."""


@contextlib.contextmanager
def composed(staged: Path, target: Path, journal: Path) -> Iterator[Composed]:
    """The new folder with every file of ``staged`` and what stays of the old one; gone afterwards unless the journal still needs it.

    Raises ``output.locked``, ``output.failed``: the old folder is as it was.
    """
    before, now = ({str(name) for name, _ in outputs_of(folder / MANIFEST)} for folder in (target, staged))
    files = [path.relative_to(staged) for path in sorted(staged.rglob("*")) if path.is_file()]
    check_replaceable([target / name for name in files])
    fresh = beside_of(target)
    try:
        try:
            fresh.mkdir(mode=0o700, parents=True)
            with contextlib.suppress(OSError):
                target.parent.chmod(0o700)
            different = (target / MANIFEST).exists() and outputs_of(target / MANIFEST) != outputs_of(staged / MANIFEST)
            for name in files:
                move_whole(staged / name, fresh / name)
            sync(fresh)
            shown = {
                path.relative_to(target).as_posix()
                for name in (PAGE, PUBLIC_PAGE)
                for path in (target / name).rglob("*")
            }
            own = {path.as_posix() for path in files} | (before - now) | (shown if different else set())
            kept = _carry(target, fresh, own, keep=different)
        except OSError as error:
            raise problem("output.failed", path=error.filename or fresh, detail=error.strerror or error) from None
        yield Composed(fresh, target, kept)
    finally:
        if not journal.exists():
            shutil.rmtree(fresh, ignore_errors=True)


def put(place: Place, made: Composed, log: Log | None) -> None:
    """The new folder in the place of the old one, and the deed in the log: both, or neither. Raises ``output.busy``, ``output.failed``."""
    aside = beside_of(made.target)
    noted: dict[str, Any] = {
        "swap": [place.told(path) for path in (made.fresh, made.target, aside)],
        "print": folder_print(made.fresh),
    }
    if log is not None:
        deed, facts = log
        noted["log"] = pending(place, deed, facts)
    write_whole(place.journal, json.dumps(noted, ensure_ascii=False))
    swapped = False
    try:
        swap(made.fresh, made.target, aside)
        swapped = True
        if log is not None:
            write_log(place, deed, **facts)
    except BaseException as error:
        if swapped:
            put_back(made, aside, error)
        place.journal.unlink()
        if not isinstance(error, OSError):
            raise
        if not swapped and isinstance(error, PermissionError) and WINDOWS:
            raise problem("output.busy", folder=made.target.name) from None
        raise problem("output.failed", path=error.filename or made.target, detail=error.strerror or error) from None
    place.journal.unlink()
    shutil.rmtree(made.fresh, ignore_errors=True)
    shutil.rmtree(aside, ignore_errors=True)


def put_back(made: Composed, aside: Path, why: BaseException) -> None:
    """The old folder where it was, the new one where it came from. Raises ``output.unlogged`` where that cannot be either."""
    try:
        if aside.exists():
            made.target.rename(made.fresh)
            aside.rename(made.target)
        elif made.fresh.exists():
            swap(made.fresh, made.target, aside)
        else:
            made.target.rename(made.fresh)
    except OSError:
        raise problem("output.unlogged", folder=made.target.name, detail=getattr(why, "strerror", why)) from None


def swap(fresh: Path, target: Path, aside: Path) -> None:
    """``fresh`` becomes ``target`` in one step; the old folder is then at ``fresh``, or at ``aside`` where that cannot be."""
    if not target.exists():
        fresh.rename(target)
    elif not exchange(fresh, target):
        target.rename(aside)
        try:
            fresh.rename(target)
        except OSError:
            aside.rename(target)
            raise
    _sync_folder(target.parent)


def exchange(one: Path, other: Path) -> bool:
    """Two folders change places in one step; whether this system and this disk can. Raises ``OSError``."""
    import ctypes

    name, flag = {"linux": ("renameat2", 2), "darwin": ("renamex_np", 2)}.get(sys.platform, ("", 0))
    call = getattr(ctypes.CDLL(None, use_errno=True), name, None) if name else None
    if call is None:
        return False
    sys.audit("os.rename", one, other, -1, -1)
    paths = [os.fsencode(path) for path in (one, other)]
    here = -100  # AT_FDCWD: the paths are whole
    failed = call(here, paths[0], here, paths[1], flag) if sys.platform == "linux" else call(*paths, flag)
    if failed:
        number = ctypes.get_errno()
        if number in _CANNOT:
            return False
        raise OSError(number, os.strerror(number), str(one), None, str(other))
    return True


def finish_swap(places: Sequence[Path], printed: str) -> bool:
    """What a killed command had begun to put in place, there. Whether the new folder stands now. Raises ``output.unswapped``."""
    fresh, target, aside = places
    if folder_print(target) != printed:
        if folder_print(fresh) != printed:
            if not target.exists() and aside.exists():
                aside.rename(target)
            return False
        try:
            swap(fresh, target, aside)
        except OSError as error:
            raise problem("output.unswapped", folder=target.name, detail=error.strerror or error) from None
    return True


def sweep(home: Path) -> None:
    """Away with what killed commands left in a folder (the periods', the forms') and in those within."""
    for left in [*home.glob(".*"), *home.glob("*/.*"), *home.glob("*/*/.*")]:
        if not LEFT.fullmatch(left.name):
            continue
        if left.is_dir() and not left.is_symlink():
            shutil.rmtree(left, ignore_errors=True)
        else:
            with contextlib.suppress(OSError):
                left.unlink()


def folder_print(folder: Path) -> str:
    """One hash over what a folder says of itself: its manifest and how far it is, or its register. Empty where there is none."""
    told = sorted(folder.glob("*.json")) or sorted(folder.glob("*.csv"))
    content = [(path.name, hashlib.sha256(path.read_bytes()).hexdigest()) for path in told]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest() if content else ""


def outputs_of(manifest: Path) -> list[tuple[str, str]]:
    """Path and hash of each output, as a manifest has them; nothing where it cannot be read."""
    try:
        found = json.loads(manifest.read_text(encoding="utf-8"))
        return [(item["path"], item["sha256"]) for item in found["outputs"]]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return []


def _carry(target: Path, fresh: Path, own: set[str], *, keep: bool) -> Path | None:
    """Second names in ``fresh`` for what stays; ``own``: what the old run wrote and the new one replaces or no longer writes.

    ``keep``: the old run is kept under 历次/, unless the last kept one is just that. Returns where.
    """
    kept = None
    if keep:
        numbers = [int(path.name) for path in (target / HISTORY).glob("*") if path.name.isdigit()]
        last = max(numbers, default=0)
        newest = target / HISTORY / str(last) / MANIFEST
        known = last and newest.exists() and newest.read_bytes() == (target / MANIFEST).read_bytes()
        kept = fresh / HISTORY / str(last if known else last + 1)
        keep = not known
    for folder, folders, names in os.walk(target):
        here = Path(folder).relative_to(target)
        earlier = here.parts[:1] == (HISTORY,)
        links = [name for name in folders if (target / here / name).is_symlink()]
        for name in [*names, *links]:
            place = here / name
            if LEFT.fullmatch(name):
                continue
            stays = earlier or place.as_posix() not in own
            if stays:
                second_name(target / place, fresh / place)
            if keep and kept is not None and not earlier and not name.startswith(("~$", ".~")):
                if stays:  # people go on writing in it: what is kept must not change with it
                    (kept / place).parent.mkdir(parents=True, exist_ok=True)
                    shutil.copy2(target / place, kept / place, follow_symlinks=False)
                else:
                    second_name(target / place, kept / place)
    return kept


def second_name(old: Path, new: Path) -> None:
    """The same file under another name; a copy where the disk has no second names."""
    new.parent.mkdir(parents=True, exist_ok=True)
    if new.exists():
        return
    try:
        os.link(old, new, follow_symlinks=False)
    except (OSError, NotImplementedError):
        shutil.copy2(old, new, follow_symlinks=False)


def sync(folder: Path) -> None:
    """Every file and folder in it on the disk, not only on its way there."""
    for place, _, names in os.walk(folder, topdown=False):
        for name in names:
            sync_file(Path(place, name))
        _sync_folder(Path(place))


def sync_file(path: Path) -> None:
    """What a file holds on the disk."""
    file = os.open(path, os.O_RDWR if WINDOWS else os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)


def _sync_folder(folder: Path) -> None:
    """The names in a folder on the disk; Windows does that by itself."""
    if WINDOWS:
        return
    with contextlib.suppress(OSError):
        file = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(file)
        finally:
            os.close(file)


def beside_of(target: Path) -> Path:
    return target.with_name(f".{target.name}.{uuid.uuid4().hex}")
