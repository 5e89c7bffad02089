"""How does a folder outside of the workspace get its new files at once? A new one is filled beside it, and the two change places in one step.

What people keep there comes along as second names of the same files. Nothing of theirs is ever deleted: what only the old folder has in the end moves
over, under a free name where the new one has another of that name. A folder that cannot change places (the top of a drive, the folder one stands in,
somebody else's) is filled file by file. The journal only remembers what the line of the log waits for: it touches nothing outside of the workspace.
"""

from __future__ import annotations

import contextlib
import filecmp
import json
import os
import re
import shutil
import uuid
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

from kehujingli.errors import problem
from kehujingli.intake.ledger import hash_file
from kehujingli.workspace.files import check_replaceable, place_file, write_whole
from kehujingli.workspace.log import pending, write_log
from kehujingli.workspace.swap import LEFT, Composed, Log, Place, put_back, second_name, swap, sync

Ours = Callable[[Path], Collection[str]]
"""The names that a register says are ours."""
_ASIDE = ".old"


def hand_over(place: Place, staged: Path, target: Path, register: str, ours: Ours, log: Log) -> None:
    """The files of ``staged``, the register among them, into ``target``, and the deed in the log: both, or neither.

    Raises ``output.locked``, ``output.failed`` (all is as it was), ``output.unlogged`` (the next command writes the line).
    """
    names = [register, *sorted(path.name for path in staged.iterdir() if path.name != register)]
    check_replaceable([target / name for name in names])
    note = {
        "seen": [str(target.absolute() / register), hash_file(staged / register)],
        "log": pending(place, log[0], log[1]),
    }
    fresh = _filled(staged, target, names)
    try:
        write_whole(place.journal, json.dumps(note, ensure_ascii=False))
        if fresh is None:
            _one_by_one(place, staged, target, names, log)
        else:
            _exchanged(place, fresh, target, log)
    except BaseException:
        if fresh is not None and not place.journal.exists():
            _give_back(fresh, target, [*names[1:], register])
        raise
    place.journal.unlink()
    tidy(target, register, ours)


def tidy(target: Path, register: str, ours: Ours) -> None:
    """Away with what a killed command left beside ``target``; what people had in it goes back to them."""
    mine = re.compile(rf"\.{re.escape(target.name)}\.[0-9a-f]{{32}}({re.escape(_ASIDE)})?")
    with contextlib.suppress(OSError):
        for left in sorted((path for path in target.parent.iterdir() if mine.fullmatch(path.name)), reverse=True):
            if left.name.endswith(_ASIDE) and not target.exists():
                left.rename(target)
            else:
                _give_back(left, target, [*ours(left / register), register])


def _filled(staged: Path, target: Path, names: Sequence[str]) -> Path | None:
    """A folder beside ``target`` that is what it shall be, the register first; nothing where the two cannot change places."""
    if not _can_move(target):
        return None
    fresh = target.with_name(f".{target.name}.{uuid.uuid4().hex}")
    try:
        fresh.mkdir(mode=0o700, parents=True)
        if target.exists() and not _alike(target, fresh):
            fresh.rmdir()
            return None
        for name in names:
            shutil.copyfile(staged / name, fresh / name)
        _bring_along(target, fresh, names)
        sync(fresh)
    except OSError as error:
        _give_back(fresh, target, [*names[1:], names[0]])
        raise problem("output.failed", path=error.filename or fresh, detail=error.strerror or error) from None
    return fresh


def _can_move(target: Path) -> bool:
    """Whether a folder may change places: not the top of a disk, nor one that we stand in or that holds us, nor in a folder that is not ours to change."""
    if not target.exists():
        return True
    here = Path.cwd()
    return (
        target.is_dir()
        and not os.path.ismount(target)
        and target != here
        and target not in here.parents
        and os.access(target.parent, os.W_OK | os.X_OK)
    )


def _alike(old: Path, new: Path) -> bool:
    """Whether the new folder belongs to whom the old one does, with the same rights."""
    shutil.copystat(old, new)
    theirs, ours = old.stat(), new.stat()
    return (theirs.st_uid, theirs.st_gid, theirs.st_mode) == (ours.st_uid, ours.st_gid, ours.st_mode)


def _bring_along(target: Path, fresh: Path, names: Collection[str]) -> None:
    """Second names in ``fresh`` for all that is in ``target`` and not replaced."""
    for folder, inner, files in os.walk(target):
        here = Path(folder).relative_to(target)
        links = [name for name in inner if (target / here / name).is_symlink()]
        for name in [*files, *links]:
            if not LEFT.fullmatch(name) and (here.parts or name not in names):
                second_name(target / here / name, fresh / here / name)
        for name in set(inner) - set(links):
            (fresh / here / name).mkdir(exist_ok=True)
            shutil.copystat(target / here / name, fresh / here / name)


def _exchanged(place: Place, fresh: Path, target: Path, log: Log) -> None:
    aside = fresh.with_name(fresh.name + _ASIDE)
    swapped = False
    try:
        swap(fresh, target, aside)
        swapped = True
        write_log(place, log[0], **log[1])
    except BaseException as error:
        if swapped:
            put_back(Composed(fresh, target, None), aside, error)
        place.journal.unlink()
        if not isinstance(error, OSError):
            raise
        raise problem("output.failed", path=error.filename or target, detail=error.strerror or error) from None


def _one_by_one(place: Place, staged: Path, target: Path, names: Sequence[str], log: Log) -> None:
    """The register last: what a kill leaves is seen by it, and is typed again."""
    try:
        for name in (*names[1:], names[0]):
            place_file(staged / name, target / name)
    except BaseException:
        place.journal.unlink()
        raise
    try:
        write_log(place, log[0], **log[1])
    except OSError as error:
        raise problem("output.unlogged", folder=target.name, detail=error.strerror or error) from None


def _give_back(left: Path, target: Path, ours: Sequence[str]) -> None:
    """Away with a folder on its way or stepped aside; what is not ours and not in ``target`` as well moves there. The register, last of ours, goes last."""
    order = {name: number for number, name in enumerate(ours, 1)}
    for folder, inner, files in os.walk(left, topdown=False):
        here = Path(folder).relative_to(left)
        links = (name for name in inner if (left / here / name).is_symlink())
        for name in sorted([*files, *links], key=lambda name: order.get(name, 0)):
            old, new = left / here / name, target / here / name
            with contextlib.suppress(OSError):
                if LEFT.fullmatch(name) or (not here.parts and name in order) or _same(old, new):
                    old.unlink()
                else:
                    new.parent.mkdir(parents=True, exist_ok=True)
                    old.rename(_free(new))
        with contextlib.suppress(OSError):
            Path(folder).rmdir()


def _same(old: Path, new: Path) -> bool:
    """Whether a file is there under both names, or with the same content."""
    if not os.path.lexists(new):
        return False
    if os.path.samestat(old.lstat(), new.lstat()):
        return True
    return old.is_file() and new.is_file() and not old.is_symlink() and filecmp.cmp(old, new, shallow=False)


def _free(path: Path) -> Path:
    """Its own name, or one beside it that nothing has."""
    found, number = path, 1
    while os.path.lexists(found):
        found, number = path.with_name(f"{path.stem}（另存{number}）{path.suffix}"), number + 1
    return found
