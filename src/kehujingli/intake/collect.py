"""Which files are to be read? Those that a command names or a folder holds, each once, in a stable order."""

from __future__ import annotations

import contextlib
import shutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from kehujingli.errors import bad_name, problem
from kehujingli.intake.files.scratch import scratch
from kehujingli.intake.ledger import Export, hash_file

EXPORT_SUFFIXES = (
    ".xlsx",
    ".xlsm",
    ".xls",
    ".xlsb",
    ".ods",
    ".et",
    ".csv",
    ".tsv",
    ".txt",
    ".dat",
    ".del",
    ".xml",
    ".htm",
    ".html",
    ".mht",
    ".mhtml",
    ".zip",
    ".gz",
    ".parquet",
)
"""What is read without asking. A file that is called otherwise is read too, and forgotten where no known table is in it."""
_CALENDAR = ".ics"
"""What ``visit-plans`` writes beside its workbooks: passed over."""
_OTHER = (
    ".md",
    ".pdf",
    ".doc",
    ".docx",
    ".ppt",
    ".pptx",
    ".jpg",
    ".jpeg",
    ".png",
    ".toml",
    ".json",
    ".log",
    ".py",
    ".exe",
    ".ini",
    ".db",
    ".tmp",
    ".lnk",
)


@contextlib.contextmanager
def given_paths(paths: Sequence[Path]) -> Iterator[tuple[Path, ...]]:
    """The paths of a command line; in place of ``-`` a file that holds what came in on standard input."""
    if Path("-") not in paths:
        yield tuple(paths)
        return
    with scratch() as folder:
        spooled = folder / "标准输入.csv"
        with spooled.open("wb") as file:
            shutil.copyfileobj(sys.stdin.buffer, file)
        yield tuple(spooled if path == Path("-") else path for path in paths)


def collect_exports(
    paths: Sequence[Path], bases: Sequence[Path] = ()
) -> tuple[list[Export], list[tuple[Export, str]], list[str]]:
    """Files to read, in a stable order; pairs (copy, name of the original) of equal files; names of files that are no tables.

    The first of ``bases`` that holds a file shortens its name: exports/202610/交易流水.xlsx is told as 202610/交易流水.xlsx.
    """
    found: list[Path] = []
    strange: list[str] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(entry for entry in path.rglob("*") if entry.is_file() and not _hidden(entry, path))
            inside = [entry for entry in inside if entry.suffix.lower() != _CALENDAR]
            found += [entry for entry in inside if entry.suffix.lower() not in _OTHER]
            strange += [entry.name for entry in inside if entry.suffix.lower() in _OTHER]
        elif path.is_file() and not _is_channel(path):
            found.append(path)
        elif path.exists():
            raise problem("table.path-odd", path=path)
        else:
            raise problem("table.path-missing", path=path)
    exports: list[Export] = []
    first: dict[str, str] = {}
    copies: list[tuple[Export, str]] = []
    for path in dict.fromkeys(found):
        base = next((base for base in bases if path.is_relative_to(base)), None)
        name = path.relative_to(base).as_posix() if base else path.name
        if any("\ud800" <= letter <= "\udfff" for letter in name):
            raise bad_name(name)
        try:
            digest, size = hash_file(path), path.stat().st_size
        except OSError as error:
            raise problem("place.unreadable", path=path, detail=error.strerror or error) from None
        asked = path in paths or path.suffix.lower() in EXPORT_SUFFIXES
        folders = path.relative_to(base).parts[:-1] if base else path.parent.parts[-1:]
        export = Export(path, name, digest, size, tuple(folders), asked)
        if digest in first:
            copies.append((export, first[digest]))
        else:
            first[digest] = name
            exports.append(export)
    return exports, copies, strange


def _is_channel(path: Path) -> bool:
    """Whether a path names an open channel of this process (/dev/stdin, /dev/fd/63): in a reader's process it is another one."""
    path = path.absolute()
    while path.is_symlink():
        if path.parent.resolve().is_relative_to("/proc"):
            return True
        path = path.parent / path.readlink()
    return False


def _hidden(path: Path, root: Path) -> bool:
    return any(part.startswith((".", "~$")) for part in path.relative_to(root).parts)
