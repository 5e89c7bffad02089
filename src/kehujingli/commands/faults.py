"""What when the program itself is at fault? The traceback goes to a file without customers' data, a number goes to the screen."""

from __future__ import annotations

import contextlib
import itertools
import re
import secrets
import sys
import tempfile
import traceback
from collections.abc import Sequence
from pathlib import Path

from kehujingli.commands.console import say_json, talk
from kehujingli.errors import Exit, Problem, bad_name, finding, problem
from kehujingli.workspace import Workspace
from kehujingli.workspace.version import __version__

_OF_CLUSTERS = ("pyspark", "py4j", "grpc")


def known_cause(error: Exception) -> Problem | None:
    """What outside the program is at fault: a place that cannot be read or written, a cluster, a name that is no text, kept results that are not what a run wrote."""
    from kehujingli.workspace.kept import changed

    if isinstance(error, OSError):
        return problem("place.failed", path=error.filename or "磁盘", detail=error.strerror or error)
    if type(error).__module__.partition(".")[0] in _OF_CLUSTERS:
        return problem("engine.failed", detail=_class_of(error))
    if isinstance(error, UnicodeEncodeError) and error.reason == "surrogates not allowed":
        return bad_name(error.object)
    try:
        workspace = _asked()
        folders = [workspace.period(name) for name in workspace.period_names()] if workspace is not None else []
        damaged = next((told for folder in folders if (told := changed(folder)) is not None), None)
        return damaged or _older(error, folders)
    except OSError:
        return None


def _class_of(error: Exception) -> str:
    """Spark's own name of an error, or Python's: the message may quote a cell."""
    found = re.search(
        r"\[([A-Z][A-Z_0-9.]+)\]|StatusCode\.([A-Z_]+)|java\.[\w.]*\.(\w+(?:Exception|Error))", str(error)
    )
    return next(filter(None, found.groups()), "") if found else type(error).__name__


def _older(error: Exception, folders: Sequence[Path]) -> Problem | None:
    """That a month was run by another program, which did not keep what a question asks for: nothing where no column or table is lacking."""
    from kehujingli.month.unchanged import code_version
    from kehujingli.workspace.kept import read_manifest

    lacking = _lacking(error)
    if lacking is None:
        return None
    others = [
        folder.name
        for folder in folders
        if (found := read_manifest(folder)) is not None and found.get("program") != code_version()[:12]
    ]
    named = [name for name in others if any(name in word for word in sys.argv[1:])]
    return problem("period.older", period=(named or others)[-1], what=lacking) if others else None


def _lacking(error: Exception) -> str | None:
    """Which column or table of kept results was not there, as words for a sentence."""
    kind, said = type(error).__name__, str(error)
    if kind == "BinderException":
        found = re.search(r'"(\w+)" (?:not found|does not have)|column named "(\w+)"', said)
        return f"列 {found[1] or found[2]}" if found else "列"
    if kind in ("KeyError", "ArrowInvalid", "AttributeError"):
        found = re.search(r"no attribute '(\w+)", said) or re.search(r"(?:^'|\()(\w+)", said)
        return f"列 {found[1]}" if found else "列"
    return "表" if kind in ("IOException", "CatalogException", "FileNotFoundError") else None


def _asked() -> Workspace | None:
    """The workspace that the command line names, or the one around the current folder."""
    words = sys.argv[1:]
    named = [after for word, after in itertools.pairwise(words) if word in ("-w", "--workspace")]
    named += [word.partition("=")[2] for word in words if word.startswith("--workspace=")]
    return Workspace.find(Path(named[0]).absolute() if named else Path.cwd())


def report_fault(error: Exception) -> int:
    """Write the fault to 日志/ of the workspace, or to the temporary folder, and say so."""
    number = secrets.token_hex(2).upper()
    workspace = Workspace.find(Path.cwd())
    folder = workspace.logs if workspace is not None else Path(tempfile.gettempdir())
    path = folder / f"{number}.txt"
    try:
        folder.mkdir(exist_ok=True)
        path.write_text(_trace(error), encoding="utf-8")
    except OSError:
        path = Path(tempfile.gettempdir()) / f"{number}.txt"
        with contextlib.suppress(OSError):
            path.write_text(_trace(error), encoding="utf-8")
    told = finding("internal.fault", number=number, log=path)
    if "--json" in sys.argv:
        say_json({"errors": [told.record()]})
    talk(f"错误 {told.code} {told.text}")
    return int(Exit.FAULT)


def _trace(error: BaseException) -> str:
    """Files, lines and kinds of errors. Their messages may quote a cell, so they are left out; the chain of causes is kept."""
    lines = [f"kehujingli {__version__}  Python {sys.version.split()[0]}  {sys.platform}"]
    cause: BaseException | None = error
    while cause is not None:
        lines.append(f"{type(cause).__module__}.{type(cause).__name__}")
        lines += [
            f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(cause.__traceback__)
        ]
        cause = cause.__cause__ or cause.__context__
    return "\n".join(lines) + "\n"
