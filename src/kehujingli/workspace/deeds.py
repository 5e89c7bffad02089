"""How are a deed and its line in the log one? Files on their way, a journal, the files in place, the line; a killed deed is finished by the next command."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kehujingli.errors import problem
from kehujingli.intake.ledger import hash_file
from kehujingli.workspace.files import check_replaceable, move_whole, place_file, write_whole
from kehujingli.workspace.log import note_log, pending, write_log
from kehujingli.workspace.swap import sync_file

if TYPE_CHECKING:
    from kehujingli.workspace import Workspace


def perform(workspace: Workspace, files: Mapping[Path, str | Path], deed: str, facts: Mapping[str, Any]) -> None:
    """Put the whole texts of ``files``, or files that were staged, in place and ``deed`` with its facts in the log: both, or neither.

    Under the workspace's lock. Raises ``output.locked``, ``output.failed`` where nothing has changed.
    """
    check_replaceable(files)
    before = {goal: goal.read_bytes() if goal.exists() else None for goal in files}
    with workspace.staging() as staged:
        moves = []
        for number, (goal, made) in enumerate(files.items()):
            source = made if isinstance(made, Path) else staged / str(number)
            if isinstance(made, str):
                write_whole(source, made)
            else:
                sync_file(source)
            moves.append((source, goal))
        note = {
            "moves": [[workspace.told(source), workspace.told(goal)] for source, goal in moves],
            "log": pending(workspace, deed, facts),
        }
        write_whole(workspace.journal, json.dumps(note, ensure_ascii=False))
        try:
            for source, goal in moves:
                move_whole(source, goal)
            write_log(workspace, deed, **facts)
        except OSError as error:
            _undo(before)
            workspace.journal.unlink()
            if isinstance(error, PermissionError) and goal.exists() and error.filename2:
                raise problem("output.locked", file=goal.name) from None
            place = error.filename or workspace.logs
            raise problem("output.failed", path=place, detail=error.strerror or error) from None
        workspace.journal.unlink()


def place_outside(workspace: Workspace, files: Mapping[Path, Path], deed: str, facts: Mapping[str, Any]) -> None:
    """Staged files to goals outside the workspace, one by one, none where one cannot be placed; then ``deed`` in the log.

    A kill between leaves some, each of them whole, and the journal nothing to do there: typed again, the others come. Once the last is there, so is
    the line: the next command writes it. Under the workspace's lock. Raises ``output.locked``, ``output.failed``, ``log.failed``.
    """
    *_, last = files
    note = {"seen": [str(last.absolute()), hash_file(files[last])], "log": pending(workspace, deed, facts)}
    write_whole(workspace.journal, json.dumps(note, ensure_ascii=False))
    done: list[Path] = []
    try:
        for goal, source in files.items():
            place_file(source, goal)
            done.append(goal)
        note_log(workspace, deed, **facts)
    except BaseException:
        for goal in done:
            goal.unlink(missing_ok=True)
        workspace.journal.unlink()
        raise
    workspace.journal.unlink()


def _undo(before: Mapping[Path, bytes | None]) -> None:
    """The files as they were. Raises ``output.unfinished`` where one cannot be put back."""
    for goal, content in before.items():
        try:
            if content is None:
                goal.unlink(missing_ok=True)
            elif goal.read_bytes() != content:
                beside = goal.with_name(f".{goal.name}.back")
                try:
                    beside.write_bytes(content)
                    beside.replace(goal)
                finally:
                    with contextlib.suppress(OSError):
                        beside.unlink()
        except OSError:
            raise problem("output.unfinished", file=goal.name) from None
